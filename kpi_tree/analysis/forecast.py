"""What the rest of a period is likely to bring, with an honest interval.

The forecast is the mean of two methods that err differently: theta on the series without its weekday
pattern (exponential smoothing with half the trend), and the seasonal naive (the last weeks, or the same
weekdays a year ago scaled by the growth since). The interval comes from the errors that the very same
method made when it was run from earlier days: whole error paths are drawn, so that days that err together
stay together, and the sums of paths are what a total's interval is read from. Daily bounds are never added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kpi_tree.analysis.smoothing import predict
from kpi_tree.analysis.trajectory import Floats
from kpi_tree.i18n import Msg, msg, nmsg

MIN_HISTORY = 28
"""Days with a value below which there is no forecast."""

MIN_ORIGINS = 8
"""Runs from earlier days below which there is no interval."""

MAX_ORIGINS = 60
YEAR = 364
LONGEST_WINDOW = 2 * YEAR + 56

METHOD = msg("Mean of theta and seasonal naive; interval from the method's own errors on earlier days.")


@dataclass(frozen=True, slots=True)
class Forecast:
    """A daily forecast with simulated paths.

    Attributes:
        value: expected value of each day to come; empty where withheld.
        low, high: interval of each single day; None where there is too little to measure errors by.
        paths: simulated courses, one a row; empty without an interval.
        history: days with a value that it was made from.
        level: how much of the future the interval should hold.
        widened: whether less than two years were known for a long look ahead.
        backtest: ``origins``, ``horizon``, ``coverage`` of the interval, ``mase`` (error against the
            plain weekly naive's; below 1 is better than repeating last week).
        withheld: why there is no forecast, or no interval.
    """

    value: Floats
    low: Floats | None
    high: Floats | None
    paths: Floats
    history: int
    level: float
    widened: bool = False
    backtest: dict[str, float] | None = None
    withheld: Msg | None = None
    method: Msg = METHOD


def forecast(
    daily: Sequence[float] | Floats, horizon: int, *, level: float = 0.8, samples: int = 1000, seed: int = 0
) -> Forecast:
    """Forecasts the days after a daily series.

    Args:
        daily: one value a day up to yesterday; nan where there is none.
        horizon: how many days to look ahead; 0 where the period is over.
        level: share of outcomes the interval should hold.
        samples: simulated paths.
        seed: of the draw of error paths; the same seed gives the same interval.

    >>> week = [10, 12, 11, 13, 20, 30, 5]
    >>> made = forecast(week * 12, 7)
    >>> made.value.round(6).tolist() == week, made.withheld
    (True, None)
    >>> str(forecast([1.0] * 10, 7).withheld)
    'Only 10 days have a value; a forecast needs 28.'
    """
    series = _from_first_value(np.asarray(daily, dtype=np.float64))[-LONGEST_WINDOW:]
    known = int(np.isfinite(series).sum())
    if horizon < 1:
        return Forecast(np.empty(0), None, None, np.empty((0, 0)), known, level)
    if known < MIN_HISTORY:
        why = nmsg(
            "Only {n} day has a value; a forecast needs {least}.",
            "Only {n} days have a value; a forecast needs {least}.",
            known,
            least=MIN_HISTORY,
        )
        return Forecast(np.empty(0), None, None, np.empty((0, 0)), known, level, withheld=why)
    point = predict(series[None, :], horizon)[0]
    tested = _backtest(series, horizon)
    if tested is None:
        why = msg("Too little history to measure how far the forecast errs, so no interval is shown.")
        return Forecast(point, None, None, np.empty((0, horizon)), known, level, withheld=why)
    errors, mase = tested
    widened = horizon >= 28 and series.size < 2 * YEAR
    rng = np.random.default_rng(seed)
    paths = point + _draw(errors, horizon, samples, rng) * _scale(point[None, :]) * (1.25 if widened else 1.0)
    paths = _within(paths, series)
    low, high = np.quantile(paths, tails(level, errors.shape[0]), axis=0)
    report = {
        "origins": float(errors.shape[0]),
        "horizon": float(errors.shape[1]),
        "coverage": _coverage(errors, level),
        "mase": mase,
    }
    return Forecast(point, low, high, paths, known, level, widened, report)


def _backtest(series: Floats, horizon: int) -> tuple[Floats, float] | None:
    """Error paths of the method from earlier days, as shares of its forecast's size, and its MASE."""
    n = series.size
    ahead = min(horizon, max((n - MIN_HISTORY) // 2, 0))
    room = n - ahead - MIN_HISTORY
    if (ahead < 7 and ahead < horizon) or room < MIN_ORIGINS - 1:
        return None
    count = min(MAX_ORIGINS, room + 1)
    origins = np.unique(np.linspace(n - ahead - room, n - ahead, count).round().astype(int))
    longest = int(origins[-1])
    # Histories of different length stand right-aligned, with nan before their first day.
    padded = np.concatenate([np.full(longest, np.nan), series])
    histories = np.stack([padded[origin : origin + longest] for origin in origins])
    futures = np.stack([series[origin : origin + ahead] for origin in origins])
    guesses = predict(histories, ahead)
    errors = (futures - guesses) / _scale(guesses)
    usable = np.isfinite(errors).mean(axis=1) >= 0.5
    errors = np.where(np.isfinite(errors), errors, 0.0)[usable]
    if errors.shape[0] < MIN_ORIGINS:
        return None
    naive = series[7:] - series[:-7]
    yardstick = float(np.nanmean(np.abs(naive))) if np.isfinite(naive).any() else 0.0
    missed = float(np.nanmean(np.abs(futures - guesses)[usable]))
    return errors, missed / yardstick if yardstick > 0 else 0.0


def _scale(guesses: Floats) -> Floats:
    """What errors are counted in: the mean size of the forecast, or 1 where it is nothing."""
    size = np.abs(guesses).mean(axis=1, keepdims=True)
    return np.where(size > 0, size, 1.0)


def _draw(errors: Floats, horizon: int, samples: int, rng: np.random.Generator) -> Floats:
    """Error paths as long as the horizon: drawn whole, either way up, and chained where too short.

    Mirroring keeps a past that happened to grow from promising more growth; a chained path goes on from
    the level that the one before it had reached, so that doubt grows with the distance.
    """
    count, length = errors.shape
    made = np.empty((samples, 0))
    carried = np.zeros((samples, 1))
    while made.shape[1] < horizon:
        signs = rng.choice([-1.0, 1.0], size=(samples, 1))
        block = errors[rng.integers(0, count, samples)] * signs + carried
        made = np.concatenate([made, block], axis=1)
        carried = block[:, -min(7, length) :].mean(axis=1, keepdims=True)
    return made[:, :horizon]


def tails(level: float, origins: int) -> Sequence[float]:
    """The two quantiles of an interval, moved out for the small number of error paths (conformal)."""
    held = min(level * (1 + 1 / origins), 1.0)
    return ((1 - held) / 2, (1 + held) / 2)


def _coverage(errors: Floats, level: float) -> float:
    """Share of past totals that an interval from all the other origins would have held."""
    totals = np.abs(errors.sum(axis=1))
    held = 0
    for place, total in enumerate(totals):
        others = np.delete(totals, place)
        held += bool(total <= np.quantile(others, min(level * (1 + 1 / others.size), 1.0)) + 1e-12)
    return float(held / totals.size)


def _within(paths: Floats, series: Floats) -> Floats:
    """What never fell below zero, or never passed one while a share, does not do so in a simulation."""
    known = series[np.isfinite(series)]
    if known.min() >= 0:
        paths = np.maximum(paths, 0.0)
        if known.max() <= 1 and not np.array_equal(known, known.round()):
            paths = np.minimum(paths, 1.0)
    return paths


def _from_first_value(series: Floats) -> Floats:
    known = np.flatnonzero(np.isfinite(series))
    return series[known[0] : known[-1] + 1] if known.size else series[:0]


def to_rows(made: Forecast) -> list[dict[str, Any]]:
    """The forecast by day, for JSON: ``value``, ``low``, ``high``."""
    blank = [None] * made.value.size
    lows, highs = (blank if side is None else side.tolist() for side in (made.low, made.high))
    return [
        {"value": v, "low": a, "high": b} for v, a, b in zip(made.value.tolist(), lows, highs, strict=True)
    ]
