"""The plan file's form as a JSON Schema, made from the same field tables that read it."""

from __future__ import annotations

from typing import Any

from kpi_tree.plan import model, targets
from kpi_tree.plan.action_fields import COURSES
from kpi_tree.plan.action_reading import LONGEST_WINDOW, MOST_LINKS
from kpi_tree.plan.field_readers import MAX_ID, MAX_NAME
from kpi_tree.plan.planfile import FORMAT, VERSION
from kpi_tree.plan.reading import EDGE_FIELDS, NODE_FIELDS
from kpi_tree.plan.target_reading import CAPACITY_UNITS, MAX_WEIGHT, TARGET_FIELDS

_ID = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": MAX_ID}
_TEXT = {"type": "string"}
_NAME = {"type": "string", "minLength": 1, "maxLength": MAX_NAME}
_NUMBER = {"type": "number"}
_DAY = {"type": "string", "format": "date"}
_WEIGHT = {"type": "number", "minimum": 0, "maximum": MAX_WEIGHT}
_EVENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": _NAME, "start": _DAY, "end": {**_DAY, "description": "the day after the last one"},
        "weight": _WEIGHT,
    },
    "required": ["name", "start", "end"],
    "additionalProperties": False,
}  # fmt: skip
_TESTED: dict[str, Any] = {
    "type": "object",
    "description": "what an experiment found: the relative change of the upper end, with its interval",
    "properties": {
        "name": _NAME, "on": _DAY,
        **{name: {"type": "number"} for name in ("effect", "low", "high", "level", "p_value")},
    },
    "required": ["name", "on", "effect", "low", "high", "level", "p_value"],
    "additionalProperties": False,
}  # fmt: skip
_OVERRIDE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "status": {"enum": list(targets.SAID_STATUSES)}, "reason": _TEXT, "who": _TEXT, "on": _DAY,
        "until": {**_DAY, "description": "the last day on which it is shown"},
    },
    "required": ["status", "reason", "on", "until"],
    "additionalProperties": False,
}  # fmt: skip
_CAPACITY = {"type": "array", "prefixItems": [_NAME, {"type": "number", "minimum": 0}]}
_TYPES: dict[str, dict[str, Any]] = {
    "tested": {"type": "array", "items": _TESTED},
    "id": _ID,
    "node": _ID,
    "parent": _ID,
    "child": _ID,
    "name": _NAME,
    "order": _NUMBER,
    "sign": {"enum": [-1, 0, 1]},
    "value": _NUMBER,
    "informed": {"type": "array", "items": _TEXT},
    "tags": {"type": "array", "items": _TEXT},
    "links": {"type": "array", "items": {"type": "string", "format": "uri"}, "maxItems": MOST_LINKS},
    "needs": {"type": "array", "items": _ID},
    "excludes": {"type": "array", "items": _ID},
    "custom": {"type": "array", "items": {"type": "array", "prefixItems": [_DAY, _NUMBER]}},
    "lines": {"type": "array", "items": {"type": "array", "prefixItems": [_TEXT, _NUMBER]}},
    "where": {"type": "array", "items": {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2}},
    "period": {
        "type": "object",
        "properties": {"start": _DAY, "end": {**_DAY, "description": "the day after the last one"}},
        "required": ["start", "end"],
    },
    "trajectory": {"enum": list(targets.TRAJECTORIES)},
    "weekdays": {"type": "array", "items": _WEIGHT, "description": "none, or seven from Monday"},
    "months": {"type": "array", "items": _WEIGHT, "description": "none, or twelve from January"},
    "events": {"type": "boolean", "description": "whether the plan's known events bend the path"},
}
_NULLABLE: dict[str, dict[str, Any]] = {
    "kpi": _ID,
    "formula": _TEXT,
    "unit": _TEXT,
    "low": _NUMBER,
    "high": _NUMBER,
    "assumption": _NUMBER,
    "expected_effect": _NUMBER,
    "cost": {"type": "number", "minimum": 0},
    "effort": {"type": "number", "minimum": 0},
    "effect_delay": {"type": "integer", "minimum": 0, "maximum": LONGEST_WINDOW},
    "effect_days": {"type": "integer", "minimum": 1, "maximum": LONGEST_WINDOW},
    "effect_course": {"enum": list(COURSES)},
    "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    "baseline": _NUMBER,
    "change": _NUMBER,
    "counter": _NUMBER,
    "of": _ID,
    "answered_on": _DAY,
    "override": _OVERRIDE,
    "promise": {"enum": list(targets.PROMISES)},
    "start": _DAY,
    "due": _DAY,
    "lag": {"type": "integer"},
    "bands": {"type": "array", "items": _NUMBER, "minItems": 3, "maxItems": 3},
    "direction": {"enum": list(model.DIRECTIONS)},
    "rollup": {"enum": list(model.ROLLUPS)},
    "state": {"enum": list(model.ACTION_STATES)},
    "strength": {"enum": list(model.STRENGTHS)},
    "change_kind": {"enum": list(targets.CHANGE_KINDS)},
}


def plan_schema() -> dict[str, Any]:
    """The schema of plan files of this version.

    >>> plan_schema()["properties"]["version"]
    {'const': 1}
    """
    edge = _object(EDGE_FIELDS, ["parent", "child"], {"kind": {"enum": list(model.EDGE_KINDS)}})
    edge["properties"]["derived"] = {"type": "boolean", "description": "made by the parent's formula"}
    edge["properties"]["stored_kind"] = {"enum": list(model.EDGE_KINDS)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "KPI tree plan",
        "type": "object",
        "required": ["id"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "id": _ID,
            "name": {"type": "string", "maxLength": MAX_NAME},
            "notes": _TEXT,
            "language": {"enum": ["en", "nb", "ja"]},
            "events": {"type": "array", "items": _EVENT},
            "capacity": {"type": "array", "items": _CAPACITY, "description": "who can carry how much"},
            "capacity_unit": {"enum": list(CAPACITY_UNITS)},
            "revision": {"type": "integer"},
            "nodes": {
                "type": "array",
                "items": _object(NODE_FIELDS, ["id"], {"kind": {"enum": list(model.NODE_KINDS)}}),
            },
            "edges": {"type": "array", "items": edge},
            "targets": {
                "type": "array",
                "items": _object(
                    TARGET_FIELDS,
                    ["id", "node", "period", "value"],
                    {"kind": {"enum": list(targets.TARGET_KINDS)}},
                ),
            },
            "actions": {"type": "array", "description": "the nodes of kind action once more; not read"},
        },
    }


def _object(fields: Any, required: list[str], more: dict[str, Any]) -> dict[str, Any]:
    properties = {name: _TYPES.get(name, _TEXT) for name in fields}
    for name in properties:
        if name in _NULLABLE:
            properties[name] = {"anyOf": [_NULLABLE[name], {"type": "null"}]}
    return {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": {**properties, **more},
    }
