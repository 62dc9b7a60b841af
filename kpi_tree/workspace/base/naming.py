"""A node's name in the reader's language, where it is a KPI's own name and nothing that a person typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kpi_tree.catalogue import Kpi
from kpi_tree.plan import templates
from kpi_tree.plan.model import Node
from kpi_tree.records.tables import read_yaml

SAMPLE_PLAN = Path(templates.__file__).parents[2] / "sample" / "plan.yaml"


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
    """Language → the name of the node's KPI, or the one that a template or the sample plan gave it, where
    the node carries one of these names; else nothing.
    """
    kpi = kpis.get(node.kpi or "")
    if kpi is not None and node.name in kpi.name.values():
        return kpi.name
    return given_names().get(node.name, {}) if kpi is None else {}


@cache
def given_names() -> Mapping[str, Mapping[str, str]]:
    """The names of boxes and actions in the templates and in the sample plan: spelling → language → name.

    A spelling that stands for two things is left out.
    """
    found: dict[str, Mapping[str, str]] = {}
    unclear: set[str] = set()
    for file in (*sorted(Path(templates.__file__).parent.glob("*.yaml")), SAMPLE_PLAN):
        for names in _names_in(read_yaml(file)):
            for spelling in names.values():
                if found.setdefault(spelling, names) != names:
                    unclear.add(spelling)
    return {spelling: names for spelling, names in found.items() if spelling not in unclear}


def _names_in(part: Any) -> Iterator[Mapping[str, str]]:
    """Every ``name: {en, nb, ja}`` at any depth."""
    if isinstance(part, list):
        for each in part:
            yield from _names_in(each)
    elif isinstance(part, dict):
        names = part.get("name")
        if isinstance(names, dict) and "en" in names:
            yield {str(lang): str(name) for lang, name in names.items()}
        for each in part.values():
            yield from _names_in(each)


def name_of(node: Node, kpis: Mapping[str, Kpi]) -> NodeName:
    """A node's name for a message."""
    return NodeName(node.name, own_names(node, kpis))
