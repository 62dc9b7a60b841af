"""Engines for the SQL of layouts, kept between files: making one takes as long as reading a small file."""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from kpi_tree.records.leftovers import OWNER, drop_folder
from kpi_tree.records.room import LOADING, bound, spill_folder, stoppable
from kpi_tree.steps import SILENT, Watch

if TYPE_CHECKING:
    import duckdb

KEPT = 1
"""Engines at rest that are worth their memory; more are closed."""
REST = 60.0
"""Seconds after which one is not used again: its share of the disk is what was free when it was made."""

SETTINGS = (
    "SET threads = 1",  # rows then mostly come in the order of the file
    "SET GLOBAL TimeZone = 'UTC'",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


@dataclass(frozen=True)
class _Engine:
    """One database in memory, locked; who uses it has a connection of its own to it."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    made: float
    process: int

    def close(self) -> None:
        """Let go of it; one that a parent process made is the parent's to close."""
        if self.process == os.getpid():
            self.con.close()
            drop_folder(self.folder)

    def is_fresh(self) -> bool:
        """Whether it may be used again: young, of this process, and its folder as it was."""
        young = time.monotonic() - self.made < REST and self.process == os.getpid()
        return young and [path.name for path in self.folder.iterdir()] == [OWNER]


_idle: list[_Engine] = []
_lock = Lock()


@contextmanager
def borrowed(watch: Watch = SILENT) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an engine that nobody else uses, and that can read nothing but what it is given.

    What is made on it (temporary tables, views, variables, what is registered) is gone at the end.

    Args:
        watch: whether to stop, also in the middle of a query.

    Raises:
        Cancelled: it was stopped.

    >>> with borrowed() as con:
    ...     con.sql("SELECT current_setting('TimeZone')").fetchall()
    [('UTC',)]
    """
    engine = _take()
    try:
        with engine.con.cursor() as con, stoppable(con, watch):
            yield con
    except BaseException:
        engine.close()  # one that failed is not used again
        raise
    _give(engine)


def close_idle() -> None:
    """Close those at rest, with their folders."""
    with _lock:
        every = _idle[:]
        _idle.clear()
    for engine in every:
        engine.close()


atexit.register(close_idle)


def _take() -> _Engine:
    with _lock:
        found = _idle.pop() if _idle else None
    if found is not None:
        if found.is_fresh():
            return found
        found.close()
    return _make()


def _give(engine: _Engine) -> None:
    if engine.is_fresh():
        with _lock:
            if len(_idle) < KEPT:
                _idle.append(engine)
                return
    engine.close()


def _make() -> _Engine:
    import duckdb

    folder = spill_folder()
    try:
        con = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        bound(con, folder, LOADING)
        for setting in SETTINGS:
            con.execute(setting)
    except BaseException:
        drop_folder(folder)
        raise
    return _Engine(con, folder, time.monotonic(), os.getpid())
