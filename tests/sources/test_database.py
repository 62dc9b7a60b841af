"""A query on a database: real SQLite and real PostgreSQL, where nothing can be written."""

from __future__ import annotations

import csv
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Cancelled, KpiTreeError, NotFound, Refused
from kpi_tree.sources import Bounds, connections, database
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

QUERY = "select market, month, value from sizes order by market"
HOUR = timedelta(hours=1)
KINDS = ("lite", "post")


@pytest.fixture
def secrets(request: pytest.FixtureRequest, bounds: Bounds, tmp_path: Path) -> Bounds:
    """Secrets with a SQLite file, and PostgreSQL where the test asks for it."""
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.executescript(
            "create table sizes (market text, month text, value numeric, changed_at text);"
            "insert into sizes values ('no', '2026-01-01', 1234.5, '2026-01-05 10:00:00'),"
            "('se', '2026-01-01', 2.345, '2026-01-06 10:00:00')"
        )
    db.close()
    said = f'[connections.lite]\nurl = "sqlite:///{tmp_path}/shop.db"\n'
    if "kind" not in request.fixturenames or request.getfixturevalue("kind") == "post":
        said += f'[connections.post]\nurl = "{request.getfixturevalue("postgres")}"\n'
    bounds.secrets[0].write_text(said, encoding="utf-8")
    return bounds


@pytest.mark.parametrize("kind", KINDS)
def test_its_rows_are_loaded_like_a_file(
    kind: str, home: Home, owner: Asker, now: datetime, secrets: Bounds
) -> None:
    workspace.add_source(
        home, owner, "Shop", kind="sql", place={"connection": kind, "query": QUERY},
        reading={"as_table": "market_size"}, bounds=secrets, now=now,
    )  # fmt: skip
    (run,) = workspace.tick(home, owner, now=now, bounds=secrets)
    assert run.problem is None
    assert (run.outcome, run.receipts[0]["accepted"]) == ("loaded", 2)
    rows = workspace.source_rows(home, owner, run.receipts[0]["batch"], [2, 3])
    assert rows[0] == ["market", "month", "value"]
    assert [float(row[2]) for row in rows[1:]] == [1234.5, 2.345], "a point is a decimal point here"
    (again,) = workspace.tick(home, owner, now=now + HOUR, bounds=secrets)
    assert again.outcome == "unchanged"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "query",
    [
        "delete from sizes",
        "select 1; delete from sizes",
        "insert into sizes values ('x', '2026-01-01', 1, null)",
        "drop table sizes",
        "update sizes set value = 0",
        "create table more (a int)",
        "",
    ],
)
def test_what_writes_is_not_even_kept(
    kind: str, query: str, home: Home, owner: Asker, secrets: Bounds
) -> None:
    with pytest.raises(Refused):
        workspace.add_source(
            home, owner, "Shop", kind="sql", place={"connection": kind, "query": query},
            reading={"as_table": "market_size"}, bounds=secrets,
        )  # fmt: skip


WRITES = {
    "lite": [
        "delete from sizes", "select 1; delete from sizes", "attach database '{tmp}/other.db' as other",
        "pragma query_only = off", "select load_extension('x')", "create temp table x (a int)",
    ],
    "post": [
        "delete from sizes", "select 1; delete from sizes", "commit; delete from sizes",
        "with gone as (delete from sizes returning *) select * from gone", "select * into other from sizes",
        "select set_config('transaction_read_only', 'off', false); delete from sizes",
        "copy sizes to '/tmp/never.csv'", "select nextval('counted')",
        "select 1; commit; delete from sizes",
        "select 1) to stdout; commit; delete from sizes; copy (select 1",
        "select pg_read_file('/etc/hostname')", "select pg_reload_conf()", "select * from hidden_rows",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "query"), [(kind, query) for kind in KINDS for query in WRITES[kind]])
