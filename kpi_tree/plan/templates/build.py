"""Template files to plans, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, Protocol

import yaml

from kpi_tree.errors import NotFound
from kpi_tree.i18n import language_of, msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.goals.kpi_names import everyday_words
from kpi_tree.plan.model import Edge, Node, Plan

Words = Mapping[str, str]


@dataclass(frozen=True)
class Template:
    """A template as the list shows it; every text in each language."""

    id: str
    name: Words
    about: Words
    goal: Words
    kpis: tuple[str, ...]
    nodes: int


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=1)
def _files() -> Mapping[str, Mapping[str, Any]]:
    folder = resources.files("kpi_tree.plan.templates")
    found = {
        entry.name.removesuffix(".yaml"): yaml.load(entry.read_text(encoding="utf-8"), Loader=LOADER)
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }
    return dict(sorted(found.items(), key=lambda item: item[1]["order"]))


@lru_cache(maxsize=1)
def _hypotheses() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    text = (resources.files("kpi_tree.plan") / "hypotheses.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Mapping[str, Any]]] = yaml.load(text, Loader=LOADER)
    return found


def hypothesis(parent: str, child: str) -> Mapping[str, Any]:
    """What is commonly believed of how one KPI moves another: ``lag`` in days, ``strength``, ``why``.

    >>> hypothesis("conversion_rate", "page_load_time")["why"]["en"], hypothesis("sales", "nothing")
    ('Waiting visitors leave.', {})
    """
    return _hypotheses().get(parent, {}).get(child, {})


def list_templates() -> list[Template]:
    """Every template, the goal templates first.

    >>> [template.id for template in list_templates()][:2]
    ['increase_sales', 'increase_conversion']
    """
    made = []
    for template_id, data in _files().items():
        plan = build(template_id)
        kpis = tuple(node.kpi for node in plan.nodes.values() if node.kpi)
        made.append(
            Template(template_id, data["name"], data["about"], data.get("goal", {}), kpis, len(plan.nodes))
        )
    return made


def build(template_id: str, lang: str = "en", names: Mapping[str, str] | None = None) -> Plan:
    """A plan from a template.

    Args:
        template_id: one of :func:`list_templates`.
        lang: language of names, hypotheses and actions.
        names: catalogue id → name in that language; what is not in it gets its everyday name.

    Raises:
        NotFound: there is no such template; names the nearest.

    >>> plan = build("increase_sales", "nb", {"sales": "Salg"})
    >>> plan.nodes["sales"].name, plan.root(), plan.children("sales")[:2]
    ('Salg', 'sales', ['orders', 'average_order_value'])
    """
    files = _files()
    if template_id not in files:
        raise NotFound(
            msg("There is no template {id}.", id=template_id[:80]),
            place=template_id[:80],
            remedy=did_you_mean(template_id, files, msg("Choose one of: {names}.", names=", ".join(files))),
        )
    data = files[template_id]
    maker = _Maker(language_of(lang), names or {})
    maker.add(data["root"], None)
    for guard in data.get("guards", ()):
        maker.add({"kpi": guard["kpi"], "edge": "guardrail"}, guard["of"])
    return Plan(
        template_id,
        data["name"][maker.lang],
        {node.id: node for node in maker.nodes.values()},
        {edge.key: edge for edge in maker.links},
        notes=data["about"][maker.lang],
        language=maker.lang,
    )


@dataclass
class _Maker:
    """Nodes and edges as they are read."""

    lang: str
    names: Mapping[str, str]
    nodes: dict[str, Node] = field(default_factory=dict)
    links: list[Edge] = field(default_factory=list)

    def add(self, entry: Mapping[str, Any], parent: str | None) -> None:
        """One entry of the file with all below it."""
        node_id = entry.get("ref") or entry.get("id") or entry["kpi"]
        if node_id not in self.nodes:
            self.nodes[node_id] = self.node(entry, node_id, parent)
        if parent is not None:
            self.join(entry, parent, node_id)
        for action in entry.get("actions", ()):
            self.action(action, node_id)
        for child in entry.get("children", ()):
            self.add(child, node_id)

    def node(self, entry: Mapping[str, Any], node_id: str, parent: str | None) -> Node:
        kpi = entry.get("kpi")
        name = self.words(entry.get("name")) or self.names.get(kpi or "") or self.everyday(kpi or node_id)
        return Node(
            node_id,
            "kgi" if parent is None else "kpi",
            name,
            kpi=kpi,
            formula=entry.get("formula"),
            unit=entry.get("unit"),
            direction=entry.get("direction"),
            rollup=entry.get("rollup"),
            notes=self.words(entry.get("notes")),
            order=float(len(self.nodes)),
        )

    def join(self, entry: Mapping[str, Any], parent: str, child: str) -> None:
        """The edge to the parent, unless the parent's formula makes it."""
        if entry.get("edge", "influence") == "influence" and self.in_formula(parent, child):
            return
        kind = entry.get("edge", "influence")
        believed = hypothesis(parent, child) if kind == "influence" else {}
        self.links.append(
            Edge(
                parent,
                child,
                kind,
                sign=entry.get("sign", 0),
                strength=believed.get("strength"),
                lag=believed.get("lag"),
                hypothesis=self.words(entry.get("why") or believed.get("why")),
            )
        )

    def in_formula(self, parent: str, child: str) -> bool:
        plan = Plan("t", nodes={parent: self.nodes[parent], child: self.nodes[child]})
        return child in plan.formula_children(parent)

    def action(self, entry: Mapping[str, Any], parent: str) -> None:
        node_id = f"do_{entry['id']}"
        self.nodes[node_id] = Node(
            node_id, "action", self.words(entry["name"]), state="planned", order=float(len(self.nodes))
        )
        self.links.append(Edge(parent, node_id, "supports", sign=1))

    def words(self, texts: Mapping[str, str] | None) -> str:
        return (texts.get(self.lang) or texts["en"]) if texts else ""

    def everyday(self, kpi: str) -> str:
        found = everyday_words().get(kpi, {}).get(self.lang)
        word = found[0] if found else kpi.replace("_", " ")
        return word[:1].upper() + word[1:]


class HasTables(Protocol):
    """What is asked of a catalogue entry here."""

    @property
    def wanted(self) -> tuple[str, ...]:
        """The record tables that have to be loaded for it."""


@dataclass(frozen=True)
class Need:
    """What one node of a plan needs to have a value.

    Attributes:
        kpi: the catalogue's id of what it measures, where there is one.
        tables: record tables to load; empty where its values are typed in, loaded ready-made, or computed.
        how: ``records`` from tables, ``formula`` from its children, ``values`` typed or loaded.
    """

    node: str
    name: str
    how: str
    tables: tuple[str, ...] = ()
    kpi: str | None = None


def needs(plan: Plan, catalogue: Mapping[str, HasTables]) -> list[Need]:
    """What data a plan needs: one line for each node that is not an action, in the tree's order."""
    return list(_needs(plan, catalogue))


def _needs(plan: Plan, catalogue: Mapping[str, HasTables]) -> Iterator[Need]:
    for node in plan.nodes.values():
        if node.kind == "action":
            continue
        if node.kpi in catalogue:
            yield Need(node.id, node.name, "records", catalogue[node.kpi or ""].wanted, node.kpi)
        elif node.formula:
            yield Need(node.id, node.name, "formula")
        else:
            yield Need(node.id, node.name, "values")
