"""The sample shop's world for a span of days: visits, orders and lines, from which every table is read
off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.sample import arrow
from kpi_tree.sample.baskets import Lines, make_lines, order_status
from kpi_tree.sample.clock import Clock, clock
from kpi_tree.sample.counts import ORDER, Counts, count_days
from kpi_tree.sample.draws import Bools, Draws, Ints, Keys, keys
from kpi_tree.sample.shop import facts
from kpi_tree.sample.story import Calendar, calendar, date_of
from kpi_tree.sample.visits import Visits, make_visits

BEFORE, AFTER = 90, 90
"""Days made beside the span asked for, so that what reaches over its ends comes out whole: goods that came in
before, an experiment under way, a delivery that will end a stock-out."""

Made = TypeVar("Made")

COUPONS = ("VELKOMMEN10", "TAKK10")
COUPON_PERCENT = 10
FREE_FROM, HOME, ABROAD = 79_900, 7_900, 12_900


@dataclass(frozen=True)
class Orders:
    """One row an order, by day and number within the day; money in øre. ``visit`` is the row of its visit."""

    visit: Ints
    at: Keys
    day: Ints
    index: Ints
    ordered: Ints
    rank: Ints
    status: Ints
    coupon: Ints
    gross: Ints
    net: Ints
    discount: Ints
    shipping: Ints

    @property
    def total(self) -> Ints:
        """What the customer was charged, 25 % MVA included."""
        made: Ints = self.net - self.discount + self.shipping
        return made

    @property
    def placed(self) -> Bools:
        """Neither cancelled nor a test."""
        made: Bools = self.status == 0
        return made


@dataclass(frozen=True)
class World:
    """Days ``[start, end)`` of the shop, with what lies beside them. ``lines`` reach further than
    ``orders``."""

    draws: Draws
    counts: Counts
    clock: Clock
    start: int
    end: int
    visits: Visits
    lines: Lines
    orders: Orders
    _made: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[World], Made]) -> Made:
        """What ``make`` gives for this world, made on the first call only."""
        if name not in self._made:
            self._made[name] = make(self)
        made: Made = self._made[name]
        return made

    @property
    def cal(self) -> Calendar:
        """The days asked for."""
        return calendar(self.start, self.end)

    @property
    def now(self) -> int:
        """The instant at which the records end (seconds): midnight before the day ``end``."""
        return int(self.clock.instant(self.end, 0))

    @cached_property
    def line_order(self) -> Ints:
        """For each line the row of its order, -1 for lines after the span."""
        first_of_day = np.searchsorted(self.orders.day, np.arange(self.start - BEFORE, self.end + 1))
        inside = self.lines.order_day < self.end
        row = first_of_day[np.where(inside, self.lines.order_day, self.end) - (self.start - BEFORE)]
        made: Ints = np.where(inside, row + self.lines.order_index, -1)
        return made

    @cached_property
    def shown_orders(self) -> Ints:
        """Rows of the orders of the span, in the order in which they came in."""
        rows = np.flatnonzero(self.orders.day >= self.start)
        made: Ints = rows[np.lexsort((self.orders.rank[rows], self.orders.day[rows]))]
        return made

    @cached_property
    def shown_lines(self) -> Ints:
        """Rows of the lines of the span, in the order of their orders."""
        rows = np.flatnonzero((self.lines.order_day >= self.start) & (self.lines.order_day < self.end))
        order = self.line_order[rows]
        made: Ints = rows[
            np.lexsort((self.lines.line_no[rows], self.orders.rank[order], self.orders.day[order]))
        ]
        return made

    @cached_property
    def shown_visits(self) -> Ints:
        """Rows of the visits of the span, in the order in which they began."""
        rows = np.flatnonzero(self.visits.day >= self.start)
        made: Ints = rows[np.argsort(self.visits.start[rows], kind="stable")]
        return made

    @cached_property
    def order_ids(self) -> pa.Array:
        """Order numbers as the shop writes them: the day and a running number, ``L261122-07``."""
        days = [f"L{date_of(day):%y%m%d}-" for day in range(self.start - BEFORE, self.end)]
        ranks = [f"{n + 1:02d}" for n in range(int(self.orders.rank.max(initial=0)) + 1)]
        return pc.binary_join_element_wise(
            arrow.text(self.orders.day - (self.start - BEFORE), days), arrow.text(self.orders.rank, ranks), ""
        )

    @cached_property
    def _people(self) -> tuple[Ints, Ints]:
        """Rows of ``visits`` that stand for each known person once, and each visit's place in them (-1
        unknown)."""
        known = np.flatnonzero(self.visits.person.known)
        _, first, place = np.unique(self.visits.visitor[known], return_index=True, return_inverse=True)
        codes = np.full(len(self.visits), -1, dtype=np.int64)
        codes[known] = place
        return known[first], codes

    @property
    def customer_rows(self) -> Ints:
        """One visit of each known customer."""
        return self._people[0]

    @property
    def customer_codes(self) -> Ints:
        """For each visit the customer's place in :attr:`customer_ids`, -1 where the shop does not know."""
        return self._people[1]

    @cached_property
    def names(self) -> tuple[Ints, Ints]:
        """Numbers of the first and last name of each customer."""
        person = self.visits.person
        at = keys(person.day[self.customer_rows], person.index[self.customer_rows])
        first, last = (len(facts()["customers"][which]) for which in ("first", "last"))
        return self.draws.below("first name", at, first), self.draws.below("last name", at, last)

    @cached_property
    def customer_ids(self) -> pa.Array:
        """Customers are known by their e-mail address, as in the exports of most shop systems."""
        first, last = self.names
        number = pa.array(self.visits.visitor[self.customer_rows]).cast(pa.string())
        parts = [
            arrow.text(codes, [plain(name) for name in facts()["customers"][which]])
            for codes, which in ((first, "first"), (last, "last"))
        ]
        name = pc.binary_join_element_wise(*parts, number, ".")
        return pc.binary_join_element_wise(name, "example.com", "@")


