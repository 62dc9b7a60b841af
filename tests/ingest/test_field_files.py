"""Files as they come from tills, malls, accounting programs and banks: read right, or refused with the place."""

# ruff: noqa: E501 - files read better unbroken
from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from kpi_tree.errors import Refused
from kpi_tree.ingest import inspect, read

ORDERS: list[tuple[str, str, str, list[tuple[Any, ...]]]] = [
    (
        "German Excel",
        'Bestellnr.;Bestelldatum;Artikel;Menge;Einzelpreis;Währung\r\n4711;31.01.2026;Tasse "Blau";2;1.234,50 €;EUR\r\n4712;01.02.2026;Vase, groß;1;99,00 €;EUR\r\n',
        "cp1252",
        [("4711", "2026-01-31", 2, "1234.5", 'Tasse "Blau"'), ("4712", "2026-02-01", 1, "99", "Vase, groß")],
    ),
    (
        "Tripletex",
        "Fakturanummer;Fakturadato;Kundenr;Kunde;Produktnr;Produkt;Antall;Pris eks. mva;Valuta\n10001;31.01.2026;2001;Kari AS;K-1;Kopp;2;99,50;NOK\n10002;01.02.2026;2002;Ola AS;V-1;Vase;1;1 299,00;NOK\n",
        "utf-8",
        [("10001", "2026-01-31", 2, "99.5", "Kopp"), ("10002", "2026-02-01", 1, "1299", "Vase")],
    ),
    (
        "Visma, Excel text",
        "\ufeffOrdrenr\tOrdredato\tVarenr\tVarenavn\tAntall\tPris\n1\t31.01.2026\t00123\tKopp\t2\t99,50\n2\t01.02.2026\t00124\tVase\t1\t1\u00a0299,00\n",
        "utf-16-le",
        [("1", "2026-01-31", 2, "99.5", "Kopp"), ("2", "2026-02-01", 1, "1299", "Vase")],
    ),
    (
        "Fortnox with a sum",
        "Fakturanr;Fakturadatum;Kundnr;Kundnamn;Artikelnr;Benämning;Antal;À-pris;Summa\n501;2026-01-31;77;Åsa AB;A1;Kopp;2,00;99,50;199,00\n502;2026-02-01;78;Örjan AB;A2;Vas;1,00;1 299,00;1 299,00\nSumma;;;;;;3,00;;1 498,00\n",
        "cp1252",
        [("501", "2026-01-31", 2, "99.5", "Kopp"), ("502", "2026-02-01", 1, "1299", "Vas")],
    ),
    (
        "Japanese mall, CP932 yen signs",
        '売上明細書\r\n作成日：令和8年4月1日\r\n注文番号,注文日,商品コード,商品名,数量,単価\r\nA-001,令和8年3月1日,0001,茶碗,2,"\\1,200"\r\nA-002,令和8年3月2日,0002,急須,１２,"\\1,000"\r\n合計,,,,14,\r\n',
        "cp932",
        [("A-001", "2026-03-01", 2, "1200", "茶碗"), ("A-002", "2026-03-02", 12, "1000", "急須")],
    ),
    (
        "Japanese, tabs, nothing but groups of three",
        "注文番号\t受注日\t商品番号\t商品名\t数量\t単価\n1\tR8.3.1\tA\t茶碗\t1\t1,000\n2\tR8.3.12\tB\t急須\t2\t2,500\n",
        "utf-8",
        [("1", "2026-03-01", 1, "1000", "茶碗"), ("2", "2026-03-12", 2, "2500", "急須")],
    ),
    (
        "Norwegian till, numbered by voucher",
        "Kasserapport Butikk 12;;;;;\r\nPeriode: 01.03.2026 - 31.03.2026;;;;;\r\n;;;;;\r\nDato;Bilagsnr;Varenummer;Varenavn;Antall;Pris inkl. mva\r\n01.03.2026;100001;0012;Kopp;1;kr 1 299,-\r\n15.03.2026;100003;0014;Fat;3;kr 12 000,00\r\nSum;;;;4;kr 13 299,00\r\n",
        "cp1252",
        [("100001", "2026-03-01", 1, "1299", "Kopp"), ("100003", "2026-03-15", 3, "12000", "Fat")],
    ),
    (
        "French, the product by its name",
        "Commande;Date;Produit;Quantité;Prix (€)\n1;01/03/2026;Cœur;1;10,00\n2;13/03/2026;Œuf;2;20,00\n",
        "iso-8859-15",
        [("1", "2026-03-01", 1, "10", "Cœur"), ("2", "2026-03-13", 2, "20", "Œuf")],
    ),
    (
        "French Mac",
        "N° commande;Date;Désignation;Quantité;Prix unitaire\rC-1;31/01/2026;Théière;2;12,50\rC-2;01/02/2026;Cafetière;1;99,00\r",
        "mac_roman",
        [("C-1", "2026-01-31", 2, "12.5", "Théière"), ("C-2", "2026-02-01", 1, "99", "Cafetière")],
    ),
    (
        "Japanese mall",
        '注文番号,注文日時,商品管理番号（商品URL）,商品名,個数,単価,消費税\r\n1-0001,2026-01-31 10:15:30,kopp-1,マグカップ,2,"1,200",240\r\n1-0002,2026-02-01 09:00:00,vase-1,花瓶,1,"3,500",350\r\n',
        "cp932",
        [("1-0001", "2026-01-31", 2, "1200", "マグカップ"), ("1-0002", "2026-02-01", 1, "3500", "花瓶")],
    ),
    (
        "Japanese mall in EUC",
        "注文ID,注文日,商品名,数量,価格\nyh-1,2026/01/31,花瓶,2,1200\nyh-2,2026/02/01,皿,1,3500\n",
        "euc_jp",
        [("yh-1", "2026-01-31", 2, "1200", "花瓶"), ("yh-2", "2026-02-01", 1, "3500", "皿")],
    ),
    (
        "Chinese",
        "订单号,下单时间,商品名称,数量,单价\nT1,2026-01-31 10:00:00,杯子,2,12.50\nT2,2026-02-01 11:00:00,花瓶,1,99.00\n",
        "gb18030",
        [("T1", "2026-01-31", 2, "12.5", "杯子"), ("T2", "2026-02-01", 1, "99", "花瓶")],
    ),
    (
        "Finnish with a sum",
        "Tilausnumero;Tilauspäivä;Tuote;Määrä;Yksikköhinta\n1;31.1.2026;Kuppi;2;9,50\n2;1.2.2026;Maljakko;1;99,00\nYhteensä;;;3;108,50\n",
        "cp1252",
        [("1", "2026-01-31", 2, "9.5", "Kuppi"), ("2", "2026-02-01", 1, "99", "Maljakko")],
    ),
    (
        "Dutch with a sum",
        "Ordernummer;Besteldatum;Artikel;Aantal;Stukprijs\n1;31-01-2026;Kop;2;€ 9,50\n2;01-02-2026;Vaas;1;€ 99,00\nTotaal;;;3;\n",
        "utf-8",
        [("1", "2026-01-31", 2, "9.5", "Kop"), ("2", "2026-02-01", 1, "99", "Vaas")],
    ),
    (
        "Spanish",
        "Nº pedido;Fecha;Producto;Cantidad;Precio unitario\n1;31/01/2026;Taza;2;9,50\n2;01/02/2026;Jarrón;1;1.099,00\n",
        "cp1252",
        [("1", "2026-01-31", 2, "9.5", "Taza"), ("2", "2026-02-01", 1, "1099", "Jarrón")],
    ),
    (
        "Italian",
        "Numero ordine;Data ordine;Prodotto;Quantità;Prezzo unitario\n1;31/01/2026;Tazza;2;9,50\n2;01/02/2026;Vaso;1;1.099,00\n",
        "utf-8",
        [("1", "2026-01-31", 2, "9.5", "Tazza"), ("2", "2026-02-01", 1, "1099", "Vaso")],
    ),
    (
        "Polish",
        "Numer zamówienia;Data zamówienia;Nazwa produktu;Ilość;Cena\n1;31.01.2026;Kubek żółty;2;19,50 zł\n2;01.02.2026;Wazon;1;1 099,00 zł\n",
        "cp1250",
        [("1", "2026-01-31", 2, "19.5", "Kubek żółty"), ("2", "2026-02-01", 1, "1099", "Wazon")],
    ),
    (
        "Danish with a sum",
        "Ordrenummer;Ordredato;Vare;Antal;Stykpris\n1;31-01-2026;Kop;2;99,50\n2;01-02-2026;Vase;1;1.299,00\nI alt;;;3;\n",
        "cp1252",
        [("1", "2026-01-31", 2, "99.5", "Kop"), ("2", "2026-02-01", 1, "1299", "Vase")],
    ),
    (
        "Portuguese",
        "Pedido;Data;Produto;Quantidade;Preço unitário\n1;31/01/2026;Caneca;2;R$ 9,50\n2;01/02/2026;Vaso;1;R$ 1.099,00\n",
        "utf-8",
        [("1", "2026-01-31", 2, "9.5", "Caneca"), ("2", "2026-02-01", 1, "1099", "Vaso")],
    ),
    (
        "Swiss",
        "Bestellnummer;Datum;Artikelbezeichnung;Menge;Preis\n1;31.01.2026;Tasse;2;1'234.50\n2;01.02.2026;Vase;1;99.00\n",
        "utf-8",
        [("1", "2026-01-31", 2, "1234.5", "Tasse"), ("2", "2026-02-01", 1, "99", "Vase")],
    ),
    (
        "Indian",
        'Order No,Order Date,Product Name,Qty,Price\n1,31-01-2026,Cup,1,"₹1,23,456.78"\n2,01-02-2026,Vase,2,₹99.00\n',
        "utf-8",
        [("1", "2026-01-31", 1, "123456.78", "Cup"), ("2", "2026-02-01", 2, "99", "Vase")],
    ),
    (
        "three kinds of dates",
        "Ordrenr;Dato;Varenavn;Antall;Pris\n1;31.01.2026;Kopp;2;99,50\n2;2026-02-01;Vase;1;10,00\n",
        "utf-8",
        [("1", "2026-01-31", 2, "99.5", "Kopp"), ("2", "2026-02-01", 1, "10", "Vase")],
    ),
    (
        "several characters between cells",
        "order_id~|~date~|~product_name~|~quantity~|~unit_price\n1~|~2026-01-31~|~Kopp~|~2~|~99.50\n2~|~2026-02-01~|~Vase~|~1~|~10.00\n",
        "utf-8",
        [("1", "2026-01-31", 2, "99.5", "Kopp"), ("2", "2026-02-01", 1, "10", "Vase")],
    ),
    (
        "every line quoted once more",
        '"Ordrenr,Dato,Varenavn,Antall,Pris"\n"1,2026-01-31,Kopp,2,99.50"\n"2,2026-02-01,Vase,1,10.00"\n',
        "utf-8",
        [("1", "2026-01-31", 2, "99.5", "Kopp"), ("2", "2026-02-01", 1, "10", "Vase")],
    ),
]


