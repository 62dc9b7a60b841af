"""The law of lines: each line of a text is a row or header of one table, or it is told.

``make deep`` asks it of many more texts.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kpi_tree.errors import Refused
from kpi_tree.ingest import Limits, inspect, read
from kpi_tree.ingest.about_table import about_table
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.sections import every_table
from kpi_tree.ingest.stream.file import open_big
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.stream.table import read_large
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.records.leftovers import folder_of_own
from kpi_tree.steps import SILENT

NAMES = {"d": "Day Shipped Opened", "n": "Stock Visits Seen", "m": "Price Cost Sum", "t": "City Name Group"}
WORDS = ("Lampe", "Stol", "Bord", "Kopp", "Teppe")
TOLD = frozenset(
    ["skipped_rows", "total_rows", "footer_rows", "repeated_header", "comment_lines", "units_row", "wide_row"]
)


@dataclass(frozen=True)
class Drawn:
    """One table: titles and empty lines above it, what its columns hold, its rows, a comment among them."""

    titles: int
    gap: int
    kinds: tuple[str, ...]
    rows: int
    comment: bool = False

    def names(self, number: int) -> list[str]:
        used = Counter[str]()
        words = [(kind, used.update([kind]) or used[kind] - 1) for kind in self.kinds]
        return [f"{NAMES[kind].split()[at % 3]} {'abcd'[number]}{'xyz'[at // 3]}" for kind, at in words]

    def row(self, n: int, decimal: str) -> list[str]:
        """One of its rows; none is the sum of others."""
        cells = {"d": f"2024-05-{n % 28 + 1:02}", "n": f"{100 + n * 3 % 50}", "m": f"{100 + n}{decimal}50"}
        return [cells.get(kind, f"{WORDS[(n + at) % 5]}") for at, kind in enumerate(self.kinds)]


@dataclass(frozen=True)
class Text:
    """A text of several tables, and how its lines are written; ``padded`` to one width as spreadsheets do."""

    tables: list[Drawn]
    delimiter: str = ","
    quoting: bool = False
    padded: bool = False
    footers: int = 0
    end: str = "\n"

    def lines(self) -> tuple[str, list[list[int]], set[int]]:
        """The text, the lines of each table's rows, and all that are not empty."""
        rows, found = list[list[str]](), [list[int]() for _ in self.tables]
        decimal = "," if self.delimiter == ";" else "."
        for number, one in enumerate(self.tables):
            rows += [[]] * (one.gap if number else 0)
            rows += [[f"Report {'ab'[n]} of {'abcd'[number]}"] for n in range(one.titles)]
            rows.append(one.names(number))
            for n in range(one.rows):
                rows += [["# checked by hand"]] if one.comment and n == 2 else []
                rows.append(one.row(n, decimal))
                found[number].append(len(rows))
        for _ in range(self.footers):
            rows += [[], ["Made by the shop"]]
        width = max(map(len, rows)) if self.padded else 0
        out = io.StringIO()
        writer = csv.writer(
            out,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_ALL if self.quoting else csv.QUOTE_MINIMAL,
            lineterminator=self.end,
        )
        writer.writerows(row + [""] * (width - len(row)) for row in rows)
        return out.getvalue(), found, {number for number, row in enumerate(rows, start=1) if row}


def told(table: Raw) -> list[int]:
    """Lines of a table that are no rows of it, but for its header's each told by an issue."""
    outline, cells = table.outline, table.table
    header = range(outline.header_line - outline.header_rows + 1, outline.header_line + 1)
    left = [*table.left_out.totals, *table.left_out.footers, *cells.repeated, *cells.comments]
    left += [line for line, _ in (*outline.preamble, *cells.wide)]
    left += [outline.units_line] if outline.units_line else []
    say = Complaints("a.csv")
    about_table(say, table)
    assert sum(issue.count for issue in say.issues() if issue.code in TOLD) == len(left)
    return [*header, *left]


def rows_of(table: Raw) -> list[int]:
    parts = table.table.each() if isinstance(table.table, LargeTable) else [table.table]
    return [int(line) for part in parts for line in part.lines]


def holds(found: list[Raw], text: Text) -> None:
    """The law, of what was found in a text."""
    _, rows, full = text.lines()
    fates = Counter(line for table in found for line in (*rows_of(table), *told(table)))
    assert set(fates) == full
    assert max(fates.values()) == 1
    assert [rows_of(table) for table in found] == rows


KINDS = st.lists(st.sampled_from("dnmt"), min_size=2, max_size=8).filter(lambda kinds: set(kinds) - {"t"})
TABLE = st.builds(
    Drawn, st.integers(0, 2), st.integers(0, 2), KINDS.map(tuple), st.integers(4, 20), st.booleans()
)


def _tells_apart(tables: list[Drawn]) -> bool:
    """Whether people could tell where each begins: a table of the same width needs something between."""
    return all(len(a.kinds) != len(b.kinds) or b.gap or b.titles for a, b in pairwise(tables))


TEXT = st.builds(
    Text,
    st.lists(TABLE, min_size=1, max_size=4).filter(_tells_apart),
    st.sampled_from(",;\t|"),
    st.booleans(),
    st.booleans(),
    st.integers(0, 2),
    st.sampled_from(["\n", "\r\n"]),
)
WIDTHS = Text(
    [Drawn(0, 0, ("d", "n", "m"), 4), Drawn(0, 1, tuple("dnmtnm"), 17), Drawn(0, 1, ("t", "n"), 30)]
)
DIRECT = Text([Drawn(1, 0, tuple("tdnm"), 9), Drawn(0, 0, ("d", "m"), 5), Drawn(0, 0, tuple("tnnmd"), 7)])


