"""Formulas of an XLSX that nobody has worked out: who wrote the file left their values to others."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

from kpi_tree.ingest.sheets.zeros import Places, attribute, part_of, place_of

PIECE, LONGEST = 1 << 20, 1 << 14
"""Bytes that are looked at at once, and of one cell."""
MOST = 100_000
"""Cells that are told; with so many in one sheet the rest say nothing new."""
_CELL = re.compile(rb"<c\b([^<>]*)>\s*<f\b[^<>]*?(?:/>|>([^<]*)</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


def unworked(data: bytes, sheet: str) -> Places:
    """The cells of a sheet that hold a formula and no value, as the formula's text.

    Else they would be empty cells: a value would be lost and nobody told. Programs that work formulas out
    write their order down too, and what those wrote is not looked through.

    >>> unworked(b"no workbook", "Ark1")
    {}
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            part = None if "xl/calcChain.xml" in book.namelist() else part_of(book, sheet)
            return _cells(book, part) if part else {}
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, EOFError):
        return {}


def _cells(book: zipfile.ZipFile, part: str) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    with book.open(part) as stream:
        rest = b""
        while (piece := stream.read(PIECE)) and len(found) < MOST:
            text = rest + piece
            if b"<f" in text:
                for cell in _CELL.finditer(text):
                    place = place_of(attribute(cell.group(1), b"r"))
                    # A formula that gave an empty text has a type, and is worked out.
                    if place and attribute(cell.group(1), b"t") != "str":
                        formula = unescape((cell.group(2) or b"").decode("utf-8", "replace"))
                        found[place] = f"={formula}"
            rest = text[-LONGEST:]
    return found
