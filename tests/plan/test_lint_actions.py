"""Remarks about actions: each once, with a fix where only one thing can be meant."""

from __future__ import annotations

from datetime import date
from typing import Any

from kpi_tree.plan.edits import apply_all
from kpi_tree.plan.lint import lint
from kpi_tree.plan.model import Edge, Node, Plan

WHOLE: dict[str, Any] = {
    "owner": "Kari", "start": date(2026, 2, 1), "due": date(2026, 2, 20), "expected_effect": 3.0,
}  # fmt: skip


def plan_of(**fields: Any) -> Plan:
    """A goal with an action "a" of these fields, and a whole one "b"."""
    nodes = [
        Node("goal", "kgi", "Goal"),
        Node("a", "action", "A", **{**WHOLE, **fields}),
        Node("b", "action", "B", **{**WHOLE, "due": date(2026, 3, 1)}),
    ]
    links = {("goal", one.id): Edge("goal", one.id, "supports") for one in nodes[1:]}
    return Plan("p", nodes={node.id: node for node in nodes}, links=links)


def said(plan: Plan) -> list[tuple[str, str]]:
    return [(one.issue.code, str(one.issue.message)) for one in lint(plan) if one.issue.place == "a"]


def test_a_whole_action_is_left_alone() -> None:
    assert said(plan_of()) == []
    assert said(plan_of(state="dropped", owner="", expected_effect=None, start=None, needs=("b",))) == []
    assert said(plan_of(state="done", owner="", expected_effect=None)) == []


def test_what_is_missing() -> None:
    assert [code for code, _ in said(plan_of(owner="", expected_effect=None))] == ["no_owner", "no_effect"]
    assert [code for code, _ in said(plan_of(start=None))] == ["no_window"]
    assert said(plan_of(effect_delay=40)) == [("no_window", "A is due before its effect begins.")]


def test_ties() -> None:
    assert "begins before B is due" in said(plan_of(needs=("b",)))[0][1]
    assert said(plan_of(needs=("b",), start=date(2026, 3, 2), due=date(2026, 3, 9))) == []
    assert (
        "rule each other out"
        in said(
            plan_of(excludes=("b",), state="doing").with_(
                nodes={
                    **plan_of(excludes=("b",), state="doing").nodes,
                    "b": Node("b", "action", "B", state="done", **WHOLE),
                }
            )
        )[0][1]
    )


def test_a_tie_to_nothing_is_mended_by_its_fix() -> None:
    plan = plan_of(needs=("gone",))
    (remark,) = [one for one in lint(plan) if one.issue.place == "a"]
    assert "not in the plan" in str(remark.issue.message)
    assert said(apply_all(plan, remark.fix)) == []


def test_two_that_wait_for_each_other() -> None:
    plan = plan_of(needs=("b",))
    plan = plan.with_(nodes={**plan.nodes, "b": Node("b", "action", "B", needs=("a",), **WHOLE)})
    assert [code for code, words in said(plan) if "wait for each other" in words] == ["action_tie"]
