"""All record tables of the sample shop in one call."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.records import tables
from kpi_tree.sample.ads import ad_tables
from kpi_tree.sample.draws import FIRST_DAY
from kpi_tree.sample.letters import letter_tables
from kpi_tree.sample.office import office_tables
from kpi_tree.sample.outages import LONGEST
from kpi_tree.sample.service import service_tables
from kpi_tree.sample.social import social_tables
from kpi_tree.sample.stock import stock_tables
from kpi_tree.sample.story import date_of, day_number
from kpi_tree.sample.trade import trade_tables
from kpi_tree.sample.traffic import traffic_tables
from kpi_tree.sample.workshop import workshop_tables
from kpi_tree.sample.world import BEFORE, make_world

DAYS = 1096
SEED = 7
LAST = date(2110, 1, 1)


def generate(until: date, *, days: int = DAYS, seed: int = SEED, scale: float = 1.0) -> dict[str, pa.Table]:
    """Every record table of the sample shop, in its schema, for the ``days`` before ``until``.

    Args:
        until: the records end with the day before; pass today and the shop's last whole day is yesterday.
        days: how many days back the records reach. ``traffic_daily`` and ``sales_daily`` hold the 90 days
        before
            them, as totals from "the old system"; page views and form steps reach back 120 days.
        seed: another seed is another shop.
        scale: how much is going on: 1 is about 430 visits and 14 orders a day.

    What happened on a day does not depend on ``until``: a later call adds days, and fills in what was not
    yet known
    (a ticket's answer, an order's refund, a newsletter's clicks).

    Raises:
        Refused: the span is not within the shop's life, or a number makes no sense.

    >>> made = generate(date(2026, 3, 1), days=7)
    >>> made["orders"].num_rows > 50, len(made)
    (True, 38)
    """
    _check(until, days, scale)
    end = day_number(until)
    world = make_world(end - days, end, seed, scale)
    made = {
        **trade_tables(world),
        **traffic_tables(world),
        **stock_tables(world),
        **ad_tables(world),
        **letter_tables(world),
        **social_tables(world),
        **service_tables(world),
        **workshop_tables(world),
        **office_tables(world),
    }
    return {name: made[name] for name in tables()}


def _check(until: date, days: int, scale: float) -> None:
    opened = date_of(FIRST_DAY + 365 + BEFORE + LONGEST)
    if days < 1:
        raise Refused(msg("The sample shop needs at least one day."), place="days")
    if not 0.01 <= scale <= 20:
        raise Refused(msg("The size must lie between 0.01 and 20."), place="scale")
    if day_number(until) - days < day_number(opened) or until > LAST:
        raise Refused(
            msg("The sample shop has records from {first} to {last} only.", first=opened, last=LAST),
            place="until",
            remedy=msg("Choose a later day or fewer days."),
        )
