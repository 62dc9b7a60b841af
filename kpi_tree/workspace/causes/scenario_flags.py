"""What of a scenario has never been, and what cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from kpi_tree.analysis import kind_of
from kpi_tree.analysis.scenario import Floats, Ground
from kpi_tree.catalogue import Kpi
from kpi_tree.i18n import Quantity, msg
from kpi_tree.plan.model import Plan
from kpi_tree.workspace.base.naming import NodeName, name_of
from kpi_tree.workspace.base.nodes import rollup_of, unit_of
from kpi_tree.workspace.causes.supposed import Flag
from kpi_tree.workspace.judged.pastperiods import Past

FEW = 8
"""Weeks of a history below which nothing counts as never seen."""


def name_in(plan: Plan, name: str, kpis: Mapping[str, Kpi]) -> NodeName:
    """A node's name, or that of a KPI that a formula uses and no node stands for."""
    node = plan.nodes.get(name)
    if node is not None:
        return name_of(node, kpis)
    kpi = kpis.get(name)
    return NodeName(name, kpi.name if kpi else {})


def unit_in(plan: Plan, name: str, kpis: Mapping[str, Kpi]) -> str | None:
    """The unit of the same."""
    node, kpi = plan.nodes.get(name), kpis.get(name)
    return unit_of(node, kpis) if node else kpi.unit if kpi else None


def a_week(plan: Plan, name: str, kpis: Mapping[str, Kpi], days: int) -> float:
    """What turns a value over some days into one a week: amounts are shared out, rates and levels stay."""
    node, kpi = plan.nodes.get(name), kpis.get(name)
    rollup = rollup_of(node, kpis) if node else kpi.rollup if kpi else "sum"
    return 7 / days if kind_of(rollup) == "flow" else 1.0


def weeks_of(past: Past, name: str) -> Floats | None:
    """The known weeks of a node or outside KPI; None with too few."""
    history = past.values.get(name, past.outside.get(name))
    if history is None:
        return None
    known = history[np.isfinite(history)]
    return known if len(known) >= FEW else None


def flags(
    plan: Plan,
    ground: Ground,
    made: Mapping[str, float],
    values: Mapping[str, float],
    past: Past,
    days: int,
    kpis: Mapping[str, Kpi],
) -> Iterator[Flag]:
    """What cannot be, and what has never been, of the nodes that are not as they were.

    Args:
        made: every node's value in the scenario. values: those that the person gave.
        past: whole weeks. days: that the values are over.
    """
    for name, value in made.items():
        if not np.isfinite(value) or (name not in values and value == ground.base.get(name)):
            continue
        unit = unit_in(plan, name, kpis)
        said = name_in(plan, name, kpis)
        node = plan.nodes.get(name)
        own = kpis.get((node.kpi if node else name) or "")
        limit = _limit(value, unit, own)
        if limit is not None:
            words = msg("{name} cannot be {value}: its limit is {limit}.", name=said,
                        value=Quantity(value, unit), limit=Quantity(limit, unit))  # fmt: skip
            yield Flag(name, "impossible", words)
            continue
        history = weeks_of(past, name) if name in values else None
        if history is not None:
            yield from _never(name, said, value * a_week(plan, name, kpis, days), unit, history)


def _limit(value: float, unit: str | None, kpi: Kpi | None) -> float | None:
    """The limit that a value breaks: what is sane for its KPI, no share above one, no count below zero."""
    low, high = kpi.range if kpi is not None else (0.0 if unit == "count" else None, None)
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else None


def _never(name: str, said: NodeName, value: float, unit: str | None, known: Floats) -> Iterator[Flag]:
    """A week like this was never seen."""
    low, high = float(known.min()), float(known.max())
    if low <= value <= high:
        return
    limit = high if value > high else low
    parts = {"name": said, "value": Quantity(value, unit), "n": len(known), "limit": Quantity(limit, unit)}
    words = (
        msg("{name}: {value} a week is more than any of the last {n} weeks had ({limit}).", **parts)
        if value > high
        else msg("{name}: {value} a week is less than any of the last {n} weeks had ({limit}).", **parts)
    )
    yield Flag(name, "outside_history", words)
