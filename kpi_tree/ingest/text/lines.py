"""The rows of a text file, one by one, with the line each begins on; quotes that never close are survived."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.answers.refusing import too_many_columns
from kpi_tree.ingest.text.dialect import Dialect, split
from kpi_tree.ingest.text.encoding import Encoding

MOST_LINES = 200
"""A quoted cell that spans more lines than this was never closed."""

Row = tuple[int, list[str]]


@dataclass(slots=True)
class Faults:
    """Lines whose quotes do not close; they are read as if they had none.

    Attributes:
        careful: a quote did not close, so every row from there on is looked at by itself.
    """

    unclosed: list[int] = field(default_factory=list)
    careful: bool = False


def open_text(data: bytes | Path, encoding: Encoding) -> io.TextIOWrapper:
    """The text of a file, given by its bytes or its place, as a stream of lines with their ends kept."""
    raw = io.BytesIO(data) if isinstance(data, bytes) else data.open("rb")
    raw.seek(encoding.bom)
    return io.TextIOWrapper(raw, encoding=encoding.name, newline="", errors="replace")


def check_lines(data: bytes, limits: Limits, place: str) -> None:
    """Refuse a file with a line too long to be a table's.

    Raises:
        Refused: a line is longer than the limit, which is named.

    >>> check_lines(b"a,b\\n1,2\\n", Limits(), "a.csv")
    """
    length = LineLength(limits, place)
    for start in range(0, len(data), limits.line_bytes):
        length.take(data[start : start + limits.line_bytes])


class LineLength:
    """Watches how long the lines of a text are that comes in pieces, none longer than the limit of a line."""

    def __init__(self, limits: Limits, place: str) -> None:
        self.limits, self.place, self.open = limits, place, 0

    def take(self, piece: bytes) -> None:
        """The next piece.

        Raises:
            Refused: a line is longer than the limit, which is named.
        """
        ends = [at for at in (piece.find(b"\n"), piece.find(b"\r")) if at >= 0]
        if self.open + (min(ends) if ends else len(piece)) > self.limits.line_bytes:
            raise Refused(
                msg("A line is longer than {n} megabytes.", n=self.limits.line_bytes // 1024 // 1024),
                place=self.place,
                remedy=msg("A table has one record a line: export it again as CSV."),
            )
        if ends:
            self.open = len(piece) - 1 - max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        else:
            self.open += len(piece)


def check_width(data: bytes, limits: Limits, place: str) -> None:
    """Refuse a table of far too many columns before its lines are cut.

    Raises:
        Refused: the first lines hold several times more delimiters than columns are allowed.

    >>> check_width(b"a,b\\n1,2\\n", Limits(), "a.csv")
    """
    for line in data[: limits.line_bytes].split(b"\n", 3)[:3]:
        most = max(line.count(mark) for mark in (b",", b";", b"\t", b"|"))
        if most > 2 * limits.columns and len(line) < 64 * most:
            raise too_many_columns(place, most + 1, limits.columns)


def numbered(
    data: bytes, encoding: Encoding, dialect: Dialect, faults: Faults, limits: Limits
) -> Iterator[Row]:
    """Every row with the 1-based line it begins on; empty lines come as empty rows."""
    odd = bool(dialect.quote) and data.count(dialect.quote.encode()) % 2 == 1
    return rows_of(lambda: open_text(data, encoding), dialect, faults, limits, odd=odd)


def rows_of(
    opened: Callable[[], TextIO], dialect: Dialect, faults: Faults, limits: Limits, *, odd: bool
) -> Iterator[Row]:
    """The same for text that is opened anew when its quotes turn out not to close.

    Args:
        opened: gives the text from its beginning.
        odd: the text holds an odd number of quotation marks, so one of them is never closed.
    """
    csv.field_size_limit(limits.cell_chars)
    if dialect.quote and not dialect.wrapped and odd:
        return careful_rows(opened(), dialect, faults)
    return _plain(opened, dialect, faults)


def _plain(opened: Callable[[], TextIO], dialect: Dialect, faults: Faults) -> Iterator[Row]:
    """Every row, but of empty ones that follow each other only the first: millions of them are one gap."""
    line, where, gap = 1, None, False
    last: Row | None = None
    several = len(dialect.delimiter) > 1 or dialect.wrapped or dialect.spaces
    try:
        for row, spans in _spanned(split(opened(), dialect)):
            if spans == 1:
                if last is not None:
                    yield last
                    last = None
                if row and (row[0] or any(row)):
                    gap = False
                    yield line, row
                elif not gap:
                    gap = True
                    yield line, row
                line += 1
                continue
            if spans > MOST_LINES and not several:
                where = line
                break
            if last is not None:
                yield last
            last, gap = (None if several else (line, row)), False
            if last is None:
                yield line, row
            line += spans
    except csv.Error:
        where = line
    if last is not None and where is None and _odd_from(last[0], opened, dialect):
        where = last[0]  # the last row spans lines, and its quote never closes
    elif last is not None:
        yield last
    if where is not None:
        faults.careful |= last is None or where != last[0]
        stream = opened()
        for _ in range(where - 1):
            stream.readline()
        for start, row in careful_rows(stream, dialect, faults):
            yield start + where - 1, row


def _spanned(rows: Iterator[list[str]]) -> Iterator[tuple[list[str], int]]:
    """Each row with how many lines it spans; the last with how many it would, if its quote were closed."""
    if isinstance(rows, _READER):
        before, held = 0, None
        for row in rows:
            if held is not None:
                yield held
            after = rows.line_num
            held, before = (row, after - before), after
        rows = iter([held[0]] if held is not None else [])
    for row in rows:
        yield row, 1 + sum(_breaks(cell) for cell in row if "\n" in cell or "\r" in cell)


def closed_up(rows: Iterable[Row]) -> Iterator[Row]:
    """The same rows, but of empty ones that follow each other only the first.

    >>> list(closed_up([(1, ["a"]), (2, [""]), (3, ["", ""]), (4, ["b"])]))
    [(1, ['a']), (2, ['']), (4, ['b'])]
    """
    gap = False
    for row in rows:
        if any(row[1]):
            gap = False
        elif gap:
            continue
        else:
            gap = True
        yield row


_READER = type(csv.reader([]))


def _odd_from(line: int, opened: Callable[[], TextIO], dialect: Dialect) -> bool:
    """Whether the lines from this one on hold an odd number of quotation marks."""
    marks = 0
    for number, text in enumerate(opened(), start=1):
        if number >= line:
            marks += text.count(dialect.quote)
            marks -= text.count(dialect.escape + dialect.quote) if dialect.escape else 0
    return marks % 2 == 1


def _breaks(cell: str) -> int:
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def careful_rows(stream: TextIO, dialect: Dialect, faults: Faults) -> Iterator[Row]:
    """Row by row: a quote that does not close within some lines is taken as a plain character of its line."""
    bare = Dialect(dialect.delimiter, "", "", edged=dialect.edged)
    opening = re.compile(
        rf"(?:^|{re.escape(dialect.delimiter)})\s*{re.escape(dialect.quote)}"
        if dialect.delimiter
        else "^" + dialect.quote
    )
    waiting: list[str] = []
    simple = not (dialect.escape or dialect.edged or dialect.lead) and len(dialect.delimiter) == 1
    longest = csv.field_size_limit()
    line = 0
    while True:
        first = waiting.pop(0) if waiting else stream.readline()
        if not first:
            return
        line += 1
        if simple and dialect.quote not in first and len(first) < longest:
            plain = first.rstrip("\r\n")  # what is cut without quotes needs no reader of its own
            yield line, plain.split(dialect.delimiter) if plain else []
            continue
        taken = [first]
        if _open(first, dialect, opening):
            closed = False
            while len(taken) < MOST_LINES:
                more = waiting.pop(0) if waiting else stream.readline()
                if not more:
                    break
                taken.append(more)
                if more.count(dialect.quote) % 2:
                    closed = _parses(taken, dialect)
                    break
            if not closed:
                waiting = taken[1:] + waiting
                faults.unclosed.append(line)
                yield line, _cut([first], bare, line)
                continue
        yield line, _cut(taken, dialect, line)
        line += len(taken) - 1


def _cut(lines: list[str], dialect: Dialect, line: int) -> list[str]:
    """The one row that lines make.

    Raises:
        Refused: one of its cells is longer than any cell may be.
    """
    try:
        return next(split(lines, dialect), [])
    except csv.Error as fault:
        raise Refused(
            msg("A cell is longer than {n} characters.", n=csv.field_size_limit()),
            place=f"row {line}",
            remedy=msg("A table has one record a line: export it again as CSV."),
        ) from fault


def _open(line: str, dialect: Dialect, opening: re.Pattern[str]) -> bool:
    count = line.count(dialect.quote) - (line.count(dialect.escape + dialect.quote) if dialect.escape else 0)
    return bool(count % 2 and opening.search(line))


def _parses(lines: list[str], dialect: Dialect) -> bool:
    """The lines make one row in which no cell swallowed what looks like whole rows."""
    try:
        row = next(split(lines, dialect), [])
    except csv.Error:
        return False
    width = max(len(next(split([line], Dialect(dialect.delimiter, "", "")), [])) for line in lines[:1])
    inner = [cell for cell in row if "\n" in cell or "\r" in cell]
    swallowed = any(
        sum(part.count(dialect.delimiter or ",") >= max(width - 1, 1) for part in cell.splitlines()[1:]) >= 1
        for cell in inner
    )
    return not swallowed
