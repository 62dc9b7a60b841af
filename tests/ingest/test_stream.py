"""A file read in pieces gives what it gives when it is read at once: rows, records, faults and figures."""

from __future__ import annotations

import errno
import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi_tree.errors import Cancelled, Refused
from kpi_tree.ingest import Limits, inspect, numbered_rows, read, rows
from kpi_tree.ingest.around import rows_around
from kpi_tree.ingest.lookup import rows_at
from kpi_tree.ingest.mapping.engines import borrowed, close_idle
from kpi_tree.ingest.mapping.layout import layouts
from kpi_tree.ingest.stream import together
from kpi_tree.records import leftovers
from kpi_tree.records.parquet import RowsFile
from kpi_tree.steps import Step, Watch
from tests.ingest.corpus import Case, cases

TINY = Limits(whole_bytes=0, part_bytes=64, drawer_bytes=3000)
CASES = [case for case in cases() if not case.name.startswith(("xlsx", "zip"))]
"""That their rows are the same is asked beside the rows themselves (``test_corpus.py``)."""


@pytest.fixture(autouse=True)
def _nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What lies between the passes is gone when the reading is."""
    between = tmp_path / "between"
    between.mkdir()
    with borrowed():
        pass  # an engine that lasts from test to test lies elsewhere
    monkeypatch.setattr(leftovers.tempfile, "tempdir", str(between))
    yield
    if any(between.iterdir()):  # an engine at rest, made in this test
        close_idle()
    assert list(between.iterdir()) == []


def _issues(issues: list[Any]) -> list[Any]:
    return sorted(tuple(sorted(issue.to_dict().items(), key=str)) for issue in issues)


def _content(found: Any) -> list[dict[str, Any]]:
    table = found.slice(0, found.num_rows) if isinstance(found, RowsFile) else found
    return list(table.to_pylist())


def same(data: bytes, limits: Limits | None = None, **how: Any) -> None:
    """Both ways of reading give the same, or refuse with the same words.

    Without ``limits`` in pieces of one or two rows, a longer file in some ten pieces of a few rows.
    """
    limits, words = limits or replace(TINY, part_bytes=max(TINY.part_bytes, len(data) // 10)), ""
    try:
        whole = read(data, "file.csv", today=date(2024, 6, 1), **how)
    except Refused as refused:
        words = str(refused)
    if words:
        with pytest.raises(Refused) as again:
            read(data, "file.csv", limits=limits, today=date(2024, 6, 1), **how)
        assert str(again.value) == words
        return
    with read(data, "file.csv", limits=limits, today=date(2024, 6, 1), **how) as parts:
        assert {name: _content(found) for name, found in parts.tables.items()} == {
            name: _content(found) for name, found in whole.tables.items()
        }
        assert _content(parts.quarantine) == _content(whole.quarantine)
        assert _issues(parts.issues) == _issues(whole.issues)
        assert parts.rows == whole.rows
        seen, wanted = parts.inspection.to_dict(), whole.inspection.to_dict()
        for name in ("issues", "kind", "members"):
            del seen[name], wanted[name]
        assert seen == wanted


@pytest.mark.parametrize("case", [case for case in CASES if case.typed][::12], ids=lambda case: case.name)
def test_its_records_are_the_same(case: Case) -> None:
    same(case.data, mapping=case.mapping(), timezone="UTC")


FIXTURES = sorted(
    path for path in (Path(__file__).parent / "fixtures").iterdir() if path.suffix in (".csv", ".txt")
)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_what_vendors_export_is_the_same(path: Path) -> None:
    """Rows that are added up too: each drawer holds what belongs together, wherever in the file it stands."""
    period = {"options": {"period_start": "2026-04-01", "period_end": "2026-04-30"}}
    same(path.read_bytes(), replace(TINY, drawer_bytes=200, together_bytes=0), mapping=period, timezone="UTC")


def _order_lines(count: int) -> bytes:
    """Orders whose lines stand apart, with repeated keys, bad cells, wide, short and blank rows, a total."""
    lines = ["Report of orders", "", "Ordrenr;Dato;Varenr;Antall;Pris;Valuta;Land"]
    for n in range(count):
        price = "x" if n % 17 == 5 else f"{n % 90 + 1},{n % 100:02}"
        lines.append(f"{n % 40};{n % 28 + 1:02}.{n % 12 + 1:02}.2024;V{n % 7};{n % 5 - 1};{price};NOK;NO")
        if n % 31 == 7:
            lines.append(f'{n};01.02.2024;"V\n;1";1;2,00;NOK;NO;one too many')
        if n % 23 == 3:
            lines.append(f"{n % 40};01.02.2024;V1")
        if n % 37 == 9:
            lines.append("")
    return ("\n".join([*lines, f"Totalt;;;{count};1,00;;", "", "made by hand"]) + "\n").encode()


@pytest.mark.parametrize(("part", "drawer"), [(150, 2500), (400, 1200), (5000, 50_000)])
def test_an_awkward_file_of_orders(part: int, drawer: int) -> None:
    same(_order_lines(130), Limits(whole_bytes=0, part_bytes=part, drawer_bytes=drawer))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "cp932", "utf-16-be"])
def test_other_encodings(encoding: str) -> None:
    text = _order_lines(40).decode()
    same((text if encoding != "cp1252" else text.replace("hand", "hånd")).encode(encoding))


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_other_line_ends(ends: str) -> None:
    same(_order_lines(40).replace(b"\n", ends.encode()))


@pytest.mark.parametrize("table", ["costs", "order_lines", "products"])
def test_tables_mapped_by_hand(table: str) -> None:
    """Keys made up from the whole row, from the order, and given ones of which the last counts."""
    fields = {
        "costs": {"a": "kind", "b": "incurred_on", "c": "amount"},
        "order_lines": {"a": "order_id", "b": "ordered_at", "c": "unit_price", "d": "quantity"},
        "products": {"a": "product_id", "d": "name", "c": "price"},
    }[table]
    body = "".join(f"k{n % 9},2024-05-{n % 4 + 1:02},{n % 3}.50,{n % 2}\n" for n in range(80))
    same(("a,b,c,d\n" + body).encode(), mapping={"table": table, "columns": fields})


def test_dates_that_can_be_read_in_two_ways_are_refused_and_settled_at_the_very_end() -> None:
    body = "".join(f"{n},0{n % 9 + 1}/0{n % 8 + 1}/2024,1,2.50\n" for n in range(60))
    data = ("Order number,Order date,Quantity,Unit price\n" + body).encode()
    same(data)
    same(data + b"999,05/25/2024,1,2.50\n")
    with read(data + b"999,05/25/2024,1,2.50\n", "a.csv", limits=TINY) as done:
        assert done.rows == 61


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(1, 12),
            st.sampled_from(["2024-01-31", "31.01.2024", "", "x", "2024-05-05 10:00"]),
            st.sampled_from(["1", "2,5", "-1", "", "many", '"1"', "3,00 kr"]),
            st.sampled_from(["9,50", "1.234,50", "", "€ 5,00", "0"]),
            st.sampled_from(["mug", '"a;b"', '"two\nlines"', '"say ""hi"""', "", '"open']),
        ),
        max_size=40,
    ),
    st.integers(20, 200),
    st.integers(300, 900),
)
def test_any_file(rows_of: list[tuple[Any, ...]], part: int, drawer: int) -> None:
    body = "".join(";".join(map(str, row)) + "\n" for row in rows_of)
    data = ("Ordrenr;Dato;Antall;Pris;Navn\n" + body).encode()
    limits = Limits(whole_bytes=0, part_bytes=part, drawer_bytes=drawer)
    assert list(numbered_rows(data, "a.csv", limits=limits)) == list(numbered_rows(data, "a.csv"))
    same(data, limits)


