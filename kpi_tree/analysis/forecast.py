"""What the rest of a period is likely to bring, with an honest interval.

Several methods are run from earlier days (:mod:`kpi_tree.analysis.backtest`); the mean of theta and seasonal
naive is taken unless another one erred clearly less. The interval comes from the errors that the very same
method made then: whole error paths are drawn, so that days that err together stay together, and the sums of
paths are what a total's interval is read from. Daily bounds are never added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kpi_tree.analysis.backtest import MIN_HISTORY, Backtest, Trial, scale, trial
from kpi_tree.analysis.known_days import KnownDay, free
from kpi_tree.analysis.methods import DEFAULT, NAMES, STOPPED, Candidate
from kpi_tree.analysis.trajectory import Floats
from kpi_tree.i18n import Msg, msg, nmsg

METHOD = NAMES[DEFAULT]
YEAR = 364
LONGEST_WINDOW = 2 * YEAR + 56

WIDER = {1: 1.25, 2: 1.05}
"""How much wider the course may lie where less than so many seasons of the year are known."""

FEW = 1.4
"""Divided by the spans that the errors were seen over, how much wider still: few errors say little about
the next. Tuned so that the interval holds on shops with one year of days; Student's t would say 0.8."""

STOPPED_DAYS = 56
CLOSED_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Forecast:
    """A daily forecast with simulated paths.

    Attributes:
        value: expected value of each day to come; empty where withheld.
        low, high: interval of each single day; None where there is too little to measure errors by.
        paths: simulated courses, one a row; empty without an interval.
        history: days with a value that it was made from.
        level: how much of the future the interval should hold.
        method: short name of the method taken, one of :data:`kpi_tree.analysis.methods.NAMES`.
        widened: whether less than two years were known for a long look ahead.
        backtest: how the methods did on earlier days; None where there were too few.
        withheld: why there is no forecast, or no interval.
        days: names of the known days to come that are counted in.
    """

    value: Floats
    low: Floats | None
    high: Floats | None
    paths: Floats
    history: int
    level: float
    method: str = DEFAULT
    widened: bool = False
    backtest: Backtest | None = None
    withheld: Msg | None = None
    days: tuple[str, ...] = ()

    def named(self) -> Msg:
        """The method in words."""
        return NAMES[self.method]


def nothing(why: Msg | None, level: float, known: int = 0) -> Forecast:
    """No forecast, and why."""
    return Forecast(np.empty(0), None, None, np.empty((0, 0)), known, level, withheld=why)


