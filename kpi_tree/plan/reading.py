"""Untrusted dicts (a file, an edit from a browser) to model values, each fault with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, replace
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan import model
from kpi_tree.plan.action_reading import ACTION_READERS
from kpi_tree.plan.field_readers import (
    MAX_NAME,
    MAX_TEXT,
    Reader,
    id_of,
    many_of,
    maybe,
    number_of,
    one_of,
    text_of,
    whole_of,
)
from kpi_tree.plan.model import Edge, Node, Plan, Target, plain
from kpi_tree.plan.target_reading import PLAN_HEAD_FIELDS, TARGET_FIELDS, checked
from kpi_tree.plan.trial import trial_from

MAX_NODES = 20_000


def _sign(value: Any, place: str) -> int:
    sign = whole_of(value, place)
    if sign not in (-1, 0, 1):
        raise Refused(
            msg("A sign is 1, -1 or 0."), place=place, remedy=msg("Write 1 where both rise together.")
        )
    return sign


_NAME = text_of(MAX_NAME, empty=False)
_SHORT = text_of(MAX_NAME)
_LONG = text_of(MAX_TEXT, lines=True)

NODE_FIELDS: Mapping[str, Reader] = {
    "id": id_of,
    "kind": one_of(model.NODE_KINDS),
    "name": _NAME,
    "kpi": maybe(id_of),
    "formula": maybe(text_of(10_000)),
    "unit": maybe(text_of(60)),
    "direction": maybe(one_of(model.DIRECTIONS)),
    "rollup": maybe(one_of(model.ROLLUPS)),
    "low": maybe(number_of),
    "high": maybe(number_of),
    "owner": _SHORT,
    "informed": many_of(_SHORT),
    "notes": _LONG,
    "order": number_of,
    "assumption": maybe(number_of),
    **ACTION_READERS,
    "tags": many_of(text_of(60)),
}
EDGE_FIELDS: Mapping[str, Reader] = {
    "parent": id_of,
    "child": id_of,
    "kind": one_of(model.EDGE_KINDS),
    "sign": _sign,
    "strength": maybe(one_of(model.STRENGTHS)),
    "lag": maybe(whole_of),
    "hypothesis": _LONG,
    "who": _SHORT,
    "tested": many_of(trial_from),
}
PLAN_FIELDS: Mapping[str, Reader] = {
    "id": id_of,
    "name": _SHORT,
    **PLAN_HEAD_FIELDS,
}


def read_field(readers: Mapping[str, Reader], name: str, value: Any, place: str) -> Any:
    """One field's value, checked. Raises Refused for a field that does not exist, naming the nearest."""
    if name not in readers:
        raise Refused(
            msg("There is no field {name}.", name=name[:40]),
            place=place,
            remedy=did_you_mean(name, readers, msg("Leave it out.")),
        )
    return readers[name](value, f"{place}.{name}" if place else name)


def _read(cls: type, readers: Mapping[str, Reader], data: Any, place: str) -> Any:
    if isinstance(data, cls):
        return data
    if not isinstance(data, Mapping):
        raise Refused(msg("A set of named fields is expected here."), place=place)
    for field in fields(cls):
        if field.default is MISSING and field.name not in data:
            raise Refused(
                msg("The field {name} is missing.", name=field.name), place=place, remedy=msg("Add it.")
            )
    return cls(**{str(name): read_field(readers, str(name), value, place) for name, value in data.items()})


def node_from_dict(data: Any, place: str = "") -> Node:
    """A node; its name is its id where none is given. Raises Refused with the place."""
    if isinstance(data, Mapping) and not data.get("name"):
        data = {**data, "name": data.get("id")}
    made: Node = _read(Node, NODE_FIELDS, data, place)
    return made


def edge_from_dict(data: Any, place: str = "") -> Edge:
    """A stored edge. Raises Refused with the place."""
    made: Edge = _read(Edge, EDGE_FIELDS, data, place)
    return made


def target_from_dict(data: Any, place: str = "") -> Target:
    """A target. Raises Refused with the place."""
    made: Target = _read(Target, TARGET_FIELDS, data, place)
    return checked(made, place)


