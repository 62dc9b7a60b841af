"""Is a longer period's value formed the right way? An average of averages is not an average."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import Call, Name, Neg, Percent, Sum, walk
from kpi_tree.plan.model import Node, Plan


class HasRollup(Protocol):
    """What is asked of a catalogue entry here."""

    @property
    def rollup(self) -> str:
        """How a longer period's value is formed."""


_AVERAGES = ("ratio", "mean", "median")
_WRONG_SUM: Mapping[str, Msg] = {
    "distinct": msg("{node} counts different ones: adding the days counts who comes twice twice."),
    "last": msg("{node} is a level: adding the days counts the same stock again every day."),
    "ratio": msg("{node} is a ratio: rates of single days do not add up to the rate of the period."),
    "mean": msg("{node} is an average: averages of single days do not add up to anything."),
    "median": msg("{node} is a median: medians of single days do not add up to anything."),
}
_RIGHT_WAY: Mapping[str, Msg] = {
    "distinct": msg("Count over the whole period from the records."),
    "last": msg("Read it at the end of the period."),
    "ratio": msg("Divide the sum above by the sum below, over the whole period."),
    "mean": msg("Take the average over the records of the whole period."),
    "median": msg("Take the median over the records of the whole period."),
}


def rollup_of(node: Node, catalogue: Mapping[str, HasRollup]) -> str | None:
    """How a node's longer period is formed: as it says, else as its KPI does."""
    if node.rollup:
        return node.rollup
    entry = catalogue.get(node.kpi or "")
    return entry.rollup if entry else None


def check_rollup(plan: Plan, node: Node, catalogue: Mapping[str, HasRollup]) -> list[Issue]:
    """What is wrong with the rollup of one node or with what its formula adds and averages.

    >>> visitors = Node("visitors", name="Visitors", rollup="last")
    >>> total = Node("t", "kgi", "Total", formula="visitors", rollup="sum")
    >>> plan = Plan("p", nodes={"visitors": visitors, "t": total})
    >>> [str(issue.remedy) for issue in check_rollup(plan, total, {})]
    ['Read it at the end of the period.']
    """
    entry = catalogue.get(node.kpi or "")
    measured = entry.rollup if entry else None
    if node.rollup == "sum" and measured in _WRONG_SUM:
        return [_issue(node, measured or "", node)]
    if not node.formula:
        return []
    try:
        shape = _shape(node.formula)
    except FormulaError:
        return []
    found = _summed_over_time(plan, node, shape, catalogue)
    return found or _averaged(plan, node, shape, catalogue)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a formula adds and averages.

    Attributes:
        names: all that it uses. linear: only sums of them: no product or quotient that would weigh them.
        groups: the names right in each sum of several, and in each average, from the outside in.
    """

    names: tuple[str, ...]
    linear: bool
    groups: tuple[tuple[Literal["sum", "mean"], tuple[str, ...]], ...]


@lru_cache(maxsize=20_000)
def _shape(text: str) -> _Shape:
    """Kept: a tree is looked through after every edit, and one formula changed. Raises FormulaError."""
    expr = parse(text)
    groups: list[tuple[Literal["sum", "mean"], tuple[str, ...]]] = []
    linear = True
    for part in walk(expr):
        linear = linear and isinstance(part, Name | Neg | Sum | Percent)
        if isinstance(part, Call) and part.function == "mean":
            groups.append(("mean", tuple(one.id for one in part.arguments if isinstance(one, Name))))
        elif isinstance(part, Sum):
            for side in "+-":  # a difference of two rates is the gap between them
                names = tuple(term.id for sign, term in part.terms if sign == side and isinstance(term, Name))
                groups.append(("sum", names))
    return _Shape(expr.names, linear, tuple(groups))


def _issue(node: Node, rollup: str, child: Node) -> Issue:
    return Issue(
        "warning",
        f"rollup_{rollup}",
        msg(_WRONG_SUM[rollup].id, node=child.name),
        place=node.id,
        remedy=_RIGHT_WAY[rollup],
    )


def _nodes(plan: Plan, names: Iterable[str]) -> list[Node]:
    known = plan.by_name_in_formula
    return [plan.nodes[known[name]] for name in names if name in known]


def _summed_over_time(
    plan: Plan, node: Node, shape: _Shape, catalogue: Mapping[str, HasRollup]
) -> list[Issue]:
    """A node that is summed over time must not be a plain sum of what cannot be summed."""
    if node.rollup != "sum" or not shape.linear:
        return []
    for child in _nodes(plan, shape.names):
        rollup = rollup_of(child, catalogue)
        if rollup in _WRONG_SUM:
            return [_issue(node, rollup or "", child)]
    return []


def _averaged(plan: Plan, node: Node, shape: _Shape, catalogue: Mapping[str, HasRollup]) -> list[Issue]:
    for kind, names in shape.groups:
        averages = [one for one in _nodes(plan, names) if rollup_of(one, catalogue) in _AVERAGES]
        children = ", ".join(one.name for one in averages)
        if kind == "mean" and averages:
            text = msg("{node} takes the average of averages ({child}), whatever their size.",
                       node=node.name, child=children)  # fmt: skip
            remedy = msg("Divide the sum of what stands above by the sum of what stands below.")
            return [Issue("warning", "average_of_averages", text, place=node.id, remedy=remedy)]
        if kind == "sum" and len(averages) > 1:
            text = msg("{node} adds rates ({child}), each over a base of its own.",
                       node=node.name, child=children)  # fmt: skip
            remedy = msg("Weigh each by its base, or divide the sum above by the sum below.")
            return [Issue("warning", "sum_of_rates", text, place=node.id, remedy=remedy)]
    return []
