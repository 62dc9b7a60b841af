"""The DuckDB connection: locked down to the files of the active batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics.sqltext import literal
from kpi_tree.records.room import bound

Batch = tuple[int, str, Path]
"""Place in line, batch id, and the Parquet file of one batch's rows for one table."""


def connect(memory_limit: str | None, spill: Path) -> duckdb.DuckDBPyConnection:
    """An empty database in memory: no extensions fetched, no Python objects seen, spilling to a folder."""
    con = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET python_enable_replacements = false")
    bound(con, spill, memory_limit)
    return con


def lock_down(
    con: duckdb.DuckDBPyConnection, folder: Path, active: Mapping[str, Sequence[Batch]], kept: Path | None
) -> None:
    """From here on only the batches' own files can be read, and no setting can be changed back.

    Args:
        kept: the folder of kept facts, which can be written to as well.
    """
    paths = sorted({str(path) for found in active.values() for _, _, path in found})
    inside = [path for path in paths if Path(path).resolve().is_relative_to(folder.resolve())]
    if len(inside) < len(paths):
        outside = next(path for path in paths if path not in inside)
        raise Refused(msg("A batch file lies outside the home's records."), place=Path(outside).name)
    gone = next((path for path in paths if not Path(path).is_file()), None)
    if gone:
        raise Refused(
            msg("The file of a batch is missing."),
            place=Path(gone).name,
            remedy=msg("Restore the records folder from a backup, or withdraw the batch."),
        )
    con.execute(f"SET allowed_paths = [{', '.join(literal(path) for path in paths)}]")
    if kept is not None:
        con.execute(f"SET allowed_directories = [{literal(f'{kept}/')}]")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
