"""What a ZIP is before it is unpacked: a workbook whose sheets are let through, or some other document."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kpi_tree.ingest.answers.limits import MEGABYTE, Limits
from kpi_tree.ingest.answers.refusing import (
    locked,
    not_opened,
    own_entities,
    too_many_cells,
    too_many_files,
    too_wide_apart,
    unpacks_too_far,
)

_PLACE = re.compile(rb"r\s*+=\s*+[\"']([A-Za-z]*+)(\d++)")
_FAR = re.compile(rb"r\s*+=\s*+[\"'](?=[A-Za-z]{2}|[A-Za-z]?\d{6})([A-Za-z]*+)(\d++)")
"""Places beyond those of a small sheet, which are a tenth of the work to find."""
_NEAR = (99_999, 26)
_MOST_STYLES = 200_000
"""Three times as many as Excel has room for."""
_WIDE = 1000
"""Columns beyond those of nearly all tables."""
_ROWS = re.compile(rb"number-rows-repeated\s*+=\s*+[\"']\s*+(\d++)")
_COLUMNS = re.compile(rb"number-columns-repeated\s*+=\s*+[\"']\s*+(\d++)")
_SPACES = re.compile(rb"text:c\s*+=\s*+[\"']\s*+(\d++)")
_ROW = re.compile(rb"<(?:[\w.-]++:)?row\b")
_TOLD = re.compile(rb"<(?:\w+:)?sst\b[^>]{0,2000}?\buniqueCount\s*=\s*[\"']\s*(\d{1,20})")
_STRING = re.compile(rb"<\w+:si\b")
_SHARED = re.compile(rb"\bt\s*=\s*[\"']s[\"'][^>]*+>\s*+<(?:\w+:)?v[^>]*+>\s*+(\d{1,9})")
"""The number of a shared text in a cell."""
_ASIDE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)


def is_workbook(names: set[str]) -> bool:
    """Whether the entries of a ZIP make a workbook that can be read.

    >>> is_workbook({"xl/workbook.xml"}), is_workbook({"orders.csv"})
    (True, False)
    """
    return any(name.startswith("xl/") for name in names) or {"mimetype", "content.xml"} <= names


def check_entries(entries: list[zipfile.ZipInfo], name: str, limits: Limits, most: int | None = None) -> None:
    """Refuse archives that are protected, or bombs.

    Args:
        most: bytes that they may unpack to; ``limits.unpacked_bytes`` when not given.

    Raises:
        Refused: with the reason.
    """
    if any(entry.flag_bits & 1 for entry in entries):
        raise locked(name)
    total = sum(entry.file_size for entry in entries)
    steep = any(
        entry.file_size > 64 * MEGABYTE and entry.file_size > limits.ratio * max(entry.compress_size, 1)
        for entry in entries
    )
    most = most or limits.unpacked_bytes
    packed = sum(entry.compress_size for entry in entries)
    steep = steep or (total > 128 * MEGABYTE and total > limits.ratio * packed)
    if len(entries) > limits.entries:
        raise too_many_files(name, len(entries), limits.entries)
    if total > most or steep or _overlap(entries):
        raise unpacks_too_far(name, most, limits.ratio)


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether one packed piece stands for several files."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            return True
        end = entry.header_offset + entry.compress_size
    return False


def check_sheets(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    """Refuse workbooks whose cells span a rectangle that nobody fills, or too many cells, and documents with
    entities of their own.

    Every entry is looked at, whatever its name: which of them are sheets, the workbook itself says.
    """
    strings = _strings(archive, name)
    if "xl/styles.xml" in archive.NameToInfo and archive.read("xl/styles.xml").count(b"<xf") > _MOST_STYLES:
        raise not_opened(name)
    spans = _spans(archive, entries, name, limits, Span(_FAR, *_NEAR))
    # A quick look takes each sheet for one of a usual size at least: where that decides, they are measured.
    if sum(span.area for span in spans) > limits.sheet_cells // 2 or any(
        span.columns > _WIDE for span in spans
    ):
        spans = _spans(archive, entries, name, limits, Span(_PLACE))
    area, cells = sum(span.area for span in spans), sum(span.cells for span in spans)
    if cells * max(strings, default=0) > limits.held_bytes:
        _check_uses(archive, entries, name, strings, limits)
    wide = any(span.columns > _WIDE for span in spans if span.is_sheet)
    if area > limits.sheet_cells // (6 if wide else 2) and area > 50 * cells:
        raise too_wide_apart(name, area)
    if area > 2 * limits.sheet_cells:
        raise too_many_cells(name, area, 2 * limits.sheet_cells)
    if "content.xml" in archive.NameToInfo:
        check_ods(archive.read("content.xml"), name, limits)


def _spans(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str, limits: Limits, span: Span
) -> list[Span]:
    """How far the cells of each entry reach; not looked at to the end where there are far too many."""
    found, cells = [], 0
    for entry in entries:
        found.append(_span(archive, entry, name, replace(span)))
        cells += found[-1].cells
        if cells > 2 * limits.sheet_cells:
            raise too_many_cells(name, cells, 2 * limits.sheet_cells)
    return found


def _strings(archive: zipfile.ZipFile, name: str) -> list[int]:
    """How long the texts are that cells of a workbook share.

    Raises:
        Refused: it says that it has more than it can have; its reader would make room for them all.
    """
    entry = next((entry for entry in archive.NameToInfo if entry.lower() == "xl/sharedstrings.xml"), None)
    if entry is None:
        return []
    text = archive.read(entry)
    told = _TOLD.search(text[:4000])
    if told and int(told[1]) > len(text) // 4:
        raise not_opened(name)
    parts = text.split(b"<si") if b"<si" in text else _STRING.split(text)
    return [len(part) for part in parts[1:]]


def _check_uses(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str, strings: list[int], limits: Limits
) -> None:
    """Refuse a workbook whose cells share long texts: its reader makes each anew for every cell."""
    used = 0
    for entry in entries:
        for part in _parts(archive, entry):
            uses = Counter(_SHARED.findall(part))
            used += sum(times * strings[int(at)] for at, times in uses.items() if int(at) < len(strings))
            if used > limits.held_bytes:
                raise unpacks_too_far(name, limits.held_bytes, limits.ratio)


@dataclass(slots=True)
class Span:
    """How far the cells of a sheet reach.

    Attributes:
        places: finds the places of cells and rows that tell it.
        rows, columns: how far, at least.
        cells: how many there are.
        is_sheet: whether it is a sheet at all.
    """

    places: re.Pattern[bytes]
    rows: int = 0
    columns: int = 0
    cells: int = 0
    is_sheet: bool = False

    @property
    def area(self) -> int:
        """Cells of the rectangle, empty ones counted."""
        return self.rows * self.columns if self.is_sheet else 0

    def look(self, text: bytes) -> None:
        """A part of the sheet, cut between two tags; cells without a place stand behind the last one.

        >>> span = Span(_PLACE)
        >>> span.look(b'<sheetData><row r="7"><c r="B7"><v>1</v></c></row>')
        >>> span.rows, span.columns, span.cells
        (7, 2, 1)
        """
        self.is_sheet = self.is_sheet or b"sheetData" in text
        if not self.is_sheet:
            return
        for letters, row in set(self.places.findall(text)):
            self.columns = max(self.columns, _column_number(letters[:8].upper()))
            self.rows = max(self.rows, int(row[:12]))
        if b"<!" in text:
            text = _ASIDE.sub(b"", text)
        prefixed = b":row" in text
        for row in _ROW.split(text) if prefixed else text.split(b"<row"):
            cells = row.count(b"<c ") + row.count(b"<c>") + (row.count(b":c") if prefixed else 0)
            self.cells += cells
            self.columns = max(self.columns, cells)


def _span(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, span: Span) -> Span:
    """How far the cells of an entry reach, beginning with what ``span`` says."""
    for text in _parts(archive, entry):
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise own_entities(name)
        span.look(text)
    return span


def _parts(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """An entry in parts, cut between two tags."""
    rest = b""
    with archive.open(entry) as stream:
        while part := stream.read(4 * MEGABYTE):
            text = rest + part
            cut = text.rfind(b"<", max(len(text) - MEGABYTE, 0))
            cut = cut if cut >= 0 else len(text)
            rest = text[cut:]
            yield text[:cut]
    yield rest


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def check_ods(text: bytes, name: str, limits: Limits) -> None:
    """Refuse an OpenDocument that repeats rows, cells or spaces by number into a bomb.

    Args:
        text: its ``content.xml``.

    >>> check_ods(b"<table:table-row><table:table-cell/></table:table-row>", "a.ods", Limits())
    """
    rows = below = width = said = 0
    for row in text.split(b":table-row"):
        times = _ROWS.search(row) if b"number-rows-repeated" in row else None
        repeated = int(times[1][:9]) if times else 1
        below += repeated
        last = max(row.rfind(b"office:value"), row.rfind(b"<text:p"))
        if last < 0:  # it counts once something stands below it, as do empty cells
            continue
        rows, below = rows + below, 0
        filled = row[: row.find(b">", last)]
        cells = filled.count(b"table-cell")
        if b"number-columns-repeated" in filled:
            cells += sum(int(n[:9]) for n in _COLUMNS.findall(filled))
            said += repeated * _repeated(row)
        elif repeated > 1:
            said += repeated * len(row)
        width = max(width, cells)
    spaces = sum(int(n[:9]) for n in _SPACES.findall(text))
    if width > 16384 or spaces > limits.unpacked_bytes // 16 or said > limits.held_bytes:
        raise unpacks_too_far(name, limits.unpacked_bytes, limits.ratio)
    area = rows * width
    if area > limits.sheet_cells // 6 and area > 50 * text.count(b"table-cell"):
        raise too_wide_apart(name, area)
    if area > 2 * limits.sheet_cells:
        raise too_many_cells(name, area, 2 * limits.sheet_cells)


def _repeated(row: bytes) -> int:
    """Bytes of the cells of a row, those that are repeated as often as they are."""
    size = 0
    for cell in row.split(b"table-cell"):
        times = _COLUMNS.search(cell) if b"<text:p" in cell else None
        size += len(cell) * (int(times[1][:9]) if times else 1)
    return size
