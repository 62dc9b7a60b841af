"""What kinds of days are worth: weekdays and holidays beside an ordinary day, from a history of days.

Two spans of the same length differ by the calendar alone where one has five Saturdays and the other four.
What a kind of day is worth is taken from the days around each one, so that trend and season are not counted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from kpi_tree.analysis.trajectory import Floats
from kpi_tree.periods import Period

WEEK = 7
FEWEST_DAYS = 56
"""Days of history below which weekdays are not told apart."""
FEWEST_HOLIDAYS = 4
"""Holidays of a history below which they are days like any other."""


@dataclass(frozen=True)
class DayKinds:
    """What days are worth.

    Attributes:
        weekdays: Monday first, 1 on average. holiday: what a holiday is worth of its weekday; None unknown.
        holidays: the days that are some.
    """

    weekdays: Floats
    holiday: float | None
    holidays: frozenset[date]

    def worth(self, span: Period, *, with_holidays: bool) -> float:
        """The days of a span in ordinary days.

        >>> from datetime import date
        >>> kinds = DayKinds(np.array([1.0, 1, 1, 1, 1, 2, 0]), 0.5, frozenset({date(2026, 1, 5)}))
        >>> week = Period(date(2026, 1, 5), date(2026, 1, 12))  # Monday to Sunday
        >>> float(kinds.worth(week, with_holidays=False)), float(kinds.worth(week, with_holidays=True))
        (7.0, 6.5)
        """
        days = [span.start + timedelta(days=n) for n in range(span.days)]
        each = self.weekdays[[day.weekday() for day in days]].copy()
        if with_holidays and self.holiday is not None:
            each[[day in self.holidays for day in days]] *= self.holiday
        return float(each.sum())


def day_kinds(values: Floats, last: date, holidays: Collection[date] = ()) -> DayKinds | None:
    """What weekdays and holidays were worth in a history of days.

    Each day is held against the mean of the seven around it; the mean of a weekday's shares, without the
    tenth at either end, is its worth.

    Args:
        values: a value a day, the last one of ``last``; nan where not known.

    Returns:
        None with too little history, or where the days are mostly nothing.

    >>> from datetime import date
    >>> made = day_kinds(np.tile([2.0, 1, 1, 1, 1, 1, 0], 20), date(2026, 1, 4))  # a Sunday
    >>> made.weekdays.round(9).tolist()
    [2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]
    """
    first = last - timedelta(days=len(values) - 1)
    around = np.convolve(values, np.ones(WEEK) / WEEK, mode="same")
    around[:3], around[-3:] = np.nan, np.nan
    with np.errstate(all="ignore"):
        shares = np.where(around > 0, values / around, np.nan)
    days = [first + timedelta(days=n) for n in range(len(values))]
    free = np.array([day in holidays for day in days], dtype=bool)
    weekday = (first.weekday() + np.arange(len(values))) % WEEK
    plain = np.isfinite(shares) & ~free
    if plain.sum() < FEWEST_DAYS or not all((plain & (weekday == one)).sum() >= 4 for one in range(WEEK)):
        return None
    worth = np.array([_usual(shares[plain & (weekday == one)]) for one in range(WEEK)])
    if not worth.sum() > 0:
        return None
    worth = worth * WEEK / worth.sum()
    with np.errstate(all="ignore"):
        beside = (shares / worth[weekday])[free & np.isfinite(shares)]
    beside = beside[np.isfinite(beside)]
    known = _usual(beside) if beside.size >= FEWEST_HOLIDAYS else None
    return DayKinds(worth, known, frozenset(holidays))


def _usual(shares: Floats) -> float:
    """The mean without what lies far out."""
    ends = len(shares) // 10
    return float(np.sort(shares)[ends : len(shares) - ends].mean())
