"""Every way that people write numbers, dates, lengths of time, yes and no, nothing and names: read as meant."""

# ruff: noqa: E501 - tables of cases read better unbroken
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from kpi_tree.errors import Refused
from kpi_tree.ingest import read
from kpi_tree.ingest.cells.columns import Context, look
from kpi_tree.ingest.cells.convert import asked_as, convert


def values(
    kind: str, cells: list[str], *, header: str = "x", zone: str = "Europe/Oslo", **context: Any
) -> list[Any]:
    told = Context(**context)
    done = convert(look(header, pa.chunked_array([cells]), told), kind, told, zone)
    assert not done.readings, done.readings
    return [
        None if bad else value for value, bad in zip(done.values.to_pylist(), done.bad.tolist(), strict=True)
    ]


NUMBERS: list[tuple[list[str], list[str]]] = [
    (["1.234,56", "7,00"], ["1234.56", "7"]),
    (["1 234,56", "7,00"], ["1234.56", "7"]),
    (["1\u00a0234,56", "7,00"], ["1234.56", "7"]),
    (["1\u202f234,56", "7,00"], ["1234.56", "7"]),
    (["1'234.56", "7.00"], ["1234.56", "7"]),
    (["1’234.56", "7.00"], ["1234.56", "7"]),
    (["1,23,456.78", "12,345.00"], ["123456.78", "12345"]),
    (["１，２３４．５６", "７．００"], ["1234.56", "7"]),
    (["(123)", "5"], ["-123", "5"]),
    (["(1.234,50)", "5,00"], ["-1234.5", "5"]),
    (["123-", "5"], ["-123", "5"]),
    (["1.234,50-", "5,00"], ["-1234.5", "5"]),
    (["▲123", "5"], ["-123", "5"]),
    (["△1,234,567", "5"], ["-1234567", "5"]),
    (["−123", "5"], ["-123", "5"]),
    (["–123", "5"], ["-123", "5"]),
    (["- 123", "5"], ["-123", "5"]),
    (["1,2E+03", "7,00"], ["1200", "7"]),
    (["1.2e3", "7.00"], ["1200", "7"]),
    (["kr 1 234,-", "kr 99,50"], ["1234", "99.5"]),
    (["1 234 kr", "99,50 kr"], ["1234", "99.5"]),
    (["1 234:-", "99:-"], ["1234", "99"]),
    (["¥1,200", "¥500"], ["1200", "500"]),
    (["￥1,200", "￥500"], ["1200", "500"]),
    (["1,200円", "500円"], ["1200", "500"]),
    (["€ 1.234,56", "€ 7,00"], ["1234.56", "7"]),
    (["1.234,56 €", "7,00 €"], ["1234.56", "7"]),
    (["EUR 1.234,56", "EUR 7,00"], ["1234.56", "7"]),
    (["-$1,234.56", "$7.00"], ["-1234.56", "7"]),
    (["$-1,234.56", "$7.00"], ["-1234.56", "7"]),
    (["($1,234.56)", "$7.00"], ["-1234.56", "7"]),
    (["CHF 1'234.50", "CHF 7.-"], ["1234.5", "7"]),
    (["1.234,50 NOK", "7,00 NOK"], ["1234.5", "7"]),
    (["+123", "5"], ["123", "5"]),
    (["'1234.50", "7.00"], ["1234.5", "7"]),
    (['="1234.50"', "7.00"], ["1234.5", "7"]),
    ([".5", "1.25"], ["0.5", "1.25"]),
    ([",5", "1,25"], ["0.5", "1.25"]),
    (["1.234.567", "2.000.000"], ["1234567", "2000000"]),
    (["1 234 567", "12"], ["1234567", "12"]),
    (["1,234,567", "2,000"], ["1234567", "2000"]),
    (["１２３", "▲４５"], ["123", "-45"]),
    (["R$ 1.234,56", "R$ 7,00"], ["1234.56", "7"]),
    (["1234,5 zł", "7,00 zł"], ["1234.5", "7"]),
    (["1.5K", "2.3M", "980"], ["1500", "2300000", "980"]),
    (["$1.5M", "$250k"], ["1500000", "250000"]),
    (["1,5 mill. kr", "250 tusen"], ["1500000", "250000"]),
    (["1.2万円", "3億"], ["12000", "300000000"]),
    (["12個", "1,200個"], ["12", "1200"]),
    (["12 stk", "3 stk"], ["12", "3"]),
    (["1 234,–", "5,—"], ["1234", "5"]),
    (["Fr. 12.–", "Fr. 1'200.50"], ["12", "1200.5"]),
]


