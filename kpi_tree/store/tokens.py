"""Tokens of programs that send files: a salted hash, what they may fill, and when they were used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.store import journal
from kpi_tree.store.home import Home


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept; ``hash`` is all that is known of its secret. No tables: all of them."""

    id: str
    name: str
    salt: str
    hash: str
    tables: tuple[str, ...]
    made_at: datetime
    made_by: str
    last_used: datetime | None
    revoked_at: datetime | None
    expires_at: datetime | None = None

    def over_since(self, now: datetime) -> datetime | None:
        """When it ended, revoked or by itself; None while it is in force."""
        ends = [at for at in (self.revoked_at, self.expires_at) if at is not None and at <= now]
        return min(ends, default=None)


def add(home: Home, row: Mapping[str, Any], *, who: str, now: datetime) -> Token:
    """Keep a token: ``id, name, salt, hash, tables, expires_at``.

    Raises:
        Refused: another token that is in force has that name.
    """
    with home.write() as db:
        same = map(_token, db.query("select * from api_tokens where name = ?", [row["name"]]))
        if any(one.over_since(now) is None for one in same):
            raise Refused(
                msg("Another token has this name."),
                place=str(row["name"])[:80],
                remedy=msg("Choose another name, or revoke that token."),
            )
        until = journal.instant(row["expires_at"]) if row["expires_at"] else None
        said = {"name": row["name"], "tables": list(row["tables"]), "expires_at": until}
        made = {"tables": journal.canonical(said["tables"]), "expires_at": until}
        db.table("api_tokens").insert({**row, **made, "made_at": journal.instant(now), "made_by": who})
        _journal(db, now, who, str(row["id"]), "make", said)
    return get(home, str(row["id"]))


def revoke(home: Home, name: str, *, who: str, now: datetime) -> Token:
    """End a token for good.

    Raises:
        NotFound: no token that is in force has that name or id.
    """
    alive = (one for one in every(home) if one.over_since(now) is None)
    found = next((one for one in alive if name in (one.id, one.name)), None)
    if found is None:
        raise NotFound(
            msg("There is no token of this name."),
            place=name[:80],
            remedy=msg("List the tokens to see their names."),
        )
    with home.write() as db:
        db.table("api_tokens").update(found.id, {"revoked_at": journal.instant(now)})
        _journal(db, now, who, found.id, "revoke", {})
    return get(home, found.id)


def _journal(db: Any, now: datetime, who: str, token_id: str, action: str, change: Any) -> None:
    journal.append(
        db, now=now, who=who, kind="token", subject=token_id, revision=journal.bump(db, "tokens"),
        action=action, change=change,
    )  # fmt: skip


def get(home: Home, token_id: str) -> Token:
    """A token by its id.

    Raises:
        NotFound: there is none.
    """
    found = find(home, token_id)
    if found is None:
        raise NotFound(msg("There is no token of this name."), place=token_id[:80])
    return found


def find(home: Home, token_id: str) -> Token | None:
    """A token by its id, or None."""
    with home.read() as db:
        if "api_tokens" not in db.table_names():
            return None
        for row in db.query("select * from api_tokens where id = ?", [token_id]):
            return _token(row)
    return None


def every(home: Home) -> list[Token]:
    """All tokens, the newest first, those that are over too."""
    with home.read() as db:
        if "api_tokens" not in db.table_names():
            return []
        return [_token(row) for row in db.query("select * from api_tokens order by made_at desc, id")]


def use(home: Home, token_id: str, *, now: datetime, every_seconds: float, burst: int) -> float:
    """Count one request; 0 when it is within the rate, else the seconds to wait (and it doesn't count).

    The token's next free moment lies at most ``burst`` requests ahead of the clock: so many may come at once,
    and one more each ``every_seconds``. Kept in the database, so it holds for all processes together.
    """
    at = now.timestamp()
    with home.write() as db:
        row = db.execute("select free_at from api_tokens where id = ?", [token_id]).fetchone()
        free = max(float(row[0]), at)
        ahead = free + every_seconds - at
        if ahead > burst * every_seconds + 1e-6:
            return ahead - burst * every_seconds
        db.table("api_tokens").update(
            token_id, {"free_at": free + every_seconds, "last_used": journal.instant(now)}
        )
    return 0.0


def _token(row: Mapping[str, Any]) -> Token:
    def at(name: str) -> datetime | None:
        return datetime.fromisoformat(row[name]) if row[name] else None

    return Token(
        id=row["id"],
        name=row["name"],
        salt=row["salt"],
        hash=row["hash"],
        tables=tuple(json.loads(row["tables"])),
        made_at=datetime.fromisoformat(row["made_at"]),
        made_by=row["made_by"],
        last_used=at("last_used"),
        revoked_at=at("revoked_at"),
        expires_at=at("expires_at"),
    )
