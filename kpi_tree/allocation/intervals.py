"""Between which ends a formula can lie when each of its names can lie between two ends."""

from __future__ import annotations

import math
from collections.abc import Mapping

from kpi_tree.plan.formula_tree import Call, Expr, Name, Neg, Number, Percent, Product, Sum

Ends = tuple[float, float]


class BrokenError(Exception):
    """The values that can be reached are not one stretch: something may be divided by zero."""


def reach(expr: Expr, of: Mapping[str, Ends]) -> Ends:
    """Lowest and highest value of a formula whose names each stand in it once.

    Raises:
        BrokenError: a divisor may be zero on the way.

    >>> from kpi_tree.plan.formula_parser import parse
    >>> reach(parse("a * b - c"), {"a": (1.0, 2.0), "b": (3.0, 4.0), "c": (0.0, 1.0)})
    (2.0, 8.0)
    """
    match expr:
        case Number(value):
            return value, value
        case Name(name):
            return of[name]
        case Neg(inner):
            low, high = reach(inner, of)
            return -high, -low
        case Percent(inner):
            low, high = reach(inner, of)
            return low / 100.0, high / 100.0
        case Sum(terms):
            return _added([_signed(sign, reach(part, of)) for sign, part in terms])
        case Product(factors):
            return _multiplied([(op, reach(part, of)) for op, part in factors])
        case Call(function, arguments):
            return _called(function, [reach(part, of) for part in arguments])
    raise TypeError(f"not a formula: {expr!r}")


def _signed(sign: str, ends: Ends) -> Ends:
    return ends if sign == "+" else (-ends[1], -ends[0])


def _added(parts: list[Ends]) -> Ends:
    return sum(low for low, _ in parts), sum(high for _, high in parts)


def _multiplied(parts: list[tuple[str, Ends]]) -> Ends:
    found: Ends = (1.0, 1.0)
    for op, ends in parts:
        other = ends if op == "*" else _inverse(ends)
        corners = [_times(a, b) for a in found for b in other]
        found = min(corners), max(corners)
    return found


def _times(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b


def _inverse(ends: Ends) -> Ends:
    low, high = ends
    if low < 0 < high or low == high == 0:
        raise BrokenError
    if low == 0:
        return (0.0 if math.isinf(high) else 1.0 / high), math.inf
    if high == 0:
        return -math.inf, (0.0 if math.isinf(low) else 1.0 / low)
    return 1.0 / high, 1.0 / low


def _called(function: str, parts: list[Ends]) -> Ends:
    lows, highs = [low for low, _ in parts], [high for _, high in parts]
    if function == "min":
        return min(lows), min(highs)
    if function == "max":
        return max(lows), max(highs)
    if function == "mean":
        return sum(lows) / len(parts), sum(highs) / len(parts)
    if function == "sum":
        return sum(lows), sum(highs)
    raise BrokenError
