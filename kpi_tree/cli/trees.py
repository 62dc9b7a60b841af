"""The command tree: the evaluated tree on a day, through a filter, over a period, as of another day."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common, pairs
from kpi_tree.i18n import Msg, msg, pmsg, translate

COMPARISONS = ("target", "previous", "last_year")


@click.command()
@click.option("--at", type=Day(end=True), help="The day looked at (default: today).")
@click.option(
    "--where", metavar="DIM=VALUE", multiple=True, help="Keep one value of a dimension; may be repeated."
)
@click.option(
    "--period", metavar="P", help="One period for all: month, quarter, year, 2026-Q3, 2026-05-01..2026-05-20."
)
@click.option("--compare", type=click.Choice(COMPARISONS), help="Compare with this (default: target).")
@click.option("--as-known", type=Day(end=True), help="With the data as known at the end of this day.")
@click.option("--structure-as-of", type=Day(end=True), help="The tree as it stood at the end of this day.")
@click.option("--targets-as-of", type=Day(end=True), help="The targets as they stood at the end of this day.")
@click.option("--plan", "plan_id", metavar="ID", help="The plan (default: the first).")
@common
@click.pass_obj
def tree(
    face: Face,
    at: date | None,
    where: tuple[str, ...],
    period: str | None,
    compare: str | None,
    as_known: date | None,
    structure_as_of: date | None,
    targets_as_of: date | None,
    plan_id: str | None,
) -> None:
    """The evaluated tree: how far each node is, and why."""
    from kpi_tree import workspace

    home = face.open()
    day = at or workspace.today_of(home)
    kept = pairs(where, "--where", many=True)
    views = workspace.tree(
        home, face.who, plan_id, at=day, where=kept, period=period, compare=compare, as_known=as_known,
        structure_as_of=structure_as_of, targets_as_of=targets_as_of,
    )  # fmt: skip
    document = {
        "at": day,
        "where": kept,
        "period": period,
        "compare": compare or "target",
        "as_known": as_known,
        "structure_as_of": structure_as_of,
        "targets_as_of": targets_as_of,
        "nodes": [view.to_dict(face.lang) for view in views],
    }
    face.answer(document, lambda: _show(face, views, compare or "target", bool(kept)))


def _show(face: Face, views: Any, compare: str, filtered: bool) -> None:
    against = (
        [msg("Before"), pmsg("noun", "Change")] if compare != "target" else [msg("Expected"), msg("Target")]
    )
    head = [
        msg("Indicator"), msg("Status"), msg("Actual"), *against,
        *([] if compare != "target" else [msg("Pace")]), msg("Through"),
    ]  # fmt: skip
    rows = [_row(face, view, compare) for view in views if view.kind != "action"]
    face.table(head, rows)
    click.echo()
    for view in views:
        if view.target is not None or (filtered and view.actual is None and view.kind != "action"):
            more = [view.turned.words()] if view.turned else []
            more += [view.needed_words] if view.needed_words else []
            said = " ".join(translate(one, face.lang) for one in (view.reason, *more))
            click.echo(f"{view.named(face.lang)}: {said}")


def _row(face: Face, view: Any, compare: str) -> list[Any]:
    from kpi_tree.analysis import STATUS_NAMES
    from kpi_tree.analysis.reasons import readable
    from kpi_tree.i18n import Quantity, format_change

    def value(number: float | None) -> Quantity:
        return Quantity(number, view.unit, view.currency)

    nothing: Msg | str = ""
    head = [
        "  " * view.depth + view.named(face.lang),
        STATUS_NAMES.get(view.status, nothing),
        value(view.actual),
    ]
    through = view.data_through or "–"
    if compare == "target":
        pace = Quantity(readable(view.pace), "percent")
        return [*head, value(view.expected), value(view.target), pace, through]
    then = view.compared
    change = format_change(then.change if then else None, face.lang)
    return [*head, value(then.value if then else None), change, through]


COMMANDS = (tree,)
