"""Text to formula tree: a small recursive-descent parser with errors a person can act on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, cast

from kpi_tree.i18n import Msg, msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.formula_hints import hint
from kpi_tree.plan.formula_tokens import MAX_LENGTH, FormulaError, Token, tokens
from kpi_tree.plan.formula_tree import (
    FUNCTIONS,
    RESERVED,
    Call,
    Expr,
    Name,
    Neg,
    Number,
    Percent,
    Product,
    Sum,
)

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "FormulaError", "names_in", "parse", "tokens"]

MAX_DEPTH = 60
"""Deepest nesting of brackets, functions and signs."""

MAX_LAG = 10_000

# Words of other languages for the readable forms. They count only where no name can stand, so that a KPI may
# well be called av or forholdet.
_PERCENT = frozenset(("%", "percent", "prosent", "パーセント"))
_PER = frozenset(("/", "per", "対"))
_OF = frozenset(("of", "av"))
_RATIO = {"ratio": ("of", "to"), "forholdet": ("mellom", "og")}


def parse(text: str, known: Iterable[str] | None = None) -> Expr:
    """Reads a formula.

    Args:
        text: the formula: names, numbers, ``+ - * / ( ) %``, ``sum() mean() min() max() lag(x, n)``,
            and the readable forms ``a per b``, ``ratio of a to b``, ``10 percent of a``.
        known: the names it may use; ``None`` lets every name pass.

    Raises:
        FormulaError: with the character where reading stopped, what was expected there, and the remedy.

    >>> parse("sessions * conversion_rate").names
    ('sessions', 'conversion_rate')
    >>> parse("orders *")
    Traceback (most recent call last):
    ...
    kpi_tree.plan.formula_tokens.FormulaError: orders *▸: The formula ends after * at character 9, where a \
