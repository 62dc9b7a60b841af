"""Completion of a formula being typed, and formulas with names for ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.plan.completion import complete, readable
from kpi_tree.plan.formula import parse
from kpi_tree.plan.templates import build

PLAN = build("increase_sales")
NAMES = {"sessions": "Site traffic", "visitors": "Unique visitors", "gross_sales": "Gross sales"}


def test_a_name_finds_the_id_and_replaces_what_was_typed() -> None:
    found = complete("orders * uniq", 13, PLAN, NAMES)
    assert [(each.insert, each.start, each.end, each.kind) for each in found] == [("visitors", 9, 13, "kpi")]


@pytest.mark.parametrize(
    ("text", "cursor", "insert", "start", "end"),
    [
        ("2 * unique  vis", 15, "visitors", 4, 15),
        ("SITE TR", 7, "sessions", 0, 7),
        ("Site traffic", 12, "sessions", 0, 12),
        ("okter pa + 2", 8, "visits", 0, 8),
        ("sessions * 注文 - 1", 13, "buys", 11, 13),
        ("(cost per c", 11, "cpc", 1, 11),
        ("si + orders", 2, "sessions", 0, 2),
    ],
)
def test_names_of_several_words_and_of_any_letters(
    text: str, cursor: int, insert: str, start: int, end: int
) -> None:
    names = NAMES | {"visits": "Økter på nettstedet", "buys": "注文数", "cpc": "Cost per click"}
    found = complete(text, cursor, PLAN, names)
    assert (insert, start, end) in [(one.insert, one.start, one.end) for one in found[:2]]


def test_what_stands_above_is_left_out() -> None:
    assert "sales" not in {each.insert for each in complete("sal", 3, PLAN, NAMES, node="orders")}
    assert "sales" in {each.insert for each in complete("sal", 3, PLAN, NAMES)}


def test_after_a_value_come_operators() -> None:
    assert [each.insert.strip() for each in complete("orders ", 7, PLAN, NAMES)] == ["*", "/", "+", "-"]


@given(st.text(max_size=20), st.integers(0, 20))
def test_any_text_can_be_completed(text: str, cursor: int) -> None:
    for each in complete(text, min(cursor, len(text)), PLAN, NAMES):
        assert 0 <= each.start <= each.end <= len(text)


def test_a_formula_in_names() -> None:
    expr = parse("-(a + b) * c / lag(a, 1) - 10%")
    assert readable(expr, {"a": "Visits", "b": "Calls"}) == "−(Visits + Calls) × c ÷ lag(Visits, 1) − 10 %"
