"""What can be read and computed, and is hardly meant: a division by zero, a bare percentage added."""

from __future__ import annotations

from collections.abc import Iterator

from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.plan.formula_tree import Expr, Neg, Number, Percent, Product, Sum, to_text, walk


def check_sense(expr: Expr, place: str) -> list[Issue]:
    """Warnings about parts of a formula that cannot be what somebody wanted.

    >>> from kpi_tree.plan.formula_parser import parse
    >>> [issue.code for issue in check_sense(parse("sales / 0 + 5%"), "sales")]
    ['percent_added', 'divides_by_zero']
    """
    return list(_findings(expr, place))


def _findings(expr: Expr, place: str) -> Iterator[Issue]:
    for part in walk(expr):
        if isinstance(part, Sum) and any(term.names for _, term in part.terms):
            for sign, term in part.terms:
                if isinstance(term, Percent) and not term.names:
                    yield _bare_percent(sign, term, place)
        if isinstance(part, Product):
            for operator, factor in part.factors:
                if operator == "/" and _constant(factor) == 0:
                    yield Issue(
                        "warning",
                        "divides_by_zero",
                        msg("{part} divides by zero and never has a value.", part=to_text(part)),
                        place=place,
                        remedy=msg("Divide by a KPI, or by another number."),
                    )


def _bare_percent(sign: str, term: Expr, place: str) -> Issue:
    value = _constant(term) or 0.0
    return Issue(
        "warning",
        "percent_added",
        msg(
            "{part} stands for the bare number {value} here, not for a share of the rest.",
            part=to_text(term),
            value=value,
        ),
        place=place,
        remedy=msg(
            "For a share of the rest, multiply the rest by {factor}.",
            factor=f"({100 + 100 * value:g}%)" if sign == "+" else f"({100 - 100 * value:g}%)",
        ),
    )


def share_of_rest(expr: Expr) -> Expr | None:
    """A sum with a bare percentage as it is meant: the rest, so much more or less; ``None`` for any other.

    >>> from kpi_tree.plan.formula_parser import parse
    >>> to_text(share_of_rest(parse("sales - returns - 5%")))
    '(sales - returns) * 95%'
    """
    if not isinstance(expr, Sum):
        return None
    bare = [(sign, term) for sign, term in expr.terms if isinstance(term, Percent) and not term.names]
    rest = tuple(each for each in expr.terms if each not in bare)
    if len(bare) != 1 or not rest or rest[0] != expr.terms[0]:
        return None
    ((sign, share),) = bare
    change = 100 * (_constant(share) or 0.0)
    left = round(100 + change if sign == "+" else 100 - change, 10)
    if left < 0:
        return None
    whole = rest[0][1] if len(rest) == 1 else Sum(rest)
    factors = whole.factors if isinstance(whole, Product) else (("*", whole),)
    return Product((*factors, ("*", Percent(Number(left)))))


def _constant(expr: Expr) -> float | None:
    """The value of a part without names; ``None`` where it has some."""
    match expr:
        case Number(value):
            return value
        case Neg(operand):
            inner = _constant(operand)
            return None if inner is None else -inner
        case Percent(operand):
            inner = _constant(operand)
            return None if inner is None else inner / 100
    return None
