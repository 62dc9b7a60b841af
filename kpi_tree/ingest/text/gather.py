"""The rows below a header, sorted: those of the table, those left out of it, and where another begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.answers.refusing import hardly_a_row, too_many_columns
from kpi_tree.ingest.text.begins import begins_apart, begins_directly, names_in, trimmed
from kpi_tree.ingest.text.cellkind import cell_kind
from kpi_tree.ingest.text.headrows import is_upper
from kpi_tree.ingest.text.lines import Row
from kpi_tree.ingest.text.outline import Outline, is_comment
from kpi_tree.ingest.text.table import CHUNK, RawTable, unique_names

MOST_TITLES = 20
"""Lone cells in a row that may be titles of another table; more of them are a column of their own."""
MOST_ODD = 300_000
"""Lines that may be comments, titles or the header again where rows are few: more are no table's."""
AHEAD = 3
"""Rows below a row that tell whether it is a header."""


def build(
    rows: Iterator[Row], outline: Outline, limits: Limits, place: str, *, drop_extra: bool = False
) -> RawTable:
    """Gather the rows below the header; cells beyond it are dropped where the vendor is known to write them.

    Raises:
        Refused: more columns than the limit.
    """
    width = len(outline.header)
    if width > limits.columns:
        raise too_many_columns(place, width, limits.columns)
    table = RawTable(unique_names(outline.header), [], np.zeros(0, np.int64))
    gather = Gather(table, outline, drop_extra, place)
    above = outline.last_line
    body = (row for row in rows if row[0] > above)
    chunks: list[list[pa.Array]] = [[] for _ in range(width)]
    lines: list[npt.NDArray[np.int64]] = []
    batch: list[Row] | None = []
    while batch is not None and gather.next_table is None:
        batch = list(islice(body, CHUNK)) or None
        good = gather.finish() if batch is None else gather.sift(batch)
        if good:
            lines.append(np.fromiter((line for line, _ in good), np.int64, len(good)))
            for i, cells in enumerate(zip(*(cells for _, cells in good), strict=True)):
                chunks[i].append(pa.array(cells, pa.string()))
    if gather.next_table is not None:
        table.rest, table.rest_header = chain(gather.next_table, body), gather.next_header
        table.rest_line = gather.next_table[0][0]
    table.columns = [pa.chunked_array(parts, pa.string()) for parts in chunks]
    table.lines = np.concatenate(lines) if lines else table.lines
    return table


