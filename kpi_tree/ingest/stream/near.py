"""Some rows of a large file, found by their lines; it is read only as far as the last of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.cells.shapes import IntArray
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.stream.cutting import cutters
from kpi_tree.ingest.stream.file import open_big
from kpi_tree.ingest.table.overlay import overlay
from kpi_tree.ingest.table.raw import corrections_in
from kpi_tree.ingest.text.table import RawTable
from kpi_tree.records.leftovers import folder_of_own
from kpi_tree.steps import SILENT


def rows_near(
    given: Path | str | bytes,
    name: str,
    said: FileMapping,
    limits: Limits,
    lines: Sequence[int],
    around: int = 0,
) -> list[tuple[list[str], RawTable]]:
    """Of each table of a large file that has some of these lines: its header, and the rows at them with so
    many before and after each. The first table without rows when none has."""
    wanted = np.unique(np.asarray(lines, np.int64))
    every: list[tuple[list[str], RawTable]] = []
    with folder_of_own() as folder:
        file, last = open_big(given, name, limits, folder, SILENT), -1
        for cutter in cutters(file, said.options, limits, SILENT):
            found: list[RawTable] = []
            for before, here, following in _threes(_thick(_corrected(cutter.tables(), said), around)):
                end = int(here.lines[-1]) if following is not None else (cutter.resume or _NEVER) - 1
                mine = wanted[(wanted > last) & (wanted <= end)]
                if len(mine):
                    found.append(_around(_together(before, here, following, around), mine, around))
                last = end
                if not len(wanted) or end >= wanted[-1]:
                    break
            if found or not every:
                every.append((list(cutter.outline.header), _joined(found, cutter.empty())))
            if not len(wanted) or last >= wanted[-1]:
                break
    return [one for one in every if one[1].rows] or every[:1]


_NEVER = np.iinfo(np.int64).max


def _corrected(tables: Iterator[RawTable], said: FileMapping) -> Iterator[RawTable]:
    """The same rows, those that a person has corrected as corrected."""
    for table in tables:
        table.columns = [column.cast(pa.string()) for column in table.columns]
        overlay(table, corrections_in(table, said.options.get("corrections") or {}))
        yield table


def _thick(tables: Iterator[RawTable], least: int) -> Iterator[RawTable]:
    """The same rows in tables of so many rows at least, but for the last."""
    held: list[RawTable] = []
    for table in tables:
        held += [table] if table.rows else []
        if sum(part.rows for part in held) > least:
            yield _joined(held, held[0])
            held = []
    if held:
        yield _joined(held, held[0])


def _threes(tables: Iterator[RawTable]) -> Iterator[tuple[RawTable | None, RawTable, RawTable | None]]:
    """Each table with the one before it and the one after."""
    before: RawTable | None = None
    for here, following in pairwise(_ended(tables)):
        assert here is not None
        yield before, here, following
        before = here


def _ended(tables: Iterator[RawTable]) -> Iterator[RawTable | None]:
    yield from tables
    yield None


def _together(before: RawTable | None, here: RawTable, following: RawTable | None, around: int) -> RawTable:
    parts = [here]
    if before is not None and around:
        parts.insert(0, _take(before, np.arange(max(before.rows - around, 0), before.rows)))
    if following is not None and around:
        parts.append(_take(following, np.arange(min(around, following.rows))))
    return _joined(parts, here)


def _around(table: RawTable, lines: IntArray, around: int) -> RawTable:
    at = np.searchsorted(table.lines, lines)
    near = np.unique((at[:, None] + np.arange(-around, around + 1)[None, :]).ravel())
    return _take(table, near[(near >= 0) & (near < table.rows)])


def _take(table: RawTable, at: IntArray) -> RawTable:
    places = pa.array(at)
    return RawTable(table.names, [column.take(places) for column in table.columns], table.lines[at])


def _joined(parts: list[RawTable], empty: RawTable) -> RawTable:
    """The rows of several tables in the order of their lines, each once."""
    if not parts:
        return empty
    columns = [
        pa.chunked_array([chunk for part in parts for chunk in part.columns[i].chunks], pa.string())
        for i in range(len(empty.names))
    ]
    lines = np.concatenate([part.lines for part in parts])
    return _take(RawTable(empty.names, columns, lines), np.unique(lines, return_index=True)[1])
