"""Arithmetic on calendar days."""

from __future__ import annotations

from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, clamped to the month's last day.

    >>> add_months(date(2024, 1, 31), 1), add_months(date(2026, 3, 31), -1)
    (datetime.date(2024, 2, 29), datetime.date(2026, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - ONE_DAY).day))


def same_date_last_year(day: date) -> date | None:
    """The same date a year earlier; 29 February has no counterpart.

    >>> same_date_last_year(date(2028, 2, 29)), same_date_last_year(date(2026, 3, 1))
    (None, datetime.date(2025, 3, 1))
    """
    return None if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
