"""Known events: campaigns, closures and the like, which bend the paths of the targets that ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import changes
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import nt, t


def show(session: Session, plan: Plan) -> None:
    """The list as a table to write in, folded; saved as one change of the plan."""
    title = nt("{n} known event", "{n} known events", len(plan.events)) if plan.events else t("Known events")
    with st.expander(title, icon=":material/event:", key="known_events", on_change="rerun") as box:
        if not box.open:
            return
        st.caption(
            t("Campaigns, holidays, closures. Weight 0 is a closed day, 2 one that brings twice as much; "
              "a target whose path the events bend expects more or less on these days.")
        )  # fmt: skip
        table = pd.DataFrame(
            [(one.name, one.period.start, one.period.last, one.weight) for one in plan.events],
            columns=["name", "first", "last", "weight"],
        )
        typed = st.data_editor(
            table, num_rows="dynamic", hide_index=True, key=f"events_{plan.id}_{plan.revision}",
            column_config={
                "name": st.column_config.TextColumn(t("Name"), required=True, max_chars=200),
                "first": st.column_config.DateColumn(t("First day"), required=True),
                "last": st.column_config.DateColumn(t("Last day")),
                "weight": st.column_config.NumberColumn(
                    t("Weight"), min_value=0.0, max_value=1000.0, default=2.0, format="plain"
                ),
            },
        )  # fmt: skip
        if st.button(t("Save events"), key="events_save", type="primary"):
            rows = typed.to_dict("records")
            if changes.edit_from(session, plan, lambda: [_edit(rows)]):
                st.toast(t("The events are saved."), icon=":material/event:")
            st.rerun()


def _edit(rows: Sequence[Mapping[Any, Any]]) -> dict[str, Any]:
    """The edit that keeps these rows. Raises Refused where a row has no first day."""
    made = []
    for row in rows:
        first, last = _day(row["first"]), _day(row["last"])
        if first is None or not str(row["name"] or "").strip():
            raise Refused(
                msg("An event needs a name and a first day."),
                place=str(row["name"] or "")[:80],
                remedy=msg("Fill both in, or take the row out."),
            )
        end = (last or first) + timedelta(days=1)
        weight = 1.0 if pd.isna(row["weight"]) else float(row["weight"])
        made.append(
            {"name": str(row["name"]), "start": first.isoformat(), "end": end.isoformat(), "weight": weight}
        )
    return {"op": "set_plan", "field": "events", "after": made}


def _day(value: Any) -> date | None:
    if value is None or pd.isna(value):
        return None
    found: date = value.date() if hasattr(value, "date") else value
    return found
