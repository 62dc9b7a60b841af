"""The visits themselves: when, from where, on what, how long, which page first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kpi_tree.sample import lanes
from kpi_tree.sample.baskets import line_counts
from kpi_tree.sample.clock import Clock
from kpi_tree.sample.counts import BROWSE, CART, ORDER, SIGNUP, TICKET, Counts
from kpi_tree.sample.draws import Bools, Draws, Ints, Keys, keys, number_of
from kpi_tree.sample.people import People, trace
from kpi_tree.sample.shop import COUNTRIES, goods, pages
from kpi_tree.sample.story import Calendar, calendar, campaign_index

DEVICES = ("mobile", "desktop", "tablet")

_DAYTIME = np.array(
    [3, 2, 1, 1, 1, 2, 6, 12, 18, 22, 26, 28, 30, 27, 26, 27, 29, 30, 33, 42, 50, 46, 30, 12], float
)
_WEEKEND = np.array(
    [5, 3, 2, 1, 1, 1, 3, 7, 15, 26, 34, 37, 36, 35, 35, 36, 36, 33, 32, 38, 44, 40, 26, 12], float
)


@dataclass(frozen=True)
class Visits:
    """One row a visit, ordered by day and, within the day, by number.

    ``start`` is in seconds since 1970, ``landing`` a page's number, ``campaign`` a position in
    :func:`kpi_tree.sample.campaign_names.names`, -1 for none.
    """

    cal: Calendar
    day: Ints
    index: Ints
    at: Keys
    kind: Ints
    lane: Ints
    device: Ints
    country: Ints
    start: Ints
    duration: Ints
    page_views: Ints
    searched: Bools
    landing: Ints
    person: People

    def __len__(self) -> int:
        return len(self.day)

    @cached_property
    def number(self) -> Ints:
        """A number for each visit that does not show its day and place."""
        return number_of(self.day, self.index)

    @cached_property
    def visitor(self) -> Ints:
        """A number for each person: that of the person's first visit."""
        return number_of(self.person.day, self.person.index)

    def row(self, day: Ints, index: Ints) -> Ints:
        """Rows of visits given by day and number."""
        starts = np.searchsorted(self.day, np.arange(self.cal.first, self.cal.end))
        made: Ints = starts[day - self.cal.first] + index
        return made


