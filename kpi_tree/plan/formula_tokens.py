"""The pieces of a formula's text, and what is said when they make no sense."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import cast

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.plan.formula_tree import RESERVED

MAX_LENGTH = 10_000
"""Longest formula text, in characters."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<symbol>[-+*/(),%])"
    r"|(?P<other>\S))"
)
_SAME = str.maketrans("×·∙⋅•✕✖⨯∗⁎÷⁄∕−–—―‐‑、", "*" * 10 + "/" * 3 + "-" * 6 + ",")
_BEGINS = re.compile(r"\s*:?=(?!=)")
"""What a spreadsheet has before a formula, and an outline."""


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
    """The pieces of a formula, the last one of kind ``end``; words of the language in small letters.

    An equals sign before all of it, as a spreadsheet has it, counts for nothing.

    >>> [token.text for token in tokens("a × 2")]
    ['a', '*', '2', '']
    """
    plain = "".join(_narrow(char) for char in text).translate(_SAME)
    found: list[Token] = []
    begun = _BEGINS.match(plain)
    at = begun.end() if begun else 0
    while match := _TOKEN.match(plain, at):
        kind, start = cast(str, match.lastgroup), match.start(cast(str, match.lastgroup))
        word = match.group(kind)
        if kind == "other":
            raise _strange(plain, word, start + 1)
        if kind == "name":
            _refuse_raised(plain, word, start)
            word = word.lower() if word.lower() in RESERVED else word
        found.append(Token(kind, word, start + 1))
        at = match.end()
    found.append(Token("end", "", len(text.rstrip()) + 1))
    return found


def _narrow(char: str) -> str:
    """Full-width signs and digits as their plain twins (a Japanese keyboard types them); nothing unseen.

    Only those: a small raised 2 is no 2 to be read on its own.
    """
    if "\ufe50" <= char <= "\uffef" or char == "\u3000":
        plain = unicodedata.normalize("NFKC", char)
        char = plain if len(plain) == 1 else char
    return " " if unicodedata.category(char) == "Cf" else char


def _refuse_raised(text: str, word: str, start: int) -> None:
    for at, char in enumerate(word, start):
        if unicodedata.category(char) == "No":
            raise _strange(text, char, at + 1)


_STRANGE = {
    "^": msg("A formula has no powers; write x * x."),
    "=": msg("Write only what stands to the right of the equals sign."),
    "<": msg("A formula has no comparisons; use min() or max()."),
    ">": msg("A formula has no comparisons; use min() or max()."),
    ";": msg("Separate arguments with a comma."),
    "[": msg("Use round brackets."),
    "{": msg("Use round brackets."),
    ":": msg("Write / where you mean divided by; what the formula is for is left out."),
    "&": msg("Write + to add."),
    **dict.fromkeys("½¼¾", msg("Write it as a decimal, such as 0.5.")),
    **dict.fromkeys("€$£¥", msg("Leave the currency out; the unit of a KPI says it.")),
    **dict.fromkeys("\"'`´“”„‘’«»", msg("Write names without quotation marks, and numbers without spaces.")),
}


def _strange(text: str, char: str, position: int) -> FormulaError:
    power = unicodedata.category(char) == "No"
    remedy = _STRANGE.get(
        "^" if power and char not in _STRANGE else char,
        msg("Use names, numbers, + - * / ( ) and sum, mean, min, max, lag."),
    )
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
