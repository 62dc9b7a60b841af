"""What an edit did, in words: for the history, the undo button and the receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kpi_tree.i18n import Msg, msg
from kpi_tree.plan.edit_values import FIELD_WORDS, Capital, Words, chain


def field_words(field: str) -> Msg:
    """A field's name for people.

    >>> str(field_words("due"))
    'due day'
    """
    return FIELD_WORDS.get(field, Msg(field))


def describe(edit: Mapping[str, Any], words: Words | Mapping[str, Any] | None = None) -> Msg:
    """A sentence for one prepared edit.

    Args:
        edit: as :func:`kpi_tree.plan.edits.prepare` gives it.
        words: node id to name, for edits that carry only ids; or all that values are told with.

    >>> edit = {"op": "set_field", "node": "a", "field": "owner", "before": "", "after": "Kari"}
    >>> str(describe(edit, {"a": "Sales"}))
    'Owner of Sales: Kari.'
    """
    return _WORDS[edit["op"]](edit, words if isinstance(words, Words) else Words(words or {}))


def _set_field(edit: Mapping[str, Any], words: Words) -> Msg:
    if "edge" in edit:
        where: Any = chain(words.name(end) for end in edit["edge"])
    else:
        where = words.name(edit["node"])
    field, before, after = edit["field"], edit.get("before"), edit.get("after")
    if field == "name":
        return msg("{before} renamed to {after}.", before=str(before), after=str(after))

    def shown(value: Any) -> Any:
        return words.value(field, value, edit.get("node"))

    what = Capital(field_words(field))
    if field == "order":
        return msg("{node} moved among its siblings.", node=where)
    if after in (None, "", []):
        return msg(
            "{field} of {node} taken away (was {before}).", field=what, node=where, before=shown(before)
        )
    if before in (None, "", []):
        return msg("{field} of {node}: {after}.", field=what, node=where, after=shown(after))
    return msg(
        "{field} of {node}: {after} (was {before}).",
        field=what,
        node=where,
        after=shown(after),
        before=shown(before),
    )


def _add_node(edit: Mapping[str, Any], words: Words) -> Msg:
    name = words.stored(edit["after"], edit["node"])
    above = [edge["parent"] for edge in edit.get("edges") or [] if edge["child"] == edit["node"]]
    if above:
        return msg("{node} added below {parent}.", node=name, parent=words.name(above[0]))
    return msg("{node} added.", node=name)


def _remove_node(edit: Mapping[str, Any], words: Words) -> Msg:
    return msg("{node} removed.", node=words.stored(edit.get("before"), edit["node"]))


_EDGE_WORDS: Mapping[str, Msg] = {
    "formula": msg("{child} added as a part of {parent}."),
    "influence": msg("{child} is thought to move {parent}."),
    "guardrail": msg("{child} guards {parent}."),
    "supports": msg("{child} supports {parent}."),
}


def _add_edge(edit: Mapping[str, Any], words: Words) -> Msg:
    said = _EDGE_WORDS[edit["after"].get("kind", "influence")]
    return msg(said.id, child=words.name(edit["child"]), parent=words.name(edit["parent"]))


def _remove_edge(edit: Mapping[str, Any], words: Words) -> Msg:
    return msg(
        "Line between {parent} and {child} removed.",
        child=words.name(edit["child"]),
        parent=words.name(edit["parent"]),
    )


def _move(edit: Mapping[str, Any], words: Words) -> Msg:
    node, old, new = words.name(edit["node"]), edit["before"]["parent"], edit["after"]["parent"]
    if old == new:
        return msg("{node} moved among its siblings.", node=node)
    if new is None:
        return msg("{node} taken away from {parent}.", node=node, parent=words.name(old))
    if old is None:
        return msg("{node} hung below {parent}.", node=node, parent=words.name(new))
    return msg("{node} moved from {old} to {new}.", node=node, old=words.name(old), new=words.name(new))


def _target(edit: Mapping[str, Any], words: Words) -> Msg:
    """What became of a target, and why, where somebody said so."""
    what = _target_change(edit, words)
    return msg("{change} Reason: {why}", change=what, why=str(edit["why"])) if edit.get("why") else what


def _target_change(edit: Mapping[str, Any], words: Words) -> Msg:
    before, after = edit.get("before"), edit.get("after")
    if before is None and after is None:
        return msg("Target removed.")
    owner = (after or before or {}).get("node")
    node = words.name(owner)
    was = words.amount(owner, (before or {}).get("value"))
    if after is None:
        return msg("Target of {node} removed (was {value}).", node=node, value=was)
    value = words.amount(owner, after["value"])
    if (said := _promise(before or {}, after, words)) is not None:
        return said
    if before is None:
        return _target_made(after, node, value, words)
    if before["value"] == after["value"] or after.get("low") is not None:
        return _target_field(before, after, words)
    return msg("Target of {node}: {after} (was {before}).", node=node, after=value, before=was)


def _target_made(after: Mapping[str, Any], node: Any, value: Any, words: Words) -> Msg:
    """A new target, called by its kind where it is no goal, by its ends where it is a range."""
    kind = after.get("kind", "goal")
    if after.get("low") is not None:
        low, high = (words.amount(after["node"], after.get(end)) for end in ("low", "high"))
        return msg("{node} is to keep between {low} and {high}.", node=node, low=low, high=high)
    if kind == "goal":
        return msg("Target of {node} set to {value}.", node=node, value=value)
    named = Capital(words.value("target_kind", kind))
    return msg("{kind} of {node} set to {value}.", kind=named, node=node, value=value)


def _promise(before: Mapping[str, Any], after: Mapping[str, Any], words: Words) -> Msg | None:
    """What was said about a target laid upon an owner; None where nothing was."""
    if all(before.get(name) == after.get(name) for name in ("promise", "value", "counter")):
        return None
    node, value = words.name(after["node"]), words.amount(after["node"], after["value"])
    match after.get("promise"):
        case "asked":
            return msg("{value} asked of {node}.", node=node, value=value)
        case "accepted":
            return msg("{value} accepted for {node}.", node=node, value=value)
        case "countered":
            return msg(
                "{counter} offered for {node} where {value} was asked: {reason}",
                node=node,
                value=value,
                counter=words.amount(after["node"], after.get("counter")),
                reason=str(after.get("reason", "")),
            )
    return None


def _target_field(before: Mapping[str, Any], after: Mapping[str, Any], words: Words) -> Msg:
    """What of a target changed where its value did not: its baseline or its path."""
    node = words.name(after["node"])
    if any(before.get(end) != after.get(end) for end in ("low", "high")):
        return _target_made(after, node, words.amount(after["node"], after["value"]), words)
    start = (before.get("baseline"), after.get("baseline"))
    if start[0] != start[1]:
        was, now = (words.amount(after["node"], one) for one in start)
        if start[0] is None:
            return msg("Baseline of the target of {node}: {after}.", node=node, after=now)
        if start[1] is not None:
            return msg(
                "Baseline of the target of {node}: {after} (was {before}).", node=node, after=now, before=was
            )
    if (said := _said(before, after, words)) is not None:
        return said
    path = after.get("trajectory", "linear")
    if path != before.get("trajectory", "linear"):
        return msg("Path to the target of {node}: {after}.", node=node, after=words.value("trajectory", path))
    return msg("Target of {node} changed.", node=node)


def _said(before: Mapping[str, Any], after: Mapping[str, Any], words: Words) -> Msg | None:
    """What a person said of its status; None where that is as it was."""
    was, now = before.get("override"), after.get("override")
    if was == now:
        return None
    node = words.name(after["node"])
    if now is None:
        return msg("The word of {who} on the status of {node} taken away.", who=(was or {})["who"], node=node)
    return msg(
        "{who} says of {node}: {status}, until {day}. {reason}",
        who=now["who"],
        node=node,
        status=words.value("status", now["status"]),
        day=words.value("due", now["until"]),
        reason=now["reason"],
    )


def _set_plan(edit: Mapping[str, Any], _words: Words) -> Msg:
    if edit["field"] == "name":
        return msg("Plan named {after}.", after=str(edit["after"]))
    return msg("{field} of the plan changed.", field=Capital(field_words(edit["field"])))


_WORDS: Mapping[str, Callable[[Mapping[str, Any], Words], Msg]] = {
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
