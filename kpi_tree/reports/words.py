"""Words that a report and a page share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg, translate
from kpi_tree.metrics import NOT_SET
from kpi_tree.reports.model import named
from kpi_tree.units import parse_unit

_UNITS: Mapping[str, Msg] = {
    "count": msg("number"),
    "ratio": msg("ratio"),
    "seconds": msg("seconds"),
    "minutes": msg("minutes"),
    "hours": msg("hours"),
    "days": msg("days"),
}


TYPES: Mapping[str, Msg] = {"new": msg("New"), "returning": msg("Returning")}
"""Kinds of customers and visitors."""
WEEKDAYS = frozenset("1234567")


def unit_word(unit: str | None, currency: str | None, lang: str) -> str:
    """What a value counts, for an axis.

    >>> unit_word("money", "NOK", "en"), unit_word("percent", None, "en")
    ('NOK', '%')
    >>> unit_word("money/order", "NOK", "en"), unit_word("ticket", None, "en"), unit_word("~", None, "en")
    ('NOK/order', 'tickets', '~')
    """
    if unit == "percent":
        return "%"
    if unit == "money":
        return currency or translate(msg("money"), lang)
    known = _UNITS.get(unit or "count")
    if known is not None:
        return translate(known, lang)
    try:
        return parse_unit(unit or "").words(lang, currency)
    except Refused:
        return unit or ""


@dataclass(frozen=True, slots=True)
class WeekdayName:
    """A day of the week, 1 for Monday."""

    iso: int

    def in_language(self, lang: str) -> str:
        """Its name."""
        from babel.dates import get_day_names

        from kpi_tree.i18n.formats import locale_of

        return str(get_day_names("wide", locale=locale_of(lang))[self.iso - 1])


def value_words(dim: str, value: str) -> Msg | str:
    """What a dimension's value is called: most are names out of the data, and stay as they are.

    >>> str(value_words("weekday", "1")), value_words("country", "NO"), str(value_words("country", ""))
    ('Monday', 'NO', '(not set)')
    """
    if value in ("", NOT_SET):
        return msg("(not set)")
    if dim in ("customer_type", "visitor_type"):
        return TYPES.get(value, value)
    if dim == "weekday" and value in WEEKDAYS:
        return named(WeekdayName(int(value)))
    return value
