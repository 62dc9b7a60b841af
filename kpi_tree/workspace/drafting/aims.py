"""Which target and which span of days a node is looked at with, on a given day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter

from kpi_tree.periods import Calendar, Grain, Period, period_of
from kpi_tree.plan.model import Plan, Target

Filter = frozenset[tuple[str, str]]
WHOLE: Filter = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """How a node is looked at: over which period, and against which target if it has one.

    Attributes:
        passed: a target that it has and is not judged against: it is for another period, or the whole shop.
    """

    period: Period
    target: Target | None
    passed: Target | None = None


def looks(
    plan: Plan, at: date, calendar: Calendar, period: Period | None = None, where: Filter = WHOLE
) -> dict[str, Look]:
    """Node → its look on a day.

    A node with targets is looked at over the period of the one that matters now; one without over the
    period of what it stands under, so that what adds up is shown over the same days. With no target
    anywhere it is the month.

    Args:
        period: one period for all nodes; only a target for that very period counts.
        where: (dimension, value) pairs looked through; only a target for that very filter counts.
    """
    found: dict[str, Look] = {}
    usual = period or period_of(at, Grain.MONTH, calendar)
    root = plan.root()
    top = _chosen(plan, root, at, period, where) if root else (None, None)
    first = top[0] or top[1]
    fallback = first.period if first and period is None else usual
    for node in _downwards(plan):
        target, passed = _chosen(plan, node, at, period, where)
        own = target or passed
        above = next((found[parent].period for parent in plan.parents(node) if parent in found), None)
        own_period = own.period if own else _stretch_period(plan, node, at)
        seen = period or own_period or above or fallback
        found[node] = Look(_named(seen, calendar), target, passed)
    return found


def _stretch_period(plan: Plan, node: str, at: date) -> Period | None:
    """The period of a node's stretch goal under way, where nothing else is aimed at."""
    now = [line.period for line in plan.lines_of(node) if line.period.contains(at)]
    return min(now, key=lambda period: period.end, default=None)


def _chosen(
    plan: Plan, node: str, at: date, period: Period | None, where: Filter
) -> tuple[Target | None, Target | None]:
    """The target that counts through a period and a filter, and the one that would without them."""
    usual = ruling(plan, node, at, where)
    if period is None and usual is not None:
        return usual, None
    same = [one for one in plan.targets_of(node) if frozenset(one.where) == where and one.period == period]
    same = same or [one for one in _limits(plan, node, where) if one.period == period][:1]
    return (same[-1], None) if same else (None, usual or ruling(plan, node, at))


def ruling(plan: Plan, node: str, at: date, where: Filter = WHOLE) -> Target | None:
    """What a node is judged by on a day: its goal, and where none is open the floor or guardrail that is.

    >>> from kpi_tree.plan.model import Node
    >>> from kpi_tree.periods import parse_period
    >>> floor = Target("f", "sales", parse_period("2026-Q2"), 1.0, kind="floor")
    >>> goal = Target("g", "sales", parse_period("2026-Q1"), 1.0)
    >>> plan = Plan("p", nodes={"sales": Node("sales", "kgi")}, targets={"f": floor, "g": goal})
    >>> [ruling(plan, "sales", date(2026, m, 1)).id for m in (2, 5)]
    ['g', 'f']
    """
    goal = chosen_target(plan, node, at, where)
    if goal is not None and goal.period.end > at:
        return goal
    limit = _pick(_limits(plan, node, where), at)
    return limit if goal is None or (limit is not None and limit.period.contains(at)) else goal


def _limits(plan: Plan, node: str, where: Filter) -> list[Target]:
    """A node's floors and guardrails through a filter: floors first."""
    found = [one for one in plan.lines_of(node) if one.kind != "stretch" and frozenset(one.where) == where]
    return sorted(found, key=lambda one: one.kind != "floor")


def chosen_target(plan: Plan, node: str, at: date, where: Filter = WHOLE) -> Target | None:
    """The target that matters on a day: the one under way that ends first, else the next, else the last.

    Args:
        where: the filter that it must be for; none means the whole shop.

    >>> from kpi_tree.plan.model import Node
    >>> from kpi_tree.periods import parse_period
    >>> targets = {q: Target(q, "sales", parse_period(f"2026-{q.upper()}"), 1.0) for q in ("q1", "q2", "q4")}
    >>> plan = Plan("p", nodes={"sales": Node("sales", "kgi")}, targets=targets)
    >>> [chosen_target(plan, "sales", date(2026, m, 1)).id for m in (2, 8, 12)]
    ['q1', 'q4', 'q4']
    >>> chosen_target(plan, "sales", date(2027, 3, 1)).id
    'q4'
    """
    return _pick([target for target in plan.targets_of(node) if frozenset(target.where) == where], at)


def _pick(targets: list[Target], at: date) -> Target | None:
    """The one under way that ends first, else the next, else the last."""
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


def _downwards(plan: Plan) -> Iterable[str]:
    """Every node, parents before children."""
    return TopologicalSorter({node: plan.parents(node) for node in plan.nodes}).static_order()


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
