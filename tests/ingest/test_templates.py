"""Templates read back without a mapping; what we write carries no formula."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest

from kpi_tree.ingest import inspect, read
from kpi_tree.ingest.files.defuse import defuse, restore
from kpi_tree.ingest.values.templates import table_csv, table_xlsx, values_csv, values_xlsx
from kpi_tree.records.tables import tables

DAYS = [date(2026, 5, 1), date(2026, 5, 2)]


@pytest.mark.parametrize("lang", ["en", "nb", "ja"])
def test_a_filled_csv_template_reads_back(lang: str) -> None:
    text = values_csv(["sales", "orders"], DAYS, lang, "Store", ["Oslo", "=Bergen"]).decode("utf-8-sig")
    empty, filled = ("sales;2026-05-01;{};", "12,5;") if lang == "nb" else ("sales,2026-05-01,{},", "12.5,")
    for store in ("Oslo", "=Bergen"):
        start = empty.format(defuse(store))
        text = text.replace(start, start + filled[:-1])
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
    sheet["D2"] = 99.5
    out = io.BytesIO()
    book.save(out)
    done = read(out.getvalue(), "values.xlsx")
    assert done.observations is not None
    assert [(r["kpi"], r["start"], r["value"], r["store"]) for r in done.observations.to_pylist()] == [
        ("sales", DAYS[0], 99.5, "Oslo")
    ]


LANGS = [(name, ("en", "nb", "ja")[i % 3]) for i, name in enumerate(sorted(tables()))]


@pytest.mark.parametrize(("name", "lang"), LANGS)
def test_every_tables_workbook_is_known_again_without_a_word(name: str, lang: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(table_xlsx(name, lang)))
    sheet = book.worksheets[0]
    cells = {
        "text": "a1",
        "currency": "NOK",
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
            column.values[0] if column.values else cells.get(column.name, cells[column.type])
            for column in tables()[name].columns.values()
        ]
    )
    out = io.BytesIO()
    book.save(out)
    done = read(out.getvalue(), "t.xlsx")
    assert list(done.tables) == [name]
    assert done.tables[name].num_rows == 1
    assert inspect(out.getvalue(), "t.xlsx").table == name


@pytest.mark.parametrize("lang", ["en", "nb", "ja"])
def test_a_tables_csv_holds_nothing_that_could_be_taken_for_data(lang: str) -> None:
    head = table_csv("sales_daily", lang)
    assert len(head.decode("utf-8-sig").strip().splitlines()) == 1
    filled = head + b"2026-05-01,web,NO,3,100,0,0,0,25,NOK\r\n".replace(b",", b";" if lang == "nb" else b",")
    assert read(filled, "x.csv").tables["sales_daily"].num_rows == 1


def test_a_month_that_a_spreadsheet_made_a_date_of_is_a_month() -> None:
    book = openpyxl.load_workbook(io.BytesIO(values_xlsx(["sales"], ["2026-05", "2026-06"])))
    sheet = book.worksheets[0]
    assert [sheet.cell(row, 2).number_format for row in (2, 3)] == ["@"] * 2
    sheet["B3"], sheet["C2"], sheet["C3"] = date(2026, 6, 1), 5, 6
    for extra, grain in ((None, "month"), (date(2026, 6, 2), "day")):
        if extra is not None:  # days after all
            sheet.append(["sales", extra, 7])
        out = io.BytesIO()
        book.save(out)
        found = read(out.getvalue(), "values.xlsx")
        assert found.observations is not None
        assert found.observations.column("grain").to_pylist()[:2] == ["month", grain]
        assert ("months_by_first_day" in [issue.code for issue in found.issues]) == (grain == "month")


def test_the_lists_of_a_workbook_may_be_as_long_as_they_have_to() -> None:
    names = {f"kpi_{n}": f"A KPI with a rather long name, number {n}" for n in range(40)}
    book = openpyxl.load_workbook(io.BytesIO(values_xlsx(list(names), ["2026-W18"], names=names)))
    assert book.worksheets[1].sheet_state == "hidden"
    rules = [rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation]
    assert "Lists!$A$1:$A$40" in rules


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+cmd", "-1+1", "@x", "\t=1", "＝1", "\r=2", "'=1", ' "=1', "''@x"]
)
def test_formulas_are_defused_and_come_back(text: str) -> None:
    assert defuse(text).startswith("'")
    assert restore(defuse(text)) == text


@pytest.mark.parametrize("text", ["a;=1+1", 'x\t"@y', "1|＝2;-cmd", "=1;=2", "';'=1", "a,\n=b\r= c"])
def test_what_another_sign_would_make_a_cell_is_defused_too(text: str) -> None:
    """A program that cuts at another delimiter than ours sees a cell where we see a part of one."""
    made = defuse(text)
    assert all(not re.match(r"[\s\"]*[=@＝＠]", part) for part in re.split(r"[;\t|\n\r]", made))
    assert restore(made) == text


@pytest.mark.parametrize("text", ["-5", "+5,5", "1e5", "-12 %", "plain", "", "kr 1 234,-", "Oslo, -5 grader"])
def test_numbers_and_words_stay(text: str) -> None:
    assert defuse(text) == text


def test_a_workbook_to_fill_in_guides_the_hand() -> None:
    units = {
        "conversion_rate": ("percent", "NOK"),
        "sales": ("money", "NOK"),
        "resolution_time": ("hours", ""),
    }
    book = openpyxl.load_workbook(io.BytesIO(values_xlsx(list(units), DAYS, "nb", units=units)))
    sheet = book.worksheets[0]
    assert [sheet.cell(row, 4).value for row in (2, 3, 4)] == ["%", "NOK", "t"]
    assert [sheet.cell(row, 3).number_format for row in (2, 3)] == ["0.0#%", "#,##0.00"]
    assert sheet.freeze_panes == "A2"
    assert (sheet.protection.sheet, sheet["C1"].protection.locked) == (True, True)
    assert not any(sheet[place].protection.locked for place in ("A2", "C2", "E2"))
    assert sheet["C1"].comment is not None
    assert sheet.column_dimensions["A"].width > len(str(sheet["A2"].value))
    sheet["C2"], sheet["C3"], sheet["C4"] = 0.125, 12.5, "90 min"
    sheet.append(["conversion_rate", "2026-05-09", 12.5, "%"])  # a cell without a format, as people add rows
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue(), "values.xlsx")
    assert found.observations is not None
    assert found.observations.column("value").to_pylist() == [0.125, 12.5, 1.5, 0.125]
    assert not [issue for issue in found.issues if issue.level == "error"]


def test_a_name_that_looks_like_a_formula_is_text_in_every_template() -> None:
    made = values_csv(["sales"], [date(2026, 5, 1)], "en", "=cmd|'/c calc'!A1", ["@SUM(1)", "-5"])
    lines = made.decode("utf-8-sig").splitlines()
    assert "'=cmd|'/c calc'!A1" in lines[0]
    assert [line.split(",")[2] for line in lines[1:]] == ["'@SUM(1)", "-5"]
