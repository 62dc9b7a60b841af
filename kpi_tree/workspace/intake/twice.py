"""The same sales told by two exports under different numbers: a shop's orders, and the payments of them.

See docs/decisions/0006. Nothing in the files tells which payment is of which order, so the person is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kpi_tree import ingest
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.mapping.again import COUNTED_TOO, LEFT_OUT, SALES
from kpi_tree.ingest.mapping.layout import layouts
from kpi_tree.issues import Issue
from kpi_tree.records.compare import Tally
from kpi_tree.records.tables import segment_dims, tables
from kpi_tree.records.tables import table as of_name
from kpi_tree.store import Home
from kpi_tree.store import batches as kept

SLOW = timedelta(days=180)
"""How long after a payment it may be given back."""
Days = tuple[date, date]
NEVER: Days = (date.max - SLOW, date.max - SLOW)
"""Days that meet none."""
REPORTS = frozenset(name for name, table in tables().items() if table.aggregate)
"""Tables whose rows come counted."""


def ask(home: Home, reading: ingest.Reading, compared: Mapping[str, Tally], place: str) -> None:
    """Ask about sales or refunds of a file that a known file tells too.

    Args:
        compared: record table -> how its records compare with what is known.
        place: the file's name.

    Raises:
        AskError: there are such; nothing was said about them yet.
    """
    said = reading.inspection.mapping
    if said and said.options.get("again"):
        return
    _ask_of_the_same(home, reading, compared, place)
    mine, days = told_by(reading.inspection.layout), _days(compared)
    if days is None or mine == "market":
        return
    for other, theirs, told_in, span in _known(home, reading.inspection.layout):
        if {mine, theirs} == {"shop", "payments"} and _meet(days, span):
            raise _sales(place, other, mine)
        both = "refunds" in told_in and "refunds" in compared and reading.tables["refunds"].num_rows > 0
        if mine == theirs == "payments" and both and _meet(days, span, SLOW):
            raise _refunds(place, other)


def _ask_of_the_same(home: Home, reading: ingest.Reading, compared: Mapping[str, Tally], place: str) -> None:
    """Ask about a report whose vendor tells the same in another one, which is known, under other keys."""
    mine, days = str(reading.inspection.layout or ""), _days(compared, tuple(compared))
    pairs = {(one.id, one.same_as) for one in layouts().values() if one.same_as}
    for other in kept.all_batches(home) if days else ():
        same = {(mine, _layout(other)), (_layout(other), mine)} & pairs
        if same and other.status == "active" and days and _meet(days, _span(other)):
            raise _the_same(place, other)


def told(home: Home, reading: ingest.Reading, compared: Mapping[str, Tally], place: str) -> list[Issue]:
    """What there is to say of days that a known file tells too, by other parts or order by order: they count
    once.

    Args:
        compared: record table -> how its records compare with what is known.
        place: the file's name.
    """
    files, batches = kept.active_files(home), {one.id: one for one in kept.all_batches(home)}
    found = []
    for table, rows in reading.tables.items():
        days = _days(compared, (table,)) if table in REPORTS and rows.num_rows else None
        near = [
            (batches[b], path)
            for _, b, path in files.get(table, ())
            if days and _meet(days, _span(batches[b]))
        ]
        mine = _parts(rows, table) if near else {}
        others = [batch for batch, path in near if _otherwise(mine, _parts(path, table))]
        found += [_same_days(place, max(others, key=lambda one: one.seq))] if others else []
    market = told_by(reading.inspection.layout) == "market"
    for here, there in (("orders", "sales_daily"), ("sales_daily", "orders")):
        days = None if market else _days(compared, (here,))
        near_by = [batches[batch] for _, batch, _ in files.get(there, ())] if days else []
        shops = [
            one for one in near_by if told_by(_layout(one)) != "market" and days and _meet(days, _span(one))
        ]
        found += [_by_orders(place, max(shops, key=lambda one: one.seq))] if shops else []
    return found


def told_by(layout: str | None) -> str:
    """What tells the sales of a layout: ``shop``, ``payments`` of its orders, or a ``market`` of its own.

    >>> told_by("stripe_payments"), told_by("etsy_sold_items"), told_by("orders")
    ('payments', 'market', 'shop')
    """
    found = layouts().get(layout or "")
    return (found.sales if found else "") or "shop"


def _days(compared: Mapping[str, Tally], tables: Sequence[str] = SALES) -> Days | None:
    """The days that a file tells in some tables; None where it tells none."""
    spans = [compared[table] for table in tables if table in compared]
    days = [day for one in spans for day in (one.first, one.last) if day is not None]
    return (min(days), max(days)) if days else None


def _known(home: Home, layout: str | None) -> Iterator[tuple[kept.Batch, str, set[str], Days]]:
    """The active batches with sales from other layouts: how they are told, the tables, and the days."""
    vendor = _vendor(layout)
    for one in kept.all_batches(home):
        receipt, known = one.receipt, str(one.receipt.get("layout") or "")
        if one.status != "active" or known == layout or not receipt.get("data_from"):
            continue
        told_in = {
            str(entry["table"])
            for entry in receipt.get("tables", ())
            if entry["table"] in SALES and entry["accepted"] + entry["changed"] + entry["unchanged"]
        }
        kind = told_by(known)
        if told_in and (kind != "payments" or told_by(layout) != "payments" or _vendor(known) == vendor):
            days = (date.fromisoformat(receipt["data_from"]), date.fromisoformat(receipt["data_through"]))
            yield one, kind, told_in, days


def _layout(batch: kept.Batch) -> str:
    return str(batch.receipt.get("layout") or "")


def _span(batch: kept.Batch) -> Days:
    first, last = (batch.receipt.get(end) for end in ("data_from", "data_through"))
    return (date.fromisoformat(first), date.fromisoformat(last)) if first and last else NEVER


def _parts(rows: pa.Table | Path, table: str) -> dict[tuple[Any, ...], set[tuple[Any, ...]]]:
    """Source of a report -> by what its rows are broken down, and whether they are of single days."""
    of = of_name(table)
    names = pq.read_schema(rows).names if isinstance(rows, Path) else rows.column_names
    source = [key for key in ("_origin", *of.key) if key in names and key not in (of.time, *segment_dims(of))]
    wanted = [*source, *(name for name in ("_by", "_through") if name in names)]
    held = pq.read_table(rows, columns=wanted) if isinstance(rows, Path) else rows.select(wanted)
    if "_through" in wanted:
        held = held.set_column(len(wanted) - 1, "_through", pc.is_null(held.column("_through")))
    found: dict[tuple[Any, ...], set[tuple[Any, ...]]] = {}
    for row in held.group_by(wanted).aggregate([]).to_pylist() if wanted else []:
        origin = tuple(row[key] for key in source if key != "_origin")
        parts = (row.get("_by") or "", row.get("_through", True))
        found.setdefault((row.get("_origin") or "", *origin), set()).add(parts)
    return found


def _otherwise(mine: Mapping[Any, set[Any]], theirs: Mapping[Any, set[Any]]) -> bool:
    """Whether two reports of one source are broken down by other parts, or are of other lengths."""
    return any(not mine[source] & theirs[source] for source in mine.keys() & theirs.keys())


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


def _the_same(place: str, other: kept.Batch) -> AskError:
    names = {"file": other.file, "batch": f"#{other.seq}"}
    return AskError(
        msg("{file} (batch {batch}) is another report of the same, under other numbers.", **names),
        option="again",
        choices={COUNTED_TOO: ""},
        place=place,
        remedy=msg(
            "Load one of the two: leave this file out, or withdraw {batch} first. "
            "If they tell different things, set the option again to {count}: both then count.",
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


def _same_days(place: str, other: kept.Batch) -> Issue:
    words = msg(
        "{file} (batch {batch}) tells days of this file too, by other parts or for longer.",
        file=other.file,
        batch=f"#{other.seq}",
    )
    remedy = msg("Both are kept, and each figure is taken from one of them, so nothing counts twice.")
    return Issue("info", "same_days", words, place, remedy)


def _by_orders(place: str, other: kept.Batch) -> Issue:
    words = msg(
        "{file} (batch {batch}) tells sales of these days too: orders here, sums of days there.",
        file=other.file,
        batch=f"#{other.seq}",
    )
    remedy = msg(
        "Where orders are known they count. A week or month of a report counts only if none of its orders is "
        "known."
    )
    return Issue("info", "sales_by_orders", words, place, remedy)
