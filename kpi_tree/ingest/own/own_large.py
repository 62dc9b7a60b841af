"""Large files into tables of the shop's own: typed part by part, written in order, the last row of a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.i18n import msg
from kpi_tree.ingest.about_table import about_table
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.cells.shapes import IntArray
from kpi_tree.ingest.inspection import inspection_of
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.outcome import Reading
from kpi_tree.ingest.own.own_rows import about_own, layout_of, marks_of
from kpi_tree.ingest.stream.apart import PartComplaints, write_quarantine
from kpi_tree.ingest.stream.file import BigFile, no_room, open_big
from kpi_tree.ingest.stream.merging import Groups
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.stream.records import How, judge, typed_parts
from kpi_tree.ingest.stream.table import open_large
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.records.leftovers import drop_folder, new_folder
from kpi_tree.records.parquet import RowsFile, conform
from kpi_tree.records.room import LOADING, roomy
from kpi_tree.records.tables import ROW, ROW_KEY, Table, arrow_schema
from kpi_tree.steps import Watch

if TYPE_CHECKING:
    import duckdb


def read_own_in_parts(
    given: Path | str | bytes,
    name: str,
    table: Table,
    said: FileMapping,
    zone: str,
    limits: Limits,
    watch: Watch,
) -> Reading:
    """Read a large file into one of the shop's tables; see :func:`kpi_tree.ingest.own.own_table.read_own`.

    Raises:
        Refused: a column is not there, cells can be read in two ways, or the disk is full.
        Cancelled: it was stopped.
    """
    folder = new_folder()
    try:
        file = open_big(given, name, limits, folder, watch)
        raw = open_large(file, said, limits, watch.part(0.0, 0.5))
        file = raw.table.file if isinstance(raw.table, LargeTable) else file
        how = How(file, layout_of(raw, table), said, zone, limits)
        reading = _read(raw, how, table, watch.part(0.5, 1.0))
    except BaseException:
        drop_folder(folder)
        raise
    reading.held_by(folder)
    return reading


def _read(raw: Raw, how: How, table: Table, watch: Watch) -> Reading:
    file = how.file
    complaints = Complaints(file.name, how.limits.shown)
    about_table(complaints, raw)
    judge(raw, how, complaints, strict=True)
    if not raw.table.rows:
        complaints.no_rows()
    others = list(complaints.cells())
    parts = PartComplaints(file.name, how.limits.shown)
    typed = _spooled(raw, how, table, parts, watch.part(0.0, 0.6))
    found = _repeats(typed, table, watch)
    watch.tell(msg("Putting the records in order"), 0.8)
    rows = _written(typed, found, table, file)
    blamed = parts.say_all(complaints)
    replaced = 0 if ROW_KEY in table.key else len(found.rows)
    issues = [*complaints.issues(), *about_own(table, raw, raw.source, replaced)]
    inspection = inspection_of(raw.source, raw, None, None, issues)
    inspection.table, inspection.known = table.name, True
    apart = [(cell, False) for cell in others] + [(cell, True) for cell in blamed]
    quarantine = write_quarantine(raw, apart, file.folder / "quarantine.parquet")
    total = raw.table.rows + raw.table.wide_count
    return Reading(inspection, {table.name: rows}, None, quarantine, issues, total, file.fingerprint)


def _spooled(raw: Raw, how: How, table: Table, complaints: PartComplaints, watch: Watch) -> Path:
    """The rows that can be used on disk, in the order of the file."""
    path = how.file.folder / "typed.arrow"
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    writer: pa.ipc.RecordBatchStreamWriter | None = None
    try:
        with ExitStack() as stack:
            out = stack.enter_context(pa.OSFile(str(path), "wb"))
            parts = stack.enter_context(closing(typed_parts(raw, how, complaints, watch)))
            for part in parts:
                good = pc.invert(part.column("_bad"))
                rows = part.drop_columns(["_bad"]).filter(good)
                if ROW_KEY in table.key:
                    rows = rows.append_column(ROW_KEY, pa.array(marks_of(rows), pa.string()))
                writer = writer or pa.ipc.new_stream(out, rows.schema, options=options)
                writer.write_table(rows)
            if writer is not None:
                writer.close()
    except OSError as fault:
        raise no_room(fault, how.file.name) from fault
    return path


@dataclass(frozen=True, slots=True)
class _Repeats:
    """Rows with the key of another: those before its last one, or each after the first with its number."""

    rows: IntArray
    numbers: IntArray


def _repeats(typed: Path, table: Table, watch: Watch) -> _Repeats:
    keys = ", ".join(f'"{key}"' for key in table.key)
    if ROW_KEY in table.key:
        number = f"row_number() OVER (PARTITION BY {keys} ORDER BY {ROW})"
        sql = f"SELECT {ROW}, {number} AS n FROM found QUALIFY n > 1 ORDER BY {ROW}"
    else:
        sql = (
            f"SELECT {ROW}, 0 AS n FROM found QUALIFY {ROW} < max({ROW}) OVER (PARTITION BY {keys})"
            f" ORDER BY {ROW}"
        )
    with _batches(typed) as batches, roomy(LOADING, watch) as con:
        _see(con, batches, [*table.key, ROW])
        found = con.execute(sql).fetchnumpy()
    return _Repeats(np.asarray(found[ROW], np.int64), np.asarray(found["n"], np.int64))


def _see(con: duckdb.DuckDBPyConnection, batches: pa.RecordBatchReader, names: Sequence[str]) -> None:
    """Let an engine see some columns of rows as ``found``, once."""
    schema = pa.schema([batches.schema.field(name) for name in names])
    some = (batch.select(list(names)) for batch in batches)
    con.register("found", pa.RecordBatchReader.from_batches(schema, some))


@contextmanager
def _batches(typed: Path) -> Iterator[pa.RecordBatchReader]:
    with pa.OSFile(str(typed), "rb") as stream, pa.ipc.open_stream(stream) as reader:
        yield reader


def _written(typed: Path, found: _Repeats, table: Table, file: BigFile) -> RowsFile:
    path = file.folder / "own.parquet"
    count = 0
    try:
        with _batches(typed) as batches, Groups(path, arrow_schema(table)) as out:
            for batch in batches:
                rows = _settled(pa.Table.from_batches([batch]), found, table)
                count += rows.num_rows
                out.write(conform(table, rows))
    except OSError as fault:
        raise no_room(fault, file.name) from fault
    typed.unlink()
    return RowsFile(path, count)


def _settled(rows: pa.Table, found: _Repeats, table: Table) -> pa.Table:
    """Rows without those that a later one replaces; without a key, numbered among their like."""
    lines = np.asarray(rows.column(ROW), np.int64)
    at = np.searchsorted(found.rows, lines)
    at[at == len(found.rows)] = 0
    hit = found.rows[at] == lines if len(found.rows) else np.zeros(len(lines), bool)
    if ROW_KEY not in table.key:
        return rows.filter(pa.array(~hit))
    numbers = np.where(hit, found.numbers[at], 1) if len(found.rows) else np.ones(len(lines), np.int64)
    texts = pa.array(numbers).cast(pa.string())
    keys = pc.binary_join_element_wise(rows.column(ROW_KEY), pa.chunked_array([texts]), "-")
    return rows.set_column(rows.column_names.index(ROW_KEY), ROW_KEY, keys)


def all_different(table: LargeTable, places: Sequence[int]) -> bool:
    """Whether no two rows of a large table say the same in some columns."""

    def batches() -> Iterator[pa.RecordBatch]:
        for part in table.each():
            yield from _columns(part.columns, places).to_batches()

    first = next(table.each(), None)
    if first is None:
        return True
    some = _columns(first.columns, places)
    if some.group_by(some.column_names, use_threads=False).aggregate([]).num_rows < some.num_rows:
        return False  # nearly always found out here
    with roomy(LOADING) as con:
        con.register("found", pa.RecordBatchReader.from_batches(some.schema, batches()))
        count = con.execute("SELECT count(*) FROM (SELECT DISTINCT * FROM found)").fetchall()[0][0]
    return int(count) == table.rows


def _columns(columns: Sequence[pa.ChunkedArray], places: Sequence[int]) -> pa.Table:
    return pa.table({str(at): columns[at].cast(pa.string()) for at in places})
