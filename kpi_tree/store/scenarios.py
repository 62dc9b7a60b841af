"""Named scenarios: what somebody supposed about a tree, kept to be looked at again and set side by side.

A scenario is JSON data here. Every change is a line of the journal with what stood before and after, so that
a deleted one can be brought back and ``check`` can prove the table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from kpi_tree.errors import Conflict
from kpi_tree.i18n import msg
from kpi_tree.store import journal
from kpi_tree.store.home import Home

TABLE = "scenarios"
KIND = "scenario"
Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario as it was kept.

    Attributes:
        id: in addresses; never given twice. plan: id of its plan. node: whose value is asked.
        spec: what is supposed. revision: of its last change.
    """

    id: str
    plan: str
    name: str
    node: str
    spec: Spec
    revision: int
    at: datetime
    who: str


def revision(home: Home) -> int:
    """A number that grows with every change to any scenario. Cheap."""
    with home.read() as db:
        return journal.revision(db, TABLE)


def scenarios(home: Home, plan_id: str | None = None) -> list[Scenario]:
    """The scenarios of a plan (of all, if none is named), in the order they were first kept."""
    with home.read() as db:
        if TABLE not in db.table_names():
            return []  # a home that can only be read may still be of an older version
        where, values = ("plan_id = ?", [plan_id]) if plan_id is not None else ("1", [])
        rows = db.query(f"select * from scenarios where {where} order by position", values)
        return [_read(row) for row in rows]


def _read(row: Mapping[str, Any]) -> Scenario:
    at = datetime.fromisoformat(row["at"])
    return Scenario(
        row["id"], row["plan_id"], row["name"], row["node"], json.loads(row["spec"]), row["revision"], at,
        row["who"],
    )  # fmt: skip


def put(
    home: Home,
    scenario_id: str,
    kept: Mapping[str, Any] | None,
    *,
    who: str,
    now: datetime,
    action: str,
    based_on: int | None = None,
) -> bool:
    """Keep, replace or (``None``) delete a scenario; says whether that changed anything.

    Args:
        kept: ``plan``, ``name``, ``node`` and ``spec``.
        based_on: the revision that the person saw; one changed since is not overwritten.

    Raises:
        Conflict: somebody changed it meanwhile.
    """
    with home.write() as db:
        row = next(iter(db.query("select * from scenarios where id = ?", [scenario_id])), None)
        before = _said(_read(row)) if row else None
        after = dict(kept) if kept is not None else None
        if before == after:
            return False
        if row and based_on is not None and row["revision"] != based_on:
            raise Conflict(
                msg("{who} changed this scenario meanwhile. Nothing was changed.", who=row["who"]),
                mine=after,
                theirs=before,
                place=row["name"],
                remedy=msg("Look at it as it is now, and change it again."),
            )
        fresh = journal.bump(db, TABLE)
        _write(db, scenario_id, after, fresh, journal.instant(now), who)
        journal.append(
            db, now=now, who=who, kind=KIND, subject=scenario_id, revision=fresh, action=action,
            change={"before": before, "after": after},
        )  # fmt: skip
        return True


def _said(one: Scenario) -> dict[str, Any]:
    return {"plan": one.plan, "name": one.name, "node": one.node, "spec": dict(one.spec)}


def _write(db: Database, name: str, kept: Mapping[str, Any] | None, fresh: int, at: str, who: str) -> None:
    if kept is None:
        db.execute("delete from scenarios where id = ?", [name])
        return
    db.execute(
        "insert into scenarios (id, plan_id, position, name, node, spec, revision, at, who) "
        "values (?, ?, (select coalesce(max(position), 0) + 1 from scenarios), ?, ?, ?, ?, ?, ?) "
        "on conflict (id) do update set plan_id = excluded.plan_id, name = excluded.name, "
        "node = excluded.node, spec = excluded.spec, revision = excluded.revision, at = excluded.at, "
        "who = excluded.who",
        [name, kept["plan"], kept["name"], kept["node"], journal.canonical(kept["spec"]), fresh, at, who],
    )


def deleted(home: Home, scenario_id: str) -> Mapping[str, Any] | None:
    """A scenario as it was before it was deleted; None where it was not."""
    with home.read() as db:
        found: Mapping[str, Any] | None = journal.taken_away(db, KIND, scenario_id)
    return found


def taken_ids(home: Home) -> set[str]:
    """Every id that was ever given."""
    with home.read() as db:
        return {line.subject for line in journal.lines(db, KIND)}


def differing(db: Database) -> Iterator[str]:
    """Ids of scenarios whose rows do not say what the journal says."""
    rows = db.query("select * from scenarios") if TABLE in db.table_names() else ()
    kept = {row["id"]: _said(_read(row)) for row in rows}
    yield from journal.differing(journal.standing(db, KIND), kept)
