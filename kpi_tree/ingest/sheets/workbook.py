"""Sheets of workbooks as rows of text: XLSX, XLS, ODS, and those written as a web page or as XML."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import LIMITS, Limits
from kpi_tree.ingest.answers.refusing import hidden_tables, locked, not_all_sheets, not_opened, refusal
from kpi_tree.ingest.cells.held import row_texts
from kpi_tree.ingest.cells.shapes import MACHINE
from kpi_tree.ingest.files.markup import PEEK, markup_kind, markup_text
from kpi_tree.ingest.sheets.sheetxml import Merged, xml_sheets
from kpi_tree.ingest.sheets.unworked import unworked
from kpi_tree.ingest.sheets.webpage import archived_pages, page_sheet
from kpi_tree.ingest.sheets.zeros import Places, shown_with_zeros
from kpi_tree.ingest.text.lines import Row
from kpi_tree.ingest.text.outline import find_outline
from kpi_tree.issues import Issue

MOST_SHEETS = 256
CLOSING = 200_000
"""Bytes at a page's end in which the end of its last table stands."""
FIRST_ROWS = 120
"""Rows of a sheet that tell what it holds."""
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
        with whole(name):
            return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as fault:
        raise locked(name) from fault
    except Refused as fault:
        raise (locked(name) if is_locked(data) else fault) from fault


