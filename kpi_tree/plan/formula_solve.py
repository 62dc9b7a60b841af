"""A formula backwards: which value of one child gives the result that is wanted."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import polynomial as poly
from numpy.typing import NDArray

from kpi_tree.errors import Refused
from kpi_tree.i18n import format_number, msg
from kpi_tree.plan.formula_tree import Call, Expr, Name, Neg, Percent, Product, Sum, children, walk
from kpi_tree.plan.formula_values import evaluate

MAX_DEGREE = 16


def solve(expr: Expr, name: str, result: float, values: Mapping[str, float]) -> float:
    """The value of ``name`` for which the formula gives ``result``, all other values standing still.

    Where several values do, the one nearest to the name's present value is taken, or without one the only
    positive one.

    Raises:
        Refused: no value does, every value does, or several do and nothing says which.

    >>> from kpi_tree.plan.formula_parser import parse
    >>> solve(parse("sessions * rate * 500"), "rate", 3000, {"sessions": 200})
    0.03
    """
    found = solutions(expr, name, result, values)
    place = f"{name} → {format_number(result)}"
    if not found:
        raise Refused(
            msg("No value of {name} gives {result}.", name=name, result=result),
            place=place,
            remedy=msg("Change another child as well, or the result you ask for."),
        )
    if len(found) == 1:
        return found[0]
    if name in values and math.isfinite(values[name]):
        return min(found, key=lambda value: abs(value - values[name]))
    positive = [value for value in found if value > 0]
    if len(positive) == 1:
        return positive[0]
    raise Refused(
        msg("Several values of {name} give that result: {values}.", name=name, values=_list(found)),
        place=place,
        remedy=msg("Say what {name} is now, and the nearest is taken.", name=name),
    )


def _list(values: tuple[float, ...]) -> str:
    return ", ".join(format_number(value) for value in values)


def solutions(expr: Expr, name: str, result: float, values: Mapping[str, float]) -> tuple[float, ...]:
    """Every value of ``name`` that gives the result, smallest first; checked by putting each back in."""
    if name not in expr.names:
        raise Refused(
            msg("{name} does not stand in the formula.", name=name),
            place=name,
            remedy=msg("Choose one of: {names}.", names=", ".join(expr.names)),
        )
    known = {key: float(value) for key, value in values.items() if key != name}
    _refuse_lag(expr, name)
    if sum(isinstance(node, Name) and node.id == name for node in walk(expr)) == 1:
        found = _unwrap(expr, name, float(result), known)
    else:
        found = _roots(expr, name, float(result), known)
    at = evaluator(expr, name, known)
    kept = [value for value in found if math.isfinite(value) and _close(at(value), result)]
    if not kept and all(at(value) == result for value in _PROBES):
        raise _every(name, result)
    return tuple(sorted(set(kept)))


_PROBES = (1.734, -23.19, 4711.3)
"""Values with nothing in common: what gives one result for all of them gives it for every value."""


def _every(name: str, result: float) -> Refused:
    return Refused(
        msg("Every value of {name} gives {result}.", name=name, result=result),
        place=name,
        remedy=msg("Solve for another child."),
    )


def evaluator(expr: Expr, name: str, known: Mapping[str, float]) -> Callable[[float], float]:
    """The formula as a function of one name."""
    return lambda value: float(evaluate(expr, {**known, name: value}))


def _close(value: float, result: float) -> bool:
    return math.isclose(value, result, rel_tol=1e-7, abs_tol=1e-9 * max(1.0, abs(result)))


def _refuse_lag(expr: Expr, name: str) -> None:
    for node in walk(expr):
        if isinstance(node, Call) and node.function == "lag" and node.names == (name,):
            raise Refused(
                msg(
                    "{name} stands in lag(): its value lies in an earlier period and cannot change.",
                    name=name,
                ),
                place=name,
                remedy=msg("Solve for another child."),
            )


def _unwrap(expr: Expr, name: str, result: float, known: Mapping[str, float]) -> list[float]:
    """Algebra: undo one operation after the other, from the outside in, until the name stands alone."""
    while not isinstance(expr, Name):
        inner = next(part for part in children(expr) if name in part.names)
        others = _others(expr, inner, known)
        if others is None:
            return []
        step = _undo(expr, inner, result, others)
        if step is None:
            return []
        expr, result = inner, step
    return [result]


def _others(expr: Expr, inner: Expr, known: Mapping[str, float]) -> list[float] | None:
    """The values of the other parts in order, the inner one's place held by nan."""
    found = [math.nan if part is inner else float(evaluate(part, known)) for part in children(expr)]
    missing = sum(math.isnan(value) for value in found)
    return found if missing == 1 else None


def _undo(expr: Expr, inner: Expr, result: float, others: list[float]) -> float | None:
    at = next(index for index, part in enumerate(children(expr)) if part is inner)
    rest = [value for index, value in enumerate(others) if index != at]
    match expr:
        case Neg():
            return -result
        case Percent():
            return result * 100
        case Sum(terms):
            total = sum(
                value if sign == "+" else -value
                for index, ((sign, _), value) in enumerate(zip(terms, others, strict=True))
                if index != at
            )
            return result - total if terms[at][0] == "+" else total - result
        case Product(factors):
            return _undo_product(factors, at, others, result)
        case Call("sum", _):
            return result - sum(rest)
        case Call("mean", _):
            return result * len(others) - sum(rest)
        case Call("min" | "max", _):
            return result  # the check in solutions() throws it away where another argument decides
        case Call("lag", _):
            return result
    return None


