"""The mean over every order of changing, without walking the orders.

With each name at its new value by the chance ``t``, a formula whose parts share no name has an expectation
that is put together part by part. A name's Shapley value is the integral over ``t`` of what its own change
is worth then: a polynomial, which Gauss-Legendre sums exactly. The cost grows with the length of the formula,
not with the number of orders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from kpi_tree.analysis.trajectory import Floats
from kpi_tree.plan.formula_tree import Call, Expr, Name, Neg, Number, Percent, Product, Sum
from kpi_tree.plan.formula_values import evaluate

MOST_TRIED = 12
"""Names in a piece that is no sum or product of separate parts: all its states are tried, 2 to that power."""

MOST_STATES = 400_000
"""States that an estimate evaluates; their number sets how near it comes."""

State = Mapping[str, float]


@dataclass(frozen=True)
class Shared:
    """A formula's change by its names.

    Attributes:
        values: name → its part; they add up to the change. nan where a state in between has no value.
        within: how far each may lie from the exact value, in 99.9 % of cases; 0 where it is exact.
    """

    values: dict[str, float]
    within: float = 0.0


class _TooManyError(Exception):
    """A piece has too many names for all its states to be tried."""


@dataclass(frozen=True)
class _Piece:
    """A part of a formula at each point ``t``: its expectation, and what each changed name adds to it."""

    value: Floats
    slopes: Mapping[str, Floats]

    def times(self, factor: float | Floats) -> _Piece:
        return _Piece(self.value * factor, {name: slope * factor for name, slope in self.slopes.items()})


@dataclass(frozen=True)
class _Asked:
    before: State
    after: State
    changed: frozenset[str]
    points: Floats

    def names(self, expr: Expr) -> frozenset[str]:
        return self.changed.intersection(expr.names)


def shared_out(expr: Expr, before: State, after: State) -> Shared:
    """Each name's mean effect over every order in which the names could have changed.

    Exact for sums, products and quotients of any length, as long as no piece that cannot be taken apart (a
    sum that is divided by, ``min``, ``max``, factors with a name in common) has more than
    :data:`MOST_TRIED` changed names; beyond that estimated from orders drawn evenly, always the same ones.

    >>> from kpi_tree.plan.formula_parser import parse
    >>> shared_out(parse("a * b / c"), {"a": 2, "b": 3, "c": 1}, {"a": 4, "b": 3, "c": 2}).values
    {'a': 4.5, 'b': 0.0, 'c': -4.5}
    """
    names = expr.names
    changed = frozenset(name for name in names if before[name] != after[name])
    if not changed:
        return Shared(dict.fromkeys(names, 0.0))
    points, weights = _gauss(max(1, (_degree(expr, changed) + 1) // 2))
    try:
        with np.errstate(all="ignore"):
            made = _piece(expr, _Asked(before, after, changed, points))
    except _TooManyError:
        return estimated(expr, before, after)
    values = {name: float(weights @ slope) for name, slope in made.slopes.items()}
    if not all(np.isfinite(value) for value in values.values()):
        return Shared({name: np.nan if name in changed else 0.0 for name in names})
    return Shared({name: values.get(name, 0.0) for name in names})


@cache
def _gauss(count: int) -> tuple[Floats, Floats]:
    """Points and weights on [0, 1]: exact for a polynomial of a degree below twice their count."""
    points, weights = np.polynomial.legendre.leggauss(count)
    return (points + 1) / 2, weights / 2


def _degree(expr: Expr, changed: frozenset[str]) -> int:
    """A bound for the polynomial's degree in ``t``."""
    if isinstance(expr, Name):
        return int(expr.id in changed)
    if isinstance(expr, Neg | Percent):
        return _degree(expr.operand, changed)
    if isinstance(expr, Sum):
        return max(_degree(part, changed) for _, part in expr.terms)
    if isinstance(expr, Product):
        return sum(
            _degree(part, changed) if sign == "*" else len(changed.intersection(part.names))
            for sign, part in expr.factors
        )
    return len(changed.intersection(expr.names))


def _piece(expr: Expr, asked: _Asked) -> _Piece:
    if not asked.names(expr):
        value = evaluate(expr, {name: asked.before[name] for name in expr.names})
        return _Piece(np.full(asked.points.shape, float(value)), {})
    match expr:
        case Name(name):
            return _step(name, asked.before[name], asked.after[name], asked)
        case Neg(operand):
            return _piece(operand, asked).times(-1.0)
        case Percent(operand):
            return _piece(operand, asked).times(0.01)
        case Sum(terms):
            return _added([_piece(part, asked).times(-1.0 if sign == "-" else 1.0) for sign, part in terms])
        case Call("sum" | "mean" as function, parts):
            whole = _added([_piece(part, asked) for part in parts])
            return whole.times(1 / len(parts)) if function == "mean" else whole
        case Product(factors):
            return _multiplied([_factor(group, asked) for group in _apart(factors, asked)])
    return _tried(expr, asked)


def _step(name: str, old: float, new: float, asked: _Asked) -> _Piece:
    return _Piece(old + (new - old) * asked.points, {name: np.full(asked.points.shape, new - old)})


def _added(parts: Sequence[_Piece]) -> _Piece:
    slopes: dict[str, Floats] = {}
    for part in parts:
        for name, slope in part.slopes.items():
            slopes[name] = slopes[name] + slope if name in slopes else slope
    return _Piece(np.sum([part.value for part in parts], axis=0), slopes)


