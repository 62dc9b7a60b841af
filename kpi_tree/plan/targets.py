"""A target: a value to reach on one node in one period, and the path there; events that bend paths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kpi_tree.periods import Period
from kpi_tree.plan.trial import Trial

TRAJECTORIES = ("linear", "step", "last_year", "weights", "custom")
CHANGE_KINDS = ("percent", "points", "absolute")
PROMISES = ("asked", "accepted", "countered")
TARGET_KINDS = ("goal", "floor", "stretch", "guardrail")
SAID_STATUSES = ("ahead", "on_track", "at_risk", "off_track", "achieved", "missed")


def compact(item: Any, default: Any, always: tuple[str, ...]) -> dict[str, Any]:
    """An item's fields as JSON has them; those at their default are left out."""
    return {
        name: plain(value)
        for name, value in vars(item).items()
        if name in always or (name != "period" and value != getattr(default, name))
    }


def plain(value: Any) -> Any:
    """A field's value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, Event | Override | Trial):
        return value.to_dict()
    return value


def after_change(baseline: float, change: float, kind: str | None) -> float:
    """A baseline with a change: a share of its size for "percent", else the amount added to it.

    Ten percent more than a loss of 100 is a loss of 90: a change goes the way its sign says.
    Fifteen digits are kept, all that a float has for certain, so that no file shows the noise behind them.

    >>> after_change(898723.13, 0.1, "percent"), after_change(-100.0, 0.1, "percent")
    (988595.443, -90.0)
    >>> after_change(0.031, 0.005, "points")
    0.036
    """
    return float(f"{baseline + (abs(baseline) * change if kind == 'percent' else change):.15g}")


@dataclass(frozen=True)
class Event:
    """Days of which it is known beforehand that they bring more or less than others.

    Attributes:
        period: its days. weight: what such a day brings beside an ordinary one: 0 closed, 2 twice as much.

    >>> Event("Winter sale", Period(date(2026, 1, 2), date(2026, 1, 4)), 2.5).to_dict()
    {'name': 'Winter sale', 'start': '2026-01-02', 'end': '2026-01-04', 'weight': 2.5}
    """

    name: str
    period: Period
    weight: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; ``end`` is the day after the last one."""
        return {
            "name": self.name,
            "start": self.period.start.isoformat(),
            "end": self.period.end.isoformat(),
            "weight": self.weight,
        }


def event_weights(events: Iterable[Event], period: Period) -> list[float]:
    """What each day of a period brings beside an ordinary one: 1, times the weight of every event on it.

    >>> sale = Event("Sale", Period(date(2026, 1, 2), date(2026, 1, 4)), 2.0)
    >>> event_weights([sale], Period(date(2026, 1, 1), date(2026, 1, 5)))
    [1.0, 2.0, 2.0, 1.0]
    """
    made = [1.0] * period.days
    for event in events:
        first = max((event.period.start - period.start).days, 0)
        last = min((event.period.end - period.start).days, period.days)
        for day in range(first, last):
            made[day] *= event.weight
    return made


def calendar_weights(weekdays: tuple[float, ...], months: tuple[float, ...], period: Period) -> list[float]:
    """The weight of each day of a period: its weekday's (Monday first) times its month's; else 1.

    >>> calendar_weights((1, 1, 1, 1, 1, 2, 0), (), Period(date(2026, 1, 2), date(2026, 1, 5)))
    [1.0, 2.0, 0.0]
    """
    of_day, of_month = weekdays or (1.0,) * 7, months or (1.0,) * 12
    days = (period.start + timedelta(days=n) for n in range(period.days))
    return [float(of_day[day.weekday()] * of_month[day.month - 1]) for day in days]


@dataclass(frozen=True)
class Override:
    """What a person says of a status, beside the computed one and never in its place.

    Attributes:
        status: one of :data:`SAID_STATUSES`. reason, who: why, and whose word it is.
        on: the day it was said. until: the last day on which it is shown.
    """

    status: str
    reason: str
    who: str
    on: date
    until: date

    def holds(self, at: date) -> bool:
        """Whether it is shown on a day: from the day it was said through its last."""
        return self.on <= at <= self.until

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {name: plain(value) for name, value in vars(self).items()}


@dataclass(frozen=True)
class Target:
    """A value to reach on one node in one period.

    Attributes:
        value: what to reach; for a range (``low`` and ``high``) its middle.
        kind: ``goal`` rules the verdict; ``floor`` and ``stretch`` are further lines, each met or not;
            ``guardrail`` is a limit that must hold while something else is pushed.
        low, high: a range to keep within; both or neither.
        baseline: where the path starts, in the node's unit. ``baseline_label`` names it: one of
            ``previous_period``, ``same_period_last_year``, ``current``, ``number``, or a text.
        change: the change asked for, signed: 0.1 for +10 %, 0.02 for two points of a percent KPI, else
            an amount in the unit.
        custom: for trajectory ``custom``: points (day, value) of the path.
        weekdays, months: for trajectory ``weights``: seven weights from Monday, twelve from January.
        events: whether the plan's known events bend the path.
        bands: for status: pace from which it is ahead, on track, at risk; ``None`` takes the general rule.
        lines: further goal lines to draw: (label, value).
        where: (dimension, value) pairs that it is for; empty for the whole shop.
        promise: where it was laid upon an owner: ``asked``, ``accepted`` or ``countered``; else None.
        of: id of the target above that it was allocated from.
        counter, reason: what the owner offers instead, and why.
        answered_by, answered_on: who said so, and on which day; ``answered_for``: for whom, if another.
        override: a person's word on the status.
    """

    id: str
    node: str
    period: Period
    value: float
    baseline: float | None = None
    baseline_label: str = ""
    trajectory: str = "linear"
    change: float | None = None
    change_kind: str | None = None
    custom: tuple[tuple[date, float], ...] = ()
    bands: tuple[float, float, float] | None = None
    lines: tuple[tuple[str, float], ...] = ()
    sentence: str = ""
    where: tuple[tuple[str, str], ...] = ()
    promise: str | None = None
    of: str | None = None
    counter: float | None = None
    reason: str = ""
    answered_by: str = ""
    answered_on: date | None = None
    answered_for: str = ""
    kind: str = "goal"
    low: float | None = None
    high: float | None = None
    weekdays: tuple[float, ...] = ()
    months: tuple[float, ...] = ()
    events: bool = False
    override: Override | None = None

    @property
    def in_force(self) -> bool:
        """Whether it is a target: one that its owner has not accepted is only a wish."""
        return self.promise in (None, "accepted")

    @property
    def is_range(self) -> bool:
        """Whether it is kept within two ends instead of reached."""
        return self.low is not None and self.high is not None

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; the period as ``start`` and half-open ``end``."""
        made = compact(self, _TARGET_DEFAULT, always=("id", "node", "value"))
        made["period"] = {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()}
        return made


_TARGET_DEFAULT = Target("x", "x", Period(date(2000, 1, 1), date(2000, 1, 2)), 0.0)
