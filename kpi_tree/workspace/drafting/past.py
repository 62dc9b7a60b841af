"""The past of a plan: what was done to it, in words; taking a change back; two states side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kpi_tree.i18n import Msg, msg
from kpi_tree.plan import edits as editing
from kpi_tree.plan.edit_values import Words
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home, journal
from kpi_tree.store import plans as kept
from kpi_tree.store.plan_lines import stacks
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import JournalLine
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.drafting.telling import nodes_over_time, words_of

DID: Mapping[str, Msg] = {
    "undo": msg("Taken back:"),
    "redo": msg("Made again:"),
    "restore": msg("Back to an earlier state:"),
    "import": msg("Taken in:"),
}
"""What a line of the journal was that is more than an edit."""


@verb
def undo(home: Home, who: Asker, plan_id: str | None = None, *, now: datetime | None = None) -> Plan:
    """Take the latest standing change back, by adding its inverse.

    Raises:
        Refused: there is nothing to take back.
    """
    return kept.undo(home, plan_id_of(home, plan_id), who=who.name, now=moment(now))


@verb
def redo(home: Home, who: Asker, plan_id: str | None = None, *, now: datetime | None = None) -> Plan:
    """Make the change again that was taken back last.

    Raises:
        Refused: there is nothing to make again.
    """
    return kept.redo(home, plan_id_of(home, plan_id), who=who.name, now=moment(now))


@verb
def history(home: Home, who: Asker, plan_id: str | None = None) -> list[JournalLine]:  # noqa: ARG001
    """What was done to a plan, the newest first.

    Raises:
        NotFound: there is no such plan.
    """
    chosen = plan_id_of(home, plan_id)
    found = kept.history(home, chosen)
    words = words_of(home, nodes_over_time(found))
    _, undone = stacks(found)
    back = {line.revision for line in undone}
    return [
        JournalLine(
            line.revision,
            line.at,
            line.who,
            line.action,
            tuple(_words(line, words)),
            line.revision in back,
            tuple(_touched(edit) for edit in line.change.get("edits", ())),
        )
        for line in reversed(found)
    ]


def _touched(edit: Mapping[str, Any]) -> frozenset[str]:
    """The nodes an edit is about."""
    target = edit.get("after") or edit.get("before") or {}
    ends = [edit.get("node"), *edit.get("edge", ()), edit.get("parent"), edit.get("child")]
    if edit["op"] in ("set_target", "remove_target"):
        ends.append(target.get("node"))
    return frozenset(str(end) for end in ends if end)


def _words(line: journal.Line, words: Words) -> list[Msg]:
    if line.action == "create":
        return [msg("Made the plan {name}.", name=line.change["plan"]["name"] or line.subject)]
    return [editing.describe(edit, words) for edit in line.change["edits"]]


@verb
def diff_plans(home: Home, who: Asker, before: str, after: str) -> list[Msg]:
    """What differs between two plans, revisions (``id@3``, ``@3``, ``3``) or snapshots, in words.

    Raises:
        NotFound: there is no such plan, revision or snapshot.
    """
    from kpi_tree.plan.diff import diff
    from kpi_tree.workspace.drafting.keeping import both_sides

    one, other = both_sides(home, who, before, after)
    words = words_of(home, (*one.nodes.values(), *other.nodes.values()))
    return [editing.describe(edit, words) for edit in diff(one, other)]
