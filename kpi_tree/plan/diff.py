"""What leads from one plan to another: as edits that can be applied, and grouped for the eye."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.edits import Edit, apply_prepared, prepare
from kpi_tree.plan.model import HEAD_FIELDS, Edge, Node, Plan, plain

_HEAD = ("name", *HEAD_FIELDS)
_PLAIN = tuple(set(vars(Node("x"))) - {"id", "kind", "formula"})


def diff(before: Plan, after: Plan) -> list[Edit]:
    """Edits that turn ``before`` into ``after`` (revision and id apart), in an order that can be applied.

    >>> from kpi_tree.plan.edits import apply_all
    >>> one = Plan("p", nodes={"a": Node("a", name="A")})
    >>> two = Plan("p", nodes={"a": Node("a", name="B"), "c": Node("c", name="C")})
    >>> [edit["op"] for edit in diff(one, two)]
    ['set_field', 'add_node']
    >>> apply_all(one, diff(one, two)).nodes == two.nodes
    True
    """
    for wanted in (_short_way(before, after), _sure_way(before, after)):
        made: list[Edit] = []
        at = before
        try:
            for edit in wanted:
                ready = prepare(at, edit)
                at = apply_prepared(at, ready)
                made.append(ready)
        except KpiTreeError:
            continue  # the short way may close a circle for a moment; the sure way takes all apart first
        if _same(at, after):
            return made
    raise AssertionError("no way leads from one plan to the other")


def _same(one: Plan, other: Plan) -> bool:
    return (one.nodes, one.links, one.targets) == (other.nodes, other.links, other.targets)


def _short_way(before: Plan, after: Plan) -> list[Edit]:
    """One edit for each difference, moves as moves: what a person would have done."""
    moved = _moves(before, after)
    edits = _head(before, after)
    edits += _targets_gone(before, after)
    edits += _links_gone(before, after, skip={(old, node) for node, (old, _) in moved.items()})
    edits += [{"op": "remove_node", "node": node} for node in before.nodes if node not in after.nodes]
    edits += _fields(before, after, ("kind",), first_down=True)
    edits += _fields(before, after, _PLAIN)
    edits += [_added(node, node.formula) for node in _parts_first(before, after)]
    for node, (old, new) in moved.items():
        edits.append({"op": "move", "node": node, "before": {"parent": old}, "after": {"parent": new}})
    edits += _links_made(before, after, skip={(new, node) for node, (_, new) in moved.items()})
    edits += _fields(before, after, ("formula",))
    return edits + _targets_made(before, after)


def _parts_first(before: Plan, after: Plan) -> list[Node]:
    """The new nodes, each after those its formula uses: so none meets a formula that waits for it."""
    order: dict[str, None] = {}
    pending = [node for node in reversed(list(after.nodes)) if node not in before.nodes]
    entered: set[str] = set()
    while pending:
        node = pending[-1]
        parts = [child for child in after.formula_children(node) if child not in entered]
        new = [child for child in parts if child not in before.nodes]
        if node in order or (not new) or node in entered:
            order.setdefault(node)
            pending.pop()
        else:
            pending.extend(new)
        entered.add(node)
    return [after.nodes[node] for node in order]


def _sure_way(before: Plan, after: Plan) -> list[Edit]:
    """Takes apart all that differs, then builds it up: no step can meet a circle."""
    edits = _head(before, after) + _targets_gone(before, after)
    computed = [node.id for node in before.nodes.values() if node.formula]
    edits += [{"op": "set_field", "node": node, "field": "formula", "after": None} for node in computed]
    edits += [_edge_gone(edge) for edge in before.links.values()]
    edits += [{"op": "remove_node", "node": node} for node in before.nodes if node not in after.nodes]
    edits += _fields(before, after, ("kind",), first_down=True)
    edits += _fields(before, after, _PLAIN)
    edits += [_added(node, None) for node in after.nodes.values() if node.id not in before.nodes]
    edits += [_edge_made(edge) for edge in after.links.values()]
    edits += [
        {"op": "set_field", "node": node.id, "field": "formula", "after": node.formula}
        for node in after.nodes.values()
        if node.formula
    ]
    return edits + _targets_made(before, after)


def _head(before: Plan, after: Plan) -> list[Edit]:
    return [
        {"op": "set_plan", "field": field, "after": plain(getattr(after, field))}
        for field in _HEAD
        if getattr(before, field) != getattr(after, field)
    ]


def _targets_gone(before: Plan, after: Plan) -> list[Edit]:
    return [
        {"op": "remove_target", "target": target} for target in before.targets if target not in after.targets
    ]


def _targets_made(before: Plan, after: Plan) -> list[Edit]:
    return [
        {"op": "set_target", "target": target.id, "after": target.to_dict()}
        for target in after.targets.values()
        if before.targets.get(target.id) != target or target.node not in before.nodes
    ]


def _edge_gone(edge: Edge) -> Edit:
    return {"op": "remove_edge", "parent": edge.parent, "child": edge.child}


def _edge_made(edge: Edge) -> Edit:
    return {"op": "add_edge", "parent": edge.parent, "child": edge.child, "after": edge.to_dict()}


def _links_gone(before: Plan, after: Plan, skip: set[tuple[str, str]]) -> list[Edit]:
    return [
        _edge_gone(edge)
        for key, edge in before.links.items()
        if key not in after.links and key not in skip and set(key) <= set(after.nodes)
    ]


def _links_made(before: Plan, after: Plan, skip: set[tuple[str, str]]) -> list[Edit]:
    edits: list[Edit] = []
    for key, edge in after.links.items():
        old = before.links.get(key)
        if old is not None and set(key) <= set(before.nodes):
            edits += [
                {"op": "set_field", "edge": list(key), "field": field, "after": getattr(edge, field)}
                for field in vars(edge)
                if getattr(edge, field) != getattr(old, field)
            ]
        elif key not in skip:
            edits.append(_edge_made(edge))
    return edits


def _added(node: Node, formula: str | None) -> Edit:
    return {"op": "add_node", "node": node.id, "after": replace(node, formula=formula).to_dict()}


def _fields(before: Plan, after: Plan, fields: tuple[str, ...], *, first_down: bool = False) -> list[Edit]:
    edits = []
    for node in after.nodes.values():
        old = before.nodes.get(node.id)
        for field in sorted(fields):
            if old is not None and getattr(old, field) != getattr(node, field):
                value = plain(getattr(node, field))
                edits.append({"op": "set_field", "node": node.id, "field": field, "after": value})
    if first_down:  # the old root steps down before the new one steps up
        edits.sort(key=lambda edit: edit["after"] == "kgi")
    return edits


def _moves(before: Plan, after: Plan) -> dict[str, tuple[str, str]]:
    """Nodes whose one drawn edge went from one parent to another with nothing else about it changed."""
    gone: dict[str, list[str]] = {}
    made: dict[str, list[str]] = {}
    for parent, child in before.links:
        if (parent, child) not in after.links:
            gone.setdefault(child, []).append(parent)
    for parent, child in after.links:
        if (parent, child) not in before.links:
            made.setdefault(child, []).append(parent)
    found = {}
    for child, parents in gone.items():
        if child not in after.nodes or len(parents) != 1 or len(made.get(child, [])) != 1:
            continue
        old, new = parents[0], made[child][0]
        seen = before.edge(old, child)
        same = replace(before.links[old, child], parent=new) == after.links[new, child]
        if same and new in before.nodes and seen is not None and not seen.derived and old in after.nodes:
            found[child] = (old, new)
    return found


@dataclass(frozen=True)
class Comparison:
    """Two plans side by side, for drawing.

    Attributes:
        added, removed: node ids only one of them has.
        changed: node id → field → (before, after), for nodes of both.
        moved: node id → (parents before, parents after), for nodes of both.
        targets: target id → (before, after) dicts, ``None`` where there is none.
        edges_added, edges_removed, edges_changed: (parent, child) pairs between nodes of both plans.
        head: the edits of what a plan says of itself: its name, its notes, known events, capacity.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, Mapping[str, tuple[Any, Any]]]
    moved: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    targets: Mapping[str, tuple[dict[str, Any] | None, dict[str, Any] | None]]
    edges_added: tuple[tuple[str, str], ...]
    edges_removed: tuple[tuple[str, str], ...]
    edges_changed: tuple[tuple[str, str], ...]
    head: tuple[Edit, ...] = ()

    @property
    def same(self) -> bool:
        """Whether there is no difference."""
        return not any(vars(self).values())