@contextmanager
def whole(name: str) -> Iterator[None]:
    """Whatever the reader of workbooks says of a damaged one, as a refusal.

    Raises:
        Refused: it is damaged.
    """
    try:
        yield
    except PasswordError:
        raise
    except (CalamineError, OSError, ValueError) as fault:
        raise not_opened(name) from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # what a fault in it is, which is no Exception
            raise
        raise not_opened(name) from fault


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


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook of any kind.

    Attributes:
        names: its sheets; ``hidden`` those that are not shown.
        rows: a sheet's rows by its name, with their sheet row numbers.
        cut: whether a page ends in the middle of a table, though its rows are closed.
    """

    names: Sequence[str]
    hidden: frozenset[str]
    rows: Callable[[str], Iterable[Row]]
    cut: bool = False


def open_book(data: bytes, name: str, limits: Limits = LIMITS) -> Book:
    """Open a workbook: XLSX, XLS, ODS, or one written as a web page or as XML.

    Raises:
        Refused: it is protected or damaged, or holds no table.

    >>> book = open_book(b"<table><tr><td>Lampe<td>5</table>", "a.xls")
    >>> book.names, book.rows(book.names[0])
    (['Sheet1'], [(1, ['Lampe', '5'])])
    """
    kind = markup_kind(data)
    if kind == "xml":
        made = [
            (s.name, s.hidden, s.rows, s.merged) for s in xml_sheets(markup_text(data, name), name, limits)
        ]
        return _held([(sheet, hidden, _even(rows), merged) for sheet, hidden, rows, merged in made])
    if kind:
        pages = archived_pages(data, name) if kind == "mhtml" else [data]
        sheets = [page_sheet(markup_text(page, name), name, limits) for page in pages]
        made_of = _held([(sheet, False, _even(rows), []) for sheet, rows in sheets])
        end = data[-CLOSING:].lower().replace(b"\0", b"")
        cut = b"</tr" in data[:PEEK].lower().replace(b"\0", b"") and b"</table" not in end
        return replace(made_of, cut=kind == "html" and cut)
    book = open_workbook(data, name)
    with whole(name):
        known = {one.name: one for one in book.sheets_metadata}
    names = [one.name for one in known.values() if one.typ == SheetTypeEnum.WorkSheet] or list(
        book.sheet_names
    )
    hidden = frozenset(one.name for one in known.values() if one.visible != SheetVisibleEnum.Visible)
    return Book(names, hidden, lambda sheet: _sheet(book, data, sheet, name))


def _sheet(book: CalamineWorkbook, data: bytes, sheet: str, name: str) -> SheetRows:
    with whole(name):
        shown = {**shown_with_zeros(data, sheet), **unworked(data, sheet)}
        return SheetRows(book.get_sheet_by_name(sheet), shown)


def _even(rows: list[list[str]]) -> list[list[str]]:
    """Rows of one width, as a sheet has them; empty ones stay empty."""
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) if row else row for row in rows]


def _held(sheets: Sequence[tuple[str, bool, list[list[str]], Merged]]) -> Book:
    """A workbook whose rows are there already."""
    rows: dict[str, list[Row]] = {}
    hidden: set[str] = set()
    for name, is_hidden, cells, merged in sheets:
        unique = name or f"Sheet{len(rows) + 1}"
        while unique in rows:
            unique += "'"
        rows[unique] = list(_filled_down(enumerate(cells, start=1), list(_downwards(merged))))
        hidden |= {unique} if is_hidden else set()
    return Book(list(rows), frozenset(hidden), rows.__getitem__)


class SheetRows:
    """The rows of a sheet, made into text as they are taken; they can be taken again.

    Args:
        shown: cells whose text is another than their number says, by row and column from 0.
    """

    def __init__(self, sheet: CalamineSheet, shown: Places = _NONE) -> None:
        self._sheet = sheet
        self._shown: dict[int, list[tuple[int, str]]] = {}
        for (row, column), text in shown.items():
            self._shown.setdefault(row, []).append((column, text))
        self._merged = list(_downwards(sheet.merged_cell_ranges or []))

    def __iter__(self) -> Iterator[Row]:
        sheet = self._sheet
        before = [""] * (sheet.start[1] if sheet.start else 0)
        blank = [*before, *[""] * sheet.width]
        rows: Iterable[list[str]] = map(row_texts, sheet.iter_rows())
        if before:
            rows = ([*before, *row] if any(row) else blank[:] for row in rows)
        texts: Iterator[Row] = enumerate(rows, start=1)
        texts = self._overlaid(texts) if self._shown else texts
        return _filled_down(texts, self._merged) if self._merged else texts

    def _overlaid(self, rows: Iterable[Row]) -> Iterator[Row]:
        for number, cells in rows:
            for column, text in self._shown.get(number - 1, ()):
                if column < len(cells):
                    cells[column] = text
            yield number, cells


Area = tuple[tuple[int, int], tuple[int, int]]
"""Cells that are merged: row and column, from 0, of the first and of the last."""


def _downwards(merged: Iterable[Area]) -> Iterator[Area]:
    """Those of one column, from above; one that begins inside another is none."""
    ends: dict[int, int] = {}
    for (top, left), (bottom, right) in sorted(merged):
        if left == right and bottom > top > ends.get(left, -1):
            ends[left] = bottom
            yield (top, left), (bottom, right)


def _filled_down(rows: Iterable[Row], merged: Sequence[Area]) -> Iterator[Row]:
    """Cells merged downwards hold their text in every row; a number stands once, so that it counts once."""
    waiting = iter(merged)
    following = next(waiting, None)
    open_: dict[int, tuple[int, str]] = {}
    for number, cells in rows:
        row = number - 1
        for column, (bottom, text) in list(open_.items()):
            if row <= bottom and column < len(cells):
                cells[column] = text
            else:
                del open_[column]
        while following is not None and following[0][0] <= row:
            (top, left), (bottom, _) = following
            text = cells[left] if top == row and left < len(cells) else ""
            if text and not text.startswith(MACHINE):
                open_[left] = (bottom, text)
            following = next(waiting, None)
        yield number, cells


def choose_sheets(
    book: Book, known: Callable[[Sequence[str]], int], wanted: str | None, name: str
) -> tuple[list[tuple[str, Iterable[Row]]], list[Issue]]:
    """The sheets to read: the one asked for, else all that hold something, the best known first.

    Hidden sheets count only where no other holds a table.

    Returns:
        name and rows of each, and what there is to say of those that are not read.

    Raises:
        Refused: no sheet holds a table, or none has the name asked for.
    """
    if wanted is not None:
        if wanted not in book.names:
            raise refusal(
                msg("The workbook has no sheet {sheet}.", sheet=wanted),
                name,
                msg("Its sheets are: {names}.", names=", ".join(book.names)),
            )
        return [(wanted, book.rows(wanted))], []
    ranked: list[tuple[int, int, int, str, Iterable[Row]]] = []
    unseen: list[str] = []
    for position, sheet in enumerate(book.names[:MOST_SHEETS]):
        rows = book.rows(sheet)
        filled = list(islice((row for row in rows if any(row[1])), FIRST_ROWS))
        if not filled:
            continue
        outline = find_outline(filled, known)
        familiar = known(outline.header)
        if sheet in book.hidden:
            unseen += [sheet] if familiar > 2 else []
            familiar = -1
        ranked.append((familiar, min(len(filled), 2) if len(filled) > 1 else 0, -position, sheet, rows))
    if not ranked:
        raise refusal(
            msg("The workbook holds no table."),
            name,
            msg("Choose a sheet with a header and at least one row."),
        )
    best = max(ranked, key=lambda entry: entry[:3])
    others = [entry for entry in ranked if entry is not best and entry[3] not in book.hidden]
    unseen = [sheet for sheet in unseen if sheet != best[3]]
    notes = [hidden_tables(name, unseen)] if unseen else []
    if len(book.names) > MOST_SHEETS:
        notes.append(not_all_sheets(name, len(book.names), MOST_SHEETS))
    return [(entry[3], entry[4]) for entry in [best, *others]], notes
