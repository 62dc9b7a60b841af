"""Tables of the visits: sessions, page views, form steps, searches, and the old days that are known as
totals only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.sample import arrow, story
from kpi_tree.sample.ads import campaigns_of
from kpi_tree.sample.campaign_names import campaign_values
from kpi_tree.sample.carts import cart_events, steps
from kpi_tree.sample.counts import ORDER, SIGNUP
from kpi_tree.sample.draws import Ints
from kpi_tree.sample.lanes import LANES
from kpi_tree.sample.paths import Path, make_paths
from kpi_tree.sample.shop import COUNTRIES, facts, goods, pages
from kpi_tree.sample.visits import DEVICES
from kpi_tree.sample.world import World

PAGE_DAYS = 120
"""Page views and form steps are kept for this many days only, as analytics systems do; how many pages a visit
saw is known for all days."""

FORMS = (("newsletter", "newsletter"), ("checkout", "checkout"), ("returns", "returns"))
FORM_STEPS = ("page_seen", "reached", "submitted")


def traffic_tables(world: World) -> dict[str, pa.Table]:
    """``sessions``, ``page_views``, ``cart_events``, ``form_events``, ``site_searches``,
    ``traffic_daily``."""
    recent = world.shown_visits[world.visits.day[world.shown_visits] >= world.end - PAGE_DAYS]
    path = make_paths(world, recent)
    return {
        "sessions": _sessions(world),
        "page_views": _page_views(world, path),
        "cart_events": cart_events(world),
        "form_events": _form_events(world, path),
        "site_searches": _searches(world),
        "traffic_daily": _traffic_daily(world),
    }


def _sessions(world: World) -> pa.Table:
    rows, visits = world.shown_visits, world.visits
    lane = visits.lane[rows]
    codes = campaigns_of(world)[rows]
    return arrow.build("sessions", {
        "session_id": arrow.numbered("s", visits.number[rows]),
        "visitor_id": arrow.numbered("v", visits.visitor[rows]),
        "customer_id": arrow.text(world.customer_codes[rows], world.customer_ids),
        "started_at": arrow.instants(visits.start[rows]),
        "duration_seconds": arrow.real(visits.duration[rows].astype(np.float64), 0),
        "page_views": arrow.whole(visits.page_views[rows]),
        "landing_page": arrow.text(visits.landing[rows], pages().paths),
        "source": arrow.text(lane, [one.source for one in LANES]),
        "medium": arrow.text(lane, [one.medium for one in LANES]),
        "campaign": arrow.text(codes, campaign_values(visits.cal)),
        "channel": arrow.text(lane, [one.channel for one in LANES]),
        "device": arrow.text(visits.device[rows], DEVICES),
        "country": arrow.text(visits.country[rows], COUNTRIES),
        "new_visitor": arrow.yes_no(visits.person.first_visit[rows]),
    })  # fmt: skip


def _page_views(world: World, path: Path) -> pa.Table:
    visits, site = world.visits, pages()
    draws, visit = world.draws, path.visit
    broken = story.fault(visits.cal)[visits.day[visit] - visits.cal.first]
    device = np.array([2.3, 1.35, 1.9])[visits.device[visit]]
    heavy = np.where(site.product[path.page] >= 0, 1.25, 1.0)
    stuck = np.where(broken & (path.page == site.number["checkout"]), 3.5, 1.0)
    load = device * heavy * stuck * np.exp(0.38 * draws.normal("load", path.at))
    depth = draws.uniform("depth", path.at) ** np.where(visits.page_views[visit] == 1, 1.5, 0.7)
    return arrow.build("page_views", {
        "view_id": arrow.numbered("p", visits.number[visit] * 64 + path.place),
        "session_id": arrow.numbered("s", visits.number[visit]),
        "visitor_id": arrow.numbered("v", visits.visitor[visit]),
        "viewed_at": arrow.instants(path.seen),
        "page": arrow.text(path.page, site.paths),
        "page_type": arrow.text(path.page, site.types),
        "product_id": arrow.text(site.product[path.page], goods().ids),
        "read_depth": arrow.real(np.maximum(depth, 0.02), 3),
        "load_seconds": arrow.real(load, 3),
    })  # fmt: skip


def _form_events(world: World, path: Path) -> pa.Table:
    """For each form and each visit that saw its page: seen, reached, sent off."""
    visits, site = world.visits, pages()
    parts = []
    for n, (_, page) in enumerate(FORMS):
        views = np.flatnonzero(path.page == site.number[page])
        views = views[np.unique(path.visit[views], return_index=True)[1]]
        reached = _form_reached(world, n, path.visit[views])
        parts += [(n, step, views[reached >= step]) for step in range(len(FORM_STEPS))]
    form = np.concatenate([np.full(len(views), n) for n, _, views in parts])
    step = np.concatenate([np.full(len(views), s) for _, s, views in parts])
    view = np.concatenate([views for _, _, views in parts])
    visit = path.visit[view]
    latest = visits.start[visit] + visits.duration[visit]
    when = np.minimum(path.seen[view] + 3 * step, latest)
    turn = np.lexsort((step, visit, when))
    return arrow.build("form_events", {
        "event_id": arrow.numbered("f", visits.number[visit] * 16 + form * 4 + step),
        "session_id": arrow.numbered("s", visits.number[visit]),
        "occurred_at": arrow.instants(when),
        "page": arrow.text(path.page[view], site.paths),
        "form": arrow.text(form, [name for name, _ in FORMS]),
        "step": arrow.text(step, FORM_STEPS),
    }, keep=turn)  # fmt: skip


def _form_reached(world: World, form: int, visit: Ints) -> Ints:
    """0 page seen, 1 began to fill in, 2 sent off."""
    visits = world.visits
    u = world.draws.uniform(f"form {form}", visits.at[visit])
    if form == 0:
        made: Ints = np.where(visits.kind[visit] == SIGNUP, 2, np.where(u < 0.3, 1, 0))
    elif form == 1:
        made = np.where(visits.kind[visit] == ORDER, 2, np.where(steps(world)[visit] >= 2, 1, 0))
    else:
        made = np.where(u < 0.22, 2, np.where(u < 0.45, 1, 0))
    return made


def _searches(world: World) -> pa.Table:
    """One search for each visit that used the shop's search."""
    visits, draws = world.visits, world.draws
    rows = world.shown_visits[visits.searched[world.shown_visits]]
    terms = facts()["searches"]
    term = draws.pick("search term", visits.at[rows], 1.0 / np.arange(2, len(terms) + 2))
    results = np.array([sum(word[:4] in name.lower() for name in goods().names) for word in terms])[term]
    when = visits.start[rows] + visits.duration[rows] // visits.page_views[rows]
    turn = np.argsort(when, kind="stable")
    return arrow.build("site_searches", {
        "search_id": arrow.numbered("q", visits.number[rows]),
        "session_id": arrow.numbered("s", visits.number[rows]),
        "searched_at": arrow.instants(when),
        "term": arrow.text(term, terms),
        "results": arrow.whole(results),
    }, keep=turn)  # fmt: skip


