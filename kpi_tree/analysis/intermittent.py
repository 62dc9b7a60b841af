"""Forecast of what sells now and then: how often, times how much (Teunter, Syntetos and Babai)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kpi_tree.analysis.trajectory import Floats

Ints = npt.NDArray[np.int64]

OFTEN, MUCH = 0.02, 0.1
"""Smoothing constants of how often there is something, and of how much it then is."""

SHARE = 0.4
"""Share of zeros among the days from which a series counts as one that comes now and then."""


def is_intermittent(series: Floats) -> bool:
    """Whether a series that is never negative is zero on many of its days.

    >>> is_intermittent(np.array([0.0, 0, 0, 2, 0, 1])), is_intermittent(np.array([3.0, 2, 0, 4, 3]))
    (True, False)
    """
    known = series[np.isfinite(series)]
    return bool(known.size and known.min() >= 0 and known.any() and (known == 0).mean() >= SHARE)


def now_and_then(series: Floats, origins: Ints, horizon: int, season: int = 7) -> Floats:  # noqa: ARG001
    """The same expected amount for every step after each origin; one row an origin.

    >>> now_and_then(np.array([0.0, 4.0] * 60), np.array([120]), 2).round().tolist()
    [[2.0, 2.0]]
    """
    known = series[np.isfinite(series)]
    sold = known[known > 0]
    often, much = float((known > 0).mean()), float(sold.mean()) if sold.size else 0.0
    # Start from the first origin's own past, not from what came after it.
    first = series[: int(origins[0])]
    first = first[np.isfinite(first)]
    if (first > 0).any():
        often, much = float((first > 0).mean()), float(first[first > 0].mean())
    made, begun = np.empty((origins.size, horizon)), 0
    for row, origin in enumerate(origins.tolist()):
        for value in series[begun:origin].tolist():
            if value != value:
                continue
            often += OFTEN * ((value > 0) - often)
            if value > 0:
                much += MUCH * (value - much)
        begun = origin
        made[row] = often * much
    return made
