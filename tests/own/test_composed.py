"""KPIs made from other KPIs: over the periods, parts and span asked, never from what was added up before."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpi_tree.errors import NotFound, Refused
from kpi_tree.metrics import query
from tests.own.shop import Row, draw, local_day, opened
from tests.own.test_kinds import END, START, asked, months, part, same, within

YAML = """
- {id: spent, name: A, table: orders, value: sum(total), filter: "status = 'placed'"}
- {id: buyers, name: A, table: orders, value: count(DISTINCT customer_id), filter: "status = 'placed'"}
- {id: visits, name: A, table: sessions, value: count(*)}
- {id: each, name: A, formula: spent / buyers}
- {id: twice, name: A, formula: "each * 2 + lag(each, 1)"}
- {id: before, name: A, of: buyers, by: 1 month}
- {id: more, name: A, of: spent, by: 1 month, show: difference}
- {id: change, name: A, of: spent, by: 1 month, show: change}
- {id: again, name: A, formula: buyers / before}
- {id: per_visit, name: A, formula: spent / visits}
- {id: year_ago, name: A, of: spent, by: 1 year}
- {id: lately, name: A, of: spent, window: 7 days}
- {id: lately_each, name: A, formula: lately / visits}
"""
EARLIER = {date(2026, 1, 10): None, date(2026, 2, 1): (date(2026, 1, 1), date(2026, 2, 1)),
           date(2026, 3, 1): (date(2026, 2, 1), date(2026, 3, 1))}  # fmt: skip


def spent(rows: list[Row]) -> float:
    return sum(r["total"] or 0 for r in rows)


def each(rows: list[Row]) -> float | None:
    """Spent for each buyer; no value where no record says an amount, or nobody bought."""
    silent = rows and all(r["total"] is None for r in rows)
    return spent(rows) / buyers(rows) if buyers(rows) and not silent else None


def buyers(rows: list[Row]) -> int:
    return len({r["customer_id"] for r in rows if r["customer_id"]})


@pytest.mark.parametrize("seed", [1, 2])
def test_a_formula_is_evaluated_for_each_part_and_for_the_whole_span(tmp_path: Path, seed: int) -> None:
    shop = draw(seed)
    rows = [r for r in shop["orders"] if r["status"] == "placed"]
    with opened(tmp_path, shop, YAML) as engine:
        series = asked(engine, "each", "month", ("channel",))
        for row in series.frame.to_dict("records"):
            period = next(p for p in months() if p[0] <= max(row["period"].date(), START) < p[1])
            mine = within([r for r in rows if part(r, "channel") == row["channel"]], period)
            assert same(row["value"], each(mine))
            assert same(row["denominator"], buyers(mine))
        whole = within(rows, (START, END))
        assert same(series.total["value"], each(whole))
        assert series.totals is not None
        for row in series.totals.to_dict("records"):
            mine = [r for r in whole if part(r, "channel") == row["channel"]]
            assert same(row["value"], each(mine))
        # A part that only one side has is 0 there, and no value where nothing can be divided.
        visits = asked(engine, "per_visit", "month", ("channel",))
        assert set(visits.frame["channel"]) >= set(series.frame["channel"])


def test_lag_looks_before_the_span(tmp_path: Path) -> None:
    shop = draw(1)
    with opened(tmp_path, shop, YAML) as engine:
        each = query(engine, ["each"], start=date(2026, 1, 1), end=END, grain="month")["each"].frame["value"]
        found = query(engine, ["twice"], start=date(2026, 2, 1), end=END, grain="month")["twice"].frame[
            "value"
        ]
        assert same(found.iloc[0], each.iloc[1] * 2 + each.iloc[0])
        assert same(found.iloc[1], each.iloc[2] * 2 + each.iloc[1])


@pytest.mark.parametrize("seed", [1, 2])
def test_an_offset_is_the_whole_period_before_and_its_span_is_computed_anew(
    tmp_path: Path, seed: int
) -> None:
    shop = draw(seed)
    rows = [r for r in shop["orders"] if r["status"] == "placed"]
    with opened(tmp_path, shop, YAML) as engine:
        found = asked(engine, "before", "month")
        december, january, february = found.frame["value"]
        assert same(december, None)  # the records begin in January: not known is not 0
        assert january == buyers(within(rows, (date(2026, 1, 1), date(2026, 2, 1))))
        assert february == buyers(within(rows, (date(2026, 2, 1), date(2026, 3, 1))))
        moved = (date(2025, 12, 10), date(2026, 2, 21))
        assert found.total["value"] == buyers(within(rows, moved))
        assert found.total["value"] != found.frame["value"].sum()
        parts = asked(engine, "before", "month", ("channel",)).frame
        for row in parts[parts["period"] == "2026-03-01"].to_dict("records"):
            mine = [r for r in rows if part(r, "channel") == row["channel"]]
            assert row["value"] == buyers(within(mine, (date(2026, 2, 1), date(2026, 3, 1))))


def test_a_comparison_so_far_compares_the_same_days(tmp_path: Path) -> None:
    shop = draw(1)
    rows = [r for r in shop["orders"] if r["status"] == "placed"]
    with opened(tmp_path, shop, YAML) as engine:
        change = asked(engine, "change", "month").frame.iloc[2]
        now = spent(within(rows, (date(2026, 3, 1), END)))
        then = spent(within(rows, (date(2026, 2, 1), date(2026, 2, 21))))
        assert same(change["value"], (now - then) / then)
        assert same(change["denominator"], then)
        assert same(asked(engine, "more", "month").frame["value"].iloc[2], now - then)


def test_an_offset_by_a_year_has_no_29_february_and_days_of_short_months_collide(tmp_path: Path) -> None:
    shop = draw(1)
    for at, row in enumerate(shop["orders"]):
        row["ordered_at"] = row["ordered_at"].replace(year=2023 + at % 2)
    with opened(tmp_path, shop, YAML) as engine:
        frame = query(engine, ["year_ago"], start=date(2024, 2, 28), end=date(2024, 3, 2))["year_ago"].frame
        assert [value != value for value in frame["value"]] == [False, True, False]
        days = query(engine, ["before"], start=date(2024, 3, 29), end=date(2024, 4, 1))["before"]
        assert days.frame["value"].nunique() == 1, "29, 30 and 31 March all have 29 February before them"


def test_a_window_within_a_formula_and_no_value_where_an_input_ends(tmp_path: Path) -> None:
    shop = draw(1)
    last = max(local_day(r["ordered_at"]) for r in shop["orders"])
    with opened(tmp_path, shop, YAML) as engine:
        found = query(engine, ["lately_each"], start=date(2026, 3, 1), end=date(2026, 5, 1), grain="month")[
            "lately_each"
        ]
        assert found.data_through is not None
        assert found.data_through <= last
        assert same(found.frame["value"].iloc[1], None)


def test_what_cannot_be_answered_is_refused_in_words(tmp_path: Path) -> None:
    with opened(tmp_path, draw(1), YAML) as engine:
        with pytest.raises(NotFound, match="Did you mean channel"):
            asked(engine, "each", "month", ("chanel",))
        with pytest.raises(Refused, match="No record has the value xx"):
            asked(engine, "each", "month", where={"channel": ["xx"]})
        with pytest.raises(Refused, match="whole days"):
            query(engine, ["before"], start=START, end=END, grain="hour")
        kept = query(
            engine, ["spent", "each"], start=START, end=END, where={"channel": ["xx"]}, keep_refusals=True
        )
        assert kept["each"].refusal is not None


def test_typed_in_values_feed_a_formula(tmp_path: Path) -> None:
    from kpi_tree.metrics import Series

    with opened(tmp_path, draw(1), YAML) as engine:
        given = query(engine, ["visits"], start=START, end=END, grain="month")["visits"]

        def others(name: str, *_: object) -> Series | None:
            return given if name == "visits" else None

        found = query(engine, ["per_visit"], start=START, end=END, grain="month", others=others)["per_visit"]
        plain = asked(engine, "per_visit", "month")
        assert found.frame["value"].tolist() == plain.frame["value"].tolist()
