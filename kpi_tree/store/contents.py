"""What a source brought already, by content; and how the files of a folder looked at the last look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kpi_tree.errors import KpiTreeError
from kpi_tree.store import journal
from kpi_tree.store.home import Home
from kpi_tree.store.wording import packed_error, unpacked_error


@dataclass(frozen=True, slots=True)
class Content:
    """A content that was taken once: into a batch, or refused."""

    sha256: str
    at: datetime
    file: str
    batch: str | None
    problem: KpiTreeError | None


@dataclass(frozen=True, slots=True)
class Look:
    """A file of a folder as it was seen; ``sha256`` once it was taken."""

    bytes: int
    changed_ns: int
    seen_at: datetime
    sha256: str | None


def known(home: Home, source_id: str) -> dict[str, Content]:
    """Content -> what became of it."""
    text = "select * from source_contents where source_id = ?"
    with home.read() as db:
        return {
            row["sha256"]: Content(
                row["sha256"],
                datetime.fromisoformat(row["at"]),
                row["file"],
                row["batch_id"],
                unpacked_error(row["problem"]),
            )
            for row in db.query(text, [source_id])
        }


def remember(
    home: Home,
    source_id: str,
    sha256: str,
    *,
    file: str,
    batch: str | None,
    problem: KpiTreeError | None,
    now: datetime,
) -> None:
    """Keep what became of a content."""
    with home.write() as db:
        db.execute(
            "insert or replace into source_contents (source_id, sha256, at, file, batch_id, problem) "
            "values (?, ?, ?, ?, ?, ?)",
            [
                source_id,
                sha256,
                journal.instant(now),
                file,
                batch,
                packed_error(problem) if problem else None,
            ],
        )


def looks(home: Home, source_id: str) -> dict[str, Look]:
    """Name -> the file as it was seen last."""
    text = "select * from source_files where source_id = ?"
    with home.read() as db:
        return {
            row["name"]: Look(
                row["bytes"], row["changed_ns"], datetime.fromisoformat(row["seen_at"]), row["sha256"]
            )
            for row in db.query(text, [source_id])
        }


def note_looks(home: Home, source_id: str, fresh: Mapping[str, Look], gone: Iterable[str]) -> None:
    """Keep how files look now, and forget those that are gone."""
    rows = [
        [source_id, name, one.bytes, one.changed_ns, journal.instant(one.seen_at), one.sha256]
        for name, one in fresh.items()
    ]
    left = [[source_id, name] for name in gone]
    if not rows and not left:
        return
    with home.write() as db:
        db.conn.executemany("insert or replace into source_files values (?, ?, ?, ?, ?, ?)", rows)
        db.conn.executemany("delete from source_files where source_id = ? and name = ?", left)
