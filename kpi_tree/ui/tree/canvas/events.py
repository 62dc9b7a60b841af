"""What a gesture on the canvas means for the plan. Pure: no Streamlit, no store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.edits import apply
from kpi_tree.plan.formula_parser import parse
from kpi_tree.plan.formula_tree import Name, Product, Sum
from kpi_tree.plan.model import Plan
from kpi_tree.plan.moving import formula_without
from kpi_tree.plan.naming import id_for, newly, says_nothing
from kpi_tree.ui.tree.canvas.rows import orders_in, row_of

Event = Mapping[str, Any]
Edit = dict[str, Any]

EDITS = frozenset({"rename", "add_child", "add_sibling", "move", "delete"})
"""Event types that change the plan. The others are ``select open undo redo``."""


def single_events(event: Event) -> Iterator[Event]:
    """The events in an event, oldest first: several gestures may arrive in one ``batch``.

    >>> [e["type"] for e in single_events({"type": "batch", "events": [{"type": "undo"}, {"type": "redo"}]})]
    ['undo', 'redo']
    """
    if event.get("type") == "batch":
        for part in event.get("events", ()):
            yield from single_events(part)
    else:
        yield event


def apply_event(plan: Plan, event: Event, made: MutableMapping[str, str] | None = None) -> list[Edit]:
    """The edits that an event asks for, in order; empty for ``select open undo redo``.

    ``made`` maps the temporary names of cards just added to the ids of their nodes: it is read, so that an
    event may speak of a card whose id the canvas does not know yet, and added to.

    The edits hold ``before`` where the canvas has seen it, so that a change made meanwhile by someone else
    is a :class:`~kpi_tree.errors.Conflict` when they are applied, and never overwritten.

    Raises:
        NotFound: the event names a node that is not in the plan.
        Refused: the event can't be carried out (an empty name, the root deleted, a circle).

    >>> from kpi_tree.plan.model import Node
    >>> plan = Plan("p", nodes={"sales": Node("sales", "kgi", "Sales")})
    >>> apply_event(plan, {"type": "rename", "id": "sales", "name": "Net sales"})
    [{'op': 'set_field', 'node': 'sales', 'field': 'name', 'before': 'Sales', 'after': 'Net sales'}]
    >>> apply_event(plan, {"type": "select", "id": "sales"})
    []
    """
    edits: list[Edit] = []
    made = {} if made is None else made
    for part in single_events(event):
        handler = _HANDLERS.get(str(part.get("type")))
        if handler is None:
            continue
        for edit in handler(plan, resolved(part, made)):
            plan = apply(plan, edit)
            edits.append(edit)
            if edit["op"] == "add_node" and isinstance(part.get("temp"), str):
                made[part["temp"]] = edit["after"]["id"]
    return edits


def resolved(event: Event, made: Mapping[str, str]) -> Event:
    """The event with the ids of nodes in place of the names that the canvas gave to cards just added.

    >>> resolved({"type": "rename", "id": "~t-1", "name": "Visits"}, {"~t-1": "visits"})
    {'type': 'rename', 'id': 'visits', 'name': 'Visits'}
    """
    if not made:
        return event
    found = dict(event)
    for field in ("id", "parent", "before"):
        if isinstance(found.get(field), str):
            found[field] = made.get(found[field], found[field])
    for field in ("ids", "from"):
        if isinstance(found.get(field), list):
            found[field] = [made.get(part, part) if isinstance(part, str) else part for part in found[field]]
    return found


def _rename(plan: Plan, event: Event) -> list[Edit]:
    node = plan.nodes[_known(plan, event.get("id"))]
    name = _name(event)
    edits: list[Edit] = []
    # The canvas says what the name was where it changed under the hand that typed: never overwritten.
    seen = str(event["was"]) if isinstance(event.get("was"), str) else node.name
    if name != node.name:
        edits.append({"op": "set_field", "node": node.id, "field": "name", "before": seen, "after": name})
    kpi = newly(event.get("kpi"), plan.nodes.values())
    if kpi and says_nothing(node):
        edits.append({"op": "set_field", "node": node.id, "field": "kpi", "before": None, "after": kpi})
    return edits


def _add_child(plan: Plan, event: Event) -> list[Edit]:
    parent = _known(plan, event.get("parent"))
    row = row_of(plan, parent, action=event.get("kind") == "action")
    order = plan.nodes[row[-1]].order + 1 if row else 0.0
    return [_added(plan, event, parent, order)]


def _add_sibling(plan: Plan, event: Event) -> list[Edit]:
    beside = _known(plan, event.get("id"))
    parent = _parent_of(plan, beside, event.get("parent"))
    row = row_of(plan, parent, action=plan.nodes[beside].kind == "action")
    after = row.index(beside) + 1
    orders, renumbered = orders_in(plan, row, after, 1)
    kind = "action" if plan.nodes[beside].kind == "action" else event.get("kind")
    return [*renumbered, _added(plan, {**event, "kind": kind}, parent, orders[0])]


def _added(plan: Plan, event: Event, parent: str, order: float) -> Edit:
    name = _name(event)
    kind = "action" if event.get("kind") == "action" else "kpi"
    kpi = None if kind == "action" else newly(event.get("kpi"), plan.nodes.values())
    node = id_for(plan, name, kpi)
    after: dict[str, Any] = {"id": node, "kind": kind, "name": name, "order": order}
    after |= {"kpi": kpi} if kpi else {}
    edge = {"parent": parent, "child": node, "kind": "supports" if kind == "action" else "influence"}
    return {"op": "add_node", "after": after, "edges": [edge]}


def _move(plan: Plan, event: Event) -> list[Edit]:
    parent = _known(plan, event.get("parent"))
    ids = [_known(plan, node) for node in event.get("ids") or ()]
    if parent in ids:
        raise Refused(msg("A node cannot hang under itself."), place=plan.nodes[parent].name)
    actions = bool(ids) and all(plan.nodes[node].kind == "action" for node in ids)
    row = [child for child in row_of(plan, parent, action=actions) if child not in ids]
    before = event.get("before")
    at = row.index(before) if before in row else len(row)
    orders, edits = orders_in(plan, row, at, len(ids))
    told = event.get("from") or [None] * len(ids)
    for node, old, order in zip(ids, told, orders, strict=False):
        if event.get("as") == "formula" and old != parent and node not in plan.formula_children(parent):
            joined = _joined(plan, parent, node, old)
            plan = apply(plan, joined)
            edits.append(joined)
        edit: Edit = {"op": "move", "node": node, "after": {"parent": parent, "order": order}}
        if event.get("as") == "both":
            edit["before"] = {"parent": None}
        elif old is not None:
            edit["before"] = {"parent": old}
        edits.append(edit)
    return edits


def _joined(plan: Plan, parent: str, node: str, old: str | None) -> Edit:
    """The parent's formula with one more name: times it in a product, else as it counted before."""
    before = plan.nodes[parent].formula
    sign = "-" if old and _counts_down(plan, old, node) else "+"
    if not before:
        after = node
    elif isinstance(parse(before), Product):
        after = f"{before} * {node}"
    else:
        after = f"{before} {sign} {node}"
    return {"op": "set_field", "node": parent, "field": "formula", "before": before, "after": after}


