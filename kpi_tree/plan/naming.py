"""Which KPI a new box measures: the one that it is called like."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from kpi_tree.plan.goals.kpi_names import everyday_words, plain_text
from kpi_tree.plan.goals.model import KpiLike
from kpi_tree.plan.ids import new_node_id
from kpi_tree.plan.model import Node, Plan


def kpis_by_name(kpis: Collection[str]) -> Mapping[str, str]:
    """KPI ids by what they are called, in every language, in the form of :func:`plain_text`.

    Besides its name that is its id in words, and the first of its everyday words: a plain synonym in each
    language; the others only come near. A name that two KPIs share stands for neither. Where only ids are
    known there are no names.

    >>> from kpi_tree.catalogue import catalogue
    >>> named = kpis_by_name(catalogue())
    >>> [named.get(name) for name in ("orders", "antall transaksjoner", "売上", "happiness")]
    ['orders', 'orders', 'sales', None]
    """
    if not isinstance(kpis, Mapping):
        return {}
    called, besides = _Names(), _Names()
    for kpi, one in kpis.items():
        called.add(kpi, map(str, one.name.values()))
        words = everyday_words().get(kpi, {}).values()
        besides.add(kpi, [kpi.replace("_", " "), *(said[0] for said in words if said)])
    return {**besides.clear(), **called.clear()}


class _Names:
    def __init__(self) -> None:
        self.found: dict[str, set[str]] = {}

    def add(self, kpi: str, names: Iterable[str]) -> None:
        for name in names:
            self.found.setdefault(plain_text(name), set()).add(kpi)

    def clear(self) -> dict[str, str]:
        """The names that stand for one KPI."""
        return {name: next(iter(ids)) for name, ids in self.found.items() if len(ids) == 1}


def kpi_called(name: str, kpis: Collection[str]) -> str | None:
    """The KPI that exactly this name stands for (:func:`kpis_by_name`), whatever the case.

    >>> from kpi_tree.catalogue import catalogue
    >>> kpi_called("ORDERS", catalogue()), kpi_called("More orders", catalogue())
    ('orders', None)
    """
    return kpis_by_name(kpis).get(plain_text(name))


def newly(kpi: str | None, nodes: Iterable[Node]) -> str | None:
    """A KPI that a new box is to measure, unless another box does already.

    >>> newly("orders", []), newly("orders", [Node("a", kpi="orders")])
    ('orders', None)
    """
    return None if any(node.kpi == kpi for node in nodes) else kpi


def says_nothing(node: Node) -> bool:
    """Whether a box has no number of its own yet, so that its name may say which KPI it is.

    >>> says_nothing(Node("orders")), says_nothing(Node("orders", assumption=2000.0))
    (True, False)
    """
    return node.kind != "action" and not (node.kpi or node.formula) and node.assumption is None


def id_for(plan: Plan, name: str, kpi: str | None) -> str:
    """An id for a new box: its KPI's where it is free, so that formulas read alike in every language.

    >>> id_for(Plan("p"), "Bestillinger", "orders"), id_for(Plan("p"), "Bestillinger", None)
    ('orders', 'bestillinger')
    """
    taken = {*plan.nodes, *(node.kpi for node in plan.nodes.values())}
    return kpi if kpi and kpi not in taken else new_node_id(plan, name)


def offered(kpis: Mapping[str, KpiLike], lang: str) -> list[tuple[str, str, str]]:
    """The KPIs to choose from while a box is named: id, name, and other words that find it.

    >>> from kpi_tree.catalogue import catalogue
    >>> next(name for kpi, name, _ in offered(catalogue(), "en") if kpi == "orders")
    'Number of transactions'
    """
    more = everyday_words()
    return [
        (kpi, str(one.name.get(lang) or one.name.get("en") or kpi), "|".join(more.get(kpi, {}).get(lang, ())))
        for kpi, one in kpis.items()
    ]
