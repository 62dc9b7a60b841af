"""Connections for reading that stay open between calls.

Opening one costs more than most reads, and when the last one of a database closes SQLite takes its side
files down, which the next has to build anew. One that lies idle holds no transaction and no lock.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from sqlite_utils import Database

KEPT = 3
"""Idle connections that are worth their memory; more are closed."""

Mark = tuple[int, int, int]


class Readers:
    """The idle connections of one process to one database file.

    Args:
        file: the database; when another file takes its place (a restored copy), the old ones are dropped.
        connect: opens a new connection.
    """

    def __init__(self, file: Path, connect: Callable[[], Database]) -> None:
        self._file, self._connect = file, connect
        self._idle: list[tuple[Mark, Database]] = []
        self._lock = Lock()

    def take(self) -> tuple[Mark | None, Database]:
        """A connection of our own until it is given back, and what tells its file and process."""
        mark = self._mark()
        with self._lock:
            mine = [pair for pair in self._idle if pair[0] == mark]
            others = [pair for pair in self._idle if pair[0] != mark]
            self._idle = mine[:-1]
        for (_, _, process), db in others:
            if process == os.getpid():  # one that a parent process opened is the parent's to close
                db.conn.close()
        return mine[-1] if mine else (mark, self._connect())

    def give(self, mark: Mark | None, db: Database) -> None:
        """Put a connection back; one that failed (no mark) is closed, and so is one too many."""
        if mark is not None:
            db.conn.rollback()
            with self._lock:
                if len(self._idle) < KEPT:
                    self._idle.append((mark, db))
                    return
        db.conn.close()

    def close(self) -> None:
        """Close those that lie idle; one in use is closed or kept when it is given back."""
        with self._lock:
            idle, self._idle = self._idle, []
        for (_, _, process), db in idle:
            if process == os.getpid():
                db.conn.close()

    def __del__(self) -> None:
        self.close()

    def _mark(self) -> Mark | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return (found.st_dev, found.st_ino, os.getpid())