name, a number or ( was expected. Write the rest of it.
    """
    expr = _parse(text)
    if known is not None:
        _check_names(expr, text, tuple(known))
    return expr


@lru_cache(maxsize=20_000)
def names_in(text: str) -> tuple[str, ...]:
    """The names that a formula uses (see :attr:`Expr.names`), kept for as long as its text is in use.

    Raises what :func:`parse` raises.
    """
    return _parse(text).names


@lru_cache(maxsize=20_000)
def _parse(text: str) -> Expr:
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            msg("The formula is {n} characters long; the limit is {limit}.", n=len(text), limit=MAX_LENGTH),
            text[:40],
            1,
            msg("Split it into several KPIs, each with its own formula."),
        )
    return _Parser(unicodedata.normalize("NFC", text)).whole()


def _check_names(expr: Expr, text: str, known: tuple[str, ...]) -> None:
    allowed = frozenset(known)
    for name in expr.names:
        if name in allowed:
            continue
        position = next(token.position for token in tokens(text) if token.text == name)
        raise FormulaError(
            msg("Nothing is named {name} (character {position}).", name=name, position=str(position)),
            text,
            position,
            did_you_mean(name, known, msg("Choose a KPI from the list.")),
        )


class _Parser:
    """One reading of one text. Each method reads one level of the grammar and moves ``at`` past it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0
        self.level = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def whole(self) -> Expr:
        if self.token.kind == "end":
            raise FormulaError(
                msg("The formula is empty."), self.text, 1, msg("Write a name, such as sessions.")
            )
        expr = self.sum()
        if self.token.kind != "end":
            raise self.unexpected()
        return expr

    def sum(self) -> Expr:
        self.level += 1
        self.refuse_deeper(self.level)
        terms: list[tuple[Literal["+", "-"], Expr]] = [("+", self.product())]
        while self.token.text in ("+", "-"):
            operator = cast(Literal["+", "-"], self.take().text)
            terms.append((operator, self.product()))
        self.level -= 1
        return terms[0][1] if len(terms) == 1 else Sum(tuple(terms))

    def product(self) -> Expr:
        factors: list[tuple[Literal["*", "/"], Expr]] = [("*", self.unary())]
        while True:
            operator: Literal["*", "/"]
            if self.token.text in _PER:
                operator = "/"
            elif self.token.text == "*" or (self.token.text in _OF and _is_share(factors[-1][1])):
                operator = "*"
            else:
                break
            self.take()
            factors.append((operator, self.unary()))
        return factors[0][1] if len(factors) == 1 else Product(tuple(factors))

    def unary(self) -> Expr:
        signs = 0
        while self.token.text in ("-", "+"):
            signs += self.take().text == "-"
            self.refuse_deeper(self.level + signs)
        expr = self.postfix()
        for _ in range(signs):
            expr = Neg(expr)
        return expr

    def postfix(self) -> Expr:
        expr = self.primary()
        count = 0
        while self.token.text in _PERCENT:
            self.take()
            count += 1
            self.refuse_deeper(count)
            expr = Percent(expr)
        return expr

    def primary(self) -> Expr:
        token = self.token
        if token.kind == "number":
            return self.number(self.take())
        if token.text == "(":
            self.take()
            inner = self.sum()
            self.expect(")")
            return inner
        if token.text in FUNCTIONS:
            return self.call()
        if token.text == "ratio" or (token.text.lower() in _RATIO and self.after(token.text.lower())):
            return self.ratio()
        if token.kind == "name" and token.text not in RESERVED:
            return Name(self.take().text)
        raise self.unexpected(msg("a name, a number or ("))

    def number(self, token: Token) -> Expr:
        value = float(token.text)
        if value == float("inf"):
            text = msg("The number {text} is too large.", text=token.text[:20])
            raise FormulaError(text, self.text, token.position, msg("Write a smaller one."))
        return Number(value)

    def after(self, word: str) -> bool:
        """Whether the next word but this is the one that makes it the beginning of a ratio."""
        return self.tokens[self.at + 1].text == _RATIO[word][0]

    def ratio(self) -> Expr:
        between, second = _RATIO[self.take().text.lower()]
        self.expect(between)
        above = self.unary()
        self.expect(second)
        return Product((("*", above), ("/", self.unary())))

    def refuse_deeper(self, level: int) -> None:
        if level > MAX_DEPTH:
            raise FormulaError(
                msg("The formula is nested deeper than {limit} levels.", limit=MAX_DEPTH),
                self.text,
                self.token.position,
                msg("Split it into several KPIs, each with its own formula."),
            )

    def call(self) -> Expr:
        token = self.take()
        self.expect("(")
        arguments = [self.sum()]
        while self.token.text == ",":
            if self.decimal_comma():
                raise self.unexpected()
            self.take()
            arguments.append(self.sum())
        self.expect(")")
        if token.text == "lag":
            self.check_lag(token, arguments)
        return Call(token.text, tuple(arguments))

    def decimal_comma(self) -> bool:
        """Whether the comma here may be a decimal sign: has ``min(a, 12,5)`` two parts, or three?"""
        before, after = self.tokens[self.at - 1], self.tokens[self.at + 1]
        place = self.token.position
        close = before.position + len(before.text) == place and after.position == place + 1
        return close and before.kind == after.kind == "number"

    def check_lag(self, token: Token, arguments: list[Expr]) -> None:
        steps = arguments[1] if len(arguments) == 2 else None
        if isinstance(steps, Number) and steps.value.is_integer() and steps.value <= MAX_LAG:
            return
        raise FormulaError(
            msg(
                "lag() at character {position} needs a KPI and a whole number of periods.",
                position=str(token.position),
            ),
            self.text,
            token.position,
            msg("Write it as lag(sales, 1) for the value one period ago."),
        )

    def take(self) -> Token:
        token = self.token
        self.at += 1
        return token

    def expect(self, text: str) -> None:
        if self.token.text != text:
            raise self.unexpected(msg("{sign}", sign=text))
        self.take()

    def unexpected(self, expected: Msg | None = None) -> FormulaError:
        token = self.token
        wanted = expected or msg("+ - * / or the end")
        where = str(token.position)
        if token.kind == "end":
            before = self.tokens[self.at - 1].text if self.at else ""
            return FormulaError(
                msg(
                    "The formula ends after {before} at character {position}, where {expected} was expected.",
                    before=before,
                    position=where,
                    expected=wanted,
                ),
                self.text,
                token.position,
                msg("Close the bracket.")
                if expected and str(expected) == ")"
                else msg("Write the rest of it."),
            )
        return FormulaError(
            msg(
                "{found} stands at character {position}, where {expected} was expected.",
                found=token.text,
                position=where,
                expected=wanted,
            ),
            self.text,
            token.position,
            self.hint(token),
        )

    def hint(self, token: Token) -> Msg:
        return hint(self.tokens[self.at - 1] if self.at else None, token)


def _is_share(expr: Expr) -> bool:
    """``10%`` and ``-10%``: what can be ``of`` something."""
    while isinstance(expr, Neg):
        expr = expr.operand
    return isinstance(expr, Percent)
