"""The same sales told by two exports under different numbers: a shop's orders, and the payments of them.

See docs/decisions/0006. Nothing in the files tells which payment is of which order, so the person is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from kpi_tree import ingest
from kpi_tree.i18n import msg
from kpi_tree.ingest.asking import AskError
from kpi_tree.ingest.build import COUNTED_TOO, LEFT_OUT, SALES
from kpi_tree.ingest.layout import layouts
from kpi_tree.records.compare import Tally
from kpi_tree.store import Home
from kpi_tree.store import batches as kept

SLOW = timedelta(days=180)
"""How long after a payment it may be given back."""
Days = tuple[date, date]


def ask(home: Home, reading: ingest.Reading, compared: Mapping[str, Tally], place: str) -> None:
    """Ask about sales or refunds of a file that a known file tells too.

    Args:
        compared: record table -> how its records compare with what is known.
        place: the file's name.

    Raises:
        AskError: there are such; nothing was said about them yet.
    """
    said = reading.inspection.mapping
    mine, days = told_by(reading.inspection.layout), _days(compared)
    if days is None or mine == "market" or (said and said.options.get("again")):
        return
    for other, theirs, tables, span in _known(home, reading.inspection.layout):
        if {mine, theirs} == {"shop", "payments"} and _meet(days, span):
            raise _sales(place, other, mine)
        both = "refunds" in tables and "refunds" in compared and reading.tables["refunds"].num_rows > 0
        if mine == theirs == "payments" and both and _meet(days, span, SLOW):
            raise _refunds(place, other)


def told_by(layout: str | None) -> str:
    """What tells the sales of a layout: ``shop``, ``payments`` of its orders, or a ``market`` of its own.

    >>> told_by("stripe_payments"), told_by("etsy_sold_items"), told_by("orders")
    ('payments', 'market', 'shop')
    """
    found = layouts().get(layout or "")
    return (found.sales if found else "") or "shop"


def _days(compared: Mapping[str, Tally]) -> Days | None:
    """The days of a file's sales; None where it tells none."""
    spans = [compared[table] for table in SALES if table in compared]
    days = [day for one in spans for day in (one.first, one.last) if day is not None]
    return (min(days), max(days)) if days else None


def _known(home: Home, layout: str | None) -> Iterator[tuple[kept.Batch, str, set[str], Days]]:
    """The active batches with sales from other layouts: how they are told, the tables, and the days."""
    vendor = _vendor(layout)
    for one in kept.all_batches(home):
        receipt, known = one.receipt, str(one.receipt.get("layout") or "")
        if one.status != "active" or known == layout or not receipt.get("data_from"):
            continue
        tables = {
            str(entry["table"])
            for entry in receipt.get("tables", ())
            if entry["table"] in SALES and entry["accepted"] + entry["changed"] + entry["unchanged"]
        }
        kind = told_by(known)
        if tables and (kind != "payments" or told_by(layout) != "payments" or _vendor(known) == vendor):
            days = (date.fromisoformat(receipt["data_from"]), date.fromisoformat(receipt["data_through"]))
            yield one, kind, tables, days


def _vendor(layout: str | None) -> str:
    found = layouts().get(layout or "")
    return found.vendor if found else ""


def _meet(mine: Days, theirs: Days, slack: timedelta = timedelta()) -> bool:
    return mine[0] <= theirs[1] + slack and theirs[0] <= mine[1] + slack


def _sales(place: str, other: kept.Batch, mine: str) -> AskError:
    names = {"file": other.file, "batch": f"#{other.seq}"}
    if mine == "payments":
        return AskError(
            msg(
                "{file} (batch {batch}) tells the orders of these days, and this file their payments.",
                **names,
            ),
            option="again",
            choices={LEFT_OUT: "", COUNTED_TOO: ""},
            place=place,
            remedy=msg(
                "Set the option again to {leave}, and only what the payments cost is taken from this file. "
                "Set it to {count} if these are other sales: both then count.",
                leave=LEFT_OUT,
                count=COUNTED_TOO,
            ),
        )
    return AskError(
        msg("{file} (batch {batch}) tells the payments of these days, and this file their orders.", **names),
        option="again",
        choices={COUNTED_TOO: ""},
        place=place,
        remedy=msg(
            "Withdraw {batch}, load this file, and then {file} once more. "
            "If these are other sales, set the option again to {count}: both then count.",
            count=COUNTED_TOO,
            **names,
        ),
    )


def _refunds(place: str, other: kept.Batch) -> AskError:
    return AskError(
        msg(
            "{file} (batch {batch}) may tell the same refunds under other numbers.",
            file=other.file,
            batch=f"#{other.seq}",
        ),
        option="again",
        choices={"refunds": "", COUNTED_TOO: ""},
        place=place,
        remedy=msg(
            "Set the option again to {leave}, and the refunds of this file are left out. "
            "Set it to {count} if they are others: both then count.",
            leave="refunds",
            count=COUNTED_TOO,
        ),
    )
