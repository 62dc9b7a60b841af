"""Exponential smoothing with level, damped trend and additive season (ETS A,Ad,A), from many days at once.

One pass over the series carries every combination of smoothing constants along; at each origin the one
that had erred least one step ahead *until then* makes the forecast. So a backtest of sixty origins costs
one pass, and no origin knows what came after it.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

from kpi_tree.analysis.trajectory import Floats

Ints = npt.NDArray[np.int64]

GRID = np.array(list(product([0.03, 0.1, 0.25, 0.5], [0.0, 0.05, 0.2], [0.03, 0.15]))).T
"""Smoothing constants of level, trend (as a share of the level's) and season, one combination a column."""

DAMPING = 0.97
FIRST_SEASONS = 4
MEMORY = 0.995
"""How much of a past error still counts one step later in the choice of constants."""


def holt_winters(series: Floats, origins: Ints, horizon: int, season: int = 7) -> Floats:
    """Forecasts of the next steps after each origin.

    Args:
        series: one value a step; nan where there is none: the state is carried over it.
        origins: how many steps of the series each forecast knows, ascending.
        horizon: steps ahead.
        season: steps until the pattern comes round.

    Returns:
        one row an origin, one column a step ahead.

    >>> holt_winters(np.array([5.0, 1.0] * 20), np.array([30, 40]), 3, season=2).round(6).tolist()
    [[5.0, 1.0, 5.0], [5.0, 1.0, 5.0]]
    """
    alpha, share, gamma = GRID
    beta = alpha * share
    states = _start(series, season, alpha.size)
    level, trend, seasonal = states
    squares = np.zeros(alpha.size)
    made = np.empty((origins.size, horizon))
    damped = np.cumsum(DAMPING ** np.arange(1, horizon + 1))
    begun = 0
    for row, origin in enumerate(origins.tolist()):
        for step in range(begun, origin):
            ahead = level + DAMPING * trend
            trend = DAMPING * trend
            value = series[step]
            if value == value:  # not a gap
                place = step % season
                error = value - ahead - seasonal[place]
                squares = MEMORY * squares + error * error
                ahead = ahead + alpha * error
                trend = trend + beta * error
                seasonal[place] += gamma * error
            level = ahead
        begun = origin
        best = int(squares.argmin())
        places = np.arange(origin, origin + horizon) % season
        made[row] = level[best] + trend[best] * damped + seasonal[places, best]
    return made


def _start(series: Floats, season: int, count: int) -> tuple[Floats, Floats, Floats]:
    """Level, trend and season from the first seasons known."""
    first = series[: season * FIRST_SEASONS]
    known = first[np.isfinite(first)]
    level = float(known.mean()) if known.size else 0.0
    away = np.zeros(season)
    for place in range(season):
        there = first[place::season]
        there = there[np.isfinite(there)]
        away[place] = there.mean() - level if there.size else 0.0
    return np.full(count, level), np.zeros(count), np.repeat(away[:, None], count, axis=1)
