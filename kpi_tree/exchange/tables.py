"""A tree written in a spreadsheet: indented cells, a level beside each name, or each row's parent."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from kpi_tree.errors import Refused
from kpi_tree.exchange.edge_rows import from_edge_rows, head_of
from kpi_tree.exchange.table_cells import MARKS, clean, field_of, level_header, level_of
from kpi_tree.exchange.table_nodes import Builder, Line
from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue
from kpi_tree.periods import DEFAULT_CALENDAR, Calendar, Period
from kpi_tree.plan.field_readers import MAX_NAME
from kpi_tree.plan.model import Plan

Shape = Literal["level", "parent", "indented", "spaces", "lines"]
MAX_ROWS = 20_000
_BULLET = re.compile(r"^(?P<indent>\s*)(?:[-*•–]\s+)?(?P<name>.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TableReading:
    """A plan read from a table, how the table was understood, and what a person should look at.

    Attributes:
        columns: the fields that its columns fill.
    """

    plan: Plan
    shape: Shape
    issues: tuple[Issue, ...]
    columns: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Head:
    """Which column holds what: field → column number; ``levels`` are the columns of indented names."""

    fields: dict[str, int] = field(default_factory=dict)
    levels: list[int] = field(default_factory=list)
    first: int = 0
    names: list[str] = field(default_factory=list)


def from_rows(
    rows: Sequence[Sequence[str]],
    *,
    kpis: Collection[str] = (),
    plan_id: str = "table",
    period: Period | None = None,
    calendar: Calendar = DEFAULT_CALENDAR,
) -> TableReading:
    """Reads a tree from the rows of a table.

    The tree's shape is told by a column of levels (``1 2 2 3`` or ``1 1.1 1.2``), by a column of parents,
    by the column that a name stands in, or by the blanks before it. Columns with headings such as *owner,
    target, unit, formula, kpi, id, notes, operator, type* fill the nodes, in any of the languages.

    Args:
        kpis: ids of the catalogue; an id or a KPI column that names one links the node to it.
        period: what a target is for where no column says it; without both a target is left out, and said so.
        calendar: the one in which ``FY2027-Q1`` is meant.

    Raises:
        Refused: nothing in it can be a tree, with what would make it one.

    >>> made = from_rows([["Sales", ""], ["", "Orders"], ["", "Order value"]])
    >>> made.shape, made.plan.children("sales")
    ('indented', ['orders', 'order_value'])
    """
    filled = [(at, [clean(cell) for cell in row]) for at, row in enumerate(rows, 1)]
    filled = [(at, row) for at, row in filled if any(cell.strip() for cell in row)]
    if not filled:
        raise Refused(msg("The table is empty."), remedy=msg("Choose a sheet with a name in each row."))
    if len(filled) > MAX_ROWS:
        raise Refused(
            msg("The table has {n} rows; the limit is {limit}.", n=len(filled), limit=MAX_ROWS),
            remedy=msg("Split it."),
        )
    # A title may stand above the headings.
    begin = next((at for at, (_, row) in enumerate(filled[:12]) if len(_head(row).fields) > 1), 0)
    for above, (_, row) in enumerate(filled[:12]):
        if lines_head := head_of(row):
            plan, said = from_edge_rows(filled[above + 1 :], lines_head, kpis=kpis, plan_id=plan_id)
            return TableReading(plan, "lines", said, frozenset(lines_head))
    head = _head(filled[begin][1])
    shape, lines, issues = _lines(filled[begin + head.first :], head)
    if not lines:
        raise Refused(
            msg("No names were found in the table."),
            remedy=msg(
                "Write one name a row, and show what hangs below what: by indenting, a level, or a parent."
            ),
        )
    builder = Builder(kpis, plan_id, period, issues, calendar)
    return TableReading(builder.plan(lines), shape, tuple(builder.issues), frozenset(head.fields))


def _head(first: Sequence[str]) -> _Head:
    """The headings, where the first row is one: at least one known word, or numbered levels."""
    head = _Head(names=list(first))
    for at, cell in enumerate(first):
        named = field_of(cell)
        if named is not None:
            head.fields.setdefault(named, at)
        elif level_header(" ".join(cell.casefold().split())):
            head.levels.append(at)
    if not head.fields and not head.levels:
        return _Head()
    # One known word alone may be a node's name; a heading has company.
    if len(head.fields) + len(head.levels) < 2 and sum(1 for cell in first if cell.strip()) > 1:
        return _Head()
    head.first = 1
    return head


def _lines(rows: Sequence[tuple[int, list[str]]], head: _Head) -> tuple[Shape, list[Line], list[Issue]]:
    issues: list[Issue] = []
    name = head.fields.get("name")
    if name is not None and "level" in head.fields:
        return "level", _by_level(rows, head, issues), issues
    if name is not None and "parent" in head.fields:
        return "parent", _by_parent(rows, head, issues), issues
    if name is not None and not head.levels:
        return "spaces", _by_spaces(rows, head, name, issues), issues
    return _by_column(rows, head, issues)


def _line(row: tuple[int, list[str]], head: _Head, name: str, level: int) -> Line:
    at, cells = row
    values = {
        word: cells[column].strip()
        for word, column in head.fields.items()
        if column < len(cells) and word not in ("name", "level") and cells[column].strip()
    }
    mark, _, rest = name.partition(" ")
    if mark in MARKS and rest.strip():
        values.setdefault("operator", mark)
        name = rest
    short = " ".join(name.split())[:MAX_NAME]
    return Line(at, short, level, values, head.names)


def _by_level(rows: Sequence[tuple[int, list[str]]], head: _Head, issues: list[Issue]) -> list[Line]:
    lines: list[Line] = []
    column, numbered = head.fields["name"], head.fields["level"]
    for at, cells in rows:
        name = cells[column].strip() if column < len(cells) else ""
        said = cells[numbered].strip() if numbered < len(cells) else ""
        level = level_of(said)
        if not name:
            continue
        if level is None:
            message = msg("{value} is not a level.", value=said[:40] or "–")
            remedy = msg("Write 1 for the goal, 2 for what is right below it.")
            issues.append(_issue(message, at, head.names[numbered], said, remedy))
            level = max(lines[-1].level, lines[0].level + 1) if lines else 1
        lines.append(_line((at, cells), head, name, level))
    return lines


def _by_spaces(
    rows: Sequence[tuple[int, list[str]]],
    head: _Head,
    column: int,
    issues: list[Issue],  # noqa: ARG001
) -> list[Line]:
    lines: list[Line] = []
    for at, cells in rows:
        cell = cells[column] if column < len(cells) else ""
        found = _BULLET.match(cell)
        if found and found["name"].strip():
            indent = len(found["indent"].expandtabs(4))
            lines.append(_line((at, cells), head, found["name"].strip(), indent + 1))
    return lines


def _by_parent(rows: Sequence[tuple[int, list[str]]], head: _Head, issues: list[Issue]) -> list[Line]:
    """Parents by id or name become levels; a row whose parent is nowhere hangs from the goal, and says so."""
    column, above = head.fields["name"], head.fields["parent"]
    entries = [_line((at, cells), head, cells[column].strip(), 0) for at, cells in rows
               if column < len(cells) and cells[column].strip()]  # fmt: skip
    by_word: dict[str, int] = {}
    for at, line in enumerate(entries):
        for word in (line.values.get("id", ""), line.name):
            if word:
                by_word.setdefault(word.casefold(), at)
    below: dict[int | None, list[int]] = {}
    for at, line in enumerate(entries):
        parent = line.values.pop("parent", "")
        place = by_word.get(parent.casefold()) if parent else None
        if parent and (place is None or place == at):
            message = msg("There is no row called {name}.", name=parent[:60])
            remedy = msg("Write the name or the id of another row.")
            issues.append(_issue(message, line.row, head.names[above], parent, remedy))
            place = next((first for first in range(len(entries)) if first != at), None)
        below.setdefault(place, []).append(at)
    return _walked(entries, below)


def _walked(entries: list[Line], below: dict[int | None, list[int]]) -> list[Line]:
    lines: list[Line] = []
    seen: set[int] = set()
    pending = [(at, 1) for at in reversed(below.get(None, []))]
    while pending:
        at, level = pending.pop()
        if at in seen:
            continue
        seen.add(at)
        lines.append(replace(entries[at], level=level))
        pending += [(child, level + 1) for child in reversed(below.get(at, []))]
    left = [entries[at] for at in range(len(entries)) if at not in seen]
    if left:
        raise Refused(
            msg("The rows run in a circle: {path}.", path=" → ".join(line.name for line in left[:6])),
            place=_place(left[0].row, ""),
            remedy=msg("Leave the parent of one of them empty, or correct it."),
        )
    return lines


def _by_column(
    rows: Sequence[tuple[int, list[str]]], head: _Head, issues: list[Issue]
) -> tuple[Shape, list[Line], list[Issue]]:
    """The column says the level. A row of several names is a path; what stands already is not new."""
    taken = set(head.fields.values())
    width = max(len(cells) for _, cells in rows) if rows else 0
    columns = head.levels or [at for at in range(width) if at not in taken]
    if len(columns) == 1:
        return "spaces", _by_spaces(rows, head, columns[0], issues), issues
    lines: list[Line] = []
    path: list[str] = []
    for at, cells in rows:
        names = [(level, cells[column].strip()) for level, column in enumerate(columns, 1)
                 if column < len(cells) and cells[column].strip()]  # fmt: skip
        for place, (level, name) in enumerate(names):
            if len(names) > 1 and place < len(names) - 1 and path[level - 1 : level] == [name]:
                continue
            path = [*path[: level - 1], *[""] * (level - 1 - len(path)), name]
            last = place == len(names) - 1
            lines.append(_line((at, cells if last else []), head, name, level))
    return "indented", lines, issues


def _issue(message: Msg, row: int, column: str, value: str, remedy: Msg) -> Issue:
    return Issue(
        "warning", "table_cell", message, _place(row, column), remedy, row, column or None, value[:200]
    )


def _place(row: int, column: str) -> str:
    return f"row {row}, column {column}" if column else f"row {row}"
