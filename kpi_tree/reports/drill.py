"""From one cell of a report to the records behind it, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.metrics import NOT_SET
from kpi_tree.periods import Period
from kpi_tree.reports.groups import SEGMENTS, STEPS
from kpi_tree.reports.model import Answer, Cell, Column, KpiName, ReportTable
from kpi_tree.reports.spans import A_YEAR
from kpi_tree.reports.together import SIDES
from kpi_tree.reports.words import TYPES, WeekdayName

TYPE_IDS = {words.id: name for name, words in TYPES.items()}


@dataclass(frozen=True, slots=True)
class Drill:
    """Which records are asked for.

    Attributes:
        kpi: whose; empty where ``group`` says it.
        period: of which days.
        part: dimension and value that they have.
        group: ``step:cart`` visits that came so far, ``segment:loyal`` orders of such customers,
            ``cohort:2026-01-01..2026-01-31`` orders of customers whose first one was placed then.
    """

    kpi: str
    period: Period
    part: tuple[tuple[str, str], ...] = ()
    group: str = ""


Found = Drill | Msg
_EMPTY = msg("There is no value here, and so no records.")
_TARGET = msg("A target is set by people: there are no records behind it.")
_TOGETHER = msg("This line is worked out from many records together and has none of its own.")
_NEITHER = msg("This is not a figure. Pick a number.")


def drill(answer: Answer, table_id: str, row: int, column_id: str) -> Found:
    """The records behind a cell of an answer's table; a message says why there are none.

    Args:
        row: place in the table, from 0.

    Raises:
        KeyError: there is no such table or column. IndexError: no such row.
    """
    table = next((each for each in answer.tables if each.id == table_id), None)
    if table is None or answer.start is None or answer.end is None:
        raise KeyError(table_id)
    at = [column.id for column in table.columns].index(column_id)
    if table.rows[row][at] is None:
        return _EMPTY
    kind = "over_time" if table.id == "total" else answer.report.kind
    return _KINDS[kind](_Cell(answer, table, row, table.columns[at]))


def cells_of(answer: Answer, table: ReportTable) -> dict[Drill, list[tuple[int, str]]]:
    """Every figure of a table that has records, with the row and the column of each."""
    found: dict[Drill, list[tuple[int, str]]] = {}
    for row in range(len(table.rows)):
        for column in table.columns:
            one = drill(answer, table.id, row, column.id)
            if isinstance(one, Drill) and column.role in ("value", "before"):
                found.setdefault(one, []).append((row, column.id))
    return found


@dataclass(frozen=True, slots=True)
class _Cell:
    answer: Answer
    table: ReportTable
    row: int
    column: Column

    def of(self, column: str) -> Cell:
        return next(
            cell
            for each, cell in zip(self.table.columns, self.table.rows[self.row], strict=True)
            if each.id == column
        )

    @property
    def span(self) -> Period:
        """The days of the whole answer, or those that it is compared with."""
        shown, then = self.answer, self.answer.versus
        if self.is_before and then:
            return then
        assert shown.start is not None
        assert shown.end is not None
        return Period(shown.start, shown.end)

    @property
    def is_before(self) -> bool:
        return self.column.id == "before" and self.answer.compare in ("previous", "last_year")

    @property
    def is_target(self) -> bool:
        return self.column.id == "target" or (self.column.id == "before" and self.answer.compare == "target")

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, _value(self.of(name))) for name in self.table.parts)

    def whole(self, kpi: str) -> Found:
        return _TARGET if self.is_target else Drill(kpi, self.span, self.parts)


def _value(cell: Cell) -> str:
    """A dimension's value as filters know it."""
    if isinstance(cell, Msg):
        name = cell.params.get("name")
        return str(name.iso) if isinstance(name, WeekdayName) else TYPE_IDS.get(cell.id, NOT_SET)
    return NOT_SET if cell is None else str(cell)


def _one(cell: _Cell) -> Found:
    """A KPI's own table: its periods, its parts, or its whole span."""
    kpis = cell.answer.report.kpis
    named = cell.column.id if cell.column.id in kpis else kpis[0]
    found = cell.whole(named)
    first = cell.table.rows[cell.row][0]
    if isinstance(found, Drill) and isinstance(first, Period) and cell.table.id == "periods":
        return replace(found, period=_within(_then(first, cell), cell.span))
    return found


