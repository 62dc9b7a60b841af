"""The form of one node: fields, what hangs below it, and taking it out."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.plan.ids import new_node_id
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import changes, drafts
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, plain, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.ui.tree import nodefields, nodeinfluence, nodetarget
from kpi_tree.workspace import NodeView

KINDS = ("kpi", "action")


def show(session: Session, plan: Plan, node_id: str, view: NodeView) -> None:
    """Draw it; what is folded is made when it is opened, since every field costs each click on a card.

    The boxes have the same keys on every card: what a person opened stays open on the next one, and a browser
    that keeps a box does in a tenth of the time what it takes to make a new one.
    """
    with st.expander(t("Change"), icon=":material/edit:", key="panel_change", on_change="rerun") as change:
        if change.open or drafts.begun(plan, f"node_{node_id}"):
            nodefields.show(session, plan, node_id)
    nodetarget.target(session, plan, node_id, view)
    nodeinfluence.influences(session, plan, node_id)
    with st.expander(t("Add below"), icon=":material/add:", key="panel_add", on_change="rerun") as add:
        if add.open:
            _add(session, plan, node_id)
    if node_id != plan.root():
        with st.popover(
            t("Remove"), icon=":material/delete:", type="tertiary", key="panel_remove", on_change="rerun"
        ) as remove:
            if remove.open:
                _remove(session, plan, node_id)


def _remove(session: Session, plan: Plan, node_id: str) -> None:
    st.markdown(t("Take {name} out of the plan?", name=f"**{plain(node_name(plan.nodes[node_id]))}**"))
    st.caption(t("What hangs below it stays in the plan. Undo brings it back."))
    if st.button(t("Take it out"), key=f"remove_{node_id}", type="primary"):
        changes.edit(session, plan, [{"op": "remove_node", "node": node_id}])
        st.rerun()


def _add(session: Session, plan: Plan, node_id: str) -> None:
    lang = current_language()
    kind = st.radio(
        t("What"),
        KINDS,
        format_func=lambda name: {"kpi": t("KPI"), "action": t("Action")}[name],
        horizontal=True,
        key=f"kind_{node_id}",
        label_visibility="collapsed",
    )
    every = {kpi.id: kpi for kpi in workspace.kpis(session.home, session.who)}
    with st.form(f"below_{node_id}_{kind}", border=False, clear_on_submit=True):
        kpi = None
        if kind == "kpi":
            kpi = st.selectbox(
                t("From the catalogue"),
                list(every),
                index=None,
                format_func=lambda name: every[name].text("name", lang),
                placeholder=t("Or none: write a name below"),
                key=f"kpi_{node_id}",
            )
        name = st.text_input(t("Name"), key=f"newname_{node_id}", max_chars=200)
        if st.form_submit_button(t("Add"), type="primary") and (name.strip() or kpi):
            after = {"name": name.strip() or every[str(kpi)].text("name", lang), "kind": kind}
            if kpi:
                after["kpi"] = kpi
            changes.edit_from(session, plan, lambda: [_added(plan, node_id, after)])
            st.rerun()


def _added(plan: Plan, parent: str, after: dict[str, Any]) -> dict[str, Any]:
    """The edit that adds a node below another, last in its row."""
    node = new_node_id(plan, after["name"])
    order = max((plan.nodes[child].order for child in plan.children(parent)), default=-1.0) + 1
    kind = "supports" if after["kind"] == "action" else "influence"
    return {
        "op": "add_node",
        "node": node,
        "after": {"id": node, "order": order, **after},
        "edges": [{"parent": parent, "child": node, "kind": kind}],
    }
