"""An explanation as a waterfall: its lines in words, and the chart that every face draws."""

from __future__ import annotations

from typing import Any

from kpi_tree.i18n import Quantity, apart, msg, translate
from kpi_tree.periods import label
from kpi_tree.workspace.causes.explained import Explained, Part, in_words
from kpi_tree.workspace.judged.sides import Side

MOST = 9
"""Drivers drawn; the smallest of more are drawn as one."""


def waterfall(found: Explained, lang: str, palette: Any) -> Any:
    """The chart from the value before to the value now, driver by driver."""
    from kpi_tree import charts

    first, last = (
        charts.Rise(
            side_words(side, lang), side.value,
            Quantity(side.value, found.unit, found.currency).in_language(lang), "whole",
        )
        for side in (found.before, found.after)
    )  # fmt: skip
    words = charts.ChartWords(title="", y="", value=_axis(found, lang))
    return charts.waterfall_chart(
        first, rises(found, lang), last, words, unit=found.unit, lang=lang, palette=palette
    )


def rises(found: Explained, lang: str) -> list[Any]:
    """The biggest steps by name, the rest as one, and what nothing explains."""
    from kpi_tree import charts

    drivers = [part for part in found.drivers if part.value]
    rest = found.unexplained or 0.0
    steps = [(driver_name(part, lang), part.value or 0.0, _kind(found, part)) for part in drivers[:MOST]]
    if drivers[MOST:]:
        more = sum(part.value or 0.0 for part in drivers[MOST:])
        steps.append((translate(msg("{n} smaller ones", n=len(drivers[MOST:])), lang), more, "rest"))
    if abs(rest) > 1e-9 * max(abs(found.before.value), abs(found.after.value)):
        steps.append((rest_words(found, lang), rest, "rest"))
    return [charts.Rise(name, value, signed(found, value, lang), kind) for name, value, kind in steps]


def side_words(side: Side, lang: str) -> str:
    """What one end of the chart is."""
    return translate(msg("Expected by now"), lang) if side.kind == "path" else label(side.span, lang)


def driver_name(part: Part, lang: str) -> str:
    """A driver's name; a segment that is new or gone says so."""
    name = in_words(part.name, lang)
    if part.came == "new":
        return translate(msg("{name} (new)", name=name), lang)
    return translate(msg("{name} (gone)", name=name), lang) if part.came else name


def rest_words(found: Explained, lang: str) -> str:
    """What is left over is called."""
    path = found.before.kind == "path"
    return translate(msg("Not covered by targets") if path else msg("Unexplained"), lang)


def signed(found: Explained, value: float | None, lang: str) -> str:
    """A contribution with its sign, short; of a percentage in points."""
    unit = apart(found.unit)
    return Quantity(value, unit, found.currency, signed=True, compact=True).in_language(lang)


def _axis(found: Explained, lang: str) -> str:
    name = in_words(found.name, lang)
    return f"{name} ({found.currency})" if found.unit == "money" and found.currency else name


def _kind(found: Explained, part: Part) -> str:
    if found.direction == "range" or part.calendar:
        return "rest"
    return "good" if ((part.value or 0.0) > 0) == (found.direction == "up") else "bad"
