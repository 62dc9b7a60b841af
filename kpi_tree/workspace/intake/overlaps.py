"""Exports that overlap: order numbers that another shop uses too, and what stays as a newer file has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import PurePath

from kpi_tree import ingest
from kpi_tree.i18n import Msg, msg, nmsg
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.mapping.build import SAME_SHOP
from kpi_tree.ingest.text.beside import PART
from kpi_tree.issues import Issue
from kpi_tree.records.compare import Tally
from kpi_tree.workspace.intake.newness import Standing, newness_kept

OLDER = "older_export"
NUMBERED = "orders"
"""The table whose key is a number that every shop counts for itself."""
FEW = 2
"""Orders of another date from which it is asked whether they are another shop's, where they are half of those
known; fewer are told."""


def told(
    reading: ingest.Reading, compared: Mapping[str, Tally], where: Standing, observed: int, place: str
) -> list[Issue]:
    """What there is to say about records of a file that are known already.

    Args:
        compared: record table -> how its records compare with what is known.
        where: the file's place in line. observed: values of KPIs that a newer file tells otherwise.
        place: the file's name.

    Raises:
        AskError: half of the known orders have another date: two shops use the same numbers.
    """
    mapping = reading.inspection.mapping
    orders = compared.get(NUMBERED)
    found = []
    if orders is not None and orders.redated and not (mapping and mapping.options.get("shop")):
        found.append(_redated(orders, place))
    if older := _behind(where, compared, observed, place):
        found.append(older)
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


def _behind(where: Standing, compared: Mapping[str, Tally], observed: int, place: str) -> Issue | None:
    """What a newer file goes on telling otherwise, by what it is the newer one, and the way to turn that."""
    count = observed + sum(part.behind for part in compared.values())
    if where.behind is None or not count:
        return None
    lines = sorted({line for part in compared.values() for line in part.lines})
    remedy = msg(
        "If this file is the newer one, say so when you load it (option newest), and its word counts instead."
    )
    words = nmsg(
        "{n} record stays as {file} (batch {batch}) has it: {why}",
        "{n} records stay as {file} (batch {batch}) has them: {why}",
        count,
        file=where.behind.file,
        batch=f"#{where.behind.seq}",
        why=_why(where),
    )
    first = lines[0] % PART if lines else None
    return Issue("warning", OLDER, words, place, remedy, first, None, None, count)


def _why(where: Standing) -> Msg:
    """By what a file is older than the one that it stands behind."""
    assert where.behind is not None
    mine, theirs = (_moment(getattr(one, where.by)) for one in (where.mine, newness_kept(where.behind)))
    if where.by == "stated":
        return msg("it was exported {there}, this one {here}.", there=theirs, here=mine)
    if where.by == "saved":
        return msg("it was saved {there}, this one {here}.", there=theirs, here=mine)
    return msg("its last record is of {there}, the last one here of {here}.", there=theirs, here=mine)


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if len(text) > len("2026-01-01") else date.fromisoformat(text)
