"""A report's chart: what its answer says to draw, drawn in a language and a palette."""

from __future__ import annotations

import re
from typing import Any

from kpi_tree import charts
from kpi_tree.charts import Palette
from kpi_tree.i18n import msg, translate
from kpi_tree.reports.files import shown
from kpi_tree.reports.model import Answer, ReportChart, ReportTable
from kpi_tree.reports.words import unit_word

MOST_BARS = 14
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def report_chart(answer: Answer, lang: str, palette: Palette) -> Any:
    """The chart of an answer; ``None`` where it has none, or nothing to draw."""
    drawn = answer.chart
    table = next((each for each in answer.tables if drawn and each.id == drawn.table), None)
    if drawn is None or table is None or not table.rows:
        return None
    if drawn.kind == "time":
        return _time(answer, drawn, table, lang, palette)
    if drawn.kind == "grid" or drawn.y:
        return _grid(answer, drawn, table, lang, palette)
    return _bars(answer, drawn, table, lang, palette)


def _at(table: ReportTable, column: str) -> int:
    return next(n for n, each in enumerate(table.columns) if each.id == column)


def _number(cell: Any) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None


def _time(answer: Answer, drawn: ReportChart, table: ReportTable, lang: str, palette: Palette) -> Any:
    x, y = _at(table, drawn.x), _at(table, drawn.values[0])
    before = _at(table, drawn.before) if drawn.before else None
    column, title = table.columns[y], translate(answer.report.title, lang)
    name = column.heading(lang)
    words = charts.ChartWords(
        title=title,
        y=f"{name} ({unit_word(column.unit, column.currency, lang)})",
        value=name,
        target=table.columns[before].heading(lang) if before is not None else "",
        period=translate(msg("Period"), lang),
        description=title,
    )
    still_open = translate(msg("not over yet"), lang)
    last = answer.data_through
    bars = [
        charts.Bar(
            row[x],  # type: ignore[arg-type]
            _number(row[y]),
            still_open if last is not None and row[x].last > last else "",  # type: ignore[union-attr]
            None if before is None else _number(row[before]),
        )
        for row in table.rows
    ]
    return charts.history_chart(
        bars, words, lang=lang, unit=column.unit, currency=column.currency, palette=palette, flow=drawn.flow
    )


def _bars(answer: Answer, drawn: ReportChart, table: ReportTable, lang: str, palette: Palette) -> Any:
    x, y = _at(table, drawn.x), _at(table, drawn.values[0])
    column, title = table.columns[y], translate(answer.report.title, lang)
    many = _labels(table) if answer.report.kind in ("breakdown", "ranked") else [x]
    words = charts.ChartWords(
        title=title,
        y=f"{column.heading(lang)} ({unit_word(column.unit, column.currency, lang)})",
        value=column.heading(lang),
        period=table.columns[x].heading(lang),
        description=title,
    )
    names = shown(table, lang)[:MOST_BARS]
    bars = [
        charts.Part(" · ".join(texts[n] for n in many), _number(row[y]))
        for texts, row in zip(names, table.rows[:MOST_BARS], strict=True)
    ]
    return charts.breakdown_bars(
        bars, words, lang=lang, unit=column.unit, currency=column.currency, palette=palette
    )


def _labels(table: ReportTable) -> list[int]:
    """The columns that together name a row: no days, and no code that has its name beside it."""
    labels = {
        each.id: n for n, each in enumerate(table.columns) if each.role == "label" and each.unit is None
    }
    codes = {one for one in labels if labels.keys() & {f"{one}_name", one.replace("product", "name")} - {one}}
    return [n for one, n in labels.items() if one not in codes and not _days(table, n)] or [*labels.values()][
        :1
    ]


def _days(table: ReportTable, column: int) -> bool:
    cells = [row[column] for row in table.rows if row[column] is not None]
    return bool(cells) and all(isinstance(one, str) and _DAY.fullmatch(one) for one in cells)


def _grid(answer: Answer, drawn: ReportChart, table: ReportTable, lang: str, palette: Palette) -> Any:
    names, x = shown(table, lang), _at(table, drawn.x)
    columns = [_at(table, name) for name in drawn.values]
    column, title = table.columns[columns[0]], translate(answer.report.title, lang)
    if drawn.y:  # a funnel by parts: parts down, steps across
        y = _at(table, drawn.y)
        rows = list(zip(names, table.rows, strict=True))[: MOST_BARS * 5]
        cells = [(texts[y], texts[x], _number(row[columns[0]])) for texts, row in rows]
    else:
        cells = [
            (texts[x], table.columns[n].heading(lang), _number(row[n]))
            for texts, row in zip(names, table.rows, strict=True)
            for n in columns
        ]
    heads = {"cohorts": msg("Periods since the first order"), "heat_map": msg("Hour")}
    words = charts.ChartWords(
        title=title,
        y="",
        value=translate(table.title, lang),
        period=" ",
        x=translate(heads.get(answer.report.kind), lang),
        description=title,
    )
    return charts.grid_chart(
        cells, words, lang=lang, unit=column.unit, currency=column.currency, palette=palette
    )
