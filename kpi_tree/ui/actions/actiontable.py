"""The list: every action as a row, to sort, to open and to take along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree.catalogue.suggestions import kind_words
from kpi_tree.ui.actions import actionform
from kpi_tree.ui.actions.actionwords import state_words
from kpi_tree.ui.pieces import downloads, drawn, exports
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, said, t
from kpi_tree.ui.shell.words import unit_words
from kpi_tree.workspace import ActionView

ROWS = 15


def show(session: Session, found: Sequence[ActionView]) -> None:
    """Draw it; a click on a row opens its form."""
    frame = table(found)
    key = "action_table"
    picked: Any = st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= ROWS else 560,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            t("Confidence"): st.column_config.NumberColumn(format="%d %%"),
            t("Start"): st.column_config.DateColumn(width=110),
            t("Due"): st.column_config.DateColumn(width=110),
            t("Expected"): st.column_config.NumberColumn(format="localized"),
            t("Cost"): st.column_config.NumberColumn(format="localized"),
            t("Action"): st.column_config.TextColumn(pinned=True, width="medium"),
        },
    )
    row = drawn.news(key, list((picked or {}).get("selection", {}).get("rows") or []))
    if row is not None and row < len(found):
        actionform.open_form(found[row].id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("Choose a row to open it; a heading sorts."))
        st.space("stretch")
        downloads.button(
            t("Save as CSV"), lambda: exports.csv_bytes(table(found)), f"{session.plan_id}-actions.csv",
            "text/csv", icon=":material/download:",
        )  # fmt: skip


def table(found: Sequence[ActionView]) -> pd.DataFrame:
    """The rows; an effect on a percentage stands in points."""
    rows = []
    for one in found:
        scale = 100 if one.unit == "percent" else 1
        unit = t("points") if one.unit == "percent" else unit_words(one.unit, one.currency)
        rows.append({
            t("Action"): one.named(current_language()),
            t("KPI"): actionform.kpi_name(one),
            t("Owner"): one.owner,
            t("State"): state_words(one.state),
            t("Late"): one.late,
            t("Start"): one.start,
            t("Due"): one.due,
            t("Expected"): None if one.expected is None else round(one.expected * scale, 6),
            t("Unit"): unit,
            t("Confidence"): None if one.confidence is None else round(one.confidence * 100),
            t("Cost"): one.cost,
            t("Hours"): one.effort,
            t("Kind"): said(kind_words(one.kind)) if one.kind else "",
        })  # fmt: skip
    return pd.DataFrame(rows)
