"""The sample shop is plausible, and its story can be read from the numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kpi_tree.sample.draws import Draws
from kpi_tree.sample.generate import SEED
from kpi_tree.sample.outages import outages
from kpi_tree.sample.shop import goods
from kpi_tree.sample.story import date_of, day_number

Ask = Callable[[str], list[tuple[Any, ...]]]

LEVELS: dict[str, tuple[str, float, float]] = {
    "visits a day": ("SELECT count(*) / 1096.0 FROM sessions", 380, 480),
    "orders a day": ("SELECT count(*) / 1096.0 FROM orders", 12, 16),
    "conversion": (
        "SELECT (SELECT count(*) FROM orders) / (SELECT count(*) FROM sessions)::DOUBLE", 0.02, 0.04,
    ),
    "order value": (
        """SELECT (SELECT sum(quantity * unit_price - discount) FROM order_lines)
                / (SELECT count(*) FROM orders)""",
        700, 900,
    ),
    "bounces": ("SELECT count(*) FILTER (page_views = 1) / count(*)::DOUBLE FROM sessions", 0.40, 0.55),
    "refunded": (
        """SELECT (SELECT sum(amount) FROM refunds) / (SELECT sum(quantity * unit_price) FROM order_lines)""",
        0.045, 0.075,
    ),
    "returning this quarter": (
        """SELECT avg((n > 1)::INT) FROM (SELECT ordered_at, row_number() OVER (PARTITION BY customer_id
           ORDER BY ordered_at) AS n FROM orders) WHERE ordered_at >= '2026-10-01'""", 0.30, 0.45,
    ),
    "phones": ("SELECT count(*) FILTER (device = 'mobile') / count(*)::DOUBLE FROM sessions", 0.55, 0.75),
    "bought carts": (
        """SELECT count(DISTINCT session_id) FILTER (step = 'purchase') / count(DISTINCT session_id)::DOUBLE
           FROM cart_events""", 0.25, 0.45,
    ),
    "goods' share of the price": (
        "SELECT sum(quantity * unit_cost) / sum(quantity * unit_price - discount) FROM order_lines",
        0.40, 0.55,
    ),
    "opened newsletters": (
        "SELECT sum(unique_opens) / sum(delivered) FROM message_sends WHERE channel = 'email'", 0.30, 0.45,
    ),
    "clicked newsletters": (
        "SELECT sum(unique_clicks) / sum(delivered) FROM message_sends WHERE channel = 'email'", 0.02, 0.08,
    ),
    "return on advertising": ("SELECT sum(revenue) / sum(cost) FROM ad_stats", 1.2, 6),
    "satisfied": ("SELECT avg((score >= 4)::INT) FROM surveys WHERE kind = 'csat'", 0.65, 0.95),
    "recommending": (
        "SELECT 100 * (avg((score >= 9)::INT) - avg((score <= 6)::INT)) FROM surveys WHERE kind = 'nps'",
        20, 70,
    ),
    "first reply in minutes": (
        "SELECT median(date_diff('second', opened_at, first_response_at)) / 60 FROM tickets", 2, 180,
    ),
    "right first time": ("SELECT sum(units_good) / sum(units_started) FROM production_runs", 0.85, 0.99),
    "market share": (
        """SELECT (SELECT sum(quantity * unit_price - discount) FROM order_lines
                   WHERE local_day(ordered_at) BETWEEN DATE '2026-01-01' AND DATE '2026-10-31')
                / (SELECT sum(value) FROM market_size
                   WHERE month BETWEEN DATE '2026-01-01' AND DATE '2026-10-31')""",
        0.005, 0.03,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", list(LEVELS))
def test_level(ask: Ask, what: str) -> None:
    sql, low, high = LEVELS[what]
    [(value,)] = ask(sql)
    assert low <= float(value) <= high


def one(ask: Ask, sql: str) -> float:
    return float(ask(sql)[0][0])


def test_while_the_checkout_fails_carts_fill_and_do_not_complete(ask: Ask) -> None:
    def bought(days: str) -> float:
        return one(
            ask,
            f"""SELECT count(DISTINCT session_id) FILTER (step = 'purchase')
            / count(DISTINCT session_id)::DOUBLE
            FROM cart_events WHERE local_day(occurred_at) BETWEEN {days}""",
        )

    fault = bought("DATE '2026-11-08' AND DATE '2026-11-11'")
    assert fault < 0.10 < 0.25 < bought("DATE '2026-11-01' AND DATE '2026-11-07'")
    carts = """SELECT count(DISTINCT session_id) / 4.0 FROM cart_events WHERE local_day(occurred_at)"""
    during = one(ask, f"{carts} BETWEEN DATE '2026-11-08' AND DATE '2026-11-11'")
    assert during > 0.75 * one(ask, f"{carts} BETWEEN DATE '2026-11-04' AND DATE '2026-11-07'")
    share = "count(*) FILTER (category = 'Betaling') / count(*)::DOUBLE"
    asked = f"SELECT {share} FROM tickets WHERE local_day(opened_at)"
    assert one(ask, f"{asked} BETWEEN DATE '2026-11-08' AND DATE '2026-11-11'") > 0.4
    assert one(ask, f"{asked} BETWEEN DATE '2026-10-08' AND DATE '2026-10-31'") < 0.25


def test_a_sold_out_product_stands_at_nothing_and_is_not_sold(ask: Ask) -> None:
    planned = outages(Draws(SEED), day_number(date(2026, 7, 1)), day_number(date(2026, 10, 1)))
    assert len(planned) == 2
    for each in planned:
        sku, first, last = goods().ids[each.product], date_of(each.first), date_of(each.end - 2)
        levels = ask(f"""SELECT on_hand FROM stock_levels WHERE product_id = '{sku}'
                         AND local_day(counted_at) BETWEEN '{first}' AND '{last}'""")
        assert len(levels) == each.end - 1 - each.first
        assert {level for (level,) in levels} == {0}
        assert (
            ask(f"""SELECT order_id FROM order_lines WHERE product_id = '{sku}'
                       AND local_day(ordered_at) BETWEEN '{first}' AND '{last}'""")
            == []
        )


def test_prices_rise_in_august(ask: Ask) -> None:
    [(before,), (after,)] = ask("""
        SELECT max(unit_price) AS price FROM order_lines WHERE product_id = 'TEK-301'
        AND local_day(ordered_at) BETWEEN DATE '2026-06-01' AND DATE '2026-08-23'
        UNION ALL SELECT max(unit_price) FROM order_lines WHERE product_id = 'TEK-301'
        AND local_day(ordered_at) BETWEEN DATE '2026-08-24' AND DATE '2026-10-31'""")
    assert 1.02 < float(after / before) < 1.06
    index = "SELECT avg(own_price / price) FROM competitor_prices WHERE seen_on"
    assert one(ask, f"{index} >= DATE '2026-09-01'") > one(ask, f"{index} < DATE '2024-08-01'")


def test_black_week_is_the_busiest_of_the_year(ask: Ask) -> None:
    [(week,)] = ask("""SELECT date_trunc('week', local_day(ordered_at))::DATE::TEXT AS week FROM orders
                       WHERE year(local_day(ordered_at)) = 2025 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1""")
    assert week == "2025-11-24"
    off = """SELECT sum(discount) / sum(quantity * unit_price) FROM order_lines WHERE local_day(ordered_at)"""
    assert one(ask, f"{off} BETWEEN DATE '2025-11-24' AND DATE '2025-11-30'") > 0.15


def test_weekdays_hours_and_seasons_have_their_shape(ask: Ask) -> None:
    days = dict(ask("SELECT isodow(local_day(started_at)) AS d, count(*) AS n FROM sessions GROUP BY 1"))
    assert days[7] > days[6] * 1.15
    hours = dict(
        ask("SELECT hour(timezone('Europe/Oslo', started_at)) AS h, count(*) AS n FROM sessions GROUP BY 1")
    )
    assert max(hours, key=hours.__getitem__) in {19, 20, 21}
    assert hours[3] * 10 < hours[20]
    garden = dict(
        ask("""SELECT month(local_day(ordered_at)) AS m, sum(quantity) AS n FROM order_lines
                         WHERE category = 'Hage' GROUP BY 1""")
    )
    assert garden[5] > 4 * garden[11]


def test_this_quarter_is_behind_its_goal_and_not_by_much(ask: Ask) -> None:
    """Ten per cent more than last year is the goal; the path has last year's shape."""
    sold = "SELECT sum(quantity * unit_price - discount) FROM order_lines WHERE local_day(ordered_at)"
    now = one(ask, f"{sold} BETWEEN DATE '2026-10-01' AND DATE '2026-11-21'")
    before = one(ask, f"{sold} BETWEEN DATE '2025-10-01' AND DATE '2025-11-21'")
    assert 0.85 < now / (1.1 * before) < 0.95
    early = one(ask, f"{sold} BETWEEN DATE '2026-10-01' AND DATE '2026-11-07'")
    early_before = one(ask, f"{sold} BETWEEN DATE '2025-10-01' AND DATE '2025-11-07'")
    assert 0.95 < early / (1.1 * early_before) < 1.05, "on track until the checkout failed"


def test_names_are_nordic() -> None:
    assert {letter for name in goods().names for letter in name.lower()} >= set("æøå«»")
