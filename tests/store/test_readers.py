"""Connections for reading are used again, by one reader at a time, and never outlive their file."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpi_tree.store import Home, settings

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def _set(home: Home, value: str) -> None:
    settings.change(home, {"currency": value}, who="t", now=NOW)


def test_a_reader_is_used_again_and_sees_what_was_written_meanwhile(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    with home.read() as first:
        pass
    _set(home, "SEK")
    with home.read() as again:
        assert again is first
    assert settings.get(home) == {"currency": "SEK"}


def test_two_readers_at_once_have_a_connection_and_a_state_each(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    with home.read() as one:
        _set(home, "SEK")
        with home.read() as two:
            assert one is not two
            counts = [db.execute("select count(*) from settings").fetchone()[0] for db in (one, two)]
    assert counts == [0, 1]


def test_a_copy_put_in_the_place_of_the_database_is_read(tmp_path: Path) -> None:
    old, new = Home.open(tmp_path / "old"), Home.open(tmp_path / "new")
    _set(old, "SEK")
    _set(new, "DKK")
    assert settings.get(old) == {"currency": "SEK"}
    new.close()
    for end in ("-wal", "-shm"):
        Path(f"{old.database}{end}").unlink(missing_ok=True)
    shutil.move(new.database, old.database)
    assert settings.get(old) == {"currency": "DKK"}


def test_a_connection_that_failed_is_not_used_again(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    with pytest.raises(sqlite3.OperationalError), home.read() as db:
        db.execute("select * from no_such_table")
    with home.read() as again:
        assert again is not db


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    with ThreadPoolExecutor(8) as pool:
        seen = [pool.submit(settings.get, home) for _ in range(200)]
        for number in range(20):
            _set(home, f"C{number}")
        found = [each.result().get("currency", "C-1") for each in seen]
    assert all(value.startswith("C") for value in found)
    assert settings.get(home) == {"currency": "C19"}


def test_closing_takes_the_side_files_down(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    _set(home, "SEK")
    home.close()
    assert not list(home.path.glob("*-wal"))
    assert settings.get(home) == {"currency": "SEK"}