def compare(before: Plan, after: Plan) -> Comparison:
    """What was added, removed, changed and moved between two plans or two states of one.

    >>> one = Plan("p", nodes={"a": Node("a"), "b": Node("b")})
    >>> two = Plan("p", nodes={"a": Node("a", owner="Kari"), "c": Node("c")})
    >>> found = compare(one, two)
    >>> found.added, found.removed, dict(found.changed["a"])
    (('c',), ('b',), {'owner': ('', 'Kari')})
    """
    both = [node for node in before.nodes if node in after.nodes]
    inside = set(both)
    old = {edge.key: edge for edge in before.edges if inside >= set(edge.key)}
    new = {edge.key: edge for edge in after.edges if inside >= set(edge.key)}
    changed = {node: _changed(before.nodes[node], after.nodes[node]) for node in both}
    parents = {node: (tuple(before.parents(node)), tuple(after.parents(node))) for node in both}
    targets = {
        key: (_dict(before, key), _dict(after, key))
        for key in dict.fromkeys([*before.targets, *after.targets])
        if before.targets.get(key) != after.targets.get(key)
    }
    return Comparison(
        added=tuple(node for node in after.nodes if node not in inside),
        removed=tuple(node for node in before.nodes if node not in inside),
        changed={node: fields for node, fields in changed.items() if fields},
        moved={node: (was, now) for node, (was, now) in parents.items() if set(was) != set(now)},
        targets=targets,
        edges_added=tuple(key for key in new if key not in old),
        edges_removed=tuple(key for key in old if key not in new),
        edges_changed=tuple(key for key, edge in new.items() if key in old and old[key] != edge),
        head=tuple(
            {**edit, "before": plain(getattr(before, edit["field"]))} for edit in _head(before, after)
        ),
    )


def _changed(before: Node, after: Node) -> dict[str, tuple[Any, Any]]:
    return {
        field: (plain(value), plain(getattr(after, field)))
        for field, value in vars(before).items()
        if value != getattr(after, field)
    }


def _dict(plan: Plan, target: str) -> dict[str, Any] | None:
    found = plan.targets.get(target)
    return found.to_dict() if found else None
