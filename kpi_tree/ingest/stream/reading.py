"""Reading a large file: the same answers as for a small one, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.about_records import about_built, say_late
from kpi_tree.ingest.answers.limits import MEGABYTE, Limits
from kpi_tree.ingest.inspection import inspection_of
from kpi_tree.ingest.mapping.layout import Layout
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.outcome import Reading
from kpi_tree.ingest.stream.apart import PartComplaints, write_quarantine
from kpi_tree.ingest.stream.file import open_big
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.stream.records import How, judge, look_at_cells, make
from kpi_tree.ingest.stream.table import open_large
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.options import ask_for_days, options_of
from kpi_tree.ingest.table.raw import Raw, look_all
from kpi_tree.ingest.text.outline import plain_cell
from kpi_tree.ingest.text.table import as_rows
from kpi_tree.records.leftovers import folder_of_own
from kpi_tree.steps import SILENT, Watch

Given = Path | str | bytes


def look_over(
    raw: Raw, layout: Layout, said: FileMapping, zone: str, limits: Limits, complaints: Complaints
) -> None:
    """Say what is to be said of the cells of a large table, without making records."""
    table = large(raw)
    how, parts = How(table.file, layout, said, zone, limits), PartComplaints(complaints.name, limits.shown)
    judge(raw, how, complaints, strict=False)
    look_at_cells(raw, how, parts, SILENT)
    parts.say_all(complaints)


def large(raw: Raw) -> LargeTable:
    """The table of a large file, which lies on disk."""
    assert isinstance(raw.table, LargeTable)
    return raw.table


def read_one_in_parts(
    raw: Raw,
    layout: Layout,
    proposal: FileMapping | None,
    said: FileMapping,
    zone: str,
    today: date | None,
    limits: Limits,
    complaints: Complaints,
    watch: Watch,
) -> Reading:
    """Read a large table into record tables on disk, in the folder of its file.

    Args:
        complaints: what there is to say of it before a cell is read.

    Raises:
        Refused: it can be read in two ways, or the disk is full. Cancelled: it was stopped.
    """
    table = large(raw)
    how, parts = How(table.file, layout, said, zone, limits), PartComplaints(complaints.name, limits.shown)
    judge(raw, how, complaints, strict=True)
    if not raw.table.rows:
        complaints.no_rows()
    options = options_of(raw, layout, said)
    ask_for_days(raw, layout, options, zone, today)
    made = make(raw, how, options, today, parts, watch.part(0.0, 0.95))
    others = list(complaints.cells())
    blamed = parts.say_all(complaints)
    before = len(complaints.cells())
    about_built(complaints, made.built)
    for name, late in made.late.items():
        say_late(complaints, name, late)
    watch.tell(msg("Writing down the rows set apart"), 0.95)
    issues = complaints.issues()
    apart = [(cell, False) for cell in others] + [(cell, True) for cell in blamed]
    apart += [(cell, False) for cell in complaints.cells()[before:]]
    return Reading(
        inspection_of(raw.source, raw, layout, proposal, issues),
        dict(made.tables),
        made.built.observations,
        write_quarantine(raw, apart, table.file.folder / "quarantine.parquet"),
        issues,
        raw.table.rows + raw.table.wide_count,
        table.file.fingerprint,
    )


def held_table(raw: Raw, limits: Limits) -> Raw:
    """The same table in memory: values of KPIs are rows of the store, and held like those of a small file.

    Raises:
        Refused: there are too many to be held.
    """
    if not isinstance(raw.table, LargeTable):
        return raw
    if raw.table.file.size > limits.values_bytes:
        raise Refused(
            msg(
                "A file of values of KPIs is read up to {n} megabytes.",
                n=max(limits.values_bytes // MEGABYTE, 1),
            ),
            place=raw.source.name,
            remedy=msg("Split it, for example by year, or load the records that the values are made of."),
        )
    table = raw.table.held()
    return replace(raw, table=table, columns=look_all(table, raw.context))


def rows_in_parts(
    given: Given, name: str, said: FileMapping, limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a large file with their lines, the header first; see ``numbered_rows``."""
    with folder_of_own() as folder:
        raw = open_large(open_big(given, name, limits, folder, SILENT), said, limits, SILENT)
        yield max(raw.outline.header_line, 0), [plain_cell(cell) for cell in raw.outline.header]
        for rows in raw.table.each() if isinstance(raw.table, LargeTable) else [raw.table]:
            # A large file is text, in which no cell bears a workbook's mark: cells are as they stand.
            yield from zip(rows.lines.tolist(), as_rows(rows), strict=True)
