"""What is in the baskets: lines, prices, what is taken off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi_tree.sample import story
from kpi_tree.sample.counts import ORDER, Counts
from kpi_tree.sample.draws import Bools, Draws, Floats, Ints, Keys, keys
from kpi_tree.sample.outages import on_sale
from kpi_tree.sample.people import AS_CUSTOMER, COMES_BACK
from kpi_tree.sample.shop import goods
from kpi_tree.sample.story import Calendar, calendar

LINES = np.array([[0.55, 0.27, 0.12, 0.06], [0.44, 0.30, 0.16, 0.10]])
"""How many lines an order has: of somebody new, and of somebody who comes back as a customer."""
PAIRED = 0.30
"""How often a further line is the partner of the first one."""


def line_counts(draws: Draws, at: Keys) -> Ints:
    """How many lines each order has, before repeated products fall away."""
    returning = draws.uniform(COMES_BACK, at) < AS_CUSTOMER[ORDER]
    return 1 + draws.pick_by_row("lines", at, LINES, returning.astype(np.int64))


@dataclass(frozen=True)
class Lines:
    """One row an order line, in the order of days, orders and lines. Money in øre.

    ``order_day`` and ``order_index`` name the visit that ordered.
    """

    order_day: Ints
    order_index: Ints
    line_no: Ints
    product: Ints
    quantity: Ints
    unit_price: Ints
    unit_cost: Ints
    discount: Ints
    placed: Bools

    def __len__(self) -> int:
        return len(self.product)

    @property
    def net(self) -> Ints:
        """What the line costs after its own discount."""
        made: Ints = self.quantity * self.unit_price - self.discount
        return made


def product_weights(draws: Draws, cal: Calendar) -> Floats:
    """Day by product: how often it is chosen; 0 while it is sold out."""
    ware = goods()
    months = ware.months[ware.category]
    place = cal.month - 1
    made: Floats = (ware.weight[:, None] * months)[:, place].T * on_sale(draws, cal)
    return made


def order_status(draws: Draws, at: Keys) -> Ints:
    """0 placed, 1 cancelled, 2 a test of the shop's own."""
    u = draws.uniform("status", at)
    made: Ints = np.where(u < 0.014, 1, np.where(u < 0.016, 2, 0))
    return made


def make_lines(draws: Draws, counts: Counts, first: int, end: int) -> Lines:
    """The lines of all orders of the days ``[first, end)``."""
    cal = calendar(first, end)
    sizes = counts.orders[first - counts.cal.first : end - counts.cal.first]
    day = np.repeat(cal.number, sizes)
    index = np.arange(len(day)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    lines = line_counts(draws, keys(day, index))
    order = np.repeat(np.arange(len(day)), lines)
    part = np.arange(len(order)) - np.repeat(np.cumsum(lines) - lines, lines)
    product, fresh = _products(draws, cal, day, index, order, part)
    order, product, part = order[fresh], product[fresh], part[fresh]
    first_of_order = np.searchsorted(order, np.arange(len(day)))
    at = keys(day[order], index[order], part)
    return _priced(
        draws, cal, at, day[order], index[order], np.arange(len(order)) - first_of_order[order] + 1, product
    )


def _products(
    draws: Draws, cal: Calendar, day: Ints, index: Ints, order: Ints, part: Ints
) -> tuple[Ints, Bools]:
    """A product for each line, and which lines are the first of their product in the order."""
    weights = product_weights(draws, cal)
    at = keys(day[order], index[order], part)
    row = day[order] - cal.first
    product = draws.pick_by_row("product", at, weights, row)
    partner = goods().partner[product[np.flatnonzero(part == 0)][order]]
    paired = (part > 0) & draws.chance("paired", at, PAIRED) & (weights[row, partner] > 0)
    product = np.where(paired, partner, product)
    seen = order * len(goods()) + product
    fresh = np.zeros(len(seen), dtype=bool)
    fresh[np.unique(seen, return_index=True)[1]] = True
    return product, fresh


def _priced(
    draws: Draws, cal: Calendar, at: Keys, day: Ints, index: Ints, line_no: Ints, product: Ints
) -> Lines:
    ware = goods()
    row = day - cal.first
    levels = story.price_level(cal)
    table = story.prices(ware.price, np.arange(levels.min(), levels.max() + 1))
    price = table[levels[row] - levels.min(), product]
    more = np.where(ware.price[product] < 30_000, 1.35, 0.6)
    quantity = 1 + draws.poisson("quantity", at, 0.30 * more)
    cost = np.rint(ware.cost[product] * 1.02 ** np.clip(cal.years, -6, 6)[row] / 100).astype(np.int64) * 100
    running, found = story.campaign_index(cal)
    percent = np.zeros((len(found) + 1, len(ware.categories)), dtype=np.int64)
    for n, one in enumerate(found):
        percent[n, [ware.categories.index(name) for name in one.categories]] = one.percent
    off = percent[running[row], ware.category[product]]
    return Lines(
        order_day=day, order_index=index, line_no=line_no, product=product, quantity=quantity,
        unit_price=price, unit_cost=cost, discount=(quantity * price * off + 50) // 100,
        placed=order_status(draws, keys(day, index)) == 0,
    )  # fmt: skip
