"""Tables that a shop makes for files that fit none of the built-in ones.

A table's columns are JSON data here. It is made in the very transaction that keeps its first batch; taken
away, it comes back with the batch that filled it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kpi_tree.errors import Conflict, NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.store import journal
from kpi_tree.store.home import Home

KIND = "own_table"
Spec = Mapping[str, Any]
_STATES = ("make", "describe")
"""Lines of the journal that say what a table is from then on."""


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A table of the shop's own; ``fingerprint`` stands for the headers of the file it was made from."""

    name: str
    fingerprint: str
    spec: Spec
    revision: int
    at: datetime
    who: str


def every(home: Home) -> list[OwnTable]:
    """The shop's own tables, in the order they were made."""
    with home.read() as db:
        if "own_tables" not in db.table_names():
            return []  # a home that can only be read may still be of an older version
        return [
            OwnTable(
                row["name"],
                row["fingerprint"],
                json.loads(row["spec"]),
                row["revision"],
                datetime.fromisoformat(row["at"]),
                row["who"],
            )
            for row in db.query("select * from own_tables order by position")
        ]


def add(db: Database, name: str, spec: Spec, *, fingerprint: str, who: str, now: datetime) -> None:
    """Make a table, in the caller's transaction.

    Raises:
        Refused: there is one of this name by now, or batches that can come back were kept under this name
            with other columns.
    """
    if db.execute("select 1 from own_tables where name = ?", [name]).fetchone():
        raise Refused(
            msg("There is a table of this name already."),
            place=name,
            remedy=msg("Load into it, or choose another name."),
        )
    earlier = _made(db, name)
    used = db.execute("select 1 from batch_files where table_name = ?", [name]).fetchone()
    if used and earlier is not None and _shape(json.loads(earlier["spec"])) != _shape(spec):
        raise Refused(
            msg("A table of this name with other columns was deleted, and its batches can come back."),
            place=name,
            remedy=msg("Choose another name."),
        )
    fresh = journal.bump(db, "own")
    row = {
        "name": name,
        "position": int(db.execute("select coalesce(max(position), 0) + 1 from own_tables").fetchone()[0]),
        "fingerprint": fingerprint,
        "spec": journal.canonical(spec),
        "revision": fresh,
        "at": journal.instant(now),
        "who": who,
    }
    db.table("own_tables").insert(row)
    journal.append(
        db, now=now, who=who, kind=KIND, subject=name, revision=fresh, action="make", change={"after": row}
    )


def _made(db: Database, name: str) -> Mapping[str, Any] | None:
    """A table as it was made, or named, last, whether it is still there or not."""
    found = [line.change["after"] for line in journal.lines(db, KIND, name) if line.action in _STATES]
    return found[-1] if found else None


def _shape(spec: Spec) -> dict[str, Any]:
    """What rows must fit: all but what people call it."""
    plain = {name: {k: v for k, v in one.items() if k != "names"} for name, one in spec["columns"].items()}
    return {**{name: one for name, one in spec.items() if name != "names"}, "columns": plain}


def describe(home: Home, name: str, spec: Spec, *, who: str, now: datetime, based_on: int) -> int:
    """Keep what people call a table and its columns, and what they count; returns the revision.

    What is the same already leaves no trace.

    Args:
        based_on: the table's revision that ``spec`` was made from.

    Raises:
        NotFound: there is no table of this name.
        Conflict: somebody else changed it meanwhile; nothing was changed.
    """
    with home.write() as db:
        before = next(iter(db.query("select * from own_tables where name = ?", [name])), None)
        if before is None:
            raise _unknown(name)
        if json.loads(before["spec"]) == spec:
            return int(before["revision"])
        if before["revision"] != based_on:
            raise Conflict(
                msg("{who} changed this table meanwhile. Nothing was changed.", who=before["who"]),
                mine=spec,
                theirs=json.loads(before["spec"]),
                place=name,
                remedy=msg("Look at it as it is now, and change it again."),
            )
        fresh = journal.bump(db, "own")
        journal.bump(db, "data")
        row = {
            **before,
            "spec": journal.canonical(spec),
            "revision": fresh,
            "at": journal.instant(now),
            "who": who,
        }
        db.table("own_tables").update(name, row)
        journal.append(
            db, now=now, who=who, kind=KIND, subject=name, revision=fresh, action="describe",
            change={"before": dict(before), "after": row},
        )  # fmt: skip
        return fresh


def _unknown(name: str) -> NotFound:
    return NotFound(
        msg("There is no table of your own with this name."),
        place=name[:80],
        remedy=msg("List the tables to see their names."),
    )


def revive(db: Database, names: Collection[str], *, who: str, now: datetime) -> None:
    """Bring tables back that were deleted, for a batch that comes back; in the caller's transaction."""
    kept = {row["name"] for row in db.query("select name from own_tables")}
    for name in names:
        earlier = _made(db, name) if name not in kept else None
        if earlier is not None:
            add(db, name, json.loads(earlier["spec"]), fingerprint=earlier["fingerprint"], who=who, now=now)


def drop(home: Home, name: str, *, who: str, now: datetime) -> None:
    """Take a table away that no active batch fills.

    Raises:
        NotFound: there is no table of this name.
        Refused: an active batch fills it.
    """
    with home.write() as db:
        if not db.execute("select 1 from own_tables where name = ?", [name]).fetchone():
            raise _unknown(name)
        filled = db.execute(
            "select b.file from batch_files f join batches b on b.id = f.batch_id "
            "where f.table_name = ? and b.status = 'active'",
            [name],
        ).fetchone()
        if filled:
            raise Refused(
                msg("The table holds the rows of {file}.", file=filled[0]),
                place=name,
                remedy=msg("Withdraw its batches first; they can come back."),
            )
        db.execute("delete from own_tables where name = ?", [name])
        fresh = journal.bump(db, "own")
        journal.bump(db, "data")
        journal.append(
            db, now=now, who=who, kind=KIND, subject=name, revision=fresh, action="drop", change={}
        )


def differing(db: Database) -> Iterator[str]:
    """Names of tables whose rows do not say what the journal says."""
    made: dict[str, Any] = {}
    for line in journal.lines(db, KIND):
        if line.action in _STATES:
            made[line.subject] = line.change["after"]
        else:
            made.pop(line.subject, None)
    rows = {row["name"]: dict(row) for row in db.query("select * from own_tables")}
    yield from sorted(name for name in {*made, *rows} if made.get(name) != rows.get(name))
