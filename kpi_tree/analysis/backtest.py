"""How far each method would have erred: run from earlier days, held against what then came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kpi_tree.analysis.methods import DEFAULT, NAMES, Candidate, Ints, runs
from kpi_tree.analysis.trajectory import Floats
from kpi_tree.i18n import Msg, format_percent, msg, nmsg, translate

MIN_HISTORY = 28
MIN_ORIGINS = 8
"""Runs from earlier days below which nothing is chosen and no interval shown."""

MAX_ORIGINS = 48
ALIGNED = 24
"""Weeks to run from, at least, for running from one weekday only."""

BETTER = 0.97
"""A method takes the default's place only when its error is at most this share of the default's ..."""

CHANCE = 0.15
"""... less this, divided by how many spans that do not overlap it was tried on: few prove little."""


@dataclass(frozen=True, slots=True)
class Roughly:
    """A share in whole percent, for what is not known more exactly.

    >>> Roughly(0.0834).in_language("en"), Roughly(0.004).in_language("en")
    ('8%', '0.4%')
    """

    share: float

    def in_language(self, lang: str) -> str:
        """As it is written in a language."""
        return format_percent(self.share, lang, decimals=0 if self.share >= 0.01 else 1)


@dataclass(frozen=True, slots=True)
class Tried:
    """One method on the earlier days.

    Attributes:
        method: its short name.
        mase: mean error of a day against the plain weekly naive's; below 1 is better than last week again.
        off: mean error of a span's total (or mean), as a share of what came; None where nothing came.
        coverage: share of the spans' totals that an interval made from the other spans would have held.
    """

    method: str
    mase: float
    off: float | None
    coverage: float

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """One line of the table, for JSON."""
        return {
            "method": self.method,
            "name": translate(NAMES[self.method], lang),
            "mase": self.mase,
            "error": self.off,
            "coverage": self.coverage,
        }


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the trial on earlier days found.

    Attributes:
        origins: from how many days it was run. horizon: over how many days each time. days: how many
            days all of it spans.
        chosen: the method taken. tried: every method, the chosen one first, then by error.
    """

    origins: int
    horizon: int
    days: int
    chosen: str
    tried: tuple[Tried, ...]

    @property
    def spans(self) -> float:
        """How many spans that do not overlap the trial holds."""
        return max(self.days / self.horizon, 1.0)

    @property
    def best(self) -> Tried:
        """The chosen method's own line."""
        return self.tried[0]

    def words(self) -> Msg:
        """How far the chosen method was off, as a sentence.

        >>> str(Backtest(40, 28, 180, "ets", (Tried("ets", 0.8, 0.083, 0.8),)).words())
        'Tried on the last 6 months, 28 days at a time, it was off by about 8% on average.'
        """
        if self.best.off is None:
            return msg("Tried on earlier days, there was nothing to be off by.")
        months = round(self.days / 30.4)
        off = Roughly(self.best.off)
        span = nmsg("{n} day at a time", "{n} days at a time", self.horizon)
        if months < 2:
            return nmsg(
                "Tried on the last {n} day, {span}, it was off by about {off} on average.",
                "Tried on the last {n} days, {span}, it was off by about {off} on average.",
                self.days,
                off=off,
                span=span,
            )
        return nmsg(
            "Tried on the last {n} month, {span}, it was off by about {off} on average.",
            "Tried on the last {n} months, {span}, it was off by about {off} on average.",
            months,
            off=off,
            span=span,
        )

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON: the chosen method's figures, and the table of all that were tried."""
        return {
            "origins": self.origins,
            "horizon": self.horizon,
            "days": self.days,
            "mase": self.best.mase,
            "error": self.best.off,
            "coverage": self.best.coverage,
            "words": translate(self.words(), lang),
            "tried": [one.to_dict(lang) for one in self.tried],
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """All that a forecast needs of the trial.

    Attributes:
        point: the chosen method's forecast from the end of the series.
        errors: its error paths from earlier days, oldest first, as shares of the forecast's size.
        report: None where there were too few days to try anything on.
        chosen: short name of the method.
    """

    point: Floats
    errors: Floats
    report: Backtest | None
    chosen: str = DEFAULT


def scale(guesses: Floats) -> Floats:
    """What errors are counted in: the mean size of each forecast, or 1 where it is nothing."""
    size = np.abs(guesses).mean(axis=1, keepdims=True)
    return np.where(size > 0, size, 1.0)


def trial(
    series: Floats,
    horizon: int,
    *,
    level: float = 0.8,
    season: int = 7,
    limits: tuple[float, float] = (-np.inf, np.inf),
    also: Mapping[str, Candidate] | None = None,
    method: str | None = None,
) -> Trial:
    """Runs every method from earlier days and from the end, and chooses one.

    Args:
        limits: what no forecast may fall below or rise above.
        also: further candidates by name.
        method: the one to take whatever its error; None lets the errors choose.

    >>> found = trial(np.array([5.0, 1.0] * 60), 4, season=2)
    >>> found.point.round(2).tolist(), found.report.best.mase
    ([5.0, 1.0, 5.0, 1.0], 0.0)
    """
    n = series.size
    origins, ahead = spread(n, horizon, season)
    # One run for the past and for now: half the time of two.
    made = runs(series, np.append(origins, n), horizon, season)
    made |= {name: run(np.append(n - origins, 0), horizon) for name, run in (also or {}).items()}
    past = {name: guess[:-1, :ahead] for name, guess in made.items()}
    now = {name: guess[-1:] for name, guess in made.items()}
    now = {name: np.clip(guess, *limits) for name, guess in now.items() if np.isfinite(guess).all()}
    past = {name: np.clip(guess, *limits) for name, guess in past.items() if name in now}
    came = np.stack([series[o : o + ahead] for o in origins]) if origins.size else np.empty((0, ahead))
    usable = np.isfinite(came).mean(axis=1) >= 0.5 if origins.size else np.zeros(0, dtype=bool)
    past = {name: guess for name, guess in past.items() if np.isfinite(guess[usable]).all()}
    if usable.sum() < MIN_ORIGINS:
        taken = method if method in now else DEFAULT
        return Trial(now[taken][0], np.empty((0, ahead)), None, taken)
    held = {name: _held(came[usable], guess[usable], level) for name, guess in past.items()}
    yard = _yardstick(series, season)
    chosen = method or ""
    if chosen not in held:
        spans = max((n - int(origins[usable][0])) / ahead, 1.0)
        chosen = _choose({name: one.score for name, one in held.items()}, BETTER - CHANCE / spans)
    lines = sorted(held, key=lambda name: (name != chosen, held[name].score))
    report = Backtest(
        int(usable.sum()),
        ahead,
        int(n - origins[usable][0]),
        chosen,
        tuple(
            Tried(name, held[name].daily / yard if yard else 0.0, held[name].off, held[name].coverage)
            for name in lines
        ),
    )
    return Trial(now[chosen][0], held[chosen].errors, report, chosen)


def spread(n: int, horizon: int, season: int = 7) -> tuple[Ints, int]:
    """The earlier steps to run from, and how far ahead from each; none where the series is too short.

    >>> [part if isinstance(part, int) else part.tolist()[:3] for part in spread(100, 14)]
    [[28, 29, 30], 14]
    """
    first = max(MIN_HISTORY, 2 * season, n // 8)
    ahead = min(horizon, max((n - first) // 2, 0))
    if ahead < horizon and ahead >= season:
        ahead -= ahead % season  # chained error paths then keep to their weekdays
    room = n - ahead - first
    if (ahead < season and ahead < horizon) or room < MIN_ORIGINS - 1:
        return np.empty(0, dtype=np.int64), ahead
    # Where there is room, run from the same weekday as today's, so that each error meets its weekday.
    step = season if room // season + 1 >= ALIGNED else 1
    count = min(MAX_ORIGINS, room // step + 1)
    back = np.linspace(0, room // step, count).round().astype(np.int64) * step
    found: Ints = np.unique(n - ahead - (back + (-ahead) % step if step > 1 else back))
    return found[found >= first], ahead


@dataclass(frozen=True, slots=True)
class _Held:
    errors: Floats
    daily: float
    off: float | None
    coverage: float
    score: float


def _held(came: Floats, guesses: Floats, level: float) -> _Held:
    """One method's guesses against what came."""
    known = np.isfinite(came)
    missed = np.where(known, came - guesses, 0.0)
    totals = np.abs(missed.sum(axis=1))
    size = np.abs(np.where(known, came, 0.0).sum(axis=1)).sum()
    daily = float(np.abs(missed).sum() / known.sum())
    errors = missed / scale(guesses)
    # Half for the single day, half for the span: a person asks for both.
    score = daily + float(totals.mean() / came.shape[1])
    return _Held(errors, daily, float(totals.sum() / size) if size else None, coverage(errors, level), score)


def _choose(scores: Mapping[str, float], share: float) -> str:
    """The method with the least error, where it beats the default by more than chance would."""
    best = min(scores, key=lambda name: scores[name])
    return best if scores[best] < share * scores[DEFAULT] else DEFAULT


def coverage(errors: Floats, level: float) -> float:
    """Share of past totals that an interval from all the other origins would have held."""
    totals = np.sort(np.abs(errors.sum(axis=1)))
    last = totals.size - 1
    place = min(level * (1 + 1 / last), 1.0) * (last - 1)
    lower, part = int(place), place - int(place)
    # Without its own total, each rank at or above its own moves down by one.
    ranks = np.arange(totals.size)
    below = totals[np.where(ranks <= lower, lower + 1, lower)]
    upper = min(lower + 1, last - 1)
    above = totals[np.where(ranks <= upper, upper + 1, upper)]
    return float((totals <= below + part * (above - below) + 1e-12).mean())


def _yardstick(series: Floats, season: int) -> float:
    apart = np.abs(series[season:] - series[:-season])
    return float(np.nanmean(apart)) if np.isfinite(apart).any() else 0.0
