"""Tables of the trade: orders, lines, refunds, customers, products, and the old days that are known as
totals only."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.sample import arrow, story
from kpi_tree.sample.campaign_names import campaign_codes, campaign_values
from kpi_tree.sample.draws import Ints, keys
from kpi_tree.sample.lanes import AFFILIATE, LANES
from kpi_tree.sample.refunds import Refunds, make_refunds
from kpi_tree.sample.shop import COUNTRIES, facts, goods
from kpi_tree.sample.story import day_number
from kpi_tree.sample.visits import DEVICES
from kpi_tree.sample.world import COUPONS, World

STATUS = ("placed", "cancelled", "test")


def trade_tables(world: World) -> dict[str, pa.Table]:
    """``orders``, ``order_lines``, ``refunds``, ``customers``, ``products``, ``sales_daily``."""
    refunds = make_refunds(world)
    return {
        "orders": _orders(world),
        "order_lines": _lines(world),
        "refunds": _refunds(world, refunds),
        "customers": _customers(world),
        "products": _products(world),
        "sales_daily": _sales_daily(world),
    }


def _orders(world: World) -> pa.Table:
    rows = world.shown_orders
    orders, visits = world.orders, world.visits
    visit = orders.visit[rows]
    lane = visits.lane[visit]
    affiliate = {n: place for place, n in enumerate(AFFILIATE.values())}
    partner = np.array([affiliate.get(n, -1) for n in range(len(LANES))])[lane]
    codes = campaign_codes(world.draws, visits.cal, visits.at[visit], lane, visits.day[visit])
    return arrow.build("orders", {
        "order_id": world.order_ids.take(pa.array(rows)),
        "ordered_at": arrow.instants(orders.ordered[rows]),
        "customer_id": arrow.text(world.customer_codes[visit], world.customer_ids),
        "status": arrow.text(orders.status[rows], STATUS),
        "discount": arrow.money(orders.discount[rows]),
        "shipping": arrow.money(orders.shipping[rows]),
        "tax": arrow.money((orders.total[rows] + 2) // 5),
        "total": arrow.money(orders.total[rows]),
        "channel": arrow.text(lane, [one.channel for one in LANES]),
        "source": arrow.text(lane, [one.source for one in LANES]),
        "medium": arrow.text(lane, [one.medium for one in LANES]),
        "campaign": arrow.text(codes, campaign_values(visits.cal)),
        "device": arrow.text(visits.device[visit], DEVICES),
        "country": arrow.text(visits.country[visit], COUNTRIES),
        "coupon": arrow.text(orders.coupon[rows], COUPONS),
        "session_id": arrow.numbered("s", visits.number[visit]),
        "affiliate": arrow.text(partner, tuple(AFFILIATE)),
    })  # fmt: skip


def _lines(world: World) -> pa.Table:
    rows, lines, ware = world.shown_lines, world.lines, goods()
    order, product = world.line_order[rows], lines.product[rows]
    return arrow.build("order_lines", {
        "order_id": world.order_ids.take(pa.array(order)),
        "line_no": arrow.whole(lines.line_no[rows]),
        "ordered_at": arrow.instants(world.orders.ordered[order]),
        "product_id": arrow.text(product, ware.ids),
        "product_name": arrow.text(product, ware.names),
        "category": arrow.text(ware.category[product], ware.categories),
        "quantity": arrow.quantity(lines.quantity[rows]),
        "unit_price": arrow.money(lines.unit_price[rows]),
        "discount": arrow.money(lines.discount[rows]),
        "unit_cost": arrow.money(lines.unit_cost[rows]),
        "line_type": arrow.same("product", len(rows)),
    })  # fmt: skip


def _refunds(world: World, refunds: Refunds) -> pa.Table:
    lines, line = world.lines, refunds.line
    order = world.line_order[line]
    visit = world.orders.visit[order]
    return arrow.build("refunds", {
        "refund_id": pc.binary_join_element_wise(
            world.order_ids.take(pa.array(order)), pa.scalar("refund"), "-"),
        "line_no": arrow.whole(_turn(order)),
        "order_id": world.order_ids.take(pa.array(order)),
        "refunded_at": arrow.instants(refunds.at),
        "customer_id": arrow.text(world.customer_codes[visit], world.customer_ids),
        "product_id": arrow.text(lines.product[line], goods().ids),
        "quantity": arrow.quantity(refunds.quantity),
        "amount": arrow.money(refunds.amount),
        "unit_cost": arrow.money(lines.unit_cost[line]),
        "reason": arrow.text(refunds.reason, refunds.REASONS),
        "country": arrow.text(world.visits.country[visit], COUNTRIES),
    })  # fmt: skip


def _turn(order: Ints) -> Ints:
    """For each row, in the order of time, the how-manieth of its order it is: 1, 2, ..."""
    by_order = np.argsort(order, kind="stable")
    sorted_ = order[by_order]
    made = np.empty(len(order), dtype=np.int64)
    made[by_order] = np.arange(len(order)) - np.searchsorted(sorted_, sorted_) + 1
    return made


def _customers(world: World) -> pa.Table:
    """One row for each customer with an order in the span; totals are as of its end, from placed orders."""
    orders, visits, person = world.orders, world.visits, world.visits.person
    rows = world.shown_orders
    code = world.customer_codes[orders.visit[rows]]
    placed = orders.placed[rows]
    size = len(world.customer_ids)
    spent = _sums(code, np.where(placed, orders.total[rows], 0), size)
    count = _sums(code, placed.astype(np.int64), size)
    seen = np.flatnonzero(np.bincount(code, minlength=size))
    root = world.customer_rows[seen]
    at, country = keys(person.day[root], person.index[root]), visits.country[root]
    cities = [facts()["customers"]["cities"][one] for one in COUNTRIES]
    within = world.draws.below("city", at, np.array([len(one) for one in cities])[country])
    base = np.cumsum([0] + [len(one) for one in cities])[country]
    # Created on the day of the first visit of all, which is never after the first order.
    day = person.day[root]
    late = np.where(count[seen] >= 4, 2, np.where(count[seen] >= 2, 1, 0))
    return arrow.build("customers", {
        "customer_id": world.customer_ids.take(pa.array(seen)),
        "created_at": arrow.instants(day * 86_400 - 7200),
        "country": arrow.text(country, COUNTRIES),
        "city": arrow.text(base + within, [city for one in cities for city in one]),
        "segment": arrow.text(late, ("new", "returning", "regular")),
        "email_opt_in": arrow.yes_no(world.draws.chance("e-mail opt in", at, 0.46)),
        "sms_opt_in": arrow.yes_no(world.draws.chance("sms opt in", at, 0.17)),
        "total_spent": arrow.money(spent[seen]),
        "total_orders": arrow.whole(count[seen]),
    })  # fmt: skip


def _products(world: World) -> pa.Table:
    """The goods at the prices of the span's last day."""
    ware, draws = goods(), world.draws
    cal = story.calendar(world.end - 1, world.end)
    at = keys(np.arange(len(ware)))
    launched = day_number(date(2019, 2, 1)) + draws.below("launched", at, 1200)
    return arrow.build("products", {
        "product_id": pa.array(ware.ids),
        "name": pa.array(ware.names),
        "category": arrow.text(ware.category, ware.categories),
        "brand": pa.array(ware.brands),
        "unit_cost": arrow.money(np.rint(ware.cost * 1.02 ** np.clip(cal.years[0], -6, 6) / 100) * 100),
        "price": arrow.money(story.prices(ware.price, story.price_level(cal))[0]),
        "launched_on": arrow.days(np.minimum(launched, world.start - 1)),
    })  # fmt: skip