def plan_to_dict(plan: Plan) -> dict[str, Any]:
    """See :meth:`Plan.to_dict`. A derived edge that hides a drawn one carries ``stored_kind``."""
    edges = []
    for edge in plan.edges:
        made = edge.to_dict()
        stored = plan.links.get(edge.key)
        if stored is not None and edge.derived:
            made["stored_kind"] = stored.kind
        edges.append(made)
    return {
        "id": plan.id,
        "name": plan.name,
        "notes": plan.notes,
        "language": plan.language,
        **{
            name: plain(getattr(plan, name))
            for name in ("events", "capacity", "capacity_unit")
            if getattr(plan, name)
        },
        "revision": plan.revision,
        "nodes": [node.to_dict() for node in plan.nodes.values()],
        "edges": edges,
        "targets": [target.to_dict() for target in plan.targets.values()],
        "actions": [node.to_dict() for node in plan.nodes.values() if node.kind == "action"],
    }


def plan_from_dict(data: Any) -> Plan:
    """See :meth:`Plan.from_dict`."""
    if not isinstance(data, Mapping):
        raise Refused(msg("A plan is a set of named fields."), remedy=msg("Export one to see its form."))
    head = {name: read_field(PLAN_FIELDS, name, data[name], "") for name in PLAN_FIELDS if name in data}
    if "id" not in head:
        raise Refused(msg("The field {name} is missing.", name="id"), remedy=msg("Add it."))
    nodes = _keyed(data, "nodes", node_from_dict)
    if len(nodes) > MAX_NODES:
        raise Refused(
            msg("The list has {n} entries; the limit is {limit}.", n=len(nodes), limit=MAX_NODES),
            place="nodes",
            remedy=msg("Split it into several plans."),
        )
    edges = _links(data)
    targets = _keyed(data, "targets", target_from_dict)
    for place, ends in [(f"edges[{edge.parent} → {edge.child}]", edge.key) for edge in edges] + [
        (f"targets[{target.id}]", (target.node,)) for target in targets.values()
    ]:
        for end in ends:
            if end not in nodes:
                raise Refused(
                    msg("No node has the id {id}.", id=end),
                    place=place,
                    remedy=did_you_mean(end, nodes, msg("Add the node, or take this away.")),
                )
    revision = whole_of(data.get("revision", 0), "revision")
    return Plan(
        **head, nodes=nodes, links={edge.key: edge for edge in edges}, targets=targets, revision=revision
    )


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Refused(msg("A list is expected here."), place=name)
    if len(found) > 3 * MAX_NODES:
        raise Refused(
            msg("The list has {n} entries; the limit is {limit}.", n=len(found), limit=3 * MAX_NODES),
            place=name,
        )
    return found


def _keyed(data: Mapping[str, Any], name: str, reader: Callable[[Any, str], Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for index, part in enumerate(_list(data, name)):
        place = f"{name}[{index}]"
        item = reader(part, place)
        if item.id in made:
            raise Refused(
                msg("The id {id} stands twice.", id=item.id), place=place, remedy=msg("Rename one of them.")
            )
        made[item.id] = item
    return made


def _links(data: Mapping[str, Any]) -> list[Edge]:
    made: dict[tuple[str, str], Edge] = {}
    for index, part in enumerate(_list(data, "edges")):
        place = f"edges[{index}]"
        if not isinstance(part, Mapping):
            raise Refused(msg("A set of named fields is expected here."), place=place)
        derived, stored_kind = part.get("derived"), part.get("stored_kind")
        if derived and stored_kind is None:
            continue
        plain = {key: value for key, value in part.items() if key not in ("derived", "stored_kind")}
        edge = edge_from_dict(plain, place)
        if derived:
            edge = replace(edge, kind=read_field(EDGE_FIELDS, "kind", stored_kind, place))
        if edge.key in made:
            raise Refused(
                msg("The edge from {parent} to {child} stands twice.", parent=edge.parent, child=edge.child),
                place=place,
            )
        made[edge.key] = edge
    return list(made.values())
