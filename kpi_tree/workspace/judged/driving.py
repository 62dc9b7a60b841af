"""The leaves below formula nodes, for forecasts that go through the tree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from kpi_tree.analysis.drivers import Drivers
from kpi_tree.periods import Period
from kpi_tree.plan.evaluate import evaluate
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.program import Program, compile_plan
from kpi_tree.store import Home
from kpi_tree.workspace.figuring.figures import Where, series_for
from kpi_tree.workspace.judged.todate import Floats

MOST_LEAVES = 60
"""Above so many leaves a node's own history says more than the sum of so many guesses."""


@dataclass(frozen=True)
class Driven:
    """The leaves of a node, the last day that all of them know, and a mark of their values."""

    drivers: Drivers
    through: date
    mark: str


def drivers_below(
    home: Home,
    plan: Plan,
    nodes: Iterable[Node],
    known: Iterable[str],
    span: Period,
    where: Where | None,
    as_known: datetime | None,
) -> Mapping[str, Driven]:
    """Formula node → its leaves, where each of them has values by day.

    Args:
        known: ids of all KPIs. span: the days whose values are taken.
    """
    program, every = compile_plan(plan), set(known)
    below = {node.id: leaves_of(program, node.id) for node in nodes if node.formula}
    below = {node: leaves for node, leaves in below.items() if leaves and len(leaves) <= MOST_LEAVES}
    wanted = sorted({leaf for leaves in below.values() for leaf in leaves if leaf in every})
    if not wanted:
        return {}
    series = series_for(
        home, wanted, start=span.start, end=span.end, where=where, keep_refusals=True, as_known=as_known
    )
    values: dict[str, tuple[Floats, date]] = {}
    for name, one in series.items():
        if one.data_from is not None and one.data_through is not None:
            daily = one.frame["value"].to_numpy(dtype=np.float64).copy()
            daily[: max((one.data_from - span.start).days, 0)] = np.nan
            values[name] = daily, min(one.data_through, span.last)
    found: dict[str, Driven] = {}
    kept: dict[tuple[str, int, int, bytes], Floats] = {}
    for node, leaves in below.items():
        if leaves <= values.keys():
            own = {leaf: values[leaf] for leaf in sorted(leaves)}
            found[node] = _driven(program, node, own, span, kept)
    return found


def leaves_of(program: Program, node: str) -> frozenset[str]:
    """The KPIs of the nodes without a formula below a node; empty where one of them has no KPI to ask.

    >>> shop = Plan("p", nodes={
    ...     "sales": Node("sales", "kgi", formula="orders * value"),
    ...     "orders": Node("orders", kpi="orders", formula="visits * 2"),
    ...     "visits": Node("visits", kpi="sessions"),
    ...     "value": Node("value", kpi="average_order_value")})
    >>> sorted(leaves_of(compile_plan(shop), "sales"))
    ['average_order_value', 'sessions']
    """
    found: set[str] = set()
    waiting = [program.places[node]]
    while waiting:
        place = waiting.pop()
        if place < len(program.outside):
            found.add(program.outside[place])
            continue
        step = program.steps[place - len(program.outside)]
        if step.run is not None:
            waiting += step.inputs
        elif step.kpi is not None:
            found.add(step.kpi)
        elif step.assumption is None:
            return frozenset()
    return frozenset(found)


def _driven(
    program: Program, node: str, leaves: Mapping[str, tuple[Floats, date]], span: Period,
    kept: dict[tuple[str, int, int, bytes], Floats],
) -> Driven:  # fmt: skip
    through = min(last for _, last in leaves.values())
    size = (through - span.start).days + 1
    cut = {name: daily[:size] for name, (daily, _) in leaves.items()}

    def combine(ahead: Mapping[str, Floats]) -> Floats:
        length = next(iter(ahead.values())).size
        found = evaluate(program, ahead, periods=length)[node]
        return found.value if found.computed is None else found.computed

    mark = hashlib.blake2b(digest_size=16)
    for name, daily in cut.items():
        mark.update(name.encode() + daily.tobytes())
    step = program.steps[program.places[node] - len(program.outside)]
    mark.update(repr([step.formula for step in program.steps]).encode() + step.node.encode())
    return Driven(Drivers(cut, combine, kept), through, mark.hexdigest())
