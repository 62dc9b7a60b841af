"""Templates read back without a mapping; what we write carries no formula."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from kpi_tree.ingest import inspect, read
from kpi_tree.ingest.defuse import defuse, restore
from kpi_tree.ingest.templates import table_xlsx, values_csv, values_xlsx
from kpi_tree.records.tables import tables

DAYS = [date(2026, 5, 1), date(2026, 5, 2)]


@pytest.mark.parametrize("lang", ["en", "nb", "ja"])
def test_a_filled_csv_template_reads_back(lang: str) -> None:
    text = values_csv(["sales", "orders"], DAYS, lang, "Store", ["Oslo", "=Bergen"]).decode("utf-8-sig")
    text = text.replace("sales,2026-05-01,,", "sales,2026-05-01,12.5,")
    done = read(text.encode("utf-8-sig"), "values.csv")
    assert done.observations is not None
    assert [(r["kpi"], r["start"], r["value"]) for r in done.observations.to_pylist()] == [
        ("sales", DAYS[0], 12.5)
    ] * 2


@pytest.mark.parametrize("lang", ["en", "nb", "ja"])
def test_a_filled_workbook_reads_back(lang: str) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(values_xlsx(["sales", "orders"], DAYS, lang, "Store", ["Oslo", "Bergen"]))
    )
    sheet = book.worksheets[0]
    assert len(sheet.data_validations.dataValidation) >= 3
    sheet["C2"] = 99.5
    out = io.BytesIO()
    book.save(out)
    done = read(out.getvalue(), "values.xlsx")
    assert done.observations is not None
    assert [(r["kpi"], r["start"], r["value"], r["store"]) for r in done.observations.to_pylist()] == [
        ("sales", DAYS[0], 99.5, "Oslo")
    ]


@pytest.mark.parametrize("name", sorted(tables()))
def test_every_tables_workbook_is_known_again(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(table_xlsx(name, "en")))
    sheet = book.worksheets[0]
    cells = {
        "text": "a1",
        "integer": 3,
        "quantity": 3,
        "money": 2.5,
        "number": 2.5,
        "boolean": "yes",
        "instant": DAYS[0],
        "day": DAYS[0],
    }
    sheet.append(
        [
            column.values[0] if column.values else cells[column.type]
            for column in tables()[name].columns.values()
        ]
    )
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue(), "t.xlsx", as_table=name).tables[name].num_rows == 1
    assert inspect(out.getvalue(), "t.xlsx").columns


@pytest.mark.parametrize("text", ["=1+1", "+1+cmd", "-1+1", "@x", "\t=1", "＝1", "\r=2"])
def test_formulas_are_defused_and_come_back(text: str) -> None:
    assert defuse(text).startswith("'")
    assert restore(defuse(text)) == text


@pytest.mark.parametrize("text", ["-5", "+5,5", "1e5", "-12 %", "plain", ""])
def test_numbers_and_words_stay(text: str) -> None:
    assert defuse(text) == text
