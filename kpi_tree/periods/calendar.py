"""Grains, calendars and half-open periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.periods.days import ONE_DAY, add_months


class Grain(StrEnum):
    """How long one step of a series is; ordered from fine to coarse.

    >>> Grain.DAY.finer_than(Grain.MONTH), Grain("week") < Grain.QUARTER, max(Grain.DAY, Grain.YEAR)
    (True, True, <Grain.YEAR: 'year'>)
    """

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def rank(self) -> int:
        """Place in the order from fine (0) to coarse."""
        return _RANKS[self.value]

    def finer_than(self, other: Grain) -> bool:
        """Whether one step of this grain is shorter than one of the other."""
        return self.rank < other.rank

    def coarser_than(self, other: Grain) -> bool:
        """Whether one step of this grain is longer than one of the other."""
        return self.rank > other.rank

    # str would compare by spelling: "day" < "hour" < "month".
    def __lt__(self, other: str) -> bool:
        return self.rank < Grain(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Grain(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Grain(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Grain(other).rank


_RANKS = {"hour": 0, "day": 1, "week": 2, "month": 3, "quarter": 4, "year": 5}
_MONTHS_OF = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Calendar:
    """A shop's rules of time.

    Args:
        timezone: the zone (IANA name) in which a business day begins at midnight.
        week_start: first day of the week, Monday = 0. With Monday the week labels are ISO 8601's.
        fiscal_start_month: month in which the shop's year begins; quarters and years follow it.
        fiscal_year_named_by: whether a year that is not January to December carries the number of the
            calendar year it ends in or the one it starts in.

    Raises:
        Refused: for a zone, weekday or month that does not exist.

    >>> Calendar(fiscal_start_month=13)
    Traceback (most recent call last):
    kpi_tree.errors.Refused: fiscal_start_month: 13 is not a month. Give a number from 1 to 12.
    """

    timezone: str = "Europe/Oslo"
    week_start: int = 0
    fiscal_start_month: int = 1
    fiscal_year_named_by: Literal["end", "start"] = "end"

    def __post_init__(self) -> None:
        if not 1 <= self.fiscal_start_month <= 12:
            raise Refused(
                msg("{n} is not a month.", n=self.fiscal_start_month),
                place="fiscal_start_month",
                remedy=msg("Give a number from 1 to 12."),
            )
        if not 0 <= self.week_start <= 6:
            raise Refused(
                msg("{n} is not a weekday.", n=self.week_start),
                place="week_start",
                remedy=msg("Give a number from 0 (Monday) to 6 (Sunday)."),
            )
        zone(self.timezone)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone itself."""
        return zone(self.timezone)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises:
        Refused: no such zone is known here.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Refused(
            msg("No time zone is named {name}.", name=name[:80]),
            place="timezone",
            remedy=msg("Use a name such as Europe/Oslo, Asia/Tokyo or UTC."),
        ) from error


