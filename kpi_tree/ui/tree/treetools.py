"""The tools above the tree: templates, in from a file, out in any form."""

from __future__ import annotations

import streamlit as st

from kpi_tree.plan.model import Plan
from kpi_tree.ui.pieces import exports
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import t
from kpi_tree.ui.tree import importbox, templatelist, treepage


def bar(session: Session, plan: Plan) -> None:
    """The three buttons; each opens its own dialog."""
    chosen = treepage.selected(plan)
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if st.button(t("Templates"), icon=":material/library_books:", type="tertiary", key="templates"):
            st.dialog(t("Templates"), width="large")(templatelist.listing)(session, plan, chosen)
        if st.button(t("Import"), icon=":material/upload_file:", type="tertiary", key="import"):
            st.dialog(t("Bring a tree in"), width="large")(importbox.show)(session, plan, chosen)
        if st.button(t("Export"), icon=":material/download:", type="tertiary", key="export"):
            st.dialog(t("Take the tree out"), width="large")(exports.tree_forms)(session, plan)


def bring_in(session: Session) -> None:
    """Where there is no plan yet: the way in for a tree from a file, an outline or a table."""
    words = t("Bring in a tree from a file, an outline or a table")
    if st.button(words, icon=":material/upload_file:", key="import"):
        st.dialog(t("Bring a tree in"), width="large")(importbox.show)(session)
