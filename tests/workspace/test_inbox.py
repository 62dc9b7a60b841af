"""The inbox: receipts that add up, nothing twice, nothing half, from a number back to its row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Refused
from kpi_tree.i18n import translate
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, Receipt

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
SPAN = {"start": date(2011, 1, 1), "end": date(2011, 2, 1)}


def _line(invoice: int, quantity: object = 2, price: object = 2.5, day: int = 4) -> str:
    return f"{invoice},85123A,LAMP,{quantity},2011-01-{day:02} 10:00:00,{price},17850,United Kingdom\n"


def _file(*lines: str) -> bytes:
    return (HEAD + "".join(lines)).encode()


def _counts(receipt: Receipt) -> tuple[int, int, int, int]:
    return receipt.accepted, receipt.changed, receipt.unchanged, receipt.rejected


def _value(home: Home, owner: Asker, kpi: str = "gross_sales") -> float | None:
    return workspace.kpi_values(home, owner, kpi, **SPAN).total["value"]


def test_new_changed_unchanged_and_rejected_add_up_to_the_rows(home: Home, owner: Asker) -> None:
    first = workspace.load_file(home, owner, _file(*(_line(n) for n in range(540000, 540010))), "a.csv")
    assert _counts(first) == (10, 0, 0, 0)
    lines = [
        _line(540000),
        _line(540001, quantity=5),
        _line(540002),
        _line(550000),
        _line(550001, quantity="abc"),
    ]
    second = workspace.load_file(home, owner, _file(*lines), "b.csv")
    assert _counts(second) == (1, 1, 2, 1)
    assert sum(_counts(second)) == second.rows == 5
    assert _value(home, owner) == 10 * 5.0 + 3 * 2.5 + 5.0


def test_a_dry_run_says_the_same_and_changes_nothing(home: Home, owner: Asker) -> None:
    content = _file(_line(540000), _line(540001, quantity="abc"))
    before = workspace.data_revision(home)
    dry = workspace.load_file(home, owner, content, "a.csv", dry_run=True)
    assert dry.batch is None
    assert workspace.data_revision(home) == before
    assert workspace.batches(home, owner) == []
    real = workspace.load_file(home, owner, content, "a.csv")
    assert _counts(dry) == _counts(real) == (1, 0, 0, 1)


def test_the_same_file_twice_renamed_and_reencoded_moves_no_figure(home: Home, owner: Asker) -> None:
    content = _file(*(_line(n) for n in range(540000, 540005)))
    first = workspace.load_file(home, owner, content, "a.csv")
    value = _value(home, owner)
    again = workspace.load_file(home, owner, content, "renamed.csv")
    assert (again.repeated, again.batch, again.accepted) == (True, first.batch, 0)
    assert [issue.code for issue in again.issues] == ["repeated"]
    other = workspace.load_file(home, owner, content.decode().encode("utf-16"), "utf16.csv")
    assert _counts(other) == (0, 0, 5, 0)
    assert _value(home, owner) == value
    more = workspace.load_file(home, owner, content + _line(560000).encode(), "more.csv")
    assert _counts(more) == (1, 0, 5, 0)
    assert _value(home, owner) == (value or 0) + 5.0


def test_withdrawing_brings_the_former_values_back_and_restoring_the_later(
    home: Home, owner: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kpi_tree.workspace.intake import effects

    monkeypatch.setattr(effects, "MOST_KPIS", 2)
    workspace.load_file(home, owner, _file(_line(540000), _line(540001)), "a.csv")
    before = _value(home, owner)
    later = workspace.load_file(home, owner, _file(_line(540001, price=100), _line(540002)), "b.csv")
    after = _value(home, owner)
    assert before == 10.0
    assert after == 5.0 + 200.0 + 5.0
    told = {one.kpi: (one.before, one.after) for one in workspace.turning_effects(home, owner, "2").effects}
    assert told["gross_sales"] == (after, before)
    assert len(told) > 2, "all of them, not the first few as in a dry run"
    assert workspace.withdraw(home, owner, later.batch or "").status == "withdrawn"
    assert _value(home, owner) == before
    back = {one.kpi: (one.after, one.before) for one in workspace.turning_effects(home, owner, "2").effects}
    assert back == told, "bringing it back undoes what withdrawing it did"
    workspace.restore_batch(home, owner, later.batch or "")
    assert _value(home, owner) == after


def test_values_that_go_with_their_batch_are_told_with_those_that_count_again(
    home: Home, owner: Asker
) -> None:
    head = "KPI,Date,Value,Store\n"
    first = f"{head}NPS,2026-05-01,40,Oslo\nNPS,2026-05-02,41,Oslo\n".encode()
    later = f"{head}NPS,2026-05-02,45,Oslo\nNPS,2026-05-03,46,Oslo\n".encode()
    workspace.load_file(home, owner, first, "a.csv")
    workspace.load_file(home, owner, later, "b.csv")

    def told() -> list[tuple[int, float | None, float | None]]:
        found = workspace.turning_effects(home, owner, "2").values
        assert {(one.kpi, one.grain, one.dimensions) for one in found} == {
            ("nps", "day", (("store", "Oslo"),))
        }
        return [(one.start.day, one.before, one.after) for one in found]

    assert told() == [(2, 45.0, 41.0), (3, 46.0, None)]
    workspace.withdraw(home, owner, "2")
    assert told() == [(2, 41.0, 45.0), (3, None, 46.0)]
    again = workspace.load_file(home, owner, later, "c.csv")
    assert workspace.turning_effects(home, owner, "2").twin == again.number


def test_what_a_very_large_batch_does_is_left_out_and_said(
    home: Home, owner: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kpi_tree.workspace.intake import leaving

    workspace.load_file(home, owner, _file(_line(540000), _line(540001)), "a.csv")
    monkeypatch.setattr(leaving, "MOST_ROWS", 1)
    told = workspace.turning_effects(home, owner, "1")
    assert (told.effects, told.values) == ((), ())
    assert told.untold is not None
    assert "2 rows" in translate(told.untold, "en")


def test_rejected_rows_lie_in_quarantine_with_place_and_reason(home: Home, owner: Asker) -> None:
    bad = _line(540001, quantity="many", price="dear")
    receipt = workspace.load_file(home, owner, _file(_line(540000), bad), "a.csv")
    frame = workspace.quarantine(home, owner, receipt.batch or "")
    assert frame.drop(columns="cells").to_dict("records") == [
        {
            "row": 3, "column": "Quantity", "value": "many", "reason": "bad_number",
            "also": [{"column": "UnitPrice", "value": "dear", "reason": "bad_number"}],
        }
    ]  # fmt: skip
    [issue, _] = [one for one in receipt.issues if one.level == "error"]
    assert issue.place == "a.csv, row 3, column Quantity"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (bytes(range(256)) * 20, "not a text"),
        (b"foo,bar\n1,2\n", "foo, bar"),
        (_file(*[_line(540000 + n, quantity="abc") for n in range(50)]), "None of the 50 rows"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_kept(
    home: Home, owner: Asker, content: bytes, words: str
) -> None:
    with pytest.raises(Refused, match=words) as caught:
        workspace.load_file(home, owner, content, "bad.csv")
    assert caught.value.place.startswith("bad.csv")
    assert caught.value.remedy is not None
    assert workspace.batches(home, owner) == []
    assert workspace.check(home, owner) == {
        "ok": True, "problems": [], "cleaned": [], "leftovers": [],
        "counts": {"plans": 0, "batches": 0, "observations": 0, "journal": 0},
    }  # fmt: skip


def test_a_folder_and_a_missing_file_are_named(home: Home, owner: Asker, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="folder"):
        workspace.load_file(home, owner, tmp_path, "x")
    with pytest.raises(Refused, match=r"none\.csv"):
        workspace.load_file(home, owner, tmp_path / "none.csv", "none.csv")


def test_a_file_name_is_only_ever_shown(home: Home, owner: Asker) -> None:
    name = "../../etc/" + "n\u0000ame<b>" * 2000
    receipt = workspace.load_file(home, owner, _file(_line(540000)), name)
    assert len(receipt.file) <= 200
    assert "/" not in receipt.file
    assert receipt.file.isprintable()


def test_from_a_value_to_the_records_the_batch_the_file_and_its_row(home: Home, owner: Asker) -> None:
    receipt = workspace.load_file(home, owner, _file(_line(540000), _line(540001, price=7.0)), "january.csv")
    frame = workspace.kpi_records(home, owner, "gross_sales", **SPAN)
    dear = frame[frame["unit_price"].astype(float) == 7.0].iloc[0]
    assert (dear["_batch"], dear["_file"], dear["_row"]) == (receipt.batch, "january.csv", 3)
    header, cells = workspace.source_rows(home, owner, dear["_batch"], [int(dear["_row"])])
    assert dict(zip(header, cells, strict=True))["UnitPrice"] == "7.0"


def test_people_who_load_at_once_lose_nothing_and_count_right(home: Home, owner: Asker) -> None:
    files = [_file(_line(540000), _line(541000 + n)) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda n: workspace.load_file(home, owner, files[n], f"{n}.csv"), range(8)))
    assert sum(receipt.accepted for receipt in receipts) == 9
    assert sum(receipt.unchanged for receipt in receipts) == 7
    assert _value(home, owner) == 9 * 5.0
    assert workspace.check(home, owner)["ok"]


def test_figures_as_known_on_a_day(home: Home, owner: Asker) -> None:
    from datetime import UTC, datetime

    def at(day: int) -> datetime:
        return datetime(2026, 3, day, 12, tzinfo=UTC)

    workspace.load_file(home, owner, _file(_line(540000)), "a.csv", now=at(1))
    second = workspace.load_file(home, owner, _file(_line(540001)), "b.csv", now=at(3))
    workspace.withdraw(home, owner, second.batch or "", now=at(5))

    def known(day: int) -> float | None:
        return workspace.kpi_values(home, owner, "gross_sales", **SPAN, as_known=date(2026, 3, day)).total[
            "value"
        ]

    assert [known(day) for day in (1, 2, 3, 4, 5, 6)] == [5.0, 5.0, 10.0, 10.0, 5.0, 5.0]
    assert known(1) == _value(home, owner)


def test_the_real_files_of_a_quarter_load_and_load_again(home: Home, owner: Asker, shared_data: Path) -> None:
    days = sorted((shared_data / "online_retail" / "by-day").glob("*.csv"))[:3]
    receipts = [workspace.load_file(home, owner, day, day.name) for day in days]
    assert all(sum(_counts(receipt)) == receipt.rows for receipt in receipts)
    assert all(workspace.load_file(home, owner, day, day.name).repeated for day in days)
    shopify = shared_data / "vendor" / "shopify_orders_export.csv"
    receipt = workspace.load_file(home, owner, shopify, shopify.name)
    assert (receipt.layout, receipt.rows, receipt.accepted) == ("shopify_orders", 12, 12)
