"""Saved mappings: how a file of the shop's own is read, found again by its headers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.store import journal
from kpi_tree.store.home import Home


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping under its name, with the headers of the file it was made for."""

    name: str
    fingerprint: str
    headers: tuple[str, ...]
    mapping: Mapping[str, Any]
    at: datetime
    who: str


def save(
    home: Home,
    name: str,
    mapping: Mapping[str, Any],
    *,
    fingerprint: str,
    headers: Sequence[str],
    who: str,
    now: datetime,
) -> SavedMapping:
    """Keep a mapping; one of the same name, or for the same headers, gives way to it."""
    with home.write() as db:
        before = [
            row["name"]
            for row in db.query(
                "select name from mappings where name = ? or fingerprint = ?", [name, fingerprint]
            )
        ]
        db.execute("delete from mappings where name = ? or fingerprint = ?", [name, fingerprint])
        row = {
            "name": name,
            "fingerprint": fingerprint,
            "headers": journal.canonical(list(headers)),
            "mapping": journal.canonical(mapping),
            "at": journal.instant(now),
            "who": who,
        }
        db.table("mappings").insert(row)
        journal.append(
            db, now=now, who=who, kind="mapping", subject=name, revision=journal.bump(db, "mappings"),
            action="save", change={"replaces": before, "after": row},
        )  # fmt: skip
    return get(home, name)


def rename(home: Home, name: str, to: str, *, who: str, now: datetime) -> SavedMapping:
    """Call a mapping by another name; the files that it read go on being known as its own.

    Raises:
        NotFound: no mapping has that name.
        Refused: another one has the new name.
    """
    found = get(home, name)
    with home.write() as db:
        if any(db.query("select 1 from mappings where name = ? and name <> ?", [to, name])):
            raise Refused(
                msg("Another mapping is called {name}.", name=to),
                place=name[:80],
                remedy=msg("Choose another name, or forget that one first."),
            )
        former = [one for one in (*found.mapping.get("formerly", ()), name) if one != to]
        mapping = journal.canonical({**found.mapping, "formerly": former})
        db.execute("update mappings set name = ?, mapping = ? where name = ?", [to, mapping, name])
        after = next(db.query("select * from mappings where name = ?", [to]))
        journal.append(
            db, now=now, who=who, kind="mapping", subject=to, revision=journal.bump(db, "mappings"),
            action="rename", change={"before": name, "after": after},
        )  # fmt: skip
    return get(home, to)


def bring_back(home: Home, name: str, *, who: str, now: datetime) -> SavedMapping:
    """A mapping that was forgotten, as it was.

    Raises:
        NotFound: no mapping of that name was ever saved.
        Refused: one of that name, or for the same headers, is there by now.
    """
    with home.write() as db:
        last = [line for line in journal.lines(db, "mapping", name) if "after" in line.change]
        if not last:
            raise NotFound(msg("There is no saved mapping of this name."), place=name[:80])
        row = last[-1].change["after"]
        taken = "select name from mappings where name = ? or fingerprint = ?"
        there = next(db.query(taken, [name, row["fingerprint"]]), None)
        if there is not None:
            raise Refused(
                msg("The mapping {name} reads such files by now.", name=there["name"]),
                place=name[:80],
                remedy=msg("Forget that one first."),
            )
        db.table("mappings").insert(row)
        journal.append(
            db, now=now, who=who, kind="mapping", subject=name, revision=journal.bump(db, "mappings"),
            action="save", change={"replaces": [], "after": row},
        )  # fmt: skip
    return get(home, name)


def forget(home: Home, name: str, *, who: str, now: datetime) -> None:
    """Drop a mapping; batches that were read by it stay as they are.

    Raises:
        NotFound: no mapping has that name.
    """
    get(home, name)
    with home.write() as db:
        db.execute("delete from mappings where name = ?", [name])
        journal.append(
            db, now=now, who=who, kind="mapping", subject=name, revision=journal.bump(db, "mappings"),
            action="forget", change={},
        )  # fmt: skip


def get(home: Home, name: str) -> SavedMapping:
    """One mapping.

    Raises:
        NotFound: no mapping has that name; those that are there are named.
    """
    found = {one.name: one for one in every(home)}
    if name in found:
        return found[name]
    raise NotFound(
        msg("There is no saved mapping of this name."),
        place=name[:80],
        remedy=msg("The saved mappings are: {names}.", names=", ".join(found) or "–"),
    )


def versions(home: Home, name: str) -> list[SavedMapping]:
    """A mapping as it stands, then as it was, by the journal; what only its name was is no version.

    Raises:
        NotFound: no mapping has that name.
    """
    found = [get(home, name)]
    with home.read() as db:
        names = (name, *found[0].mapping.get("formerly", ()))
        lines = [
            line for one in names for line in journal.lines(db, "mapping", one) if "after" in line.change
        ]
        rows = [line.change["after"] for line in sorted(lines, key=lambda line: -line.seq)]
    for one in map(_saved, rows):
        if _says(one) != _says(found[-1]):
            found.append(one)
    return found


def _says(one: SavedMapping) -> tuple[Any, ...]:
    """What a mapping says, without its name and when it was kept."""
    said = {key: value for key, value in one.mapping.items() if key != "formerly"}
    return one.fingerprint, journal.canonical(said)


def _saved(row: Mapping[str, Any]) -> SavedMapping:
    return SavedMapping(
        row["name"],
        row["fingerprint"],
        tuple(json.loads(row["headers"])),
        json.loads(row["mapping"]),
        datetime.fromisoformat(row["at"]),
        row["who"],
    )


def every(home: Home) -> list[SavedMapping]:
    """All mappings, by name."""
    with home.read() as db:
        if "mappings" not in db.table_names():
            return []  # a home that can only be read may still be of version 1
        return [_saved(row) for row in db.query("select * from mappings order by name")]
