"""What a run of a plan's lines in the journal comes to: the plan it leads to, what can be stepped over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kpi_tree.plan import edits as editing
from kpi_tree.plan.model import Plan
from kpi_tree.store import journal

Edit = dict[str, Any]


def inverse(edits: list[Edit]) -> list[Edit]:
    """The edits that take these back, the last one first."""
    return [editing.invert(part) for part in reversed(edits)]


def stacks(found: Iterable[journal.Line]) -> tuple[list[journal.Line], list[journal.Line]]:
    """The changes that stand and those that are taken back, the next one to step over last."""
    done: list[journal.Line] = []
    undone: list[journal.Line] = []
    for line in found:
        if line.action == "undo":
            undone.append(done.pop())
        elif line.action == "redo":
            done.append(undone.pop())
        elif line.action != "create":
            done.append(line)
            undone.clear()
    return done, undone


def replay(found: Iterable[journal.Line]) -> Plan:
    """The plan that a run of journal lines, from its first, leads to."""
    plan: Plan | None = None
    for line in found:
        if plan is None:
            plan = Plan.from_dict(line.change["plan"])
        else:
            plan = editing.apply_all(plan, line.change["edits"])
        plan = plan.with_(revision=line.revision)
    assert plan is not None, "a plan's journal begins with its creation"
    return plan
