"""Edits of targets, and of the plan as a whole."""

from __future__ import annotations

from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan import rules
from kpi_tree.plan.edit_nodes import place_of
from kpi_tree.plan.field_readers import text_of
from kpi_tree.plan.model import Plan, plain
from kpi_tree.plan.reading import PLAN_FIELDS, read_field, target_from_dict

Edit = dict[str, Any]


def prepare_set_target(plan: Plan, edit: Edit) -> Edit:
    """``set_target`` as it will be journalled. Raises Refused where there is no way to go."""
    target = target_from_dict(edit.get("after"), place_of(edit.get("after"), edit.get("target")))
    rules.refuse_unknown_node(plan, target.node)
    if plan.nodes[target.node].kind == "action":
        raise Refused(msg("An action has no target; the KPI it supports has."), place=target.node)
    if target.baseline is not None and target.baseline == target.value and not target.is_range:
        raise Refused(
            msg("The target is the same as the baseline, so there is no way to go."),
            place=plan.nodes[target.node].name,
            remedy=msg("Choose another target or another baseline."),
        )
    before = plan.targets.get(target.id)
    made = {
        "op": "set_target",
        "target": target.id,
        "before": before.to_dict() if before else None,
        "after": target.to_dict(),
    }
    return {**made, **_why(edit)}


def _why(edit: Edit) -> Edit:
    """The reason of a change, where one is said: it is kept in the journal beside who and when."""
    said = text_of(500)(edit.get("why") or "", "why")
    return {"why": said} if said else {}


def prepare_remove_target(plan: Plan, edit: Edit) -> Edit:
    """``remove_target`` as it will be journalled. Raises Refused where there is no such target."""
    found = plan.targets.get(str(edit.get("target")))
    if found is None:
        raise Refused(
            msg("There is no target {id}.", id=str(edit.get("target"))[:80]),
            remedy=msg("Look at the plan's targets."),
        )
    return {"op": "remove_target", "target": found.id, "before": found.to_dict(), "after": None, **_why(edit)}


def set_target(plan: Plan, edit: Edit) -> Plan:
    """The plan with a prepared target set or taken out."""
    kept = {key: target for key, target in plan.targets.items() if key != edit["target"] or edit["after"]}
    if edit["after"]:
        kept[edit["target"]] = target_from_dict(edit["after"])
    return plan.with_(targets=kept)


def prepare_set_plan(plan: Plan, edit: Edit) -> Edit:
    """``set_plan`` as it will be journalled. Raises Refused for a field that a plan has not."""
    field = str(edit.get("field"))
    if field == "id":
        raise Refused(msg("An id stays what it is."), place=plan.name, remedy=msg("Change the name instead."))
    value = read_field(PLAN_FIELDS, field, edit.get("after"), plan.name)
    return {"op": "set_plan", "field": field, "before": plain(getattr(plan, field)), "after": plain(value)}


def set_plan(plan: Plan, edit: Edit) -> Plan:
    """The plan with one of its own fields set."""
    return plan.with_(**{edit["field"]: read_field(PLAN_FIELDS, edit["field"], edit["after"], plan.name)})
