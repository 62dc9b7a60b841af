"""What files from public places do, in small: each of these was read wrongly, or not within minutes."""

from __future__ import annotations

import time

import pytest

from kpi_tree.ingest import inspect, rows

BLANKS = [["Bergen", "9", "4"], ["Hamar", "8", "1"]]
SCALE = ["Type/0.0/0.5/1.0/1.5/2.0/2.5", "A1/0/0/7/9/9/", "A2/0/1/5/8//", "A3//0/6/9/9/9"]
COLOURS = ["column 1/column 2/column 3", "1/red/2", "2/blue/12", "/green/", "/black/13", "/white/"]
COLOURS += ["7/grey/", "/pink/83"]
FILES: dict[str, tuple[str, list[list[str]]]] = {
    "a blank stands before each cell, and before its quote": (
        'Nr, Note, Qty\n1, "red, large", 5\n2, "blue", 6\n3, "a ""b"", c", 7\n',
        [["Nr", "Note", "Qty"], ["1", "red, large", "5"], ["2", "blue", "6"], ["3", 'a "b", c', "7"]],
    ),
    "a blank before a quote that is a plain sign": (
        'Nr,Pipe,Qty\n1, "A" large,5\n2, "B" small,6\n',
        [["Nr", "Pipe", "Qty"], ["1", ' "A" large', "5"], ["2", ' "B" small', "6"]],
    ),
    "blanks between cells, and inside quoted ones": (
        '"City" "Sold" "Back"\nOslo 13.2 2\n"New York" 11.1 3\nBergen 9 4\nHamar 8 1\n',
        [["City", "Sold", "Back"], ["Oslo", "13.2", "2"], ["New York", "11.1", "3"], *BLANKS],
    ),
    "a blank before a quote, and quotes escaped inside": (
        'Name,  Land, Sold\n"Ada",  "NO",  9.63\n"B. \\"Bo\\" Ek",  "SE",  9.75\n"Cy",  "DK",  9.79\n',
        [["Name", "Land", "Sold"], ["Ada", "NO", "9.63"], ['B. "Bo" Ek', "SE", "9.75"], ["Cy", "DK", "9.79"]],
    ),
    "an empty corner above the names of rows, two columns": (
        '"","x"\n"ATS",13.7\n"BEF",40.3\n"DEM",1.95\n',
        [["", "x"], ["ATS", "13.7"], ["BEF", "40.3"], ["DEM", "1.95"]],
    ),
    "an empty corner beside names that are numbers": (
        '"","16.5","16.75","17.25"\n"71",0,0,3\n"70",1,5,0\n"69",0,2,1\n',
        [["", "16.5", "16.75", "17.25"], ["71", "0", "0", "3"], ["70", "1", "5", "0"], ["69", "0", "2", "1"]],
    ),
    "the steps of a scale as names": (
        "Type,0.0,0.5,1.0,1.5,2.0,2.5\nA1,0,0,7,9,9,\nA2,0,1,5,8,,\nA3,,0,6,9,9,9\n",
        [row.split("/") for row in SCALE],
    ),
    "no header, and rows with empty cells at their ends": (
        "1,red,2\n2,blue,12\n,green,\n,black,13\n,white,\n7,grey,\n,pink,83\n",
        [row.split("/") for row in COLOURS],
    ),
    "one column of instants": (
        "start\n2010-10-15T20:56:30\n2010-10-16T21:06:00\n",
        [["start"], ["2010-10-15T20:56:30"], ["2010-10-16T21:06:00"]],
    ),
    "tiny numbers are not the sums of each other": (
        "Part,Share\na,2.5E-13\nb,5E-13\nc,7.5E-13\n,1E-12\n",
        [["Part", "Share"], ["a", "2.5E-13"], ["b", "5E-13"], ["c", "7.5E-13"], ["", "1E-12"]],
    ),
}


@pytest.mark.parametrize("about", FILES)
def test_a_file_is_read_as_it_was_written(about: str) -> None:
    text, wanted = FILES[about]
    assert list(rows(text.encode(), "a.csv")) == wanted


def test_a_row_of_another_length_is_told_not_taken_for_one_column() -> None:
    found = inspect(b"id,name,age\n1101,John\n1102,Julie,26,Potatoes\n", "a.csv")
    assert (found.delimiter, found.rows, len(found.columns)) == (",", 1, 3)
    assert "wide_row" in {issue.code for issue in found.issues}


def test_micrograms_and_a_registered_mark_are_no_letters_of_dos() -> None:
    data = "Sky Research®\nTime,Dust (µg/m3)\n2024-01-01,5\n2024-01-02,6\n".encode("cp1252")
    assert next(iter(rows(data, "a.csv"))) == ["Time", "Dust (µg/m3)"]


def test_long_lines_of_ascii_cost_no_more_than_their_length() -> None:
    """The search for lines beside ASCII took the square of each line's length: minutes for 200 KB."""
    line = "1," + "x y " * 15_000 + "\n"
    data = f"Nr,Name\n{line * 3}2,bjørn\n".encode("latin-1")
    start = time.process_time()
    assert inspect(data, "a.csv").encoding in ("cp1252", "latin-1", "iso8859-15")
    assert time.process_time() - start < 20
