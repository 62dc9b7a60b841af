"""Goods on the shelf: levels that fall with the sales and rise with the receipts, to the unit.

Each product comes in every fourth week, as much as will be sold until the next time on top of a small
reserve;
before a planned stock-out the delivery is short, so that the shelf is empty on the day it begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from kpi_tree.sample import arrow
from kpi_tree.sample.draws import Ints, keys
from kpi_tree.sample.outages import LONGEST, outages, receipt_days
from kpi_tree.sample.shop import facts, goods
from kpi_tree.sample.story import date_of
from kpi_tree.sample.world import AFTER, BEFORE, World

ARRIVES = 6 * 3600
COUNTED = 86_399


@dataclass(frozen=True)
class Receipt:
    """One delivery: product, day, units."""

    product: int
    day: int
    quantity: int


@dataclass(frozen=True)
class Stock:
    """Levels at the end of each day of the span (day by product), and all deliveries that bear on it."""

    levels: Ints
    receipts: tuple[Receipt, ...]


def make_stock(world: World) -> Stock:
    """Levels and receipts, worked out once."""
    return world.once("stock", _stock)


def sold(world: World) -> Ints:
    """Units of placed orders, by day (of the lines' whole reach) and product."""
    lines = world.lines
    made = np.zeros((world.end + AFTER - (world.start - BEFORE), len(goods())), dtype=np.int64)
    rows = np.flatnonzero(lines.placed)
    np.add.at(
        made, (lines.order_day[rows] - (world.start - BEFORE), lines.product[rows]), lines.quantity[rows]
    )
    return made


def _stock(world: World) -> Stock:
    first, end = world.start - BEFORE, world.end + AFTER
    demand = np.cumsum(np.vstack([np.zeros((1, len(goods())), dtype=np.int64), sold(world)]), axis=0)
    planned = outages(world.draws, first - LONGEST, end + LONGEST)
    levels = np.zeros((world.end - world.start, len(goods())), dtype=np.int64)
    receipts = []
    for product in range(len(goods())):
        days = receipt_days(world.draws, product, first, end)
        reserve = 2 + int(world.draws.below("reserve", keys(product), 6)[0])
        empty = np.array(
            [
                any(one.product == product and begin <= one.first < after for one in planned)
                for begin, after in pairwise(days)
            ]
        )
        need = np.diff(demand[days - first, product])
        left = np.where(empty, 0, reserve)
        # The reserve is sold before the shelf is empty; a receipt is never less than nothing.
        left[:-1] = np.where(empty[1:], np.minimum(reserve, need[1:]), left[:-1])
        left[1:] = np.maximum(left[1:], left[:-1] - need[1:])
        before = np.concatenate([[reserve], left[:-1]])
        for begin, units in zip(days[:-1].tolist(), (need + left - before).tolist(), strict=True):
            receipts.append(Receipt(product, begin, units))
        place = np.searchsorted(days, np.arange(world.start, world.end), side="right")
        until = demand[np.arange(world.start, world.end) + 1 - first, product]
        levels[:, product] = left[place - 1] + demand[days[place] - first, product] - until
    return Stock(levels, tuple(receipts))


def stock_tables(world: World) -> dict[str, pa.Table]:
    """``stock_levels`` (counted each night) and ``stock_receipts``."""
    stock, ware = make_stock(world), goods()
    days, size = np.arange(world.start, world.end), len(ware)
    day = np.repeat(days, size)
    product = np.tile(np.arange(size), len(days))
    levels = stock.levels.ravel()
    waiting = np.minimum(world.draws.below("set aside", keys(day, product), 3), levels)
    shown = [one for one in stock.receipts if world.start <= one.day < world.end and one.quantity > 0]
    shown.sort(key=lambda one: (one.day, one.product))
    goods_in = np.array([one.product for one in shown], dtype=np.int64)
    in_day = np.array([one.day for one in shown], dtype=np.int64)
    cost = np.rint(ware.cost[goods_in] * 1.02 ** np.clip((in_day - 20_089) / 365.25, -6, 6) / 100)
    place = facts()["location"]
    return {
        "stock_levels": arrow.build("stock_levels", {
            "product_id": arrow.text(product, ware.ids),
            "location": arrow.same(place, len(day)),
            "counted_at": arrow.instants(world.clock.instant(day, COUNTED)),
            "on_hand": arrow.quantity(levels),
            "available": arrow.quantity(levels - waiting),
        }),
        "stock_receipts": arrow.build("stock_receipts", {
            "receipt_id": pa.array([f"VM-{date_of(one.day):%y%m%d}" for one in shown], pa.string()),
            "product_id": arrow.text(goods_in, ware.ids),
            "location": arrow.same(place, len(shown)),
            "received_at": arrow.instants(world.clock.instant(in_day, ARRIVES)),
            "quantity": arrow.quantity(np.array([one.quantity for one in shown], dtype=np.int64)),
            "unit_cost": arrow.money(cost.astype(np.int64) * 100),
        }),
    }  # fmt: skip
