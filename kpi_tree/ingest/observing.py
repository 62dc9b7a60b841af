"""Reads a file of KPI values in one of its three forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.cells.columns import Column, Context, blank_texts
from kpi_tree.ingest.cells.convert import as_told, read_column_dates
from kpi_tree.ingest.cells.dates import FISCAL, DateColumn
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
    Numbers,
    Observed,
    header_dates,
    together,
    value_headers,
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
        starts, grain = self._dates(day)
        values = self._values(value, ids)
        above, below = (
            self._values(c, ids, percent=False) if c is not None else None for c in sides.values()
        )
        keep = ~self.bad & (values.there | (above is not None))
        return Observed(
            ids,
            starts,
            grain,
            _with_quotients(values, above, below),
            self.raw.table.lines,
            above,
            below,
            words(note.cells.texts, note.cells.index) if note else None,
            _dimensions([c for c in self.raw.columns if c.name not in taken]),
        ).table(keep)

    def across(self) -> pa.Table:
        """KPIs down, dates across."""
        table = self.raw.table
        shown = set(value_headers(table.names))
        rest = [c for c in self.raw.columns[1:] if c.name in shown]
        found = header_dates([c.name for c in rest], self.said.options.get("date_order"))
        self._refuse_two_ways(found, table.names[0])
        ids = self._kpi_ids(self.raw.columns[0])
        cells = pa.chunked_array(
            [chunk for c in rest for chunk in table.columns[table.names.index(c.name)].chunks], pa.string()
        )
        of_all = Column(table.names[0], cells_of(cells))
        every = ids.take(pa.array(np.tile(np.arange(table.rows), len(rest))))
        values = self._values(of_all, every, lines=np.tile(table.lines, len(rest)))
        grain = self._grain(found, table.names[0], least=2)
        order = {
            text: n for n, text in enumerate(cells_of(pa.array([c.name for c in rest])).texts.to_pylist())
        }
        where = np.array(
            [order.get(cells_of(pa.array([c.name])).texts[0].as_py(), at) for at, c in enumerate(rest)],
            np.int64,
        )
        place = np.repeat(where, table.rows)
        keep = ~np.tile(self.bad, len(rest)) & values.there & found.ok[place]
        lines = np.tile(table.lines, len(rest))
        return Observed(every, found.micros.astype("M8[us]")[place], grain, values, lines).table(keep)

    def down(self) -> pa.Table:
        """Dates down, KPIs across."""
        starts, grain = self._dates(self.raw.columns[0])
        parts = []
        for column in self.raw.columns[1:]:
            kpi = self.ids.get(normal(column.name))
            if kpi is None:
                continue
            ids = self._same(kpi)
            values = self._values(column, ids)
            # A row that a column sets apart still gives the values of the columns before it.
            keep = ~self.bad & values.there
            parts.append(Observed(ids, starts, grain, values, self.raw.table.lines).table(keep))
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

    def _kpi_ids(self, column: Column) -> pa.Array:
        texts = column.cells.texts.to_pylist()
        known = [self.ids.get(normal(text)) for text in texts]
        wrong = np.array([k is None for k in known], bool)
        self._set_apart(column, wrong, "unknown_kpi")
        return words(known, column.cells.index)

    def _dates(self, column: Column) -> tuple[npt.NDArray[np.datetime64], str]:
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
        grain = self._grain(found, column.name, least=3)
        return found.micros.astype("M8[us]")[column.cells.index], grain

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
        self, column: Column, ids: pa.Array, *, percent: bool = True, lines: IntArray | None = None
    ) -> Numbers:
        decimal = self.said.options.get("decimal") or self.raw.context.neighbour_decimal or None
        numbers = read_numbers(column.cells, decimal=decimal, delimiter=self.raw.context.delimiter)
        as_told(column, numbers)
        if numbers.ambiguous.any():
            shown = {key: f"{value:.10g}" for key, value in numbers.readings.items()}
            self.complaints.refuse_two_ways(column.name, "ambiguous_number", numbers.example, shown)
        blank, floats = blank_texts(column.cells), numbers.floats()
        good = numbers.ok & np.isfinite(floats)
        self._set_apart(column, ~good & ~blank, "bad_number", lines)
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

    def _set_apart(self, column: Column, wrong: BoolArray, code: str, lines: IntArray | None = None) -> None:
        rows = np.flatnonzero(wrong[column.cells.index])
        if not len(rows):
            return
        where = (lines if lines is not None else self.raw.table.lines)[rows]
        self.bad[rows % max(self.raw.table.rows, 1)] = True
        self.complaints.cells_apart(column, rows, where, code)

    def _refused(self, message: Any, remedy: Any) -> Refused:
        return Refused(message, place=self.raw.source.name, remedy=remedy)


def _dimensions(columns: Sequence[Column]) -> dict[str, pa.Array]:
    """The columns of words, by their names as names of dimensions."""
    found: dict[str, pa.Array] = {}
    for column in columns:
        if column.kind in ("text", "boolean"):
            name = normal(column.name).replace(" ", "_")
            texts = words(column.cells.texts, column.cells.index)
            if name in found:  # two columns of one name: the later one's word stands where it has one
                texts = pc.coalesce(
                    texts.cast(pa.string()), found[name].cast(pa.string())
                ).dictionary_encode()
            found[name] = texts
    return found


def _with_quotients(values: Numbers, above: Numbers | None, below: Numbers | None) -> Numbers:
    """Where no value stands, it is what the numerator and the denominator make."""
    if above is None or below is None:
        return values
    made = ~values.there & above.there & below.there & (below.values != 0)
    whole = np.where(made, above.values / np.where(made, below.values, 1.0), values.values)
    return Numbers(whole, (values.there | made) & np.isfinite(whole))
