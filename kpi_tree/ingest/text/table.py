"""The raw table of a file: header, columns of text, and the source line of every row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.ingest.cells.shapes import MACHINE
from kpi_tree.ingest.text.lines import Row

CHUNK = 50_000
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Signs that are not seen (marks of direction, blanks of no width): in a name they only hide what it is."""


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
        footers: lines of lone cells below an empty line at the end of the file.
        comments: lines inside the table that are comments, page numbers or lines drawn across it.
        rest: what follows a table that ended, from the line ``rest_line`` on, where another begins, whose
            header stands on the line ``rest_header``; None at the file's end.
    """

    names: list[str]
    columns: list[pa.ChunkedArray]
    lines: npt.NDArray[np.int64]
    wide: list[Row] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    footers: list[int] = field(default_factory=list)
    rest: Iterator[Row] | None = None
    rest_line: int = 0
    rest_header: int = 0
    comments: list[int] = field(default_factory=list)
    wide_count: int = 0
    short_count: int = 0

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.lines)

    def number(self, offset: int) -> None:
        """Count the lines from further on, where several tables share them."""
        if offset:
            self.lines = self.lines + offset
            self.wide = [(line + offset, cells) for line, cells in self.wide]

    def fill(self, rows: list[Row]) -> None:
        """Put rows of the header's width below those that are there."""
        if not rows:
            return
        lines = np.fromiter((line for line, _ in rows), np.int64, len(rows))
        self.lines = np.concatenate([self.lines, lines])
        for i, cells in enumerate(zip(*(cells for _, cells in rows), strict=True)):
            self.columns[i] = pa.chunked_array(
                [*self.columns[i].chunks, pa.array(cells, pa.string())], pa.string()
            )

    @property
    def wide_lines(self) -> npt.NDArray[np.int64]:
        """Lines of the rows with more cells than the header."""
        return np.array([line for line, _ in self.wide], np.int64)

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
    >>> unique_names(["\\u200fOrder\\u200b no\\u200e", "\\ufeffDay", "\\u202ecirP"])
    ['Order no', 'Day', 'cirP']
    """
    seen: dict[str, int] = {}
    names = []
    for i, cell in enumerate(header, start=1):
        name = " ".join(_UNSEEN.sub("", cell).lstrip(MACHINE).split()) or f"column {i}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def as_rows(table: RawTable, said: Callable[[str], str] = str) -> Iterable[list[str]]:
    """Rows of a table as lists, a chunk at a time.

    Args:
        said: what stands in place of each text.
    """
    for start in range(0, table.rows, CHUNK):
        parts = [_texts_of(column.slice(start, CHUNK), said) for column in table.columns]
        yield from map(list, zip(*parts, strict=True))


def _texts_of(column: pa.ChunkedArray, said: Callable[[str], str]) -> list[str]:
    """The texts of a column. Each different one is made once: cell by cell it takes four times as long."""
    found: list[str] = []
    for chunk in column.chunks:
        coded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode("encode")
        words = [text if text is None else said(text) for text in coded.dictionary.to_pylist()]
        found += np.array(words, object)[np.asarray(coded.indices)].tolist()
    return found
