# ruff: noqa: E501 (SQL and rows of data read better in one line)
"""Funnels, cohorts and customer segments against a second count in plain Python."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.errors import NotFound, Refused
from kpi_tree.metrics import Engine, cohort_grid, form_funnel, purchase_funnel, rfm_segments

from .shop import engine_of

YEAR: dict[str, Any] = {"start": date(2025, 1, 1), "end": date(2026, 1, 1)}
FIRST = date(2025, 1, 1)
Rows = list[dict[str, Any]]


def at(day: date, hour: int = 11) -> str:
    return f"{day.isoformat()}T{hour:02}:00:00+00:00"


def trade(seed: int = 3) -> tuple[Rows, Rows, Rows]:
    """Orders of some customers over fourteen months, their lines, and some refunds."""
    rng = random.Random(seed)
    orders: Rows = []
    lines: Rows = []
    refunds: Rows = []
    for n in range(160):
        day = FIRST - timedelta(days=30) + timedelta(days=rng.randrange(420))
        customer = rng.choice([None, "", *(f"c{c}" for c in range(45))])
        status = rng.choice(["placed"] * 9 + ["cancelled"])
        order = {"order_id": f"o{n}", "ordered_at": at(day), "customer_id": customer, "status": status}
        orders.append(
            {**order, "device": rng.choice(["mobile", "desktop"]), "discount": str(rng.randrange(3))}
        )
        lines.append(
            {"order_id": f"o{n}", "line_no": 1, "ordered_at": at(day), "quantity": "2",
             "unit_price": str(rng.randrange(10, 90)), "discount": "1"}
        )  # fmt: skip
        if rng.random() < 0.2:
            refunded = at(day + timedelta(days=rng.randrange(40)))
            refunds.append({"refund_id": f"r{n}", "line_no": 1, "order_id": f"o{n}", "amount": "7.5",
                            "refunded_at": refunded, "customer_id": customer})  # fmt: skip
    return orders, lines, refunds


TRADE = trade()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    orders, lines, refunds = TRADE
    return engine_of(
        tmp_path_factory.mktemp("groups"), {"orders": orders, "order_lines": lines, "refunds": refunds}
    )


def day_of(text: str) -> date:
    return date.fromisoformat(text[:10])


def placed() -> dict[str, list[tuple[date, dict[str, Any]]]]:
    """Customer → orders by day."""
    found = defaultdict(list)
    for order in TRADE[0]:
        if order["customer_id"] and order["status"] == "placed":
            found[order["customer_id"]].append((day_of(order["ordered_at"]), order))
    return {
        name: sorted(each, key=lambda pair: (pair[0], pair[1]["order_id"])) for name, each in found.items()
    }


@pytest.mark.parametrize("device", [None, "mobile"])
def test_cohorts_hold_who_came_first_in_a_month_and_who_came_again(shop: Engine, device: str | None) -> None:
    through = max(
        max(day_of(order["ordered_at"]) for order in TRADE[0]),
        max(day_of(refund["refunded_at"]) for refund in TRADE[2]),
    )
    expected: dict[tuple[date, int], tuple[int, int]] = {}
    cohorts = defaultdict(list)
    for days in placed().values():
        if device is None or days[0][1]["device"] == device:
            cohorts[days[0][0].replace(day=1)].append({day.replace(day=1) for day, _ in days})
    for cohort, members in cohorts.items():
        if not YEAR["start"] <= cohort < YEAR["end"]:
            continue
        for offset in range(30):
            years, month = divmod(cohort.month - 1 + offset, 12)
            month_start = date(cohort.year + years, month + 1, 1)
            after = date(month_start.year + (month_start.month == 12), month_start.month % 12 + 1, 1)
            if after - timedelta(days=1) <= through:
                again = sum(month_start in active for active in members)
                expected[cohort, offset] = (len(members), again)
    where = {"device": [device]} if device else {}
    grid = cohort_grid(shop, **YEAR, grain="month", where=where)
    found = {(row.cohort, row.offset): (row.size, row.customers) for row in grid.itertuples()}
    assert found == expected
    assert any(0 < again < size for (_, offset), (size, again) in found.items() if offset)


def test_segments_hold_every_known_customer_once_with_their_money(shop: Engine) -> None:
    inside = {
        name: days
        for name, each in placed().items()
        if (days := [pair for pair in each if YEAR["start"] <= pair[0] < YEAR["end"]])
    }
    amounts = {line["order_id"]: Decimal(line["unit_price"]) * 2 - 1 for line in TRADE[1]}
    last = {name: days[-1][0] for name, days in inside.items()}
    often = {name: len(days) for name, days in inside.items()}
    money = {
        name: sum((amounts[o["order_id"]] - int(o["discount"]) for _, o in days), Decimal())
        for name, days in inside.items()
    }
    sold = {order["order_id"] for order in TRADE[0] if order["status"] == "placed"}
    for refund in (one for one in TRADE[2] if one["order_id"] in sold):
        if refund["customer_id"] in money and YEAR["start"] <= day_of(refund["refunded_at"]) < YEAR["end"]:
            money[refund["customer_id"]] -= Decimal(refund["amount"])
    expected: dict[str, list[Any]] = {}
    for name in inside:
        recency = 1 + 5 * sum(other < last[name] for other in last.values()) // len(last)
        frequency = 1 + 5 * sum(other < often[name] for other in often.values()) // len(often)
        row = expected.setdefault(segment_of(recency, frequency), [0, 0, Decimal(), 0])
        row[0] += 1
        row[1] += often[name]
        row[2] += money[name]
        row[3] += (date(2025, 12, 31) - last[name]).days
    found = rfm_segments(shop, **YEAR)
    assert set(found["segment"]) == set(expected)
    for row in found.itertuples():
        customers, orders, sales, days = expected[row.segment]
        assert (row.customers, row.orders) == (customers, orders)
        assert row.sales == pytest.approx(float(sales))
        assert row.days_since == pytest.approx(days / customers)


def segment_of(recency: int, frequency: int) -> str:
    if recency >= 4:
        return "champions" if frequency >= 4 else "promising" if frequency >= 2 else "new"
    if recency == 3:
        return "loyal" if frequency >= 4 else "fading"
    return "at_risk" if frequency >= 4 else "sleeping" if frequency >= 2 else "lost"


SESSIONS: Rows = [
    {
        "session_id": f"s{n}",
        "started_at": at(date(2025, 3, 1 + n)),
        "device": "mobile" if n % 2 else "desktop",
    }
    for n in range(8)
]
VIEWS: Rows = [
    {"view_id": f"v{n}", "session_id": f"s{n}", "viewed_at": at(date(2025, 3, 1 + n)), "page": "/x",
     "page_type": "product" if n in (1, 2, 5) else "home"}
    for n in range(8)
]  # fmt: skip
CART: Rows = [
    {"event_id": "a", "session_id": "s0", "occurred_at": at(date(2025, 3, 1)), "step": "add_to_cart"},
    {"event_id": "b", "session_id": "s2", "occurred_at": at(date(2025, 3, 3)), "step": "add_to_cart"},
    {"event_id": "c", "session_id": "s2", "occurred_at": at(date(2025, 3, 3)), "step": "add_to_cart"},
    {"event_id": "d", "session_id": "s2", "occurred_at": at(date(2025, 3, 3)), "step": "begin_checkout"},
    {"event_id": "e", "session_id": "s3", "occurred_at": at(date(2025, 3, 4)), "step": "purchase"},
]
FORMS: Rows = [
    {"event_id": f"f{n}", "session_id": session, "occurred_at": at(date(2025, 3, 2)), "form": form, "step": step}
    for n, (session, form, step) in enumerate(
        [("s1", "help", "page_seen"), ("s1", "help", "reached"), ("s2", "help", "page_seen"),
         ("s3", "help", "submitted"), ("s3", "news", "page_seen")]
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    shop = {"sessions": SESSIONS, "page_views": VIEWS, "cart_events": CART, "form_events": FORMS}
    counted = [{"day": "2025-04-01", "sessions": 50, "cart_sessions": 5}]
    return engine_of(tmp_path_factory.mktemp("visits"), {**shop, "traffic_daily": counted})


def test_a_visit_counts_for_every_step_up_to_its_last(visits: Engine) -> None:
    # s2 saw a product and went to the checkout, s3 only left an order, s0 a cart, s1 and s5 a product
    found = purchase_funnel(visits, **YEAR)
    assert found["visits"].tolist() == [8, 5, 3, 2, 1]
    parts = purchase_funnel(visits, **YEAR, by="device")
    assert parts.groupby("step")["visits"].sum()["cart"] == 3
    mobile = purchase_funnel(visits, **YEAR, where={"device": ["mobile"]})
    assert mobile["visits"].tolist() == [4, 3, 1, 1, 1]  # s1, s3, s5, s7


def test_a_form_counts_visits_and_not_its_events(visits: Engine) -> None:
    assert form_funnel(visits, **YEAR)["visits"].tolist() == [3, 2, 1]
    parts = form_funnel(visits, **YEAR, by="form")
    assert parts[parts["part"] == "news"]["visits"].tolist() == [1, 0, 0]


def test_a_slip_of_the_pen_is_refused_and_not_an_empty_funnel(visits: Engine) -> None:
    with pytest.raises(NotFound, match="device"):
        purchase_funnel(visits, **YEAR, by="devise")
    with pytest.raises(Refused, match="mobile"):
        purchase_funnel(visits, **YEAR, where={"device": ["moble"]})


def test_without_orders_there_are_no_groups(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {})
    assert cohort_grid(engine, **YEAR).empty
    assert rfm_segments(engine, **YEAR).empty
    assert purchase_funnel(engine, **YEAR).empty
