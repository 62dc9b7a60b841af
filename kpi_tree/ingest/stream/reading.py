"""Reading a large file: the same answers as for a small one, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.about_records import about_built, say_late
from kpi_tree.ingest.about_table import about_table
from kpi_tree.ingest.choosing import choose, is_observations, unknown
from kpi_tree.ingest.complaints import Complaints
from kpi_tree.ingest.inspection import Inspection, inspection_of
from kpi_tree.ingest.limits import MEGABYTE, Limits
from kpi_tree.ingest.mapping import FileMapping
from kpi_tree.ingest.observations import observe
from kpi_tree.ingest.options import ask_for_days, options_of
from kpi_tree.ingest.outcome import Reading
from kpi_tree.ingest.quarantine import quarantine_table
from kpi_tree.ingest.raw import Raw, look_all
from kpi_tree.ingest.stream.apart import PartComplaints, write_quarantine
from kpi_tree.ingest.stream.file import BigFile, open_big
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.stream.records import How, judge, look_at_cells, make
from kpi_tree.ingest.stream.table import read_large
from kpi_tree.ingest.text.outline import plain_cell
from kpi_tree.ingest.text.table import as_rows
from kpi_tree.records.leftovers import drop_folder, folder_of_own, new_folder
from kpi_tree.steps import SILENT, Watch

Given = Path | str | bytes


def inspect_large(given: Given, name: str, said: FileMapping, zone: str, limits: Limits) -> Inspection:
    """Find out how a large file is to be read; see :func:`kpi_tree.ingest.reading.inspect`."""
    with folder_of_own() as folder:
        file = open_big(given, name, limits, folder, SILENT)
        raw = read_large(file, said.options, limits, SILENT)
        complaints = complaints_of(file, raw, limits)
        if is_observations(raw.table.names, said, None, None):
            complaints.about_doubts(raw.columns)
            found = inspection_of(raw.source, raw, None, None, complaints.issues())
            found.table, found.known = "observations", True
            return found
        layout, proposal = choose(raw, said, None)
        if layout is None:
            complaints.about_doubts(raw.columns)
            complaints.unknown(raw, proposal)
        else:
            how, parts = How(file, layout, said, zone, limits), PartComplaints(file.name, limits.shown)
            judge(raw, how, complaints, strict=False)
            look_at_cells(raw, how, parts, SILENT)
            parts.say_all(complaints)
        return inspection_of(raw.source, raw, layout, proposal, complaints.issues())


def read_file_in_parts(
    given: Given,
    name: str,
    said: FileMapping,
    *,
    as_table: str | None,
    kpi: str | None,
    timezone: str,
    today: date | None,
    own_kpis: Mapping[str, Any] | None,
    limits: Limits,
    watch: Watch,
) -> Reading:
    """Read a large file into record tables on disk; see :func:`kpi_tree.ingest.reading.read`.

    The tables lie in a folder of the reading's own: :meth:`Reading.close` removes it.
    """
    folder = new_folder()
    try:
        file = open_big(given, name, limits, folder, watch)
        raw = read_large(file, said.options, limits, watch.part(0.0, 0.5))
        if kpi is not None or is_observations(raw.table.names, said, as_table, own_kpis):
            reading = _observed(file, raw, kpi, said, own_kpis, limits)
        else:
            reading = _read(file, raw, said, as_table, timezone, today, limits, watch.part(0.5, 1.0))
    except BaseException:
        drop_folder(folder)
        raise
    reading.held_by(folder)
    return reading


def _read(
    file: BigFile,
    raw: Raw,
    said: FileMapping,
    as_table: str | None,
    timezone: str,
    today: date | None,
    limits: Limits,
    watch: Watch,
) -> Reading:
    layout, proposal = choose(raw, said, as_table)
    if layout is None:
        raise unknown(raw.source, raw, proposal)
    complaints = complaints_of(file, raw, limits)
    zone = str(said.options.get("timezone") or timezone)
    how, parts = How(file, layout, said, zone, limits), PartComplaints(file.name, limits.shown)
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
    for table, late in made.late.items():
        say_late(complaints, table, late)
    watch.tell(msg("Writing down the rows set apart"), 0.95)
    issues = complaints.issues()
    apart = [(cell, False) for cell in others] + [(cell, True) for cell in blamed]
    apart += [(cell, False) for cell in complaints.cells()[before:]]
    return Reading(
        inspection_of(raw.source, raw, layout, proposal, issues),
        dict(made.tables),
        made.built.observations,
        write_quarantine(raw, apart, file.folder / "quarantine.parquet"),
        issues,
        raw.table.rows + raw.table.wide_count,
        file.fingerprint,
    )


def complaints_of(file: BigFile, raw: Raw, limits: Limits) -> Complaints:
    """What there is to say of a large table before a cell of it is read."""
    complaints = Complaints(file.name, limits.shown)
    about_table(complaints, raw)
    complaints.take(raw.notes)
    return complaints


def _observed(
    file: BigFile,
    raw: Raw,
    kpi: str | None,
    said: FileMapping,
    own: Mapping[str, Any] | None,
    limits: Limits,
) -> Reading:
    """Read values of KPIs: they are rows of the store, and held like those of a small file.

    Raises:
        Refused: there are too many to be held.
    """
    if file.size > limits.values_bytes:
        raise Refused(
            msg(
                "A file of values of KPIs is read up to {n} megabytes.",
                n=max(limits.values_bytes // MEGABYTE, 1),
            ),
            place=file.name,
            remedy=msg("Split it, for example by year, or load the records that the values are made of."),
        )
    complaints = complaints_of(file, raw, limits)
    assert isinstance(raw.table, LargeTable)
    table = raw.table.held()
    whole = replace(raw, table=table, columns=look_all(table, raw.context))
    found = observe(whole, kpi, said, own, complaints)
    issues = complaints.issues()
    inspection = inspection_of(raw.source, raw, None, None, issues)
    inspection.table = "observations"
    apart = quarantine_table(whole, complaints.cells())
    return Reading(inspection, {}, found, apart, issues, table.rows, file.fingerprint)


def rows_in_parts(
    given: Given, name: str, said: FileMapping, limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a large file with their lines, the header first; see ``numbered_rows``."""
    with folder_of_own() as folder:
        raw = read_large(open_big(given, name, limits, folder, SILENT), said.options, limits, SILENT)
        yield max(raw.outline.header_line, 0), [plain_cell(cell) for cell in raw.outline.header]
        table = raw.table
        assert isinstance(table, LargeTable)
        for rows in table.each():
            # A large file is text, in which no cell bears a workbook's mark: cells are as they stand.
            yield from zip(rows.lines.tolist(), as_rows(rows), strict=True)
