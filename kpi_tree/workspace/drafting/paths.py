"""A target of the plan as the analysis takes it: its aim, and its path with weights and known events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kpi_tree.analysis import Aim, Path, plan_path
from kpi_tree.periods import Period
from kpi_tree.plan.model import Event, Target
from kpi_tree.plan.targets import calendar_weights, event_weights


def direction_to(target: Target, usual: str) -> str:
    """Which way a target goes: within its ends; below its baseline down, above it up; else as is usual.

    >>> from kpi_tree.periods import parse_period
    >>> june = parse_period("2026-06")
    >>> direction_to(Target("t", "a", june, 5.0, baseline=9.0), "up")
    'down'
    """
    if target.is_range:
        return "range"
    if target.kind != "goal" or target.baseline is None or usual == "range":
        return usual
    return "down" if target.value < target.baseline else "up" if target.value > target.baseline else usual


def aim_of(
    target: Target, period: Period, *, rollup: str, unit: str | None, direction: str, currency: str | None,
    ends: tuple[float | None, float | None] = (None, None),
) -> Aim:  # fmt: skip
    """What a target wants of its KPI.

    Args:
        period: the target's, with the shop's calendar. direction: as usual for the KPI.
        ends: the node's own range, where the target says none.
    """
    low, high = (target.low, target.high) if target.is_range else ends
    return Aim(
        period, target.value, target.baseline, rollup, unit, direction_to(target, direction), currency,
        low, high,
    )  # fmt: skip


def path_of(
    target: Target, period: Period, rollup: str | None, events: Iterable[Event] = (), last_year: Any = None
) -> Path:
    """A target's path over its days.

    Args:
        events: the plan's; they bend it where the target asks for that.
        last_year: daily values of the year before, for a target in that shape.

    >>> from kpi_tree.periods import parse_period
    >>> june = parse_period("2026-06")
    >>> path_of(Target("t", "a", june, 30.0), june, "sum").values[:3].tolist()
    [1.0, 2.0, 3.0]
    """
    weights = calendar_weights(target.weekdays, target.months, period)
    return plan_path(
        period,
        target.value,
        # A range is a level to keep, not a way to go.
        baseline=None if target.is_range else target.baseline,
        rollup=rollup,
        trajectory=target.trajectory,
        last_year=last_year,
        weights=weights if sum(weights) > 0 else None,
        points=target.custom,
        events=event_weights(events, period) if target.events else None,
    )
