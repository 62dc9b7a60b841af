"""Awkward files and the rows in them: what ``rows`` gives is the header and the records, nothing else."""

# ruff: noqa: E501 - files read better unbroken
from __future__ import annotations

import io

import openpyxl  # type: ignore[import-untyped]
import pytest

from kpi_tree.ingest import inspect, rows

HEADER, BODY = (
    ["Navn", "Antall", "Pris"],
    [["Kopp", "1", "2,00"], ["Fat", "2", "3,00"], ["Vase", "4", "5,00"]],
)
PLAIN = "Navn;Antall;Pris\nKopp;1;2,00\nFat;2;3,00\nVase;4;5,00\n"

FILES: list[tuple[str, str, str, list[str], list[list[str]]]] = [
    ("Chinese, few words", "商品,数量,价格\n茶杯,2,9.5\n水壶,1,20\n", "gb18030", ["商品", "数量", "价格"], [["茶杯", "2", "9.5"], ["水壶", "1", "20"]]),
    ("Chinese, one word", "SKU,Name,Qty\nA-1,Cup,2\nA-2,茶杯,1\n", "gb18030", ["SKU", "Name", "Qty"], [["A-1", "Cup", "2"], ["A-2", "茶杯", "1"]]),
    ("Japanese EUC, one word", "SKU,Name,Qty\nA-1,Cup,2\nA-2,茶碗,1\n", "euc_jp", ["SKU", "Name", "Qty"], [["A-1", "Cup", "2"], ["A-2", "茶碗", "1"]]),
    ("signs of several characters", PLAIN.replace(";", "^|^"), "utf-8", HEADER, BODY),
    ("a sign between bars", PLAIN.replace(";", "|;|"), "utf-8", HEADER, BODY),
    ("two tabs", PLAIN.replace(";", "\t\t"), "utf-8", HEADER, BODY),
    ("empty cells between two bars", "Name||Qty||Price\nLamp||||3.5\nCup||5||6.0\n||7||2.0\n", "utf-8", ["Name", "Qty", "Price"], [["Lamp", "", "3.5"], ["Cup", "5", "6.0"], ["", "7", "2.0"]]),
    ("last column without a name", "Navn;Antall;Pris;\nKopp;1;5;x\nFat;2;6;y\n", "utf-8", ["Navn", "Antall", "Pris", ""], [["Kopp", "1", "5", "x"], ["Fat", "2", "6", "y"]]),
    ("a delimiter at every line's end", "Navn;Antall;\nKopp;1;\nFat;2;\n", "utf-8", ["Navn", "Antall"], [["Kopp", "1"], ["Fat", "2"]]),
    ("groups above repeated names", ";Salg;;Besøk;\nButikk;Jan;Feb;Jan;Feb\nOslo;1;2;3;4\nBergen;5;6;7;8\n", "utf-8", ["Butikk", "Salg Jan", "Salg Feb", "Besøk Jan", "Besøk Feb"], [["Oslo", "1", "2", "3", "4"], ["Bergen", "5", "6", "7", "8"]]),
    ("a column named #", "#;Navn;Pris\n1;Kopp;2\n2;Fat;3\n", "utf-8", ["#", "Navn", "Pris"], [["1", "Kopp", "2"], ["2", "Fat", "3"]]),
    ("a header that begins with #", "#Name;Qty;Price\nKopp;1;2\nFat;2;3\n", "utf-8", ["#Name", "Qty", "Price"], [["Kopp", "1", "2"], ["Fat", "2", "3"]]),
    ("order numbers that begin with #", "Order;Qty;Price\n#1001;1;2\n#1002;3;4\n", "utf-8", ["Order", "Qty", "Price"], [["#1001", "1", "2"], ["#1002", "3", "4"]]),
    ("comments below a title and among rows", "Rapport\n# merk\n" + PLAIN.replace("Fat", "# rettet\n#\nFat"), "utf-8", HEADER, BODY),
    ("a line of dashes", PLAIN.replace("\nKopp", "\n----;------;----\nKopp"), "utf-8", HEADER, BODY),
    ("pages with a form feed", PLAIN.replace("Fat", "\x0cNavn;Antall;Pris\nFat"), "utf-8", HEADER, BODY),
    ("single quotes, doubled inside", "name,qty\n'a, b',1\n'c''s',2\n'd',3\n", "utf-8", ["name", "qty"], [["a, b", "1"], ["c's", "2"], ["d", "3"]]),
    ("units", PLAIN.replace("\nKopp", "\n;stk;NOK\nKopp"), "utf-8", HEADER, BODY),
    ("units in brackets, a dash for none", PLAIN.replace("\nKopp", "\n-;(pcs);(kr)\nKopp"), "utf-8", HEADER, BODY),
    ("units in Japanese", "商品,数量,金額\n,個,円\n茶碗,1,200\n急須,2,300\n", "cp932", ["商品", "数量", "金額"], [["茶碗", "1", "200"], ["急須", "2", "300"]]),
    ("sizes are no units", "Vare;Størrelse;Pris\nGenser;M;100\nGenser;L;110\n", "utf-8", ["Vare", "Størrelse", "Pris"], [["Genser", "M", "100"], ["Genser", "L", "110"]]),
    ("a row of currencies is a record", "Butikk;Valuta\nOslo;NOK\nMalmö;SEK\n", "utf-8", ["Butikk", "Valuta"], [["Oslo", "NOK"], ["Malmö", "SEK"]]),
    ("Markdown", "| Navn | Antall | Pris |\n|:---|---:|---:|\n| Kopp | 1 | 2,00 |\n| Fat | 2 | 3,00 |\n| Vase | 4 | 5,00 |\n", "utf-8", HEADER, BODY),
    ("a grid of signs", "+----+----+----+\n| Navn | Antall | Pris |\n+----+----+----+\n| Kopp | 1 | 2,00 |\n| Fat | 2 | 3,00 |\n| Vase | 4 | 5,00 |\n+----+----+----+\n", "utf-8", HEADER, BODY),
    ("bars at both ends", "|Navn|Antall|Pris|\n|Kopp|1|2,00|\n|Fat|2|3,00|\n|Vase|4|5,00|\n", "utf-8", HEADER, BODY),
    ("aligned by blanks, decimal commas", "Navn    Antall   Pris\nKopp    1        2,00\nFat     2        3,00\nVase    4        5,00\n", "utf-8", HEADER, BODY),
    ("one column of decimal commas", "Pris\n2,00\n3,00\n5,25\n", "utf-8", ["Pris"], [["2,00"], ["3,00"], ["5,25"]]),
    ("one column of names with commas", "Navn\nHansen, Kari\nOlsen, Ola\n", "utf-8", ["Navn"], [["Hansen, Kari"], ["Olsen, Ola"]]),
    ("a preamble longer than the table", "".join(f"Felt {i}: verdi {i}\n" for i in range(9)) + "\n" + PLAIN, "utf-8", HEADER, BODY),
    ("a narrower table below", PLAIN + "\nBesøk\nButikk;Besøk\nOslo;12\n", "utf-8", HEADER, BODY),
    ("page numbers", PLAIN.replace("Vase", "Side 1 av 2;;\nVase") + "Side 2 av 2;;\n", "utf-8", HEADER, BODY),
    ("two files in one, each with its mark", "\ufeff" + PLAIN[:-12] + "\ufeffNavn;Antall;Pris\n" + PLAIN[-12:], "utf-8", HEADER, BODY),
    ("the mark twice", "\ufeff\ufeff" + PLAIN, "utf-8", HEADER, BODY),
    ("an average below", PLAIN + "Gjennomsnitt;2,33;3,33\n", "utf-8", HEADER, BODY),
    ("sums without a name", "Navn;Antall;Pris\nKopp;1;2,00\nFat;2;3,00\n;3;5,00\nVase;4;5,00\n;4;5,00\n;7;10,00\n", "utf-8", HEADER, BODY),
    ("Norwegian of a DOS till", "Vare;Pris\nSmør;2,00\nÅl;3,00\n", "cp850", ["Vare", "Pris"], [["Smør", "2,00"], ["Ål", "3,00"]]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "encoding", "header", "body"), [case[1:] for case in FILES], ids=[case[0] for case in FILES]
)
def test_rows(text: str, encoding: str, header: list[str], body: list[list[str]]) -> None:
    assert list(rows(text.encode(encoding), "f.csv")) == [header, *body]


