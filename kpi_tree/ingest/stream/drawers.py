"""Typed rows in shares that fit into memory: what belongs together is given out together.

Rows are kept in drawers in the order of the file. In most files what belongs together (the lines of an
order) stands together, so that nearly every drawer is a share by itself; only rows whose fellows lie in
another drawer wait for them, or are sorted anew, by what they have in common, where they are many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.ingest.mapping.build import see, set_options
from kpi_tree.ingest.mapping.layout import Layout
from kpi_tree.ingest.stream.file import BigFile, no_room
from kpi_tree.records.room import LOADING, roomy

MARK = "_mark"
"""The hidden column that rows which belong together have in common."""
Marks = npt.NDArray[np.uint64]
"""Of 64 bits: no two orders have the same by chance. For one such order all records would be merged anew."""
MOST_WAITED = 50_000
"""Marks in several drawers whose rows are held back until the last of them comes."""


class Drawers:
    """Keeps rows on disk; a context manager that lets go of what it holds.

    Args:
        file: in whose folder the drawers lie.
        layout: says what belongs together (``apart``); where it says nothing, all rows do.
        options: what its SQL may ask for.
        size: bytes of typed rows in a drawer.
    """

    def __init__(self, file: BigFile, layout: Layout, options: Mapping[str, Any], size: int) -> None:
        self.file, self.options, self.size = file, options, size
        self.layout = replace(layout, numbered="")  # numbers within a share are its own
        self._stack = ExitStack()
        self._drawers: list[_Drawer] = []

    def __enter__(self) -> Drawers:
        if self.layout.apart:
            self._con = self._stack.enter_context(roomy(LOADING))
            self._con.execute("SET threads = 1")
            self._con.execute("SET TimeZone = 'UTC'")
            set_options(self._con, self.layout, self.options)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for drawer in self._drawers:
            drawer.close()
        self._stack.close()

    @property
    def count(self) -> int:
        """How many drawers there are."""
        return len(self._drawers)

    def put(self, rows: pa.Table) -> None:
        """Put rows away.

        Raises:
            Refused: the disk is full.
        """
        last = self._drawers[-1] if self._drawers else None
        if last is None or (self.layout.apart and last.size >= self.size):
            last = self._new("drawer")
        if self.layout.apart:
            marks = self._marks(rows)
            rows = rows.append_column(MARK, pa.array(marks))
            last.marks.append(_once(marks))
        self._write(last, rows)

    def _marks(self, rows: pa.Table) -> Marks:
        see(self._con, self.layout, rows)
        found = self._con.execute(f"SELECT hash({self.layout.apart}) FROM src")
        return np.asarray(next(iter(found.fetchnumpy().values())), np.uint64)

    def _new(self, name: str) -> _Drawer:
        if self._drawers:
            self._drawers[-1].settle()
        path = self.file.folder / f"{name}-{len(self._drawers)}.arrow"
        self._drawers.append(_Drawer(path, self.file.packing))
        return self._drawers[-1]

    def _write(self, drawer: _Drawer, rows: pa.Table) -> None:
        try:
            drawer.write(rows)
        except OSError as fault:
            raise no_room(fault, self.file.name) from fault

    def each(self) -> Iterator[tuple[float, pa.Table]]:
        """The rows, some at a time with the share that is done, in the order of the file within each.

        What is read is gone.
        """
        drawers = list(self._drawers)
        strays = _Strays(self, len(drawers), *self._split())
        for number, drawer in enumerate(drawers):
            rows = strays.sift(drawer.take(), number)
            if rows.num_rows or len(drawers) == 1:
                yield number / (len(drawers) + 1), _plain(rows)
            del rows
        for rows in strays.each():
            yield len(drawers) / (len(drawers) + 1), _plain(rows)

    def _split(self) -> tuple[Marks, npt.NDArray[np.int64]]:
        """The marks that more than one drawer holds, and the last drawer with each."""
        if len(self._drawers) < 2:
            return _NONE, np.zeros(0, np.int64)
        self._drawers[-1].settle()
        split = _shared([drawer.marks[0] for drawer in self._drawers])
        # Where they are many, the lines of an order stand anywhere: none are waited for.
        last = np.full(len(split), len(self._drawers) if len(split) > MOST_WAITED else 0, np.int64)
        for number, drawer in enumerate(self._drawers):
            if len(split) <= MOST_WAITED:
                last[np.isin(split, drawer.marks[0])] = number
            drawer.marks.clear()
        return split, last


_NONE: Marks = np.zeros(0, np.uint64)
RANGES = 16
"""Into so many ranges marks are sorted apart, so that never all of them are held a second time."""


def _shared(every: list[Marks]) -> Marks:
    """The marks that are in more than one of these, each of which holds them once and in order."""
    size, found = (1 << 64) // RANGES, [_NONE]
    ends = [
        np.searchsorted(marks, np.arange(1, RANGES, dtype=np.uint64) * np.uint64(size)) for marks in every
    ]
    pieces = [np.split(marks, end) for marks, end in zip(every, ends, strict=True)]
    for same in zip(*pieces, strict=True):
        whole = np.concatenate(same)
        whole.sort()
        found.append(np.unique(whole[1:][whole[1:] == whole[:-1]]))
    return np.concatenate(found)


def _once(marks: Marks) -> Marks:
    """Each mark once, in order. Those of rows that stand together are mostly the same: they go first."""
    some = np.sort(marks[np.flatnonzero(np.diff(marks, prepend=~marks[:1]))])  # np.unique takes longer
    return some[np.flatnonzero(np.diff(some, prepend=~some[:1]))]


def _plain(rows: pa.Table) -> pa.Table:
    return rows.drop_columns([MARK]) if MARK in rows.column_names else rows


class _Drawer:
    """Rows in a file of their own."""

    def __init__(self, path: Path, packing: pa.ipc.IpcWriteOptions) -> None:
        self.path, self.packing, self.size = path, packing, 0
        self.marks: list[Marks] = []
        self._stack = ExitStack()
        self._out: pa.ipc.RecordBatchStreamWriter | None = None

    def write(self, rows: pa.Table) -> None:
        if self._out is None:
            out = self._stack.enter_context(pa.OSFile(str(self.path), "wb"))
            self._out = self._stack.enter_context(pa.ipc.new_stream(out, rows.schema, options=self.packing))
        self._out.write_table(rows)
        self.size += rows.nbytes

    def settle(self) -> None:
        """Hold each mark once."""
        self.marks = [_once(np.concatenate(self.marks or [_NONE]))]

    def close(self) -> None:
        self._stack.close()

    def take(self) -> pa.Table:
        """What was written; the file is gone then."""
        self.close()
        with pa.OSFile(str(self.path), "rb") as stream:
            found = pa.ipc.open_stream(stream).read_all()
        self.path.unlink()
        return found


class _Strays:
    """Rows whose fellows lie in other drawers: held until the last of them comes while they are few, else put
    into drawers by their marks, for the end."""

    def __init__(self, drawers: Drawers, count: int, split: Marks, last: npt.NDArray[np.int64]) -> None:
        self.drawers, self.count, self.split, self.last = drawers, count, split, last
        self.held: list[pa.Table] = []
        self.sorted: dict[int, _Drawer] = {}

    def sift(self, rows: pa.Table, number: int) -> pa.Table:
        """Of a drawer's rows those whose fellows are all there by now, with the fellows that were held."""
        if not len(self.split):
            return rows
        shared, last = self._last(rows)
        if not shared.any():
            return rows
        self._hold(rows.filter(pa.array(shared & (last > number))))
        if self.sorted:
            self._hold(rows.filter(pa.array(shared & (last <= number))))
            return rows.filter(pa.array(~shared))
        ready = [rows.filter(pa.array(~shared | (last <= number)))]
        if self.held:
            held = pa.concat_tables(self.held)
            due = self._last(held)[1] <= number
            ready.insert(0, held.filter(pa.array(due)))
            self.held = []
            self._hold(held.filter(pa.array(~due)))
        return pa.concat_tables(ready)

    def _last(self, rows: pa.Table) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
        """Which rows have fellows in other drawers, and the last drawer that holds one."""
        marks = np.asarray(rows.column(MARK))
        at = np.minimum(np.searchsorted(self.split, marks), len(self.split) - 1)
        return np.asarray(self.split[at] == marks, bool), self.last[at]

    def _hold(self, rows: pa.Table) -> None:
        if rows.num_rows:
            self.held.append(rows)
            if sum(part.nbytes for part in self.held) >= self.drawers.size:
                self._sort()

    def _sort(self) -> None:
        rows = pa.concat_tables(self.held)
        self.held.clear()
        number = (np.asarray(rows.column(MARK)) % np.uint64(self.count)).astype(np.int64)
        order = np.argsort(number, kind="stable")
        ordered = rows.take(pa.array(order))
        ends = np.searchsorted(number[order], np.arange(self.count + 1))
        for at in range(self.count):
            start, end = int(ends[at]), int(ends[at + 1])
            if end > start:
                drawer = self.sorted.get(at) or self.sorted.setdefault(at, self.drawers._new("stray"))
                self.drawers._write(drawer, ordered.slice(start, end - start))

    def each(self) -> Iterator[pa.Table]:
        if self.sorted and self.held:
            self._sort()
        for drawer in self.sorted.values():
            yield drawer.take()
        if self.held:
            yield pa.concat_tables(self.held)
