"""The fields of an action from untrusted data: how each is read, and what it is refused for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.plan.action_fields import ACTION_STATES, COURSES
from kpi_tree.plan.field_readers import (
    MAX_NAME,
    Reader,
    day_of,
    id_of,
    many_of,
    maybe,
    number_of,
    one_of,
    text_of,
    whole_of,
)

LONGEST_WINDOW = 731
"""Days; beyond it nothing is forecast, so nothing could be measured."""

MOST_LINKS = 20


def _within(reader: Reader, low: float, high: float, words: Msg) -> Reader:
    def read(value: Any, place: str) -> Any:
        found = reader(value, place)
        if not low <= found <= high:
            raise Refused(words, place=place, remedy=msg("Correct the number."))
        return found

    return read


def link_of(value: Any, place: str) -> str:
    """A web address. Raises Refused for any other kind, so that a click on it never runs anything.

    >>> link_of(" https://example.org/brief ", "links")
    'https://example.org/brief'
    """
    text: str = text_of(2000)(value, place)
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        fits = False
    if not fits:
        raise Refused(
            msg("{value} is not a web address.", value=text[:60]),
            place=place,
            remedy=msg("Write it whole, such as https://example.org/plan."),
        )
    return text


def control_of(value: Any, place: str) -> str:
    """A segment as ``dimension=value``; empty for none. Raises Refused with an example."""
    text: str = text_of(MAX_NAME)(value, place)
    name, sign, said = (part.strip() for part in text.partition("="))
    if text and not (sign and name and said):
        raise Refused(
            msg("{value} is not a segment.", value=text[:60]),
            place=place,
            remedy=msg("Write a dimension and its value, such as country=SE."),
        )
    return f"{name}={said}" if text else ""


_AMOUNT = msg("It cannot be below zero.")

ACTION_READERS: Mapping[str, Reader] = {
    "start": maybe(day_of),
    "due": maybe(day_of),
    "state": maybe(one_of(ACTION_STATES)),
    "expected_effect": maybe(number_of),
    "cost": maybe(_within(number_of, 0, 1e300, _AMOUNT)),
    "effort": maybe(_within(number_of, 0, 1e9, _AMOUNT)),
    "effect_delay": maybe(
        _within(whole_of, 0, LONGEST_WINDOW, msg("A delay is a number of days, at most {n}.", n=731))
    ),
    "effect_days": maybe(
        _within(whole_of, 1, LONGEST_WINDOW, msg("A window is 1 to {n} days long.", n=LONGEST_WINDOW))
    ),
    "effect_course": maybe(one_of(COURSES)),
    "confidence": maybe(
        _within(number_of, 0, 1, msg("A confidence is a share from 0 to 1: 0.7 is 70 percent."))
    ),
    "links": many_of(link_of, MOST_LINKS),
    "action_kind": text_of(60),
    "needs": many_of(id_of, 50),
    "excludes": many_of(id_of, 50),
    "control": control_of,
    "experiment": text_of(MAX_NAME),
}
