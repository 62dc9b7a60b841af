"""When goods come in, and when they are sold out: a plan per product, a function of the calendar only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from kpi_tree.sample.draws import Bools, Draws, Ints, keys
from kpi_tree.sample.shop import goods
from kpi_tree.sample.story import Calendar, date_of, day_number

CYCLE = 28
"""Days between two receipts of the same product."""
OUT_FROM, OUT_DAYS = 25, 24
LONGEST = CYCLE + OUT_DAYS + 14
"""No two receipts of a product lie further apart than this."""


@dataclass(frozen=True)
class Outage:
    """A product that cannot be bought in the days ``[first, end)``; the next goods come in on ``end - 1``."""

    product: int
    first: int
    end: int


def outages(draws: Draws, first: int, end: int) -> list[Outage]:
    """The planned stock-outs that touch ``[first, end)``: two best-sellers of the season in each quarter
    whose year + quarter is odd.

    >>> span = day_number(date(2026, 7, 1)), day_number(date(2026, 10, 1))
    >>> [str(date_of(one.first)) for one in outages(Draws(7), *span)]
    ['2026-07-26', '2026-07-28']
    """
    found: list[Outage] = []
    for year in range(date_of(first).year - 1, date_of(end).year + 1):
        for quarter in (1, 2, 3, 4):
            if (year + quarter) % 2:
                found += _of_quarter(draws, year, quarter)
    return [one for one in found if one.first < end and one.end > first]


@lru_cache(maxsize=512)
def _of_quarter(draws: Draws, year: int, quarter: int) -> tuple[Outage, ...]:
    ware = goods()
    month = 3 * quarter - 2
    start = day_number(date(year, month, 1)) + OUT_FROM
    wanted = ware.weight * ware.months[ware.category, month - 1] * ware.price
    best = np.argsort(-wanted, kind="stable")[:6]
    chosen = int(draws.below("sold out", keys(year, quarter), 5)[0])
    return (
        Outage(int(best[chosen]), start, start + OUT_DAYS),
        Outage(int(best[chosen + 1]), start + 2, start + 2 + OUT_DAYS - 5),
    )


def sold_out_days(draws: Draws, cal: Calendar) -> Bools:
    """Days on which a best-seller is sold out."""
    made = np.zeros(len(cal), dtype=bool)
    for one in outages(draws, cal.first, cal.end):
        made[max(one.first - cal.first, 0) : max(one.end - cal.first, 0)] = True
    return made


def on_sale(draws: Draws, cal: Calendar) -> Bools:
    """Day by product: whether it can be bought."""
    made = np.ones((len(cal), len(goods())), dtype=bool)
    for one in outages(draws, cal.first, cal.end):
        made[max(one.first - cal.first, 0) : max(one.end - cal.first, 0), one.product] = False
    return made


def receipt_days(draws: Draws, product: int, first: int, end: int) -> Ints:
    """Days in ``[first, end)`` on which goods of a product come in: every fourth week, save that a late
    delivery ends each stock-out."""
    phase = (product * 11) % CYCLE
    wide = np.arange(first - 2 * LONGEST, end + 2 * LONGEST)
    found = wide[(wide + phase) % CYCLE == 0]
    for one in outages(draws, first - 2 * LONGEST, end + 2 * LONGEST):
        if one.product == product:
            found = found[(found < one.first - 7) | (found > one.end + 10)]
            found = np.append(found, one.end - 1)
    made: Ints = np.unique(found[(found >= first) & (found < end)]).astype(np.int64)
    return made