@pytest.mark.parametrize(
    "word",
    [
        "합계", "Ukupno", "Σύνολο", "Samtals", "Kokku", "Mellomsum", "Sum alle butikker", "** TOTAL **", "Всего",
        "Sum for perioden", "== Sum ==", "Total for Oslo", "Итого", "総計", "Grand Total", "Zwischensumme", "Sous-total",
    ],
)  # fmt: skip
def test_a_total_in_many_languages(word: str) -> None:
    data = (PLAIN + f"{word};7;10,00\n").encode()
    assert list(rows(data, "f.csv")) == [HEADER, *BODY]
    assert inspect(data, "f.csv").total_rows == [5]


@pytest.mark.parametrize("name", ["Total War", "Sum 41 CD", "All Stars sko", "Sum og substans"])
def test_a_product_that_begins_like_a_total_stays(name: str) -> None:
    data = PLAIN.replace("Fat", name).encode()
    assert [row[0] for row in rows(data, "f.csv")] == ["Navn", "Kopp", name, "Vase"]


def test_a_damaged_letter_leaves_the_others_and_is_said_with_its_place() -> None:
    data = "Vare;Pris\nSmør;2,00\nÅl;3,00\nLøk;4,00\nRødbet;5,00\n".encode().replace(b"\xc3\x85", b"\xc3")
    assert [row[0] for row in rows(data, "a.csv")] == ["Vare", "Smør", "\ufffdl", "Løk", "Rødbet"]
    said = next(issue for issue in inspect(data, "a.csv").issues if issue.code == "bad_encoding")
    assert (said.row, said.column, said.value) == (3, "Vare", "\ufffdl")


def test_numbers_shown_with_leading_zeros_in_a_workbook_keep_them() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Salg & varer")
    sheet = book["Salg & varer"]
    for row in (["Postnr", "Antall"], [150, 1], [9008, 20]):
        sheet.append(row)
    for row in (2, 3):
        sheet.cell(row, 1).number_format = "0000"
    out = io.BytesIO()
    book.save(out)
    assert list(rows(out.getvalue(), "a.xlsx")) == [["Postnr", "Antall"], ["0150", "1"], ["9008", "20"]]
