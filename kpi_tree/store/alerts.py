"""Alerts as they are kept: channels, rules, digests, and what each rule remembers of each indicator.

What people set is also in the journal, without anything secret; what rules remember is not, because it can be
seen anew.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from kpi_tree.alerts import Standing
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.store import journal, keys
from kpi_tree.store.home import Home

Table = Literal["alert_channels", "alert_rules", "digests"]
KINDS: Mapping[Table, str] = {"alert_channels": "channel", "alert_rules": "alert", "digests": "digest"}
"""Table -> kind of its journal lines."""
_MISSING: Mapping[Table, Msg] = {
    "alert_channels": msg("There is no channel of this name."),
    "alert_rules": msg("There is no alert of this name."),
    "digests": msg("There is no digest of this name."),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A channel, a rule or a digest: its id, its name, and the rest as JSON data."""

    id: str
    name: str
    spec: Mapping[str, Any]
    made_at: datetime
    made_by: str


def there(db: Database) -> bool:
    """Whether the home has these tables: one that can only be read may be of an older version."""
    return "alert_rules" in db.table_names()


def every(home: Home, table: Table) -> list[Kept]:
    """All that are in force, by name."""
    with home.read() as db:
        return rows(db, table) if there(db) else []


def rows(db: Database, table: Table) -> list[Kept]:
    """The same within a transaction."""
    found = db.query(f"select * from {table} where removed_at is null order by name, id")
    return [
        Kept(
            row["id"],
            row["name"],
            json.loads(row["spec"]),
            datetime.fromisoformat(row["made_at"]),
            row["made_by"],
        )
        for row in found
    ]


def get(home: Home, table: Table, name: str) -> Kept:
    """One by its id or its name.

    Raises:
        NotFound: there is none; those that are there are named.
    """
    return _pick(every(home, table), table, name)


def _pick(known: list[Kept], table: Table, name: str) -> Kept:
    found = [one for one in known if name in (one.id, one.name)]
    if not found:
        names = ", ".join(one.name for one in known)
        raise NotFound(
            _MISSING[table], place=name[:80], remedy=msg("There are: {names}.", names=names or "–")
        )
    return next((one for one in found if one.id == name), found[0])


def add(
    home: Home, table: Table, spec: Mapping[str, Any], *, secret: str | None = None, who: str, now: datetime
) -> Kept:
    """Keep a new one; its ``spec`` holds its ``name``.

    Raises:
        Refused: another one has that name.
    """
    made = f"{KINDS[table][0]}{secrets.token_hex(4)}"
    with home.write() as db:
        _refuse_taken(db, table, str(spec["name"]), "")
        db.table(table).insert(
            {
                "id": made,
                "name": spec["name"],
                "spec": journal.canonical(spec),
                "made_at": journal.instant(now),
                "made_by": who,
            }
        )
        if secret is not None:
            keys.put(home, made, secret)
        _journal(db, table, now, who, made, "add", {"before": None, "after": dict(spec)})
    return get(home, table, made)


def change(
    home: Home,
    table: Table,
    kept_id: str,
    spec: Mapping[str, Any],
    *,
    secret: str | None = None,
    who: str,
    now: datetime,
) -> Kept:
    """Give one other values; without a ``secret`` the one that is kept stays, an empty one forgets it.

    Raises:
        NotFound: it is not there any more. Refused: another one has that name.
    """
    with home.write() as db:
        before = _pick(rows(db, table), table, kept_id)
        _refuse_taken(db, table, str(spec["name"]), kept_id)
        if secret is not None:
            keys.put(home, kept_id, secret or None)
        if dict(before.spec) != dict(spec):
            db.table(table).update(kept_id, {"name": spec["name"], "spec": journal.canonical(spec)})
            said = {"before": dict(before.spec), "after": dict(spec)}
            _journal(db, table, now, who, kept_id, "change", said)
            if table == "alert_rules" and _waits_for(before.spec) != _waits_for(spec):
                db.execute("delete from alert_standings where rule_id = ?", [kept_id])
    return get(home, table, kept_id)


def _waits_for(spec: Mapping[str, Any]) -> list[Any]:
    return [spec.get(name) for name in ("kind", "plan", "node", "settings")]


def remove(home: Home, table: Table, kept_id: str, *, who: str, now: datetime) -> None:
    """Take one away; what is to be sent by it yet is not sent any more.

    Raises:
        NotFound: there is none. Refused: a digest goes by this channel.
    """
    with home.write() as db:
        before = _pick(rows(db, table), table, kept_id)
        if table == "alert_channels":
            users = [one.name for one in rows(db, "digests") if one.spec.get("channel") == before.id]
            if users:
                raise Refused(
                    msg("A digest goes by this channel."),
                    place=before.name,
                    remedy=msg("Take the digest away first, or give it another channel."),
                )
            keys.put(home, before.id, None)
        db.table(table).update(before.id, {"removed_at": journal.instant(now)})
        place = {"alert_channels": "channel_id", "alert_rules": "rule_id"}.get(table)
        if place:
            db.execute(f"delete from alert_sends where {place} = ? and state = 'waiting'", [before.id])
        _journal(db, table, now, who, before.id, "remove", {"before": dict(before.spec), "after": None})