@pytest.mark.parametrize(
    ("text", "encoding", "wanted"), [case[1:] for case in ORDERS], ids=[case[0] for case in ORDERS]
)
def test_a_file_of_orders(text: str, encoding: str, wanted: list[tuple[Any, ...]]) -> None:
    done = read(text.encode(encoding), "file.csv", timezone="UTC", today=date(2026, 11, 1))
    assert not [issue for issue in done.issues if issue.level == "error"]
    rows = done.tables["order_lines"].to_pylist()
    assert [
        (
            r["order_id"],
            r["ordered_at"].date().isoformat(),
            r["quantity"],
            r["unit_price"],
            r["product_name"] or r["product_id"],
        )
        for r in rows
    ] == [(order, day, Decimal(n), Decimal(price), name) for order, day, n, price, name in wanted]


DAILY = [
    (
        "German till",
        "Kassenbericht;;;\nFiliale:;München;;\nZeitraum:;01.05.2026 - 31.05.2026;;\n;;;\nDatum;Belege;Umsatz brutto;MwSt\n01.05.2026;34;1.234,56;197,11\n02.05.2026;21;987,00;157,59\nSumme;55;2.221,56;354,70\n",
        "iso-8859-15",
        [8],
    ),
    (
        "a sum without a label",
        "Datum;Anzahl Bestellungen;Umsatz;MwSt\n01.05.2026;34;1234,56;197,11\n02.05.2026;21;987,00;157,59\n13.05.2026;10;100,00;15,97\n;65;2321,56;370,67\n",
        "utf-8",
        [5],
    ),
    (
        "Norwegian till",
        '"Dagsoppgjør Oslo S"\n"Dato";"Antall salg";"Omsetning inkl. mva";"Herav mva 25 %"\n"01.05.2026";"12";"kr 1 234,-";"kr 246,80"\n"02.05.2026";"9";"kr 999,50";"kr 199,90"\n"Totalt";"21";"kr 2 233,50";"kr 446,70"\n',
        "utf-8",
        [5],
    ),
    (
        "Japanese, of the era",
        '日付,売上件数,売上金額\n令和8年1月1日,12,"￥12,000"\n令和8年1月2日,9,"￥9,800"\n合計,21,"￥21,800"\n',
        "cp932",
        [4],
    ),
    (
        "subtotals by name",
        "Dato;Butikk;Antall ordre;Salg\n2026-01-01;Oslo;3;300\n2026-01-02;Oslo;4;400\nDelsum Oslo;;7;700\n2026-01-01;Bergen;1;100\n2026-01-02;Bergen;2;200\nDelsum Bergen;;3;300\nTotalt;;10;1000\n",
        "utf-8",
        [4, 7, 8],
    ),
]


