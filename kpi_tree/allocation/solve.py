"""A target laid down a tree: by arithmetic where it can be, by search where not, then checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from kpi_tree.allocation.descend import Descent
from kpi_tree.allocation.intervals import BrokenError
from kpi_tree.allocation.model import CLOSE, Allocation, By, Conflict, Kind, Limit, Task
from kpi_tree.allocation.parts import OutOfReachError, Parts
from kpi_tree.allocation.search import Search, crossings
from kpi_tree.i18n import Msg, msg
from kpi_tree.plan.formula_slopes import slopes

RULES: Mapping[By, Msg] = {
    "proportional": msg("each driver moves in proportion to its size"),
    "headroom": msg("each driver goes the same share of the way to the best of its own history"),
    "effort": msg("each driver moves by its owner's capacity for its effort"),
    "equal": msg("every part of a formula carries the same share of the change"),
}
LEAST = msg("the smallest moves altogether that reach the target")
MOST_NAMED = 8
"""Limits in the way that are named where there are more."""
ALONE = msg("the answer nearest to today's value")


def allocate(task: Task) -> Allocation:
    """What every node has to become for the task's root to be at its target.

    Returns:
        The values; where the target cannot be reached, those that come nearest, and the limits in the way.

    >>> from kpi_tree.plan.formula_parser import parse
    >>> from kpi_tree.allocation.model import Driver
    >>> made = allocate(Task({"sales": parse("orders * value")},
    ...     {"orders": Driver(100.0), "value": Driver(50.0)}, "sales", 5500.0,
    ...     {"value": Limit(lock=50.0)}))
    >>> made.feasible, round(made.values["orders"], 9), made.reached
    (True, 110.0, 5500.0)
    """
    try:
        parts = Parts(task)
    except BrokenError:
        return _searched(task)
    except OutOfReachError as out:
        return _limit_out_of_reach(task, out)
    low, high = parts.of[task.root].ends
    goal = min(max(task.target, low), high)
    if not math.isclose(goal, task.target, rel_tol=CLOSE, abs_tol=0.0):
        return _too_far(task, parts, goal)
    made = _by_arithmetic(task, parts, task.target)
    return made or _searched(task)


def _by_arithmetic(task: Task, parts: Parts, goal: float) -> Allocation | None:
    descent = Descent(task, parts)
    try:
        values = task.forward(descent.run(goal))
    except BrokenError:
        return None
    if not math.isclose(values[task.root], goal, rel_tol=CLOSE, abs_tol=CLOSE * task.scale):
        return None
    if not task.keeps(values):
        return None
    free = sum(task.is_free(name) for name in task.drivers)
    notes = (_roomless(),) if descent.roomless else ()
    return Allocation(
        task.hits(values), values[task.root], task.target, values, task.base, "tree",
        free > 1 or descent.several, RULES[task.by], notes=notes,
    )  # fmt: skip


def _roomless() -> Msg:
    return msg("The best of their own history is not enough; what is left is shared by size.")


def _searched(task: Task) -> Allocation:
    search = Search(task)
    found = search.run()
    values = task.forward(found.values)
    one = len(search.free) == 1
    conflicts = () if found.hit else _in_the_way(task, found.values)
    notes = () if found.hit else (_not_found(),)
    return Allocation(
        found.hit, values[task.root], task.target, values, task.base, "solver",
        bool(found.others) if one else len(search.free) > 1, ALONE if one else LEAST,
        found.others, conflicts, notes,
    )  # fmt: skip


def _not_found() -> Msg:
    return msg("A search found no values that reach the target; the nearest that it found are shown.")


def _too_far(task: Task, parts: Parts, goal: float) -> Allocation:
    """The nearest end of what can be reached, with the limits that make it the end."""
    nearest = replace(task, target=goal)
    made = _by_arithmetic(nearest, parts, goal) if math.isfinite(goal) else None
    made = made or _searched(nearest)
    drivers = {name: made.values[name] for name in task.drivers}
    return replace(made, feasible=False, target=task.target, conflicts=_in_the_way(task, drivers))


def _in_the_way(task: Task, drivers: Mapping[str, float]) -> tuple[Conflict, ...]:
    """The limits that the values stand at, each with what it alone would have to be."""
    values = task.forward(drivers)
    pull = _pulls(task, values)
    gains: dict[str, float] = {}
    for node in (*task.formulas, *task.drivers):
        low, high = task.ends(node)
        slack = CLOSE * max(abs(values[node]), 1e-12)
        if node != task.root and (abs(values[node] - low) <= slack or abs(values[node] - high) <= slack):
            kind, _ = _kind(task.limit(node), low, high, values[node])
            gains[node] = _gain(pull[node] * (abs(values[node]) or abs(task.base[node]) or 1.0), kind)
    if len(gains) > MOST_NAMED:  # a search for each of many would take too long, and nobody reads them
        helpful = sorted((node for node in gains if gains[node] > 0), key=lambda node: -gains[node])
        gains = {node: gains[node] for node in helpful[:MOST_NAMED]}
    found = [_conflict(task, drivers, node, values[node], gain > 0) for node, gain in gains.items()]
    return tuple(one for one in found if one is not None)


def _conflict(
    task: Task, drivers: Mapping[str, float], node: str, at: float, helps_a_little: bool
) -> Conflict | None:
    needed = _needed(task, drivers, node, at)
    limit = task.limit(node)
    kind, end = _kind(limit, *task.ends(node), at)
    enough = needed is not None and (kind == "lock" or (needed < end if kind == "low" else needed > end))
    if not enough and not helps_a_little:
        return None
    return Conflict(node, kind, end, needed if enough else None, _is_own(limit, kind))


def _kind(limit: Limit, low: float, high: float, at: float) -> tuple[Kind, float]:
    if limit.lock is not None:
        return "lock", limit.lock
    return ("low", low) if abs(at - low) <= abs(at - high) else ("high", high)


def _is_own(limit: Limit, kind: Kind) -> bool:
    return getattr(limit, kind) is not None


def _root_with(task: Task, drivers: Mapping[str, float], node: str, value: float) -> float:
    if node in drivers:
        return task.forward({**drivers, node: value})[task.root]
    return task.forward(drivers, {node: value})[task.root]


def _needed(task: Task, drivers: Mapping[str, float], node: str, at: float) -> float | None:
    """What one node would have to be, the others where they are, for the top to be at the target."""
    size = abs(at) or abs(task.base[node]) or 1.0

    def miss(step: float) -> float:
        return (_root_with(task, drivers, node, at + step * size) - task.target) / task.scale

    straight = _straight(miss)
    if straight is not None:
        return at + straight * size
    steps = crossings(miss, -1e6, 1e6)
    return at + min(steps, key=abs) * size if steps else None


def _straight(miss: Callable[[float], float]) -> float | None:
    """Where a straight line is zero; None where the function is none. Most are: it spares the scan."""
    start, one = miss(0.0), miss(1e-3)
    if not math.isfinite(start) or not math.isfinite(one) or one == start:
        return None
    step = -start * 1e-3 / (one - start)
    there = miss(step)
    if math.isfinite(there) and there != start:
        step *= start / (start - there)  # the same line through a point further away: fewer digits lost
    return step if abs(miss(step)) <= CLOSE else None


def _pulls(task: Task, values: Mapping[str, float]) -> dict[str, float]:
    """How much nearer to the target the top comes for one more of each node, by one pass backwards."""
    pull = dict.fromkeys(values, 0.0)
    pull[task.root] = math.copysign(1.0, task.target - values[task.root])
    for node in reversed(list(task.formulas)):
        for inner, slope in slopes(task.formulas[node], values).items() if pull[node] else ():
            found = float(slope.derivative)
            pull[inner] += pull[node] * found if math.isfinite(found) else 0.0
    return pull


def _gain(pull: float, kind: Kind) -> float:
    """How much a limit that gives way helps; zero or less where it does not."""
    return abs(pull) if kind == "lock" else -pull if kind == "low" else pull


def _limit_out_of_reach(task: Task, out: OutOfReachError) -> Allocation:
    """A node's own limit cannot be met: what its parts can make of it at best, and what that leaves."""
    limit = task.limit(out.node)
    kind: Kind = "lock" if limit.lock is not None else "low" if limit.ends[0] > out.nearest else "high"
    wanted = limit.ends[1] if kind == "high" else limit.ends[0]
    loosened = {**task.limits, out.node: Limit(lock=out.nearest) if kind == "lock" else
                replace(limit, **{kind: out.nearest})}  # fmt: skip
    made = allocate(replace(task, limits=loosened))
    first = Conflict(out.node, kind, wanted, out.nearest)
    rest = tuple(one for one in made.conflicts if one.node != out.node)
    return replace(made, feasible=False, conflicts=(first, *rest))
