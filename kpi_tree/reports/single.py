"""Reports on one KPI: over time, by its parts, its ranked list, by weekday and hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kpi_tree.analysis import kind_of
from kpi_tree.catalogue import Kpi
from kpi_tree.i18n import Msg, apart, msg, nmsg, pmsg
from kpi_tree.metrics import Series
from kpi_tree.periods import Period
from kpi_tree.reports.asked import MOST_ROWS, Asked, change, difference, label
from kpi_tree.reports.model import (
    Answer,
    Cell,
    Column,
    ReportChart,
    ReportTable,
    named,
    number,
)
from kpi_tree.reports.words import WEEKDAYS, WeekdayName

IN_ORDER: Mapping[str, Msg] = {"weekday": msg("Weekday"), "hour": msg("Hour")}
"""Dimensions that stand in their own order, and what they are called."""
WEEK = range(1, 8)
HOURS = range(24)


@dataclass(frozen=True, slots=True)
class ColumnName:
    """The name of a column of a KPI's ranked table."""

    kpi: Kpi
    column: str

    def in_language(self, lang: str) -> str:
        """The name."""
        table = self.kpi.table
        words = table.columns.get(self.column, {}) if table else {}
        return str(words.get(lang) or words.get("en") or self.column)


def value_columns(asked: Asked, series: Series) -> list[Column]:
    """Value, and what it is compared with."""
    unit, currency = series.unit, series.currency
    columns = [Column("value", asked.name(series.kpi), "value", unit, currency)]
    if asked.compare in ("previous", "last_year"):
        columns.append(Column("before", BEFORE[asked.compare], "before", unit, currency))
        columns += change_columns(unit, currency)
    elif asked.compare == "target":
        columns.append(Column("target", msg("Target"), "before", unit, currency))
        columns.append(Column("difference", msg("Above target"), "change", apart(unit), currency))
    return columns


BEFORE: Mapping[str, Msg] = {"previous": msg("Before"), "last_year": msg("Last year")}


def change_columns(unit: str | None, currency: str | None) -> list[Column]:
    """The difference, and the relative change where that has meaning."""
    columns = [Column("difference", msg("Difference"), "change", apart(unit), currency)]
    if unit != "percent":
        columns.append(Column("change", pmsg("noun", "Change"), "change", "percent"))
    return columns


def values(asked: Asked, series: Series, now: float | None, then: float | None) -> list[Cell]:
    """The cells of :func:`value_columns`."""
    if asked.compare == "none":
        return [now]
    cells: list[Cell] = [now, then, difference(now, then)]
    if asked.compare != "target" and series.unit != "percent":
        cells.append(change(now, then))
    return cells


def over_time(asked: Asked) -> Answer:
    """A row a period, and the whole span above it."""
    [kpi] = asked.report.kpis
    found = asked.series(kpi)
    series, before = found[kpi], asked.before(kpi).get(kpi)
    periods = asked.shown.periods
    now = [number(value) for value in series.frame["value"]]
    then = [number(value) for value in before.frame["value"]] if before else [None] * len(periods)
    if asked.compare == "target":
        then = [asked.source.target(kpi, period) for period in periods]
    whole = before.total.get("value") if before else None
    if asked.compare == "target":
        whole = asked.source.target(kpi, Period(asked.shown.start, asked.shown.end))
    basis = [Column("records", msg("Records"), "label", "count")]
    counts: list[list[Cell]] = [[number(records)] for records in series.frame["records"]]
    if asked.kpi(kpi).denominator is not None:
        basis = [
            Column("numerator", msg("Numerator"), "label"),
            Column("denominator", msg("Denominator"), "label"),
            *basis,
        ]
        for cells, top, under in zip(
            counts, series.frame["numerator"], series.frame["denominator"], strict=True
        ):
            cells[:0] = [number(top), number(under)]
    columns = value_columns(asked, series)
    rows = [
        (period, *values(asked, series, one, other), *cells)
        for period, one, other, cells in zip(periods, now, then, counts, strict=True)
    ]
    by_period = ReportTable(
        "periods",
        msg("By period"),
        (Column("period", msg("Period"), "period"), *columns, *basis),
        tuple(rows),
    )
    everything = number(series.total.get("value"))
    total = ReportTable(
        "total",
        msg("Whole span"),
        (Column("period", msg("Period"), "period"), *columns),
        ((Period(asked.shown.start, asked.shown.end), *values(asked, series, everything, number(whole))),),
    )  # fmt: skip
    against = "before" if before else "target" if asked.compare == "target" else ""
    flow = kind_of(asked.kpi(kpi).rollup) == "flow"
    chart = ReportChart("time", "periods", "period", ("value",), before=against, flow=flow)
    notes = asked.notes(found)
    if asked.compare != "none" and all(each is None for each in then):
        notes.append(msg("There is nothing to compare with in these days."))
    return asked.answer([by_period, total], chart, notes)


def _by_key(series: Series | None, by: tuple[str, ...]) -> dict[tuple[Any, ...], float | None]:
    if series is None or series.totals is None:
        return {}
    return {tuple(row[dim] for dim in by): number(row["value"]) for row in series.totals.to_dict("records")}


