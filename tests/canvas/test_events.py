"""Gestures as edits of a plan: no browser, no Streamlit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.errors import Conflict, NotFound, Refused
from kpi_tree.plan.edits import apply_all, invert, prepare
from kpi_tree.plan.ids import new_node_id
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.plan.rules import find_cycle
from kpi_tree.ui.tree.canvas.events import apply_event, goes_with


def tree() -> Plan:
    """sales = gross - discounts; gross = visits * value; speed moves both; mail supports visits."""
    nodes = [
        Node("sales", "kgi", "Sales", formula="gross - discounts"),
        Node("gross", name="Gross", formula="visits * value", order=0),
        Node("discounts", name="Discounts", order=1),
        Node("margin", name="Margin", order=2),
        Node("visits", name="Visits", order=0),
        Node("value", name="Value", order=1),
        Node("speed", name="Speed"),
        Node("mail", "action", "Mail"),
    ]
    edges = [
        Edge("sales", "margin", "guardrail"),
        Edge("visits", "speed"),
        Edge("value", "speed"),
        Edge("visits", "mail", "supports"),
    ]
    return Plan("p", "P", {node.id: node for node in nodes}, {edge.key: edge for edge in edges})


def after(plan: Plan, **event: Any) -> Plan:
    return apply_all(plan, apply_event(plan, event))


def test_what_changes_nothing_gives_no_edit() -> None:
    for event in (
        {"type": "select", "id": "sales"},
        {"type": "open", "id": "x"},
        {"type": "undo"},
        {"type": "?"},
        {},
    ):
        assert apply_event(tree(), event) == []
    assert apply_event(tree(), {"type": "rename", "id": "gross", "name": " Gross "}) == []


def test_rename_keeps_any_text_and_refuses_none() -> None:
    name = '<img src=x onerror="alert(1)"> 売上 \u05d0\u05d1'
    assert after(tree(), type="rename", id="gross", name=f"  {name}\n").nodes["gross"].name == name
    with pytest.raises(Refused):
        apply_event(tree(), {"type": "rename", "id": "gross", "name": " \n"})
    with pytest.raises(Refused):
        apply_event(tree(), {"type": "rename", "id": "gross", "name": "x" * 10_000})
    with pytest.raises(NotFound):
        apply_event(tree(), {"type": "rename", "id": "gone", "name": "x"})


def test_a_name_changed_meanwhile_is_a_conflict() -> None:
    edits = apply_event(tree(), {"type": "rename", "id": "gross", "name": "Mine"})
    theirs = after(tree(), type="rename", id="gross", name="Theirs")
    with pytest.raises(Conflict):
        apply_all(theirs, edits)
    # The canvas has the new name already, but the person began to type over the one before.
    typed = {"type": "rename", "id": "gross", "name": "Mine", "was": tree().nodes["gross"].name}
    with pytest.raises(Conflict):
        apply_all(theirs, apply_event(theirs, typed))


def test_add_child_comes_last() -> None:
    plan = after(tree(), type="add_child", parent="sales", name="Tax")
    assert plan.children("sales")[-1] == "tax"
    assert plan.edge("sales", "tax").kind == "influence"  # type: ignore[union-attr]
    plan = after(plan, type="add_child", parent="sales", name="Tax")
    assert "tax_2" in plan.nodes


def test_add_action_supports() -> None:
    plan = after(tree(), type="add_child", parent="gross", name="Call them", kind="action")
    assert plan.nodes["call_them"].kind == "action"
    assert plan.edge("gross", "call_them").kind == "supports"  # type: ignore[union-attr]
    plan = after(plan, type="add_sibling", id="call_them", parent="gross", name="Write them")
    assert plan.nodes["write_them"].kind == "action"


def test_add_sibling_stands_right_after() -> None:
    plan = after(tree(), type="add_sibling", id="visits", parent="gross", name="Returning")
    assert plan.nodes["visits"].order < plan.nodes["returning"].order < plan.nodes["value"].order
    with pytest.raises(Refused):
        apply_event(plan, {"type": "add_sibling", "id": "sales", "name": "Beside the root"})


def test_siblings_squeezed_between_are_renumbered() -> None:
    plan = after(tree(), type="add_child", parent="margin", name="First")
    plan = after(plan, type="add_child", parent="margin", name="Last")
    for i in range(60):
        plan = after(plan, type="add_sibling", id="first", parent="margin", name=f"Number {i}")
    row = plan.children("margin")
    assert row == ["first", *(f"number_{i}" for i in reversed(range(60))), "last"]
    assert len({plan.nodes[node].order for node in row}) == len(row)


def test_move_rewrites_the_formula_it_leaves() -> None:
    plan = after(tree(), type="move", ids=["discounts"], **{"from": ["sales"]}, parent="margin", before=None)
    assert plan.nodes["sales"].formula == "gross"
    assert plan.parents("discounts") == ["margin"]


def test_a_part_of_a_formula_becomes_what_was_chosen() -> None:
    move: dict[str, Any] = {"type": "move", "ids": ["discounts"], "from": ["sales"], "parent": "margin"}
    plan = after(tree(), **move, **{"as": "formula"})
    assert (plan.nodes["sales"].formula, plan.nodes["margin"].formula) == ("gross", "discounts")
    assert plan.edge("margin", "discounts").kind == "formula"  # type: ignore[union-attr]
    assert plan.parents("discounts") == ["margin"]
    plan = after(tree(), **{**move, "parent": "gross"}, **{"as": "formula"})
    assert plan.nodes["gross"].formula == "visits * value * discounts"
    plan = after(
        after(tree(), **move),
        type="move",
        ids=["value"],
        parent="sales",
        **{"from": ["gross"], "as": "formula"},
    )
    assert (plan.nodes["sales"].formula, plan.nodes["gross"].formula) == ("gross + value", "visits")
    plan = after(tree(), **move, **{"as": "both"})
    assert plan.nodes["sales"].formula == "gross - discounts"
    assert sorted(plan.parents("discounts")) == ["margin", "sales"]
    with pytest.raises(Refused):
        after(tree(), type="move", ids=["gross"], parent="visits", **{"from": ["sales"], "as": "formula"})


def test_what_counted_down_goes_on_counting_down() -> None:
    plan = after(tree(), type="move", ids=["visits"], parent="margin", **{"from": ["gross"], "as": "formula"})
    plan = after(
        plan, type="move", ids=["discounts"], parent="margin", **{"from": ["sales"], "as": "formula"}
    )
    assert plan.nodes["margin"].formula == "visits - discounts"


def test_an_event_may_speak_of_a_card_that_was_just_added() -> None:
    made: dict[str, str] = {}
    plan = tree()
    for event in (
        {"type": "add_child", "parent": "margin", "name": "Cost", "temp": "~t-1"},
        {"type": "add_child", "parent": "~t-1", "name": "Freight", "temp": "~t-2"},
        {"type": "move", "ids": ["~t-2"], "from": ["~t-1"], "parent": "margin", "before": "~t-1"},
        {"type": "rename", "id": "~t-1", "name": "Costs"},
    ):
        plan = apply_all(plan, apply_event(plan, event, made))
    assert made == {"~t-1": "cost", "~t-2": "freight"}
    assert plan.children("margin") == ["freight", "cost"]
    assert plan.nodes["cost"].name == "Costs"
    with pytest.raises(NotFound):
        apply_event(plan, {"type": "rename", "id": "~t-3", "name": "x"}, made)


def test_move_within_the_row() -> None:
    plan = after(
        tree(), type="move", ids=["discounts"], **{"from": ["sales"]}, parent="sales", before="gross"
    )
    assert plan.children("sales")[:2] == ["discounts", "gross"]
    assert plan.nodes["sales"].formula == "gross - discounts"


def test_a_shared_kpi_leaves_only_the_parent_it_was_dragged_from() -> None:
    plan = after(tree(), type="move", ids=["speed"], **{"from": ["value"]}, parent="margin", before=None)
    assert sorted(plan.parents("speed")) == ["margin", "visits"]


def test_move_never_closes_a_circle() -> None:
    for parent in ("visits", "speed", "gross"):
        with pytest.raises(Refused):
            apply_event(
                tree(),
                {"type": "move", "ids": ["gross"], "from": ["sales"], "parent": parent, "before": None},
            )


def test_move_of_what_somebody_moved_is_a_conflict() -> None:
    event = {"type": "move", "ids": ["speed"], "from": ["value"], "parent": "margin", "before": None}
    theirs = after(tree(), **event)
    with pytest.raises(Conflict):
        apply_event(theirs, {**event, "parent": "discounts"})


def test_delete_takes_what_hangs_only_there() -> None:
    plan = after(tree(), type="delete", ids=["visits"])
    assert set(tree().nodes) - set(plan.nodes) == {"visits", "mail"}
    assert plan.nodes["gross"].formula == "value"
    plan = after(tree(), type="delete", ids=["gross"])
    assert set(plan.nodes) == {"sales", "discounts", "margin"}
    with pytest.raises(Refused):
        apply_event(tree(), {"type": "delete", "ids": ["sales"]})


def test_a_batch_is_one_after_the_other() -> None:
    first = {"type": "add_child", "parent": "margin", "name": "Cost"}
    second = {"type": "add_child", "parent": "cost", "name": "Freight"}
    plan = after(tree(), type="batch", events=[first, {"type": "select", "id": "cost"}, second])
    assert plan.parents("freight") == ["cost"]


@pytest.mark.parametrize("name", ["", "123", "売上高", "<b>x</b>", "a" * 500, "🛒", "class", "Ärlig Ökning"])
def test_ids_are_always_good(name: str) -> None:
    made = new_node_id(tree(), name)
    plan = apply_all(tree(), [{"op": "add_node", "after": {"id": made, "kind": "kpi", "name": "n"}}])
    assert made in plan.nodes


NODES = st.sampled_from(sorted(tree().nodes))
GESTURES = st.lists(
    st.one_of(
        st.builds(
            lambda n, p, b: {"type": "move", "ids": [n], "parent": p, "before": b}, NODES, NODES, NODES
        ),
        st.builds(lambda n: {"type": "delete", "ids": [n]}, NODES),
        st.builds(lambda p, n: {"type": "add_child", "parent": p, "name": n}, NODES, st.text(max_size=12)),
        st.builds(lambda p, n: {"type": "add_sibling", "id": p, "name": n}, NODES, st.text(max_size=12)),
        st.builds(lambda p, n: {"type": "rename", "id": p, "name": n}, NODES, st.text(max_size=12)),
    ),
    max_size=8,
)


@given(GESTURES)
def test_whatever_is_done_the_tree_stays_sound_and_can_be_undone(gestures: list[dict[str, Any]]) -> None:
    plan = tree()
    for event in gestures:
        try:
            edits = apply_event(plan, event)
        except (Refused, NotFound, Conflict):
            continue
        before, done = plan, []
        for edit in edits:
            done.append(prepare(plan, edit))
            plan = apply_all(plan, [edit])
        assert find_cycle(plan) is None
        if event["type"] != "delete":
            assert set(before.nodes) <= set(plan.nodes)
        back = apply_all(plan, [invert(edit) for edit in reversed(done)])
        assert (back.nodes, back.links) == (before.nodes, before.links)


def test_goes_with_keeps_what_hangs_elsewhere_too() -> None:
    assert goes_with(tree(), ["value"]) == ["value"]
    assert set(goes_with(tree(), ["visits", "value"])) == {"visits", "value", "speed", "mail"}
