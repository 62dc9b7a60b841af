"""The columns that a layout reads, as values of its types."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells.columns import Column, Context
from kpi_tree.ingest.cells.convert import Converted, asked_as, at_clock, convert, only_words
from kpi_tree.ingest.cells.shapes import rounded_numbers
from kpi_tree.ingest.mapping.layout import Layout, Wanted, place
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.raw import Raw


def typed_columns(
    raw: Raw, layout: Layout, said: FileMapping, timezone: str, complaints: Complaints, *, strict: bool
) -> tuple[dict[str, pa.Array], npt.NDArray[np.bool_]]:
    """Convert the columns that a layout reads; in strict mode a column that can be read two ways is
    refused."""
    columns: dict[str, pa.Array] = {}
    bad = np.zeros(raw.table.rows, bool)
    placed = place(layout, raw.table.names)
    for key, header in placed.items():
        wanted = layout.columns[key]
        column = raw.column(header)
        assert column is not None
        context = context_for(raw, wanted, said)
        kind = wanted.type if layout.vendor else asked_as(key, wanted.type, column)
        done = convert(column, kind, context, wanted.zone or timezone, wanted.nulls)
        done = only_words(done, wanted.words) if wanted.words else done
        clock = _clock_of(raw, column, wanted, layout, placed)
        if clock is not None and not done.readings:
            done.values, wrong = at_clock(column, clock, wanted.type, context, wanted.zone or timezone)
            none = np.zeros(len(bad), bool)
            complaints.bad_cells(raw, clock, Converted(done.values, wrong, "bad_time"), none)
            bad |= wrong
        complaints.about_kind(column, done, kind, strict=strict, required=wanted.required)
        if kind == "text":
            done.values = _without_rounded(column, done.values)
        if done.readings:
            complaints.two_ways(column.name, done, strict=strict)
        blank = (
            np.asarray(done.values.is_null(), bool) & ~done.bad
            if wanted.required
            else np.zeros(len(bad), bool)
        )
        complaints.bad_cells(raw, column, done, blank)
        bad |= done.bad | blank
        columns[key] = done.values
    return columns, bad


def _without_rounded(column: Column, values: pa.Array) -> pa.Array:
    """Texts without numbers that a spreadsheet has rounded: as names they would make one record of many."""
    cut = rounded_numbers(column.cells)
    if cut is None:
        return values
    return pc.if_else(pc.fill_null(cut.take(pa.array(column.cells.index)), False), None, values)


def context_for(raw: Raw, wanted: Wanted, said: FileMapping) -> Context:
    """What the file, its layout and a person say about the style of one column."""
    return Context(
        raw.context.delimiter,
        said.options.get("decimal") or wanted.decimal,
        said.options.get("date_order") or wanted.order,
        raw.context.neighbour_decimal,
        raw.context.neighbour_order,
    )


def _clock_of(
    raw: Raw, column: Column, wanted: Wanted, layout: Layout, placed: Mapping[str, str]
) -> Column | None:
    """The column with the times of these days, where a point in time is asked for and the layout does not put
    the two together itself."""
    if not column.clock or wanted.type not in ("instant", "local"):
        return None
    if layout.vendor and column.clock in placed.values():
        return None
    return raw.column(column.clock)
