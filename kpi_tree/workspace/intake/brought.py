"""What corrections bring beyond what their batch and its earlier corrections say already."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree import ingest
from kpi_tree.records.compare import compare
from kpi_tree.records.filerows import NEW, UNCHANGED, Comparison
from kpi_tree.records.parquet import Rows, rows_at
from kpi_tree.records.tables import WHOLE
from kpi_tree.store import Home, journal, observations
from kpi_tree.store import batches as kept
from kpi_tree.workspace.base.homes import current_settings
from kpi_tree.workspace.base.own import tables_of
from kpi_tree.workspace.figuring.measured import measured_of
from kpi_tree.workspace.intake.inbox_receipt import compare_observations


@dataclass(frozen=True, slots=True)
class Brought:
    """What corrections bring beyond what their batch says already."""

    tables: dict[str, pa.Table]
    measured: pa.Table | None
    compared: dict[str, Comparison]
    observed: Comparison | None
    overtaken: int


def brought_by(home: Home, batch: kept.Batch, reading: ingest.Reading, done: set[int]) -> Brought:
    """The records that are new or changed against the batch and its earlier corrections.

    Those that a newer file knows are left out: the newest file's word stands.
    """
    family = {batch.id, *(one.id for one in kept.mends(home, batch.id))}
    newer = kept.from_on(home, batch.id)
    active, chosen = kept.active_files(home), current_settings(home)
    known, tables, compared, overtaken = tables_of(home), {}, {}, 0
    for name, rows in reading.tables.items():
        files = active.get(name, [])
        own = [(seq, path) for seq, one, path in files if one in family]
        later = [(seq, path) for seq, one, path in files if one not in family and one in newer]
        against_own = compare(known[name], rows, own)
        fresh = _where(rows, against_own, against_own.kinds != UNCHANGED)
        against_later = compare(known[name], fresh, later)
        untold = _where(fresh, against_later, against_later.kinds == NEW)
        overtaken += fresh.num_rows - untold.num_rows
        if untold.num_rows:
            every = [(seq, path) for seq, _, path in files]
            # Beside its file it never tells an order whole, and takes nothing away from it.
            tables[name] = untold.drop_columns([WHOLE]) if WHOLE in untold.column_names else untold
            compared[name] = compare(known[name], untold, every, timezone=chosen.timezone)
    measured = measured_of(reading.observations)
    if measured is None:
        return Brought(tables, None, compared, None, overtaken)
    measured = measured.filter(pc.is_in(measured.column("row_number"), pa.array(sorted(done), pa.int64())))
    kept_rows = measured.filter(_untold(home, batch, family, measured))
    observed = compare_observations(home, kept_rows) if kept_rows.num_rows else None
    overtaken += measured.num_rows - kept_rows.num_rows
    return Brought(tables, kept_rows if observed else None, compared, observed, overtaken)


def _where(rows: Rows, found: Comparison, wanted: npt.NDArray[np.bool_]) -> pa.Table:
    return rows_at(rows, np.unique(found.rows[wanted]))


def _untold(home: Home, batch: kept.Batch, family: set[str], measured: pa.Table) -> pa.Array:
    """Which observations no newer file speaks of, and which are not known as they are."""
    newer = kept.from_on(home, batch.id)
    known = {
        (one.kpi, one.start, one.grain, journal.canonical(dict(one.dimensions))): one
        for kpi in measured.column("kpi").unique().to_pylist()
        for one in observations.of(home, kpi)
    }
    found = []
    for row in measured.to_pylist():
        one = known.get((row["kpi"], row["start"], row["grain"], row["dimensions"]))
        later = one is not None and one.batch not in family and one.batch in newer
        found.append(one is None or not (later or (one.value == row["value"] and one.batch in family)))
    return pa.array(found, pa.bool_())
