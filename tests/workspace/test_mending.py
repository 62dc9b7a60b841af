"""Rows that were set aside: corrected, loaded again as they were meant, withdrawn with their batch."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, NothingUsableError

ORDERS = (
    b"Ordrenr;Ordredato;Varenr;Antall;Pris\n"
    b"1;03.04.2026;A;2;1 250,50\n"
    b"1;03.04.2026;B;to;99,00\n"
    b"1;03.04.2026;C;1;10,00\n"
    b"2;14.04.2026;A;1;1.000,00\n"
    b"3;31.02.2026;A;en;5,00\n"
    b"4;15.04.2026;A;1;5,00;sent;late\n"
)


@pytest.fixture
def loaded(home: Home, owner: Asker, now: datetime) -> str:
    receipt = workspace.load_file(home, owner, ORDERS, "ordre.csv", now=now)
    assert receipt.batch is not None
    assert (receipt.number, receipt.rejected) == (1, 3)
    return receipt.batch


def sales(home: Home, owner: Asker) -> float:
    value = workspace.kpi_values(home, owner, "sales").total["value"]
    assert value is not None
    return float(value)


def cells(home: Home, owner: Asker, batch: str) -> dict[int, list[str]]:
    return {row.line: list(row.cells) for row in workspace.set_aside(home, owner, batch).rows}


def test_the_rows_say_what_is_wrong_with_which_cell(home: Home, owner: Asker, loaded: str) -> None:
    found = workspace.set_aside(home, owner, loaded)
    assert found.names == ("Ordrenr", "Ordredato", "Varenr", "Antall", "Pris")
    told = [[(fault.column, fault.value, fault.code) for fault in row.faults] for row in found.rows]
    assert [row.line for row in found.rows] == [3, 6, 7]
    assert told == [
        [("Antall", "to", "bad_number")],
        [("Ordredato", "31.02.2026", "bad_date"), ("Antall", "en", "bad_number")],
        [("", "", "wide_row")],
    ]
    assert found.rows[1].why("en") == (
        "Ordredato: This is not a date that exists, or none from 1900 to 2200. Antall: This is not a number."
    )
    assert found.extra == 2


def test_a_corrected_row_is_read_as_it_stood_in_its_file(
    home: Home, owner: Asker, loaded: str, now: datetime
) -> None:
    before = sales(home, owner)
    rows = cells(home, owner, loaded)
    rows[3][3] = "3"
    dry = workspace.mend(home, owner, loaded, rows, dry_run=True, now=now)
    assert (dry.rows, dry.accepted, dry.rejected) == (1, 1, 0)
    assert dry.effects
    assert sales(home, owner) == before
    done = workspace.mend(home, owner, loaded, rows, now=now)
    # Line 2 of order 1 is the corrected one, and line 3 is still there: nothing was written over.
    assert sales(home, owner) == pytest.approx(before + 3 * 99)
    assert workspace.batch(home, owner, str(done.number)).mends == loaded
    assert [row.line for row in workspace.set_aside(home, owner, loaded).rows] == [6, 7]
    assert workspace.batch(home, owner, loaded).waiting == 2
    assert workspace.source_rows(home, owner, str(done.batch), [3])[1] == [
        "1",
        "03.04.2026",
        "B",
        "3",
        "99,00",
    ]
    assert workspace.check(home, owner)["ok"]


def test_what_is_still_wrong_stays_and_says_why(home: Home, owner: Asker, loaded: str, now: datetime) -> None:
    rows = cells(home, owner, loaded)
    rows[3][3], rows[6][1] = "3", "30.02.2026"
    done = workspace.mend(home, owner, loaded, rows, now=now)
    assert (done.rows, done.rejected) == (2, 1)
    assert [(issue.row, issue.column, issue.code) for issue in done.issues] == [
        (6, "Ordredato", "bad_date"),
        (6, "Antall", "bad_number"),
    ]
    with pytest.raises(NothingUsableError, match="not a date"):
        workspace.mend(home, owner, loaded, {6: rows[6]}, now=now)
    with pytest.raises(Refused, match="No row is corrected"):
        workspace.mend(home, owner, loaded, cells(home, owner, loaded), now=now)
    with pytest.raises(NothingUsableError, match="more cells"):
        workspace.mend(home, owner, loaded, {7: ["9", *cells(home, owner, loaded)[7][1:]]}, now=now)
    rows[6][1], rows[6][3] = "28.02.2026", "1"
    rows[7] = rows[7][:5]
    assert workspace.mend(home, owner, loaded, {6: rows[6], 7: rows[7]}, now=now).accepted == 2
    assert workspace.set_aside(home, owner, loaded).rows == ()


def test_corrections_go_and_come_with_their_batch(
    home: Home, owner: Asker, loaded: str, now: datetime
) -> None:
    rows = cells(home, owner, loaded)
    rows[3][3], rows[6][1], rows[6][3] = "3", "28.02.2026", "1"
    first = workspace.mend(home, owner, loaded, {3: rows[3]}, now=now)
    second = workspace.mend(home, owner, loaded, {6: rows[6]}, now=now)
    whole = sales(home, owner)
    workspace.withdraw(home, owner, str(first.batch), now=now)
    assert sales(home, owner) == pytest.approx(whole - 3 * 99)
    assert {row.line for row in workspace.set_aside(home, owner, loaded).rows} == {3, 7}
    workspace.withdraw(home, owner, loaded, now=now)
    assert [one.active for one in workspace.batches(home, owner)] == [False] * 3
    with pytest.raises(Refused, match="withdrawn"):
        workspace.mend(home, owner, loaded, {3: rows[3]}, now=now)
    workspace.restore_batch(home, owner, loaded, now=now)
    standing = {one.batch: one.active for one in workspace.batches(home, owner)}
    assert standing == {loaded: True, str(first.batch): False, str(second.batch): True}
    assert workspace.check(home, owner)["ok"]


def test_a_newer_file_is_not_overruled_by_an_old_correction(
    home: Home, owner: Asker, loaded: str, now: datetime
) -> None:
    newer = b"Ordrenr;Ordredato;Varenr;Antall;Pris\n3;28.02.2026;A;1;700,00\n"
    workspace.load_file(home, owner, newer, "ny.csv", now=now)
    before = sales(home, owner)
    rows = cells(home, owner, loaded)
    rows[6][1], rows[6][3] = "28.02.2026", "1"
    done = workspace.mend(home, owner, loaded, {6: rows[6]}, now=now)
    assert [issue.code for issue in done.issues] == ["overtaken"]
    assert sales(home, owner) == before


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_corrected_in_a_spreadsheet_and_sent_back(
    home: Home, owner: Asker, loaded: str, now: datetime, form: str
) -> None:
    content = workspace.set_aside_file(home, owner, loaded, form=form, lang="nb")  # type: ignore[arg-type]
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.active is not None
        book.active["F2"] = "3"
        out = io.BytesIO()
        book.save(out)
        content = out.getvalue()
    else:
        content = content.replace(b",B,to,", b",B,3,")
    done = workspace.mend_from(home, owner, loaded, content, f"rettet.{form}", now=now)
    assert (done.rows, done.accepted + done.changed, done.rejected) == (1, 1, 0)
    with pytest.raises(Refused, match="not among the rows"):
        workspace.mend_from(home, owner, loaded, content, f"rettet.{form}", now=now)
    with pytest.raises(Refused, match="not the file of the rows"):
        workspace.mend_from(home, owner, loaded, ORDERS, "ordre.csv", now=now)


def test_somebody_elses_rows_are_not_there_for_an_uploader(home: Home, loaded: str, now: datetime) -> None:
    ola = Asker("Ola", "uploader")
    with pytest.raises(NotFound):
        workspace.mend(home, ola, loaded, {3: ["1"]}, now=now)
    with pytest.raises(NotFound):
        workspace.set_aside_file(home, ola, "1")


def test_observations_are_corrected_too(home: Home, owner: Asker, now: datetime) -> None:
    content = b"KPI,Date,Value\nsales,2026-05-01,12.5\nsales,2026-05-02,many\n"
    loaded = workspace.load_file(home, owner, content, "values.csv", now=now)
    done = workspace.mend(home, owner, str(loaded.number), {3: ["sales", "2026-05-02", "7.5"]}, now=now)
    assert (done.accepted, done.rejected) == (1, 0)
    assert sales(home, owner) == 20.0
