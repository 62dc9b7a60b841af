"""What a node or a KPI is counted in, as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from kpi_tree.errors import Refused
from kpi_tree.plan.model import Node
from kpi_tree.units import Unit, catalogue_units, parse_unit


class HasUnit(Protocol):
    """What is asked of a catalogue entry here."""

    @property
    def unit(self) -> str:
        """Its unit: money, percent, count or a unit text."""


Kpis = Mapping[str, HasUnit]


def unit_of_kpi(kpi: str, kpis: Kpis | None = None) -> Unit | None:
    """What a KPI counts: as the program knows it, else as the home's own definition says.

    A plain ``count`` says nothing of what is counted, and clashes with nothing.

    >>> str(unit_of_kpi("average_order_value")), unit_of_kpi("nobody_knows")
    ('money/order', None)
    """
    known = catalogue_units().get(kpi)
    if known is not None or kpis is None or kpi not in kpis:
        return known
    text = kpis[kpi].unit
    try:
        return parse_unit(text) if text and text != "count" else None
    except Refused:
        return None


def unit_of(node: Node, kpis: Kpis | None = None) -> Unit | None:
    """A node's unit: its own text, else what its KPI counts; ``None`` where neither says what is counted.

    A unit that only says how the number is written (``money``, ``percent``) leaves the KPI's own to say what
    it is counted in: an average order value is money, and money an order.

    >>> str(unit_of(Node("aov", kpi="average_order_value", unit="money")))
    'money/order'
    """
    known = unit_of_kpi(node.kpi or "", kpis)
    if node.unit in _WRITTEN and known is not None and _written_as(node, kpis):
        return known
    if node.unit and node.unit != "count":
        try:
            return parse_unit(node.unit)
        except Refused:
            return None
    return known


_WRITTEN = frozenset(("money", "percent", "ratio"))


def _written_as(node: Node, kpis: Kpis | None) -> bool:
    """Whether the node is written as its KPI is; one that says something else means it."""
    entry = kpis.get(node.kpi or "") if kpis is not None else None
    return entry is None or entry.unit == node.unit
