"""Where visits come from: channel, source and medium, and how each behaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kpi_tree.sample.counts import BROWSE, CART, ORDER, SIGNUP, TICKET
from kpi_tree.sample.draws import Floats, Ints
from kpi_tree.sample.story import Calendar, campaign_index


@dataclass(frozen=True)
class Lane:
    """One way into the shop.

    Attributes:
        share: of all visits; ``buys``, ``carts``: how readily its visits order or fill a cart, 1 = average.
        bounce: how readily they leave at once, 1 = average; ``phone``: weight of phones, 1 = average.
    """

    channel: str
    source: str
    medium: str
    share: float
    buys: float
    carts: float
    bounce: float
    phone: float


LANES: tuple[Lane, ...] = (
    Lane("Organic Search", "google", "organic", 0.300, 0.95, 1.0, 0.98, 1.0),
    Lane("Organic Search", "bing", "organic", 0.018, 1.05, 1.0, 0.95, 0.3),
    Lane("Direct", "(direct)", "(none)", 0.178, 1.20, 1.1, 0.95, 0.9),
    Lane("Paid Search", "google", "cpc", 0.182, 1.05, 1.1, 1.02, 1.0),
    Lane("Paid Social", "facebook", "paid_social", 0.055, 0.55, 0.8, 1.22, 1.8),
    Lane("Paid Social", "instagram", "paid_social", 0.045, 0.50, 0.8, 1.25, 2.4),
    Lane("Email", "newsletter", "email", 0.080, 1.75, 1.4, 0.72, 1.1),
    Lane("Organic Social", "instagram", "social", 0.030, 0.45, 0.7, 1.15, 2.4),
    Lane("Organic Social", "facebook", "social", 0.018, 0.50, 0.7, 1.15, 1.7),
    Lane("Organic Social", "pinterest", "social", 0.012, 0.55, 0.9, 1.10, 1.4),
    Lane("Referral", "hytteliv.example", "referral", 0.022, 0.80, 0.9, 1.0, 0.9),
    Lane("Referral", "prisjakt.example", "referral", 0.016, 1.30, 1.2, 0.9, 0.8),
    Lane("Affiliates", "hyttemagasinet", "affiliate", 0.012, 1.00, 1.0, 1.0, 1.0),
    Lane("Affiliates", "turbloggen", "affiliate", 0.009, 0.90, 1.0, 1.0, 1.1),
    Lane("Affiliates", "gavetips", "affiliate", 0.007, 1.20, 1.1, 1.0, 1.0),
    Lane("Display", "google", "display", 0.016, 0.30, 0.5, 1.35, 1.3),
)

NUMBER: Mapping[tuple[str, str], int] = {(lane.source, lane.medium): n for n, lane in enumerate(LANES)}
EMAIL = NUMBER["newsletter", "email"]
SEARCH_AD = NUMBER["google", "cpc"]
DISPLAY_AD = NUMBER["google", "display"]
SOCIAL_ADS = (NUMBER["facebook", "paid_social"], NUMBER["instagram", "paid_social"])
SOCIAL = {
    "Instagram": NUMBER["instagram", "social"],
    "Facebook": NUMBER["facebook", "social"],
    "Pinterest": NUMBER["pinterest", "social"],
}
POST_WEEKDAY = {"Instagram": 1, "Facebook": 4, "Pinterest": 6}
ORGANIC = NUMBER["google", "organic"]
AFFILIATE = {
    "Hyttemagasinet": NUMBER["hyttemagasinet", "affiliate"],
    "Turbloggen": NUMBER["turbloggen", "affiliate"],
    "Gavetips": NUMBER["gavetips", "affiliate"],
}

AD_CAMPAIGNS: tuple[tuple[int, str, float], ...] = (
    (SEARCH_AD, "Merkevare – søk", 0.3),
    (SEARCH_AD, "Ull og tekstil – søk", 0.4),
    (SEARCH_AD, "Kjøkken og friluft – søk", 0.3),
    (DISPLAY_AD, "Remarketing – bannere", 1.0),
    (SOCIAL_ADS[0], "Hytteliv – bred", 0.6),
    (SOCIAL_ADS[0], "Handlekurv – remarketing", 0.4),
    (SOCIAL_ADS[1], "Hytteliv – bred", 0.8),
    (SOCIAL_ADS[1], "Handlekurv – remarketing", 0.2),
)
"""Lane, campaign, share of the lane's visits. The first three are search, then display, then social."""

SEND_WEEKDAY = 3
SINCE_SEND = np.array([3.3, 1.5, 0.8, 0.5, 0.4, 0.3, 0.3])


def last_on_weekday(cal: Calendar, weekday: int) -> Ints:
    """For each day the latest day, itself included, that falls on a weekday."""
    made: Ints = cal.number - (cal.weekday - weekday) % 7
    return made


def lane_weights(cal: Calendar) -> Mapping[int, Floats]:
    """For each kind of visit, a table day by lane of weights."""
    base = np.tile(np.array([lane.share for lane in LANES]), (len(cal), 1))
    base[:, EMAIL] *= SINCE_SEND[(cal.weekday - SEND_WEEKDAY) % 7]
    selling = campaign_index(cal)[0] >= 0
    for lane in (EMAIL, SEARCH_AD, *SOCIAL_ADS):
        base[:, lane] *= np.where(selling, 1.35, 1.0)
    base[:, SOCIAL_ADS[1]] *= np.exp(0.12 * cal.years)
    buys = np.array([lane.buys for lane in LANES])
    carts = np.array([lane.carts for lane in LANES])
    return {ORDER: base * buys, CART: base * carts, SIGNUP: base, TICKET: base * buys, BROWSE: base}
