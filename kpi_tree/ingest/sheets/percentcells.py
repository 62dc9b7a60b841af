"""Cells of an XLSX that are shown in percent: 0.125 in them is 12.5 %, whatever stands beside it."""

from __future__ import annotations

import io
import re
import zipfile

from kpi_tree.ingest.sheets.zeros import attribute, formats, part_of

_PERCENT = ("9", "10")
"""The numbers of the formats ``0%`` and ``0.00%``, which every spreadsheet knows."""
_QUOTED = re.compile(r'"[^"]*"|\\.')
_CELL = re.compile(rb"<c\b([^<>]*)>(?:<f\b[^<>]*(?:/>|>[^<]*</f>))?\s*<v>([-+0-9.eE]{1,30})</v>")

Places = frozenset[tuple[int, float]]
"""Sheet row, from 1, and number of a cell."""


def percent_cells(data: bytes, sheet: str) -> Places:
    """The cells of a sheet that are shown in percent.

    Args:
        data: a workbook; other kinds than XLSX have none of them.
        sheet: the sheet's name.

    >>> percent_cells(b"no workbook", "Ark1")
    frozenset()
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            codes = enumerate(formats(book.read("xl/styles.xml")))
            styles = {str(n) for n, code in codes if code in _PERCENT or "%" in _QUOTED.sub("", code)}
            part = part_of(book, sheet) if styles else None
            return frozenset(_cells(book.read(part), styles)) if part else frozenset()
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, EOFError):
        return frozenset()


def _cells(part: bytes, styles: set[str]) -> list[tuple[int, float]]:
    found = []
    for cell in _CELL.finditer(part):
        row = re.search(r"[0-9]+$", attribute(cell.group(1), b"r"))
        if row and attribute(cell.group(1), b"s") in styles:
            found.append((int(row.group()), float(cell.group(2))))
    return found
