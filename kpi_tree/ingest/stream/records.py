"""From the parts of a large file to record tables: typed, put into drawers, made into records, merged."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.about_records import late_rows
from kpi_tree.ingest.answers.limits import MEGABYTE, Limits
from kpi_tree.ingest.cells.shapes import IntArray
from kpi_tree.ingest.mapping import build as building
from kpi_tree.ingest.mapping.build import Built
from kpi_tree.ingest.mapping.layout import Layout, place
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.stream.apart import PartComplaints
from kpi_tree.ingest.stream.drawers import Drawers
from kpi_tree.ingest.stream.file import BigFile
from kpi_tree.ingest.stream.merging import Runs
from kpi_tree.ingest.stream.parts import LargeTable, Part
from kpi_tree.ingest.stream.settled import without_settled
from kpi_tree.ingest.stream.table import part_of
from kpi_tree.ingest.stream.workers import side_by_side
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.table.typed import typed_columns
from kpi_tree.records.parquet import RowsFile
from kpi_tree.records.tables import table
from kpi_tree.steps import Watch

WORKERS = 2
"""Parts of a file that are typed at a time, and shares of which records are made."""


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
    layout = without_settled(raw, how.layout, how.said, how.zone)
    if place(layout, raw.table.names):
        with closing(typed_parts(raw, replace(how, layout=layout), complaints, watch)) as parts:
            for _ in parts:
                pass


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
    with ExitStack() as stack:
        runs = {
            name: stack.enter_context(Runs(name, file.folder, file.name, name in layout.across))
            for name in layout.tables
        }
        drawers = stack.enter_context(Drawers(file, layout, options, limits.drawer_bytes))
        firsts: dict[str, Any] = {}
        with closing(typed_parts(raw, how, complaints, watch.part(0.0, 0.4))) as parts:
            for rows in parts:
                firsts = {**building.first_values(layout, rows), **firsts}
                drawers.put(rows)
        each = watch.part(0.4, 0.85)
        works = [
            _worker(stack, layout, {**firsts, **options}, each) for _ in range(min(WORKERS, drawers.count))
        ]
        shares = stack.enter_context(side_by_side(works, drawers.each()))
        for share, built in shares:
            each.tell(msg("Making records of {n} rows", n=raw.table.rows), share)
            for name, records in built.tables.items():
                made.late[name] = made.late.get(name, 0) + late_rows(name, records, today)
                runs[name].add(records)
            built.tables.clear()
            told.add(built)
        _merged(made, told, runs, layout, watch.part(0.85, 1.0))
    made.built = told.built(layout)
    return made


Share = tuple[float, pa.Table]


def _worker(
    stack: ExitStack, layout: Layout, options: Mapping[str, Any], watch: Watch
) -> Callable[[Share], tuple[float, Built]]:
    """Makes records of shares, on an engine of its own."""
    engine = stack.enter_context(building.engine_for(watch))
    return lambda share: (share[0], building.run_on(engine, layout, share[1], options))


def _merged(made: Made, told: _Told, runs: Mapping[str, Runs], layout: Layout, watch: Watch) -> None:
    for number, (name, run) in enumerate(runs.items()):
        if run.rows or name == layout.main_table:
            made.tables[name] = run.merged(watch.part(number / len(runs), (number + 1) / len(runs)))
            told.repeat(name, *run.repeated)


def typed_parts(raw: Raw, how: How, complaints: PartComplaints, watch: Watch) -> Generator[pa.Table]:
    """Every part typed; where there is none, a table without rows."""
    placed = place(how.layout, raw.table.names)
    headers = set(placed.values())
    headers |= {column.clock for column in raw.columns if column.name in headers and column.clock}
    read = {header for key, header in placed.items() if how.layout.columns[key].type != "text"}
    as_text = headers - read - {column.clock for column in raw.columns}
    table = raw.table
    assert isinstance(table, LargeTable)
    none = table.rows_where(lambda _: np.zeros(0, np.int64), [])

    def typed(part: Part | None) -> tuple[pa.Table, PartComplaints]:
        rows, mine = none if part is None else table.load(part), complaints.another()
        found = part_of(raw, rows, headers, as_text)
        columns, bad = typed_columns(found, how.layout, how.said, how.zone, mine, strict=False)
        return building.source_table(how.layout, columns, rows.lines, bad), mine

    done = 0
    with side_by_side([typed] * WORKERS, table.parts or [None]) as parts:
        for found, told in parts:
            complaints.add(told)
            watch.tell(msg("Reading the cells of {n} rows", n=table.rows), done / max(table.rows, 1))
            yield found
            done += found.num_rows


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
            self.repeat(name, same, changed)
        for code, count in built.notes:
            self.notes[code] = self.notes.get(code, 0) + count
        self.observations = built.observations

    def repeat(self, name: str, same: int, changed: int) -> None:
        """Rows of a table that later ones with the same key replaced."""
        before = self.repeated.get(name, (0, 0))
        if same or changed:
            self.repeated[name] = (before[0] + same, before[1] + changed)

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
