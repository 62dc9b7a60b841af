"""What to do about a formula that cannot be read: a guess at what was meant from the pieces that clash."""

from __future__ import annotations

import difflib

from kpi_tree.i18n import Msg, msg
from kpi_tree.plan.formula_tokens import Token
from kpi_tree.plan.formula_tree import FUNCTIONS

# Names that spreadsheets and people give to the functions of the language.
_ALSO = {
    "avg": "mean", "average": "mean", "gjennomsnitt": "mean", "snitt": "mean", "平均": "mean",
    "summer": "sum", "total": "sum", "合計": "sum", "minimum": "min", "maximum": "max", "maks": "max",
    "最小": "min", "最大": "max", "prev": "lag", "previous": "lag", "offset": "lag",
}  # fmt: skip
_SIGNS = {
    "times": "*", "ganger": "*", "multiplied": "*", "plus": "+", "pluss": "+", "and": "+", "og": "+",
    "minus": "-", "less": "-", "divided": "/", "delt": "/", "dividert": "/", "div": "/", "over": "/",
}  # fmt: skip
"""What people write in words → the sign for it."""
_CURRENCIES = frozenset(
    ("kr", "nok", "sek", "dkk", "eur", "usd", "gbp", "jpy", "euro", "yen", "円", "kroner")
)


def hint(before: Token | None, token: Token) -> Msg:
    """The remedy where a piece of a formula stands in the wrong place.

    Args:
        before: the piece to its left. token: the piece itself.

    >>> str(hint(Token("number", "2", 1), Token("name", "orders", 3)))
    'Put an operator between 2 and orders.'
    """
    left = before.text if before is not None else ""
    kind = before.kind if before is not None else ""
    if (sign := _SIGNS.get(token.text.lower())) is not None and before is not None:
        return msg("Write {sign} for {word}.", sign=sign, word=token.text)
    if kind in ("name", "number") and _CURRENCIES & {token.text.lower(), left.lower()}:
        return msg("Leave the currency out; the unit of a KPI says it.")
    if kind == "number" and (token.text == "," or (token.kind == "number" or token.text.startswith("_"))):
        return msg("Write decimals with a point and thousands without a separator: 1234.5.")
    if token.text == "*" and left == "*":
        return msg("A formula has no powers; write x * x.")
    if token.text == ")":
        if left == "(":
            return msg("Write a name or a number between the brackets.")
        return msg("Take the bracket away, or open one before it.")
    if token.text == "(" and kind == "name":
        return _function(left)
    if token.text == "of" and kind == "name":
        return msg("A name of several words counts as it stands on a card or in the catalogue.")
    if "percent" in (token.text, left) or token.text == "of":
        return msg("Write 10 percent of a; a share is a / b, and the unit percent shows it in percent.")
    if token.text in ("x", "X") and before is not None:
        return msg("Write * for times.")
    starts = token.kind in ("name", "number") or token.text == "("
    if starts and (kind in ("name", "number") or left in (")", "%")):
        return msg("Put an operator between {left} and {right}.", left=left, right=token.text)
    return _misplaced(left, token.text)


def _misplaced(left: str, sign: str) -> Msg:
    """A sign where a name or a number was to stand, or a comma outside a function."""
    if sign == "," and left in ("", ",", "("):
        return msg("Write a name or a number between the commas.")
    if sign == ",":
        return msg("A comma stands only between the parts of a function, as in min(a, b).")
    if left in ("+", "-", "*", "/", "per"):
        return msg("Take one of the two signs away.")
    if left in ("", "(", ","):
        return msg("Write a name or a number before it.")
    return msg("Correct the formula at that place.")


def _function(name: str) -> Msg:
    # Close enough that a key was hit wrong: log() is no lag().
    close = _ALSO.get(name.lower()) or next(
        iter(difflib.get_close_matches(name.lower()[:40], FUNCTIONS, n=1, cutoff=0.75)), None
    )
    if close is not None:
        return msg("Did you mean {name}?", name=f"{close}()")
    return msg(
        "There is no function {name}; there are {names}. Put an operator before a bracket.",
        name=name,
        names=", ".join(FUNCTIONS),
    )
