"""A node of a plan: found by its id or its KPI; its unit, its direction and how it rolls up."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_tree.catalogue import Kpi, catalogue
from kpi_tree.errors import NotFound
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.model import Node, Plan

Known = Mapping[str, Kpi]
"""Every KPI of the home by id; without it the built-in ones."""


def _kpi(node: Node, known: Known | None) -> Kpi | None:
    return (catalogue() if known is None else known).get(node.kpi or "")


def rollup_of(node: Node, known: Known | None = None) -> str:
    """How a node's value is formed for a longer period: its own rule, its KPI's, or what its unit implies."""
    if node.rollup:
        return node.rollup
    kpi = _kpi(node, known)
    if kpi is not None:
        return kpi.rollup
    return "ratio" if node.unit in ("percent", "ratio", "points") else "sum"


def unit_of(node: Node, known: Known | None = None) -> str | None:
    """A node's unit: its own, else its KPI's."""
    kpi = _kpi(node, known)
    return node.unit or (kpi.unit if kpi is not None else None)


def direction_of(node: Node, known: Known | None = None) -> str:
    """Which way is better for a node: its own word, else its KPI's, else up."""
    kpi = _kpi(node, known)
    return node.direction or (kpi.direction if kpi is not None else "up")


def find_node(plan: Plan, node: str) -> Node:
    """A node of a plan by its id, or by the KPI that it measures."""
    found = plan.nodes.get(node) or next((one for one in plan.nodes.values() if one.kpi == node), None)
    if found is None or found.kind == "action":
        raise NotFound(
            msg("There is no indicator {name} in the plan.", name=node[:80]),
            place=node[:80],
            remedy=did_you_mean(
                node,
                [one.id for one in plan.nodes.values() if one.kind != "action"],
                msg("See the tree for its indicators."),
            ),
        )
    return found
