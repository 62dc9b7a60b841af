"""An edit is data: what, where, before, after. Applying one gives a new plan and changes nothing else.

The operations, each a JSON-able dict (``before`` may be left out by the caller; :func:`prepare` fills it in,
and where it is given and no longer true the edit is a :class:`~kpi_tree.errors.Conflict`):

=============== =====================================================================================
add_node        ``node``, ``after`` (node dict), ``edges`` and ``targets`` that come with it (lists)
remove_node     ``node``, ``before``, ``edges``, ``targets``; its children stay in the plan
set_field       ``node`` *or* ``edge`` [parent, child], ``field``, ``before``, ``after``
add_edge        ``parent``, ``child``, ``after`` (edge dict) · remove_edge likewise with ``before``
move            ``node``, ``before`` / ``after``: ``{"parent", "order"}``
set_target      ``target`` (id), ``before``, ``after`` (target dict or null), ``why`` · remove_target likewise
set_plan        ``field`` (name, notes, language, events, capacity, capacity_unit), ``before``, ``after``
=============== =====================================================================================
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kpi_tree.errors import Conflict, Refused
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.edit_lines import add_edge, prepare_add_edge, prepare_remove_edge, remove_edge
from kpi_tree.plan.edit_nodes import (
    add_node,
    prepare_add_node,
    prepare_remove_node,
    prepare_set_field,
    remove_node,
    set_field,
)
from kpi_tree.plan.edit_targets import (
    prepare_remove_target,
    prepare_set_plan,
    prepare_set_target,
    set_plan,
    set_target,
)
from kpi_tree.plan.edit_words import describe
from kpi_tree.plan.model import Plan
from kpi_tree.plan.moving import moved_plan, prepare_move

Edit = dict[str, Any]


def prepare(plan: Plan, edit: Mapping[str, Any]) -> Edit:
    """The edit as it will be journalled: checked, values cleaned, ``before`` filled in.

    Raises:
        Refused: the edit breaks a rule or is not an edit.
        Conflict: its ``before`` is not what stands in the plan now; carries both values.
    """
    op = str(edit.get("op"))
    if op not in _OPS:
        raise Refused(
            msg("There is no edit {op}.", op=op[:40]),
            remedy=did_you_mean(op, _OPS, msg("Use one of: {names}.", names=", ".join(_OPS))),
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
    back.pop("why", None)  # it was the reason for going there, not for going back
    back["before"], back["after"] = copy.deepcopy(edit.get("after")), copy.deepcopy(edit.get("before"))
    if back["op"] == "set_target" and back["after"] is None:
        back["op"] = "remove_target"
    return back


_OPS: Mapping[str, tuple[Callable[[Plan, Edit], Edit], Callable[[Plan, Edit], Plan]]] = {
    "add_node": (prepare_add_node, add_node),
    "remove_node": (prepare_remove_node, remove_node),
    "set_field": (prepare_set_field, set_field),
    "add_edge": (prepare_add_edge, add_edge),
    "remove_edge": (prepare_remove_edge, remove_edge),
    "move": (prepare_move, moved_plan),
    "set_target": (prepare_set_target, set_target),
    "remove_target": (prepare_remove_target, set_target),
    "set_plan": (prepare_set_plan, set_plan),
}

__all__ = ["Edit", "apply", "apply_all", "describe", "invert", "prepare"]