def bring_back(home: Home, table: Table, name: str, *, who: str, now: datetime) -> Kept:
    """The one of this id, or the last of this name, that was taken away: again as it was.

    Raises:
        NotFound: none was taken away. Refused: another one has its name by now.
    """
    with home.write() as db:
        found = list(
            db.query(
                f"select id, name, spec from {table} where removed_at is not null and ? in (id, name) "
                "order by removed_at desc, rowid desc limit 1",
                [name],
            )
        )
        if not found:
            raise NotFound(_MISSING[table], place=name[:80], remedy=msg("It was not taken away."))
        row = found[0]
        _refuse_taken(db, table, row["name"], row["id"])
        db.table(table).update(row["id"], {"removed_at": None})
        said = {"before": None, "after": json.loads(row["spec"])}
        _journal(db, table, now, who, row["id"], "bring_back", said)
    return get(home, table, row["id"])


def _refuse_taken(db: Database, table: Table, name: str, own: str) -> None:
    if any(one.name == name and one.id != own for one in rows(db, table)):
        raise Refused(msg("Another one has this name."), place=name[:80], remedy=msg("Choose another name."))


def _journal(
    db: Database, table: Table, now: datetime, who: str, kept_id: str, action: str, change: Any
) -> None:
    journal.append(
        db, now=now, who=who, kind=KINDS[table], subject=kept_id, revision=journal.bump(db, "alerts"),
        action=action, change=change,
    )  # fmt: skip


def differing(db: Database) -> Iterator[str]:
    """Ids of channels, rules and digests whose rows do not say what the journal says."""
    if not there(db):
        return
    for table, kind in KINDS.items():
        kept = {one.id: dict(one.spec) for one in rows(db, table)}
        yield from journal.differing(journal.standing(db, kind), kept)


def revision(home: Home) -> int:
    """A number that grows with every change to channels, rules and digests. Cheap."""
    with home.read() as db:
        return journal.revision(db, "alerts")


def standings(db: Database, rule_id: str) -> dict[str, Standing]:
    """Indicator -> what a rule remembers of it."""
    found = {}
    for row in db.query("select * from alert_standings where rule_id = ?", [rule_id]):
        found[row["node"]] = Standing(
            row["state"] == "on" or (row["state"] == "no_data" and row["mark"] != ""),
            row["mark"].removeprefix("="),
            _moment(row["since"]),
            row["told"],
            _moment(row["told_at"]),
        )
    return found


def put_standing(db: Database, rule_id: str, node: str, standing: Standing, *, seen: bool) -> None:
    """Remember it; ``seen`` is False where the last look could not say."""
    db.table("alert_standings").upsert(
        {
            "rule_id": rule_id,
            "node": node,
            "state": ("on" if standing.on else "calm") if seen else "no_data",
            # A mark may be empty: the sign before it says that there is one.
            "mark": f"={standing.mark}" if standing.on else "",
            "since": journal.instant(standing.since) if standing.since else None,
            "told": standing.told,
            "told_at": journal.instant(standing.told_at) if standing.told_at else None,
        },
        pk=("rule_id", "node"),
    )


def states(home: Home) -> dict[str, list[dict[str, Any]]]:
    """Rule -> its indicators with ``node state since told_at``."""
    found: dict[str, list[dict[str, Any]]] = {}
    with home.read() as db:
        if there(db):
            for row in db.query(
                "select rule_id, node, state, since, told_at from alert_standings order by node"
            ):
                found.setdefault(row["rule_id"], []).append(row)
    return found


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def next_runs(db: Database) -> dict[str, datetime | None]:
    """Digest -> when it goes out next."""
    text = "select id, next_run from digests where removed_at is null"
    return {row["id"]: _moment(row["next_run"]) for row in db.query(text)}


def plan_run(db: Database, digest_id: str, at: datetime | None) -> None:
    """Say when a digest goes out next."""
    db.table("digests").update(digest_id, {"next_run": journal.instant(at) if at else None})


def basis(db: Database, plan_id: str) -> str:
    """What the last look at a plan stood on; empty before the first one."""
    row = db.execute("select basis from alert_looks where plan_id = ?", [plan_id]).fetchone()
    return str(row[0]) if row else ""


def put_basis(db: Database, plan_id: str, text: str, now: datetime) -> None:
    """Remember what a look stood on."""
    at = journal.instant(now)
    db.table("alert_looks").upsert({"plan_id": plan_id, "basis": text, "at": at}, pk="plan_id")
