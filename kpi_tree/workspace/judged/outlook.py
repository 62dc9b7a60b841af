"""Where a node's period is likely to end, and how likely it reaches its target."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from kpi_tree.analysis import Forecast, fan, forecast, kind_of, landing
from kpi_tree.analysis.backtest import Backtest
from kpi_tree.analysis.drivers import Drivers
from kpi_tree.analysis.forecast import LONGEST_WINDOW, METHOD, nothing
from kpi_tree.analysis.methods import Candidate
from kpi_tree.i18n import Msg, msg, translate
from kpi_tree.periods import Period
from kpi_tree.workspace.base.cache import Lru
from kpi_tree.workspace.base.holiday import Unlike, day_words

HISTORY_DAYS = LONGEST_WINDOW
"""Days of history that a forecast reads."""

FARTHEST = 731
"""Days ahead beyond which nothing is forecast."""

LEVEL = 0.8
FORECASTS = Lru(256)
"""Kept by their very input, so that an edit of the plan or another session never pays for them again."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Around:
    """What a forecast may know beside the days themselves.

    Attributes:
        share: whether the values are shares, which end at 1.
        unlike: holidays, campaigns and closures.
        drivers: the leaves below a formula node, whose values end on ``through``; ``mark`` tells them apart.
    """

    share: bool = False
    unlike: Unlike = field(default_factory=Unlike)
    drivers: Drivers | None = None
    through: date | None = None
    mark: str = ""


ALONE = Around()


@dataclass(frozen=True, slots=True)
class Outlook:
    """A node's forecast to the end of its period.

    Attributes:
        value, low, high: of the whole period; None where withheld.
        probability: of reaching the target, between 0 and 1.
        first: first day of ``path``, ``lows`` and ``highs``: the value to date by the end of each day to
            come, empty where withheld.
        level: share of outcomes the interval should hold.
        history: days with a value that it was made from.
        backtest: how the methods did on earlier days.
        withheld: why there is no forecast, or no interval.
        days: names of the holidays, campaigns and closures to come that are counted in.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    probability: float | None = None
    first: date | None = None
    path: tuple[float, ...] = ()
    lows: tuple[float, ...] = ()
    highs: tuple[float, ...] = ()
    level: float = LEVEL
    history: int = 0
    widened: bool = False
    backtest: Backtest | None = None
    withheld: Msg | None = None
    method: Msg = field(default=METHOD)
    days: tuple[str, ...] = ()

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The interval for JSON, with how it was made, or why it is missing."""
        made = self.value is not None
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "level": self.level if made else None,
            "method": translate(self.method, lang) if made else None,
            "history": self.history,
            "known_days": day_words(self.days, lang),
            "error": self.backtest.best.off if self.backtest and made else None,
            "tried": translate(self.backtest.words(), lang) if self.backtest and made else None,
            "withheld": translate(self.withheld, lang) if self.withheld else None,
        }


@dataclass(frozen=True, slots=True)
class Aimed:
    """What a period is to come to, as far as a forecast needs to know it."""

    period: Period
    rollup: str
    target: float | None = None
    direction: str = "up"
    bounds: tuple[float, float] | None = None
    adds_up: bool = True


def look_ahead(
    daily: Floats, last: date, aimed: Aimed, actual: float | None, around: Around = ALONE
) -> Outlook | None:
    """The outlook of a period, from the days up to ``last``; None where no day of it is to come.

    Args:
        daily: one value a day, the last one of ``last``; nan where there is none.
        actual: the period's value from its start to ``last``; None before it has begun.
        around: what is known beside the days.

    >>> from kpi_tree.periods import parse_period
    >>> aimed = Aimed(parse_period("2026-02"), "sum", target=290.0)
    >>> found = look_ahead(np.full(90, 10.0), date(2026, 2, 18), aimed, 180.0)
    >>> found.value, found.first, len(found.path), found.probability < 0.01
    (280.0, datetime.date(2026, 2, 19), 10, True)
    """
    first = max(last + timedelta(days=1), aimed.period.start)
    if first >= aimed.period.end:
        return None
    known = np.flatnonzero(np.isfinite(daily))
    quiet = len(daily) - 1 - int(known[-1]) if known.size else 0
    until = last - timedelta(days=quiet)  # the last day that itself has a value
    made = ahead(
        daily[: len(daily) - quiet],
        until,
        aimed.period.end,
        aimed.adds_up or kind_of(aimed.rollup) != "flow",
        around=around,
    )
    lead = (first - until).days - 1
    made = _without_first(made, lead)
    elapsed = aimed.period.elapsed(last)
    so_far = actual if elapsed else None
    kind = kind_of(aimed.rollup)
    end = landing(
        made,
        kind=kind,
        actual=so_far,
        elapsed=elapsed,
        target=aimed.target,
        direction=aimed.direction,
        bounds=aimed.bounds,
    )
    shape = fan(made, kind=kind, actual=so_far, elapsed=elapsed)
    return Outlook(
        end.value,
        end.low,
        end.high,
        end.probability,
        first if shape.value.size else None,
        tuple(shape.value.tolist()),
        tuple(shape.low.tolist()),
        tuple(shape.high.tolist()),
        made.level,
        made.history,
        made.widened,
        made.backtest,
        made.withheld,
        made.named(),
        made.days,
    )


def ahead(
    daily: Floats,
    last: date,
    end: date,
    adds_up: bool = True,
    *,
    level: float = LEVEL,
    around: Around = ALONE,
    method: str | None = None,
) -> Forecast:
    """The forecast of the days after ``last`` and before ``end``, made once for the same input."""
    days = (end - last).days - 1
    if not adds_up:
        return nothing(
            msg("The same people come back on several days, so days do not add up to a forecast."), level
        )
    if days > FARTHEST:
        return nothing(msg("The end lies too far ahead: at most {n} days are forecast.", n=FARTHEST), level)
    kept = np.ascontiguousarray(daily[-HISTORY_DAYS:], dtype=np.float64)
    key = (kept.tobytes(), last, days, level, method, around.share, around.unlike, around.mark)

    def make() -> Forecast:
        first = last - timedelta(days=kept.size - 1)
        return forecast(
            kept,
            days,
            level=level,
            share=around.share,
            days=around.unlike.days(first, last, end),
            also=_through(around, last),
            method=method,
        )

    return FORECASTS.get(key, make)


def _through(around: Around, last: date) -> dict[str, Candidate]:
    """The candidate that forecasts the leaves, where they are known as far as the node itself."""
    if around.drivers is None or around.through is None or around.through < last:
        return {}
    return {"drivers": around.drivers.candidate((around.through - last).days)}


def _without_first(made: Forecast, days: int) -> Forecast:
    """The forecast without its first days, which lie before what is asked."""
    if days <= 0 or not made.value.size:
        return made
    cut: dict[str, Any] = {"value": made.value[days:], "paths": made.paths[:, days:]}
    if made.low is not None and made.high is not None:
        cut |= {"low": made.low[days:], "high": made.high[days:]}
    return replace(made, **cut)
