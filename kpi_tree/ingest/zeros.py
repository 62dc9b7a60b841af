"""Numbers of an XLSX shown with leading zeros: postal codes and article numbers of the format ``00000``."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from html import unescape

_FORMAT = re.compile(rb"<numFmt\b([^>]*)/?>")
_STYLES = re.compile(rb"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<xf\b([^>]*?)/?>")
_CELL = re.compile(rb"<c\b([^>]*?)>\s*<v>([0-9]{1,15})</v>")
_PART = re.compile(rb"<sheet\b([^>]*)/?>")
_LINK = re.compile(rb"<Relationship\b([^>]*)/?>")

Places = Mapping[tuple[int, int], str]
"""Row and column, from 0, to the text that is shown."""


def shown_with_zeros(data: bytes, sheet: str) -> Places:
    """Cells of a sheet whose whole number is shown with a fixed count of digits.

    Args:
        data: a workbook; other kinds than XLSX have none of them.
        sheet: the sheet's name.

    >>> shown_with_zeros(b"no workbook", "Ark1")
    {}
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            widths = _widths(book.read("xl/styles.xml"))
            part = _part_of(book, sheet) if widths else None
            return _cells(book.read(part), widths) if part else {}
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, EOFError):
        return {}


def _attribute(text: bytes, name: bytes) -> str:
    found = re.search(rb"(?:^|\s)" + name + rb'="([^"]*)"', text)
    return found.group(1).decode("utf-8", "replace") if found else ""


def _widths(styles: bytes) -> dict[str, int]:
    """Style -> how many digits it shows, for the formats that are zeros alone."""
    formats: dict[str, int] = {}
    for found in _FORMAT.finditer(styles):
        code = _attribute(found.group(1), b"formatCode")
        if re.fullmatch(r"0{2,15}", code):
            formats[_attribute(found.group(1), b"numFmtId")] = len(code)
    block = _STYLES.search(styles)
    if not formats or not block:
        return {}
    used = [_attribute(found.group(1), b"numFmtId") for found in _STYLE.finditer(block.group())]
    return {str(n): formats[style] for n, style in enumerate(used) if style in formats}


def _part_of(book: zipfile.ZipFile, sheet: str) -> str | None:
    """The entry that holds a sheet."""
    links = {
        _attribute(found.group(1), b"Id"): _attribute(found.group(1), b"Target")
        for found in _LINK.finditer(book.read("xl/_rels/workbook.xml.rels"))
    }
    for found in _PART.finditer(book.read("xl/workbook.xml")):
        if unescape(_attribute(found.group(1), b"name")) == sheet:
            target = links.get(_attribute(found.group(1), b"r:id"), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _cells(part: bytes, widths: Mapping[str, int]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for cell in _CELL.finditer(part):
        width = widths.get(_attribute(cell.group(1), b"s"))
        place = re.fullmatch(r"([A-Z]{1,3})([0-9]+)", _attribute(cell.group(1), b"r"))
        if width and place and _attribute(cell.group(1), b"t") in ("", "n"):
            column = 0
            for letter in place[1]:
                column = column * 26 + ord(letter) - 64
            found[int(place[2]) - 1, column - 1] = cell.group(2).decode().zfill(width)
    return found