def _then(period: Period, cell: _Cell) -> Period:
    """The period of a row, or the one it is compared with."""
    if not cell.is_before:
        return period
    if cell.answer.compare == "last_year":
        return period.shift(-A_YEAR[cell.answer.grain])
    return period.shift(-len(cell.table.rows))


def _within(period: Period, span: Period) -> Period:
    """The days of a period that the answer covers."""
    start, end = max(period.start, span.start), min(period.end, span.end)
    return Period(start, end) if start < end else period


def _listed(cell: _Cell) -> Found:
    """A ranked list: a row that names a value of a dimension has its records."""
    if cell.table.id == "list" and not cell.table.parts:
        return _TOGETHER
    return cell.whole(cell.answer.report.kpis[0])


def _week(cell: _Cell) -> Found:
    if cell.column.role == "label":
        return _NEITHER
    hour = str(int(cell.column.id[1:]))
    part = (("weekday", str(cell.row + 1)), ("hour", hour))
    return Drill(cell.answer.report.kpis[0], cell.span, part)


def _by_kpi(cell: _Cell) -> Found:
    """A row a KPI; a column may be a side of the dimension."""
    if cell.column.role == "label":
        return _NEITHER
    named = cell.of("kpi")
    kpi = named.params["name"] if isinstance(named, Msg) else None
    assert isinstance(kpi, KpiName)
    side = next((name for name, _ in SIDES if name.strip("()").replace(" ", "_") == cell.column.id), None)
    found = cell.whole(kpi.kpi.id)
    if side is None or isinstance(found, Msg):
        return found
    [dim] = cell.answer.report.by
    return replace(found, part=((dim, side),))


def _step(cell: _Cell) -> Found:
    return Drill("", cell.span, cell.parts, f"step:{_key(STEPS, cell.of('step'))}")


def _segment(cell: _Cell) -> Found:
    return Drill("", cell.span, group=f"segment:{_key(SEGMENTS, cell.of('segment'))}")


def _cohort(cell: _Cell) -> Found:
    cohort = cell.of("cohort")
    assert isinstance(cohort, Period)
    later = int(cell.column.id[1:]) if cell.column.role == "value" else 0
    first = _within(cohort, cell.span)
    return Drill("", cohort.shift(later), group=f"cohort:{first.start.isoformat()}..{first.last.isoformat()}")


def _key(words: Mapping[str, Msg], cell: Cell) -> str:
    return next(name for name, each in words.items() if each == cell)


_KINDS: Mapping[str, Callable[[_Cell], Found]] = {
    "over_time": _one,
    "breakdown": _one,
    "matrix": _one,
    "ranked": _listed,
    "heat_map": _week,
    "scorecard": _by_kpi,
    "side_by_side": _by_kpi,
    "funnel": _step,
    "segments": _segment,
    "cohorts": _cohort,
}


def group_words(group: str) -> Msg | None:
    """What a group of records is called; ``None`` where there is no such group.

    >>> str(group_words("step:cart")), group_words("step:moon")
    ('Put it in the cart', None)
    """
    name, _, value = group.partition(":")
    if name == "cohort":
        first, _, last = value.partition("..")
        try:
            first_orders = Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
        except (ValueError, Refused):
            return None
        return msg("Customers who first ordered in {period}", period=first_orders)
    return {"step": STEPS, "segment": SEGMENTS}.get(name, {}).get(value)


def at_point(answer: Answer, point: Mapping[str, Any]) -> tuple[str, int, str] | None:
    """Table, row and column of a mark of the answer's chart.

    Args:
        point: what a click hands back: ``day`` of a period, ``order`` of a bar, ``at`` of a cell.
    """
    drawn = answer.chart
    table = next((each for each in answer.tables if drawn and each.id == drawn.table), None)
    if drawn is None or table is None:
        return None
    if drawn.kind == "time":
        day = str(point.get("day", ""))[:10]
        for row, cells in enumerate(table.rows):
            if isinstance(cells[0], Period) and cells[0].start.isoformat() == day:
                return table.id, row, drawn.values[0]
        return None
    place = point.get("order", point.get("at"))
    if not isinstance(place, int | float):
        return None
    row, column = divmod(int(place), 1 if drawn.y or drawn.kind != "grid" else len(drawn.values))
    return (table.id, row, drawn.values[column]) if 0 <= row < len(table.rows) else None