@pytest.mark.parametrize(
    ("text", "encoding", "totals"), [case[1:] for case in DAILY], ids=[case[0] for case in DAILY]
)
def test_sales_by_day_are_proposed_and_totals_left_out(text: str, encoding: str, totals: list[int]) -> None:
    found = inspect(text.encode(encoding), "file.csv")
    assert found.table == "sales_daily"
    assert found.total_rows == totals
    with pytest.raises(Refused, match="They fit ") as refused:
        read(text.encode(encoding), "file.csv")
    assert "sales_daily" not in str(refused.value)
    done = read(text.encode(encoding), "file.csv", as_table="sales_daily")
    assert done.tables["sales_daily"].num_rows >= 2
    assert not [issue for issue in done.issues if issue.level == "error"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html><form action=login>Sign in</form></html>", "web page without a table"),
        (b'<?xml version="1.0"?><orders/>', "XML"),
        (b'[{"order_id": 1, "date": "2026-01-31"}]', "JSON"),
        (b"Ordrenr;Dato\n1;2026-01-31\x00\n", "line 2"),
        (b"Order,Date,Qty,Price\n1,03/04/2026,2,9.50\n", "2026-04-03 .day first. or 2026-03-04"),
        (
            "Dato;Forklaring;Ut fra konto;Inn på konto\n31.01.2026;VARE;1 234,50;\n".encode(),
            "No known layout",
        ),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        read(data, "file.xls")
    assert refused.value.place.startswith("file.xls")
    assert refused.value.remedy


def workbook(fill: Callable[[Any], None]) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    fill(made)
    made.save(out)
    return out.getvalue()


HEAD = ["Ordrenr", "Dato", "Antall", "Pris"]


def merged(book: Any) -> None:
    sheet = book.active
    sheet["A1"] = "Salgsrapport mai"
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(HEAD)
    sheet.append(["1", date(2026, 5, 1), 2, 99.5])
    sheet.append(["1", None, 1, 10])
    sheet.append(["2", date(2026, 5, 2), 1, 5])
    sheet.merge_cells("B4:B5")
    sheet.row_dimensions[6].hidden = True


def mac_days(book: Any) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904  # type: ignore[import-untyped]

    book.epoch = CALENDAR_MAC_1904
    book.active.append(HEAD)
    for row in (
        ["1", date(2026, 5, 1), 2, 99.5],
        ["1", date(2026, 5, 1), 1, 10],
        ["2", date(2026, 5, 2), 1, 5],
    ):
        book.active.append(row)


def bare_days(book: Any) -> None:
    book.active.append(HEAD)
    for row in (["1", 46143, 2, 99.5], ["1", 46143, 1, 10], ["2", 46144, 1, 5]):
        book.active.append(row)


def text_cells(book: Any) -> None:
    book.active.append(HEAD)
    for row in (
        ["1", "01.05.2026", "2", "99,50"],
        ["1", "01.05.2026", "1", "10,00"],
        ["2", "02.05.2026", "1", "5,00"],
    ):
        book.active.append(row)


@pytest.mark.parametrize("fill", [merged, mac_days, bare_days, text_cells], ids=lambda fill: fill.__name__)
def test_a_workbook(fill: Callable[[Any], None]) -> None:
    done = read(workbook(fill), "kasse.xlsx", timezone="UTC")
    rows = done.tables["order_lines"].to_pylist()
    assert [(r["order_id"], r["ordered_at"], r["quantity"], r["unit_price"]) for r in rows] == [
        ("1", rows[0]["ordered_at"], Decimal(2), Decimal("99.5")),
        ("1", rows[0]["ordered_at"], Decimal(1), Decimal(10)),
        ("2", rows[2]["ordered_at"], Decimal(1), Decimal(5)),
    ]
    assert [r["ordered_at"].date() for r in rows] == [date(2026, 5, 1), date(2026, 5, 1), date(2026, 5, 2)]


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Salg">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def ods(rows: list[list[Any]]) -> bytes:
    def cell(value: Any) -> str:
        if isinstance(value, datetime | date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"><text:p>x</text:p></table:table-cell>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(cell(v) for v in row)}</table:table-row>" for row in rows)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows=body))
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return out.getvalue()


