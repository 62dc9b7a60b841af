"""Tokens for programs that send files: made once, shown once, ended at will."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.mapping.composed import FILLS
from kpi_tree.store import Home
from kpi_tree.store import tokens as kept
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.own import tables_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.scope import VALUES

MARK = "kt"
MAX_NAME = 60
DAYS, MOST_DAYS = 365, 3650
"""How long a token is in force where nothing else is said, and at most where an end is wanted."""
SECRET_BYTES = 32
EVERY_SECONDS, BURST = 1.0, 60
"""One request a second in the long run, and up to a minute's worth at once."""


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as a list shows it; no tables: all of them."""

    id: str
    name: str
    tables: tuple[str, ...]
    made_at: datetime
    made_by: str
    last_used: datetime | None
    revoked_at: datetime | None
    expires_at: datetime | None
    over_since: datetime | None

    def to_dict(self) -> dict[str, Any]:
        """The token for JSON, without its secret."""
        return {
            "id": self.id,
            "name": self.name,
            "tables": list(self.tables),
            "made_at": self.made_at.isoformat(),
            "made_by": self.made_by,
            "last_used": self.last_used.isoformat() if self.last_used else None,
            "revoked_at": self.revoked_at.isoformat() if self.revoked_at else None,
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "in_force": self.over_since is None,
        }


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a request's token speaks for, and what it may fill (None: everything)."""

    token: str
    asker: Asker
    only: frozenset[str] | None


class OverError(Refused):
    """A token that was in force once."""

    def __init__(self, token: kept.Token, since: datetime) -> None:
        when = f"{since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        words = (
            msg("The token {name} was revoked at {when}.", name=token.name, when=when)
            if since == token.revoked_at
            else msg("The token {name} ended at {when}.", name=token.name, when=when)
        )
        super().__init__(words, place="Authorization", remedy=msg("Make a new token on the data page."))


@verb
def make_token(
    home: Home,
    who: Asker,
    name: str,
    *,
    tables: Sequence[str] = (),
    days: int | None = DAYS,
    now: datetime | None = None,
) -> tuple[TokenView, str]:
    """A new token, and its text: this is the only time that it can be seen.

    Args:
        tables: the record tables that it may fill, ``values`` for KPI values, ``order_table`` for order lines
            with their orders; none for all.
        days: how long it is in force; None until it is revoked.

    Raises:
        Refused: no name, a name that another token has, or a time that no token is in force.
        NotFound: there is no such table.
    """
    chosen = " ".join(name.split())
    if not chosen or len(chosen) > MAX_NAME or not chosen.isprintable():
        raise Refused(
            msg("A token needs a name of at most {n} letters.", n=MAX_NAME),
            place=chosen[:80],
            remedy=msg("Name it after the program that will use it."),
        )
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Refused(
            msg("A token is not in force for {n} days.", n=days),
            place="days",
            remedy=msg("Choose 1 to {n} days, or no end.", n=MOST_DAYS),
        )
    known, at = (*tables_of(home), VALUES), moment(now)
    wanted = {part for table in tables for part in FILLS.get(table, (table,))}
    for table in sorted(wanted):
        if table not in known:
            raise NotFound(
                msg("There is no record table {name}.", name=table[:80]),
                place="tables",
                remedy=msg("The tables are: {names}.", names=", ".join(known)),
            )
    token_id, secret = secrets.token_hex(6), secrets.token_urlsafe(SECRET_BYTES)
    salt = secrets.token_hex(16)
    row = {
        "id": token_id,
        "name": chosen,
        "salt": salt,
        "hash": _hash(secret, salt),
        "tables": sorted(wanted),
        "expires_at": at + timedelta(days=days) if days is not None else None,
    }
    made = kept.add(home, row, who=who.name, now=at)
    return _view(made, at), f"{MARK}_{token_id}_{secret}"


@verb
def tokens(home: Home, who: Asker, *, now: datetime | None = None) -> list[TokenView]:  # noqa: ARG001
    """All tokens, the newest first, those that are over too."""
    at = moment(now)
    return [_view(one, at) for one in kept.every(home)]


@verb
def revoke_token(home: Home, who: Asker, name: str, *, now: datetime | None = None) -> TokenView:
    """End a token by its name or id, for good and at once.

    Raises:
        NotFound: no token in force has that name.
    """
    at = moment(now)
    return _view(kept.revoke(home, name, who=who.name, now=at), at)


def bearer_of(home: Home, text: str, *, now: datetime | None = None) -> Bearer | None:
    """Who a token's text speaks for; None when it is no token.

    An unknown token takes as long as a known one with a wrong secret, and the hashes are compared in a time
    that says nothing about where they differ.

    Raises:
        OverError: it was a token, and is in force no more; only who knows its secret is told.
    """
    parts = text.strip().split("_", 2)
    found = kept.find(home, parts[1]) if len(parts) == 3 and parts[0] == MARK else None
    wanted = found.hash if found else "0" * 64
    given = _hash(parts[-1][:200], found.salt if found else "0" * 32)
    same = hmac.compare_digest(given, wanted)
    if found is None or not same:
        return None
    if (since := found.over_since(moment(now))) is not None:
        raise OverError(found, since)
    only = frozenset(found.tables) if found.tables else None
    # A batch is of the token that sent it: an uploader sees its own, and no one else's.
    return Bearer(found.id, Asker(f"{found.name} ({found.id})", "uploader"), only)


def count_use(home: Home, token: str, *, now: datetime | None = None) -> float:
    """Count a request of a token; 0 when it may go on, else the seconds that it has to wait.

    A home that can only be read counts none: it takes no file either, and says so.
    """
    if home.read_only:
        return 0.0
    return kept.use(home, token, now=moment(now), every_seconds=EVERY_SECONDS, burst=BURST)


def _hash(secret: str, salt: str) -> str:
    """Slow enough that guessing from a stolen database does not pay, quick enough for each request."""
    key = hashlib.scrypt(secret.encode(), salt=bytes.fromhex(salt), n=2**12, r=8, p=1, dklen=32)
    return key.hex()


def _view(token: kept.Token, now: datetime) -> TokenView:
    return TokenView(
        token.id, token.name, token.tables, token.made_at, token.made_by, token.last_used, token.revoked_at,
        token.expires_at, token.over_since(now),
    )  # fmt: skip
