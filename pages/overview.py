"""Overview: where do we stand, why do we say so, and what needs somebody today. One screen for a meeting."""

from __future__ import annotations

import streamlit as st

from kpi_tree.ui.actions import actionlist
from kpi_tree.ui.overviews import overview, overviewnews, present
from kpi_tree.ui.pieces import behind, lensbar, pace, planbar, welcome
from kpi_tree.ui.shell import cache, places
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import t
from kpi_tree.ui.targets.goalbox import show_box

session = current()
plan = cache.plan(session)

if plan is None and not cache.batches(session):
    welcome.show(session)
    st.stop()

if plan is not None and present.asked():
    with refusals():
        views = cache.tree(session)
        root = next((view for view in views if view.kind == "kgi"), None)
        if root is not None:
            present.show(session, root, views)
            st.stop()

places.on_a_phone()
planbar.title(session, plan, "" if plan and plan.name else t("Overview"))

if plan is None:
    show_box(session)
    welcome.plan_missing(session, goal_above=True)
    st.stop()

present.paper()
with st.container(key="lens_and_tools"):
    left, right = st.columns([5, 3], vertical_alignment="center")
    with left:
        lensbar.show(session)
    with right:
        present.tools(session)
with refusals():
    views = cache.tree(session)
    root = next((view for view in views if view.kind == "kgi"), None)
    if root is None:
        welcome.goal_missing()
    else:
        left, right = st.columns([2, 3], gap="large")
        with left:
            overview.headline(root, short=True)
        with right:
            if root.actual is None and root.data_through is None:
                welcome.no_data_hint()
            elif root.target is None and not session.lens.period and not session.lens.where:
                welcome.target_missing(root.name)
            behind.follow(root.id, pace.chart(session, root, height=220, pick=root.kpi is not None))

    left, middle, right = st.columns([4, 3, 3], gap="large")
    with left:
        overview.attention(session, views, root)
        overview.freshness(session, views)
        if not session.looks_back:
            overviewnews.check_ins(session)
    with middle:
        if not session.looks_back:
            overviewnews.show(session)
        overview.guardrails(session, views)
    with right:
        if root is not None:
            actionlist.show(session, root, most=3)

    with st.container(key="goal_box"):
        show_box(session)
