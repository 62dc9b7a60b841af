"""An amount shared out by weights, none of the parts beyond its ends."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def share_out(total: float, weights: Floats, spare: Floats, lows: Floats, highs: Floats) -> Floats:
    """Parts in proportion to their weights that add up to the total, each held between its ends.

    Args:
        total: what they add up to.
        weights: at or above zero; where all that have one stand at their ends, the rest take over,
        spare: by these weights, or evenly where these are zero too.
        lows, highs: the ends of each part; the total lies between their sums.

    Returns:
        The parts. Where the total cannot be reached, all of them at the ends nearest to it.

    >>> one, none = np.ones(2), np.zeros(2)
    >>> share_out(10.0, one, one, none, np.array([3.0, np.inf]))
    array([3., 7.])
    """
    first = weights > 0
    parts = np.clip(np.zeros(len(weights)), lows, highs)
    if first.any():
        parts[first] = _level(total - parts[~first].sum(), weights[first], lows[first], highs[first])
    rest = total - parts[first].sum()
    if (~first).any() and abs(rest - parts[~first].sum()) > 1e-12 * max(abs(total), 1e-300):
        others = spare[~first]
        others = np.where(others > 0, others, others[others > 0].min(initial=1.0) * 1e-9)
        parts[~first] = _level(rest, others, lows[~first], highs[~first])
    return _rounded(total, parts, lows, highs)


def _level(total: float, weights: Floats, lows: Floats, highs: Floats) -> Floats:
    """The parts at the one level at which they add up: the sum is a rising line with a bend at each end."""

    def at(level: float) -> Floats:
        return np.clip(weights * level, lows, highs)

    with np.errstate(over="ignore"):
        bends = np.concatenate([lows / weights, highs / weights, [0.0]])
    bends = np.unique(bends[np.isfinite(bends)])
    sums = [float(at(level).sum()) for level in bends]
    place = int(np.searchsorted(sums, total))
    if place == 0:
        start, inside = bends[0], weights * bends[0] > lows
        inside &= np.isneginf(lows)
    elif place == len(bends):
        start, inside = bends[-1], np.isposinf(highs)
    else:
        start, middle = bends[place - 1], (bends[place - 1] + bends[place]) / 2
        inside = (weights * middle > lows) & (weights * middle < highs)
    slope = float(weights[inside].sum())
    if slope <= 0:
        return at(float(start))
    return at(float(start + (total - at(float(start)).sum()) / slope))


def _rounded(total: float, parts: Floats, lows: Floats, highs: Floats) -> Floats:
    """What rounding left over, put on the largest part that has room for it."""
    left = total - parts.sum()
    if left and np.isfinite(left) and abs(left) <= 1e-9 * max(np.abs(parts).max(), abs(total)):
        for n in np.argsort(-np.abs(parts)):
            if lows[n] <= parts[n] + left <= highs[n]:
                parts[n] += left
                break
    return parts
