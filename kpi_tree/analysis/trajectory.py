"""The path from baseline to target: what is expected by the end of each day of the period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.periods import Period

Floats = npt.NDArray[np.float64]
Kind = Literal["flow", "rate", "stock"]
Trajectory = Literal["linear", "step", "last_year", "weights", "custom"]

MIN_SHAPE_DAYS = 0.8
"""Share of last year's days that must be known before their shape is used."""


def kind_of(rollup: str | None) -> Kind:
    """How a KPI's value grows within a period.

    A flow counts up from zero (sums, counts); a rate is formed anew over the days so far; a stock is
    the level of the last day.

    >>> [kind_of(r) for r in ("sum", "distinct", "ratio", "median", "last", None)]
    ['flow', 'flow', 'rate', 'rate', 'stock', 'flow']
    """
    if rollup in ("ratio", "mean", "median"):
        return "rate"
    return "stock" if rollup == "last" else "flow"


@dataclass(frozen=True, slots=True)
class Path:
    """A trajectory worked out.

    Attributes:
        period: the days it runs over.
        values: expected value by the end of each day: the sum so far for a flow, the level for the rest.
        used: the trajectory that was used.
        note: why another one than asked was used, if so.
    """

    period: Period
    values: Floats
    used: str
    note: Msg | None = None

    def at(self, day: date) -> float | None:
        """Expected by the end of a day; None before the period, the last value after it."""
        elapsed = self.period.elapsed(day)
        return float(self.values[elapsed - 1]) if elapsed else None


def plan_path(
    period: Period,
    target: float,
    *,
    baseline: float | None = None,
    rollup: str | None = "sum",
    trajectory: str = "linear",
    last_year: Sequence[float] | Floats | None = None,
    weights: Sequence[float] | Floats | None = None,
    points: Sequence[tuple[date, float]] = (),
    events: Sequence[float] | Floats | None = None,
) -> Path:
    """The expected path of a target.

    Args:
        period: the target's period, ``n`` days.
        target: value for the whole period, reached at its end.
        baseline: where a rate or a stock starts; without one its path is level at the target.
        rollup: the KPI's rollup; decides whether the path adds up from zero or is a level.
        trajectory: ``linear``; ``step`` (a level is due from the first day, a flow runs evenly);
            ``last_year`` (the shape of ``last_year``); ``weights`` (the shape of ``weights``, seven of
            them from Monday, or one a day); ``custom`` (through ``points``).
        last_year: the KPI's daily values in the period a year before; nan where unknown. A longer or
            shorter array (leap day) is stretched by share of the period.
        points: (day, value by the end of that day), joined by straight lines.
        events: what each day brings beside an ordinary one (0 closed, 2 twice as much); bends any path but
            one drawn by hand and one that is a level from its first day.

    Raises:
        Refused: unknown trajectory, or weights that say nothing.

    >>> quarter = Period(date(2026, 1, 1), date(2026, 1, 11))
    >>> plan_path(quarter, 100.0).values.tolist()[:3]
    [10.0, 20.0, 30.0]
    >>> plan_path(quarter, 0.03, baseline=0.02, rollup="ratio").at(date(2026, 1, 5))
    0.025
    """
    kind = kind_of(rollup)
    if trajectory == "custom" and points:
        return Path(period, _through(period, target, baseline, kind, points), "custom")
    if trajectory not in ("linear", "step", "last_year", "weights", "custom"):
        raise Refused(
            msg("{name} is not a way to go from baseline to target.", name=trajectory[:40]),
            place="trajectory",
            remedy=msg("Choose linear, step, last_year, weights or custom."),
        )
    if trajectory == "last_year":
        made = _like_last_year(period, target, baseline, kind, last_year)
    elif trajectory == "step" and kind != "flow":
        return Path(period, np.full(period.days, float(target)), "step")
    elif trajectory == "weights" and weights is not None:
        shares = _weight_shares(period, weights)
        made = Path(period, _from_shares(target, baseline, kind, shares), "weights")
    else:
        used = "step" if trajectory == "step" else "linear"
        even = np.arange(1, period.days + 1) / period.days
        made = Path(period, _from_shares(target, baseline, kind, even), used)
    return made if events is None else _bent(made, target, baseline, kind, events)


