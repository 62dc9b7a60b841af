"""What if: a node's value with others at other values."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common, number
from kpi_tree.errors import Refused
from kpi_tree.i18n import Quantity, format_number, msg, translate


@click.command()
@click.argument("node", metavar="NODE")
@click.option(
    "--set", "sets", multiple=True, required=True, metavar="ID=VALUE", help="Or ID=+10% for a change."
)
@click.option("--samples", type=click.IntRange(0, 100_000), default=0, help="Draws from the past around it.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same.")
@click.option("--period", metavar="PERIOD", help="The days: 2026-Q3, 2026-10 (default: the node's own).")
@click.option("--at", type=Day(end=True), help="As seen on this day (default: today).")
@click.option("--plan", "plan_id", metavar="ID", help="Another plan than the first.")
@common
@click.pass_obj
def whatif(
    face: Face,
    node: str,
    sets: tuple[str, ...],
    samples: int,
    seed: int,
    period: str | None,
    at: date | None,
    plan_id: str | None,
) -> None:
    """What NODE would be if what stands below it had other values over the same days."""
    from kpi_tree import workspace
    from kpi_tree.periods import parse_period
    from kpi_tree.workspace.homes import calendar_of

    home = face.open()
    calendar = calendar_of(workspace.settings(home, face.who))
    changes = dict(_change(one) for one in sets)
    found = workspace.whatif(
        home,
        face.who,
        node,
        changes,
        at=at or workspace.today_of(home),
        period=parse_period(period, calendar) if period else None,
        samples=samples,
        seed=seed,
        plan_id=plan_id,
    )
    face.answer(found.to_dict(face.lang), lambda: _show(face, found))


def _change(text: str) -> tuple[str, Any]:
    """``orders=+10%`` or ``orders=1200``; a percentage without a sign could be either.

    >>> _change("orders=+10%")[1]
    Change(value=0.1, relative=True)
    """
    from kpi_tree.workspace.scenarios import Change

    name, sign, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not sign or not name or not value:
        raise click.UsageError(f"--set: {text[:80]!r} is not of the form ID=VALUE.")
    if not value.endswith("%"):
        return name, Change(number(value, f"--set {name}"))
    if value[0] not in "+-−":
        raise Refused(
            msg("{value} may be the value itself, or a change by as much.", value=value[:40]),
            place=f"--set {name[:60]}",
            remedy=msg("Write +10% or -10% for a change, and a value of ten percent as 0.1."),
        )
    amount = number(value[:-1].replace("−", "-"), f"--set {name}")
    return name, Change(amount / 100, relative=True)


def _show(face: Face, found: Any) -> None:
    lang = face.lang

    def said(value: float | None, *, signed: bool = False) -> str:
        unit = "points" if signed and found.unit == "percent" else found.unit
        return Quantity(value, unit, found.currency, signed=signed).in_language(lang)

    face.table(
        [msg("Indicator"), msg("Now"), msg("Then"), msg("Change")],
        [[_name(found, lang), said(found.base), said(found.result), said(found.change, signed=True)]],
    )
    face.table(
        [msg("What moves it"), msg("10% less"), msg("10% more"), msg("Percent for a percent")],
        [
            [_name(one, lang), said(one.down, signed=True), said(one.up, signed=True),
             format_number(one.elasticity, lang, decimals=2)]
            for one in found.levers
        ],
    )  # fmt: skip
    if found.samples:
        words = msg(
            "By chance alone it would lie between {low} and {high} in eight cases of ten.",
            low=Quantity(found.p10, found.unit, found.currency),
            high=Quantity(found.p90, found.unit, found.currency),
        )
        face.say(translate(words, lang))
    for one in (*(flag.message for flag in found.flags), *([found.withheld] if found.withheld else [])):
        face.say(translate(one, lang))


def _name(found: Any, lang: str) -> str:
    return found.name if isinstance(found.name, str) else str(found.name.in_language(lang))


COMMANDS = (whatif,)
