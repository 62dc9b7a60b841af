"""Does one KPI really move with another? The history's answer to an influence edge, with its uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from kpi_tree.i18n import Msg, Quantity, msg, nmsg, translate

State = Literal["too_little", "hypothesis", "supported", "against"]
MIN_CHANGES = 20
MIN_SEASONS = 2
NEAR = 4
"""Seasons before and after a period that say what is usual at its place in the season."""
SHUT = 0.2
"""Below this share of zeros they are no values: a shop that is shut has not lost its customers."""
RANKS = 1.06
"""How much wider the interval of a correlation of ranks is (Fieller)."""
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """What the history says of an influence.

    Attributes:
        state: ``too_little`` history to say anything, ``hypothesis`` (it neither supports nor refutes),
            ``supported``, or ``against`` (they move together, but the other way).
        lag: periods by which the parent follows the child, where the correlation is strongest.
        correlation: of the ranks of period-to-period changes at that lag (Spearman), season taken out: a
            few days on which all of the shop stood on its head decide nothing; ``low`` and ``high`` its
            interval, widened for having tried several lags and for values that lean on their predecessors.
        n: pairs of changes; ``effective`` how many independent ones they are worth.
    """

    state: State
    lag: int | None = None
    correlation: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    effective: float = 0.0
    season: int | None = None

    @property
    def reason(self) -> Msg:
        """The finding in a sentence."""
        if self.state == "too_little" and self.n < _needed(self.season):
            return msg(
                "Too little history: {n} changes, at least {limit} are needed.",
                n=self.n,
                limit=_needed(self.season),
            )
        if self.state == "too_little":
            return msg(
                "Too little history: {n} changes, which lean on each other or hardly differ and are worth "
                "{worth}; at least {limit} are needed.",
                n=self.n,
                worth=int(self.effective),
                limit=MIN_CHANGES // 2,
            )
        lag = self.lag or 0
        when = nmsg("{n} period later", "{n} periods later", lag) if lag else msg("in the same period")
        fields = {
            "r": Quantity(self.correlation, "ratio"),
            "low": Quantity(self.low, "ratio"),
            "high": Quantity(self.high, "ratio"),
            "n": self.n,
            "when": when,
        }
        return msg(_SENTENCES[self.state].id, **fields)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON, the sentence in the language asked."""
        return {
            "state": self.state,
            "lag": self.lag,
            "correlation": self.correlation,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "effective": self.effective,
            "reason": translate(self.reason, lang),
        }


_SENTENCES: dict[str, Msg] = {
    "supported": msg("Supported: correlation {r} ({low} to {high}) over {n} changes, {when}."),
    "against": msg(
        "The history speaks against it: correlation {r} ({low} to {high}) over {n} changes, {when}."
    ),
    "hypothesis": msg(
        "Still a hypothesis: correlation {r} ({low} to {high}) over {n} changes, which may be chance."
    ),
}


def _needed(season: int | None) -> int:
    return max(MIN_CHANGES, MIN_SEASONS * (season or 0))


def evidence(
    child: ArrayLike,
    parent: ArrayLike,
    *,
    sign: int = 0,
    max_lag: int = 4,
    season: int | None = None,
    level: float = 0.9,
) -> Evidence:
    """Correlates the changes of two series at several lags and takes the strongest.

    Args:
        child, parent: values over the same periods, oldest first; nan is no value.
        sign: the direction the person believes in: +1, -1, or 0 for either.
        max_lag: largest lag tried, in periods.
        season: periods in a season both share (7 for days, 12 for months); what is usual at each place in it
            is taken out, as it was in the four seasons before and after.
        level: level of the interval over all lags tried together.

    Correlation is not cause; a supported influence is one that the history does not refute.

    >>> rng = np.random.default_rng(1)
    >>> ads = rng.normal(size=120).cumsum()
    >>> sales = np.r_[0.0, ads[:-1]] * 2 + rng.normal(size=120) * 0.3
    >>> found = evidence(ads, sales, sign=1)
    >>> found.state, found.lag
    ('supported', 1)
    """
    x = _changes(np.asarray(child, dtype=np.float64), season)
    y = _changes(np.asarray(parent, dtype=np.float64), season)
    best: Evidence | None = None
    longest, worth = 0, 0.0
    for lag in range(min(max_lag, max(len(x) - 3, 0)) + 1):
        found = _at_lag(x, y, lag, season, 1 - (1 - level) / (max_lag + 1))
        longest, worth = max(longest, found.n), max(worth, found.effective)
        if found.correlation is not None and (
            best is None or abs(found.correlation) > abs(best.correlation or 0)
        ):
            best = found
    if best is None or best.n < _needed(season) or best.effective < MIN_CHANGES / 2:
        return Evidence("too_little", n=longest, effective=worth, season=season)
    return _judged(best, sign)


