"""The database: made, brought up to date, refused when newer or damaged."""

from __future__ import annotations

import dataclasses
import random
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from kpi_tree.errors import Refused
from kpi_tree.store import Home, batches, journal, mappings, plans, schema, settings
from kpi_tree.store import check as checking
from kpi_tree.store.observations import table_of

FIXTURES = Path(__file__).parent / "fixtures"

Make = Callable[..., batches.Incoming]
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_a_new_home_is_in_wal_mode_and_at_the_last_version(home: Home) -> None:
    with home.read() as db:
        assert schema.version_of(db) == len(schema.MIGRATIONS)
        assert db.execute("pragma journal_mode").fetchone()[0] == "wal"
        assert db.execute("pragma synchronous").fetchone()[0] == 2, "FULL: saved means on disk"


def test_opening_without_making_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no home in this folder"):
        Home.open(tmp_path / "nothing", create=False)
    assert not (tmp_path / "nothing").exists()


def test_a_newer_database_is_refused_and_left_alone(home: Home) -> None:
    conn = sqlite3.connect(home.database)
    conn.execute("pragma user_version = 99")
    conn.close()
    before = home.database.read_bytes()
    with pytest.raises(Refused, match="version 99"):
        Home.open(home.path)
    assert home.database.read_bytes() == before


def test_a_damaged_database_is_named_and_not_written_to(home: Home, incoming: Make) -> None:
    small = incoming()
    assert small.measured is not None
    one = small.measured.to_pylist()[0]
    many = table_of({**one, "row_number": n, "dimensions": {"n": str(n)}} for n in range(5000))
    batches.add(home, dataclasses.replace(small, measured=many), who="t", now=NOW)
    with sqlite3.connect(home.database) as conn:
        conn.execute("pragma wal_checkpoint(truncate)")
    conn.close()
    whole = home.database.read_bytes()
    chance, found = random.Random(3), 0
    for _ in range(10):
        spot = chance.randrange(64 * 4096, len(whole) - 4096)  # past the first pages, which are mostly empty
        home.database.write_bytes(whole[:spot] + chance.randbytes(512) + whole[spot + 512 :])
        try:
            opened = Home.open(home.path)
            found += not checking.run(opened, clean=False).ok  # damage inside a row: the chain finds it
        except (Refused, sqlite3.DatabaseError) as error:
            found += "kpi_tree.db" in str(error) or isinstance(error, sqlite3.DatabaseError)
    assert found == 10


def test_a_file_that_is_no_database_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "kpi_tree.db").write_bytes(b"not a database at all, just some text" * 50)
    with pytest.raises(Refused, match=r"kpi_tree\.db: The database is damaged"):
        Home.open(tmp_path)


def test_the_database_of_version_1_opens_and_says_what_it_said(tmp_path: Path) -> None:
    """The fixture was written by the release of version 1 and is never changed."""
    conn = sqlite3.connect(tmp_path / "kpi_tree.db")
    conn.executescript((FIXTURES / "home-version-1.sql").read_text(encoding="utf-8"))
    conn.close()
    home = Home.open(tmp_path)
    assert settings.get(home) == {"currency": "NOK", "timezone": "Europe/Oslo"}
    with home.read() as db:
        assert schema.version_of(db) == len(schema.MIGRATIONS)
        assert journal.broken_at(db) is None


def test_the_database_of_version_2_keeps_its_saved_mappings(tmp_path: Path) -> None:
    """Written by the release of version 2 and never changed; version 1 gets an empty shelf."""
    for version, names in ((1, []), (2, ["POS Oslo"])):
        folder = tmp_path / str(version)
        folder.mkdir()
        conn = sqlite3.connect(folder / "kpi_tree.db")
        conn.executescript((FIXTURES / f"home-version-{version}.sql").read_text(encoding="utf-8"))
        conn.close()
        home = Home.open(folder)
        assert [one.name for one in mappings.every(home)] == names
        with home.read() as db:
            assert journal.broken_at(db) is None