def test_an_open_document() -> None:
    data = ods(
        [
            ["Salgsrapport"],
            HEAD,
            ["0017", date(2026, 5, 1), 2, 99.5],
            ["0018", date(2026, 5, 2), 1, "1 299,00"],
            ["Sum", "", 3, ""],
        ]
    )
    done = read(data, "kasse.ods", timezone="UTC")
    rows = done.tables["order_lines"].to_pylist()
    assert [(r["order_id"], r["ordered_at"].date(), r["unit_price"]) for r in rows] == [
        ("0017", date(2026, 5, 1), Decimal("99.5")),
        ("0018", date(2026, 5, 2), Decimal(1299)),
    ]
    assert done.inspection.total_rows == [5]


def test_months_across_are_months() -> None:
    done = read(b"KPI,2026-01-01,2026-02-01,2026-03-01\nsales,100,200,300\n", "plan.csv")
    assert done.observations is not None
    assert set(done.observations.column("grain").to_pylist()) == {"month"}
    assert "months_by_first_day" in [issue.code for issue in done.issues]
    days = read(
        b"KPI,2026-01-01,2026-02-01\nsales,100,200\n", "plan.csv", mapping={"options": {"grain": "day"}}
    )
    assert days.observations is not None
    assert set(days.observations.column("grain").to_pylist()) == {"day"}
