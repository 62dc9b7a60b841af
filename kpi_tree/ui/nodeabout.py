"""What a node is: its definition, where its numbers come from, and what was done to it."""

from __future__ import annotations

import streamlit as st

from kpi_tree.plan.model import Plan
from kpi_tree.ui import cache
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import current_language, day, moment, plain, say, t
from kpi_tree.ui.words import table_name
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.own import catalogue_of

LINES = 8


def show(session: Session, plan: Plan, view: NodeView) -> None:
    """Definition and source, then the history, both folded."""
    node, lang = plan.nodes[view.id], current_language()
    kpi = catalogue_of(session.home).get(node.kpi or "")
    if kpi is not None:
        with st.expander(t("Definition"), icon=":material/menu_book:", key=f"about_{view.id}"):
            st.markdown(plain(kpi.text("definition", lang)))
            st.caption(plain(kpi.text("formula", lang)))
            if kpi.tables:
                tables = plain(", ".join(table_name(name) for name in kpi.tables))
                st.caption(
                    t("From {tables}, through {day}.", tables=tables, day=plain(day(view.data_through)))
                )
    _history(session, view)


def _history(session: Session, view: NodeView) -> None:
    found = [line for line in cache.history(session) if any(view.id in nodes for nodes in line.touched)]
    if not found:
        return
    with st.expander(t("What was changed here"), icon=":material/history:", key=f"past_{view.id}"):
        for line in found[:LINES]:
            words = [
                say(word) for word, nodes in zip(line.words, line.touched, strict=False) if view.id in nodes
            ]
            st.markdown("  \n".join(words[:4]))
            st.caption(f"{plain(moment(line.at))} · {plain(line.who)}")
