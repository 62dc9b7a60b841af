"""Reports that set several KPIs together: by a dimension, against before, new beside returning."""

from __future__ import annotations

from kpi_tree.i18n import Msg, msg, nmsg, pmsg
from kpi_tree.metrics import NOT_SET, Series
from kpi_tree.periods import Period
from kpi_tree.reports.asked import MOST_ROWS, Asked, change, difference, label
from kpi_tree.reports.model import (
    Answer,
    Cell,
    Column,
    ReportChart,
    ReportTable,
    number,
)
from kpi_tree.reports.single import BEFORE

SIDES: tuple[tuple[str, Msg], ...] = (
    ("new", msg("New")),
    ("returning", msg("Returning")),
    (NOT_SET, msg("Not known")),
)


def matrix(asked: Asked) -> Answer:
    """A row a value of the dimension, a column a KPI, the whole shop first."""
    [dim] = asked.report.by
    found = asked.series(*asked.report.kpis, by=(dim,))
    cells: dict[str, dict[str, float | None]] = {}
    for kpi, series in found.items():
        if series.totals is not None:
            for row in series.totals.to_dict("records"):
                cells.setdefault(str(row[dim]), {})[kpi] = number(row["value"])
    first = asked.report.kpis[0]
    keys = sorted(cells, key=lambda key: (cells[key].get(first) is None, -(cells[key].get(first) or 0), key))
    columns = [Column(dim, asked.dimension(dim), "label")]
    columns += [Column(k, asked.name(k), "value", s.unit, s.currency) for k, s in found.items()]
    everything: tuple[Cell, ...] = (msg("All"), *(number(s.total.get("value")) for s in found.values()))
    rows = [(label(dim, key), *(cells[key].get(kpi) for kpi in found)) for key in keys[:MOST_ROWS]]
    notes = asked.notes(found)
    if len(keys) > MOST_ROWS:
        notes.append(nmsg("{n} more row is left out.", "{n} more rows are left out.", len(keys) - MOST_ROWS))
    parts = ReportTable("parts", msg("By part"), tuple(columns), tuple(rows), parts=(dim,))
    total = ReportTable("total", msg("Whole span"), tuple(columns), (everything,))
    return asked.answer([parts, total], ReportChart("bars", "parts", dim, (first,)), notes)


def scorecard(asked: Asked) -> Answer:
    """A row a KPI: the span's figure, and what it is compared with."""
    kpis = asked.report.kpis
    found, before = asked.series(*kpis), asked.before(*kpis)
    whole = Period(asked.shown.start, asked.shown.end)
    columns = [Column("kpi", msg("Indicator"), "label"), Column("value", msg("Value"), "value")]
    if asked.compare != "none":
        name = BEFORE.get(asked.compare, msg("Target"))
        columns += [Column("before", name, "before"), Column("difference", msg("Difference"), "before"),
                    Column("change", pmsg("noun", "Change"), "change", "percent")]  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for kpi, series in found.items():
        now = number(series.total.get("value"))
        row: list[Cell] = [asked.name(kpi), now]
        if asked.compare != "none":
            then = (
                asked.source.target(kpi, whole) if asked.compare == "target"
                else number(before[kpi].total.get("value"))
            )  # fmt: skip
            row += [then, difference(now, then), None if series.unit == "percent" else change(now, then)]
        rows.append(tuple(row))
    table = ReportTable("figures", msg("Figures"), tuple(columns), tuple(rows), _units(found))
    return asked.answer([table], None, asked.notes(found))


def side_by_side(asked: Asked) -> Answer:
    """A row a KPI, and beside each other what new and what returning ones make of it."""
    [dim] = asked.report.by
    found = asked.series(*asked.report.kpis, by=(dim,))
    columns = [Column("kpi", msg("Indicator"), "label")]
    columns += [Column(side.strip("()").replace(" ", "_"), title, "value") for side, title in SIDES]
    columns.append(Column("all", msg("All"), "before"))
    rows = []
    for kpi, series in found.items():
        parts: dict[str, float | None] = {}
        if series.totals is not None:
            parts = {str(row[dim]): number(row["value"]) for row in series.totals.to_dict("records")}
        cells = (parts.get(side) for side, _ in SIDES)
        rows.append((asked.name(kpi), *cells, number(series.total.get("value"))))
    table = ReportTable("pairs", msg("Side by side"), tuple(columns), tuple(rows), _units(found))
    return asked.answer([table], None, asked.notes(found))


def _units(found: dict[str, Series]) -> tuple[tuple[str | None, str | None], ...]:
    return tuple((series.unit, series.currency) for series in found.values())
