"""Quarters in a file are the calendar's; a shop whose year begins in another month may mean its own."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.periods import Grain, period_id, period_of
from kpi_tree.workspace.base.types import Settings


def told(observed: pa.Table | None, chosen: Settings, place: str) -> list[Issue]:
    """What there is to say about quarters among the values of a file.

    Args:
        observed: its values of KPIs, with their ``grain`` and ``start``. place: the file's name.

    Raises:
        Refused: no quarter of the calendar is one of the shop's.
    """
    if observed is None or chosen.fiscal_start_month == 1:
        return []
    grains = observed.column("grain").cast(pa.string())
    starts = observed.column("start").filter(pc.equal(grains, str(Grain.QUARTER)))
    if not len(starts):
        return []
    if chosen.fiscal_start_month % 3 != 1:
        raise Refused(
            msg("The quarters of this shop's year are not those of the calendar, which a file can name."),
            place=place,
            remedy=msg("Give the values by month; quarters are added up from them."),
        )
    first = period_of(pc.min(starts).as_py(), Grain.QUARTER)
    return [
        Issue(
            "warning",
            "calendar_quarters",
            msg(
                "Quarters in a file are those of the calendar: {quarter} begins on {day}. "
                "The shop's year begins in another month.",
                quarter=period_id(first),
                day=first.start,
            ),
            place,
            msg("If the file means the shop's own quarters, write the first day of each of their months."),
            count=len(starts),
        )
    ]
