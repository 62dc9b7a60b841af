"""A query's answer from PostgreSQL, written by the server itself as CSV, a row at a time."""

from __future__ import annotations

import contextlib
import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from kpi_tree.sources.bounds import Bounds
from kpi_tree.sources.cutting import Cut, hang_up, watched

SINCE = re.compile(r"(?<![:\w]):since\b")
_SETTINGS = """
set local statement_timeout = {milliseconds}; set local timezone = 'UTC'; set local datestyle = 'ISO, YMD';
set local intervalstyle = 'postgres'; set local client_encoding = 'UTF8'
"""
_ROLE = """
select current_setting('is_superuser') = 'on'
and exists (select 1 from pg_roles where rolname = 'pg_read_all_data')
"""
_AS_READER = "set local role pg_read_all_data; set local row_security = off"
"""An account that may do everything reads the server's files too, also where nothing can be written; as this
role it reads tables only. Rows that are hidden from it are an error then, not left out."""
_ALIVE = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


@contextmanager
def opened(url: sa.URL, bounds: Bounds, cut: Cut) -> Iterator[psycopg.Connection[Any]]:
    """A connection on which nothing can be written, cut off when its time is over.

    Raises:
        psycopg.Error: the server does not answer, or refuses the sign-in.
    """
    arguments, named = sa.create_engine(url).dialect.create_connect_args(url)
    wait = max(2, min(10, round(bounds.seconds)))
    named = {**named, **_ALIVE, "connect_timeout": wait, "application_name": "kpi-tree"}
    with contextlib.closing(psycopg.connect(*arguments, **named)) as made:
        made.read_only = True
        with watched(cut, lambda: _end(made)):
            made.execute(_SETTINGS.format(milliseconds=max(1, round(bounds.seconds * 1000))))
            if (made.execute(_ROLE).fetchone() or (False,))[0]:
                made.execute(_AS_READER)
            yield made


def copy(line: psycopg.Connection[Any], query: str, since: datetime, take: Callable[[bytes], None]) -> None:
    """Hand over a query's answer: its header, then row after row, as bytes of CSV.

    Args:
        since: what ``:since`` stands for.
        take: gets each row; what it raises ends the query.

    Raises:
        psycopg.Error: the server refuses the query.
    """
    text = SINCE.sub(sql.Literal(since).as_string(line).replace("\\", r"\\"), query)
    # Asked for by itself first, in the protocol that takes one statement only: what stands in the brackets
    # below is one query that reads, and nothing that closes them and goes on.
    line.execute(f"declare asked no scroll cursor for {text}".encode(), binary=True)
    with line.cursor() as cursor:
        cursor.execute("close asked")
        with cursor.copy(f"copy (\n{text}\n) to stdout (format csv, header)".encode()) as answer:
            for row in answer:
                take(bytes(row))


def _end(line: psycopg.Connection[Any]) -> None:
    """Tell the server to stop, and hang up if it does not answer."""
    with contextlib.suppress(psycopg.Error):  # a server that is gone cannot be told
        line.cancel_safe(timeout=2.0)
    with (
        contextlib.suppress(OSError, psycopg.Error),
        socket.socket(fileno=os.dup(line.fileno())) as shared,
    ):
        hang_up(shared)
