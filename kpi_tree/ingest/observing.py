"""Reads a file of KPI values in one of its three forms."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.cells.told import scale_of
from kpi_tree.ingest.cells.words import is_total_label
from kpi_tree.ingest.dimensions import dimension_named, dimensions_of
from kpi_tree.ingest.kpinames import kpi_of, words_for
from kpi_tree.ingest.layout import normal
from kpi_tree.ingest.observed import (
    DATE_HEADERS,
    DENOMINATOR,
    KPI_HEADERS,
    NOTES,
    NUMERATOR,
    UNIT_HEADERS,
    VALUE_HEADERS,
    Observed,
    date_headers,
    header_dates,
    together,
    with_quotients,
    words,
)
from kpi_tree.ingest.observedcells import ObservedCells


class Observing(ObservedCells):
    """Reads one file in one of the three forms."""

    def long(self, kpi: str | None) -> pa.Table:
        """One value a row."""
        columns = {normal(c.name): c for c in self.raw.columns}
        day = self._date_column(columns)
        value = self._value_column(columns, day)
        named = next((columns[n] for n in columns if n in KPI_HEADERS), None)
        ids = self.kpi_ids(named) if named is not None else self.same(str(kpi))
        sides = {
            key: next((columns[n] for n in columns if n in names), None)
            for key, names in (("numerator", NUMERATOR), ("denominator", DENOMINATOR))
        }
        note = next((columns[n] for n in columns if n in NOTES), None)
        taken = {c.name for c in (day, value, named, note, *sides.values()) if c is not None}
        others = [c for c in self.raw.columns if c.name not in taken]
        dims = dimensions_of(self._measured(self._beside(others, msg("value"))))
        starts, grains = self.dates(day)
        values = self.values(value, ids)
        above, below = (self.values(c, ids, percent=False) if c is not None else None for c in sides.values())
        keep = ~self.bad & (values.there | (above is not None))
        return Observed(
            ids,
            starts,
            grains,
            with_quotients(values, above, below),
            self.raw.table.lines,
            above,
            below,
            words(note.cells.texts, note.cells.index) if note else None,
            dims,
        ).table(keep)

    def across(self) -> pa.Table:
        """KPIs down, dates across."""
        table = self.raw.table
        shown = set(date_headers(table.names))
        rest = [c for c in self.raw.columns[1:] if c.name in shown]
        beside = [c for c in self.raw.columns[1:] if c.name not in shown and not is_total_label(c.name)]
        dims = dimensions_of(self._measured(self._beside(beside, msg("date"))), len(rest))
        heads = cells_of(pa.array([c.name for c in rest], pa.string()))
        found = header_dates([c.name for c in rest], self.said.options.get("date_order"))
        self.refuse_two_ways(found, table.names[0])
        ids = self.kpi_ids(self.raw.columns[0])
        cells = pa.chunked_array(
            [chunk for c in rest for chunk in table.columns[table.names.index(c.name)].chunks], pa.string()
        )
        of_all = Column(table.names[0], cells_of(cells))
        every = ids.take(pa.array(np.tile(np.arange(table.rows), len(rest))))
        lines = np.tile(table.lines, len(rest))
        values = self.values(of_all, every, lines=lines, heads=[c.name for c in rest])
        grains = self.grains(heads, found, table.names[0], least=2)
        place = np.repeat(heads.index, table.rows)
        keep = ~np.tile(self.bad, len(rest)) & values.there & found.ok[place]
        starts = found.micros.astype("M8[us]")[place]
        return Observed(every, starts, words(grains, place), values, lines, dimensions=dims).table(keep)

    def _beside(self, rest: list[Column], what: Msg) -> list[Column]:
        """The columns beside the values that say what a row is of; numbers among them are told of.

        Args:
            what: what they are not: a date, the value.
        """
        for column in rest:
            if normal(column.name) in UNIT_HEADERS:
                self._refuse_scale(column)
            elif column.kind not in ("text", "boolean", "empty") and not dimension_named(column.name):
                self.complaints.say(
                    "warning",
                    "column_not_read",
                    msg(
                        "The column {name} is no {what}; its numbers are not read.",
                        name=column.name,
                        what=what,
                    ),
                    column=column.name,
                )
        return [column for column in rest if normal(column.name) not in UNIT_HEADERS]

    def _measured(self, rest: list[Column]) -> list[Column]:
        """Without columns that tell actual values from targets, plans and last year's, whose rows are set
        apart."""
        kept, others = [], words_for("unmeasured")
        for column in rest:
            said = {normal(text) for text in column.cells.texts.to_pylist() if text.strip()}
            if column.kind != "text" or not said or not said <= words_for("measured") | others:
                kept.append(column)
                continue
            other = [normal(text) in others for text in column.cells.texts.to_pylist()]
            self.set_apart(column, np.array(other, bool), "not_measured")
        return kept

    def _refuse_scale(self, column: Column) -> None:
        scaled = next((text for text in column.cells.texts.to_pylist() if scale_of(text) > 1), None)
        if scaled:
            raise self.refused(
                msg("The column {name} says that values are in {unit}.", name=column.name, unit=scaled),
                msg("Write the values in full, or the unit below or behind the header."),
            )

    def down(self) -> pa.Table:
        """Dates down, KPIs across, and what the values are of beside them."""
        first, *others = sorted(self.raw.columns, key=lambda c: normal(c.name) not in DATE_HEADERS)
        starts, grains = self.dates(first)
        told = [(column, kpi_of(self.ids, column.name)) for column in others]
        dims = dimensions_of([column for column, kpi in told if kpi is None])
        parts = []
        for column, kpi in told:
            if kpi is None:
                continue
            ids = self.same(kpi)
            values = self.values(column, ids)
            # A row that a column sets apart still gives the values of the columns before it.
            keep = ~self.bad & values.there
            said = Observed(ids, starts, grains, values, self.raw.table.lines, dimensions=dims)
            parts.append(said.table(keep))
        return together(parts)

    def _date_column(self, columns: dict[str, Column]) -> Column:
        named = [c for n, c in columns.items() if n in DATE_HEADERS]
        dated = named or [c for c in self.raw.columns if c.kind in ("date", "datetime")]
        if not dated:
            raise self.refused(msg("No column holds dates."), msg("Add a column named {name}.", name="date"))
        return dated[0]

    def _value_column(self, columns: dict[str, Column], day: Column) -> Column:
        named = [c for n, c in columns.items() if n in VALUE_HEADERS]
        sides = NUMERATOR | DENOMINATOR
        numbers = named or [
            c
            for n, c in columns.items()
            if c.kind in ("integer", "number") and c is not day and n not in sides and not dimension_named(n)
        ]
        if len(numbers) != 1:
            raise self.refused(
                msg("No column holds the values.")
                if not numbers
                else msg("Several columns hold numbers: {names}.", names=", ".join(c.name for c in numbers)),
                msg("Name the column of values {name}.", name="value"),
            )
        return numbers[0]