@pytest.mark.parametrize(("cells", "wanted"), NUMBERS, ids=[" ".join(case[0]) for case in NUMBERS])
def test_a_number(cells: list[str], wanted: list[str]) -> None:
    assert values("money", cells, delimiter=";") == [Decimal(text) for text in wanted]


@pytest.mark.parametrize(
    "cell",
    [
        "123 CR",
        "1.234,56 H",
        "12-34",
        "1.2.3",
        "1,2,3",
        "########",
        "12 boxes",
        "--5",
        "(5-)",
        "5 % kr",
        "2.3M",
    ],
)
def test_what_is_no_number_is_set_apart(cell: str) -> None:
    assert values("money", [cell, "5.50", "7.25"]) == [None, Decimal("5.5"), Decimal("7.25")]


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["12 %", "5,5 %"], [0.12, 0.055]),
        (["12%", "5.5%"], [0.12, 0.055]),
        (["12\u202f%", "2,7\u202f%"], [0.12, 0.027]),
        (["％12", "％5"], [0.12, 0.05]),
        (["12％", "5％"], [0.12, 0.05]),
        (["12 pct", "5 pct"], [0.12, 0.05]),
        (["12 prosent", "5 prosent"], [0.12, 0.05]),
        (["-3 %", "5 %"], [-0.03, 0.05]),
        (["12 ‰", "7,5‰"], [0.012, 0.0075]),
    ],
)
def test_a_share(cells: list[str], wanted: list[float]) -> None:
    assert values("number", cells, delimiter=";") == pytest.approx(wanted)


@pytest.mark.parametrize("cells", [["1.234", "2.500"], ["1,234", "2,500"]])
def test_a_number_that_two_habits_read_differently_is_refused(cells: list[str]) -> None:
    done = convert(look("x", pa.chunked_array([cells]), Context(";")), "money", Context(";"), "UTC")
    assert set(done.readings) == {".", ","}


