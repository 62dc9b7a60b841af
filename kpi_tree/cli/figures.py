"""Commands that show figures: kpis, kpi, goal, formula."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common, number, pairs
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, Quantity, apart, format_change, format_number, msg, pmsg, translate

FIGURES = ("value", "numerator", "denominator", "records")


def kpi_document(kpi: Any, lang: str) -> dict[str, Any]:
    """One catalogue entry as JSON, in a language."""
    return {
        "id": kpi.id,
        "name": kpi.text("name", lang),
        "definition": kpi.text("definition", lang),
        "formula": kpi.text("formula", lang),
        "unit": kpi.unit,
        "direction": kpi.direction,
        "rollup": kpi.rollup,
        "tables": list(kpi.tables),
        "dimensions": list(kpi.dimensions),
        "moves": [{"id": name, "direction": sign} for name, sign in kpi.moves],
        "guardrail": kpi.guardrail,
        "category": kpi.category,
        "own": kpi.own,
    }


@click.command()
@click.option("--category", metavar="C", help="Only this category.")
@common
@click.pass_obj
def kpis(face: Face, category: str | None) -> None:
    """The catalogue of indicators."""
    from kpi_tree import workspace

    found = [kpi_document(kpi, face.lang) for kpi in workspace.kpis(face.open(), face.who, category=category)]
    names = ("id", "name", "unit", "category", "formula")
    head = [msg("Id"), msg("Name"), msg("Unit"), msg("Category"), msg("Formula")]
    face.answer(found, lambda: face.table(head, [[kpi[name] for name in names] for kpi in found]))


@click.command()
@click.argument("kpi_id", metavar="ID")
@click.option("--from", "start", type=Day(), help="First day (2026-05-01, or a period: 2026-Q2).")
@click.option("--to", "end", type=Day(end=True), help="Last day; it belongs to the span.")
@click.option("--grain", metavar="G", help="hour, day, week, month, quarter or year (default: day).")
@click.option("--by", metavar="DIM", multiple=True, help="Break down by a dimension; may be repeated.")
@click.option(
    "--where", metavar="DIM=VALUE", multiple=True, help="Keep one value of a dimension; may be repeated."
)
@click.option("--as-known", type=Day(end=True), help="With the data as known at the end of this day.")
@common
@click.pass_obj
def kpi(
    face: Face,
    kpi_id: str,
    start: date | None,
    end: date | None,
    grain: str | None,
    by: tuple[str, ...],
    where: tuple[str, ...],
    as_known: date | None,
) -> None:
    """The values of the KPI named ID."""
    from kpi_tree import workspace

    if start and end and end < start:
        raise Refused(
            msg("The span ends on {end}, before it starts on {start}.", end=end, start=start),
            place="--to",
            remedy=msg("Give an end that is not before the start."),
        )
    series = workspace.kpi_values(
        face.open(), face.who, kpi_id, start=start, end=end + timedelta(days=1) if end else None, grain=grain,
        by=by, where=pairs(where, "--where", many=True), as_known=as_known,
    )  # fmt: skip
    found = kpi_values_document(series, face.lang)
    head: list[Msg | str] = [
        msg("Period"),
        *by,
        msg("Value"),
        msg("Numerator"),
        msg("Denominator"),
        msg("Records"),
    ]

    def shown() -> None:
        def cells(row: Mapping[str, Any]) -> list[Any]:
            value = Quantity(row.get("value"), found["unit"], found["currency"])
            return [value, *(row.get(name) for name in FIGURES[1:])]

        face.table(head, [[row["label"], *(row[dim] for dim in by), *cells(row)] for row in found["rows"]])
        click.echo()
        face.table(head, [[msg("Whole span"), *[""] * len(by), *cells(found["total"])]])
        for note in found["notes"]:
            face.say(note)

    face.answer(found, shown)


def kpi_values_document(series: Any, lang: str) -> dict[str, Any]:
    """A series as JSON: periods by their first day or hour, and their name beside it."""
    from kpi_tree.periods import Grain, label

    rows = []
    for row in series.frame.to_dict("records"):
        at = row.pop("period")
        if series.grain is Grain.HOUR:
            head = {"period": at.isoformat(), "label": at.isoformat(sep=" ", timespec="minutes")}
        else:
            head = {"period": at.date().isoformat(), "label": label(series.period(at), lang)}
        rows.append({**head, **row})
    table = series.table
    return {
        "id": series.kpi,
        "unit": series.unit,
        "currency": series.currency,
        "grain": str(series.grain),
        "rows": rows,
        "total": series.total,
        "totals": series.totals.to_dict("records") if series.totals is not None else None,
        "table": table.to_dict("records") if table is not None else None,
        "data_from": series.data_from,
        "data_through": series.data_through,
        "notes": [translate(note, lang) for note in series.notes],
    }


@click.command()
@click.argument("sentence")
@click.option("--on", type=Day(), help="The day it is said (default: today).")
@common
@click.pass_obj
def goal(face: Face, sentence: str, on: date | None) -> None:
    """What SENTENCE asks for: "Increase sales 10% next quarter", in English, Norwegian or Japanese."""
    from kpi_tree import workspace

    understood = workspace.goal(face.open(), face.who, sentence, on=on)
    found = understood.to_dict(face.lang)

    def shown() -> None:
        rows = [row for row in _goal_rows(understood, face.lang) if row[1] is not None]
        face.table([msg("What"), msg("Understood")], rows)
        for note in found["notes"]:
            click.echo(note)
        for question in found["questions"]:
            click.echo(f"? {question['text']}")
            for choice in question["choices"]:
                click.echo(f"    {choice['value']}: {choice['label']}")

    face.answer(found, shown)


def _goal_rows(goal: Any, lang: str) -> list[tuple[Msg, Any]]:
    """What was understood of a goal's sentence, each part by name; None where it says nothing of that."""
    from kpi_tree.periods import label

    def amount(value: float | None) -> Quantity | None:
        return None if value is None else Quantity(value, goal.unit, goal.currency)

    def change() -> str | Quantity | None:
        if goal.change is None:
            return None
        if goal.change_kind == "percent":
            return format_change(goal.change, lang)
        unit = apart(goal.unit) if goal.change_kind == "points" else goal.unit
        return Quantity(goal.change, unit, goal.currency, signed=True)

    return [
        (msg("KPI"), goal.kpi),
        (pmsg("noun", "Change"), change()),
        (msg("Value"), amount(goal.value)),
        (msg("At least"), amount(goal.low)),
        (msg("At most"), amount(goal.high)),
        (msg("Period"), label(goal.period, lang) if goal.period else None),
        (msg("Compared with"), goal.baseline),
        (msg("Baseline"), amount(goal.baseline_value)),
    ]


