"""Words that a report and a page share."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_tree.i18n import Msg, msg, translate

_UNITS: Mapping[str, Msg] = {
    "count": msg("number"),
    "ratio": msg("ratio"),
    "seconds": msg("seconds"),
    "minutes": msg("minutes"),
    "hours": msg("hours"),
    "days": msg("days"),
}


def unit_word(unit: str | None, currency: str | None, lang: str) -> str:
    """What a value counts, for an axis.

    >>> unit_word("money", "NOK", "en"), unit_word("percent", None, "en")
    ('NOK', '%')
    """
    if unit == "percent":
        return "%"
    if unit == "money":
        return currency or translate(msg("money"), lang)
    return translate(_UNITS.get(unit or "", unit or _UNITS["count"]), lang)