def _undo_product(
    factors: tuple[tuple[str, Expr], ...], at: int, others: list[float], result: float
) -> float | None:
    product = 1.0
    for index, ((op, _), value) in enumerate(zip(factors, others, strict=True)):
        if index == at:
            continue
        if op == "/" and value == 0:
            return None
        product = product * value if op == "*" else product / value
    if factors[at][0] == "/":
        return product / result if result else None
    return result / product if product else None


@dataclass(frozen=True)
class _Ratio:
    """A quotient of two polynomials in the name asked for."""

    above: NDArray[np.float64]
    below: NDArray[np.float64]


def _roots(expr: Expr, name: str, result: float, known: Mapping[str, float]) -> list[float]:
    ratio = _as_ratio(expr, name, known)
    if ratio is None:
        return _search(expr, name, result, known)
    difference = poly.polysub(ratio.above, poly.polymul([result], ratio.below))
    difference = np.trim_zeros(np.where(abs(difference) < 1e-300, 0.0, difference), "b")
    if len(difference) == 0:
        raise _every(name, result)
    if len(difference) == 1:
        return []
    found = poly.polyroots(difference)
    real = [float(root.real) for root in found if abs(root.imag) <= 1e-7 * max(1.0, abs(root))]
    return [_polish(expr, name, result, known, value) for value in real]


def _polish(expr: Expr, name: str, result: float, known: Mapping[str, float], value: float) -> float:
    """A root to full precision: brackets it closely and bisects."""
    at = evaluator(expr, name, known)
    width = 1e-6 * max(1.0, abs(value))
    low, high = at(value - width) - result, at(value + width) - result
    if math.isfinite(low) and math.isfinite(high) and low * high < 0:
        found = _crossing(lambda x: at(x) - result, value - width, value + width, 1e-15)
        return value if found is None else found
    return value


def _crossing(off: Callable[[float], float], low: float, high: float, exactly: float) -> float | None:
    """Where a function of two different signs at its ends is zero; ``None`` if it has no value in between."""
    from scipy.optimize import brentq  # takes a good part of a second to import

    try:
        return float(brentq(off, low, high, xtol=exactly, rtol=8.9e-16))
    except (ValueError, RuntimeError):  # it met a division by zero on its way
        return None


def _as_ratio(expr: Expr, name: str, known: Mapping[str, float]) -> _Ratio | None:
    if name not in expr.names:
        value = float(evaluate(expr, known))
        return _Ratio(np.array([value]), np.array([1.0])) if math.isfinite(value) else None
    parts = [_as_ratio(part, name, known) for part in children(expr)]
    if isinstance(expr, Call) and expr.function not in ("sum", "mean"):
        return None
    match expr:
        case Name():
            return _Ratio(np.array([0.0, 1.0]), np.array([1.0]))
        case Neg():
            return _combine([("*", parts[0]), ("*", _constant(-1.0))])
        case Percent():
            return _combine([("*", parts[0]), ("/", _constant(100.0))])
        case Product(factors):
            return _combine([(op, part) for (op, _), part in zip(factors, parts, strict=True)])
        case Sum(terms):
            return _added(
                [(1.0 if sign == "+" else -1.0, part) for (sign, _), part in zip(terms, parts, strict=True)]
            )
        case Call(function, arguments):
            share = 1.0 if function == "sum" else 1.0 / len(arguments)
            return _added([(share, part) for part in parts])
    return None


def _constant(value: float) -> _Ratio:
    return _Ratio(np.array([value]), np.array([1.0]))


def _combine(parts: list[tuple[str, _Ratio | None]]) -> _Ratio | None:
    above, below = np.array([1.0]), np.array([1.0])
    for op, part in parts:
        if part is None:
            return None
        up, down = (part.above, part.below) if op == "*" else (part.below, part.above)
        above, below = poly.polymul(above, up), poly.polymul(below, down)
        if max(len(above), len(below)) > MAX_DEGREE or not below.any():
            return None
    return _Ratio(above, below)


def _added(parts: list[tuple[float, _Ratio | None]]) -> _Ratio | None:
    total = _constant(0.0)
    for factor, part in parts:
        if part is None:
            return None
        above = poly.polyadd(
            poly.polymul(total.above, part.below),
            poly.polymul([factor], poly.polymul(part.above, total.below)),
        )
        total = _Ratio(np.asarray(above), np.asarray(poly.polymul(total.below, part.below)))
        if max(len(total.above), len(total.below)) > MAX_DEGREE:
            return None
    return total


def _search(expr: Expr, name: str, result: float, known: Mapping[str, float]) -> list[float]:
    """Where algebra does not reach (min, max of the name itself): look for sign changes on a wide grid."""
    steps = np.concatenate([-np.logspace(12, -9, 400), [0.0], np.logspace(-9, 12, 400)])
    off = (
        evaluate(expr, {**{key: np.full(steps.shape, value) for key, value in known.items()}, name: steps})
        - result
    )
    at = evaluator(expr, name, known)
    found = [float(step) for step, value in zip(steps, off, strict=True) if value == 0]
    for index in np.flatnonzero(np.sign(off[:-1]) * np.sign(off[1:]) < 0):
        root = _crossing(lambda x: at(x) - result, float(steps[index]), float(steps[index + 1]), 1e-12)
        found += [] if root is None else [root]
    return found[:20]
