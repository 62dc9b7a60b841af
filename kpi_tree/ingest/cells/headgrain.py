"""What the header above a column says of its periods: below *Quarter* ``1/2024`` is no January, below *Week*
``2024-05`` is no May."""

# ruff: noqa: E501 - word lists read better unbroken
from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from kpi_tree.ingest.cells.dateshapes import DateReading
from kpi_tree.ingest.cells.periodshapes import ROMAN
from kpi_tree.ingest.cells.shapes import MACHINE, Cells, byte_positions

_NUMBER = r"(?:[\s_-]?(?:nr|no|num|number|nummer))?\.?"
_WORDS = {
    "quarter": r"quarters?|qtr|kvartal|quartal|trimestre|trimester|kwartaal|kwartał|(?:vuosi)?neljännes|čtvrtletí|四半期|季度|분기",
    "week": r"weeks?|iso[\s_-]?week|uke|uge|vecka|woche|kalenderwoche|kw|semaine|semana|settimana|viikko|tydzień|týden|週|周",
    "month": r"months?|måned|månad|monat|mois|mes|mese|mês|maand|kuukausi|miesiąc|měsíc|ay|月|年月|月份|월",
    "day": r"date|day|dato|datum|dag|tag|jour|fecha|data|päivä|pvm|日付|日|年月日",
}
_SAID = {
    grain: re.compile(rf"(?:^|[\s_\-/.]|iso|år|年)(?:{words}){_NUMBER}(?:\s*\(.*\))?$", re.IGNORECASE)
    for grain, words in _WORDS.items()
}
_ROMAN = re.compile(r"^(?P<rom>[IVX]{1,4})(?:[-/. ]|, )(?P<y>9999)$")
_YEAR_WEEK = re.compile(rf"^{MACHINE}?(?P<y>9999)(?P<w>99)$")
_YEAR_QUARTER = re.compile(rf"^{MACHINE}?(?P<y>9999)(?P<m>99?)$")
_YEAR_DAY = re.compile(rf"^{MACHINE}?(?P<y>9999)[-/]?(?P<yd>999)$")
_FIRST_MONTHS = {1, 4, 7, 10}

Readings = tuple[DateReading, ...]


def said_grain(name: str) -> str:
    """The length of the periods that a header names; empty where it names none.

    >>> [said_grain(name) for name in ("Kvartal", "ISO week", "Ukenr.", "年月", "Order date", "Period", "Weekday")]
    ['quarter', 'week', 'week', 'month', 'day', '', '']
    """
    return next((grain for grain, words in _SAID.items() if words.search(name.strip())), "")


def below_header(cells: Cells, grain: str, readings: dict[int, Readings]) -> dict[int, Readings]:
    """The readings of a column's shapes (by their numbers) below a header that says what its periods are.

    Args:
        grain: as :func:`said_grain` gives it.
    """
    found = dict(readings)
    months = {
        number: one[0]
        for number, one in readings.items()
        if len(one) == 1 and one[0].grain == "month" and one[0].at("m")
    }
    if grain == "quarter":
        months |= {n: one for n, shape in enumerate(cells.shapes) if (one := _numbered(shape))}
    if grain == "quarter" and months:
        found.update(_quarters(cells, months))
    elif grain == "week":
        found.update({number: (_as(one, "w", "week"),) for number, one in months.items()})
    for number, shape in enumerate(cells.shapes):
        if number not in readings and (more := _others(shape, grain)):
            found[number] = (more,)
    return found


def _numbered(shape: str) -> DateReading | None:
    """``999999`` and ``99999``: a year, and the number of a quarter or its first month."""
    found = _YEAR_QUARTER.match(shape)
    if found is None:
        return None
    fields = tuple((name, tuple(byte_positions(shape, list(range(*found.span(name)))))) for name in "ym")
    return DateReading("month", shape, fields, grain="month")


def _as(reading: DateReading, name: str, grain: str) -> DateReading:
    """A reading of a year and a month whose second number is another one."""
    fields = tuple((name if key == "m" else key, where) for key, where in reading.fields)
    return replace(reading, fields=fields, grain=grain, order=grain)


def _quarters(cells: Cells, months: dict[int, DateReading]) -> dict[int, Readings]:
    """Numbers below *Quarter*: 1 to 4, or the quarters' first months; none where they may be either."""
    numbers = {int(n) for at, one in months.items() for n in np.unique(cells.number(at, one.at("m")))}
    padded = any(len(one.at("m")) > 1 for one in months.values())
    if padded and numbers <= {1, 4}:
        return dict.fromkeys(months, ())
    if numbers <= {1, 2, 3, 4}:
        return {at: (_as(one, "q", "quarter"),) for at, one in months.items()}
    if numbers <= _FIRST_MONTHS:
        return {at: (replace(one, grain="quarter"),) for at, one in months.items()}
    return dict.fromkeys(months, ())


def _others(shape: str, grain: str) -> DateReading | None:
    """What a shape is below such a header alone: ``II/9999``, ``999999`` weeks, ``9999-999`` days of a year."""
    pattern = {"quarter": _ROMAN, "month": _ROMAN, "week": _YEAR_WEEK, "day": _YEAR_DAY}.get(grain)
    found = pattern.match(shape) if pattern else None
    if found is None:
        return None
    said = found.groupdict()
    first = ROMAN.get(said.pop("rom", None) or "I", 0)
    if not first or (grain == "quarter" and first > 4):
        return None
    month = first * 3 - 2 if grain == "quarter" else first
    fields = tuple((name, tuple(byte_positions(shape, list(range(*found.span(name)))))) for name in said)
    return DateReading(grain, shape, fields, month=month, grain=grain)
