"""Does one KPI really move with another? The history's answer to an influence edge, with its uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpi_tree.i18n import Msg, Quantity, msg, nmsg, translate

State = Literal["too_little", "hypothesis", "supported", "against"]
MIN_CHANGES = 20
MIN_SEASONS = 2
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """What the history says of an influence.

    Attributes:
        state: ``too_little`` history to say anything, ``hypothesis`` (it neither supports nor refutes),
            ``supported``, or ``against`` (they move together, but the other way).
        lag: periods by which the parent follows the child, where the correlation is strongest.
        correlation: of period-to-period changes at that lag, season taken out; ``low`` and ``high`` its
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
        if self.state == "too_little":
            return msg(
                "Too little history: {n} changes, at least {limit} are needed.",
                n=self.n,
                limit=_needed(self.season),
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
    """Correlates the changes of two series at several lags.

    Args:
        child, parent: values over the same periods, oldest first; nan is no value.
        sign: the direction the person believes in: +1, -1, or 0 for either.
        max_lag: largest lag tried, in periods.
        season: periods in a season both share (7 for days, 12 for months), whose mean is taken out.
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
    longest = 0
    for lag in range(min(max_lag, max(len(x) - 3, 0)) + 1):
        found = _at_lag(x, y, lag, season, 1 - (1 - level) / (max_lag + 1))
        longest = max(longest, found.n)
        if found.correlation is not None and (
            best is None or abs(found.correlation) > abs(best.correlation or 0)
        ):
            best = found
    if best is None or best.n < _needed(season) or best.effective < MIN_CHANGES / 2:
        return Evidence("too_little", n=longest, season=season)
    return _judged(best, sign)


def _changes(values: Values, season: int | None) -> Values:
    """Period-to-period changes less the usual change of their place in the season."""
    changes = np.diff(values)
    if season and season > 1:
        changes = changes.copy()
        for phase in range(season):
            same = changes[phase::season]
            if np.isfinite(same).any():
                changes[phase::season] = same - np.nanmean(same)
    return changes


def _at_lag(x: Values, y: Values, lag: int, season: int | None, level: float) -> Evidence:
    early, late = (x[: len(x) - lag], y[lag:]) if lag else (x, y)
    both = np.isfinite(early) & np.isfinite(late)
    a, b = early[both], late[both]
    n = len(a)
    if n < 4 or a.std() == 0 or b.std() == 0:
        return Evidence("too_little", n=n, season=season)
    r = float(np.clip(np.corrcoef(a, b)[0, 1], -0.999999, 0.999999))
    effective = _effective(a, b) - (season or 0)
    if effective < 5:
        return Evidence("too_little", n=n, effective=max(effective, 0.0), season=season)
    spread = NormalDist().inv_cdf(0.5 + level / 2) / math.sqrt(effective - 3)
    low, high = math.tanh(math.atanh(r) - spread), math.tanh(math.atanh(r) + spread)
    return Evidence("hypothesis", lag, r, low, high, n, effective, season)


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
