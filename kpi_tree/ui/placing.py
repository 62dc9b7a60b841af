"""Putting a KPI of the catalogue on the tree, with one click."""

from __future__ import annotations

import streamlit as st

from kpi_tree.catalogue import Kpi
from kpi_tree.plan.model import Plan
from kpi_tree.plan.placing import parents_in, placing, standing_for
from kpi_tree.ui import changes, places
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import current_language, plain, t


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
