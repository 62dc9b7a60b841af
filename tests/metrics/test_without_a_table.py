"""A record table that is not there: no figure turns into 0 without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from kpi_tree.catalogue import catalogue
from kpi_tree.metrics import Engine, query
from kpi_tree.metrics.filters import facts_of
from kpi_tree.metrics.series import Series
from kpi_tree.periods import Calendar
from kpi_tree.records.tables import table_label

from .shop import Rows, engine_of
from .test_incremental import SHOP, SHOP_SETTINGS

OTHERWISE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "orders are known by their lines alone: none is cancelled, none has a customer or a visit": {
        "orders": ("gross_sales", "sell_through_rate", "days_of_inventory", "hit_rate"),
    },
    "a purchase is an event of the cart where no order says its visit": {
        "orders": ("conversion_rate", "cart_abandonment_rate", "cart_completion_rate", "new_conversion_rate"),
    },
    "costs and prices of products stand in for those that lines and offers lack": {
        "products": ("cogs", "gross_profit", "average_margin", "price_index", "customer_lifetime_value"),
    },
    "costs entered by hand are added to those of the ads": {
        "costs": ("customer_acquisition_cost", "blended_roas", "cost_per_order"),
    },
    "clicks and posts are added up over all the tables that tell of them": {
        "ad_stats": ("clicks", "click_through_rate"),
        "social_posts": ("clicks", "click_through_rate", "posts_published"),
    },
}
"""Why a figure is another one, and says nothing of it, without a table: table → KPIs."""
MAY_CHANGE = {
    (gone, kpi) for tables in OTHERWISE.values() for gone, kpis in tables.items() for kpi in kpis
}  # fmt: skip


def figures(engine: Engine, kpis: Sequence[str]) -> dict[str, Series]:
    """KPIs over three quarters."""
    span = {"start": date(2025, 10, 1), "end": date(2026, 7, 1), "grain": "year"}
    return query(engine, kpis, **span, keep_refusals=True)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, dict[str, Series]]]:
    """The shop made by hand, with all its tables."""
    engine = engine_of(tmp_path_factory.mktemp("shop"), SHOP, settings=SHOP_SETTINGS)
    found = figures(engine, list(catalogue()))
    assert sum(series.total["value"] is not None for series in found.values()) > 100
    yield engine, found
    engine.close()


@pytest.fixture(scope="module")
def folder(whole: tuple[Engine, dict[str, Series]]) -> Path:
    """Where its batches lie."""
    return next(iter(whole[0].active.values()))[0][2].parent.parent


def without(whole: Engine, folder: Path, gone: str) -> dict[str, Series]:
    """The figures of the same shop less one table, of those KPIs that anything reads it for."""
    active = {name: batches for name, batches in whole.active.items() if name != gone}
    engine = Engine(folder, active, Calendar("Europe/Oslo"), SHOP_SETTINGS)
    touched = [
        name
        for name, kpi in catalogue().items()
        if any(gone in whole.facts.tables_of(fact) for fact in facts_of(whole, kpi))
    ]
    found = figures(engine, touched)
    engine.close()
    return found


@pytest.mark.parametrize("gone", SHOP)
def test_a_table_less_is_said_and_never_read_as_zero(
    whole: tuple[Engine, dict[str, Series]], folder: Path, gone: str
) -> None:
    engine, before = whole
    after, label = without(engine, folder, gone), str(table_label(gone))
    assert after or gone in ("customers", "exposures")
    for kpi in (name for name in after if before[name].total["value"] is not None):
        was, now = before[kpi].total["value"], after[kpi].total["value"]
        said = [str(note) for note in after[kpi].notes]
        named = any(label in note for note in said)
        if now == was:
            continue
        if now is None:
            assert said, (kpi, "has no value and does not say why")
            assert named or kpi in ("retention_rate", "churn_rate"), (kpi, said)
            continue
        assert now != 0, (kpi, was, said)
        assert named or (gone, kpi) in MAY_CHANGE, (kpi, was, now, said)


def test_orders_without_lines_are_worth_nothing_known(tmp_path: Path) -> None:
    """Sold for how much, nobody knows: no figure of value, and the lines are asked for."""
    orders: Rows = [
        {"order_id": f"o{i}", "ordered_at": f"2026-01-{i + 1:02}T10:00:00+00:00", "customer_id": f"c{i % 3}"}
        for i in range(9)
    ]
    engine = engine_of(tmp_path, {"orders": orders})
    of_value = ["customer_lifetime_value", "ltv", "new_average_order_value", "repeat_average_order_value",
                "sales", "average_order_value", "good_customers", "new_to_repeat_sales_ratio"]  # fmt: skip
    found = query(engine, [*of_value, "orders"], start=date(2026, 1, 1), end=date(2026, 2, 1), grain="day")
    assert found["orders"].total["value"] == 9
    for kpi in of_value:
        assert found[kpi].total["value"] is None, kpi
        assert found[kpi].frame["value"].isna().all(), kpi
        assert any("Order lines" in str(note) for note in found[kpi].notes), (kpi, found[kpi].notes)
    engine.close()


def test_the_value_of_an_order_is_of_those_whose_lines_are_known(tmp_path: Path) -> None:
    """Two first orders, the lines of one: its value is the mean, not half of it."""
    at = "2026-01-05T10:00:00+00:00"
    orders = [{"order_id": one, "ordered_at": at, "customer_id": one} for one in ("a", "b")]
    line = {"order_id": "a", "line_no": 1, "ordered_at": at, "quantity": "2", "unit_price": "50"}
    engine = engine_of(tmp_path, {"orders": orders, "order_lines": [line]})
    found = query(engine, ["new_average_order_value"], start=date(2026, 1, 1), end=date(2026, 2, 1))
    assert found["new_average_order_value"].total["value"] == 100
    engine.close()


def test_a_project_report_without_a_figure_leaves_it_as_it_was(tmp_path: Path) -> None:
    """The second report names no earned value: it is 100 still, not 0; of the benefit nothing is known."""
    status = [
        {"project_id": "p", "day": "2026-01-10", "earned_value": "100", "actual_cost": "80"},
        {"project_id": "p", "day": "2026-02-10", "actual_cost": "90"},
    ]
    projects = [{"project_id": "p", "name": "Move", "budget": "300"}]
    engine = engine_of(tmp_path, {"project_status": status, "projects": projects})
    wanted = ["cost_performance_index", "project_roi", "budget_used"]
    found = query(engine, wanted, start=date(2026, 1, 1), end=date(2026, 3, 1), grain="month")
    assert found["cost_performance_index"].total["value"] == pytest.approx(100 / 90)
    assert found["budget_used"].total["value"] == pytest.approx(0.3)
    assert found["project_roi"].total["value"] is None
    engine.close()


def test_ads_whose_cost_nobody_says_cost_nothing_known(tmp_path: Path) -> None:
    """Clicks without a cost are no free orders."""
    ads = [{"day": "2026-01-05", "platform": "google", "clicks": 5, "impressions": 100}]
    orders = [{"order_id": "a", "ordered_at": "2026-01-05T10:00:00+00:00", "customer_id": "c"}]
    engine = engine_of(tmp_path, {"orders": orders, "ad_stats": ads})
    day = {"start": date(2026, 1, 5), "end": date(2026, 1, 6)}
    found = query(engine, ["cost_per_order", "customer_acquisition_cost"], **day)  # type: ignore[arg-type]
    assert [series.total["value"] for series in found.values()] == [None, None]
    engine.close()
