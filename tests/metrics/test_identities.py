# ruff: noqa: E501
"""The identities at the end of the catalogue hold to the last cent, on any data."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.metrics import Engine, query
from kpi_tree.metrics.series import Series

from .hand_shop import PRODUCTION, SALES, TRAFFIC
from .shop import engine_of
from .test_first_kpis import END, START, random_shop

KPIS = ("sales", "gross_sales", "discounts", "returns", "orders", "average_order_value", "gross_profit", "cogs",
        "average_margin", "cart_completion_rate", "cart_abandonment_rate", "one_time_purchase_rate",
        "second_purchase_rate", "new_customer_orders", "returning_customer_orders", "retention_rate", "churn_rate",
        "pages_per_visit", "sessions", "pages_per_person", "visitors", "blended_roas", "oee")  # fmt: skip


def same(left: pd.Series, right: pd.Series) -> None:
    """Equal wherever both have a value."""
    both = left.notna() & right.notna()
    assert np.allclose(left[both].astype(float), right[both].astype(float), rtol=1e-12, atol=1e-6)


def hold(found: dict[str, Series]) -> None:
    v = {kpi: series.frame["value"] for kpi, series in found.items()}
    same(v["sales"], v["gross_sales"] - v["discounts"] - v["returns"])
    same(v["gross_sales"] - v["discounts"], v["orders"] * v["average_order_value"])
    same(v["gross_profit"], v["sales"] - v["cogs"])
    same(v["gross_profit"], v["sales"] * v["average_margin"])
    same(v["cart_completion_rate"] + v["cart_abandonment_rate"], v["cart_completion_rate"] * 0 + 1)
    same(v["one_time_purchase_rate"] + v["second_purchase_rate"], v["second_purchase_rate"] * 0 + 1)
    unknown = found["new_customer_orders"].frame["unknown"]
    same(v["orders"], v["new_customer_orders"] + v["returning_customer_orders"] + unknown)
    same(v["retention_rate"] + v["churn_rate"], v["retention_rate"] * 0 + 1)
    same(v["pages_per_visit"] * v["sessions"], v["pages_per_person"] * v["visitors"])
    same(v["blended_roas"] * found["blended_roas"].frame["denominator"], v["sales"])
    parts = found["oee"].frame
    same(v["oee"], parts["availability"] * parts["performance"] * parts["quality"])


def check(engine: Engine, start: date, end: date) -> None:
    for grain in ("week", "month", "year"):
        hold(query(engine, KPIS, start=start, end=end, grain=grain))
    for dim in ("channel", "device", "country", "source", "landing_page", "visitor_type", "weekday"):
        series = query(engine, ["sessions"], start=start, end=end, grain="month", by=[dim])["sessions"]
        assert series.totals is not None
        assert series.totals["value"].sum() == (series.total["value"] or 0)


def test_the_identities_hold_on_the_hand_made_shop(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {**PRODUCTION, **TRAFFIC, **SALES})
    check(engine, date(2026, 1, 1), date(2026, 3, 1))
    engine.close()


@settings(max_examples=3)
@given(seed=st.integers(0, 10_000))
def test_the_identities_hold_on_random_shops(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path_factory.getbasetemp()) as folder:
        engine = engine_of(Path(folder), {**PRODUCTION, **random_shop(seed)})
        check(engine, START, END)
        engine.close()


def test_a_longer_period_is_never_the_sum_or_mean_of_its_days(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, random_shop(11))
    by_day = query(engine, ["visitors", "conversion_rate"], start=START, end=END, grain="day")
    by_year = query(engine, ["visitors", "conversion_rate"], start=START, end=END, grain="year")
    for kpi in by_day:
        assert by_day[kpi].total == by_year[kpi].total
        assert by_year[kpi].frame["value"].tolist() == [pytest.approx(by_day[kpi].total["value"])]
    assert by_day["visitors"].frame["value"].sum() > (by_day["visitors"].total["value"] or 0)
    engine.close()
