"""Which pages a visit went through, in their order; the same whenever and for whichever visits it is
asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi_tree.sample.carts import added, steps
from kpi_tree.sample.counts import CART, ORDER, SIGNUP, TICKET
from kpi_tree.sample.draws import Ints, Keys, keys
from kpi_tree.sample.shop import goods, pages
from kpi_tree.sample.topics import last_pages
from kpi_tree.sample.world import World


@dataclass(frozen=True)
class Path:
    """One row a page view: row of the visit, place in it from 0, the page, when (seconds), a key for
    draws."""

    visit: Ints
    place: Ints
    page: Ints
    seen: Ints
    at: Keys


def make_paths(world: World, rows: Ints) -> Path:
    """The page views of some visits, given by row, visit by visit."""
    visits = world.visits
    sizes = visits.page_views[rows]
    visit = np.repeat(rows, sizes)
    place = np.arange(len(visit)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    at = keys(visits.day[visit], visits.index[visit], place + 1)
    page = _wandering(world, visit, at)
    _through_the_goods(world, visit, place, page)
    _towards_the_end(world, rows, visit, place, page)
    page = np.where(place == 0, visits.landing[visit], page)
    page = np.where((place == 1) & visits.searched[visit], pages().number["search"], page)
    size = visits.page_views[visit]
    pace = (place + 0.5 * world.draws.uniform("view at", at) * (place > 0)) / size
    seen = visits.start[visit] + (visits.duration[visit] * pace).astype(np.int64)
    return Path(visit, place, page, seen, at)


def favourite(world: World, rows: Ints) -> Ints:
    """The product that each visit circles around."""
    return world.draws.pick("favourite", world.visits.at[rows], goods().weight)


def _wandering(world: World, visit: Ints, at: Keys) -> Ints:
    """Pages in the middle: categories, products (often the favourite's or its partner's), the rest now
    and then."""
    draws, ware, site = world.draws, goods(), pages()
    main = favourite(world, visit)
    u = draws.uniform("which product", at)
    other = draws.pick("other product", at, ware.weight)
    product = np.where(u < 0.30, main, np.where(u < 0.62, ware.partner[main], other))
    blog0 = next(n for name, n in site.number.items() if name.startswith("blog "))
    sort = draws.pick("page sort", at, [0.29, 0.50, 0.05, 0.04, 0.03, 0.02, 0.05, 0.02])
    choices = [
        site.number[f"category {ware.slugs[0]}"] + ware.category[product],
        site.number["product BEL-101"] + product,
        blog0 + draws.below("post", at, len(site.paths) - blog0),
        np.full(len(at), site.number["home"]),
        np.full(len(at), site.number["delivery"]),
        np.full(len(at), site.number["returns"]),
        np.full(len(at), site.number["cart"]),
        np.full(len(at), site.number["newsletter"]),
    ]
    made: Ints = np.choose(sort, choices)
    return made


def _through_the_goods(world: World, visit: Ints, place: Ints, page: Ints) -> None:
    """Whoever puts goods into the cart has seen their pages: set them in, after the landing page and the
    search."""
    carts = added(world)
    step = place - 1 - world.visits.searched[visit]
    begin = np.searchsorted(carts.visit, visit, side="left")
    count = np.searchsorted(carts.visit, visit, side="right") - begin
    shown = (step >= 0) & (step < count)
    page[shown] = pages().number["product BEL-101"] + carts.product[(begin + step)[shown]]


def _towards_the_end(world: World, rows: Ints, visit: Ints, place: Ints, page: Ints) -> None:
    """The last pages, by what the visit came to."""
    visits, site = world.visits, pages()
    left = visits.page_views[visit] - place
    kind = visits.kind[visit]
    reached = steps(world)[visit]
    page[(kind == ORDER) & (left == 3)] = site.number["cart"]
    page[(kind == ORDER) & (left == 2)] = site.number["checkout"]
    page[(kind == ORDER) & (left == 1)] = site.number["thanks"]
    page[(kind == CART) & (left == np.where(reached > 0, 2, 1))] = site.number["cart"]
    page[(kind == CART) & (left == 1) & (reached > 0)] = site.number["checkout"]
    page[(kind == SIGNUP) & (left == 1)] = site.number["newsletter"]
    asking = rows[visits.kind[rows] == TICKET]
    page[(kind == TICKET) & (left == 1)] = last_pages(world.draws, visits, asking, favourite(world, asking))
