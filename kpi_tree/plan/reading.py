"""Untrusted dicts (a file, an edit from a browser) to model values, each fault with its place."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Period
from kpi_tree.plan import model
from kpi_tree.plan.formula_tree import RESERVED
from kpi_tree.plan.model import Edge, Node, Plan, Target
from kpi_tree.plan.nearest import nearest

MAX_NAME = 200
MAX_TEXT = 20_000
MAX_ID = 80
MAX_NODES = 20_000
_ID = re.compile(r"[a-z][a-z0-9_]*")

Reader = Callable[[Any, str], Any]


def text_of(limit: int, *, lines: bool = False, empty: bool = True) -> Reader:
    """A reader of text: trimmed, without control characters, at most ``limit`` characters."""

    def read(value: Any, place: str) -> str:
        if not isinstance(value, str):
            raise Refused(msg("A text is expected here."), place=place, remedy=msg("Put it in quotes."))
        if len(value) > limit:
            raise Refused(
                msg("The text is {n} characters long; the limit is {limit}.", n=len(value), limit=limit),
                place=place,
                remedy=msg("Shorten it."),
            )
        kept = "".join(char if _plain_char(char, lines) else " " for char in value)
        kept = kept.strip() if lines else " ".join(kept.split(" ")).strip()
        if not kept and not empty:
            raise Refused(msg("A name is expected here."), place=place, remedy=msg("Write one."))
        return kept

    return read


def _plain_char(char: str, lines: bool) -> bool:
    return (lines and char in "\n\t") or unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")


def id_of(value: Any, place: str) -> str:
    """A node, plan or target id. Raises Refused with the rule."""
    if isinstance(value, str) and len(value) <= MAX_ID and _ID.fullmatch(value) and value not in RESERVED:
        return value
    if isinstance(value, str) and value in RESERVED:
        raise Refused(
            msg("{word} is a word of the formula language and cannot be an id.", word=value),
            place=place,
            remedy=msg("Choose another id, such as {id}.", id=f"{value}_of_sales"),
        )
    shown = value[:40] if isinstance(value, str) else str(value)[:40]
    raise Refused(
        msg("{value} is not an id.", value=shown),
        place=place,
        remedy=msg(
            "Use small letters a to z, digits and underscores, a letter first, at most {limit} characters.",
            limit=MAX_ID,
        ),
    )


def number_of(value: Any, place: str) -> float:
    """A finite number."""
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    if not fits or not math.isfinite(value):
        raise Refused(
            msg("A number is expected here."),
            place=place,
            remedy=msg("Write it without quotes or separators."),
        )
    return float(value)


def whole_of(value: Any, place: str) -> int:
    """A whole number."""
    number = number_of(value, place)
    if not number.is_integer():
        raise Refused(
            msg("A whole number is expected here."), place=place, remedy=msg("Leave out the decimals.")
        )
    return int(number)


def day_of(value: Any, place: str) -> date:
    """A calendar day, as ``2026-05-31`` or a date."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refused(
            msg("A day is expected here."), place=place, remedy=msg("Write it as 2026-05-31.")
        ) from None


def one_of(choices: tuple[str, ...]) -> Reader:
    """A reader of one of a few words."""

    def read(value: Any, place: str) -> str:
        if isinstance(value, str) and value in choices:
            return value
        close = nearest(str(value), choices)
        raise Refused(
            msg("{value} is not one of {choices}.", value=str(value)[:40], choices=", ".join(choices)),
            place=place,
            remedy=msg("Did you mean {name}?", name=close) if close else msg("Choose one of them."),
        )

    return read


