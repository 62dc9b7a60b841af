"""A report's answer on the screen: its chart, its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree.i18n import Msg
from kpi_tree.reports import Answer, Drill, ReportTable, cells_of, drill
from kpi_tree.reports.files import shown
from kpi_tree.ui.pieces.drawn import draw, news
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, said, say
from kpi_tree.ui.shell.theme import is_dark


def chart(session: Session, answer: Answer) -> Mapping[str, Any] | None:
    """The report's drawing, where it has one; the mark that was clicked just now."""
    drawn, lang = answer.chart, current_language()
    if drawn is None or not any(table.id == drawn.table and table.rows for table in answer.tables):
        return None

    def make(charts: Any, palette: Any) -> Any:  # noqa: ARG001
        from kpi_tree.reports.drawing import report_chart  # brings Altair, which takes a second

        return report_chart(answer, lang, palette)

    key = (answer.report.id, answer.start, answer.end, str(answer.grain), answer.compare, str(answer.where))
    extra = 0 if drawn.kind == "time" else 90
    pick = {"time": ("day", "end"), "grid": ("at",)}.get(drawn.kind, ("at",) if drawn.y else ("order",))
    return draw(session, "report", *key, make=make, alt=said(answer.report.title), extra=extra, pick=pick)


def tables(answer: Answer, now: Drill | None) -> Drill | Msg | None:
    """Every table of the answer, figures to the right, the long ones scrolling.

    Args:
        now: the cell whose records are shown; it is marked.

    Returns:
        The cell that was clicked just now, or why it has no records.
    """
    found = [_table(answer, table, now) for table in answer.tables]
    return next((one for one in found if one is not None), None)


def _table(answer: Answer, table: ReportTable, now: Drill | None) -> Drill | Msg | None:
    lang = current_language()
    st.markdown(f"**{say(table.title)}**")
    heads: list[str] = []
    for column in table.columns:
        name = column.heading(lang)
        heads.append(name[:1].upper() + name[1:] if name not in heads else f"{name} {len(heads)}")
    frame = pd.DataFrame(shown(table, lang), columns=heads)
    right = {
        head: st.column_config.TextColumn(alignment="right")
        for head, column in zip(heads, table.columns, strict=True)
        if column.role not in ("label", "period") or column.unit or column.id in ("numerator", "denominator")
    }
    key = f"table_{answer.report.id}_{table.id}_{answer.start}_{answer.grain}_{answer.compare}_{lang}"
    picked: Any = st.dataframe(
        _marked(frame, answer, table, now),
        hide_index=True,
        column_config=right,
        height="content" if len(frame) < 14 else 480,
        on_select="rerun",
        selection_mode="single-cell",
        key=key,
    )
    cell = news(key, list(picked["selection"]["cells"]) if picked else [])
    if cell is None:
        return None
    row, head = cell
    return drill(answer, table.id, int(row), table.columns[heads.index(head)].id)


def _marked(frame: pd.DataFrame, answer: Answer, table: ReportTable, now: Drill | None) -> Any:
    """The table with the cell asked for marked by its colour."""
    places = cells_of(answer, table).get(now, []) if now else []
    if not places:
        return frame
    at = {(row, [column.id for column in table.columns].index(name)) for row, name in places}
    shade = f"background-color: {'#2a3266' if is_dark() else '#e4e7fb'}; font-weight: 600"

    def styles(row: pd.Series) -> list[str]:
        return [shade if (row.name, place) in at else "" for place in range(len(row))]

    return frame.style.apply(styles, axis=1)
