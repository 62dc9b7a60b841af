"""Formulas without a value: cells with a place and a text, never empty ones."""

from __future__ import annotations

import io
import zipfile

import openpyxl

from kpi_tree.ingest import read
from kpi_tree.ingest.sheets.unworked import PIECE, unworked


def _book(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_formula_that_nobody_worked_out_is_set_apart_with_its_place() -> None:
    written = _book(["market", "month", "value"], ["no", "2026-01-01", "=2+3"], ["se", "2026-01-01", 7])
    done = read(written, "sizes.xlsx")
    assert [(one.code, one.row, one.column, one.value) for one in done.issues] == [
        ("bad_number", 2, "value", "=2+3")
    ]
    assert done.tables["market_size"].column("market").to_pylist() == ["se"]


def test_what_was_worked_out_is_no_such_cell_and_a_hostile_sheet_takes_no_time() -> None:
    def sheet(text: bytes) -> bytes:
        made, whole = io.BytesIO(), _book(["a"], ["=1"])
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(made, "w") as new:
            for name in old.namelist():
                new.writestr(name, text if name.endswith("sheet1.xml") else old.read(name))
        return made.getvalue()

    cells = b'<c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><f>1</f><v>1</v></c><c r="C2"><f si="0"/></c>'
    assert unworked(sheet(cells), "Sheet") == {(1, 2): "="}
    assert unworked(sheet(b" " * (PIECE - 9) + cells), "Sheet") == {(1, 2): "="}
    assert unworked(sheet(b"<c <f " * (2 * PIECE // 6)), "Sheet") == {}
