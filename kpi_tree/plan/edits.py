"""An edit is data: what, where, before, after. Applying one gives a new plan and changes nothing else.

The operations, each a JSON-able dict (``before`` may be left out by the caller; :func:`prepare` fills it in,
and where it is given and no longer true the edit is a :class:`~kpi_tree.errors.Conflict`):

=============== =====================================================================================
add_node        ``node``, ``after`` (node dict), ``edges`` and ``targets`` that come with it (lists)
remove_node     ``node``, ``before``, ``edges``, ``targets``; its children stay in the plan
set_field       ``node`` *or* ``edge`` [parent, child], ``field``, ``before``, ``after``
add_edge        ``parent``, ``child``, ``after`` (edge dict) · remove_edge likewise with ``before``
move            ``node``, ``before`` / ``after``: ``{"parent", "order"}``
set_target      ``target`` (id), ``before`` / ``after`` (target dict or null) · remove_target likewise
set_plan        ``field`` (name, notes, language), ``before``, ``after``
=============== =====================================================================================
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from kpi_tree.errors import Conflict, Refused
from kpi_tree.i18n import msg
from kpi_tree.plan import rules
from kpi_tree.plan.edit_words import describe
from kpi_tree.plan.formula_parser import parse
from kpi_tree.plan.model import Edge, Node, Plan, plain
from kpi_tree.plan.moving import moved_plan, prepare_move
from kpi_tree.plan.nearest import nearest
from kpi_tree.plan.reading import (
    EDGE_FIELDS,
    MAX_NODES,
    NODE_FIELDS,
    PLAN_FIELDS,
    edge_from_dict,
    node_from_dict,
    read_field,
    target_from_dict,
)

Edit = dict[str, Any]


def prepare(plan: Plan, edit: Mapping[str, Any]) -> Edit:
    """The edit as it will be journalled: checked, values cleaned, ``before`` filled in.

    Raises:
        Refused: the edit breaks a rule or is not an edit.
        Conflict: its ``before`` is not what stands in the plan now; carries both values.
    """
    op = str(edit.get("op"))
    if op not in _OPS:
        close = nearest(op, _OPS)
        raise Refused(
            msg("There is no edit {op}.", op=op[:40]),
            remedy=msg("Did you mean {name}?", name=close)
            if close
            else msg("Use one of: {names}.", names=", ".join(_OPS)),
        )
    made = _OPS[op][0](plan, copy.deepcopy(dict(edit)))
    if "before" in edit and not _still(edit["before"], made["before"], op):
        raise Conflict(
            msg("This was changed meanwhile by someone else."),
            mine=edit.get("after"),
            theirs=made["before"],
            place=str(edit.get("node") or edit.get("target") or edit.get("field") or ""),
            remedy=msg("Look at both values and decide."),
        )
    return made


def _still(given: Any, now: Any, op: str) -> bool:
    if op == "move" and isinstance(given, Mapping):  # a canvas knows parent and order, not the edge's fields
        return all(now.get(key) == value for key, value in given.items())
    return bool(given == now)


def apply(plan: Plan, edit: Mapping[str, Any]) -> Plan:
    """A new plan with the edit made; its revision is one higher.

    Raises what :func:`prepare` raises; the plan given is never changed.

    >>> plan = apply(Plan("shop"), {"op": "add_node", "after": {"id": "sales", "kind": "kgi"}})
    >>> plan.root(), plan.revision
    ('sales', 1)
    """
    return apply_prepared(plan, prepare(plan, edit))


def apply_prepared(plan: Plan, made: Edit) -> Plan:
    """The same for an edit that :func:`prepare` has just made on this very plan."""
    return _OPS[made["op"]][1](plan, made).with_(revision=plan.revision + 1)


def apply_all(plan: Plan, edits: Iterable[Mapping[str, Any]]) -> Plan:
    """Several edits, one after the other: all of them or, on a refusal, none."""
    for edit in edits:
        plan = apply(plan, edit)
    return plan


_INVERSE = {
    "add_node": "remove_node",
    "remove_node": "add_node",
    "add_edge": "remove_edge",
    "remove_edge": "add_edge",
    "remove_target": "set_target",
}


def invert(edit: Mapping[str, Any]) -> Edit:
    """The edit that takes a prepared edit back.

    >>> invert({"op": "set_plan", "field": "name", "before": "A", "after": "B"})
    {'op': 'set_plan', 'field': 'name', 'before': 'B', 'after': 'A'}
    """
    back = copy.deepcopy(dict(edit))
    back["op"] = _INVERSE.get(edit["op"], edit["op"])
    back["before"], back["after"] = copy.deepcopy(edit.get("after")), copy.deepcopy(edit.get("before"))
    if back["op"] == "set_target" and back["after"] is None:
        back["op"] = "remove_target"
    return back


# --- nodes -------------------------------------------------------------------------------------------------


def _prepare_add_node(plan: Plan, edit: Edit) -> Edit:
    given = edit.get("after")
    node = node_from_dict(given, _place(given, edit.get("node")))
    if node.id in plan.nodes:
        raise Refused(
            msg("A node with the id {id} is in the tree already.", id=node.id),
            place=node.name,
            remedy=msg("Use that one, or choose another id."),
        )
    if len(plan.nodes) >= MAX_NODES:
        raise Refused(msg("The tree has {n} nodes; that is the limit.", n=MAX_NODES))
    rules.refuse_second_root(plan, node)
    with_node = _with_node(plan, node)
    edges = [edge_from_dict(part, f"{node.id}.edges") for part in edit.get("edges") or []]
    targets = [target_from_dict(part, f"{node.id}.targets") for part in edit.get("targets") or []]
    for target in targets:
        if target.node != node.id or target.id in plan.targets:
            raise Refused(msg("The target {id} is not a new one of this node.", id=target.id), place=node.id)
    # With the drawn edges first: the formula edges that the new node brings may close a circle over them.
    for edge in edges:
        with_node = _with_edge(with_node, _checked_edge(with_node, edge, node.id))
    if node.formula:
        parse(node.formula)
    rules.refuse_new_circle(plan, with_node, node.id)
    return {
        "op": "add_node",
        "node": node.id,
        "before": None,
        "after": node.to_dict(),
        "edges": [edge.to_dict() for edge in edges],
        "targets": [target.to_dict() for target in targets],
    }


def _place(given: Any, fallback: Any) -> str:
    return str((given.get("id") if isinstance(given, Mapping) else None) or fallback or "")[:80]


def _add_node(plan: Plan, edit: Edit) -> Plan:
    made = _with_node(plan, node_from_dict(edit["after"]))
    edges = [edge_from_dict(part) for part in edit["edges"]]
    targets = [target_from_dict(part) for part in edit["targets"]]
    return made.with_(
        links={**plan.links, **{edge.key: edge for edge in edges}},
        targets={**plan.targets, **{target.id: target for target in targets}},
    )


def _prepare_remove_node(plan: Plan, edit: Edit) -> Edit:
    node = str(edit.get("node"))
    rules.refuse_unknown_node(plan, node)
    # Where two nodes measure one KPI a formula's name means neither; with one gone it means the other.
    rules.refuse_new_circle(plan, _remove_node(plan, {"node": node}), node)
    return {
        "op": "remove_node",
        "node": node,
        "before": plan.nodes[node].to_dict(),
        "after": None,
        "edges": [edge.to_dict() for edge in plan.links.values() if node in edge.key],
        "targets": [target.to_dict() for target in plan.targets.values() if target.node == node],
    }


def _remove_node(plan: Plan, edit: Edit) -> Plan:
    gone = edit["node"]
    return plan.with_(
        nodes={node.id: node for node in plan.nodes.values() if node.id != gone},
        links={edge.key: edge for edge in plan.links.values() if gone not in edge.key},
        targets={target.id: target for target in plan.targets.values() if target.node != gone},
    )


# --- fields ------------------------------------------------------------------------------------------------


def _prepare_set_field(plan: Plan, edit: Edit) -> Edit:
    field = str(edit.get("field"))
    if "edge" in edit:
        edge = _stored_edge(plan, edit["edge"])
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
    after = _with_node(plan, changed_node)
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


def _stored_edge(plan: Plan, ends: Any) -> Edge:
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


def _set_field(plan: Plan, edit: Edit) -> Plan:
    field, value = edit["field"], edit["after"]
    if "edge" in edit:
        edge = plan.links[tuple(edit["edge"])]
        return _with_edge(plan, replace(edge, **{field: read_field(EDGE_FIELDS, field, value, "")}))
    node = plan.nodes[edit["node"]]
    return _with_node(plan, replace(node, **{field: read_field(NODE_FIELDS, field, value, "")}))


# --- edges -------------------------------------------------------------------------------------------------


def _checked_edge(plan: Plan, edge: Edge, new_node: str | None = None) -> Edge:
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


def _prepare_add_edge(plan: Plan, edit: Edit) -> Edit:
    given = edit.get("after") if isinstance(edit.get("after"), Mapping) else {}
    fields = {**(given or {}), "parent": edit.get("parent"), "child": edit.get("child")}
    child = plan.nodes.get(str(edit.get("child")))
    fields.setdefault("kind", "supports" if child is not None and child.kind == "action" else "influence")
    edge = _checked_edge(plan, edge_from_dict(fields, f"{edit.get('parent')} → {edit.get('child')}"))
    return {
        "op": "add_edge",
        "parent": edge.parent,
        "child": edge.child,
        "before": None,
        "after": edge.to_dict(),
    }


def _prepare_remove_edge(plan: Plan, edit: Edit) -> Edit:
    edge = _stored_edge(plan, [edit.get("parent"), edit.get("child")])
    return {
        "op": "remove_edge",
        "parent": edge.parent,
        "child": edge.child,
        "before": edge.to_dict(),
        "after": None,
    }


def _add_edge(plan: Plan, edit: Edit) -> Plan:
    return _with_edge(plan, edge_from_dict(edit["after"]))


def _remove_edge(plan: Plan, edit: Edit) -> Plan:
    gone = (edit["parent"], edit["child"])
    return plan.with_(links={key: edge for key, edge in plan.links.items() if key != gone})


# --- targets and the plan itself ---------------------------------------------------------------------------


def _prepare_set_target(plan: Plan, edit: Edit) -> Edit:
    target = target_from_dict(edit.get("after"), _place(edit.get("after"), edit.get("target")))
    rules.refuse_unknown_node(plan, target.node)
    if plan.nodes[target.node].kind == "action":
        raise Refused(msg("An action has no target; the KPI it supports has."), place=target.node)
    if target.baseline is not None and target.baseline == target.value:
        raise Refused(
            msg("The target is the same as the baseline, so there is no way to go."),
            place=plan.nodes[target.node].name,
            remedy=msg("Choose another target or another baseline."),
        )
    before = plan.targets.get(target.id)
    return {
        "op": "set_target",
        "target": target.id,
        "before": before.to_dict() if before else None,
        "after": target.to_dict(),
    }


def _prepare_remove_target(plan: Plan, edit: Edit) -> Edit:
    found = plan.targets.get(str(edit.get("target")))
    if found is None:
        raise Refused(
            msg("There is no target {id}.", id=str(edit.get("target"))[:80]),
            remedy=msg("Look at the plan's targets."),
        )
    return {"op": "remove_target", "target": found.id, "before": found.to_dict(), "after": None}


def _set_target(plan: Plan, edit: Edit) -> Plan:
    kept = {key: target for key, target in plan.targets.items() if key != edit["target"] or edit["after"]}
    if edit["after"]:
        kept[edit["target"]] = target_from_dict(edit["after"])
    return plan.with_(targets=kept)


def _prepare_set_plan(plan: Plan, edit: Edit) -> Edit:
    field = str(edit.get("field"))
    if field == "id":
        raise Refused(msg("An id stays what it is."), place=plan.name, remedy=msg("Change the name instead."))
    value = read_field(PLAN_FIELDS, field, edit.get("after"), plan.name)
    return {"op": "set_plan", "field": field, "before": getattr(plan, field), "after": value}


def _set_plan(plan: Plan, edit: Edit) -> Plan:
    return plan.with_(**{edit["field"]: edit["after"]})


def _with_node(plan: Plan, node: Node) -> Plan:
    return plan.with_(nodes={**plan.nodes, node.id: node})


def _with_edge(plan: Plan, edge: Edge) -> Plan:
    return plan.with_(links={**plan.links, edge.key: edge})


_OPS: Mapping[str, tuple[Callable[[Plan, Edit], Edit], Callable[[Plan, Edit], Plan]]] = {
    "add_node": (_prepare_add_node, _add_node),
    "remove_node": (_prepare_remove_node, _remove_node),
    "set_field": (_prepare_set_field, _set_field),
    "add_edge": (_prepare_add_edge, _add_edge),
    "remove_edge": (_prepare_remove_edge, _remove_edge),
    "move": (prepare_move, moved_plan),
    "set_target": (_prepare_set_target, _set_target),
    "remove_target": (_prepare_remove_target, _set_target),
    "set_plan": (_prepare_set_plan, _set_plan),
}

__all__ = ["Edit", "apply", "apply_all", "describe", "invert", "prepare"]
