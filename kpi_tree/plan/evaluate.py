"""The whole tree over all periods at once: one step over whole series for each formula node."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import is_
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.formula_values import NO_VALUE, Values, finite
from kpi_tree.plan.model import Plan
from kpi_tree.plan.program import Program, Step, compile_plan

__all__ = ["Evaluation", "NodeSeries", "Program", "Source", "compile_plan", "evaluate"]

_FLOAT = np.dtype(np.float64)
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
    result = Evaluation(program, _length(series, periods))
    with np.errstate(all="ignore"):
        result.fill(series, before if before is not None and before.length == result.length else None)
    return result


def _own(step: Step, series: Mapping[str, Values]) -> Values | None:
    found = series.get(step.node)
    return series.get(step.kpi) if found is None and step.kpi is not None else found


def _series(name: str, values: ArrayLike) -> Values:
    if type(values) is np.ndarray and values.dtype == _FLOAT and values.ndim == 1:
        return values
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


class Evaluation(Mapping[str, NodeSeries]):
    """Node id to series, and how each came about (so that the next evaluation can reuse it).

    Attributes:
        length: how many periods.
        reused: how many nodes were taken over from an earlier evaluation.
    """

    def __init__(self, program: Program, length: int) -> None:
        count = len(program.outside) + len(program.steps)
        self.program, self.length, self.reused = program, length, 0
        self._values: list[Values] = [np.empty(0)] * count
        self._measured: list[Values | None] = [None] * count
        self._computed: list[Values | None] = [None] * count
        self._source: list[Source] = ["none"] * count
        self._assumed = [False] * count
        self._nothing, self._zeros = np.full(length, NO_VALUE), np.zeros(length)

    def __getitem__(self, node: str) -> NodeSeries:
        at = self.program.places[node]
        return NodeSeries(
            self._measured[at], self._computed[at], self._values[at], self._source[at], self._assumed[at]
        )

    def __contains__(self, node: object) -> bool:
        return node in self.program.places

    def __iter__(self) -> Iterator[str]:
        return iter(self.program.places)

    def __len__(self) -> int:
        return len(self.program.steps)

    def fill(self, series: Mapping[str, Values], before: Evaluation | None) -> None:
        """Compute every node, or take it over where neither it nor anything below it changed."""
        if before is not None:
            self._nothing = before._nothing  # what had no value then is the same now
        for at, name in enumerate(self.program.outside):
            self._values[at] = series.get(name, self._nothing)
        if before is not None and before.program is self.program:
            self._follow(series, before)
            return
        if before is None:
            self._afresh(series)
            return
        for at, step in enumerate(self.program.steps, len(self.program.outside)):
            self._measured[at] = _own(step, series)
            if self._same(at, step, before):
                self._take_over(at, before, before.program.places[step.node])
            else:
                self._settle(at, step)

    def _afresh(self, series: Mapping[str, Values]) -> None:
        """Every node, the measured leaves (most of a tree) by a short path of their own.

        What is left is numpy's own time: writing all results into one block, tried, saved nothing.
        """
        values, measured, source = self._values, self._measured, self._source
        for at, step in enumerate(self.program.steps, len(self.program.outside)):
            own = series.get(step.node)
            if own is None and step.kpi is not None:
                own = series.get(step.kpi)
            measured[at] = own
            if step.run is None and own is not None and len(own) and own[-1] == own[-1]:  # not nan
                values[at], source[at] = own, "measured"
            else:
                self._settle(at, step)

    def _follow(self, series: Mapping[str, Values], before: Evaluation) -> None:
        """The same plan on other data: all is taken over, and what stands above a change computed again."""
        first = len(self.program.outside)
        changed = {at for at in range(first) if self._values[at] is not before._values[at]}
        self._values[first:] = before._values[first:]
        self._computed, self._source = before._computed.copy(), before._source.copy()
        self._assumed = before._assumed.copy()
        self.reused = len(self.program.steps)
        for at, step in enumerate(self.program.steps, first):
            own = self._measured[at] = _own(step, series)
            if own is not before._measured[at] or not changed.isdisjoint(step.inputs):
                self._settle(at, step)
                changed.add(at)
                self.reused -= 1

    def _settle(self, at: int, step: Step) -> None:
        """One node from what was measured of it, its formula, or its assumption."""
        self._computed[at], self._source[at], self._assumed[at] = None, "none", False
        if step.run is not None:
            self._compute(at, step)
        elif step.assumption is not None:
            self._values[at], self._source[at] = np.full(self.length, step.assumption), "assumption"
            self._assumed[at] = True
        else:
            self._values[at] = self._nothing
        own = self._measured[at]
        if own is not None and _has_value(own):
            self._values[at], self._source[at], self._assumed[at] = own, "measured", False

    def _compute(self, at: int, step: Step) -> None:
        assert step.run is not None
        found = step.run(self._values)
        if found.ndim == 0:  # a formula of numbers only
            found = np.full(self.length, float(found))
        # One pass in the usual case: with an infinity or a gap in it the product is no number.
        if found.dot(self._zeros) != 0.0:
            found = finite(found)
        self._values[at] = self._computed[at] = found
        self._source[at] = "computed"
        self._assumed[at] = any(map(self._assumed.__getitem__, step.inputs))

    def _same(self, at: int, step: Step, before: Evaluation) -> bool:
        """Whether an earlier evaluation made the node from the very same formula and inputs."""
        then = before.program.places.get(step.node)
        if then is None or before._measured[then] is not self._measured[at]:
            return False
        old = before.program.steps[then - len(before.program.outside)]
        if old is not step and (old.formula, old.assumption) != (step.formula, step.assumption):
            return False
        if len(old.inputs) != len(step.inputs):
            return False
        mine, theirs = self._values, before._values
        return all(map(is_, (mine[one] for one in step.inputs), (theirs[one] for one in old.inputs)))

    def _take_over(self, at: int, before: Evaluation, then: int) -> None:
        self._values[at], self._computed[at] = before._values[then], before._computed[then]
        self._source[at], self._assumed[at] = before._source[then], before._assumed[then]
        self.reused += 1
