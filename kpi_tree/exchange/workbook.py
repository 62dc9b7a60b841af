"""The tree as a workbook: a sheet to read, and four that hold the whole plan. A text is never a formula."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi_tree.exchange.action_rows import COLUMNS as ACTION_COLUMNS
from kpi_tree.exchange.diagrams import operator
from kpi_tree.exchange.edge_rows import tested_text
from kpi_tree.exchange.sheet_rows import EDGES, NODES
from kpi_tree.exchange.sheets import DANGEROUS
from kpi_tree.exchange.target_rows import COLUMNS as TARGET_COLUMNS
from kpi_tree.i18n import Msg, msg, translate
from kpi_tree.i18n.quantity import PERCENTAGE_POINTS
from kpi_tree.plan.model import Plan

Value = str | float | date | Msg | None
MOST_LEVELS = 7  # Excel's own limit of row outlines


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A node on the sheet that people read; ``depth`` counts from 0 at the goal, shares are fractions."""

    id: str
    name: str
    depth: int
    status: str | None = None
    status_text: str = ""
    unit: str | None = None
    currency: str | None = None
    actual: float | None = None
    target: float | None = None
    target_period: str = ""
    expected: float | None = None
    done: float | None = None
    pace: float | None = None
    data_through: date | None = None
    owner: str = ""
    reason: str = ""
    kind: str = "kpi"
    formula: str = ""


_TONES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("ahead", "on_track", "achieved"), ("#17623d", "#e3f3ea")),
    **dict.fromkeys(("at_risk", "achieved_at_cost"), ("#8a4d05", "#fbeedd")),
    **dict.fromkeys(("off_track", "missed"), ("#9b2530", "#fbe6e7")),
    "too_early": ("#175a94", "#e2eef8"),
}
"""Status → colour of its words and of its cell; the word itself says it too."""

_KINDS: Mapping[str, Msg] = {"kgi": msg("Goal"), "kpi": msg("KPI"), "action": msg("Action")}
_TREE: tuple[tuple[Msg, float], ...] = (
    (msg("Indicator"), 38), (msg("Level in the tree"), 9),
    (msg("Status"), 15), (msg("Actual"), 16), (msg("Target"), 16),
    (msg("Target for"), 12), (msg("Expected by now"), 16), (msg("Done"), 9), (msg("Pace"), 9),
    (msg("Data through"), 13),
    (msg("Owner"), 20), (msg("Why"), 60), (msg("Type"), 9), (msg("Formula"), 40), (msg("Id"), 24),
)  # fmt: skip


def to_workbook(plan: Plan, rows: Sequence[TreeRow], *, note: str = "", lang: str = "en") -> bytes:
    """An XLSX workbook: the tree as it stands with its values, then nodes, edges, targets and actions.

    Args:
        rows: the nodes in reading order, parents first.
        note: a line that says what the values are of, such as the day.
        lang: language of headings; numbers and dates are shown in the form that the reader's program uses.

    >>> to_workbook(Plan("p"), [TreeRow("a", "=1+1", 0)])[:2]
    b'PK'
    """
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, {**options, "nan_inf_to_errors": True})
    book.set_properties({"title": (plan.name or plan.id)[:255], "comments": note[:255]})
    writer = _Writer(book, lang)
    writer.tree(rows, plan.name or plan.id, note)
    for title, head, body in _tables(plan):
        writer.table(title, head, body)
    book.close()
    return out.getvalue()


