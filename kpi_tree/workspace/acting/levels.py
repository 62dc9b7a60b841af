"""Every node's value over a whole period, as far as it can be foretold: the ground that actions work on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from kpi_tree.analysis import kind_of
from kpi_tree.analysis.effect_window import share_in
from kpi_tree.analysis.scenario import Ground
from kpi_tree.periods import Period
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.program import compile_plan
from kpi_tree.store import Home
from kpi_tree.workspace.acting.ledger import ActionView
from kpi_tree.workspace.base.nodes import rollup_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.judged.evaluation import Evaluated
from kpi_tree.workspace.judged.futures import Days, histories
from kpi_tree.workspace.judged.outlook import Aimed, look_ahead


@dataclass(frozen=True)
class Whole:
    """A plan over a whole period: what has been and what is to come.

    Attributes:
        ground: every node's value at the period's end, the forecast's; where nothing is foretold the
            target for that very period, else the value so far as it would go on.
        period: the days. rest: those without data yet; None once there are none.
    """

    plan: Plan
    ground: Ground
    period: Period
    rest: Period | None
    kinds: Mapping[str, str]

    def part(self, action: ActionView, at: date) -> float:
        """Share of an action's effect that still falls into the period; 1 where it says no window.

        Days that have gone are in the figures already. What is planned cannot begin before tomorrow.
        """
        if action.window is None:
            return 1.0
        if self.rest is None:
            return 0.0
        window = action.window
        if action.state == "planned" and action.start is not None and action.start <= at:
            late = at - action.start + timedelta(days=1)
            window = Period(window.start + late, window.end + late)
        kind = kind_of(self.kinds.get(action.kpi))
        return share_in(window, action.course, self.period, self.rest, kind)

    def moved(self, top: str, more: Mapping[str, float]) -> float | None:
        """What changes on some nodes bring at the top; None where no formula leads there."""
        known = {name: by for name, by in more.items() if np.isfinite(self.ground.base.get(name, np.nan))}
        if not known:
            return None
        value = float(np.asarray(self.ground.with_values({}, known)[top])) - self.ground.base[top]
        return value if np.isfinite(value) and any(self.leads(top, name) for name in known) else None

    def leads(self, top: str, name: str) -> bool:
        """Whether formulas join a node to the top."""
        pending, seen = [top], {top}
        while pending:
            at = pending.pop()
            if at == name:
                return True
            below = self.plan.formula_children(at) if at in self.plan.nodes else ()
            pending += [one for one in below if one not in seen]
            seen.update(below)
        return False


def whole_period(home: Home, plan: Plan, top: Node, period: Period, at: date) -> Whole:
    """Every node's level over a period, on a day: so far and foretold."""
    evaluated = Evaluated(home, plan, period, min(at, period.last), None)
    program = compile_plan(plan)
    nodes = [node for node in plan.nodes.values() if node.kind != "action"]
    outside = [Node(name, "kpi", name, kpi=name) for name in program.outside if name not in plan.nodes]
    days = histories(home, plan, [*nodes, *outside], at, None)
    kpis = catalogue_of(home)
    kinds = {node.id: rollup_of(node, kpis) for node in [*nodes, *outside]}
    through = evaluated.seen(top).through
    values = dict(_levels(evaluated, [*nodes, *outside], days, kinds, plan, period))
    first = through + timedelta(days=1) if through else max(period.start, min(at, period.last))
    rest = Period(first, period.end) if first < period.end else None
    return Whole(plan, Ground(program, values), period, rest, kinds)


def _levels(
    evaluated: Evaluated, nodes: Iterable[Node], days: Mapping[str, Days], kinds: Mapping[str, str],
    plan: Plan, period: Period,
) -> Iterator[tuple[str, float]]:  # fmt: skip
    for node in nodes:
        seen = evaluated.seen(node) if node.id in plan.nodes else None
        own = evaluated.measured.get(node.kpi or "")
        actual, through = (seen.actual, seen.through) if seen is not None else (None, None)
        if seen is None and own is not None:
            known = np.flatnonzero(np.isfinite(own.values))
            if known.size:
                actual = float(own.values[known[-1]])
                through = period.start + timedelta(days=int(known[-1]))
        yield node.id, _level(node, actual, through, days.get(node.id), kinds[node.id], plan, period)


def _level(
    node: Node, actual: float | None, through: date | None, days: Days | None, rollup: str, plan: Plan,
    period: Period,
) -> float:  # fmt: skip
    if days is not None and len(days.values):
        aimed = Aimed(period, rollup, adds_up=days.adds_up)
        seen = look_ahead(days.values, days.last, aimed, actual, days.around)
        if seen is not None and seen.value is not None:
            return seen.value
    if actual is not None and (through is None or through >= period.last):
        return actual
    target = next((one.value for one in plan.targets_of(node.id) if one.period == period), None)
    if target is not None:
        return target
    if actual is None:
        return float("nan")
    elapsed = period.elapsed(through) if through else period.days
    return actual * period.days / elapsed if kind_of(rollup) == "flow" and elapsed else actual
