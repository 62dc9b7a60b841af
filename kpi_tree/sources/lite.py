"""A query's answer from a SQLite file that is opened for reading only."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kpi_tree.sources.bounds import MEGABYTE
from kpi_tree.sources.cutting import Cut

LONGEST = 16 * MEGABYTE
"""Bytes of the largest value that a query may make or read."""
STEPS = 10_000
_READS = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)


@contextmanager
def opened(url: sa.URL, cut: Cut) -> Iterator[sqlite3.Connection]:
    """A connection on which nothing can be written, and whose queries end when ``cut`` is due.

    Raises:
        sqlite3.Error: there is no such file.
    """
    path = Path(url.database or "")
    if not path.is_file():
        raise sqlite3.OperationalError("unable to open database file")
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as made:
        made.execute("pragma query_only = on")
        made.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        made.set_progress_handler(lambda: int(cut.due()), STEPS)
        made.set_authorizer(_authorise)
        yield made


def copy(line: sqlite3.Connection, query: str, since: datetime, take: Callable[[bytes], None]) -> None:
    """Hand over a query's answer: its header, then row after row, as bytes of CSV.

    Args:
        since: what ``:since`` stands for; SQLite keeps moments as text, here in UTC.
        take: gets each row; what it raises ends the query.

    Raises:
        sqlite3.Error: the query is wrong, wants to write, or has a value that is too large.
    """
    found = line.execute(query, {"since": since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")})
    out = csv.writer(_Lines(take), lineterminator="\n")
    out.writerow([column[0] for column in found.description])
    for row in found:
        out.writerow([cell(value) for value in row])


class _Lines:
    """What the writer of CSV takes for a file."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self.take = take

    def write(self, line: str) -> None:
        self.take(line.encode())


def cell(value: Any) -> str:
    """A value of SQLite as a cell of CSV.

    >>> [cell(value) for value in (None, 7, 2.5, "Oslo", b"\\x00\\xff")]
    ['', '7', '2.5', 'Oslo', '\\\\x00ff']
    """
    if value is None:
        return ""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _authorise(action: int, first: str | None, second: str | None, *_: Any) -> int:
    """Reading is let through; ATTACH, PRAGMA, extensions and every kind of writing is not."""
    del first
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY
