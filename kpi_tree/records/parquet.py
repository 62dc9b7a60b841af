"""Parquet in and out: one immutable file for the rows one batch brings to one table."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.records.tables import HIDDEN, ROW, SEGMENT_TYPES, WHOLE, Table, arrow_schema, table

GROUP = 122_880
"""Rows of one row group."""


WORDS = 128 << 10
"""Bytes of different values up to which each row of a group names one of them. Columns of order numbers are
smaller, and written in two thirds of the time, as they are."""


def how_written(schema: pa.Schema) -> dict[str, Any]:
    """How Parquet files of records are written: row numbers by their differences, which is half the size."""
    coded = [name for name in schema.names if name != ROW]
    rows = {ROW: "DELTA_BINARY_PACKED"} if ROW in schema.names else None
    return {
        "compression": "zstd",
        "use_dictionary": coded,
        "dictionary_pagesize_limit": WORDS,
        "column_encoding": rows,
    }


def conform(of: Table | str, data: pa.Table) -> pa.Table:
    """The rows in the table's stored schema: columns in order, absent ones empty or at their default.

    ``_row`` is numbered from 1 where the rows do not carry it.

    Raises:
        Refused: a required column is absent or empty in some row, a value does not fit its type, or
            there is a column that the table does not have.

    >>> rows = conform("market_size", pa.table({"month": ["2026-01-01"], "value": ["5"]}))
    >>> rows.column("market")[0].as_py(), rows.column("_row")[0].as_py()
    ('', 1)
    """
    found = table(of) if isinstance(of, str) else of
    schema = arrow_schema(found)
    allowed = SEGMENT_TYPES if found.aggregate else {WHOLE: HIDDEN[WHOLE]}
    hidden = [pa.field(n, kind) for n, kind in allowed.items() if n in data.column_names]
    schema = pa.schema([*schema, *hidden])
    unknown = [name for name in data.column_names if name not in schema.names]
    if unknown:
        raise Refused(
            msg("The table has no column {name}.", name=unknown[0]),
            place=found.name,
            remedy=msg("Its columns are: {names}.", names=", ".join(found.columns)),
        )
    arrays = [_array(found, wanted, data) for wanted in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(of: Table, wanted: pa.Field, data: pa.Table) -> pa.ChunkedArray:
    if wanted.name not in data.column_names:
        if wanted.name == ROW:
            return pa.chunked_array([pa.array(range(1, data.num_rows + 1), wanted.type)])
        values = pa.chunked_array([pa.nulls(data.num_rows, wanted.type)])
    else:
        values = _cast(of, wanted, data.column(wanted.name))
    if wanted.name == ROW or wanted.name in HIDDEN:
        return values
    column = of.columns[wanted.name]
    if column.default is not None and values.null_count:
        values = values.fill_null(pa.scalar(column.default, wanted.type))
    if column.required and values.null_count:
        raise Refused(
            msg("{n} rows have no value in the column {name}.", n=values.null_count, name=column.name),
            place=of.name,
            remedy=msg("Every row needs one."),
        )
    return values


def _cast(of: Table, wanted: pa.Field, values: pa.ChunkedArray) -> pa.ChunkedArray:
    if values.type == wanted.type:
        return values
    try:
        if pa.types.is_decimal(wanted.type) and pa.types.is_floating(values.type):
            # Rounded as decimals: 0.1 + 0.2 must not be refused for its binary noise.
            return pc.round(values.cast(pa.decimal128(38, 12)), 4).cast(wanted.type)
        if pa.types.is_decimal(wanted.type) and pa.types.is_integer(values.type):
            return values.cast(pa.decimal128(38, 4)).cast(wanted.type)
        return values.cast(wanted.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise Refused(
            msg(
                "The column {name} does not hold values of the type {kind}.",
                name=wanted.name,
                kind=of.columns[wanted.name].type if wanted.name in of.columns else "integer",
            ),
            place=of.name,
            remedy=msg("Give it as the template shows."),
        ) from error


@dataclass(frozen=True, slots=True)
class RowsFile:
    """Rows that are too many to be held: in a Parquet file, in their table's stored schema."""

    path: Path
    num_rows: int

    @property
    def column_names(self) -> list[str]:
        """The columns."""
        return list(pq.read_schema(self.path).names)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows, some thousand at a time."""
        with pq.ParquetFile(self.path) as file:
            yield from file.iter_batches(batch_size=GROUP, columns=list(columns) if columns else None)

    def slice(self, offset: int, length: int) -> pa.Table:
        """Some of the first rows."""
        found, seen = [], 0
        for batch in self.batches():
            if seen < offset + length:
                found.append(batch.slice(max(offset - seen, 0), offset + length - max(seen, offset)))
            seen += batch.num_rows
            if seen >= offset + length:
                break
        return pa.Table.from_batches(found, pq.read_schema(self.path))


Rows: TypeAlias = pa.Table | RowsFile
"""Rows of a record table, held or on disk."""


def held(rows: Rows) -> pa.Table:
    """Rows in memory, wherever they lie."""
    return rows.slice(0, rows.num_rows) if isinstance(rows, RowsFile) else rows


def column_of(rows: Rows, name: str) -> npt.NDArray[Any]:
    """One column of rows, wherever they lie."""
    if not isinstance(rows, RowsFile):
        return np.asarray(rows.column(name))
    return np.concatenate([np.asarray(batch.column(0)) for batch in rows.batches([name])])


def times_at_ends(rows: RowsFile, name: str) -> pa.ChunkedArray:
    """Those values of a column of days or moments among which the first and last ones are, with all that lie
    within a day of them: what a file says of its row groups tells which to read."""
    with pq.ParquetFile(rows.path) as file:
        at, groups = file.schema_arrow.get_field_index(name), range(file.metadata.num_row_groups)
        about = [file.metadata.row_group(group).column(at).statistics for group in groups]
        told = [one for one in about if one is not None and one.has_min_max]
        if not told:
            return file.read(columns=[name]).column(0)
        day = timedelta(days=1)
        low, high = min(one.min for one in told) + day, max(one.max for one in told) - day
        wanted = [
            group
            for group, one in zip(groups, about, strict=True)
            if one is None or not one.has_min_max or one.min <= low or one.max >= high
        ]
        return file.read_row_groups(wanted, columns=[name]).column(0)


def latest(rows: Rows, name: str, until: datetime) -> date | None:
    """The last day or moment of a column that is not after a moment; None where there is none.

    Of rows on disk their row groups are asked: one that goes on beyond the moment says nothing.
    """
    if isinstance(rows, RowsFile):
        with pq.ParquetFile(rows.path) as file:
            at = file.schema_arrow.get_field_index(name)
            about = [file.metadata.row_group(n).column(at).statistics for n in range(file.num_row_groups)]
        ends = [one.max for one in about if one is not None and one.has_min_max]
    else:
        values = rows.column(name)
        bound = until if pa.types.is_timestamp(values.type) else until.date()
        ends = [pc.max(values.filter(pc.less_equal(values, pa.scalar(bound, values.type)))).as_py()]
    found: date | None = max((end for end in ends if end is not None and _is_past(end, until)), default=None)
    return found


def _is_past(end: date, until: datetime) -> bool:
    return end <= until if isinstance(end, datetime) else end <= until.date()


def rows_at(rows: Rows, lines: npt.NDArray[Any], by: str = ROW) -> pa.Table:
    """The rows that came from some lines of their file, which stand in the column ``by``."""
    wanted = pa.array(np.asarray(lines, np.int64))
    parts = rows.batches() if isinstance(rows, RowsFile) else [rows]
    found = [part.filter(pc.is_in(part.column(by), wanted)) for part in parts]
    return pa.Table.from_batches(found) if isinstance(rows, RowsFile) else found[0]


def write(of: Table | str, data: Rows, path: Path) -> Path:
    """Write a batch's rows of one table: on disk and whole when this returns, absent otherwise.

    The file is written beside its place, synced, and renamed; the folder is synced too.

    Raises:
        Refused: as :func:`conform`.
    """
    rows = data if isinstance(data, RowsFile) else conform(of, data)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as out:
            if isinstance(rows, RowsFile):
                with rows.path.open("rb") as source:
                    shutil.copyfileobj(source, out, 1 << 20)
            else:
                pq.write_table(rows, out, row_group_size=GROUP, **how_written(rows.schema))
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path) -> pa.Table:
    """The rows of one Parquet file."""
    return pq.read_table(path)
