"""Values of KPIs straight from a file: long (KPI, date, value) or wide (dates down or across)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from kpi_tree.catalogue import Kpi, catalogue, find_kpi
from kpi_tree.ingest.complaints import Complaints
from kpi_tree.ingest.layout import normal
from kpi_tree.ingest.mapping import FileMapping
from kpi_tree.ingest.observed import (
    DATE_HEADERS,
    KPI_HEADERS,
    VALUE_HEADERS,
    header_dates,
    kpi_ids,
    value_headers,
)
from kpi_tree.ingest.observing import Observing
from kpi_tree.ingest.raw import Raw


def is_long(names: Sequence[str]) -> bool:
    """Whether the headers say: one value of one KPI a row.

    >>> is_long(["KPI", "Date", "Value"]), is_long(["Day", "Clicks"])
    (True, False)
    """
    found = {normal(name) for name in names}
    return bool(found & KPI_HEADERS) and bool(found & VALUE_HEADERS) and bool(found & DATE_HEADERS)


def is_wide(names: Sequence[str], own: Mapping[str, Kpi] | None = None) -> bool:
    """Whether the headers say: KPIs down and dates across, or dates down and KPIs across.

    >>> is_wide(["KPI", "2024-01", "Total"]), is_wide(["Date", "sales", "orders"]), is_wide(["Date",
    ... "Colour"])
    (True, True, False)
    """
    rest = [name for name in names[1:] if name.strip()]
    if not rest:
        return False
    first = normal(names[0])
    if first in KPI_HEADERS:
        dates = value_headers(names)
        across = header_dates(dates)
        return bool(dates) and bool(
            (across.ok | across.ambiguous if len(across.ambiguous) else across.ok).all()
        )
    if first not in DATE_HEADERS:
        return False
    ids = kpi_ids(own)
    return all(normal(name) in ids for name in rest)


def observe(
    raw: Raw, kpi: str | None, said: FileMapping, own: Mapping[str, Kpi] | None, complaints: Complaints
) -> pa.Table:
    """Read a file of KPI values.

    Args:
        raw: the file.
        kpi: the KPI that its values belong to, when the file does not say it.
        own: the shop's own KPIs beside the catalogue's.

    Raises:
        NotFound: ``kpi`` is none. Refused: no dates or no values, or they can be read in two ways.
    """
    if kpi is not None:
        find_kpi(kpi, catalogue(own))
    reader = Observing(raw, said, kpi_ids(own), catalogue(own), complaints)
    names = raw.table.names
    if is_long(names) or kpi is not None:
        return reader.long(kpi)
    if normal(names[0]) in KPI_HEADERS:
        return reader.across()
    return reader.down()


def is_observations(
    names: Sequence[str], said: FileMapping, as_table: str | None, own: Mapping[str, Kpi] | None
) -> bool:
    """Whether a table holds values of KPIs, when nobody has said which record table it fills."""
    told = as_table is not None or said.table is not None or bool(said.columns)
    return not told and (is_long(names) or is_wide(names, own))