DAYS: list[tuple[list[str], list[date | None]]] = [
    (["2024-01-31"], [date(2024, 1, 31)]),
    (["2024/1/31"], [date(2024, 1, 31)]),
    (["2024.01.31"], [date(2024, 1, 31)]),
    (["20240131"], [date(2024, 1, 31)]),
    (["31.01.2024", "1.2.2024"], [date(2024, 1, 31), date(2024, 2, 1)]),
    (["31.1.24", "1.2.24"], [date(2024, 1, 31), date(2024, 2, 1)]),
    (["31/01/2024", "01/02/2024"], [date(2024, 1, 31), date(2024, 2, 1)]),
    (["01/31/2024", "02/01/2024"], [date(2024, 1, 31), date(2024, 2, 1)]),
    (["31-01-2024", "01-02-2024"], [date(2024, 1, 31), date(2024, 2, 1)]),
    (["31 January 2024", "1 Feb 2024"], [date(2024, 1, 31), date(2024, 2, 1)]),
    (["January 31, 2024", "Feb 1, 2024"], [date(2024, 1, 31), date(2024, 2, 1)]),
    (["31. januar 2024", "1. mai 2024"], [date(2024, 1, 31), date(2024, 5, 1)]),
    (["31 jan. 2024", "1 des. 2024"], [date(2024, 1, 31), date(2024, 12, 1)]),
    (["den 31 januari 2024", "den 1 maj 2024"], [date(2024, 1, 31), date(2024, 5, 1)]),
    (["31. Januar 2024", "1. März 2024"], [date(2024, 1, 31), date(2024, 3, 1)]),
    (["31. Jän. 2024", "1. Dez. 2024"], [date(2024, 1, 31), date(2024, 12, 1)]),
    (["31 janvier 2024", "1er août 2024"], [date(2024, 1, 31), date(2024, 8, 1)]),
    (["31 févr. 2024"], [None]),
    (["lundi 29 janvier 2024"], [date(2024, 1, 29)]),
    (["mandag 29. januar 2024"], [date(2024, 1, 29)]),
    (["Mon, 29 Jan 2024"], [date(2024, 1, 29)]),
    (["29-Jan-24", "01-Feb-24"], [date(2024, 1, 29), date(2024, 2, 1)]),
    (["2024年1月31日", "2024年2月1日"], [date(2024, 1, 31), date(2024, 2, 1)]),
    (["2024年1月31日(水)"], [date(2024, 1, 31)]),
    (["２０２４年１月３１日"], [date(2024, 1, 31)]),
    (["２０２４／０１／３１"], [date(2024, 1, 31)]),
    (["令和6年1月31日", "令和元年5月1日"], [date(2024, 1, 31), date(2019, 5, 1)]),
    (["R6.1.31", "R5.12.1"], [date(2024, 1, 31), date(2023, 12, 1)]),
    (["R06/01/31"], [date(2024, 1, 31)]),
    (["平成31年4月30日"], [date(2019, 4, 30)]),
    (["㋿6年1月31日"], [date(2024, 1, 31)]),
    (["6年1月31日"], [None]),
    (["2024-W05", "2024-W06"], [date(2024, 1, 29), date(2024, 2, 5)]),
    (["2024W05"], [date(2024, 1, 29)]),
    (["2024-W05-3"], [date(2024, 1, 31)]),
    (["Uke 5 2024", "uke 6, 2024"], [date(2024, 1, 29), date(2024, 2, 5)]),
    (["KW 5/2024", "KW 06/2024"], [date(2024, 1, 29), date(2024, 2, 5)]),
    (["KW05 2024"], [date(2024, 1, 29)]),
    (["v. 5 2024", "v5 2024"], [date(2024, 1, 29), date(2024, 1, 29)]),
    (["Semaine 5 2024", "sem. 5 2024"], [date(2024, 1, 29), date(2024, 1, 29)]),
    (["2024年第5週"], [date(2024, 1, 29)]),
    (["2020-W53"], [date(2020, 12, 28)]),
    (["2021-W53"], [None]),
    (["2024-Q1", "2024-Q2"], [date(2024, 1, 1), date(2024, 4, 1)]),
    (["Q1 2024", "Q2/2024"], [date(2024, 1, 1), date(2024, 4, 1)]),
    (["1. kvartal 2024"], [date(2024, 1, 1)]),
    (["1Q24"], [date(2024, 1, 1)]),
    (["2024年1Q"], [date(2024, 1, 1)]),
    (["Q1'24"], [date(2024, 1, 1)]),
    (["Kvartal 1 2024"], [date(2024, 1, 1)]),
    (["K1 2024"], [date(2024, 1, 1)]),
    (["1. Quartal 2024"], [date(2024, 1, 1)]),
    (["T1 2024", "1er trimestre 2024"], [date(2024, 1, 1), date(2024, 1, 1)]),
    (["2024年第1四半期"], [date(2024, 1, 1)]),
    (["2024-01", "2024-02"], [date(2024, 1, 1), date(2024, 2, 1)]),
    (["01/2024", "02/2024"], [date(2024, 1, 1), date(2024, 2, 1)]),
    (["jan 2024", "feb. 2024"], [date(2024, 1, 1), date(2024, 2, 1)]),
    (["Jan-24", "May-24"], [date(2024, 1, 1), date(2024, 5, 1)]),
    (["januar 2024", "desember 2024"], [date(2024, 1, 1), date(2024, 12, 1)]),
    (["januari 2024", "maj 2024"], [date(2024, 1, 1), date(2024, 5, 1)]),
    (["Januar 2024", "Mai 2024"], [date(2024, 1, 1), date(2024, 5, 1)]),
    (["janvier 2024", "août 2024"], [date(2024, 1, 1), date(2024, 8, 1)]),
    (["2024年1月", "2024年2月度"], [date(2024, 1, 1), date(2024, 2, 1)]),
    (["令和6年1月"], [date(2024, 1, 1)]),
    (["January 2024"], [date(2024, 1, 1)]),
    (["202401", "202402"], [date(2024, 1, 1), date(2024, 2, 1)]),
    (["45322", "45323"], [date(2024, 1, 31), date(2024, 2, 1)]),
    (["45322.75"], [date(2024, 1, 31)]),
    (["1706659200"], [date(2024, 1, 31)]),
    (["1706659200000"], [date(2024, 1, 31)]),
    (["2024-02-30", "2024-02-29"], [None, date(2024, 2, 29)]),
    (["31/01/2024", "2024-02-01", "1 mars 2024"], [date(2024, 1, 31), date(2024, 2, 1), date(2024, 3, 1)]),
    (["2024-01-31T23:30:00+09:00"], [date(2024, 1, 31)]),
    (["二〇二四年一月三十一日", "令和六年十二月五日"], [date(2024, 1, 31), date(2024, 12, 5)]),
    (["2024/1/31(水)", "2024/2/1（木）"], [date(2024, 1, 31), date(2024, 2, 1)]),
    (["2024-S05", "S06 2024"], [date(2024, 1, 29), date(2024, 2, 5)]),
    (["31/1-24", "1/2-2024"], [date(2024, 1, 31), date(2024, 2, 1)]),
    (["des.24", "jan.25"], [date(2024, 12, 1), date(2025, 1, 1)]),
    (["Jan 24", "Jan 25", "Jan 26"], [None, None, None]),
    (["2024W053", "2024-W06-1"], [date(2024, 1, 31), date(2024, 2, 5)]),
    (["uge 5 2024", "Wk 6 2024", "semana 7 2024"], [date(2024, 1, 29), date(2024, 2, 5), date(2024, 2, 12)]),
    (["5. KW 2024", "KW 06/24", "2024年第7周"], [date(2024, 1, 29), date(2024, 2, 5), date(2024, 2, 12)]),
    (
        ["1. kvt. 2024", "2e kwartaal 2024", "2024年3季度"],
        [date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1)],
    ),
    (["2024年第一四半期", "2024年第三季度"], [date(2024, 1, 1), date(2024, 7, 1)]),
    (["1er trimestre de 2024", "2º trimestre 2024"], [date(2024, 1, 1), date(2024, 4, 1)]),
    (["31/04/24", "25/12/24", "13/01/24"], [None, date(2024, 12, 25), date(2024, 1, 13)]),
    (["03.04.15", "05.06.19", "24.12.24"], [date(2015, 4, 3), date(2019, 6, 5), date(2024, 12, 24)]),
    (["2024年度第1四半期", "FY2024-Q1", "Q1 FY2024"], [None, None, None]),
]


