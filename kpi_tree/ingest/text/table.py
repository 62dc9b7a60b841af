"""The raw table of a file: header, columns of text, and the source line of every row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.cells.shapes import MACHINE
from kpi_tree.ingest.limits import Limits
from kpi_tree.ingest.text.firsttable import is_narrower
from kpi_tree.ingest.text.lines import Row
from kpi_tree.ingest.text.outline import Outline, cell_kind, is_comment, looks_like_header

CHUNK = 50_000
MOST_TITLES = 20
"""Lone cells in a row that may be titles of another table; more of them are a column of their own."""


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
        rest: what follows a table that ended, where another begins; None at the file's end.
    """

    names: list[str]
    columns: list[pa.ChunkedArray]
    lines: npt.NDArray[np.int64]
    wide: list[Row] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    footers: list[int] = field(default_factory=list)
    rest: Iterator[Row] | None = None
    comments: int = 0
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
    """
    seen: dict[str, int] = {}
    names = []
    for i, cell in enumerate(header, start=1):
        name = " ".join(cell.replace("\ufeff", "").lstrip(MACHINE).split()) or f"column {i}"
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
    gather = Gather(table, outline, drop_extra)
    body = (row for row in rows if row[0] > outline.last_line)
    chunks: list[list[pa.Array]] = [[] for _ in range(width)]
    lines: list[npt.NDArray[np.int64]] = []
    while batch := list(islice(body, CHUNK)):
        good = gather.sift(batch)
        if good:
            lines.append(np.fromiter((line for line, _ in good), np.int64, len(good)))
            for i, cells in enumerate(zip(*(cells for _, cells in good), strict=True)):
                chunks[i].append(pa.array(cells, pa.string()))
        if gather.next_table is not None:
            table.rest = chain(gather.next_table, body)
            break
    else:
        good = gather.finish(at_end=True)
        if good:
            lines.append(np.fromiter((line for line, _ in good), np.int64, len(good)))
            for i, cells in enumerate(zip(*(cells for _, cells in good), strict=True)):
                chunks[i].append(pa.array(cells, pa.string()))
    table.columns = [pa.chunked_array(parts, pa.string()) for parts in chunks]
    table.lines = np.concatenate(lines) if lines else table.lines
    return table


class Gather:
    """Sorts the rows of a chunk into good ones and those with something to say about.

    Lone cells and comments are held back until it is known whether they are titles of another table.

    Attributes:
        next_table: the rows from where another table begins, its titles first; None while this one goes on.
    """

    def __init__(self, table: RawTable, outline: Outline, drop_extra: bool) -> None:
        self.table, self.outline, self.drop_extra = table, outline, drop_extra
        self.width = len(outline.header)
        self.first = outline.header[0].strip() if outline.header else ""
        self.blank_before = False
        self.held: list[Row] = []
        self.next_table: list[Row] | None = None

    @property
    def waiting(self) -> bool:
        """Whether the next row is to be looked at for itself: something stands open before it."""
        return self.blank_before or bool(self.held)

    def sift(self, batch: list[Row]) -> list[Row]:
        """The rows of the table among these, at the header's width; the table is told of the others."""
        if not self.held and not self.blank_before and self._plain(batch):
            return batch
        good: list[Row] = []
        for number, (line, cells) in enumerate(batch):
            if not self.waiting and self._is_plain(cells):
                good.append((line, cells))
                continue
            if not any(cell.strip() for cell in cells):
                self.blank_before = True
                if self.held:
                    self.held.append((line, cells))
                continue
            if self._is_title(cells):
                self.held.append((line, cells))
                if len(self.held) > MOST_TITLES:
                    good += self.finish()
                continue
            below = batch[number + 1][1] if number + 1 < len(batch) else []
            if (
                (self.blank_before or self.held)
                and (looks_like_header(cells, self.outline) or is_narrower(cells, below, self.width))
                and (not self._is_header(cells) or self._named_anew())
            ):
                self.next_table = [*self.held, *batch[number:]]
                return good
            good += self.finish()
            self.blank_before = False
            kept = self._one(line, cells)
            if kept is not None:
                good.append((line, kept))
        return good

    def finish(self, *, at_end: bool = False) -> list[Row]:
        """Rows held back that are this table's own; at the file's end, below an empty line, a footer."""
        held, self.held = self.held, []
        if at_end and self.blank_before:
            self.table.footers += [line for line, cells in held if any(c.strip() for c in cells)]
            return []
        found = [(line, self._one(line, cells)) for line, cells in held if any(c.strip() for c in cells)]
        return [(line, cells) for line, cells in found if cells is not None]

    def _plain(self, batch: list[Row]) -> bool:
        """Whether every row is plain, as nearly always. Of two columns the second may be empty."""
        if self.width == 2:
            return all(len(cells) == 2 and self._is_plain([cells[0], "x"]) for _, cells in batch)
        return all(self._is_plain(cells) for _, cells in batch)

    def _is_plain(self, cells: list[str]) -> bool:
        """Whether a row has the header's width, something behind its first cell, and nothing odd in that."""
        return (
            self.width > 1
            and len(cells) == self.width
            and bool(head := cells[0].strip())
            and head != self.first
            and head[0] not in _ODD
            and cells[0][0] not in _ODD
            and any(cells[1:])
        )

    def _is_title(self, cells: list[str]) -> bool:
        """A lone text or a comment, which may stand above another table."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        comment = is_comment(cells, hashes=self.outline.hash_comments, most=2)
        return self.width > 1 and (comment or (len(filled) == 1 and cell_kind(filled[0]) in "tb"))

    def _is_page_number(self, cells: list[str]) -> bool:
        filled = [cell.strip() for cell in cells if cell.strip()]
        return len(filled) == 1 < self.width and len(filled[0]) < 40 and bool(_PAGE.search(filled[0]))

    def _named_anew(self) -> bool:
        """Whether the same header below a title of its own begins a table of something else, not a page."""
        above = {_title(cells) for _, cells in self.outline.preamble}
        titles = {_title(cells) for _, cells in self.held} - above
        return any(re.search(r"[^\W\d_]", title) and not _PAGE.search(title) for title in titles)

    def _is_header(self, cells: list[str]) -> bool:
        names = [cell.replace("\ufeff", "").strip() for cell in cells[: self.width]]
        return names == [cell.strip() for cell in self.outline.header]

    def _one(self, line: int, cells: list[str]) -> list[str] | None:
        table = self.table
        if self.width > 1 and (
            is_comment(cells, hashes=self.outline.hash_comments, most=2) or self._is_page_number(cells)
        ):
            table.comments += 1
            return None
        if self._is_header(cells):
            table.repeated.append(line)
            return None
        if cells[0].startswith("\ufeff"):  # a file put below another with its mark
            cells = [cells[0].lstrip("\ufeff"), *cells[1:]]
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


_ODD = "#\x0c\x1a-=+:|_\ufeff"
"""What a comment, a line across the table or a new page may begin with."""
_PAGE = re.compile(
    r"^\W*(?:page|side|seite|sida|sivu|página|pagina|ページ|頁)\W*\d|\d\W*(?:ページ|頁)$", re.IGNORECASE
)


def _title(cells: list[str]) -> str:
    return " ".join(cell.strip() for cell in cells).strip(" #-=").casefold()


def as_rows(table: RawTable) -> Iterable[list[str]]:
    """Rows of a table as lists, a chunk at a time."""
    for start in range(0, table.rows, CHUNK):
        parts = [column.slice(start, CHUNK).cast(pa.string()).to_pylist() for column in table.columns]
        yield from (list(row) for row in zip(*parts, strict=True))
