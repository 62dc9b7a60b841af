"""The journal forgets nothing, and shows when somebody made it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest

from kpi_tree.store import Home, journal, settings

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def _write(home: Home, lines: int) -> None:
    for n in range(lines):
        settings.change(home, {"currency": f"C{n}"}, who="t", now=NOW)


@pytest.mark.parametrize(
    "sql", ["update journal set who = 'x'", "delete from journal", "delete from journal where seq = 2"]
)
def test_sql_cannot_change_or_remove_a_line(home: Home, sql: str) -> None:
    _write(home, 3)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), home.write() as db:
        db.execute(sql)
    with home.read() as db:
        assert len(list(journal.lines(db))) == 3


def test_replacing_a_line_is_refused_too(home: Home) -> None:
    _write(home, 2)
    with pytest.raises(sqlite3.IntegrityError), home.write() as db:
        db.execute("insert or replace into journal select * from journal where seq = 1")


@pytest.mark.parametrize(
    "harm",
    [
        "update journal set who = 'x' where seq = 2",
        "update journal set change = '{}' where seq = 1",
        "update journal set at = '2020-01-01T00:00:00+00:00' where seq = 3",
        "delete from journal where seq = 2",
    ],
)
def test_a_line_changed_behind_its_back_breaks_the_chain(home: Home, harm: str) -> None:
    _write(home, 3)
    conn = sqlite3.connect(home.database)
    conn.execute("drop trigger journal_keeps_what_it_says")
    conn.execute("drop trigger journal_forgets_nothing")
    conn.execute(harm)
    conn.commit()
    conn.close()
    with home.read() as db:
        assert journal.broken_at(db) in (1, 2, 3)


def test_settings_that_stay_leave_no_line(home: Home) -> None:
    settings.change(home, {"currency": "NOK", "timezone": "Europe/Oslo"}, who="t", now=NOW)
    settings.change(home, {"currency": "NOK"}, who="t", now=NOW)
    with home.read() as db:
        found = list(journal.lines(db))
        assert [line.change["after"] for line in found] == [{"currency": "NOK", "timezone": "Europe/Oslo"}]
        assert journal.revision(db, "data") == 1
