"""The sample shop's main figures for a period, worked out from its world; the plan's baselines."""

from __future__ import annotations

from datetime import date

import numpy as np

from kpi_tree.periods import Period
from kpi_tree.sample.refunds import make_refunds
from kpi_tree.sample.story import day_number
from kpi_tree.sample.world import World, make_world

REACH = 60
"""A refund comes at most this many days after its order."""


def world_for(periods: list[Period], *, seed: int, scale: float, until: date) -> World:
    """A world that holds all days of the periods before ``until``, and the orders whose refunds lie in
    them."""
    first = min(period.start for period in periods)
    end = min(until, max(period.end for period in periods))
    return make_world(day_number(first) - REACH, day_number(end), seed, scale)


def figures(world: World, period: Period) -> dict[str, float]:
    """``sales``, ``orders``, ``sessions``, ``average_order_value``, ``conversion_rate``, ``bounce_rate``
    of a period.

    Each as the catalogue defines it; the tests hold them against the metrics.
    """
    first, end = day_number(period.start), day_number(period.end)
    orders, visits = world.orders, world.visits
    mine = orders.placed & (orders.day >= first) & (orders.day < end)
    seen = (visits.day >= first) & (visits.day < end)
    sold = int(orders.net[mine].sum() - orders.discount[mine].sum())
    refunds = make_refunds(world)
    begins, ends = (int(world.clock.instant(day, 0)) for day in (first, end))
    back = int(refunds.amount[(refunds.at >= begins) & (refunds.at < ends)].sum())
    count, sessions = int(mine.sum()), int(seen.sum())
    return {
        "sales": (sold - back) / 100,
        "orders": float(count),
        "sessions": float(sessions),
        "average_order_value": sold / 100 / count if count else np.nan,
        "conversion_rate": count / sessions if sessions else np.nan,
        "bounce_rate": float((visits.page_views[seen] == 1).mean()) if sessions else np.nan,
    }
