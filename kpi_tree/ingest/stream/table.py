"""The tables of a large text file: their rows in parts on disk, their columns known by profiles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.cells.columns import Column, Context, look_together
from kpi_tree.ingest.cells.profile import joined
from kpi_tree.ingest.cells.quantities import read_numbers
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.files.members import about_ignored
from kpi_tree.ingest.files.source import Source
from kpi_tree.ingest.known import known
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.sections import name_tables, picked
from kpi_tree.ingest.stream.cutting import cutters
from kpi_tree.ingest.stream.file import BigFile
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.stream.pieces import Cutter
from kpi_tree.ingest.stream.workers import ahead
from kpi_tree.ingest.table.overlay import overlay
from kpi_tree.ingest.table.raw import Raw, Text, context_of, corrections_in, not_all, tables_in
from kpi_tree.ingest.table.totals import LeftOut, Whole, no_records
from kpi_tree.ingest.text.beside import are_beside
from kpi_tree.ingest.text.lines import Faults
from kpi_tree.ingest.text.outline import Outline
from kpi_tree.ingest.text.table import RawTable, unique_names
from kpi_tree.steps import Watch

HEAD, TAIL = 200, 40
"""Rows at the ends of a table that tell what a usual row is, and where totals and footers stand."""
MOST_LABELS = 20_000
"""Rows with a word for a total that are looked at; where there are more, the word names something else."""


def open_large(file: BigFile, said: FileMapping, limits: Limits, watch: Watch) -> Raw:
    """The table of a large text that says most about it, or the one that was chosen.

    Raises:
        Refused, Cancelled: as :func:`read_large`.
    """
    found = read_large(file, said.options, limits, watch)
    return picked(found[0].source, found, said)[0]


def read_large(file: BigFile, options: Mapping[str, Any], limits: Limits, watch: Watch) -> list[Raw]:
    """The tables of a large text file, whose rows lie on disk (:class:`LargeTable`), in their order.

    Raises:
        Refused: it holds no table, or the disk is full. Cancelled: it was stopped.
    """
    look, cut = watch.part(0.0, 0.15), watch.part(0.15, 1.0)
    source = Source("zip" if file.member else "text", b"", file.name, file.fingerprint, {})
    faults, found, cut_by = Faults(), list[Raw](), list[Cutter]()
    for cutter in cutters(file, options, limits, look):
        if cutter.ready is not None:
            rows = Text(source, cutter.facts.encoding.name, cutter.dialect, iter(cutter.report), faults)
            raw = tables_in(rows, known, options, limits, 1)[0]
        else:
            raw = _table_of(replace(file, folder=_folder(file, len(found))), cutter, source, options, cut)
        if found and not raw.table.rows and not raw.table.wide and known(cutter.outline.header) < 2:
            end = cutter.resume or file.size
            found[0].left_out.footers += [line for line in cutter.first if line < end]
        else:
            found.append(raw)
            cut_by.append(cutter)
    if len(found) > 1 and cutter.resume is not None:
        found[0].notes.append(not_all(source.name, cutter.resume))
    for raw, cutter in zip(found, cut_by, strict=True):
        faults.unclosed += cutter.faults.unclosed
        raw.faults = faults
        raw.members, raw.member = [file.member] if file.member else [], file.member
        if isinstance(raw.table, LargeTable):
            raw.table.file = replace(raw.table.file, size=cutter.size)
    name_tables(found)
    return found


def _folder(file: BigFile, number: int) -> Path:
    """Where the rows of one of the tables lie."""
    if number:
        (file.folder / str(number)).mkdir(exist_ok=True)
    return file.folder / str(number) if number else file.folder


def _table_of(file: BigFile, cutter: Cutter, source: Source, options: Mapping[str, Any], watch: Watch) -> Raw:
    table = LargeTable(unique_names(cutter.outline.header), file)
    with ahead(cutter.tables()) as parts:
        for rows in parts:
            watch.tell(msg("Reading {file}", file=file.name), cutter.done)
            if fixes := corrections_in(rows, options.get("corrections") or {}):
                rows.columns = [column.cast(pa.string()) for column in rows.columns]
                overlay(rows, fixes)
            table.add(rows)
    context = context_of(cutter.dialect, cutter.outline, table.names, options)
    columns = _columns(table, context)
    left = LeftOut()
    if options.get("total_rows") is not False and table.parts:
        left = _leave_out(table, columns, context)
        if left.totals or left.footers:
            columns = _columns(table, context)
    left.footers += table.footers
    encoding, outline = cutter.facts.encoding.name, cutter.outline
    if are_beside(outline, [column.kind == "empty" for column in columns]):
        _refuse_beside(source.name, outline)
    raw = Raw(
        source, encoding, cutter.dialect, outline, table, columns, context, left, cutter.faults, said=options
    )
    raw.notes += about_ignored(source.name, file.beside)
    return raw


def _refuse_beside(place: str, outline: Outline) -> None:
    """A large text is cut line by line, so its tables that share lines are not told apart as in a small one;
    read as one, the columns of the second would count as the first's."""
    raise Refused(
        msg("Tables stand side by side from row {n} on.", n=max(outline.header_line, 1)),
        place=place,
        remedy=msg("Put each into a file of its own."),
    )


