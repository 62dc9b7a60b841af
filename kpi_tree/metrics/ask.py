"""What is asked of every measure, and the days that an answer follows from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from kpi_tree.metrics.cells import EVER, Days, Mask, Periods
from kpi_tree.metrics.spans import Span
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.periods import Period

MOST_RUNS = 12
"""More runs of days than this are asked for as one that holds them all."""


@dataclass(frozen=True)
class Ask:
    """What is asked of every measure: the span, the dimensions, the filter."""

    span: Span
    by: tuple[str, ...]
    where: Mapping[str, Sequence[str]]

    def days(self, day: str = "_day") -> str:
        """SQL that keeps the days asked."""
        return f"{day} >= {literal(self.span.start)} AND {day} < {literal(self.span.end)}"

    def dims(self, known: Iterable[str]) -> list[str]:
        """SQL of the dimensions asked; one that a relation lacks is not set in all its rows."""
        have = set(known)
        return [
            f"nullif({name(dim)}::VARCHAR, '') AS d{i}" if dim in have else f"NULL::VARCHAR AS d{i}"
            for i, dim in enumerate(self.by)
        ]

    @property
    def keys(self) -> list[str]:
        """The names of the dimension columns in an answer."""
        return [f"d{i}" for i in range(len(self.by))]

    def periods(self, end: date | None = None, *, back: bool = False) -> Periods:
        """The periods asked, and the days that each follows from.

        Args:
            end: the day after the last one that counts, where that is before the span's.
            back: whether the period before matters to each too.
        """
        span = self.span
        starts, lasts = span.starts.astype("datetime64[s]"), span.lasts
        if end is not None:
            lasts = np.minimum(lasts, np.datetime64(end - timedelta(days=1), "D"))
        since = span.firsts
        if back:
            since = np.array([period.previous().start for period in span.periods], dtype="datetime64[D]")
        return Periods(starts, span.firsts, lasts, since)

    def whole(self, *, back: bool = False) -> Periods:
        """The whole span as one period."""
        span = self.span
        first = Period(span.start, span.end, None, span.calendar).previous().start if back else span.start
        return self._one(np.datetime64(span.start), span.end, np.datetime64(first))

    def opening(self, end: date) -> Periods:
        """All that lies before the span, as one period."""
        return self._one(EVER, min(self.span.start, end), EVER)

    def _one(self, first: np.datetime64, end: date, since: np.datetime64) -> Periods:
        def days(day: np.datetime64) -> Days:
            return np.array([day], dtype="datetime64[D]")

        start = days(np.datetime64(self.span.start)).astype("datetime64[s]")
        return Periods(start, days(first), days(np.datetime64(end - timedelta(days=1))), days(since))

    def part(self, missing: Mask) -> Ask:
        """The same, of some of the periods only (at least one)."""
        span = self.span
        if missing.all():
            return self
        firsts, lasts = span.firsts[missing], span.lasts[missing]
        periods = tuple(period for period, keep in zip(span.periods, missing, strict=True) if keep)
        start, end = firsts[0].astype(object), lasts[-1].astype(object) + timedelta(days=1)
        part = replace(
            span,
            start=start,
            end=end,
            periods=periods,
            starts=span.starts[missing],
            firsts=firsts,
            lasts=lasts,
        )
        return replace(self, span=part)


def runs(periods: Periods) -> str:
    """SQL that keeps the days of periods: one range for each run of periods without a gap between."""
    gaps = np.flatnonzero(periods.firsts[1:] != periods.lasts[:-1] + np.timedelta64(1, "D"))
    if len(gaps) >= MOST_RUNS:
        gaps = gaps[:0]
    firsts = periods.firsts[np.concatenate([[0], gaps + 1])].astype(object).tolist()
    lasts = periods.lasts[np.concatenate([gaps, [len(periods.lasts) - 1]])].astype(object).tolist()
    ranges = [
        f"_day >= {literal(first)} AND _day <= {literal(last)}"
        for first, last in zip(firsts, lasts, strict=True)
    ]
    return ranges[0] if len(ranges) == 1 else f"({' OR '.join(f'({one})' for one in ranges)})"
