"""What every file says of the records of one row, and whose word counts: their history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kpi_tree.records.room import LOADING, roomy
from kpi_tree.records.tables import ROW, Table
from kpi_tree.records.whole import told_whole
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.workspace.base.own import tables_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import BatchView
from kpi_tree.workspace.intake.inbox_batches import seen, view_of

Files = Sequence[tuple[int, str, Path]]


@dataclass(frozen=True, slots=True)
class Version:
    """What one file says of a record.

    Attributes:
        values: its columns, without the key. counts: whether it is the word that counts now, or of a product
            or customer has the last word on one of its columns.
    """

    batch: BatchView
    row: int
    values: Mapping[str, Any]
    counts: bool


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """A record of a row with what every file says of it, the newest file first.

    Attributes:
        differing: the columns in which two of them differ.
    """

    table: str
    key: Mapping[str, Any]
    versions: tuple[Version, ...]
    differing: tuple[str, ...]


@verb
def record_history(home: Home, who: Asker, batch_id: str, row: int) -> tuple[RecordHistory, ...]:
    """The records of a row of a file of which other files say otherwise, or that count no more.

    Raises:
        NotFound: no batch has that name.
    """
    batch = seen(home, who, batch_id)
    every = {one.id: one for one in kept.all_batches(home)}
    files = kept.active_files(home, among=every.keys())
    found = []
    for name, of in tables_of(home).items():
        mine = next((path for _, one, path in files.get(name, ()) if one == batch.id), None)
        if mine is not None:
            owners = [one for one in files.get(of.owner, ()) if every[one[1]].status == "active"]
            found += _of_table(of, mine, row, files[name], owners, every)
    if who.role != "uploader":
        return tuple(found)
    mine_only = ((one, tuple(v for v in one.versions if v.batch.who == who.name)) for one in found)
    return tuple(replace(one, versions=versions) for one, versions in mine_only)


def _of_table(
    of: Table, mine: Path, row: int, files: Files, owners: Files, every: Mapping[str, kept.Batch]
) -> list[RecordHistory]:
    names, paths = list(of.columns), ", ".join(_literal(path) for _, _, path in files)
    keys = ", ".join(f'"{key}"' for key in dict.fromkeys([*of.key, of.owned_by]) if key)
    columns = ", ".join(f'r."{name}"' for name in names)
    told: dict[Any, int] = {}
    same = " AND ".join(f'k."{key}" IS NOT DISTINCT FROM r."{key}"' for key in of.key)
    with roomy(LOADING) as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute(
            f"CREATE TABLE mine AS SELECT {keys} FROM read_parquet({_literal(mine)}) WHERE {ROW} = ?", [row]
        )
        rows = con.sql(
            f"SELECT {columns}, r.{ROW}, r.filename "
            f"FROM read_parquet([{paths}], filename = true, union_by_name = true) AS r "
            f"WHERE EXISTS (SELECT 1 FROM mine k WHERE {same})"
        ).to_arrow_table()
        if rows.num_rows and owners:
            sql = told_whole(of, [(place, path) for place, _, path in owners])
            only = f'SELECT "{of.owned_by}" FROM mine'
            told = dict(con.execute(f"SELECT * FROM ({sql}) WHERE _key IN ({only})").fetchall())
    by_path = {str(path): every[one] for _, one, path in files}
    grouped: dict[tuple[Any, ...], list[tuple[kept.Batch, int, dict[str, Any]]]] = {}
    for record in rows.to_pylist():  # moments with their zone, which an engine hands out with another library
        line, path = record.pop(ROW), record.pop("filename")
        grouped.setdefault(tuple(record[key] for key in of.key), []).append((by_path[path], line, record))
    made = [_history(of, one, told) for one in grouped.values()]
    return [one for one in made if one.differing or not any(v.counts for v in one.versions)]


def _history(
    of: Table, found: list[tuple[kept.Batch, int, dict[str, Any]]], told: Mapping[Any, int]
) -> RecordHistory:
    found = sorted(found, key=lambda one: (one[0].place, one[1]), reverse=True)
    counting = _counting(of, found, told)
    versions = tuple(
        Version(view_of(batch), line, {k: v for k, v in record.items() if k not in of.key}, place in counting)
        for place, (batch, line, record) in enumerate(found)
    )
    said = {name: {one.values[name] for one in versions} for name in versions[0].values}
    silent = {None} if of.describes else set()
    differing = tuple(name for name, words in said.items() if len(words - silent) > 1)
    return RecordHistory(of.name, {key: found[0][2][key] for key in of.key}, versions, differing)


def _counting(
    of: Table, found: list[tuple[kept.Batch, int, dict[str, Any]]], told: Mapping[Any, int]
) -> set[int]:
    """Which of the versions, the newest first, count: one, or of what is only described each last word."""
    active = [place for place, (batch, _, _) in enumerate(found) if batch.status == "active"]
    if of.describes:
        words = (
            next((place for place in active if found[place][2][name] is not None), None)
            for name in of.columns
            if name not in of.key
        )
        return {place for place in words if place is not None} or set(active[:1])
    if active and found[active[0]][0].place < told.get(found[0][2].get(of.owned_by), 0):
        return set()  # a newer file tells its owner without it
    return set(active[:1])


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