@settings(max_examples=12)
@example(WIDTHS)
@example(DIRECT)
@example(Text([Drawn(0, 0, ("n", "n"), 40), Drawn(0, 1, tuple("tmdt"), 4, True)], "\t", padded=True))
@example(Text([Drawn(0, 0, ("t", "m"), 4), Drawn(0, 1, tuple("dndndnt"), 40)], ";", footers=2))
@given(TEXT)
def test_each_line_is_in_one_table_or_told(text: Text) -> None:
    _, found = every_table(text.lines()[0].encode(), "a.csv", FileMapping(None), Limits())
    holds(found, text)


@settings(max_examples=2)
@example(DIRECT)
@example(Text([Drawn(0, 0, ("t", "n"), 9), Drawn(2, 0, tuple("tntd"), 9)], "|", padded=True))
@given(TEXT)
def test_also_in_a_large_text(text: Text) -> None:
    limits = Limits(whole_bytes=0, part_bytes=300)
    with folder_of_own() as folder:
        file = open_big(text.lines()[0].encode(), "a.csv", limits, folder, SILENT)
        holds(read_large(file, {}, limits, SILENT), text)


HEADER = "Order;Day;Product;Quantity;Price"
ROWS = [f"{n};{n % 28 + 1:02}.05.2024;{WORDS[n % 5]};{n % 4 + 1};{n},50" for n in range(1, 13)]
ODD = {
    "pages with a line of several cells": (["Report;;;;Page 1 of 2", HEADER, *ROWS[:6],
                                            "Report;;;;Page 2 of 2", HEADER, *ROWS[6:]], [12]),
    "pages with lines and gaps": (["Report", "Printed page 1", "", HEADER, *ROWS[:6], "",
                                   "Report", "Printed page 2", "", HEADER, *ROWS[6:]], [12]),
    "facts below": ([HEADER, *ROWS, "", "Rows:;12", "Printed:;2024-06-01"], [12]),
    "texts above": (["Code;Word;Family", "A1;Lampe;Lys", "A2;Stol;Rom", "A3;Bord;Rom", "",
                     HEADER, *ROWS], [3, 12]),
    "facts above": (["Store;Oslo", "From;2024-05-01", "To;2024-05-31", HEADER, *ROWS], [12]),
    "decimals in few rows": (["Days", "Day;Visits", "01.05.2024;5", "02.05.2024;7", "03.05.2024;9", "",
                              "Goods", "Product;Sold;Back", "Lampe;5;1", "Stol;6;2", "",
                              "Orders", HEADER, *ROWS], [3, 2, 12]),
    "two header rows below": ([HEADER, *ROWS, "", ";2024;;2025;", "Store;Q1;Q2;Q1;Q2", "Oslo;1;2;3;4",
                               "Moss;5;6;7;8"], [12, 2]),
    "a row of words": ([HEADER, *ROWS[:6], "1007;lost;Lampe;missing;none", *ROWS[7:]], [12]),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_layouts_small_and_large(name: str) -> None:
    lines, rows = ODD[name]
    data, limits = "\n".join(lines).encode(), Limits(whole_bytes=0, part_bytes=300)
    _, small = every_table(data, "a.csv", FileMapping(None), Limits())
    with folder_of_own() as folder:
        large = read_large(open_big(data, "a.csv", limits, folder, SILENT), {}, limits, SILENT)
        for found in (small, large):
            fates = Counter(line for table in found for line in (*rows_of(table), *told(table)))
            assert [len(rows_of(table)) for table in found] == rows
            assert fates == Counter(number for number, line in enumerate(lines, start=1) if line)


@pytest.mark.parametrize("limits", [Limits(tables=2), Limits(tables=2, whole_bytes=0, part_bytes=300)])
def test_tables_beyond_the_most_are_told(limits: Limits) -> None:
    data = WIDTHS.lines()[0].encode()
    [issue] = [one for one in inspect(data, "a.csv", limits=limits).issues if one.code == "more_tables"]
    assert issue.row == 26
    assert "26" in str(issue.message)
    assert issue.remedy


def test_tables_side_by_side_in_a_large_text_are_refused() -> None:
    head = "Ordrenr;Dato;Antall;Pris;;Ordrenr;Lager\n"
    data = (head + "".join(f"{n};2024-05-01;2;9,50;;{n};{n}\n" for n in range(1, 20))).encode()
    with pytest.raises(Refused, match="side by side from row 1 on") as refused:
        inspect(data, "a.csv", limits=Limits(whole_bytes=0, part_bytes=300))
    assert refused.value.remedy


def test_a_page_in_a_zip_is_read_as_alone() -> None:
    page = (
        "<html><table><tr><th>Ordrenr<th>Dato<th>Antall<th>Pris"
        "<tr><td>1<td>2024-05-01<td>2<td>9,50</table></html>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("orders.html", page)
        archive.writestr("readme.html", "<html><p>Made by the shop</p></html>")
    done = read(out.getvalue(), "a.zip", timezone="UTC")
    assert done.tables["order_lines"].num_rows == 1
    assert "readme.html" in str(
        next(issue.message for issue in done.issues if issue.code == "ignored_members")
    )
