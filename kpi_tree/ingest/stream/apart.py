"""Rows of a large file that cannot be used: gathered part by part, said once, written to the quarantine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.convert import Converted
from kpi_tree.ingest.cells.shapes import IntArray, plain_text
from kpi_tree.ingest.stream.file import no_room
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.table.complaints import Cell, Complaints, allowed
from kpi_tree.ingest.table.quarantine import SCHEMA, quarantine_table
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.text.table import RawTable
from kpi_tree.records.parquet import RowsFile


@dataclass(slots=True)
class _Group:
    """Bad cells of one column: their lines, and what the first says."""

    lines: list[IntArray] = field(default_factory=list)
    first: str = ""
    code: str = ""
    words: tuple[str, ...] = ()


class PartComplaints(Complaints):
    """What the parts of a file tell: what is true of a column is said once, bad cells are added up."""

    def __init__(self, name: str, shown: int) -> None:
        super().__init__(name, shown)
        self._groups: dict[tuple[str, str], _Group] = {}

    def about_kind(
        self, column: Column, done: Converted, kind: str, *, strict: bool, required: bool = False
    ) -> None:
        """Said from the profile of the whole column."""

    def two_ways(self, column: str, done: Converted, *, strict: bool) -> None:
        """Said from the profile of the whole column."""

    def bad_cells(self, raw: Raw, column: Column, done: Converted, blank: npt.NDArray[np.bool_]) -> None:
        """Cells of a part that can't be read, and required ones that are empty."""
        for kind, mask, code in (("bad", done.bad, done.code or "bad_number"), ("empty", blank, "missing")):
            # Made for every column of the first part, so that what is said comes in the order of columns.
            group = self._groups.setdefault((column.name, kind), _Group())
            if mask.any():
                rows = np.flatnonzero(mask)
                if not group.lines:
                    group.first = column.cells.texts[int(column.cells.index[rows[0]])].as_py()
                    group.code, group.words = code, done.words
                group.lines.append(raw.table.lines[rows])

    def another(self) -> PartComplaints:
        """An empty one, for a part that is read while another is."""
        return PartComplaints(self.name, self.shown)

    def add(self, later: PartComplaints) -> None:
        """What the next part of the file told."""
        for key, theirs in later._groups.items():
            group = self._groups.setdefault(key, _Group())
            if theirs.lines and not group.lines:
                group.first, group.code, group.words = theirs.first, theirs.code, theirs.words
            group.lines += theirs.lines

    def say_all(self, into: Complaints) -> list[Cell]:
        """Say what was gathered; returns the rows set apart, each by the cell to blame."""
        cells = []
        for (column, _), group in self._groups.items():
            if group.lines:
                lines = np.concatenate(group.lines)
                remedy = allowed(group.words, group.code)
                into.say_cells(column, lines, group.first, group.code, remedy)
                cells.append(Cell(lines, column, None, group.code))
        return cells


def write_quarantine(raw: Raw, apart: list[tuple[Cell, bool]], path: Path) -> RowsFile | pa.Table:
    """Every row set apart with its reason and its cells, in the order of the file.

    Args:
        apart: rows set apart, the first reason of a row counts; True where a cell is to blame, whose text
            is then looked up.
        path: where the rows are written, when there are any.
    """
    table = raw.table
    assert isinstance(table, LargeTable)
    if not apart:
        return SCHEMA.empty_table()
    count = 0
    try:
        with pq.ParquetWriter(path, SCHEMA, compression="zstd") as out:
            for rows in table.each():
                mine = _of(rows, apart, table.names)
                if mine:
                    found = quarantine_table(replace(raw, table=rows, columns=[]), mine)
                    out.write_table(found)
                    count += found.num_rows
    except OSError as fault:
        raise no_room(fault, raw.source.name) from fault
    return RowsFile(path, count)


def _of(rows: RawTable, apart: list[tuple[Cell, bool]], names: list[str]) -> list[Cell]:
    """What was set apart of some rows, with the texts of the cells to blame."""
    every = np.sort(np.concatenate([rows.lines, rows.wide_lines]))
    found = []
    for cell, blamed in apart if len(every) else ():
        low, high = np.searchsorted(cell.lines, [every[0], every[-1] + 1])
        lines = cell.lines[low:high]
        lines = lines[np.isin(lines, every)]
        if len(lines):
            values = _texts(rows, names.index(cell.column), lines) if blamed else None
            found.append(Cell(lines, cell.column, values, cell.code))
    return found


def _texts(rows: RawTable, column: int, lines: IntArray) -> list[str]:
    at = np.searchsorted(rows.lines, lines)
    return [plain_text(text) for text in rows.columns[column].take(pa.array(at)).to_pylist()]
