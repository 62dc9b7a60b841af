"""Has this ever happened? A value against what the indicator has been in earlier periods."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BEST = 0.9
"""The share of past periods that the best reached value leaves below itself: one lucky one does not count."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a value stands in an indicator's own past.

    Attributes:
        percentile: share of past periods whose value does not lie above it; None without a past.
        last_reached: place of the latest period that was as far in the direction asked; None if none was.
        periods: how many past periods have a value.
    """

    percentile: float | None
    last_reached: int | None
    periods: int

    @property
    def ever(self) -> bool | None:
        """Whether any past period was as far; None without a past."""
        return None if not self.periods else self.last_reached is not None


def standing(value: float, base: float, past: Sequence[float]) -> Standing:
    """Where a value stands in the past, oldest first; nan is a period without a value.

    A value above the base is reached by a period at or above it, one below the base by one at or below it.

    >>> standing(12.0, 10.0, [8.0, 13.0, 11.0, 9.0])
    Standing(percentile=0.75, last_reached=1, periods=4)
    """
    known = [(place, each) for place, each in enumerate(past) if math.isfinite(each)]
    if not known:
        return Standing(None, None, 0)
    slack = 1e-9 * abs(value)
    not_above = sum(each <= value + slack for _, each in known)
    falling = value < base
    far = [place for place, each in known if (each <= value + slack if falling else each >= value - slack)]
    return Standing(not_above / len(known), far[-1] if far else None, len(known))


def best_of(past: Sequence[float], share: float = BEST) -> tuple[float | None, float | None]:
    """The best an indicator reached in its past where less of it helps, and where more does.

    >>> best_of([1.0, 2.0, 3.0, 4.0, float("nan")], share=1.0)
    (1.0, 4.0)
    """
    known = np.array([each for each in past if math.isfinite(each)])
    if not known.size:
        return None, None
    low, high = np.quantile(known, [1 - share, share])
    return float(low), float(high)
