"""The ledger of actions: action add, update, list, measure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common
from kpi_tree.cli.plans import plan_option
from kpi_tree.i18n import Quantity, msg, translate

STATES = ("planned", "doing", "done", "dropped")


@click.group()
@common
def action() -> None:
    """What people do to move a KPI, and what it did."""


def _fields(command: Callable[..., None]) -> Callable[..., None]:
    """The fields of an action, the same for a new one and a changed one."""
    for option in reversed(
        (
            click.option("--owner", metavar="NAME", help="Who sees to it."),
            click.option("--start", type=Day(), help="First day on which it works."),
            click.option("--due", type=Day(end=True), help="Last day of its window."),
            click.option("--state", type=click.Choice(STATES)),
            click.option(
                "--expected", "expected_effect", type=float, help="Expected effect over the window."
            ),
            click.option("--notes", metavar="TEXT"),
        )
    ):
        command = option(command)
    return command


@action.command("add")
@click.argument("kpi", metavar="KPI")
@click.argument("name", metavar="NAME")
@_fields
@plan_option
@common
@click.pass_obj
def add(face: Face, /, kpi: str, name: str, plan_id: str | None, **fields: Any) -> None:
    """A new action that is to move KPI."""
    from kpi_tree import workspace

    home = face.open()
    before = {one.id for one in workspace.actions(home, face.who, plan_id, at=workspace.today_of(home))}
    workspace.add_action(home, face.who, kpi, name, plan_id=plan_id, **fields)
    found = workspace.actions(home, face.who, plan_id, at=workspace.today_of(home))
    made = next(one for one in found if one.id not in before)
    said = msg("Made the action {name} ({id}).", name=made.name, id=made.id)
    face.answer(made.to_dict(face.lang), lambda: click.echo(translate(said, face.lang)))


@action.command("update")
@click.argument("action_id", metavar="ACTION")
@click.option("--name", metavar="NAME")
@_fields
@plan_option
@common
@click.pass_obj
def update(face: Face, /, action_id: str, plan_id: str | None, **fields: Any) -> None:
    """Other values for some fields of ACTION."""
    from kpi_tree import workspace

    home = face.open()
    workspace.change_action(home, face.who, action_id, plan_id=plan_id, **fields)
    found = workspace.actions(home, face.who, plan_id, at=workspace.today_of(home))
    made = next(one for one in found if one.id == action_id)
    said = msg("Changed the action {name}.", name=made.name)
    face.answer(made.to_dict(face.lang), lambda: click.echo(translate(said, face.lang)))


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
            [one.id, one.name, one.kpi, one.owner, one.state, one.start, one.due,
             "" if one.expected is None else Quantity(one.expected, one.unit).in_language(face.lang)]
            for one in found
        ]  # fmt: skip
        head = [msg("Id"), msg("Action"), msg("KPI"), msg("Owner"), msg("State"), msg("Start"), msg("Due"),
                msg("Expected")]  # fmt: skip
        face.table(head, rows)

    face.answer([one.to_dict(face.lang) for one in found], show)


@action.command("measure")
@click.argument("action_id", metavar="ACTION")
@click.option("--days", type=click.IntRange(1, 731), help="Days from its start (default: up to its due day).")
@click.option("--at", type=Day(end=True), help="As seen on this day (default: today).")
@plan_option
@common
@click.pass_obj
def measure(face: Face, action_id: str, days: int | None, at: date | None, plan_id: str | None) -> None:
    """What ACTION did to its KPI, against what the days before its start foretold."""
    from kpi_tree import workspace

    home = face.open()
    day = at or workspace.today_of(home)
    found = workspace.measure_action(home, face.who, action_id, at=day, days=days, plan_id=plan_id)

    def show() -> None:
        for one in (found.reason, *found.notes):
            click.echo(translate(one, face.lang))

    face.answer(found.to_dict(face.lang), show)


COMMANDS = (action,)
