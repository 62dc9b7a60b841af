# ruff: noqa: E501 (a table of expressions and their oracles reads better in one line each)
"""Each kind of own KPI against a second computation in plain Python that shares no code with the first."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.metrics import Engine, Series, query
from tests.own.shop import Row, Shop, draw, local_day, opened

START, END = date(2026, 1, 10), date(2026, 3, 21)
SEEDS = (1, 2, 3)
NOT_SET = "(not set)"
Period = tuple[date, date]


def months(start: date = START, end: date = END) -> list[Period]:
    """The days of the span, month by month."""
    firsts = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]
    return [(max(a, start), min(b, end)) for a, b in pairwise(firsts)]


def weeks() -> list[Period]:
    """The same by ISO week."""
    first = START - timedelta(days=START.weekday())
    count = (END - first).days // 7 + 1
    spans = [(first + timedelta(days=7 * n), first + timedelta(days=7 * n + 7)) for n in range(count)]
    return [(max(a, START), min(b, END)) for a, b in spans if a < END]


GRAINS: dict[str, Callable[[], list[Period]]] = {"month": months, "week": weeks}


def asked(engine: Engine, kpi: str, grain: str, by: tuple[str, ...] = (), **more: Any) -> Series:
    return query(engine, [kpi], start=START, end=END, grain=grain, by=by, **more)[kpi]


def same(found: float | None, wanted: float | None) -> bool:
    """Equal to the last cent; no value is no value."""
    if found is not None and found != found:
        found = None
    if found is None or wanted is None:
        return found is None and wanted is None
    return found == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def part(row: Row, dim: str) -> str:
    return row[dim] or NOT_SET


def check(
    engine: Engine, kpi: str, rows: list[Row], value: Callable[[list[Row], Period], float | None],
    dim: str = "channel", grains: Iterable[str] = ("month", "week"),
) -> None:  # fmt: skip
    """Every period, the whole span, and every part of both; ``value`` sees the rows of the part only."""
    for grain in grains:
        periods = GRAINS[grain]()
        series = asked(engine, kpi, grain)
        for at, period in enumerate(periods):
            found = series.frame["value"].iloc[at]
            assert same(found, value(rows, period)), (kpi, grain, period, found, value(rows, period))
        assert same(series.total["value"], value(rows, (START, END))), (kpi, series.total)
        parts = asked(engine, kpi, grain, (dim,))
        for row in parts.frame.to_dict("records"):
            period = next(p for p in periods if p[0] <= max(row["period"].date(), START) < p[1])
            mine = [one for one in rows if part(one, dim) == row[dim]]
            assert same(row["value"], value(mine, period)), (kpi, grain, period, row, value(mine, period))
        assert parts.totals is not None
        for row in parts.totals.to_dict("records"):
            mine = [one for one in rows if part(one, dim) == row[dim]]
            assert same(row["value"], value(mine, (START, END))), (kpi, row)
        kept = asked(engine, kpi, grain, where={dim: [NOT_SET]})
        mine = [one for one in rows if part(one, dim) == NOT_SET]
        assert same(kept.total["value"], value(mine, (START, END)))


def within(rows: list[Row], period: Period, column: str = "ordered_at") -> list[Row]:
    return [row for row in rows if period[0] <= local_day(row[column]) < period[1]]


def known(column: str, rows: list[Row]) -> list[float]:
    return [row[column] for row in rows if row[column] is not None]


def _phones(rows: list[Row]) -> tuple[list[Row], list[float]]:
    mine = [r for r in rows if r["device"] == "phone"]
    return mine, known("total", mine)


def added(rows: list[Row], values: list[float]) -> float | None:
    """A sum: 0 where there is no record, no value where there are records and none of them says a figure."""
    return None if rows and not values else sum(values)


SIMPLE: dict[str, tuple[str, Callable[[list[Row]], float | None]]] = {
    "sum(total - coalesce(discount, 0))": (
        "net", lambda rows: added(rows, [r["total"] - (r["discount"] or 0) for r in rows if r["total"] is not None]),
    ),
    "count(*)": ("count", lambda rows: len(rows)),
    "count(discount)": ("filled", lambda rows: len(known("discount", rows))),
    "count(DISTINCT customer_id)": ("different", lambda rows: len({r["customer_id"] for r in rows if r["customer_id"]})),
    "avg(total)": ("middling", lambda rows: statistics.fmean(known("total", rows)) if known("total", rows) else None),
    "median(total)": ("middle", lambda rows: statistics.median(known("total", rows)) if known("total", rows) else None),
    "max(total) - min(total)": (
        "spread", lambda rows: max(known("total", rows)) - min(known("total", rows)) if known("total", rows) else None,
    ),
    "sum(total) FILTER (WHERE device = 'phone')": (
        "phones", lambda rows: added(*_phones(rows)),
    ),
    "count_if(total > 50 OR discount IS NULL)": (
        "some", lambda rows: len([r for r in rows if (r["total"] or 0) > 50 or r["discount"] is None]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_simple(tmp_path: Path, seed: int) -> None:
    shop = draw(seed)
    yaml = "".join(
        f"- {{id: {name}, name: A, table: orders, value: {value!r}, filter: \"status <> 'test'\"}}\n"
        for value, (name, _) in SIMPLE.items()
    )
    rows = [row for row in shop["orders"] if row["status"] != "test"]
    with opened(tmp_path, shop, yaml) as engine:
        for name, compute in SIMPLE.values():
            check(engine, name, rows, lambda some, period, f=compute: f(within(some, period)))


@pytest.mark.parametrize("seed", SEEDS)
def test_ratio_is_sum_over_sum_on_rows_that_carry_both(tmp_path: Path, seed: int) -> None:
    shop = draw(seed)
    yaml = """
    - {id: share, name: A, kind: ratio, table: orders, numerator: sum(discount), denominator: sum(total)}
    - id: per_visit
      name: A
      kind: ratio
      numerator: {table: orders, value: sum(total), filter: "status = 'placed'"}
      denominator: {table: sessions, value: count(*)}
    - {id: per_order, name: A, table: orders, value: sum(total) / count(*)}
    """
    both = [r for r in shop["orders"] if r["discount"] is not None and r["total"] is not None]

    def share(rows: list[Row], period: Period) -> float | None:
        mine = within(rows, period)
        below = sum(r["total"] for r in mine)
        return sum(r["discount"] for r in mine) / below if below else None

    with opened(tmp_path, shop, yaml) as engine:
        check(engine, "share", both, share)
        for at, period in enumerate(months()):
            placed = [r for r in within(shop["orders"], period) if r["status"] == "placed"]
            visits = within(shop["sessions"], period, "started_at")
            found = asked(engine, "per_visit", "month").frame["value"].iloc[at]
            assert same(found, sum(r["total"] or 0 for r in placed) / len(visits) if visits else None)
        series = asked(engine, "per_order", "month")
        assert series.frame["denominator"].sum() == series.total["denominator"]


@pytest.mark.parametrize("seed", SEEDS[:1])
def test_cumulative_windows_are_counted_anew_and_take_the_last_day(tmp_path: Path, seed: int) -> None:
    shop = draw(seed)
    rows = shop["orders"]
    last = max(local_day(r["ordered_at"]) for r in rows)
    first = min(local_day(r["ordered_at"]) for r in rows)
    base = "kind: cumulative, table: orders"
    values = {
        "sum(total)": lambda some: added(some, known("total", some)),
        "count(DISTINCT customer_id)": lambda some: len({r["customer_id"] for r in some if r["customer_id"]}),
        "median(total)": lambda some: (
            statistics.median(known("total", some)) if known("total", some) else None
        ),
        "avg(total)": lambda some: statistics.fmean(known("total", some)) if known("total", some) else None,
        "max(total)": lambda some: max(known("total", some), default=None),
    }
    begins: dict[str, Callable[[date], date]] = {
        "14 days": lambda day: day - timedelta(days=13),
        "month to date": lambda day: day.replace(day=1),
        "running": lambda _: first,
    }
    ids = {(v, w): f"k{a}{b}" for a, v in enumerate(values) for b, w in enumerate(begins)}
    yaml = "".join(
        f"- {{id: {i}, name: A, {base}, value: '{v}', window: {w}}}\n" for (v, w), i in ids.items()
    )
    with opened(tmp_path, shop, yaml) as engine:
        for (value, window), name in ids.items():

            def expected(some: list[Row], period: Period, v: str = value, w: str = window) -> float | None:
                if period[0] > last:
                    return None
                end = min(period[1] - timedelta(days=1), last)
                if w == "14 days" and (end - first).days + 1 < 14:
                    return None
                return values[v](within(some, (begins[w](end), end + timedelta(days=1))))  # type: ignore[no-any-return]

            check(engine, name, rows, expected, grains=("week",))


@pytest.mark.parametrize("seed", SEEDS)
def test_stock_carries_the_last_level_on_and_adds_it_up(tmp_path: Path, seed: int) -> None:
    shop = draw(seed)
    counts = sorted(shop["stock_levels"], key=lambda r: r["counted_at"])
    yaml = """
    - {id: closing, name: A, table: stock_levels, value: on_hand, per: [product_id]}
    - {id: opening, name: A, table: stock_levels, value: on_hand, per: [product_id], at: opening}
    - {id: average, name: A, table: stock_levels, value: on_hand, per: [product_id], at: average}
    """
    first, last = local_day(counts[0]["counted_at"]), local_day(counts[-1]["counted_at"])

    def level(day: date, place: str | None = None) -> float:
        """By the end of a day: each product's last count, where it then was."""
        latest: dict[str, Row] = {}
        for row in counts:
            if local_day(row["counted_at"]) <= day:
                latest[row["product_id"]] = row
        return sum(r["on_hand"] for r in latest.values() if place in (None, r["location"]))

    def closing(period: Period, place: str | None = None) -> float | None:
        if period[0] > last or period[1] <= first:
            return None
        return level(min(period[1] - timedelta(days=1), last), place)

    with opened(tmp_path, shop, yaml) as engine:
        for grain, periods in GRAINS.items():
            series = asked(engine, "closing", grain)
            split = asked(engine, "closing", grain, ("location",)).frame
            before = asked(engine, "opening", grain).frame["value"]
            mean = asked(engine, "average", grain).frame["value"]
            for at, period in enumerate(periods()):
                assert same(series.frame["value"].iloc[at], closing(period)), (grain, period)
                for row in split[split["period"] == series.frame["period"].iloc[at]].to_dict("records"):
                    assert same(row["value"], closing(period, row["location"])), (grain, row)
                if period[0] > first and period[0] <= last:
                    assert same(before.iloc[at], level(period[0] - timedelta(days=1)))
                days = [period[0] + timedelta(days=n) for n in range((period[1] - period[0]).days)]
                levels = [level(day) for day in days if first <= day <= last]
                assert same(mean.iloc[at], statistics.fmean(levels) if levels else None), (grain, period)
            assert same(series.total["value"], closing((START, END)))


