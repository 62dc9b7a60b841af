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

WEEK = 7
HALF_LIFE_SEASONS = 20
"""After so many weeks, or as many steps, a step counts half."""

RIDGE = 0.02
LEAST_SEASONS = 4
LEAST_STEPS = 28
"""At least so many differences, or days, before an origin; fewer teach too little."""


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
    if season != WEEK:
        return _differenced(series, origins, horizon, season)
    return _levels(series, origins, horizon, season, (1, 2, 3, season, 2 * season, 3 * season))


def _differenced(series: Floats, origins: Ints, horizon: int, season: int) -> Floats:
    """The same on what each step has more than a season before: months and quarters grow from year to year,
    while a weekday has a level that it comes back to."""
    apart = series[season:] - series[:-season]
    lags = tuple(sorted({*range(1, min(season, 4)), season}))
    ahead = _levels(apart, np.maximum(origins - season, 1), horizon, 1, lags)
    filled = _filled(series, season)
    made = np.full((origins.size, horizon), np.nan)
    for row, origin in enumerate(origins.tolist()):
        course = np.concatenate([filled[max(origin - season, 0) : origin], ahead[row]])
        for step in range(season, course.size if origin >= LEAST_SEASONS * season else 0):
            course[step] += course[step - season]
        if origin >= LEAST_SEASONS * season:
            made[row] = course[season:]
    return made


def _levels(series: Floats, origins: Ints, horizon: int, season: int, places: tuple[int, ...]) -> Floats:
    """Autoregression on some lags with a mean for each place of the season."""
    lags = np.array(places)
    filled = _filled(series, season)
    weights = _coefficients(series, filled, lags, origins, season)
    longest = int(lags.max())
    made = np.full((origins.size, horizon), np.nan)
    usable = origins > max(longest, LEAST_STEPS)
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
    made[rows] = course[:, longest:]
    return made


def _coefficients(series: Floats, filled: Floats, lags: Ints, origins: Ints, season: int) -> Floats:
    """One row of coefficients an origin: the season's own means, then the lags."""
    longest = int(lags.max())
    steps = np.arange(longest, series.size)
    columns = np.zeros((steps.size, season + lags.size))
    columns[np.arange(steps.size), steps % season] = 1.0
    columns[:, season:] = filled[steps[:, None] - lags]
    known = np.isfinite(series[steps])
    weight = np.where(known, 0.5 ** ((steps[-1] - steps) / (HALF_LIFE_SEASONS * WEEK)), 0.0)
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
        found[row] = np.linalg.solve(squares + np.diag(_ridge(squares, season)), products)
    return found


def _ridge(squares: Floats, season: int) -> Floats:
    """What holds each coefficient back: a lag by its own spread around its mean, a mean next to nothing."""
    held = np.zeros(squares.shape[0])
    weight = max(float(squares[:season, :season].trace()), 1e-12)
    sums = squares[:season, season:].sum(axis=0)
    held[season:] = RIDGE * np.maximum(np.diag(squares)[season:] - sums**2 / weight, 0.0)
    # By each diagonal's own size: a series that never moves has lags of any size and no spread.
    return held + 1e-9 * np.maximum(np.diag(squares), weight)


def _filled(series: Floats, season: int) -> Floats:
    """The series with each gap filled by the value one season before, at its start by the first known."""
    filled = series.copy()
    known = np.flatnonzero(np.isfinite(filled))
    first = float(filled[known[0]]) if known.size else 0.0
    for step in np.flatnonzero(~np.isfinite(filled)):
        filled[step] = filled[step - season] if step >= season else first
    return filled


def _bounds(filled: Floats, origins: Ints) -> tuple[Floats, Floats]:
    """Within what a forecast stays: half its known range beyond its ends, so that no course runs away."""
    low = np.minimum.accumulate(filled)[origins - 1]
    high = np.maximum.accumulate(filled)[origins - 1]
    return low - (high - low) / 2, high + (high - low) / 2
