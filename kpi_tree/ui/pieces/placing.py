"""Putting a KPI of the catalogue on the tree, with one click."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan
from kpi_tree.plan.placing import parents_in, placing, standing_for
from kpi_tree.ui.shell import changes, places
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, plain, t


def start(session: Session, kpi: Kpi) -> None:
    """A button that makes a plan whose goal is the KPI, where there is no plan yet."""
    if not st.button(
        t("Start a tree with it"), icon=":material/add:", type="tertiary", key=f"start_{kpi.id}",
        help=t("A new plan with this KPI as its goal"),
    ):  # fmt: skip
        return
    name = kpi.text("name", current_language())
    try:
        plan = workspace.new_plan(
            session.home, session.who, template=None, name=name, lang=current_language(), now=now()
        )
    except KpiTreeError as error:
        show_refusal(error)
        return
    [goal] = plan.nodes
    changes.edit(session, plan, [{"op": "set_field", "node": goal, "field": "kpi", "after": kpi.id}])
    places.go("tree", node=goal)


def button(session: Session, plan: Plan, kpi: Kpi) -> None:
    """A button that hangs the KPI below its usual parents; a link to its node where it hangs already."""
    node = standing_for(plan, kpi.id)
    if node is not None:
        places.link("tree", t("On the tree"), icon="account_tree", node=node)
        return
    names = ", ".join(plan.nodes[parent].name for parent in parents_in(plan, kpi))
    if st.button(
        t("Put on the tree"),
        icon=":material/add:",
        type="tertiary",
        key=f"place_{kpi.id}",
        help=plain(t("Below {names}", names=names)) if names else None,
    ):
        name = kpi.text("name", current_language())
        if changes.edit(session, plan, [placing(plan, kpi, name)]):
            st.toast(
                plain(t("{name} is on the tree, below {names}.", name=name, names=names))
                if names
                else plain(t("{name} is on the tree.", name=name)),
                icon=":material/account_tree:",
            )
        st.rerun()
