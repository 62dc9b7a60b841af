"""One query on a database, in a transaction that cannot write, its answer as a CSV file."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import sqlalchemy as sa
import sqlglot
from sqlglot import exp

from kpi_tree.errors import Cancelled, Refused
from kpi_tree.i18n import msg
from kpi_tree.sources import lite, postgres
from kpi_tree.sources.bounds import MEGABYTE, Bounds, Fetched
from kpi_tree.sources.connections import url_of
from kpi_tree.sources.cutting import Cancel, Cut, never

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it tells of every statement that it does not know

STEP = 1000
"""Rows between two looks at the clock."""
MAX_QUERY = 20_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_WRITES = (
    exp.Insert,
    exp.Update,
    exp.Delete,
    exp.Merge,
    exp.Create,
    exp.Drop,
    exp.Alter,
    exp.Into,
)
_UNREADABLE = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_CANTOPEN", "SQLITE_IOERR")
_NOT_LET_IN = ("authentication failed", "pg_hba.conf", "does not exist", "not permitted to log in")


def check(query: str, place: str = "query") -> str:
    """A query as it is kept: one statement that reads.

    The database refuses writing by itself; this is only to say so before anything is kept.

    Raises:
        Refused: empty, several statements, or one that changes something.

    >>> check("select 1;")
    'select 1'
    """
    text = query.strip().rstrip(";").strip()
    if not text or len(text) > MAX_QUERY:
        raise Refused(
            msg("A query has between 1 and {limit} characters.", limit=MAX_QUERY),
            place=place,
            remedy=msg("Write one SELECT."),
        )
    try:
        found = [part for part in sqlglot.parse(text, read="postgres") if part is not None]
    except sqlglot.errors.SqlglotError:
        return text  # not understood here, perhaps by the database, which lets nothing be written either
    reads = len(found) == 1 and isinstance(found[0], exp.Query | exp.Values)
    writes = len(found) == 1 and found[0].find(*_WRITES) is not None
    if writes or not reads:
        raise Refused(
            msg("This statement writes.") if writes else msg("Only one statement that reads is run."),
            place=place,
            remedy=msg("Write one SELECT."),
        )
    return text


def fetch(
    connection: str,
    query: str,
    target: Path,
    *,
    name: str,
    since: datetime | None,
    bounds: Bounds,
    cancelled: Cancel = never,
) -> Fetched | None:
    """Run a query and write its answer as CSV: header first, dates as ISO, decimals with a point.

    None when a query that asks only for what is new finds nothing.

    Args:
        connection: its name in the app's secrets.
        query: may ask ``:since``, the moment of the last run that brought something (1970 before that).
        cancelled: asked several times a second whether to stop.

    Raises:
        NotFound: there is no such connection.
        Cancelled: somebody stopped it.
        Refused: the database does not answer or refuses the query, or the answer is beyond the bounds.
    """
    url, text = url_of(connection, bounds), check(query)
    incremental = postgres.SINCE.search(text) is not None
    cut = Cut(bounds.seconds, cancelled)
    with target.open("wb") as stream:
        answer = _Answer(stream.write, bounds, cut, connection)
        _asked(url, text, since or EPOCH, answer)
    if not answer.rows and incremental:
        return None
    if not answer.rows:
        raise Refused(
            msg("The query gives no rows."), place=connection, remedy=msg("Look at its conditions.")
        )
    return Fetched(name, target, answer.digest.hexdigest())


def _asked(url: sa.URL, text: str, since: datetime, answer: _Answer) -> None:
    """Have the whole answer written."""
    cut, bounds = answer.cut, answer.bounds
    if url.get_backend_name() == "sqlite":
        with _said(answer, url), lite.opened(url, cut) as file:
            answer.asking = True
            lite.copy(file, text, since, answer.take)
        return
    with _said(answer, url), postgres.opened(url, bounds, cut) as line:
        answer.asking = True
        postgres.copy(line, text, since, answer.take)


class _Answer:
    """What is written of an answer, within the bounds.

    Attributes:
        rows: how many came so far, without the header.
        asking: whether the database was reached, so that its faults are the query's.
    """

    def __init__(self, write: Callable[[bytes], object], bounds: Bounds, cut: Cut, place: str) -> None:
        self.write, self.bounds, self.cut, self.place = write, bounds, cut, place
        self.rows, self.bytes, self.digest, self.asking = -1, 0, hashlib.sha256(), False

    def take(self, row: bytes) -> None:
        """Write a row.

        Raises:
            Refused: there are too many, too much of them, or they come too slowly.
        """
        self.rows += 1
        self.bytes += len(row)
        if self.rows > self.bounds.rows:
            raise Refused(
                msg("The query gives more than {n} rows.", n=self.bounds.rows),
                place=self.place,
                remedy=msg("Ask for a shorter span, or with :since only for what is new."),
            )
        if self.bytes > self.bounds.file_bytes:
            raise Refused(
                msg("The answer is larger than {limit} MB.", limit=self.bounds.file_bytes // MEGABYTE),
                place=self.place,
                remedy=msg("Ask for fewer columns or a shorter span."),
            )
        if self.rows % STEP == 0 and self.cut.due():
            raise self.cut_off()
        self.digest.update(row)
        self.write(row)

    def cut_off(self) -> Refused:
        """Why it ends before its end."""
        if self.cut.stopped:
            return Cancelled()
        return Refused(
            msg("The query took longer than {n} seconds.", n=round(self.bounds.seconds)),
            place=self.place,
            remedy=msg(
                "Ask for a shorter span or add an index; who runs the server can raise {setting}.",
                setting="KPI_TREE_FETCH_SECONDS",
            ),
        )


@contextmanager
def _said(answer: _Answer, url: sa.URL) -> Iterator[None]:
    """The database's faults in words that give nothing of the connection away."""
    try:
        yield
    except (psycopg.Error, sqlite3.Error, sa.exc.SQLAlchemyError, UnicodeError) as error:
        raise _fault(error, answer, url) from None


