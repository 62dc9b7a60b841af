"""How much memory and disk a DuckDB connection may take, and where it may spill to.

Left to itself DuckDB takes four fifths of the machine's memory and writes what does not fit into a folder
``.tmp`` of the folder that the program happens to be run from, without a bound.

DuckDB is imported when it is asked for: looking at a small file needs none.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_tree.errors import Cancelled, Refused
from kpi_tree.i18n import msg
from kpi_tree.records.leftovers import folder_of_own, new_folder
from kpi_tree.steps import SILENT, Watch

if TYPE_CHECKING:
    import duckdb

MEGABYTE = 1 << 20
MEMORY = 3072 * MEGABYTE
"""Most memory a connection takes; on a small machine half of what it has."""
LOADING = "320MiB"
"""Memory of a connection while a file is loaded, whatever its size."""
LOOK = 0.1
"""Seconds between two looks at whether a query is to be stopped."""
DISK = 8192 * MEGABYTE
"""Most disk a connection spills to; where there is less room, half of what is free."""


def memory_limit() -> str:
    """The memory limit of a connection, as DuckDB reads it."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{min(MEMORY, whole // 2) // MEGABYTE}MiB"


def spill_limit(folder: Path) -> str:
    """The bound of what a connection may write below a folder, as DuckDB reads it."""
    return f"{min(DISK, shutil.disk_usage(folder).free // 2) // MEGABYTE}MiB"


def spill_folder() -> Path:
    """A new folder of its own, readable by nobody else, in the machine's folder for temporary files."""
    return new_folder()


def bound(con: duckdb.DuckDBPyConnection, folder: Path, limit: str | None = None) -> None:
    """Keep a connection to its share of memory and disk; it spills below ``folder`` and nowhere else.

    And it keeps quiet: left to itself DuckDB draws a progress bar on standard output once a query takes 2 s.
    """
    con.execute("SET enable_progress_bar = false")
    con.execute(f"SET temp_directory = {_literal(str(folder))}")
    con.execute(f"SET max_temp_directory_size = {_literal(spill_limit(folder))}")
    con.execute(f"SET memory_limit = {_literal(limit or memory_limit())}")


@contextmanager
def roomy(limit: str | None = None, watch: Watch = SILENT) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an empty database, bounded; gone at the end with all that it spilled.

    Args:
        limit: its memory, as DuckDB reads it; :func:`memory_limit` when not given.
        watch: whether to stop, also in the middle of a query.

    Raises:
        Cancelled: it was stopped.
    """
    import duckdb

    with (
        folder_of_own() as folder,
        duckdb.connect(config={"autoinstall_known_extensions": "false"}) as con,
    ):
        bound(con, folder, limit)
        with stoppable(con, watch):
            yield con


@contextmanager
def stoppable(con: duckdb.DuckDBPyConnection, watch: Watch) -> Iterator[None]:
    """End the query that a connection is at when its job is stopped.

    Raises:
        Cancelled: it was stopped.
    """
    if watch.cancelled is None:
        yield
        return
    import duckdb

    done = threading.Event()
    asked = watch.cancelled

    def look() -> None:
        while not done.wait(LOOK):
            if asked():
                con.interrupt()

    looking = threading.Thread(target=look, name="stop", daemon=True)
    looking.start()
    try:
        yield
    except duckdb.InterruptException:
        raise Cancelled from None
    finally:
        done.set()
        looking.join()


@contextmanager
def within_room() -> Iterator[None]:
    """Turn the end of memory and disk into a refusal that says what to do.

    Raises:
        Refused: what was asked needs more than the connection may take.
    """
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise Refused(
            msg("This needs more memory than there is for one question."),
            place=str(error).splitlines()[0][:120],
            remedy=msg("Ask for a shorter span, a coarser grain, or fewer dimensions at once."),
        ) from error


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
