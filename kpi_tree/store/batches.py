"""Batches: one upload each, whole or absent, never changed, withdrawn and restored at will.

The files are written and synced first; then one transaction names them. A process killed between
the two leaves files that nothing names: no reader sees them, and ``check`` takes them away.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kpi_tree import records
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.steps import SILENT, Watch
from kpi_tree.store import files, journal, lines, observations, own_tables
from kpi_tree.store.batch_rows import (
    QUARANTINE,
    Batch,
    Incoming,
    NewTable,
    Status,
    active_files,
    active_in,
    active_with,
    all_batches,
    check_ins,
    from_on,
    get,
    get_in,
    mends,
    mends_in,
    quarantine_file,
    source_file,
)
from kpi_tree.store.home import Home


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
                known = active_in(db, incoming.sha256, incoming.part)
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
    behind = lines.next_to(db, incoming)
    db.table("batches").insert({**row, "place": lines.make_room(db, behind)})
    db.table("batch_files").insert_all(kept)
    if incoming.check_in is not None:
        db.table("check_in_values").insert({"batch_id": batch_id, "remark_id": incoming.check_in})
    measured = observations.insert(db, batch_id, incoming.measured)
    change = {"batch": row, "files": kept, "observations": measured}
    journal.append(
        db, now=now, who=who, kind="batch", subject=batch_id, revision=journal.bump(db, "data"),
        action="load", change={**change, "behind": behind} if behind else change,
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
        batch = get_in(db, batch_id)
        batch_id = batch.id
        if batch.status == status:
            raise Refused(
                msg("The batch is withdrawn already.")
                if status == "withdrawn"
                else msg("The batch is not withdrawn."),
                place=batch_id,
                remedy=msg("Nothing needs doing."),
            )
        twin = active_in(db, batch.sha256, batch.receipt.get("part", "")) if status == "active" else None
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
        return get_in(db, batch_id)


def followers(home: Home, batch_id: str, status: Status) -> list[Batch]:
    """The corrections that would go or come with a batch, were it given a status."""
    with home.read() as db:
        return _following(db, get_in(db, batch_id), status)


def _table_names(db: Database, batch_id: str) -> set[str]:
    found = db.query("select table_name from batch_files where batch_id = ?", [batch_id])
    return {row["table_name"] for row in found} - {QUARANTINE}


def _following(db: Database, batch: Batch, status: Status) -> list[Batch]:
    """The corrections of a batch that go and come with it: those that were withdrawn alone stay so."""
    mends = [one for one in mends_in(db, batch.id) if one.status != status]
    if status == "withdrawn":
        return mends
    last = {one.id: list(journal.lines(db, "batch", one.id))[-1].change for one in mends}
    return [one for one in mends if last[one.id].get("with") == batch.id and not active_in(db, one.sha256)]


__all__ = [
    "QUARANTINE",
    "Batch",
    "Incoming",
    "MovedError",
    "NewTable",
    "Status",
    "active_files",
    "active_with",
    "add",
    "all_batches",
    "check_ins",
    "followers",
    "from_on",
    "get",
    "mends",
    "quarantine_file",
    "restore",
    "source_file",
    "withdraw",
]
