"""What a file would change: its rows held against the active ones, by key, in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.records.parquet import conform
from kpi_tree.records.room import roomy
from kpi_tree.records.tables import ROW, Table, table

UNCHANGED, CHANGED, NEW = 0, 1, 2


@dataclass(frozen=True)
class Comparison:
    """The outcome, row by row.

    Attributes:
        rows: the file row each record comes from.
        kinds: for each record ``UNCHANGED`` (known and the same), ``CHANGED`` (known under its key,
            another value now) or ``NEW``.
        first, last: the first and last business day the records speak of, where the table has a time.
    """

    rows: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.int8]
    first: date | None
    last: date | None

    def count(self, kind: int) -> int:
        """How many records are of a kind."""
        return int((self.kinds == kind).sum())


def compare(
    of: Table | str, data: pa.Table, active: Sequence[tuple[int, Path]], *, timezone: str = "UTC"
) -> Comparison:
    """Hold the rows of a file against the active batches of its table.

    Args:
        data: rows in the table's columns (see :func:`kpi_tree.records.conform`), with ``_row``.
        active: (sequence number, Parquet file) of each active batch of the table.
        timezone: the shop's, for the business days.

    >>> rows = pa.table({"month": ["2026-01-01", "2026-02-01"], "value": ["5", "6"]})
    >>> compare("market_size", rows, []).kinds.tolist()
    [2, 2]
    """
    found = table(of) if isinstance(of, str) else of
    fresh = conform(found, data)
    with roomy() as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET python_enable_replacements = false")
        con.register("fresh", fresh)
        first, last = _span(con, found, timezone)
        rows = np.asarray(fresh.column(ROW).to_numpy(), dtype=np.int64)
        if not active or not fresh.num_rows:
            return Comparison(rows, np.full(len(rows), NEW, dtype=np.int8), first, last)
        made = con.execute(_sql(found, active)).fetchnumpy()
    return Comparison(
        np.asarray(made[ROW], dtype=np.int64), np.asarray(made["kind"], dtype=np.int8), first, last
    )


def _span(con: duckdb.DuckDBPyConnection, of: Table, timezone: str) -> tuple[date | None, date | None]:
    if of.time is None:
        return None, None
    column = _name(of.time)
    if of.columns[of.time].type == "instant":
        column = f"timezone({_literal(timezone)}, {column})::DATE"
    first, last = con.execute(f"SELECT min({column}), max({column}) FROM fresh").fetchall()[0]
    return first, last


def _sql(of: Table, active: Sequence[tuple[int, Path]]) -> str:
    """New rows joined to the newest active row of their key; only keys in the file are looked at."""
    names = [_name(column) for column in of.columns]
    keys = [_name(key) for key in of.key]
    paths = ", ".join(_literal(str(path)) for _, path in sorted(active, key=lambda one: one[0]))
    # One scan over all files: a UNION of one SELECT a file costs milliseconds for each of them.
    files = f"read_parquet([{paths}], filename = '_file', union_by_name = true)"
    on = " AND ".join(f"known.{key} IS NOT DISTINCT FROM fresh.{key}" for key in keys)
    same = " AND ".join(f"known.{name} IS NOT DISTINCT FROM fresh.{name}" for name in names)
    return f"""
        WITH known AS (
            SELECT {", ".join(names)}, true AS _there
            FROM (SELECT * FROM {files} known WHERE EXISTS (SELECT 1 FROM fresh WHERE {on}))
            QUALIFY row_number() OVER (PARTITION BY {", ".join(keys)}
                ORDER BY list_position([{paths}], _file) DESC, {ROW} DESC) = 1
        )
        SELECT fresh.{ROW} AS {ROW},
            (CASE WHEN known._there IS NULL THEN {NEW}
                WHEN {same} THEN {UNCHANGED} ELSE {CHANGED} END)::TINYINT AS kind
        FROM fresh LEFT JOIN known ON {on}
    """


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def by_file_row(parts: Sequence[Comparison]) -> tuple[int, int, int]:
    """(new, changed, unchanged) in rows of the file: a row counts as the most that any record of it is.

    >>> one = Comparison(np.array([1, 2]), np.array([2, 0], dtype=np.int8), None, None)
    >>> two = Comparison(np.array([2]), np.array([1], dtype=np.int8), None, None)
    >>> by_file_row([one, two])
    (1, 1, 0)
    """
    if not parts:
        return 0, 0, 0
    rows = np.concatenate([part.rows for part in parts])
    kinds = np.concatenate([part.kinds for part in parts])
    _, place = np.unique(rows, return_inverse=True)
    most = np.zeros(place.max() + 1 if len(place) else 0, dtype=np.int8)
    np.maximum.at(most, place, kinds)
    return int((most == NEW).sum()), int((most == CHANGED).sum()), int((most == UNCHANGED).sum())
