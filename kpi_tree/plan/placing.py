"""Where a KPI of the catalogue belongs in a tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from kpi_tree.plan.edits import Edit
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Plan


class Placeable(Protocol):
    """What is asked of a catalogue entry here."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def moves(self) -> tuple[tuple[str, str], ...]:
        """The KPIs that it is meant to move, and which way."""

    def sign_on(self, other: str) -> int:
        """What its rise does to another."""


def parents_in(plan: Plan, kpi: Placeable) -> list[str]:
    """The nodes that a KPI would hang below: those that measure what it moves, else the goal at the top.

    >>> from kpi_tree.catalogue import find_kpi
    >>> from kpi_tree.plan.model import Node
    >>> top, orders = Node("s", "kgi", "Sales", kpi="sales"), Node("o", "kpi", "Orders", kpi="orders")
    >>> shop = Plan("shop", nodes={"s": top, "o": orders})
    >>> parents_in(shop, find_kpi("average_order_value")), parents_in(shop, find_kpi("chat_tickets"))
    (['s'], ['s'])
    """
    nodes = plan.nodes.values()
    found = [node.id for wanted, _ in kpi.moves for node in nodes if measures(node.kpi, node.id, wanted)]
    if found:
        return list(dict.fromkeys(found))
    root = plan.root()
    return [root] if root else []


def measures(kpi: str | None, node: str, wanted: str) -> bool:
    """Whether a node stands for a KPI: it measures it, or carries its name without measuring another."""
    return kpi == wanted or (kpi is None and node == wanted)


def standing_for(plan: Plan, kpi: str) -> str | None:
    """The node that a KPI is on, if any."""
    return next((node.id for node in plan.nodes.values() if measures(node.kpi, node.id, kpi)), None)


def placing(plan: Plan, kpi: Placeable, name: str, parents: Sequence[str] | None = None) -> Edit:
    """The edit that puts a KPI on the tree, below its usual parents and last in their rows.

    Args:
        name: what the node is called.
        parents: nodes to hang it below instead.

    Each edge is an influence with the sign that the catalogue gives it; a formula is never touched.
    """
    below = list(parents) if parents is not None else parents_in(plan, kpi)
    node = kpi.id if kpi.id not in plan.nodes else id_from_name(name, plan.nodes)
    orders = [plan.nodes[child].order for parent in below for child in plan.children(parent)]
    after: dict[str, Any] = {
        "id": node, "kind": "kpi" if below else "kgi", "name": name, "kpi": kpi.id,
        "order": max(orders, default=-1.0) + 1,
    }  # fmt: skip
    edges = [
        {
            "parent": parent,
            "child": node,
            "kind": "influence",
            "sign": kpi.sign_on(plan.nodes[parent].kpi or parent),
        }
        for parent in below
    ]
    return {"op": "add_node", "node": node, "after": after, "edges": edges}
