"""A target, laid down the tree: what every driver has to become, and whether it has ever been that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpi_tree.allocation import Allocation, Driver, Limit, Task, standing
from kpi_tree.allocation import allocate as laid_down
from kpi_tree.catalogue import Kpi
from kpi_tree.periods import Period
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import current_settings
from kpi_tree.workspace.base.naming import name_of, own_names
from kpi_tree.workspace.base.nodes import rollup_of, unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.aims import in_order
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.judged.pastperiods import Past
from kpi_tree.workspace.targeting.allocatable import Ground, Wishes, ground_of
from kpi_tree.workspace.targeting.allocationstart import (
    Aimed,
    aimed_at,
    kept_capacity,
    refuse_strangers,
    start_of,
    wishes_of,
)
from kpi_tree.workspace.targeting.allocationview import AllocatedNode, AllocationView
from kpi_tree.workspace.targeting.allocationwords import Shown, Stand, issues_of


@dataclass(frozen=True, slots=True)
class _Laid:
    """An allocation with all that it was made from."""

    plan: Plan
    root: str
    aimed: Aimed
    past: Past
    base: Period
    wishes: Wishes
    ground: Ground
    made: Allocation
    known: Mapping[str, Kpi]
    currency: str | None


@verb
def allocate(
    home: Home,
    who: Asker,  # noqa: ARG001
    node: str,
    *,
    plan_id: str | None = None,
    at: date,
    by: str = "proportional",
    locks: Mapping[str, float | None] | None = None,
    bounds: Mapping[str, tuple[float | None, float | None]] | None = None,
    effort: Mapping[str, float] | None = None,
    capacity: Mapping[str, float] | None = None,
    target: str | float | None = None,
    period: str | None = None,
    start_from: str | None = None,
) -> AllocationView:
    """What every node below one has to become for its target to be reached; nothing is kept.

    Args:
        node: id of a node with a formula.
        by: ``proportional``, ``headroom``, ``effort`` or ``equal``.
        locks: node → the value it stays at; None keeps its own target, else the value it starts from.
        bounds: node → lowest and highest value, None for no end.
        effort: driver → how hard it is to move (1 if not said).
        capacity: owner → how much they can carry, shared among their drivers; without it what the plan says
            of its people, and where it says nothing all alike.
        target: the id of one of the node's targets, or a number; without it the one that counts on the day.
        period: for a number: the period it is for.
        start_from: the period whose values are the start; without it the target's own baseline, else the same
            period a year earlier, else the latest whole one.

    Raises:
        NotFound: no such plan, node, target or driver.
        Refused: there is no target, or no data to start from.
    """
    plan = plan_cached(home, plan_id_of(home, plan_id))
    known = catalogue_of(home)
    aimed = aimed_at(home, plan, node, at, target, period)
    past, base = start_of(home, plan, node, aimed, at, start_from)
    able = capacity or (kept_capacity(plan, node) if by == "effort" else None)
    wishes = wishes_of(plan, node, aimed.period, past, base, by, locks, bounds, effort, able)
    ground = ground_of(plan, node, past, base, wishes, known)
    refuse_strangers(plan, wishes, ground)
    made = laid_down(Task(ground.formulas, ground.drivers, node, aimed.value, ground.limits, wishes.by))
    currency = past.currency or current_settings(home).currency or None
    return _view(_Laid(plan, node, aimed, past, base, wishes, ground, made, known, currency))


def _view(laid: _Laid) -> AllocationView:
    made, aimed = laid.made, laid.aimed
    nodes = tuple(_node(laid, node, depth) for node, depth in in_order(laid.plan) if node in made.values)
    shown = {
        one.id: Shown(one.unit, laid.currency, name_of(laid.plan.nodes[one.id], laid.known)) for one in nodes
    }
    measured = laid.past.at(laid.root, laid.base)
    stand = Stand(laid.root, aimed.value, laid.base, measured, laid.ground.notes)
    return AllocationView(
        node=laid.root, plan=laid.plan.id, target=aimed.target.id if aimed.target else None,
        value=aimed.value, period=aimed.period, base=laid.base, by=laid.wishes.by, feasible=made.feasible,
        reached=made.reached, method=made.method, several=made.several, rule=made.rule,
        currency=laid.currency, nodes=nodes, issues=tuple(issues_of(stand, made, shown)),
    )  # fmt: skip


def _node(laid: _Laid, node: str, depth: int) -> AllocatedNode:
    one, required, start = laid.plan.nodes[node], laid.made.values[node], laid.made.base[node]
    row = laid.past.values.get(node)
    where = standing(required, start, row.tolist() if row is not None else [])
    limit = laid.wishes.limits.get(node, Limit())
    driver = laid.ground.drivers.get(node)
    own = [each for each in laid.plan.targets_of(node) if each.period == laid.aimed.period and not each.where]
    return AllocatedNode(
        id=node, name=one.name, names=own_names(one, laid.known), owner=one.owner, depth=depth,
        unit=unit_of(one, laid.known), rollup=rollup_of(one, laid.known), driver=driver is not None,
        base=start, required=required, change=required / start - 1 if start else None,
        percentile_in_history=where.percentile, ever_reached=where.ever,
        last_reached=None if where.last_reached is None else laid.past.periods[where.last_reached],
        periods=where.periods, best=_best(driver, required, start),
        lock=limit.lock, low=limit.low, high=limit.high,
        in_the_way=any(each.node == node for each in laid.made.conflicts),
        target=own[-1].value if own else None,
    )  # fmt: skip


def _best(driver: Driver | None, required: float, start: float) -> float | None:
    """The best its own history shows in the direction asked."""
    if driver is None:
        return None
    return driver.best_down if required < start else driver.best_up
