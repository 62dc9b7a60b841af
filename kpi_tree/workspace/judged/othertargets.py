"""Goals beside the one that counts now: those of a month within the quarter, and those that are over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import zip_longest

from kpi_tree.plan.model import Plan, Target
from kpi_tree.store import Home
from kpi_tree.workspace.judged.lens import Lens
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.trees import evaluated

MOST_LOOKS = 8
"""Looks at the tree for them; goals that lie further back are shown without a status."""


def other_targets(home: Home, plan: Plan, at: date, shown: Collection[str | None]) -> dict[str, NodeView]:
    """Every goal that has begun and is not ``shown`` -> its node's view against it.

    One look at the tree takes the latest such goal of every node, the next one the latest but one.
    """
    begun: dict[str, list[Target]] = {}
    for node in plan.nodes:
        for one in reversed(plan.targets_of(node)):
            if one.period.start <= at and not one.where and one.id not in shown:
                begun.setdefault(node, []).append(one)
    found: dict[str, NodeView] = {}
    for row in list(zip_longest(*begun.values()))[:MOST_LOOKS]:
        alone = plan.with_(targets={one.id: one for one in row if one is not None})
        seen = evaluated(home, alone, at, None, Lens())
        found |= {view.target_id: view for view in seen if view.target_id}
    return found
