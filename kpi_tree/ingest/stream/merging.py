"""Records made drawer by drawer, put back into the order of the file and written as one Parquet file.

Nearly all come in the order of the file, and are written at once. Those that come later than rows below
them wait as runs, and are merged with what is written at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kpi_tree.i18n import msg
from kpi_tree.ingest.stream.file import no_room
from kpi_tree.records.parquet import GROUP, RowsFile, how_written
from kpi_tree.records.room import LOADING, roomy
from kpi_tree.records.tables import ROW, arrow_schema, segment_dims, table
from kpi_tree.steps import Watch

BY = "_by"
BATCH = 8_192
"""Rows of a run that are held while runs are merged."""


class Runs:
    """The records of one table, as runs that are each in the order of ``_row``.

    Args:
        name: the record table.
        across: its keys may meet again in another run; the last one counts.
    """

    def __init__(self, name: str, folder: Path, place: str, across: bool = False) -> None:
        self.table, self.folder, self.place, self.across = name, folder, place, across
        self.repeated = (0, 0)
        self._dims: set[str] = set()
        self._stack = ExitStack()
        self._written: _Written | None = None
        self.runs: list[_Run] = []
        self.rows = self.shares = 0
        self.schema: pa.Schema = arrow_schema(name)

    def __enter__(self) -> Runs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def add(self, rows: pa.Table) -> None:
        """Write down one run.

        Raises:
            Refused: the disk is full.
        """
        if not rows.num_rows:
            return
        self.schema = rows.schema
        self.rows += rows.num_rows
        self.shares += 1
        try:
            if BY in rows.column_names:
                # By what a report is broken down is known at its end, and is said in each of its rows.
                self._dims |= set(rows.column(BY)[0].as_py().split(","))
                self._keep(rows)
            elif self._written is None or self._written.last < rows.column(ROW)[0].as_py():
                self._write(rows)
            else:
                self._keep(rows)
        except OSError as fault:
            raise no_room(fault, self.place) from fault

    def _write(self, rows: pa.Table) -> None:
        if self._written is None:
            out = self._stack.enter_context(
                Groups(self.folder / f"{self.table}-written.parquet", rows.schema)
            )
            self._written = _Written(out, int(rows.column(ROW)[0].as_py()))
        self._written.out.write(rows)
        self._written.last = int(rows.column(ROW)[-1].as_py())

    def _keep(self, rows: pa.Table) -> None:
        path = self.folder / f"run-{self.table}-{len(self.runs)}.arrow"
        run = _Run(path, int(rows.column(ROW)[0].as_py()))
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, rows.schema, options=options) as writer:
            writer.write_table(rows, max_chunksize=BATCH)
        self.runs.append(run)

    def merged(self, watch: Watch) -> RowsFile:
        """All runs as one file in the order of ``_row``.

        Raises:
            Refused: the disk is full. Cancelled: it was stopped.
        """
        path = self.folder / f"{self.table}.parquet"
        try:
            self._stack.close()
            if self._written is not None and not self.runs:
                self._written.out.path.rename(path)
            else:
                self._merge(path, watch)
        except OSError as fault:
            raise no_room(fault, self.place) from fault
        return self._last_of_key(path) if self.across and self.shares > 1 else RowsFile(path, self.rows)

    def _merge(self, path: Path, watch: Watch) -> None:
        done = 0
        with Groups(path, self.schema) as out:
            for rows in self._ordered():
                watch.tell(msg("Putting the records in order"), done / max(self.rows, 1))
                out.write(self._broken_down(rows))
                done += rows.num_rows

    def _broken_down(self, rows: pa.Table) -> pa.Table:
        """Rows that say by which dimensions all of the report is broken down."""
        if BY not in rows.column_names:
            return rows
        used = ",".join(dim for dim in segment_dims(table(self.table)) if dim in self._dims)
        at = rows.column_names.index(BY)
        return rows.set_column(at, BY, pa.array([used] * rows.num_rows, pa.string()))

    def _last_of_key(self, path: Path) -> RowsFile:
        """Of records with the same key only the last one."""
        keys = ", ".join(f'"{key}"' for key in table(self.table).key)
        values = ", ".join(f'"{name}"' for name in self.schema.names if name != ROW)
        with roomy(LOADING) as con:
            place = str(path).replace("'", "''")
            con.execute(f"CREATE VIEW found AS SELECT * FROM read_parquet('{place}')")
            earlier = con.execute(
                f"SELECT {ROW} FROM found QUALIFY {ROW} < max({ROW}) OVER (PARTITION BY {keys})"
            ).fetchnumpy()[ROW]
            kinds = con.execute(f"SELECT count(*) FROM (SELECT DISTINCT {values} FROM found)").fetchall()
        if not len(earlier):
            return RowsFile(path, self.rows)
        same = min(self.rows - int(kinds[0][0]), len(earlier))
        self.repeated = (same, len(earlier) - same)
        kept = path.with_suffix(".last.parquet")
        with pq.ParquetWriter(kept, self.schema, **how_written(self.schema)) as out:
            for batch in RowsFile(path, self.rows).batches():
                out.write_batch(batch.filter(pa.array(~np.isin(np.asarray(batch.column(ROW)), earlier))))
        path.unlink()
        return RowsFile(kept, self.rows - len(earlier))

    def _ordered(self) -> Iterator[pa.Table]:
        """Of all runs, again and again what none of them can still hold something before."""
        every = [*self.runs, self._written.run()] if self._written is not None else self.runs
        later = sorted(every, key=lambda run: run.first, reverse=True)
        with ExitStack() as stack:
            runs: list[_Run] = []
            while later or runs:
                runs = [run for run in runs if run.fill()]
                if not runs and not later:
                    break
                if not runs:
                    runs.append(_opened(later.pop(), stack))
                until = min(run.last for run in runs)
                while later and later[-1].first <= until:
                    runs.append(_opened(later.pop(), stack))
                    until = min(until, runs[-1].last)
                ready = pa.concat_tables([run.take(until) for run in runs])
                if len(runs) > 1:
                    order = np.argsort(np.asarray(ready.column(ROW)), kind="stable")
                    ready = ready.take(pa.array(order))
                yield ready


def _opened(run: _Run, stack: ExitStack) -> _Run:
    run.open(stack)
    run.fill()
    return run


class Groups:
    """A Parquet file written in row groups of the usual size, whatever the rows come in."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self._held, self._count = path, list[pa.Table](), 0
        self._out = pq.ParquetWriter(path, schema, **how_written(schema))

    def __enter__(self) -> Groups:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._held and kind is None:
            self._out.write_table(pa.concat_tables(self._held), row_group_size=GROUP)
        self._out.close()

    def write(self, rows: pa.Table) -> None:
        """The next rows."""
        self._held.append(rows)
        self._count += rows.num_rows
        while self._count >= GROUP:
            whole = pa.concat_tables(self._held)
            self._out.write_table(whole.slice(0, GROUP), row_group_size=GROUP)
            self._held, self._count = [whole.slice(GROUP)], self._count - GROUP


