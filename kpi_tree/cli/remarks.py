"""Check-ins, comments and decisions on the command line: checkin, comment, remarks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common
from kpi_tree.cli.plans import plan_option
from kpi_tree.i18n import Msg, Quantity, msg, pmsg, translate

CONFIDENCES = ("high", "medium", "low")
KINDS: Mapping[str, Msg] = {
    "check_in": pmsg("remark", "Check-in"),
    "comment": pmsg("remark", "Comment"),
    "decision": pmsg("remark", "Decision"),
}


class Value(click.ParamType[float]):
    """A number, or a percentage: ``0.42`` and ``42%`` are the same."""

    name = "value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        text = str(value).strip()
        try:
            return float(text[:-1]) / 100 if text.endswith("%") else float(text)
        except ValueError:
            self.fail(f"{text!r} is no number; write 1200 or 42%", param, ctx)


@click.command("checkin")
@click.argument("node", metavar="NODE")
@click.option("--value", type=Value(), help="Your number for it, as 1200 or 42%.")
@click.option("--confidence", type=click.Choice(CONFIDENCES), help="That the target will be reached.")
@click.option("--changed", metavar="TEXT", default="", help="What changed.")
@click.option("--next", "next_step", metavar="TEXT", default="", help="What comes next.")
@click.option("--by", "person", metavar="NAME", default="", help="Who says it.")
@click.option("--day", type=Day(), help="The day it is about (default: today).")
@click.option(
    "--counts/--remark-only",
    default=True,
    help="Whether the value is the KPI's own where no data speak of it (default: yes).",
)
@plan_option
@common
@click.pass_obj
def checkin(face: Face, /, node: str, plan_id: str | None, **said: Any) -> None:
    """Your word on a KPI or an action: value, confidence, what changed, what next."""
    from kpi_tree import workspace

    made = workspace.check_in(face.open(), face.who, node, plan_id=plan_id, **said)
    _written(face, made.plan_id, made.id, msg("Checked in on {node} ({id}).", node=made.node, id=made.id))


@click.command("comment")
@click.argument("node", metavar="NODE")
@click.argument("text", metavar="TEXT")
@click.option("--decision", is_flag=True, help="It says what was decided.")
@click.option("--next", "next_step", metavar="TEXT", default="", help="What comes next.")
@click.option("--by", "person", metavar="NAME", default="", help="Who says it.")
@click.option("--day", type=Day(), help="The day it is about (default: today).")
@plan_option
@common
@click.pass_obj
def comment(face: Face, /, node: str, text: str, plan_id: str | None, **said: Any) -> None:
    """A comment on a KPI or an action; @NAME speaks to somebody."""
    from kpi_tree import workspace

    made = workspace.comment(face.open(), face.who, node, text, plan_id=plan_id, **said)
    _written(face, made.plan_id, made.id, msg("Commented on {node} ({id}).", node=made.node, id=made.id))


def _written(face: Face, plan_id: str, remark_id: str, words: Msg) -> None:
    from kpi_tree import workspace

    found = workspace.remarks(face.open(), face.who, plan_id)
    made = next(one for one in found if one.id == remark_id)
    face.answer(made.to_dict(face.lang), lambda: click.echo(translate(words, face.lang)))


@click.command("remarks")
@click.option("--node", metavar="NODE", help="Only on this KPI or action.")
@click.option("--person", metavar="NAME", help="Only what NAME wrote or is spoken to in.")
@click.option("--since", type=Day(), help="Only about this day and later.")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Only check-ins, comments or decisions.")
@click.option("--until", type=Day(end=True), help="Only about this day and earlier.")
@click.option("--due", is_flag=True, help="Instead: what waits for its owner's check-in.")
@click.option("--delete", "delete", metavar="ID", help="Delete one.")
@click.option("--bring-back", "back", metavar="ID", help="Bring a deleted one back.")
@plan_option
@common
@click.pass_obj
def remarks(
    face: Face, /, due: bool, delete: str | None, back: str | None, plan_id: str | None, **asked: Any
) -> None:
    """Check-ins, comments and decisions, the latest first."""
    from kpi_tree import workspace
    from kpi_tree.workspace.acting.remarking import CONFIDENCE

    home = face.open()
    if delete:
        workspace.delete_remark(home, face.who, delete)
    if back:
        workspace.bring_back_remark(home, face.who, back)
    if due:
        _due(face, plan_id, asked["until"], asked["person"])
        return
    found = workspace.remarks(home, face.who, plan_id, **asked)

    def show() -> None:
        head = [msg("Id"), msg("Day"), msg("Kind"), msg("About"), msg("Written by"), msg("Value"),
                msg("Confidence"), msg("What changed"), msg("What next")]  # fmt: skip
        rows = [
            [one.id, one.day, translate(KINDS[one.kind], face.lang), one.node, one.person,
             "" if one.value is None else Quantity(one.value, one.unit).in_language(face.lang),
             translate(CONFIDENCE[one.confidence], face.lang) if one.confidence else "", one.said, one.next]
            for one in found
        ]  # fmt: skip
        face.table(head, rows)

    face.answer([one.to_dict(face.lang) for one in found], show)


def _due(face: Face, plan_id: str | None, until: date | None, person: str | None) -> None:
    from kpi_tree import workspace

    home = face.open()
    at = until or workspace.today_of(home)
    found = workspace.check_ins_due(home, face.who, plan_id, at=at, person=person)

    def show() -> None:
        head = [msg("Id"), msg("Name"), msg("Owner"), msg("Last check-in")]
        rows = [[one.node, one.to_dict(face.lang)["name"], one.owner, one.last or "–"] for one in found]
        face.table(head, rows)

    face.answer([one.to_dict(face.lang) for one in found], show)


COMMANDS = (checkin, comment, remarks)
