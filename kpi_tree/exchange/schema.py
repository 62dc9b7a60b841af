"""The plan file's form as a JSON Schema, made from the same field tables that read it."""

from __future__ import annotations

from typing import Any

from kpi_tree.plan import model
from kpi_tree.plan.planfile import FORMAT, VERSION
from kpi_tree.plan.reading import EDGE_FIELDS, MAX_ID, MAX_NAME, NODE_FIELDS, TARGET_FIELDS

_ID = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": MAX_ID}
_TEXT = {"type": "string"}
_NAME = {"type": "string", "minLength": 1, "maxLength": MAX_NAME}
_NUMBER = {"type": "number"}
_DAY = {"type": "string", "format": "date"}
_TYPES: dict[str, dict[str, Any]] = {
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
    "custom": {"type": "array", "items": {"type": "array", "prefixItems": [_DAY, _NUMBER]}},
    "lines": {"type": "array", "items": {"type": "array", "prefixItems": [_TEXT, _NUMBER]}},
    "where": {"type": "array", "items": {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2}},
    "period": {
        "type": "object",
        "properties": {"start": _DAY, "end": {**_DAY, "description": "the day after the last one"}},
        "required": ["start", "end"],
    },
    "trajectory": {"enum": list(model.TRAJECTORIES)},
}
_NULLABLE: dict[str, dict[str, Any]] = {
    "kpi": _ID,
    "formula": _TEXT,
    "unit": _TEXT,
    "low": _NUMBER,
    "high": _NUMBER,
    "assumption": _NUMBER,
    "expected_effect": _NUMBER,
    "baseline": _NUMBER,
    "change": _NUMBER,
    "counter": _NUMBER,
    "of": _ID,
    "answered_on": _DAY,
    "promise": {"enum": list(model.PROMISES)},
    "start": _DAY,
    "due": _DAY,
    "lag": {"type": "integer"},
    "bands": {"type": "array", "items": _NUMBER, "minItems": 3, "maxItems": 3},
    "direction": {"enum": list(model.DIRECTIONS)},
    "rollup": {"enum": list(model.ROLLUPS)},
    "state": {"enum": list(model.ACTION_STATES)},
    "strength": {"enum": list(model.STRENGTHS)},
    "change_kind": {"enum": list(model.CHANGE_KINDS)},
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
            "revision": {"type": "integer"},
            "nodes": {
                "type": "array",
                "items": _object(NODE_FIELDS, ["id"], {"kind": {"enum": list(model.NODE_KINDS)}}),
            },
            "edges": {"type": "array", "items": edge},
            "targets": {
                "type": "array",
                "items": _object(TARGET_FIELDS, ["id", "node", "period", "value"], {}),
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
