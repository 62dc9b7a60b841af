"""The cells of a file of KPI values: which KPI, which period, which number; bad ones are set apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from kpi_tree.ingest.cells.durations import read_durations
from kpi_tree.ingest.cells.quantities import NumberColumn, read_numbers
from kpi_tree.ingest.cells.shapes import BoolArray, Cells, IntArray
from kpi_tree.ingest.complaints import Complaints
from kpi_tree.ingest.kpinames import PERCENT_HEADER, kpi_of, meant
from kpi_tree.ingest.mapping import FileMapping
from kpi_tree.ingest.observed import GRAINS, Numbers, grains_of, words
from kpi_tree.ingest.raw import Raw

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}


class ObservedCells:
    """Reads the columns of one file; every form of such a file is put together from them.

    Attributes:
        bad: rows with a cell that cannot be used.
    """

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

    def same(self, kpi: str) -> pa.Array:
        return words([kpi], np.zeros(self.raw.table.rows, np.int64))

    def kpi_ids(self, column: Column) -> pa.Array:
        texts = column.cells.texts.to_pylist()
        known = [kpi_of(self.ids, text) for text in texts]
        others = [
            meant(self.ids, text) if kpi is None else [] for text, kpi in zip(texts, known, strict=True)
        ]
        unknown = np.array([kpi is None for kpi in known], bool)
        told = [" / ".join(names) for names in others]
        for names in sorted(set(told)):  # each word with what it may mean; those that mean nothing together
            remedy = (
                msg(
                    "Did you mean {name}? Correct the cell and load the row again from the quarantine.",
                    name=names,
                )
                if names
                else msg(
                    "Define it on the page KPIs, or see there what it is called; then load the file again."
                )
            )
            mine = unknown & np.array([one == names for one in told], bool)
            self.set_apart(column, mine, "unknown_kpi", remedy=remedy)
        return words(known, column.cells.index)

    def dates(self, column: Column) -> tuple[npt.NDArray[np.datetime64], pa.Array]:
        context = Context(
            self.raw.context.delimiter,
            None,
            self.said.options.get("date_order"),
            "",
            self.raw.context.neighbour_order,
        )
        found = read_column_dates(column, context)
        self.refuse_two_ways(found, column.name)
        fiscal = pc.any(pc.match_substring_regex(column.cells.texts, FISCAL)).as_py()
        self.set_apart(column, ~found.ok, "fiscal_date" if fiscal else "bad_date")
        grains = self.grains(column.cells, found, column.name, least=3)
        return found.micros.astype("M8[us]")[column.cells.index], words(grains, column.cells.index)

    def grains(self, cells: Cells, found: DateColumn, column: str, *, least: int) -> list[str]:
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

    def refuse_two_ways(self, found: DateColumn, name: str) -> None:
        if len(found.ambiguous) and found.ambiguous.any():
            self.complaints.refuse_two_ways(name, "ambiguous_date", found.example, dict(found.readings))

    def values(
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
        timed = self._durations(column, good | blank, ids)
        self.set_apart(column, ~good & ~blank & ~timed.there, "bad_number", lines, heads=heads)
        if percent:
            floats = self.as_shares(column, numbers, floats, ids)
        floats = np.where(timed.there, timed.values, floats)
        return Numbers(floats[column.cells.index], ((good | timed.there) & ~blank)[column.cells.index])

    def _durations(self, column: Column, known: BoolArray, ids: pa.Array) -> Numbers:
        """The texts that are lengths of time, in the unit of the KPI, where one is measured in time.

        ``1:30`` alone is none: it may be hours or minutes."""
        none = Numbers(np.zeros(len(known)), np.zeros(len(known), bool))
        units = {self.kpis[kpi].unit for kpi in ids.drop_null().unique().to_pylist() if kpi in self.kpis}
        if known.all() or len(units) != 1 or not units <= SECONDS.keys():
            return none
        seconds, there = read_durations(column.cells)
        short = np.asarray(pc.match_substring_regex(column.cells.texts, r"^\s*\d+:\d+\s*$"), bool)
        return Numbers(seconds / SECONDS[units.pop()], there & ~known & ~short)

    def as_shares(self, column: Column, numbers: NumberColumn, floats: Any, ids: pa.Array) -> Any:
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
            raise self.refused(
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

    def set_apart(
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

    def refused(self, message: Any, remedy: Any) -> Refused:
        return Refused(message, place=self.raw.source.name, remedy=remedy)
