"""The whole tree over all periods at once: compiled once, then one numpy step for each formula node."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.formula_parser import FormulaError, names_in, parse
from kpi_tree.plan.formula_values import NO_VALUE, Compiled, Values, compile_formula, finite
from kpi_tree.plan.model import Plan
from kpi_tree.plan.rules import find_cycle, path_words

Source = Literal["measured", "computed", "assumption", "none"]


@dataclass(frozen=True, slots=True)
class NodeSeries:
    """What is known of one node, a value for each period; nan is no value.

    Attributes:
        measured: from data, ``None`` where the node has none.
        computed: from its formula, ``None`` where it has none.
        value: what counts: measured, else computed, else the assumption.
        source: which of these ``value`` is.
        assumed: true where an assumption stands somewhere in it.
    """

    measured: Values | None
    computed: Values | None
    value: Values
    source: Source
    assumed: bool = False

    @property
    def gap(self) -> Values | None:
        """Measured minus computed: what the formula does not explain. ``None`` unless there are both."""
        if self.measured is None or self.computed is None:
            return None
        return np.subtract(self.measured, self.computed)


@dataclass(frozen=True)
class Step:
    """One node in the order of computation."""

    node: str
    kpi: str | None
    formula: str | None
    assumption: float | None
    run: Compiled | None
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Program:
    """A plan made ready to compute: children before parents.

    Attributes:
        steps: one for each node that is not an action.
        outside: catalogue ids that formulas use and no node of the plan stands for.
    """

    steps: tuple[Step, ...]
    outside: tuple[str, ...] = ()
    needed: tuple[str, ...] = field(default=())


def compile_plan(plan: Plan) -> Program:
    """Puts the nodes in order and turns each formula into a function of its inputs.

    A formula that cannot be read computes nothing (``check`` reports it). Raises Refused for a circle.
    """
    order = _order(plan)
    names = plan.by_name_in_formula
    outside: dict[str, None] = {}
    steps = []
    for node_id in order:
        node = plan.nodes[node_id]
        inputs: tuple[str, ...] = ()
        run = None
        if node.formula:
            try:
                expr = parse(node.formula)
            except FormulaError:
                expr = None
            if expr is not None:
                used = names_in(node.formula)
                inputs = tuple(names.get(name, f"={name}") for name in used)
                outside.update((name, None) for name in used if name not in names)
                run = compile_formula(expr, {name: at for at, name in enumerate(used)})
        steps.append(Step(node_id, node.kpi, node.formula, node.assumption, run, inputs))
    needed = dict.fromkeys([step.kpi for step in steps if step.kpi is not None] + list(outside))
    return Program(tuple(steps), tuple(outside), tuple(needed))


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


def evaluate(
    plan: Plan | Program,
    observations: Mapping[str, ArrayLike],
    *,
    periods: int | None = None,
    before: Evaluation | None = None,
) -> Evaluation:
    """Every node's series.

    Args:
        plan: the plan, or :func:`compile_plan` of it where it is evaluated often.
        observations: measured series, by node id or catalogue id (the node id wins), all of one length.
        periods: that length; needed only where there are no observations.
        before: an earlier result: what neither changed nor stands above a change is taken from it. An
            observation counts as unchanged if it is the very same array.

    Returns:
        node id to :class:`NodeSeries`, for every node that is not an action.

    Raises:
        Refused: series of different lengths, or a circle in the plan.

    >>> from kpi_tree.plan.model import Node, Plan
    >>> sales = Node("sales", "kgi", formula="orders * 2")
    >>> plan = Plan("p", nodes={"sales": sales, "orders": Node("orders")})
    >>> evaluate(plan, {"orders": [1, 2]})["sales"].value
    array([2., 4.])
    """
    program = plan if isinstance(plan, Program) else compile_plan(plan)
    series = {name: _series(name, values) for name, values in observations.items()}
    length = _length(series, periods)
    result = Evaluation(length)
    nothing = np.full(length, NO_VALUE)
    for name in program.outside:
        result.outside[f"={name}"] = series.get(name, nothing)
    with np.errstate(all="ignore"):
        for step in program.steps:
            measured = series.get(step.node)
            if measured is None and step.kpi is not None:
                measured = series.get(step.kpi)
            result.add(step, measured, nothing, before)
    return result


def _series(name: str, values: ArrayLike) -> Values:
    made = np.asarray(values, dtype=np.float64)
    if made.ndim != 1:
        raise Refused(
            msg("One value a period is expected."), place=name, remedy=msg("Give a plain list of numbers.")
        )
    return made


def _has_value(values: Values) -> bool:
    """Whether any period has a value; most series have one in the last, so that one is looked at first."""
    return bool(len(values)) and (not math.isnan(values[-1]) or not np.isnan(values).all())


def _length(series: Mapping[str, Values], periods: int | None) -> int:
    lengths = {len(values) for values in series.values()} | ({periods} if periods is not None else set())
    if len(lengths) > 1:
        name = next(name for name, values in series.items() if len(values) != min(lengths))
        raise Refused(
            msg(
                "The series have different lengths: {lengths}.", lengths=", ".join(map(str, sorted(lengths)))
            ),
            place=name,
            remedy=msg("Give every series over the same periods."),
        )
    return lengths.pop() if lengths else 0


class Evaluation(dict[str, NodeSeries]):
    """Node id to series, and how each came about (so that the next evaluation can reuse it)."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length
        self.outside: dict[str, Values] = {}
        self.reused = 0
        self._made: dict[str, tuple[Step, Values | None, tuple[Values, ...]]] = {}

    def add(self, step: Step, measured: Values | None, nothing: Values, before: Evaluation | None) -> None:
        """Computes one node, or takes it over from an earlier evaluation where nothing below it changed."""
        rows = tuple(self.outside[name] if name[0] == "=" else self[name].value for name in step.inputs)
        if before is not None and before.length == self.length and before.is_same(step, measured, rows):
            self[step.node] = before[step.node]
            self.reused += 1
        else:
            self[step.node] = self._computed(step, measured, rows, nothing)
        self._made[step.node] = (step, measured, rows)

    def is_same(self, step: Step, measured: Values | None, rows: tuple[Values, ...]) -> bool:
        """Whether this evaluation made the node from the very same formula and inputs."""
        made = self._made.get(step.node)
        if made is None:
            return False
        old, old_measured, old_rows = made
        return (
            old.formula == step.formula
            and old.assumption == step.assumption
            and old.inputs == step.inputs
            and old_measured is measured
            and len(old_rows) == len(rows)
            and all(mine is theirs for mine, theirs in zip(rows, old_rows, strict=True))
        )

    def _computed(
        self, step: Step, measured: Values | None, rows: tuple[Values, ...], nothing: Values
    ) -> NodeSeries:
        computed = None
        if step.run is not None:
            computed = finite(step.run(rows))
            if computed.ndim == 0:  # a formula of numbers only
                computed = np.full(self.length, float(computed))
        if measured is not None and _has_value(measured):
            return NodeSeries(measured, computed, measured, "measured")
        if computed is not None:
            assumed = any(self[name].assumed for name in step.inputs if name[0] != "=")
            return NodeSeries(measured, computed, computed, "computed", assumed)
        if step.assumption is not None:
            return NodeSeries(measured, None, np.full(self.length, step.assumption), "assumption", True)
        return NodeSeries(measured, None, nothing, "none")
