"""What files from public places do, in small: each of these was read wrongly, or not within minutes."""

from __future__ import annotations

import time

import pytest

from kpi_tree.ingest import inspect, rows

BLANKS = [["Bergen", "9", "4"], ["Hamar", "8", "1"]]
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
    "tiny numbers are not the sums of each other": (
        "Part,Share\na,2.5E-13\nb,5E-13\nc,7.5E-13\n,1E-12\n",
        [["Part", "Share"], ["a", "2.5E-13"], ["b", "5E-13"], ["c", "7.5E-13"], ["", "1E-12"]],
    ),
}


@pytest.mark.parametrize("about", FILES)
def test_a_file_is_read_as_it_was_written(about: str) -> None:
    text, wanted = FILES[about]
    assert list(rows(text.encode(), "a.csv")) == wanted


def test_long_lines_of_ascii_cost_no_more_than_their_length() -> None:
    """The search for lines beside ASCII took the square of each line's length: minutes for 200 KB."""
    line = "1," + "x y " * 15_000 + "\n"
    data = f"Nr,Name\n{line * 3}2,bjørn\n".encode("latin-1")
    start = time.process_time()
    assert inspect(data, "a.csv").encoding in ("cp1252", "latin-1", "iso8859-15")
    assert time.process_time() - start < 20
