"""A target: a value to reach on one node in one period, and the path there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi_tree.periods import Period

TRAJECTORIES = ("linear", "step", "last_year", "custom")
CHANGE_KINDS = ("percent", "points", "absolute")
PROMISES = ("asked", "accepted", "countered")


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
    return value


@dataclass(frozen=True)
class Target:
    """A value to reach on one node in one period.

    Attributes:
        baseline: where the path starts, in the node's unit. ``baseline_label`` names it: one of
            ``previous_period``, ``same_period_last_year``, ``current``, ``number``, or a text.
        change: the change asked for, signed: 0.1 for +10 %, 0.02 for two points of a percent KPI, else
            an amount in the unit.
        custom: for trajectory ``custom``: points (day, value) of the path.
        bands: for status: pace from which it is ahead, on track, at risk; ``None`` takes the general rule.
        lines: further goal lines to draw: (label, value).
        where: (dimension, value) pairs that it is for; empty for the whole shop.
        promise: where it was laid upon an owner: ``asked``, ``accepted`` or ``countered``; else None.
        of: id of the target above that it was allocated from.
        counter, reason: what the owner offers instead, and why.
        answered_by, answered_on: who said so, and on which day.
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

    @property
    def in_force(self) -> bool:
        """Whether it is a target: one that its owner has not accepted is only a wish."""
        return self.promise in (None, "accepted")

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; the period as ``start`` and half-open ``end``."""
        made = compact(self, _TARGET_DEFAULT, always=("id", "node", "value"))
        made["period"] = {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()}
        return made


_TARGET_DEFAULT = Target("x", "x", Period(date(2000, 1, 1), date(2000, 1, 2)), 0.0)
