"""A formula as a tree of values: what the parser makes and everything else walks.

Sums and products hold all their terms side by side (``a + b - c`` is one :class:`Sum`), so that a
formula of a thousand terms is one level deep and a canvas can draw one operator between siblings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

FUNCTIONS = ("sum", "mean", "min", "max", "lag")
"""The functions of the language; ``lag(x, n)`` is the value of x, n periods ago."""

WORDS = ("percent", "ratio", "per", "of", "to")
"""Words of the readable forms: ``10 percent of sales``, ``ratio of a to b``, ``a per b``."""

RESERVED = frozenset((*FUNCTIONS, *WORDS))
"""Names that no node may take, because a formula reads them as its own words."""


class Expr:
    """One formula, or one part of it."""

    __slots__ = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the formula uses, once each, in the order they first stand."""
        return tuple(dict.fromkeys(node.id for node in walk(self) if isinstance(node, Name)))


@dataclass(frozen=True, slots=True)
class Number(Expr):
    """A number as typed; never negative (a minus before it is :class:`Neg`)."""

    value: float


@dataclass(frozen=True, slots=True)
class Name(Expr):
    """A node id or catalogue id."""

    id: str


@dataclass(frozen=True, slots=True)
class Neg(Expr):
    """Minus something."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Percent(Expr):
    """A hundredth: ``10%`` is ``0.1``."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Sum(Expr):
    """Terms side by side; the first one's sign is always ``+``."""

    terms: tuple[tuple[Literal["+", "-"], Expr], ...]


@dataclass(frozen=True, slots=True)
class Product(Expr):
    """Factors side by side; the first one's operator is always ``*``."""

    factors: tuple[tuple[Literal["*", "/"], Expr], ...]


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A function with its arguments."""

    function: str
    arguments: tuple[Expr, ...]


def children(expr: Expr) -> tuple[Expr, ...]:
    """The parts right below a node of the formula."""
    if isinstance(expr, Neg | Percent):
        return (expr.operand,)
    if isinstance(expr, Sum):
        return tuple(part for _, part in expr.terms)
    if isinstance(expr, Product):
        return tuple(part for _, part in expr.factors)
    if isinstance(expr, Call):
        return expr.arguments
    return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """Every part of the formula, the whole first, then left to right."""
    pending = [expr]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(children(node)))


def with_names(expr: Expr, ids: Mapping[str, str]) -> Expr:
    """The formula with other names: old name → new one; a name that is not in it stays.

    >>> to_text(with_names(Product((("*", Name("a")), ("/", Name("b")))), {"b": "c"}))
    'a / c'
    """
    match expr:
        case Name(name):
            return Name(ids.get(name, name))
        case Neg(inner):
            return Neg(with_names(inner, ids))
        case Percent(inner):
            return Percent(with_names(inner, ids))
        case Sum(terms):
            return Sum(tuple((sign, with_names(part, ids)) for sign, part in terms))
        case Product(factors):
            return Product(tuple((sign, with_names(part, ids)) for sign, part in factors))
        case Call(function, arguments):
            return Call(function, tuple(with_names(part, ids) for part in arguments))
    return expr


def depth(expr: Expr) -> int:
    """How many levels the formula has.

    >>> depth(Sum((("+", Name("a")), ("-", Name("b")))))
    2
    """
    deepest = 0
    pending = [(expr, 1)]
    while pending:
        node, level = pending.pop()
        deepest = max(deepest, level)
        pending.extend((part, level + 1) for part in children(node))
    return deepest


def number_text(value: float) -> str:
    """A number as the language writes it: the shortest text that reads back the same.

    >>> number_text(3.0), number_text(0.1), number_text(1e-7)
    ('3', '0.1', '1e-07')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


# How tightly each kind of node holds together: a part that holds less tightly needs brackets.
_SUM, _PRODUCT, _UNARY, _POSTFIX, _ATOM = range(5)


def to_text(expr: Expr) -> str:
    """The formula as a person types it; parsing the text gives the same tree again.

    >>> to_text(Product((("*", Name("a")), ("/", Sum((("+", Name("b")), ("-", Number(2.0))))))))
    'a / (b - 2)'
    """
    return _text(expr)[0]


def _text(expr: Expr) -> tuple[str, int]:
    match expr:
        case Number(value):
            return number_text(value), _ATOM
        case Name(name):
            return name, _ATOM
        case Call(function, arguments):
            return f"{function}({', '.join(to_text(part) for part in arguments)})", _ATOM
        case Percent(operand):
            return f"{_held(operand, _POSTFIX)}%", _POSTFIX
        case Neg(operand):
            return f"-{_held(operand, _UNARY)}", _UNARY
        case Product(factors):
            return _chain(factors, _UNARY), _PRODUCT
        case Sum(terms):
            return _chain(terms, _PRODUCT), _SUM
    raise TypeError(f"not a formula: {expr!r}")


def _held(expr: Expr, at_least: int) -> str:
    text, level = _text(expr)
    return text if level >= at_least else f"({text})"


def _chain(parts: tuple[tuple[str, Expr], ...], at_least: int) -> str:
    words = [_held(parts[0][1], at_least)]
    for operator, part in parts[1:]:
        words += [operator, _held(part, at_least)]
    return " ".join(words)
