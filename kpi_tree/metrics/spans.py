"""The spine of periods as numpy and as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics.sqltext import literal
from kpi_tree.periods import Calendar, Grain, Period, spine

MAX_PERIODS = 50_000


@dataclass(frozen=True)
class Span:
    """The days asked, cut into periods of a grain.

    Attributes:
        starts: first day (or hour) of each period, as ``datetime64[s]``.
        first, last: first and last business day of each period as far as it lies in the span.
    """

    start: date
    end: date
    grain: Grain
    calendar: Calendar
    periods: tuple[Period, ...]
    starts: np.ndarray[tuple[int], np.dtype[np.datetime64]]
    firsts: np.ndarray[tuple[int], np.dtype[np.datetime64]]
    lasts: np.ndarray[tuple[int], np.dtype[np.datetime64]]

    def __len__(self) -> int:
        return len(self.starts)

    def bucket(self, day: str = "_day", at: str = "_at") -> str:
        """SQL for the start of the period that a row falls in."""
        return bucket_of(self.grain, self.calendar, day, at)

    def relation(self, through: date | None, *, whole: bool = False) -> str:
        """The relation ``spine`` of a query: one row a period, or one for the whole span.

        The dates stand in one text a column: a thousand rows of literals take DuckDB longer to read than
        most queries take to run.
        """
        rows: list[tuple[date, date, date, Period]]
        if whole:
            rows = [
                (
                    self.start,
                    self.start,
                    self.end,
                    Period(self.start, self.end, None, self.calendar).previous(),
                )
            ]
        elif self.grain is Grain.HOUR:
            hours: list[datetime] = self.starts.astype(object).tolist()
            days = [Period(at.date(), at.date() + timedelta(days=1)) for at in hours]
            rows = [(at, day.start, day.end, day) for at, day in zip(hours, days, strict=True)]
        else:
            rows = [
                (p.start, max(p.start, self.start), min(p.end, self.end), p.previous()) for p in self.periods
            ]
        last = literal(through) if through else "NULL::DATE"
        columns = {
            "start": [at for at, _, _, _ in rows],
            "p_start": [day for _, day, _, _ in rows],
            "p_end": [day for _, _, day, _ in rows],
            "prev_start": [before.start for _, _, _, before in rows],
            "prev_end": [before.end for _, _, _, before in rows],
        }
        timed = "TIMESTAMP" if self.grain is Grain.HOUR and not whole else "DATE"
        listed = ", ".join(
            f"string_split({literal(','.join(map(str, values)))}, ',')[p + 1]"
            f"::{timed if column == 'start' else 'DATE'} AS {column}"
            for column, values in columns.items()
        )
        # From a range, so that the planner knows how many rows there are.
        return f"spine AS (SELECT p, {listed}, {last} AS data_through FROM range({len(rows)}) AS numbers(p))"


def bucket_of(grain: Grain, calendar: Calendar, day: str = "_day", at: str = "_at") -> str:
    """SQL for the start of the period of a grain that a day (or a time) falls in.

    >>> bucket_of(Grain.MONTH, Calendar(), "d")
    "date_trunc('month', d)::DATE"
    """
    if grain is Grain.HOUR:
        return f"date_trunc('hour', {at})"
    if grain is Grain.DAY:
        return day
    if grain is Grain.WEEK:
        return f"({day} - ((isodow({day}) - 1 - {calendar.week_start} + 7) % 7)::INTEGER)"
    if grain is Grain.MONTH:
        return f"date_trunc('month', {day})::DATE"
    months = 3 if grain is Grain.QUARTER else 12
    offset = f"((month({day}) - {calendar.fiscal_start_month} + 12) % {months})::INTEGER"
    return f"(date_trunc('month', {day}) - to_months({offset}))::DATE"


def make_span(start: date, end: date, grain: Grain, calendar: Calendar) -> Span:
    """The span ``[start, end)`` cut into periods.

    Raises:
        Refused: it holds no day, or far too many periods.
    """
    if end <= start:
        raise Refused(
            msg("A span that ends on {end} cannot start on {start}.", end=end, start=start),
            place="from",
            remedy=msg("Give a start before the end."),
        )
    days = (end - start).days
    if days * (24 if grain is Grain.HOUR else 1) > MAX_PERIODS and grain in (Grain.HOUR, Grain.DAY):
        raise Refused(
            msg("The span has more than {n} periods.", n=MAX_PERIODS),
            place="grain",
            remedy=msg("Choose a coarser grain or a shorter span."),
        )
    if grain is Grain.HOUR:
        begin = np.datetime64(datetime.combine(start, time.min), "s")
        starts = begin + np.arange(days * 24) * np.timedelta64(3600, "s")
        whole_days = starts.astype("datetime64[D]")
        return Span(start, end, grain, calendar, (), starts, whole_days, whole_days)
    periods = tuple(spine(start, end, grain, calendar))
    firsts = np.array([max(p.start, start) for p in periods], dtype="datetime64[D]")
    lasts = np.array([min(p.end, end) - timedelta(days=1) for p in periods], dtype="datetime64[D]")
    starts = np.array([p.start for p in periods], dtype="datetime64[s]")
    return Span(start, end, grain, calendar, periods, starts, firsts, lasts)
