"""Batches: one upload each, whole or absent, never changed, withdrawn and restored at will.

The files are written and synced first; then one transaction names them. A process killed between
the two leaves files that nothing names: no reader sees them, and ``check`` takes them away.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from sqlite_utils import Database

from kpi_tree import records
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.records.parquet import Rows
from kpi_tree.records.tables import Table
from kpi_tree.steps import SILENT, Watch
from kpi_tree.store import files, journal, observations, own_tables
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

    @property
    def part(self) -> str:
        """Which part of its file it is; ``""`` for all of it."""
        return str(self.receipt.get("part", ""))


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it is kept."""

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


class MovedError(Exception):
    """The data changed between counting and keeping; count again."""


def add(
    home: Home,
    incoming: Incoming,
    *,
    who: str,
    now: datetime,
    based_on: int | None = None,
    watch: Watch = SILENT,
) -> tuple[Batch, bool]:
    """Keep a file's rows as one batch; the batch, and whether its content was here already.

    Args:
        based_on: the data revision that the counts were worked out against.
        watch: asked whether to stop, up to the moment when the batch is there.

    Raises:
        MovedError: the data revision is another one by now; nothing was kept.
        Cancelled: it was stopped; nothing was kept.
        Refused: the disk is full, the home is read-only.
    """
    known = active_with(home, incoming.sha256, incoming.part)
    if known:
        return known, True
    if home.read_only:
        with home.write():
            pass  # raises with the words for a read-only home
    batch_id = f"b{secrets.token_hex(6)}"
    written: list[Path] = []
    with files.importing(home):
        try:
            kept = _write_files(home, batch_id, incoming, written, watch)
            with home.write() as db:
                known = _active_with(db, incoming.sha256, incoming.part)
                if not known:
                    if based_on is not None and journal.revision(db, "data") != based_on:
                        raise MovedError
                    _make_own(db, incoming, who, now)
                    _insert(db, batch_id, incoming, kept, who, now)
        except BaseException:
            for path in written:
                path.unlink(missing_ok=True)
            raise
        if known:
            for path in written:
                if path != home.files / incoming.sha256:  # the other batch's source now
                    path.unlink(missing_ok=True)
            return known, True
    return get(home, batch_id), False


def _make_own(db: Database, incoming: Incoming, who: str, now: datetime) -> None:
    """The shop's own tables that the rows are for: made now, or brought back if they went meanwhile."""
    made = incoming.makes
    if made is not None:
        own_tables.add(db, made.name, made.spec, fingerprint=made.fingerprint, who=who, now=now)
    own_tables.revive(db, incoming.own.keys() & incoming.tables.keys(), who=who, now=now)


def _write_files(
    home: Home, batch_id: str, incoming: Incoming, written: list[Path], watch: Watch
) -> list[dict[str, Any]]:
    kept = []
    source = home.files / incoming.sha256
    if not source.exists() and not _is_named(home, incoming.sha256):
        written.append(source)
    try:
        files.keep(incoming.source, source, watch)
        for name, rows in incoming.tables.items():
            watch.check()
            path = home.records / name / f"{batch_id}.parquet"
            written.append(path)
            records.write(incoming.own.get(name, name), rows, path)
            kept.append(_named(home, batch_id, name, path, rows.num_rows))
    except OSError as error:
        raise files.refusal(error, home.records / "x") from error
    if incoming.quarantine is not None and incoming.quarantine.num_rows:
        path = home.path / QUARANTINE / f"{batch_id}.parquet"
        written.append(path)
        files.keep_table(incoming.quarantine, path)
        kept.append(_named(home, batch_id, QUARANTINE, path, incoming.quarantine.num_rows))
    watch.check()
    return kept


def _is_named(home: Home, sha256: str) -> bool:
    """Whether any batch, withdrawn ones too, came from this very content."""
    with home.read() as db:
        return bool(db.execute("select 1 from batches where sha256 = ? limit 1", [sha256]).fetchone())


def _named(home: Home, batch_id: str, table: str, path: Path, rows: int) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "table_name": table,
        "path": path.relative_to(home.path).as_posix(),
        "row_count": rows,
        "sha256": files.sha256_of(path),
    }


def _insert(
    db: Database, batch_id: str, incoming: Incoming, kept: list[dict[str, Any]], who: str, now: datetime
) -> None:
    seq = int(db.execute("select coalesce(max(seq), 0) + 1 from batches").fetchone()[0])
    size = len(incoming.source) if isinstance(incoming.source, bytes) else incoming.source.stat().st_size
    row = {
        "id": batch_id,
        "seq": seq,
        "status": "active",
        "at": journal.instant(now),
        "who": who,
        "file": incoming.file,
        "bytes": size,
        "sha256": incoming.sha256,
        "main_table": incoming.main_table,
        "row_count": incoming.counts.get("rows", 0),
        "accepted": incoming.counts.get("accepted", 0),
        "changed": incoming.counts.get("changed", 0),
        "unchanged": incoming.counts.get("unchanged", 0),
        "rejected": incoming.counts.get("rejected", 0),
        "receipt": journal.canonical(incoming.receipt),
    }
    db.table("batches").insert(row)
    db.table("batch_files").insert_all(kept)
    measured = observations.insert(db, batch_id, incoming.measured)
    journal.append(
        db, now=now, who=who, kind="batch", subject=batch_id, revision=journal.bump(db, "data"),
        action="load", change={"batch": row, "files": kept, "observations": measured},
    )  # fmt: skip


def withdraw(home: Home, batch_id: str, *, who: str, now: datetime) -> Batch:
    """Take a batch out of every figure; its files stay, so that it can come back exactly.

    Corrections of its rows (batches whose receipt says ``mends``) go with it, in the same transaction.

    Raises:
        NotFound: no batch has that id.
        Refused: it is withdrawn already.
    """
    return _set_status(home, batch_id, "withdrawn", who, now)


