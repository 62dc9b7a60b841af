"""Rows set aside of files read in pieces, and of tables of the shop's own: corrected as any others are."""

from __future__ import annotations

from datetime import datetime

import pytest

from kpi_tree import ingest, workspace
from kpi_tree.ingest import around, lookup
from kpi_tree.ingest.own.own_table import Wish
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, NothingUsableError

TINY = ingest.Limits(whole_bytes=0, part_bytes=256, drawer_bytes=3000)
HEAD = "Ordrenr;Ordredato;Varenr;Antall;Pris\n"
ORDERS = HEAD + "".join(
    f"{n};{n % 28 + 1:02}.04.2026;V{n % 7};{1 + n % 3};1 0{n % 10}0,50\n" for n in range(1, 60)
)
FAULTY = (
    ORDERS.replace("\n5;06.04.2026;V5;3;", "\n5;06.04.2026;V5;tre;")
    .replace("\n40;13.04.2026;", "\n40;31.04.2026;")
    .replace("\n50;23.04.2026;V1;3;1 000,50\n", "\n50;23.04.2026;V1;3;1 000,50;sent;late\n")
)
VISITS = "Dag;Butikk;Besøkende\n" + "".join(f"2026-04-{n:02};Oslo;{100 + n}\n" for n in range(1, 29))


@pytest.fixture
def _streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a few lines are read as those of many megabytes are."""
    for verb in (ingest.read, ingest.inspect, ingest.numbered_rows, lookup.rows_at, around.rows_around):
        monkeypatch.setitem(verb.__kwdefaults__, "limits", TINY)


def cells(home: Home, owner: Asker, batch: str) -> dict[int, list[str]]:
    return {row.line: list(row.cells) for row in workspace.set_aside(home, owner, batch).rows}


def sales(home: Home, owner: Asker) -> float:
    return float(workspace.kpi_values(home, owner, "sales").total["value"] or 0)


@pytest.mark.usefixtures("_streamed")
def test_the_rows_of_a_large_file_are_corrected_one_after_the_other(
    home: Home, owner: Asker, now: datetime
) -> None:
    whole = workspace.open_home(home.path.parent / "whole")
    workspace.load_file(whole, owner, ORDERS.encode(), "ordre.csv", now=now)
    loaded = workspace.load_file(home, owner, FAULTY.encode(), "ordre.csv", now=now)
    batch = str(loaded.batch)
    before, rows = sales(home, owner), cells(home, owner, batch)
    assert (loaded.accepted, loaded.rejected, list(rows)) == (56, 3, [6, 41, 51])

    rows[6][3], rows[41][1] = "3", "31.04.2026 "
    dry = workspace.mend(home, owner, batch, rows, dry_run=True, now=now)
    assert (dry.accepted, dry.rejected) == (1, 1)
    assert {one.table for one in dry.tables} == {"orders", "order_lines"}
    assert dry.effects
    assert sales(home, owner) == before
    first = workspace.mend(home, owner, batch, rows, now=now)
    assert (first.accepted, [issue.row for issue in first.issues]) == (1, [41])
    assert workspace.source_rows(home, owner, str(first.batch), [6])[1] == [
        "5",
        "06.04.2026",
        "V5",
        "3",
        "1 050,50",
    ]
    seen = workspace.source_around(home, owner, str(first.batch), 6)
    assert [(line, row[3]) for line, row in seen.rows if line in (5, 6, 7)] == [(5, "2"), (6, "3"), (7, "1")]
    assert workspace.source_rows(home, owner, batch, [6])[1][3] == "tre"

    with pytest.raises(NothingUsableError, match="not a date"):
        workspace.mend(home, owner, batch, {41: rows[41]}, now=now)
    file = workspace.set_aside_file(home, owner, batch, form="csv")
    file = file.replace(b"31.04.2026", b"13.04.2026").replace(b"sent,late", b",")
    assert workspace.mend_from(home, owner, batch, file, "rettet.csv", now=now).accepted == 2
    assert workspace.set_aside(home, owner, batch).rows == ()
    assert sales(home, owner) == pytest.approx(sales(whole, owner))
    workspace.withdraw(home, owner, batch, now=now)
    assert [one.active for one in workspace.batches(home, owner)] == [False] * 3
    workspace.restore_batch(home, owner, batch, now=now)
    assert sales(home, owner) == pytest.approx(sales(whole, owner))
    assert workspace.check(home, owner)["ok"]


def test_the_rows_of_a_table_of_the_shops_own_are_corrected(home: Home, owner: Asker, now: datetime) -> None:
    faulty = VISITS.replace("Oslo;107", "Oslo;mange").replace("2026-04-20", "2026-04-31")
    loaded = workspace.load_file(
        home, owner, faulty.encode(), "besøk.csv", new_table=Wish("footfall"), now=now
    )
    workspace.define(home, owner, "{id: heads, name: A, table: footfall, value: sum(besokende)}", now=now)
    batch, rows = str(loaded.batch), cells(home, owner, str(loaded.batch))
    assert (loaded.accepted, list(rows)) == (26, [8, 21])
    rows[8][2], rows[21][0] = "107", "2026-04-20"
    assert workspace.mend(home, owner, batch, rows, dry_run=True, now=now).accepted == 2
    done = workspace.mend(home, owner, batch, {8: rows[8]}, now=now)
    assert (done.table, done.accepted, done.tables[0].table) == ("footfall", 1, "footfall")
    newer = VISITS.splitlines()[0] + "\n2026-04-20;Oslo;900\n2026-04-29;Oslo;1\n"
    workspace.load_file(home, owner, newer.encode(), "ny.csv", now=now)
    late = workspace.mend(home, owner, batch, {21: rows[21]}, now=now)
    assert [issue.code for issue in late.issues] == ["overtaken"]
    known = sum(100 + n for n in range(1, 29)) - 120 + 900 + 1
    assert workspace.kpi_values(home, owner, "heads").total["value"] == known
    assert workspace.set_aside(home, owner, batch).rows == ()
    workspace.withdraw(home, owner, str(done.batch), now=now)
    assert workspace.kpi_values(home, owner, "heads").total["value"] == known - 107
    assert workspace.check(home, owner)["ok"]
