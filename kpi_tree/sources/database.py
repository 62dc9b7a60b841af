"""One query on a database, in a transaction that cannot write, its answer as a CSV file."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlglot
from sqlalchemy.pool import NullPool
from sqlglot import exp

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.sources.bounds import Bounds, Fetched
from kpi_tree.sources.connections import url_of

STEP = 5000
MAX_QUERY = 20_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_OTHER_NAME = re.compile(r"(?<![:\w\\]):(?!since\b)(?=\w)")
_WRITES = (
    exp.Insert,
    exp.Update,
    exp.Delete,
    exp.Merge,
    exp.Create,
    exp.Drop,
    exp.Alter,
    exp.Command,
    exp.Into,
)
_READS = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)


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
    if not reads or found[0].find(*_WRITES) is not None:
        raise Refused(
            msg("Only one statement that reads is run.") if len(found) > 1 else msg("This statement writes."),
            place=place,
            remedy=msg("Write one SELECT."),
        )
    return text


def fetch(
    connection: str, query: str, target: Path, *, name: str, since: datetime | None, bounds: Bounds
) -> Fetched | None:
    """Run a query and write its answer as CSV: header first, dates as ISO, decimals with a point.

    None when a query that asks only for what is new finds nothing.

    Args:
        connection: its name in the app's secrets.
        query: may ask ``:since``, the moment of the last run that brought something (1970 before that).

    Raises:
        NotFound: there is no such connection.
        Refused: the database does not answer or refuses the query, or the answer is beyond the bounds.
    """
    url = url_of(connection, bounds)
    deadline = time.monotonic() + bounds.seconds
    statement = sa.text(_OTHER_NAME.sub(r"\\:", check(query)))
    incremental = re.search(r"(?<![:\w]):since\b", query) is not None
    if incremental:
        statement = statement.bindparams(since=_since(url, since or EPOCH))
    engine = _engine(url, bounds, deadline)
    try:
        with _reading(engine, bounds) as opened, _said(connection, url, bounds, asking=True):
            found = opened.execution_options(stream_results=True, yield_per=STEP).execute(statement)
            with closing(found):
                rows = _write(found, target, bounds, deadline, connection)
    finally:
        engine.dispose()
    if not rows and incremental:
        return None
    if not rows:
        raise Refused(
            msg("The query gives no rows."), place=connection, remedy=msg("Look at its conditions.")
        )
    with target.open("rb") as content:
        return Fetched(name, target, hashlib.file_digest(content, "sha256").hexdigest())


def _since(url: sa.URL, since: datetime) -> Any:
    """SQLite keeps moments as text in UTC; PostgreSQL knows them."""
    moment = since.astimezone(UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S") if url.get_backend_name() == "sqlite" else moment


def _engine(url: sa.URL, bounds: Bounds, deadline: float) -> sa.Engine:
    if url.get_backend_name() == "sqlite":
        return sa.create_engine("sqlite://", creator=lambda: _sqlite(url, deadline), poolclass=NullPool)
    arguments = {"connect_timeout": max(2, min(10, round(bounds.seconds))), "application_name": "kpi-tree"}
    return sa.create_engine(url, poolclass=NullPool, connect_args=arguments, hide_parameters=True)


def _sqlite(url: sa.URL, deadline: float) -> sqlite3.Connection:
    path = Path(url.database or "")
    if not path.is_file():
        raise sqlite3.OperationalError("unable to open database file")
    opened = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    opened.execute("pragma query_only = on")
    opened.set_progress_handler(lambda: int(time.monotonic() > deadline), 10_000)
    return opened


def _authorise(action: int, first: str | None, second: str | None, *_: Any) -> int:
    """Reading is let through; ATTACH, PRAGMA, extensions and every kind of writing is not."""
    del first
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY


@contextmanager
def _reading(engine: sa.Engine, bounds: Bounds) -> Iterator[sa.Connection]:
    with _said("", engine.url, bounds, asking=False):
        opened = engine.connect()
    try:
        if engine.dialect.name == "sqlite":
            driver: Any = opened.connection.driver_connection
            driver.set_authorizer(_authorise)  # only now: SQLAlchemy looks at a setting or two first
        else:
            with _said("", engine.url, bounds, asking=False):
                opened = opened.execution_options(postgresql_readonly=True)
                opened.exec_driver_sql(f"set local statement_timeout = {round(bounds.seconds * 1000)}")
        yield opened
    finally:
        opened.close()


def _write(found: Any, target: Path, bounds: Bounds, deadline: float, place: str) -> int:
    """How many rows were written."""
    rows = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(list(found.keys()))
        for part in found.partitions(STEP):
            rows += len(part)
            if rows > bounds.rows:
                raise Refused(
                    msg("The query gives more than {n} rows.", n=bounds.rows),
                    place=place,
                    remedy=msg("Ask for a shorter span, or with :since only for what is new."),
                )
            if time.monotonic() > deadline:
                raise _too_slow(place, bounds)
            out.writerows([cell(value) for value in row] for row in part)
            if stream.tell() > bounds.file_bytes:
                raise Refused(
                    msg("The answer is larger than {limit} MB.", limit=bounds.file_bytes // 1024 // 1024),
                    place=place,
                    remedy=msg("Ask for fewer columns or a shorter span."),
                )
    return rows


def cell(value: Any) -> str:
    """A value of a database as a cell of CSV.

    >>> [cell(value) for value in (None, True, Decimal("1.50"), date(2026, 5, 4), 2.5, {"a": 1})]
    ['', 'true', '1.50', '2026-05-04', '2.5', '{"a": 1}']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _too_slow(place: str, bounds: Bounds) -> Refused:
    return Refused(
        msg("The query took longer than {n} seconds.", n=round(bounds.seconds)),
        place=place,
        remedy=msg("Ask for a shorter span, or add an index."),
    )


