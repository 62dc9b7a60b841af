# ruff: noqa: E501
"""The catalogue is whole: every KPI in three languages, every name known, every fault named in one pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpi_tree.catalogue import (
    CATEGORIES,
    Definitions,
    catalogue,
    check_definitions,
    check_entry,
    definitions,
    find_kpi,
)
from kpi_tree.catalogue.expression import parse
from kpi_tree.catalogue.model import LANGS
from kpi_tree.errors import NotFound, Refused
from kpi_tree.records import tables

COUNTS = {"sales": 26, "marketing": 33, "service": 13, "production": 7, "projects": 6, "customers": 29}


def test_there_are_114_kpis_in_six_categories() -> None:
    found = {category: sum(k.category == category for k in catalogue().values()) for category in CATEGORIES}
    assert found == COUNTS
    assert sum(found.values()) == 114


def test_nothing_is_wrong_with_the_built_in_definitions() -> None:
    assert check_definitions() == []


@pytest.mark.parametrize("kpi", catalogue().values(), ids=list(catalogue()))
def test_every_kpi_says_what_it_is(kpi) -> None:  # type: ignore[no-untyped-def]
    for lang in LANGS:
        for field in ("name", "definition", "formula", "action"):
            assert kpi.text(field, lang), (field, lang)
    assert kpi.source.startswith(("seed A", "seed B"))
    assert kpi.source_name
    assert kpi.guardrail in catalogue()
    assert kpi.guardrail != kpi.id
    assert set(kpi.wanted) <= set(tables())
    assert kpi.tables
    assert all(way in ("up", "down") and other in catalogue() for other, way in kpi.moves)


def test_names_are_unique_in_each_language() -> None:
    for lang in LANGS:
        names = [kpi.text("name", lang) for kpi in catalogue().values()]
        assert len(set(names)) == len(names), lang


def test_the_two_upside_down_formulas_carry_a_remark() -> None:
    assert [k.id for k in catalogue().values() if k.remark] == ["conversion_rate", "cost_per_order"]


def test_a_rise_of_a_bad_thing_lowers_what_it_moves() -> None:
    assert find_kpi("bounce_rate").sign_on("conversion_rate") == -1
    assert find_kpi("cogs").sign_on("gross_profit") == -1
    assert find_kpi("sessions").sign_on("orders") == 1
    assert find_kpi("newsletters_delivered").sign_on("churn_rate") == -1
    assert find_kpi("orders").sign_on("nps") == 0


def test_every_fault_of_an_entry_is_named_in_one_pass() -> None:
    entry = {
        "name": {"en": "X", "nb": "X"},
        "definition": "no languages",
        "numerator": "gros_sales + ",
        "denominator": "oder_count",
        "unit": "kroner",
        "direction": "sideways",
        "rollup": "sum",
        "range": [1, 0],
    }
    issues = check_entry("x", entry, definitions())
    codes = {(issue.place, issue.code) for issue in issues}
    assert codes == {
        ("x", "missing_field"),
        ("x.name", "missing_language"),
        ("x.definition", "not_a_text"),
        ("x.numerator", "bad_expression"),
        ("x.denominator", "unknown_measure"),
        ("x.unit", "unknown_choice"),
        ("x.direction", "unknown_choice"),
        ("x.range", "empty_range"),
    }
    nearest = next(issue for issue in issues if issue.code == "unknown_measure")
    assert "order_count" in str(nearest.remedy)


def test_links_to_nowhere_are_faults() -> None:
    base = definitions()
    lost = replace(find_kpi("sales"), guardrail="nothing", moves=(("nobody", "up"),))
    measure = replace(base.measures["gross_sales"], fact="sold_line")
    broken = Definitions(base.facts, base.queries, {**base.measures, "gross_sales": measure}, {"sales": lost})
    codes = [issue.code for issue in check_definitions(broken)]
    assert sorted(codes) == ["unknown_fact", "unknown_kpi", "unknown_kpi"]


def test_an_unknown_kpi_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="bounce_rate"):
        find_kpi("bounce_rat")


@pytest.mark.parametrize("text", ["", "a +", "a ** b", "a.b", "a[0]", "f(a)", "lambda: 1", "a if b else c", "'x'", "True",
                                  "a" * 3 + "(" * 200, "a; b", "a = b"])  # fmt: skip
def test_an_expression_is_arithmetic_and_nothing_else(text: str) -> None:
    with pytest.raises(Refused):
        parse(text)
