"""What the campaign of a visit is called: an advertisement's campaign, a newsletter, a post."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from kpi_tree.sample import lanes
from kpi_tree.sample.draws import Draws, Ints, Keys
from kpi_tree.sample.story import Calendar, date_of


def newsletter(day: int) -> str:
    """The name of the newsletter of a day.

    >>> newsletter(20_776)
    'nyhetsbrev-2026-11-19'
    """
    return f"nyhetsbrev-{date_of(day)}"


def post(network: str, day: int) -> str:
    """The id of a network's post of a day.

    >>> post("Instagram", 20_774)
    'instagram-2026-11-17'
    """
    return f"{network.lower()}-{date_of(day)}"


def campaign_codes(draws: Draws, cal: Calendar, at: Keys, lane: Ints, day: Ints) -> Ints:
    """For each visit a position in :func:`campaign_values`, -1 for none."""
    made = np.full(len(at), -1, dtype=np.int64)
    for one in sorted({lane for lane, _, _ in lanes.AD_CAMPAIGNS}):
        mine = [(n, share) for n, (other, _, share) in enumerate(lanes.AD_CAMPAIGNS) if other == one]
        rows = np.flatnonzero(lane == one)
        picked = draws.pick(f"ad campaign {one}", at[rows], [share for _, share in mine])
        made[rows] = np.array([n for n, _ in mine])[picked]
    for turn, one in enumerate((lanes.EMAIL, *lanes.SOCIAL.values())):
        rows = np.flatnonzero(lane == one)
        made[rows] = len(lanes.AD_CAMPAIGNS) + turn * len(cal) + day[rows] - cal.first
    return made


def campaign_values(cal: Calendar) -> pa.Array:
    """The names that the codes stand for: advertisements, then for each day the newest newsletter and
    posts."""
    found = [name for _, name, _ in lanes.AD_CAMPAIGNS]
    found += [newsletter(day) for day in lanes.last_on_weekday(cal, lanes.SEND_WEEKDAY).tolist()]
    for network in lanes.SOCIAL:
        found += [
            post(network, day) for day in lanes.last_on_weekday(cal, lanes.POST_WEEKDAY[network]).tolist()
        ]
    return pa.array(found, pa.string())


__all__ = ["campaign_codes", "campaign_values", "newsletter", "post"]