def _counts_down(plan: Plan, parent: str, node: str) -> bool:
    """Whether a node is taken off in the sum that its parent's formula is."""
    text = plan.nodes[parent].formula
    expr = parse(text) if text else None
    if not isinstance(expr, Sum):
        return False
    names = plan.by_name_in_formula
    return any(
        sign == "-" and isinstance(term, Name) and names.get(term.id) == node for sign, term in expr.terms
    )


def _delete(plan: Plan, event: Event) -> list[Edit]:
    wanted = [_known(plan, node) for node in event.get("ids") or ()]
    for node in wanted:
        if not plan.parents(node) and plan.nodes[node].kind == "kgi":
            raise Refused(
                msg("The goal at the root of the tree stays."),
                place=plan.nodes[node].name,
                remedy=msg("Rename it, or start another plan."),
            )
    gone = goes_with(plan, wanted)
    edits: list[Edit] = []
    for node in reversed(gone):  # from the leaves up, so that each edit alone leaves a sound tree
        for parent in plan.parents(node, "formula"):
            if parent in gone:
                continue
            before = plan.nodes[parent].formula
            after = formula_without(plan, parent, node)
            edit = {"op": "set_field", "node": parent, "field": "formula", "before": before, "after": after}
            plan = apply(plan, edit)
            edits.append(edit)
        edit = {"op": "remove_node", "node": node}
        plan = apply(plan, edit)
        edits.append(edit)
    return edits


def goes_with(plan: Plan, nodes: Sequence[str]) -> list[str]:
    """The nodes and all that hangs below them and nowhere else, parents before children.

    >>> from kpi_tree.plan.model import Edge, Node
    >>> plan = Plan("p", nodes={n: Node(n) for n in "abc"}, links={("a", "b"): Edge("a", "b"),
    ...     ("a", "c"): Edge("a", "c"), ("b", "c"): Edge("b", "c")})
    >>> goes_with(plan, ["b"]), goes_with(plan, ["a"])
    (['b'], ['a', 'b', 'c'])
    """
    gone = dict.fromkeys(nodes)
    growing = True
    while growing:
        growing = False
        for top in list(gone):
            for child in plan.children(top):
                if child not in gone and all(parent in gone for parent in plan.parents(child)):
                    gone[child] = None
                    growing = True
    depth = {node: sum(above in gone for above in plan.ancestors(node)) for node in gone}
    return sorted(gone, key=lambda node: depth[node])


def _parent_of(plan: Plan, node: str, told: Any) -> str:
    parents = plan.parents(node)
    if not parents:
        raise Refused(
            msg("The goal at the root of the tree has no sibling."),
            place=plan.nodes[node].name,
            remedy=msg("Add a child to it instead."),
        )
    return str(told) if told in parents else parents[0]


def _known(plan: Plan, node: Any) -> str:
    if node not in plan.nodes:
        raise NotFound(
            msg("This node is no longer in the tree."),
            place=str(node)[:80],
            remedy=msg("Somebody may have deleted it; look at the history."),
        )
    return str(node)


def _name(event: Event) -> str:
    name = " ".join(str(event.get("name") or "").split())
    if not name:
        raise Refused(msg("A name is needed."), remedy=msg("Type at least one character."))
    return name


_HANDLERS: Mapping[str, Callable[[Plan, Event], list[Edit]]] = {
    "rename": _rename,
    "add_child": _add_child,
    "add_sibling": _add_sibling,
    "move": _move,
    "delete": _delete,
}