DEFAULT_CALENDAR = Calendar()


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A half-open span of business days: ``start`` belongs to it, ``end`` does not.

    Two periods are equal when they hold the same days; grain and calendar are only remembered for
    their names and for stepping.

    Raises:
        Refused: the period would hold no day.

    >>> Period(date(2026, 1, 1), date(2026, 4, 1)).days
    90
    """

    start: date
    end: date
    grain: Grain | None = field(default=None, compare=False)
    calendar: Calendar = field(default=DEFAULT_CALENDAR, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise Refused(
                msg("A period that ends on {end} cannot start on {start}.", end=self.end, start=self.start),
                remedy=msg("Give a start before the end."),
            )

    @property
    def days(self) -> int:
        """Number of business days held."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day that belongs to the period."""
        return self.end - ONE_DAY

    def __iter__(self) -> Iterator[date]:
        return (self.start + timedelta(days=i) for i in range(self.days))

    def contains(self, day: date) -> bool:
        """Whether the day belongs to the period."""
        return self.start <= day < self.end

    __contains__ = contains

    def elapsed(self, today: date) -> int:
        """Days so far, ``today`` counted: 0 before the start, :attr:`days` from the last day on.

        >>> parse = Period(date(2026, 1, 1), date(2026, 2, 1))
        >>> [parse.elapsed(date(2026, 1, d)) for d in (1, 31)], parse.elapsed(date(2027, 1, 1))
        ([1, 31], 31)
        """
        return min(max((today - self.start).days + 1, 0), self.days)

    def share_elapsed(self, today: date) -> float:
        """Share of the period that has passed by the end of ``today``, 0 to 1."""
        return self.elapsed(today) / self.days

    def head(self, days: int) -> Period:
        """The first ``days`` days, clamped to the period: what "so far" compares with.

        >>> Period(date(2026, 2, 1), date(2026, 3, 1)).head(30).days
        28
        """
        end = self.start + timedelta(days=min(max(days, 1), self.days))
        return Period(self.start, end, None, self.calendar)

    def shift(self, n: int) -> Period:
        """The period ``n`` steps later (earlier if negative), a step being its own length.

        Whole months step in months, all else in days.

        >>> quarter = period_of(date(2026, 1, 1), Grain.QUARTER)
        >>> quarter.shift(-1).start, quarter.shift(1).end
        (datetime.date(2025, 10, 1), datetime.date(2026, 7, 1))
        """
        months = self._months()
        if months:
            return replace(
                self, start=add_months(self.start, months * n), end=add_months(self.end, months * n)
            )
        step = timedelta(days=self.days * n)
        return replace(self, start=self.start + step, end=self.end + step)

    def previous(self) -> Period:
        """The period just before, equally long."""
        return self.shift(-1)

    def next(self) -> Period:
        """The period just after, equally long."""
        return self.shift(1)

    def same_last_year(self) -> Period:
        """The period to compare with a year earlier.

        Days and weeks go back 364 days, to the same weekdays; whole months go back twelve months;
        any other span keeps its dates, 29 February becoming 28 February.

        >>> period_of(date(2026, 5, 3), Grain.DAY).same_last_year().start
        datetime.date(2025, 5, 4)
        >>> period_of(date(2028, 2, 1), Grain.MONTH).same_last_year().days
        28
        """
        if self.grain in (Grain.DAY, Grain.WEEK):
            return replace(self, start=self.start - timedelta(days=364), end=self.end - timedelta(days=364))
        start, end = add_months(self.start, -12), add_months(self.end, -12)
        return replace(self, start=start, end=max(end, start + ONE_DAY))

    def split(self, grain: Grain) -> list[Period]:
        """Every period of a finer grain that touches this one, whole."""
        return spine(self.start, self.end, grain, self.calendar)

    def in_language(self, lang: str) -> str:
        """The period's name, so that a message can carry a period (see :func:`kpi_tree.i18n.translate`)."""
        from kpi_tree.periods.names import label

        return label(self, lang)

    def _months(self) -> int:
        """Length in whole months, 0 where the period is not one."""
        if self.grain in (Grain.DAY, Grain.WEEK) or self.start.day != self.end.day or self.start.day > 28:
            return 0
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month


def period_of(day: date, grain: Grain | str, cal: Calendar = DEFAULT_CALENDAR) -> Period:
    """The period of a grain that holds a day.

    Raises:
        Refused: for the grain hour, which divides a day.

    >>> period_of(date(2026, 1, 1), "week")
    Period(start=datetime.date(2025, 12, 29), end=datetime.date(2026, 1, 5), grain=<Grain.WEEK: 'week'>)
    """
    grain = Grain(grain)
    if grain is Grain.HOUR:
        raise Refused(
            msg("An hour is a part of a day, so a day has no hour it belongs to."),
            place="grain",
            remedy=msg("Choose day, week, month, quarter or year."),
        )
    if grain is Grain.DAY:
        return Period(day, day + ONE_DAY, grain, cal)
    if grain is Grain.WEEK:
        start = day - timedelta(days=(day.weekday() - cal.week_start) % 7)
        return Period(start, start + timedelta(days=7), grain, cal)
    length = _MONTHS_OF[grain]
    offset = (day.month - cal.fiscal_start_month) % length
    start = add_months(day.replace(day=1), -offset)
    return Period(start, add_months(start, length), grain, cal)


def spine(start: date, end: date, grain: Grain | str, cal: Calendar = DEFAULT_CALENDAR) -> list[Period]:
    """Every period of a grain that touches ``[start, end)``, in order, whole; none if the span is empty.

    >>> [p.start.isoformat() for p in spine(date(2026, 1, 15), date(2026, 3, 1), "month")]
    ['2026-01-01', '2026-02-01']
    """
    if end <= start:
        return []
    periods = [period_of(start, grain, cal)]
    while periods[-1].end < end:
        periods.append(periods[-1].shift(1))
    return periods
