"""Sources: where files come from by themselves, how they are read, when, and how the last run went."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kpi_tree.errors import KpiTreeError, NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.store import journal
from kpi_tree.store.home import Home
from kpi_tree.store.wording import unpacked_error

KINDS = ("folder", "url", "sql")


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is kept.

    Args:
        place: ``folder, pattern``; ``url``; or ``connection, query``. Never a password.
        reading: ``as_table, kpi, mapping, timezone`` as ``load_file`` takes them.
        fresh_hours: how long nothing new may come before that is a fault; None for as long as it likes.
        state: ``new, ok, late, failing``.
        problem: why it fails; ``failing_since`` since when.
        marks: what was remembered of the last answer.
        feeds: ``tables`` and ``kpis`` that its batches filled, or will.
    """

    id: str
    name: str
    kind: str
    place: Mapping[str, Any]
    reading: Mapping[str, Any]
    schedule: str
    fresh_hours: int | None
    paused: bool
    state: str
    problem: KpiTreeError | None
    failing_since: datetime | None
    failures: int
    marks: Mapping[str, Any]
    feeds: Mapping[str, list[str]]
    next_run: datetime | None
    last_run: datetime | None
    last_new: datetime | None
    made_at: datetime
    made_by: str


def add(
    home: Home,
    values: Mapping[str, Any],
    *,
    feeds: Mapping[str, list[str]],
    next_run: datetime | None,
    who: str,
    now: datetime,
) -> Source:
    """Keep a new source. ``values``: name, kind, place, reading, schedule, fresh_hours.

    Raises:
        Refused: another one has that name.
    """
    source_id = f"s{secrets.token_hex(4)}"
    with home.write() as db:
        _refuse_taken(db, str(values["name"]), "")
        row = {
            **_columns(values),
            "id": source_id,
            "state": "new",
            "marks": "{}",
            "feeds": journal.canonical(feeds),
            "next_run": _text(next_run),
            "made_at": journal.instant(now),
            "made_by": who,
        }
        db.table("sources").insert(row)
        _journal(db, now, who, source_id, "add", {"after": dict(values)})
    return get(home, source_id)


def change(
    home: Home,
    source_id: str,
    values: Mapping[str, Any],
    *,
    feeds: Mapping[str, list[str]],
    next_run: datetime | None,
    who: str,
    now: datetime,
) -> Source:
    """Give a source other values; what was refused before is tried again.

    Raises:
        NotFound: there is no such source.
        Refused: another one has that name.
    """
    with home.write() as db:
        before = _get(db, source_id)
        _refuse_taken(db, str(values["name"]), source_id)
        fresh = {**_columns(values), "feeds": journal.canonical(feeds), "next_run": _text(next_run)}
        if values["place"] != before.place:
            fresh["marks"] = "{}"
        db.table("sources").update(source_id, fresh)
        db.execute("delete from source_contents where source_id = ? and batch_id is null", [source_id])
        _journal(db, now, who, source_id, "change", {"before": values_of(before), "after": dict(values)})
    return get(home, source_id)


def values_of(source: Source) -> dict[str, Any]:
    """What a person set of a source."""
    names = ("name", "kind", "place", "reading", "schedule", "fresh_hours")
    return {name: getattr(source, name) for name in names}


def pause(
    home: Home, source_id: str, paused: bool, *, next_run: datetime | None, who: str, now: datetime
) -> Source:
    """Let a source rest, or go on.

    Raises:
        NotFound: there is no such source.
    """
    with home.write() as db:
        _get(db, source_id)
        db.table("sources").update(source_id, {"paused": int(paused), "next_run": _text(next_run)})
        _journal(db, now, who, source_id, "pause" if paused else "resume", {})
    return get(home, source_id)


def remove(home: Home, source_id: str, *, who: str, now: datetime) -> None:
    """Take a source away; its batches stay, and still know where they came from.

    Raises:
        NotFound: there is no such source.
    """
    with home.write() as db:
        _get(db, source_id)
        fresh = {"removed_at": journal.instant(now), "next_run": None}
        db.table("sources").update(source_id, fresh)
        _journal(db, now, who, source_id, "remove", {})


def get(home: Home, name: str) -> Source:
    """A source by its id or its name.

    Raises:
        NotFound: there is none; those that are there are named.
    """
    with home.read() as db:
        return _get(db, name)


def every(home: Home) -> list[Source]:
    """All sources, by name. None in a home that can only be read and is older than sources are."""
    with home.read() as db:
        return rows(db) if "sources" in db.table_names() else []


def rows(db: Database, where: str = "1", values: list[Any] | None = None) -> list[Source]:
    """Sources that suit a condition, by name."""
    text = f"select * from sources where removed_at is null and ({where}) order by name"
    return [_source(row) for row in db.query(text, values or [])]


def source_of(home: Home) -> dict[str, str]:
    """Batch -> name of the source that it came from, also of sources that were taken away."""
    with home.read() as db:
        if "sources" not in db.table_names():
            return {}
        return {
            row["batch_id"]: row["name"]
            for row in db.query(
                "select c.batch_id, s.name from source_contents c join sources s on s.id = c.source_id "
                "where c.batch_id is not null"
            )
        }


def _get(db: Database, name: str) -> Source:
    found = rows(db, "id = ? or name = ?", [name, name])
    if found:
        return next((one for one in found if one.id == name), found[0])
    known = ", ".join(one.name for one in rows(db))
    raise NotFound(
        msg("There is no source of this name."),
        place=name[:80],
        remedy=msg("The sources are: {names}.", names=known or "–"),
    )


def _refuse_taken(db: Database, name: str, own: str) -> None:
    if any(one.id != own for one in rows(db, "name = ?", [name])):
        raise Refused(
            msg("Another source has this name."), place=name[:80], remedy=msg("Choose another name.")
        )


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": values["name"],
        "kind": values["kind"],
        "place": journal.canonical(values["place"]),
        "reading": journal.canonical(values["reading"]),
        "schedule": values["schedule"],
        "fresh_hours": values["fresh_hours"],
    }


def _journal(db: Database, now: datetime, who: str, source_id: str, action: str, change: Any) -> None:
    # A source's state stands beside the figures it feeds, so a change of one makes old figures old.
    journal.append(
        db, now=now, who=who, kind="source", subject=source_id, revision=journal.bump(db, "data"),
        action=action, change=change,
    )  # fmt: skip


def _text(at: datetime | None) -> str | None:
    return journal.instant(at) if at else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _source(row: Mapping[str, Any]) -> Source:
    return Source(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        place=json.loads(row["place"]),
        reading=json.loads(row["reading"]),
        schedule=row["schedule"],
        fresh_hours=row["fresh_hours"],
        paused=bool(row["paused"]),
        state=row["state"],
        problem=unpacked_error(row["problem"]),
        failing_since=_moment(row["failing_since"]),
        failures=row["failures"],
        marks=json.loads(row["marks"]),
        feeds=json.loads(row["feeds"]),
        next_run=_moment(row["next_run"]),
        last_run=_moment(row["last_run"]),
        last_new=_moment(row["last_new"]),
        made_at=datetime.fromisoformat(row["made_at"]),
        made_by=row["made_by"],
    )
