"""The small grammar in which languages say periods: named spans, and frames around them.

A *span* names days ("next quarter", "June 2027", "来月"); a *frame* says what is meant with them ("by ...",
"the rest of ...", "...までに"). The longest reading of a sentence wins, so that "by the end of next
quarter" beats the "next quarter" within it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from kpi_tree.errors import Refused
from kpi_tree.periods.calendar import Calendar, Grain, Period, period_of
from kpi_tree.periods.days import ONE_DAY, add_months
from kpi_tree.periods.names import quarter_period, year_period


@dataclass(frozen=True, slots=True)
class Moment:
    """The day on which something is said, and the shop's calendar."""

    on: date
    cal: Calendar

    def step(self, grain: Grain, n: int) -> Period:
        """The grain's period that holds today, moved by ``n`` steps."""
        return period_of(self.on, grain, self.cal).shift(n)

    def half(self, n: int) -> Period:
        """The shop's half-year that holds today, moved by ``n`` halves."""
        year = self.step(Grain.YEAR, 0)
        second = self.on >= add_months(year.start, 6)
        return self.half_of(year, 1).shift(n + second)

    def half_of(self, year: Period, number: int) -> Period:
        """Half 1 or 2 of a year."""
        start = add_months(year.start, 6 * (number - 1))
        return Period(start, add_months(start, 6), None, self.cal)

    def ahead(self, months: float = 0, days: int = 0) -> Period:
        """From today, today included, for so long; halves of a month count as fifteen days."""
        whole = int(months)
        end = add_months(self.on, whole) + timedelta(days=days + round((months - whole) * 30))
        return Period(self.on, end, None, self.cal)

    def back(self, months: float = 0, days: int = 0) -> Period:
        """So long up to and with today."""
        tomorrow, whole = self.on + ONE_DAY, int(months)
        start = add_months(tomorrow, -whole) - timedelta(days=days + round((months - whole) * 30))
        return Period(start, tomorrow, None, self.cal)

    def until(self, end: date) -> Period:
        """From today to before ``end``; Refused where that lies behind us."""
        return Period(self.on, end, None, self.cal)

    def until_christmas(self) -> Period:
        """From today through the next Christmas Eve."""
        this = date(self.on.year, 12, 25)
        return self.until(this if self.on < this else date(self.on.year + 1, 12, 25))

    def rest(self, period: Period) -> Period:
        """What is still to come of a period."""
        return Period(max(self.on, period.start), period.end, None, self.cal)

    def year(self, number: int | None) -> Period | None:
        """The shop's year of that number."""
        return None if number is None else year_period(number, self.cal)

    def quarter(self, number: int, year: int | None) -> Period:
        """The quarter in that year; without a year, the one that is running or next to come."""
        if year is not None:
            return quarter_period(year, number, self.cal)
        current = self.step(Grain.QUARTER, 0)
        return next(p for p in (current.shift(n) for n in range(4)) if _quarter(p, self.cal) == number)

    def month(self, number: int, year: int | None) -> Period:
        """The calendar month in that year; without a year, the one that is running or next to come."""
        if year is None:
            year = self.on.year + (number < self.on.month)
        return period_of(date(year, number, 1), Grain.MONTH, self.cal)

    def day(self, day: int, month: int, year: int | None) -> Period:
        """That date; without a year, today or the next time it comes."""
        if year is None:
            year = self.on.year + ((month, day) < (self.on.month, self.on.day))
        return period_of(date(year, month, day), Grain.DAY, self.cal)


def _quarter(period: Period, cal: Calendar) -> int:
    return (period.start.month - cal.fiscal_start_month) % 12 // 3 + 1


Make = Callable[[Moment, "re.Match[str]"], Period | None]
Wrap = Callable[[Moment, Period], Period | None]


