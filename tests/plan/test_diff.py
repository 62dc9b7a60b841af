"""From one plan to another: the edits lead there, the comparison names what differs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.plan.diff import compare, diff
from kpi_tree.plan.edits import apply_all
from kpi_tree.plan.model import Edge, Node, Plan

from .strategies import plans


@settings(max_examples=60)
@given(plans(), plans())
def test_the_edits_lead_from_one_to_the_other(one: Plan, other: Plan) -> None:
    edits = diff(one, other)
    assert apply_all(one, edits).with_(revision=0) == other
    assert bool(edits) == (not compare(one, other).same or one.name != other.name) or _hidden(one, other)


def _hidden(one: Plan, other: Plan) -> bool:
    """A drawn edge under a formula edge can differ without a difference to see."""
    return one.links != other.links


@given(plans())
def test_no_difference_no_edit(plan: Plan) -> None:
    assert diff(plan, plan) == []
    assert compare(plan, plan).same


def test_a_moved_node_is_one_edit() -> None:
    nodes = {node.id: node for node in (Node("a", "kgi", "A"), Node("b", name="B"), Node("c", name="C"))}
    one = Plan("p", nodes=nodes, links={("a", "b"): Edge("a", "b"), ("a", "c"): Edge("a", "c", sign=1)})
    other = Plan("p", nodes=nodes, links={("a", "b"): Edge("a", "b"), ("b", "c"): Edge("b", "c", sign=1)})
    assert [edit["op"] for edit in diff(one, other)] == ["move"]
    assert compare(one, other).moved == {"c": (("a",), ("b",))}


def test_a_change_that_would_meet_a_circle_on_the_way() -> None:
    one = Plan("p", nodes={"a": Node("a", name="A", formula="b"), "b": Node("b", name="B")})
    other = Plan("p", nodes={"a": Node("a", name="A"), "b": Node("b", name="B", formula="a")})
    assert apply_all(one, diff(one, other)).nodes == other.nodes


@given(st.data(), plans())
def test_the_comparison_counts_every_node_once(data: st.DataObject, one: Plan) -> None:
    other = data.draw(plans())
    found = compare(one, other)
    both = set(one.nodes) & set(other.nodes)
    assert set(found.added) == set(other.nodes) - both
    assert set(found.removed) == set(one.nodes) - both
    assert set(found.changed) | set(found.moved) <= both
