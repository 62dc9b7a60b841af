"""The form of an action: a new one below a KPI, or another; opened by the address, saved on its revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree.plan.ids import new_node_id
from kpi_tree.plan.model import Node, Plan
from kpi_tree.ui.actions import actionfields, actionhints
from kpi_tree.ui.shell import address, changes, drafts, parts, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, plain, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.workspace import ActionView
from kpi_tree.workspace.base.nodes import unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.causes.explained import in_words

NEW = "new"
KEPT = ("as", "owner", "on", "only")
"""What of this page's address a link to an action keeps."""


def open_form(action: str, kpi: str = "") -> None:
    """Open the form of an action in this very page."""
    address.put("action", action)
    address.put("kpi", kpi)
    st.rerun()


def around() -> dict[str, str]:
    """The view and the filters as they stand, for links to the page itself."""
    return {name: st.query_params[name] for name in KEPT if name in st.query_params}


def kpi_name(one: ActionView) -> str:
    """The KPI that an action is to move, in the reader's language."""
    return in_words(one.kpi_name, current_language())


def show(session: Session, plan: Plan, action: str, kpi: str) -> None:
    """Draw the form for the action asked for; says so where there is none."""
    node = plan.nodes.get(action)
    if action != NEW and (node is None or node.kind != "action"):
        parts.empty(
            t("There is no action {id} in this plan", id=plain(action[:80])),
            t("It may have been taken out. Undo brings it back."),
            "search_off",
        )
        _close()
        return
    with st.container(border=True, key="action_form"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(plain(node.name) if node else t("A new action"))
            st.space("stretch")
            _close()
        above = _above(plan, node, kpi)
        if above is None:
            parts.empty(
                t("The plan has no KPI yet"),
                t("An action hangs below the KPI that it moves."),
                "account_tree",
            )
            places.link("tree", t("Open the tree"), icon="account_tree")
            return
        _body(session, plan, node, above)


def _close() -> None:
    def close() -> None:
        address.put("action", "")
        address.put("kpi", "")

    st.button(t("Close"), key="action_close", icon=":material/close:", type="tertiary", on_click=close)


def _above(plan: Plan, node: Node | None, kpi: str) -> str | None:
    """The KPI that the action hangs below; chosen for a new one."""
    if node is not None:
        return next(iter(plan.parents(node.id)), None) or plan.root()
    options = [one.id for one in plan.nodes.values() if one.kind != "action"]
    if not options:
        return None
    names = {one: node_name(plan.nodes[one]) for one in options}
    st.session_state.setdefault("action_kpi", kpi if kpi in options else None)
    if kpi in options and st.session_state.get("_action_kpi_asked") != kpi:
        st.session_state["action_kpi"] = kpi
    st.session_state["_action_kpi_asked"] = kpi
    picked = st.selectbox(
        t("Which KPI is it to move?"),
        options,
        key="action_kpi",
        index=None,
        placeholder=t("Choose a KPI of the plan"),
        format_func=lambda name: names.get(name, name),
    )
    return picked or plan.root() or options[0]


def _body(session: Session, plan: Plan, node: Node | None, above: str) -> None:
    top = plan.nodes[above]
    kpis = catalogue_of(session.home)
    unit = unit_of(top, kpis)
    scale = 100.0 if unit == "percent" else 1.0
    now = actionfields.fields_of(node or Node(NEW, kind="action", state="planned"), scale)
    draft = drafts.begin(plan, f"action_{node.id if node else NEW}", now)
    if node is None:
        actionhints.suggestions(kpis.get(top.kpi or ""), plan, draft)
    said = actionfields.draw(session, plan, node, draft, unit)
    actionhints.from_experience(session, draft, said)
    if session.looks_back:
        st.caption(t("This is how it looked then; nothing can be changed."))
    elif node is None:
        _add(session, plan, above, draft, said, scale)
    else:
        drafts.buttons(
            session, plan, draft, now,
            lambda: actionfields.edits(plan, node.id, draft.changed(said), scale), t("Save"),
        )  # fmt: skip
        _remove(session, plan, node)


def _add(
    session: Session, plan: Plan, above: str, draft: drafts.Draft, said: Mapping[str, Any], scale: float
) -> None:
    chosen = st.session_state.get("action_kpi")
    with st.container(horizontal=True, gap="small"):
        pressed = st.button(
            t("Add the action"), type="primary", key="action_save", disabled=not chosen,
            help=None if chosen else t("First choose the KPI that it is to move."),
        )  # fmt: skip
        drafts.discard(draft)
    if pressed:
        name = str(said["name"]).strip()
        if not name:
            st.error(t("An action needs a name."), icon=":material/error:")
            return
        made = actionfields.added(new_node_id(plan, name), above, plan, draft.changed(said), scale)
        if changes.edit(session, plan, [made]):
            drafts.drop(draft.subject)
            address.put("action", "")
            address.put("kpi", "")
        st.rerun()


def _remove(session: Session, plan: Plan, node: Node) -> None:
    with st.popover(t("Remove"), icon=":material/delete:", type="tertiary"):
        st.markdown(t("Take {name} out of the plan?", name=f"**{plain(node.name)}**"))
        st.caption(t("Undo brings it back."))
        if st.button(t("Take it out"), key=f"action_remove_{node.id}", type="primary"):
            if changes.edit(session, plan, [{"op": "remove_node", "node": node.id}]):
                address.put("action", "")
            st.rerun()
