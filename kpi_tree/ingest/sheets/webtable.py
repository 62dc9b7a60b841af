"""The rows of a page's tables, gathered tag by tag: merged cells, tables inside tables, text not shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.answers.refusing import hardly_a_cell, too_many_columns, too_wide_apart
from kpi_tree.ingest.cells.held import number_text
from kpi_tree.ingest.cells.shapes import MACHINE
from kpi_tree.ingest.text.cellkind import cell_kind

Grid = list[list[str]]

MOST_DEPTH = 40
"""Tables inside tables; deeper ones are text of the last."""
MOST_SPAN = 1000
MOST_EMPTY = 200_000
"""Cells of a page, and tags, that may come to nothing: one of more is broken for a purpose."""
MOST_TEXTS = 40
"""Texts above and below tables that are kept."""
_VOID = {"br", "img", "hr", "input", "col", "meta", "link", "wbr", "area", "base", "embed", "source", "param"}
_BLOCKS = {
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "br",
    "hr",
    "body",
    "center",
    "dt",
    "dd",
}
_PARTS = {"td", "th", "tr", "thead", "tbody", "tfoot", "table", "colgroup", "col", "html", "body"}
_NO_TEXT = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NUMBER = re.compile(r"[-+(]?\d[\d.,' \u00a0\u202f]*\)?-?")


@dataclass(slots=True)
class _Table:
    """A table that is open.

    Attributes:
        rows: its rows so far; those of its foot stand in ``foot``.
        row: the row that is open; None between rows.
        cell: the texts of the cell that is open; None between cells.
        below: for columns that a cell above goes on into: (rows left, what it says).
        inner: rows of tables inside the open row.
    """

    rows: Grid = field(default_factory=list)
    foot: Grid = field(default_factory=list)
    row: list[str] | None = None
    cell: list[str] | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    below: dict[int, tuple[int, str]] = field(default_factory=dict)
    inner: Grid = field(default_factory=list)
    in_foot: bool = False
    caption: bool = False


class Page:
    """Gathers the rows of a page from its tags."""

    def __init__(self, place: str, limits: Limits) -> None:
        self.place, self.limits = place, limits
        self.rows: Grid = []
        self.open_tables: list[_Table] = []
        self.outside: list[str] = []
        self.hidden: list[str] = []
        self.texts = self.cells = self.filled = self.tags = 0

    def text(self, text: str) -> None:
        """A piece of text."""
        table = self.open_tables[-1] if self.open_tables else None
        if self.hidden:
            return
        if table is not None and table.cell is not None:
            table.cell.append(text)
        elif table is None or table.caption:
            self.outside.append(text)

    def takes_rows(self) -> bool:
        """Whether a row that comes whole would stand as it is: in a table, below no cell that goes on."""
        table = self.open_tables[-1] if self.open_tables else None
        if table is None or self.hidden or table.caption or table.cell is not None:
            return False
        return not table.below

    def row(self, cells: list[str]) -> None:
        """A row of the open table, whole."""
        table = self.open_tables[-1]
        self._end_row(table)
        self._count(len(cells), sum(map(bool, cells)))
        (table.foot if table.in_foot else table.rows).append(cells)

    def open(self, name: str, said: Mapping[str, str]) -> None:
        """A tag that opens."""
        self.tags += 1
        if self.tags > MOST_EMPTY and self.tags > 50 * self.filled:
            raise hardly_a_cell(self.place, self.tags)
        if self.hidden == ["option"] and name == "option":
            self.hidden = []
        if self.hidden:
            if name == self.hidden[0] and len(self.hidden) < 10_000:
                self.hidden.append(name)
            return
        if name not in _PARTS | _VOID and ("hidden" in said or _NO_TEXT.search(said.get("style", ""))):
            self.hidden = [name]
            return
        table = self.open_tables[-1] if self.open_tables else None
        if name == "table":
            self._open_table(table)
        elif table is not None and name in ("tr", "thead", "tbody", "tfoot"):
            self._end_row(table)
            table.in_foot = name == "tfoot" or (table.in_foot and name == "tr")
            table.row = [] if name == "tr" else None
        elif table is not None and name in ("td", "th"):
            self._end_cell(table)
            table.row = [] if table.row is None else table.row
            table.cell, table.told = [], said
        elif name == "caption" and table is not None:
            table.caption = True
        elif name in _BLOCKS:
            self._break(table)
        elif name == "option" and "selected" not in said:
            self.hidden = [name]

    def close(self, name: str) -> None:
        """A tag that closes."""
        if self.hidden:
            if name in ("select", "td", "th", "tr", "table"):
                self.hidden = []
            elif name == self.hidden[0]:
                self.hidden.pop()
                return
            if self.hidden:
                return
        table = self.open_tables[-1] if self.open_tables else None
        if table is None:
            self._break(None)
        elif name == "table":
            self._close_table(table)
        elif name in ("tr", "thead", "tbody", "tfoot"):
            self._end_row(table)
            table.in_foot = table.in_foot and name == "tr"
        elif name in ("td", "th"):
            self._end_cell(table)
        elif name == "caption":
            table.caption = False
            self._flush()
        elif name in _BLOCKS:
            self._break(table)

    def end(self) -> Grid:
        """All rows, once the page has ended."""
        while self.open_tables:
            self._close_table(self.open_tables[-1])
        self._flush()
        while self.rows and not any(self.rows[-1]):
            self.rows.pop()
        return self.rows

    def _break(self, table: _Table | None) -> None:
        if table is None or table.caption:
            self._flush()
        elif table.cell is not None:
            table.cell.append(" ")

    def _flush(self) -> None:
        """A text outside tables as a row of its own."""
        text = " ".join("".join(self.outside).split())
        self.outside = []
        if text and not self.open_tables and self.texts < MOST_TEXTS:
            self.texts += 1
            self.rows.append([text[:1000]])
        elif text and self.open_tables:
            self.open_tables[-1].rows.append([text[:1000]])

    def _open_table(self, outer: _Table | None) -> None:
        if len(self.open_tables) >= MOST_DEPTH:
            return
        if outer is None:
            self._flush()
        self.open_tables.append(_Table())

    def _close_table(self, table: _Table) -> None:
        self._end_row(table)
        self.open_tables.pop()
        self.texts = 0
        found = [*table.rows, *table.foot]
        outer = self.open_tables[-1] if self.open_tables else None
        lone = [row for row in found if any(row)]
        if outer is None:
            if self.rows and any(self.rows[-1]) and not _goes_on(self.rows, found):
                self.rows.append([])
            self.rows += found
        elif outer.cell is not None and len(lone) <= 1 and sum(map(bool, lone[0] if lone else [])) <= 1:
            outer.cell += [" ", *(lone[0] if lone else []), " "]
        elif lone:
            outer.inner += [[], *found, []]

    def _end_cell(self, table: _Table) -> None:
        if table.cell is None or table.row is None:
            return
        text, said = _shown(" ".join("".join(table.cell).split()), table.told), table.told
        table.cell = None
        self._go_on(table)
        down, across = _span(said.get("rowspan")), _span(said.get("colspan"))
        self._count(across, bool(text))
        if down > 1:
            again = "" if not text or text.startswith(MACHINE) or cell_kind(text) == "n" else text
            for column in range(len(table.row), len(table.row) + across):
                table.below[column] = (down - 1, again if column == len(table.row) else "")
        table.row += [text] + [""] * (across - 1)
        if len(table.row) > 4 * self.limits.columns:
            raise too_many_columns(self.place, len(table.row), self.limits.columns)

    def _go_on(self, table: _Table) -> None:
        """Cells of rows above that reach down to where the row stands."""
        assert table.row is not None
        while (column := len(table.row)) in table.below:
            left, text = table.below.pop(column)
            if left > 1:
                table.below[column] = (left - 1, text)
            table.row.append(text)
            self._count(1, bool(text))

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if table.row is not None:
            self._go_on(table)
            if table.below and (rest := max(table.below) + 1) > len(table.row):
                for _ in range(rest - len(table.row)):
                    table.row.append("")
                    self._go_on(table)
            into = table.foot if table.in_foot else table.rows
            if any(table.row) or not table.inner:
                into.append(table.row)
            into += table.inner
        table.row, table.inner = None, []

    def _count(self, cells: int, filled: int) -> None:
        self.cells += cells
        self.filled += filled
        if (
            self.cells > MOST_EMPTY and self.cells > 50 * self.filled
        ) or self.cells > self.limits.sheet_cells:
            raise too_wide_apart(self.place, self.cells)


def _span(text: str | None) -> int:
    return min(max(int(text), 1), MOST_SPAN) if text and text.isascii() and text.isdigit() else 1


def _goes_on(rows: Grid, below: Grid) -> bool:
    """Whether a table of one row is the header of the one below it, as pages with a fixed header have it."""
    above = next((n for n, row in enumerate(reversed(rows)) if not any(row)), len(rows))
    if above != 1 or not below or len(rows[-1]) < 2:
        return False
    return len(rows[-1]) == len(below[0]) and all(rows[-1]) and any(cell_kind(c) in "nd" for c in below[0])


def _shown(text: str, said: Mapping[str, str]) -> str:
    """What a cell says: the number that a spreadsheet program wrote beside it, where the text is that one."""
    exact = said.get("x:num") or said.get("sdval") or ""
    if not exact or not _NUMBER.fullmatch(text) or re.match(r"0\d", text):
        return text
    try:
        value = float(exact)
    except ValueError:
        return text
    return MACHINE + number_text(value) if any(_is_rounded(text, value, sign) for sign in ".,") else text


def _is_rounded(text: str, value: float, sign: str) -> bool:
    """Whether a text is a number, cut to its decimals, when it is written with this decimal sign."""
    whole, _, decimals = text.strip("()-+").partition(sign)
    digits, after = re.sub(r"\D", "", whole), re.sub(r"\D", "", decimals)
    if not digits:
        return False
    shown = float(f"{digits}.{after or 0}")
    return bool(abs(shown - abs(value)) <= 0.5000001 / 10.0 ** len(after))