def _changes(values: Values, season: int | None) -> Values:
    """Period-to-period changes less the usual change of their place in the season, as it was in those weeks.

    Relative changes where all is above zero: a season that grows with the shop is the same share of it. A few
    zeros among large numbers are days on which the shop was shut or nothing was noted, and not a fall.
    """
    values = np.where(np.isfinite(values), values, np.nan)
    zeros = values == 0
    if not (values < 0).any() and 0 < zeros.sum() < SHUT * np.isfinite(values).sum():
        values = np.where(zeros, np.nan, values)
    positive = np.nanmin(values, initial=np.inf) > 0
    changes = np.diff(np.log(values) if positive else values)
    for phase in range(season if season and season > 1 else 0):
        same = changes[phase::season]
        known = np.isfinite(same)
        around = sliding_window_view(np.pad(same, NEAR, constant_values=np.nan), 2 * NEAR + 1)
        changes[phase::season][known] = same[known] - np.nanmedian(around[known], axis=1)
    return changes


def _at_lag(x: Values, y: Values, lag: int, season: int | None, level: float) -> Evidence:
    early, late = (x[: len(x) - lag], y[lag:]) if lag else (x, y)
    both = np.isfinite(early) & np.isfinite(late)
    a, b = _ranks(early[both]), _ranks(late[both])
    n = len(a)
    if n < 4 or a.std() == 0 or b.std() == 0:
        return Evidence("too_little", n=n, season=season)
    r = float(np.clip(np.corrcoef(a, b)[0, 1], -0.999999, 0.999999))
    # What is usual at a place in the season was learnt from the same values: a season or one in nine.
    effective = _effective(a, b) - (max(season, n / (2 * NEAR + 1)) if season else 0)
    if effective < 5:
        return Evidence("too_little", n=n, effective=max(effective, 0.0), season=season)
    spread = NormalDist().inv_cdf(0.5 + level / 2) * math.sqrt(RANKS / (effective - 3))
    low, high = math.tanh(math.atanh(r) - spread), math.tanh(math.atanh(r) + spread)
    return Evidence("hypothesis", lag, r, low, high, n, effective, season)


def _ranks(values: Values) -> Values:
    """Each value's place from the smallest to the largest; equal ones share theirs."""
    _, place, many = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Values = (np.cumsum(many) - (many - 1) / 2)[place]
    return ranks


def _effective(a: Values, b: Values) -> float:
    """How many independent pairs they are worth, as each series leans on its own past (Bartlett)."""
    n = len(a)
    total = 1.0
    for lag in range(1, min(10, n // 4) + 1):
        product = _own(a, lag) * _own(b, lag)
        total += 2 * (1 - lag / n) * product
    return n / max(total, 1.0)


def _own(values: Values, lag: int) -> float:
    centred = values - values.mean()
    return float((centred[lag:] * centred[:-lag]).sum() / (centred * centred).sum())


def _judged(found: Evidence, sign: int) -> Evidence:
    clear = found.low is not None and found.high is not None and (found.low > 0 or found.high < 0)
    if not clear:
        return found
    way = 1 if (found.correlation or 0) > 0 else -1
    state: State = "supported" if sign in (0, way) else "against"
    return Evidence(
        state, found.lag, found.correlation, found.low, found.high, found.n, found.effective, found.season
    )
