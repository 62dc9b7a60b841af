# ruff: noqa: E501
"""What a number means where peers disagree: gaps and zeros, batches, days that came counted, refusals."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.errors import NotFound, Refused
from kpi_tree.metrics import Engine, Settings, query, records
from kpi_tree.metrics.engine import Batch

from .shop import engine_of

DAY = "2026-03-0{}T12:00:00+01:00"


def order(n: int, day: int, **more: Any) -> dict[str, Any]:
    return {"order_id": f"o{n}", "ordered_at": DAY.format(day), **more}


def line(n: int, day: int, price: str, **more: Any) -> dict[str, Any]:
    return {
        "order_id": f"o{n}",
        "line_no": 1,
        "ordered_at": DAY.format(day),
        "quantity": "1",
        "unit_price": price,
        **more,
    }


def visit(n: int, day: int, **more: Any) -> dict[str, Any]:
    return {
        "session_id": f"s{n}",
        "visitor_id": f"v{n}",
        "started_at": DAY.format(day),
        "page_views": 2,
        **more,
    }


SPAN: dict[str, Any] = {"start": date(2026, 3, 1), "end": date(2026, 3, 8)}


def values(engine: Engine, kpi: str, **ask: Any) -> list[float | None]:
    frame = query(engine, [kpi], **{**SPAN, **ask})[kpi].frame
    return [None if math.isnan(v) else v for v in frame["value"]]


def test_inside_the_covered_days_a_flow_is_zero_and_outside_there_is_no_value(tmp_path: Path) -> None:
    engine = engine_of(
        tmp_path, {"orders": [order(1, 2), order(2, 5)], "order_lines": [line(1, 2, "9"), line(2, 5, "1")]}
    )
    assert values(engine, "gross_sales") == [None, 9, 0, 0, 1, None, None]
    assert values(engine, "orders") == [None, 1, 0, 0, 1, None, None]
    assert values(engine, "average_order_value") == [None, 9, None, None, 1, None, None]
    series = query(engine, ["orders"], start=date(2025, 1, 1), end=date(2025, 2, 1), grain="month")["orders"]
    assert series.total["value"] is None
    assert (series.data_from, series.data_through) == (date(2026, 3, 2), date(2026, 3, 5))


def test_the_newest_batch_wins_a_key_and_a_join_never_multiplies(tmp_path: Path) -> None:
    shop = {
        "orders": [[order(1, 2, discount="5")], [order(1, 3, discount="7"), order(1, 3, discount="7")]],
        "order_lines": [line(1, 3, "100"), {**line(1, 3, "50"), "line_no": 2}],
        "products": [[{"product_id": "p"}], [{"product_id": "p"}]],
    }
    engine = engine_of(tmp_path, shop)
    found = query(engine, ["orders", "discounts", "gross_sales"], **SPAN)
    assert [found[k].total["value"] for k in found] == [1, 7, 150]
    assert values(engine, "discounts")[1:3] == [None, 7]


def test_a_refund_counts_on_its_own_day(tmp_path: Path) -> None:
    shop = {
        "orders": [order(1, 2, country="NO")],
        "order_lines": [line(1, 2, "100")],
        "refunds": [{"refund_id": "r", "line_no": 1, "order_id": "o1", "refunded_at": "2026-04-03T09:00:00+02:00",
                     "amount": "40"}],
    }  # fmt: skip
    engine = engine_of(tmp_path, shop)
    found = query(
        engine,
        ["sales", "returns"],
        start=date(2026, 3, 1),
        end=date(2026, 5, 1),
        grain="month",
        by=["country"],
    )
    assert found["sales"].frame[["country", "value"]].to_numpy().tolist() == [["NO", 100.0], ["NO", -40.0]]
    assert found["returns"].total["value"] == 40


def test_new_needs_the_whole_history_and_unknown_customers_stand_apart(tmp_path: Path) -> None:
    shop = {"orders": [
        {"order_id": "0", "ordered_at": "2025-01-01T12:00:00+01:00", "customer_id": "a"},
        order(1, 2, customer_id="a"), order(2, 2, customer_id="b"), order(3, 3), order(4, 3, customer_id=""),
    ]}  # fmt: skip
    engine = engine_of(tmp_path, shop)
    found = query(engine, ["new_customer_orders", "returning_customer_orders", "orders"], **SPAN)
    assert [found[k].total["value"] for k in found] == [1, 1, 4]
    assert found["new_customer_orders"].total["unknown"] == 2
    by_type = query(engine, ["orders"], **SPAN, by=["customer_type"])["orders"].totals
    assert by_type is not None
    assert dict(zip(by_type["customer_type"], by_type["value"], strict=True)) == {
        "(not set)": 2,
        "new": 1,
        "returning": 1,
    }


def test_a_channel_with_visits_and_no_orders_converts_at_zero(tmp_path: Path) -> None:
    shop = {
        "sessions": [visit(1, 2, channel="mail"), visit(2, 2, channel="ads"), visit(3, 2)],
        "orders": [order(1, 2, session_id="s1")],
    }
    series = query(engine_of(tmp_path, shop), ["conversion_rate"], **SPAN, by=["channel"])["conversion_rate"]
    assert series.totals is not None
    assert series.totals[["channel", "value"]].to_numpy().tolist() == [
        ["(not set)", 0.0],
        ["ads", 0.0],
        ["mail", 1.0],
    ]
    assert series.total["value"] == pytest.approx(1 / 3)


def test_without_any_link_between_orders_and_visits_conversion_is_not_known(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {"sessions": [visit(1, 2)], "orders": [order(1, 2)]})
    assert values(engine, "conversion_rate") == [None] * 7


def test_a_missing_side_is_no_value(tmp_path: Path) -> None:
    shop = {
        "sessions": [visit(1, 2, channel="mail"), visit(2, 4, channel="mail")],
        "orders": [order(1, 2, channel="shop"), order(2, 3, channel="mail")],
        "order_lines": [line(1, 2, "10"), line(2, 3, "30")],
    }
    engine = engine_of(tmp_path, shop)
    assert values(engine, "revenue_per_visitor") == [None, 10, None, None, None, None, None]
    totals = query(engine, ["revenue_per_visitor"], **SPAN, by=["channel"])["revenue_per_visitor"].totals
    assert totals is not None
    found = dict(zip(totals["channel"], totals["value"], strict=True))
    assert found["mail"] == 15
    assert math.isnan(found["shop"])


COUNTED = [
    {
        "day": "2026-03-01",
        "source": "a",
        "sessions": 10,
        "visitors": 8,
        "bounced_sessions": 4,
        "order_sessions": 1,
    },
    {
        "day": "2026-03-02",
        "source": "a",
        "sessions": 20,
        "visitors": 15,
        "bounced_sessions": 5,
        "order_sessions": 2,
    },
    {"day": "2026-03-02", "source": "b", "sessions": 5, "visitors": 5, "bounced_sessions": 5},
    {"day": "2026-03-04", "source": "a", "sessions": 99, "visitors": 99},
]


def test_days_that_came_counted_stand_in_for_single_visits(tmp_path: Path) -> None:
    engine = engine_of(
        tmp_path, {"traffic_daily": COUNTED, "sessions": [visit(1, 4), visit(2, 4, page_views=1)]}
    )
    assert values(engine, "sessions")[:4] == [10, 25, 0, 2]
    assert values(engine, "bounce_rate")[:4] == [0.4, 0.4, None, 0.5]
    assert values(engine, "conversion_rate")[:2] == [0.1, 0.1]


def test_people_are_never_put_together_from_counted_days(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {
        "traffic_daily": COUNTED[:2], "orders": [order(1, 1)], "order_lines": [line(1, 1, "80")],
    })  # fmt: skip
    series = query(engine, ["revenue_per_visitor"], **SPAN)["revenue_per_visitor"]
    assert series.frame["denominator"].tolist()[:2] == [8, 15]
    assert series.total["value"] is None
    assert any("already counted" in str(note) for note in series.notes)
    with pytest.raises(Refused, match="cannot be put together"):
        query(engine, ["revenue_per_visitor"], **SPAN, grain="month")
    kept = query(engine, ["revenue_per_visitor", "sessions"], **SPAN, grain="month", keep_refusals=True)
    assert kept["sessions"].total["value"] == 30
    assert isinstance(kept["revenue_per_visitor"].refusal, Refused)


def test_sales_by_day_feed_the_same_kpis(tmp_path: Path) -> None:
    shop = {
        "sales_daily": [
            {"day": "2026-03-01", "orders": 4, "gross_sales": "100", "discounts": "10", "returns": "5"},
            {"day": "2026-03-02", "orders": 9, "gross_sales": "900", "discounts": "0", "returns": "0"},
        ],
        "orders": [order(1, 2)],
        "order_lines": [line(1, 2, "50")],
    }
    engine = engine_of(tmp_path, shop)
    assert values(engine, "sales")[:2] == [85, 50]
    assert values(engine, "orders")[:2] == [4, 1]
    assert values(engine, "average_order_value")[:2] == [22.5, 50]


def test_two_currencies_are_refused_by_name_and_added_with_a_rate(tmp_path: Path) -> None:
    shop = {
        "orders": [order(1, 2), order(2, 2)],
        "order_lines": [line(1, 2, "100", currency="NOK"), line(2, 2, "10", currency="EUR")],
    }
    engine = engine_of(tmp_path / "a", shop)
    with pytest.raises(Refused, match="EUR, NOK"):
        query(engine, ["sales"], **SPAN)
    assert query(engine, ["orders"], **SPAN)["orders"].total["value"] == 2
    only = query(engine, ["sales"], **SPAN, where={"currency": ["EUR"]})["sales"]
    assert (only.total["value"], only.currency) == (10, "EUR")
    rated = engine_of(tmp_path / "b", shop, settings=Settings("NOK", {"EUR": 11.5}))
    assert query(rated, ["sales"], **SPAN)["sales"].total["value"] == 215


def test_slips_of_the_pen_are_refused(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {"orders": [order(1, 2, country="Norway")]})
    with pytest.raises(NotFound, match="orders"):
        query(engine, ["order"], **SPAN)
    with pytest.raises(NotFound, match="country"):
        query(engine, ["orders"], **SPAN, by=["contry"])
    with pytest.raises(Refused, match="Norway"):
        query(engine, ["orders"], **SPAN, where={"country": ["Norwy"]})
    with pytest.raises(Refused, match="start"):
        query(engine, ["orders"], start=date(2026, 3, 2), end=date(2026, 3, 2))
    with pytest.raises(Refused, match="periods"):
        query(engine, ["orders"], start=date(1, 1, 1), end=date(2026, 3, 2))


def test_hours_are_the_shop_s_and_days_without_hours_are_refused(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {"orders": [order(1, 2), order(2, 2)], "costs": [
        {"cost_id": "1", "incurred_on": "2026-03-02", "kind": "other", "amount": "1"}]})  # fmt: skip
    frame = query(engine, ["orders"], **SPAN, grain="hour")["orders"].frame
    assert len(frame) == 7 * 24
    assert frame[frame["value"] > 0]["period"].dt.hour.tolist() == [12]


def test_a_number_leads_back_to_batch_and_row(tmp_path: Path) -> None:
    shop = {"orders": [order(1, 2), order(2, 3)], "order_lines": [line(1, 2, "9"), line(2, 3, "1")]}
    frame = records(engine_of(tmp_path, shop), "gross_sales", start=date(2026, 3, 3), end=date(2026, 3, 4))
    assert frame[["order_id", "_batch", "_row"]].to_numpy().tolist() == [["o2", "b2", 2]]


def test_nothing_but_the_batches_can_be_read(tmp_path: Path) -> None:
    import duckdb

    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    engine = engine_of(tmp_path / "home", {"orders": [order(1, 2)]})
    for sql in (f"FROM read_csv('{secret}')", f"COPY (SELECT 1) TO '{secret}'", f"ATTACH '{tmp_path}/x.db'",
                "SET enable_external_access = true", "INSTALL httpfs"):  # fmt: skip
        with pytest.raises(duckdb.Error):
            engine.run(sql)
    outside: dict[str, list[Batch]] = {"orders": [(1, "b", tmp_path / "elsewhere.parquet")]}
    with pytest.raises(Refused, match="outside"):
        Engine(tmp_path / "home", outside)
