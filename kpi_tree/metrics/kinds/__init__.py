"""How a shop's own definitions are computed: each kind turned into facts, queries and measures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi_tree.catalogue.load import Definitions, fact_of_table
from kpi_tree.periods import Calendar
from kpi_tree.records.tables import Table


def added(
    base: Definitions,
    specs: Mapping[str, Mapping[str, Any]],  # noqa: ARG001
    own_tables: Mapping[str, Table],
    calendar: Calendar,  # noqa: ARG001
) -> Definitions:
    """The definitions with a shop's own beside the built-in ones."""
    facts = {**base.facts, **{name: fact_of_table(one) for name, one in own_tables.items() if one.time}}
    return Definitions(facts, base.queries, base.measures, base.kpis)