@pytest.mark.parametrize(("cells", "wanted"), DAYS, ids=[" ".join(case[0]) for case in DAYS])
def test_a_day(cells: list[str], wanted: list[date | None]) -> None:
    assert values("day", cells, header="Dato") == wanted


def utc(*parts: int) -> datetime:
    from datetime import UTC

    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


INSTANTS: list[tuple[list[str], list[datetime]]] = [
    (["2024-01-31 12:30:15"], [utc(2024, 1, 31, 11, 30, 15)]),
    (["2024-01-31T12:30:15Z"], [utc(2024, 1, 31, 12, 30, 15)]),
    (["2024-01-31T12:30:15.250Z"], [utc(2024, 1, 31, 12, 30, 15, 250000)]),
    (
        ["2024-01-31 12:30:15 +0100", "2024-07-01 12:30:15 +0200"],
        [utc(2024, 1, 31, 11, 30, 15), utc(2024, 7, 1, 10, 30, 15)],
    ),
    (
        ["2024-01-31 12:30:15 +01:00", "2024-01-31 12:30:15 -0500"],
        [utc(2024, 1, 31, 11, 30, 15), utc(2024, 1, 31, 17, 30, 15)],
    ),
    (["2024-01-31 12:30:15 UTC"], [utc(2024, 1, 31, 12, 30, 15)]),
    (["31.01.2024 12:30"], [utc(2024, 1, 31, 11, 30)]),
    (["31.01.2024 kl. 12.30"], [utc(2024, 1, 31, 11, 30)]),
    (["31.01.2024, 12:30 Uhr"], [utc(2024, 1, 31, 11, 30)]),
    (["31/01/2024 12h30"], [utc(2024, 1, 31, 11, 30)]),
    (["31 janvier 2024 à 12:30"], [utc(2024, 1, 31, 11, 30)]),
    (["01/31/2024 3:26 PM"], [utc(2024, 1, 31, 14, 26)]),
    (["01/31/2024 12:05 AM"], [utc(2024, 1, 30, 23, 5)]),
    (["Jun 09, 2018 09:30 pm"], [utc(2018, 6, 9, 19, 30)]),
    (["Sep 4, 2026 1:05:07 AM PDT"], [utc(2026, 9, 4, 8, 5, 7)]),
    (["1 Jul 2026 4:24:44 am UTC"], [utc(2026, 7, 1, 4, 24, 44)]),
    (["11/May/24 03:26 PM"], [utc(2024, 5, 11, 13, 26)]),
    (["2024年1月31日 12時30分"], [utc(2024, 1, 31, 11, 30)]),
    (["2024年1月31日 午後3時05分"], [utc(2024, 1, 31, 14, 5)]),
    (["2024年1月31日 午後3時5分"], [utc(2024, 1, 31, 14, 5)]),
    (["2024-01-31T10:00:00+01:00[Europe/Oslo]"], [utc(2024, 1, 31, 9)]),
    (["令和6年1月31日 12:30"], [utc(2024, 1, 31, 11, 30)]),
    (["20240131123015"], [utc(2024, 1, 31, 11, 30, 15)]),
    (["20240131T123015Z"], [utc(2024, 1, 31, 12, 30, 15)]),
    (["45322.5"], [utc(2024, 1, 31, 11, 0)]),
    (["1706704215"], [utc(2024, 1, 31, 12, 30, 15)]),
    (["1706704215123"], [utc(2024, 1, 31, 12, 30, 15, 123000)]),
    (["1706704215123456"], [utc(2024, 1, 31, 12, 30, 15, 123456)]),
    (["Wed Jan 31 2024 12:30:15 GMT+0100"], [utc(2024, 1, 31, 11, 30, 15)]),
    (["Wed, 31 Jan 2024 12:30:15 +0000"], [utc(2024, 1, 31, 12, 30, 15)]),
    (["2024-01-31 24:00"], [utc(2024, 1, 31, 23, 0)]),
    (["1706704215.5"], [utc(2024, 1, 31, 12, 30, 15, 500000)]),
    (["2024年1月31日 14时30分", "2024/1/31 下午2:30"], [utc(2024, 1, 31, 13, 30)] * 2),
    (["Wed Jan 31 2024 12:30:15 GMT+0100 (Central European Standard Time)"], [utc(2024, 1, 31, 11, 30, 15)]),
    (["Wed Jan 31 12:30:15 CET 2024"], [utc(2024, 1, 31, 11, 30, 15)]),
    (["2024-01-31-12.30.15.250000"], [utc(2024, 1, 31, 11, 30, 15, 250000)]),
]