@pytest.mark.parametrize("odd", ["#1003", "# made by hand,", "#1003,2024-05-01,1", "__,__,__,__", " ,,,"])
def test_one_odd_row_changes_nothing_for_the_others(odd: str) -> None:
    """Orders named #1001 are no comments; a piece with an odd row is cut row by row and gives the same."""
    lines = [f"#{1000 + n},2024-05-{n % 28 + 1:02},{n % 3 + 1},2.50" for n in range(40)]
    data = "\n".join(["Order number,Order date,Quantity,Unit price", *lines[:20], odd, *lines[20:], ""])
    limits = replace(TINY, part_bytes=400)
    assert list(numbered_rows(data.encode(), "a.csv", limits=limits)) == list(
        numbered_rows(data.encode(), "a.csv")
    )
    same(data.encode(), limits)


def test_packed_files_are_read_in_pieces_too(tmp_path: Path) -> None:
    data = _order_lines(100)
    whole = list(rows(data, "a.csv"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", data)
    for content in (gzip.compress(data), packed.getvalue()):
        path = tmp_path / "packed"
        path.write_bytes(content)
        for given_as in (content, path):
            assert list(rows(given_as, "a", limits=replace(TINY, part_bytes=300))) == whole


def test_a_row_is_found_by_its_line_without_reading_on() -> None:
    data = _order_lines(90)
    lines = [line for line, _ in numbered_rows(data, "a.csv")][1:]
    for chosen in ([lines[0]], [lines[57], lines[3], lines[-1]], lines[40:50], [1], []):
        assert rows_at(data, "a.csv", chosen, limits=TINY) == rows_at(data, "a.csv", chosen)
    # Near its end the total stands beside the rows: that it is no row shows only from the whole file.
    for line in (lines[0], lines[1], lines[50], lines[-8], 1):
        assert rows_around(data, "a.csv", line, limits=TINY) == rows_around(data, "a.csv", line)


@pytest.mark.parametrize(
    "cells",
    [
        ["45322", "91234"],  # days of a workbook, and none
        ["1706700000", "9706700000"],
        [f"{month} {n % 28 + 1}" for n, month in enumerate(["Jan", "Feb", "Jan", "Feb"] * 8)],
        ["20240131101500", "20240131-1015x", "20240131-1015xyz"],
        ["12 m", "5 m", "a-9"],
        ["1,200", "x", "3本"],
        ["2024-01-31", "FY24", "x9"],
        ["12345678.25", "1.5", "00012", "1e3"],
    ],
    ids=lambda cells: cells[0],
)
def test_what_single_cells_tell_of_a_column_is_heard(cells: list[str]) -> None:
    """A cell that changes how all are read counts wherever in a column it stands."""
    for order in (cells, cells[::-1]):
        lines = "".join(f'k{n},"{order[n % len(order)]}"\n' for n in range(max(12, len(order))))
        for name in ("created_at", "Amount", "Date"):
            data = f"Name,{name}\n{lines}".encode()
            seen, wanted = (inspect(data, "a.csv", limits=limits).to_dict() for limits in (TINY, Limits()))
            assert seen["columns"] == wanted["columns"]
            assert seen["issues"] == wanted["issues"]


@pytest.mark.parametrize("last", [False, True], ids=["proof first", "proof last"])
@pytest.mark.parametrize(
    ("cells", "proof", "column", "value"),
    [
        (["2.3M", "4M"], ["1.5K"], "amount", Decimal(2_300_000)),
        (["2.3M", "4M"], ["4"], "amount", None),
        (["Jan 25", "Feb 25"], ["Mar 25"], "incurred_on", date(2025, 1, 1)),
        (["Jan 25", "Feb 25"], ["Jan 01", "Jan 02", "Jan 03"], "incurred_on", None),
        (["Jan 25", "Feb 25"], ["x9", "Jan 5"], "incurred_on", None),
        (["NOK", "sek"], ["€", "KRONER??"], "currency", "NOK"),
    ],
)
def test_proof_in_one_piece_decides_for_all(
    cells: list[str], proof: list[str], column: str, value: Any, last: bool
) -> None:
    """Millions or no numbers, months or days without a year: as the whole column says, in every piece."""
    many = [cells[0], *cells * 9]
    usual = {"amount": "5.00", "incurred_on": "2024-05-01", "currency": "NOK"}
    rows_ = [usual | {column: cell} for cell in (many + proof if last else proof + many)]
    body = "".join(f"k{n},{','.join(f'{cell!r}' for cell in row.values())}\n" for n, row in enumerate(rows_))
    data = ("kind," + ",".join(usual) + "\n" + body.replace("'", '"')).encode()
    mapping = {"table": "costs", "columns": {name: name for name in ("kind", *usual)}}
    same(data, replace(TINY, part_bytes=100), mapping=mapping)
    with read(data, "a.csv", mapping=mapping, limits=replace(TINY, part_bytes=100)) as done:
        known = {row["_row"]: row[column] for row in _content(done.tables["costs"])}
        assert known.get(2 if last else 2 + len(proof)) == value


def test_inspecting_finds_the_same() -> None:
    seen, wanted = (inspect(_order_lines(150), "a.csv", limits=limits) for limits in (TINY, Limits()))
    assert _issues(seen.issues) == _issues(wanted.issues)
    assert [column.kind for column in seen.columns] == [column.kind for column in wanted.columns]
    assert (seen.rows, seen.layout, seen.total_rows) == (wanted.rows, wanted.layout, wanted.total_rows)


def test_stopping_leaves_nothing_wherever_it_comes() -> None:
    data, steps, limits = _order_lines(60), list[Step](), replace(TINY, part_bytes=300)
    with read(data, "a.csv", limits=limits, watch=Watch(steps.append)):
        shares = [step.share for step in steps if step.share is not None]
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[-1] > 0.9
    for stop in range(0, len(steps), max(len(steps) // 8, 1)):
        left = iter(range(stop))
        watch = Watch(None, lambda left=left: next(left, None) is None)  # type: ignore[misc]
        with pytest.raises(Cancelled):
            read(data, "a.csv", limits=limits, watch=watch)


def test_a_full_disk_is_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pa, "OSFile", full)
    with pytest.raises(Refused, match="no room") as refused:
        read(_order_lines(50), "a.csv", limits=TINY)
    assert refused.value.remedy is not None


def test_a_report_whose_rows_are_added_up_is_added_up_in_shares() -> None:
    """The same campaign all over the file, and a breakdown that only some rows show."""
    head = "Campaign name,Ad set name,Day,Amount spent (NOK),Impressions,Link clicks\n"
    rows = [f"c{n % 9},{'b' if n == 70 else ''},2024-05-{n % 3 + 1:02},1.50,10,1\n" for n in range(80)]
    data = (head + "".join(rows)).encode()
    limits = Limits(whole_bytes=0, part_bytes=300, drawer_bytes=1000, together_bytes=100)
    same(data, limits)
    with read(data, "a.csv", limits=limits) as done:
        assert {row["_by"] for row in _content(done.tables["ad_stats"])} == {"medium,campaign,ad_group"}


def test_keys_that_meet_across_what_lies_apart_count_once() -> None:
    """A SKU under two handles, a purchase sent by two visitors: the last row counts."""
    products = "Handle,Title,Variant SKU,Variant Price\n" + "".join(
        f"h{n % 40},Lamp {n},S{n % 25},{n}.00\n" for n in range(80)
    )
    events = "event_timestamp,event_name,user_pseudo_id,ga_session_id,transaction_id\n" + "".join(
        f"17000000000{n:02}000,purchase,v{n % 40},1,t{n % 25}\n" for n in range(80)
    )
    for text in (products, events):
        same(text.encode(), Limits(whole_bytes=0, part_bytes=300, drawer_bytes=1000))


def test_every_layout_but_a_report_of_one_campaign_can_be_read_in_shares() -> None:
    assert [layout.id for layout in layouts().values() if not layout.apart] == ["mailchimp_report"]


@pytest.mark.parametrize(
    "data", [b"a,b\n" + b"x" * 3_000_000, b"a,b\n1,\0\n", b"%PDF-1.4\n" * 99, b"\n" * 999]
)
def test_what_is_no_table_is_refused(data: bytes) -> None:
    limits = replace(TINY, line_bytes=1 << 20)
    with pytest.raises(Refused) as refused:
        read(data, "a.csv", limits=limits)
    assert refused.value.remedy is not None


_ORDERS = "Order number;Order date;Quantity;Unit price\n" + "".join(
    f"{n};2024-05-{n % 28 + 1:02};1;2.50\n" for n in range(20)
)
_AGAIN = _ORDERS.replace("Order number", "Store B\nOrder number", 1)
_COSTS = "Costs, by day\nDate;Category;Amount\n" + "".join(
    f"2024-05-{n % 28 + 1:02};{'rent' if n % 9 else 'x'};{'many' if n == 7 else n}\n" for n in range(15)
)
_BUDGET = 'Campaign;Budget;Owner\nSpring;100;"Ida\n(North)"\nSummer;200;Bo\n'
_REPORT = (
    "Email Campaign Report\nTitle:;May\nSubject Line:;Hi\nDelivery Date/Time:;2024-05-03 10:00\n"
    "Total Recipients:;900\nSuccessful Deliveries:;890\nBounces:;10\nRecipients Who Opened:;300 (33.7%)\n"
    "Recipients Who Clicked:;40\nTotal Clicks:;55\nTotal Unsubs:;2\nTotal Sales:;120.00\n\n"
    "URL;Total Clicks;Unique Clicks\n"
) + "".join(f"https://shop.example/{n};{n};{n // 2}\n" for n in range(15))


@pytest.mark.parametrize(
    ("tables", "encoding", "ends"),
    [
        ([_ORDERS, _BUDGET], "utf-8", "\n"),
        ([_BUDGET, _ORDERS, _COSTS], "utf-16", "\r\n"),
        ([_ORDERS, _COSTS, "Footer of the report\n"], "utf-16-be", "\n"),
        ([_ORDERS, "", _AGAIN], "utf-8-sig", "\r\n"),
        ([_COSTS, _BUDGET.replace("Ida", 'Ida "'), _ORDERS], "utf-8", "\n"),
        ([_REPORT, _ORDERS], "cp1252", "\r"),
    ],
)
def test_several_tables_of_a_text_are_read_as_in_a_small_one(
    tables: list[str], encoding: str, ends: str
) -> None:
    """Words and receipts, sections by their names, rows by their lines."""
    data = "\n".join(tables).replace("\n", ends).encode(encoding)
    limits = replace(TINY, part_bytes=256, together_bytes=0)
    same(data, limits)
    seen, wanted = (inspect(data, "a.csv", limits=of).to_dict() for of in (limits, Limits()))
    assert {**seen, "kind": "", "issues": 0} == {**wanted, "kind": "", "issues": 0}
    assert sorted(map(str, seen["issues"])) == sorted(map(str, wanted["issues"]))
    for section in wanted["sections"][1:2]:
        chosen = {"options": {"section": section["name"]}}
        same(data, limits, mapping=chosen)
        found = list(numbered_rows(data, "a.csv", limits=limits, mapping=chosen))
        assert found == list(numbered_rows(data, "a.csv", mapping=chosen))
        lines = [line for line, _ in found][1:4]
        assert rows_at(data, "a.csv", lines, limits=limits) == rows_at(data, "a.csv", lines)
        near = rows_around(data, "a.csv", lines[0], around=0, limits=limits)
        assert near == rows_around(data, "a.csv", lines[0], around=0)


@pytest.mark.parametrize("price", ["2.50", "3.50"])
def test_many_rows_of_several_tables_are_put_together_on_disk(
    price: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same orders under two titles count once; two that say different things of an order are refused."""
    monkeypatch.setattr(together, "HELD", 10)
    again = _AGAIN.replace("2.50", price)
    same(f"{_ORDERS}\n{again}\n{_COSTS}".encode(), replace(TINY, part_bytes=256))
