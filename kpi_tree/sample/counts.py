"""How much happens on each day: visits, and among them the ones that order, fill a cart, sign up, ask for
help."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi_tree.sample import story
from kpi_tree.sample.draws import FIRST_DAY, Draws, Ints, keys
from kpi_tree.sample.outages import sold_out_days
from kpi_tree.sample.story import Calendar, calendar

ORDER, CART, SIGNUP, TICKET, BROWSE = range(5)
"""What a visit is: the day's visits are numbered with the ordering ones first, then the others in this
turn."""


@dataclass(frozen=True)
class Counts:
    """Per day of ``cal``: how many visits there are (``visits``) and where each kind ends in their
    numbering."""

    cal: Calendar
    orders: Ints
    carts: Ints
    signups: Ints
    tickets: Ints
    visits: Ints

    def kind(self, day: Ints, index: Ints) -> Ints:
        """What kind of visit number ``index`` of a day is."""
        at = day - self.cal.first
        made: Ints = (
            (index >= self.orders[at]).astype(np.int64)
            + (index >= self.carts[at])
            + (index >= self.signups[at])
            + (index >= self.tickets[at])
        )
        return made


def count_days(draws: Draws, end: int, scale: float) -> Counts:
    """The counts of every day from the shop's first to ``end``; cheap, and the same whatever ``end`` is."""
    cal = calendar(FIRST_DAY, end)
    day, week = keys(cal.number), keys(cal.number // 7)
    index, found = story.campaign_index(cal)
    lift = np.array([one.traffic for one in found] + [1.0])[index]
    eager = np.array([one.conversion for one in found] + [1.0])[index]
    broken, scarce = story.fault(cal), sold_out_days(draws, cal)

    mood = np.exp(
        0.055 * draws.normal("mood of the day", day) + 0.04 * draws.normal("mood of the week", week)
    )
    traffic = 392.0 * scale * 1.062**cal.years * story.season(cal) * story.WEEKDAY[cal.weekday] * lift * mood
    visits = draws.about("visits", day, traffic, spread=0.8)

    rate = 0.0327 * 0.957**cal.years * eager * np.where(scarce, 0.93, 1.0)
    willing = draws.about("willing", day, visits * rate, spread=0.8)
    through = draws.about("through", day, willing * story.FAULT_LEFT)
    orders = np.minimum(np.where(broken, np.minimum(through, willing), willing), visits)
    carts = willing + draws.about("carts", day, visits * 0.058 * np.sqrt(eager))
    signups = draws.about("signups", day, 5.2 * scale * 1.05**cal.years * np.sqrt(lift))
    helped = visits * 0.0088 * np.where(broken, 2.4, 1.0) * np.where(scarce, 1.25, 1.0)
    tickets = draws.about("tickets", day, helped)
    ends = np.cumsum([orders, np.maximum(carts - orders, 0), signups, tickets], axis=0)
    return Counts(cal, ends[0], ends[1], ends[2], ends[3], np.maximum(visits, ends[3]))
