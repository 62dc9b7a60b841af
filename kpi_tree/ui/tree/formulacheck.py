"""What is wrong with a formula while it is typed: where it breaks, units that clash, a wrong rollup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from kpi_tree import workspace
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import KpiTreeError
from kpi_tree.issues import Issue
from kpi_tree.plan.completion import complete, readable
from kpi_tree.plan.edits import prepare
from kpi_tree.plan.formula_names import with_ids
from kpi_tree.plan.formula_parser import FormulaError, parse, tokens
from kpi_tree.plan.model import Plan
from kpi_tree.plan.rollup_check import check_rollup
from kpi_tree.plan.sense_check import check_sense
from kpi_tree.plan.unit_check import check_node
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, nt, plain, say, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.ui.tree import formulaways
from kpi_tree.ui.tree.offered import offer_names
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.drafting.telling import in_language

_DONE = re.compile(r"(?:[^\w.]|^)\d[\w.]*$")
"""A formula that ends in a number: nobody begins a name with one."""
_WORD = re.compile(r"\w*")


def names_of(session: Session, plan: Plan) -> dict[str, str]:
    """What the names in a formula are called: nodes by their names, else the catalogue's."""
    lang = current_language()
    known = {kpi.id: kpi.text("name", lang) for kpi in workspace.kpis(session.home, session.who)}
    own = {node.id: node_name(node) for node in plan.nodes.values() if node.kind != "action"}
    return own | {kpi: name for kpi, name in known.items() if kpi not in own}


def offer(session: Session, plan: Plan, node_id: str, key: str) -> None:
    """Names while a formula is typed; what stands above it would close a circle and is left out."""
    offer_names(key, names_of(session, plan), frozenset((node_id, *plan.ancestors(node_id))))


def issues_of(plan: Plan, node_id: str, text: str, known: Mapping[str, Kpi]) -> list[Issue]:
    """Warnings about a formula that can be read. Raises Refused where it cannot, or closes a circle."""
    prepare(plan, {"op": "set_field", "node": node_id, "field": "formula", "after": text})
    node = replace(plan.nodes[node_id], formula=text)
    made = plan.with_(nodes={**plan.nodes, node_id: node})
    sense = check_sense(parse(text), node_id)
    return [*check_node(made, node, known), *check_rollup(made, node, known), *sense]


def show(session: Session, plan: Plan, node_id: str, typed: str, key: str) -> str:
    """The formula in words, or what is wrong with it; what could be typed next.

    Args:
        typed: as it stands in the field, which has the ``key``.

    Returns:
        The formula with ids in place of names.
    """
    names = names_of(session, plan)
    text = with_ids(typed.strip(), names)
    if not text:
        return text
    kpis = catalogue_of(session.home)
    said = in_language(plan, kpis, current_language())
    try:
        found = issues_of(said, node_id, text, kpis)
        expr = parse(text)
    except KpiTreeError as error:
        show_refusal(error)
        _suggestions(plan, node_id, text, _cursor(text, error), names, key)
        return text
    st.caption(f"= {plain(readable(expr, names))}")
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
        first = next(token for token in tokens(text) if token.text == unknown[0])
        _suggestions(plan, node_id, text, first.position - 1 + len(first.text), names, key)
    for issue in found:
        st.warning(f"{say(issue.message)}  \n{say(issue.remedy)}", icon=":material/warning:")
    formulaways.show(session, plan, node_id, text, names)
    return text


def _cursor(text: str, error: KpiTreeError) -> int:
    """How far into a formula it was understood: behind the word where reading stopped."""
    if not isinstance(error, FormulaError):
        return len(text)
    stopped = error.position - 1
    return stopped + len(_WORD.match(text, stopped)[0])  # type: ignore[index]  # it matches nothing as well


def _suggestions(plan: Plan, node_id: str, text: str, at: int, names: Mapping[str, str], key: str) -> None:
    """What could stand at a place, as buttons that write it into the field."""
    begun = complete(text, at, plan, names, node_id)[:6] if not _DONE.search(text[:at]) else []
    if not begun:
        return
    st.caption(t("Could go on with:"))
    with st.container(horizontal=True, gap="xsmall"):
        for place, each in enumerate(begun):
            shown = names.get(each.insert, each.insert.strip())
            st.button(
                plain(shown),
                key=f"{key}_next_{place}",
                help=f"`{each.insert.strip()}`",
                type="tertiary",
                icon=":material/add:",
                on_click=_write,
                args=(key, text[: each.start] + each.insert + text[each.end :]),
            )


def _write(key: str, text: str) -> None:
    st.session_state[key] = text
