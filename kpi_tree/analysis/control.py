"""Difference in differences: what happened where something was done, against what happened elsewhere.

What hits both at once (a holiday, a strike, the weather) falls out of the difference. A flow is compared
by proportion, since the two need not be of one size; a rate or a level by its distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi_tree.analysis.forecast import tails
from kpi_tree.analysis.trajectory import Floats, Kind

LEAST_BEFORE = 28
"""Days before the window below which nothing is said."""

BLOCK = 14
"""Days drawn together, so that days which err together stay together."""

DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Difference:
    """What was done against what was not.

    Attributes:
        actual: of the treated, over the window. without: what the control's course foretells for it.
        measured: their difference; low, high: its interval at ``level``.
        before: days that the two were compared on. parallel: whether just before the window the same
            reading finds nothing; if not, the two had begun to part already.
    """

    actual: float
    without: float
    measured: float
    low: float
    high: float
    level: float
    before: int
    parallel: bool


def difference(
    treated: Floats, control: Floats, days: int, kind: Kind, *, level: float = 0.8, seed: int = 1
) -> Difference | None:
    """Reads the last ``days`` of two daily series against the days before them.

    Args:
        treated, control: one value a day, of one length, the window last; nan where there is none.
        kind: of the KPI. level: share of outcomes the interval should hold. seed: of the draws.

    Returns:
        None where too few days before the window have values on both sides, or a flow's control is nothing.

    >>> shock = np.r_[np.full(56, 1.0), np.full(14, 0.5)]  # both lose half; the treated gains 30 a day
    >>> gain = np.r_[np.zeros(56), np.full(14, 30.0)]
    >>> found = difference(100 * shock + gain, 200 * shock, 14, "flow")
    >>> round(found.without), round(found.measured)
    (700, 420)
    """
    both = np.isfinite(treated) & np.isfinite(control)
    cut = len(treated) - days
    place = np.arange(len(treated))
    early = both & (place < cut) & (place >= cut % 7)  # whole weeks: each weekday counts as often
    late = both & (place >= cut)
    if early.sum() < LEAST_BEFORE or not late.any():
        return None
    read = _read(treated, control, early, late, kind)
    if read is None:
        return None
    actual, without, noise = read[0], read[1], _noise(read[2], int(late.sum()), read[3], kind, seed)
    low, high = (float(end) for end in np.quantile(noise, tails(level, max(1, early.sum() // BLOCK))))
    measured = actual - without
    return Difference(
        actual, without, measured, measured - high, measured - low, level, int(early.sum()),
        _parallel(treated, control, early, days, kind, (low, high)),
    )  # fmt: skip


def _read(
    treated: Floats, control: Floats, early: np.ndarray, late: np.ndarray, kind: Kind
) -> tuple[float, float, Floats, float] | None:
    """What was, what would have been, the daily gaps before the window, and the weight of their sum."""
    if kind == "flow":
        base = float(control[early].sum())
        if base <= 0:
            return None
        scale = float(treated[early].sum()) / base
        after = float(control[late].sum())
        return float(treated[late].sum()), scale * after, (treated - scale * control)[early], after / base
    gap = (treated - control)[early]
    return float(treated[late].mean()), float(control[late].mean() + gap.mean()), gap - gap.mean(), 1.0


def _noise(gaps: Floats, days: int, weight: float, kind: Kind, seed: int) -> Floats:
    """How far such a reading lies from nothing by chance: blocks of the gaps before, drawn again.

    The days before err as well as those of the window: both are drawn.
    """
    rng = np.random.default_rng(seed)
    spread = (gaps - gaps.mean()) * np.sqrt(len(gaps) / max(len(gaps) - BLOCK / 2, 1.0))
    window = _drawn_sums(spread, days, rng)
    before = _drawn_sums(spread, len(gaps), rng)
    if kind == "flow":
        return window - weight * before
    return window / days - before / len(gaps)


def _drawn_sums(gaps: Floats, days: int, rng: np.random.Generator) -> Floats:
    """Sums over ``days`` days made of blocks of consecutive ones, the series taken as a ring."""
    ring = np.concatenate([[0.0], np.cumsum(np.tile(gaps, 2))])
    found = np.zeros(DRAWS)
    left = days
    while left > 0:
        length = min(BLOCK, left, len(gaps))
        starts = rng.integers(0, len(gaps), size=DRAWS)
        found += ring[starts + length] - ring[starts]
        left -= length
    return found


def _parallel(
    treated: Floats, control: Floats, early: np.ndarray, days: int, kind: Kind, chance: tuple[float, float]
) -> bool:
    """The same reading for as many days just before the window should find nothing (a placebo in time)."""
    known = np.flatnonzero(early)
    if len(known) < days + LEAST_BEFORE:
        return True  # too little to ask
    late = np.zeros(len(early), dtype=bool)
    late[known[-days:]] = True
    read = _read(treated, control, early & ~late, late, kind)
    if read is None:
        return True
    # Chance was worked out over a few more days before: an interval twice as wide leaves room for that.
    middle, half = sum(chance) / 2, (chance[1] - chance[0]) / 2
    return abs(read[0] - read[1] - middle) <= 2 * half or half == 0