class _Writer:
    """Cells with their formats, each format made once."""

    def __init__(self, book: Any, lang: str) -> None:
        self.book, self.lang = book, lang
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **how: Any) -> Any:
        """A cell format; the same one for the same wishes."""
        key = tuple(sorted(how.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"valign": "top", **how})
        return self._formats[key]

    def put(self, page: Any, row: int, column: int, value: Value, **how: Any) -> None:
        """One value in the form of its kind."""
        if isinstance(value, Msg):
            value = translate(value, self.lang)
        if value is None or value == "":
            if how:
                page.write_blank(row, column, None, self.format(**how))
        elif isinstance(value, str):
            more = {"quote_prefix": True} if DANGEROUS.match(value) else {}
            page.write_string(row, column, value[:32_000], self.format(**how, **more))
        elif isinstance(value, date):
            page.write_datetime(row, column, value, self.format(num_format=14, **how))
        else:
            page.write_number(row, column, value, self.format(**how))

    def head(self, page: Any, row: int, names: Sequence[Msg], widths: Sequence[float]) -> None:
        """Headings that stay in sight."""
        for column, (name, width) in enumerate(zip(names, widths, strict=True)):
            self.put(page, row, column, name, bold=True, bottom=1, bg_color="#f3f5f8", text_wrap=True)
            page.set_column(column, column, width)
        page.freeze_panes(row + 1, 1)

    def tree(self, rows: Sequence[TreeRow], title: str, note: str) -> None:
        """The sheet that people read: names indented, branches that fold, status in words and colour."""
        page = self.book.add_worksheet(translate(msg("Tree"), self.lang))
        self.put(page, 0, 0, title, bold=True, font_size=14)
        self.put(page, 1, 0, note, font_color="#525c6a")
        self.head(page, 3, [name for name, _ in _TREE], [width for _, width in _TREE])
        page.outline_settings(True, False, True, False)
        for at, row in enumerate(rows, 4):
            if row.depth:
                page.set_row(at, None, None, {"level": min(row.depth, MOST_LEVELS)})
            self.tree_row(page, at, row)
        last = 3 + len(rows)
        page.autofilter(3, 0, last, len(_TREE) - 1)
        bar = {
            "type": "data_bar",
            "bar_color": "#a9b6ea",
            "min_type": "num",
            "max_type": "num",
        }
        page.conditional_format(4, 7, max(last, 4), 7, {**bar, "min_value": 0, "max_value": 1})
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(3)

    def tree_row(self, page: Any, at: int, row: TreeRow) -> None:
        """One node."""
        amount = {"num_format": number_format(row.unit, row.currency, row.actual, row.target)}
        ink, ground = _TONES.get(row.status or "", ("#525c6a", ""))
        tone = {"font_color": ink, "bold": True, **({"bg_color": ground} if ground else {})}
        self.put(page, at, 0, row.name, indent=min(row.depth, 15), bold=row.depth == 0)
        self.put(page, at, 1, row.depth + 1)
        self.put(page, at, 2, row.status_text, **(tone if row.status_text else {}))
        for column, value in ((3, row.actual), (4, row.target), (6, row.expected)):
            self.put(page, at, column, value, **amount)
        self.put(page, at, 5, row.target_period)
        self.put(page, at, 7, row.done, num_format="0%")
        self.put(page, at, 8, row.pace, num_format="0.00")
        self.put(page, at, 9, row.data_through, align="left")
        self.put(page, at, 10, row.owner)
        self.put(page, at, 11, row.reason, text_wrap=True)
        self.put(page, at, 12, _KINDS[row.kind])
        self.put(page, at, 13, row.formula)
        self.put(page, at, 14, row.id, font_color="#525c6a")

    def table(self, title: Msg, head: Sequence[Msg], body: Sequence[Sequence[Value]]) -> None:
        """A plain table that filters."""
        page = self.book.add_worksheet(translate(title, self.lang))
        wide = [max([12, *(min(len(str(row[n] or "")), 60) for row in body[:500])]) for n in range(len(head))]
        self.head(page, 0, head, wide)
        for at, row in enumerate(body, 1):
            for column, value in enumerate(row):
                self.put(page, at, column, value, **({"text_wrap": True} if wide[column] >= 60 else {}))
        page.autofilter(0, 0, max(len(body), 1), len(head) - 1)


