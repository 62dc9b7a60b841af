"""Goals: say one in a sentence, see every target and how it stands."""

from __future__ import annotations

import streamlit as st

from kpi_tree.ui import cache, goals, logbook
from kpi_tree.ui.failures import refusals
from kpi_tree.ui.goalbox import show_box
from kpi_tree.ui.session import current
from kpi_tree.ui.text import t

session = current()
st.title(t("Goals"))
show_box(session)
plan = cache.plan(session)
if plan is not None:
    with refusals():
        goals.show(session, plan, cache.tree(session.bare))
    logbook.show(session)
