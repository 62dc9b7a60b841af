"""What is laid down a tree: the drivers with what they can do, the limits a person sets, and the answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.plan.formula_tree import Expr
from kpi_tree.plan.formula_values import Compiled, Values, compile_formula

Kind = Literal["lock", "low", "high"]
By = Literal["proportional", "headroom", "effort", "equal"]
STRATEGIES: tuple[By, ...] = ("proportional", "headroom", "effort", "equal")
CLOSE = 1e-9
"""How far from the target the top may end, as a share of it: rounding, no more."""


@dataclass(frozen=True, slots=True)
class Driver:
    """An indicator that nothing below makes up: its value is what people move.

    Args:
        base: its value in the period that the way starts from.
        best_up, best_down: the best that its own history shows where more, or less, of it helps.
        floor, ceiling: what it can be at all: a count is never below zero, most rates never above one.
        weight: capacity for each unit of effort, for the strategy ``effort``.
        better: 1 where more of it is better, -1 where less is, 0 where neither: nobody is asked for worse
            while somebody can be asked for better.
    """

    base: float
    best_up: float | None = None
    best_down: float | None = None
    floor: float = -math.inf
    ceiling: float = math.inf
    weight: float = 1.0
    better: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """What a person sets for a node: it stays at ``lock``, or between ``low`` and ``high``."""

    low: float | None = None
    high: float | None = None
    lock: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest value allowed."""
        if self.lock is not None:
            return self.lock, self.lock
        return (
            -math.inf if self.low is None else self.low,
            math.inf if self.high is None else self.high,
        )


FREE = Limit()


@dataclass(frozen=True)
class Task:
    """A target to lay down a tree.

    Args:
        formulas: node → its formula over other nodes, parts before wholes.
        drivers: every name of the formulas that has none itself.
        root, target: what is to become what.
        limits: node → what a person set for it.

    Raises:
        Refused: a limit that leaves nothing, an effort that is none, a driver or top without a value.
    """

    formulas: Mapping[str, Expr]
    drivers: Mapping[str, Driver]
    root: str
    target: float
    limits: Mapping[str, Limit] = field(default_factory=dict)
    by: By = "proportional"

    def __post_init__(self) -> None:
        for name, limit in self.limits.items():
            low, high = limit.ends
            if low > high:
                raise Refused(
                    msg("The lower bound {low} lies above the upper bound {high}.", low=low, high=high),
                    place=name,
                    remedy=msg("Turn them round, or leave one out."),
                )
        for name, driver in self.drivers.items():
            if not driver.weight > 0:
                raise Refused(msg("Effort and capacity must be above zero."), place=name)
            if not math.isfinite(driver.base):
                raise Refused(
                    msg("{name} has no value to start from.", name=name),
                    place=name,
                    remedy=msg("Load data for every driver, or lock it to a value."),
                )
        if not math.isfinite(self.base[self.root]):
            raise Refused(
                msg("The drivers have no value for the top now, so nothing can be laid upon them."),
                place=self.root,
                remedy=msg("Load data for every driver, or lock it to a value."),
            )

    @cached_property
    def base(self) -> dict[str, float]:
        """Every node's value where the way starts."""
        return self.forward({name: driver.base for name, driver in self.drivers.items()})

    @property
    def scale(self) -> float:
        """A size against which a miss of the target is small or not."""
        return max(abs(self.target), abs(self.base[self.root]), 1e-12)

    def forward(
        self, values: Mapping[str, float], instead: Mapping[str, float] | None = None
    ) -> dict[str, float]:
        """Every node's value from the drivers' values; ``instead`` sets nodes whatever their formula says."""
        rows: list[Values] = [np.asarray(values[name], dtype=np.float64) for name in self.drivers]
        with np.errstate(all="ignore"):
            for node, run in self._runs:
                given = instead.get(node) if instead else None
                rows.append(run(rows) if given is None else np.asarray(given, dtype=np.float64))
        return {name: _number(row) for name, row in zip(self._names, rows, strict=True)}

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return (*self.drivers, *self.formulas)

    @cached_property
    def _runs(self) -> tuple[tuple[str, Compiled], ...]:
        """Every formula made ready once: a search computes them thousands of times."""
        place = {name: at for at, name in enumerate(self._names)}
        return tuple((node, compile_formula(expr, place)) for node, expr in self.formulas.items())

    def limit(self, node: str) -> Limit:
        """What a person set for a node; nothing if nobody did."""
        return self.limits.get(node, FREE)

    def ends(self, node: str) -> tuple[float, float]:
        """Lowest and highest value of a node, by its limit and by what it can be at all."""
        low, high = self.limit(node).ends
        driver = self.drivers.get(node)
        if driver is None or self.limit(node).lock is not None:
            return low, high
        return max(low, min(driver.floor, high)), min(high, max(driver.ceiling, low))

    def is_free(self, driver: str) -> bool:
        """Whether anything can be laid upon a driver."""
        low, high = self.ends(driver)
        return low < high

    def keeps(self, values: Mapping[str, float]) -> bool:
        """Whether every node lies within its limits, to rounding."""
        for node in {*self.limits, *self.drivers}:
            low, high = self.ends(node)
            slack = CLOSE * max(abs(values[node]), abs(self.base[node]), 1e-12)
            if not low - slack <= values[node] <= high + slack:
                return False
        return True

    def hits(self, values: Mapping[str, float]) -> bool:
        """Whether the top is at the target, to rounding."""
        return bool(abs(values[self.root] - self.target) <= CLOSE * self.scale)


def _number(row: Values) -> float:
    value = float(row)
    return value + 0.0 if math.isfinite(value) else math.nan  # no minus zero


@dataclass(frozen=True, slots=True)
class Conflict:
    """A limit that stands in the way.

    Attributes:
        kind: ``lock``, ``low`` or ``high``.
        value: what it is set to.
        needed: what it would have to be, alone, for the target to be reached; None where it alone cannot.
        own: whether a person set it; else it is what the indicator can be at all.
    """

    node: str
    kind: Kind
    value: float
    needed: float | None
    own: bool = True


@dataclass(frozen=True)
class Allocation:
    """A target laid down a tree.

    Attributes:
        feasible: whether the target is reached within the limits, checked by computing forward.
        reached: the top's value with ``values``: the target, or the nearest to it that can be reached.
        values: what every node has to become, the formula nodes by their formulas.
        method: ``tree`` by exact arithmetic, ``solver`` by search.
        several: whether other values would do as well; ``rule`` says how these were chosen.
        others: where one free driver has several answers, those that were not taken.
        conflicts: the limits in the way, where it is not feasible.
    """

    feasible: bool
    reached: float
    target: float
    values: Mapping[str, float]
    base: Mapping[str, float]
    method: Literal["tree", "solver"]
    several: bool
    rule: Msg
    others: tuple[float, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[Msg, ...] = ()