def plain(name: str) -> str:
    """A name as it stands in an e-mail address.

    >>> plain("Åse"), plain("Sætre"), plain("Bøe")
    ('aase', 'saetre', 'boe')
    """
    return name.lower().replace("å", "aa").replace("æ", "ae").replace("ø", "o")


def make_world(start: int, end: int, seed: int, scale: float) -> World:
    """Make the days ``[start, end)`` of the shop with a seed."""
    draws = Draws(seed)
    counts = count_days(draws, end + AFTER, scale)
    hours = clock(start - BEFORE, end + AFTER)
    visits = make_visits(draws, counts, hours, start - BEFORE, end)
    lines = make_lines(draws, counts, start - BEFORE, end + AFTER)
    return World(draws, counts, hours, start, end, visits, lines, _orders(draws, visits, lines, end))


def _orders(draws: Draws, visits: Visits, lines: Lines, end: int) -> Orders:
    visit = np.flatnonzero(visits.kind == ORDER)
    at, day = visits.at[visit], visits.day[visit]
    ordered = visits.start[visit] + visits.duration[visit] * 97 // 100
    turn = np.lexsort((ordered, day))
    rank = np.empty(len(visit), dtype=np.int64)
    day_starts = np.searchsorted(day, day)
    rank[turn] = np.arange(len(visit)) - day_starts[turn]
    inside = lines.order_day < end
    begins = np.flatnonzero(lines.line_no[inside] == 1)
    gross = np.add.reduceat((lines.quantity * lines.unit_price)[inside], begins) if len(begins) else begins
    net = np.add.reduceat(lines.net[inside], begins) if len(begins) else begins
    coupon = _coupons(draws, visits, visit)
    discount = np.where(coupon >= 0, (net * COUPON_PERCENT + 50) // 100, 0)
    rate = np.where(visits.country[visit] == 0, HOME, ABROAD)
    return Orders(
        visit=visit, at=at, day=day, index=visits.index[visit], ordered=ordered, rank=rank,
        status=order_status(draws, at), coupon=coupon, gross=gross, net=net, discount=discount,
        shipping=np.where(net - discount < FREE_FROM, rate, 0),
    )  # fmt: skip


def _coupons(draws: Draws, visits: Visits, visit: Ints) -> Ints:
    u = draws.uniform("coupon", visits.at[visit])
    new = visits.person.first_visit[visit]
    made: Ints = np.where(new & (u < 0.16), 0, np.where(~new & (u < 0.07), 1, -1))
    return made
