"""Point forecasts of many series at once: theta, seasonal naive, and the mean of both.

A *season* is how many steps a pattern takes to come round: 7 for days, 12 for months. Days also know the
year (364 days, so that weekdays meet).
"""

from __future__ import annotations

import numpy as np

from kpi_tree.analysis.trajectory import Floats

ALPHAS = np.array([0.05, 0.1, 0.2, 0.35, 0.6])
DAMPING = 0.985
"""How much of a step's trend the next step keeps: no trend goes on for ever."""

WEEK = 7
PATTERN_SEASONS = 13
NAIVE_WEEKS = 4
TREND_SEASONS = 26
YEAR = 364


def predict(histories: Floats, horizon: int, season: int = WEEK) -> Floats:
    """The mean of theta and seasonal naive for each row's next steps.

    Args:
        histories: one series a row, right-aligned; nan where there is no value.
        horizon: steps ahead.

    >>> predict(np.array([[1.0, 2, 3, 4, 5, 6, 7] * 8]), 3).round(6).tolist()
    [[1.0, 2.0, 3.0]]
    """
    ahead = theta(histories, horizon, season)
    second = naive(histories, horizon, season)
    return np.where(np.isfinite(second), (ahead + second) / 2, ahead)


def naive(histories: Floats, horizon: int, season: int = WEEK) -> Floats:
    """The last seasons repeated; for days with a year behind them the same weekdays then, scaled by growth.

    >>> naive(np.array([[3.0, 1, 3, 1]]), 3, season=2).tolist()
    [[3.0, 1.0, 3.0]]
    """
    plain = _repeated(histories, horizon, season)
    if season != WEEK:
        return plain
    yearly = _yearly(histories, horizon)
    return np.where(np.isfinite(yearly), yearly, plain)


def theta(histories: Floats, horizon: int, season: int = WEEK) -> Floats:
    """Smoothed level and half the recent trend, damped, with the season's pattern put back."""
    pattern = weekday_pattern(histories, season)
    n = histories.shape[1]
    return _theta(histories, pattern, horizon) * pattern[:, np.arange(n, n + horizon) % season]


def weekday_pattern(histories: Floats, season: int = WEEK) -> Floats:
    """Each place's share of its row's mean, from the last seasons; ones where it says nothing."""
    recent = histories[:, -season * PATTERN_SEASONS :]
    offset = histories.shape[1] - recent.shape[1]
    place = (np.arange(recent.shape[1]) + offset) % season
    means = np.stack([_mean(recent[:, place == one]) for one in range(season)], axis=1)
    overall = _mean(means)[:, None]
    counts = np.stack([np.isfinite(recent[:, place == one]).sum(axis=1) for one in range(season)], axis=1)
    usable = (
        (overall > 0) & (means.min(axis=1, keepdims=True) >= 0) & (counts.min(axis=1, keepdims=True) >= 2)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = means / overall
    return np.where(usable, shares, 1.0)


def _theta(histories: Floats, pattern: Floats, horizon: int) -> Floats:
    """Level by exponential smoothing, and half the trend of the last half-year, damped."""
    n, season = histories.shape[1], pattern.shape[1]
    seasonal = pattern[:, np.arange(n) % season]
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = np.where(seasonal > 0.02, histories / seasonal, np.nan)
    slope = _slope(plain[:, -TREND_SEASONS * season :], max(2 * season, 28)) / 2
    growth = np.cumsum(DAMPING ** np.arange(1, horizon + 1))
    level = _level(plain, season)
    made = level[:, None] + slope[:, None] * growth
    # A falling trend does not take a series that never was below zero there.
    lowest = np.nanmin(np.where(np.isfinite(histories), histories, np.inf), axis=1)[:, None]
    return np.where(lowest >= 0, np.maximum(made, 0.0), made)


def _level(plain: Floats, season: int) -> Floats:
    """The last smoothed level, by the smoothing constant that erred least one step ahead."""
    rows = plain.shape[0]
    start = _mean(_first_known(plain, season))
    level = np.repeat(start[:, None], ALPHAS.size, axis=1)
    squares = np.zeros((rows, ALPHAS.size))
    for column in plain.T:
        error = column[:, None] - level
        error = np.where(np.isfinite(error), error, 0.0)
        squares += error**2
        level = level + ALPHAS * error
    return np.asarray(level[np.arange(rows), squares.argmin(axis=1)])


def _first_known(plain: Floats, count: int) -> Floats:
    """The first known values of each row, nan elsewhere."""
    return np.where(np.cumsum(np.isfinite(plain), axis=1) <= count, plain, np.nan)


def _slope(recent: Floats, least: int) -> Floats:
    """Least-squares slope a step; nothing where fewer than ``least`` steps are known."""
    days = np.arange(recent.shape[1], dtype=np.float64)
    known = np.isfinite(recent)
    count = known.sum(axis=1)
    safe = np.maximum(count, 1)
    centre = (days * known).sum(axis=1) / safe
    mean = np.where(known, recent, 0).sum(axis=1) / safe
    away = np.where(known, days - centre[:, None], 0.0)
    spread = (away**2).sum(axis=1)
    rise = (away * np.where(known, recent - mean[:, None], 0.0)).sum(axis=1)
    return np.where((count >= least) & (spread > 0), rise / np.maximum(spread, 1e-12), 0.0)


def _repeated(histories: Floats, horizon: int, season: int) -> Floats:
    """The mean of each place in the last seasons, repeated; of days four weeks, of others one season."""
    seasons = NAIVE_WEEKS if season == WEEK else 1
    recent = histories[:, -season * seasons :]
    if recent.shape[1] < season * seasons:
        return np.full((histories.shape[0], horizon), np.nan)
    one = np.stack([_mean(recent[:, place::season]) for place in range(season)], axis=1)
    return np.asarray(one[:, np.arange(horizon) % season])


def _yearly(histories: Floats, horizon: int) -> Floats:
    """The same weekdays a year ago, scaled by the growth of the last eight weeks; nan without them."""
    rows, n = histories.shape
    missing = np.full((rows, horizon), np.nan)
    if n < YEAR + 56:
        return missing
    ahead = np.arange(n, n + horizon)
    ahead -= YEAR * (1 + (ahead - n) // YEAR)
    last_year = histories[:, ahead]
    now, then = _mean(histories[:, -56:]), _mean(histories[:, n - 56 - YEAR : n - YEAR])
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where(then > 0, now / then, np.nan)
    # A change of more than threefold is another business, not a season.
    growth = np.where((growth > 1 / 3) & (growth < 3), growth, np.nan)
    whole = np.isfinite(last_year).mean(axis=1) >= 0.9
    filled = np.where(np.isfinite(last_year), last_year, _mean(last_year)[:, None])
    return np.where((whole & np.isfinite(growth))[:, None], filled * growth[:, None], missing)


def _mean(values: Floats) -> Floats:
    """Mean over the columns of what is known; nan where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
