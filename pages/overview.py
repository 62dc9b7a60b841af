"""Overview: where do we stand, why do we say so, and what needs somebody today."""

from __future__ import annotations

import streamlit as st

from kpi_tree.ui import actionlist, cache, lensbar, overview, pace, places, planbar, welcome
from kpi_tree.ui.failures import refusals
from kpi_tree.ui.goalbox import show_box
from kpi_tree.ui.session import current
from kpi_tree.ui.text import plain, t

session = current()
plan = cache.plan(session)

if plan is None and not cache.batches(session):
    welcome.show(session)
    st.stop()

planbar.title(session, plan, "" if plan and plan.name else t("Overview"))

if plan is None:
    show_box(session)
    welcome.plan_missing(session, goal_above=True)
    st.stop()

lensbar.show(session)
with refusals():
    views = cache.tree(session)
    root = next((view for view in views if view.kind == "kgi"), None)
    if root is None:
        welcome.goal_missing()
    else:
        left, right = st.columns([2, 3], gap="large")
        with left:
            overview.headline(root)
        with right:
            if root.actual is None and root.data_through is None:
                welcome.no_data_hint()
            elif root.target is None and not session.lens.period and not session.lens.where:
                welcome.target_missing(root.name)
            pace.chart(session, root)
            places.link("kpi", t("Open {name}", name=plain(root.name)), icon="arrow_forward", id=root.id)

    show_box(session)

    left, right = st.columns([3, 2], gap="large")
    with left:
        overview.attention(views)
        if root is not None:
            actionlist.show(session, root)
    with right:
        overview.guardrails(session, views)
        overview.freshness(session, views)