@dataclass(frozen=True, slots=True)
class Span:
    """One way to name days; a weak one ("2027", "may") only counts inside a frame or alone."""

    pattern: re.Pattern[str]
    make: Make
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Words before and after a span that say what is meant with it."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    wrap: Wrap
    takes_weak: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """ "from A to B": opening words, the words between, closing words."""

    before: re.Pattern[str]
    between: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language's spans, frames and pairs; ``joined`` where words are not parted by spaces."""

    spans: tuple[Span, ...]
    frames: tuple[Frame, ...]
    pairs: tuple[Pair, ...] = ()
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A period found in a sentence.

    Attributes:
        period: the days meant.
        phrase: the words that say so, in lower case.
        rest: the sentence without them.
        exact: whether the phrase is all there is.
    """

    period: Period
    phrase: str
    rest: str
    exact: bool = field(default=False)


def pattern(text: str) -> re.Pattern[str]:
    """A phrase's pattern, for text in lower case with single blanks."""
    return re.compile(text)


def readings(text: str, moment: Moment, tongue: Tongue) -> Iterator[tuple[int, int, Period]]:
    """Every way to read a period in the text: where it begins, where it ends, what it is."""
    for at in range(len(text)):
        if not tongue.joined and at and text[at - 1].isalnum():
            continue
        for start, end, period in _at(text, at, moment, tongue):
            if tongue.joined or end == len(text) or not text[end].isalnum():
                yield start, end, period


def _at(text: str, at: int, moment: Moment, tongue: Tongue) -> Iterator[tuple[int, int, Period]]:
    for end, period, weak in _spans(text, at, moment, tongue):
        if not weak or (at == 0 and end == len(text)):
            yield at, end, period
    for frame in tongue.frames:
        opened = frame.before.match(text, at)
        if opened is None:
            continue
        for end, period, weak in _spans(text, opened.end(), moment, tongue):
            closed = frame.after.match(text, end)
            if closed is None or (weak and not frame.takes_weak):
                continue
            meant = _try(frame.wrap, moment, period)
            if meant is not None:
                yield at, closed.end(), meant
    for pair in tongue.pairs:
        yield from _pair(text, at, moment, tongue, pair)


def _pair(
    text: str, at: int, moment: Moment, tongue: Tongue, pair: Pair
) -> Iterator[tuple[int, int, Period]]:
    opened = pair.before.match(text, at)
    if opened is None:
        return
    for end, first, _ in _spans(text, opened.end(), moment, tongue):
        between = pair.between.match(text, end)
        if between is None:
            continue
        for last_end, last, _ in _spans(text, between.end(), moment, tongue):
            closed = pair.after.match(text, last_end)
            if closed is None:
                continue
            dated = tuple(
                _YEAR.search(words) is not None
                for words in (text[opened.end() : end], text[between.end() : last_end])
            )
            meant = _try(_joined, moment, first, last, dated)
            if meant is not None:
                yield at, closed.end(), meant


_YEAR = re.compile(r"20\d\d")


def _joined(moment: Moment, first: Period, last: Period, dated: tuple[bool, bool]) -> Period:
    """From one span to another; one said without a year takes the year that fits the other."""
    start, end = first.start, last.end
    if not dated[0] and dated[1]:
        while add_months(start, 12) < end:
            start = add_months(start, 12)
    if not dated[1]:
        while end <= start:
            end = add_months(end, 12)
    return Period(start, end, None, moment.cal)


def _spans(text: str, at: int, moment: Moment, tongue: Tongue) -> Iterator[tuple[int, Period, bool]]:
    for span in tongue.spans:
        match = span.pattern.match(text, at)
        if match and match.end() > at:
            period = _try(span.make, moment, match)
            if period is not None:
                yield match.end(), period, span.weak


def _try(make: Callable[..., Period | None], *given: object) -> Period | None:
    """A date that does not exist, or an end that lies behind us, is not a reading."""
    try:
        return make(*given)
    except (ValueError, OverflowError, StopIteration, Refused):
        return None
