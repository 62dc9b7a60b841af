"""KPIs that a shop defines for itself.

A definition is JSON data here; what it means is known further up. Every change is one line of the journal
with what stood before and after, so it can be taken back; it counts the ``own`` revision up (what is
defined), and the ``data`` revision too, since figures may be others from now on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kpi_tree.errors import Conflict, Refused
from kpi_tree.i18n import msg
from kpi_tree.store import journal
from kpi_tree.store.home import Home

KIND = "own_kpis"
SUBJECT = "kpis"
Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OwnKpi:
    """A KPI as it was defined; ``revision`` is that of its last change."""

    id: str
    spec: Spec
    revision: int
    at: datetime
    who: str


def revision(home: Home) -> int:
    """A number that grows with every change to own KPIs and tables. Cheap."""
    with home.read() as db:
        return journal.revision(db, "own")


def kpis(home: Home) -> list[OwnKpi]:
    """The shop's own KPIs, in the order they were first defined."""
    with home.read() as db:
        if KIND not in db.table_names():
            return []  # a home that can only be read may still be of an older version
        return [
            OwnKpi(row["id"], json.loads(row["spec"]), row["revision"], _at(row), row["who"])
            for row in db.query("select * from own_kpis order by position")
        ]


def _at(row: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(row["at"])


def change_kpis(
    home: Home,
    wanted: Mapping[str, Spec | None],
    *,
    who: str,
    now: datetime,
    action: str = "define",
    based_on: int | None = None,
) -> int:
    """Define, replace and remove (``None``) KPIs, all in one transaction; returns the revision.

    What is the same already leaves no trace.

    Args:
        based_on: the revision that the person saw; a KPI changed since is not overwritten.

    Raises:
        Conflict: somebody else changed one of them meanwhile; nothing was changed.
    """
    with home.write() as db:
        known = {row["id"]: row for row in db.query("select * from own_kpis")}
        before = {name: json.loads(known[name]["spec"]) if name in known else None for name in wanted}
        fresh = {name: spec for name, spec in wanted.items() if before[name] != spec}
        _refuse_overtaken(db, fresh, based_on)
        if fresh:
            change = [{"id": name, "before": before[name], "after": spec} for name, spec in fresh.items()]
            _apply(db, change, action, who, now)
        return journal.revision(db, "own")


def _refuse_overtaken(db: Database, wanted: Mapping[str, Spec | None], based_on: int | None) -> None:
    if based_on is None:
        return
    for line in journal.lines(db, KIND, SUBJECT):
        for one in line.change["kpis"]:
            if line.revision > based_on and one["id"] in wanted:
                raise Conflict(
                    msg("{who} changed this KPI meanwhile. Nothing was changed.", who=line.who),
                    mine=wanted[one["id"]],
                    theirs=one["after"],
                    place=str(one["id"]),
                    remedy=msg("Look at it as it is now, and change it again."),
                )


def _apply(
    db: Database,
    change: Sequence[Mapping[str, Any]],
    action: str,
    who: str,
    now: datetime,
    undoes: int | None = None,
) -> None:
    at, fresh = journal.instant(now), journal.bump(db, "own")
    for one in change:
        _put(db, one["id"], one["after"], fresh, at, who)
    journal.bump(db, "data")
    journal.append(
        db, now=now, who=who, kind=KIND, subject=SUBJECT, revision=fresh, action=action,
        change={"kpis": list(change), "undoes": undoes},
    )  # fmt: skip


def _put(db: Database, name: str, spec: Spec | None, fresh: int, at: str, who: str) -> None:
    if spec is None:
        db.execute("delete from own_kpis where id = ?", [name])
        return
    db.execute(
        "insert into own_kpis (id, position, spec, revision, at, who) "
        "values (?, (select coalesce(max(position), 0) + 1 from own_kpis), ?, ?, ?, ?) "
        "on conflict (id) do update set "
        "spec = excluded.spec, revision = excluded.revision, at = excluded.at, who = excluded.who",
        [name, journal.canonical(spec), fresh, at, who],
    )


def last_change(home: Home) -> Sequence[Mapping[str, Any]]:
    """What the last change that still stands did: ``[{id, before, after}]``; empty where there is none."""
    with home.read() as db:
        standing = _standing(db)
        return list(standing[-1].change["kpis"]) if standing else []


def _standing(db: Database) -> list[journal.Line]:
    """The changes that were not taken back, oldest first."""
    found: list[journal.Line] = []
    for line in journal.lines(db, KIND, SUBJECT):
        if line.action == "undo":
            found = [one for one in found if one.revision != line.change["undoes"]]
        else:
            found.append(line)
    return found


def undo(home: Home, *, who: str, now: datetime, expected: Sequence[Mapping[str, Any]]) -> None:
    """Take back the last change that still stands.

    Args:
        expected: that change as it was looked at (:func:`last_change`).

    Raises:
        Refused: nothing is left to take back.
        Conflict: the last change is another one by now.
    """
    with home.write() as db:
        standing = _standing(db)
        if not standing:
            raise Refused(
                msg("There is no change of a KPI to undo."), place="undo", remedy=msg("Nothing needs doing.")
            )
        line = standing[-1]
        if list(line.change["kpis"]) != list(expected):
            raise Conflict(
                msg("{who} changed this KPI meanwhile. Nothing was changed.", who=line.who),
                mine=list(expected),
                theirs=list(line.change["kpis"]),
                place=", ".join(str(one["id"]) for one in line.change["kpis"])[:80],
                remedy=msg("Look at it as it is now, and change it again."),
            )
        inverse = [
            {"id": one["id"], "before": one["after"], "after": one["before"]} for one in line.change["kpis"]
        ]
        _apply(db, inverse, "undo", who, now, line.revision)


def differing(db: Database) -> Iterator[str]:
    """Ids of KPIs whose rows do not say what the journal says."""
    told: dict[str, Any] = {}
    for line in journal.lines(db, KIND, SUBJECT):
        told.update({one["id"]: one["after"] for one in line.change["kpis"]})
    said = {name: spec for name, spec in told.items() if spec is not None}
    kept = {row["id"]: json.loads(row["spec"]) for row in db.query("select id, spec from own_kpis")}
    yield from sorted(name for name in {*said, *kept} if said.get(name) != kept.get(name))
