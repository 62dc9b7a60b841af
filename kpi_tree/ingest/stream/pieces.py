"""A large text as tables of some rows each, cut the quick way where that is sure, else the careful way."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.answers.limits import MEGABYTE, Limits
from kpi_tree.ingest.stream.file import BigFile
from kpi_tree.ingest.stream.survey import Survey, chunks
from kpi_tree.ingest.stream.workers import side_by_side
from kpi_tree.ingest.text.dialect import Dialect
from kpi_tree.ingest.text.encoding import Encoding
from kpi_tree.ingest.text.fast import after, build_piece, is_regular
from kpi_tree.ingest.text.gather import Gather
from kpi_tree.ingest.text.lines import MOST_LINES, Faults, Row, open_text, rows_of
from kpi_tree.ingest.text.outline import Outline
from kpi_tree.ingest.text.table import RawTable, unique_names

MOST_PIECE = 64 * MEGABYTE
"""A piece grows up to this size until it ends where a row does."""
ROWS = 100_000
CUTTING = 2
"""Pieces that are cut at a time."""
UTF8 = Encoding("utf-8")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some of the text in UTF-8, the number of its first line, and whether it ends where a row does."""

    text: bytes
    line: int
    whole: bool


@dataclass(slots=True)
class Cutter:
    """Cuts one text into tables of some rows each.

    Attributes:
        facts: whose encoding also says where the table's text begins.
        faults: told of quotation marks that never close, by lines counted from there.
        done: how much of the text is cut, 0 to 1.
        line: the number of the first line of the text; ``first`` those of its first rows that hold something.
        resume: the line where the next table begins, once the rows are taken; None when there is none. Then
            ``resume_header`` is the line of its header, and ``size`` tells the bytes of this one.
        ready, report: a table that is already known, from lines of names and values, and those lines.
    """

    file: BigFile
    facts: Survey
    dialect: Dialect
    outline: Outline
    limits: Limits
    faults: Faults
    drop_extra: bool
    done: float = 0.0
    line: int = 1
    first: list[int] = field(default_factory=list)
    resume: int | None = None
    resume_header: int = 0
    size: int = 0
    ready: RawTable | None = None
    report: list[Row] = field(default_factory=list)

    def tables(self) -> Iterator[RawTable]:
        """The rows below the header, in order; every table has the same columns."""
        if self.ready is not None:
            yield self.ready
            return
        gather = Gather(self.empty(), self.outline, self.drop_extra, self.file.name)
        odd = self.dialect.quote in self.facts.odd
        if not is_regular(self.dialect, self.outline) or self.facts.lone_returns or odd:
            yield from self._throughout(gather, odd)
        else:
            yield from self._quickly(gather)
        gather.table = self.empty()
        if gather.next_table is None:
            gather.table.fill(gather.finish())
        self._resume_at(gather)
        yield gather.table

    def _resume_at(self, gather: Gather) -> None:
        if gather.next_table is not None:
            self.resume, self.resume_header = gather.next_table[0][0], gather.next_header

    def empty(self) -> RawTable:
        """The table without rows."""
        names = unique_names(self.outline.header)
        columns = [pa.chunked_array([], pa.string()) for _ in names]
        return RawTable(names, columns, np.zeros(0, np.int64))

    def _throughout(self, gather: Gather, odd: bool) -> Iterator[RawTable]:
        """All of the text row by row."""
        with ExitStack() as stack:
            opened: list[io.TextIOWrapper] = []

            def again() -> io.TextIOWrapper:
                opened.append(stack.enter_context(open_text(self.file.path, self.facts.encoding)))
                return opened[-1]

            def place() -> float:
                return os.lseek(opened[-1].fileno(), 0, os.SEEK_CUR) / self.file.size

            rows = rows_of(again, self.dialect, self.faults, self.limits, odd=odd)
            numbered = ((self.line + number - 1, cells) for number, cells in rows)
            yield from self._gathered(numbered, gather, place)

    def _quickly(self, gather: Gather) -> Iterator[RawTable]:
        done = self.facts.encoding.bom
        with side_by_side([self._cut] * CUTTING, self._pieces()) as cut:
            for piece, table in cut:
                if table is not None and not gather.waiting:
                    yield table
                else:
                    rest = (later.text for later, _ in cut)
                    yield from self._carefully(piece.text, piece.line, piece.whole, rest, gather)
                if gather.next_table is not None or self.faults.careful:
                    return
                done += len(piece.text)
                self.done = done / self.file.size

    def _pieces(self) -> Iterator[_Piece]:
        line = self.line
        for text, whole in pieces(self.file, self.facts.encoding, self.dialect.quote, self.limits.part_bytes):
            yield _Piece(text, line, whole)
            line += text.count(b"\n")

    def _cut(self, piece: _Piece) -> tuple[_Piece, RawTable | None]:
        """A piece and its rows, whatever stands before it; None where they must be looked at one by one, as
        all behind a quotation mark that never closes."""
        if not piece.whole or self.faults.careful:
            return piece, None
        above = max(self.outline.last_line - piece.line + 1, 0)
        start, line = after(piece.text, above), piece.line + above
        return piece, build_piece(piece.text, start, line, self.dialect, self.outline, coded=True)

    def _carefully(
        self, text: bytes, line: int, whole: bool, rest: Iterator[bytes], gather: Gather
    ) -> Iterator[RawTable]:
        """One piece row by row; when a quotation mark in it never closes, all that follows too."""

        def opened() -> io.TextIOWrapper:
            return _text_of(chain([text], rest) if self.faults.careful else iter([text]))

        self.faults.careful, before = not whole, len(self.faults.unclosed)
        rows = rows_of(opened, self.dialect, self.faults, self.limits, odd=not whole)
        yield from self._gathered(((line + number - 1, cells) for number, cells in rows), gather, None)
        unclosed = self.faults.unclosed
        unclosed[before:] = [number + line - self.line for number in unclosed[before:]]

    def _gathered(
        self, rows: Iterator[Row], gather: Gather, place: Callable[[], float] | None
    ) -> Iterator[RawTable]:
        body = (row for row in rows if row[0] > self.outline.last_line)
        while batch := _some(body, self.limits.part_bytes):
            gather.table = self.empty()
            gather.table.fill(gather.sift(batch))
            yield gather.table
            if gather.next_table is not None:
                return
            if place is not None:
                self.done = place()


