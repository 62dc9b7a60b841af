"""The form of one node: fields, what hangs below it, and taking it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.plan.formula_parser import names_in
from kpi_tree.plan.model import Plan
from kpi_tree.plan.naming import id_for, kpi_called, newly
from kpi_tree.ui.shell import changes, drafts
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, plain, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.ui.tree import nodefields, nodeinfluence, nodetarget
from kpi_tree.ui.tree.canvas import Box
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.base.own import catalogue_of

KINDS = ("kpi", "action")


@dataclass(frozen=True)
class _Box:
    """A box of the panel: its heading, whether somebody has begun to type in it, and what draws it."""

    box: Box
    begun: bool
    draw: Callable[[], None]

    @property
    def open(self) -> bool:
        """Opened by the person, or kept open by what was typed."""
        return self.begun or bool(st.session_state.get(f"panel_{self.box.id}"))


def boxes(session: Session, plan: Plan, view: NodeView) -> tuple[Box, ...]:
    """The headings of a node's boxes, for the browser to draw."""
    return tuple(one.box for one in _boxes(session, plan, view.id, view))


def opened(session: Session, plan: Plan, view: NodeView) -> list[str]:
    """Which of them are open: what a person opened stays open on the next card."""
    return [one.box.id for one in _boxes(session, plan, view.id, view) if one.open]


def show(session: Session, plan: Plan, view: NodeView) -> None:
    """Draw those that are open, and nothing of the others: every field costs each click on a card."""
    for one in _boxes(session, plan, view.id, view):
        if one.open:
            with st.container(border=True):
                st.markdown(f":material/{one.box.icon}: **{plain(one.box.title)}**")
                one.draw()


def _boxes(session: Session, plan: Plan, node: str, view: NodeView) -> list[_Box]:
    change = Box("change", t("Change"), "edit")
    found = [_Box(change, drafts.begun(plan, f"node_{node}"), partial(nodefields.show, session, plan, node))]
    if title := nodetarget.label(session, plan, node, view):
        draw = partial(nodetarget.show, session, plan, node, view)
        found.append(_Box(Box("target", title, "flag"), nodetarget.begun(session, plan, node), draw))
    for place, parent in enumerate(plan.parents(node, "influence")):
        box = Box(f"why_{place}", nodeinfluence.label(plan, parent), "psychology")
        draw = partial(nodeinfluence.show, session, plan, parent, node)
        found.append(_Box(box, nodeinfluence.begun(plan, parent, node), draw))
    below = Box("add", t("Add below"), "add")
    found.append(_Box(below, drafts.begun(plan, f"add_{node}"), partial(_add, session, plan, node)))
    if node != plan.root():
        remove = Box("remove", t("Remove"), "delete")
        found.append(_Box(remove, False, partial(_remove, session, plan, node)))
    return found


def _remove(session: Session, plan: Plan, node_id: str) -> None:
    st.markdown(t("Take {name} out of the plan?", name=f"**{plain(node_name(plan.nodes[node_id]))}**"))
    st.caption(t("What hangs below it stays in the plan. Undo brings it back."))
    if used := _without_value(session, plan, node_id):
        st.warning(t("It stands in a formula, which has no value without it: {names}.", names=plain(used)))
    if st.button(t("Take it out"), key=f"remove_{node_id}", type="primary"):
        st.session_state["panel_remove"] = False
        changes.edit(session, plan, [{"op": "remove_node", "node": node_id}])
        st.rerun()


def _without_value(session: Session, plan: Plan, node_id: str) -> str:
    """Names of nodes whose formula would use what nobody knows; what the catalogue has is still measured."""
    left = plan.with_(nodes={name: node for name, node in plan.nodes.items() if name != node_id}, links={})
    known = {*left.by_name_in_formula, *catalogue_of(session.home)}
    lost = [
        node_name(plan.nodes[parent])
        for parent in plan.parents(node_id, "formula")
        if not known.issuperset(names_in(plan.nodes[parent].formula or ""))
    ]
    return ", ".join(lost)


def _add(session: Session, plan: Plan, node_id: str) -> None:
    lang = current_language()
    draft = drafts.begin(plan, f"add_{node_id}", {"kind": "kpi", "kpi": None, "name": ""}, node=node_id)
    kind = st.radio(
        t("What"),
        KINDS,
        format_func=lambda name: {"kpi": t("KPI"), "action": t("Action")}[name],
        horizontal=True,
        key=draft.key("kind"),
        label_visibility="collapsed",
    )
    every = {kpi.id: kpi for kpi in workspace.kpis(session.home, session.who)}
    kpi = None
    if kind == "kpi":
        kpi = st.selectbox(
            t("From the catalogue"),
            list(every),
            index=None,
            format_func=lambda name: every[name].text("name", lang),
            placeholder=t("Or none: write a name below"),
            key=draft.key("kpi"),
        )
    name = st.text_input(t("Name"), key=draft.key("name"), max_chars=200)
    with st.container(horizontal=True, gap="small"):
        pressed = st.button(t("Add"), key=f"add_{node_id}", type="primary")
        drafts.discard(draft)
    if pressed and (name.strip() or kpi):
        after = {"name": name.strip() or every[str(kpi)].text("name", lang), "kind": kind}
        kpi = kpi or (newly(kpi_called(name, every), plan.nodes.values()) if kind == "kpi" else None)
        if kpi:
            after["kpi"] = kpi
        if changes.edit_from(session, plan, lambda: [_added(plan, node_id, after)]):
            drafts.drop(draft.subject)
        st.rerun()


def _added(plan: Plan, parent: str, after: dict[str, Any]) -> dict[str, Any]:
    """The edit that adds a node below another, last in its row."""
    node = id_for(plan, after["name"], after.get("kpi"))
    order = max((plan.nodes[child].order for child in plan.children(parent)), default=-1.0) + 1
    kind = "supports" if after["kind"] == "action" else "influence"
    return {
        "op": "add_node",
        "node": node,
        "after": {"id": node, "order": order, **after},
        "edges": [{"parent": parent, "child": node, "kind": kind}],
    }
