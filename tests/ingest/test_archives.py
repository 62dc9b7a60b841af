"""A ZIP is read whole: tables of one layout or of several; what is none is noted."""

# ruff: noqa: E501 - files read better unbroken
from __future__ import annotations

import gzip
import io
import zipfile
from typing import Any

import duckdb
import pytest

from kpi_tree.errors import Refused
from kpi_tree.ingest import Limits, Reading, inspect, read
from kpi_tree.ingest.lookup import rows_at


def zipped(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def ask(done: Reading, sql: str) -> Any:
    with duckdb.connect() as engine:
        for name, table in done.tables.items():
            engine.register(name, table)
        found = engine.sql(sql).fetchall()
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found


HEAD = "Ordrenr;Dato;Antall;Pris\n"
MAY = HEAD + "1;2024-05-01;2;99,50\n"
JUNE = HEAD + "2;2024-06-01;1;10,00\n"


def test_members_of_one_layout_are_read_together() -> None:
    data = zipped({"2024-05.csv": MAY, "2024-06.csv": JUNE})
    done = read(data, "ordre.zip", timezone="UTC")
    assert ask(done, "SELECT count(*), count(DISTINCT order_id) FROM order_lines") == [(2, 2)]
    assert done.rows == 2
    assert [one["name"] for one in done.inspection.sections] == ["2024-05.csv", "2024-06.csv"]
    line = ask(done, "SELECT _row FROM order_lines WHERE order_id = '2'")
    assert rows_at(data, "ordre.zip", [line])[1] == ["2", "2024-06-01", "1", "10,00"]


def test_what_a_computer_or_a_vendor_adds_is_noted() -> None:
    data = zipped(
        {
            "ordre/mai.csv": MAY,
            "__MACOSX/ordre/._mai.csv": b"\0\5\x16\7\0",
            "ordre/.DS_Store": b"\0\0\0\1Bud1",
            "README.txt": "How this export was made",
            "logo.png": b"\x89PNG\r\n\x1a\n",
            "desktop.ini": "[.ShellClassInfo]",
        }
    )
    done = read(data, "ordre.zip", timezone="UTC")
    assert ask(done, "SELECT count(*) FROM order_lines") == 1
    note = next(issue for issue in done.issues if issue.code == "ignored_members")
    assert note.level == "info"
    for name in ("README.txt", "logo.png", ".DS_Store", "desktop.ini"):
        assert name in str(note.message)
    assert not [issue for issue in done.issues if issue.level == "error"]


def test_a_large_table_with_a_readme_beside_it_is_read_as_alone() -> None:
    data = zipped({"ordre/mai.csv": MAY, "ordre/README.txt": "How this export was made"})
    limits = Limits(whole_bytes=0, part_bytes=300, several_bytes=0)
    found = inspect(data, "ordre.zip", limits=limits)
    assert (found.layout, found.rows) == (inspect(MAY.encode(), "mai.csv").layout, 1)
    [note] = [issue for issue in found.issues if issue.code == "ignored_members"]
    assert "README.txt" in str(note.message)


def test_a_zip_inside_is_not_opened() -> None:
    inner = zipped({"juni.csv": JUNE})
    done = read(zipped({"mai.csv": MAY, "juni.zip": inner}), "ordre.zip", timezone="UTC")
    note = next(issue for issue in done.issues if issue.code == "unread_member")
    assert "ZIP inside a ZIP" in str(note.message)
    assert note.place == "ordre.zip, juni.zip"
    with pytest.raises(Refused, match="ZIP inside a ZIP"):
        read(zipped({"juni.zip": inner}), "ordre.zip")


def test_a_packed_member_and_a_workbook_are_read() -> None:
    done = read(
        zipped({"mai.csv": MAY, "juni.csv.gz": gzip.compress(JUNE.encode())}), "ordre.zip", timezone="UTC"
    )
    assert ask(done, "SELECT count(*) FROM order_lines") == 2


def test_one_member_can_be_chosen() -> None:
    data = zipped({"mai.csv": MAY, "juni.csv": JUNE})
    done = read(data, "ordre.zip", timezone="UTC", mapping={"options": {"member": "juni.csv"}})
    assert ask(done, "SELECT order_id FROM order_lines") == "2"
    with pytest.raises(Refused, match="no file"):
        read(data, "ordre.zip", mapping={"options": {"member": "juli.csv"}})


def test_a_bad_cell_names_its_member() -> None:
    done = read(
        zipped({"mai.csv": MAY, "juni.csv": JUNE + "3;2024-06-02;x;5,00\n"}), "ordre.zip", timezone="UTC"
    )
    fault = next(issue for issue in done.issues if issue.level == "error")
    assert fault.place == "ordre.zip, juni.csv, row 3, column Antall"
    assert done.quarantine.num_rows == 1


def test_the_whole_search_console_export() -> None:
    files = {
        "Diagramm.csv": "Datum,Klicks,Impressionen,CTR,Position\n2026-04-02,12,300,4%,5.5\n2026-04-01,8,200,4%,6.1\n",
        "Suchanfragen.csv": "Häufigste Suchanfragen,Klicks,Impressionen,CTR,Position\nkopp kaufen,15,200,7.5%,3.1\nvase,2,150,1.33%,8\n",
        "Seiten.csv": "Die häufigsten Seiten,Klicks,Impressionen,CTR,Position\nhttps://vik.example/kopp,14,260,5.38%,4\n",
        "Länder.csv": "Land,Klicks,Impressionen,CTR,Position\nDeutschland,18,400,4.5%,5\nNorwegen,2,100,2%,9\n",
        "Geräte.csv": "Gerät,Klicks,Impressionen,CTR,Position\nMobil,11,280,3.93%,6\nComputer,9,220,4.09%,5\n",
        "Darstellung in der Suche.csv": "Darstellung in der Suche,Klicks,Impressionen,CTR,Position\n",
        "Filter.csv": "Filter,Wert\nSuchtyp,Web\nDatum,Letzte 3 Monate\n",
    }
    done = read(zipped(dict(files)), "vik.example-Performance.zip", timezone="UTC")
    assert not [issue for issue in done.issues if issue.level == "error"]
    by_day = ask(
        done,
        "SELECT day::TEXT, clicks FROM search_stats WHERE keyword = '' AND page = '' AND country = '' AND device = '' ORDER BY 1",
    )
    assert by_day == [("2026-04-01", 8), ("2026-04-02", 12)]
    assert ask(done, "SELECT sum(clicks), min(day)::TEXT FROM search_stats WHERE keyword <> ''") == [
        (17, "2026-04-01")
    ]
    assert ask(done, "SELECT sum(clicks) FROM search_stats WHERE country <> ''") == 20
    assert ask(done, "SELECT sum(clicks) FROM search_stats WHERE device <> ''") == 20
    assert ask(done, "SELECT sum(clicks) FROM search_stats WHERE page <> ''") == 14
    assert not any("Filter.csv" in issue.place and issue.level == "warning" for issue in done.issues)
    assert inspect(zipped(dict(files)), "x.zip").table == "search_stats"
