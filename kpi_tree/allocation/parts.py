"""What is known of every part of a formula before a target is laid upon it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kpi_tree.allocation.intervals import BrokenError, Ends, reach
from kpi_tree.allocation.model import Task
from kpi_tree.plan.formula_slopes import slopes
from kpi_tree.plan.formula_tree import Expr, Name, children
from kpi_tree.plan.formula_values import evaluate


@dataclass(frozen=True, slots=True)
class Part:
    """A node or a part of a formula.

    Attributes:
        base: its value where the way starts.
        ends: what it can be within the limits of all below it.
        best: between which ends its drivers' own history lets it lie.
        weight: capacity for effort of the free drivers below it, added up.
        free: how many those are.
        rise, fall: how many of them are asked for better, not worse, where the part rises or falls.
    """

    base: float
    ends: Ends
    best: Ends
    weight: float
    free: int
    rise: int
    fall: int

    def willing(self, rising: bool) -> bool:
        """Whether somebody below is asked for better where the part goes that way."""
        return (self.rise if rising else self.fall) > 0


class Parts:
    """The parts of a task's nodes, made from the drivers up.

    Raises:
        BrokenError: a node stands in several places, or may be divided by zero: the arithmetic way is closed.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.of: dict[str, Part] = {}
        if _stands_twice(task):
            raise BrokenError
        for name in task.drivers:
            self.of[name] = self._driver(name)
        for node, expr in task.formulas.items():
            self.of[node] = self._node(node, expr)

    def __call__(self, expr: Expr) -> Part:
        """A part of a formula whose names are made already."""
        if isinstance(expr, Name):
            return self.of[expr.id]
        known = {name: self.of[name] for name in expr.names}
        values = {name: part.base for name, part in known.items()}
        base = float(evaluate(expr, values))
        ends = reach(expr, {name: part.ends for name, part in known.items()})
        try:
            best = reach(expr, {name: part.best for name, part in known.items()})
        except BrokenError:
            best = base, base
        # A name whose rise lowers the whole helps the whole to rise by falling.
        turned = {name: float(slope.derivative) < 0 for name, slope in slopes(expr, values).items()}
        rise = sum(part.fall if turned[name] else part.rise for name, part in known.items())
        fall = sum(part.rise if turned[name] else part.fall for name, part in known.items())
        weight = sum(part.weight for part in known.values())
        return Part(base, ends, best, weight, sum(part.free for part in known.values()), rise, fall)

    def _driver(self, name: str) -> Part:
        driver, (low, high) = self.task.drivers[name], self.task.ends(name)
        free = self.task.is_free(name)
        worst = driver.base if driver.best_down is None else min(driver.best_down, driver.base)
        best = driver.base if driver.best_up is None else max(driver.best_up, driver.base)
        held = min(max(worst, low), high), min(max(best, low), high)
        rise, fall = int(free and driver.better >= 0), int(free and driver.better <= 0)
        weight = driver.weight if free else 0.0
        return Part(driver.base, (low, high), held, weight, int(free), rise, fall)

    def _node(self, node: str, expr: Expr) -> Part:
        made = self(expr)
        low, high = self.task.limit(node).ends
        ends = max(made.ends[0], low), min(made.ends[1], high)
        if ends[0] > ends[1]:  # the limit lies beyond what its parts can make
            nearest = made.ends[1] if low > made.ends[1] else made.ends[0]
            raise OutOfReachError(node, nearest)
        if low == high:
            return Part(made.base, ends, ends, 0.0, 0, 0, 0)
        best = min(max(made.best[0], low), high), min(max(made.best[1], low), high)
        return replace(made, ends=ends, best=best)


class OutOfReachError(Exception):
    """A node's own limit cannot be met by what stands below it."""

    def __init__(self, node: str, nearest: float) -> None:
        super().__init__(node)
        self.node, self.nearest = node, nearest


def _stands_twice(task: Task) -> bool:
    """Whether some name is used in more than one place, so that its parts do not move by themselves."""
    seen: set[str] = set()
    for name in _uses(task.formulas):
        if name in seen:
            return True
        seen.add(name)
    return False


def _uses(formulas: Mapping[str, Expr]) -> Iterable[str]:
    for expr in formulas.values():
        pending = [expr]
        while pending:
            part = pending.pop()
            if isinstance(part, Name):
                yield part.id
            pending.extend(children(part))


def room(part: Part, rising: bool) -> float:
    """How far a part can go to what its own history has shown, at or above zero."""
    far = part.best[1] - part.base if rising else part.base - part.best[0]
    return max(far, 0.0) if math.isfinite(far) else 0.0
