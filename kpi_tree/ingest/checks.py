"""What a dry run should point out in values: days that are missing, and values out of their own usual
range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt

LEAST_HISTORY = 14
"""Values of the past below which nothing is called unusual."""


@dataclass(frozen=True, slots=True)
class Outlier:
    """A value out of the usual range, which is given."""

    position: int
    value: float
    low: float
    high: float


def gaps(days: Sequence[date], weekdays_only: bool | None = None) -> list[tuple[date, date]]:
    """First and last day of every stretch without data between the first and the last day.

    Args:
        days: the days that have data, in any order, repeats allowed.
        weekdays_only: whether weekends are expected to be empty; by default found out from the days.

    >>> gaps([date(2024, 5, 1), date(2024, 5, 2), date(2024, 5, 5)], weekdays_only=False)
    [(datetime.date(2024, 5, 3), datetime.date(2024, 5, 4))]
    >>> gaps([date(2024, 5, 3), date(2024, 5, 6)], weekdays_only=True)
    []
    """
    have = sorted(set(days))
    if weekdays_only is None:
        weekdays_only = len(have) >= 10 and not any(day.weekday() >= 5 for day in have)
    found: list[tuple[date, date]] = []
    for before, after in pairwise(have):
        missing = [before + timedelta(days=n) for n in range(1, (after - before).days)]
        missing = [day for day in missing if not (weekdays_only and day.weekday() >= 5)]
        if missing:
            found.append((missing[0], missing[-1]))
    return found


def step(days: Sequence[date]) -> int:
    """The usual number of days from one day with data to the next; 1 where there are not two.

    >>> step([date(2024, 5, 1), date(2024, 5, 2), date(2024, 5, 3), date(2024, 7, 1)])
    1
    """
    apart = sorted((after - before).days for before, after in pairwise(sorted(set(days))))
    return apart[len(apart) // 2] if apart else 1


def outliers(history: Sequence[float], values: Sequence[float], *, width: float = 5.0) -> list[Outlier]:
    """Values that lie far outside what the history shows, by its median and median deviation.

    Args:
        history: earlier values; non-finite ones do not count.
        values: the new ones.
        width: how many robust deviations are still usual.

    >>> history = [10, 11, 9, 10, 12, 10, 9, 11, 10, 10, 9, 12, 11, 10]
    >>> [found.value for found in outliers(history, [10.5, 1050.0])]
    [1050.0]
    >>> outliers([1, 2, 3], [100])
    []
    >>> [(found.low, found.high) for found in outliers([0, 4] * 10, [90])]
    [(0.0, 16.826)]
    """
    past: npt.NDArray[np.float64] = np.asarray(history, np.float64)
    past = past[np.isfinite(past)]
    if len(past) < LEAST_HISTORY:
        return []
    middle = float(np.median(past))
    spread = 1.4826 * float(np.median(np.abs(past - middle))) or float(past.std()) or abs(middle) * 0.1 or 1.0
    low, high = middle - width * spread, middle + width * spread
    low, high = min(low, float(past.min())), max(high, float(past.max()))
    if past.min() >= 0:
        low = max(low, 0.0)  # what never was below zero is not usual there
    return [
        Outlier(i, float(value), low, high)
        for i, value in enumerate(values)
        if np.isfinite(value) and not low <= value <= high
    ]
