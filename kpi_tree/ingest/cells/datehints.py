"""Texts in a column of dates that are none, and what their writer may have meant."""

# ruff: noqa: E501 - word lists and patterns read better unbroken
from __future__ import annotations

import re

import pyarrow as pa

from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.cells.dateread import ERA_ENDS, no_dates, read_shape
from kpi_tree.ingest.cells.dateshapes import ERAS, date_shapes
from kpi_tree.ingest.cells.periodshapes import ROMAN
from kpi_tree.ingest.cells.shapes import Cells, cells_of

_ERA = re.compile(r"^(令和|平成|昭和|大正|[㋿㍻㍼RHSrhs])\.?\s?(\d{1,2})(?=[年./-])")
_BUDDHIST = re.compile(r"(?<!\d)(2[45]\d\d)(?!\d)")
_HALF = re.compile(
    r"^(?:(?:H|HY|S|1H|2H)\s?[12]?[\s/'-]{0,2}(?:FY)?\d{2,4}|\d{4}[\s/-]?(?:H|HY|S)[12]|[12]\.?\s?(?:halvår|hj\.?|Halbjahr|halfjaar|puolivuosi)\s?,?\s?(?:\d{4})?|"
    r"(?:halvår|Halbjahr)\s?[12]\s?,?\s?(?:\d{4})?|(?:first|second|1st|2nd) half(?: of)?\s?(?:\d{4})?|[12](?:er|e|º|°|\.º)? ?(?:semestre|semester)(?: de)? ?(?:\d{4})?|(?:\d{4}年度?)?\s?[上下]半?期|\d{4}[上下]半?年)$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"^(?:(?:19|20)\d\d)年?$")
_EITHER = re.compile(
    r"^([IVX]{1,4}|0?[1-9]|1[0-2])[-/. ]{1,2}((?:19|20)\d\d)$|^((?:19|20)\d\d)[-/.](0?[1-9]|1[0-2])$"
)
"""A quarter or a month, where the header has not settled which."""
_SPAN = re.compile(
    r"\d.* ?[–~～〜] ?\??\d|\d(?: - | to | til | bis | au )\d|^\d\d\.\d\d\.\d{4}-\d\d\.\d\d\.\d{4}$"
)
_ENDING = re.compile(
    r"^(?:week ending|week ended|w/e|uken? (?:til|som slutter)|woche bis|semaine (?:au|jusqu)|settimana al|hasta)\b",
    re.IGNORECASE,
)
_LACKING = re.compile(
    r"^(?:uke|week|vecka|uge|woche|kw|wk|semaine|semana|w|v)\.? ?\d\d?$|^第?\d\d?週$|^q[1-4]$|^第?[1-4]四半期$|^\d\d?月(?:\d\d?日)?$|^\d\d?[./]\d\d?\.?$",
    re.IGNORECASE,
)


def is_half_year(text: str) -> bool:
    """Whether a text names a half of a year.

    >>> [is_half_year(text) for text in ("H1 2024", "1. halvår 2024", "2024年上期", "2. Halbjahr", "HP 24", "H1.1.8")]
    [True, True, True, True, False, False]
    """
    return bool(_HALF.match(text.strip()))


def date_hint(text: str) -> tuple[Msg, Msg] | None:
    """What is wrong with a text that is no date, and the remedy, where more is known than that it is none.

    >>> str(date_hint("平成40年1月1日")[0])
    'This year of its era never was: the era ended in its year 31. Counted on, it would be 2028.'
    >>> str(date_hint("31/01/2567")[0])
    'This year seems to be of the Buddhist calendar: 2567 is 2024.'
    >>> date_hint("x") is None
    True
    """
    word = text.strip()
    if found := _ERA.match(word):
        before = ERAS[found[1].lower()]
        if int(found[2]) > ERA_ENDS.get(before, 99):
            return (
                msg("This year of its era never was: the era ended in its year {n}. Counted on, it would be {year}.", n=ERA_ENDS[before], year=str(before + int(found[2]))),
                msg("Write the year of the common calendar or of the era that it falls in, and load the row again from the quarantine."),
            )  # fmt: skip
    if found := _BUDDHIST.search(word):
        return (
            msg("This year seems to be of the Buddhist calendar: {written} is {year}.", written=found[1], year=str(int(found[1]) - 543)),
            msg("Write the years of the common calendar and load the file again."),
        )  # fmt: skip
    return _period_hint(word)


def _period_hint(word: str) -> tuple[Msg, Msg] | None:
    """The same for periods that cannot be used."""
    closer = msg("Give the values by quarter, month, week or day; longer periods are added up from those.")
    again = msg("Write the first day of the period instead, such as 2026-04-01.")
    if is_half_year(word):
        return msg("This is half a year, and no quarter, month, week or day."), closer
    if _YEAR.match(word):
        return msg("This is a whole year, and no quarter, month, week or day."), closer
    if _SPAN.search(word):
        return msg("These days are no single day, week, month or quarter."), closer
    if found := _EITHER.match(word):
        number = found[1] or found[4]
        return (
            msg(
                "This may be the quarter or the month {n} of {year}.",
                n=ROMAN.get(number) or number.lstrip("0"),
                year=found[2] or found[3],
            ),
            msg("Write {quarter} for a quarter, or the first day of the month, such as 2026-04-01.", quarter="2026-Q1"),
        )  # fmt: skip
    if _ENDING.match(word):
        return msg("This tells a week by its last day."), again
    if _LACKING.match(word):
        return msg("This period has no year."), msg("Write the year with it, such as 2026-W18 or 2026-05.")
    if (day := _no_monday(word)) is not None:
        return msg(
            "This week begins on {day}, which is no Monday; weeks are kept from Monday to Sunday.", day=day
        ), again
    return None


def _no_monday(word: str) -> str | None:
    """The day on which a week begins that is told by its first day; None for other texts."""
    cells: Cells = cells_of(pa.array([word]))
    for reading in date_shapes(cells.shapes[0]):
        if reading.grain == "week" and dict(reading.fields).keys() & {"d"}:
            found = no_dates(1)
            read_shape(cells, 0, reading, found)
            return None if found.ok[0] else str(found.micros.astype("M8[us]")[0])[:10]
    return None
