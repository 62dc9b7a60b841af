"""What a report is, as data, and what running one answers: tables, chart data, notes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from kpi_tree.catalogue import Kpi
from kpi_tree.i18n import Msg, translate
from kpi_tree.periods import Grain, Period
from kpi_tree.records.tables import Column as RecordColumn
from kpi_tree.records.tables import column_label

Kind = Literal[
    "over_time",
    "breakdown",
    "ranked",
    "matrix",
    "scorecard",
    "side_by_side",
    "heat_map",
    "funnel",
    "cohorts",
    "segments",
]
Compare = Literal["none", "previous", "last_year", "target"]
COMPARISONS: tuple[Compare, ...] = ("none", "previous", "last_year", "target")
Role = Literal["period", "label", "value", "before", "change"]


@dataclass(frozen=True, slots=True)
class KpiName:
    """A KPI's name, in the reader's language when a message is shown."""

    kpi: Kpi

    def in_language(self, lang: str) -> str:
        """The name."""
        return self.kpi.text("name", lang)


@dataclass(frozen=True, slots=True)
class DimensionName:
    """A dimension's name, in the reader's language when a message is shown.

    Attributes:
        own: its column in a table of the shop's own, whose name stays as the shop writes it.
    """

    id: str
    own: RecordColumn | None = field(default=None, compare=False)

    def in_language(self, lang: str) -> str:
        """The name, in small letters where it stands inside a sentence."""
        if self.own is not None:
            return self.own.title(lang)
        found = column_label("orders", self.id, lang)
        return found.lower() if lang in ("en", "nb") else found


@dataclass(frozen=True, slots=True)
class Report:
    """A prebuilt report.

    Attributes:
        id: stable name in addresses and on the command line.
        title, question: what it is called, and what a person asks when opening it.
        category: one of the catalogue's.
        kpis: what it shows, in order; empty where it is made from customers or visits themselves.
        by: what it is broken down by.
        grain: length of a period unless the reader chooses another.
        compare: what it is compared with unless the reader chooses otherwise.
        source: which funnel, for a funnel.
    """

    id: str
    title: Msg
    question: Msg
    kind: Kind
    category: str
    kpis: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    grain: Grain = Grain.MONTH
    compare: Compare = "none"
    source: str = ""

    @property
    def may_compare(self) -> tuple[Compare, ...]:
        """The comparisons that this report can make."""
        if self.kind in ("over_time", "scorecard"):
            return COMPARISONS
        return ("none", "previous", "last_year") if self.kind == "breakdown" else ("none",)

    @property
    def has_grain(self) -> bool:
        """Whether the length of a period changes what it shows."""
        return self.kind in ("over_time", "cohorts")

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The report's entry in the list, for JSON."""
        return {
            "id": self.id,
            "title": translate(self.title, lang),
            "question": translate(self.question, lang),
            "kind": self.kind,
            "category": self.category,
            "kpis": list(self.kpis),
            "by": list(self.by),
            "grain": str(self.grain),
            "compare": self.compare,
        }


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report's table; ``title`` is a message, or a name out of the data as it is."""

    id: str
    title: Msg | str
    role: Role = "value"
    unit: str | None = None
    currency: str | None = None

    def heading(self, lang: str) -> str:
        """The title in a language; a text out of the data is never looked up as a message."""
        return translate(self.title, lang) if isinstance(self.title, Msg) else self.title


Cell = Period | Msg | str | float | None


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of an answer; gaps are ``None``. ``units`` are those of each row, where rows differ.

    ``parts``: the columns that name the value of a dimension which all records behind a row have.
    """

    id: str
    title: Msg
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    units: tuple[tuple[str | None, str | None], ...] = ()
    parts: tuple[str, ...] = ()

    def unit(self, row: int, column: Column) -> tuple[str | None, str | None]:
        """Unit and currency of a cell: the row's own where each row is another KPI, else the column's."""
        if self.units and column.role in ("value", "before") and column.unit is None:
            return self.units[row]
        return column.unit, column.currency

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The table for JSON: numbers whole, periods by name."""
        return {
            "id": self.id,
            "title": translate(self.title, lang),
            "columns": [
                {"id": c.id, "title": c.heading(lang), "role": c.role, "unit": c.unit, "currency": c.currency}
                for c in self.columns
            ],
            "rows": [
                {c.id: plain(cell, lang) for c, cell in zip(self.columns, row, strict=True)}
                for row in self.rows
            ],
        }


@dataclass(frozen=True, slots=True)
class ReportChart:
    """What to draw, from a table: ``kind`` says how, the rest which of its columns.

    ``time`` is x over periods with ``values`` (and ``before``), ``bars`` one bar a row, ``grid`` a colour
    for each row and value column, ``funnel`` bars of falling length by step (``y``: one group a value).
    """

    kind: Literal["time", "bars", "grid", "funnel"]
    table: str
    x: str
    values: tuple[str, ...]
    before: str = ""
    y: str = ""
    flow: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """A report as run."""

    report: Report
    start: date | None
    end: date | None
    grain: Grain
    compare: Compare
    where: Mapping[str, tuple[str, ...]]
    tables: tuple[ReportTable, ...] = ()
    chart: ReportChart | None = None
    notes: tuple[Msg, ...] = ()
    data_from: date | None = None
    data_through: date | None = None
    versus: Period | None = field(default=None)
    own: Mapping[str, RecordColumn] = field(default_factory=dict)

    def dimension(self, name: str, lang: str) -> str:
        """What a dimension that it is filtered by is called, at the head of a line."""
        return self.own[name].title(lang) if name in self.own else column_label("orders", name, lang)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not any(
            isinstance(cell, int | float)
            for table in self.tables
            for row in table.rows
            for column, cell in zip(table.columns, row, strict=True)
            if column.role == "value"
        )

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The answer for JSON."""
        chart = self.chart
        return {
            **self.report.to_dict(lang),
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "grain": str(self.grain),
            "compare": self.compare,
            "where": {name: list(values) for name, values in self.where.items()},
            "tables": [table.to_dict(lang) for table in self.tables],
            "chart": None
            if chart is None
            else {"kind": chart.kind, "table": chart.table, "x": chart.x, "y": chart.y or None,
                  "values": list(chart.values), "before": chart.before or None},
            "data_from": self.data_from.isoformat() if self.data_from else None,
            "data_through": self.data_through.isoformat() if self.data_through else None,
            "notes": [translate(note, lang) for note in self.notes],
        }  # fmt: skip


def plain(cell: Cell, lang: str) -> str | float | None:
    """A cell for JSON or a file: a period and a message by their words, a number as it is."""
    if isinstance(cell, Period):
        return cell.in_language(lang)
    if isinstance(cell, Msg):
        return translate(cell, lang)
    return cell


def number(value: Any) -> float | None:
    """A finite number, or *no value*.

    >>> number(float("nan")), number(2)
    (None, 2.0)
    """
    if value is None:
        return None
    found = float(value)
    return found if math.isfinite(found) else None


def named(text: Any) -> Msg:
    """A message that is only a name in the reader's language."""
    return Msg("{name}", params={"name": text})
