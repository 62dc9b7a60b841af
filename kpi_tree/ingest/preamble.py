"""The period that the lines above a table name: ``# Start date: 20260501``, ``"1 May 2026 - 31 May
2026"``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from kpi_tree.ingest.cells.dates import read_dates
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.text.lines import Row

_START = re.compile(
    r"(?:start date|startdato|startdatum|date de début|開始日|fecha de inicio|von|from|fra)\s*[:：]\s*(.+)$",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?:end date|sluttdato|slutdatum|enddatum|date de fin|終了日|"
    r"fecha de finalización|bis|to|til)\s*[:：]\s*(.+)$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s+[-–—]\s+|\s*[~～〜]\s*|\s+(?:to|til|bis|au)\s+")


def period_of_file(preamble: Sequence[Row]) -> tuple[date, date] | None:
    """First and last day that the preamble names; None when it names none, or only one that could be
    read two ways.

    >>> period_of_file([(1, ["# Start date: 20260501"]), (2, ["# End date: 20260531"])])
    (datetime.date(2026, 5, 1), datetime.date(2026, 5, 31))
    >>> period_of_file([(1, ["Campaign report"]), (2, ["September 1, 2026 - September 3, 2026"])])
    (datetime.date(2026, 9, 1), datetime.date(2026, 9, 3))
    """
    start = end = None
    for _, cells in preamble:
        line = ", ".join(cell.strip() for cell in cells if cell.strip()).lstrip("# ").strip()
        if found := _START.search(line):
            start = _day(found.group(1)) or start
        if found := _END.search(line):
            end = _day(found.group(1)) or end
        parts = _BETWEEN.split(line)
        if len(parts) == 2 and (start is None or end is None):
            first, last = _day(parts[0]), _day(parts[1])
            if first and last:
                start, end = first, last
    return (start, end) if start and end and start <= end else None


def _day(text: str) -> date | None:
    found = read_dates(cells_of(pa.array([text.strip(' ()（）"')])))
    if not found.ok[0]:
        return None
    day: date = found.micros[0].astype("M8[us]").astype("M8[D]").astype(object)
    return day
