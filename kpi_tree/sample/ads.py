"""Paid and tracked traffic: advertisements, partners, links. Counts follow from the visits they brought.

Rule: each row of ``ad_stats`` has at least as many clicks as the visits that its campaign brought on that
day and
device; about 6 % of clicks never become a visit. Conversions and revenue are those visits' orders, to the
cent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kpi_tree.sample import arrow, story
from kpi_tree.sample.campaign_names import campaign_codes, campaign_values
from kpi_tree.sample.draws import Ints, keys
from kpi_tree.sample.lanes import AD_CAMPAIGNS, AFFILIATE, DISPLAY_AD, EMAIL, LANES, SEARCH_AD, SOCIAL
from kpi_tree.sample.shop import pages
from kpi_tree.sample.visits import DEVICES
from kpi_tree.sample.world import World

COMMISSION_PERCENT = 8
LOST = 0.06


def ad_tables(world: World) -> dict[str, pa.Table]:
    """``ad_stats``, ``affiliate_stats``, ``link_stats``."""
    ads = world.once("ads", _ads)
    return {
        "ad_stats": _ad_stats(world, ads),
        "affiliate_stats": _affiliates(world),
        "link_stats": _links(world, ads),
    }


def campaigns_of(world: World) -> Ints:
    """The campaign of every visit, worked out once."""
    visits = world.visits
    return world.once(
        "campaigns", lambda _: campaign_codes(world.draws, visits.cal, visits.at, visits.lane, visits.day)
    )


@dataclass(frozen=True)
class Group:
    """Visits of the span summed by day and something else: day number, code, visits, orders, revenue
    (øre)."""

    day: Ints
    code: Ints
    visits: Ints
    orders: Ints
    revenue: Ints


def visit_sums(world: World, code: Ints, size: int) -> Group:
    """Sums by day and code over the visits of the span; visits with code -1 are left out."""
    visits, orders = world.visits, world.orders
    rows = np.flatnonzero((visits.day >= world.start) & (code >= 0))
    found, place = np.unique(visits.day[rows] * size + code[rows], return_inverse=True)
    ordered = np.zeros(len(visits), dtype=np.int64)
    ordered[orders.visit] = orders.placed
    worth = np.zeros(len(visits), dtype=np.int64)
    worth[orders.visit] = np.where(orders.placed, orders.net - orders.discount, 0)
    sums = [np.zeros(len(found), dtype=np.int64) for _ in range(3)]
    for made, values in zip(sums, (np.ones(len(rows), np.int64), ordered[rows], worth[rows]), strict=True):
        np.add.at(made, place, values)
    return Group(found // size, found % size, *sums)


@dataclass(frozen=True)
class Ads:
    """One row a day, campaign and device."""

    group: Group
    campaign: Ints
    device: Ints
    clicks: Ints
    impressions: Ints
    cost: Ints


def _ads(world: World) -> Ads:
    visits, draws = world.visits, world.draws
    code = campaigns_of(world)
    paid = (code >= 0) & (code < len(AD_CAMPAIGNS))
    size = len(DEVICES)
    group = visit_sums(world, np.where(paid, code * size + visits.device, -1), size * len(AD_CAMPAIGNS))
    campaign, device = group.code // size, group.code % size
    at = keys(group.day, group.code, 9)
    lane = np.array([one[0] for one in AD_CAMPAIGNS])[campaign]
    clicks = group.visits + draws.poisson("lost clicks", at, LOST * np.minimum(group.visits, 100))
    rate = np.select([lane == SEARCH_AD, lane == DISPLAY_AD], [0.062, 0.0035], 0.0125)
    rate = rate * np.exp(0.15 * draws.normal("click rate", at))
    years = story.calendar(world.start, world.end).years[group.day - world.start]
    price = np.select([lane == SEARCH_AD, lane == DISPLAY_AD], [690.0, 260.0], 420.0) * 1.07**years
    price *= np.exp(0.12 * draws.normal("click price", at))
    return Ads(
        group,
        campaign,
        device,
        clicks,
        np.rint(clicks / rate).astype(np.int64),
        np.rint(clicks * price).astype(np.int64),
    )


def _ad_stats(world: World, ads: Ads) -> pa.Table:
    lane = np.array([one[0] for one in AD_CAMPAIGNS])[ads.campaign]
    medium = np.select([lane == SEARCH_AD, lane == DISPLAY_AD], [0, 1], 2)
    lanes = [LANES[one[0]] for one in AD_CAMPAIGNS]
    source = [one.source.capitalize() if one.medium == "paid_social" else "" for one in lanes]
    at = keys(ads.group.day, ads.group.code, 9)
    position = 1.2 + 1.8 * world.draws.uniform("position", at)
    return arrow.build("ad_stats", {
        "day": arrow.days(ads.group.day),
        "platform": arrow.text(medium, ("Google Ads", "Google Ads", "Meta Ads")),
        "medium": arrow.text(medium, ("search", "display", "social")),
        "campaign": arrow.text(ads.campaign, [one[1] for one in AD_CAMPAIGNS]),
        "ad_group": arrow.text(ads.campaign, source),
        "device": arrow.text(ads.device, DEVICES),
        "impressions": arrow.whole(ads.impressions),
        "clicks": arrow.whole(ads.clicks),
        "cost": arrow.money(ads.cost),
        "conversions": arrow.real(ads.group.orders.astype(np.float64), 2),
        "revenue": arrow.money(ads.group.revenue),
        "position": arrow.real(position, 2, medium != 0),
    })  # fmt: skip


def _affiliates(world: World) -> pa.Table:
    """One row a partner and day with visits; the clicks are the visits, the orders and revenue theirs."""
    place = {lane: n for n, lane in enumerate(AFFILIATE.values())}
    code = np.array([place.get(n, -1) for n in range(len(LANES))])[world.visits.lane]
    group = visit_sums(world, code, len(AFFILIATE))
    return arrow.build("affiliate_stats", {
        "day": arrow.days(group.day),
        "affiliate": arrow.text(group.code, tuple(AFFILIATE)),
        "clicks": arrow.whole(group.visits),
        "orders": arrow.whole(group.orders),
        "revenue": arrow.money(group.revenue),
        "commission": arrow.money(group.revenue * COMMISSION_PERCENT // 100),
    })  # fmt: skip


def _links(world: World, ads: Ads) -> pa.Table:
    """Tracked links by day: the shop's own banner, posts, newsletters, and the advertisements again by
    medium."""
    visits, draws = world.visits, world.draws
    code = campaigns_of(world)
    own = {EMAIL: 0, **dict.fromkeys(SOCIAL.values(), 1)}
    kind = np.array([own.get(n, -1) for n in range(len(LANES))])[visits.lane]
    values = [*campaign_values(visits.cal).to_pylist(), ""]
    sent = visit_sums(world, np.where(kind >= 0, code, -1), len(values))
    home = visit_sums(
        world, np.where(visits.landing == pages().number["home"], len(values) - 1, -1), len(values)
    )
    by_mail = sent.code < len(AD_CAMPAIGNS) + len(visits.cal)
    paid = np.array([one[0] for one in AD_CAMPAIGNS])[ads.campaign]
    by_ad = _by_campaign(ads, np.isin(paid, (SEARCH_AD, DISPLAY_AD)))
    at_home, at_sent = (
        keys(home.day, 1, 11),
        keys(sent.day, (sent.code - len(AD_CAMPAIGNS)) // len(visits.cal), 12),
    )
    banner = draws.poisson("banner", at_home, np.minimum(home.visits * 0.07, 10.0))
    shown = np.rint(sent.visits / np.where(by_mail, 0.12, 0.02) * np.exp(0.1 * draws.normal("seen", at_sent)))
    return arrow.build("link_stats", {
        "day": arrow.days(np.concatenate([home.day, sent.day, by_ad[0]])),
        "medium": arrow.text(np.concatenate([np.full(len(home.day), 0), np.where(by_mail, 1, 2), by_ad[2]]),
                             ("site", "email", "social", "search", "display")),
        "campaign": arrow.text(np.concatenate([home.code, sent.code, by_ad[1]]), values),
        "link": arrow.text(np.concatenate([np.full(len(home.day), 0), np.where(by_mail, 1, 2), by_ad[2]]),
                           ("banner on the home page", "newsletter", "post", "advertisement",
                               "advertisement")),
        "impressions": arrow.whole(np.concatenate([home.visits, shown.astype(np.int64), by_ad[3]])),
        "clicks": arrow.whole(np.concatenate([np.minimum(banner, home.visits), sent.visits, by_ad[4]])),
    })  # fmt: skip


def _by_campaign(ads: Ads, rows: np.ndarray) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Search and display advertisements over all devices: day, campaign, medium (3 search, 4 display),
    shown, clicks."""
    found, place = np.unique(
        ads.group.day[rows] * len(AD_CAMPAIGNS) + ads.campaign[rows], return_inverse=True
    )
    shown, clicks = np.zeros(len(found), dtype=np.int64), np.zeros(len(found), dtype=np.int64)
    np.add.at(shown, place, ads.impressions[rows])
    np.add.at(clicks, place, ads.clicks[rows])
    campaign = found % len(AD_CAMPAIGNS)
    lane = np.array([one[0] for one in AD_CAMPAIGNS])[campaign]
    return found // len(AD_CAMPAIGNS), campaign, np.where(lane == SEARCH_AD, 3, 4), shown, clicks
