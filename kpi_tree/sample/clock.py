"""Local wall time in the shop's zone to instants, for whole arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from kpi_tree.sample.draws import Ints
from kpi_tree.sample.shop import ZONE
from kpi_tree.sample.story import date_of

DAY = 86_400


@dataclass(frozen=True)
class Clock:
    """Offsets from UTC of the days from ``first`` on, at midnight and at noon."""

    first: int
    midnight: Ints
    noon: Ints

    def instant(self, day: Any, second: Any) -> Ints:
        """Seconds since 1970 (UTC) of a wall time given as day number and second of the day.

        A wall time that does not exist (the hour skipped in spring) becomes the hour after; of the
        hour that comes twice in autumn the second is taken.

        >>> from datetime import date
        >>> from kpi_tree.sample.story import day_number
        >>> day = day_number(date(2026, 3, 29))
        >>> (clock(day, day + 1).instant(day, [0, 2 * 3600 + 60, 12 * 3600]) - day * DAY).tolist()
        [-3600, 3660, 36000]
        """
        day, second = np.asarray(day, dtype=np.int64), np.asarray(second, dtype=np.int64)
        at = day - self.first
        early, late = self.midnight[at], self.noon[at]
        skipped = (second >= 7200) & (second < 10_800) & (late > early)
        offset = np.where((second < 7200) | skipped, early, late)
        made: Ints = day * DAY + second - offset
        return made


@lru_cache(maxsize=4)
def clock(first: int, end: int) -> Clock:
    """The clock for the days ``[first, end)``."""
    zone = ZoneInfo(ZONE)

    def offsets(hour: int) -> Ints:
        made = []
        for number in range(first, end):
            day = date_of(number)
            away = datetime(day.year, day.month, day.day, hour, tzinfo=zone).utcoffset() or timedelta(0)
            made.append(int(away.total_seconds()))
        return np.array(made, dtype=np.int64)

    return Clock(first, offsets(0), offsets(12))
