"""A formula on numbers: whole series at once, a missing or impossible value staying missing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kpi_tree.errors import NotFound
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.formula_tree import Call, Expr, Name, Neg, Number, Percent, Product, Sum

Values = NDArray[np.float64]
Joining = Callable[..., Values]
"""Two rows into one, and into a row given as a third."""
Compiled = Callable[[Sequence[Values]], Values]
"""A formula ready to run on rows: the names have become row numbers."""

NO_VALUE = np.float64(np.nan)


def evaluate(expr: Expr, values: Mapping[str, ArrayLike]) -> Values:
    """The formula's value for every period at once.

    Args:
        expr: a parsed formula.
        values: for each name a number or a series; series have one length, nan is no value.

    Returns:
        An array of that length (no dimension at all if every value is a single number). Where an input has no
        value, or something is divided by zero, or the result is beyond every number, there is no value: nan.

    Raises:
        NotFound: a name of the formula has no value given; names the nearest that has.

    >>> from kpi_tree.plan.formula_parser import parse
    >>> evaluate(parse("orders / sessions"), {"orders": [3, 1, 2], "sessions": [100, 0, float("nan")]})
    array([0.03,  nan,  nan])
    >>> evaluate(parse("lag(a, 1)"), {"a": [1, 2, 3]})
    array([nan,  1.,  2.])
    """
    rows: list[Values] = []
    index: dict[str, int] = {}
    for name in expr.names:
        if name not in values:
            raise NotFound(
                msg("{name} has no value.", name=name),
                place=name,
                remedy=did_you_mean(name, values, msg("Give it one.")),
            )
        index[name] = len(rows)
        rows.append(np.asarray(values[name], dtype=np.float64))
    with np.errstate(all="ignore"):
        return finite(np.asarray(compile_formula(expr, index)(rows), dtype=np.float64))


def finite(values: Values) -> Values:
    """The same values with infinities as no value."""
    if math.isfinite(values.sum()):  # one pass in the usual case: no gap, no infinity
        return values
    endless = np.isinf(values)
    return np.where(endless, NO_VALUE, values) if endless.any() else values


def compile_formula(expr: Expr, index: Mapping[str, int]) -> Compiled:
    """The formula as a function of rows, ``index`` saying which row is whose. Run it under errstate."""
    match expr:
        case Number(value):
            constant = np.asarray(value, dtype=np.float64)
            return lambda _rows: constant
        case Name(name):
            at = index[name]
            return lambda rows: rows[at]
        case Neg(operand):
            inner = compile_formula(operand, index)
            return lambda rows: np.negative(inner(rows))
        case Percent(operand):
            inner = compile_formula(operand, index)
            return lambda rows: np.divide(inner(rows), 100.0)
        case Sum(terms):
            return _chain(
                [(sign == "+", compile_formula(part, index)) for sign, part in terms], np.add, np.subtract
            )
        case Product(factors):
            return _chain(
                [(op == "*", compile_formula(part, index)) for op, part in factors], np.multiply, divide
            )
        case Call(function, arguments):
            if function == "lag" and not arguments[0].names:  # a number is the same in every period
                return compile_formula(arguments[0], index)
            if function == "lag" and isinstance(arguments[1], Number):
                return _lagged(compile_formula(arguments[0], index), int(arguments[1].value))
            return _call(function, [compile_formula(part, index) for part in arguments])
    raise TypeError(f"not a formula: {expr!r}")


def divide(above: Values, below: Values, out: Values | None = None) -> Values:
    """Above ÷ below, into ``out`` if given; nothing, rather than infinity or zero, where below is zero."""
    there: Values = np.divide(above, below if below.all() else np.where(below == 0, NO_VALUE, below), out)
    return there


def _chain(
    parts: list[tuple[bool, Compiled]],
    forward: Joining,
    backward: Joining,
) -> Compiled:
    first = parts[0][1]
    steps = [(forward if straight else backward, part) for straight, part in parts[1:]]
    if len(steps) == 1:  # two children is the usual case, and worth its own short path
        ((only, other),) = steps
        return lambda rows: only(first(rows), other(rows))

    (join, second), *rest = steps

    def run(rows: Sequence[Values]) -> Values:
        result = join(first(rows), second(rows))  # an array of its own: the rest can be done in it
        for step, part in rest:
            values = part(rows)
            result = step(result, values, result) if result.ndim >= values.ndim > 0 else step(result, values)
        return result

    return run


def _lagged(inner: Compiled, periods: int) -> Compiled:
    return lambda rows: lag(inner(rows), periods)


def lag(values: Values, periods: int) -> Values:
    """The series moved so that a period shows the value of ``periods`` earlier; the first ones have none.

    >>> lag(np.array([1.0, 2.0, 3.0]), 2)
    array([nan, nan,  1.])
    """
    if periods == 0:
        return values
    shifted = np.full(values.shape, NO_VALUE)
    if values.ndim and periods < values.shape[-1]:
        shifted[..., periods:] = values[..., :-periods]
    return shifted


_COMBINE: Mapping[str, Callable[[Values, Values], Values]] = {
    "sum": np.add,
    "mean": np.add,
    "min": np.minimum,
    "max": np.maximum,
}


def _call(function: str, parts: list[Compiled]) -> Compiled:
    combine, count = _COMBINE[function], float(len(parts))

    def run(rows: Sequence[Values]) -> Values:
        result = reduce(combine, [part(rows) for part in parts])
        return np.divide(result, count) if function == "mean" else result

    return run
