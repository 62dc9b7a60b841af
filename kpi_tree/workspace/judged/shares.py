"""How far along a node is, as shares for a bar: what is done, and where it should be today."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kpi_tree.analysis import Rules, Status
from kpi_tree.analysis.trajectory import kind_of
from kpi_tree.analysis.zones import zones
from kpi_tree.periods import Period
from kpi_tree.plan.model import Target
from kpi_tree.workspace.drafting.paths import aim_of
from kpi_tree.workspace.judged.nodeview import NodeView


@dataclass(frozen=True)
class Shares:
    """Both as fractions of the whole way; None where there is no way to go."""

    done: float | None
    expected: float | None


def shares(view: NodeView) -> Shares:
    """A flow counts from zero to its target; a level goes from its baseline to its target."""
    if view.target is None or view.actual is None:
        return Shares(None, None)
    if kind_of(rollup_of(view)) == "flow":
        return Shares(_part(view.actual, 0.0, view.target), _part(view.expected, 0.0, view.target))
    if view.baseline is None:
        return Shares(None, None)
    return Shares(
        _part(view.actual, view.baseline, view.target), _part(view.expected, view.baseline, view.target)
    )


def zones_of(view: NodeView, target: Target, whole: float) -> tuple[tuple[Status, float, float], ...]:
    """From which value to which one the node would be judged as what today, from zero to ``whole``."""
    assert view.start is not None
    assert view.end is not None
    limit = target.kind != "goal"
    aim = aim_of(
        replace(target, baseline=None) if limit else target, Period(view.start, view.end),
        rollup=view.rollup or "sum", unit=view.unit, direction=view.direction or "up", currency=view.currency,
    )  # fmt: skip
    rules = Rules.with_bands(target.bands)
    return zones(aim, view.expected, rules.for_limit() if limit else rules, whole)


def rollup_of(view: NodeView) -> str | None:
    """How the node's value is formed for a longer period."""
    return view.rollup


def _part(value: float | None, start: float, end: float) -> float | None:
    if value is None or end == start:
        return None
    return (value - start) / (end - start)