def breakdown(asked: Asked) -> Answer:
    """A row a value of the dimension, largest first, with its share where parts add up to the whole."""
    [kpi] = asked.report.kpis
    by = asked.report.by
    found = asked.series(kpi, by=by)
    series = found[kpi]
    before = _by_key(asked.before(kpi, by=by).get(kpi), by)
    now = _by_key(series, by)
    whole = series.total.get("value")
    flow = asked.kpi(kpi).rollup == "sum" and bool(whole) and all((v or 0) >= 0 for v in now.values())
    keys = sorted(now, key=lambda key: (now[key] is None, -(now[key] or 0), tuple(map(str, key))))
    if by[0] in IN_ORDER:  # days and hours stand in their own order
        keys = sorted(keys, key=lambda key: (not str(key[0]).isdigit(), str(key[0]).zfill(2)))
    share = [Column("share", msg("Share"), "label", "percent")] if flow else []
    columns = [Column(dim, asked.dimension(dim), "label") for dim in by]
    rows = []
    for key in keys[:MOST_ROWS]:
        part = [now[key] / whole if now[key] is not None and whole else None] if flow else []  # type: ignore[operator]
        rows.append((*map(label, by, key), *values(asked, series, now[key], before.get(key)), *part))
    notes = asked.notes(found)
    if len(keys) > MOST_ROWS:
        notes.append(nmsg("{n} more row is left out.", "{n} more rows are left out.", len(keys) - MOST_ROWS))
    heads = (*columns, *value_columns(asked, series), *share)
    table = ReportTable("parts", msg("By part"), heads, tuple(rows), parts=by)
    return asked.answer([table], ReportChart("bars", "parts", by[0], ("value",)), notes)


def ranked(asked: Asked) -> Answer:
    """The ranked table that the KPI names, below its headline number."""
    [kpi] = asked.report.kpis
    found = asked.series(kpi)
    series, definition = found[kpi], asked.kpi(kpi)
    assert definition.table is not None
    frame = series.table if series.table is not None else pd.DataFrame(columns=list(definition.table.columns))
    units = definition.table.units
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    numeric = [name for name in frame.columns if name not in (*texts, *IN_ORDER)]
    columns = tuple(
        Column(name, IN_ORDER.get(name) or named(ColumnName(definition, name)),
               "value" if name in numeric else "label",
               units.get(name), series.currency if units.get(name) == "money" else None)
        for name in frame.columns
    )  # fmt: skip
    rows = tuple(
        tuple(_cell(value, name) for value, name in zip(row, frame.columns, strict=True))
        for row in frame.head(MOST_ROWS).itertuples(index=False)
    )
    headline = ReportTable(
        "headline",
        asked.name(kpi),
        (Column("value", asked.name(kpi), "value", series.unit, series.currency),),
        ((number(series.total.get("value")),),),
    )
    labels = [name for name in frame.columns if name not in numeric]
    chart = (
        ReportChart("bars", "list", labels[0], (_ranked_by(frame, numeric),)) if labels and numeric else None
    )
    dims = tuple(name for name in texts if name in definition.dimensions)
    listed = ReportTable("list", asked.name(kpi), columns, rows, parts=dims)
    return asked.answer([listed, headline], chart, asked.notes(found))


def _ranked_by(frame: pd.DataFrame, numeric: Sequence[str]) -> str:
    """The column that the rows are in the order of; the first one where there is none."""
    for name in numeric:
        given = frame[name].dropna()
        if given.nunique() > 1 and (given.is_monotonic_decreasing or given.is_monotonic_increasing):
            return name
    return numeric[0]


def _cell(value: Any, column: str = "") -> Cell:
    if value is None or value is pd.NaT or value != value:
        return None
    if column == "weekday" and str(value).split(".")[0] in WEEKDAYS:
        return named(WeekdayName(int(value)))
    if column == "hour":
        return f"{int(value):02}:00"
    if isinstance(value, str):
        return value
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return number(value)


def heat_map(asked: Asked) -> Answer:
    """A row a weekday and a column an hour, over the whole span."""
    [kpi] = asked.report.kpis
    found = asked.series(kpi, by=("weekday", "hour"))
    series = found[kpi]
    cells = _by_key(series, ("weekday", "hour"))
    unit, currency = series.unit, series.currency
    columns = (
        Column("weekday", msg("Weekday"), "label"),
        *(Column(f"h{hour:02}", f"{hour:02}", "value", unit, currency) for hour in HOURS),
    )
    rows = tuple(
        (named(WeekdayName(day)), *(cells.get((str(day), str(hour))) for hour in HOURS)) for day in WEEK
    )
    table = ReportTable("week", msg("By weekday and hour"), columns, rows if cells else ())
    names = tuple(column.id for column in columns[1:])
    notes = asked.notes(found)
    if any("(not set)" in key for key in cells):
        notes.append(msg("Records without a time of day are left out here."))
    return asked.answer([table], ReportChart("grid", "week", "weekday", names), notes)
