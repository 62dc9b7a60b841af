"""The rows of a batch that were set aside, as a person corrects them: on the page, or in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kpi_tree import ingest
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg, translate
from kpi_tree.ingest.answers.reasons import cell_reason, row_reason
from kpi_tree.ingest.files.defuse import defuse, restore
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.table.quarantine import faults_of
from kpi_tree.ingest.text.beside import PART
from kpi_tree.store import Home
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.intake import inbox_batches

MOST = 20_000
"""Rows that can be corrected at once; more of them are better exported again."""


@dataclass(frozen=True, slots=True)
class AsideFault:
    """A cell that keeps its row out; a row that is no record at all has one without a column."""

    column: str
    value: str
    code: str

    @property
    def reason(self) -> Msg:
        """What is wrong with it."""
        return aside_reason(self.code)


@dataclass(frozen=True, slots=True)
class AsideRow:
    """One row that was set aside: its line in the file, its cells, and every one of them that is wrong."""

    line: int
    cells: tuple[str, ...]
    faults: tuple[AsideFault, ...]

    @property
    def shown_line(self) -> int:
        """The line in its own table: tables of a file that share lines have ranges of their own."""
        return self.line % PART

    def why(self, lang: str) -> str:
        """What is wrong with it, in words: a column and its reason after the other."""
        said = [(fault.column, translate(fault.reason, lang)) for fault in self.faults]
        return " ".join(f"{column}: {words}" if column else words for column, words in said)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows set aside. ``names`` are the file's columns; a row that is too wide has cells beyond them."""

    batch: str
    file: str
    names: tuple[str, ...]
    rows: tuple[AsideRow, ...]

    @property
    def extra(self) -> int:
        """Cells that the widest row has beyond the columns."""
        return max((len(row.cells) - len(self.names) for row in self.rows), default=0)


def aside_reason(code: str) -> Msg:
    """Why a row was set aside: a cell that cannot be read, or a row that is no record.

    >>> str(aside_reason("bad_date")), str(aside_reason("missing_price"))
    ('This is not a date that exists, or none from 1900 to 2200.', '1 row has no price.')
    """
    cell, unknown = cell_reason(code)[0], cell_reason("")[0]
    return row_reason(code, 1)[1] if cell == unknown else cell


@verb
def set_aside(home: Home, who: Asker, batch: str) -> SetAside:
    """The rows of a batch that nobody has corrected yet.

    Raises:
        NotFound: no batch has that name.
    """
    view = inbox_batches.batch(home, who, batch)
    found = inbox_batches.quarantine(home, who, view.batch).to_dict("records")
    cells = [json.loads(row["cells"] or "{}") for row in found]
    names = _names(cells, [str(row["reason"]) for row in found])
    rows = [
        AsideRow(
            int(row["row"]),
            tuple(str(cell) for cell in said.values()),
            tuple(AsideFault(*fault) for fault in faults_of(row)),
        )
        for row, said in zip(found, cells, strict=True)
    ]
    return SetAside(view.batch, view.file, names, tuple(rows))


def _names(cells: Sequence[Mapping[str, str]], reasons: Sequence[str]) -> tuple[str, ...]:
    """The columns of the file; cells beyond them carry made-up names."""
    listed = sorted(
        (reason == "wide_row", len(said), list(said)) for said, reason in zip(cells, reasons, strict=True)
    )
    wide, _, shortest = listed[0] if listed else (False, 0, [])
    if not wide:
        return tuple(shortest)
    end = next((i for i, name in enumerate(shortest) if name == f"column {i + 1}"), len(shortest))
    return tuple(shortest[:end])


@verb
def set_aside_file(
    home: Home, who: Asker, batch: str, *, form: Literal["csv", "xlsx"] = "xlsx", lang: str = "en"
) -> bytes:
    """The same as a file to correct in a spreadsheet and send back: line, reason, then the file's columns.

    Every cell of the workbook is text, so that a spreadsheet leaves ``00123`` and ``03/04/2026`` alone.

    Raises:
        NotFound: no batch has that name.
    """
    found = set_aside(home, who, batch)
    extra = [f"column {len(found.names) + i + 1}" for i in range(found.extra)]
    head = [translate(msg("Line"), lang), translate(msg("What is wrong"), lang), *found.names, *extra]
    body = [[str(row.line), row.why(lang), *row.cells] for row in found.rows]
    if form == "xlsx":
        bad = {
            (place, 2 + found.names.index(fault.column))
            for place, row in enumerate(found.rows, 1)
            for fault in row.faults
            if fault.column in found.names
        }
        return _workbook(head, body, bad)
    out = io.StringIO()
    csv.writer(out).writerows([[defuse(cell) for cell in row] for row in (head, *body)])
    return out.getvalue().encode("utf-8-sig")


def _workbook(head: Sequence[str], body: Sequence[Sequence[str]], bad: set[tuple[int, int]]) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    text, marked = book.add_format({"num_format": "@"}), {"num_format": "@", "bg_color": "#FBE6E7"}
    wrong, bold = book.add_format(marked), book.add_format({"bold": True})
    sheet = book.add_worksheet()
    for column, name in enumerate(head):
        sheet.set_column(column, column, 34 if column == 1 else 16, text)
        sheet.write_string(0, column, name, bold)
    for line, row in enumerate(body, 1):
        for column, cell in enumerate(row):
            sheet.write_string(line, column, cell, wrong if (line, column) in bad else text)
    sheet.freeze_panes(1, 2)
    book.close()
    return out.getvalue()


def corrected_in(found: SetAside, source: Path | bytes, name: str) -> dict[int, tuple[str, ...]]:
    """The rows of a corrected file, by line.

    Raises:
        Refused: it is not the file that :func:`set_aside_file` gave, or names lines that do not wait.
    """
    header, *rows = list(ingest.rows(source, name))
    wanted, given = [normal(name) for name in found.names], [normal(cell) for cell in header]
    if len(given) < 2 + len(wanted) or given[2 : 2 + len(wanted)] != wanted:
        raise Refused(
            msg("This is not the file of the rows that were set aside."),
            place=name,
            remedy=msg("Download the rows set aside, correct them there, and keep the columns as they are."),
        )
    waiting = {row.line for row in found.rows}
    made: dict[int, tuple[str, ...]] = {}
    for cells in rows:
        line = int(cells[0]) if cells[0].strip().isdigit() else -1
        if line not in waiting:
            raise Refused(
                msg("Line {line} is not among the rows that wait for a correction.", line=cells[0][:40]),
                place=name,
                remedy=msg("Keep the first column as it is; leave out rows that need nothing."),
            )
        made[line] = tuple(restore(cell) for cell in cells[2:])
    return made


def only_changed(found: SetAside, rows: Mapping[int, Sequence[Any]]) -> dict[int, list[str]]:
    """The rows that differ from what was set aside, every cell as text and as many as there are columns.

    Raises:
        Refused: none does.
    """
    before = {row.line: list(row.cells) for row in found.rows}
    made = {
        line: ["" if cell is None else str(cell) for cell in cells]
        for line, cells in rows.items()
        if line in before
    }
    changed = {
        line: cells
        for line, cells in made.items()
        if [*cells, *[""] * 99][: len(before[line])] != before[line]
    }
    if not changed:
        raise Refused(
            msg("No row is corrected yet."),
            place=found.file,
            remedy=msg("Change the cells that are marked, then try again."),
        )
    return changed
