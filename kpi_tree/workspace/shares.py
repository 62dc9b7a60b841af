"""How far along a node is, as shares for a bar: what is done, and where it should be today."""

from __future__ import annotations

from dataclasses import dataclass

from kpi_tree.analysis.trajectory import kind_of
from kpi_tree.workspace.nodeview import NodeView


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


def rollup_of(view: NodeView) -> str | None:
    """How the node's value is formed for a longer period."""
    return view.rollup


def _part(value: float | None, start: float, end: float) -> float | None:
    if value is None or end == start:
        return None
    return (value - start) / (end - start)
