"""The receipt of a file: its rows counted as new, changed, unchanged and rejected."""

from __future__ import annotations

from collections.abc import Mapping, Set

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree import ingest
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.records.compare import tally
from kpi_tree.records.filerows import CHANGED, NEW, UNCHANGED, Comparison, FileRows
from kpi_tree.records.parquet import column_of
from kpi_tree.records.tables import Table
from kpi_tree.steps import SILENT, Watch
from kpi_tree.store import Home, observations
from kpi_tree.store import batches as kept
from kpi_tree.workspace.base.homes import calendar_of
from kpi_tree.workspace.base.own import tables_of
from kpi_tree.workspace.base.types import Receipt, Settings, TableCount
from kpi_tree.workspace.figuring.measured import codes_of, days_of, measured_of, span_of
from kpi_tree.workspace.intake import overlaps, quarters, takenout, twice
from kpi_tree.workspace.intake.inbox_batches import view_of
from kpi_tree.workspace.intake.newness import Standing

MOST_APART = 20_000
"""Cells that keep rows out which a receipt carries; more of them are better exported again."""


def receipt_of(
    home: Home,
    reading: ingest.Reading,
    name: str,
    chosen: Settings,
    dry_run: bool,
    where: Standing,
    own: Mapping[str, Table] | None = None,
    watch: Watch = SILENT,
) -> Receipt:
    """What loading a file would change, or changes.

    Args:
        where: its place in line.
        own: the shop's own tables.

    Raises:
        Cancelled: it was stopped.
        NothingUsableError: none of its rows can be used.
    """
    active, marks = kept.active_files(home), FileRows()
    compared = {}
    for number, (table, rows) in enumerate(reading.tables.items()):
        of = tables_of(home).get(table) or (own or {})[table]
        compared[table] = tally(
            of,
            rows,
            [(seq, path) for seq, _, path in active.get(table, ())],
            marks,
            newer={at for found in active.values() for at, batch, _ in found if batch in where.newer},
            owners=[(at, path) for at, _, path in active.get(of.owner, ())],
            timezone=chosen.timezone,
            watch=watch.part(number / len(reading.tables), (number + 1) / len(reading.tables)),
        )
    observed = measured_of(reading.observations)
    overruled = 0
    if observed is not None:
        ruling = untold_by(home, observed, where.newer)
        found = compare_observations(home, observed)
        kinds = np.where(ruling, found.kinds, UNCHANGED).astype(np.int8)
        overruled = int((~ruling & (found.kinds != UNCHANGED)).sum())
        marks.take(found.rows, kinds)
    twice.ask(home, reading, compared, name)
    beside = overlaps.told(reading, compared, where, overruled, name)
    beside += twice.told(home, reading, compared, name)
    beside += quarters.told(observed, chosen, name)
    beside += takenout.told(home, reading.tables, where, name, watch)
    new, changed, unchanged = (marks.count(kind) for kind in (NEW, CHANGED, UNCHANGED))
    quarantined = column_of(reading.quarantine, "row")
    days = [day for part in compared.values() for day in (part.first, part.last) if day is not None]
    days += span_of(observed, calendar_of(chosen)) if observed is not None else ()
    receipt = Receipt(
        file=name,
        batch=None,
        table=reading.inspection.table or next(iter(reading.tables), None),
        rows=reading.rows,
        accepted=new,
        changed=changed,
        unchanged=unchanged,
        rejected=int((~marks.holds(np.unique(quarantined))).sum()),
        quarantine=len(quarantined),
        issues=(*reading.issues, *beside),
        dry_run=dry_run,
        layout=reading.inspection.layout,
        tables=tuple(
            TableCount(table, part.new, part.changed, part.unchanged) for table, part in compared.items()
        ),
        data_from=min(days, default=None),
        data_through=max(days, default=None),
        apart=tuple(reading.quarantine.slice(0, MOST_APART).to_pylist()),
        behind=overruled + sum(part.behind for part in compared.values()),
        behind_batch=where.behind.seq if where.behind is not None else None,
    )
    if new + changed + unchanged == 0:
        raise NothingUsableError(receipt)
    return receipt


class NothingUsableError(Refused):
    """No row of a file can be used, or not every one where all were asked for; nothing was kept.

    Attributes:
        receipt: the counts, and every issue with its place.
    """

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        worst = next((issue for issue in receipt.issues if issue.level == "error"), None)
        blank = (
            msg("No value is filled in.")
            if receipt.table == "observations"
            else msg("There is no row with data.")
        )
        words = {"n": receipt.rows, "reason": worst.message if worst else blank}
        none = msg("None of the {n} rows can be used: {reason} Nothing was changed.", **words)
        some = msg(
            "{rejected} of the {n} rows cannot be used: {reason} All were asked for, so nothing was changed.",
            rejected=receipt.rejected,
            **words,
        )
        super().__init__(
            some if receipt.rejected < receipt.rows and receipt.accepted + receipt.changed else none,
            place=worst.place if worst and worst.place else receipt.file,
            remedy=msg("Correct the file and load it again."),
        )


def compare_observations(home: Home, measured: pa.Table) -> Comparison:
    """Hold observations (:data:`~kpi_tree.store.observations.MEASURED`) against those that are known, by KPI,
    period and dimensions."""
    first, last = days_of(measured)
    known = list(observations.newest(home, measured.column("kpi").unique().to_pylist(), first, last))
    codes, values = codes_of([*known, measured])
    before = len(codes) - measured.num_rows
    told = np.full(codes.max() + 1, -1, np.int64)
    np.maximum.at(told, codes[:before], np.arange(before))
    there, now = told[codes[before:]], values[before:]
    then = values[there] if before else now
    same = (then == now) | (np.isnan(then) & np.isnan(now))
    kinds = np.where(there < 0, NEW, np.where(same, UNCHANGED, CHANGED)).astype(np.int8)
    rows = measured.column("row_number").combine_chunks()
    lines = pc.coalesce(rows, pa.array(np.arange(1, len(rows) + 1)))
    return Comparison(np.asarray(lines, np.int64), kinds, first, last)


def untold_by(home: Home, measured: pa.Table, newer: Set[str]) -> npt.NDArray[np.bool_]:
    """Which observations none of some newer batches has a value for."""
    if not newer:
        return np.ones(measured.num_rows, bool)
    known = list(
        observations.newest(
            home, measured.column("kpi").unique().to_pylist(), *days_of(measured), among=newer
        )
    )
    codes, _ = codes_of([*known, measured])
    before = len(codes) - measured.num_rows
    return ~np.isin(codes[before:], codes[:before])


def repeated(batch: kept.Batch, name: str, dry_run: bool) -> Receipt:
    """The receipt of a file whose very content is there already."""
    view = view_of(batch)
    when = msg(
        "This very content was loaded before, as {file} (batch {batch}).",
        file=batch.file,
        batch=f"#{batch.seq}",
    )
    return Receipt(
        file=name,
        batch=batch.id,
        number=batch.seq,
        table=batch.main_table,
        rows=batch.rows,
        unchanged=batch.accepted + batch.changed + batch.unchanged,
        rejected=batch.rejected,
        quarantine=batch.receipt.get("quarantine", 0),
        issues=(
            Issue("info", "repeated", when, name, msg("Nothing needs doing: the figures stay as they are.")),
        ),
        repeated=True,
        dry_run=dry_run,
        layout=view.layout,
        data_from=view.data_from,
        data_through=view.data_through,
    )
