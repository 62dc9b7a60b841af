"""Commands on a plan's past and on templates: plan snapshot, snapshots, restore, templates, save-template."""

from __future__ import annotations

from typing import Any

import click

from kpi_tree.cli.face import Face, common
from kpi_tree.cli.plans import plan, plan_option
from kpi_tree.i18n import msg, translate


@plan.command("snapshot")
@click.argument("name")
@click.option("--revision", type=int, help="The revision to name (default: the one that stands).")
@plan_option
@common
@click.pass_obj
def snapshot(face: Face, name: str, revision: int | None, plan_id: str | None) -> None:
    """Give a plan's state a NAME, to compare with and go back to."""
    from kpi_tree import workspace

    made = workspace.take_snapshot(face.open(), face.who, name, plan_id=plan_id, revision=revision)
    words = msg("{name} is revision {revision}.", name=made.name, revision=made.revision)
    face.answer(_document(made), lambda: click.echo(translate(words, face.lang)))


def _document(one: Any) -> dict[str, Any]:
    return {"name": one.name, "revision": one.revision, "at": one.at.isoformat(), "who": one.who}


@plan.command("snapshots")
@plan_option
@common
@click.pass_obj
def snapshots(face: Face, plan_id: str | None) -> None:
    """The named states of a plan, newest first."""
    from kpi_tree import workspace

    found = [_document(one) for one in workspace.snapshots(face.open(), face.who, plan_id)]
    head = [msg("Name"), msg("Revision"), msg("When"), msg("Who")]
    face.answer(found, lambda: face.table(head, [list(one.values()) for one in found]))


@plan.command("restore")
@click.argument("to", metavar="REVISION-OR-NAME")
@plan_option
@common
@click.pass_obj
def restore(face: Face, to: str, plan_id: str | None) -> None:
    """Make a plan what it was at a revision or a snapshot; undo takes that back."""
    from kpi_tree import workspace

    made = workspace.restore_plan(face.open(), face.who, to, plan_id=plan_id)
    words = msg(
        "The plan {name} is at revision {revision}.", name=made.name or made.id, revision=made.revision
    )
    face.answer(made.to_dict(), lambda: click.echo(translate(words, face.lang)))


@plan.command("templates")
@common
@click.pass_obj
def templates(face: Face) -> None:
    """Every template, with the data that fills it."""
    from kpi_tree import workspace

    found = [one.to_dict() for one in workspace.templates(face.open(), face.who, lang=face.lang)]
    head = [msg("Id"), msg("Name"), msg("Nodes"), msg("Data")]
    rows = [[one["id"], one["name"], one["nodes"], ", ".join(one["tables"])] for one in found]
    face.answer(found, lambda: face.table(head, rows))


@plan.command("save-template")
@click.argument("name")
@plan_option
@common
@click.pass_obj
def save_template(face: Face, name: str, plan_id: str | None) -> None:
    """Keep a plan's tree as a template called NAME, without targets, owners and dates."""
    from kpi_tree import workspace

    made = workspace.save_template(face.open(), face.who, name, plan_id=plan_id)
    words = msg("The template {name} ({id}) is kept.", name=name, id=made)
    face.answer({"id": made, "name": name}, lambda: click.echo(translate(words, face.lang)))


COMMANDS: tuple[click.Command, ...] = ()
"""None of its own: all of them stand below ``plan``."""
