"""The parts of a large table on disk, the profile of each of its columns, and what the parts told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells.profile import Profile, profile_all, profile_of
from kpi_tree.ingest.cells.shapes import Cells, IntArray, cells_of
from kpi_tree.ingest.stream.file import BigFile, no_room
from kpi_tree.ingest.table.labels import LABELS, labels_among
from kpi_tree.ingest.text.table import RawTable

LINE = "_line"
MOST_LISTED = 1000


@dataclass(slots=True)
class Part:
    """Some rows of the table.

    Attributes:
        path: where they lie; ``first`` and ``last`` their lines; ``rows`` how many.
        profiles: of each column; ``labels`` the positions of the rows with a word for a total, of each of the
            first columns.
        dropped: lines that turned out to be no rows of the table.
    """

    path: Path
    rows: int
    first: int
    last: int
    profiles: list[Profile]
    labels: list[IntArray]
    wide: int = 0
    dropped: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))


class LargeTable(RawTable):
    """A table whose rows lie in parts on disk, in its file's folder: only what is said of them is held."""

    def __init__(self, names: list[str], file: BigFile) -> None:
        empty = [pa.chunked_array([], pa.string()) for _ in names]
        super().__init__(names, empty, np.zeros(0, np.int64))
        self.parts: list[Part] = []
        self.file = file
        self._wide_lines: list[IntArray] = []

    @property
    def rows(self) -> int:
        """Number of rows."""
        return sum(part.rows for part in self.parts)

    @property
    def wide_lines(self) -> IntArray:
        """Lines of the rows with more cells than the header."""
        return np.concatenate([*self._wide_lines, np.zeros(0, np.int64)])

    def add(self, table: RawTable) -> None:
        """Take the next rows: they are written down, profiled and let go.

        Raises:
            Refused: the disk is full.
        """
        self._tell_of(table)
        if not table.rows and not table.wide:
            return
        coded = [_coded(column) for column in table.columns]
        cells = [cells_of(column) for column in coded]
        profiles = [profile_of(column) for column in cells]
        labels = [np.flatnonzero(labels_among(column)[column.index]) for column in cells[:LABELS]]
        path = self.file.folder / f"part-{len(self.parts)}.arrow"
        data = pa.table([*coded, pa.array(table.lines)], names=[*map(str, range(len(coded))), LINE])
        try:
            with pa.OSFile(str(path), "wb") as out, _writer(out, data.schema, self.file) as writer:
                writer.write_table(data)
            if table.wide:
                path.with_suffix(".json").write_text(json.dumps(table.wide), encoding="utf-8")
        except OSError as fault:
            raise no_room(fault, self.file.name) from fault
        ends = (int(table.lines[0]), int(table.lines[-1])) if table.rows else (0, -1)
        self.parts.append(Part(path, table.rows, *ends, profiles, labels, len(table.wide)))

    def _tell_of(self, table: RawTable) -> None:
        if table.wide:
            self.wide = self.wide or table.wide[:1]
            self._wide_lines.append(table.wide_lines)
        self.short = [*self.short, *table.short][:MOST_LISTED]
        self.repeated += table.repeated
        self.footers += table.footers
        self.comments += table.comments
        self.wide_count += table.wide_count
        self.short_count += table.short_count

    def load(self, part: Part) -> RawTable:
        """The rows of a part; columns as they were cut, coded by their distinct texts."""
        with pa.OSFile(str(part.path), "rb") as stream, pa.ipc.open_file(stream) as reader:
            data = reader.read_all()
        table = RawTable(self.names, data.columns[:-1], np.asarray(data.column(LINE), np.int64))
        if part.wide:
            beside = part.path.with_suffix(".json").read_text(encoding="utf-8")
            table.wide = [(line, cells) for line, cells in json.loads(beside)]
        if len(part.dropped):
            table.keep(~np.isin(table.lines, part.dropped))
            table.columns = [column.cast(pa.string()) for column in table.columns]
        return table

    def each(self) -> Iterator[RawTable]:
        """The rows of every part, in order."""
        for part in self.parts:
            yield self.load(part)

    def held(self) -> RawTable:
        """All rows as one table in memory."""
        table = self.rows_at([np.arange(part.rows) for part in self.parts])
        table.wide = [row for part in self.parts if part.wide for row in self.load(part).wide]
        return table

    def drop(self, lines: Sequence[int]) -> None:
        """Take rows out by their lines."""
        wanted = np.unique(np.asarray(lines, np.int64))
        for part in self.parts:
            mine = wanted[(wanted >= part.first) & (wanted <= part.last)]
            if len(mine):
                part.dropped = mine
                table = self.load(part)
                part.rows = table.rows
                part.profiles = [profile_of(cells_of(column)) for column in table.columns]

    def profile(self, column: int) -> Cells:
        """A column of the whole table, by the cells that stand for all."""
        return profile_all(part.profiles[column] for part in self.parts).cells()

    def rows_where(self, wanted: Callable[[RawTable], IntArray], parts: Sequence[Part]) -> RawTable:
        """Some rows of some parts as one table in memory, chosen by looking at each part."""
        mine = {id(part) for part in parts}
        none = np.zeros(0, np.int64)
        return self.rows_at([wanted(self.load(part)) if id(part) in mine else none for part in self.parts])

    def rows_at(self, places: Sequence[IntArray]) -> RawTable:
        """Some rows as one table in memory, chosen by their positions in each part."""
        found = RawTable(self.names, [], np.zeros(0, np.int64))
        columns: list[list[pa.Array]] = [[] for _ in self.names]
        lines: list[IntArray] = []
        for part, at in zip(self.parts, places, strict=True):
            if not len(at):
                continue
            table = self.load(part)
            lines.append(table.lines[at])
            for chunks, column in zip(columns, table.columns, strict=True):
                chunks += column.take(pa.array(at)).cast(pa.string()).chunks
        found.columns = [pa.chunked_array(chunks, pa.string()) for chunks in columns]
        found.lines = np.concatenate([np.zeros(0, np.int64), *lines])
        return found


def _coded(column: pa.ChunkedArray) -> pa.Array:
    """Each distinct text once, and which of them each row holds."""
    if column.num_chunks == 1 and pa.types.is_dictionary(column.type):
        return column.chunk(0)
    whole = pc.dictionary_encode(column.combine_chunks())
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


def _writer(out: pa.NativeFile, schema: pa.Schema, file: BigFile) -> pa.ipc.RecordBatchFileWriter:
    return pa.ipc.new_file(out, schema, options=file.packing)