def _traffic_daily(world: World) -> pa.Table:
    """The weeks before the records begin, as the old analytics left them: totals by day, source and
    device."""
    visits = world.visits
    rows = np.flatnonzero(visits.day < world.start)
    group = (visits.day[rows] * len(LANES) + visits.lane[rows]) * len(DEVICES) + visits.device[rows]
    found, place = np.unique(group, return_inverse=True)
    lane = found // len(DEVICES) % len(LANES)
    revenue = np.zeros(len(visits), dtype=np.int64)
    revenue[world.orders.visit] = np.where(world.orders.placed, world.orders.net - world.orders.discount, 0)
    reached = steps(world)[rows]
    placed = np.zeros(len(visits), dtype=bool)
    placed[world.orders.visit] = world.orders.placed
    visitors = np.unique(np.stack([place, visits.visitor[rows]]), axis=1)[0]

    def total(values: Any) -> Ints:
        made = np.zeros(len(found), dtype=np.int64)
        np.add.at(made, place, values.astype(np.int64))
        return made

    return arrow.build("traffic_daily", {
        "day": arrow.days(found // (len(DEVICES) * len(LANES))),
        "source": arrow.text(lane, [one.source for one in LANES]),
        "medium": arrow.text(lane, [one.medium for one in LANES]),
        "channel": arrow.text(lane, [one.channel for one in LANES]),
        "device": arrow.text(found % len(DEVICES), DEVICES),
        "country": arrow.same("", len(found)),
        "landing_page": arrow.same("", len(found)),
        "sessions": arrow.whole(total(np.ones(len(rows)))),
        "visitors": arrow.whole(np.bincount(visitors, minlength=len(found))),
        "new_visitor_sessions": arrow.whole(total(visits.person.first_visit[rows])),
        "bounced_sessions": arrow.whole(total(visits.page_views[rows] == 1)),
        "page_views": arrow.whole(total(visits.page_views[rows])),
        "duration_seconds": arrow.real(total(visits.duration[rows]).astype(np.float64), 0),
        "cart_sessions": arrow.whole(total(reached >= 0)),
        "checkout_sessions": arrow.whole(total(reached >= 1)),
        "order_sessions": arrow.whole(total(placed[rows])),
        "revenue": arrow.money(total(revenue[rows])),
    })  # fmt: skip
