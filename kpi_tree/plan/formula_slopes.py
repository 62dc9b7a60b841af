"""How much a formula gives way: derivative and elasticity of each of its names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kpi_tree.plan.formula_tree import Call, Expr, Name, Neg, Number, Percent, Product, Sum
from kpi_tree.plan.formula_values import Values, divide, evaluate, finite


@dataclass(frozen=True)
class Slope:
    """How a formula answers to one name.

    Attributes:
        derivative: change of the result for one more of the name, the rest standing still.
        elasticity: percent change of the result for one percent more of the name; nan where either is zero.
    """

    derivative: Values
    elasticity: Values


def slopes(expr: Expr, values: Mapping[str, ArrayLike]) -> dict[str, Slope]:
    """Derivative and elasticity of every name at the values given, by one pass backwards through the formula.

    Where two arguments of min() or max() tie, the first one counts. ``lag()`` looks at another period and so
    gives way by nothing in this one.

    Raises NotFound for a name without a value.

    >>> from kpi_tree.plan.formula_parser import parse
    >>> found = slopes(parse("sessions * rate"), {"sessions": 200.0, "rate": 0.03})
    >>> float(found["rate"].derivative), float(found["rate"].elasticity)
    (200.0, 1.0)
    """
    result = evaluate(expr, values)
    gradient: dict[str, Values] = {name: np.zeros(result.shape) for name in expr.names}
    with np.errstate(all="ignore"):
        _back(expr, np.ones(result.shape), values, gradient)
        return {
            name: Slope(
                finite(slope + 0 * result),
                finite(divide(slope * np.asarray(values[name], dtype=np.float64), result)),
            )
            for name, slope in gradient.items()
        }


def _back(expr: Expr, weight: Values, values: Mapping[str, ArrayLike], gradient: dict[str, Values]) -> None:
    """Hands the weight of a part down to its own parts (reverse differentiation)."""
    match expr:
        case Name(name):
            gradient[name] = gradient[name] + weight
        case Neg(operand):
            _back(operand, -weight, values, gradient)
        case Percent(operand):
            _back(operand, weight / 100.0, values, gradient)
        case Sum(terms):
            for sign, part in terms:
                _back(part, weight if sign == "+" else -weight, values, gradient)
        case Product(factors):
            _back_product(factors, weight, values, gradient)
        case Call("sum" | "mean" as function, arguments):
            for part in arguments:
                _back(part, weight if function == "sum" else weight / len(arguments), values, gradient)
        case Call("min" | "max" as function, arguments):
            stack = np.stack(np.broadcast_arrays(*[evaluate(part, values) for part in arguments]))
            chosen = stack.argmin(axis=0) if function == "min" else stack.argmax(axis=0)
            for index, part in enumerate(arguments):
                _back(part, weight * (chosen == index), values, gradient)
        case Call("lag", (inner, Number(value))) if value == 0:
            _back(inner, weight, values, gradient)
        case _:
            return


def _back_product(
    factors: tuple[tuple[str, Expr], ...],
    weight: Values,
    values: Mapping[str, ArrayLike],
    gradient: dict[str, Values],
) -> None:
    parts = [evaluate(part, values) for _, part in factors]
    for index, (op, part) in enumerate(factors):
        if not part.names:
            continue
        others = weight
        for other, ((other_op, _), value) in enumerate(zip(factors, parts, strict=True)):
            if other != index:
                others = others * value if other_op == "*" else divide(others, value)
        if op == "/":
            others = -divide(others, parts[index] * parts[index])
        _back(part, others, values, gradient)
