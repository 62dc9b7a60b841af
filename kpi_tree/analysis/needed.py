"""What the rest of a period must bring, and how often as much was brought before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from kpi_tree.analysis.verdict import Aim
from kpi_tree.i18n import Msg, msg, nmsg

LATELY = 28
"""Days that "lately" means: four of each weekday."""

FEWEST = 28
"""Spans of past days below which nothing is said about how often."""


@dataclass(frozen=True, slots=True)
class Needed:
    """The run rate that is left to the target of something that adds up.

    Attributes:
        per_day: what each day to come must bring on average, in the KPI's unit; for a target that is to be
            stayed under, what it may bring.
        days: days to come.
        lately: the average of the last 28 days with a value; None without one.
        spans: past spans of as many days, all of them known.
        reached: how many of these came to as much a day (or stayed under it).
        last: the last day of the latest of these.
    """

    per_day: float
    days: int
    lately: float | None
    spans: int
    reached: int
    last: date | None

    @property
    def share(self) -> float | None:
        """Share of past spans that reached it; None with too few to say."""
        return self.reached / self.spans if self.spans >= FEWEST else None


def needed(aim: Aim, actual: float, daily: npt.NDArray[np.float64], last: date) -> Needed | None:
    """What is left to the target, a day; None where days do not add up or none is to come.

    Args:
        actual: the value from the period's start to ``last``.
        daily: one value a day, the last one of ``last``; nan where there is none.

    >>> from kpi_tree.periods import parse_period
    >>> aim = Aim(parse_period("2026-06"), 390.0)
    >>> history = np.r_[np.full(70, 10.0), np.full(20, 20.0)]
    >>> left = needed(aim, 200.0, history, date(2026, 6, 20))
    >>> left.per_day, left.days, left.spans, left.reached
    (19.0, 10, 81, 12)
    """
    if aim.kind != "flow" or aim.direction == "range":
        return None
    days = aim.period.days - aim.period.elapsed(last)
    if days < 1 or not math.isfinite(actual):
        return None
    per_day = (aim.target - actual) / days
    sums = _sums(daily, days)
    wanted, slack = per_day * days, abs(per_day) * days * 1e-9
    good = sums <= wanted + slack if aim.direction == "down" else sums >= wanted - slack
    hits = np.flatnonzero(good & np.isfinite(sums))
    known = daily[np.isfinite(daily)][-LATELY:]
    return Needed(
        per_day=per_day,
        days=days,
        lately=float(known.mean()) if known.size else None,
        spans=int(np.isfinite(sums).sum()),
        reached=int(hits.size),
        last=last - timedelta(days=int(sums.size - 1 - hits[-1])) if hits.size else None,
    )


def _sums(daily: npt.NDArray[np.float64], days: int) -> npt.NDArray[np.float64]:
    """The sum of every span of so many days; nan where one of its days is not known."""
    if len(daily) < days:
        return np.empty(0)
    known = np.isfinite(daily)
    total = np.r_[0.0, np.cumsum(np.where(known, daily, 0.0))]
    count = np.r_[0, np.cumsum(known)]
    whole = (count[days:] - count[:-days]) == days
    return np.where(whole, total[days:] - total[:-days], np.nan)


def words(aim: Aim, left: Needed) -> Msg:
    """The run rate in one or two sentences."""
    rate = aim.quantity(left.per_day, left.lately)
    if aim.direction == "down" and left.per_day < 0:
        return msg("The target is overrun already; no day to come can bring it back.")
    main = (
        nmsg(
            "It may bring {rate} on the {n} day left.",
            "It may bring {rate} a day for the {n} days left.",
            left.days,
            rate=rate,
        )
        if aim.direction == "down"
        else nmsg(
            "It needs {rate} on the {n} day left.",
            "It needs {rate} a day for the {n} days left.",
            left.days,
            rate=rate,
        )
    )
    if left.lately is None:
        return main
    lately = aim.quantity(left.lately, left.per_day)
    return msg(
        "{needed} Lately it was {lately} a day. {often}", needed=main, lately=lately, often=_often(left)
    )


def _often(left: Needed) -> Msg:
    if left.share is None:
        return msg("There is too little history to say how often that was reached.")
    if left.reached == 0:
        return msg("None of {n} past spans as long came to that.", n=left.spans)
    return msg(
        "{reached} of {n} past spans as long came to that, the last on {day}.",
        reached=left.reached,
        n=left.spans,
        day=left.last,
    )