def make_visits(draws: Draws, counts: Counts, clock: Clock, first: int, end: int) -> Visits:
    """The visits of the days ``[first, end)``."""
    cal = calendar(first, end)
    sizes = counts.visits[first - counts.cal.first : end - counts.cal.first]
    day = np.repeat(cal.number, sizes)
    index = np.arange(len(day)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    at, kind, row = keys(day, index), counts.kind(day, index), day - first
    person = trace(draws, counts, day, index)
    lane = _lane(draws, cal, at, kind, row)
    device = _device(draws, cal, at, kind, lane, row)
    lines = np.where(kind == ORDER, line_counts(draws, at), 0)
    views, searched = _views(draws, at, kind, lane, device, lines)
    duration = _duration(draws, at, views)
    second = _second(draws, cal, at, lane, row, duration)
    return Visits(
        cal=cal, day=day, index=index, at=at, kind=kind, lane=lane, device=device,
        country=draws.pick("country", keys(person.day, person.index), [0.885, 0.075, 0.04]),
        start=clock.instant(day, second), duration=duration, page_views=views, searched=searched,
        landing=_landing(draws, cal, at, kind, lane, row), person=person,
    )  # fmt: skip


def _lane(draws: Draws, cal: Calendar, at: Keys, kind: Ints, row: Ints) -> Ints:
    tables = lanes.lane_weights(cal)
    stacked = np.concatenate([tables[one] for one in range(BROWSE + 1)])
    return draws.pick_by_row("lane", at, stacked, kind * len(cal) + row)


def _device(draws: Draws, cal: Calendar, at: Keys, kind: Ints, lane: Ints, row: Ints) -> Ints:
    phone = 1.75 * np.exp(0.13 * cal.years)[row] * np.array([one.phone for one in lanes.LANES])[lane]
    phone *= np.array([0.62, 0.92, 1.0, 0.8, 1.08])[kind]
    tablet = 0.11 + 0.0 * phone
    u = draws.uniform("device", at) * (phone + 1.0 + tablet)
    made: Ints = np.where(u < phone, 0, np.where(u < phone + 1.0, 1, 2))
    return made


def _views(draws: Draws, at: Keys, kind: Ints, lane: Ints, device: Ints, lines: Ints) -> tuple[Ints, Bools]:
    """Pages seen, and whether the visit used the search. Ordering takes the goods' pages and three to pay."""
    leaves = 0.525 * np.array([one.bounce for one in lanes.LANES])[lane] * np.where(device == 0, 1.06, 0.92)
    bounced = (kind == BROWSE) & (draws.uniform("bounce", at) < leaves)
    more = np.log1p(-draws.uniform("pages", at)) / np.log(np.array([0.70, 0.74, 0.60, 0.62, 0.69])[kind])
    least = np.select([kind == ORDER, kind == CART, kind == TICKET], [lines + 4, 4, 3], 2)
    searched = ~bounced & (draws.uniform("searched", at) < np.array([0.14, 0.13, 0.0, 0.10, 0.07])[kind])
    views = np.where(bounced, 1, least + np.minimum(more, 30).astype(np.int64) + searched)
    return views.astype(np.int64), searched


def _duration(draws: Draws, at: Keys, views: Ints) -> Ints:
    pace = np.exp(np.log(38.0) + 0.55 * draws.normal("pace", at))
    seconds = np.where(views == 1, 3 + pace * 0.35, 12 + pace * views)
    made: Ints = np.minimum(seconds, 5400).astype(np.int64)
    return made


def _second(draws: Draws, cal: Calendar, at: Keys, lane: Ints, row: Ints, duration: Ints) -> Ints:
    """Second of the day at which the visit starts; it ends before midnight, and follows the day's
    newsletter."""
    weekend = (cal.weekday >= 5)[row]
    u = draws.uniform("time of day", at)
    after_send = (lane == lanes.EMAIL) & (cal.weekday[row] == lanes.SEND_WEEKDAY)
    hours = np.empty(len(u))
    for chosen, weights in ((weekend, _WEEKEND), (~weekend, _DAYTIME)):
        edges = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])
        low = np.where(after_send[chosen], edges[10], 0.0)
        hours[chosen] = np.interp(low + u[chosen] * (1 - low), edges, np.arange(25.0))
    made: Ints = np.minimum((hours * 3600).astype(np.int64), 86_340 - duration)
    return made


def _landing(draws: Draws, cal: Calendar, at: Keys, kind: Ints, lane: Ints, row: Ints) -> Ints:
    """The page a visit starts on; while a campaign runs, ads and e-mail lead to its page."""
    ware, site = goods(), pages()
    product0, category0 = site.number[f"product {ware.ids[0]}"], site.number[f"category {ware.slugs[0]}"]
    blog0 = next(n for name, n in site.number.items() if name.startswith("blog "))
    weights = np.array([
        [0.17, 0.26, 0.42, 0.15],  # from a search engine: home, category, product, blog
        [0.62, 0.18, 0.18, 0.02],  # by themselves
        [0.10, 0.42, 0.46, 0.02],  # from an advertisement or a newsletter
        [0.16, 0.20, 0.38, 0.26],  # from social networks and other sites
    ])  # fmt: skip
    manner = {"Organic Search": 0, "Direct": 1, "Paid Search": 2, "Paid Social": 2, "Email": 2, "Display": 2}
    group = np.array([manner.get(one.channel, 3) for one in lanes.LANES])[lane]
    sort = draws.pick_by_row("landing", at, weights, group)
    category = category0 + draws.below("landing category", at, len(ware.categories))
    product = product0 + draws.pick("landing product", at, ware.weight)
    blog = blog0 + draws.below("landing post", at, len(site.paths) - blog0)
    page = np.choose(sort, [np.full(len(at), site.number["home"]), category, product, blog])
    on_sale = (campaign_index(cal)[0] >= 0)[row] & (group == 2) & draws.chance("landing campaign", at, 0.45)
    made: Ints = np.where(on_sale & (kind != SIGNUP) & (kind != TICKET), site.number["campaign"], page)
    return made


def is_cart(visits: Visits) -> Bools:
    """Visits in which something was put into the cart."""
    made: Bools = visits.kind <= CART
    return made


__all__ = ["COUNTRIES", "DEVICES", "Visits", "is_cart", "make_visits"]
