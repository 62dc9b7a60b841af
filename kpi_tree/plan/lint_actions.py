"""What is to be said about single actions of a tree: what is missing to follow them, and what cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from kpi_tree.i18n import Msg, msg
from kpi_tree.plan.action_fields import OPEN_STATES
from kpi_tree.plan.action_ties import waits_for
from kpi_tree.plan.edits import Edit
from kpi_tree.plan.lint_words import NAME_OWNER, Remark, remark
from kpi_tree.plan.model import Node, Plan


def of_action(plan: Plan, node: Node) -> Iterator[Remark]:
    """Every remark about one action. What is dropped needs nothing more; what is done, only its window."""
    if node.state == "dropped":
        return
    is_open = (node.state or "planned") in OPEN_STATES
    if is_open and not node.owner:
        yield _said("no_owner", msg("{node} has no owner.", node=node.name), node, NAME_OWNER)
    if is_open and node.expected_effect is None:
        yield _said(
            "no_effect", msg("{node} says no expected effect.", node=node.name), node,
            msg("Say by how much it is to move its KPI; a guess is a start."),
        )  # fmt: skip
    if node.start is None and node.expected_effect is not None:
        yield _said(
            "no_window", msg("{node} says no start, so its effect has no window.", node=node.name), node,
            msg("Give it the day on which it begins, and how long the effect is expected."),
        )  # fmt: skip
    elif node.start is not None and node.window is None:
        yield remark(
            "warning", "no_window", msg("{node} is due before its effect begins.", node=node.name), node.id,
            msg("Change one of the two days, or say how long the effect is expected to last."),
        )  # fmt: skip
    if is_open:
        yield from _ties(plan, node)


def _said(code: str, text: Msg, node: Node, remedy: Msg) -> Remark:
    return remark("info", code, text, node.id, remedy)


def _ties(plan: Plan, node: Node) -> Iterator[Remark]:
    """What it waits for is gone, was dropped, waits for it, or is done only after it begins."""
    for other in dict.fromkeys(node.needs):
        first = plan.nodes.get(other)
        without: Edit = {
            "op": "set_field", "node": node.id, "field": "needs",
            "after": [one for one in node.needs if one != other],
        }  # fmt: skip
        if first is None or first.kind != "action":
            yield _tie(node, msg("{node} waits for {other}, which is not in the plan.", node=node.name,
                                 other=other), (without,))  # fmt: skip
        elif first.state == "dropped":
            yield _tie(node, msg("{node} waits for {other}, which was dropped.", node=node.name,
                                 other=first.name), (without,))  # fmt: skip
        elif node.id in waits_for(plan, other) or other == node.id:
            yield _tie(node, msg("{node} and {other} wait for each other.", node=node.name,
                                 other=first.name), (without,))  # fmt: skip
        elif first.state != "done" and node.start and first.due and node.start <= first.due:
            yield _tie(node, msg("{node} begins before {other} is due, which it waits for.", node=node.name,
                                 other=first.name), ())  # fmt: skip
    for other in node.excludes:
        second = plan.nodes.get(other)
        if second is not None and {node.state, second.state} <= {"doing", "done"}:
            yield _tie(node, msg("{node} and {other} rule each other out, and both are done or under way.",
                                 node=node.name, other=second.name), ())  # fmt: skip


def _tie(node: Node, text: Msg, fix: tuple[Edit, ...]) -> Remark:
    return remark("warning", "action_tie", text, node.id, msg("Change the days, or take the tie away."), fix)
