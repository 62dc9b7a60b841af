"""Files that tell their orders whole: what older ones tell of these orders beyond that is gone."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from kpi_tree.records.parquet import Rows, RowsFile
from kpi_tree.records.room import LOADING, roomy
from kpi_tree.records.tables import ROW, WHOLE, Table, table
from kpi_tree.steps import SILENT, Watch

MOST_PLACES = 5
"""Records that are named of those that are gone."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Records that a file takes out of their owners: how many, and the first ones.

    Attributes:
        places: (place in line of the batch that told it, its row there, the owner's key).
    """

    count: int = 0
    places: tuple[tuple[int, int, str], ...] = ()


def told_whole(of: Table, owners: Sequence[tuple[int, Path]]) -> str:
    """SQL of the owners (``_key``) that files tell whole as to a table, and the last of these (``_told``).

    Args:
        of: a table whose rows belong to others, such as order lines.
        owners: (place in line, Parquet file) of batches of the owning table.
    """
    paths = ", ".join(_literal(str(path)) for _, path in owners)
    numbers = ", ".join(str(number) for number, _ in owners)
    key = table(of.owner).key[0]
    # A file of which no row says so has no such column; nor has one of an earlier release.
    return f"""
        SELECT _key, max(map([{paths}], [{numbers}])[filename]) AS _told FROM (
            SELECT "{key}" AS _key, filename, {WHOLE}
            FROM (SELECT * FROM read_parquet([{paths}], filename = true, union_by_name = true)
                  UNION ALL BY NAME SELECT NULL::VARCHAR AS {WHOLE} WHERE false)
        ) WHERE list_contains(string_split({WHOLE}, ','), {_literal(of.name)}) GROUP BY _key
    """


def gone(
    of: Table,
    fresh: Rows | None,
    owning: Rows,
    active: Sequence[tuple[int, Path]],
    owners: Sequence[tuple[int, Path]],
    newer: Set[int],
    watch: Watch = SILENT,
) -> Gone:
    """The records that count no more once a file is loaded that tells their owners without them.

    Args:
        fresh: what the file tells of the table; None for nothing. owning: its rows of the owning table.
        active, owners: (place in line, Parquet file) of each active batch of both tables.
        newer: the places of those that go on counting before it.
    """
    older = [one for one in active if one[0] not in newer]
    if WHOLE not in owning.column_names or not older:
        return Gone()
    with roomy(LOADING, watch) as con:
        con.execute("SET python_enable_replacements = false")
        for name, rows in (("owning", owning), ("fresh", fresh)):
            if isinstance(rows, RowsFile):
                con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({_literal(str(rows.path))})")
            elif rows is not None:
                con.register(name, rows)
        found = con.sql(_gone(of, older, owners, fresh is not None)).fetchall()
    return Gone(len(found), tuple((int(at), int(row), str(key)) for at, row, key in found[:MOST_PLACES]))


def _gone(
    of: Table, older: Sequence[tuple[int, Path]], owners: Sequence[tuple[int, Path]], some: bool
) -> str:
    paths = ", ".join(_literal(str(path)) for _, path in older)
    numbers = ", ".join(str(number) for number, _ in older)
    keys, by, owner = ", ".join(f'"{key}"' for key in of.key), f'"{of.owned_by}"', table(of.owner).key[0]
    same = " AND ".join(f'f."{key}" IS NOT DISTINCT FROM k."{key}"' for key in of.key)
    there = f"AND NOT EXISTS (SELECT 1 FROM fresh f WHERE {same})" if some else ""
    told = f"LEFT JOIN ({told_whole(of, owners)}) t ON t._key = k.{by}" if owners else ""
    return f"""
        WITH told AS (
            SELECT "{owner}" AS _owner FROM owning
            WHERE list_contains(string_split({WHOLE}, ','), {_literal(of.name)})
        ), known AS (
            SELECT {keys}, {by}, {ROW}, map([{paths}], [{numbers}])[filename] AS _at
            FROM read_parquet([{paths}], filename = true, union_by_name = true)
            WHERE {by} IN (SELECT _owner FROM told)
            QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY _at DESC, {ROW} DESC) = 1
        )
        SELECT _at, {ROW}, k.{by} FROM known k {told}
        WHERE {"_at >= coalesce(t._told, 0)" if owners else "true"} {there} ORDER BY k.{by}, _at, {ROW}
    """


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
