"""Edits of the lines of a tree: checked before they are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan import rules
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.plan.reading import edge_from_dict

Edit = dict[str, Any]


def with_node(plan: Plan, node: Node) -> Plan:
    """A plan with a node in place of the one of its id, or new."""
    return plan.with_(nodes={**plan.nodes, node.id: node})


def with_edge(plan: Plan, edge: Edge) -> Plan:
    """A plan with a line in place of the one between the same two, or new."""
    return plan.with_(links={**plan.links, edge.key: edge})


def checked_edge(plan: Plan, edge: Edge, new_node: str | None = None) -> Edge:
    """A new line as it is, where it may be drawn. Raises Refused where not."""
    for end in edge.key:
        rules.refuse_unknown_node(plan, end)
    if new_node is not None and new_node not in edge.key:
        raise Refused(msg("This line does not touch the new node."), place=" → ".join(edge.key))
    if edge.key in plan.links:
        raise Refused(
            msg(
                "{parent} and {child} are joined already.",
                parent=plan.nodes[edge.parent].name,
                child=plan.nodes[edge.child].name,
            ),
            place=" → ".join(edge.key),
            remedy=msg("Change that line instead."),
        )
    rules.refuse_ends(plan.nodes[edge.parent], plan.nodes[edge.child], edge.kind)
    if plan.edge(*edge.key) is None:
        rules.refuse_cycle(plan, edge.parent, [edge.child])
    return edge


def prepare_add_edge(plan: Plan, edit: Edit) -> Edit:
    """``add_edge`` as it will be journalled. Raises Refused where it may not be drawn."""
    given = edit.get("after") if isinstance(edit.get("after"), Mapping) else {}
    fields = {**(given or {}), "parent": edit.get("parent"), "child": edit.get("child")}
    child = plan.nodes.get(str(edit.get("child")))
    fields.setdefault("kind", "supports" if child is not None and child.kind == "action" else "influence")
    edge = checked_edge(plan, edge_from_dict(fields, f"{edit.get('parent')} → {edit.get('child')}"))
    return {
        "op": "add_edge",
        "parent": edge.parent,
        "child": edge.child,
        "before": None,
        "after": edge.to_dict(),
    }


def prepare_remove_edge(plan: Plan, edit: Edit) -> Edit:
    """``remove_edge`` as it will be journalled. Raises Refused where there is no such drawn line."""
    edge = stored_edge(plan, [edit.get("parent"), edit.get("child")])
    return {
        "op": "remove_edge",
        "parent": edge.parent,
        "child": edge.child,
        "before": edge.to_dict(),
        "after": None,
    }


def add_edge(plan: Plan, edit: Edit) -> Plan:
    """The plan with a prepared line added."""
    return with_edge(plan, edge_from_dict(edit["after"]))


def remove_edge(plan: Plan, edit: Edit) -> Plan:
    """The plan without a line."""
    gone = (edit["parent"], edit["child"])
    return plan.with_(links={key: edge for key, edge in plan.links.items() if key != gone})


def stored_edge(plan: Plan, ends: Any) -> Edge:
    """The drawn line between two nodes. Raises Refused where a formula makes it, or none is there."""
    key = tuple(ends) if isinstance(ends, list | tuple) and len(ends) == 2 else ("", "")
    found = plan.links.get((str(key[0]), str(key[1])))
    if found is None:
        seen = plan.edge(str(key[0]), str(key[1]))
        raise Refused(
            msg("This line follows from the formula.")
            if seen
            else msg("There is no line between these two."),
            place=" → ".join(rules.name_of(plan, str(end)) for end in key),
            remedy=msg("Change the formula.") if seen else msg("Draw it first."),
        )
    return found
