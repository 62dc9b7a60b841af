"""Periods moved by a length of time, as an offset takes them: at the grain that is asked."""

from __future__ import annotations

from datetime import date, timedelta

from kpi_tree.periods import Grain, Period, add_months, period_of

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}


def before(period: Period, n: int, unit: str, grain: Grain) -> Period | None:
    """The period that stands for one of a grain, ``n`` units earlier; None where there is none.

    A month before a month is the whole month before; a year before a week is the week 364 days earlier,
    and 29 February has no counterpart. At the grain of days the ends of months may collide.

    >>> march = period_of(date(2026, 3, 1), Grain.MONTH)
    >>> str(before(march, 1, "month", Grain.MONTH).start), before(march, 1, "month", Grain.MONTH).days
    ('2026-02-01', 28)
    >>> before(period_of(date(2024, 2, 29), Grain.DAY), 1, "year", Grain.DAY) is None
    True
    """
    if unit == "period":
        return period.shift(-n)
    if unit == "year" and grain is Grain.WEEK:
        for _ in range(n):
            period = period.same_last_year()
        return period
    day = day_before(period.start, n, unit)
    if unit == "year" and grain is Grain.DAY and day is not None and day.day != period.start.day:
        return None
    return period_of(day, grain, period.calendar) if day is not None else None


def day_before(day: date, n: int, unit: str) -> date | None:
    """A day ``n`` units earlier, clamped to the end of a short month; None before all days."""
    try:
        if unit in _DAYS:
            return day - timedelta(days=n * _DAYS[unit])
        return add_months(day, -n * _MONTHS[unit])
    except (ValueError, OverflowError):
        return None


def span_before(start: date, end: date, n: int, unit: str, grain: Grain) -> tuple[date, date] | None:
    """The span ``[start, end)`` as a whole, moved; None where it has no days there.

    >>> span_before(date(2026, 3, 1), date(2026, 4, 1), 1, "month", Grain.DAY)
    (datetime.date(2026, 2, 1), datetime.date(2026, 3, 1))
    """
    unit = str(grain) if unit == "period" else unit
    if unit == "hour":
        return None
    first, last = day_before(start, n, unit), day_before(end, n, unit)
    return (first, last) if first is not None and last is not None and first < last else None


def day_after(day: date, n: int, unit: str, grain: Grain) -> date:
    """A day ``n`` units later: up to when what was known then speaks."""
    unit = str(grain) if unit == "period" else unit
    try:
        if unit in _MONTHS:
            return add_months(day, n * _MONTHS[unit])
        return day + timedelta(days=n * _DAYS.get(unit, 0))
    except (ValueError, OverflowError):
        return date.max


def part_of(period: Period, skipped: timedelta, last: timedelta) -> tuple[date, date] | None:
    """The same days of another period, as far as it has them; None where it has none.

    >>> february = period_of(date(2026, 2, 1), Grain.MONTH)
    >>> part_of(february, timedelta(0), timedelta(29))
    (datetime.date(2026, 2, 1), datetime.date(2026, 3, 1))
    """
    first = period.start + skipped
    end = min(period.start + last + timedelta(days=1), period.end)
    return (first, end) if first < end else None
