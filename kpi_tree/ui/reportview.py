# ruff: noqa: E501 (words of a chart read better in one line)
"""A report's answer on the screen: its chart, its tables."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree.reports import Answer, ReportChart, ReportTable
from kpi_tree.reports.files import shown
from kpi_tree.ui import pace
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import current_language, said, say, t
from kpi_tree.ui.words import unit_words

MOST_BARS = 14


def chart(session: Session, answer: Answer) -> None:
    """The report's drawing, where it has one."""
    drawn = answer.chart
    table = next((each for each in answer.tables if drawn and each.id == drawn.table), None)
    if drawn is None or table is None or not table.rows:
        return
    title = said(answer.report.title)
    make = {"time": _time, "grid": _grid}.get(drawn.kind, _grid if drawn.y else _bars)(
        answer, drawn, table, title
    )
    key = (answer.report.id, answer.start, answer.end, str(answer.grain), answer.compare, str(answer.where))
    extra = 0 if drawn.kind == "time" else 90
    pace._draw(session, "report", *key, make=make, alt=title, extra=extra)


def _at(table: ReportTable, column: str) -> int:
    return next(n for n, each in enumerate(table.columns) if each.id == column)


def _number(cell: Any) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None


def _time(answer: Answer, drawn: ReportChart, table: ReportTable, title: str) -> Any:
    x, y = _at(table, drawn.x), _at(table, drawn.values[0])
    before = _at(table, drawn.before) if drawn.before else None
    unit, currency = table.columns[y].unit, table.columns[y].currency
    name, lang = table.columns[y].heading(current_language()), current_language()
    against = table.columns[before].heading(lang) if before is not None else ""
    words = {"title": title, "y": f"{name} ({unit_words(unit, currency)})", "value": name, "target": against,
             "unfinished": t("not over yet"), "period": t("Period"), "description": title}  # fmt: skip

    def make(charts: Any, palette: Any) -> Any:
        bars = [
            charts.Bar(
                row[x],
                _number(row[y]),
                answer.data_through is not None and row[x].last > answer.data_through,
                None if before is None else _number(row[before]),
            )
            for row in table.rows
        ]
        return charts.history_chart(
            bars, charts.ChartWords(**words), lang=lang, unit=unit, currency=currency, palette=palette,
            flow=drawn.flow,
        )  # fmt: skip

    return make


def _bars(answer: Answer, drawn: ReportChart, table: ReportTable, title: str) -> Any:
    x, y = _at(table, drawn.x), _at(table, drawn.values[0])
    column, lang = table.columns[y], current_language()
    labels = [n for n, each in enumerate(table.columns) if each.role == "label" and each.unit is None]
    names = shown(table, lang)
    many = labels if answer.report.kind == "breakdown" else [x]
    words = {"title": title, "y": f"{column.heading(lang)} ({unit_words(column.unit, column.currency)})",
             "value": column.heading(lang), "period": table.columns[x].heading(lang), "description": title}  # fmt: skip

    def make(charts: Any, palette: Any) -> Any:
        bars = [
            charts.Part(" · ".join(texts[n] for n in many), _number(row[y]))
            for texts, row in zip(names[:MOST_BARS], table.rows[:MOST_BARS], strict=True)
        ]
        return charts.breakdown_bars(
            bars,
            charts.ChartWords(**words),
            lang=lang,
            unit=column.unit,
            currency=column.currency,
            palette=palette,
        )

    return make


def _grid(answer: Answer, drawn: ReportChart, table: ReportTable, title: str) -> Any:
    lang = current_language()
    names, x = shown(table, lang), _at(table, drawn.x)
    columns = [_at(table, name) for name in drawn.values]
    column = table.columns[columns[0]]
    if drawn.y:  # a funnel by parts: parts down, steps across
        y = _at(table, drawn.y)
        cells = [
            (texts[y], texts[x], _number(row[columns[0]]))
            for texts, row in list(zip(names, table.rows, strict=True))[: MOST_BARS * 5]
        ]
    else:
        cells = [
            (texts[x], table.columns[n].heading(lang), _number(row[n]))
            for texts, row in zip(names, table.rows, strict=True)
            for n in columns
        ]
    across = t("Periods since the first order") if answer.report.kind == "cohorts" else ""
    across = t("Hour") if answer.report.kind == "heat_map" else across
    words = {
        "title": title,
        "y": "",
        "value": said(table.title),
        "period": " ",
        "x": across,
        "description": title,
    }

    def make(charts: Any, palette: Any) -> Any:
        return charts.grid_chart(
            cells,
            charts.ChartWords(**words),
            lang=lang,
            unit=column.unit,
            currency=column.currency,
            palette=palette,
        )

    return make


def tables(answer: Answer) -> None:
    """Every table of the answer, figures to the right, the long ones scrolling."""
    lang = current_language()
    for table in answer.tables:
        st.markdown(f"**{say(table.title)}**")
        heads: list[str] = []
        for column in table.columns:
            name = column.heading(lang)
            heads.append(name[:1].upper() + name[1:] if name not in heads else f"{name} {len(heads)}")
        frame = pd.DataFrame(shown(table, lang), columns=heads)
        right = {
            head: st.column_config.TextColumn(alignment="right")
            for head, column in zip(heads, table.columns, strict=True)
            if column.role not in ("label", "period")
            or column.unit
            or column.id in ("numerator", "denominator")
        }
        st.dataframe(
            frame, hide_index=True, column_config=right, height="content" if len(frame) < 14 else 480
        )
