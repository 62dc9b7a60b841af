"""After a part of a formula was hung elsewhere: is it part of the new parent's value as well?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree.plan.model import Plan
from kpi_tree.plan.moving import formula_with
from kpi_tree.ui import changes
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import plain, t

KEPT = "_moved_out_of_formula"
SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def note(before: Plan, event: Mapping[str, Any]) -> None:
    """Keep which parts of formulas a move took along, for the question that follows."""
    if event.get("type") != "move":
        return
    parent = str(event.get("parent") or "")
    left = [
        (node, old)
        for node in map(str, event.get("ids") or (event.get("id"),))
        if node in before.nodes
        for old in before.parents(node)
        if old != parent and node in before.formula_children(old)
    ]
    if left:
        st.session_state[KEPT] = (parent, left)


def ask(session: Session, plan: Plan) -> None:
    """The question, as long as it is open: it closes when answered, or when the tree has moved on."""
    parent, left = st.session_state.get(KEPT) or ("", [])
    open_ones = [
        (node, old)
        for node, old in left
        if node in plan.nodes and parent in plan.parents(node) and node not in plan.formula_children(parent)
    ]
    if not open_ones:
        st.session_state.pop(KEPT, None)
        return
    node, old = open_ones[0]
    names = {"child": plain(plan.nodes[node].name), "parent": plain(plan.nodes[parent].name)}
    with st.container(border=True, key="moved_question"):
        words = t(
            "{child} has left the formula of {old}.", child=names["child"], old=plain(plan.nodes[old].name)
        )
        st.markdown(f"{words} **{t('Is it part of what makes up {parent}?', parent=names['parent'])}**")
        with st.container(horizontal=True, gap="small"):
            for mark, sign in SIGNS.items():
                text = formula_with(plan, parent, node, mark)
                if text and st.button(f"{sign} {names['child']}", key=f"moved_{mark}", help=f"`{text}`"):
                    edit = {"op": "set_field", "node": parent, "field": "formula", "after": text}
                    changes.edit(session, plan, [edit])
                    st.rerun()
            if st.button(t("No, it only influences it"), key="moved_no", type="tertiary"):
                st.session_state[KEPT] = (parent, [pair for pair in left if pair[0] != node])
                st.rerun()
