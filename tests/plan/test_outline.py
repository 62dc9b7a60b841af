"""The text outline: what it says, what it brings back, what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.errors import Refused
from kpi_tree.exchange.lists import from_markdown, to_markdown
from kpi_tree.periods import Calendar, Period, parse_period, period_of
from kpi_tree.plan.edits import apply_all
from kpi_tree.plan.model import Edge, Node, Plan, Target
from kpi_tree.plan.outline import from_outline, left_out, outline_edits, to_outline
from kpi_tree.plan.outline_writer import written_targets
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


OTHERS = {
    "Word": "•\tSales\n\t◦\tOrders\n\t\t▪\tVisits\n\t◦\tValue",
    "Excel": '"Sales"\t\n\t"Orders"\n\t\tVisits\n\tValue\t\n',
    "Markdown": "* **Sales**\r\n  * [x] Orders\r\n    * `Visits`\r\n  * [ ] Value",
    "headings": "# Sales\n## Orders\n- Visits\n## Value",
    "chapters": "1. Sales\n1.1 Orders\n1.1.1 Visits\n1.2 Value",
    "numbers": "Sales\n  1) Orders\n     a) Visits\n  2) Value",
    "files": "Sales\n├── Orders\n│   └── Visits\n└── Value",
    "Japanese": "Sales\n　・Orders\n　　・Visits\n　・Value",
    "tabs and blanks": "\ufeffSales\n\tOrders\n\t  Visits\n    Value",
}


@pytest.mark.parametrize("form", OTHERS)
def test_lists_from_elsewhere_are_trees(form: str) -> None:
    plan = from_outline(OTHERS[form])
    below = {
        one.name: [plan.nodes[child].name for child in plan.below(one.id)] for one in plan.nodes.values()
    }
    assert below == {
        "Sales": ["Orders", "Value"], "Orders": ["Visits"], "Visits": [], "Value": [],
    }  # fmt: skip
    assert not any(node.formula for node in plan.nodes.values())


def test_what_a_japanese_keyboard_writes() -> None:
    goal = "売上＠佐藤　！１２００：２０２６－Ｑ４\n　＊注文数＝１，２００\n　＊ 客単価\n"
    plan = from_outline(f"{goal}　＞広告 ＠Ann Lee 　due：2026-12-01")
    sales, orders, value, advert = plan.nodes.values()
    assert (sales.name, sales.owner, orders.assumption) == ("売上", "佐藤", 1200.0)
    assert sales.formula == f"{orders.id} * {value.id}"
    assert (advert.name, advert.owner, advert.due) == ("広告", "Ann Lee", date(2026, 12, 1))
    assert [one.value for one in plan.targets.values()] == [1200.0]


def test_a_formula_may_name_the_lines() -> None:
    plan = from_outline("Sales := Orders * order value - 5%\n  Orders\n  Order value")
    assert plan.nodes["sales"].formula == "orders * order_value - 5%"
    assert [edge.kind for edge in plan.edges] == ["formula", "formula"]


def test_an_action_says_its_days_and_costs_and_keeps_what_it_does_not_say() -> None:
    text = "Sales\n  > Letter @Ola state:doing start:2026-10-01 due:2026-12-01 effect:5k cost:2,000 effort:12"
    plan = from_outline(text)
    letter = plan.nodes["letter"]
    assert (letter.state, letter.start, letter.due) == ("doing", date(2026, 10, 1), date(2026, 12, 1))
    assert (letter.expected_effect, letter.cost, letter.effort) == (5000.0, 2000.0, 12.0)
    assert "state:doing start:2026-10-01 due:2026-12-01 effect:5000 cost:2000 effort:12" in to_outline(plan)
    assert from_outline("Sales\n  > Letter @Ola", base=plan).nodes["letter"] == letter
    less = from_outline("Sales\n  > [x] Letter cost:1", base=plan).nodes["letter"]
    assert (less.state, less.due, less.cost, less.owner) == ("done", None, 1.0, "")


LOOKING_LIKE_SIGNS = r"""
    due:2026-01-01 state:done [x] [a] **b** 1.1 2) a) • - ~ # ## \ ＠a =5 x=5 ！3 !3 = ! @ @k := 売上＝１２
    *Orders "q" ・x -> │ name
