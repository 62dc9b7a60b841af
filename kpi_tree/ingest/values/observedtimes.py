"""Periods that need more than their cell: weeks without a W, a year in a column of its own, or missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.datehints import is_half_year
from kpi_tree.ingest.cells.headgrain import said_grain
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.cells.words import months
from kpi_tree.ingest.mapping.layout import normal

_MONTHLY = frozenset({"period", "periode", "期間", "periodo", "período", "période"})
"""Headers above bare numbers that are months."""
YEARS = frozenset(
    {
        "year",
        "år",
        "jahr",
        "année",
        "an",
        "年",
        "fiscal year",
        "calendar year",
        "kalenderår",
        "año",
        "anno",
        "ano",
        "jaar",
        "vuosi",
    }
    | {"rok", "年份", "연도"}
)

_YEAR = re.compile(r"(?:19|20)\d\d(?:年)?")
_YEAR_WEEK = re.compile(r"((?:19|20)\d\d)[-/. ]?(\d\d?)")
_YEAR_MONTH = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])")
_WEEK = r"(?:uke|week|vecka|semaine|uge|woche|kw|wk|w|v|u)\.? ?(\d\d?)|第?(\d\d?)週"
_QUARTER = r"(?:q|k|kv|t)\.? ?([1-4])|([1-4])\. ?(?:kvartal|quartal)|第?([1-4])四半期"
_ALONE = (
    (re.compile(_WEEK, re.IGNORECASE), "{year}-W{n:02d}"),
    (re.compile(_QUARTER, re.IGNORECASE), "{year}-Q{n}"),
    (re.compile(r"(\d\d?)月"), "{year}-{n:02d}"),
)


def alone(text: str, year: int, header: str = "") -> str | None:
    """A period without its year, with one; None for a text that is none.

    Args:
        header: what its column is called: a bare number is a week or a month by it.

    >>> [alone(text, 2026) for text in ("Uke 18", "Q2", "mai", "5月", "2026-05", "Oslo")]
    ['2026-W18', '2026-Q2', '2026-05', '2026-05', None, None]
    >>> alone("18", 2026, "Week"), alone("5", 2026, "Month")
    ('2026-W18', '2026-05')
    """
    word = text.strip()
    month = months().get(word.lower().rstrip("."))
    if month:
        return f"{year}-{month:02d}"
    for pattern, form in _ALONE:
        found = pattern.fullmatch(word)
        if found:
            return form.format(year=year, n=int(next(part for part in found.groups() if part)))
    if word.isdecimal() and len(word) < 3:
        grain, number = _below(header), int(word)
        if grain == "week" and 0 < number < 54:
            return f"{year}-W{number:02d}"
        if grain == "quarter" and 0 < number < 5:
            return f"{year}-Q{number}"
        if grain == "month" and 0 < number < 13:
            return f"{year}-{number:02d}"
    return None


def _below(header: str) -> str:
    return said_grain(header) or ("month" if normal(header) in _MONTHLY else "")


def too_long(texts: Sequence[str]) -> list[str]:
    """Those of some texts that are whole years or halves of them.

    >>> too_long(["KPI", "2024", "H1 2024", "Q1 2024"])
    ['2024', 'H1 2024']
    """
    return [text for text in texts if _YEAR.fullmatch(text.strip()) or is_half_year(text)]


def years_in(texts: Sequence[str]) -> list[str]:
    """Those of some texts that are whole years.

    >>> years_in(["KPI", "2024", "2025", "20256"])
    ['2024', '2025']
    """
    return [text for text in texts if _YEAR.fullmatch(text.strip())]


def rewritten(column: Column, write: Callable[[str], str | None]) -> Column:
    """A column with its texts written otherwise; those that ``write`` has nothing for stay."""
    texts = [write(text) or text for text in column.cells.texts.to_pylist()]
    return replace(column, cells=cells_of(pa.array(texts, pa.string()).take(pa.array(column.cells.index))))


def plain_periods(column: Column) -> Column:
    """A column of dates whose ``2026-18`` below *Week* are weeks, and whose ``202605`` are months.

    >>> from kpi_tree.ingest.cells.columns import Context, look
    >>> plain_periods(look("Week", pa.chunked_array([["2026-18"]]), Context())).cells.texts.to_pylist()
    ['2026-W18']
    """
    texts = [text.strip() for text in column.cells.texts.to_pylist() if text.strip()]
    if _below(column.name) == "week" and texts and all(map(_YEAR_WEEK.fullmatch, texts)):
        return rewritten(
            column, lambda text: _YEAR_WEEK.sub(lambda m: f"{m[1]}-W{int(m[2]):02d}", text.strip())
        )
    six = bool(texts) and all(map(_YEAR_MONTH.fullmatch, texts))
    if six and (_below(column.name) == "month" or any(not 0 < int(text[2:4]) < 13 for text in texts)):
        return rewritten(column, lambda text: _YEAR_MONTH.sub(r"\1-\2", text.strip()))
    return column


def with_years(column: Column, years: Column) -> Column:
    """Periods of a column, each in the year that another column names for its row."""
    said = years.cells.texts.to_pylist()
    texts = column.cells.texts.to_pylist()
    pairs, index = np.unique(np.stack([years.cells.index, column.cells.index]), axis=1, return_inverse=True)
    made = [
        (alone(texts[period], int(said[year].strip()[:4]), column.name) if years_in([said[year]]) else None)
        or texts[period]
        for year, period in pairs.T.tolist()
    ]
    return replace(column, cells=cells_of(pa.array(made, pa.string()).take(pa.array(index.reshape(-1)))))