@pytest.mark.parametrize("count", ["visits", "events"])
@pytest.mark.parametrize("seed", SEEDS)
def test_conversion_goes_to_the_latest_visit_within_the_window(tmp_path: Path, seed: int, count: str) -> None:
    shop = draw(seed)
    yaml = f"""
    id: converted
    name: A
    visits: {{table: sessions}}
    conversions: {{table: orders, filter: "status = 'placed'"}}
    entity: {{visits: visitor_id, conversions: session_id}}
    same: [device]
    window: 3 days
    count: {count}
    """
    done: dict[str, int] = {}
    for order in shop["orders"]:
        if order["status"] != "placed" or not order["session_id"] or not order["device"]:
            continue
        before = [
            s for s in shop["sessions"]
            if s["visitor_id"] == order["session_id"] and s["device"] == order["device"]
            and s["started_at"] <= order["ordered_at"]
        ]  # fmt: skip
        if not before:
            continue
        newest = max(s["started_at"] for s in before)
        visit = [s for s in before if s["started_at"] == newest][-1]
        if order["ordered_at"] <= newest + timedelta(days=3):
            done[visit["session_id"]] = done.get(visit["session_id"], 0) + 1
    assert done, "the draw has conversions"

    def expected(rows: list[Row], period: Period) -> float | None:
        mine = within(rows, period, "started_at")
        hits = [done.get(r["session_id"], 0) for r in mine]
        above = sum(hits) if count == "events" else sum(1 for n in hits if n)
        return above / len(mine) if mine else None

    with opened(tmp_path, shop, yaml) as engine:
        check(engine, "converted", shop["sessions"], expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_cohorts_leave_out_who_is_not_known_for_so_long(tmp_path: Path, seed: int) -> None:
    shop = draw(seed)
    days = 20
    yaml = f"""
    - {{id: back, name: A, table: orders, entity: customer_id, within: {days} days, filter: "status = 'placed'"}}
    - {{id: worth, name: A, kind: cohort, table: orders, entity: customer_id, within: {days} days,
       value: sum(total), filter: "status = 'placed'"}}
    """
    last = max(local_day(r["ordered_at"]) for r in shop["orders"])
    rows = [r for r in shop["orders"] if r["status"] == "placed" and r["customer_id"]]
    members: list[Row] = []
    for customer in {r["customer_id"] for r in rows}:
        mine = sorted((r for r in rows if r["customer_id"] == customer), key=lambda r: r["ordered_at"])
        day = local_day(mine[0]["ordered_at"])
        soon = [r for r in mine if local_day(r["ordered_at"]) <= day + timedelta(days=days)]
        members.append(
            {
                **mine[0],
                "known": day + timedelta(days=days) <= last,
                "back": any(r["ordered_at"] > mine[0]["ordered_at"] for r in soon),
                "worth": sum(r["total"] or 0 for r in soon),
            }
        )

    def of(field: str) -> Callable[[list[Row], Period], float | None]:
        def expected(some: list[Row], period: Period) -> float | None:
            mine = [r for r in within(some, period) if r["known"]]
            return sum(r[field] for r in mine) / len(mine) if mine else None

        return expected

    with opened(tmp_path, shop, yaml) as engine:
        check(engine, "back", members, of("back"))
        check(engine, "worth", members, of("worth"))
        left_out = asked(engine, "back", "month").frame["left_out"].sum()
        assert left_out == len([r for r in within(members, (START, END)) if not r["known"]])


def test_instants_are_read_on_the_shops_clock_and_what_fails_on_a_row_is_no_value(tmp_path: Path) -> None:
    shop = Shop(
        {
            "orders": [
                {"order_id": "a", "ordered_at": _utc("2026-02-01T23:30"), "total": 10, "channel": "7"},
                {"order_id": "b", "ordered_at": _utc("2026-02-02T22:30"), "total": 0, "channel": "x"},
            ]
        }
    )
    yaml = """
    - {id: late, name: A, table: orders, value: count(*), filter: "hour(ordered_at) = 0"}
    - {id: inverse, name: A, table: orders, value: sum(1 / total)}
    - {id: cast, name: A, table: orders, value: sum(try_cast(channel AS DOUBLE))}
    - {id: tuesday, name: A, table: orders, value: count(*), filter: "ordered_at >= '2026-02-03'"}
    """
    with opened(tmp_path, shop, yaml) as engine:
        found = query(engine, ["late", "inverse", "cast", "tuesday"], start=START, end=END, grain="month")
    assert [series.total["value"] for series in found.values()] == [1, 0.1, 7, 0]


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+00:00")
