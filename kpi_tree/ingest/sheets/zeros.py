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
_CELL = re.compile(rb"<c\b([^<>]*)>\s*<v>([0-9]{1,15})</v>")
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
            part = part_of(book, sheet) if widths else None
            return _cells(book.read(part), widths) if part else {}
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, EOFError):
        return {}


def attribute(text: bytes, name: bytes) -> str:
    """An attribute of a tag; empty where it has none.

    >>> attribute(b'r="A1" s="3"', b"s")
    '3'
    """
    found = re.search(rb"(?:^|\s)" + name + rb'="([^"]*)"', text)
    return found.group(1).decode("utf-8", "replace") if found else ""


def formats(styles: bytes) -> list[str]:
    """The format of each style of cells: its code, or its number where every spreadsheet knows that.

    >>> formats(b'<numFmt numFmtId="164" formatCode="000"/><cellXfs><xf numFmtId="164"/></cellXfs>')
    ['000']
    """
    codes = {
        attribute(found.group(1), b"numFmtId"): attribute(found.group(1), b"formatCode")
        for found in _FORMAT.finditer(styles)
    }
    block = _STYLES.search(styles)
    used = [attribute(one.group(1), b"numFmtId") for one in _STYLE.finditer(block.group())] if block else []
    return [codes.get(number, number) for number in used]


def _widths(styles: bytes) -> dict[str, int]:
    """Style -> how many digits it shows, for the formats that are zeros alone."""
    codes = enumerate(formats(styles))
    return {str(n): len(code) for n, code in codes if re.fullmatch(r"0{2,15}", code)}


def part_of(book: zipfile.ZipFile, sheet: str) -> str | None:
    """The entry that holds a sheet."""
    links = {
        attribute(found.group(1), b"Id"): attribute(found.group(1), b"Target")
        for found in _LINK.finditer(book.read("xl/_rels/workbook.xml.rels"))
    }
    for found in _PART.finditer(book.read("xl/workbook.xml")):
        if unescape(attribute(found.group(1), b"name")) == sheet:
            target = links.get(attribute(found.group(1), b"r:id"), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _cells(part: bytes, widths: Mapping[str, int]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for cell in _CELL.finditer(part):
        width = widths.get(attribute(cell.group(1), b"s"))
        place = place_of(attribute(cell.group(1), b"r"))
        if width and place and attribute(cell.group(1), b"t") in ("", "n"):
            found[place] = cell.group(2).decode().zfill(width)
    return found


def place_of(name: str) -> tuple[int, int] | None:
    """Row and column of a cell, from 0; None where that is no name of one.

    >>> place_of("B3"), place_of("AA1"), place_of("")
    ((2, 1), (0, 26), None)
    """
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", name)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
