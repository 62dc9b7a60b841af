"""A dry run says what the figures become, and what looks odd; an uploader has only their own batches."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

HEAD = "order_id,line_no,ordered_at,product_id,quantity,unit_price,currency\n"


def _lines(first: date, days: int, price: int, skip: tuple[int, ...] = ()) -> bytes:
    rows = [
        f"{first + timedelta(n)},1,{first + timedelta(n)}T10:00:00Z,P1,1,{price + n % 3},NOK"
        for n in range(days)
        if n not in skip
    ]
    return (HEAD + "\n".join(rows) + "\n").encode()


def test_the_figures_before_and_after_and_nothing_left_behind(
    home: Home, owner: Asker, now: datetime
) -> None:
    first = date(2026, 1, 1)
    workspace.load_file(home, owner, _lines(first, 30, 100), "january.csv", as_table="order_lines", now=now)
    later = _lines(date(2026, 1, 31), 20, 100, skip=(4, 5))
    dry = workspace.load_file(
        home, owner, later, "february.csv", as_table="order_lines", dry_run=True, now=now
    )
    assert dry.effects
    assert all(effect.after is not None for effect in dry.effects)
    gap = next(issue for issue in dry.issues if issue.code == "gap")
    assert "4 Feb 2026 to 5 Feb 2026" in str(gap.to_dict()["message"])
    assert not any(issue.code == "unusual" for issue in dry.issues)
    assert not list(home.records.rglob("dry*"))
    assert workspace.check(home, owner, clean=False)["leftovers"] == []
    assert len(workspace.batches(home, owner)) == 1
    dear = _lines(date(2026, 1, 31), 20, 10_000)
    odd = workspace.load_file(home, owner, dear, "ore.csv", as_table="order_lines", dry_run=True, now=now)
    words = [str(issue.to_dict()["message"]) for issue in odd.issues if issue.code == "unusual"]
    assert any("Gross sales is NOK" in said and "so far a day had NOK" in said for said in words), words


def test_a_second_currency_is_told_and_what_is_none_is_set_apart(
    home: Home, owner: Asker, now: datetime
) -> None:
    """KPIs of money do not vanish without a word."""
    good = _lines(date(2026, 1, 1), 3, 100).decode()
    bad = "x1,1,2026-01-02T10:00:00Z,P1,1,5,KRONER??\n"
    dry = workspace.load_file(
        home, owner, (good + bad).encode(), "a.csv", as_table="order_lines", dry_run=True, now=now
    )
    found = next(issue for issue in dry.issues if issue.level == "error")
    assert (found.code, found.row, found.column, found.value) == ("bad_currency", 5, "currency", "KRONER??")
    assert (dry.accepted, dry.rejected) == (3, 1)
    assert "gross_sales" in {effect.kpi for effect in dry.effects}
    mixed = good + bad.replace("KRONER??", "€")
    dry = workspace.load_file(
        home, owner, mixed.encode(), "a.csv", as_table="order_lines", dry_run=True, now=now
    )
    assert "gross_sales" not in {effect.kpi for effect in dry.effects}
    said = [issue for issue in dry.issues if issue.code == "not_worked_out"]
    assert len(said) == 1
    assert "EUR, NOK" in str(said[0].to_dict()["message"])


def test_an_uploader_has_only_their_own(home: Home, owner: Asker, now: datetime) -> None:
    ola = Asker("Ola", "uploader")
    theirs = workspace.load_file(
        home, owner, _lines(date(2026, 1, 1), 3, 100), "a.csv", as_table="order_lines", now=now
    )
    mine = workspace.load_file(
        home, ola, _lines(date(2026, 2, 1), 3, 100), "b.csv", as_table="order_lines", now=now
    )
    assert theirs.batch is not None
    assert mine.batch is not None
    assert [one.batch for one in workspace.batches(home, ola)] == [mine.batch]
    assert len(workspace.batches(home, owner)) == 2
    assert len(workspace.batches(home, Asker("Eva", "viewer"))) == 2
    before = workspace.data_revision(home)
    for verb in (workspace.withdraw, workspace.restore_batch, workspace.batch, workspace.quarantine):
        with pytest.raises(NotFound, match=theirs.batch):
            verb(home, ola, theirs.batch)
    with pytest.raises(NotFound):
        workspace.source_rows(home, ola, theirs.batch, [2])
    assert workspace.data_revision(home) == before
    assert not workspace.withdraw(home, ola, mine.batch, now=now).active
    assert workspace.withdraw(home, Asker("Liv", "editor"), theirs.batch, now=now).status == "withdrawn"


def test_a_stray_day_hides_no_gap_and_every_bad_cell_can_be_had(
    home: Home, owner: Asker, now: datetime
) -> None:
    good = _lines(date(2026, 1, 1), 20, 100, skip=(8, 9)).decode()
    stray = "2026-12-24,1,2026-12-24T10:00:00Z,P1,1,5,NOK\n"
    bad = "".join(f"x{n},1,2026-01-02T10:00:00Z,P1,=many,5,NOK\n" for n in range(30))
    dry = workspace.load_file(
        home, owner, (good + stray + bad).encode(), "a.csv", as_table="order_lines", dry_run=True, now=now
    )
    found = {issue.code: issue for issue in dry.issues}
    assert found["gap"].count == 2
    assert "9 Jan 2026 to 10 Jan 2026" in str(found["gap"].to_dict()["message"])
    assert (found["bad_number"].count, dry.rejected) == (30, 30)
    assert [cell["row"] for cell in dry.apart] == list(range(21, 51))
    from kpi_tree.ui.data.issuelist import as_csv

    lines = list(csv.reader(as_csv(dry.issues, "en", dry.apart).decode("utf-8-sig").splitlines()))
    cells = [line for line in lines if line[0] == "not used"]
    assert [line[2] for line in cells] == [str(row) for row in range(21, 51)]
    assert {(line[1], line[3], line[4]) for line in cells} == {("a.csv", "quantity", "'=many")}
    assert all(line[6] for line in cells), "a remedy with each"


def test_values_of_kpis_say_what_each_becomes_and_what_looks_odd(
    home: Home, owner: Asker, now: datetime
) -> None:
    """The same of values that come as such, with the KPI's own history and bounds."""
    told = [f"NPS,2026-09-{day:02},{40 + day % 3},Oslo" for day in range(1, 21)]
    head = "KPI,Date,Value,Store\n"
    workspace.load_file(home, owner, (head + "\n".join(told[:15])).encode(), "a.csv", now=now)
    later = [told[14], told[15], told[16].replace(",42,", ",95,"), told[19]]
    later += ["Conversion rate,2026-09-01,230%,Oslo", "Conversion rate,2026-09-02,3%,Oslo"]
    new = (head + "\n".join(later)).encode()
    dry = workspace.load_file(home, owner, new, "b.csv", dry_run=True, now=now)
    # By hand: the days of the file hold 40, 41, 95 and 42; of them only the 40 was known.
    found = {one.kpi: (one.before, one.after) for one in dry.effects}
    assert found == {"nps": (40.0, 54.5), "conversion_rate": (None, pytest.approx(1.165))}
    said = {issue.code: (issue.row, str(issue.to_dict()["message"])) for issue in dry.issues}
    assert said["unusual"][0] == 4
    assert said["unusual"][1].startswith("Net promoter score is 95.00 in the period from 17 Sep")
    assert "no value for 2 periods" in said["gap"][1]
    assert said["impossible"][0] == 6
    month = b"KPI,Month,Value\nNPS,2026-09,40\n"
    whole = workspace.load_file(home, owner, month, "c.csv", dry_run=True, now=now)
    assert "two_depths" in {issue.code for issue in whole.issues}, "of all shops, or of none of them?"
    month = b"KPI,Month,Value,Store\nNPS,2026-09,44,Oslo\n"
    both = workspace.load_file(home, owner, month, "c.csv", dry_run=True, now=now)
    codes = {issue.code for issue in both.issues}
    assert ("two_lengths" in codes, "two_depths" in codes) == (True, False)
    assert [one.after for one in both.effects] == [44.0], "the month's own value, and its days no more"
    lines = _lines(date(2026, 9, 1), 3, 100)
    workspace.load_file(home, owner, lines, "lines.csv", as_table="order_lines", now=now)
    beside = workspace.load_file(
        home, owner, b"KPI,Month,Value\nGross sales,2026-09,40\n", "d.csv", dry_run=True, now=now
    )
    assert {issue.code for issue in beside.issues} >= {"records_count"}
    assert beside.effects == ()


def test_a_store_that_is_new_and_nearly_a_known_one_is_asked_about(home: Home, owner: Asker) -> None:
    head = "KPI,Date,Value,Store\n"
    workspace.load_file(
        home, owner, f"{head}nps,2026-05-01,40,Oslo\nnps,2026-05-01,41,Shop 1\n".encode(), "a.csv"
    )
    new = f"{head}nps,2026-05-02,40,Osl\nnps,2026-05-02,41,Shop 2\nnps,2026-05-02,42,Bergen\n".encode()
    dry = workspace.load_file(home, owner, new, "b.csv", dry_run=True)
    assert [(one.column, one.value) for one in dry.issues if one.code == "look_alike"] == [("store", "Osl")]
