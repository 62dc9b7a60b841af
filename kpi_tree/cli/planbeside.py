"""Commands on what a plan knows beside its tree: plan event, plan capacity."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import click

from kpi_tree.cli.allocation import amount
from kpi_tree.cli.face import Day, Face, common, none_yet
from kpi_tree.cli.plans import plan, plan_option
from kpi_tree.errors import NotFound
from kpi_tree.i18n import msg, translate
from kpi_tree.nearest import did_you_mean


@plan.group("event")
@common
def event() -> None:
    """Known events: campaigns, closures and the like, which bend the paths of targets that ask for it."""


@event.command("list")
@plan_option
@common
@click.pass_obj
def list_(face: Face, plan_id: str | None) -> None:
    """Every known event."""
    from kpi_tree import workspace

    found = workspace.plan(face.open(), face.who, plan_id)
    head = [msg("Name"), msg("From"), msg("Through"), msg("Weight")]
    rows = [[one.name, one.period.start, one.period.last, one.weight] for one in found.events]
    face.answer(
        [one.to_dict() for one in found.events],
        lambda: face.table(head, rows, none=none_yet("plan event add")),
    )


@event.command("add")
@click.argument("name")
@click.option("--from", "first", type=Day(), required=True, help="Its first day.")
@click.option("--to", "last", type=Day(end=True), help="Its last day (default: the first).")
@click.option("--weight", type=float, default=2.0, show_default=True,
              help="What such a day brings beside an ordinary one: 0 closed, 2 twice as much.")  # fmt: skip
@plan_option
@common
@click.pass_obj
def add(face: Face, /, name: str, first: date, last: date | None, weight: float, plan_id: str | None) -> None:
    """Add a known event."""
    end = (last or first) + timedelta(days=1)
    new = {"name": name, "start": first.isoformat(), "end": end.isoformat(), "weight": weight}
    _change(face, plan_id, lambda found: {"events": [*(one.to_dict() for one in found.events), new]})


@event.command("remove")
@click.argument("name")
@plan_option
@common
@click.pass_obj
def remove(face: Face, name: str, plan_id: str | None) -> None:
    """Take the known event NAME out."""

    def without(found: Any) -> dict[str, Any]:
        kept = [one.to_dict() for one in found.events if one.name != name]
        if len(kept) == len(found.events):
            raise NotFound(
                msg("There is no event {name}.", name=name[:80]),
                remedy=did_you_mean(name, {one.name: one for one in found.events}, msg("List the events.")),
            )
        return {"events": kept}

    _change(face, plan_id, without)


@plan.command("capacity")
@click.argument("people", metavar="[OWNER=NUMBER]...", nargs=-1)
@click.option("--unit", type=click.Choice(("hours", "points")), help="What the numbers are.")
@plan_option
@common
@click.pass_obj
def capacity(face: Face, people: tuple[str, ...], unit: str | None, plan_id: str | None) -> None:
    """How much each owner can carry; allocate --by effort shares by it. Without arguments it is shown."""
    from kpi_tree import workspace

    given = {}
    for text in people:
        owner, sign, much = text.rpartition("=")
        if not sign or not owner.strip():
            raise click.UsageError(f"{text[:80]!r} is not of the form OWNER=NUMBER.")
        given[owner.strip()] = amount(much, owner)
    if given or unit:
        _change(face, plan_id, lambda found: {
            "capacity": [list(one) for one in {**dict(found.capacity), **given}.items()],
            "capacity_unit": unit or found.capacity_unit,
        })  # fmt: skip
        return
    found = workspace.plan(face.open(), face.who, plan_id)
    document = {"unit": found.capacity_unit, "people": dict(found.capacity)}
    head = [msg("Owner"), msg("Can carry"), msg("Unit")]
    rows = [[who, much, found.capacity_unit] for who, much in found.capacity]
    face.answer(document, lambda: face.table(head, rows))


def _change(face: Face, plan_id: str | None, make: Any) -> None:
    """Set fields of the plan from what stands in it now."""
    from kpi_tree import workspace

    home = face.open()
    found = workspace.plan(home, face.who, plan_id)
    edits = [{"op": "set_plan", "field": name, "after": value} for name, value in make(found).items()]
    made = workspace.edit_plan(home, face.who, found.id, edits, base_revision=found.revision)
    words = msg(
        "The plan {name} is at revision {revision}.", name=made.name or made.id, revision=made.revision
    )
    face.answer(made.to_dict(), lambda: click.echo(translate(words, face.lang)))


COMMANDS = ()
