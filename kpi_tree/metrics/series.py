"""What a query answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd

from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import Msg
from kpi_tree.periods import DEFAULT_CALENDAR, Calendar, Grain, Period, period_of

COLUMNS = ("value", "numerator", "denominator", "records")


@dataclass
class Series:
    """One KPI over the periods asked.

    Attributes:
        frame: one row a period and combination of dimension values: ``period`` (its first day or hour),
            the dimensions, ``value``, ``numerator``, ``denominator``, ``records`` and the KPI's parts.
            A gap is NaN; ``denominator`` is NaN where the KPI has none.
        total: the same figures for the whole span, computed from the records and not from the periods.
        totals: the same for each combination of dimension values; empty without dimensions.
        data_from, data_through: first and last business day that its data know of.
        currency: of its amounts, where it is money and the records say it.
        table: the ranked table of a table KPI.
        refusal: why it has no values, where it was asked together with others and could not be given.
        calendar: the rules of time that its periods follow.
    """

    kpi: str
    unit: str
    grain: Grain
    frame: pd.DataFrame
    total: dict[str, float | None] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    totals: pd.DataFrame | None = None
    data_from: date | None = None
    data_through: date | None = None
    notes: list[Msg] = field(default_factory=list)
    currency: str | None = None
    table: pd.DataFrame | None = None
    refusal: KpiTreeError | None = None
    calendar: Calendar = DEFAULT_CALENDAR

    def period(self, start: datetime) -> Period:
        """The period that a row of the frame is about, by its ``period``.

        Raises:
            Refused: for single hours, which are no periods.

        >>> sundays = Series("orders", "count", Grain.WEEK, pd.DataFrame(), calendar=Calendar(week_start=6))
        >>> sundays.period(datetime(2026, 11, 22)).start
        datetime.date(2026, 11, 22)
        """
        return period_of(start.date(), self.grain, self.calendar)

    def values(self) -> Sequence[float]:
        """The values in order of period, without dimensions."""
        return self.frame["value"].tolist()
