"""Which target and which span of days a node is looked at with, on a given day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpi_tree.periods import Calendar, Grain, Period, period_of
from kpi_tree.plan.model import Plan, Target


@dataclass(frozen=True, slots=True)
class Look:
    """How a node is looked at: over which period, and against which target if it has one."""

    period: Period
    target: Target | None


def looks(plan: Plan, at: date, calendar: Calendar) -> dict[str, Look]:
    """Node → its look on a day.

    A node with targets is looked at over the period of the one that matters now; one without over the
    period of what it stands under, so that what adds up is shown over the same days. With no target
    anywhere it is the month.
    """
    found: dict[str, Look] = {}
    usual = period_of(at, Grain.MONTH, calendar)
    root = plan.root()
    top = chosen_target(plan, root, at) if root else None
    fallback = top.period if top else usual
    for node in _downwards(plan):
        target = chosen_target(plan, node, at)
        if target is not None:
            found[node] = Look(_named(target.period, calendar), target)
            continue
        above = next((found[parent].period for parent in plan.parents(node) if parent in found), None)
        found[node] = Look(_named(above or fallback, calendar), None)
    return found


def chosen_target(plan: Plan, node: str, at: date) -> Target | None:
    """The target that matters on a day: the one under way that ends first, else the next, else the last.

    >>> from kpi_tree.plan.model import Node
    >>> from kpi_tree.periods import parse_period
    >>> targets = {q: Target(q, "sales", parse_period(f"2026-{q.upper()}"), 1.0) for q in ("q1", "q2", "q4")}
    >>> plan = Plan("p", nodes={"sales": Node("sales", "kgi")}, targets=targets)
    >>> [chosen_target(plan, "sales", date(2026, m, 1)).id for m in (2, 8, 12)]
    ['q1', 'q4', 'q4']
    >>> chosen_target(plan, "sales", date(2027, 3, 1)).id
    'q4'
    """
    targets = plan.targets_of(node)
    now = [target for target in targets if target.period.contains(at)]
    if now:
        return min(now, key=lambda target: target.period.end)
    ahead = [target for target in targets if target.period.start > at]
    if ahead:
        return min(ahead, key=lambda target: (target.period.start, target.period.end))
    return max(targets, key=lambda target: target.period.end, default=None)


def _named(period: Period, calendar: Calendar) -> Period:
    """The period with the shop's calendar, so that stepping and its name follow it."""
    return Period(period.start, period.end, period.grain, calendar)


def _downwards(plan: Plan) -> list[str]:
    """Every node, parents before children."""
    import networkx as nx

    return list(nx.lexicographical_topological_sort(plan.graph, key=_order_of(plan).__getitem__))


def _order_of(plan: Plan) -> Mapping[str, int]:
    """Place of each node in a walk from the tops down, children in their order."""
    place: dict[str, int] = {}
    pending = list(reversed(plan.tops()))
    while pending:
        node = pending.pop()
        if node not in place:
            place[node] = len(place)
            pending.extend(reversed(plan.children(node)))
    return place


def in_order(plan: Plan) -> list[tuple[str, int]]:
    """(node, depth) as an outline shows them: each node once, under its first parent, children in order."""
    found: dict[str, int] = {}
    pending = [(node, 0) for node in reversed(plan.tops())]
    while pending:
        node, depth = pending.pop()
        if node not in found:
            found[node] = depth
            pending.extend((child, depth + 1) for child in reversed(plan.children(node)))
    return list(found.items())