@contextmanager
def _said(place: str, url: sa.URL, bounds: Bounds, *, asking: bool) -> Iterator[None]:
    """The database's faults in words that give nothing of the connection away."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise _fault(error, place, url, bounds, asking) from None
    except (sa.exc.SQLAlchemyError, sqlite3.Error, UnicodeError) as error:
        raise Refused(
            msg("The query cannot be run: {reason}.", reason=type(error).__name__), place=place
        ) from None


def _fault(error: sa.exc.DBAPIError, place: str, url: sa.URL, bounds: Bounds, asking: bool) -> Refused:
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state == "57014" or (asking and str(error.orig) == "interrupted"):
        return _too_slow(place, bounds)
    if not asking or state[:2] in ("08", "28", "57", "53"):
        return Refused(
            msg("The database cannot be reached, or refuses the sign-in."),
            place=place,
            remedy=msg("Let the person who runs the server look at the connection; it is tried again."),
        )
    if state in ("25006", "42501") or "not authorized" in str(error.orig) or "readonly" in str(error.orig):
        return Refused(
            msg("The database lets this query read no further: {reason}", reason=_reason(error, url)),
            place=place,
            remedy=msg("Write one SELECT, on tables that the account may read."),
        )
    return Refused(
        msg("The database does not understand the query: {reason}", reason=_reason(error, url)),
        place=place,
        remedy=msg("Correct the query and try it again."),
    )


def _reason(error: sa.exc.DBAPIError, url: sa.URL) -> str:
    """The server's own first sentence, without anything that stands in the connection."""
    found: Msg | str = getattr(getattr(error.orig, "diag", None), "message_primary", None) or str(error.orig)
    text = str(found).splitlines()[0][:200] if str(found) else ""
    return _without(text, [url.password, url.username, url.host])


def _without(text: str, secrets: Sequence[Any]) -> str:
    for secret in secrets:
        if secret and len(str(secret)) >= 4:
            text = text.replace(str(secret), "•••")
    return text
