"""What an edit did, in words: for the history, the undo button and the receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kpi_tree.i18n import Msg, msg, translate

_FIELD_WORDS: Mapping[str, Msg] = {
    "name": msg("name"),
    "kind": msg("kind"),
    "kpi": msg("KPI from the catalogue"),
    "formula": msg("formula"),
    "unit": msg("unit"),
    "direction": msg("direction"),
    "rollup": msg("rollup"),
    "low": msg("lower end"),
    "high": msg("upper end"),
    "owner": msg("owner"),
    "informed": msg("people informed"),
    "notes": msg("notes"),
    "order": msg("order"),
    "assumption": msg("assumption"),
    "start": msg("start"),
    "due": msg("due day"),
    "state": msg("state"),
    "expected_effect": msg("expected effect"),
    "tags": msg("tags"),
    "sign": msg("direction of the influence"),
    "strength": msg("strength"),
    "lag": msg("lag"),
    "hypothesis": msg("hypothesis"),
    "who": msg("who believes it"),
    "language": msg("language"),
}


def field_words(field: str) -> Msg:
    """A field's name for people.

    >>> str(field_words("due"))
    'due day'
    """
    return _FIELD_WORDS.get(field, Msg(field))


def describe(edit: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Msg:
    """A sentence for one prepared edit.

    Args:
        edit: as :func:`kpi_tree.plan.edits.prepare` gives it.
        names: node id to name, for edits that carry only ids.

    >>> edit = {"op": "set_field", "node": "a", "field": "owner", "before": "", "after": "Kari"}
    >>> str(describe(edit, {"a": "Sales"}))
    'Owner of Sales: Kari.'
    """
    return _WORDS[edit["op"]](edit, names or {})


def _name(names: Mapping[str, str], node: Any) -> str:
    return names.get(str(node)) or str(node)


def _set_field(edit: Mapping[str, Any], names: Mapping[str, str]) -> Msg:
    if "edge" in edit:
        where: str = " → ".join(_name(names, end) for end in edit["edge"])
    else:
        where = _name(names, edit["node"])
    field, before, after = edit["field"], edit.get("before"), edit.get("after")
    if field == "name":
        return msg("{before} renamed to {after}.", before=str(before), after=str(after))
    what = field_words(field)
    if after in (None, "", []):
        return msg(
            "{field} of {node} taken away (was {before}).",
            field=_capital(what),
            node=where,
            before=_shown(before),
        )
    if before in (None, "", []):
        return msg("{field} of {node}: {after}.", field=_capital(what), node=where, after=_shown(after))
    return msg(
        "{field} of {node}: {after} (was {before}).",
        field=_capital(what),
        node=where,
        after=_shown(after),
        before=_shown(before),
    )


@dataclass(frozen=True, slots=True)
class _Capital:
    """A message that begins a sentence: its first letter is raised after the translation."""

    text: Msg

    def in_language(self, lang: str) -> str:
        words = translate(self.text, lang)
        return words[:1].upper() + words[1:]

    def __str__(self) -> str:
        return self.in_language("en")


def _capital(text: Msg) -> _Capital:
    return _Capital(text)


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    if isinstance(value, str) and len(value) > 120:
        return f"{value[:119]}…"
    return value if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _add_node(edit: Mapping[str, Any], names: Mapping[str, str]) -> Msg:
    name = edit["after"].get("name") or edit["node"]
    above = [edge["parent"] for edge in edit.get("edges") or [] if edge["child"] == edit["node"]]
    if above:
        return msg("{node} added below {parent}.", node=name, parent=_name(names, above[0]))
    return msg("{node} added.", node=name)


def _remove_node(edit: Mapping[str, Any], names: Mapping[str, str]) -> Msg:
    before = edit.get("before") or {}
    return msg("{node} removed.", node=before.get("name") or _name(names, edit["node"]))


_EDGE_WORDS: Mapping[str, Msg] = {
    "formula": msg("{child} added as a part of {parent}."),
    "influence": msg("{child} is thought to move {parent}."),
    "guardrail": msg("{child} guards {parent}."),
    "supports": msg("{child} supports {parent}."),
}


def _add_edge(edit: Mapping[str, Any], names: Mapping[str, str]) -> Msg:
    words = _EDGE_WORDS[edit["after"].get("kind", "influence")]
    return msg(words.id, child=_name(names, edit["child"]), parent=_name(names, edit["parent"]))


def _remove_edge(edit: Mapping[str, Any], names: Mapping[str, str]) -> Msg:
    return msg(
        "Line between {parent} and {child} removed.",
        child=_name(names, edit["child"]),
        parent=_name(names, edit["parent"]),
    )


def _move(edit: Mapping[str, Any], names: Mapping[str, str]) -> Msg:
    node, old, new = _name(names, edit["node"]), edit["before"]["parent"], edit["after"]["parent"]
    if old == new:
        return msg("{node} moved among its siblings.", node=node)
    if new is None:
        return msg("{node} taken away from {parent}.", node=node, parent=_name(names, old))
    if old is None:
        return msg("{node} hung below {parent}.", node=node, parent=_name(names, new))
    return msg("{node} moved from {old} to {new}.", node=node, old=_name(names, old), new=_name(names, new))


def _target(edit: Mapping[str, Any], names: Mapping[str, str]) -> Msg:
    before, after = edit.get("before"), edit.get("after")
    if before is None and after is None:
        return msg("Target removed.")
    if after is None:
        node = _name(names, (before or {}).get("node"))
        return msg("Target of {node} removed (was {value}).", node=node, value=(before or {}).get("value"))
    node = _name(names, after["node"])
    if (said := _promise(before or {}, after, node)) is not None:
        return said
    if before is None:
        return msg("Target of {node} set to {value}.", node=node, value=after["value"])
    if before["value"] == after["value"]:
        return msg("Target of {node} changed.", node=node)
    return msg(
        "Target of {node}: {after} (was {before}).", node=node, after=after["value"], before=before["value"]
    )


def _promise(before: Mapping[str, Any], after: Mapping[str, Any], node: str) -> Msg | None:
    """What was said about a target laid upon an owner; None where nothing was."""
    kept = ("promise", "value", "counter")
    if all(before.get(name) == after.get(name) for name in kept):
        return None
    said, value = after.get("promise"), after["value"]
    if said == "asked":
        return msg("{value} asked of {node}.", node=node, value=value)
    if said == "accepted":
        return msg("{value} accepted for {node}.", node=node, value=value)
    if said == "countered":
        return msg(
            "{counter} offered for {node} where {value} was asked: {reason}",
            node=node,
            value=value,
            counter=after.get("counter"),
            reason=str(after.get("reason", "")),
        )
    return None


def _set_plan(edit: Mapping[str, Any], _names: Mapping[str, str]) -> Msg:
    if edit["field"] == "name":
        return msg("Plan named {after}.", after=str(edit["after"]))
    return msg("{field} of the plan changed.", field=_capital(field_words(edit["field"])))


_WORDS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, str]], Msg]] = {
    "add_node": _add_node,
    "remove_node": _remove_node,
    "set_field": _set_field,
    "add_edge": _add_edge,
    "remove_edge": _remove_edge,
    "move": _move,
    "set_target": _target,
    "remove_target": _target,
    "set_plan": _set_plan,
}
