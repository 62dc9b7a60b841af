"""The pieces of a formula's text, and what is said when they make no sense."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import cast

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg

MAX_LENGTH = 10_000
"""Longest formula text, in characters."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<symbol>[-+*/(),%])"
    r"|(?P<other>\S))"
)
_SAME = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "⁄": "/", "∕": "/"})


class FormulaError(Refused):
    """A formula that cannot be read.

    Attributes:
        text: the formula as typed.
        position: 1-based character where reading stopped.
    """

    def __init__(self, message: Msg, text: str, position: int, remedy: Msg | None = None) -> None:
        self.text_typed = text
        self.position = position
        at = position - 1
        shown = f"{'…' if at > 24 else ''}{text[max(0, at - 24) : at]}▸{text[at : at + 24]}"
        super().__init__(message, place=shown.strip(), remedy=remedy)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: its kind (``number name symbol end``), its text and where it starts (1-based)."""

    kind: str
    text: str
    position: int


def tokens(text: str) -> list[Token]:
    """The pieces of a formula, the last one of kind ``end``.

    >>> [token.text for token in tokens("a × 2")]
    ['a', '*', '2', '']
    """
    plain = "".join(_narrow(char) for char in text).translate(_SAME)
    found: list[Token] = []
    at = 0
    while match := _TOKEN.match(plain, at):
        kind = cast(str, match.lastgroup)
        start = match.start(kind) + 1
        if kind == "other":
            raise _strange(plain, match.group(kind), start)
        found.append(Token(kind, match.group(kind), start))
        at = match.end()
    found.append(Token("end", "", len(text.rstrip()) + 1))
    return found


def _narrow(char: str) -> str:
    """Full-width signs and digits as their plain twins (a Japanese keyboard types them)."""
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


_STRANGE = {
    "^": msg("A formula has no powers; write x * x."),
    "=": msg("Write only what stands to the right of the equals sign."),
    "<": msg("A formula has no comparisons; use min() or max()."),
    ">": msg("A formula has no comparisons; use min() or max()."),
    ";": msg("Separate arguments with a comma."),
    "[": msg("Use round brackets."),
    "{": msg("Use round brackets."),
}


def _strange(text: str, char: str, position: int) -> FormulaError:
    remedy = _STRANGE.get(char, msg("Use names, numbers, + - * / ( ) and sum, mean, min, max, lag."))
    return FormulaError(
        msg(
            "The sign {sign} at character {position} has no meaning in a formula.",
            sign=char,
            position=str(position),
        ),
        text,
        position,
        remedy,
    )
