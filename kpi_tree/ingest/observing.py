"""Reads a file of KPI values in one of its three forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.cells.columns import Column, Context, blank_texts
from kpi_tree.ingest.cells.convert import Converted, as_told, read_column_dates
from kpi_tree.ingest.cells.dates import FISCAL, DateColumn
from kpi_tree.ingest.cells.quantities import NumberColumn, read_numbers
from kpi_tree.ingest.cells.shapes import BoolArray, Cells, IntArray, cells_of
from kpi_tree.ingest.cells.told import scale_of
from kpi_tree.ingest.cells.words import is_total_label
from kpi_tree.ingest.complaints import Complaints
from kpi_tree.ingest.dimensions import dimension_named, dimensions_of
from kpi_tree.ingest.layout import normal
from kpi_tree.ingest.mapping import FileMapping
from kpi_tree.ingest.observed import (
    DATE_HEADERS,
    DENOMINATOR,
    GRAINS,
    KPI_HEADERS,
    NOTES,
    NUMERATOR,
    PERCENT_HEADER,
    UNIT_HEADERS,
    VALUE_HEADERS,
    Numbers,
    Observed,
    date_headers,
    grains_of,
    header_dates,
    kpi_of,
    together,
    with_quotients,
    words,
)
from kpi_tree.ingest.raw import Raw


class Observing:
    """Reads one file in one of the three forms."""

    def __init__(
        self,
        raw: Raw,
        said: FileMapping,
        ids: dict[str, str],
        kpis: Mapping[str, Kpi],
        complaints: Complaints,
    ) -> None:
        self.raw, self.said, self.ids, self.kpis, self.complaints = raw, said, ids, kpis, complaints
        self.bad = np.zeros(raw.table.rows, bool)

    def long(self, kpi: str | None) -> pa.Table:
        """One value a row."""
        columns = {normal(c.name): c for c in self.raw.columns}
        day = self._date_column(columns)
        value = self._value_column(columns, day)
        named = next((columns[n] for n in columns if n in KPI_HEADERS), None)
        ids = self._kpi_ids(named) if named is not None else self._same(str(kpi))
        sides = {
            key: next((columns[n] for n in columns if n in names), None)
            for key, names in (("numerator", NUMERATOR), ("denominator", DENOMINATOR))
        }
        note = next((columns[n] for n in columns if n in NOTES), None)
        taken = {c.name for c in (day, value, named, note, *sides.values()) if c is not None}
        starts, grains = self._dates(day)
        values = self._values(value, ids)
        above, below = (
            self._values(c, ids, percent=False) if c is not None else None for c in sides.values()
        )
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
            dimensions_of([c for c in self.raw.columns if c.name not in taken]),
        ).table(keep)

    def across(self) -> pa.Table:
        """KPIs down, dates across."""
        table = self.raw.table
        shown = set(date_headers(table.names))
        rest = [c for c in self.raw.columns[1:] if c.name in shown]
        dims = dimensions_of(self._others(shown), len(rest))
        heads = cells_of(pa.array([c.name for c in rest], pa.string()))
        found = header_dates([c.name for c in rest], self.said.options.get("date_order"))
        self._refuse_two_ways(found, table.names[0])
        ids = self._kpi_ids(self.raw.columns[0])
        cells = pa.chunked_array(
            [chunk for c in rest for chunk in table.columns[table.names.index(c.name)].chunks], pa.string()
        )
        of_all = Column(table.names[0], cells_of(cells))
        every = ids.take(pa.array(np.tile(np.arange(table.rows), len(rest))))
        lines = np.tile(table.lines, len(rest))
        values = self._values(of_all, every, lines=lines, heads=[c.name for c in rest])
        grains = self._grains(heads, found, table.names[0], least=2)
        place = np.repeat(heads.index, table.rows)
        keep = ~np.tile(self.bad, len(rest)) & values.there & found.ok[place]
        starts = found.micros.astype("M8[us]")[place]
        return Observed(every, starts, words(grains, place), values, lines, dimensions=dims).table(keep)

    def _others(self, dates: set[str]) -> list[Column]:
        """The columns beside the dates that say what a row is of; numbers among them are told of."""
        rest = [c for c in self.raw.columns[1:] if c.name not in dates and not is_total_label(c.name)]
        for column in rest:
            if normal(column.name) in UNIT_HEADERS:
                self._refuse_scale(column)
            elif column.kind not in ("text", "boolean", "empty") and not dimension_named(column.name):
                self.complaints.say(
                    "warning",
                    "column_not_read",
                    msg("The column {name} is no date; its values are not read.", name=column.name),
                    column=column.name,
                )
        return [column for column in rest if normal(column.name) not in UNIT_HEADERS]

    def _refuse_scale(self, column: Column) -> None:
        scaled = next((text for text in column.cells.texts.to_pylist() if scale_of(text) > 1), None)
        if scaled:
            raise self._refused(
                msg("The column {name} says that values are in {unit}.", name=column.name, unit=scaled),
                msg("Write the values in full, or the unit below or behind the header."),
            )

    def down(self) -> pa.Table:
        """Dates down, KPIs across, and what the values are of beside them."""
        first, *others = sorted(self.raw.columns, key=lambda c: normal(c.name) not in DATE_HEADERS)
        starts, grains = self._dates(first)
        told = [(column, kpi_of(self.ids, column.name)) for column in others]
        dims = dimensions_of([column for column, kpi in told if kpi is None])
        parts = []
        for column, kpi in told:
            if kpi is None:
                continue
            ids = self._same(kpi)
            values = self._values(column, ids)
            # A row that a column sets apart still gives the values of the columns before it.
            keep = ~self.bad & values.there
            said = Observed(ids, starts, grains, values, self.raw.table.lines, dimensions=dims)
            parts.append(said.table(keep))
        return together(parts)

    def _same(self, kpi: str) -> pa.Array:
        return words([kpi], np.zeros(self.raw.table.rows, np.int64))

    def _date_column(self, columns: dict[str, Column]) -> Column:
        named = [c for n, c in columns.items() if n in DATE_HEADERS]
        dated = named or [c for c in self.raw.columns if c.kind in ("date", "datetime")]
        if not dated:
            raise self._refused(msg("No column holds dates."), msg("Add a column named {name}.", name="date"))
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
            raise self._refused(
                msg("No column holds the values.")
                if not numbers
                else msg("Several columns hold numbers: {names}.", names=", ".join(c.name for c in numbers)),
                msg("Name the column of values {name}.", name="value"),
            )
        return numbers[0]

    def _kpi_ids(self, column: Column) -> pa.Array:
        texts = column.cells.texts.to_pylist()
        known = [kpi_of(self.ids, text) for text in texts]
        wrong = [text for text, kpi in zip(texts, known, strict=True) if kpi is None]
        near = get_close_matches(normal(wrong[0]), self.ids, 1, 0.6) if wrong else []
        remedy = (
            msg(
                "Did you mean {name}? Correct the cell and load the row again from the quarantine.",
                name=self.ids[near[0]],
            )
            if near
            else None
        )
        self._set_apart(column, np.array([k is None for k in known], bool), "unknown_kpi", remedy=remedy)
        return words(known, column.cells.index)

    def _dates(self, column: Column) -> tuple[npt.NDArray[np.datetime64], pa.Array]:
        context = Context(
            self.raw.context.delimiter,
            None,
            self.said.options.get("date_order"),
            "",
            self.raw.context.neighbour_order,
        )
        found = read_column_dates(column, context)
        self._refuse_two_ways(found, column.name)
        fiscal = pc.any(pc.match_substring_regex(column.cells.texts, FISCAL)).as_py()
        self._set_apart(column, ~found.ok, "fiscal_date" if fiscal else "bad_date")
        grains = self._grains(column.cells, found, column.name, least=3)
        return found.micros.astype("M8[us]")[column.cells.index], words(grains, column.cells.index)

    def _grains(self, cells: Cells, found: DateColumn, column: str, *, least: int) -> list[str]:
        """What each text says a value is of: a day, a week, a month; first days, month after month, stand for
        the months."""
        said = self.said.options.get("grain")
        if said in GRAINS.values():
            return [str(said)] * len(cells.texts)
        own = grains_of(cells)
        days = np.unique(found.micros[found.ok].astype("M8[us]").astype("M8[D]"))
        months = days.astype("M8[M]")
        firsts = len(days) >= least and bool((months.astype("M8[D]") == days).all())
        if set(own) != {"day"} or not firsts or bool((np.diff(months.astype(int)) != 1).any()):
            return own
        self.complaints.say(
            "info",
            "months_by_first_day",
            msg("The dates are the first days of months; each value counts for its month."),
            column=column,
            remedy=msg("If they are values of single days, set the option grain to day."),
        )
        return ["month"] * len(own)

    def _refuse_two_ways(self, found: DateColumn, name: str) -> None:
        if len(found.ambiguous) and found.ambiguous.any():
            self.complaints.refuse_two_ways(name, "ambiguous_date", found.example, dict(found.readings))

    def _values(
        self,
        column: Column,
        ids: pa.Array,
        *,
        percent: bool = True,
        lines: IntArray | None = None,
        heads: Sequence[str] = (),
    ) -> Numbers:
        decimal = self.said.options.get("decimal") or self.raw.context.neighbour_decimal or None
        numbers = read_numbers(column.cells, decimal=decimal, delimiter=self.raw.context.delimiter)
        as_told(column, numbers)
        signs = Converted(pa.nulls(0), np.zeros(0, bool), currencies=numbers.currencies)
        self.complaints.about_kind(column, signs, "money", strict=True)
        if numbers.ambiguous.any():
            shown = {key: f"{value:.10g}" for key, value in numbers.readings.items()}
            self.complaints.refuse_two_ways(column.name, "ambiguous_number", numbers.example, shown)
        blank, floats = blank_texts(column.cells), numbers.floats()
        good = numbers.ok & np.isfinite(floats)
        self._set_apart(column, ~good & ~blank, "bad_number", lines, heads=heads)
        if percent:
            floats = self._as_shares(column, numbers, floats, ids)
        return Numbers(floats[column.cells.index], (good & ~blank)[column.cells.index])

    def _as_shares(self, column: Column, numbers: NumberColumn, floats: Any, ids: pa.Array) -> Any:
        """A KPI in percent, written without the sign, is a share or a percentage: it has to be said."""
        known = set(ids.drop_null().unique().to_pylist()) & self.kpis.keys()
        shares = {kpi for kpi in known if self.kpis[kpi].unit == "percent"}
        if not shares or bool((numbers.percent | ~numbers.ok).all()):
            return floats
        said = self.said.options.get("percent")
        if (
            said is None
            and bool((np.abs(floats[numbers.ok]) > 1).any())
            and PERCENT_HEADER.search(column.name)
        ):
            said = True
        inside = np.asarray(pc.is_in(ids, pa.array(sorted(shares))), bool)
        texts = np.unique(column.cells.index[inside])
        bare = texts[~numbers.percent[texts] & numbers.ok[texts]]
        if said is None and bool((np.abs(floats[bare]) > 1).any()):
            raise self._refused(
                msg(
                    "The KPI {name} is a percentage, and the file writes no percent sign.",
                    name=sorted(shares)[0],
                ),
                msg("Say whether 5 means 5 %: set the option percent to true or false."),
            )
        if said:
            floats = floats.copy()
            floats[bare] /= 100
        return floats

    def _set_apart(
        self,
        column: Column,
        wrong: BoolArray,
        code: str,
        lines: IntArray | None = None,
        remedy: Msg | None = None,
        heads: Sequence[str] = (),
    ) -> None:
        """Set rows apart for a column's cells; where it is of several columns one below the other, ``heads``
        are their names."""
        rows, length = np.flatnonzero(wrong[column.cells.index]), max(self.raw.table.rows, 1)
        every = lines if lines is not None else self.raw.table.lines
        self.bad[rows % length] = True
        for place, name in enumerate(heads or [column.name]):
            mine = rows[rows // length == place] if heads else rows
            if len(mine):
                self.complaints.cells_apart(replace(column, name=name), mine, every[mine], code, remedy)

    def _refused(self, message: Any, remedy: Any) -> Refused:
        return Refused(message, place=self.raw.source.name, remedy=remedy)