def _some(rows: Iterator[Row], size: int) -> list[Row]:
    found, held = [], 0
    for row in rows:
        found.append(row)
        held += sum(map(len, row[1])) + 8
        if held >= size or len(found) >= ROWS:
            break
    return found


def pieces(file: BigFile, encoding: Encoding, quote: str, size: int) -> Iterator[tuple[bytes, bool]]:
    """The text in UTF-8, in pieces that end where a row does; False with one where no such end is found."""
    decoder = None if encoding.name == "utf-8" else codecs.getincrementaldecoder(encoding.name)("replace")
    mark = quote.encode()
    waiting = b""
    for chunk in chunks(file.path, size, encoding.bom):
        waiting += chunk if decoder is None else decoder.decode(chunk).encode()
        cut = _end_of_row(waiting, mark)
        if cut > 0:
            yield waiting[:cut], True
            waiting = waiting[cut:]
        elif len(waiting) > MOST_PIECE:
            yield waiting, False
            waiting = b""
    if decoder is not None:
        waiting += decoder.decode(b"", True).encode()
    if waiting:
        yield waiting, True


def _end_of_row(text: bytes, mark: bytes) -> int:
    """Where the last row ends that ends within a text: behind a line end outside of quotation marks."""
    end = text.rfind(b"\n") + 1
    if not mark or not end:
        return end
    odd = text.count(mark, 0, end) % 2
    for _ in range(2 * MOST_LINES):
        if not odd or not end:
            return end
        before = text.rfind(b"\n", 0, end - 1) + 1
        odd ^= text.count(mark, before, end) % 2
        end = before
    return 0


class _Chain(io.RawIOBase):
    """Pieces of bytes as one stream."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts, self.here, self.at = parts, b"", 0

    def readable(self) -> bool:
        return True

    def readinto(self, into: bytearray | memoryview) -> int:  # type: ignore[override]
        while self.at >= len(self.here):
            following = next(self.parts, None)
            if following is None:
                return 0
            self.here, self.at = following, 0
        taken = self.here[self.at : self.at + len(into)]
        into[: len(taken)] = taken
        self.at += len(taken)
        return len(taken)


def _text_of(parts: Iterator[bytes]) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedReader(_Chain(parts)), encoding="utf-8", newline="", errors="replace")
