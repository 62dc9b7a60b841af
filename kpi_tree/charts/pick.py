"""Points of a chart that can be picked: what a click on one hands back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

PICKED = "picked"
"""The name of the selection in the specification."""
DAYS = ("day", "end")
"""Columns that hold a day."""


def pickable(spec: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """Let a reader pick the marks that have hints; the same specification, changed in place.

    Args:
        spec: a Vega-Lite specification as :func:`kpi_tree.charts.spec` makes it.
        fields: columns of the mark's row that a pick hands back.

    >>> made = pickable({"mark": "point", "encoding": {"tooltip": []}}, ["day"])
    >>> made["params"][0]["select"]["fields"]
    ['day']
    """
    for layer in _layers(spec):
        mark = layer["mark"]["type"] if isinstance(layer.get("mark"), dict) else layer.get("mark")
        if mark is None or "tooltip" not in layer.get("encoding", {}):
            continue
        select: dict[str, Any] = {"type": "point", "fields": list(fields), "on": "click", "clear": "dblclick"}
        if mark in ("point", "rule", "line"):
            select["nearest"] = True
        if spec.get("params") and "name" in layer:
            # Selections that stand above name their layer; what the layer itself says then counts no more.
            spec["params"].append({"name": PICKED, "select": select, "views": [layer["name"]]})
        else:
            layer.setdefault("params", []).append({"name": PICKED, "select": select})
        if isinstance(layer["mark"], dict):
            layer["mark"]["cursor"] = "pointer"
        break
    return spec


def point_of(picked: Mapping[str, Any]) -> dict[str, Any]:
    """A picked mark's row, its days as ISO dates: where a chart draws along a day, it hands back instants.

    >>> point_of({"day": 1772323200000, "name": "March"})
    {'day': '2026-03-01', 'name': 'March'}
    """
    return {name: _iso(value) if name in DAYS else value for name, value in picked.items()}


def _iso(value: Any) -> Any:
    return (
        datetime.fromtimestamp(value / 1000, UTC).date().isoformat()
        if isinstance(value, int | float)
        else value
    )


def _layers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in spec.get("layer", ()):
        yield from _layers(layer)
    yield spec
