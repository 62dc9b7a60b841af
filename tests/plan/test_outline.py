"""The text outline: what it says, what it brings back, what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.errors import Refused
from kpi_tree.periods import Period, parse_period
from kpi_tree.plan.edits import apply_all
from kpi_tree.plan.model import Plan
from kpi_tree.plan.outline import from_outline, outline_edits, to_outline
from kpi_tree.plan.templates import build, list_templates

from .strategies import plans

TEXT = """
# a comment
Sales [sales] @Kari !1200000
  * Orders [orders] @"Ola Nordmann"
    ~+ Visits = 12,000
    ~- Bounce rate = 40%
  * Order value [average_order_value] = 500
  | Returns
  > Newsletter campaign @Ola
"""
QUARTER = Period(date(2027, 1, 1), date(2027, 4, 1))


def test_an_outline_says_it_all() -> None:
    plan = from_outline(TEXT, kpis=["sales", "orders", "average_order_value"], period=QUARTER)
    assert plan.root() == "sales"
    assert plan.nodes["sales"].formula == "orders * average_order_value"
    assert plan.nodes["orders"].owner == "Ola Nordmann"
    assert plan.nodes["orders"].kpi == "orders"
    assert plan.nodes["visits"].assumption == 12000
    assert plan.nodes["bounce_rate"].assumption == 0.4
    kinds = {edge.key: (edge.kind, edge.sign) for edge in plan.edges}
    assert kinds["orders", "visits"] == ("influence", 1)
    assert kinds["orders", "bounce_rate"] == ("influence", -1)
    assert kinds["sales", "returns"] == ("guardrail", 0)
    assert kinds["sales", "newsletter_campaign"] == ("supports", 0)
    assert [target.value for target in plan.targets.values()] == [1200000]


def test_a_plain_list_is_a_tree_of_influences() -> None:
    plan = from_outline(
        "Sales\n- Orders\n  - Visits\n- Order value\n".replace("- O", "  - O").replace("  - V", "    - V")
    )
    assert plan.children("sales") == ["orders", "order_value"]
    assert plan.children("orders") == ["visits"]
    assert plan.nodes["sales"].formula is None


def test_japanese_and_operators_as_signs() -> None:
    plan = from_outline("売上\n　× 注文数\n　× 客単価\n　− 返品")
    root = plan.root()
    assert root is not None
    assert plan.nodes[root].formula == "kpi_2 * kpi_3 - kpi_4"
    assert len(plan.nodes) == 4


@pytest.mark.parametrize("template", [template.id for template in list_templates()])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_template_comes_back_from_its_outline(template: str, lang: str) -> None:
    plan = build(template, lang)
    again = from_outline(to_outline(plan), base=plan)
    assert {key: replace(node, order=0) for key, node in again.nodes.items()} == {
        key: replace(node, order=0) for key, node in plan.nodes.items()
    }
    assert again.links == plan.links


@settings(max_examples=150)
@given(plans())
def test_any_plan_comes_back_from_its_outline(plan: Plan) -> None:
    again = from_outline(to_outline(plan), base=plan)
    assert set(again.nodes) == set(plan.nodes)
    assert {edge.key for edge in again.edges} == {edge.key for edge in plan.edges}
    for node in plan.nodes.values():
        assert again.nodes[node.id].name == node.name
        assert again.nodes[node.id].formula == node.formula
    assert from_outline(to_outline(again), base=again) == again


def test_an_edited_outline_is_edits() -> None:
    plan = build("increase_sales")
    text = to_outline(plan).replace("Items per order", "Things per order")
    edits = [edit for edit in outline_edits(plan, text) if edit.get("field") != "order"]
    assert [(edit["op"], edit["after"]) for edit in edits] == [("set_field", "Things per order")]
    assert apply_all(plan, edits).nodes["items_per_order"].name == "Things per order"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "outline is empty"),
        ("# only a comment", "outline is empty"),
        ("Sales\n  * [orders]\n    * [sales]", "circle"),
        ("A [a]\n  * B [b]\n    ~ [a]", "circle|root goal"),
        ("A\n  ~ B [b]\n  ~ [b]", "stands twice"),
        ("A [x y]", "not an id"),
        ("A [lag]", "not an id"),
        ("A !12", "needs a period"),
        ("A = 1.2.3", "not a number"),
        ("A := b *", "ends after"),
        ("A [a]\n  * B [a]", "two names"),
        ("A [a] whatever", "cannot be read from whatever"),
        ("x" * 10_000, "10,000 characters"),
        ("A\n  > Do it\n    ~ B", "below an action"),
        ("\n".join(["A"] * 6000), "limit is 5,000"),
    ],
)
def test_what_an_outline_may_not_say(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        from_outline(text)


@given(st.text(alphabet='AB ab\n*/+-~|>@!=:[]1.%"#\t', max_size=60))
def test_any_text_is_an_outline_or_refused(text: str) -> None:
    try:
        plan = from_outline(text, period=QUARTER)
    except Refused:
        return
    assert plan.nodes


def test_a_target_says_its_period_or_takes_the_goal_s_own() -> None:
    plan = from_outline("Sales !1200:2026-Q3\n  * Orders !10\n  * Value !120:2026-08")
    said = {one.node: (one.value, one.period.start, one.period.end) for one in plan.targets.values()}
    assert said["sales"] == (1200.0, date(2026, 7, 1), date(2026, 10, 1))
    assert said["orders"] == (10.0, date(2026, 7, 1), date(2026, 10, 1)), "the first one written counts"
    assert said["value"] == (120.0, date(2026, 8, 1), date(2026, 9, 1))
    again = from_outline(to_outline(plan) + "  ~ Visits !7", base=plan)
    assert next(one for one in again.targets.values() if one.node == "visits").period == parse_period(
        "2026-Q3"
    )
    with pytest.raises(Refused, match="2026-Q3"):
        from_outline("Sales !1200")
    with pytest.raises(Refused, match="not a period"):
        from_outline("Sales !1200:soon")
