"""The ledger of actions: action add, update, list, measure, score, plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from kpi_tree.cli import actionwords
from kpi_tree.cli.actionfields import CLEARED, action_fields, emptied, said
from kpi_tree.cli.face import Day, Face, common, none_yet
from kpi_tree.cli.plans import plan_option
from kpi_tree.i18n import msg, translate


@click.group()
@common
def action() -> None:
    """What people do to move a KPI, and what it did."""


@action.command("add")
@click.argument("kpi", metavar="KPI")
@click.argument("name", metavar="NAME")
@action_fields
@plan_option
@common
@click.pass_obj
def add(face: Face, /, kpi: str, name: str, plan_id: str | None, **fields: Any) -> None:
    """A new action that is to move KPI."""
    from kpi_tree import workspace

    home = face.open()
    before = {one.id for one in workspace.actions(home, face.who, plan_id, at=workspace.today_of(home))}
    emptied(fields)
    workspace.add_action(home, face.who, kpi, name, plan_id=plan_id, **said(fields))
    found = workspace.actions(home, face.who, plan_id, at=workspace.today_of(home))
    made = next(one for one in found if one.id not in before)
    words = msg("Made the action {name} ({id}).", name=made.name, id=made.id)
    face.answer(made.to_dict(face.lang), lambda: click.echo(translate(words, face.lang)))


@action.command("update")
@click.argument("action_id", metavar="ACTION")
@click.option("--name", metavar="NAME")
@action_fields
@click.option("--clear", multiple=True, type=click.Choice(CLEARED), help="A field to empty; again for more.")
@plan_option
@common
@click.pass_obj
def update(face: Face, /, action_id: str, plan_id: str | None, clear: tuple[str, ...], **fields: Any) -> None:
    """Other values for some fields of ACTION."""
    from kpi_tree import workspace

    home = face.open()
    empty = [*clear, *emptied(fields)]
    workspace.change_action(home, face.who, action_id, plan_id=plan_id, clear=empty, **said(fields))
    found = workspace.actions(home, face.who, plan_id, at=workspace.today_of(home))
    made = next(one for one in found if one.id == action_id)
    words = msg("Changed the action {name}.", name=made.name)
    face.answer(made.to_dict(face.lang), lambda: click.echo(translate(words, face.lang)))


@action.command("list")
@click.option("--at", type=Day(end=True), help="As seen on this day (default: today).")
@plan_option
@common
@click.pass_obj
def every(face: Face, at: date | None, plan_id: str | None) -> None:
    """Every action, those that are due first on top."""
    from kpi_tree import workspace

    home = face.open()
    found = workspace.actions(home, face.who, plan_id, at=at or workspace.today_of(home))

    def show() -> None:
        rows = [
            [one.id, one.named(face.lang), one.kpi, one.owner, one.state, one.start, one.due,
             actionwords.amount(one, one.expected)]
            for one in found
        ]  # fmt: skip
        head = [msg("Id"), msg("Action"), msg("KPI"), msg("Owner"), msg("State"), msg("Start"), msg("Due"),
                msg("Expected")]  # fmt: skip
        face.table(head, rows, none=none_yet("action add"))

    face.answer([one.to_dict(face.lang) for one in found], show)


@action.command("measure")
@click.argument("action_id", metavar="ACTION")
@click.option("--days", type=click.IntRange(1, 731), help="Days of the window (default: the action's own).")
@click.option(
    "--method",
    type=click.Choice(("forecast", "control", "experiment")),
    help="What it is compared with (default: the strongest that the action has).",
)
@click.option("--at", type=Day(end=True), help="As seen on this day (default: today).")
@plan_option
@common
@click.pass_obj
def measure(
    face: Face, action_id: str, days: int | None, method: str | None, at: date | None, plan_id: str | None
) -> None:
    """What ACTION did to its KPI: by its experiment, its control segment, or the days before it."""
    from kpi_tree import workspace
    from kpi_tree.workspace.acting.counterfactual import METHODS

    home = face.open()
    day = at or workspace.today_of(home)
    found = workspace.measure_action(
        home, face.who, action_id, at=day, days=days, method=method, plan_id=plan_id
    )

    def show() -> None:
        for one in (found.reason, *found.notes):
            click.echo(translate(one, face.lang))
        if found.method:
            click.echo(translate(msg("Read {method}.", method=METHODS[found.method]), face.lang))

    face.answer(found.to_dict(face.lang), show)


@action.command("score")
@click.option("--at", type=Day(end=True), help="As seen on this day (default: today).")
@plan_option
@common
@click.pass_obj
def score(face: Face, at: date | None, plan_id: str | None) -> None:
    """Expected against measured, by kind of action, and what to expect of the next one."""
    from kpi_tree import workspace

    home = face.open()
    found = workspace.action_scores(home, face.who, plan_id, at=at or workspace.today_of(home))
    face.answer(found.to_dict(face.lang), lambda: actionwords.scores(face, found))


def _owner_hours(_context: click.Context, _option: click.Parameter, given: Sequence[str]) -> dict[str, float]:
    found = {}
    for one in given:
        name, _, hours = one.rpartition("=")
        try:
            found[name.strip()] = float(hours)
        except ValueError:
            name = ""
        if not name.strip():
            raise click.BadParameter("write OWNER=HOURS, such as Kari=40")
    return found


@action.command("plan")
@click.option("--budget", type=float, help="Money there is (default: no bound).")
@click.option("--capacity", type=float, metavar="HOURS", help="Hours there are in all (default: no bound).")
@click.option(
    "--capacity-of",
    multiple=True,
    metavar="OWNER=HOURS",
    callback=_owner_hours,
    help="Hours of one owner; again for more.",
)
@click.option("--with", "must", multiple=True, metavar="ACTION", help="It has to be in; again for more.")
@click.option("--goal", "node", metavar="NODE", help="The goal to work towards (default: the KGI).")
@click.option("--at", type=Day(end=True), help="As seen on this day (default: today).")
@plan_option
@common
@click.pass_obj
def best_plan(
    face: Face, budget: float | None, capacity: float | None, capacity_of: dict[str, float],
    must: tuple[str, ...], node: str | None, at: date | None, plan_id: str | None,
) -> None:  # fmt: skip
    """The planned actions that bring the goal most within a budget, and what a little more would buy."""
    from kpi_tree import workspace

    home = face.open()
    found = workspace.best_actions(
        home,
        face.who,
        at=at or workspace.today_of(home),
        node=node,
        budget=budget,
        capacity=capacity,
        capacity_of=capacity_of,
        must=must,
        plan_id=plan_id,
    )
    face.answer(found.to_dict(face.lang), lambda: actionwords.plan(face, found))


COMMANDS = (action,)
