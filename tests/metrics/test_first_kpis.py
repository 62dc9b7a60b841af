# ruff: noqa: E501
"""The first thirteen KPIs against a hand count, on random shops with awkward rows."""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.metrics import NOT_SET, query
from kpi_tree.periods import Calendar, Grain, spine

from .oracle import Oracle
from .shop import engine_of

FIRST = (
    "gross_sales", "discounts", "returns", "sales", "orders", "average_order_value", "items_per_order",
    "new_customer_orders", "returning_customer_orders", "sessions", "conversion_rate", "revenue_per_visitor",
    "bounce_rate",
)  # fmt: skip
START, END = date(2026, 1, 20), date(2026, 4, 11)
COUNTRIES = ("NO", "SE", None, "")


def random_shop(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Orders around midnight, over a change of clocks, without customer, cancelled, refunded a month later."""
    pick = random.Random(seed)
    shop: dict[str, list[dict[str, Any]]] = {"orders": [], "order_lines": [], "refunds": [], "sessions": []}

    def moment() -> datetime:
        day = START + timedelta(days=pick.randrange((END - START).days))
        base = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return base + timedelta(minutes=pick.choice([0, 1, 59, 60, 719, 1319, 1320, 1379, 1380, 1439]))

    for i in range(60):
        session = {
            "session_id": f"s{i}", "started_at": moment().isoformat(),
            "visitor_id": pick.choice(["v1", "v2", "v3", None]),
            "page_views": pick.choice([1, 1, 2, 5, None]), "country": pick.choice(COUNTRIES),
        }  # fmt: skip
        shop["sessions"].append(session)
    for i in range(50):
        at = moment()
        order = {
            "order_id": f"o{i:02}", "ordered_at": at.isoformat(), "customer_id": pick.choice(["a", "b", "c", None]),
            "status": pick.choice(["placed"] * 6 + ["cancelled", "test"]),
            "discount": pick.choice([None, "5.00", "0.01"]), "country": pick.choice(COUNTRIES), "currency": "NOK",
            "session_id": pick.choice([None, f"s{pick.randrange(60)}"]),
        }  # fmt: skip
        shop["orders"].append(order)
        for line_no in range(1, pick.randrange(1, 4)):
            shop["order_lines"].append({
                "order_id": order["order_id"], "line_no": line_no, "ordered_at": at.isoformat(),
                "product_id": pick.choice(["p1", "p2"]), "quantity": pick.choice(["1", "2", "0.5"]),
                "unit_price": pick.choice(["100.00", "0.00", "33.3333"]), "discount": pick.choice([None, "1.25"]),
                "line_type": pick.choice(["product", "product", "shipping", "adjustment"]), "currency": "NOK",
            })  # fmt: skip
        if pick.random() < 0.3:
            shop["refunds"].append({
                "refund_id": f"r{i}", "line_no": 1, "order_id": pick.choice([order["order_id"], None]),
                "refunded_at": (at + timedelta(days=pick.randrange(40))).isoformat(), "amount": "20.00",
                "currency": "NOK",
            })  # fmt: skip
    return shop


def same(found: float | None, wanted: float | None) -> bool:
    empty = found is None or math.isnan(found)
    return (
        empty
        if wanted is None
        else not empty and math.isclose(found or 0.0, wanted, abs_tol=1e-9, rel_tol=1e-12)
    )


@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter", "year"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_period_and_the_total_agree_with_a_hand_count(seed: int, grain: str, tmp_path: Path) -> None:
    shop = random_shop(seed)
    engine, oracle = engine_of(tmp_path, shop), Oracle(shop)
    found = query(engine, FIRST, start=START, end=END, grain=grain)
    for i, period in enumerate(spine(START, END, grain, Calendar())):
        wanted = oracle.count(max(period.start, START), min(period.end, END))
        for kpi in FIRST:
            row = found[kpi].frame.iloc[i]
            covered = period.start <= found[kpi].data_through and period.end > found[kpi].data_from  # type: ignore[operator]
            if not covered:
                assert math.isnan(row["value"]), (kpi, period)
            elif kpi != "conversion_rate" or wanted["conversion_rate"] is not None:
                assert same(row["value"], wanted[kpi]), (kpi, period, row["value"], wanted[kpi])
            assert row["period"].date() == period.start
    whole = oracle.count(START, END)
    for kpi in FIRST:
        assert same(found[kpi].total["value"], whole[kpi]), kpi


@pytest.mark.parametrize("kpi", [k for k in FIRST if k not in ("returns",)])
def test_a_breakdown_agrees_and_adds_up(kpi: str, tmp_path: Path) -> None:
    shop = random_shop(7)
    engine, oracle = engine_of(tmp_path, shop), Oracle(shop)
    series = query(engine, [kpi], start=START, end=END, grain=Grain.MONTH, by=["country"])[kpi]
    assert set(series.frame["country"]) <= {"NO", "SE", NOT_SET}
    for _, row in series.frame.iterrows():
        begin = max(row["period"].date(), START)
        stop = min((row["period"].date() + timedelta(days=32)).replace(day=1), END)
        country = row["country"]
        wanted = oracle.count(begin, stop, lambda r, c=country: (r.get("country") or NOT_SET) == c)
        assert same(row["value"], wanted[kpi]), (row, wanted[kpi])
    assert series.totals is not None
    if kpi in {"gross_sales", "discounts", "sales", "orders", "sessions", "new_customer_orders"}:
        assert math.isclose(series.totals["value"].sum(), series.total["value"] or 0.0)


def test_a_filter_is_the_row_of_the_breakdown(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, random_shop(4))
    broken = query(engine, FIRST[:3], start=START, end=END, grain="month", by=["country"])
    for value in ("NO", NOT_SET):
        kept = query(engine, FIRST[:3], start=START, end=END, grain="month", where={"country": [value]})
        for kpi in FIRST[:3]:
            frame = broken[kpi].frame
            row = frame[frame["country"] == value]["value"].fillna(-1).tolist()
            assert row == kept[kpi].frame["value"].fillna(-1).tolist()


def test_the_identities_hold_to_the_last_cent(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, random_shop(5))
    found = query(engine, FIRST, start=START, end=END, grain="week")
    value = {kpi: found[kpi].frame["value"] for kpi in FIRST}
    unknown = found["new_customer_orders"].frame["unknown"]
    net = value["gross_sales"] - value["discounts"] - value["returns"]
    assert (net - value["sales"]).abs().max() < 1e-6
    split = value["new_customer_orders"] + value["returning_customer_orders"] + unknown
    assert (split - value["orders"]).abs().max() == 0
    product = value["orders"] * value["average_order_value"]
    assert (product - (value["gross_sales"] - value["discounts"])).abs().max() < 1e-6


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Oslo", 1), ("Asia/Tokyo", 1), ("UTC", 28), ("America/New_York", 28)]
)
def test_a_business_day_lies_in_the_shop_s_zone(zone: str, day: int, tmp_path: Path) -> None:
    shop = {
        "orders": [{"order_id": "1", "ordered_at": "2026-02-28T23:30:00+00:00"}],
        "order_lines": [
            {
                "order_id": "1",
                "line_no": 1,
                "ordered_at": "2026-02-28T23:30:00+00:00",
                "quantity": "1",
                "unit_price": "9",
            }
        ],
    }
    engine = engine_of(tmp_path, shop, timezone=zone)
    frame = query(engine, ["gross_sales"], start=date(2026, 2, 1), end=date(2026, 4, 1), grain="day")[
        "gross_sales"
    ].frame
    assert frame[frame["value"].notna()]["period"].dt.day.tolist() == [day]


def test_weeks_and_fiscal_years_follow_the_shop(tmp_path: Path) -> None:
    shop = {"orders": [{"order_id": "1", "ordered_at": "2026-03-01T12:00:00+01:00"}]}  # a Sunday
    engine = engine_of(tmp_path, shop, week_start=6, fiscal_start_month=4)
    ask = {"start": date(2026, 3, 1), "end": date(2026, 3, 2)}
    assert query(engine, ["orders"], **ask, grain="week")["orders"].frame["period"][0].date() == date(
        2026, 3, 1
    )  # type: ignore[arg-type]
    assert query(engine, ["orders"], **ask, grain="year")["orders"].frame["period"][0].date() == date(
        2025, 4, 1
    )  # type: ignore[arg-type]
    assert query(engine, ["orders"], **ask, grain="quarter")["orders"].total["value"] == 1  # type: ignore[arg-type]
