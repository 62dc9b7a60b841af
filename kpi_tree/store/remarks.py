"""What people say of a KPI or an action: check-ins, comments and decisions.

Every change is a line of the journal with what stood before and after, so that a deleted remark can be
brought back and ``check`` can prove the table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from kpi_tree.errors import Conflict, NotFound
from kpi_tree.i18n import msg
from kpi_tree.store import journal
from kpi_tree.store.home import Home

TABLE = "remarks"
KIND = "remark"
FIELDS = ("plan_id", "node", "kind", "day", "person", "value", "confidence", "said", "next")


@dataclass(frozen=True, slots=True)
class Remark:
    """A check-in, a comment or a decision as it is kept.

    Attributes:
        kind: ``check_in``, ``comment`` or ``decision``. day: the day it is about. person: who says it.
        value: the person's own number, in the node's unit. confidence: ``high medium low`` or ``None``.
        said: what changed, the comment, what was decided. next: what comes next. mentions: who is spoken to.
        revision: of its last change. at, who: of that change.
    """

    id: str
    plan_id: str
    node: str
    kind: str
    day: date
    person: str
    value: float | None
    confidence: str | None
    said: str
    next: str
    mentions: tuple[str, ...]
    revision: int
    at: datetime
    who: str


def revision(home: Home) -> int:
    """A number that grows with every change to any remark. Cheap."""
    with home.read() as db:
        return journal.revision(db, TABLE)


def remarks(home: Home, plan_id: str, node: str | None = None) -> list[Remark]:
    """A plan's remarks (of one node, if it is named): the latest day first, then the latest written."""
    with home.read() as db:
        if TABLE not in db.table_names():
            return []  # a home that can only be read may still be of an older version
        where, values = "plan_id = ?", [plan_id]
        if node is not None:
            where, values = f"{where} and node = ?", [plan_id, node]
        rows = db.query(f"select * from remarks where {where} order by day desc, position desc", values)
        return [_read(row) for row in rows]


def get(home: Home, remark_id: str) -> Remark:
    """One remark.

    Raises:
        NotFound: there is none of this id.
    """
    with home.read() as db:
        found = _row(db, remark_id)
    if found is None:
        raise NotFound(
            msg("There is no check-in or comment of this id."),
            place=remark_id[:80],
            remedy=msg("It may have been deleted; look at the list."),
        )
    return _read(found)


def add(home: Home, kept: Mapping[str, Any], *, who: str, now: datetime) -> Remark:
    """Write a new remark; ``kept`` holds :data:`FIELDS` and ``mentions`` as JSON data. One transaction."""
    with home.write() as db:
        number = journal.bump(db, TABLE)
        _put(db, f"r{number}", None, dict(kept), number, who=who, now=now, action="write")
        return _read(_row(db, f"r{number}") or {})


def put(
    home: Home,
    remark_id: str,
    kept: Mapping[str, Any] | None,
    *,
    who: str,
    now: datetime,
    action: str,
    based_on: int | None = None,
) -> None:
    """Change a remark, delete it (``None``), or bring it back.

    Args:
        based_on: the revision that the person saw; a remark changed since is not overwritten.

    Raises:
        Conflict: somebody changed it meanwhile.
    """
    with home.write() as db:
        row = _row(db, remark_id)
        before = _said(row) if row else None
        after = dict(kept) if kept is not None else None
        if before == after:
            return
        if row and based_on is not None and row["revision"] != based_on:
            raise Conflict(
                msg("{who} changed this meanwhile. Nothing was changed.", who=row["who"]),
                mine=(after or {}).get("said"),
                theirs=row["said"],
                place=remark_id,
                remedy=msg("Look at it as it is now, and change it again."),
            )
        _put(db, remark_id, before, after, journal.bump(db, TABLE), who=who, now=now, action=action)


def deleted(home: Home, remark_id: str) -> Mapping[str, Any] | None:
    """A remark as it was before it was deleted; ``None`` where it was not."""
    with home.read() as db:
        found: Mapping[str, Any] | None = journal.taken_away(db, KIND, remark_id)
    return found


def differing(db: Database) -> Iterator[str]:
    """Ids of remarks whose rows do not say what the journal says."""
    rows = db.query("select * from remarks") if TABLE in db.table_names() else ()
    kept = {row["id"]: _said(row) for row in rows}
    yield from journal.differing(journal.standing(db, KIND), kept)


def _row(db: Database, remark_id: str) -> dict[str, Any] | None:
    return next(iter(db.query("select * from remarks where id = ?", [remark_id])), None)


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: row[name] for name in FIELDS}, "mentions": json.loads(row["mentions"])}


def _put(
    db: Database,
    remark_id: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    fresh: int,
    *,
    who: str,
    now: datetime,
    action: str,
) -> None:
    if after is None:
        db.execute("delete from remarks where id = ?", [remark_id])
    else:
        row = {
            **after,
            "id": remark_id,
            "position": int(remark_id[1:]),
            "mentions": journal.canonical(after["mentions"]),
            "revision": fresh,
            "at": journal.instant(now),
            "who": who,
        }
        db.table(TABLE).insert(row, pk="id", replace=True)
    journal.append(
        db, now=now, who=who, kind=KIND, subject=remark_id, revision=fresh, action=action,
        change={"before": before, "after": after},
    )  # fmt: skip


def _read(row: Mapping[str, Any]) -> Remark:
    return Remark(
        id=row["id"],
        plan_id=row["plan_id"],
        node=row["node"],
        kind=row["kind"],
        day=date.fromisoformat(row["day"]),
        person=row["person"],
        value=row["value"],
        confidence=row["confidence"],
        said=row["said"],
        next=row["next"],
        mentions=tuple(json.loads(row["mentions"])),
        revision=row["revision"],
        at=datetime.fromisoformat(row["at"]),
        who=row["who"],
    )
