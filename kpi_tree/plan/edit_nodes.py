"""Edits of the boxes of a tree, and of single fields of boxes and lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan import rules
from kpi_tree.plan.edit_lines import checked_edge, stored_edge, with_edge, with_node
from kpi_tree.plan.formula_parser import parse
from kpi_tree.plan.model import Plan, plain
from kpi_tree.plan.reading import (
    EDGE_FIELDS,
    MAX_NODES,
    NODE_FIELDS,
    edge_from_dict,
    node_from_dict,
    read_field,
    target_from_dict,
)

Edit = dict[str, Any]


def prepare_add_node(plan: Plan, edit: Edit) -> Edit:
    """``add_node`` as it will be journalled, with the lines and targets that come with it. Raises Refused."""
    given = edit.get("after")
    node = node_from_dict(given, place_of(given, edit.get("node")))
    if node.id in plan.nodes:
        raise Refused(
            msg("A node with the id {id} is in the tree already.", id=node.id),
            place=node.name,
            remedy=msg("Use that one, or choose another id."),
        )
    if len(plan.nodes) >= MAX_NODES:
        raise Refused(msg("The tree has {n} nodes; that is the limit.", n=MAX_NODES))
    rules.refuse_second_root(plan, node)
    grown = with_node(plan, node)
    edges = [edge_from_dict(part, f"{node.id}.edges") for part in edit.get("edges") or []]
    targets = [target_from_dict(part, f"{node.id}.targets") for part in edit.get("targets") or []]
    for target in targets:
        if target.node != node.id or target.id in plan.targets:
            raise Refused(msg("The target {id} is not a new one of this node.", id=target.id), place=node.id)
    # With the drawn edges first: the formula edges that the new node brings may close a circle over them.
    for edge in edges:
        grown = with_edge(grown, checked_edge(grown, edge, node.id))
    if node.formula:
        parse(node.formula)
    rules.refuse_new_circle(plan, grown, node.id)
    return {
        "op": "add_node",
        "node": node.id,
        "before": None,
        "after": node.to_dict(),
        "edges": [edge.to_dict() for edge in edges],
        "targets": [target.to_dict() for target in targets],
    }


def place_of(given: Any, fallback: Any) -> str:
    """What names a node in a refusal: its id as given, else what the edit says."""
    return str((given.get("id") if isinstance(given, Mapping) else None) or fallback or "")[:80]


def add_node(plan: Plan, edit: Edit) -> Plan:
    """The plan with a prepared node added."""
    made = with_node(plan, node_from_dict(edit["after"]))
    edges = [edge_from_dict(part) for part in edit["edges"]]
    targets = [target_from_dict(part) for part in edit["targets"]]
    return made.with_(
        links={**plan.links, **{edge.key: edge for edge in edges}},
        targets={**plan.targets, **{target.id: target for target in targets}},
    )


def prepare_remove_node(plan: Plan, edit: Edit) -> Edit:
    """``remove_node`` as it will be journalled, with the lines and targets that go with it."""
    node = str(edit.get("node"))
    rules.refuse_unknown_node(plan, node)
    # Where two nodes measure one KPI a formula's name means neither; with one gone it means the other.
    rules.refuse_new_circle(plan, remove_node(plan, {"node": node}), node)
    return {
        "op": "remove_node",
        "node": node,
        "before": plan.nodes[node].to_dict(),
        "after": None,
        "edges": [edge.to_dict() for edge in plan.links.values() if node in edge.key],
        "targets": [target.to_dict() for target in plan.targets.values() if target.node == node],
    }


def remove_node(plan: Plan, edit: Edit) -> Plan:
    """The plan without a node and what hangs on it alone."""
    gone = edit["node"]
    return plan.with_(
        nodes={node.id: node for node in plan.nodes.values() if node.id != gone},
        links={edge.key: edge for edge in plan.links.values() if gone not in edge.key},
        targets={target.id: target for target in plan.targets.values() if target.node != gone},
    )


def prepare_set_field(plan: Plan, edit: Edit) -> Edit:
    """``set_field`` of a node or a line as it will be journalled. Raises Refused."""
    field = str(edit.get("field"))
    if "edge" in edit:
        edge = stored_edge(plan, edit["edge"])
        value = read_field(EDGE_FIELDS, field, edit.get("after"), "→".join(edge.key))
        if field in ("parent", "child"):
            raise Refused(msg("An edge keeps its ends; move the node instead."), place="→".join(edge.key))
        changed = replace(edge, **{field: value})
        rules.refuse_ends(plan.nodes[edge.parent], plan.nodes[edge.child], changed.kind)
        return {"op": "set_field", "edge": list(edge.key), "field": field} | _before_after(
            edge, changed, field
        )
    node_id = str(edit.get("node"))
    rules.refuse_unknown_node(plan, node_id)
    node = plan.nodes[node_id]
    value = read_field(NODE_FIELDS, field, edit.get("after"), node.name)
    if field == "id":
        raise Refused(msg("An id stays what it is."), place=node.name, remedy=msg("Change the name instead."))
    changed_node = replace(node, **{field: value})
    rules.refuse_second_root(plan, changed_node)
    if field == "formula" and value:
        parse(value)
    after = with_node(plan, changed_node)
    if field in ("formula", "kpi", "kind"):
        if field == "kind":
            _refuse_wrong_kind(after, node_id)
        rules.refuse_new_circle(plan, after, node_id)
    return {"op": "set_field", "node": node_id, "field": field} | _before_after(node, changed_node, field)


def _refuse_wrong_kind(plan: Plan, node: str) -> None:
    for edge in plan.edges:
        if node in edge.key:
            rules.refuse_ends(plan.nodes[edge.parent], plan.nodes[edge.child], edge.kind)


def _before_after(before: Any, after: Any, field: str) -> Edit:
    return {"before": plain(getattr(before, field)), "after": plain(getattr(after, field))}


def set_field(plan: Plan, edit: Edit) -> Plan:
    """The plan with a prepared field set."""
    field, value = edit["field"], edit["after"]
    if "edge" in edit:
        edge = plan.links[tuple(edit["edge"])]
        return with_edge(plan, replace(edge, **{field: read_field(EDGE_FIELDS, field, value, "")}))
    node = plan.nodes[edit["node"]]
    return with_node(plan, replace(node, **{field: read_field(NODE_FIELDS, field, value, "")}))
