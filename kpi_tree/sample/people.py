"""Who comes: every visit leads back, over the visits it repeats, to one first visit; that names the person.

The lead back is drawn for each visit by itself (a hash of its day and number), so a person's past does not
depend on the days asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi_tree.sample.counts import ORDER, Counts
from kpi_tree.sample.draws import FIRST_DAY, Bools, Draws, Ints, keys

COMES_BACK = "comes back"
"""The stream of draws that decides whether a visit follows an earlier one."""

AS_CUSTOMER = np.array([0.36, 0.14, 0.02, 0.70, 0.065])
"""By kind of visit: how often the person has bought before and is known again by that."""
AS_VISITOR = np.array([0.40, 0.36, 0.20, 0.12, 0.26])
"""By kind of visit: how often it is a further visit of somebody who was just looking."""


@dataclass(frozen=True)
class People:
    """For each visit: the person's first visit as (day, number), whether this is it, whether the shop knows
    the person as a customer."""

    day: Ints
    index: Ints
    first_visit: Bools
    known: Bools


def trace(draws: Draws, counts: Counts, day: Ints, index: Ints) -> People:
    """Follow each visit back to its person's first one."""
    day, index = day.copy(), index.copy()
    known = counts.kind(day, index) == ORDER
    first_visit = np.zeros(len(day), dtype=bool)
    open_rows = np.arange(len(day))
    hop = 0
    while len(open_rows):
        back_day, back_index, as_customer = _one_back(draws, counts, day[open_rows], index[open_rows])
        moved = back_day >= 0
        if hop == 0:
            first_visit = ~moved
        open_rows = open_rows[moved]
        day[open_rows], index[open_rows] = back_day[moved], back_index[moved]
        bought = back_index[moved] < counts.orders[back_day[moved] - FIRST_DAY]
        known[open_rows] |= as_customer[moved] | bought
        hop += 1
    return People(day, index, first_visit, known)


def _one_back(draws: Draws, counts: Counts, day: Ints, index: Ints) -> tuple[Ints, Ints, Bools]:
    """The visit before, as day and number; day -1 where there is none."""
    at = keys(day, index)
    kind = counts.kind(day, index)
    u = draws.uniform(COMES_BACK, at)
    as_customer = u < AS_CUSTOMER[kind]
    as_visitor = ~as_customer & (u < AS_CUSTOMER[kind] + AS_VISITOR[kind])
    slow = -np.log1p(-draws.uniform("days since", at))
    lag = np.where(as_customer, 3 + np.minimum(slow * np.where(kind == 3, 9.0, 95.0), 700.0), 1 + slow * 8.0)
    target = day - lag.astype(np.int64)
    inside = target >= FIRST_DAY
    row = np.where(inside, target - FIRST_DAY, 0)
    size = np.where(as_customer, counts.orders[row], counts.visits[row])
    moved = (as_customer | as_visitor) & inside & (size > 0)
    return np.where(moved, target, -1), draws.below("which one", at, size), as_customer
