"""A target laid down a tree by search: for what arithmetic cannot take apart.

Of all values that reach the target, those are looked for that move the drivers least: the sum of squares of
their moves, each as a share of its size, or of its room, or by its effort. Several starts, one answer:
the best that computing forward confirms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt

from kpi_tree.allocation.model import Task
from kpi_tree.plan.formula_slopes import slopes

Floats = npt.NDArray[np.float64]
STEPS = np.concatenate([np.linspace(0.0, 2.0, 41)[1:], np.geomspace(2.2, 1e6, 80)])
ENOUGH = 4
"""Answers after which no further start is tried."""
DEAR = 0.1
SMALL_ENOUGH = 150
"""Free drivers up to which the solver of second order is asked; with more only along lines."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    Attributes:
        values: the drivers' values; ``hit`` whether the top is at the target with them.
        others: where one driver is free, its other answers.
    """

    values: dict[str, float]
    hit: bool
    others: tuple[float, ...] = ()


class Search:
    """The free drivers of a task as one vector of moves, each in its own size."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.free = [name for name in task.drivers if task.is_free(name)]
        self.fixed = {name: _held(task, name) for name in task.drivers if name not in self.free}
        self.start = np.array([_held(task, name) for name in self.free])
        self.size = np.array([self._size(name) for name in self.free])
        self._unwilling()
        ends = np.array([task.ends(name) for name in self.free]).reshape(-1, 2)
        self.lows, self.highs = (ends[:, 0] - self.start) / self.size, (ends[:, 1] - self.start) / self.size

    def _size(self, name: str) -> float:
        driver, by = self.task.drivers[name], self.task.by
        usual = abs(driver.base) or max(abs(driver.best_up or 0.0), abs(driver.best_down or 0.0)) or 1.0
        if by == "effort":
            return usual * math.sqrt(driver.weight)
        if by == "headroom":
            best = driver.best_up if driver.best_up is not None else driver.base
            worst = driver.best_down if driver.best_down is not None else driver.base
            return max(best - driver.base, driver.base - worst, 0.01 * usual)
        return usual

    def _unwilling(self) -> None:
        """Makes a move dear that would ask somebody for worse."""
        self.lows, self.highs = np.full(len(self.free), -np.inf), np.full(len(self.free), np.inf)
        slope = np.nan_to_num(self.slope(np.zeros(len(self.free)), self.task.root))
        asked = np.sign(slope) * np.sign(self.task.target - self.task.base[self.task.root])
        against = np.array([self.task.drivers[name].better for name in self.free]) * asked < 0
        if not against.all():
            self.size = np.where(against, self.size * DEAR, self.size)

    def values(self, moves: Floats) -> dict[str, float]:
        """The drivers' values after moves; never beyond their ends."""
        kept = np.clip(moves, self.lows, self.highs)
        moved = self.start + kept * self.size
        return {**self.fixed, **{name: float(one) for name, one in zip(self.free, moved, strict=True)}}

    def miss(self, moves: Floats) -> float:
        """How far above the target the top ends, as a share; nan where it has no value."""
        found = self.task.forward(self.values(moves))
        return (found[self.task.root] - self.task.target) / self.task.scale

    def slope(self, moves: Floats, node: str) -> Floats:
        """How a node answers to each move."""
        values = self.task.forward(self.values(moves))
        weight = dict.fromkeys(values, 0.0)
        weight[node] = 1.0
        for name in reversed(list(self.task.formulas)):
            if weight[name]:
                for inner, found in slopes(self.task.formulas[name], values).items():
                    weight[inner] += weight[name] * float(found.derivative)
        table: Floats = np.multiply([weight[name] for name in self.free], self.size)
        return table

    def run(self) -> Found:
        """The answer that moves least, or the nearest that the starts came to."""
        if not self.free:
            return Found(self.fixed, self.task.hits(self.task.forward(self.fixed)))
        if len(self.free) == 1:
            return self._alone()
        tried: list[Floats] = []
        good: list[Floats] = []
        for start in self._starts():
            found = list(self._from(start))
            tried += found
            good += [moves for moves in found if self._fits(moves)]
            if len(good) >= ENOUGH:
                break
        if good:
            best = min(good, key=lambda moves: float(moves @ moves))
            return Found(self.values(best), True)
        kept = [moves for moves in tried if self.task.keeps(self.task.forward(self.values(moves)))]
        return Found(self.values(self._nearest(kept or tried)), False)

    def _fits(self, moves: Floats) -> bool:
        found = self.task.forward(self.values(moves))
        return self.task.hits(found) and self.task.keeps(found)

    def _starts(self) -> Iterator[Floats]:
        """Where it is tried from: here, along the slope, from a few corners and a few chances."""
        count = len(self.free)
        here = np.clip(np.zeros(count), self.lows, self.highs)
        yield here
        chance = np.random.default_rng(7)
        for _ in range(4):
            yield np.clip(here + chance.normal(0.0, 0.5, count), self.lows, self.highs)
        if count <= 3:
            for corner in product((-0.9, 2.0), repeat=count):
                yield np.clip(here + np.array(corner), self.lows, self.highs)

    def _from(self, start: Floats) -> Iterator[Floats]:
        along = self._along(start)
        if along is not None:
            yield along
        if len(self.free) <= SMALL_ENOUGH:
            for origin in (start, *([] if along is None else [along])):
                made = self._solved(origin)
                if made is not None:
                    yield self._polished(made)
        yield start

    def _along(self, start: Floats) -> Floats | None:
        """The first point on the way of steepest help where the top is at the target."""
        slope = np.nan_to_num(self.slope(start, self.task.root))
        here = self.miss(start)
        if not slope.any() or not math.isfinite(here):
            return None
        way = -np.sign(here) * slope / np.abs(slope).max()
        return _crossing(lambda step: self.miss(start + step * way), start, way, here)

    def _solved(self, start: Floats) -> Floats | None:
        from scipy.optimize import minimize

        root, scale = self.task.root, self.task.scale
        rules = [{"type": "eq", "fun": lambda m: np.nan_to_num(self.miss(m), nan=1e6),
                  "jac": lambda m: np.nan_to_num(self.slope(m, root)) / scale}]  # fmt: skip
        rules += self._node_rules()
        with np.errstate(all="ignore"):
            made = minimize(
                lambda m: float(m @ m), start, jac=lambda m: 2 * m, method="SLSQP", constraints=rules,
                bounds=[(_end(low), _end(high)) for low, high in zip(self.lows, self.highs, strict=True)],
                options={"maxiter": 200, "ftol": 1e-14},
            )  # fmt: skip
        return np.asarray(made.x, dtype=np.float64) if np.isfinite(made.x).all() else None

    def _node_rules(self) -> list[dict[str, object]]:
        """The limits of formula nodes, as the solver wants them."""
        rules: list[dict[str, object]] = []
        for node in self.task.formulas:
            low, high = self.task.limit(node).ends
            size = abs(self.task.base[node]) or 1.0
            for end, sign in ((low, 1.0), (high, -1.0)):
                if math.isfinite(end):
                    rules.append(self._rule(node, end, sign / size, "eq" if low == high else "ineq"))
        return rules

    def _rule(self, node: str, end: float, sign: float, kind: str) -> dict[str, object]:
        def over(moves: Floats) -> float:
            found = self.task.forward(self.values(moves))[node]
            return float(np.nan_to_num((found - end) * sign, nan=-1e6))

        return {"type": kind, "fun": over, "jac": lambda moves: self.slope(moves, node) * sign}

    def _polished(self, moves: Floats) -> Floats:
        """A near answer to full precision: the shortest steps that close the rest of every equation."""
        nodes = {self.task.root: self.task.target}
        nodes |= {node: limit.lock for node, limit in self.task.limits.items()
                  if limit.lock is not None and node in self.task.formulas}  # fmt: skip
        for _ in range(20):
            moves = np.clip(moves, self.lows, self.highs)
            found = self.task.forward(self.values(moves))
            left = np.array([nodes[node] - found[node] for node in nodes])
            if not np.isfinite(left).all() or not left.any():
                break
            table = np.array([self.slope(moves, node) for node in nodes])
            inside = (moves > self.lows) & (moves < self.highs)
            if not inside.any() or not np.isfinite(table).all():
                break
            step = np.zeros(len(moves))
            step[inside] = np.linalg.lstsq(table[:, inside], left, rcond=None)[0]
            if not np.isfinite(step).all() or np.abs(step).max() > 10:
                break
            moves = moves + step
        return np.clip(moves, self.lows, self.highs)

    def _nearest(self, tried: list[Floats]) -> Floats:
        from scipy.optimize import minimize

        def off(moves: Floats) -> float:
            return float(np.nan_to_num(self.miss(moves), nan=1e6) ** 2)

        best = min(tried, key=off)
        if len(self.free) <= SMALL_ENOUGH and not any(
            node in self.task.limits for node in self.task.formulas
        ):
            bounds = [(_end(low), _end(high)) for low, high in zip(self.lows, self.highs, strict=True)]
            for start in (best, *tried[:6]):
                made = minimize(off, start, method="L-BFGS-B", bounds=bounds)
                best = min(best, np.clip(made.x, self.lows, self.highs), key=off)
        return best

    def _alone(self) -> Found:
        """Every answer of the one free driver that a scan of its range finds, the nearest first."""
        found = crossings(lambda step: self.miss(np.array([step])), float(self.lows[0]), float(self.highs[0]))
        good = [step for step in found if self._fits(np.array([step]))]
        if not good:
            ends = [step for step in (0.0, _end(self.lows[0]), _end(self.highs[0])) if step is not None]
            best = min(ends, key=lambda step: abs(np.nan_to_num(self.miss(np.array([step])), nan=1e6)))
            return Found(self.values(np.array([best])), False)
        good.sort(key=abs)
        others = tuple(self.values(np.array([step]))[self.free[0]] for step in good[1:])
        return Found(self.values(np.array(good[:1])), True, others)


