"""Workbooks under the name .xls: old Excel (BIFF8, written by xlwt), web pages, XML, and locked or foreign ones."""

# ruff: noqa: E501 - pages and documents read better unbroken
from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from kpi_tree.errors import Refused
from kpi_tree.ingest import inspect, read, rows
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.files.oldxls import records, spans, workbook_stream
from kpi_tree.ingest.sheets.webpage import attributes, cells_of_row, tokens
from kpi_tree.ingest.sheets.webtable import Page

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


SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
EXCEL_PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv=Content-Type content="text/html; charset=windows-1252"><style>.t{mso-number-format:"\\@";}</style>
<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheet><x:Name>Mai</x:Name></x:ExcelWorksheet></x:ExcelWorkbook></xml><![endif]-->
</head><body><table><![if supportMisalignedColumns]><tr style='display:none'><td></td><td></td><td></td></tr><![endif]>
<tr><td colspan=3>Omsetning &ndash; mai</td></tr><tr><td>Varenr<td>Dato<td>Beløp</tr>
<tr><td class=t>00123</td><td x:num="46143">01.05.2026</td><td x:num="1234.5678">1.234,57</td></tr>
<tr><td class=t>00124</td><td x:num="46144">02.05.2026</td><td x:num="1000">1.000</td></tr>
<tr><td>Sum</td><td></td><td x:num="2234.5678">2.234,57</td></tr></table>"""
WEB_ARCHIVE = """MIME-Version: 1.0\nX-Document-Type: Workbook\nContent-Type: multipart/related; boundary="x1"\n
--x1\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/html; charset="utf-8"\n
<table><tr><th>Dag</th><th>Bel=C3=B8p</th></tr><tr><td>01.05.2026</td>=
<td>10,50</td></tr><tr><td>02.05.2026</td><td>20,50</td></tr></table>\n--x1--\n"""
XML_BOOK = f"""<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}" xmlns:html="http://www.w3.org/TR/REC-html40"><Styles>
<Style ss:ID="z"><NumberFormat ss:Format="00000"/></Style><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style>
</Styles><Worksheet ss:Name="Skjult"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet><Worksheet ss:Name="A"><Table>
<Row><Cell ss:MergeAcross="3"><Data ss:Type="String">B&W ordrer</Data></Cell></Row><Row ss:Index="3">
<Cell><Data ss:Type="String">Postnr</Data></Cell><Cell><Data ss:Type="String">Dato</Data></Cell>
<Cell><Data ss:Type="String">Kunde</Data></Cell><Cell ss:Index="4"><Data ss:Type="String">Beløp</Data></Cell></Row><Row>
<Cell ss:StyleID="z"><Data ss:Type="Number">150</Data></Cell><Cell ss:StyleID="d"><Data ss:Type="Number">46143</Data></Cell>
<Cell ss:MergeDown="1"><ss:Data ss:Type="String"><html:B>Kari</html:B> N</ss:Data><Comment><ss:Data>?</ss:Data></Comment></Cell>
<Cell><Data ss:Type="Number">1234.5</Data></Cell></Row><Row><Cell ss:StyleID="z"><Data ss:Type="Number">5003</Data></Cell>
<Cell><Data ss:Type="DateTime">2026-05-02T10:15:00.000</Data></Cell><Cell ss:Index="4"><Data ss:Type="Number">-7</Data>
</Cell></Row></Table></Worksheet></Workbook>"""
XML_ROWS = [
    ["Postnr", "Dato", "Kunde", "Beløp"],
    ["00150", "2026-05-01", "Kari N", "1234.5"],
    ["05003", "2026-05-02 10:15:00", "Kari N", "-7"],
]
HEAD = "<table><tr><th>Dag<th>Salg<th>Ordrer"
DAYS = [["Dag", "Salg", "Ordrer"], ["1. mai 2026", "10,5", "1"], ["2. mai 2026", "1 020,0", "2"]]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (
            EXCEL_PAGE.encode("cp1252"),
            [
                ["Varenr", "Dato", "Beløp"],
                ["00123", "01.05.2026", "1234.5678"],
                ["00124", "02.05.2026", "1000"],
            ],
        ),
        (WEB_ARCHIVE.encode(), [["Dag", "Beløp"], ["01.05.2026", "10,50"], ["02.05.2026", "20,50"]]),
        (XML_BOOK.encode(), XML_ROWS),
        (XML_BOOK.replace("UTF-8", "UTF-16").encode("utf-16"), XML_ROWS),
        (
            "<meta charset=Shift_JIS><table><tr><th>日付<th>売上<tr><td>5月1日<td>￥1,200</table>".encode(
                "cp932"
            ),
            [["日付", "売上"], ["5月1日", "￥1,200"]],
        ),
        # Sort keys that nobody sees, a header in a table of its own, a table inside another for the looks.
        (
            f"{HEAD}<tr><td><b hidden>1</b>1. mai 2026<td>10,5<td>1<tr><td>2. mai 2026<td>1&nbsp;020,0<td>2",
            DAYS,
        ),
        (
            f"{HEAD}</table><table><tr><td>1. mai 2026<td>10,5<td>1<tr><td>2. mai 2026<td>1 020,0<td>2</table>",
            DAYS,
        ),
        (
            f"<table><tr><td>Meny<td>{HEAD}<tr><td>1. mai 2026<td><table><tr><td>10,5</table><td>1"
            "<tr><td>2. mai 2026<td>1 020,0<td>2</table></table>",
            DAYS,
        ),
        (
            "<table><thead><tr><th rowspan=2>Butikk<th colspan=2>2025<th>2026<tr><th>Stk<th>kr<th>Stk<tfoot><tr>"
            "<td>Totalt<td>9<td>90,00<td>11<tbody><tr><td rowspan=2>Oslo<td>4<td>40,00<td>5<tr><td>3<td>30,00<td>4"
            "<tr><td>Moss<td>2<td>20,00<td>2</table>",
            [
                ["Butikk", "2025 Stk", "2025 kr", "2026 Stk"],
                ["Oslo", "4", "40,00", "5"],
                ["Oslo", "3", "30,00", "4"],
                ["Moss", "2", "20,00", "2"],
            ],
        ),
    ],
)
def test_pages_and_xml_under_the_name_xls(data: bytes | str, wanted: list[list[str]]) -> None:
    assert list(rows(data if isinstance(data, bytes) else data.encode(), "a.xls")) == wanted


def packed(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            b"<html><body><form>User <input></form></body></html>",
            "without a table, perhaps a page to sign in",
        ),
        (XML_BOOK[:-90].encode(), "damaged in line"),
        (
            XML_BOOK.replace("<Workbook", '<!DOCTYPE W [<!ENTITY a "aa">]><Workbook', 1).encode(),
            "own XML entities",
        ),
        (
            f'<Workbook xmlns="{SPACE}"><Worksheet><Table><Row Index="99999999"/>'.encode(),
            "nearly all of them empty",
        ),
        (b"<table>" + b"<tr><td colspan=1000 rowspan=999>x" * 100, "nearly all of them empty"),
        (packed("xl/workbook.bin"), "save it as XLSX"),
        (packed("Index/Document.iwa", "Metadata/a.plist"), "Numbers.*CSV"),
        (packed("[Content_Types].xml", "word/document.xml"), "DOCX"),
    ],
)
def test_what_is_no_table_says_the_way_out(data: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        list(rows(data, "a.xls", limits=Limits(sheet_cells=50_000)))


def test_a_page_broken_for_a_purpose_costs_no_more_than_its_length() -> None:
    assert list(rows(b"<table><tr><td>" + b'<a "' * 20_000 + b"</table>", "a.xls"))
    assert list(rows(b"<table><tr><td>" * 2000 + b"x", "a.xls")) == [["column 1"], ["x"]]


BROKEN = (
    "<tr>", "<TR class=x>", "</tr>", "</TR >", "<td>", '<TD align="right">', "<td colspan=2>", "<td rowspan=3>",
    "</td>", "5", " ", "\n", "&nbsp;", "x&am", "p;", "<b>", "</b>", "<br>", '<span style="display:none">',
    "</span>", '<td x:num="1.25">1.3</td>', "<th>", "<table>", "</table>", "<tfoot>", "<caption>", "</caption>",
    "<!-- <td> -->", "<", '<a href="x>y">', "<div hidden>", "<tdx>", "<select><option>a<option selected>b</select>",
)  # fmt: skip
USUAL = (
    "<tr><td>1</td><td>2</td></tr>",
    "<tr><td>x<td><b>y</b> &amp; z</tr>\n",
    "<td>7</td>",
    "<tr>",
    "</tr>",
)


@pytest.mark.parametrize("seed", range(4))
def test_rows_cut_whole_are_what_their_tags_say_one_by_one(seed: int) -> None:
    chance, whole = Random(seed), 0
    for _ in range(100):
        drawn = (
            chance.choice(BROKEN if chance.random() < 0.4 else USUAL) for _ in range(chance.randint(3, 40))
        )
        text = "<table>" + "".join(drawn)
        page, slow = Page("a.xls", Limits()), Page("a.xls", Limits())
        for kind, what, more in tokens(text, page.takes_rows):
            whole += kind == "row"
            _take(page, kind, what, more)
        for token in tokens(text):
            _take(slow, *token)
        assert page.end() == slow.end(), text
    assert whole > 50


def _take(page: Page, kind: str, what: str, more: str) -> None:
    if kind == "row":
        page.row(cells_of_row(what))
    elif kind == "text":
        page.text(what)
    elif kind == "open":
        page.open(what, attributes(more))
    else:
        page.close(what)


def patched(change: Callable[[bytearray, int, int, int], None]) -> bytes:
    """The workbook with its records changed; each comes with its kind, place in the file and size."""
    data = bytearray(OLD.read_bytes())
    stream = workbook_stream(bytes(data))
    start = data.index(stream[:100])
    for kind, at, size in records(stream):
        change(data, kind, start + at, size)
    return bytes(data)


def far(data: bytearray, kind: int, at: int, _: int) -> None:
    if kind == 0xFD:
        struct.pack_into("<HH", data, at, 65535, 255)


def renumbered(code: bytes) -> Callable[[bytearray, int, int, int], None]:
    """Format 166 as number 50, with this code, and the style of prices in it."""

    def change(data: bytearray, kind: int, at: int, _: int) -> None:
        if kind == 0x41E and data[at] == 166:
            struct.pack_into("<H", data, at, 50)
            data[at + 5 : at + 5 + len(code)] = code
        if kind == 0xE0 and struct.unpack_from("<H", data, at + 2)[0] == 4:
            struct.pack_into("<H", data, at + 2, 50)

    return change


def test_lone_cells_far_away_in_an_xls_are_refused_before_room_is_made() -> None:
    data = OLD.read_bytes()
    assert sorted(spans(workbook_stream(data)))[-1] == (7, 7, 35)
    with pytest.raises(Refused, match="spans 50,331,648 cells"):
        inspect(patched(far), "a.xls")
    for cut in (600, 1500, 3000, 5000):
        assert len(workbook_stream(data[:cut])) <= cut


def test_a_format_of_days_that_a_workbook_says_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="number format 50"):
        inspect(patched(renumbered(b"0000000.00")), "a.xls")
    assert inspect(patched(renumbered(b"yyyy-mm-dd")), "a.xls").columns


@pytest.mark.parametrize("start", [48, "workbook"])
def test_sectors_in_a_ring_are_refused(start: int | str) -> None:
    data = bytearray(OLD.read_bytes())
    table = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
    place = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") // 512 - 1
    sector = place if start == "workbook" else struct.unpack_from("<I", data, 48)[0]
    struct.pack_into("<I", data, table + 4 * sector, sector)
    with pytest.raises(Refused, match="can't be opened"):
        inspect(bytes(data), "a.xls")
