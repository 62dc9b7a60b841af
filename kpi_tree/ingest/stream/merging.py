"""Records made drawer by drawer, put back into the order of the file and written as one Parquet file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kpi_tree.ingest.stream.file import no_room
from kpi_tree.records.parquet import GROUP, RowsFile
from kpi_tree.records.tables import ROW, arrow_schema
from kpi_tree.steps import Watch

BATCH = 8_192
"""Rows of a run that are held while runs are merged."""


class Runs:
    """The records of one table, as runs that are each in the order of ``_row``."""

    def __init__(self, table: str, folder: Path, place: str) -> None:
        self.table, self.folder, self.place = table, folder, place
        self.count, self.rows = 0, 0
        self.schema: pa.Schema = arrow_schema(table)

    def add(self, rows: pa.Table) -> None:
        """Write down one run.

        Raises:
            Refused: the disk is full.
        """
        if not rows.num_rows:
            return
        try:
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            with (
                pa.OSFile(str(self._path(self.count)), "wb") as out,
                pa.ipc.new_file(out, rows.schema, options=options) as writer,
            ):
                writer.write_table(rows, max_chunksize=BATCH)
        except OSError as fault:
            raise no_room(fault, self.place) from fault
        self.schema = rows.schema
        self.count += 1
        self.rows += rows.num_rows

    def _path(self, number: int) -> Path:
        return self.folder / f"run-{self.table}-{number}.arrow"

    def merged(self, watch: Watch) -> RowsFile:
        """All runs as one file in the order of ``_row``.

        Raises:
            Refused: the disk is full. Cancelled: it was stopped.
        """
        path = self.folder / f"{self.table}.parquet"
        try:
            with pq.ParquetWriter(path, self.schema, compression="zstd") as out:
                waiting: list[pa.Table] = []
                for rows in self._ordered():
                    watch.check()
                    waiting.append(rows)
                    while sum(part.num_rows for part in waiting) >= GROUP:
                        held = pa.concat_tables(waiting)
                        out.write_table(held.slice(0, GROUP), row_group_size=GROUP)
                        waiting = [held.slice(GROUP)]
                if waiting:
                    out.write_table(pa.concat_tables(waiting), row_group_size=GROUP)
        except OSError as fault:
            raise no_room(fault, self.place) from fault
        for number in range(self.count):
            self._path(number).unlink()
        return RowsFile(path, self.rows)

    def _ordered(self) -> Iterator[pa.Table]:
        """Of all runs, again and again what none of them can still hold something before."""
        with ExitStack() as stack:
            runs = [_Run(self._path(number), stack) for number in range(self.count)]
            while runs := [run for run in runs if run.fill()]:
                until = min(run.last for run in runs)
                ready = pa.concat_tables([run.take(until) for run in runs])
                order = np.argsort(np.asarray(ready.column(ROW)), kind="stable")
                yield ready.take(pa.array(order))


class _Run:
    """One run, read a batch at a time."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        stream = stack.enter_context(pa.OSFile(str(path), "rb"))
        self.reader = stack.enter_context(pa.ipc.open_file(stream))
        self.next = 0
        self.held: pa.Table | None = None

    def fill(self) -> bool:
        """Hold some rows; False at the end."""
        if (self.held is None or not self.held.num_rows) and self.next < self.reader.num_record_batches:
            self.held = pa.Table.from_batches([self.reader.get_batch(self.next)])
            self.next += 1
        return self.held is not None and self.held.num_rows > 0

    @property
    def last(self) -> int:
        """The last row held; what comes later is not before it."""
        assert self.held is not None
        return int(self.held.column(ROW)[-1].as_py())

    def take(self, until: int) -> pa.Table:
        """The rows held up to one, which are let go."""
        assert self.held is not None
        lines = np.asarray(self.held.column(ROW))
        count = int(np.searchsorted(lines, until, side="right"))
        taken, self.held = self.held.slice(0, count), self.held.slice(count)
        return taken
