"""What a node is: its definition, where its numbers come from, and what was done to it."""

from __future__ import annotations

import streamlit as st

from kpi_tree.plan.model import Node, Plan
from kpi_tree.ui.actions import actionpanel
from kpi_tree.ui.pieces import behind
from kpi_tree.ui.shell import cache, parts, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, moment, number, plain, say, t
from kpi_tree.ui.shell.words import node_name, table_name, unit_words
from kpi_tree.ui.targets import asked
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.documents.treefiles import readable_formula

LINES = 8


def show(session: Session, plan: Plan, view: NodeView) -> None:
    """The ways on from here, what was noted, then definition and history, both folded."""
    node = plan.nodes[view.id]
    if node.notes:
        st.markdown(f":material/sticky_note_2: {plain(node.notes)}")
    if node.kind != "action":
        places.link("kpi", t("Open"), icon="arrow_forward", id=view.id)
    actionpanel.show(session, node)
    _down_the_tree(session, plan, node)
    _definition(session, view)
    _history(session, view)


def facts(session: Session, plan: Plan, view: NodeView) -> list[parts.Fact]:
    """How it is computed, who is told, what guards it, and what kind of number it is."""
    node = plan.nodes[view.id]
    found = []
    if node.formula:
        found.append(parts.Fact(t("Formula"), _formula(session, plan, node)))
    if node.informed:
        found.append(parts.Fact(t("Informed"), ", ".join(node.informed)))
    guards = [node_name(plan.nodes[name]) for name in plan.children(node.id, "guardrail")]
    if guards:
        found.append(parts.Fact(t("Guardrails"), ", ".join(guards)))
    return found if node.kind == "action" else found + _rules(view, node)


def _formula(session: Session, plan: Plan, node: Node) -> str:
    """Its formula with the names of KPIs in place of their ids."""
    lang = current_language()
    words: str = cache.kept(
        session, "formula", node.id, lang, make=lambda: readable_formula(session.home, plan, node, lang)
    )
    return words


def _definition(session: Session, view: NodeView) -> None:
    """What the catalogue says of its KPI, and the way to the records; made when it is opened."""
    kpi = catalogue_of(session.home).get(view.kpi or "")
    if kpi is None:
        return
    lang = current_language()
    with st.expander(
        t("Definition"), icon=":material/menu_book:", key=f"about_{view.id}", on_change="rerun"
    ) as box:
        if not box.open:
            return
        said = [plain(kpi.text("definition", lang)), f":small[{plain(kpi.text('formula', lang))}]"]
        if kpi.tables:
            tables = plain(", ".join(table_name(name) for name in kpi.tables))
            through = t("From {tables}, through {day}.", tables=tables, day=plain(day(view.data_through)))
            said.append(f":small[{through}]")
        st.markdown("\n\n".join(said))
        if view.start and view.data_through and view.start <= view.data_through:
            behind.link(view.id, view.start, view.data_through)


def _down_the_tree(session: Session, plan: Plan, node: Node) -> None:
    """What its target asks of everything below it, and how much of that is promised."""
    if not node.formula or not plan.targets_of(node.id):
        return
    asked.line(session, plan, node.id, link=False)
    words = t("Its target, down the tree")
    places.link("goals", words, icon="account_tree", **{"as": "down", "goal": node.id})


def _rules(view: NodeView, node: Node) -> list[parts.Fact]:
    """Unit, direction, how longer periods are formed, and where the number comes from."""
    sources = {
        "measured": t("records or values"),
        "computed": t("its formula"),
        "assumption": t("an assumption"),
    }
    return [
        parts.Fact(
            t("Number from"),
            sources.get(view.source or "", "–"),
            t("holds an assumption") if _mixed(view) else "",
        ),
        parts.Fact(t("Unit"), unit_words(view.unit, view.currency)),
        parts.Fact(t("Better is"), _better(view, node)),
    ]


def _mixed(view: NodeView) -> bool:
    return view.assumed and view.source != "assumption"


def _better(view: NodeView, node: Node) -> str:
    if view.direction != "range":
        return {"up": t("higher"), "down": t("lower")}.get(view.direction or "", "–")
    if node.low is None and node.high is None:
        return t("near the target")
    ends = [number(end, view.unit, view.currency, compact=True) for end in (node.low, node.high)]
    return " – ".join(ends)


def _history(session: Session, view: NodeView) -> None:
    found = [line for line in cache.history(session) if any(view.id in nodes for nodes in line.touched)]
    if not found:
        return
    words = t("What was changed here")
    with st.expander(words, icon=":material/history:", key=f"past_{view.id}", on_change="rerun") as box:
        for line in found[:LINES] if box.open else ():
            said = [
                say(word) for word, nodes in zip(line.words, line.touched, strict=False) if view.id in nodes
            ]
            st.markdown("  \n".join(said[:4]))
            st.caption(f"{plain(moment(line.at))} · {plain(line.who)}")
