"""The row of a node's children: who stands beside whom, and what number puts a card between two others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpi_tree.plan.model import Plan

Edit = dict[str, Any]

_EDGE_RANK = {"formula": 0, "influence": 1, "guardrail": 2, "supports": 3}


def row_of(plan: Plan, parent: str, *, action: bool) -> list[str]:
    """A node's children as the canvas shows them: formula first, then influence, then guardrails."""
    found = [child for child in plan.children(parent) if (plan.nodes[child].kind == "action") == action]
    edges = {child: plan.edge(parent, child) for child in found}
    return sorted(found, key=lambda c: _EDGE_RANK[edges[c].kind] if edges[c] else 9)  # type: ignore[union-attr]


def orders_in(plan: Plan, row: Sequence[str], at: int, count: int) -> tuple[list[float], list[Edit]]:
    """Orders for `count` nodes that enter `row` at a place; renumbers the row where none fits between."""
    low = plan.nodes[row[at - 1]].order if at > 0 else None
    high = plan.nodes[row[at]].order if at < len(row) else None
    if low is None and high is None:
        return [float(i) for i in range(count)], []
    if high is None:
        return [float(low or 0) + 1 + i for i in range(count)], []
    if low is None:
        return [high - count + i for i in range(count)], []
    step = (high - low) / (count + 1)
    if step > 1e-6:
        return [low + step * (i + 1) for i in range(count)], []
    edits: list[Edit] = []
    for place, node in enumerate(row):
        order = float(place if place < at else place + count)
        if plan.nodes[node].order != order:
            edits.append(
                {
                    "op": "set_field",
                    "node": node,
                    "field": "order",
                    "before": plan.nodes[node].order,
                    "after": order,
                }
            )
    return [float(at + i) for i in range(count)], edits
