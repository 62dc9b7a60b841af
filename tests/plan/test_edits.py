"""Edits: undo brings back the very same plan, and no accepted edit breaks a rule."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.errors import Conflict, Refused
from kpi_tree.i18n import translate
from kpi_tree.plan import rules
from kpi_tree.plan.edits import apply, apply_all, describe, invert, prepare
from kpi_tree.plan.model import Edge, Node, Plan

from .strategies import IDS, edits, plans


def same(one: Plan, other: Plan) -> bool:
    return one.with_(revision=0) == other.with_(revision=0)


@settings(max_examples=60)
@given(plans(), st.lists(edits([*IDS, "zz"]), min_size=1, max_size=6))
def test_an_accepted_edit_can_be_taken_back_and_breaks_no_rule(
    plan: Plan, wanted: list[dict[str, Any]]
) -> None:
    for edit in wanted:
        try:
            made = prepare(plan, edit)
        except Refused:
            continue
        json.dumps(made)
        after = apply(plan, made)
        assert after.revision == plan.revision + 1
        assert rules.find_cycle(after) is None
        assert not [issue for issue in rules.check(after) if issue.level == "error"]
        assert set(plan.nodes) - set(after.nodes) <= (
            {made["node"]} if made["op"] == "remove_node" else set()
        )
        back = invert(made)
        assert same(apply(after, back), plan)
        assert same(apply(apply(after, back), invert(back)), after), "redo gives the same again"
        assert Plan.from_dict(json.loads(json.dumps(after.to_dict()))) == after
        assert translate(describe(made), "en")
        plan = after


@given(plans())
def test_a_plan_survives_its_own_dict(plan: Plan) -> None:
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


def shop() -> Plan:
    nodes = [
        Node("sales", "kgi", "Sales", formula="orders * average_order_value"),
        Node("orders", name="Orders", formula="traffic * conversion_rate"),
        Node("average_order_value", name="Order value"),
        Node("traffic", name="Visits", kpi="sessions"),
        Node("conversion_rate", name="Conversion"),
        Node("campaign", "action", "Campaign"),
    ]
    links = [Edge("traffic", "campaign", "supports")]
    return Plan("shop", "Shop", {node.id: node for node in nodes}, {edge.key: edge for edge in links})


def refusal(plan: Plan, **edit: Any) -> str:
    with pytest.raises(Refused) as caught:
        apply(plan, edit)
    return str(caught.value)


def test_a_circle_is_refused_with_its_path_in_names() -> None:
    words = refusal(shop(), op="set_field", node="traffic", field="formula", after="sales / 10")
    assert "Visits → Sales → Orders → Visits" in words or "Sales → Orders → Visits → Sales" in words
    words = refusal(shop(), op="add_edge", parent="traffic", child="orders")
    assert "Visits → Orders → Visits" in words


def test_a_formula_may_use_a_catalogue_id_that_a_node_measures() -> None:
    plan = apply(
        shop(), {"op": "set_field", "node": "orders", "field": "formula", "after": "sessions * 0.02"}
    )
    edge = plan.edge("orders", "traffic")
    assert edge is not None
    assert edge.kind == "formula"


def test_a_long_name_with_markup_is_refused_and_a_short_one_is_text() -> None:
    words = refusal(
        shop(), op="set_field", node="orders", field="name", after="<script>alert(1)</script>" * 400
    )
    assert "10,000" in words
    assert "200" in words
    name = "<b onclick='x'>Ordre & 注文 🛒</b> ‮"
    plan = apply(shop(), {"op": "set_field", "node": "orders", "field": "name", "after": name})
    assert plan.nodes["orders"].name == name.strip()


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"op": "add_nodes"}, "Did you mean add_node?"),
        ({"op": "add_node", "after": {"id": "Sales 2"}}, "is not an id"),
        ({"op": "add_node", "after": {"id": "lag"}}, "word of the formula language"),
        ({"op": "add_node", "after": {"id": "profit", "kind": "kgi"}}, "already has a root goal: Sales"),
        ({"op": "add_node", "after": {"id": "p", "colour": "red"}}, "no field colour"),
        ({"op": "add_node", "after": None}, "named fields"),
        ({"op": "set_field", "node": "ordres", "field": "name", "after": "x"}, "Did you mean orders?"),
        ({"op": "set_field", "node": "orders", "field": "ownr", "after": "x"}, "Did you mean owner?"),
        (
            {"op": "set_field", "node": "orders", "field": "direction", "after": "sideways"},
            "not one of up, down",
        ),
        (
            {"op": "set_field", "node": "orders", "field": "due", "after": "31.12.2026"},
            "Write it as 2026-05-31",
        ),
        ({"op": "set_field", "node": "orders", "field": "name", "after": "  "}, "A name is expected"),
        (
            {"op": "set_field", "node": "orders", "field": "assumption", "after": float("nan")},
            "A number is expected",
        ),
        ({"op": "set_field", "node": "orders", "field": "formula", "after": "traffic *"}, "ends after *"),
        ({"op": "set_field", "node": "orders", "field": "kind", "after": "action"}, "hangs below an action"),
        (
            {"op": "set_field", "edge": ["sales", "orders"], "field": "sign", "after": 1},
            "follows from the formula",
        ),
        ({"op": "add_edge", "parent": "campaign", "child": "orders"}, "Nothing hangs below an action"),
        ({"op": "add_edge", "parent": "orders", "child": "sales"}, "root goal cannot hang below"),
        ({"op": "remove_edge", "parent": "sales", "child": "orders"}, "follows from the formula"),
        ({"op": "remove_edge", "parent": "sales", "child": "traffic"}, "no line between"),
        ({"op": "move", "node": "orders", "after": {"parent": "traffic"}}, "circle"),
        ({"op": "move", "node": "sales", "after": {"parent": "traffic"}}, "root goal cannot hang below"),
        ({"op": "remove_target", "target": "t"}, "no target t"),
    ],
)
def test_what_an_edit_may_not_do(edit: dict[str, Any], words: str) -> None:
    assert words in refusal(shop(), **edit)


def test_a_target_that_equals_its_baseline_is_refused() -> None:
    target = {
        "id": "t",
        "node": "sales",
        "value": 5,
        "baseline": 5,
        "period": {"start": "2026-01-01", "end": "2026-04-01"},
    }
    assert "same as the baseline" in refusal(shop(), op="set_target", after=target)


def test_an_edit_of_a_value_that_changed_meanwhile_is_a_conflict_with_both_values() -> None:
    plan = apply(shop(), {"op": "set_field", "node": "orders", "field": "owner", "after": "Kari"})
    with pytest.raises(Conflict) as caught:
        apply(plan, {"op": "set_field", "node": "orders", "field": "owner", "before": "", "after": "Ola"})
    assert (caught.value.mine, caught.value.theirs) == ("Ola", "Kari")
    merged = apply(plan, {"op": "set_field", "node": "orders", "field": "notes", "before": "", "after": "x"})
    assert (merged.nodes["orders"].owner, merged.nodes["orders"].notes) == ("Kari", "x")


def test_a_node_dragged_out_of_a_formula_leaves_the_formula() -> None:
    plan = apply(
        shop(), {"op": "move", "node": "conversion_rate", "after": {"parent": "average_order_value"}}
    )
    assert plan.nodes["orders"].formula == "traffic"
    assert plan.parents("conversion_rate") == ["average_order_value"]
    with pytest.raises(Conflict):
        apply(
            plan,
            {
                "op": "move",
                "node": "conversion_rate",
                "before": {"parent": "orders"},
                "after": {"parent": None},
            },
        )


def test_several_edits_are_all_made_or_none() -> None:
    plan = shop()
    with pytest.raises(Refused):
        apply_all(
            plan, [{"op": "remove_node", "node": "campaign"}, {"op": "remove_node", "node": "campaign"}]
        )
    assert "campaign" in plan.nodes


def test_edits_in_words() -> None:
    plan = shop()
    names = {node.id: node.name for node in plan.nodes.values()}
    edit = prepare(plan, {"op": "move", "node": "traffic", "after": {"parent": "sales"}})
    assert str(describe(edit, names)) == "Visits moved from Orders to Sales."
    edit = prepare(plan, {"op": "set_field", "node": "orders", "field": "name", "after": "Ordre"})
    assert str(describe(edit, names)) == "Orders renamed to Ordre."
