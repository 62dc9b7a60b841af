"""A report's answer on the screen: its chart, its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree.reports import Answer
from kpi_tree.reports.files import shown
from kpi_tree.ui.drawn import draw
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import current_language, said, say


def chart(session: Session, answer: Answer) -> Mapping[str, Any] | None:
    """The report's drawing, where it has one; the period that was clicked just now."""
    drawn, lang = answer.chart, current_language()
    if drawn is None or not any(table.id == drawn.table and table.rows for table in answer.tables):
        return None

    def make(charts: Any, palette: Any) -> Any:  # noqa: ARG001
        from kpi_tree.reports.drawing import report_chart  # brings Altair, which takes a second

        return report_chart(answer, lang, palette)

    key = (answer.report.id, answer.start, answer.end, str(answer.grain), answer.compare, str(answer.where))
    extra = 0 if drawn.kind == "time" else 90
    pick = ("day", "end") if drawn.kind == "time" else ()
    return draw(session, "report", *key, make=make, alt=said(answer.report.title), extra=extra, pick=pick)


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