@click.command()
@click.argument("expr")
@click.option("--set", "sets", metavar="NAME=VALUE", multiple=True, help="A name's value; may be repeated.")
@click.option("--unit", "units", metavar="NAME=UNIT", multiple=True, help="A name's unit; may be repeated.")
@click.option("--solve", metavar="NAME=RESULT", multiple=True,
              help="The value of NAME for which the formula gives RESULT; may be repeated.")  # fmt: skip
@common
@click.pass_obj
def formula(
    face: Face, expr: str, sets: tuple[str, ...], units: tuple[str, ...], solve: tuple[str, ...]
) -> None:
    """Read EXPR, compute it, turn it round."""
    from kpi_tree import workspace

    values = {name: number(value, f"--set {name}") for name, value in pairs(sets, "--set").items()}
    wanted = [(name, number(result, f"--solve {name}")) for name, result in pairs(solve, "--solve").items()]
    home, told = face.open(), pairs(units, "--unit")
    found = workspace.formula(
        expr, sets=values, units=told, solve=wanted[0] if wanted else None, lang=face.lang, home=home
    )
    answers = [found["solved"]] if wanted else []
    answers += [workspace.formula(expr, sets=values, solve=one, home=home)["solved"] for one in wanted[1:]]
    if len(answers) > 1:
        found["solutions"] = answers
    for issue in found["issues"]:
        face.say(f"{issue['message']} {issue['remedy']}")

    face.answer(
        found, lambda: face.table([msg("What"), msg("Result")], _formula_rows(found, answers, face.lang))
    )


def _formula_rows(
    found: Mapping[str, Any], answers: Sequence[Mapping[str, Any]], lang: str
) -> list[tuple[str, str]]:
    """What a formula comes to, each answer of it turned round, and how far each of its names moves it."""
    from kpi_tree.units import parse_unit

    value, unit = found["value"], found["unit"]
    rows = [
        (translate(msg("Formula"), lang), found["formula"]),
        (translate(msg("Names"), lang), ", ".join(found["names"])),
        (translate(msg("Value"), lang), _figure(value, lang)),
        (translate(msg("Unit"), lang), parse_unit(unit).in_language(lang) if unit else "–"),
    ]
    for one in answers:
        words = msg("{name} for a result of {result}", name=one["name"], result=_figure(one["result"], lang))
        rows.append((translate(words, lang), _figure(one["value"], lang)))
    for name, slope in (found["slopes"] or {}).items():
        moved = slope["elasticity"]
        words = msg("1 % more of {name} changes it by", name=name)
        said = format_change(moved / 100, lang, decimals=2) if moved is not None else "–"
        rows.append((translate(words, lang), said))
    return rows


def _figure(value: float | None, lang: str) -> str:
    """A number with three figures that count, however small it is."""
    small = value is not None and 0 < abs(value) < 0.1
    return format_number(value, lang, decimals=2 - math.floor(math.log10(abs(value or 1))) if small else None)


COMMANDS = (kpis, kpi, goal, formula)
