"""What a driver's miss costs the goal: the gap to its path, carried up through the formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from kpi_tree.analysis import kind_of
from kpi_tree.analysis.scenario import Ground
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import Msg, Quantity, apart, msg, translate
from kpi_tree.periods import Period
from kpi_tree.plan.model import Plan
from kpi_tree.plan.program import compile_plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.nodes import find_node
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import plain
from kpi_tree.workspace.drafting.planning import plan as plan_of
from kpi_tree.workspace.judged.lens import Lens
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.sides import state_of
from kpi_tree.workspace.judged.trees import seen_through

WEIGHTS: Mapping[str, int] = {
    "missed": 90,
    "off_track": 85,
    "achieved_at_cost": 80,
    "at_risk": 70,
    "stale": 60,
}
"""Statuses that ask for somebody, the worst with the highest weight."""


@dataclass(frozen=True, slots=True)
class Stake:
    """An indicator that asks for somebody, and what its miss costs the goal.

    Attributes:
        cost: in the goal's unit; above zero is what is missing there. None where it cannot be said: ``why``.
        part: the indicator's period is another one than the goal's, so that only its own days count.
    """

    node: str
    status: str
    cost: float | None
    unit: str | None
    currency: str | None
    goal: str
    why: Msg | None = None
    part: bool = False

    def words(self, name: Any) -> Msg:
        """The cost in a sentence; ``name`` is the goal's."""
        if self.cost is None:
            return self.why or Msg("")
        gap = apart(self.unit)
        cost = Quantity(abs(self.cost), gap, self.currency, compact=True)
        if self.cost < 0:
            return msg("{name} is {cost} better off for it.", name=name, cost=cost)
        return msg("Costs {name} {cost} so far.", name=name, cost=cost)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "node": self.node,
            "status": self.status,
            "cost": plain(self.cost),
            "unit": self.unit,
            "currency": self.currency,
            "goal": self.goal,
            "why": translate(self.why, lang) if self.why else None,
        }


@verb
def stakes(
    home: Home, who: Asker, node: str | None = None, *, at: date, plan_id: str | None = None
) -> list[Stake]:
    """The indicators that ask for somebody, what costs the goal most first.

    Each driver alone is put on its path, with everything else as it is; what the goal would have more is what
    its miss costs. Costs of drivers below each other overlap, and are not to be added up.

    Args:
        node: the goal; without it the plan's first one.

    Raises:
        NotFound: there is no such node, or no plan.
    """
    plan = plan_of(home, who, plan_id)
    views = {view.id: view for view in seen_through(home, plan.id, at, Lens())}
    top = (
        find_node(plan, node)
        if node
        else next((one for one in plan.nodes.values() if one.kind == "kgi"), None)
    )
    asking = [view for view in views.values() if view.kind != "action" and _asks(view)]
    if top is None:
        return []
    goal = views[top.id]
    ground = _ground(home, plan, goal, at)
    found = [_stake(plan, ground, goal, view) for view in asking if view.id != top.id]
    return sorted(found, key=_order)


def _asks(view: NodeView) -> bool:
    """Whether it asks for somebody by itself: one that only stands as what is below it does not ask again."""
    return view.status == "stale" or (view.status in WEIGHTS and view.target is not None)


def _order(one: Stake) -> tuple[bool, float, int, str]:
    return one.cost is None, -(one.cost or 0.0), -WEIGHTS[one.status], one.node


def _ground(home: Home, plan: Plan, goal: NodeView, at: date) -> Ground | None:
    if goal.start is None or goal.end is None or goal.actual is None:
        return None
    try:
        state = state_of(home, plan, plan.nodes[goal.id], Period(goal.start, goal.end), at)
    except KpiTreeError:
        return None
    return Ground(compile_plan(plan), state.values)


def _stake(plan: Plan, ground: Ground | None, goal: NodeView, view: NodeView) -> Stake:
    def unsaid(why: Msg) -> Stake:
        return Stake(view.id, view.status or "", None, goal.unit, goal.currency, goal.id, why)

    if goal.id not in _above(plan, view.id):
        return unsaid(msg("No formula leads from it to the goal, so what it costs cannot be said."))
    if view.status == "stale":
        return unsaid(msg("Its numbers are old, so what it costs cannot be said."))
    gap = _gap(view)
    if ground is None or gap is None or not np.isfinite(ground.base.get(view.id, np.nan)):
        return unsaid(msg("It or the goal has no value to compare, so what it costs cannot be said."))
    own, part = _in_goals_days(view, goal, gap)
    if own is None:
        return unsaid(msg("Its period lies outside of the goal's, so what it costs cannot be said."))
    moved = float(np.asarray(ground.with_values({}, {view.id: own})[goal.id])) - ground.base[goal.id]
    if not np.isfinite(moved):
        return unsaid(msg("The formula has no value there, so what it costs cannot be said."))
    sign = -1.0 if goal.direction == "down" else 1.0
    return Stake(view.id, view.status or "", moved * sign, goal.unit, goal.currency, goal.id, part=part)


def _gap(view: NodeView) -> float | None:
    """What is missing to where it should be: the path, or the target once its period is over."""
    wanted = view.target if view.status == "missed" else view.expected
    return None if wanted is None or view.actual is None else wanted - view.actual


def _in_goals_days(view: NodeView, goal: NodeView, gap: float) -> tuple[float | None, bool]:
    """The gap over the goal's days so far: an amount as it is, a rate or level by its share of the days."""
    assert goal.start is not None
    assert goal.end is not None
    if view.start is None or view.end is None:
        return None, False
    if (view.start, view.end) == (goal.start, goal.end):
        return gap, False
    both = min(view.end, goal.end) - max(view.start, goal.start)
    if both.days <= 0:
        return None, True
    if kind_of(view.rollup) == "flow":
        return gap * both.days / (view.end - view.start).days, True
    return gap * both.days / (goal.end - goal.start).days, True


def _above(plan: Plan, node: str) -> set[str]:
    """All nodes that a node's value goes into by formulas."""
    found: set[str] = set()
    pending: Sequence[str] = [node]
    while pending:
        one, *rest = pending
        more = [up for up in plan.parents(one) if up not in found and one in plan.formula_children(up)]
        found.update(more)
        pending = [*rest, *more]
    return found
