"""What happens to the sample shop, day by day, as plain functions of the calendar.

Everything is tied to absolute dates, never to the day on which the sample is made: the past stays as it was.

* Traffic grows a little every year, more of it on phones; phones convert worse, so conversion sinks slowly.
* All prices rise by about 4 % on 24 August, every year.
* Six campaigns a year, Black Week the largest.
* Every quarter has one trouble, of the other kind than the same quarter a year before: either the
checkout fails
  for four days in the quarter's sixth week (carts are filled, few complete), or two best-sellers are sold out
  for weeks. The fault comes where year + quarter is even: Q4 2026, Q1 2027.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from kpi_tree.sample.draws import Bools, Floats, Ints

FIRST_YEAR, LAST_YEAR = 2005, 2120
EPOCH = date(1970, 1, 1).toordinal()
ANCHOR = date(2025, 1, 1).toordinal() - EPOCH

WEEKDAY = np.array([1.06, 1.03, 1.00, 1.04, 0.93, 0.88, 1.12])
MONTH = np.array([1.02, 0.90, 0.92, 0.96, 0.98, 0.92, 0.84, 0.94, 1.00, 1.06, 1.22, 1.34])

FAULT_FROM, FAULT_DAYS = 38, 4
FAULT_LEFT = 0.10
"""Share of the orders that still come through while the checkout fails."""


@dataclass(frozen=True)
class Campaign:
    """A sale of some days: what it is called, how much more traffic, what is taken off which categories."""

    name: str
    code: str
    first: int
    days: int
    traffic: float
    conversion: float
    percent: int
    categories: tuple[str, ...]


def day_number(day: date) -> int:
    """Days since 1970.

    >>> day_number(date(2026, 11, 22))
    20779
    """
    return day.toordinal() - EPOCH


def date_of(number: int) -> date:
    """The inverse of :func:`day_number`."""
    return date.fromordinal(int(number) + EPOCH)


def _easter(year: int) -> date:
    """Easter Sunday (Butcher's rule)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * week) // 451
    month, day = divmod(h + week - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _black_monday(year: int) -> date:
    """The Monday of the week of the fourth Thursday in November."""
    first = date(year, 11, 1)
    thursday = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
    return thursday - timedelta(days=3)


def _of_year(year: int) -> list[Campaign]:
    easter, black = _easter(year), _black_monday(year)
    every = ("Belysning", "Kjøkken", "Tekstil", "Friluft", "Hage", "Klær")
    plan: tuple[tuple[str, str, date, int, float, float, int, tuple[str, ...]], ...] = (
        ("Januarsalg", "JANUAR", date(year, 1, 2), 12, 1.18, 1.10, 25, ("Tekstil", "Klær", "Belysning")),
        ("Hyttepåske", "PASKE", easter - timedelta(days=9), 9, 1.15, 1.05, 15, ("Friluft", "Kjøkken")),
        ("Midtsommer", "SOMMER", date(year, 6, 15), 10, 1.16, 1.06, 20, ("Hage", "Friluft")),
        ("Ullfest", "ULLFEST", date(year, 9, 14), 8, 1.20, 1.08, 15, ("Klær", "Tekstil")),
        ("Black Week", "BLACK", black, 7, 1.75, 1.30, 20, every),
        ("Julegaver", "JUL", date(year, 12, 8), 8, 1.14, 1.12, 10, ("Kjøkken", "Belysning")),
    )
    return [
        Campaign(
            f"{name} {year}", f"{code}{year % 100:02d}", day_number(first), days, lift, eager, percent, what
        )
        for name, code, first, days, lift, eager, percent, what in plan
    ]


@lru_cache(maxsize=8)
def campaigns(first: int, end: int) -> tuple[Campaign, ...]:
    """The campaigns that touch the days ``[first, end)``, in their order.

    >>> span = day_number(date(2026, 1, 1)), day_number(date(2027, 1, 1))
    >>> [(c.name, str(date_of(c.first))) for c in campaigns(*span)][4]
    ('Black Week 2026', '2026-11-23')
    """
    years = range(date_of(first).year - 1, date_of(end).year + 2)
    found = [campaign for year in years for campaign in _of_year(year)]
    return tuple(one for one in found if one.first < end and one.first + one.days > first)


@dataclass(frozen=True)
class Calendar:
    """Days from ``first`` on with their parts, as arrays of one length."""

    first: int
    number: Ints
    year: Ints
    month: Ints
    weekday: Ints
    quarter: Ints
    day_of_quarter: Ints
    years: Floats

    def __len__(self) -> int:
        return len(self.number)

    @property
    def end(self) -> int:
        """The day after the last."""
        return self.first + len(self.number)

    def at(self, days: Ints) -> Ints:
        """Positions of day numbers in the calendar."""
        return days - self.first


def calendar(first: int, end: int) -> Calendar:
    """The days ``[first, end)``; ``years`` is time since 2025 in years, held to the span in which trends
    run."""
    number = np.arange(first, end, dtype=np.int64)
    days = number.astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype(np.int64)
    month = months % 12
    quarter_start = ((months - month % 3).astype("datetime64[M]")).astype("datetime64[D]").astype(np.int64)
    return Calendar(
        first=first,
        number=number,
        year=1970 + months // 12,
        month=month + 1,
        weekday=(number + 3) % 7,
        quarter=month // 3 + 1,
        day_of_quarter=number - quarter_start,
        years=np.clip((number - ANCHOR) / 365.25, -8.0, 8.0),
    )


def season(cal: Calendar) -> Floats:
    """Traffic through the year: the monthly levels, joined by straight lines between mid-months."""
    place = (
        cal.month
        - 1
        + (
            cal.number.astype("datetime64[D]") - cal.number.astype("datetime64[D]").astype("datetime64[M]")
        ).astype(np.int64)
        / 30.5
    )
    made: Floats = np.interp(place, np.arange(-1, 13) + 0.5, np.concatenate([MONTH[-1:], MONTH, MONTH[:1]]))
    return made


def campaign_index(cal: Calendar) -> tuple[Ints, Sequence[Campaign]]:
    """For each day the position of the campaign that runs, -1 for none; and the campaigns."""
    found = campaigns(cal.first, cal.end)
    index = np.full(len(cal), -1, dtype=np.int64)
    for n, one in enumerate(found):
        index[max(one.first - cal.first, 0) : max(one.first + one.days - cal.first, 0)] = n
    return index, found


def fault(cal: Calendar) -> Bools:
    """Days on which carts do not complete.

    >>> cal = calendar(day_number(date(2026, 10, 1)), day_number(date(2026, 12, 1)))
    >>> [str(date_of(day)) for day in cal.number[fault(cal)]]
    ['2026-11-08', '2026-11-09', '2026-11-10', '2026-11-11']
    """
    inside = (cal.day_of_quarter >= FAULT_FROM) & (cal.day_of_quarter < FAULT_FROM + FAULT_DAYS)
    made: Bools = inside & ((cal.year + cal.quarter) % 2 == 0)
    return made


def price_level(cal: Calendar) -> Ints:
    """How many price rises (24 August of each year from 2005 on) lie behind each day."""
    rise = np.array([day_number(date(year, 8, 24)) for year in range(FIRST_YEAR, LAST_YEAR)])
    made: Ints = np.searchsorted(rise, cal.number, side="right").astype(np.int64)
    return made


def prices(base: Ints, levels: Ints, at_level: int = 20) -> Ints:
    """Prices in øre by level and product: 4 % a rise, rounded to whole kroner that end in 9 above 100 kr.

    ``base`` holds at ``at_level``.

    >>> prices(np.array([64_900, 9_900]), np.array([20, 21])).tolist()
    [[64900, 9900], [67900, 10300]]
    """
    kroner = np.rint(base[None, :] / 100 * 1.04 ** np.clip(levels - at_level, -12, 12)[:, None])
    nine = np.floor(kroner / 10 + 0.5) * 10 - 1
    made: Ints = (np.where((kroner > 110) & (levels != at_level)[:, None], nine, kroner) * 100).astype(
        np.int64
    )
    return made
