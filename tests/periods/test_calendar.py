"""Periods against brute force: walk the days one at a time and count."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.errors import Refused
from kpi_tree.periods import (
    Calendar,
    Grain,
    Period,
    add_months,
    grain_of,
    instants_of,
    label,
    local_day,
    parse_period,
    period_id,
    period_of,
    same_date_last_year,
    spine,
)

DAY_GRAINS = [g for g in Grain if g is not Grain.HOUR]
days = st.dates(date(1995, 1, 1), date(2045, 12, 31))
calendars = st.builds(
    Calendar,
    timezone=st.sampled_from(["Europe/Oslo", "Asia/Tokyo", "America/New_York", "UTC"]),
    week_start=st.integers(0, 6),
    fiscal_start_month=st.integers(1, 12),
    fiscal_year_named_by=st.sampled_from(["start", "end"]),
)
grains = st.sampled_from(DAY_GRAINS)


@given(days, st.integers(0, 500), grains, calendars)
def test_every_day_lies_in_exactly_one_period(start: date, length: int, grain: Grain, cal: Calendar) -> None:
    end = start + timedelta(days=length)
    periods = spine(start, end, grain, cal)
    count = Counter(day for period in periods for day in period)
    for offset in range(length):
        assert count[start + timedelta(days=offset)] == 1
    assert all(a.end == b.start for a, b in pairwise(periods))
    assert all(any(start <= day < end for day in period) for period in periods)


@given(days, grains, calendars)
def test_a_period_is_the_run_of_days_that_share_it(day: date, grain: Grain, cal: Calendar) -> None:
    period = period_of(day, grain, cal)
    assert all(period_of(other, grain, cal) == period for other in period)
    assert period_of(period.end, grain, cal) != period
    assert period_of(period.start - timedelta(days=1), grain, cal) != period


@given(days, grains, calendars, st.integers(-8, 8))
def test_shift_walks_the_spine(day: date, grain: Grain, cal: Calendar, n: int) -> None:
    period = period_of(day, grain, cal)
    walked = period
    for _ in range(abs(n)):
        walked = period_of(walked.end if n > 0 else walked.start - timedelta(days=1), grain, cal)
    assert period.shift(n) == walked
    assert period.shift(n).shift(-n) == period


@given(days, grains, calendars)
def test_an_id_is_read_back(day: date, grain: Grain, cal: Calendar) -> None:
    period = period_of(day, grain, cal)
    again = parse_period(period_id(period), cal)
    assert again == period
    assert again.grain == grain


@given(days, st.integers(2, 800))
def test_a_typed_span_includes_its_last_day(day: date, length: int) -> None:
    last = day + timedelta(days=length - 1)
    period = parse_period(f"{day}..{last}")
    assert period.days == length
    assert last in period
    assert parse_period(period_id(period)) == period


@given(days)
def test_iso_weeks_agree_with_the_standard_library(day: date) -> None:
    year, week, _ = day.isocalendar()
    assert period_id(period_of(day, Grain.WEEK)) == f"{year}-W{week:02d}"


@given(st.integers(1995, 2045), calendars)
def test_weeks_of_a_year_count_up_without_a_hole(year: int, cal: Calendar) -> None:
    ids = [period_id(p) for p in spine(date(year, 1, 1), date(year + 1, 1, 1), Grain.WEEK, cal)]
    own = [int(i[-2:]) for i in ids if i.startswith(f"{year}-")]
    assert own == list(range(1, len(own) + 1))
    assert len(own) in (52, 53)


def test_week_53_and_the_new_year() -> None:
    assert period_id(period_of(date(2027, 1, 3), Grain.WEEK)) == "2026-W53"
    assert parse_period("2026-W53") == Period(date(2026, 12, 28), date(2027, 1, 4))
    with pytest.raises(Refused):
        parse_period("2025-W53")


def test_fiscal_years_follow_the_shop() -> None:
    july = Calendar(fiscal_start_month=7)
    year = period_of(date(2026, 8, 15), Grain.YEAR, july)
    assert (year.start, year.end) == (date(2026, 7, 1), date(2027, 7, 1))
    assert period_id(year) == "FY2027"
    assert parse_period("FY2027-Q4", july) == Period(date(2027, 4, 1), date(2027, 7, 1))
    japan = Calendar("Asia/Tokyo", fiscal_start_month=4, fiscal_year_named_by="start")
    assert label(period_of(date(2027, 2, 1), Grain.YEAR, japan), "ja") == "2026年度"


def test_a_leap_day_has_no_counterpart_and_months_clamp() -> None:
    assert same_date_last_year(date(2028, 2, 29)) is None
    assert add_months(date(2028, 2, 29), -12) == date(2027, 2, 28)
    assert parse_period("2028-02").same_last_year() == parse_period("2027-02")
    assert parse_period("2024-02-29").same_last_year().start.weekday() == date(2024, 2, 29).weekday()


@given(days, st.integers(-60, 60))
def test_add_months_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or ((moved + timedelta(days=1)).day == 1 and moved.day < day.day)


@given(days, grains, calendars, st.integers(-400, 800))
def test_elapsed_counts_the_days_up_to_and_with_today(
    day: date, grain: Grain, cal: Calendar, offset: int
) -> None:
    period, today = period_of(day, grain, cal), day + timedelta(days=offset)
    assert period.elapsed(today) == sum(1 for d in period if d <= today)


def test_so_far_compares_as_many_days_clamped_at_a_short_month() -> None:
    march, february = parse_period("2026-03"), parse_period("2026-02")
    assert february.head(march.elapsed(date(2026, 3, 10))).days == 10
    assert february.head(march.elapsed(date(2026, 3, 31))).days == 28


def test_custom_spans_of_whole_months_step_in_months() -> None:
    half = parse_period("2026-01-01..2026-06-30")
    assert half.previous() == parse_period("2025-07-01..2025-12-31")
    assert grain_of(half) is None
    odd = parse_period("2026-01-10..2026-01-19")
    assert odd.previous() == parse_period("2025-12-31..2026-01-09")


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(lambda t: t.replace(tzinfo=UTC)), calendars
)
def test_an_instant_lies_in_its_own_business_day(instant: datetime, cal: Calendar) -> None:
    begin, end = instants_of(period_of(local_day(instant, cal), Grain.DAY, cal), cal)
    assert begin <= instant < end


def test_business_days_around_the_clock_change() -> None:
    hours = [
        (end - begin).total_seconds() / 3600
        for begin, end in (instants_of(parse_period(d)) for d in ("2026-03-29", "2026-10-25", "2026-10-26"))
    ]
    assert hours == [23, 25, 24]
    assert local_day(datetime(2026, 3, 28, 23, 0, tzinfo=UTC)) == date(2026, 3, 29)
    assert local_day(datetime(2026, 10, 24, 21, 59, tzinfo=UTC)) == date(2026, 10, 24)
    assert local_day(datetime(2026, 10, 24, 22, 0, tzinfo=UTC)) == date(2026, 10, 25)
    assert local_day(datetime(2026, 10, 25, 22, 59, tzinfo=UTC)) == date(2026, 10, 25)


def test_grains_are_ordered_by_length() -> None:
    assert sorted(Grain) == [Grain.HOUR, Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR]
    assert Grain.DAY.finer_than(Grain.WEEK)
    assert not Grain.DAY.coarser_than(Grain.DAY)


@pytest.mark.parametrize(
    "text", ["", "2026-Q5", "2026-13", "2026-02-30", "yesterday", "2026-01-02..2026-01-01", "x" * 9000]
)
def test_what_is_no_period_is_refused_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_period(text)
    assert caught.value.remedy
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", ["3 May 2026", "Week 18, 2026", "May 2026", "Q2 2026", "2026"]),
        ("nb", ["3. mai 2026", "Uke 18, 2026", "mai 2026", "2. kvartal 2026", "2026"]),
        ("ja", ["2026/05/03", "2026年第18週", "2026年5月", "2026年第2四半期", "2026年"]),
    ],
)
def test_labels_in_each_language(lang: str, expected: list[str]) -> None:
    assert [label(period_of(date(2026, 5, 3), g), lang) for g in DAY_GRAINS] == expected
