"""Values of KPIs straight from a file: long (KPI, date, value) or wide (dates across), for one KPI or many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from kpi_tree.ingest.layout import normal

if TYPE_CHECKING:
    from kpi_tree.ingest.mapping import Mapping_
    from kpi_tree.ingest.raw import Raw
    from kpi_tree.ingest.reading import Reading
    from kpi_tree.ingest.source import Source

KPI_HEADERS = frozenset({"kpi", "kpi id", "nøkkeltall", "måltall", "indicator", "指標", "kpi名"})
VALUE_HEADERS = frozenset(
    {"value", "actual", "verdi", "værdi", "värde", "wert", "valeur", "値", "実績", "実績値", "amount"}
)


def is_long(names: Sequence[str]) -> bool:
    """Whether the headers say: one value of one KPI a row.

    >>> is_long(["KPI", "Date", "Value"]), is_long(["Day", "Clicks"])
    (True, False)
    """
    found = {normal(name) for name in names}
    return bool(found & KPI_HEADERS) and bool(found & VALUE_HEADERS)


def read_observations(
    source: Source, raw: Raw, kpi: str | None, said: Mapping_, today: date | None
) -> Reading:
    """Read a file of KPI values."""
    raise NotImplementedError
