"""Tokens for programs that send files: made once, shown once, ended at will."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.generic import ORDER_TABLE
from kpi_tree.store import Home
from kpi_tree.store import tokens as kept
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.own import tables_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.scope import VALUES

MARK = "kt"
ORDERS = {ORDER_TABLE: ("order_lines", "orders")}
"""What one file of order lines fills at once."""
MAX_NAME = 60
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
        }


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a request's token speaks for, and what it may fill (None: everything)."""

    token: str
    asker: Asker
    only: frozenset[str] | None


@verb
def make_token(
    home: Home, who: Asker, name: str, *, tables: Sequence[str] = (), now: datetime | None = None
) -> tuple[TokenView, str]:
    """A new token, and its text: this is the only time that it can be seen.

    Args:
        tables: the record tables that it may fill, ``values`` for KPI values, ``order_table`` for order lines
            with their orders; none for all.

    Raises:
        Refused: no name, a name that another token has.
        NotFound: there is no such table.
    """
    chosen = " ".join(name.split())
    if not chosen or len(chosen) > MAX_NAME or not chosen.isprintable():
        raise Refused(
            msg("A token needs a name of at most {n} letters.", n=MAX_NAME),
            place=chosen[:80],
            remedy=msg("Name it after the program that will use it."),
        )
    known = (*tables_of(home), VALUES)
    wanted = {part for table in tables for part in ORDERS.get(table, (table,))}
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
    }
    made = kept.add(home, row, who=who.name, now=moment(now))
    return _view(made), f"{MARK}_{token_id}_{secret}"


@verb
def tokens(home: Home, who: Asker) -> list[TokenView]:  # noqa: ARG001
    """All tokens, the newest first, those that were revoked too."""
    return [_view(one) for one in kept.every(home)]


@verb
def revoke_token(home: Home, who: Asker, name: str, *, now: datetime | None = None) -> TokenView:
    """End a token by its name or id, for good and at once.

    Raises:
        NotFound: no token in force has that name.
    """
    return _view(kept.revoke(home, name, who=who.name, now=moment(now)))


def bearer_of(home: Home, text: str) -> Bearer | None:
    """Who a token's text speaks for; None when it is no token, or not one in force.

    An unknown token takes as long as a known one with a wrong secret, and the hashes are compared in a time
    that says nothing about where they differ.
    """
    parts = text.strip().split("_", 2)
    found = kept.find(home, parts[1]) if len(parts) == 3 and parts[0] == MARK else None
    wanted = found.hash if found else "0" * 64
    given = _hash(parts[-1][:200], found.salt if found else "0" * 32)
    same = hmac.compare_digest(given, wanted)
    if found is None or not same or found.revoked_at is not None:
        return None
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


def _view(token: kept.Token) -> TokenView:
    return TokenView(
        token.id, token.name, token.tables, token.made_at, token.made_by, token.last_used, token.revoked_at
    )