def restore(home: Home, batch_id: str, *, who: str, now: datetime) -> Batch:
    """Bring a withdrawn batch back to the very place in line it had.

    Raises:
        NotFound: no batch has that id.
        Refused: it was never withdrawn, or the same content has been loaded again meanwhile.
    """
    return _set_status(home, batch_id, "active", who, now)


def _set_status(home: Home, batch_id: str, status: Status, who: str, now: datetime) -> Batch:
    with home.write() as db:
        batch = _get(db, batch_id)
        batch_id = batch.id
        if batch.status == status:
            raise Refused(
                msg("The batch is withdrawn already.")
                if status == "withdrawn"
                else msg("The batch is not withdrawn."),
                place=batch_id,
                remedy=msg("Nothing needs doing."),
            )
        twin = _active_with(db, batch.sha256, batch.receipt.get("part", "")) if status == "active" else None
        if twin:
            raise Refused(
                msg("The same content was loaded again as batch {batch}.", batch=twin.id),
                place=batch_id,
                remedy=msg("Withdraw that batch first."),
            )
        if status == "active":
            own_tables.revive(db, _table_names(db, batch_id), who=who, now=now)
        revision = journal.bump(db, "data")
        for one in (batch, *_following(db, batch, status)):
            db.execute("update batches set status = ? where id = ?", [status, one.id])
            journal.append(
                db, now=now, who=who, kind="batch", subject=one.id, revision=revision,
                action="withdraw" if status == "withdrawn" else "restore",
                change={"before": one.status, "after": status, "with": batch_id},
            )  # fmt: skip
        return _get(db, batch_id)


def _table_names(db: Database, batch_id: str) -> set[str]:
    found = db.query("select table_name from batch_files where batch_id = ?", [batch_id])
    return {row["table_name"] for row in found} - {QUARANTINE}


def _following(db: Database, batch: Batch, status: Status) -> list[Batch]:
    """The corrections of a batch that go and come with it: those that were withdrawn alone stay so."""
    mends = [one for one in _mends(db, batch.id) if one.status != status]
    if status == "withdrawn":
        return mends
    last = {one.id: list(journal.lines(db, "batch", one.id))[-1].change for one in mends}
    return [one for one in mends if last[one.id].get("with") == batch.id and not _active_with(db, one.sha256)]


def _mends(db: Database, batch_id: str) -> list[Batch]:
    return [
        _batch(row)
        for row in db.query(
            "select * from batches where json_extract(receipt, '$.mends') = ? order by seq", [batch_id]
        )
    ]


def mends(home: Home, batch_id: str) -> list[Batch]:
    """The batches that hold a batch's corrected rows, the oldest first."""
    with home.read() as db:
        return _mends(db, _get(db, batch_id).id)


def get(home: Home, batch_id: str) -> Batch:
    """One batch, by its id or its number.

    Raises:
        NotFound: no batch has that id.
    """
    with home.read() as db:
        return _get(db, batch_id)


def all_batches(home: Home) -> list[Batch]:
    """Every batch, the newest first."""
    with home.read() as db:
        return [_batch(row) for row in db.query("select * from batches order by seq desc")]


def active_with(home: Home, sha256: str, part: str = "") -> Batch | None:
    """The active batch that holds this very content, if any; for a part of it the batch of the same part."""
    with home.read() as db:
        return _active_with(db, sha256, part)


def active_files(home: Home, *, at: datetime | None = None) -> dict[str, list[tuple[int, str, Path]]]:
    """Record table → its active Parquet files as (seq, batch, path), the oldest first.

    Args:
        at: a moment in the past: the files as they were active then, by the journal.
    """
    found: dict[str, list[tuple[int, str, Path]]] = {}
    with home.read() as db:
        then = observations.active_at(db, at) if at is not None else None
        for row in db.query(
            "select f.table_name, b.seq, b.id, b.status, f.path from batch_files f "
            "join batches b on b.id = f.batch_id where f.table_name <> ? order by b.seq",
            [QUARANTINE],
        ):
            if row["id"] in then if then is not None else row["status"] == "active":
                place = (row["seq"], row["id"], home.path / row["path"])
                found.setdefault(row["table_name"], []).append(place)
    return found


def quarantine_file(home: Home, batch_id: str) -> Path | None:
    """The Parquet file of a batch's rejected rows; ``None`` when there were none."""
    with home.read() as db:
        _get(db, batch_id)
        row = db.execute(
            "select path from batch_files where batch_id = ? and table_name = ?", [batch_id, QUARANTINE]
        ).fetchone()
    return home.path / row[0] if row else None


def source_file(home: Home, batch_id: str) -> Path:
    """The file as it was sent."""
    return home.files / get(home, batch_id).sha256


def _get(db: Database, batch_id: str) -> Batch:
    """A batch by its id, or by the short number that people know it by (``12``, ``#12``)."""
    number = batch_id.strip().removeprefix("#")
    seq = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else -1
    for row in db.query("select * from batches where id = ? or seq = ?", [batch_id, seq]):
        return _batch(row)
    raise NotFound(
        msg("There is no batch of this name."),
        place=batch_id[:80],
        remedy=msg("List the batches to see their names."),
    )


def _active_with(db: Database, sha256: str, part: str = "") -> Batch | None:
    for row in db.query("select * from batches where sha256 = ? and status = 'active'", [sha256]):
        found = _batch(row)
        if not part or found.receipt.get("part", "") == part:
            return found
    return None


def _batch(row: Mapping[str, Any]) -> Batch:
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
    )
