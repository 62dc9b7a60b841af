"""Goals: say one in a sentence, see every target and how it stands (``/goals?target=ID`` edits one)."""

from __future__ import annotations

import streamlit as st

from kpi_tree.ui.pieces import planbar
from kpi_tree.ui.shell import address, cache
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import t
from kpi_tree.ui.targets import allocatepage, goals, targeteditor
from kpi_tree.ui.targets.goalbox import show_box
from kpi_tree.ui.tree import logbook

session = current()
plan = cache.plan(session)
address.follow("target", "node", "as", "goal")
planbar.title(session, plan, t("Goals"))
if plan is not None and targeteditor.asked():
    with refusals():
        targeteditor.show(session, plan)
    logbook.show(session)
    st.stop()
show_box(session)
if plan is not None:
    view = allocatepage.pick_view()
    with refusals():
        if view == "down":
            allocatepage.show(session, plan)
        else:
            goals.show(session, plan, cache.tree(session.bare))
    logbook.show(session)
else:
    goals.invite()
