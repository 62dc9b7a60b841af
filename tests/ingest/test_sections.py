"""A file with several tables: each is read as its own, all that are known make one reading."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import openpyxl  # type: ignore[import-untyped]
import pytest

from kpi_tree.errors import Refused
from kpi_tree.ingest import Reading, inspect, read, rows
from kpi_tree.ingest.lookup import rows_at
from kpi_tree.ingest.text.beside import PART

ORDERS = "Ordrenr;Dato;Antall;Pris\n1;2024-05-01;2;99,50\n2;2024-05-02;1;10,00\n"
SALES = "Day,Orders,Gross sales,Net sales,Total sales\n"
RULE = "# ----------------------------------------\n"
GA4 = (
    RULE + "# Reports snapshot\n# Account: Vik\n" + RULE + "#\n# All Users\n# Start date: 20240401\n"
    "# End date: 20240402\nDate,Sessions,Engaged sessions\n20240401,120,80\n20240402,90,60\n"
    "\n#\n# All Users\n# Start date: 20240401\n# End date: 20240402\n"
    "Session primary channel group,Sessions,Engaged sessions\nDirect,100,70\nOrganic Search,110,70\n"
    "\n# Top pages\nPage path and screen class,Views,Active users\n/,500,120\n/kopp,40,30\n"
)


def ask(done: Reading, sql: str) -> Any:
    with duckdb.connect() as engine:
        for name, table in done.tables.items():
            engine.register(name, table)
        found = engine.sql(sql).fetchall()
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found


def codes(done: Reading) -> list[str]:
    return [issue.code for issue in done.issues]


def book(**sheets: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, cells in sheets.items():
        sheet = made.create_sheet(name)
        for row in cells:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_tables_below_each_other_with_titles_between() -> None:
    data = (
        "Salg per dag\n\n" + ORDERS + "\nKostnader\n\nDato;Type;Beløp\n2024-05-01;husleie;5000,00\n"
        "\nNotater\n"
    ).encode()
    found = inspect(data, "rapport.csv")
    assert [(one["header_row"], one["rows"], one["table"]) for one in found.sections] == [
        (3, 2, "order_lines"),
        (9, 1, None),
    ]
    done = read(data, "rapport.csv", timezone="UTC")
    assert ask(done, "SELECT sum(quantity * unit_price) FROM order_lines") == Decimal("209")
    unread = next(issue for issue in done.issues if issue.code == "further_tables")
    assert unread.row == 9
    assert "Kostnader" in str(unread.message)
    assert "2" in str(unread.remedy)
    mapping = {
        "table": "costs",
        "columns": {"Dato": "incurred_on", "Type": "kind", "Beløp": "amount"},
        "options": {"section": 2},
    }
    costs = read(data, "rapport.csv", mapping=mapping)
    assert costs.tables["costs"].column("amount").to_pylist() == [Decimal(5000)]
    assert next(rows(data, "rapport.csv", mapping={"options": {"section": "Kostnader"}})) == [
        "Dato",
        "Type",
        "Beløp",
    ]
    with pytest.raises(Refused, match="no table 7"):
        read(data, "rapport.csv", mapping={"options": {"section": 7}})


def test_a_ga4_snapshot_with_its_sections() -> None:
    done = read(GA4.encode(), "snapshot.csv", timezone="UTC")
    assert (
        ask(done, "SELECT sum(sessions) FROM traffic_daily WHERE channel = '' AND landing_page = ''") == 210
    )
    assert ask(done, "SELECT channel, sessions FROM traffic_daily WHERE channel <> '' ORDER BY 1") == [
        ("Direct", 100),
        ("Organic Search", 110),
    ]
    assert ask(
        done, "SELECT day, sum(page_views) FROM traffic_daily WHERE landing_page <> '' GROUP BY 1"
    ) == [(date(2024, 4, 1), 540)]
    assert len(done.inspection.sections) == 3
    assert not [issue for issue in done.issues if issue.level == "error"]


def test_tables_side_by_side() -> None:
    data = (
        f"Day,Sessions,Sessions that completed checkout,,{SALES}"
        "2024-05-01,100,3,,2024-05-01,3,300.00,280.00,280.00\n"
        "2024-05-02,90,2,,2024-05-02,2,200.00,190.00,190.00\n"
        "2024-05-03,80,1,,,,,,\n"
    ).encode()
    done = read(data, "wide.csv", timezone="UTC")
    assert ask(done, "SELECT sum(sessions), sum(order_sessions) FROM traffic_daily") == [(270, 6)]
    assert ask(done, "SELECT sum(orders), sum(gross_sales) FROM sales_daily") == [(5, Decimal(500))]
    line = done.tables["sales_daily"].column("_row")[1].as_py()
    assert line == PART + 3
    assert rows_at(data, "wide.csv", [line])[1] == ["2024-05-02", "2", "200.00", "190.00", "190.00"]


def test_an_empty_column_alone_makes_no_two_tables() -> None:
    data = b"Ordrenr;Dato;;Antall;Pris\n1;2024-05-01;;2;99,50\n2;2024-05-02;;1;10,00\n"
    assert read(data, "a.csv").tables["order_lines"].num_rows == 2


def test_every_sheet_of_a_workbook() -> None:
    data = book(
        Les=[["Denne filen er laget av kassen"]],
        Januar=[["Ordrenr", "Dato", "Antall", "Pris"], ["1", "2024-01-05", 2, 99.5]],
        Februar=[["Ordrenr", "Dato", "Antall", "Pris"], ["2", "2024-02-05", 1, 10]],
        Butikker=[["Butikk", "Gate"], ["Oslo", "Storgata"], ["Bergen", "Torget"]],
    )
    done = read(data, "kasse.xlsx", timezone="UTC")
    assert ask(done, "SELECT count(*), sum(quantity * unit_price) FROM order_lines") == [(2, Decimal(209))]
    assert done.inspection.sheet == "Januar"
    unread = [issue for issue in done.issues if issue.code == "further_tables"]
    assert any("Butikker" in issue.place for issue in unread)
    second = ask(done, "SELECT _row FROM order_lines WHERE order_id = '2'")
    assert rows_at(data, "kasse.xlsx", [second])[1][0] == "2"
    only = read(data, "kasse.xlsx", timezone="UTC", mapping={"options": {"sheet": "Februar"}})
    assert ask(only, "SELECT count(*) FROM order_lines") == 1


def test_a_bad_cell_names_its_sheet() -> None:
    header = ["Ordrenr", "Dato", "Antall", "Pris"]
    data = book(
        Januar=[header, ["1", "2024-01-05", 2, 99.5]], Februar=[header, ["2", "2024-02-05", "mange", 10]]
    )
    done = read(data, "kasse.xlsx", timezone="UTC")
    fault = next(issue for issue in done.issues if issue.level == "error")
    assert fault.place == "kasse.xlsx, Februar, row 2, column Antall"
    assert fault.row == 2
    assert done.quarantine.num_rows == 1


def test_two_tables_that_contradict_each_other_are_refused() -> None:
    data = (
        f"Store Oslo\n{SALES}2024-05-01,3,300.00,280.00,280.00\n2024-05-02,1,9.00,9.00,9.00\n\n"
        f"Store Bergen\n{SALES}2024-05-01,1,100.00,90.00,90.00\n2024-05-02,1,8.00,8.00,8.00\n"
    ).encode()
    with pytest.raises(Refused, match="different things") as refused:
        read(data, "stores.csv")
    assert "Store Bergen" in str(refused.value)
    one = read(data, "stores.csv", mapping={"options": {"section": "Store Bergen"}})
    assert ask(one, "SELECT sum(orders) FROM sales_daily") == 2


def test_a_header_on_every_page_is_one_table() -> None:
    data = (ORDERS + "Side 2\nOrdrenr;Dato;Antall;Pris\n3;2024-05-03;1;5,00\n").encode()
    done = read(data, "utskrift.csv", timezone="UTC")
    assert ask(done, "SELECT count(*) FROM order_lines") == 3
    assert done.inspection.sections == []


def test_footers_with_several_cells_are_no_table() -> None:
    data = (ORDERS + "\nLaget av;Kari\n").encode()
    done = read(data, "a.csv", timezone="UTC")
    assert ask(done, "SELECT count(*) FROM order_lines") == 2
    assert "footer_rows" in codes(done)
    assert done.quarantine.num_rows == 0


def test_nothing_known_names_the_tables() -> None:
    data = b"Colours\n\nName,Share\nred,0.5\nblue,0.5\n\nSizes\n\nName,Width\nS,5\nM,6\n"
    with pytest.raises(Refused, match="several tables") as refused:
        read(data, "x.csv")
    assert "Colours" in str(refused.value)
    assert "Sizes" in str(refused.value)
