"""What a ZIP is before it is unpacked: a workbook whose sheets are let through, or some other document."""

from __future__ import annotations

import re
import zipfile

from kpi_tree.i18n import msg
from kpi_tree.ingest.limits import MEGABYTE, Limits
from kpi_tree.ingest.refusing import own_entities, refusal, too_wide_apart, unpacks_too_far

_SHEET_PART = re.compile(r"(?:xl/worksheets/.*\.xml|content\.xml)$")
_CELL = re.compile(rb'<c\s[^>]*?r="([A-Z]{1,3})(\d{1,7})"')


def is_workbook(names: set[str], place: str) -> bool:
    """Whether the entries of a ZIP make a workbook that can be read.

    Raises:
        Refused: they make a document of another program, with the way out of it.

    >>> is_workbook({"xl/workbook.xml"}, "a.xlsx"), is_workbook({"orders.csv"}, "a.zip")
    (True, False)
    """
    if "xl/workbook.bin" in names:
        raise refusal(
            msg("This is a binary workbook (XLSB)."),
            place,
            msg("Open it in Excel, choose Save as, and save it as XLSX."),
        )
    if "Index/Document.iwa" in names or "Index.zip" in names:
        raise refusal(
            msg("This is a document of Numbers or Pages."),
            place,
            msg("Open it, choose Export to, and save it as Excel or CSV."),
        )
    for folder, kind in (("word/", "DOCX"), ("ppt/", "PPTX")):
        if any(name.startswith(folder) for name in names) and "[Content_Types].xml" in names:
            raise refusal(
                msg("This is a file of the kind {kind}, not a table.", kind=kind),
                place,
                msg("Copy its table into a spreadsheet program and save it as XLSX or CSV."),
            )
    return any(name.startswith("xl/") for name in names) or {"mimetype", "content.xml"} <= names


def check_entries(entries: list[zipfile.ZipInfo], name: str, limits: Limits, most: int | None = None) -> None:
    """Refuse archives that are protected, or bombs.

    Args:
        most: bytes that they may unpack to; ``limits.unpacked_bytes`` when not given.

    Raises:
        Refused: with the reason.
    """
    if any(entry.flag_bits & 1 for entry in entries):
        raise refusal(msg("The file is protected by a password."), name, msg("Save it without a password."))
    total = sum(entry.file_size for entry in entries)
    steep = any(
        entry.file_size > 64 * MEGABYTE and entry.file_size > limits.ratio * max(entry.compress_size, 1)
        for entry in entries
    )
    most = most or limits.unpacked_bytes
    if len(entries) > limits.entries or total > most or steep:
        raise unpacks_too_far(name, most, limits.ratio)


def check_sheets(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    """Refuse sheets whose cells span a rectangle that nobody fills, and documents with entities of their
    own."""
    for entry in entries:
        if not _SHEET_PART.search(entry.filename):
            continue
        rows = columns = cells = 0
        tail = b""
        with archive.open(entry) as stream:
            while part := stream.read(4 * MEGABYTE):
                text = tail + part
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise own_entities(name)
                for found in _CELL.finditer(text):
                    cells += 1
                    rows = max(rows, int(found.group(2)))
                    columns = max(columns, _column_number(found.group(1)))
                tail = text[-200:]
        if rows * columns > limits.sheet_cells and rows * columns > 50 * cells:
            raise too_wide_apart(name, rows * columns)
        if entry.filename.endswith("content.xml"):
            _check_ods(archive, entry, name, limits)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_ods(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: Limits) -> None:
    """An ODS repeats rows and cells by number; filled ones must not be repeated into a bomb."""
    text = archive.read(entry)
    for found in re.finditer(rb"<table:table-cell\b([^>]*)number-columns-repeated=\"(\d+)\"([^>]*)>", text):
        if int(found.group(2)) > 16384:
            raise unpacks_too_far(name, limits.unpacked_bytes, limits.ratio)
    rows = sum(
        int(found.group(1))
        for found in re.finditer(
            rb"number-rows-repeated=\"(\d+)\"[^>]*>\s*<table:table-cell[^>]*office:value", text
        )
    )
    if rows > 2_000_000:
        raise unpacks_too_far(name, limits.unpacked_bytes, limits.ratio)