def _sales_daily(world: World) -> pa.Table:
    """The weeks before the records begin, as the old shop system left them: totals by day, channel,
    country."""
    orders, visits = world.orders, world.visits
    rows = np.flatnonzero((orders.day < world.start) & orders.placed)
    visit = orders.visit[rows]
    channels = sorted({lane.channel for lane in LANES})
    channel = np.array([channels.index(lane.channel) for lane in LANES])[visits.lane[visit]]
    group = (orders.day[rows] * len(channels) + channel) * len(COUNTRIES) + visits.country[visit]
    found, place = np.unique(group, return_inverse=True)
    line_off = orders.gross[rows] - orders.net[rows]
    back = _returned_later(world)[rows]

    def total(values: Ints) -> Ints:
        return _sums(place, values, len(found))

    return arrow.build("sales_daily", {
        "day": arrow.days(found // (len(channels) * len(COUNTRIES))),
        "channel": arrow.text(found // len(COUNTRIES) % len(channels), channels),
        "country": arrow.text(found % len(COUNTRIES), COUNTRIES),
        "orders": arrow.whole(total(np.ones(len(rows), dtype=np.int64))),
        "gross_sales": arrow.money(total(orders.gross[rows])),
        "discounts": arrow.money(total(line_off + orders.discount[rows])),
        "returns": arrow.money(total(back)),
        "shipping": arrow.money(total(orders.shipping[rows])),
        "tax": arrow.money(total((orders.total[rows] + 2) // 5)),
    })  # fmt: skip


def _returned_later(world: World) -> Ints:
    """What was given back on each order of the old days, dated by the order as the old system did."""
    refunds = make_refunds(world, old=True)
    return _sums(world.line_order[refunds.line], refunds.amount, len(world.orders.day))


def _sums(place: Ints, values: Ints, size: int) -> Ints:
    """Exact sums of whole numbers by group."""
    made = np.zeros(size, dtype=np.int64)
    np.add.at(made, place, values)
    return made
