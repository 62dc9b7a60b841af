"""Points of a chart that can be picked: what a click on one hands back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

PICKED = "picked"
"""The name of the selection in the specification."""


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
        layer.setdefault("params", []).append({"name": PICKED, "select": select})
        if isinstance(layer["mark"], dict):
            layer["mark"]["cursor"] = "pointer"
        break
    return spec


def _layers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in spec.get("layer", ()):
        yield from _layers(layer)
    yield spec
