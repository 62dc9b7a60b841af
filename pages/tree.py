"""The tree (``/tree?node=sales``): the whole plan at a glance, and what is selected beside it."""

from __future__ import annotations

import streamlit as st

from kpi_tree.ui.pieces import lensbar, planbar, welcome
from kpi_tree.ui.shell import cache, style
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import t
from kpi_tree.ui.tree import timeline, treedesk, treemodes, treepage, treetools

session = current()
style.wide()
plan = None
with refusals():
    plan = cache.seen_plan(session)
planbar.title(session, plan, "" if plan and plan.name else t("Tree"))
if plan is None:
    if session.plan_id is None:
        welcome.plan_missing(session, bring_in=lambda: treetools.bring_in(session))
    st.stop()

if treepage.shape() != "history":
    lensbar.show(session)
with refusals():
    pick, tools = st.columns([7, 3], vertical_alignment="center")
    with pick, st.container(horizontal=True, gap="small"):
        shape = treepage.pick_shape()
        if shape == "tree":
            treemodes.pick()
    with tools:
        treetools.bar(session, plan)
    if shape == "history":
        timeline.show(session, plan)
        st.stop()
    with st.container():  # empty or not, what stands below it stays where it is
        if shape == "tree":
            treemodes.bar(session, plan)
    treedesk.show(session, plan, shape)