def forecast(
    daily: Sequence[float] | Floats,
    horizon: int,
    *,
    level: float = 0.8,
    samples: int = 1000,
    seed: int = 0,
    share: bool = False,
    days: Sequence[KnownDay] = (),
    also: Mapping[str, Candidate] | None = None,
    method: str | None = None,
) -> Forecast:
    """Forecasts the days after a daily series.

    Args:
        daily: one value a day up to yesterday; nan where there is none.
        horizon: how many days to look ahead; 0 where the period is over.
        level: share of outcomes the interval should hold.
        samples: simulated paths.
        seed: of the draw of error paths; the same seed gives the same interval.
        share: whether the values are shares, which end at 1 where they never passed it.
        days: holidays, campaigns and closures, past ones and ones to come.
        also: further candidates by name, beside the built-in ones.
        method: short name of the method to take; None lets their errors choose.

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
        return nothing(None, level, known)
    if known < MIN_HISTORY:
        why = nmsg(
            "Only {n} day has a value; a forecast needs {least}.",
            "Only {n} days have a value; a forecast needs {least}.",
            known,
            least=MIN_HISTORY,
        )
        return nothing(why, level, known)
    if zeros := _stopped(series):
        return _of_nothing(zeros, horizon, level, known)
    limits = _limits(series, share)
    freed = free(series, days, horizon)
    tried = trial(freed.history, horizon, level=level, limits=limits, also=also, method=method)
    ahead = _open(series, horizon) * freed.factors
    made = Forecast(
        np.minimum(tried.point * ahead, limits[1]), None, None, np.empty((0, horizon)), known, level,
        tried.chosen, series.size < 2 * YEAR, tried.report, days=freed.names,
    )  # fmt: skip
    if tried.report is None:
        why = msg("Too little history to measure how far the forecast errs, so no interval is shown.")
        return replace(made, withheld=why)
    paths = np.clip(_courses(tried, horizon, samples, seed, series.size), *limits) * ahead
    paths = np.minimum(paths, limits[1])
    low, high = np.quantile(paths, tails(level), axis=0)
    return replace(made, low=low, high=high, paths=paths)


def _courses(tried: Trial, horizon: int, samples: int, seed: int, known: int) -> Floats:
    """Simulated courses around a point forecast, wider the less is known."""
    assert tried.report is not None
    seasons = next((factor for years, factor in WIDER.items() if known < years * YEAR), 1.0)
    wider = seasons * (1 + FEW / tried.report.spans)
    drawn = draw(tried.errors, horizon, samples, np.random.default_rng(seed), wider)
    return np.asarray(tried.point + drawn * scale(tried.point[None, :]))


def draw(errors: Floats, horizon: int, samples: int, rng: np.random.Generator, wider: float = 1.0) -> Floats:
    """Error paths as long as the horizon: drawn whole, either way up, and chained where too short.

    Mirroring keeps a past that happened to grow from promising more growth; a chained path goes on from
    the level that the one before it had reached, so that doubt grows with the distance. ``wider`` is how
    much further the course as a whole may lie than it did; its days' own scatter stays as it was.
    """
    count, length = errors.shape
    middle = errors.mean(axis=1, keepdims=True)
    errors = errors - middle + middle * wider
    made = np.empty((samples, 0))
    carried = np.zeros((samples, 1))
    while made.shape[1] < horizon:
        signs = rng.choice([-1.0, 1.0], size=(samples, 1))
        block = errors[rng.integers(0, count, samples)] * signs + carried
        made = np.concatenate([made, block], axis=1)
        carried = block[:, -min(7, length) :].mean(axis=1, keepdims=True)
    return made[:, :horizon]


def tails(level: float, errors: int = 0) -> tuple[float, float]:
    """The two quantiles that an interval lies between.

    Args:
        errors: of how few past errors they are taken, which moves them out (conformal); 0 for paths that
            are widened already.

    >>> [round(side, 6) for side in tails(0.8)]
    [0.1, 0.9]
    """
    held = min(level * (1 + 1 / errors), 1.0) if errors else level
    return ((1 - held) / 2, (1 + held) / 2)


def _limits(series: Floats, share: bool) -> tuple[float, float]:
    """What never fell below zero, or never passed one while a share, does not do so in a forecast."""
    known = series[np.isfinite(series)]
    if known.min() < 0:
        return (-np.inf, np.inf)
    part = known.max() <= 1 and (share or not np.array_equal(known, known.round()))
    return (0.0, 1.0 if part else np.inf)


def _open(series: Floats, horizon: int) -> Floats:
    """1 for each day to come; 0 where its weekday was nothing for eight weeks while others were not."""
    recent = series[-7 * CLOSED_WEEKS :]
    ahead = np.arange(horizon) % 7
    closed = np.zeros(7, dtype=bool)
    for place in range(7):
        there = recent[(np.arange(recent.size) - recent.size) % 7 == place]
        there = there[np.isfinite(there)]
        closed[place] = there.size >= 4 and not there.any()
    return np.where(closed[ahead] & (not closed.all()), 0.0, 1.0)


def _stopped(series: Floats) -> int:
    """For how many days nothing came any more; 0 where something did, or where it was so a year ago too."""
    end = series[-STOPPED_DAYS:]
    if (
        np.isfinite(end).sum() < STOPPED_DAYS // 2
        or np.nan_to_num(end).any()
        or not np.nan_to_num(series).any()
    ):
        return 0
    last_year = series[-YEAR - STOPPED_DAYS : -YEAR]
    if last_year.size == STOPPED_DAYS and not np.nan_to_num(last_year).any():
        return 0
    return int(series.size - 1 - np.flatnonzero(np.nan_to_num(series))[-1])


def _of_nothing(days: int, horizon: int, level: float, known: int) -> Forecast:
    """Nothing goes on as nothing; how likely it is to begin again, no past error can say."""
    why = nmsg(
        "The last {n} day is zero. The forecast goes on so; whether it starts again cannot be known.",
        "The last {n} days are all zero. The forecast goes on so; whether it starts again cannot be known.",
        days,
    )
    empty = np.empty((0, horizon))
    return Forecast(np.zeros(horizon), None, None, empty, known, level, STOPPED, withheld=why)


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