@pytest.mark.parametrize(("cells", "wanted"), INSTANTS, ids=[" ".join(case[0]) for case in INSTANTS])
def test_an_instant(cells: list[str], wanted: list[datetime]) -> None:
    assert values("instant", cells, header="Created at") == wanted


@pytest.mark.parametrize(
    "cells",
    [["03/04/2024", "05/06/2024"], ["03-04-2024"], ["3/4/24"], ["01/02/03", "02/03/04"]],
)
def test_a_date_without_evidence_is_refused_with_both_readings(cells: list[str]) -> None:
    text = "Day;Kind;Amount\n" + "".join(f"{cell};rent;5,00\n" for cell in cells)
    mapping: dict[str, Any] = {
        "table": "costs",
        "columns": {"Day": "incurred_on", "Kind": "kind", "Amount": "amount"},
    }
    with pytest.raises(Refused, match="two ways") as refused:
        read(text.encode(), "a.csv", mapping=mapping)
    shown = str(refused.value.message)
    assert "day first" in shown
    assert "month first" in shown
    assert "column Day" in refused.value.place
    mapping["options"] = {"date_order": "dmy"}
    assert read(text.encode(), "a.csv", mapping=mapping).tables["costs"].num_rows


LENGTHS: list[tuple[list[str], list[float]]] = [
    (["1:30:00"], [5400]),
    (["01:30"], [5400]),
    (["90 min"], [5400]),
    (["90 minutter"], [5400]),
    (["1h 30m"], [5400]),
    (["1 h 30 min"], [5400]),
    (["1t 30min"], [5400]),
    (["1,5 t"], [5400]),
    (["1.5 h"], [5400]),
    (["1,5 timer"], [5400]),
    (["1 Std. 30 Min."], [5400]),
    (["1 tim 30 min"], [5400]),
    (["1 heure 30 minutes"], [5400]),
    (["1時間30分"], [5400]),
    (["90分"], [5400]),
    (["PT1H30M"], [5400]),
    (["1h30", "2 h"], [5400, 7200]),
    (["2 uker", "1 week"], [1_209_600, 604_800]),
    (["P1DT2H"], [93600]),
    (["1 day, 2:00:00"], [93600]),
    (["2 days"], [172800]),
    (["45 s"], [45]),
    (["45 sek"], [45]),
    (["00:00:45.5"], [45.5]),
    (["-0:30:00"], [-1800]),
]


