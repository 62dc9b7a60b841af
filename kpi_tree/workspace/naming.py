"""A node's name in the reader's language, where it is a KPI's own name and nothing that a person typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpi_tree.catalogue import Kpi
from kpi_tree.plan.model import Node


@dataclass(frozen=True, slots=True)
class NodeName:
    """A name for a message: a KPI's own name follows the reader, a typed one stays.

    >>> [NodeName(*one).in_language("nb") for one in (("Sales", {"nb": "Salg"}), ("My one", {}))]
    ['Salg', 'My one']
    """

    stored: str
    words: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, lang: str) -> str:
        """The name in a language."""
        return self.words.get(lang) or self.stored


def own_names(node: Node, kpis: Mapping[str, Kpi]) -> Mapping[str, str]:
    """Language → the name of the node's KPI, where the node carries one of these names; else nothing."""
    kpi = kpis.get(node.kpi or "")
    return kpi.name if kpi is not None and node.name in kpi.name.values() else {}


def name_of(node: Node, kpis: Mapping[str, Kpi]) -> NodeName:
    """A node's name for a message."""
    return NodeName(node.name, own_names(node, kpis))
