"""What the lines above a table say: its period (``# Start date: 20260501``, ``"1 May 2026 - 31 May 2026"``),
and the currency of its amounts (``All amounts in USD``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from kpi_tree.ingest.cells.dates import read_dates
from kpi_tree.ingest.cells.quantities import iso_currency
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.text.lines import Row

_START = re.compile(
    r"(?:start date|startdato|startdatum|date de début|開始日|fecha de inicio|data di inizio|von|from|fra)"
    r"\s*[:：]\s*(.+)$",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?:end date|sluttdato|slutdato|slutdatum|enddatum|einddatum|date de fin|終了日|data di fine|"
    r"fecha de finalización|bis|to|til)\s*[:：]\s*(.+)$",
    re.IGNORECASE,
)
_CURRENCY = re.compile(
    r"(?i:amounts?|values?|betr[äa]ge?|montants?|importes?|importi|bedragen|beløp|belopp|金額)\b.{0,30}?\b([A-Z]{3})\b"
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


def currency_of_file(preamble: Sequence[Row]) -> str | None:
    """The one currency that the preamble says all amounts are in, in lower case; None when it says none.

    >>> currency_of_file([(1, ["All amounts in USD, unless specified"]), (2, ["Definitions:"])])
    'usd'
    >>> currency_of_file([(1, ["All amounts in the table are final"])]) is None
    True
    """
    codes = {
        found.group(1).lower()
        for _, cells in preamble
        for cell in cells
        if (found := _CURRENCY.search(cell)) and iso_currency([found.group(1).lower()])
    }
    return codes.pop() if len(codes) == 1 else None


def _day(text: str) -> date | None:
    found = read_dates(cells_of(pa.array([text.strip(' ()（）"')])))
    if not found.ok[0]:
        return None
    day: date = found.micros[0].astype("M8[us]").astype("M8[D]").astype(object)
    return day
