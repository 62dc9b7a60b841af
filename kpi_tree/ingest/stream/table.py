"""A large text file as a table: its rows in parts on disk, its columns known by their profiles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg, nmsg
from kpi_tree.ingest.cells.columns import Column, Context, look_together
from kpi_tree.ingest.cells.profile import joined
from kpi_tree.ingest.cells.quantities import read_numbers
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.layout import known, recognise
from kpi_tree.ingest.limits import MEGABYTE, Limits
from kpi_tree.ingest.overlay import overlay
from kpi_tree.ingest.raw import SAMPLE_ROWS, Raw, context_of, corrections_in, dialect_of
from kpi_tree.ingest.source import Source, refusal
from kpi_tree.ingest.stream.file import BigFile
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.stream.pieces import Cutter, pieces
from kpi_tree.ingest.stream.survey import Survey, survey
from kpi_tree.ingest.text.dialect import Dialect
from kpi_tree.ingest.text.lines import Faults, open_text, rows_of
from kpi_tree.ingest.text.outline import Outline, find_outline
from kpi_tree.ingest.text.table import RawTable, unique_names
from kpi_tree.ingest.totals import LeftOut, Whole, no_records
from kpi_tree.issues import Issue
from kpi_tree.steps import Watch

HEAD, TAIL = 200, 40
"""Rows at the ends of a table that tell what a usual row is, and where totals and footers stand."""
MOST_LABELS = 20_000
"""Rows with a word for a total that are looked at; where there are more, the word names something else."""


def cutter_of(
    file: BigFile, options: Mapping[str, Any], limits: Limits, watch: Watch, tell: Callable[[float], None]
) -> Cutter:
    """How a large text is cut into rows, found out from its beginning.

    Raises:
        Refused: it holds no table, or one with too many columns.
    """
    facts = survey(file, options, limits, watch)
    dialect = dialect_of(file.path, facts.encoding, options)
    outline = _outline(file, facts, dialect, options, limits)
    if not outline.header:
        raise refusal(
            msg("The file holds no table."),
            file.name,
            msg("Choose a file with a header and at least one row."),
        )
    if len(outline.header) > limits.columns:
        raise Refused(
            msg(
                "The table has {n} columns; {limit} is the most.", n=len(outline.header), limit=limits.columns
            ),
            place=file.name,
            remedy=msg("Leave out the columns that no KPI needs."),
        )
    layout = recognise(unique_names(outline.header))
    drop = layout is not None and layout.extra_cells == "drop"
    return Cutter(file, facts, dialect, outline, limits, Faults(), drop, tell)


def _outline(
    file: BigFile, facts: Survey, dialect: Dialect, options: Mapping[str, Any], limits: Limits
) -> Outline:
    with open_text(file.path, facts.encoding) as text:
        odd = dialect.quote in facts.odd
        first = list(islice(rows_of(lambda: text, dialect, Faults(), limits, odd=odd), SAMPLE_ROWS))
    header = options.get("header")
    return find_outline(first, known, header=None if header is None else bool(header))


def read_large(file: BigFile, options: Mapping[str, Any], limits: Limits, watch: Watch) -> Raw:
    """A large text file as a raw table whose rows lie on disk (:class:`LargeTable`).

    Raises:
        Refused: it holds no table, or the disk is full. Cancelled: it was stopped.
    """
    look, cut = watch.part(0.0, 0.15), watch.part(0.15, 1.0)
    message = msg("Reading {file}", file=file.name)
    cutter = cutter_of(file, options, limits, look, lambda share: cut.tell(message, share))
    table = LargeTable(unique_names(cutter.outline.header), file.folder, file.name)
    for rows in cutter.tables():
        if fixes := corrections_in(rows, options.get("corrections") or {}):
            rows.columns = [column.cast(pa.string()) for column in rows.columns]
            overlay(rows, fixes)
        table.add(rows)
        watch.check()
    context = context_of(cutter.dialect, cutter.outline, table.names, options)
    columns = _columns(table, context)
    left = LeftOut()
    if options.get("total_rows") is not False and table.parts:
        left = _leave_out(table, columns, context)
        if left.totals or left.footers:
            columns = _columns(table, context)
    left.footers += table.footers
    return Raw(
        Source("zip" if file.member else "text", b"", file.name, file.fingerprint, {}),
        cutter.facts.encoding.name,
        cutter.dialect,
        cutter.outline,
        table,
        columns,
        context,
        left,
        cutter.faults,
        members=[file.member] if file.member else [],
        said=options,
        member=file.member,
        notes=_notes(file, cutter),
    )


def _notes(file: BigFile, cutter: Cutter) -> list[Issue]:
    if cutter.further is None:
        return []
    first, last = cutter.further, _last_line(file, cutter)
    return [
        Issue(
            "warning",
            "further_tables",
            nmsg(
                "Another table begins here: {n} line is not read. Of a text over {most} MB only the first "
                "table is.",
                "Another table begins here: {n} lines are not read. Of a text over {most} MB only the first "
                "table is.",
                last - first + 1,
                most=max(cutter.limits.whole_bytes // MEGABYTE, 1),
            ),
            f"{file.name}, row {first}",
            msg(
                "Save the rows {first} to {last} as a file of their own, and load that too.",
                first=first,
                last=last,
            ),
            first,
            count=last - first + 1,
        )
    ]


def _last_line(file: BigFile, cutter: Cutter) -> int:
    """The number of the last line of a text that holds something."""
    mark = b"\r" if cutter.facts.lone_returns else b"\n"
    lines = last = 0
    for piece, _ in pieces(file, cutter.facts.encoding, "", cutter.limits.part_bytes):
        ends = lines + piece.count(mark)
        rest = piece.rstrip()
        if rest:
            last = lines + rest.count(mark) + 1
        lines = ends
    return last


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