def crossings(miss: Callable[[float], float], low: float, high: float) -> list[float]:
    """Where a function of one number passes zero between two ends, by a scan that is finest near zero.

    >>> [round(each, 6) for each in crossings(lambda x: x * x - 4, -10, 10)]
    [-2.0, 2.0]
    """
    from scipy.optimize import brentq

    steps = STEPS.tolist()
    grid = [step for step in (*(-step for step in reversed(steps)), 0.0, *steps) if low <= step <= high]
    grid = sorted({*grid, *(end for end in (low, high) if math.isfinite(end))})
    found: list[float] = []
    values = [miss(step) for step in grid]
    for (a, at_a), (b, at_b) in pairwise(zip(grid, values, strict=True)):
        if at_a == 0:
            found.append(a)
        elif at_a * at_b < 0:  # nan is neither
            with suppress(ValueError):  # no value somewhere between
                root = float(brentq(miss, a, b, xtol=1e-15, rtol=8.9e-16))
                if abs(miss(root)) <= 1e-6:  # a jump passes zero without being there
                    found.append(root)
    if grid and values[-1] == 0:
        found.append(grid[-1])
    return found


def _crossing(miss: Callable[[float], float], start: Floats, way: Floats, here: float) -> Floats | None:
    from scipy.optimize import brentq

    last = 0.0
    if here == 0:
        return start
    for step in STEPS:
        now = miss(float(step))
        if not math.isfinite(now):
            return None
        if now * here <= 0:
            with suppress(ValueError):  # no value somewhere between
                return start + float(brentq(miss, last, float(step), xtol=1e-15, rtol=8.9e-16)) * way
            return None
        last = float(step)
    return None


def _held(task: Task, name: str) -> float:
    low, high = task.ends(name)
    return min(max(task.drivers[name].base, low), high)


def _end(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
