"""Exports that overlap: order numbers that another shop uses too, and exports older than one loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePath

from kpi_tree import ingest
from kpi_tree.i18n import msg, nmsg
from kpi_tree.ingest.asking import AskError
from kpi_tree.ingest.build import SAME_SHOP
from kpi_tree.issues import Issue
from kpi_tree.records.compare import Tally
from kpi_tree.store import Home
from kpi_tree.store import batches as kept

NUMBERED = "orders"
"""The table whose key is a number that every shop counts for itself."""
FEW = 2
"""Orders of another date from which it is asked whether they are another shop's, where they are half of those
known; fewer are told."""


def told(home: Home, reading: ingest.Reading, compared: Mapping[str, Tally], place: str) -> list[Issue]:
    """What there is to say about records of a file that are known already.

    Args:
        compared: record table -> how its records compare with what is known.
        place: the file's name.

    Raises:
        AskError: half of the known orders have another date: two shops use the same numbers.
    """
    mapping = reading.inspection.mapping
    orders = compared.get(NUMBERED)
    found = []
    if orders is not None and orders.redated and not (mapping and mapping.options.get("shop")):
        found.append(_redated(orders, place))
    if changed := sum(part.changed for part in compared.values()):
        last = max((part.last for part in compared.values() if part.last), default=None)
        layout = reading.inspection.layout
        later = _later(kept.all_batches(home), layout, last)
        if later is not None and last is not None:
            found.append(_older(changed, last, later, place))
    return found


def _redated(orders: Tally, place: str) -> Issue:
    known = orders.changed + orders.unchanged
    words = nmsg(
        "{n} of {known} order numbers that are known has another date here.",
        "{n} of {known} order numbers that are known have another date here.",
        orders.redated,
        known=known,
    )
    if orders.redated >= FEW and 2 * orders.redated >= known:
        raise AskError(
            msg("Another shop seems to use the same order numbers: {words}", words=words),
            option="shop",
            choices={SAME_SHOP: PurePath(place).stem},
            place=place,
            remedy=msg(
                "Set the option shop to a short name of this shop, and its numbers are kept apart. "
                "Set it to {same} if these are the same orders: the newer dates then count.",
                same=SAME_SHOP,
            ),
        )
    remedy = msg("Check that it is the same order. The newer export counts.")
    return Issue("warning", "redated", words, place, remedy, None, "order_id", None, orders.redated)


def _later(batches: Iterable[kept.Batch], layout: str | None, last: date | None) -> kept.Batch | None:
    """Of the active batches of the same layout that span a day the one that reaches furthest beyond it."""
    if layout is None or last is None:
        return None
    day = last.isoformat()
    same = [
        one
        for one in batches
        if one.status == "active"
        and one.receipt.get("layout") == layout
        and str(one.receipt.get("data_from") or day) <= day < str(one.receipt.get("data_through") or day)
    ]
    return max(same, key=lambda one: str(one.receipt["data_through"]), default=None)


def _older(changed: int, last: date, later: kept.Batch, place: str) -> Issue:
    words = nmsg(
        "{n} known record becomes what this file says. It ends on {day}, and {file} (batch {batch}) later.",
        "{n} known records become what this file says. It ends on {day}, and {file} (batch {batch}) later.",
        changed,
        day=last,
        file=later.file,
        batch=f"#{later.seq}",
    )
    remedy = msg("If this export is the older one, leave it out, or load the newer one once more.")
    return Issue("warning", "older_export", words, place, remedy, None, None, None, changed)
