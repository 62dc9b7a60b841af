"""Why a number changed: explain."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common
from kpi_tree.i18n import Quantity, apart, msg, translate

METHODS = ("shapley", "lmdi", "mix-rate")


@click.command()
@click.argument("node", metavar="NODE")
@click.option(
    "--from", "before", metavar="PERIOD", help="The earlier period: 2026-Q3, 2026-10, two days with '..'."
)
@click.option(
    "--to", "after", metavar="PERIOD", required=True, help="The later period; under way, up to its data."
)
@click.option("--against", type=click.Choice(["target", "previous", "last_year"]), help="Instead of --from.")
@click.option("--by", metavar="DIM", help="By the segments of a dimension instead of the tree.")
@click.option("--segments", is_flag=True, help="The few segments that explain most of it.")
@click.option("--method", type=click.Choice(METHODS), default="shapley", show_default=True)
@click.option("--at", type=Day(end=True), help="As seen on this day (default: today).")
@click.option("--plan", "plan_id", metavar="ID", help="Another plan than the first.")
@common
@click.pass_obj
def explain(
    face: Face,
    node: str,
    before: str | None,
    after: str,
    against: str | None,
    by: str | None,
    segments: bool,
    method: str,
    at: date | None,
    plan_id: str | None,
) -> None:
    """Why the indicator NODE differs between two periods, or from its target: each driver's exact share."""
    from kpi_tree import workspace
    from kpi_tree.periods import parse_period
    from kpi_tree.workspace.base.homes import calendar_of

    if (before is None) == (against is None):
        raise click.UsageError("Give one of --from and --against.")
    if by is None and method == "mix-rate":
        raise click.UsageError("--method mix-rate goes with --by.")
    if segments and by is not None:
        raise click.UsageError("--segments looks at every dimension: leave --by out.")
    if (by is not None or segments) and against == "target":
        raise click.UsageError(
            "--by and --segments need two periods: give --from, or --against previous or last_year."
        )
    home = face.open()
    calendar = calendar_of(workspace.settings(home, face.who))
    now = parse_period(after, calendar)
    then = parse_period(before, calendar) if before else None
    if against in ("previous", "last_year"):
        then = now.previous() if against == "previous" else now.same_last_year()
    day = at or workspace.today_of(home)
    # A span that is under way is compared with as many days, where only its kind was named.
    asked: dict[str, Any] = {"after": now, "at": day, "plan_id": plan_id, "same_days": before is None}
    if segments and then is not None:
        told = workspace.find_segments(home, face.who, node, before=then, **asked)
        return face.answer(told.to_dict(face.lang), lambda: _show_segments(face, told))
    if by is not None and then is not None:
        found = workspace.explain_by(home, face.who, node, by=by, before=then, **asked)
    else:
        found = workspace.explain_change(home, face.who, node, before=then, method=method, **asked)
    return face.answer(found.to_dict(face.lang), lambda: _show(face, found))


def _show_segments(face: Face, found: Any) -> None:
    from kpi_tree.workspace.causes.explained import in_words

    lang = face.lang
    unit = apart(found.unit)

    def said(value: float | None, signed: bool = False) -> Quantity:
        return Quantity(value, unit if signed else found.unit, found.currency, signed=signed)

    rows = [
        [" × ".join(one.dims), in_words(part.name, lang), said(part.value, signed=True),
         Quantity(part.share, "percent"),
         said(part.before), said(part.after)]
        for one in found.sets for part in one.parts
    ]  # fmt: skip
    if rows:
        face.table(
            [msg("Split by"), msg("Segment"), msg("Contribution"), msg("Share"), msg("Before"), msg("After")],
            rows,
        )
    for sentence in found.words(lang):
        click.echo(translate(sentence, lang))


def _show(face: Face, found: Any) -> None:
    from kpi_tree.workspace.causes.explained import in_words

    lang = face.lang
    unit = apart(found.unit)

    def row(part: Any) -> list[Any]:
        name = in_words(part.name, lang)
        if part.unexplained:
            words = (
                msg("Not covered by the targets below {name}", name=name)
                if found.before.kind == "path"
                else msg("Unexplained in {name}", name=name)
            )
            name = translate(words, lang)
        sides = [
            None if part.unexplained else Quantity(one, part.unit, found.currency)
            for one in (part.before, part.after)
        ]
        gap = Quantity(part.value, unit, found.currency, signed=True)
        share = Quantity(part.share, "percent")
        return [name, gap, share, *sides, part.owner]

    face.table(
        [msg("Driver"), msg("Contribution"), msg("Share"), msg("Before"), msg("After"), msg("Owner")],
        [row(part) for part in (*found.drivers, *(part for part in found.parts if part.unexplained))],
    )
    for sentence in (*found.words(), *found.notes):
        face.say(translate(sentence, lang))


COMMANDS = (explain,)
