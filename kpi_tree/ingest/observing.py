"""Reads a file of KPI values in one of its three forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.cells.columns import Column, Context, blank_texts
from kpi_tree.ingest.cells.convert import read_column_dates
from kpi_tree.ingest.cells.dates import DateColumn
from kpi_tree.ingest.cells.quantities import NumberColumn, read_numbers
from kpi_tree.ingest.cells.shapes import BoolArray, IntArray, cells_of
from kpi_tree.ingest.complaints import Complaints
from kpi_tree.ingest.layout import normal
from kpi_tree.ingest.mapping import FileMapping
from kpi_tree.ingest.observed import (
    DATE_HEADERS,
    DENOMINATOR,
    GRAINS,
    KPI_HEADERS,
    NOTES,
    NUMERATOR,
    VALUE_HEADERS,
    Observed,
    header_dates,
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
        self.out = Observed()

    def long(self, kpi: str | None) -> pa.Table:
        """One value a row."""
        columns = {normal(c.name): c for c in self.raw.columns}
        day = self._date_column(columns)
        value = self._value_column(columns, day)
        named = next((columns[n] for n in columns if n in KPI_HEADERS), None)
        ids = self._kpi_ids(named) if named is not None else [kpi] * self.raw.table.rows
        parts = {
            key: next((columns[n] for n in columns if n in names), None)
            for key, names in (("numerator", NUMERATOR), ("denominator", DENOMINATOR))
        }
        note = next((columns[n] for n in columns if n in NOTES), None)
        taken = {c.name for c in (day, value, named, note, *parts.values()) if c is not None}
        dims = [c for c in self.raw.columns if c.name not in taken and c.kind in ("text", "boolean")]
        starts, grains = self._dates(day)
        values = self._values(value, ids)
        sides = {
            key: self._values(c, ids, percent=False) if c is not None else None for key, c in parts.items()
        }
        for i in range(self.raw.table.rows):
            if self.bad[i] or (values[i] is None and sides["numerator"] is None):
                continue
            self._add(
                str(ids[i]),
                starts[i],
                grains[i],
                values[i],
                i,
                {normal(c.name).replace(" ", "_"): t for c in dims if (t := _text(c, i))},
                *(side[i] if side is not None else None for side in sides.values()),
                note=_text(note, i) if note else None,
            )
        return self.out.table()

    def across(self) -> pa.Table:
        """KPIs down, dates across."""
        table = self.raw.table
        rest = [c for c in self.raw.columns[1:] if c.kind != "empty" or c.name]
        found = header_dates([c.name for c in rest], self.said.options.get("date_order"))
        self._refuse_two_ways(found, table.names[0])
        ids = self._kpi_ids(self.raw.columns[0])
        cells = pa.chunked_array(
            [chunk for c in rest for chunk in table.columns[table.names.index(c.name)].chunks], pa.string()
        )
        together = Column(table.names[0], cells_of(cells))
        values = self._values(together, ids * len(rest), lines=np.tile(table.lines, len(rest)))
        days = found.micros.astype("M8[us]").astype("M8[D]").tolist()
        grain = self._grain(found, table.names[0], least=2)
        order = {
            text: n for n, text in enumerate(cells_of(pa.array([c.name for c in rest])).texts.to_pylist())
        }
        for at, column in enumerate(rest):
            where = order.get(cells_of(pa.array([column.name])).texts[0].as_py(), at)
            for i in range(table.rows):
                number = values[at * table.rows + i]
                if not self.bad[i] and number is not None and found.ok[where]:
                    self._add(str(ids[i]), days[where], grain, number, i, {})
        return self.out.table()

    def down(self) -> pa.Table:
        """Dates down, KPIs across."""
        starts, grains = self._dates(self.raw.columns[0])
        for column in self.raw.columns[1:]:
            kpi = self.ids.get(normal(column.name))
            if kpi is None:
                continue
            values = self._values(column, [kpi] * self.raw.table.rows)
            for i, number in enumerate(values):
                if not self.bad[i] and number is not None:
                    self._add(kpi, starts[i], grains[i], number, i, {})
        return self.out.table()

    def _add(
        self,
        kpi: str,
        start: date,
        grain: str,
        value: float | None,
        i: int,
        dimensions: dict[str, str],
        numerator: float | None = None,
        denominator: float | None = None,
        *,
        note: str | None = None,
    ) -> None:
        out = self.out
        if value is None and numerator is not None and denominator:
            value = numerator / denominator
        out.kpi.append(kpi)
        out.start.append(start)
        out.grain.append(grain)
        out.value.append(value)
        out.numerator.append(numerator)
        out.denominator.append(denominator)
        out.note.append(note)
        out.row.append(int(self.raw.table.lines[i]))
        out.dimensions.append(dimensions)

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
            if c.kind in ("integer", "number") and c is not day and n not in sides
        ]
        if len(numbers) != 1:
            raise self._refused(
                msg("No column holds the values.")
                if not numbers
                else msg("Several columns hold numbers: {names}.", names=", ".join(c.name for c in numbers)),
                msg("Name the column of values {name}.", name="value"),
            )
        return numbers[0]

    def _kpi_ids(self, column: Column) -> list[str | None]:
        texts = column.cells.texts.to_pylist()
        known = [self.ids.get(normal(text)) for text in texts]
        wrong = np.array([k is None for k in known], bool)
        self._set_apart(column, wrong, "unknown_kpi")
        return [known[i] for i in column.cells.index]

    def _dates(self, column: Column) -> tuple[list[Any], list[str]]:
        context = Context(
            self.raw.context.delimiter,
            None,
            self.said.options.get("date_order"),
            "",
            self.raw.context.neighbour_order,
        )
        found = read_column_dates(column, context)
        self._refuse_two_ways(found, column.name)
        self._set_apart(column, ~found.ok, "bad_date")
        days = found.micros.astype("M8[us]").astype("M8[D]").tolist()
        grain = self._grain(found, column.name, least=3)
        return [days[i] for i in column.cells.index], [grain] * column.cells.rows

    def _grain(self, found: DateColumn, column: str, *, least: int) -> str:
        """What a value is of: a day, a week, a month; first days, month after month, stand for the months."""
        said = self.said.options.get("grain")
        if said in GRAINS.values():
            return str(said)
        days = np.unique(found.micros[found.ok].astype("M8[us]").astype("M8[D]"))
        months = days.astype("M8[M]")
        firsts = len(days) >= least and bool((months.astype("M8[D]") == days).all())
        if GRAINS[found.grain] != "day" or not firsts or bool((np.diff(months.astype(int)) != 1).any()):
            return GRAINS[found.grain]
        self.complaints.say(
            "info",
            "months_by_first_day",
            msg("The dates are the first days of months; each value counts for its month."),
            column=column,
            remedy=msg("If they are values of single days, set the option grain to day."),
        )
        return "month"

    def _refuse_two_ways(self, found: DateColumn, name: str) -> None:
        if len(found.ambiguous) and found.ambiguous.any():
            self.complaints.refuse_two_ways(name, "ambiguous_date", found.example, dict(found.readings))

    def _values(
        self,
        column: Column,
        ids: Sequence[str | None],
        *,
        percent: bool = True,
        lines: IntArray | None = None,
    ) -> list[float | None]:
        decimal = self.said.options.get("decimal") or self.raw.context.neighbour_decimal or None
        numbers = read_numbers(column.cells, decimal=decimal, delimiter=self.raw.context.delimiter)
        if numbers.ambiguous.any():
            shown = {key: f"{value:.10g}" for key, value in numbers.readings.items()}
            self.complaints.refuse_two_ways(column.name, "ambiguous_number", numbers.example, shown)
        blank = blank_texts(column.cells)
        self._set_apart(column, ~numbers.ok & ~blank, "bad_number", lines)
        floats = numbers.floats()
        if percent:
            floats = self._as_shares(column, numbers, floats, ids)
        ok = numbers.ok & ~blank
        return [float(floats[i]) if ok[i] else None for i in column.cells.index]

    def _as_shares(
        self, column: Column, numbers: NumberColumn, floats: Any, ids: Sequence[str | None]
    ) -> Any:
        """A KPI in percent, written without the sign, is a share or a percentage: it has to be said."""
        known = {kpi for kpi in ids if kpi is not None and kpi in self.kpis}
        shares = {kpi for kpi in known if self.kpis[kpi].unit == "percent"}
        if not shares or bool((numbers.percent | ~numbers.ok).all()):
            return floats
        said = self.said.options.get("percent")
        inside = np.array([kpi in shares for kpi in ids], bool)
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

    def _set_apart(self, column: Column, wrong: BoolArray, code: str, lines: IntArray | None = None) -> None:
        rows = np.flatnonzero(wrong[column.cells.index])
        if not len(rows):
            return
        where = (lines if lines is not None else self.raw.table.lines)[rows]
        self.bad[rows % max(self.raw.table.rows, 1)] = True
        self.complaints.cells_apart(column, rows, where, code)

    def _refused(self, message: Any, remedy: Any) -> Refused:
        return Refused(message, place=self.raw.source.name, remedy=remedy)


def _text(column: Column, row: int) -> str | None:
    text: str = column.cells.texts[int(column.cells.index[row])].as_py()
    return text or None
