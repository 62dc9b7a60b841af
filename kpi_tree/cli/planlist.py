"""Commands on the plans of a home: plan list, rename, copy, delete, bring-back."""

from __future__ import annotations

import click

from kpi_tree.cli.face import Face, common
from kpi_tree.cli.plans import plan
from kpi_tree.i18n import Msg, msg, translate


@plan.command("list")
@click.option("--deleted", is_flag=True, help="The deleted ones too.")
@common
@click.pass_obj
def list_(face: Face, deleted: bool) -> None:
    """The plans of this home, in the order they were made; the first is the one meant where none is said."""
    from kpi_tree import workspace

    found = [one for one in workspace.plan_list(face.open(), face.who) if deleted or not one.away]
    head = [msg("Id"), msg("Name"), msg("Revision"), msg("Nodes"), msg("Targets"), msg("When"), msg("State")]
    rows = [
        [
            one.id, one.name, one.revision, one.nodes, one.targets, one.at.date(),
            translate(msg("deleted") if one.away else msg("in use"), face.lang),
        ]
        for one in found
    ]  # fmt: skip
    face.answer([one.to_dict() for one in found], lambda: face.table(head, rows))


@plan.command("rename")
@click.argument("plan_id", metavar="ID")
@click.argument("name")
@common
@click.pass_obj
def rename(face: Face, plan_id: str, name: str) -> None:
    """Give the plan ID another name; its id stays."""
    from kpi_tree import workspace

    edit = {"op": "set_plan", "field": "name", "after": name}
    made = workspace.edit_plan(face.open(), face.who, plan_id, [edit], base_revision=None)
    _said(face, made.id, msg("The plan {id} is called {name}.", id=made.id, name=made.name))


@plan.command("copy")
@click.argument("plan_id", metavar="ID")
@click.option("--name", metavar="NAME", help="The copy's name.")
@common
@click.pass_obj
def copy(face: Face, plan_id: str, name: str | None) -> None:
    """A plan of its own with the tree and targets of the plan ID."""
    from kpi_tree import workspace

    made = workspace.copy_plan(face.open(), face.who, plan_id, name=name, lang=face.lang)
    _said(face, made.id, msg("Made the plan {name} ({id}).", name=made.name, id=made.id))


@plan.command("delete")
@click.argument("plan_id", metavar="ID")
@common
@click.pass_obj
def delete(face: Face, plan_id: str) -> None:
    """Take the plan ID out of every list; plan bring-back undoes it."""
    from kpi_tree import workspace

    workspace.put_plan_away(face.open(), face.who, plan_id)
    words = msg("The plan {id} is deleted. plan bring-back {id} brings it back.", id=plan_id)
    _said(face, plan_id, words)


@plan.command("bring-back")
@click.argument("plan_id", metavar="ID")
@common
@click.pass_obj
def bring_back(face: Face, plan_id: str) -> None:
    """Bring the deleted plan ID back, as it was."""
    from kpi_tree import workspace

    workspace.bring_plan_back(face.open(), face.who, plan_id)
    _said(face, plan_id, msg("The plan {id} is back.", id=plan_id))


def _said(face: Face, plan_id: str, words: Msg) -> None:
    face.answer({"plan": plan_id}, lambda: click.echo(translate(words, face.lang)))


COMMANDS = ()
