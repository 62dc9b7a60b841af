"""Values of KPIs straight from a file: long (KPI, date, value) or wide (dates down or across)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa

from kpi_tree.catalogue import Kpi, catalogue, find_kpi
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.values.about_values import about_values
from kpi_tree.ingest.values.kpinames import kpi_ids, kpi_of
from kpi_tree.ingest.values.observed import (
    DATE_HEADERS,
    KPI_HEADERS,
    VALUE_HEADERS,
    value_headers,
)
from kpi_tree.ingest.values.observedacross import dates_across, kpi_first
from kpi_tree.ingest.values.observedheads import heads_of
from kpi_tree.ingest.values.observedmerged import filled_down
from kpi_tree.ingest.values.observedspans import columns_of, span_of, without_span
from kpi_tree.ingest.values.observedtimes import YEARS, too_long
from kpi_tree.ingest.values.observing import Observing
from kpi_tree.ingest.values.whichsales import OPTION, may_be_either, settled, with_either


def named(raw: Raw, own: Mapping[str, Kpi] | None) -> list[str]:
    """A file's headers; a first one that has no name by what stands below it: dates, or names of KPIs."""
    names = raw.table.names
    if not raw.columns or raw.outline.header_line <= 0 or any(raw.outline.header[:1]):
        return names
    first, ids = raw.columns[0], kpi_ids(own)
    texts = [text for text in first.cells.texts.to_pylist() if text]
    dated = first.kind in ("date", "datetime")
    name = "date" if dated else "KPI" if texts and all(kpi_of(ids, text) for text in texts) else ""
    return names if not name or name in names else [name, *names[1:]]


def asks_which(names: Sequence[str], own: Mapping[str, Kpi] | None = None) -> bool:
    """Whether a header names a KPI that may be one of two.

    >>> asks_which(["Dato", "Omsetning"]), asks_which(["Dato", "Net sales"])
    (True, False)
    """
    ids = kpi_ids(own)
    return any(may_be_either(ids, name) for name in names)


def is_across(names: Sequence[str]) -> bool:
    """Whether dates stand across, and no column of dates or values beside them.

    >>> is_across(["Store", "2024-01", "2024-02", "Total"]), is_across(["Date", "Oslo", "Bergen"])
    (True, False)
    """
    said = {normal(name) for name in names}
    dates, others = dates_across(["", *names]) or too_long(names), value_headers(["", *names])
    return (
        not said & (DATE_HEADERS | VALUE_HEADERS)
        and len(dates) > 1
        and len(others) - len(dates) <= MOST_OTHERS
    )


MOST_OTHERS = 4
"""Columns beside the dates of a file with dates across: a unit, a shop, a target."""


def is_long(names: Sequence[str]) -> bool:
    """Whether the headers say: one value of one KPI a row.

    >>> is_long(["KPI", "Date", "Value"]), is_long(["Day", "Clicks"])
    (True, False)
    """
    found = {normal(name) for name in without_span(names)}
    return bool(found & KPI_HEADERS) and bool(found & VALUE_HEADERS) and bool(found & (DATE_HEADERS | YEARS))


def is_wide(names: Sequence[str], own: Mapping[str, Kpi] | None = None) -> bool:
    """Whether the headers say: KPIs down and dates across, or dates down and KPIs across.

    >>> is_wide(["KPI", "2024-01", "Total"]), is_wide(["Date", "sales", "orders"]), is_wide(["Date",
    ... "Colour"])
    (True, True, False)
    """
    names = kpi_first(without_span(names))
    rest = [name for name in names[1:] if name.strip()]
    if not rest:
        return False
    first = normal(names[0])
    if first in KPI_HEADERS:
        dates, others = dates_across(names) or too_long(names), value_headers(names)
        return bool(dates) and len(dates) >= len(others) - MOST_OTHERS
    if first not in DATE_HEADERS:
        return False
    ids = kpi_ids(own)
    return all(kpi_of(ids, name, also=False) for name in rest)


def is_broken_down(
    names: Sequence[str], own: Mapping[str, Kpi] | None = None, *, two_rows: bool = False, also: bool = True
) -> bool:
    """Whether the headers say: dates down, KPIs across, and beside them what the values are of.

    >>> is_broken_down(["Date", "Country", "sales"]), is_broken_down(["Butikk", "Dato", "sales", "orders"])
    (True, True)
    >>> is_broken_down(["Date", "Country", "Colour"]), is_broken_down(["Country", "sales"])
    (False, False)
    """
    ids = with_either(kpi_ids(own)) if also else kpi_ids(own)
    return heads_of(names, ids, two_rows=two_rows, also=also) is not None


def observe(
    raw: Raw,
    kpi: str | None,
    said: FileMapping,
    own: Mapping[str, Kpi] | None,
    complaints: Complaints,
    today: date | None = None,
) -> pa.Table:
    """Read a file of KPI values.

    Args:
        raw: the file.
        kpi: the KPI that its values belong to, when the file does not say it.
        own: the shop's own KPIs beside the catalogue's.
        today: values of days after it are warned about.

    Raises:
        NotFound: ``kpi`` is none. Refused: no dates or no values, they can be read in two ways, or some would
            be counted twice.
    """
    if kpi is not None:
        find_kpi(kpi, catalogue(own))
    kpis = catalogue(own)
    raw, span = _prepared(raw, said, own, complaints)
    names = [column.name for column in raw.columns]
    kpi_column = next((column for column in raw.columns if normal(column.name) in KPI_HEADERS), None)
    texts = {name: name for name in names}
    if kpi_column is not None:
        texts |= dict.fromkeys(kpi_column.cells.texts.to_pylist(), kpi_column.name)
    ids = settled(kpi_ids(own), texts, said.options.get(OPTION), kpis, raw.source.name)
    reader = Observing(raw, said, ids, kpis, complaints, today)
    reader.shown = {"date": span[0]} if span is not None else {}
    if kpi is not None and (heads := reader.members_across(kpi)) is not None:
        found = reader.down(heads)
    elif kpi is not None and is_across(names):
        found = reader.across(None, kpi)
    elif is_long(names) or kpi is not None:
        found = reader.long(kpi)
    else:
        found = reader.down() if kpi_column is None else reader.across(kpi_column)
    about_values(complaints, found, kpis, raw.source.name, today, reader.timed)
    return found


def _prepared(
    raw: Raw, said: FileMapping, own: Mapping[str, Kpi] | None, complaints: Complaints
) -> tuple[Raw, tuple[str, str] | None]:
    """A file with a name for each column, one column of periods and no gaps of merged cells; and the headers
    of the first and the last days, where two columns told the periods."""
    names = named(raw, own)
    columns = [replace(column, name=name) for column, name in zip(raw.columns, names, strict=True)]
    raw = replace(raw, columns=columns, table=replace(raw.table, names=names))
    raw = replace(raw, columns=columns_of(raw, said, complaints))
    return replace(raw, columns=filled_down(raw, complaints)), span_of(names)


def is_observations(
    names: Sequence[str], said: FileMapping, as_table: str | None, own: Mapping[str, Kpi] | None
) -> bool:
    """Whether a table holds values of KPIs, when nobody has said which record table it fills."""
    told = as_table is not None or said.table is not None or bool(said.columns)
    return not told and (is_long(names) or is_wide(names, own))
