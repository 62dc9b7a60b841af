"""What was typed into the forms of other cards and not saved: said beside the tree, with the way to it."""

from __future__ import annotations

import streamlit as st

from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import address, drafts
from kpi_tree.ui.shell.text import nt, plain, t
from kpi_tree.ui.shell.words import node_name

MOST = 5
"""So many cards are named one by one."""


def show(plan: Plan, chosen: str) -> None:
    """One line a card; the card on the page says it beside its own form."""
    with st.container():  # there or not, what stands below keeps its place
        waiting = {node: subjects for node, subjects in drafts.waiting(plan).items() if node != chosen}
        if waiting:
            _listed(plan, waiting)


def _listed(plan: Plan, waiting: dict[str, list[str]]) -> None:
    with st.container(border=True, gap="xsmall", key="unsaved"):
        words = nt(
            "Typed on {n} other card and not saved:", "Typed on {n} other cards and not saved:", len(waiting)
        )
        st.caption(f":material/edit_note: {words}")
        for node, subjects in list(waiting.items())[:MOST]:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                name = plain(node_name(plan.nodes[node]))
                st.button(
                    name, key=f"unsaved_{node}", type="tertiary", on_click=address.put, args=("node", node),
                    icon=":material/arrow_forward:",
                )  # fmt: skip
                st.button(t("Discard"), key=f"unsaved_off_{node}", on_click=drafts.drop, args=subjects)
        if len(waiting) > MOST:
            every = [subject for subjects in waiting.values() for subject in subjects]
            st.button(t("Discard all"), key="unsaved_off", type="tertiary", on_click=drafts.drop, args=every)