def many_of(reader: Reader, limit: int = 200) -> Reader:
    """A reader of a list of things."""

    def read(value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise Refused(
                msg("A list is expected here."), place=place, remedy=msg("Write it in square brackets.")
            )
        if len(value) > limit:
            raise Refused(
                msg("The list has {n} entries; the limit is {limit}.", n=len(value), limit=limit), place=place
            )
        return tuple(reader(part, f"{place}[{index}]") for index, part in enumerate(value))

    return read


def pair_of(first: Reader, second: Reader) -> Reader:
    """A reader of a list of exactly two things."""

    def read(value: Any, place: str) -> tuple[Any, Any]:
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise Refused(
                msg("A pair is expected here."), place=place, remedy=msg("Write two values in brackets.")
            )
        return first(value[0], f"{place}[0]"), second(value[1], f"{place}[1]")

    return read


def maybe(reader: Reader) -> Reader:
    """The same reader, and nothing is allowed too (an empty text counts as nothing)."""

    def read(value: Any, place: str) -> Any:
        return None if value is None or value == "" else reader(value, place)

    return read


def _bands(value: Any, place: str) -> tuple[float, float, float]:
    found = many_of(number_of)(value, place)
    if len(found) != 3 or not found[0] >= found[1] >= found[2]:
        raise Refused(
            msg("Three falling numbers are expected here: ahead, on track, at risk."),
            place=place,
            remedy=msg("Write them as 1.05, 0.95, 0.85."),
        )
    return found[0], found[1], found[2]


def _period(value: Any, place: str) -> Period:
    if isinstance(value, Period):
        return value
    if not isinstance(value, Mapping):
        raise Refused(msg("A period with start and end is expected here."), place=place)
    start, end = day_of(value.get("start"), f"{place}.start"), day_of(value.get("end"), f"{place}.end")
    if end <= start:
        raise Refused(
            msg("The period ends before it starts."),
            place=place,
            remedy=msg("Write the end after the start."),
        )
    return Period(start, end)


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
    "start": maybe(day_of),
    "due": maybe(day_of),
    "state": maybe(one_of(model.ACTION_STATES)),
    "expected_effect": maybe(number_of),
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
}
TARGET_FIELDS: Mapping[str, Reader] = {
    "id": id_of,
    "node": id_of,
    "period": _period,
    "value": number_of,
    "baseline": maybe(number_of),
    "baseline_label": _SHORT,
    "trajectory": one_of(model.TRAJECTORIES),
    "change": maybe(number_of),
    "change_kind": maybe(one_of(model.CHANGE_KINDS)),
    "custom": many_of(pair_of(day_of, number_of), limit=5000),
    "bands": maybe(_bands),
    "lines": many_of(pair_of(_SHORT, number_of), limit=10),
    "sentence": text_of(500),
    "where": many_of(pair_of(_SHORT, _SHORT), limit=100),
    "promise": maybe(one_of(model.PROMISES)),
    "of": maybe(id_of),
    "counter": maybe(number_of),
    "reason": text_of(500),
    "answered_by": _SHORT,
    "answered_on": maybe(day_of),
}
PLAN_FIELDS: Mapping[str, Reader] = {
    "id": id_of,
    "name": _SHORT,
    "notes": _LONG,
    "language": one_of(("en", "nb", "ja")),
}


def read_field(readers: Mapping[str, Reader], name: str, value: Any, place: str) -> Any:
    """One field's value, checked. Raises Refused for a field that does not exist, naming the nearest."""
    if name not in readers:
        close = nearest(name, readers)
        raise Refused(
            msg("There is no field {name}.", name=name[:40]),
            place=place,
            remedy=msg("Did you mean {name}?", name=close) if close else msg("Leave it out."),
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
    return made


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
    edges = _links(data)
    targets = _keyed(data, "targets", target_from_dict)
    for place, ends in [(f"edges[{edge.parent} → {edge.child}]", edge.key) for edge in edges] + [
        (f"targets[{target.id}]", (target.node,)) for target in targets.values()
    ]:
        for end in ends:
            if end not in nodes:
                close = nearest(end, nodes)
                raise Refused(
                    msg("No node has the id {id}.", id=end),
                    place=place,
                    remedy=msg("Did you mean {name}?", name=close)
                    if close
                    else msg("Add the node, or take this away."),
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
