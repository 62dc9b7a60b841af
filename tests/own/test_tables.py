# ruff: noqa: E501 (small files read better in one line)
"""Tables of the shop's own: made of a file, filled again, counted on, withdrawn, dropped, brought back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError, NotFound, Refused
from kpi_tree.ingest.own.own_table import Wish, design_of
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, Receipt

OWNER = Asker("Kari", "owner")
NOW = datetime(2026, 5, 1, tzinfo=UTC)
FIRST = """Dag;Butikk;Besøkende;Omsetning NOK;Vær
2026-04-01;Oslo;120;10 200,50;sol
2026-04-01;Bergen;80;4 100,00;regn
2026-04-02;Oslo;140;12 000,00;sol
2026-04-03;Bergen;75;4 000,00;
"""
SECOND = """Dag;Butikk;Besøkende;Omsetning NOK;Vær
2026-04-03;Bergen;90;4 000,00;
2026-04-02;Oslo;140;12 000,00;sol
2026-04-04;Oslo;99;8 000,00;sol
"""
KPI = "{id: per_head, name: A, table: footfall, numerator: sum(omsetning_nok), denominator: sum(besokende)}"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return workspace.open_home(tmp_path / "home")


def load(home: Home, text: str, name: str = "a.csv", **more: object) -> Receipt:
    return workspace.load_file(home, OWNER, text.encode(), name, now=NOW, **more)  # type: ignore[arg-type]


def counts(receipt: Receipt) -> tuple[int, int, int, int]:
    return receipt.accepted, receipt.changed, receipt.unchanged, receipt.rejected


def test_a_file_makes_a_table_and_the_next_with_its_headers_fills_it(home: Home) -> None:
    assert load(home, FIRST, new_table=Wish("footfall"), dry_run=True).batch is None
    assert workspace.own_table_list(home, OWNER) == []
    assert counts(load(home, FIRST, new_table=Wish("footfall"))) == (4, 0, 0, 0)
    [view] = workspace.own_table_list(home, OWNER)
    columns = view.table.columns
    assert [(c.name, c.label, c.type) for c in columns.values()] == [
        ("dag", "Dag", "day"), ("butikk", "Butikk", "text"), ("besokende", "Besøkende", "integer"),
        ("omsetning_nok", "Omsetning NOK", "money"), ("vaer", "Vær", "text"),
    ]  # fmt: skip
    assert (view.table.key, view.table.time) == (("dag", "butikk"), "dag")
    assert counts(load(home, SECOND, "b.csv")) == (1, 1, 1, 0)
    assert workspace.define(home, OWNER, KPI, now=NOW).ok
    found = workspace.kpi_values(home, OWNER, "per_head", grain="month", by=("butikk",))
    assert found.total["value"] == pytest.approx(38300.5 / 529)
    by = {row["butikk"]: row["value"] for row in found.frame.to_dict("records")}
    assert by["Bergen"] == pytest.approx((4100 + 4000) / (80 + 90))
    assert by["Oslo"] == pytest.approx((10200.5 + 12000 + 8000) / (120 + 140 + 99))


def test_rows_that_cannot_be_read_are_set_apart_and_a_changed_file_says_so(home: Home) -> None:
    load(home, FIRST, new_table=Wish("footfall"))
    text = "Dag;Butikk;Besøkende;Omsetning NOK;Vær;Ny\n2026-04-09;Oslo;mange;1;;x\n2026-04-10;;5;1;;x\n2026-04-11;Oslo;5;1;;x\n"
    receipt = load(home, text, "c.csv", as_table="footfall")
    assert (receipt.accepted, receipt.rejected) == (1, 2)
    assert any(issue.code == "further_columns" for issue in receipt.issues)
    with pytest.raises(Refused, match="no column Butikk"):
        load(home, "Dag;Antall\n2026-04-12;4\n", "d.csv", as_table="footfall")


def test_withdrawn_dropped_and_brought_back(home: Home) -> None:
    batch = load(home, FIRST, new_table=Wish("footfall")).batch or ""
    workspace.define(home, OWNER, KPI, now=NOW)
    with pytest.raises(Refused, match="per_head is made from it"):
        workspace.drop_table(home, OWNER, "footfall", now=NOW)
    workspace.remove_kpi(home, OWNER, "per_head", now=NOW)
    with pytest.raises(Refused, match=r"holds the rows of a\.csv"):
        workspace.drop_table(home, OWNER, "footfall", now=NOW)
    workspace.withdraw(home, OWNER, batch, now=NOW)
    workspace.drop_table(home, OWNER, "footfall", now=NOW)
    assert workspace.own_table_list(home, OWNER) == []
    with pytest.raises(NotFound):
        workspace.drop_table(home, OWNER, "footfall", now=NOW)
    with pytest.raises(KpiTreeError, match="other columns was deleted"):
        load(home, "Dag;Antall\n2026-04-01;3\n2026-04-02;4\n", "e.csv", new_table=Wish("footfall"))
    assert workspace.check(home, OWNER)["ok"]
    workspace.restore_batch(home, OWNER, batch, now=NOW)
    assert [view.batches for view in workspace.own_table_list(home, OWNER)] == [1]
    assert workspace.check(home, OWNER)["ok"]


def test_a_backup_holds_the_table(home: Home, tmp_path: Path) -> None:
    load(home, FIRST, new_table=Wish("footfall"))
    workspace.define(home, OWNER, KPI, now=NOW)
    workspace.backup(home, OWNER, tmp_path / "b.zip", now=NOW)
    other = workspace.open_home(workspace.restore(tmp_path / "b.zip", tmp_path / "other", now=NOW)["home"])
    assert (
        workspace.kpi_values(other, OWNER, "per_head").total
        == workspace.kpi_values(home, OWNER, "per_head").total
    )
    assert counts(load(other, SECOND, "b.csv")) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("orders", FIRST, "There is a table of this name already"),
        ("placed_orders", FIRST, "Write it as our_placed_orders"),
        ("quarantine", FIRST, "means something else"),
        ("Store visits", FIRST, "Write it as store_visits"),
        ("../x", FIRST, "cannot be the name"),
        ("x" * 60, FIRST, "cannot be the name"),
        ("own_x", FIRST, "cannot be the name"),
        ("x; drop table y", FIRST, "cannot be the name"),
        ("numbers", "1;2;3\n4;5;6\n", "no header row"),
        ("nothing", "", "empty|no table|no row"),
    ],
)
def test_a_table_that_cannot_be_made_is_refused_in_words(
    home: Home, name: str, text: str, message: str
) -> None:
    with pytest.raises(Refused, match=message):
        load(home, text, new_table=Wish(name))
    assert workspace.own_table_list(home, OWNER) == []
    assert workspace.batches(home, OWNER) == []


def test_key_and_time_may_be_chosen(home: Home) -> None:
    text = "Nr,Made,Sold on,Amount\n1,2026-01-01,2026-02-01,5\n1,2026-01-02,2026-02-02,6\n2,2026-01-03,2026-02-03,7\n"
    receipt = load(home, text, new_table=Wish("items", ("Nr",), "Sold on"))
    [view] = workspace.own_table_list(home, OWNER)
    assert (view.table.key, view.table.time) == (("nr",), "sold_on")
    assert receipt.accepted == 2
    assert any(issue.code == "repeated_keys" for issue in receipt.issues)
    for wish, message in (
        (Wish("b", ("Nmr",)), "Did you mean Nr"),
        (Wish("b", (), "Amount"), "holds no days"),
        (Wish("b", ("Cost",)), "no column Cost"),
    ):
        with pytest.raises(Refused, match=message):
            load(home, text.replace("5", "8"), "b.csv", new_table=wish)


@pytest.mark.parametrize(
    ("text", "key", "time"),
    [
        ("Ticket no,Opened,Words\nA1,2026-01-01,x\nA2,2026-01-01,x\n", ("ticket_no",), "opened"),
        ("Day,Shop,Visits\n2026-01-01,A,1\n2026-01-01,B,1\n2026-01-02,A,1\n", ("day", "shop"), "day"),
        ("Day,Visits\n2026-01-01,1\n2026-01-02,1\n", ("day",), "day"),
        ("Name,Visits\nOslo,1\nBergen,2\n", ("name",), None),
        ("Day,Shop,Visits\n2026-01-01,A,1\n2026-01-01,A,2\n", ("row_key",), "day"),
        ("Amount,Note\n1.5,x\n1.5,x\n", ("row_key",), None),
    ],
)
def test_what_names_a_row_is_found(text: str, key: tuple[str, ...], time: str | None) -> None:
    made = design_of(text.encode(), "a.csv", Wish("t")).table
    assert (made.key, made.time) == (key, time)


def test_rows_that_nothing_names_are_kept_each_and_counted_once_when_sent_again(home: Home) -> None:
    text = "Day,Shop,Visits\n2026-01-01,A,1\n2026-01-01,A,2\n2026-01-01,A,2\n"
    assert counts(load(home, text, new_table=Wish("log"))) == (3, 0, 0, 0)
    assert counts(load(home, text + "2026-01-02,A,9\n", "b.csv")) == (1, 0, 3, 0)
    workspace.define(home, OWNER, "{id: seen, name: A, table: log, value: sum(visits)}", now=NOW)
    assert workspace.kpi_values(home, OWNER, "seen").total["value"] == 14
    dims = workspace.catalogue_of(home)["seen"].dimensions
    assert dims == ("shop",), "the made-up key is nothing to break down by"