def test_the_database_of_version_3_keeps_its_plan(tmp_path: Path) -> None:
    """Written by the release of version 3 and never changed."""
    conn = sqlite3.connect(tmp_path / "kpi_tree.db")
    conn.executescript((FIXTURES / "home-version-3.sql").read_text(encoding="utf-8"))
    conn.close()
    home = Home.open(tmp_path)
    kept = plans.get(home, "shop")
    assert kept.nodes["sales"].formula == "orders * value"
    assert kept.targets["t1"].value == 1200.0
    assert checking.run(home, clean=False).ok


def test_the_database_of_version_4_keeps_which_value_is_a_check_in_s(tmp_path: Path) -> None:
    """Written by the release of version 4 and never changed: the names of files said it until then."""
    conn = sqlite3.connect(tmp_path / "kpi_tree.db")
    conn.executescript((FIXTURES / "home-version-4.sql").read_text(encoding="utf-8"))
    conn.close()
    home = Home.open(tmp_path)
    named = {batch.file: batches.check_ins(home).get(batch.id) for batch in batches.all_batches(home)}
    assert named == {"check-in r1 Ola": "r1", "check-in other.csv": None}
    with home.read() as db:
        assert journal.broken_at(db) is None


def test_an_earlier_home_that_can_only_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conn = sqlite3.connect(tmp_path / "kpi_tree.db")
    conn.executescript((FIXTURES / "home-version-4.sql").read_text(encoding="utf-8"))
    conn.close()
    monkeypatch.setattr("kpi_tree.store.home.os.access", lambda *_: False)
    with pytest.raises(Refused, match="earlier release"):
        Home.open(tmp_path)


def _add_column(db: Database) -> None:
    db.execute("create table one (a)")
    db.execute("insert into one values (1)")
    db.execute("alter table settings add column note text")


def test_migration_keeps_a_copy_and_is_whole_or_absent_at_every_statement(tmp_path: Path) -> None:
    """Fail the n-th statement of the step, for every n: the old database is there, or the new one."""
    for n in range(4):
        home = Home.open(tmp_path / str(n))
        settings.change(home, {"currency": "NOK"}, who="t", now=NOW)
        ran = 0

        def failing(db: Database, n: int = n) -> None:
            class Counting(Database):
                def execute(self, sql, parameters=None):  # type: ignore[no-untyped-def]
                    nonlocal ran
                    if ran == n:
                        raise RuntimeError("killed")
                    ran += 1
                    return super().execute(sql, parameters)

            _add_column(Counting(db.conn, execute_plugins=False))
            if n == 3:
                raise RuntimeError("killed")

        with pytest.raises(RuntimeError):
            Home.open(home.path, steps=(*schema.MIGRATIONS, failing))
        with home.read() as db:
            assert schema.version_of(db) == len(schema.MIGRATIONS)
            assert "one" not in db.table_names()
        Home.open(home.path, steps=(*schema.MIGRATIONS, _add_column))
        with home.read() as db:
            assert schema.version_of(db) == len(schema.MIGRATIONS) + 1
        kept = home.backups / f"before-version-{len(schema.MIGRATIONS) + 1}.db"
        with sqlite3.connect(kept) as copy:
            assert copy.execute("select count(*) from settings").fetchone() == (1,)
        copy.close()


def test_a_folder_that_cannot_be_written_to_is_read(
    home: Home, monkeypatch: pytest.MonkeyPatch, incoming: Make
) -> None:
    settings.change(home, {"currency": "NOK"}, who="t", now=NOW)
    monkeypatch.setattr("kpi_tree.store.home.os.access", lambda *_: False)
    closed = Home.open(home.path)
    assert closed.read_only
    assert settings.get(closed) == {"currency": "NOK"}
    with pytest.raises(Refused, match="only be read"):
        settings.change(closed, {"currency": "SEK"}, who="t", now=NOW)
    with pytest.raises(Refused, match="only be read"):
        batches.add(closed, incoming(), who="t", now=NOW)
