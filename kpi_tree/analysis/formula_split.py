"""How a formula's change is split among its names: term by term, each in its own way."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import cast

from kpi_tree.analysis.contribution import Branch, Split, lmdi
from kpi_tree.analysis.orders import Shared, shared_out
from kpi_tree.analysis.trajectory import Floats
from kpi_tree.plan.formula_tree import Expr, Name, Neg, Product, Sum
from kpi_tree.plan.formula_values import evaluate

METHODS = ("shapley", "lmdi")


def branch_of(expr: Expr, method: str = "shapley") -> Branch:
    """A formula as a branch of an explanation.

    The Shapley value of a sum is the sum of its terms' values, so each term is split by itself; with ``lmdi``
    a term that is a plain product of names above zero is split by logarithms. Any number of drivers: see
    :func:`kpi_tree.analysis.orders.shared_out` for where a split is estimated, and within what.

    Args:
        expr: its names are those of the states. method: one of :data:`METHODS`.

    >>> from kpi_tree.plan.formula_parser import parse
    >>> split = branch_of(parse("a * b - c")).split
    >>> split({"a": 10, "b": 5, "c": 1}, {"a": 12, "b": 6, "c": 4}).values
    {'a': 11.0, 'b': 11.0, 'c': -3.0}
    """
    return Branch(expr.names, partial(_value, expr), _split(expr, method))


def _value(expr: Expr, values: Mapping[str, Floats]) -> Floats:
    return evaluate(expr, values)


def _split(expr: Expr, method: str) -> Split:
    terms = list(_terms(expr, 1.0))

    def split(before: Mapping[str, float], after: Mapping[str, float]) -> Shared:
        found: dict[str, float] = defaultdict(float, dict.fromkeys(before, 0.0))
        within = 0.0
        for sign, term in terms:
            if isinstance(term, Name):  # what a sum is mostly made of
                found[term.id] += sign * (after[term.id] - before[term.id])
                continue
            old, new = ({name: state[name] for name in term.names} for state in (before, after))
            parts = _logarithmic(term, old, new) if method == "lmdi" else None
            made = Shared(parts) if parts else shared_out(term, old, new)
            within += made.within
            for name, value in made.values.items():
                found[name] += sign * value
        return Shared(dict(found), within)

    return split


def _terms(expr: Expr, sign: float) -> list[tuple[float, Expr]]:
    if isinstance(expr, Neg):
        return _terms(expr.operand, -sign)
    if isinstance(expr, Sum):
        return [one for mark, part in expr.terms for one in _terms(part, -sign if mark == "-" else sign)]
    return [(sign, expr)]


def _logarithmic(
    expr: Expr, before: Mapping[str, float], after: Mapping[str, float]
) -> dict[str, float] | None:
    """A product's change in logarithms; None where it is no plain product, or a factor has no logarithm."""
    if not isinstance(expr, Product) or not all(isinstance(part, Name) for _, part in expr.factors):
        return None
    names = [(mark, cast(Name, part).id) for mark, part in expr.factors]
    if len({name for _, name in names}) < len(names):
        return None
    old, new = (
        {name: state[name] if mark == "*" else _inverse(state[name]) for mark, name in names}
        for state in (before, after)
    )
    return lmdi(old, new)


def _inverse(value: float) -> float:
    return 1 / value if value else math.inf