def _columns(table: LargeTable, context: Context) -> list[Column]:
    return look_together(table.names, [table.profile(i) for i in range(len(table.names))], context)


def part_of(raw: Raw, rows: RawTable, headers: set[str] | None = None, as_text: Collection[str] = ()) -> Raw:
    """Some rows of a large table as a table of their own, each column read as the whole one.

    Args:
        headers: the columns that are needed; all when not given.
        as_text: those of which only the texts are; how the whole column is read does not matter to them.
    """
    columns = []
    for column, texts in zip(raw.columns, rows.columns, strict=True):
        if headers is None or column.name in headers:
            cells = cells_of(texts)
            if column.name in as_text:
                columns.append(replace(column, cells=cells, blank=np.zeros(len(cells.texts), bool)))
            else:
                columns.append(replace(column, cells=joined(column.cells, cells), blank=np.zeros(0, bool)))
    return replace(raw, table=rows, columns=columns)


def _leave_out(table: LargeTable, columns: list[Column], context: Context) -> LeftOut:
    """Find the totals and footers of a large table among its ends and the rows with a word for a total."""
    some = _ends_and_labels(table, columns)
    cells = [joined(column.cells, cells_of(held)) for column, held in zip(columns, some.columns, strict=True)]
    near = look_together(some.names, cells, replace(context))
    whole = Whole(
        table.rows,
        [_filled(column) for column in columns],
        lambda i: sum(_sum(columns[i], rows, i, context) for rows in table.each()),
    )
    total, foot = no_records(some, near, whole)
    left = LeftOut(some.lines[total].tolist(), some.lines[foot].tolist())
    table.drop([*left.totals, *left.footers])
    return left


def _filled(column: Column) -> float:
    counts = column.cells.counts
    return float(counts[~column.blank].sum()) / max(float(counts.sum()), 1.0)


def _sum(column: Column, rows: RawTable, at: int, context: Context) -> float:
    """The sum of a column of numbers over some rows."""
    cells = joined(column.cells, cells_of(rows.columns[at]))
    assert column.numbers is not None
    decimal = column.numbers.decimal or context.decimal
    numbers = read_numbers(cells, decimal=decimal or None, delimiter=context.delimiter)
    return float(numbers.floats()[cells.index].sum())


def _ends_and_labels(table: LargeTable, columns: list[Column]) -> RawTable:
    """The first and last rows of a table, and those between that may be totals by a word in them."""
    start = labels = 0
    places = []
    for part in table.parts:
        at = np.arange(start, start + part.rows)
        chosen = (at < HEAD) | (at >= table.rows - TAIL)
        if labels < MOST_LABELS:
            for column, labelled in zip(columns, part.labels, strict=False):
                if column.kind not in ("integer", "number"):
                    chosen[labelled] = True
            labels += int(chosen.sum())
        places.append(np.flatnonzero(chosen))
        start += part.rows
    return table.rows_at(places)
