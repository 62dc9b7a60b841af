"""A plan made ready to compute: its nodes in order, each formula a function of the values before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.formula_parser import FormulaError, names_in, parse
from kpi_tree.plan.formula_tree import Expr
from kpi_tree.plan.formula_values import Compiled, compile_formula
from kpi_tree.plan.model import Plan
from kpi_tree.plan.rules import find_cycle, path_words


@dataclass(frozen=True, slots=True)
class Step:
    """One node in the order of computation.

    Attributes:
        run: the formula as a function of the values of all places.
        inputs: the places that it reads.
    """

    node: str
    kpi: str | None
    formula: str | None
    assumption: float | None
    run: Compiled | None
    inputs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Program:
    """A plan made ready to compute: children before parents.

    Every value has a place: first those of the catalogue ids that no node stands for, then one a step.

    Attributes:
        steps: one for each node that is not an action.
        outside: catalogue ids that formulas use and no node of the plan stands for.
        needed: all catalogue ids that it takes values of.
    """

    steps: tuple[Step, ...]
    outside: tuple[str, ...] = ()
    needed: tuple[str, ...] = field(default=())

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each node's value."""
        return {step.node: at for at, step in enumerate(self.steps, len(self.outside))}


def compile_plan(plan: Plan) -> Program:
    """Puts the nodes in order and turns each formula into a function of its inputs.

    A formula that cannot be read computes nothing (``check`` reports it). Raises Refused for a circle.
    """
    order, names = _order(plan), plan.by_name_in_formula
    parsed = {node: _parsed(plan.nodes[node].formula) for node in order}
    outside = dict.fromkeys(name for _, used in parsed.values() for name in used if name not in names)
    places = {node: at for at, node in enumerate(order, len(outside))}
    places_of_names = {**{name: at for at, name in enumerate(outside)}, **{
        name: places[node] for name, node in names.items() if node in places
    }}  # fmt: skip
    steps = []
    for node_id, (expr, used) in parsed.items():
        node = plan.nodes[node_id]
        inputs = tuple(places_of_names[name] for name in used)
        run = None if expr is None else compile_formula(expr, {name: places_of_names[name] for name in used})
        steps.append(Step(node_id, node.kpi, node.formula, node.assumption, run, inputs))
    needed = dict.fromkeys([step.kpi for step in steps if step.kpi is not None] + list(outside))
    return Program(tuple(steps), tuple(outside), tuple(needed))


def _parsed(formula: str | None) -> tuple[Expr | None, tuple[str, ...]]:
    """A formula and the names in it; nothing where there is none that can be read."""
    if not formula:
        return None, ()
    try:
        return parse(formula), names_in(formula)
    except FormulaError:
        return None, ()


def _order(plan: Plan) -> list[str]:
    """Node ids, each after all that its formula uses."""
    inputs = {
        node.id: plan.formula_children(node.id) for node in plan.nodes.values() if node.kind != "action"
    }
    order: list[str] = []
    state: dict[str, int] = {}
    for start in inputs:
        pending = [start]
        while pending:
            node = pending[-1]
            if state.get(node) == 2:
                pending.pop()
                continue
            ahead = [child for child in inputs[node] if state.get(child) != 2]
            if state.get(node) == 1 or not ahead:
                if ahead:
                    raise _circle(plan)
                state[node] = 2
                order.append(pending.pop())
            else:
                if any(state.get(child) == 1 for child in ahead):
                    raise _circle(plan)
                state[node] = 1
                pending.extend(ahead)
    return order


def _circle(plan: Plan) -> Refused:
    return Refused(
        msg("The tree runs in a circle: {path}.", path=path_words(plan, find_cycle(plan) or [])),
        place=plan.name or plan.id,
        remedy=msg("Take away one of these steps."),
    )
