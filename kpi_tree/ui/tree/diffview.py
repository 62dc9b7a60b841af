"""Two states of a plan on one canvas: what came, went, changed and moved, drawn and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import networkx as nx
import streamlit as st

from kpi_tree.plan.diff import Comparison, compare
from kpi_tree.plan.edit_words import field_words
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.ui.pieces import changelist
from kpi_tree.ui.shell.text import current_language, said, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.ui.tree.canvas import tree_canvas
from kpi_tree.workspace.judged.cards import operator

BESIDE = 580
"""Height in pixels of a long list beside the canvas; up to ``FEW`` lines take what they need."""
FEW = 9
SIGNS = {"added": "+", "removed": "−", "changed": "✎", "moved": "→"}


def show(before: Plan, after: Plan) -> None:
    """The canvas with its legend, and beside it the differences as a list."""
    found = compare(before, after)
    left, right = st.columns([7, 3], gap="medium")
    with right:
        st.caption(changelist.summary(found))
        with st.container(height=BESIDE if len(list(flat(found))) > FEW else "content", border=False):
            changelist.show(before, after)
    with left:
        tree_canvas(
            cards(before, after, found),
            lines(before, after, found),
            selected=None,
            key="diff_canvas",
            lang=current_language(),
            editable=False,
            legend=legend(),
            on_event=lambda _: None,
        )


def flat(found: Comparison) -> Iterator[object]:
    """Each difference once, for counting."""
    yield from (*found.head, *found.added, *found.removed, *found.moved, *found.targets)
    for fields in found.changed.values():
        yield from fields
    yield from (*found.edges_added, *found.edges_removed, *found.edges_changed)


def legend() -> list[dict[str, str]]:
    """Each mark with its word."""
    return [{"key": key, "text": _word(key)} for key in SIGNS]


def _word(key: str) -> str:
    words = {"added": t("Added"), "removed": t("Removed"), "changed": t("Changed"), "moved": t("Moved")}
    return f"{SIGNS[key]} {words[key]}"


def cards(before: Plan, after: Plan, found: Comparison) -> list[dict[str, Any]]:
    """One card a node of either state; what is the same stays pale."""
    return [_card(node, before, after, found) for node in (*after.nodes.values(), *_gone(before, found))]


def plain_cards(plan: Plan) -> list[dict[str, Any]]:
    """One card a node of a tree without numbers; nothing is marked or pale."""
    return [{**card, "diff": ""} for card in cards(plan, plan, compare(plan, plan))]


def _gone(before: Plan, found: Comparison) -> list[Node]:
    return [before.nodes[node] for node in found.removed]


def _card(node: Node, before: Plan, after: Plan, found: Comparison) -> dict[str, Any]:
    marks = marks_of(node.id, before, after, found)
    fields = [said(field_words(field)) for field in found.changed.get(node.id, {}) if field != "order"]
    if _aims(node.id, found):
        fields.append(t("target"))
    return {
        "id": node.id,
        "name": node_name(node),
        "kind": node.kind,
        "owner": node.owner,
        "order": node.order,
        "state": node.state,
        "diff": marks[0] if marks else "same",
        "status": "",
        "status_text": ", ".join(_word(mark) for mark in marks),
        "actual_text": "\u00a0",
        "then_text": ", ".join(dict.fromkeys(fields)) if "changed" in marks else "",
    }


def marks_of(node: str, before: Plan, after: Plan, found: Comparison) -> list[str]:
    """What happened to a node, the most telling first; empty where nothing did."""
    if node not in before.nodes:
        return ["added"]
    if node not in after.nodes:
        return ["removed"]
    made = []
    if node in found.moved and _is_moved(node, found):
        made.append("moved")
    changed = {field for field in found.changed.get(node, {}) if field != "order"}
    if changed or _aims(node, found):
        made.append("changed")
    return made


def _is_moved(node: str, found: Comparison) -> bool:
    """A node whose parent only went or came with others stands where it stood, as far as it goes."""
    was, now = found.moved[node]
    return bool(set(was) - set(now) - set(found.removed) or set(now) - set(was) - set(found.added))


def _aims(node: str, found: Comparison) -> bool:
    return any((side or {}).get("node") == node for pair in found.targets.values() for side in pair)


def lines(before: Plan, after: Plan, found: Comparison) -> list[dict[str, Any]]:
    """The lines of both states; one that is gone is drawn where it does not close a circle."""
    old = {edge.key for edge in before.edges}
    made = [_line(after, edge, "" if edge.key in old else "added") for edge in after.edges]
    whole: nx.DiGraph[str] = nx.DiGraph([edge.key for edge in after.edges])
    new = {edge.key for edge in after.edges}
    for edge in before.edges:
        if edge.key in new:
            continue
        whole.add_nodes_from(edge.key)
        if nx.has_path(whole, edge.child, edge.parent):
            continue
        whole.add_edge(*edge.key)
        made.append(_line(before, edge, "removed"))
    changed = set(found.edges_changed)
    for line in made:
        if (line["parent"], line["child"]) in changed:
            line["diff"] = "changed"
    return made


def _line(plan: Plan, edge: Edge, diff: str) -> dict[str, Any]:
    sign = operator(plan, edge.parent, edge.child) if edge.kind == "formula" else ""
    return {
        "parent": edge.parent,
        "child": edge.child,
        "kind": edge.kind,
        "operator": sign,
        "sign": edge.sign,
        "diff": diff,
    }