def number_format(unit: str | None, currency: str | None, *values: float | None) -> str:
    """How a spreadsheet shows values of a unit; its separators are the reader's own.

    >>> number_format("percent", None), number_format("money", "NOK", 120_000.0)
    ('0.0%', '[$NOK] #,##0')
    """
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if unit in ("percent", PERCENTAGE_POINTS):
        return "0.0%" if largest >= 0.001 or not largest else "0.000%"
    whole = largest >= 1000 or all(value is None or float(value).is_integer() for value in values)
    digits = "#,##0" if whole else "#,##0.00"
    letters = "".join(char for char in currency or "" if char.isalpha())[:3]
    return f"[${letters}] {digits}" if unit == "money" and letters else digits


_EVENTS: Mapping[str, Msg] = {
    "name": msg("Name"), "start": msg("From"), "last": msg("Through"), "weight": msg("Weight"),
}  # fmt: skip
_CAPACITY: Mapping[str, Msg] = {"owner": msg("Owner"), "amount": msg("Can carry"), "unit": msg("Unit")}


def further_sheets(plan: Plan) -> list[list[list[str]]]:
    """The rows of the sheets after the tree, headings first, as the cells of the workbook read back.

    >>> [rows[0][0] for rows in further_sheets(Plan("p"))]
    ['Id', 'Parent', 'Id', 'Id']
    """
    return [
        [[translate(name, "en") for name in head], *([_read_back(cell) for cell in row] for row in body)]
        for _, head, body in _tables(plan)
    ]


def _read_back(cell: Value) -> str:
    return "" if cell is None else translate(cell, "en") if isinstance(cell, Msg) else str(cell)


def _tables(plan: Plan) -> list[tuple[Msg, list[Msg], list[list[Value]]]]:
    """Title, headings and rows of the sheets that hold the whole plan."""
    names = {node.id: node.name or node.id for node in plan.nodes.values()}
    held = {edge.child: names[edge.parent] for edge in plan.edges if edge.kind == "supports"}
    nodes = [vars(node) for node in plan.nodes.values() if node.kind != "action"]
    actions = [
        {**vars(node), "supports": held.get(node.id)} for node in plan.nodes.values() if node.kind == "action"
    ]
    edges = [
        {
            **vars(edge),
            "parent_name": names[edge.parent],
            "child_name": names[edge.child],
            "operator": operator(plan, edge.parent, edge.child) if edge.derived else None,
            "sign": edge.sign or None,
            "tested": tested_text(edge.tested),
        }
        for edge in plan.edges
    ]
    targets = [
        {
            **vars(one),
            "node_name": names[one.node],
            "start": one.period.start,
            "last": one.period.last,
            "events": 1 if one.events else None,
        }
        for one in plan.targets.values()
        if one.in_force
    ]
    sheets: list[tuple[Msg, Mapping[str, Msg], list[dict[str, Any]]]] = [
        (msg("Nodes"), NODES, nodes), (msg("Edges"), EDGES, edges),
        (msg("Targets"), TARGET_COLUMNS, targets), (msg("Actions"), ACTION_COLUMNS, actions),
    ]  # fmt: skip
    sheets += _beside(plan)
    return [
        (title, list(head.values()), [[_cell(row[name]) for name in head] for row in rows])
        for title, head, rows in sheets
    ]


def _beside(plan: Plan) -> list[tuple[Msg, Mapping[str, Msg], list[dict[str, Any]]]]:
    """Known events and what people can carry, each a sheet where there are some."""
    events = [
        {"name": one.name, "start": one.period.start, "last": one.period.last, "weight": one.weight}
        for one in plan.events
    ]
    people = [{"owner": who, "amount": much, "unit": plan.capacity_unit} for who, much in plan.capacity]
    found = ((msg("Known events"), _EVENTS, events), (msg("What people can carry"), _CAPACITY, people))
    return [(title, head, rows) for title, head, rows in found if rows]


def _cell(value: Any) -> Value:
    """Lists of names as one text; all else as it is."""
    found: Value = ", ".join(value) if isinstance(value, tuple) else value
    return found
