# ruff: noqa: E501 (rows of data read better in one line)
"""KPIs that look across time or over pages, and the ranked tables, on cases small enough to count."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.catalogue import catalogue
from kpi_tree.metrics import Engine, Settings, query

from .hand_shop import MARKETING, SALES, SERVICE, TRAFFIC, line
from .shop import engine_of

YEAR: dict[str, Any] = {"start": date(2025, 1, 1), "end": date(2026, 1, 1)}


def order(n: str, customer: str, at: str) -> dict[str, Any]:
    return {"order_id": n, "customer_id": customer, "ordered_at": at}


def test_second_purchases_count_within_ninety_days_and_the_young_are_left_out(tmp_path: Path) -> None:
    first = datetime.fromisoformat("2025-01-10T12:00:00+00:00")
    orders = [
        order("1", "a", first.isoformat()),
        order("2", "a", (first + timedelta(days=90)).isoformat()),  # the last instant of the window counts
        order("3", "b", first.isoformat()),
        order("4", "b", (first + timedelta(days=90, seconds=1)).isoformat()),
        order("5", "c", "2025-02-01T12:00:00+00:00"),
        order("6", "d", "2025-06-03T12:00:00+00:00"),
        order("7", "e", "2025-09-01T12:00:00+00:00"),  # the last day known is 90 days after d's first order
    ]
    engine = engine_of(tmp_path, {"orders": orders})
    found = query(engine, ["second_purchase_rate", "one_time_purchase_rate"], **YEAR, grain="month")
    second, once = found["second_purchase_rate"], found["one_time_purchase_rate"]
    assert second.frame["value"][[0, 1, 5]].tolist() == [1 / 2, 0, 0]
    assert second.frame["value"].isna()[8]
    assert (second.total["value"], second.total["denominator"], second.total["left_out"]) == (1 / 4, 4, 1)
    assert once.total["value"] == 3 / 4


def test_the_days_between_purchases_are_a_customer_s_and_a_product_s_own(tmp_path: Path) -> None:
    days = {
        "1": ("a", "2025-01-01"),
        "2": ("a", "2025-01-11"),
        "3": ("a", "2025-02-10"),
        "4": ("b", "2025-01-05"),
    }
    orders = [order(n, customer, f"{day}T12:00:00+01:00") for n, (customer, day) in days.items()]
    lines = [
        line(n, 1, f"{day}T12:00:00+01:00", "p" if n != "3" else "q", "1", "5")
        for n, (_, day) in days.items()
    ]
    lines += [
        line("3", 2, "2025-02-10T12:00:00+01:00", "p", "1", "5"),
        line("2", 2, "2025-01-11T12:00:00+01:00", "p", "1", "5"),
    ]
    engine = engine_of(tmp_path, {"orders": orders, "order_lines": lines})
    series = query(engine, ["purchase_cycle"], **YEAR, grain="year", with_tables=True)["purchase_cycle"]
    assert series.total["value"] == 20  # 10 and 30 days
    assert series.table is not None
    assert series.table[["product", "days", "repeats", "customers"]].to_numpy().tolist() == [
        ["p", 20.0, 2, 1]
    ]


def page_shop() -> dict[str, list[dict[str, Any]]]:
    """Ten sessions: /hit seen by all, /gem by two who both buy, /dull by eight who do not."""
    at = "2025-03-01T12:00:00+01:00"
    shop: dict[str, list[dict[str, Any]]] = {"sessions": [], "page_views": [], "orders": []}
    for i in range(10):
        shop["sessions"].append(
            {"session_id": f"s{i}", "visitor_id": f"v{i}", "started_at": at, "page_views": 2}
        )
        for page in ("/hit", "/gem" if i < 2 else "/dull"):
            shop["page_views"].append(
                {"view_id": f"{page}{i}", "session_id": f"s{i}", "viewed_at": at, "page": page}
            )
    shop["orders"] = [{**order(str(i), f"c{i}", at), "session_id": f"s{i}"} for i in range(2)]
    return shop


def test_routes_are_pages_beyond_the_shop_s_quantiles(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, page_shop())
    found = query(engine, ["good_routes", "bad_routes"], **YEAR, grain="year", with_tables=True)
    assert [found[k].total["value"] for k in found] == [1, 1]
    good, bad = found["good_routes"].table, found["bad_routes"].table
    assert good is not None
    assert bad is not None
    assert good.to_numpy().tolist() == [["/gem", 2.0, 2, 1.0]]
    assert bad["page"].tolist() == ["/dull"]
    loose = engine_of(tmp_path / "b", page_shop(), settings=Settings(low_conversion=0.5))
    assert query(loose, ["bad_routes"], **YEAR, grain="year")["bad_routes"].total["value"] == 2


def test_a_trailing_year_forgets_what_is_older(tmp_path: Path) -> None:
    orders = [order("1", "a", "2024-02-10T12:00:00+01:00"), order("2", "a", "2024-06-01T12:00:00+02:00"),
              order("3", "b", "2025-03-05T12:00:00+01:00"), order("4", "b", "2025-07-01T12:00:00+02:00")]  # fmt: skip
    lines = [
        line(o["order_id"], 1, o["ordered_at"], "p", "1", p)
        for o, p in zip(orders, ("100", "60", "30", "5"), strict=True)
    ]
    engine = engine_of(
        tmp_path, {"orders": orders, "order_lines": lines}, settings=Settings(good_customer_line=100)
    )
    months = {"start": date(2025, 1, 1), "end": date(2025, 8, 1), "grain": "month"}
    found = query(engine, ["ltv", "good_customers"], **months)  # type: ignore[arg-type]
    assert found["ltv"].frame["value"].tolist() == [160, 60, 90 / 2, 90 / 2, 90 / 2, 30, 35]
    assert found["ltv"].frame["denominator"].tolist() == [1, 1, 2, 2, 2, 1, 1]
    assert found["good_customers"].frame["value"].tolist() == [1, 0, 0, 0, 0, 0, 0]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Engine]:
    shops = {"sales": SALES, "traffic": TRAFFIC, "marketing": MARKETING, "service": {**SERVICE, **{
        name: TRAFFIC[name] for name in ("sessions", "page_views")}}}  # fmt: skip
    return {name: engine_of(tmp_path_factory.mktemp(name), shop) for name, shop in shops.items()}


TABLES: dict[str, tuple[str, list[str], list[list[Any]]]] = {
    "product_affinity": ("sales", ["product_a", "product_b", "orders", "support", "confidence", "lift"],
                         [["p1", "p2", 2, 2 / 5, 2 / 3, 10 / 9], ["p2", "p1", 2, 2 / 5, 2 / 3, 10 / 9]]),
    "days_of_inventory": ("sales", ["product", "on_hand", "daily", "days", "runs_out_on"],
                          [["p2", 5, 4 / 28, 35, "2026-03-13"], ["p1", 9, 1 / 28, 252, "2026-10-16"]]),
    "price_index": ("sales", ["product", "own_price", "their_price", "units", "index"],
                    [["p2", 50, 40, 4, 1.25], ["p1", 100, 100, 2, 1]]),
    "product_relationship": ("traffic", ["product", "next_product", "times", "share"], [["p1", "p2", 1, 1 / 2]]),
    "traffic_source": ("traffic", ["source", "medium", "sessions", "share", "bought"],
                       [["(not set)", "(not set)", 3, 3 / 6, 0], ["google", "cpc", 1, 1 / 6, 1],
                        ["google", "organic", 1, 1 / 6, 0], ["mail", "email", 1, 1 / 6, 1]]),
    "reviews": ("marketing", ["product", "reviews", "rating", "poor_share"],
                [["p1", 2, 3.5, 1 / 2], ["(not set)", 1, 4, 0]]),
    "affiliate_performance": ("marketing", ["affiliate", "clicks", "orders", "revenue", "commission", "ratio"],
                              [["x", 150, 2, 210, 20, 210 / 20], ["y", 10, 1, 90, 30, 3]]),
    "hit_rate": ("service", ["product", "units", "customers", "rate"], [["p2", 6, 1, 6], ["p1", 4, 1, 4]]),
    "concern_classification": ("service", ["category", "tickets", "share", "before", "change"],
                               [["delivery", 3, 3 / 5, 0, 3], ["(not set)", 1, 1 / 5, 0, 1], ["returns", 1, 1 / 5, 0, 1]]),
    "pages_before_contact": ("service", ["page", "tickets", "views", "per_thousand"], [["/help", 2, 1, 2000]]),
}  # fmt: skip


@pytest.mark.parametrize("kpi", TABLES)
def test_a_ranked_table_is_what_the_pencil_says(kpi: str, engines: dict[str, Engine]) -> None:
    group, columns, wanted = TABLES[kpi]
    ask: dict[str, Any] = {"start": date(2026, 1, 1), "end": date(2026, 3, 1), "grain": "month"}
    table = query(engines[group], [kpi], **ask, with_tables=True)[kpi].table
    assert table is not None
    found = sorted(table[columns].to_numpy().tolist(), key=lambda row: str(row[0]))
    for row, expected in zip(found, sorted(wanted, key=lambda row: str(row[0])), strict=False):
        plain = [str(v)[:10] if hasattr(v, "year") else float(v) if isinstance(v, int) else v for v in row]
        assert plain == pytest.approx(expected), table


def test_the_busiest_hours_come_first(engines: dict[str, Engine]) -> None:
    table = query(
        engines["traffic"],
        ["day_parts"],
        start=date(2026, 1, 1),
        end=date(2026, 3, 1),
        grain="month",
        with_tables=True,
    )["day_parts"].table
    assert table is not None
    assert table.iloc[0].tolist() == [2, 11, 2, 0, 2 / 6]
    assert table["orders"].sum() == 5


def test_keywords_show_rank_and_trend(engines: dict[str, Engine]) -> None:
    table = query(
        engines["marketing"],
        ["seo_keywords"],
        start=date(2026, 2, 1),
        end=date(2026, 3, 1),
        grain="month",
        with_tables=True,
    )["seo_keywords"].table
    assert table is not None
    row = table[table["keyword"] == "socks"].iloc[0]
    assert (row["rank"], row["monthly_searches"], row["trend"]) == (5, 900, 2)
    assert sorted(table["keyword"]) == ["cups", "socks"]


def test_every_table_kpi_brings_its_table(engines: dict[str, Engine]) -> None:
    ask: dict[str, Any] = {
        "start": date(2026, 1, 1),
        "end": date(2026, 3, 1),
        "grain": "month",
        "with_tables": True,
    }
    for kpi in catalogue().values():
        assert (kpi.rollup != "table") or kpi.table is not None, kpi.id
        if kpi.table:
            table = query(engines["sales"], [kpi.id], **ask)[kpi.id].table
            assert table is not None
            assert list(table.columns) == list(kpi.table.columns)


def test_the_lifetime_table_forecasts_with_an_interval(tmp_path: Path) -> None:
    import numpy as np

    pick = np.random.default_rng(5)
    orders, lines = [], []
    for customer in range(120):
        at, rate = float(pick.uniform(0, 100)), float(pick.gamma(2, 30))
        n = 0
        while at < 365:
            moment = (datetime(2025, 1, 1, 12) + timedelta(days=at)).isoformat() + "+00:00"
            key = f"{customer}-{n}"
            orders.append(order(key, f"c{customer}", moment))
            lines.append(line(key, 1, moment, "p", "1", str(round(pick.gamma(5, 40), 2)), unit_cost="20"))
            n, at = n + 1, at + float(pick.exponential(rate))
            if pick.random() < 0.15:
                break
    engine = engine_of(tmp_path, {"orders": orders, "order_lines": lines})
    table = query(engine, ["customer_lifetime_value"], **YEAR, grain="year", with_tables=True)[
        "customer_lifetime_value"
    ].table
    assert table is not None
    assert len(table) == 120
    assert (
        (table["low"] <= table["expected_margin"] * 1.02) & (table["expected_margin"] <= table["high"] * 1.02)
    ).mean() > 0.9
    assert table["alive"].between(0, 1).all()
    loyal = table[table["orders"] >= 4]["expected_orders"].mean()
    once = table[table["orders"] == 1]["expected_orders"].mean()
    assert loyal > once
