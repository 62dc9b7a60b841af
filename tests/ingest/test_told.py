"""What a file tells beside its cells: units below the header, times in a column of their own, days that stand
for none."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import openpyxl  # type: ignore[import-untyped]
import pytest
from babel.dates import get_day_names, get_month_names

from kpi_tree import yamlfiles
from kpi_tree.errors import Refused
from kpi_tree.ingest import LIMITS, Inspection, inspect, read
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.cells import words
from kpi_tree.ingest.cells.words import LANGUAGES
from kpi_tree.ingest.own.own_table import Wish, design_of, read_own
from kpi_tree.records.parquet import held

COSTS = {"table": "costs", "columns": {"Dag": "incurred_on", "Slag": "kind", "Beløp": "amount"}}
SMALL = Limits(whole_bytes=64, part_bytes=200)
HOW = pytest.mark.parametrize("limits", [LIMITS, SMALL], ids=["held", "in parts"])


def codes(found: Inspection) -> dict[str, Any]:
    return {issue.code: issue for issue in found.issues}


@HOW
@pytest.mark.parametrize(
    ("unit", "cell", "amount", "currency"),
    [
        ("NOK", "12,5", "12.5", "NOK"),
        ("(EUR)", "12,5", "12.5", "EUR"),
        ("TNOK", "12,5", "12500", "NOK"),
        ("mill. kr", "1,25", "1250000", None),
        ("kr", "12,5", "12.5", None),
    ],
)
def test_a_unit_below_the_header_is_the_columns_unit(
    unit: str, cell: str, amount: str, currency: str | None, limits: Limits
) -> None:
    text = f"Dag;Slag;Beløp\ndd.mm.åååå;;{unit}\n03.04.2024;husleie;{cell}\n04.04.2024;strøm;7,25\n"
    done = read(text.encode(), "k.csv", mapping=COSTS, limits=limits)
    first = held(done.tables["costs"]).to_pylist()[0]
    assert (first["amount"], first["currency"]) == (Decimal(amount), currency)
    assert done.quarantine.num_rows == 0
    assert done.inspection.skipped_rows == [2]
    assert {issue.code: issue.row for issue in done.issues}["units_row"] == 2


def test_a_scale_in_the_header_is_followed_and_said() -> None:
    mapping = {**COSTS, "columns": {"Dag": "incurred_on", "Slag": "kind", "Beløp (TNOK)": "amount"}}
    done = read(b"Dag;Slag;Bel\xc3\xb8p (TNOK)\n2024-04-03;husleie;12,5\n", "k.csv", mapping=mapping)
    assert held(done.tables["costs"]).column("amount").to_pylist() == [Decimal(12500)]
    assert held(done.tables["costs"]).column("currency").to_pylist() == ["NOK"]
    assert "scaled_numbers" in codes(done.inspection)


def test_a_picture_of_dates_below_the_header_settles_their_order() -> None:
    text = "Dag;Slag;Beløp\nmm/dd/yyyy;;NOK\n03/04/2024;husleie;1,5\n"
    days = held(read(text.encode(), "k.csv", mapping=COSTS).tables["costs"]).column("incurred_on").to_pylist()
    assert [str(day) for day in days] == ["2024-03-04"]


ORDERS: list[tuple[str, list[datetime]]] = [
    (
        "Ordrenr,Dato,Klokkeslett,Antall,Pris\n1,2024-04-03,10:15,2,99.50\n2,2024-04-04,09:05:30,1,10.00\n",
        [datetime(2024, 4, 3, 8, 15, tzinfo=UTC), datetime(2024, 4, 4, 7, 5, 30, tzinfo=UTC)],
    ),
    (
        "Order no,Order date,Order time,Quantity,Price\n"
        "1,2024-04-03,2:15 PM,2,99.5\n2,2024-04-04,9 am,1,10.0\n",
        [datetime(2024, 4, 3, 12, 15, tzinfo=UTC), datetime(2024, 4, 4, 7, tzinfo=UTC)],
    ),
    (
        "Ordrenr;Dato;Klokkeslett;Antall;Pris\n1;03.04.2024;1015;2;99,50\n2;13.04.2024;905;1;10,00\n",
        [datetime(2024, 4, 3, 8, 15, tzinfo=UTC), datetime(2024, 4, 13, 7, 5, tzinfo=UTC)],
    ),
    (
        "Order no,Order date,Order time,Quantity,Price\n"
        "1,2024-04-03,T10:15Z,2,99.5\n2,2024-04-04,23:05+02:00,1,10.0\n",
        [datetime(2024, 4, 3, 10, 15, tzinfo=UTC), datetime(2024, 4, 4, 21, 5, tzinfo=UTC)],
    ),
    (
        "注文番号,日付,時刻,数量,単価\n1,2024年4月3日,10時15分,2,99\n2,2024年4月4日,午後3時5分,1,10\n",
        [datetime(2024, 4, 3, 8, 15, tzinfo=UTC), datetime(2024, 4, 4, 13, 5, tzinfo=UTC)],
    ),
]


@HOW
@pytest.mark.parametrize(("text", "wanted"), ORDERS, ids=["nb", "en", "bare", "zoned", "ja"])
def test_days_and_times_of_two_columns_are_one(text: str, wanted: list[datetime], limits: Limits) -> None:
    done = read(text.encode(), "o.csv", limits=limits)
    assert held(done.tables["orders"]).column("ordered_at").to_pylist() == wanted
    shown = {column["name"]: column for column in done.inspection.to_dict()["columns"]}
    day, time = list(shown.values())[1:3]
    assert (day["type"], day["time_column"], time["type"]) == ("datetime", time["name"], "time")
    assert codes(done.inspection)["date_and_time"].column == day["name"]


def test_a_tills_dotted_clock_is_one() -> None:
    text = "Ordrenr;Dato;Kl.;Antall;Pris\n1;01.05.2024;09.15;1;kr 1 299,-\n2;13.05.2024;14.30;2;kr 99,-\n"
    done = read(text.encode("cp1252"), "kasse.csv")
    assert [at.hour for at in held(done.tables["orders"]).column("ordered_at").to_pylist()] == [7, 12]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("Order time", ["10:00-11:00", "11:00-12:00"]),
        ("Time", ["115", "90"]),
        ("Order time", ["2460", "2575"]),
    ],
)
def test_what_only_looks_like_a_clock_is_none(head: str, cells: list[str]) -> None:
    text = f"Order no,Order date,{head},Quantity,Price\n" + "".join(
        f"{n},2024-04-0{n},{cell},2,99.5\n" for n, cell in enumerate(cells, start=1)
    )
    days = (
        held(read(text.encode(), "o.csv", timezone="UTC").tables["orders"]).column("ordered_at").to_pylist()
    )
    assert [at.hour for at in days] == [0, 0]


@pytest.mark.parametrize(
    ("cell", "found", "near"),
    [
        ("nok", "NOK", ""),
        ("Euro - EUR", "EUR", ""),
        ("€", "EUR", ""),
        ("NKO", None, "NOK"),
        ("ABC", None, "PAB"),
    ],
)
def test_a_currency_is_one_of_iso_4217(cell: str, found: str | None, near: str) -> None:
    text = (
        f"Order no,Order date,Quantity,Price,Currency\n1,2024-04-03,2,99.5,SEK\n2,2024-04-04,1,10.0,{cell}\n"
    )
    done = read(text.encode(), "o.csv")
    assert held(done.tables["orders"]).column("currency").to_pylist() == ["SEK", *([found] if found else [])]
    if not found:
        assert (
            codes(done.inspection)["bad_currency"].row,
            near in str(codes(done.inspection)["bad_currency"]),
        ) == (3, True)


@pytest.mark.parametrize("head", ["Pris (EUR);Frakt (NOK)\n", "Pris;Frakt\n;;;EUR;NOK\n"])
def test_amounts_of_a_row_in_two_currencies_are_refused(head: str) -> None:
    text = f"Ordrenr;Dato;Antall;{head}1;2024-05-01;2;9,50;5\n"
    with pytest.raises(Refused, match="different currencies: Frakt"):
        read(text.encode(), "o.csv")


def test_a_workbooks_number_as_a_header_is_its_plain_text() -> None:
    book = openpyxl.Workbook()
    for row in (["Butikk", 2023, 2024], ["Oslo", 1, 2], ["Bergen", 3, 4]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert [column.name for column in inspect(out.getvalue(), "b.xlsx").columns] == ["Butikk", "2023", "2024"]


def test_a_time_that_is_none_sets_its_row_apart() -> None:
    text = ORDERS[0][0] + "3,2024-04-05,25:10,1,5.00\n4,2024-04-05,,1,5.00\n"
    done = read(text.encode(), "o.csv")
    assert held(done.quarantine).column("reason").to_pylist() == ["bad_time"]
    assert held(done.tables["orders"]).column("ordered_at").to_pylist()[-1] == datetime(
        2024, 4, 4, 22, tzinfo=UTC
    )


def test_an_own_table_keeps_the_instant() -> None:
    data = b"Butikk,Dato,Tid,Antall\nOslo,2024-04-03,10:15,5\nOslo,2024-04-03,11:15,6\n"
    table = design_of(data, "b.csv", Wish("visits")).table
    done = read_own(data, "b.csv", table)
    assert table.columns["dato"].type == "instant"
    assert [at.hour for at in held(done.tables["visits"]).column("dato").to_pylist()] == [8, 9]


@pytest.mark.parametrize("name", ["Duration", "Tid brukt", "First reply time", "Lead time"])
def test_lengths_of_time_are_no_times_of_day(name: str) -> None:
    data = f"Dato,Sak,{name}\n2024-04-03,A,10:15\n2024-04-04,B,11:20\n".encode()
    assert next(column["type"] for column in inspect(data, "t.csv").to_dict()["columns"]) == "date"


def test_times_without_days_are_said() -> None:
    found = codes(inspect(b"Klokkeslett;Besok\n10:15;5\n11:20;6\n", "t.csv"))
    assert found["time_without_date"].column == "Klokkeslett"


@HOW
@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("1900-01-01", "placeholder_date"),
        ("1970-01-01", "placeholder_date"),
        ("2061-04-05", "far_date"),
        ("9999-12-31", "bad_date"),
        ("0001-01-01", "bad_date"),
    ],
)
def test_a_day_that_stands_for_none_is_said_with_its_row(day: str, code: str, limits: Limits) -> None:
    days = ["2024-04-03", "2024-04-04", day, "2024-04-05", "2024-04-06"]
    rows = "".join(f"{at};husleie;{10 + i},50\n" for i, at in enumerate(days))
    done = read(f"Dag;Slag;Beløp\n{rows}".encode(), "k.csv", mapping=COSTS, limits=limits)
    told = {issue.code: issue for issue in done.issues}[code]
    assert (told.row, told.column, told.value, told.count) == (4, "Dag", day, 1)
    assert told.remedy
    assert done.tables["costs"].num_rows + done.quarantine.num_rows == 5


def test_birthdays_are_no_odd_days() -> None:
    rows = "".join(f"{year}-05-{year % 28 + 1:02};x;{year},50\n" for year in range(1931, 2012))
    found = codes(inspect(f"Fodt;Slag;Belop\n{rows}".encode(), "k.csv"))
    assert not {"far_date", "placeholder_date"} & found.keys()


def test_months_and_weekdays_are_those_of_babel() -> None:
    """They are kept in a file, since asking takes longer than reading a small one."""
    widths: list[tuple[Literal["wide", "abbreviated"], Literal["format", "stand-alone"]]]
    widths = [(width, use) for width in ("wide", "abbreviated") for use in ("format", "stand-alone")]
    found: dict[str, int] = {}
    for lang in LANGUAGES:
        for width, use in widths:
            for number, name in get_month_names(width, use, lang).items():
                found.setdefault(name.lower().rstrip("."), int(number))
    kept = yamlfiles.load(Path(words.__file__).with_name("calendar_words.yaml"))
    assert {name: number for number, names in kept["months"].items() for name in names} == found
    days = (get_day_names(width, use, lang) for lang in (*LANGUAGES, "ja") for width, use in widths)
    assert set(kept["weekdays"]) == {name.lower().rstrip(".") for week in days for name in week.values()}
