"""Readers of single values from untrusted data: a text, a number, a day; each fault with its place."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.formula_tree import RESERVED

MAX_NAME = 200
MAX_TEXT = 20_000
MAX_ID = 80
_ID = re.compile(r"[a-z][a-z0-9_]*")

Reader = Callable[[Any, str], Any]


def text_of(limit: int, *, lines: bool = False, empty: bool = True) -> Reader:
    """A reader of text: trimmed, without control characters, at most ``limit`` characters."""

    def read(value: Any, place: str) -> str:
        if not isinstance(value, str):
            raise Refused(msg("A text is expected here."), place=place, remedy=msg("Put it in quotes."))
        if len(value) > limit:
            raise Refused(
                msg("The text is {n} characters long; the limit is {limit}.", n=len(value), limit=limit),
                place=place,
                remedy=msg("Shorten it."),
            )
        kept = "".join(char if _plain_char(char, lines) else " " for char in value)
        kept = kept.strip() if lines else " ".join(kept.split(" ")).strip()
        if not kept and not empty:
            raise Refused(msg("A name is expected here."), place=place, remedy=msg("Write one."))
        return kept

    return read


def _plain_char(char: str, lines: bool) -> bool:
    return (lines and char in "\n\t") or unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")


def id_of(value: Any, place: str) -> str:
    """A node, plan or target id. Raises Refused with the rule."""
    if isinstance(value, str) and len(value) <= MAX_ID and _ID.fullmatch(value) and value not in RESERVED:
        return value
    if isinstance(value, str) and value in RESERVED:
        raise Refused(
            msg("{word} is a word of the formula language and cannot be an id.", word=value),
            place=place,
            remedy=msg("Choose another id, such as {id}.", id=f"{value}_of_sales"),
        )
    shown = value[:40] if isinstance(value, str) else str(value)[:40]
    raise Refused(
        msg("{value} is not an id.", value=shown),
        place=place,
        remedy=msg(
            "Use small letters a to z, digits and underscores, a letter first, at most {limit} characters.",
            limit=MAX_ID,
        ),
    )


def number_of(value: Any, place: str) -> float:
    """A finite number."""
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    if not fits or not math.isfinite(value):
        raise Refused(
            msg("A number is expected here."),
            place=place,
            remedy=msg("Write it without quotes or separators."),
        )
    return float(value)


def whole_of(value: Any, place: str) -> int:
    """A whole number."""
    number = number_of(value, place)
    if not number.is_integer():
        raise Refused(
            msg("A whole number is expected here."), place=place, remedy=msg("Leave out the decimals.")
        )
    return int(number)


def day_of(value: Any, place: str) -> date:
    """A calendar day, as ``2026-05-31`` or a date."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refused(
            msg("A day is expected here."), place=place, remedy=msg("Write it as 2026-05-31.")
        ) from None


def one_of(choices: tuple[str, ...]) -> Reader:
    """A reader of one of a few words."""

    def read(value: Any, place: str) -> str:
        if isinstance(value, str) and value in choices:
            return value
        raise Refused(
            msg("{value} is not one of {choices}.", value=str(value)[:40], choices=", ".join(choices)),
            place=place,
            remedy=did_you_mean(str(value), choices, msg("Choose one of them.")),
        )

    return read


def many_of(reader: Reader, limit: int = 200) -> Reader:
    """A reader of a list of things."""

    def read(value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise Refused(
                msg("A list is expected here."), place=place, remedy=msg("Write it in square brackets.")
            )
        if len(value) > limit:
            raise Refused(
                msg("The list has {n} entries; the limit is {limit}.", n=len(value), limit=limit), place=place
            )
        return tuple(reader(part, f"{place}[{index}]") for index, part in enumerate(value))

    return read


def pair_of(first: Reader, second: Reader) -> Reader:
    """A reader of a list of exactly two things."""

    def read(value: Any, place: str) -> tuple[Any, Any]:
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise Refused(
                msg("A pair is expected here."), place=place, remedy=msg("Write two values in brackets.")
            )
        return first(value[0], f"{place}[0]"), second(value[1], f"{place}[1]")

    return read


def maybe(reader: Reader) -> Reader:
    """The same reader, and nothing is allowed too (an empty text counts as nothing)."""

    def read(value: Any, place: str) -> Any:
        return None if value is None or value == "" else reader(value, place)

    return read