def _fault(error: Exception, answer: _Answer, url: sa.URL) -> Refused:
    state, place = str(getattr(error, "sqlstate", None) or ""), answer.place
    kind = str(getattr(error, "sqlite_errorname", ""))
    if answer.cut.due() or state == "57014":
        return answer.cut_off()
    if not answer.asking or state[:2] in ("08", "28", "57", "53") or kind.startswith(_UNREADABLE):
        return _unreached(error, place)
    if kind == "SQLITE_TOOBIG":
        return Refused(
            msg("The answer has a value larger than {limit} MB.", limit=lite.LONGEST // MEGABYTE),
            place=place,
            remedy=msg("Ask for fewer columns or a shorter span."),
        )
    reason = _reason(error, url)
    if state in ("25006", "42501") or kind in ("SQLITE_AUTH", "SQLITE_READONLY"):
        return Refused(
            msg("The database lets this query read no further: {reason}.", reason=reason),
            place=place,
            remedy=msg("Write one SELECT, on tables that the account may read."),
        )
    return Refused(
        msg("The database does not understand the query: {reason}.", reason=reason),
        place=place,
        remedy=msg("Correct the query and try it again."),
    )


def _unreached(error: Exception, place: str) -> Refused:
    """Nothing of what the driver says is shown: it names the machine and the account."""
    refused = any(words in str(error) for words in _NOT_LET_IN)
    return Refused(
        msg("The database refuses the sign-in.") if refused else msg("The database cannot be reached."),
        place=place,
        remedy=msg("Let the person who runs the server look at the connection; it is tried again."),
    )


def _reason(error: Exception, url: sa.URL) -> str:
    """The server's own first sentence, without anything that stands in the connection."""
    found = getattr(getattr(error, "diag", None), "message_primary", None) or str(error)
    text = str(found).splitlines()[0][:200].rstrip(".") if str(found) else type(error).__name__
    return _without(text, [url.password, url.username, url.host])


def _without(text: str, secrets: Sequence[object]) -> str:
    for secret in secrets:
        if secret and len(str(secret)) >= 4:
            text = text.replace(str(secret), "•••")
    return text