@pytest.mark.parametrize(("cells", "wanted"), LENGTHS, ids=[" ".join(case[0]) for case in LENGTHS])
def test_a_length_of_time(cells: list[str], wanted: list[float]) -> None:
    assert values("duration", cells) == wanted


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("true", "false"),
        ("TRUE", "FALSE"),
        ("Yes", "No"),
        ("Y", "N"),
        ("1", "0"),
        ("ja", "nei"),
        ("Ja", "Nej"),
        ("Sant", "Usant"),
        ("SANN", "USANN"),
        ("ja", "nein"),
        ("WAHR", "FALSCH"),
        ("oui", "non"),
        ("VRAI", "FAUX"),
        ("はい", "いいえ"),
        ("○", "×"),
        ("有", "無"),
        ("あり", "なし"),
        ("✓", "✗"),
        ("x", ""),
        ("sí", "no"),
        ("Kyllä", "Ei"),
        ("是", "否"),
        ("真", "假"),
        ("Ja", "Nee"),
        ("WAAR", "ONWAAR"),
        ("VERO", "FALSO"),
    ],
)
def test_yes_and_no(yes: str, no: str) -> None:
    wanted = [True, None if not no else False]
    assert values("boolean", [yes, no]) == wanted
    assert look("Flag", pa.chunked_array([[yes, no, yes]]), Context()).kind in ("boolean", "integer", "text")


@pytest.mark.parametrize(
    "word",
    [
        "-",
        "--",
        "?",
        "N/A",
        "n/a",
        "not stocked",
        "#DIV/0!",
        "#N/A",
        "#REF!",
        "NULL",
        "",
        "–",
        "#I/T",
        "k.A.",
        "なし",
        "未設定",
        "#DIV/0",
        "#VERDI!",
        "#WERT!",
        "#VALEUR!",
        "#DIVISION/0!",
        "#BEZUG!",
        "#REFERENS!",
        "ingen data",
        "Keine Daten",
        "—",
        "n/d",
        "ikke på lager",
        "n.v.t.",
        "sin datos",
        "(Leer)",
        "暂无",
    ],
)
def test_nothing(word: str) -> None:
    assert values("money", ["5.50", word, "7.25"]) == [Decimal("5.5"), None, Decimal("7.25")]
    done = convert(look("x", pa.chunked_array([["5.50", word]]), Context()), "money", Context(), "UTC")
    assert not done.bad.any()


