"""Units: what goes together, what clashes, and what would repair it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.counted import THINGS
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.formula import parse
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.templates import build, list_templates
from kpi_tree.plan.unit_check import check_node, check_units
from kpi_tree.reports.words import unit_word
from kpi_tree.units import Unit, catalogue_units, parse_unit

UNITS = {
    "sessions": "sessions",
    "orders_per_session": "orders/session",
    "nok_per_order": "NOK/order",
    "orders": "orders",
    "sales": "NOK",
    "budget": "EUR",
    "cost": "money",
    "rate": "percent",
    "minutes": "minutes",
    "hours": "hours",
}


def check(text: str) -> tuple[str | None, list[str]]:
    result = check_units(parse(text), {name: parse_unit(unit) for name, unit in UNITS.items()})
    return (str(result.unit) if result.unit else None), [
        f"{issue.message} {issue.remedy}" for issue in result.issues
    ]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("sessions * orders_per_session * nok_per_order", "NOK"),
        ("sales / orders", "NOK/order"),
        ("sales + cost", "NOK"),
        ("rate * sales", "NOK"),
        ("1 - rate", "percent"),
        ("orders + 5", "orders"),
        ("orders / orders", "plain number"),
        ("10% of sales", "NOK"),
        ("lag(sales, 1) - sales", "NOK"),
        ("minutes / hours", "plain number"),
    ],
)
def test_the_unit_of_a_formula(text: str, unit: str) -> None:
    assert check(text) == (unit, [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sales + orders", ["sales is in NOK and orders is in orders", "orders by something in NOK/order"]),
        ("orders + sessions * nok_per_order", ["cannot be added"]),
        ("sales + budget", ["NOK", "EUR"]),
        ("max(sales, orders)", ["cannot be added or compared"]),
        ("rate + orders", ["Multiply rate by something in order"]),
        ("minutes + hours", ["not the same size", "Multiply hours by 60"]),
        ("hours - minutes", ["Multiply minutes by 1 / 60"]),
    ],
)
def test_what_clashes_names_both_units_and_a_repair(text: str, words: list[str]) -> None:
    _, issues = check(text)
    assert len(issues) == 1
    for word in words:
        assert word in issues[0]


def test_an_unknown_unit_clashes_with_nothing() -> None:
    assert check_units(parse("a + b"), {"a": parse_unit("NOK")}).issues == []


@pytest.mark.parametrize(
    "text",
    [
        "a/",
        "1/0",
        "NOK+EUR",
        "__import__('os')",
        "x" * 200,
        "9**9**9**9",
        "a^99",
        "((a)",
        "a b c /",
        "/",
        "_a",
    ],
)
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_unit(text)


@given(st.text(max_size=15) | st.text(alphabet="ab1/*()^ %_NOK", max_size=15))
def test_any_text_is_a_unit_or_refused(text: str) -> None:
    try:
        made = parse_unit(text)
    except Refused:
        return
    assert isinstance(made, Unit)


def test_a_node_whose_formula_comes_out_in_another_unit() -> None:
    nodes = [
        Node("sales", "kgi", "Sales", unit="NOK", formula="orders"),
        Node("orders", name="O", unit="orders"),
    ]
    plan = Plan("p", nodes={node.id: node for node in nodes})
    assert [issue.code for issue in check_node(plan, plan.nodes["sales"])] == ["unit_result"]


@pytest.mark.parametrize("template", [template.id for template in list_templates()])
def test_no_template_clashes(template: str) -> None:
    plan = build(template)
    assert [issue for node in plan.nodes.values() for issue in check_node(plan, node)] == []


def test_the_shops_own_kpis_have_their_units_in_the_check() -> None:
    class Own:
        unit = "money"

    sales, own = Node("a", "kgi", "A", kpi="orders", formula="b + b"), Node("b", name="B", kpi="pick_cost")
    plan = Plan("p", nodes={"a": sales, "b": own})
    assert check_node(plan, sales) == []
    assert [issue.code for issue in check_node(plan, sales, {"pick_cost": Own()})] == ["unit_result"]


def test_a_unit_is_said_in_words_that_the_catalogues_know() -> None:
    units = [*catalogue_units().values(), parse_unit("hours"), parse_unit("seconds")]
    counted = {thing for unit in units for thing, _ in unit.powers}
    assert counted <= THINGS.keys() | {"money"}
    assert str(msg("in {unit}", unit=parse_unit("order per session"))) == "in orders/session"
    assert unit_word("money/order", "NOK", "en") == "NOK/order"
    assert parse_unit("Orders / Visit") == replace(parse_unit("orders/visit"), text="Orders / Visit")
