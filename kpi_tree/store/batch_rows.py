"""Batches as they are kept: looked up by name, by content, by what is active."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from sqlite_utils import Database

from kpi_tree.errors import NotFound
from kpi_tree.i18n import msg
from kpi_tree.records.parquet import Rows
from kpi_tree.records.tables import Table
from kpi_tree.store import observations
from kpi_tree.store.home import Home

Status = Literal["active", "withdrawn"]
QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table of the shop's own that comes with its first batch."""

    name: str
    spec: Mapping[str, Any]
    fingerprint: str


@dataclass(frozen=True)
class Incoming:
    """A file that was read, ready to be kept.

    Args:
        file: its name, for people only.
        source: the file itself (a path or its bytes); it is kept beside the records.
        tables: record table → its rows.
        quarantine: rows that were not accepted, with reasons; empty or ``None`` for none.
        measured: observations (:data:`kpi_tree.store.observations.MEASURED`).
        counts: ``rows, accepted, changed, unchanged, rejected`` in rows of the file.
        main_table: the table the receipt names.
        receipt: whatever else the receipt should keep (JSON data).
        own: the shop's own tables among ``tables``; ``makes`` is the one that is made with this batch.
        check_in: id of the check-in whose value it is; nobody sent it as a file.
        behind: the batch that it stands directly behind in line; ``None``: nothing known is newer.
        after: the batch that it belongs to and stands right in front of: that of corrected rows.
    """

    file: str
    source: Path | bytes
    sha256: str
    tables: Mapping[str, Rows]
    quarantine: Rows | None = None
    measured: pa.Table | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    main_table: str | None = None
    receipt: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Table] = field(default_factory=dict)
    makes: NewTable | None = None
    check_in: str | None = None
    behind: str | None = None
    after: str | None = None

    @property
    def part(self) -> str:
        """Which part of its file it is; ``""`` for all of it."""
        return str(self.receipt.get("part", ""))


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it is kept.

    Attributes:
        seq: its number, by the order of loading. place: its place in line: of two that know the same record
            the one with the higher place counts.
    """

    id: str
    seq: int
    status: Status
    at: datetime
    who: str
    file: str
    bytes: int
    sha256: str
    main_table: str | None
    rows: int
    accepted: int
    changed: int
    unchanged: int
    rejected: int
    receipt: Mapping[str, Any]
    place: int = 0


def mends_in(db: Database, batch_id: str) -> list[Batch]:
    """The batches that hold a batch's corrected rows, in a transaction that is open."""
    return [
        batch_of(row)
        for row in db.query(
            "select * from batches where json_extract(receipt, '$.mends') = ? order by seq", [batch_id]
        )
    ]


def mends(home: Home, batch_id: str) -> list[Batch]:
    """The batches that hold a batch's corrected rows, the oldest first."""
    with home.read() as db:
        return mends_in(db, get_in(db, batch_id).id)


def check_ins(home: Home) -> dict[str, str]:
    """Batch → the check-in whose value it is."""
    with home.read() as db:
        return dict(db.execute("select batch_id, remark_id from check_in_values").fetchall())


def get(home: Home, batch_id: str) -> Batch:
    """One batch, by its id or its number.

    Raises:
        NotFound: no batch has that id.
    """
    with home.read() as db:
        return get_in(db, batch_id)


def all_batches(home: Home) -> list[Batch]:
    """Every batch, the newest first."""
    with home.read() as db:
        return [batch_of(row) for row in db.query("select * from batches order by seq desc")]


def active_with(home: Home, sha256: str, part: str = "") -> Batch | None:
    """The active batch that holds this very content, if any; for a part of it the batch of the same part."""
    with home.read() as db:
        return active_in(db, sha256, part)


def active_files(
    home: Home, *, at: datetime | None = None, among: Set[str] | None = None
) -> dict[str, list[tuple[int, str, Path]]]:
    """Record table → its active Parquet files as (place, batch, path); of one record the last one counts.

    Args:
        at: a moment in the past: the files as they were active then, by the journal.
        among: ids of batches: as if these were the active ones.
    """
    found: dict[str, list[tuple[int, str, Path]]] = {}
    with home.read() as db:
        then = observations.active_at(db, at) if at is not None else among
        for row in db.query(
            "select f.table_name, b.place, b.id, b.status, f.path from batch_files f "
            "join batches b on b.id = f.batch_id where f.table_name <> ? order by b.place",
            [QUARANTINE],
        ):
            if row["id"] in then if then is not None else row["status"] == "active":
                place = (row["place"], row["id"], home.path / row["path"])
                found.setdefault(row["table_name"], []).append(place)
    return found


def from_on(home: Home, batch_id: str) -> frozenset[str]:
    """A batch and all that stand further on in line: those that count before one right behind it."""
    with home.read() as db:
        found = db.query(
            "select id from batches where place >= (select place from batches where id = ?)", [batch_id]
        )
        return frozenset(row["id"] for row in found)


def quarantine_file(home: Home, batch_id: str) -> Path | None:
    """The Parquet file of a batch's rejected rows; ``None`` when there were none."""
    with home.read() as db:
        get_in(db, batch_id)
        row = db.execute(
            "select path from batch_files where batch_id = ? and table_name = ?", [batch_id, QUARANTINE]
        ).fetchone()
    return home.path / row[0] if row else None


def source_file(home: Home, batch_id: str) -> Path:
    """The file as it was sent."""
    return home.files / get(home, batch_id).sha256


def get_in(db: Database, batch_id: str) -> Batch:
    """A batch by its id, or by the short number that people know it by (``12``, ``#12``)."""
    number = batch_id.strip().removeprefix("#")
    seq = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else -1
    for row in db.query("select * from batches where id = ? or seq = ?", [batch_id, seq]):
        return batch_of(row)
    raise NotFound(
        msg("There is no batch of this name."),
        place=batch_id[:80],
        remedy=msg("List the batches to see their names."),
    )


def active_in(db: Database, sha256: str, part: str = "") -> Batch | None:
    """The same in a transaction that is open."""
    for row in db.query("select * from batches where sha256 = ? and status = 'active'", [sha256]):
        found = batch_of(row)
        if not part or found.receipt.get("part", "") == part:
            return found
    return None


def batch_of(row: Mapping[str, Any]) -> Batch:
    """A batch from its row."""
    return Batch(
        id=row["id"],
        seq=row["seq"],
        status=row["status"],
        at=datetime.fromisoformat(row["at"]),
        who=row["who"],
        file=row["file"],
        bytes=row["bytes"],
        sha256=row["sha256"],
        main_table=row["main_table"],
        rows=row["row_count"],
        accepted=row["accepted"],
        changed=row["changed"],
        unchanged=row["unchanged"],
        rejected=row["rejected"],
        receipt=json.loads(row["receipt"]),
        place=row["place"],
    )
