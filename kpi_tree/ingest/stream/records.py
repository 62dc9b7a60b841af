"""From the parts of a large file to record tables: typed, put into drawers, made into records, merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest import build as building
from kpi_tree.ingest.build import Built
from kpi_tree.ingest.cells.shapes import IntArray
from kpi_tree.ingest.complaints import Complaints, late_rows
from kpi_tree.ingest.layout import Layout, place
from kpi_tree.ingest.limits import MEGABYTE, Limits
from kpi_tree.ingest.mapping import FileMapping
from kpi_tree.ingest.raw import Raw
from kpi_tree.ingest.stream.apart import PartComplaints
from kpi_tree.ingest.stream.drawers import Drawers
from kpi_tree.ingest.stream.file import BigFile
from kpi_tree.ingest.stream.merging import Runs
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.stream.table import part_of
from kpi_tree.ingest.typed import typed_columns
from kpi_tree.records.parquet import RowsFile
from kpi_tree.records.tables import table
from kpi_tree.steps import Watch


@dataclass(slots=True)
class Made:
    """What a layout made of a large file: its record tables on disk, and what there is to say."""

    tables: dict[str, RowsFile] = field(default_factory=dict)
    built: Built = field(default_factory=Built)
    late: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class How:
    """How a large file is made into records."""

    file: BigFile
    layout: Layout
    said: FileMapping
    zone: str
    limits: Limits


def judge(raw: Raw, how: How, complaints: Complaints, *, strict: bool) -> None:
    """Say what is true of whole columns; in strict mode refuse those that can be read in two ways."""
    table = raw.table
    assert isinstance(table, LargeTable)
    none = table.rows_where(lambda _: np.zeros(0, np.int64), [])
    typed_columns(part_of(raw, none), how.layout, how.said, how.zone, complaints, strict=strict)


def look_at_cells(raw: Raw, how: How, complaints: PartComplaints, watch: Watch) -> None:
    """Find the cells that can't be read, without making records."""
    _type(raw, how, complaints, watch, None)


def make(
    raw: Raw,
    how: How,
    options: Mapping[str, Any],
    today: date | None,
    complaints: PartComplaints,
    watch: Watch,
) -> Made:
    """Make records of a large file.

    Raises:
        Refused: its rows must be seen together and are too many, or the disk is full.
        Cancelled: it was stopped.
    """
    file, layout, limits = how.file, how.layout, how.limits
    if not layout.apart and file.size > limits.together_bytes:
        raise Refused(
            msg(
                "A report of this kind is read up to {n} megabytes, because its rows are added up.",
                n=limits.together_bytes // MEGABYTE,
            ),
            place=file.name,
            remedy=msg("Split it, for example by month."),
        )
    made, told = Made(), _Told()
    runs = {name: Runs(name, file.folder, file.name) for name in layout.tables}
    with Drawers(file.folder, layout, options, limits.drawer_bytes, file.name) as drawers:
        _type(raw, how, complaints, watch.part(0.0, 0.4), drawers)
        each = watch.part(0.4, 0.85)
        for share, rows in drawers.each():
            each.tell(msg("Making records of {n} rows", n=raw.table.rows), share)
            built = building.run(layout, rows, options, each)
            for name, records in built.tables.items():
                made.late[name] = made.late.get(name, 0) + late_rows(name, records, today)
                runs[name].add(records)
            built.tables.clear()
            told.add(built)
    last = watch.part(0.85, 1.0)
    for number, (name, run) in enumerate(runs.items()):
        if run.rows or name == layout.main_table:
            made.tables[name] = run.merged(last.part(number / len(runs), (number + 1) / len(runs)))
    made.built = told.built(layout)
    return made


def _type(raw: Raw, how: How, complaints: PartComplaints, watch: Watch, drawers: Drawers | None) -> None:
    """Every part typed, and put away where there are drawers."""
    headers = set(place(how.layout, raw.table.names).values())
    table = raw.table
    assert isinstance(table, LargeTable)
    done = 0
    for rows in table.each():
        watch.tell(msg("Reading the cells of {n} rows", n=table.rows), done / max(table.rows, 1))
        part = part_of(raw, rows, headers)
        columns, bad = typed_columns(part, how.layout, how.said, how.zone, complaints, strict=False)
        if drawers is not None:
            drawers.put(building.source_table(how.layout, columns, rows.lines, bad))
        done += rows.rows
    if drawers is not None and not table.parts:
        none = part_of(raw, table.rows_where(lambda _: np.zeros(0, np.int64), []), headers)
        columns, bad = typed_columns(none, how.layout, how.said, how.zone, complaints, strict=False)
        drawers.put(building.source_table(how.layout, columns, none.table.lines, bad))


@dataclass(slots=True)
class _Told:
    """What the drawers told, each in its turn."""

    rejected: dict[str, list[IntArray]] = field(default_factory=dict)
    missing: dict[tuple[str, str], list[IntArray]] = field(default_factory=dict)
    values: dict[tuple[str, str], list[IntArray]] = field(default_factory=dict)
    repeated: dict[str, tuple[int, int]] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    observations: pa.Table | None = None

    def add(self, built: Built) -> None:
        """The next drawer."""
        for code, lines in built.rejected.items():
            self.rejected.setdefault(code, []).append(np.asarray(lines, np.int64))
        for into, found in ((self.missing, built.missing), (self.values, built.values)):
            for name, column, lines in found:
                into.setdefault((name, column), []).append(np.asarray(lines, np.int64))
        for name, (same, changed) in built.repeated_keys.items():
            before = self.repeated.get(name, (0, 0))
            self.repeated[name] = (before[0] + same, before[1] + changed)
        for code, count in built.notes:
            self.notes[code] = self.notes.get(code, 0) + count
        self.observations = built.observations

    def built(self, layout: Layout) -> Built:
        """All of it, as one drawer that held all rows would have told it."""
        columns = [(name, column) for name in layout.tables for column in table(name).columns]
        return Built(
            {},
            {code: _sorted(lines) for code, lines in sorted(self.rejected.items())},
            [(*key, _sorted(self.missing[key])) for key in columns if key in self.missing],
            [(*key, _sorted(self.values[key])) for key in columns if key in self.values],
            {name: self.repeated[name] for name in layout.tables if name in self.repeated},
            [(code, self.notes[code]) for code, _ in layout.notes if code in self.notes],
            self.observations,
        )


def _sorted(lines: list[IntArray]) -> IntArray:
    return np.sort(np.concatenate(lines))