@pytest.mark.parametrize(
    ("header", "cells", "wanted"),
    [
        ("Order", ["00123", "00456"], ["00123", "00456"]),
        ("Post ID", ["17900000000000001", "17900000000000002"], ["17900000000000001", "17900000000000002"]),
        ("Zip", ["'0150", "'0151"], ["0150", "0151"]),
        ("EAN", ['="0012345678905"', "0012345678912"], ["0012345678905", "0012345678912"]),
        ("Kundenr", ["1001", "1002"], ["1001", "1002"]),
        ("Telefon", ["+4791234567", "91234567"], ["+4791234567", "91234567"]),
        ("Mobil", ["91234567"], ["91234567"]),
        ("N° de commande", ["1001"], ["1001"]),
        ("订单号", ["1001"], ["1001"]),
    ],
)
def test_a_name_made_of_digits_stays_text(header: str, cells: list[str], wanted: list[str]) -> None:
    assert look(header, pa.chunked_array([cells]), Context()).kind == "text"
    assert values("text", cells, header=header) == wanted


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("created_at", ["1706700000", "1706786400"], "datetime"),
        ("event_timestamp", ["1706700000000000", "1706786400000000"], "datetime"),
        ("Dato", ["45322", "45323"], "date"),
        ("Tid", ["20240131101500", "20240201235959"], "datetime"),
        ("Ordrenr", ["20240131101500", "20240201235959"], "text"),
        ("Amount", ["45322", "45323"], "integer"),
        ("Amount paid", ["45322", "45323"], "integer"),
        ("Ventetid", ["45", "30"], "integer"),
        ("clientid", ["45322", "45323"], "text"),
        ("Variant", ["4K", "8K"], "text"),
        ("Længde", ["5 m", "12 m"], "text"),
        ("Views", ["1.5M", "2.3M"], "text"),
        ("Número de pedidos", ["12", "7"], "integer"),
    ],
)
def test_what_a_column_is_by_its_name_and_all_its_cells(header: str, cells: list[str], kind: str) -> None:
    assert look(header, pa.chunked_array([cells]), Context()).kind == kind


@pytest.mark.parametrize(
    ("header", "cells", "wanted"),
    [
        ("Umsatz in TEUR", ["12,5"], ["12500"]),
        ("Omsetning MNOK", ["12,5"], ["12500000"]),
        ("Ventas (miles de €)", ["12,5"], ["12500"]),
        ("Revenue (₹ lakh)", ["1.5"], ["150000"]),
        ("金额（万元）", ["1.5"], ["15000"]),
        ("Beløp (øre)", ["1250"], ["12.5"]),
    ],
)
def test_numbers_are_taken_in_the_unit_of_their_header(
    header: str, cells: list[str], wanted: list[str]
) -> None:
    assert values("money", cells, header=header) == [Decimal(text) for text in wanted]


@pytest.mark.parametrize(
    ("header", "cells", "field", "wanted"),
    [
        (
            "Duration",
            ["1:30:00", "90 min", "1 uur", "2 horas", "5分钟"],
            "visit_seconds",
            [5400, 5400, 3600, 7200, 300],
        ),
        ("Duration", ["1:30", "0:45:00"], "visit_seconds", [None, 2700]),
        ("Arbeidstid", ["7:30", "8 timer"], "worked_hours", [7.5, 8]),
        ("Varighet (min)", ["90", "1,5"], "visit_seconds", [5400, 90]),
        ("visit_ms", ["1500"], "visit_seconds", [1.5]),
        ("Duration", ["90"], "visit_seconds", [90]),
    ],
)
def test_a_length_of_time_in_the_unit_of_its_field(
    header: str, cells: list[str], field: str, wanted: list[float | None]
) -> None:
    column = look(header, pa.chunked_array([cells]), Context(";"))
    done = convert(column, asked_as(field, "number", column), Context(";"), "UTC")
    assert [
        None if bad else value for value, bad in zip(done.values.to_pylist(), done.bad, strict=True)
    ] == wanted


@pytest.mark.parametrize(
    ("header", "cells", "order"),
    [
        ("Date (dd/mm/yyyy)", ["03/04/2024"], "dmy"),
        ("Date MM/DD/YYYY", ["03/04/2024"], "mdy"),
        ("Date", ["24.01.31", "24.12.25"], ""),
    ],
)
def test_a_header_shows_the_order_of_dates_and_nothing_else_guesses_it(
    header: str, cells: list[str], order: str
) -> None:
    dates = look(header, pa.chunked_array([cells]), Context()).dates
    assert dates is not None
    assert (dates.order, set(dates.readings)) == (order, set() if order else {"dmy", "ymd"})


def test_a_fiscal_quarter_says_what_is_missing() -> None:
    file = "Periode;Slag;Beløp\n2024年度第1四半期;leie;5,00\n".encode()
    columns = {"Periode": "incurred_on", "Slag": "kind", "Beløp": "amount"}
    done = read(file, "a.csv", mapping={"table": "costs", "columns": columns})
    assert done.quarantine.column("reason").to_pylist() == ["fiscal_date"]
    assert "first day of the period" in str(done.issues[0].remedy)
