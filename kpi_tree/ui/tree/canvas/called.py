"""Which KPI a box measures that was given a name on the canvas. Pure: no Streamlit, no store."""

from __future__ import annotations

from collections.abc import Collection

from kpi_tree.plan.naming import kpi_called
from kpi_tree.ui.tree.canvas.events import Event

NAMING = frozenset({"rename", "add_child", "add_sibling"})
"""Event types that give a box a name."""


def measuring(event: Event, kpis: Collection[str]) -> Event:
    """The event with the KPI that the box it names measures: the one chosen, else the one it is called like.

    Args:
        kpis: the catalogue by id.

    >>> from kpi_tree.catalogue import catalogue
    >>> measuring({"type": "add_child", "parent": "sales", "name": "orders"}, catalogue())["kpi"]
    'orders'
    """
    if event.get("type") not in NAMING:
        return event
    chosen = event.get("kpi")
    return {**event, "kpi": chosen if chosen in kpis else kpi_called(str(event.get("name") or ""), kpis)}
