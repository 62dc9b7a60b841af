"""Hostile and broken files are refused within seconds and little memory, with a message; nothing is executed."""

# ruff: noqa: E501 - tables of cases read better unbroken
from __future__ import annotations

import gzip
import io
import os
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from kpi_tree.errors import Refused
from kpi_tree.ingest import Limits, inspect, numbered_rows, read, rows
from kpi_tree.ingest.answers.limits import MEGABYTE
from kpi_tree.ingest.sheets.webtable import MOST_EMPTY, Page

FIXTURES = Path(__file__).with_name("fixtures")


@contextmanager
def cheaply(seconds: float = 20.0, megabytes: int = 700) -> Iterator[None]:
    """What is refused takes a second or two; unrefused it took minutes, or memory without end. Wide bounds, as
    the machine may be busy: they hold the kind of cost, not its figure."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    yield
    assert time.process_time() - start < seconds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < megabytes * 1024


def xlsx(sheet: str, *, entity: str = "") -> bytes:
    book = openpyxl.Workbook()
    out = io.BytesIO()
    book.save(out)
    parts = zipfile.ZipFile(out)
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            archive.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else parts.read(name))
    assert entity in sheet
    return again.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def ods(text: str, said: str = "", rows: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell {said} office:value="5">'
            f"<text:p>{text}</text:p></table:table-cell></table:table-row>",
        )
    return out.getvalue()


def zip_bomb() -> bytes:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0,0\n" * (20 * MEGABYTE))
    return bomb.getvalue()


FAR = SHEET.format(
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
)
WIDE = SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row><row r="400"><c r="XFD400"><v>1</v></c></row>')
QUOTED = SHEET.format(
    "<row r = '1'><c r='A1'><v>1</v></c></row><x:row r='9'><x:c r='XFD1048576'><v>1</v></x:c></x:row>"
)
PLACELESS = SHEET.format('<row r="1048576"/><row>' + "<c><v>1</v></c>" * 20_000 + "</row>")
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">]>' + SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row>')
# Made when its test runs, not when the file is looked through for tests.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (zip_bomb, "unpacks"),
    "gz bomb": (lambda: gzip.compress(b"0,0\n" * (20 * MEGABYTE)), "unpacks"),
    "far cell": (lambda: xlsx(FAR), "spans"),
    "far cell in other quotes": (lambda: xlsx(QUOTED), "spans"),
    "cells without places": (lambda: xlsx(PLACELESS), "spans"),
    "spaces": (lambda: ods('<text:s text:c="999999999"/>'), "unpacks"),
    "rows of rows": (lambda: ods("5", 'table:number-columns-repeated="9999"', 100_000), "unpacks"),
    "rows of a long text": (lambda: ods("x" * 50_000, "", 20_000), "unpacks"),
    "a far column": (lambda: xlsx(WIDE), "spans"),
    "half an xls": (lambda: (FIXTURES / "biff8.xls").read_bytes()[:2200], "can't be opened"),
    "packed long line": (
        lambda: gzip.compress(b"a,b\n" + os.urandom(5 * MEGABYTE).hex().encode(), 1),
        "longer than",
    ),
    "entities": (lambda: xlsx(LAUGHS), "entities"),
    "long line": (lambda: b"a,b\n" + b"x" * (60 * MEGABYTE), "longer than"),
    "a million columns": (
        lambda: (
            b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n" + b",".join([b"1"] * 1_000_000) + b"\n"
        ),
        "longer|columns",
    ),
    "zero bytes": (lambda: b"a,b\n1,\0\0\0\n", "not a text table"),
    "broken zip": (lambda: b"PK\x03\x04" + bytes(200), "damaged"),
    "broken gz": (lambda: b"\x1f\x8b\x08" + bytes(200), "damaged"),
    "broken xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "can't be opened"),
    "pdf": (lambda: b"%PDF-1.7\n" + bytes(100), "PDF"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name: str) -> None:
    made, words = HOSTILE[name]
    data = made()
    for face in (inspect, read, lambda *a: list(rows(*a))):
        with cheaply(), pytest.raises(Refused, match=words) as refused:
            face(data, "file")
        assert refused.value.place
        assert refused.value.remedy is not None


@pytest.mark.parametrize("data", [b"a,b,c\n1,\x00,3\n", b"a,b,c\n\x00,2,3\n", b"ab;c\n\x001;2\n"])
def test_a_zero_byte_in_a_short_file_is_refused_with_its_line(data: bytes) -> None:
    with pytest.raises(Refused, match="first in line 2"):
        inspect(data, "nul.csv")


def test_a_page_that_ends_too_soon_is_not_taken_for_whole() -> None:
    page = b"<table><tr><th>Dag</th><th>Salg</th></tr><tr><td>1.2.2026</td><td>5</td></tr>"
    codes = [[issue.code for issue in inspect(data, "a.xls").issues] for data in (page, page + b"</table>")]
    assert ["cut_short" in found for found in codes] == [True, False]


def test_a_page_of_tags_alone_is_refused() -> None:
    page = Page("a.html", Limits())
    for _ in range(MOST_EMPTY):
        page.open("b", {})
    with pytest.raises(Refused, match="hardly a cell"):
        page.open("b", {})


def test_the_limit_is_named() -> None:
    with pytest.raises(Refused, match="1 megabytes"):
        read(b"a,b\n" * 400_000, "big.csv", limits=Limits(file_bytes=MEGABYTE))


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x\\y.csv", "a\0b.csv", "<script>.csv", "x" * 5000])
def test_a_name_is_only_shown(name: str) -> None:
    done = read(b"Order number,Order date,Quantity,Unit price\n1,2024-05-01,1,2.50\n", name)
    assert len(done.inspection.name) <= 200
    assert "/" not in done.inspection.name


@pytest.mark.parametrize(
    "header", ["x'); DROP TABLE src; --", '"', 'a"b', "{{7*7}}", "=1+1", "_row", "_bad", "good", "SELECT"]
)
def test_headers_never_reach_sql(header: str) -> None:
    import csv

    out = io.StringIO()
    csv.writer(out).writerows(
        [["Slag", "Dag", header], ["rent", "2024-05-01", "5.5"], ["pay", "2024-05-02", "7"]]
    )
    mapping = {"table": "costs", "columns": {"Slag": "kind", "Dag": "incurred_on", header: "amount"}}
    done = read(out.getvalue().encode(), "a.csv", mapping=mapping)
    assert done.tables["costs"].num_rows == 2


def test_an_unclosed_quote_costs_its_own_row_only() -> None:
    lines = ["Order number,Order date,Quantity,Unit price,Product name"] + [
        f"{i},2024-05-01,1,2.50,mug {i}" for i in range(1000)
    ]
    lines[500] = '499,2024-05-01,1,2.50,"mug 499'
    done = read("\n".join(lines).encode(), "a.csv")
    assert done.tables["orders"].num_rows == 1000
    assert [issue.row for issue in done.issues if issue.code == "unclosed_quote"] == [501]


def test_rows_with_too_many_cells_are_set_apart() -> None:
    data = b"Order number,Order date,Quantity,Unit price,Name\n1,2024-05-01,1,2.50,a\n2,2024-05-01,1,2.50,b,c\n3,2024-05-01,1\n"
    done = read(data, "a.csv")
    assert done.tables["orders"].column("order_id").to_pylist() == ["1"]
    reasons = dict(
        zip(
            done.quarantine.column("row").to_pylist(),
            done.quarantine.column("reason").to_pylist(),
            strict=True,
        )
    )
    assert reasons == {3: "wide_row", 4: "missing_price"}


PLAIN = "Order number,Order date,Quantity,Unit price\n1,2024-05-01,1,2.50\n"
TARRED = bytes(257) + b"ustar\x0000" + bytes(300)
PACKED = {
    "Index/Document.iwa": "Numbers",
    "x.numbers/Index.zip": "Numbers",
    "xl/workbook.bin": "XLSB",
    "AndroidManifest.xml": "APK",
}
KINDS: dict[str, tuple[bytes, str]] = {
    "a database": (b"SQLite format 3\0" + bytes(100), "kind SQLite"),
    "Access": (b"\0\1\0\0Standard ACE DB\0" + bytes(100), "kind Access"),
    "Arrow": (b"ARROW1\0\0" + bytes(100), "kind Arrow"),
    "a picture of a telephone": (b"\0\0\0\x18ftypheic" + bytes(100), "kind HEIC"),
    "a tar": (TARRED, "kind TAR.*Unpack"),
    "a packed tar": (gzip.compress(TARRED), "kind TAR.*Unpack"),
    "packed twice": (gzip.compress(gzip.compress(PLAIN.encode())), "packed twice"),
    "a letter": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 40, "kind DOC"),
    "JSON": (b'[{"order": 1}]', "JSON"),
    "a list": (b"[1, 2]", "JSON"),
    "lists": (b'[["a", "b"], [1, 2]]', "JSON"),
    "lines of JSON": (b'{"order": 1}\n{"order": 2}\n', "JSON"),
    "much JSON": (b"[" + b'{"order": 1, "price": 2},\n' * 700_000, "JSON"),
    "DIF": (b'TABLE\n0,1\n"EXCEL"\nVECTORS\n0,2\n""\n', "kind DIF"),
    "SYLK": (b'ID;PWXL;N;E\nP;PGeneral\nC;Y1;X1;K"Navn"\n', "kind SYLK"),
    "a calendar": (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "kind ICS"),
    "SQL": (b"-- dump\nDROP TABLE IF EXISTS `orders`;\nCREATE TABLE `orders` (\n", "kind SQL"),
    "a mail": (b"Received: from x\nFrom: a@b.no\nSubject: Salg\n\n" + PLAIN.encode(), "mail.*attached"),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_file_that_is_no_table_is_called_what_it_is(name: str) -> None:
    data, words = KINDS[name]
    with cheaply(), pytest.raises(Refused, match=words):
        inspect(data, "file")


def archive_of(entries: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("entry", PACKED)
def test_a_zip_that_is_a_document_is_called_what_it_is(entry: str) -> None:
    with pytest.raises(Refused, match=PACKED[entry]):
        inspect(archive_of({entry: b"\0" * 10}), "file")
    with pytest.raises(Refused, match="EPUB"):
        inspect(archive_of({"mimetype": "application/epub+zip", "a.xhtml": "<html/>"}), "file")


@pytest.mark.parametrize("entry", ["content.xml", "encrypted-package"])
def test_a_locked_open_document_says_so(entry: str) -> None:
    said = (
        '<m:file-entry m:full-path="content.xml"><m:encryption-data m:checksum-type="SHA1"/></m:file-entry>'
    )
    data = archive_of({"mimetype": "x", "META-INF/manifest.xml": said, entry: os.urandom(100)})
    with pytest.raises(Refused, match="protected by a password"):
        inspect(data, "a.ods")


@pytest.mark.parametrize(
    "text",
    ["[Order];[Qty]\n[1];2\n", "[1];[2]\n3;4\n", "ID;Pris\n1;2\n", "From: a\nDate;Sum\n2024-05-01;2\n"],
)
def test_a_table_that_begins_like_another_kind_is_read(text: str) -> None:
    assert len(list(rows(text.encode(), "a.csv"))) == 2


def strings(told: int, text: str, uses: int) -> bytes:
    """A workbook that tells how many texts it shares, with one, used in so many cells."""
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, uses + 1))
    made = zipfile.ZipFile(io.BytesIO(xlsx(SHEET.format(cells))))
    shared = f'<sst count="1" uniqueCount="{told}"><si><t>{text}</t></si></sst>'
    parts: dict[str, str | bytes] = {entry: made.read(entry) for entry in made.namelist()}
    return archive_of({**parts, "xl/sharedStrings.xml": shared})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (strings(999_999_999, "a", 2), "can't be opened"),
        (strings(1, "a" * 30_000, 12_000), "unpacks to more"),
    ],
)
def test_texts_that_a_workbook_shares_take_no_more_room_than_they_have(data: bytes, words: str) -> None:
    with cheaply(megabytes=200), pytest.raises(Refused, match=words):
        inspect(data, "a.xlsx")


def test_one_packed_piece_stands_for_one_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(2):
            archive.writestr(f"{i}.csv", PLAIN)
        archive.infolist()[1].header_offset = 0
    with pytest.raises(Refused, match="unpacks to more"):
        inspect(out.getvalue(), "a.zip")


LINES = {
    "empty": (PLAIN.encode() + b"\n" * 2_000_000, ""),
    "of delimiters": (b"a;b\n1;2\n" + b";\n" * 1_500_000, ""),
    "of returns": (PLAIN.replace("\n", "\r").encode() + b"\r" * 2_000_000, ""),
    "of comments": (PLAIN.encode() + b"# comment\n" * 360_000, "hardly a row"),
    "the same": (b"a\n" * 360_000, "hardly a row"),
    "of strokes": (b"a,b\n" + (b"-" * 5000 + b"x," + b"=" * 5000 + b"\n") * 200, ""),
}


@pytest.mark.parametrize("name", LINES)
def test_lines_of_nothing_cost_little(name: str) -> None:
    data, words = LINES[name]
    with cheaply(megabytes=300):
        if words:
            with pytest.raises(Refused, match=words) as refused:
                inspect(data, "a.csv")
            assert "a.csv, row" in str(refused.value.place)
        else:
            assert inspect(data, "a.csv").columns


def test_lines_are_numbered_also_below_a_gap() -> None:
    data = PLAIN + "\n,\n\n\n,,,\n" + "2,2024-05-02,1,3.50\n"
    assert [line for line, _ in numbered_rows(data.encode(), "a.csv")] == [1, 2, 8]


def rows_of_cells(cells: str, style: str = "") -> bytes:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    made = f'<Styles><Style ss:ID="a"><NumberFormat ss:Format="{style}"/></Style></Styles>'
    table = f'<Worksheet ss:Name="A"><Table>{cells}</Table></Worksheet>'
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{made}{table}</Workbook>'.encode()
    )


ARCHIVED = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
STYLED = '<Row><Cell ss:StyleID="a"><Data ss:Type="Number">5</Data></Cell></Row>'
COSTLY: dict[str, tuple[Callable[[], bytes], str]] = {
    "comments above a page": (lambda: b"<?xml version='1.0'?>" + b"<!-- -->" * 900 + b"x", "XML"),
    "styles": (
        lambda: archive_of({"xl/workbook.xml": "", "xl/styles.xml": '<xf numFmtId="14"/>' * 300_000}),
        "can't be opened",
    ),
    "a row that never ends": (lambda: b"<table><tr>" + b"<td>1" * 100_000, "columns"),
    "parts of an archive": (
        lambda: ARCHIVED + b"--x\nContent-Type: text/html\n\n<table>\n" * 3000,
        "3,001 parts",
    ),
    "a long format": (lambda: rows_of_cells(STYLED * 300, "[" * 200_000), ""),
    "files of a ZIP": (lambda: archive_of({f"{i}.csv": PLAIN for i in range(501)}), "501 files"),
    "entries of a ZIP": (lambda: archive_of({f"{i}.csv": "" for i in range(2100)}), "2,100 files"),
    "large files of a ZIP": (
        lambda: archive_of({f"{i}.csv": PLAIN + os.urandom(3000).hex() * 3750 for i in range(3)}),
        "64 megabytes; 64 is the most",
    ),
}


@pytest.mark.parametrize("name", COSTLY)
def test_what_is_costly_to_look_at_is_not_looked_at_for_long(name: str) -> None:
    made, words = COSTLY[name]
    data = made()
    with cheaply(megabytes=300):
        if words:
            with pytest.raises(Refused, match=words):
                inspect(data, "a.xls")
        else:
            assert inspect(data, "a.xls").columns


def test_sheets_that_are_not_read_are_told() -> None:
    book = openpyxl.Workbook()
    for n in range(2):
        sheet = book.create_sheet(f"S{n}")
        for row in (["Ordrenr", "Dato", "Antall", "Pris"], [n, "2024-05-01", 1, 2.5]):
            sheet.append(row)
    book["S1"].sheet_state = "veryHidden"
    out = io.BytesIO()
    book.save(out)
    found = inspect(out.getvalue(), "a.xlsx")
    assert [(issue.code, issue.level) for issue in found.issues] == [("hidden_sheets", "info")]
    assert "S1" in str(found.issues[0].message)
    row = '<Row><Cell><Data ss:Type="String">Ordrenr</Data></Cell></Row></Table></Worksheet>'
    sheets = "".join(f'{row}<Worksheet ss:Name="S{n}"><Table>' for n in range(260))
    data = rows_of_cells(sheets + row.removesuffix("</Table></Worksheet>"))
    assert "more_sheets" in [issue.code for issue in inspect(data, "a.xls").issues]


def test_signs_that_are_not_seen_hide_no_name() -> None:
    text = "\ufeff\u200fOrder\u200b number\u200e,Order date,Quantity\u2060,Unit price\n1,2024-05-01,1,2.50\n"
    found = inspect(text.encode(), "a.csv")
    assert (found.layout, next(c.name for c in found.columns)) == ("order_table", "Order number")


def test_a_workbook_damaged_anywhere_is_refused_or_read() -> None:
    whole = xlsx(SHEET.format("".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 9))))
    refused = 0
    for at in range(30, len(whole), 131):
        data = bytearray(whole)
        data[at] ^= 0x55
        try:
            inspect(bytes(data), "a.xlsx")
        except Refused:
            refused += 1
    assert refused
    for cut in (100, 1000, len(whole) // 2, len(whole) - 5):
        with pytest.raises(Refused, match="damaged"):
            inspect(whole[:cut], "a.xlsx")


def test_a_lone_cell_far_down_ends_no_table() -> None:
    head = "".join(
        f'<c r="{at}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for at, name in zip("ABC", NAMES, strict=True)
    )
    cells = f'<row r="1">{head}</row><row r="2"><c r="A2"><v>7</v></c><c r="B2"><v>45413</v></c></row>'
    data = xlsx(SHEET.format(cells + '<row r="400000"><c r="A400000"><v>8</v></c></row>'))
    with cheaply(megabytes=300):
        assert [line for line, _ in numbered_rows(data, "a.xlsx")] == [1, 2, 400_000]


NAMES = ("Ordrenr", "Dato", "Antall")
