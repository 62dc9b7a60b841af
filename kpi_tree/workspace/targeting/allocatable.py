"""A plan made into a task of allocation: which nodes are drivers, where they are, what they can be."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from kpi_tree.allocation import By, Driver, Limit, best_of
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.periods import Period
from kpi_tree.plan.edit_values import Joined
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import Call, Expr, walk, with_names
from kpi_tree.plan.model import Node, Plan
from kpi_tree.workspace.base.naming import name_of
from kpi_tree.workspace.base.nodes import direction_of, unit_of
from kpi_tree.workspace.judged.pastperiods import Floats, Past


@dataclass(frozen=True)
class Wishes:
    """What a person sets for an allocation.

    Args:
        limits: node → lock or bounds.
        effort: driver → how hard it is to move; twice the effort moves half as far.
        capacity: owner → how much of the change they can carry, shared among the drivers they own.
    """

    by: By = "proportional"
    limits: Mapping[str, Limit] = field(default_factory=dict)
    effort: Mapping[str, float] = field(default_factory=dict)
    capacity: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Ground:
    """What an allocation stands on.

    Attributes:
        formulas: node → its formula over nodes, parts first.
        drivers: what the formulas end in.
        limits: what people set, what a range node keeps, and what stands still because nobody owns it here.
        notes: what was left out or taken otherwise.
    """

    formulas: Mapping[str, Expr]
    drivers: Mapping[str, Driver]
    limits: Mapping[str, Limit]
    notes: tuple[Msg, ...] = ()


def ground_of(
    plan: Plan, root: str, past: Past, base: Period, wishes: Wishes, known: Mapping[str, Kpi]
) -> Ground:
    """The formulas below a node, and their drivers with base, history and limits.

    Raises:
        Refused: the node has no formula, or something below it has neither a value nor a lock.
    """
    made = _Ground(plan, past, base, wishes, known)
    if not plan.nodes[root].formula:
        raise Refused(
            msg("{name} has no formula, so its target cannot be laid down.", name=made.name(root)),
            place=root,
            remedy=msg("Give it a formula of its drivers, or set their targets one by one."),
        )
    if not made.take(root) or root not in made.formulas:
        lacking = [one for one in made.missing if one not in plan.nodes or not plan.nodes[one].formula]
        names = Joined(tuple(made.name(one) for one in (lacking or made.missing or [root])[:5]), ", ")
        raise Refused(
            msg("These have no value for {period}: {names}.", period=base, names=names),
            place=root,
            remedy=msg("Load their data, give them an assumption, lock them to a value, or start elsewhere."),
        )
    return made.done()


class _Ground:
    def __init__(
        self, plan: Plan, past: Past, base: Period, wishes: Wishes, known: Mapping[str, Kpi]
    ) -> None:
        self.plan, self.past, self.base, self.wishes, self.known = plan, past, base, wishes, known
        self.formulas: dict[str, Expr] = {}
        self.drivers: dict[str, Driver] = {}
        self.limits: dict[str, Limit] = {}
        self.missing: list[str] = []
        self.notes: list[Msg] = []
        self._taken: dict[str, bool] = {}

    def name(self, node: str) -> object:
        """A node's name for a message; an outside KPI's id."""
        return name_of(self.plan.nodes[node], self.known) if node in self.plan.nodes else node

    def take(self, start: str) -> bool:
        """Takes a node and all below it; False where it has no value in any way. Parts come first."""
        pending = [start]
        while pending:
            node = pending[-1]
            if node in self._taken:
                pending.pop()
                continue
            expr = self._expr(node)
            ahead = [name for name in expr.names if name not in self._taken] if expr is not None else []
            if ahead:
                pending.extend(ahead)
                continue
            self._taken[pending.pop()] = self._settle(node, expr)
        return self._taken[start]

    def _expr(self, node: str) -> Expr | None:
        """A node's formula over node ids; None where it has none that arithmetic can use."""
        text = self.plan.nodes[node].formula if node in self.plan.nodes else None
        if not text:
            return None
        try:
            read = parse(text)
        except FormulaError:
            return None
        if any(isinstance(part, Call) and part.function == "lag" for part in walk(read)):
            return None
        return with_names(read, self.plan.by_name_in_formula)

    def _settle(self, node: str, expr: Expr | None) -> bool:
        if expr is not None and expr.names and all(self._taken[name] for name in expr.names):
            self.formulas[node] = expr
            self._limit(node)
            return True
        value = self.past.at(node, self.base)
        lock = self.wishes.limits.get(node, Limit()).lock
        if not math.isfinite(value):
            assumed = self.plan.nodes[node].assumption if node in self.plan.nodes else None
            value = next((one for one in (lock, assumed) if one is not None), math.nan)
        if not math.isfinite(value):
            self.missing.append(node)
            return False
        if expr is not None or (node in self.plan.nodes and self.plan.nodes[node].formula):
            self.notes.append(
                msg("{name} is taken as a whole: what it is made of has no values.", name=self.name(node))
            )
        self._driver(node, value)
        return True

    def _driver(self, node: str, value: float) -> None:
        if node not in self.plan.nodes:
            self.drivers[node], self.limits[node] = Driver(value), Limit(lock=value)
            self.notes.append(msg("{name} stands still: no node of the tree stands for it.", name=node))
            return
        one, row = self.plan.nodes[node], self._row(node)
        down, up = best_of(row[self.past.season(self.base)].tolist() if row.size else [])
        seen = [value, *row[np.isfinite(row)].tolist()]
        share = unit_of(one, self.known) == "percent" and min(seen) >= 0 and max(seen) <= 1
        self.drivers[node] = Driver(
            value, up, down,
            floor=0.0 if min(seen) >= 0 else -math.inf,
            ceiling=1.0 if share else math.inf,
            better={"up": 1, "down": -1}.get(direction_of(one, self.known), 0),
        )  # fmt: skip
        self._limit(node)

    def _row(self, node: str) -> Floats:
        return self.past.values.get(node, np.empty(0))

    def _limit(self, node: str) -> None:
        one = self.plan.nodes[node]
        if node in self.wishes.limits:
            self.limits[node] = self.wishes.limits[node]
        elif direction_of(one, self.known) == "range" and (one.low is not None or one.high is not None):
            self.limits[node] = Limit(one.low, one.high)

    def done(self) -> Ground:
        """The whole, with every driver's weight: its owner's capacity, shared, for its effort."""
        below = self._below()
        drivers = {name: one for name, one in self.drivers.items() if name in below}
        shared = Counter(_owner(self.plan.nodes.get(name), name) for name in drivers)
        for name in drivers:
            owner = _owner(self.plan.nodes.get(name), name)
            able = self.wishes.capacity.get(owner, 1.0) / shared[owner]
            drivers[name] = replace(drivers[name], weight=able / self.wishes.effort.get(name, 1.0))
        formulas = {node: expr for node, expr in self.formulas.items() if node in below}
        limits = {node: limit for node, limit in self.limits.items() if node in below}
        return Ground(formulas, drivers, limits, tuple(self.notes))

    def _below(self) -> set[str]:
        """What the last node taken is made of: a part below a whole that is a driver does not count."""
        top = next(reversed(self._taken))
        found, pending = {top}, [top]
        while pending:
            node = pending.pop()
            for name in self.formulas[node].names if node in self.formulas else ():
                if name not in found:
                    found.add(name)
                    pending.append(name)
        return found


def _owner(node: Node | None, name: str) -> str:
    """Who carries a driver; one that nobody owns carries itself."""
    return node.owner if node is not None and node.owner else f"\0{name}"