class Gather:
    """Sorts the rows of a chunk into good ones and those with something to say about.

    Lone cells and comments are held back until it is known whether they are titles of another table.

    Attributes:
        next_table: the rows from where another table begins, its titles first; None while this one goes on.
            Then ``next_header`` is the line of its header.
    """

    def __init__(self, table: RawTable, outline: Outline, drop_extra: bool, place: str) -> None:
        self.table, self.outline, self.drop_extra, self.place = table, outline, drop_extra, place
        self.width = len(outline.header)
        self.first = outline.header[0].strip() if outline.header else ""
        self.typed = next((i for i, kind in enumerate(outline.kinds[: self.width]) if kind in "nd"), -1)
        self.furniture = {_furniture(cells) for _, cells in outline.preamble}
        self.blank_before = False
        self.held: list[Row] = []
        self.open: list[Row] = []
        self.next_table: list[Row] | None = None
        self.next_header = 0
        self.good = self.odd = 0

    @property
    def waiting(self) -> bool:
        """Whether the next row is to be looked at for itself: something stands open before it."""
        return self.blank_before or bool(self.held or self.open)

    def sift(self, batch: list[Row], *, at_end: bool = False) -> list[Row]:
        """The rows of the table among these, at the header's width; the table is told of the others.

        Args:
            at_end: nothing follows. Else a row that may be a header is kept for the next time where too few
                rows follow it to tell.
        """
        if not self.waiting and self._plain(batch):
            self.good += len(batch)
            return batch
        good = self._sorted([*self.open, *batch], at_end)
        self.good += len(good)
        self.odd += len(batch) - len(good)
        if self.odd > MOST_ODD and self.odd > 10 * self.good:
            raise hardly_a_row(f"{self.place}, row {batch[0][0]}", self.odd)
        return good

    def _sorted(self, batch: list[Row], at_end: bool) -> list[Row]:
        self.open = []
        good: list[Row] = []
        for number, (line, cells) in enumerate(batch):
            apart = self.blank_before or bool(self.held)
            if not apart and self._is_plain(cells):
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
                    good += self._taken_back()
                continue
            if self.width > 1 and (apart or names_in(cells)):
                below = [under for _, under in batch[number + 1 : number + 1 + AHEAD]]
                if len(below) < AHEAD and not at_end:
                    self.open = batch[number:]
                    return good
                if self._begins(cells, below, apart):
                    self.next_table, self.next_header = [*self.held, *batch[number:]], line
                    return good
            good += self._taken_back()
            self.blank_before = False
            kept = self._one(line, cells)
            if kept is not None:
                good.append((line, kept))
        return good

    def finish(self) -> list[Row]:
        """The last rows of this table, when nothing follows; lone cells below an empty line are footers."""
        good = self.sift([], at_end=True) if self.open else []
        if self.next_table is not None:
            return good
        if self.blank_before:
            self.table.footers += [line for line, cells in self.held if any(c.strip() for c in cells)]
            return good
        return [*good, *self._taken_back()]

    def _taken_back(self) -> list[Row]:
        """Rows held back that turned out to be this table's own."""
        held, self.held = self.held, []
        found = [(line, self._one(line, cells)) for line, cells in held if any(c.strip() for c in cells)]
        return [(line, cells) for line, cells in found if cells is not None]

    def _begins(self, cells: list[str], below: list[list[str]], apart: bool) -> bool:
        """Whether another table begins with a row."""
        if self._is_header(cells):
            return apart and self._named_anew()
        if not apart:
            return begins_directly(cells, below, self.outline)
        if below and is_upper(trimmed(cells), under := trimmed(below[0])) and not self._is_title(under):
            cells, below = under, below[1:]
        return begins_apart(cells, below, self.outline)

    def _plain(self, batch: list[Row]) -> bool:
        """Whether every row is plain, as nearly always. Of two columns the second may be empty, but for the
        last row's: a header may follow it."""
        lone, last = self.width == 2 and self.typed >= 0, len(batch) - 1
        return all(self._is_plain(cells, lone=lone and at < last) for at, (_, cells) in enumerate(batch))

    def _is_plain(self, cells: list[str], *, lone: bool = False) -> bool:
        """Whether a row has the header's width, something behind its first cell, nothing odd in that, and
        no words where numbers or days are expected."""
        if self.width == 1:
            return len(cells) == 1 and bool(head := cells[0].strip()) and head != self.first
        return (
            len(cells) == self.width
            and bool(head := cells[0].strip())
            and head != self.first
            and head[0] not in _ODD
            and cells[0][0] not in _ODD
            and (lone or any(cells[1:]))
            and (self.typed < 0 or self._has_digit(cells))
        )

    def _has_digit(self, cells: list[str]) -> bool:
        """Whether there is a digit in the first column of numbers or days, or anywhere if that is empty."""
        cell = cells[self.typed]
        return bool(_DIGIT.search(cell)) or (not cell and any(_DIGIT.search(other) for other in cells))

    def _is_title(self, cells: list[str]) -> bool:
        """A lone text, a comment or a fact, which may stand above another table."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        comment = is_comment(cells, hashes=self.outline.hash_comments, most=2)
        fact = len(filled) == 2 < self.width and filled[0].endswith((":", "："))  # ``Printed: 2024-05-01``
        return self.width > 1 and (comment or fact or (len(filled) == 1 and cell_kind(filled[0]) in "tb"))

    def _is_page_number(self, cells: list[str]) -> bool:
        """Whether a line is the number of a page, or one from above the header that comes again on it."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        lone = len(filled) == 1 < self.width and len(filled[0]) < 40 and bool(_PAGE.search(filled[0]))
        return lone or (len(filled) < self.width and _furniture(cells) in self.furniture)

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
            table.comments.append(line)
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
_DIGIT = re.compile(r"\d")
_PAGE = re.compile(
    r"^\W*(?:page|side|seite|sida|sivu|página|pagina|ページ|頁)\W*\d|\d\W*(?:ページ|頁)$"
    r"|\W(?:page|side|seite|sida|sivu|página|pagina)\W*\d+(?:\W+(?:of|av|von|de|di)?\W*\d+)?\W*$",
    re.IGNORECASE,
)


def _furniture(cells: list[str]) -> str:
    """What a line above the header says that comes again on each page, but for the page's number."""
    return re.sub(r"\d+", "9", _title(cells))


def _title(cells: list[str]) -> str:
    return " ".join(cell.strip() for cell in cells).strip(" #-=").casefold()
