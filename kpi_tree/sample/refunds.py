"""Goods that come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kpi_tree.sample.draws import Ints, keys
from kpi_tree.sample.shop import goods
from kpi_tree.sample.world import COUPON_PERCENT, World


@dataclass(frozen=True)
class Refunds:
    """One row a refunded line, by time: the line's row, when, how many units, what was paid back (øre)."""

    REASONS: ClassVar[tuple[str, ...]] = ("Feil størrelse", "Angret", "Skadet i frakt", "Ikke som beskrevet")

    line: Ints
    at: Ints
    quantity: Ints
    amount: Ints
    reason: Ints


def make_refunds(world: World, *, old: bool = False) -> Refunds:
    """The refunds that reached the books by the end of the span, of its own orders (or of the old days').

    A unit is paid back at what it cost after all discounts, rounded down, so never more than was paid.
    """
    draws, lines = world.draws, world.lines
    order = world.line_order
    in_span = (lines.order_day < world.start) if old else (lines.order_day >= world.start)
    at = keys(lines.order_day, lines.order_index, lines.line_no)
    returned = goods().returned[lines.product]
    row = np.flatnonzero(in_span & (order >= 0) & lines.placed & draws.chance("returned", at, returned))
    at = at[row]
    days = 5 + np.minimum(-np.log1p(-draws.uniform("returned after", at)) * 7.0, 40.0)
    second = 8 * 3600 + draws.below("returned at", at, 8 * 3600)
    day = lines.order_day[row] + days.astype(np.int64)
    day += np.array([0, 0, 0, 0, 0, 2, 1])[(day + 3) % 7]  # the stores are closed at weekends
    known = day < world.end
    row, at, day, second = row[known], at[known], day[known], second[known]
    quantity = 1 + draws.below("returned units", at, lines.quantity[row])
    kept = np.where(world.orders.coupon[order[row]] >= 0, 100 - COUPON_PERCENT, 100)
    amount = lines.net[row] * quantity * kept // (lines.quantity[row] * 100)
    fits = goods().category[lines.product[row]] == len(goods().categories) - 1
    reason = np.where(
        fits & draws.chance("too small", at, 0.6), 0, 1 + draws.pick("reason", at, [0.6, 0.2, 0.2])
    )
    instant = world.clock.instant(day, second)
    turn = np.argsort(instant, kind="stable")
    return Refunds(row[turn], instant[turn], quantity[turn], amount[turn], reason[turn])
