"""The raw table of a file: header, columns of text, and the source line of every row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.limits import Limits
from kpi_tree.ingest.text.lines import Row
from kpi_tree.ingest.text.outline import Outline, looks_like_header

CHUNK = 50_000


@dataclass(slots=True)
class RawTable:
    """A table as text.

    Attributes:
        names: header of each column, made unique where the file repeats or omits them.
        columns: the cells, untouched.
        lines: source line (sheet row) of each row.
        wide: rows with more filled cells than the header: (line, cells).
        short: lines of rows with fewer cells than the header.
        repeated: lines on which the header stands again.
        others: lines of further tables in the same file, which are not read.
    """

    names: list[str]
    columns: list[pa.ChunkedArray]
    lines: npt.NDArray[np.int64]
    wide: list[Row] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    comments: int = 0
    wide_count: int = 0
    short_count: int = 0

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.lines)

    def keep(self, mask: npt.NDArray[np.bool_]) -> None:
        """Drop the rows where the mask is false."""
        if mask.all():
            return
        kept = pa.array(mask)
        self.columns = [column.filter(kept) for column in self.columns]
        self.lines = self.lines[mask]


def unique_names(header: list[str]) -> list[str]:
    """Header cells trimmed; empty ones numbered, repeated ones told apart.

    >>> unique_names(["a", "", "a", " b "])
    ['a', 'column 2', 'a (2)', 'b']
    """
    seen: dict[str, int] = {}
    names = []
    for i, cell in enumerate(header, start=1):
        name = " ".join(cell.replace("\ufeff", "").split()) or f"column {i}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def build(
    rows: Iterator[Row], outline: Outline, limits: Limits, place: str, *, drop_extra: bool = False
) -> RawTable:
    """Gather the rows below the header; cells beyond it are dropped where the vendor is known to write them.

    Raises:
        Refused: more columns than the limit.
    """
    width = len(outline.header)
    if width > limits.columns:
        raise Refused(
            msg("The table has {n} columns; {limit} is the most.", n=width, limit=limits.columns),
            place=place,
            remedy=msg("Leave out the columns that no KPI needs."),
        )
    table = RawTable(unique_names(outline.header), [], np.zeros(0, np.int64))
    gather = _Gather(table, outline, drop_extra)
    body = (row for row in rows if row[0] > outline.header_line)
    chunks: list[list[pa.Array]] = [[] for _ in range(width)]
    lines: list[npt.NDArray[np.int64]] = []
    while batch := list(islice(body, CHUNK)):
        good = gather.sift(batch)
        if good:
            lines.append(np.fromiter((line for line, _ in good), np.int64, len(good)))
            for i, cells in enumerate(zip(*(cells for _, cells in good), strict=True)):
                chunks[i].append(pa.array(cells, pa.string()))
        if gather.ended:
            break
    if gather.ended:
        table.others.extend(islice(((n, r) for n, r in body if r), 1000))
    table.columns = [pa.chunked_array(parts, pa.string()) for parts in chunks]
    table.lines = np.concatenate(lines) if lines else table.lines
    return table


class _Gather:
    """Sorts the rows of a chunk into good ones and those with something to say about."""

    def __init__(self, table: RawTable, outline: Outline, drop_extra: bool) -> None:
        self.table, self.outline, self.drop_extra = table, outline, drop_extra
        self.width = len(outline.header)
        self.blank_before = False
        self.ended = False

    def sift(self, batch: list[Row]) -> list[Row]:
        header = self.outline.header
        if all(len(cells) == self.width for _, cells in batch) and self.width > 1:
            first = header[0]
            if not self.blank_before and all(
                cells[0] and cells[0] != first and cells[0][0] != "#" for _, cells in batch
            ):
                return batch
        good: list[Row] = []
        for number, (line, cells) in enumerate(batch):
            if not any(cell.strip() for cell in cells):
                self.blank_before = True
                continue
            kept = self._one(line, cells)
            if self.ended:
                self.table.others = batch[number:]
                return good
            self.blank_before = False
            if kept is not None:
                good.append((line, kept))
        return good

    def _one(self, line: int, cells: list[str]) -> list[str] | None:
        table = self.table
        if (
            cells[0].lstrip().startswith("#")
            and len([c for c in cells if c.strip()]) <= 2
            and self.outline.hash_comments
        ):
            table.comments += 1
            return None
        if [c.strip() for c in cells[: self.width]] == [c.strip() for c in self.outline.header]:
            table.repeated.append(line)
            return None
        if self.blank_before and looks_like_header(cells, self.outline):
            self.ended = True
            return None
        if len(cells) < self.width:
            table.short_count += 1
            if len(table.short) < 1000:
                table.short.append(line)
            return cells + [""] * (self.width - len(cells))
        if len(cells) > self.width:
            if not self.drop_extra and any(cell.strip() for cell in cells[self.width :]):
                table.wide_count += 1
                table.wide.append((line, cells))
                return None
            return cells[: self.width]
        return cells


def as_rows(table: RawTable) -> Iterable[list[str]]:
    """Rows of a table as lists, a chunk at a time."""
    for start in range(0, table.rows, CHUNK):
        parts = [column.slice(start, CHUNK).to_pylist() for column in table.columns]
        yield from (list(row) for row in zip(*parts, strict=True))