@dataclass(slots=True)
class _Written:
    """What was written in order: from its ``first`` row on to its ``last``."""

    out: Groups
    first: int
    last: int = -1

    def run(self) -> _Run:
        return _Run(self.out.path, self.first)


class _Run:
    """One run, read a batch at a time, from its ``first`` row on; its file is gone at the end."""

    def __init__(self, path: Path, first: int) -> None:
        self.path, self.first = path, first
        self.held: pa.Table | None = None

    def open(self, stack: ExitStack) -> None:
        """Begin to read; the file is closed with ``stack`` at the latest."""
        self.stack = stack.enter_context(ExitStack())
        self.batches = self._batches()

    def _batches(self) -> Iterator[pa.RecordBatch]:
        if self.path.suffix == ".parquet":
            yield from self.stack.enter_context(pq.ParquetFile(self.path)).iter_batches(BATCH)
            return
        stream = self.stack.enter_context(pa.OSFile(str(self.path), "rb"))
        reader = pa.ipc.open_file(stream)
        for at in range(reader.num_record_batches):
            yield reader.get_batch(at)

    def fill(self) -> bool:
        """Hold some rows; False at the end."""
        if self.held is None or not self.held.num_rows:
            batch = next(self.batches, None)
            if batch is None:
                self.held = None  # no rows, but all of the last batch they were cut from
                self.stack.close()
                self.path.unlink(missing_ok=True)
                return False
            self.held = pa.Table.from_batches([batch])
        return True

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
