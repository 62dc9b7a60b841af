"""Files of KPI values whose periods are told by two columns, their first day and their last: made one column."""

# ruff: noqa: E501 - word lists read better unbroken
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from kpi_tree.i18n import msg
from kpi_tree.ingest.cells.columns import Column, Context
from kpi_tree.ingest.cells.convert import read_column_dates
from kpi_tree.ingest.cells.dateread import DAY_US
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.values.observed import DATE_HEADERS

_FIRST = "from|start|start date|startdate|from date|date from|period start|period from|first day|begin|begins|fra|fra dato|startdato|start dato|från|från datum|startdatum|von|ab|von datum|beginn|du|début|date de début|date début|desde|inicio|fecha inicio|da|dal|van|vanaf|od|od dnia|alku|alkaen|開始|開始日|期間開始|自|开始日期"
_LAST = "to|end|end date|enddate|to date|date to|period end|period to|last day|until|til|til dato|sluttdato|slutt|slutdato|slutt dato|slut|till|till datum|slutdatum|bis|bis datum|enddatum|ende|au|fin|date de fin|date fin|hasta|fecha fin|a|al|tot|einde|do|do dnia|loppu|päättyen|終了|終了日|期間終了|至|结束日期"
_PAIR = (frozenset(map(normal, _FIRST.split("|"))), frozenset(map(normal, _LAST.split("|"))))
_BETWEEN = re.compile(
    r"(.*\d.*?\S)\s*(?:[–—~～〜]|\s-\s|\s(?:to|til|till|bis|au|al|tot|t\.o\.m\.)\s|(?<=\d{4})-(?=\d\d\.)|(?<=-\d\d)/)\s*(\S.*\d.*)"
)
DAY = timedelta(days=1)


def span_of(names: Sequence[str]) -> tuple[str, str] | None:
    """The headers of the first and the last day of periods; None where a single column tells them.

    >>> span_of(["KPI", "Fra", "Til", "Verdi"]), span_of(["KPI", "From", "To", "Date"])
    (('Fra', 'Til'), None)
    """
    found = [[name for name in names if normal(name) in words] for words in _PAIR]
    if any(len(one) != 1 for one in found) or any(normal(name) in DATE_HEADERS for name in names):
        return None
    return found[0][0], found[1][0]


def without_span(names: Sequence[str]) -> list[str]:
    """Headers with a date in place of the two days of a period.

    >>> without_span(["KPI", "Fra", "Til", "Verdi"])
    ['KPI', 'date', 'Verdi']
    """
    span = span_of(names)
    if span is None:
        return list(names)
    return ["date" if name == span[0] else name for name in names if name != span[1]]


def columns_of(raw: Raw, said: FileMapping, complaints: Complaints) -> list[Column]:
    """A file's columns, with the two days of its periods as one column of periods.

    Raises:
        AskError: the days can be read in two ways.
    """
    span = span_of([column.name for column in raw.columns])
    if span is None:
        return [_in_one_cell(raw, said, complaints, column) for column in raw.columns]
    first, last = (column for name in span for column in raw.columns if column.name == name)
    texts = _texts(*_days(raw, said, complaints, first, last), complaints, span)
    shown = [text or _both(first, last, row) for row, text in enumerate(texts)]
    one = replace(
        first, name="date", kind="date", cells=cells_of(pa.array(shown, pa.string())), blank=np.zeros(0, bool)
    )
    return [one if column is first else column for column in raw.columns if column is not last]


def _in_one_cell(raw: Raw, said: FileMapping, complaints: Complaints, column: Column) -> Column:
    """A column of periods that each cell tells by two days, as one of periods; any other column as it is."""
    if normal(column.name) not in DATE_HEADERS:
        return column
    texts = column.cells.texts.to_pylist()
    parts = [_BETWEEN.fullmatch(text.strip()) for text in texts]
    if not any(parts) or not all(part or not text.strip() for part, text in zip(parts, texts, strict=True)):
        return column
    sides: list[Column] = []
    for n in (1, 2):
        side = pa.array([part[n] if part else "" for part in parts], pa.string())
        cells = cells_of(side.take(pa.array(column.cells.index)))
        sides.append(replace(column, cells=cells, blank=np.zeros(0, bool)))
    found = _texts(*_days(raw, said, complaints, sides[0], sides[1]), complaints, (column.name, column.name))
    shown = [text or _both(sides[0], sides[1], row) for row, text in enumerate(found)]
    return replace(column, cells=cells_of(pa.array(shown, pa.string())), blank=np.zeros(0, bool))


def _days(
    raw: Raw, said: FileMapping, complaints: Complaints, first: Column, last: Column
) -> tuple[list[date | None], list[date | None]]:
    """The first and the last day of each row; None for a cell that is none."""
    context = Context(
        raw.context.delimiter, None, said.options.get("date_order"), "", raw.context.neighbour_order
    )
    found = []
    for column in (first, last):
        dates = read_column_dates(column, context)
        if len(dates.ambiguous) and dates.ambiguous.any():
            complaints.refuse_two_ways(column.name, "ambiguous_date", dates.example, dict(dates.readings))
        days = (dates.micros // DAY_US).astype("M8[D]").astype(object)
        each = [day if fine else None for day, fine in zip(days, dates.ok, strict=True)]
        found.append([each[place] for place in column.cells.index.tolist()])
    return found[0], found[1]


def _texts(
    first: Sequence[date | None], last: Sequence[date | None], complaints: Complaints, span: tuple[str, str]
) -> list[str]:
    """The period of each row as one text; empty where its days make none."""
    pairs = list(zip(first, last, strict=True))
    inside = [period_of(a, b) if a and b else "" for a, b in pairs]
    if any(inside) or not pairs:
        return inside
    before = [period_of(a, b - DAY) if a and b and b > a else "" for a, b in pairs]
    if not all(before):
        return inside
    complaints.say(
        "info",
        "day_after",
        msg("The days in the column {name} are taken for the first ones after each period.", name=span[1]),
        column=span[1],
        value=str(last[0]),
    )
    return before


def period_of(first: date, last: date) -> str:
    """The day, week, month or quarter between two days; empty where they make none.

    >>> one = date(2024, 1, 1)
    >>> [period_of(one, date(2024, *day)) for day in ((1, 1), (1, 7), (1, 31), (3, 31), (1, 17))]
    ['2024-01-01', '2024-W01', '2024-01', '2024-Q1', '']
    """
    if first == last:
        return first.isoformat()
    if first.weekday() == 0 and last - first == 6 * DAY:
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    after = last + DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    if first.day != 1 or after.day != 1:
        return ""
    if months == 3 and first.month % 3 == 1:
        return f"{first.year}-Q{first.month // 3 + 1}"
    return f"{first:%Y-%m}" if months == 1 else ""


def _both(first: Column, last: Column, row: int) -> str:
    """What a row's two cells say."""
    texts = [str(column.cells.texts[int(column.cells.index[row])].as_py()) for column in (first, last)]
    return " – ".join(text.lstrip("\ue000") or "?" for text in texts)
