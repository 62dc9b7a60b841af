"""Reads a file of KPI values in one of its three forms."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.dates import read_dates
from kpi_tree.ingest.cells.shapes import Cells, cells_of
from kpi_tree.ingest.cells.words import is_total_label
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.values.dimensions import dimension_named
from kpi_tree.ingest.values.kpinames import kpi_of
from kpi_tree.ingest.values.kpiwords import words_for
from kpi_tree.ingest.values.observed import (
    DATE_HEADERS,
    DENOMINATOR,
    KPI_HEADERS,
    NUMERATOR,
    UNIT_HEADERS,
    VALUE_HEADERS,
    Observed,
    together,
    with_quotients,
    words,
)
from kpi_tree.ingest.values.observedacross import dates_across, measured_dates
from kpi_tree.ingest.values.observedbeside import STORE, ObservedBeside
from kpi_tree.ingest.values.observedheads import Heads, heads_of, is_unmeasured
from kpi_tree.ingest.values.observedtimes import YEARS, alone, too_long, years_in
from kpi_tree.ingest.values.observedunits import names_units


class Observing(ObservedBeside):
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
        taken = {c.name for c in (day, value, named, *sides.values()) if c is not None}
        others, note = self.remarks([c for c in self.raw.columns if c.name not in taken])
        dims = self.broken_down(self._measured(self._beside(others, msg("value"))))
        starts, grains = self.dates(day)
        values = self.values(value, ids)
        above, below = (self.values(c, ids, sides=True) if c is not None else None for c in sides.values())
        keep = ~self.bad & (values.there | (above is not None))
        return Observed(
            ids,
            starts,
            grains,
            with_quotients(values, above, below),
            self.raw.table.lines,
            above,
            below,
            note,
            dims,
        ).table(keep)

    def across(self, named: Column | None, kpi: str = "") -> pa.Table:
        """KPIs, or the stores of one KPI, down and dates across.

        Args:
            named: the column that names the KPIs; without it all values are of ``kpi``.
        """
        table = self.raw.table
        rest, beside, names = self._across(named)
        dims = self.broken_down(self._measured(self._beside(beside, msg("date"))), len(rest))
        if named is None and not dims and self.years is None:
            raise self.refused(msg("No column holds dates."), msg("Add a column named {name}.", name="date"))
        heads = self._periods(names)
        found = read_dates(heads, order=self.said.options.get("date_order"))
        self.refuse_two_ways(found, table.names[0])
        ids = self.kpi_ids(named) if named is not None else self.same(kpi)
        cells = pa.chunked_array(
            [chunk for c in rest for chunk in table.columns[table.names.index(c.name)].chunks], pa.string()
        )
        of_all = Column(named.name if named is not None else table.names[0], cells_of(cells))
        every = ids.take(pa.array(np.tile(np.arange(table.rows), len(rest))))
        lines = np.tile(table.lines, len(rest))
        values = self.values(of_all, every, lines=lines, heads=[c.name for c in rest])
        grains = words(self.grains(heads, found, table.names[0], least=2), heads.index)
        keep = ~np.tile(self.bad, len(rest)) & values.there & found.ok[heads.index]
        starts = found.micros.astype("M8[us]")[heads.index]
        return Observed(every, starts, grains, values, lines, dimensions=dims).table(keep)

    def _across(self, named: Column | None) -> tuple[list[Column], list[Column], list[str]]:
        """The columns of values, those beside them, and the periods of the first."""
        others = [c for c in self.raw.columns if c is not named]
        shown = dates_across(["", *(c.name for c in others)])
        if years := too_long([c.name for c in others]) if not shown else []:
            raise self.whole_years(years)
        measured = measured_dates(["", *(c.name for c in others)])
        rest = [c for c in others if c.name in shown]
        beside = [c for c in others if c.name not in shown and not is_total_label(c.name)]
        if measured:
            planned = [c.name for c in beside if is_unmeasured(self.ids, c.name.rpartition(" ")[2])]
            self._tell_unread(Heads(unmeasured=planned))
            beside = [c for c in beside if c.name not in planned]
        return rest, self.remarks(beside)[0], [measured.get(c.name, c.name) for c in rest]

    def _periods(self, names: list[str]) -> Cells:
        """The period of each value, column after column; one without a year in that of its row, or in the one
        that somebody has said.

        Raises:
            AskError: nobody has said it.
        """
        rows = self.raw.table.rows
        lacking = next((name for name in names if alone(name, 2000)), None)
        place = np.repeat(np.arange(len(names)), rows)
        if lacking is None:
            texts = names
        elif self.years is None:
            year = self.year_of(lacking, self.raw.table.names[0])
            texts = [alone(name, year) or name for name in names]
        else:
            said = [text.strip() for text in self.years.cells.texts.to_pylist()]
            self.set_apart(self.years, np.array([not years_in([text]) for text in said], bool), "bad_date")
            texts = [
                (alone(name, int(text[:4])) if years_in([text]) else None) or name
                for name in names
                for text in said
            ]
            place = place * len(said) + np.tile(self.years.cells.index, len(names))
        return cells_of(pa.array(texts, pa.string()).take(pa.array(place)))

    def _beside(self, rest: list[Column], what: Msg) -> list[Column]:
        """The columns beside the values that say what a row is of; numbers among them are told of, and a
        column of units is put by.

        Args:
            what: what they are not: a date, the value.
        """
        kept = []
        for column in rest:
            if normal(column.name) in UNIT_HEADERS and names_units(column):
                self.units = column
                continue
            if normal(column.name) in YEARS and years_in(column.cells.texts.to_pylist()):
                self.years = column
                continue
            kept.append(column)
            if column.kind not in ("text", "boolean", "empty") and not dimension_named(column.name):
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
        return kept

    def _measured(self, rest: list[Column]) -> list[Column]:
        """Without columns that tell actual values from targets, plans and last year's, whose rows are set
        apart."""
        kept, others = [], words_for("unmeasured")
        for column in rest:
            texts = column.cells.texts.to_pylist()
            said = {normal(text) for text in texts if text.strip()}
            both = bool(said & words_for("measured")) and bool(said & others)
            if column.kind != "text" or not said or not (both or said <= words_for("measured") | others):
                kept.append(column)
                continue
            other = [bool(text.strip()) and normal(text) not in words_for("measured") for text in texts]
            self.set_apart(column, np.array(other, bool), "not_measured")
        return kept

    def members_across(self, kpi: str) -> Heads | None:
        """Dates down and stores across, of one KPI that somebody has named; None where it is no such file."""
        names = [c.name for c in self.raw.columns]
        if sum(normal(name) in DATE_HEADERS for name in names) != 1 or any(
            normal(name) in VALUE_HEADERS or kpi_of(self.ids, name) for name in names
        ):
            return None
        rest = [c for c in self.raw.columns if normal(c.name) not in DATE_HEADERS]
        unmeasured = [c.name for c in rest if is_unmeasured(self.ids, c.name)]
        totals = [c.name for c in rest if is_total_label(c.name)]
        found = [
            c.name
            for c in rest
            if c.kind in ("integer", "number") and c.name not in unmeasured + totals
            and not dimension_named(c.name) and normal(c.name) not in NUMERATOR | DENOMINATOR
        ]  # fmt: skip
        others = [c.name for c in rest if c.name not in found + unmeasured + totals]
        values = {name: (kpi, name) for name in found}
        return Heads(values, unmeasured, totals, others) if len(found) > 1 else None

    def down(self, heads: Heads | None = None) -> pa.Table:
        """Dates down, KPIs or the stores of one KPI across, and what the values are of beside them."""
        first, *others = sorted(
            self.raw.columns, key=lambda c: (normal(c.name) not in DATE_HEADERS, normal(c.name) not in YEARS)
        )
        two_rows = self.raw.outline.header_rows > 1
        names = [c.name for c in self.raw.columns]
        heads = heads or heads_of(names, self.ids, two_rows=two_rows) or Heads()
        self._tell_unread(heads)
        beside, note = self.remarks([c for c in others if c.name in heads.others])
        dims = self.broken_down(self._beside(beside, msg("value")))  # may hold the years of the dates
        starts, grains = self.dates(first)
        parts = []
        for column in others:
            if column.name not in heads.values:
                continue
            kpi, member = heads.values[column.name]
            ids = self.same(kpi)
            values = self.values(column, ids)
            # A row that a column sets apart still gives the values of the columns before it.
            keep = ~self.bad & values.there
            mine = {**dims, STORE: self.same(member)} if member else dims
            said = Observed(ids, starts, grains, values, self.raw.table.lines, note=note, dimensions=mine)
            parts.append(said.table(keep))
        return together(parts)

    def _tell_unread(self, heads: Heads) -> None:
        """What of the columns is not read, and what is taken for the names of stores."""
        for name in heads.unmeasured:
            self.complaints.say(
                "info",
                "not_measured",
                msg("The column {name} is a target, a plan or another year, and is not read.", name=name),
                column=name,
                remedy=msg("Targets are set under Goals."),
            )
        members = list(dict.fromkeys(member for _, member in heads.values.values() if member))
        if members:
            self.complaints.say(
                "info",
                "members_across",
                msg("The columns are taken for these stores: {names}.", names=", ".join(members[:20])),
            )

    def _date_column(self, columns: dict[str, Column]) -> Column:
        named = [c for n, c in columns.items() if n in DATE_HEADERS]
        dated = named or [c for c in self.raw.columns if c.kind in ("date", "datetime")]
        dated = dated or [c for n, c in columns.items() if n in YEARS]
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
