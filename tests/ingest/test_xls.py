"""Workbooks of old Excel (BIFF8, written by xlwt) and workbooks that open with a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi_tree.errors import Refused
from kpi_tree.ingest import inspect, read, rows

FIXTURES = Path(__file__).with_name("fixtures")
OLD = FIXTURES / "biff8.xls"


@pytest.mark.parametrize("name", ["biff8.xls", "biff8_1904.xls"])
def test_cells_of_an_xls_are_what_excel_shows(name: str) -> None:
    assert list(rows(FIXTURES / name, name)) == [
        ["Ordrenr", "Ordredato", "Varenr", "Vare", "Antall", "Pris", "Rabatt"],
        ["00123", "2026-04-01 09:30:00", "007", "Lampe ø", "2", "1250.5", "0.1"],
        ["00124", "2026-04-30", "008", "Krok", "1", "99", "0"],
        ["00125", "2026-04-30 23:59:00", "009", "椅子", "3", "0.3", "0.25"],
    ]


def test_an_xls_is_read_with_all_its_sheets_but_the_hidden_one() -> None:
    found = inspect(OLD, "ordre.xls")
    kinds = {column.name: column.kind for column in found.columns}
    assert (kinds["Ordrenr"], kinds["Ordredato"], kinds["Antall"]) == ("text", "datetime", "integer")
    assert (found.header_row, found.skipped_rows, found.total_rows) == (3, [1], [7])
    assert [(one["name"], one["rows"], one["table"]) for one in found.sections] == [
        ("Ordrer", 3, "order_lines"),
        ("Lager", 2, "stock_levels"),
    ]
    done = read(OLD, "ordre.xls")
    lines = done.tables["order_lines"].sort_by("order_id")  # type: ignore[union-attr]
    assert lines.column("order_id").to_pylist() == ["00123", "00124", "00125"]
    assert [float(value) for value in lines.column("unit_price").to_pylist()] == [1250.5, 99.0, 0.3]
    assert [float(n) for n in done.tables["stock_levels"].column("on_hand").to_pylist()] == [7.0, 12.5]  # type: ignore[union-attr]


def encrypted_xls() -> bytes:
    """The workbook with the record behind its first that says that it is encrypted (FILEPASS)."""
    data = bytearray(OLD.read_bytes())
    start = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    data[start : start + 2] = b"\x2f\x00"
    return bytes(data)


@pytest.mark.parametrize("data", [(FIXTURES / "encrypted.xlsx").read_bytes(), encrypted_xls()])
def test_a_password_is_said_to_be_what_stands_in_the_way(data: bytes) -> None:
    with pytest.raises(Refused, match="protected by a password") as refused:
        read(data, "laast.xls")
    assert "without a password" in str(refused.value)
    with pytest.raises(Refused, match="damaged"):
        read(OLD.read_bytes()[:700], "kutt.xls")
