"""Past changes in the reader's words: names of KPIs in their language, values with their units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kpi_tree.catalogue import Kpi
from kpi_tree.plan.edit_values import Words
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home, journal
from kpi_tree.workspace.base.homes import current_settings
from kpi_tree.workspace.base.naming import NodeName, name_of
from kpi_tree.workspace.base.nodes import unit_of
from kpi_tree.workspace.base.own import catalogue_of


def words_of(home: Home, nodes: Iterable[Node]) -> Words:
    """What changes of these nodes are told with."""
    kpis = catalogue_of(home)
    currency = current_settings(home).currency or None
    every = {node.id: node for node in nodes}
    return Words(
        names={node.id: name_of(node, kpis) for node in every.values()},
        kpis={kpi.id: NodeName(kpi.text("name", "en"), kpi.name) for kpi in kpis.values()},
        units={node.id: (unit_of(node, kpis), currency) for node in every.values() if node.kind != "action"},
    )


def nodes_over_time(found: Iterable[journal.Line]) -> list[Node]:
    """Every node of a plan's journal as it was last, also those that are gone."""
    kept: dict[str, dict[str, Any]] = {}
    for line in found:
        for node in line.change.get("plan", {}).get("nodes", ()):
            kept[node["id"]] = dict(node)
        for edit in line.change.get("edits", ()):
            if edit["op"] == "add_node":
                kept[edit["node"]] = dict(edit["after"])
            elif edit["op"] == "set_field" and edit.get("node") in kept:
                kept[edit["node"]][edit["field"]] = edit.get("after")
    return [_bare(node_id, node) for node_id, node in kept.items()]


def _bare(node_id: str, node: Mapping[str, Any]) -> Node:
    """The parts of a node that its name and unit follow from."""
    return Node(
        node_id,
        node.get("kind") or "kpi",
        str(node.get("name") or node_id),
        kpi=node.get("kpi"),
        formula=node.get("formula"),
        unit=node.get("unit"),
    )


def in_language(plan: Plan, kpis: Mapping[str, Kpi], lang: str) -> Plan:
    """A plan whose nodes carry the names that a reader of this language sees; for messages, not to keep."""
    named = {
        node.id: replace(node, name=name_of(node, kpis).in_language(lang)) for node in plan.nodes.values()
    }
    return plan.with_(nodes=named) if named != dict(plan.nodes) else plan