def test_the_database_itself_lets_nothing_be_written(
    kind: str, query: str, secrets: Bounds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past our own look at the statement, which is only there to say so early."""
    monkeypatch.setattr(database, "check", lambda text: text)
    with pytest.raises(KpiTreeError):
        database.fetch(kind, query.format(tmp=tmp_path), tmp_path / "o", name="q", since=None, bounds=secrets)
    found = database.fetch(kind, QUERY, tmp_path / "out", name="q", since=None, bounds=secrets)
    assert found is not None
    assert len(found.path.read_text().splitlines()) == 3, "all rows are still there"
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_since_asks_only_for_what_is_new(
    kind: str, home: Home, owner: Asker, now: datetime, secrets: Bounds, tmp_path: Path
) -> None:
    query = "select market, month, value from sizes where changed_at > :since and market <> 'a:b'"
    workspace.add_source(
        home, owner, "Shop", kind="sql", place={"connection": kind, "query": query},
        reading={"as_table": "market_size"}, bounds=secrets, now=now,
    )  # fmt: skip
    (first,) = workspace.tick(home, owner, now=now, bounds=secrets)
    assert first.receipts[0]["accepted"] == 2
    (second,) = workspace.tick(home, owner, now=now + HOUR, bounds=secrets)
    assert (second.outcome, second.problem) == ("unchanged", None), "nothing changed since: no fault"
    early = database.fetch(
        kind, query, tmp_path / "o", name="q", since=datetime(2026, 1, 6, tzinfo=UTC), bounds=secrets
    )
    assert early is not None
    assert early.path.read_text().splitlines()[1:] == [
        "se,2026-01-01,2.3450" if kind == "post" else "se,2026-01-01,2.345"
    ]


TYPES = {
    "lite": ("select null n, 1.5 d, 7 i, 'a,b' t, x'00ff' b", [["n", "d", "i", "t", "b"],
             ["", "1.5", "7", "a,b", "\\x00ff"]]),
    "post": ("select null n, 1.50 d, true f, 'infinity'::date e, '2026-01-01 01:00+02'::timestamptz m, "
             "'[1]'::jsonb j, '\\x00ff'::bytea b, interval '90 min' s, '5%' p -- of: this hour",
             [["n", "d", "f", "e", "m", "j", "b", "s", "p"],
              ["", "1.50", "t", "infinity", "2025-12-31 23:00:00+00", "[1]", "\\x00ff", "01:30:00", "5%"]]),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_has_its_plain_spelling(kind: str, secrets: Bounds, tmp_path: Path) -> None:
    query, rows = TYPES[kind]
    found = database.fetch(kind, query, tmp_path / "o", name="q", since=None, bounds=secrets)
    assert found is not None
    assert list(csv.reader(found.path.read_text().splitlines())) == rows


SLOW = {
    "lite": "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
    "post": "select pg_sleep(30)",
}


@pytest.mark.parametrize("kind", KINDS)
def test_time_and_rows_have_limits_and_a_person_stops_it(kind: str, secrets: Bounds, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        database.fetch(
            kind, SLOW[kind], tmp_path / "o", name="q", since=None, bounds=secrets, cancelled=lambda: True
        )
    with pytest.raises(Refused, match="longer than"):
        database.fetch(
            kind, SLOW[kind], tmp_path / "o", name="q", since=None, bounds=replace(secrets, seconds=0.3)
        )
    with pytest.raises(Refused, match="more than 1 row"):
        database.fetch(kind, QUERY, tmp_path / "o", name="q", since=None, bounds=replace(secrets, rows=1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_query_that_is_wrong_says_what_the_database_says(
    kind: str, secrets: Bounds, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=r"does not understand the query.*nowhere"):
        database.fetch(kind, "select * from nowhere", tmp_path / "o", name="q", since=None, bounds=secrets)


CANARY = "c4n4ry-p4ssword"


def test_nothing_of_the_secrets_is_kept_or_said(
    home: Home, owner: Asker, now: datetime, bounds: Bounds, caplog: pytest.LogCaptureFixture
) -> None:
    bounds.secrets[0].write_text(
        f'[connections.shop]\nurl = "postgresql://reader_{CANARY}:{CANARY}@127.0.0.1:9/db_{CANARY}"\n'
        f'[connections.parts]\ndialect = "postgresql"\nhost = "127.0.0.1"\nport = 9\npassword = "{CANARY}"\n',
        encoding="utf-8",
    )
    assert workspace.connections(home, owner, bounds=bounds) == ["parts", "shop"]
    for name in ("shop", "parts"):
        workspace.add_source(
            home, owner, name, kind="sql", place={"connection": name, "query": QUERY},
            reading={"as_table": "market_size"}, bounds=bounds, now=now,
        )  # fmt: skip
    done = workspace.tick(home, owner, now=now, bounds=bounds)
    assert [run.outcome for run in done] == ["failed", "failed"]
    said = repr(done) + repr(workspace.sources(home, owner, now=now)) + str(done[0].problem) + caplog.text
    said += "".join(path.read_bytes().decode("latin-1") for path in home.path.rglob("*") if path.is_file())
    assert "cannot be reached" in said
    assert CANARY not in said


def test_secrets_that_cannot_be_read_are_not_quoted(bounds: Bounds) -> None:
    bounds.secrets[0].write_text(f'[connections.shop]\nurl = "{CANARY}\n', encoding="utf-8")
    with pytest.raises(Refused) as caught:
        connections.names(bounds)
    assert CANARY not in repr(caught.getrepr(style="long"))
    bounds.secrets[0].write_text(f'[connections.shop]\nurl = "mysql://{CANARY}@host/x"\n', encoding="utf-8")
    with pytest.raises(Refused, match="mysql are not read") as other:
        connections.url_of("shop", bounds)
    assert CANARY not in str(other.value)
    with pytest.raises(NotFound, match="shop"):
        connections.url_of("shoop", bounds)