def _bent(
    path: Path, target: float, baseline: float | None, kind: Kind, events: Sequence[float] | Floats
) -> Path:
    """A path whose steps are as large as their days' events make them; the same start and end."""
    known = np.asarray(events, dtype=np.float64)
    if known.size != path.values.size or not np.isfinite(known).all() or known.min(initial=0.0) < 0:
        raise Refused(
            msg("Events must give one weight for each of {n} days, none below 0.", n=path.values.size),
            place="events",
        )
    if (known == 1).all():
        return path
    start = 0.0 if kind == "flow" else target if baseline is None else baseline
    steps = np.diff(path.values, prepend=start) * known
    if np.isclose(steps.sum(), 0.0, atol=abs(target - start) * 1e-9):
        # Closed on every day that the path would move: there is nothing to bend.
        return path
    values = start + np.cumsum(steps) * ((target - start) / steps.sum())
    values[-1] = target
    return replace(path, values=np.asarray(values, dtype=np.float64))


def _from_shares(target: float, baseline: float | None, kind: Kind, shares: Floats) -> Floats:
    """Share of the way by each day's end → value."""
    start = 0.0 if kind == "flow" else target if baseline is None else baseline
    path = start + (target - start) * shares
    path[-1] = target
    return np.asarray(path, dtype=np.float64)


def _weight_shares(period: Period, weights: Sequence[float] | Floats) -> Floats:
    given = np.asarray(weights, dtype=np.float64)
    if given.size == 7:
        given = given[(np.arange(period.days) + period.start.weekday()) % 7]
    if given.size != period.days or not np.isfinite(given).all() or given.min() < 0 or given.sum() <= 0:
        raise Refused(
            msg(
                "Day weights must be seven numbers, or one for each of {n} days, none below 0.", n=period.days
            ),
            place="weights",
            remedy=msg("Give a weight for each weekday, Monday first."),
        )
    return np.asarray(np.cumsum(given) / given.sum(), dtype=np.float64)


def _like_last_year(
    period: Period,
    target: float,
    baseline: float | None,
    kind: Kind,
    last_year: Sequence[float] | Floats | None,
) -> Path:
    """The target in last year's shape; a straight line with a note where there is no such shape."""
    n = period.days
    known = np.asarray([] if last_year is None else last_year, dtype=np.float64)
    shape = _running(known, kind)
    if shape is None:
        even = np.arange(1, n + 1) / n
        note = msg("Last year has too few values for its shape; the path is a straight line instead.")
        return Path(period, _from_shares(target, baseline, kind, even), "linear", note)
    if shape.size != n:
        shape = np.interp(np.arange(1, n + 1) / n, np.arange(1, shape.size + 1) / shape.size, shape)
    path = target * shape / shape[-1]
    path[-1] = target
    return Path(period, np.asarray(path, dtype=np.float64), "last_year")


def _running(daily: Floats, kind: Kind) -> Floats | None:
    """Last year's value by the end of each day; None where too little is known or it ends at nothing."""
    known = np.isfinite(daily)
    if not daily.size or known.mean() < MIN_SHAPE_DAYS:
        return None
    if kind == "flow":
        # A day of more returns than sales would bend the path back; the shape only goes forward.
        running = np.cumsum(np.where(known, np.maximum(daily, 0), 0))
    elif kind == "rate":
        first = daily[known][0]
        sums, counts = np.cumsum(np.where(known, daily, 0)), np.cumsum(known)
        running = np.where(counts > 0, sums / np.maximum(counts, 1), first)
    else:
        places = np.maximum.accumulate(np.where(known, np.arange(daily.size), -1))
        running = np.where(places >= 0, daily[np.maximum(places, 0)], daily[known][0])
    return np.asarray(running, dtype=np.float64) if running[-1] > 0 else None


def _through(
    period: Period, target: float, baseline: float | None, kind: Kind, points: Sequence[tuple[date, float]]
) -> Floats:
    """Straight lines from the start through each point to the target on the last day."""
    start = 0.0 if kind == "flow" else target if baseline is None else baseline
    knots = {0: start}
    knots.update({period.elapsed(day): value for day, value in points if period.start <= day < period.end})
    knots[period.days] = target
    places = sorted(knots)
    return np.interp(np.arange(1, period.days + 1), places, [knots[place] for place in places])


def weekday_weights(daily: Sequence[float] | Floats, first_day: date) -> Floats:
    """How much of a week's total each weekday carries, Monday first; all alike with under two weeks known.

    >>> weekday_weights([1, 1, 1, 1, 1, 0, 2] * 4, date(2026, 1, 5)).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 2.0]
    """
    values = np.asarray(daily, dtype=np.float64)
    weekday = (np.arange(values.size) + first_day.weekday()) % 7
    known = np.isfinite(values)
    counts = np.bincount(weekday[known], minlength=7)
    if counts.min(initial=2) < 2:
        return np.ones(7)
    means = np.maximum(np.bincount(weekday[known], values[known], minlength=7) / counts, 0)
    return means * 7 / means.sum() if means.sum() > 0 else np.ones(7)