def _multiplied(parts: Sequence[_Piece]) -> _Piece:
    """Parts without a name in common: each one's slopes times the expectation of the others."""
    values = np.stack([part.value for part in parts])
    ones = np.ones((1, values.shape[1]))
    ahead = np.vstack([ones, values[:-1]]).cumprod(axis=0)
    behind = np.vstack([values[1:], ones])[::-1].cumprod(axis=0)[::-1]
    slopes = {
        name: slope * ahead[n] * behind[n]
        for n, part in enumerate(parts)
        for name, slope in part.slopes.items()
    }
    return _Piece(values.prod(axis=0), slopes)


Factors = tuple[tuple[Literal["*", "/"], Expr], ...]


def _apart(factors: Factors, asked: _Asked) -> list[Factors]:
    """The factors in groups that have no changed name in common."""
    groups: list[tuple[set[str], list[tuple[Literal["*", "/"], Expr]]]] = []
    for factor in factors:
        names, together = set(asked.names(factor[1])), [factor]
        kept = []
        for other in groups:
            if names.isdisjoint(other[0]):
                kept.append(other)
            else:
                names |= other[0]
                together = [*other[1], *together]
        groups = [*kept, (names, together)]
    return [tuple(group) for _, group in groups]


def _factor(group: Factors, asked: _Asked) -> _Piece:
    (sign, part), *more = group
    if more:
        return _tried(_product(group), asked)
    if sign == "*":
        return _piece(part, asked)
    if isinstance(part, Name) and part.id in asked.changed:
        old, new = asked.before[part.id], asked.after[part.id]
        return _step(part.id, 1 / old if old else np.nan, 1 / new if new else np.nan, asked)
    return _tried(_product(group), asked)


def _product(group: Factors) -> Expr:
    """Factors as a formula of their own; one that begins with a division divides one."""
    return Product((("*", Number(1.0)), *group))


def _tried(expr: Expr, asked: _Asked) -> _Piece:
    """A piece that cannot be taken apart, by all its states."""
    names = [name for name in expr.names if name in asked.changed]
    count = len(names)
    if count > MOST_TRIED:
        raise _TooManyError
    states = np.arange(1 << count)
    bits = (states[:, None] >> np.arange(count)) & 1
    values: dict[str, Floats] = {name: np.full(states.size, float(asked.before[name])) for name in expr.names}
    for place, name in enumerate(names):
        values[name] = np.where(bits[:, place], float(asked.after[name]), float(asked.before[name]))
    results = np.broadcast_to(evaluate(expr, values), states.shape)
    sizes = bits.sum(axis=1)
    chances = _chances(asked.points, count)
    slopes = {}
    for place, name in enumerate(names):
        without = np.flatnonzero(bits[:, place] == 0)
        effects = results[without | 1 << place] - results[without]
        slopes[name] = _chances(asked.points, count - 1)[:, sizes[without]] @ effects
    return _Piece(chances[:, sizes] @ results, slopes)


def _chances(points: Floats, count: int) -> Floats:
    """The chance of one given set of each size out of ``count`` names, shape (points, count + 1)."""
    sizes = np.arange(count + 1)
    made: Floats = points[:, None] ** sizes * (1 - points[:, None]) ** (count - sizes)
    return made


def estimated(expr: Expr, before: State, after: State, most: int = MOST_STATES) -> Shared:
    """The mean over orders drawn evenly, each with its reverse: it adds up exactly, each part within a bound.

    Args:
        most: states to evaluate at most; the bound falls with its root.

    >>> from kpi_tree.plan.formula_parser import parse
    >>> made = estimated(parse("a / (b + c)"), {"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 2}, 4000)
    >>> round(made.values["a"], 1), made.within < 0.05
    (0.4, True)
    """
    names = [name for name in expr.names if before[name] != after[name]]
    count = len(names)
    pairs = max(16, most // (2 * (count + 1)))
    generator = np.random.default_rng(count)
    forward = np.stack([generator.permutation(count) for _ in range(pairs)])
    sums, squares = np.zeros(count), np.zeros(count)
    for part in np.array_split(forward, max(1, pairs * count * count // 2_000_000)):
        effects = (_effects(expr, before, after, names, part)
                   + _effects(expr, before, after, names, part[:, ::-1])) / 2  # fmt: skip
        sums += effects.sum(axis=0)
        squares += (effects**2).sum(axis=0)
    mean = sums / pairs
    spread = np.sqrt(np.maximum(squares / pairs - mean**2, 0.0) / (pairs - 1))
    found = dict(zip(names, mean.tolist(), strict=True))
    return Shared({name: found.get(name, 0.0) for name in expr.names}, float(3.3 * spread.max()))


def _effects(expr: Expr, before: State, after: State, names: Sequence[str], orders: np.ndarray) -> Floats:
    """What each name adds when it changes in its turn, shape (orders, names)."""
    turns = orders.argsort(axis=1)
    steps = np.arange(len(names) + 1)
    values: dict[str, Floats] = {name: np.asarray(float(before[name])) for name in expr.names}
    for place, name in enumerate(names):
        changed = steps > turns[:, place, None]
        values[name] = np.where(changed, float(after[name]), float(before[name])).ravel()
    with np.errstate(all="ignore"):
        results = np.broadcast_to(evaluate(expr, values), orders.shape[0] * steps.size)
    gains = np.diff(results.reshape(orders.shape[0], steps.size), axis=1)
    made: Floats = np.take_along_axis(gains, turns, axis=1)
    return made
