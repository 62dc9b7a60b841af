"""Instants and the business days they fall on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from kpi_tree.periods.calendar import DEFAULT_CALENDAR, Calendar, Period


def local_day(instant: datetime, cal: Calendar = DEFAULT_CALENDAR) -> date:
    """The business day of an instant, in the shop's zone; a time without a zone is taken as local.

    >>> local_day(datetime(2026, 3, 28, 23, 30, tzinfo=UTC))
    datetime.date(2026, 3, 29)
    """
    return instant.date() if instant.tzinfo is None else instant.astimezone(cal.zone).date()


def local_days(instants: Iterable[datetime], cal: Calendar = DEFAULT_CALENDAR) -> list[date]:
    """The business day of each instant (see :func:`local_day`)."""
    return [local_day(instant, cal) for instant in instants]


def instants_of(period: Period, cal: Calendar | None = None) -> tuple[datetime, datetime]:
    """The instants between which a period lies, half-open, in UTC; a day can have 23 or 25 hours.

    >>> begin, end = instants_of(Period(date(2026, 3, 29), date(2026, 3, 30)))
    >>> (end - begin).total_seconds() / 3600
    23.0
    """
    local = (cal or period.calendar).zone
    begin = datetime.combine(period.start, time.min, tzinfo=local)
    end = datetime.combine(period.end, time.min, tzinfo=local)
    return begin.astimezone(UTC), end.astimezone(UTC)