"""
HAZARDS = st.lists(st.sampled_from(LOOKING_LIKE_SIGNS.split()), min_size=1, max_size=4).map(" ".join)


@settings(max_examples=60)
@given(HAZARDS, HAZARDS, st.text(alphabet="ab ＠@=:.！due", max_size=6).map(str.strip))
def test_names_that_look_like_signs_come_back(name: str, action: str, owner: str) -> None:
    days = {"due": date(2026, 1, 2), "expected_effect": -2.5, "state": "dropped"}
    nodes = [
        Node("a", "kgi", name, owner=owner),
        Node("b", name=f"{name} 2"),
        Node("c", "action", action, **days),  # type: ignore[arg-type]
    ]
    links = [Edge("a", "b"), Edge("a", "c", "supports")]
    plan = Plan("p", nodes={one.id: one for one in nodes}, links={one.key: one for one in links})
    for again in (from_outline(to_outline(plan)), from_markdown(to_markdown(plan))):
        assert {key: replace(one, order=0) for key, one in again.nodes.items()} == plan.nodes
        assert again.links == plan.links


@pytest.mark.parametrize("template", [template.id for template in list_templates()])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_template_comes_back_from_its_outline(template: str, lang: str) -> None:
    plan = build(template, lang)
    again = from_outline(to_outline(plan), base=plan)
    assert {key: replace(node, order=0) for key, node in again.nodes.items()} == {
        key: replace(node, order=0) for key, node in plan.nodes.items()
    }
    assert again.links == plan.links


@settings(max_examples=60)
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
        ("Sales\n  * ", "Line 2 has no name"),
        ("# only a comment", "outline is empty"),
        ("Sales\n  * [orders]\n    * [sales]", "circle"),
        ("A [a]\n  * B [b]\n    ~ [a]", "circle|root goal"),
        ("A\n  ~ B [b]\n  ~ [b]", "stands twice"),
        ("A [x y]", "not an id"),
        ("A [lag]", "not an id"),
        ("A !12", "needs a period"),
        ("A !12:2026:flor", "not a kind of target"),
        ("A !5..3:2026", "lower end"),
        ("A [a]\n  * B [b]\n  ~ C [c]\n    ~ [b] @Ola", "further up already"),
        ("A = 1.2.3", "not a number"),
        ("A := b *", "ends after"),
        ("A [a]\n  * B [a]", "two names"),
        ("A [a] whatever", "cannot be read from whatever"),
        ("A\n  * B\n    * A", "A → B → A"),
        ("A =", "cannot be read from ="),
        ("A !1200kr", "Write the number alone"),
        ("A = 5 visits", "Write the number alone"),
        ("A\n  > B due:soon", "day|date"),
        ("A\n  > B state:odd", "planned"),
        ("A\n  > B cost:-5", "below zero"),
        ("A @k due:2026-01-01", "cannot be read from due"),
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


def test_targets_say_their_kind_and_their_ends() -> None:
    plan = from_outline("Sales !1200:2026-Q3 !1100:2026-Q3:floor !3%..5%:2026-Q4:guardrail !7:stretch")
    said = [(one.kind, one.value, one.low, one.high, one.period.start.month) for one in plan.targets.values()]
    assert said == [
        ("goal", 1200.0, None, None, 7),
        ("floor", 1100.0, None, None, 7),
        ("guardrail", 0.04, 0.03, 0.05, 10),
        ("stretch", 7.0, None, None, 7),
    ]


@settings(max_examples=40)
@given(plans())
def test_every_written_target_comes_back_with_its_period(plan: Plan) -> None:
    """With nothing to fall back on, and at a day in another quarter."""
    for again in (
        from_outline(to_outline(plan), period=QUARTER),
        from_markdown(to_markdown(plan), period=QUARTER),
    ):
        for node in plan.nodes:
            assert [told(one) for one in written_targets(again, node)] == [
                told(one) for one in written_targets(plan, node)
            ]
    kept = from_outline(to_outline(plan), base=plan)
    assert kept.targets == plan.targets


def told(target: Target) -> tuple[object, ...]:
    if target.low is not None:
        return target.kind, target.low, target.high, target.period
    return target.kind, target.value, target.period


def test_a_shop_s_own_quarter_is_written_in_days() -> None:
    own = period_of(date(2026, 9, 1), "quarter", Calendar(fiscal_start_month=2))
    plan = from_outline("Sales !5", period=own)
    assert "!5:2026-08-01..2026-10-31" in to_outline(plan)
    assert next(iter(from_outline(to_outline(plan)).targets.values())).period == own


def test_what_an_outline_cannot_carry_is_told() -> None:
    plan = from_outline("Sales !5:2026-Q3")
    (target,) = plan.targets.values()
    assert left_out(plan) == []
    bent = replace(target, trajectory="step")
    assert left_out(plan.with_(targets={target.id: bent})) == [bent]
