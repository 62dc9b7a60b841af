"""Which cells are headers known here: of a vendor's layout, of a record table, of values of KPIs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from kpi_tree.ingest.mapping.generic import known_headers
from kpi_tree.ingest.mapping.layout import layouts, normal
from kpi_tree.ingest.values.observed import KPI_HEADERS, date_headers


@lru_cache(maxsize=1)
def _known_headers() -> frozenset[str]:
    shipped = {
        normal(h)
        for layout in layouts().values()
        for w in layout.columns.values()
        for h in w.headers
        if "*" not in h
    }
    return frozenset(shipped | known_headers())


def known(cells: Sequence[str]) -> int:
    """How many of a row's cells are headers that some layout knows.

    >>> known(["Name", "Financial Status", "17"]), known(["KPI", "01.2026", "02.2026"])
    (2, 3)
    """
    names = _known_headers()
    found = sum(bool(cell) and len(cell) < 120 and normal(cell) in names for cell in cells)
    return max(found, _periods_across(cells)) if cells and len(cells[0]) < 120 else found


def _periods_across(cells: Sequence[str]) -> int:
    """How many cells are the header of a table of KPIs with periods across: its first one and the periods."""
    return 1 + len(date_headers(cells)) if normal(cells[0]) in KPI_HEADERS else 0
