"""What is wrong with a formula while it is typed: where it breaks, units that clash, a wrong rollup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from kpi_tree import workspace
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import KpiTreeError
from kpi_tree.issues import Issue
from kpi_tree.plan.completion import complete, readable
from kpi_tree.plan.edits import prepare
from kpi_tree.plan.formula_parser import parse
from kpi_tree.plan.model import Plan
from kpi_tree.plan.rollup_check import check_rollup
from kpi_tree.plan.unit_check import check_node
from kpi_tree.ui import cache
from kpi_tree.ui.failures import show as show_refusal
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import change, current_language, nt, plain, say, t
from kpi_tree.workspace.own import catalogue_of


def names_of(session: Session, plan: Plan) -> dict[str, str]:
    """What the names in a formula are called: nodes by their names, else the catalogue's."""
    lang = current_language()
    known = {kpi.id: kpi.text("name", lang) for kpi in workspace.kpis(session.home, session.who)}
    return known | {node.id: node.name for node in plan.nodes.values()}


def issues_of(plan: Plan, node_id: str, text: str, known: Mapping[str, Kpi]) -> list[Issue]:
    """Warnings about a formula that can be read. Raises Refused where it cannot, or closes a circle."""
    prepare(plan, {"op": "set_field", "node": node_id, "field": "formula", "after": text})
    node = replace(plan.nodes[node_id], formula=text)
    made = plan.with_(nodes={**plan.nodes, node_id: node})
    return [*check_node(made, node, known), *check_rollup(made, node, known)]


def show(session: Session, plan: Plan, node_id: str, text: str) -> None:
    """The formula in words, or what is wrong with it."""
    if not text.strip():
        return
    names = names_of(session, plan)
    try:
        found = issues_of(plan, node_id, text, catalogue_of(session.home))
        expr = parse(text)
    except KpiTreeError as error:
        show_refusal(error)
        begun = complete(text, len(text), plan, names, node_id)
        if begun:
            words = ", ".join(f"`{each.insert.strip()}`" for each in begun[:6])
            st.caption(t("Could go on with: {names}", names=words))
        return
    st.caption(f"= {plain(readable(expr, names))}")
    _leverage(session, plan, text, names)
    unknown = [name for name in expr.names if name not in names]
    if unknown:
        st.caption(
            ":material/help: "
            + nt(
                "{n} name nobody knows yet: {names}",
                "{n} names nobody knows yet: {names}",
                len(unknown),
                names=plain(", ".join(unknown)),
            )
        )
    for issue in found:
        st.warning(f"{say(issue.message)}  \n{say(issue.remedy)}", icon=":material/warning:")


def _leverage(session: Session, plan: Plan, text: str, names: Mapping[str, str]) -> None:
    """What one percent more of each part does to the result, at the values of today."""
    now = {view.id: view.actual for view in cache.tree(session)}
    ids = plan.by_name_in_formula
    expr = parse(text)
    values = {name: now.get(ids.get(name, "")) for name in expr.names}
    known = {name: value for name, value in values.items() if value is not None}
    if len(known) < len(values) or not known:
        return
    found = workspace.formula(text, sets=known, home=session.home)["slopes"] or {}
    said = [
        f"{plain(names.get(name, name))} {change(slope['elasticity'] / 100)}"
        for name, slope in found.items()
        if slope["elasticity"] is not None
    ]
    if said:
        st.caption(t("1 % more of each changes the result by: {parts}", parts=" · ".join(said)))
