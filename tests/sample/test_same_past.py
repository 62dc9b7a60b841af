"""The past of the sample shop does not depend on when it is made."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from kpi_tree.errors import Refused
from kpi_tree.records import table, tables
from kpi_tree.sample import generate

OSLO = ZoneInfo("Europe/Oslo")
EARLY, LATE, DAYS = date(2026, 4, 10), date(2026, 5, 20), 130
BECOMES_KNOWN = {
    "customers": set(),  # described as of the records' end, like the goods
    "products": set(),
    "tickets": {"first_response_at", "resolved_at", "status", "satisfaction"},
    "subscriptions": {"unsubscribed_at"},
    "message_sends": {"unique_opens", "unique_clicks", "total_clicks", "unsubscribes", "revenue"},
    "social_posts": {"impressions", "likes", "comments", "shares", "saves", "clicks"},
    "projects": {"ended_on"},
    "seo_keywords": {"dropped_on"},
    "exposures": {"converted", "value"},
}
LIMITED = {"page_views", "form_events"}  # kept for the last 120 days only
TOTALS = {"traffic_daily", "sales_daily"}  # of the days before the records


@pytest.fixture(scope="module")
def early() -> dict[str, pa.Table]:
    return generate(EARLY, days=DAYS)


@pytest.fixture(scope="module")
def late() -> dict[str, pa.Table]:
    return generate(LATE, days=DAYS + (LATE - EARLY).days)


def rows(data: pa.Table, name: str, first: date, end: date) -> list[dict[str, object]]:
    """Rows whose time lies in the days, without what becomes known later."""
    column = table(name).time
    assert column
    low, high = (
        (first, end)
        if pa.types.is_date(data.schema.field(column).type)
        else tuple(
            datetime(day.year, day.month, day.day, tzinfo=OSLO).astimezone(UTC) for day in (first, end)
        )
    )
    kind = data.schema.field(column).type
    inside = pc.and_(
        pc.greater_equal(data[column], pa.scalar(low, kind)), pc.less(data[column], pa.scalar(high, kind))
    )
    return data.filter(inside).drop_columns(["_row", *BECOMES_KNOWN.get(name, set())]).to_pylist()


@pytest.mark.parametrize(
    "name", [name for name in tables() if name not in {"customers", "products", *LIMITED}]
)
def test_a_later_call_adds_days_and_changes_none(
    early: dict[str, pa.Table], late: dict[str, pa.Table], name: str
) -> None:
    first = date(2025, 12, 1)
    end = date(2026, 4, 1) if name == "market_size" else EARLY  # a month is known once it is over
    assert rows(early[name], name, first, end) == rows(late[name], name, first, end)


def test_page_views_of_days_that_both_hold_are_the_same(
    early: dict[str, pa.Table], late: dict[str, pa.Table]
) -> None:
    for name in LIMITED:
        first = date(2026, 2, 1)
        assert rows(early[name], name, first, EARLY) == rows(late[name], name, first, EARLY) != []


def test_what_was_not_known_yet_is_filled_in(early: dict[str, pa.Table], late: dict[str, pa.Table]) -> None:
    assert late["tickets"]["resolved_at"].null_count < len(late["tickets"]) * 0.08
    before = dict(zip(*(early["tickets"][c].to_pylist() for c in ("ticket_id", "resolved_at")), strict=True))
    after = dict(zip(*(late["tickets"][c].to_pylist() for c in ("ticket_id", "resolved_at")), strict=True))
    assert all(after[ticket] == when for ticket, when in before.items() if when is not None)
    assert any(after[ticket] is not None for ticket, when in before.items() if when is None)


def test_a_longer_reach_back_changes_no_day(late: dict[str, pa.Table]) -> None:
    """Orders, visits and stock of a day are the same from however far back the records begin."""
    longer = generate(LATE, days=DAYS + 100)
    for name in (
        "orders",
        "order_lines",
        "sessions",
        "stock_levels",
        "stock_receipts",
        "cart_events",
        "ad_stats",
    ):
        found = rows(longer[name], name, date(2026, 3, 1), LATE)
        assert found == rows(late[name], name, date(2026, 3, 1), LATE) != []


def test_same_seed_same_bytes_other_seed_other_shop() -> None:
    one, again = (generate(EARLY, days=20) for _ in range(2))
    other = generate(EARLY, days=20, seed=8)
    assert all(one[name].equals(again[name]) for name in one)
    assert not one["orders"].equals(other["orders"])
    assert list(other) == list(tables())


def test_scale_makes_more_of_it() -> None:
    small, large = generate(EARLY, days=20, scale=0.2), generate(EARLY, days=20, scale=3)
    assert small["sessions"].num_rows * 10 < large["sessions"].num_rows < small["sessions"].num_rows * 20


@pytest.mark.parametrize(
    "until", [date(2015, 2, 28), date(2024, 2, 29), date(2026, 3, 30), date(2026, 10, 26)]
)
def test_other_days_give_a_shop_too(until: date) -> None:
    made = generate(until, days=5)
    assert made["orders"].num_rows > 15
    days = {when.astimezone(OSLO).date() for when in made["sessions"]["started_at"].to_pylist()}
    assert len(days) == 5
    assert max(days) < until


@pytest.mark.parametrize(
    ("until", "days", "scale"),
    [(date(2026, 1, 1), 0, 1.0), (date(2001, 1, 1), 30, 1.0), (date(2200, 1, 1), 30, 1.0),
     (date(2026, 1, 1), 9000, 1.0), (date(2026, 1, 1), 30, 0.0), (date(2026, 1, 1), 30, float("nan"))],
)  # fmt: skip
def test_senseless_spans_are_refused(until: date, days: int, scale: float) -> None:
    with pytest.raises(Refused):
        generate(until, days=days, scale=scale)
