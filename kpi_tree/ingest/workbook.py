"""Sheets of XLSX, XLS and ODS files as rows of text."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.cells.shapes import MACHINE
from kpi_tree.ingest.source import refusal
from kpi_tree.ingest.text.lines import Row
from kpi_tree.ingest.text.outline import find_outline
from kpi_tree.ingest.zeros import Places

MOST_SHEETS = 100
_NONE: Places = {}
FIRST_RECORDS = 12
"""Records of an XLS among which the one stands that says that it is encrypted."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOF = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = 0x2F


def open_workbook(data: bytes, name: str) -> CalamineWorkbook:
    """Open a workbook.

    Raises:
        Refused: it is protected or damaged.
    """
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as fault:
        raise locked(name) from fault
    except (CalamineError, OSError, ValueError) as fault:
        if is_locked(data):
            raise locked(name) from fault
        raise refusal(
            msg("The workbook can't be opened; it is damaged or of an unknown kind."),
            name,
            msg("Open it in a spreadsheet program and save it as XLSX."),
        ) from fault


def locked(name: str) -> Refused:
    """The refusal of a file that only opens with a password."""
    return refusal(msg("The file is protected by a password."), name, msg("Save it without a password."))


def is_locked(data: bytes) -> bool:
    """Whether a workbook in an OLE container is encrypted: a packed XLSX, or an XLS with a FILEPASS record.

    >>> is_locked(_OLE + "EncryptedPackage".encode("utf-16-le")), is_locked(b"PK")
    (True, False)
    """
    if not data.startswith(_OLE):
        return False
    if "EncryptedPackage".encode("utf-16-le") in data:
        return True
    place = data.find(_BOF)
    for _ in range(FIRST_RECORDS if place >= 0 else 0):
        kind, size = (int.from_bytes(data[at : at + 2], "little") for at in (place, place + 2))
        if kind == _FILEPASS:
            return True
        place += 4 + size
    return False


def sheet_rows(book: CalamineWorkbook, sheet: str, shown: Places = _NONE) -> list[Row]:
    """Rows of a sheet with their sheet row numbers.

    Args:
        shown: cells whose text is another than their number says, by row and column from 0.
    """
    found = book.get_sheet_by_name(sheet)
    rows = found.to_python(skip_empty_area=False)
    texts = [(number, [cell_text(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
    for (row, column), text in shown.items():
        if row < len(texts) and column < len(texts[row][1]):
            texts[row][1][column] = text
    _fill_merged(texts, found.merged_cell_ranges or [])
    return texts


def _fill_merged(rows: list[Row], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Cells merged downwards hold their text in every row; a number stands once, so that it counts once."""
    for (top, left), (bottom, right) in merged:
        if left != right or bottom <= top or bottom >= len(rows) or left >= len(rows[top][1]):
            continue
        text = rows[top][1][left]
        if text and not text.startswith(MACHINE):
            for _, cells in rows[top + 1 : bottom + 1]:
                cells[left] = text


def cell_text(cell: Any) -> str:
    """A workbook's cell as text: its own numbers are marked, its dates are ISO.

    >>> cells = (12.0, 0.1 + 0.2, datetime(2024, 1, 31), True, "0012")
    >>> tuple(cell_text(cell) for cell in cells)
    ('\\ue00012', '\\ue0000.3', '2024-01-31', 'true', '0012')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return MACHINE + number_text(float(cell))
    if isinstance(cell, datetime):
        whole = cell.time() == time(0)
        return cell.date().isoformat() if whole else cell.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(cell, time):
        return cell.replace(microsecond=0).isoformat()
    return "" if cell is None else str(cell)


def number_text(value: float) -> str:
    """A float as a spreadsheet shows it: at most 15 significant digits.

    >>> number_text(17850.0), number_text(0.30000000000000004), number_text(1e21)
    ('17850', '0.3', '1e+21')
    """
    if value == int(value) and abs(value) <= 1e15:
        return str(int(value))
    return format(value, ".15g")


def choose_sheets(
    book: CalamineWorkbook,
    known: Callable[[Sequence[str]], int],
    wanted: str | None,
    name: str,
    shown: Callable[[str], Places] = lambda _: _NONE,
) -> list[tuple[str, list[Row]]]:
    """The sheets to read: the one asked for, else all that hold something, the best known first.

    Hidden sheets count only where no other holds a table.

    Args:
        shown: for a sheet the cells whose text is another than their number says.

    Returns:
        name and rows of each.

    Raises:
        Refused: no sheet holds a table, or none has the name asked for.
    """
    names = [m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet] or list(
        book.sheet_names
    )
    hidden = {m.name for m in book.sheets_metadata if m.visible != SheetVisibleEnum.Visible}
    if wanted is not None:
        if wanted not in names:
            raise refusal(
                msg("The workbook has no sheet {sheet}.", sheet=wanted),
                name,
                msg("Its sheets are: {names}.", names=", ".join(names)),
            )
        return [(wanted, sheet_rows(book, wanted, shown(wanted)))]
    ranked: list[tuple[int, int, int, str, list[Row]]] = []
    for position, sheet in enumerate(names[:MOST_SHEETS]):
        rows = sheet_rows(book, sheet, shown(sheet))
        filled = [row for row in rows if any(row[1])]
        if not filled:
            continue
        outline = find_outline(filled[:120], known)
        familiar = known(outline.header) if sheet not in hidden else -1
        ranked.append((familiar, min(len(filled), 2) if len(filled) > 1 else 0, -position, sheet, rows))
    if not ranked:
        raise refusal(
            msg("The workbook holds no table."),
            name,
            msg("Choose a sheet with a header and at least one row."),
        )
    best = max(ranked, key=lambda entry: entry[:3])
    others = [entry for entry in ranked if entry is not best and entry[3] not in hidden]
    return [(entry[3], entry[4]) for entry in [best, *others]]
