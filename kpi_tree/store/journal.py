"""The journal: every change to plans, batches and settings, who made it and when, for ever.

Each line carries the hash of the line before it, so a line that was changed or taken out by hand
shows. Triggers refuse UPDATE and DELETE. Lines are ordered by ``seq``, never by the clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal; ``change`` is JSON data."""

    seq: int
    at: datetime
    who: str
    kind: str
    subject: str
    revision: int
    action: str
    change: Any


def instant(now: datetime) -> str:
    """A moment as the journal writes it: UTC, ISO.

    >>> instant(datetime(2026, 5, 4, 12, tzinfo=UTC))
    '2026-05-04T12:00:00+00:00'
    """
    if now.tzinfo is None:
        raise Refused(msg("A moment needs its time zone."), place="now", remedy=msg("Give it in UTC."))
    return now.astimezone(UTC).isoformat()


def canonical(value: Any) -> str:
    """JSON with one spelling for one value, so that hashes agree."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _hash(previous: str, row: dict[str, Any]) -> str:
    names = ("seq", "at", "who", "kind", "subject", "revision", "action", "change")
    said = canonical([row[name] for name in names])
    return hashlib.sha256((previous + said).encode()).hexdigest()


def append(
    db: Database, *, now: datetime, who: str, kind: str, subject: str, revision: int, action: str, change: Any
) -> int:
    """Add a line inside the caller's transaction; returns its number."""
    last = db.execute("select seq, hash from journal order by seq desc limit 1").fetchone() or (0, FIRST)
    row: dict[str, Any] = {
        "seq": last[0] + 1,
        "at": instant(now),
        "who": who,
        "kind": kind,
        "subject": subject,
        "revision": revision,
        "action": action,
        "change": canonical(change),
        "previous_hash": last[1],
    }
    row["hash"] = _hash(last[1], row)
    db.table("journal").insert(row)
    return int(row["seq"])


def lines(db: Database, kind: str | None = None, subject: str | None = None) -> Iterator[Line]:
    """The journal's lines, oldest first, of one kind and subject if asked."""
    where, values = "1", []
    if kind is not None:
        where, values = "kind = ?", [kind]
        if subject is not None:
            where, values = "kind = ? and subject = ?", [kind, subject]
    for row in db.query(f"select * from journal where {where} order by seq", values):
        yield _read(row)


def standing(db: Database, kind: str) -> dict[str, Any]:
    """Subject → what its latest line leaves there, of a kind whose lines say ``before`` and ``after``.

    What was taken away (``None``) is left out.
    """
    told = {line.subject: line.change["after"] for line in lines(db, kind)}
    return {subject: after for subject, after in told.items() if after is not None}


def taken_away(db: Database, kind: str, subject: str) -> Any:
    """A subject of such a kind as it was before it was taken away; ``None`` where it was not."""
    found = list(lines(db, kind, subject))
    return found[-1].change["before"] if found and found[-1].change["after"] is None else None


def differing(said: Mapping[str, Any], kept: Mapping[str, Any]) -> list[str]:
    """Names of which journal and table do not say the same."""
    return sorted(name for name in {*said, *kept} if said.get(name) != kept.get(name))


def last(db: Database, kind: str, subject: str) -> Line:
    """The latest line of a subject that has one."""
    found = "select * from journal where kind = ? and subject = ? order by seq desc limit 1"
    return _read(next(iter(db.query(found, [kind, subject]))))


def _read(row: dict[str, Any]) -> Line:
    return Line(
        seq=row["seq"],
        at=datetime.fromisoformat(row["at"]),
        who=row["who"],
        kind=row["kind"],
        subject=row["subject"],
        revision=row["revision"],
        action=row["action"],
        change=json.loads(row["change"]),
    )


def broken_at(db: Database) -> int | None:
    """The number of the first line that doesn't agree with the chain; ``None`` when all do."""
    previous, expected = FIRST, 1
    for row in db.query("select * from journal order by seq"):
        if row["seq"] != expected or row["previous_hash"] != previous or row["hash"] != _hash(previous, row):
            return int(row["seq"])
        previous, expected = row["hash"], expected + 1
    return None


def bump(db: Database, name: str) -> int:
    """Count a named revision up by one; returns the new one."""
    db.execute(
        "insert into revisions (name, revision) values (?, 1) "
        "on conflict (name) do update set revision = revision + 1",
        [name],
    )
    return revision(db, name)


def revision(db: Database, name: str) -> int:
    """A named revision: ``data`` grows with batches and settings, ``plan:<id>`` with a plan."""
    row = db.execute("select revision from revisions where name = ?", [name]).fetchone()
    return int(row[0]) if row else 0
