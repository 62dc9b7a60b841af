"""Typed rows in drawers: what belongs together lies in one drawer, and each drawer fits into memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.cells.shapes import IntArray
from kpi_tree.ingest.stream.file import no_room
from kpi_tree.records.room import LOADING, roomy


class Drawers:
    """Sorts rows into drawers by an SQL expression; a context manager that lets go of what it holds.

    Args:
        folder: where the drawers lie.
        key: SQL over the rows; rows that differ in it may lie apart. Empty: all rows lie together.
        count: how many drawers.
        place: the file's name, for a refusal.
    """

    def __init__(self, folder: Path, key: str, count: int, place: str) -> None:
        self.folder, self.key, self.place = folder, key, place
        self.count = count if key else 1
        self._open: dict[int, pa.ipc.RecordBatchStreamWriter] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Drawers:
        self._con = self._stack.enter_context(roomy(LOADING))
        self._con.execute("SET threads = 1")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def put(self, rows: pa.Table) -> None:
        """Put rows away.

        Raises:
            Refused: the disk is full.
        """
        try:
            if self.count == 1:
                self._writer(0, rows.schema).write_table(rows)
                return
            drawer = self._drawer_of(rows)
            order = np.argsort(drawer, kind="stable")
            ordered = rows.take(pa.array(order))
            ends = np.searchsorted(drawer[order], np.arange(self.count + 1))
            for number in range(self.count):
                start, end = int(ends[number]), int(ends[number + 1])
                if end > start:
                    self._writer(number, rows.schema).write_table(ordered.slice(start, end - start))
        except OSError as fault:
            raise no_room(fault, self.place) from fault

    def _drawer_of(self, rows: pa.Table) -> IntArray:
        self._con.register("src", rows)
        found = self._con.execute(f"SELECT CAST(hash({self.key}) % {self.count} AS INTEGER) AS d FROM src")
        drawer = np.asarray(found.fetchnumpy()["d"], np.int64)
        self._con.unregister("src")
        return drawer

    def _writer(self, number: int, schema: pa.Schema) -> pa.ipc.RecordBatchStreamWriter:
        if number not in self._open:
            out = self._stack.enter_context(pa.OSFile(str(self._path(number)), "wb"))
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._open[number] = self._stack.enter_context(pa.ipc.new_stream(out, schema, options=options))
        return self._open[number]

    def _path(self, number: int) -> Path:
        return self.folder / f"drawer-{number}.arrow"

    def each(self) -> Iterator[pa.Table]:
        """The rows of each drawer in the order in which they were put there; a drawer read is gone."""
        self._stack.close()
        for number in range(self.count):
            if number in self._open:
                with pa.OSFile(str(self._path(number)), "rb") as stream:
                    found = pa.ipc.open_stream(stream).read_all()
                yield found
                self._path(number).unlink()
