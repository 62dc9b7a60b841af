"""Facts that are brought up to date row by row hold what they would hold if they were made anew."""

from __future__ import annotations

import random
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.catalogue.load import definitions
from kpi_tree.metrics import Engine, query, renewed
from kpi_tree.metrics import kept as keeping
from kpi_tree.metrics.raw import raw_names
from kpi_tree.records import table

from .test_incremental import SHOP, History, changed, order

COUNTED = [{"day": f"2026-01-{day:02}", "channel": "mail", "sessions": day} for day in (3, 8, 17, 28)]
RECORDS = {**SHOP, "traffic_daily": COUNTED}
FEEDING = (*("sessions", "orders") * 2, "order_lines", "cart_events", "page_views", "traffic_daily")


@pytest.fixture(autouse=True)
def a_few_rows_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "WORTHWHILE", 0)
    monkeypatch.setattr(renewed, "MOST_TOUCHED", 1000)


def held(engine: Engine, fact: str = "visits") -> list[tuple[Any, ...]]:
    """A fact's rows, all columns, in an order of their own."""
    engine.fact(fact)
    columns = ", ".join(f"{column}::VARCHAR" for column in sorted(engine.columns(fact)))
    return engine.run(f"SELECT {columns} FROM facts.{fact} ORDER BY ALL").fetchall()


def patches(folder: Path, fact: str = "visits") -> int:
    """How many of a fact's files hold only what changed."""
    files = [str(path) for path in (folder / "cache").glob(f"{fact}-*.parquet")]
    with duckdb.connect() as con:
        rows = con.execute("SELECT count(*) FROM parquet_kv_metadata($1) WHERE key = 'base'::BLOB", [files])
        return int(rows.fetchall()[0][0])


def arriving(name: str, pick: random.Random) -> dict[str, Any]:
    """A record new, late, moved or corrected: an order of another session, a visit by another person."""
    row = changed(name, pick.choice(RECORDS[name]), pick)
    if pick.random() < 0.4 and "session_id" in row and name != "sessions":
        row["session_id"] = pick.choice([one["session_id"] for one in SHOP["sessions"]])
    if pick.random() < 0.4 and name == "sessions":
        row["visitor_id"] = pick.choice(["v1", "v2", "", None])
        row["new_visitor"] = pick.choice([True, False, None])
        row["page_views"] = pick.choice([1, 3, None])
    return row


def happen(history: History, pick: random.Random) -> None:
    """A batch comes, is withdrawn, or comes back."""
    gone = [batch for _, _, batch, _ in history.batches if batch not in history.active]
    what = pick.choice(["load"] * 6 + ["withdraw"] + ["restore"] * 2 * bool(gone))
    if what == "load":
        name = pick.choice(FEEDING)
        history.load(name, [arriving(name, pick) for _ in range(pick.randrange(1, 4))])
    elif what == "restore":
        history.active.add(pick.choice(gone))
    elif history.active:
        history.active.discard(pick.choice(sorted(history.active)))


@settings(max_examples=2)
@given(seed=st.integers(0, 1_000_000))
def test_visits_brought_up_to_date_are_those_made_anew(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    pick = random.Random(seed)
    with tempfile.TemporaryDirectory(dir=tmp_path_factory.getbasetemp()) as folder:
        history = History(Path(folder))
        for name in dict.fromkeys(FEEDING):
            if pick.random() < 0.9:
                history.load(name, RECORDS[name])
        for _ in range(4):
            held(history.next())
            happen(history, pick)
            fresh = history.fresh()
            assert held(history.next()) == held(fresh)
            fresh.close()
        assert history.engine is not None
        history.engine.close()


def shop_of_visits(folder: Path) -> History:
    """Thirty visits in January, and an order in the third."""
    history = History(folder)
    history.load("sessions", [visit(number, number) for number in range(1, 31)])
    history.load("orders", [{**order(1, date(2026, 1, 3), "c1"), "session_id": "s3"}])
    return history


def visit(number: int, day: int) -> dict[str, Any]:
    return {"session_id": f"s{number}", "started_at": f"2026-01-{day:02}T10:00:00+00:00", "visitor_id": "v"}


def test_an_order_of_an_earlier_visit_changes_its_row_and_no_file_of_the_others(tmp_path: Path) -> None:
    history = shop_of_visits(tmp_path)
    held(history.next())
    for number, (session, bought) in enumerate([("s9", 2), ("s12", 3), ("s9", 3)]):
        history.load("orders", [{**order(10 + number, date(2026, 1, 20), "c1"), "session_id": session}])
        found = query(
            history.next(), ["sessions", "conversion_rate"], start=date(2026, 1, 1), end=date(2026, 2, 1)
        )
        assert found["sessions"].total["value"] == 30
        assert found["conversion_rate"].total["numerator"] == bought
        assert held(history.next()) == held(history.fresh())
    assert patches(tmp_path) == keeping.MOST_VERSIONS - 1, "all on the one base, which is not taken away"


def test_what_a_patch_cannot_say_is_made_anew(tmp_path: Path) -> None:
    history = shop_of_visits(tmp_path)
    held(history.next())
    history.load("orders", [{**order(2, date(2025, 12, 31), "c1"), "session_id": "s31"}])
    assert held(history.next()) == held(history.fresh())
    assert patches(tmp_path) == 0, "an earlier first link says of other visits that they did not buy"
    history.active.discard("b1")
    history.load("sessions", [visit(40, 5)])
    assert len(held(history.next())) == 1
    assert patches(tmp_path) == 0


def test_a_patch_for_most_of_its_base_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewed, "MOST_TOUCHED", 0.1)
    history = shop_of_visits(tmp_path)
    held(history.next())
    history.load("sessions", [{**visit(number, 9), "page_views": 4} for number in (3, 4, 5, 6)])
    assert held(history.next()) == held(history.fresh())
    assert patches(tmp_path) == 0


@pytest.mark.parametrize("what", ["gone", "damaged"])
def test_a_patch_without_its_base_is_not_used(tmp_path: Path, what: str) -> None:
    history = shop_of_visits(tmp_path)
    held(history.next())
    base = next((tmp_path / "cache").glob("visits-*.parquet"))
    history.load("sessions", [visit(31, 31)])
    assert len(held(history.next())) == 31
    assert patches(tmp_path) == 1
    base.unlink()
    if what == "damaged":
        base.write_bytes(b"PAR1 no more")
    history.engine = None
    assert held(history.next()) == held(history.fresh())


def test_every_renewal_names_its_place_in_its_query() -> None:
    for fact in definitions().facts.values():
        if fact.renewed is not None:
            assert fact.sql.count(fact.renewed.rows) == 1
            (source,) = raw_names(fact.renewed.rows)
            assert table(source).key == (fact.renewed.by,)
            assert set(raw_names(fact.renewed.touched + fact.renewed.same)) <= set(raw_names(fact.sql))
