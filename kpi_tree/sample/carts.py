"""Carts: what is put in, how far towards paying a visit gets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kpi_tree.sample import arrow, story
from kpi_tree.sample.counts import CART, ORDER
from kpi_tree.sample.draws import Floats, Ints
from kpi_tree.sample.shop import goods
from kpi_tree.sample.world import World

STEPS = ("add_to_cart", "begin_checkout", "add_shipping", "add_payment", "purchase")
GIVEN_UP = np.array([[0.48, 0.23, 0.17, 0.12], [0.30, 0.14, 0.11, 0.45]])
"""How far carts get that are not bought: on ordinary days, and while the checkout fails."""
_WHEN = np.array([0.0, 0.72, 0.80, 0.88, 0.97])


@dataclass(frozen=True)
class Added:
    """One row a product put into a cart, by row of the visit; value in øre."""

    visit: Ints
    product: Ints
    value: Ints


def steps(world: World) -> Ints:
    """For each visit with a cart the furthest step (position in :data:`STEPS`); -1 for the others."""
    return world.once("steps", _steps)


def _steps(world: World) -> Ints:
    draws, visits = world.draws, world.visits
    broken = story.fault(visits.cal).astype(np.int64)[visits.day - visits.cal.first]
    given_up = draws.pick_by_row("given up at", visits.at, GIVEN_UP, broken)
    made: Ints = np.where(visits.kind == ORDER, len(STEPS) - 1, np.where(visits.kind == CART, given_up, -1))
    # Cancelled and test orders were never paid: no purchase, so that orders = sessions x conversion holds.
    made[world.orders.visit[~world.orders.placed]] = STEPS.index("add_payment")
    return made


def added(world: World) -> Added:
    """What was put into the carts: the lines of the orders, and one or two products where none was bought."""
    return world.once("added to carts", _added)


def _added(world: World) -> Added:
    visits, ware, lines = world.visits, goods(), world.lines
    row = np.flatnonzero(visits.kind == CART)
    second = row[(visits.page_views[row] >= 6) & world.draws.chance("second in cart", visits.at[row], 0.45)]
    first_product = world.draws.pick("favourite", visits.at[row], ware.weight)
    pair = ware.partner[world.draws.pick("favourite", visits.at[second], ware.weight)]
    mine = np.flatnonzero(world.line_order >= 0)
    visit = np.concatenate([row, second, world.orders.visit[world.line_order[mine]]])
    product = np.concatenate([first_product, pair, lines.product[mine]])
    price = story.prices(ware.price, story.price_level(visits.cal))
    listed = price[visits.day[visit] - visits.cal.first, product]
    listed[len(row) + len(second) :] *= lines.quantity[mine]
    turn = np.argsort(visit, kind="stable")
    return Added(visit[turn], product[turn], listed[turn])


def cart_events(world: World) -> pa.Table:
    """``cart_events`` of the whole span: each product put in, then each further step once."""
    visits, carts = world.visits, added(world)
    reached = steps(world)
    place = np.arange(len(carts.visit)) - np.searchsorted(carts.visit, carts.visit)
    with_cart = np.flatnonzero(reached >= 0)
    later = [(with_cart[reached[with_cart] >= step], step) for step in range(1, len(STEPS))]
    visit = np.concatenate([carts.visit, *(rows for rows, _ in later)])
    step = np.concatenate(
        [np.zeros(len(carts.visit), dtype=np.int64), *(np.full(len(r), s) for r, s in later)]
    )
    number = np.concatenate([place, *(np.full(len(r), 10 + s) for r, s in later)])
    product = np.concatenate([carts.product, *(np.full(len(r), -1) for r, _ in later)])
    worth = np.zeros(len(visits), dtype=np.int64)
    np.add.at(worth, carts.visit, carts.value)
    worth[world.orders.visit] = world.orders.net - world.orders.discount
    value = np.concatenate([carts.value, *(worth[r] for r, _ in later)])
    order = np.full(len(visits), -1, dtype=np.int64)
    order[world.orders.visit] = np.arange(len(world.orders.visit))
    when = visits.start[visit] + (visits.duration[visit] * _share(step, number)).astype(np.int64)
    when = np.where(step == 4, visits.start[visit] + visits.duration[visit] * 97 // 100, when)
    keep = np.flatnonzero(visits.day[visit] >= world.start)
    keep = keep[np.lexsort((number[keep], when[keep]))]
    return arrow.build("cart_events", {
        "event_id": arrow.numbered("c", (visits.number[visit] * 16 + number)[keep]),
        "session_id": arrow.numbered("s", visits.number[visit][keep]),
        "occurred_at": arrow.instants(when[keep]),
        "step": arrow.text(step[keep], STEPS),
        "product_id": arrow.text(product[keep], goods().ids),
        "order_id": arrow.text(np.where(step == 4, order[visit], -1)[keep], world.order_ids),
        "value": arrow.money(value[keep]),
    })  # fmt: skip


def _share(step: Ints, number: Ints) -> Floats:
    """How far into the visit an event lies."""
    made: Floats = np.where(step == 0, 0.30 + 0.08 * np.minimum(number, 4), _WHEN[step])
    return made


__all__ = ["STEPS", "Added", "added", "cart_events", "steps"]
