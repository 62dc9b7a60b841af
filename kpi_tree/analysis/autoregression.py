"""An ARIMA-class forecast: autoregression on yesterday and on the same weekday of earlier weeks.

The coefficients are found by least squares with a small ridge, older days counting less, anew at each
origin from the days before it: cumulative sums of products make that one small system of equations an
origin. Each place of the season has its own mean, to which the forecast returns.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kpi_tree.analysis.trajectory import Floats

Ints = npt.NDArray[np.int64]

HALF_LIFE_SEASONS = 20
"""After so many seasons a step counts half."""

RIDGE = 0.02
LEAST_SEASONS = 4


def autoregression(series: Floats, origins: Ints, horizon: int, season: int = 7) -> Floats:
    """Forecasts of the next steps after each origin; nan where fewer than four seasons stand before it.

    Args:
        series: one value a step; nan where there is none: such a step teaches nothing, and where it is
            needed as a lag, the value of a season before stands for it.
        origins: how many steps of the series each forecast knows, ascending.
        horizon: steps ahead.
        season: steps until the pattern comes round.

    Returns:
        one row an origin, one column a step ahead.

    >>> autoregression(np.array([5.0, 1.0] * 20), np.array([40]), 3, season=2).round(2).tolist()
    [[5.0, 1.0, 5.0]]
    """
    lags = np.array([*range(1, min(season, 4)), season, 2 * season, 3 * season])
    filled = _filled(series, season)
    size = float(np.abs(filled).mean()) or 1.0
    filled = filled / size
    weights = _coefficients(series / size, filled, lags, origins, season)
    longest = int(lags.max())
    made = np.full((origins.size, horizon), np.nan)
    usable = origins >= LEAST_SEASONS * season
    rows = np.flatnonzero(usable)
    if not rows.size:
        return made
    past = np.stack([filled[origin - longest : origin] for origin in origins[rows]])
    course = np.concatenate([past, np.empty((rows.size, horizon))], axis=1)
    lowest, highest = _bounds(filled, origins[rows])
    for step in range(horizon):
        place = (origins[rows] + step) % season
        lagged = course[:, longest + step - lags]
        value = weights[rows, place] + (weights[rows, season:] * lagged).sum(axis=1)
        course[:, longest + step] = np.clip(value, lowest, highest)
    made[rows] = course[:, longest:] * size
    return made


def _coefficients(series: Floats, filled: Floats, lags: Ints, origins: Ints, season: int) -> Floats:
    """One row of coefficients an origin: the season's own means, then the lags."""
    longest = int(lags.max())
    steps = np.arange(longest, series.size)
    columns = np.zeros((steps.size, season + lags.size))
    columns[np.arange(steps.size), steps % season] = 1.0
    columns[:, season:] = filled[steps[:, None] - lags]
    known = np.isfinite(series[steps])
    weight = np.where(known, 0.5 ** ((steps[-1] - steps) / (HALF_LIFE_SEASONS * season)), 0.0)
    target = np.where(known, series[steps], 0.0)
    found = np.zeros((origins.size, columns.shape[1]))
    squares, products = np.zeros((columns.shape[1],) * 2), np.zeros(columns.shape[1])
    begun = 0
    for row, origin in enumerate((origins - longest).tolist()):
        if origin < 1:
            continue
        part = slice(begun, origin)
        weighted = columns[part] * weight[part, None]
        squares = squares + weighted.T @ columns[part]
        products = products + weighted.T @ target[part]
        begun = origin
        ridge = np.eye(squares.shape[0]) * (RIDGE * np.trace(squares) / squares.shape[0] + 1e-9)
        ridge[:season, :season] *= 0.01  # means are hardly held back
        found[row] = np.linalg.solve(squares + ridge, products)
    return found


def _filled(series: Floats, season: int) -> Floats:
    """The series with each gap filled by the value one season before, or by the mean."""
    filled = series.copy()
    for step in np.flatnonzero(~np.isfinite(filled)):
        filled[step] = filled[step - season] if step >= season else np.nan
    known = filled[np.isfinite(filled)]
    return np.where(np.isfinite(filled), filled, known.mean() if known.size else 0.0)


def _bounds(filled: Floats, origins: Ints) -> tuple[Floats, Floats]:
    """Within what a forecast stays: half its known range beyond its ends, so that no course runs away."""
    low = np.minimum.accumulate(filled)[origins - 1]
    high = np.maximum.accumulate(filled)[origins - 1]
    return low - (high - low) / 2, high + (high - low) / 2
