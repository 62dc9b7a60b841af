"""Arithmetic over measure names, as a definition writes it: ``gross_sales - discounts``.

The text is parsed with Python's own parser and every node is checked against a short list, so
nothing but ``+ - * /``, numbers, names and brackets ever runs.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

_ALLOWED = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Name, ast.Load, ast.Constant)
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.UAdd)


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: its text, the names it uses, and how to compute it."""

    text: str
    names: tuple[str, ...]
    tree: ast.expr

    def evaluate(self, values: Mapping[str, Array]) -> Array:
        """The expression over arrays of one shape; NaN (no value) propagates, x / 0 is NaN.

        >>> parse("a / b").evaluate({"a": np.array([1.0, 1.0]), "b": np.array([2.0, 0.0])})
        array([0.5, nan])
        """
        return np.asarray(_compute(self.tree, values), dtype=np.float64)


@lru_cache(maxsize=2048)
def parse(text: str) -> Expression:
    """Parse an expression.

    Raises:
        Refused: it holds anything else than numbers, names, ``+ - * /`` and brackets.

    >>> parse("(a - b) / c").names
    ('a', 'b', 'c')
    >>> parse("open('x')")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    kpi_tree.errors.Refused: open('x'): This is not a calculation with names. Use names, numbers, + - * / ...
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refusal(text) from error
    for node in ast.walk(tree):
        if not isinstance(node, (*_ALLOWED, *_OPERATORS)) or (
            isinstance(node, ast.Constant)
            and (isinstance(node.value, bool) or not isinstance(node.value, int | float))
        ):
            raise _refusal(text)
    names = dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return Expression(text.strip(), tuple(sorted(names)), tree.body)


def _refusal(text: str) -> Refused:
    return Refused(
        msg("This is not a calculation with names."),
        place=text[:80],
        remedy=msg("Use names, numbers, + - * / and brackets."),
    )


def _compute(node: ast.expr, values: Mapping[str, Array]) -> Array | float:
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.UnaryOp):
        inner = _compute(node.operand, values)
        return -inner if isinstance(node.op, ast.USub) else inner
    assert isinstance(node, ast.BinOp)
    left, right = _compute(node.left, values), _compute(node.right, values)
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    if isinstance(node.op, ast.Mult):
        return left * right
    return divide(left, right)


def divide(left: Array | float, right: Array | float) -> Array:
    """The quotient, NaN (no value) where the divisor is zero.

    >>> divide(np.array([6.0, 1.0]), np.array([3.0, 0.0]))
    array([ 2., nan])
    """
    bottom = np.asarray(right, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(
            bottom == 0, np.nan, np.asarray(left, dtype=np.float64) / np.where(bottom == 0, 1, bottom)
        )
