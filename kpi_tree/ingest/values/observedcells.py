"""The cells of a file of KPI values: which KPI, which period, which number; bad ones are set apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.cells.columns import Column, Context, blank_texts
from kpi_tree.ingest.cells.convert import as_told, read_column_dates, scale
from kpi_tree.ingest.cells.dateread import DateColumn
from kpi_tree.ingest.cells.dates import FISCAL
from kpi_tree.ingest.cells.durations import read_durations
from kpi_tree.ingest.cells.quantities import NumberColumn, read_numbers
from kpi_tree.ingest.cells.shapes import BoolArray, Cells, IntArray
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.values.kpinames import kpi_of, remedy_for
from kpi_tree.ingest.values.observed import DATE_HEADERS, GRAINS, Numbers, grains_of, words
from kpi_tree.ingest.values.observedheads import is_unmeasured
from kpi_tree.ingest.values.observednumbers import currencies_of, sign_of_counts, unsuitable
from kpi_tree.ingest.values.observedshares import Shares, as_shares
from kpi_tree.ingest.values.observedtimes import (
    YEARS,
    alone,
    plain_periods,
    rewritten,
    too_long,
    with_years,
    years_in,
)
from kpi_tree.ingest.values.observedunits import RowKinds, kinds_of, units_of


class ObservedCells:
    """Reads the columns of one file; every form of such a file is put together from them.

    Attributes:
        bad: rows with a cell that cannot be used.
        units: the column that names the unit of each row's value, where there is one; ``years`` the one
            that names the year of its period. shown: names of columns that were made to their headers.
        timed: one of the dates that carry a time of day, where there are such.
    """

    def __init__(
        self,
        raw: Raw,
        said: FileMapping,
        ids: dict[str, str],
        kpis: Mapping[str, Kpi],
        complaints: Complaints,
        today: date | None = None,
    ) -> None:
        self.raw, self.said, self.ids, self.kpis, self.complaints = raw, said, ids, kpis, complaints
        self.bad = np.zeros(raw.table.rows, bool)
        self.units: Column | None = None
        self.years: Column | None = None
        self.shown: Mapping[str, str] = {}
        self.timed = ""
        self.today = today

    def same(self, kpi: str) -> pa.Array:
        return words([kpi], np.zeros(self.raw.table.rows, np.int64))

    def kpi_ids(self, column: Column) -> pa.Array:
        texts = column.cells.texts.to_pylist()
        known = [kpi_of(self.ids, text) for text in texts]
        unmeasured = [
            kpi is None and is_unmeasured(self.ids, text) for text, kpi in zip(texts, known, strict=True)
        ]
        self.set_apart(column, np.array(unmeasured, bool), "not_measured")
        unknown = np.array([kpi is None for kpi in known], bool) & ~np.array(unmeasured, bool)
        remedies = {place: remedy_for(texts[place], self.ids) for place in np.flatnonzero(unknown)}
        told = np.full(len(texts), "", object)
        told[list(remedies)] = list(map(str, remedies.values()))
        for remedy in {str(one): one for one in remedies.values()}.values():  # what means the same together
            self.set_apart(column, told == str(remedy), "unknown_kpi", remedy=remedy)
        return words(known, column.cells.index)

    def dates(self, column: Column) -> tuple[npt.NDArray[np.datetime64], pa.Array]:
        context = Context(
            self.raw.context.delimiter,
            None,
            self.said.options.get("date_order"),
            "",
            self.raw.context.neighbour_order,
        )
        column = self._in_a_year(plain_periods(column))
        found = read_column_dates(column, context)
        self.refuse_two_ways(found, column.name)
        if len(at := np.flatnonzero(found.ok & found.timed)):
            self.timed = column.cells.texts[int(at[0])].as_py()
        fiscal = pc.any(pc.match_substring_regex(column.cells.texts, FISCAL)).as_py()
        self.set_apart(column, ~found.ok, "fiscal_date" if fiscal else "bad_date")
        grains = self.grains(column.cells, found, column.name, least=3)
        return found.micros.astype("M8[us]")[column.cells.index], words(grains, column.cells.index)

    def grains(self, cells: Cells, found: DateColumn, column: str, *, least: int) -> list[str]:
        """What each text says a value is of: a day, a week, a month; first days, month after month or among
        months, stand for the months."""
        said = self.said.options.get("grain")
        if said in GRAINS.values():
            return [str(said)] * len(cells.texts)
        own = grains_of(cells, found)
        single = found.ok & (np.array(own, object) == "day")
        days = np.unique(found.micros[single].astype("M8[us]").astype("M8[D]"))
        months = days.astype("M8[M]")
        if not len(days) or bool((months.astype("M8[D]") != days).any()):
            return own
        # A spreadsheet program makes a date of "2026-05" where somebody types into the cell.
        among = {kind for kind, day in zip(own, single, strict=True) if not day} == {"month"}
        running = (
            set(own) == {"day"} and len(days) >= least and bool((np.diff(months.astype(int)) == 1).all())
        )
        if not among and not running:
            return own
        self.complaints.say(
            "info",
            "months_by_first_day",
            msg("The dates are the first days of months; each value counts for its month."),
            column=column,
            remedy=msg("If they are values of single days, set the option grain to day."),
        )
        return ["month"] * len(own)

    def _in_a_year(self, column: Column) -> Column:
        """A column of periods with their years: from the column of years beside it, or as somebody has said.

        Raises:
            AskError: no year is named anywhere. Refused: they are whole years.
        """
        texts = [text for text in column.cells.texts.to_pylist() if text.strip()]
        if too_long(texts) == texts and normal(column.name) in DATE_HEADERS | YEARS:
            raise self.whole_years(texts)
        lacking = [text for text in texts if alone(text, 2000, column.name)]
        if not lacking or len(lacking) < len(texts):
            return column
        if self.years is not None:
            return with_years(column, self.years)
        year = self.year_of(lacking[0], column.name)
        return rewritten(column, lambda text: alone(text, year, column.name))

    def year_of(self, example: str, column: str) -> int:
        """The year that somebody has said periods are of.

        Raises:
            AskError: nobody has.
        """
        said = str(self.said.options.get("year") or "")
        if years_in([said]):
            return int(said)
        near = (self.today.year, self.today.year - 1) if self.today is not None else ()
        raise AskError(
            msg("The periods have no year."),
            option="year",
            example=example,
            choices={str(y): str(alone(example, y, column)) for y in near},
            place=f"{self.complaints.name}, column {column}",
            remedy=msg("Say which year it is: set the option year, or write the year with each period."),
        )

    def whole_years(self, texts: Sequence[str]) -> Refused:
        """The refusal of values of whole years, or of halves of them."""
        names = ", ".join(texts[:10])
        return self.refused(
            msg("The values are of whole years: {names}.", names=names)
            if years_in(texts) == list(texts)
            else msg("The values are of halves of years: {names}.", names=names),
            msg("Give them by quarter, month, week or day; years are added up from those."),
        )

    def refuse_two_ways(self, found: DateColumn, name: str) -> None:
        if len(found.ambiguous) and found.ambiguous.any():
            self.complaints.refuse_two_ways(name, "ambiguous_date", found.example, dict(found.readings))

    def values(
        self,
        column: Column,
        ids: pa.Array,
        *,
        sides: bool = False,
        lines: IntArray | None = None,
        heads: Sequence[str] = (),
    ) -> Numbers:
        """A column's numbers in the units of their KPIs.

        Args:
            ids: the KPI of each row. sides: they are numerators or denominators, whose unit is their own.
            lines, heads: for several columns of the file one below the other, as :meth:`rows_apart` takes.

        Raises:
            AskError: they can be read in two ways.
        """
        kinds, units = kinds_of(ids, self.kpis), units_of(column, self.units)
        numbers = self._numbers(column, kinds.whole & (units.times == 1) & (not sides))
        index, blank, found = column.cells.index, blank_texts(column.cells), numbers.floats()
        good = numbers.ok & np.isfinite(found)
        there, found = (good & ~blank)[index], np.where(good, found, 0.0)[index]
        if sides:
            self.rows_apart(column, (~good & ~blank)[index], "bad_number", lines, heads=heads)
            return Numbers(found, there)
        timed = self._durations(column, good | blank, kinds)
        wrong = (~good & ~blank)[index] & ~timed.there
        self.rows_apart(column, wrong, "bad_number", lines, heads=heads)
        odd = there & unsuitable(numbers, index, kinds, units)
        self.rows_apart(column, odd, "other_unit", lines, heads=heads)
        there = (there & ~odd) | timed.there
        if scale(column) == 1:
            found = np.where(kinds.percent, found, found * units.times)
        measured = (units.seconds > 0) & (kinds.seconds > 0)
        found = np.where(measured, found * units.seconds / np.maximum(kinds.seconds, 1), found)
        found = np.where(timed.there, timed.values, found)
        every = lines if lines is not None else self.raw.table.lines
        rows = Shares(column, numbers.percent[index], units.percent, there & kinds.percent, every, ids)
        found = as_shares(self.raw, self.said, self.complaints, rows, found)
        return Numbers(found, there, currencies_of(column, numbers, units, kinds.money & there))

    def _numbers(self, column: Column, whole: BoolArray) -> NumberColumn:
        """A column's numbers; ``1.234`` of a KPI that counts things is 1234, and shows how all are written.

        Args:
            whole: the rows whose values count things.
        """
        decimal = self.said.options.get("decimal") or self.raw.context.neighbour_decimal or None
        numbers = read_numbers(column.cells, decimal=decimal, delimiter=self.raw.context.delimiter)
        if numbers.ambiguous.any() and (sign := sign_of_counts(column.cells, numbers, whole)):
            made = f"{numbers.readings[sign]:.10g}"
            self.complaints.say(
                "info",
                "whole_numbers",
                msg("The KPI counts things, so {example} is read as {n}.", example=numbers.example, n=made),
                column=column.name,
                value=numbers.example,
                remedy=msg("If it is no whole number, set the option decimal."),
            )
            numbers = read_numbers(column.cells, decimal=sign)
        as_told(column, numbers)
        if numbers.ambiguous.any():
            shown = {key: f"{value:.10g}" for key, value in numbers.readings.items()}
            self.complaints.refuse_two_ways(column.name, "ambiguous_number", numbers.example, shown)
        return numbers

    def _durations(self, column: Column, known: BoolArray, kinds: RowKinds) -> Numbers:
        """The rows whose text is a length of time, in the unit of a KPI that is measured in time.

        ``1:30`` alone is none: it may be hours or minutes."""
        index = column.cells.index
        if known.all() or not kinds.seconds.any():
            return Numbers(np.zeros(len(index)), np.zeros(len(index), bool))
        seconds, there = read_durations(column.cells)
        short = np.asarray(pc.match_substring_regex(column.cells.texts, r"^\s*\d+:\d+\s*$"), bool)
        mine = (there & ~known & ~short)[index] & (kinds.seconds > 0)
        return Numbers(np.where(mine, seconds[index] / np.maximum(kinds.seconds, 1), 0.0), mine)

    def set_apart(self, column: Column, wrong: BoolArray, code: str, remedy: Msg | None = None) -> None:
        """Set rows apart for the texts of a column's cells."""
        self.rows_apart(column, wrong[column.cells.index], code, remedy=remedy)

    def rows_apart(
        self,
        column: Column,
        wrong: BoolArray,
        code: str,
        lines: IntArray | None = None,
        remedy: Msg | None = None,
        heads: Sequence[str] = (),
    ) -> None:
        """Set rows apart; where a column is of several one below the other, ``heads`` are their names."""
        rows, length = np.flatnonzero(wrong), max(self.raw.table.rows, 1)
        every = lines if lines is not None else self.raw.table.lines
        self.bad[rows % length] = True
        for place, name in enumerate(heads or [column.name]):
            mine = rows[rows // length == place] if heads else rows
            if len(mine):
                shown = replace(column, name=self.shown.get(name, name))
                self.complaints.cells_apart(shown, mine, every[mine], code, remedy)

    def refused(self, message: Any, remedy: Any) -> Refused:
        return Refused(message, place=self.raw.source.name, remedy=remedy)
