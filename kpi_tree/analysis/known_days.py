"""Days of which it is known beforehand that they are unlike others: holidays, campaigns, closures.

What such a day brings beside an ordinary one is learned from the days of the same name before, against the
same weekdays around them. The history is freed of it before any method sees it, and it is put on the days
to come. A day that never came before has the weight that a person gave it, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kpi_tree.analysis.trajectory import Floats

WEEKS_AROUND = 4
CLEAR = 1.5
"""By how many of its own standard errors an effect must differ from none to be believed."""

LEAST_LEFT = 0.1
"""Below this share of an ordinary day a past day says nothing of ordinary days: it becomes a gap."""


@dataclass(frozen=True, slots=True)
class KnownDay:
    """One day known to be unlike others.

    Attributes:
        step: which day: -1 the last of the history, 0 the first to come.
        name: days of one name are expected to do the same.
        weight: what it brings beside an ordinary day by a person's word; None where only history can tell.
    """

    step: int
    name: str
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Freed:
    """A history freed of its known days.

    Attributes:
        history: the series as if they had been ordinary days.
        factors: what each day to come is multiplied by.
        names: of the days to come that are counted in.
    """

    history: Floats
    factors: Floats
    names: tuple[str, ...] = ()


def free(series: Floats, days: Sequence[KnownDay], horizon: int) -> Freed:
    """Takes what known days brought out of a history, and says what those to come will bring.

    Args:
        series: one value a day, nan where there is none. Where one is negative, nothing is done.
        days: past ones and ones to come.
        horizon: how many days to come there are.

    >>> series = np.tile([10.0] * 6 + [20.0], 12)
    >>> series[[30, 60]] = 5.0
    >>> freed = free(series, [KnownDay(-54, "Sale"), KnownDay(-24, "Sale"), KnownDay(2, "Sale")], 4)
    >>> float(freed.history[30].round(2)), freed.factors.round(2).tolist(), freed.names
    (8.33, [1.0, 1.0, 0.6, 1.0], ('Sale',))
    """
    none = Freed(series, np.ones(horizon))
    known = series[np.isfinite(series)]
    if not days or not known.size or known.min() < 0:
        return none
    n = series.size
    usual, scatter = _usual(series, {n + day.step for day in days if -n <= day.step < 0})
    history, factors = series.copy(), np.ones(horizon)
    names: dict[str, None] = {}
    for name in dict.fromkeys(day.name for day in days):
        own = [day for day in days if day.name == name]
        past = [n + day.step for day in own if -n <= day.step < 0]
        effect = _effect(
            series, usual, scatter, past, next((d.weight for d in own if d.weight is not None), None)
        )
        if effect == 1.0:
            continue
        for place in past:
            history[place] = history[place] / effect if effect > LEAST_LEFT else np.nan
        for day in own:
            if 0 <= day.step < horizon:
                factors[day.step] *= effect
                names[name] = None
    return Freed(history, factors, tuple(names))


def _usual(series: Floats, unlike: set[int]) -> tuple[Floats, float]:
    """What the same weekdays around each day brought, and how far an ordinary day strays from it."""
    n = series.size
    plain = series.copy()
    plain[sorted(unlike)] = np.nan
    weeks = [week * 7 for week in range(-WEEKS_AROUND, WEEKS_AROUND + 1) if week]
    around = np.full((len(weeks), n), np.nan)
    for row, shift in enumerate(weeks):
        to = slice(max(-shift, 0), min(n - shift, n))
        around[row, to] = (
            plain[max(shift, 0) : max(shift, 0) + (to.stop - to.start)] if to.stop > to.start else 0
        )
    some = np.isfinite(around).any(axis=0)
    usual = np.full(n, np.nan)
    usual[some] = np.nanmedian(around[:, some], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        strays = np.where(usual > 0, plain / usual - 1, np.nan)
    strays = strays[np.isfinite(strays)]
    return usual, float(strays.std()) if strays.size else 0.0


def _effect(series: Floats, usual: Floats, scatter: float, past: list[int], weight: float | None) -> float:
    """What a day of this name brings beside an ordinary one; 1 where nothing clear is known."""
    if weight == 0:
        return 0.0
    found = [place for place in past if np.isfinite(series[place]) and usual[place] > 0]
    if not found:
        return 1.0 if weight is None else weight
    count = len(found)
    share = float(series[found].sum() / usual[found].sum())
    if share == 0:
        return 0.0
    if abs(share - 1) < CLEAR * scatter / np.sqrt(count):
        return 1.0
    # One day alone is half chance: the fewer there were, the nearer to an ordinary day.
    return 1 + (share - 1) * count / (count + 0.5)
