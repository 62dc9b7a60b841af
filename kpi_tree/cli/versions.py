"""Commands on a plan's past and on templates: snapshots and restore, templates and what is done with them."""

from __future__ import annotations

from typing import Any

import click

from kpi_tree.cli.face import Face, common, none_yet
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

    named = workspace.snapshots(face.open(), face.who, plan_id)
    found = [_document(one) for one in named]
    head = [msg("Name"), msg("Revision"), msg("When"), msg("Who")]
    rows = [(one.name, one.revision, one.at, one.who) for one in named]
    face.answer(found, lambda: face.table(head, rows, none=none_yet("plan snapshot")))


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
@click.option("--deleted", is_flag=True, help="Only those that were deleted.")
@common
@click.pass_obj
def templates(face: Face, deleted: bool) -> None:
    """Every template, with the data that fills it."""
    from kpi_tree import workspace

    listed = workspace.templates(face.open(), face.who, lang=face.lang, away=deleted)
    found = [one.to_dict() for one in listed]
    head = [msg("Id"), msg("Name"), msg("Nodes"), msg("Data")]
    rows = [[one["id"], one["name"], one["nodes"], ", ".join(one["tables"])] for one in found]
    face.answer(found, lambda: face.table(head, rows))


@plan.command("use-template")
@click.argument("template")
@click.option("--under", metavar="NODE", help="Hang it below this node; else it takes the tree's place.")
@click.option("--dry-run", is_flag=True, help="Say what would change; keep nothing.")
@plan_option
@common
@click.pass_obj
def use_template(face: Face, template: str, under: str | None, dry_run: bool, plan_id: str | None) -> None:
    """Put a TEMPLATE into a plan that is here; undo takes that back."""
    from kpi_tree import workspace
    from kpi_tree.workspace.drafting.incoming import would_change
    from kpi_tree.workspace.drafting.planning import plan_id_of
    from kpi_tree.workspace.drafting.templating import template_plan

    home = face.open()
    into = plan_id_of(home, plan_id)
    if dry_run:
        found = would_change(home, template_plan(home, template, face.lang), into, under)
        words = [translate(word, face.lang) for word in found]
        face.answer({"changes": words}, lambda: click.echo("\n".join(words)))
        return
    made = workspace.use_template(home, face.who, template, into=into, under=under, lang=face.lang)
    said = msg(
        "The plan {name} is at revision {revision}.", name=made.name or made.id, revision=made.revision
    )
    face.answer(made.to_dict(), lambda: click.echo(translate(said, face.lang)))


@plan.command("delete-template")
@click.argument("template")
@common
@click.pass_obj
def delete_template(face: Face, template: str) -> None:
    """Throw a TEMPLATE of your own away; plan bring-back-template undoes it."""
    from kpi_tree import workspace

    workspace.forget_template(face.open(), face.who, template)
    words = msg("The template {id} is deleted.", id=template)
    face.answer({"id": template, "deleted": True}, lambda: click.echo(translate(words, face.lang)))


@plan.command("bring-back-template")
@click.argument("template")
@common
@click.pass_obj
def bring_back_template(face: Face, template: str) -> None:
    """Bring a deleted TEMPLATE back."""
    from kpi_tree import workspace

    workspace.restore_template(face.open(), face.who, template)
    words = msg("The template {id} is back.", id=template)
    face.answer({"id": template, "deleted": False}, lambda: click.echo(translate(words, face.lang)))


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
