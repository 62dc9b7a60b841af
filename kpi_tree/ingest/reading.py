"""Reading a file: from bytes to record tables, with every doubt as an issue and every bad row in
quarantine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kpi_tree.i18n import msg
from kpi_tree.ingest.about_records import about_built, about_dates
from kpi_tree.ingest.answers.limits import LIMITS, Limits
from kpi_tree.ingest.choosing import choose, is_observations, unknown
from kpi_tree.ingest.files.source import Source
from kpi_tree.ingest.inspecting import ZONE, complaints_of, inspect
from kpi_tree.ingest.inspection import Inspection, inspection_of
from kpi_tree.ingest.mapping import build as building
from kpi_tree.ingest.mapping.mapping import FileMapping, mapping_from
from kpi_tree.ingest.outcome import Reading
from kpi_tree.ingest.sections import every_table, open_table, picked
from kpi_tree.ingest.several import (
    Saved,
    nothing_saved,
    read_all,
    share_period,
)
from kpi_tree.ingest.stream.file import is_big, open_big
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.stream.reading import held_table, read_one_in_parts, rows_in_parts
from kpi_tree.ingest.stream.table import read_large
from kpi_tree.ingest.table.options import ask_for_days, options_of
from kpi_tree.ingest.table.quarantine import quarantine_table
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.table.typed import typed_columns
from kpi_tree.ingest.text.outline import plain_cell
from kpi_tree.ingest.text.table import as_rows
from kpi_tree.ingest.values.observations import observe
from kpi_tree.records.leftovers import drop_folder, new_folder
from kpi_tree.steps import SILENT, Watch


def rows(
    path_or_bytes: Path | str | bytes,
    name: str,
    *,
    mapping: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> Iterator[list[str]]:
    """The data rows of a file, header first, cell text untouched.

    >>> list(rows(b"sep=;\\nNavn;Pris\\nLampe;1,50\\nTotal;1,50\\n", "a.csv"))
    [['Navn', 'Pris'], ['Lampe', '1,50']]
    """
    return (row for _, row in numbered_rows(path_or_bytes, name, mapping=mapping, limits=limits))


def numbered_rows(
    path_or_bytes: Path | str | bytes,
    name: str,
    *,
    mapping: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> Iterator[tuple[int, list[str]]]:
    """The same with the line of each row, which records carry as ``_row``; the header's is 0 when there
    is none."""
    if is_big(path_or_bytes, limits):
        yield from rows_in_parts(path_or_bytes, name, mapping_from(mapping), limits)
        return
    _, raw = open_table(path_or_bytes, name, mapping_from(mapping), limits)
    yield max(raw.outline.header_line, 0), [plain_cell(cell) for cell in raw.outline.header]
    yield from zip(raw.table.lines.tolist(), as_rows(raw.table, plain_cell), strict=True)


def read(
    path_or_bytes: Path | str | bytes,
    name: str,
    *,
    as_table: str | None = None,
    kpi: str | None = None,
    mapping: Mapping[str, Any] | FileMapping | None = None,
    timezone: str = ZONE,
    currency: str = "",
    today: date | None = None,
    own_kpis: Mapping[str, Any] | None = None,
    saved: Saved = nothing_saved,
    limits: Limits = LIMITS,
    watch: Watch = SILENT,
) -> Reading:
    """Read a file into record tables.

    Args:
        path_or_bytes: where it lies, or its content.
        name: its name as shown to people.
        as_table: the record table to fill, when the person has said it.
        kpi: the KPI whose values the file holds, for direct observations.
        mapping: what a person has said about the file.
        timezone: zone of times that carry none.
        currency: the shop's own, which signs of several currencies stand for.
        today: dates after it are warned about.
        own_kpis: the shop's own KPIs by id, beside the catalogue's, for direct observations.
        saved: finds the mapping that somebody saved for one of several tables of a file.
        watch: told how far it is, and asked whether to stop.

    Raises:
        Cancelled: it was stopped.
        Refused: no table, unknown columns, or dates or numbers that can be read in two ways; says what
            to choose.

    >>> done = read(b"Ordrenr;Dato;Antall;Pris\\n1;2024-05-01;2;99,50\\n1;2024-05-01;x;10,00\\n", "ordre.csv")
    >>> done.tables["order_lines"].num_rows, done.quarantine.column("reason").to_pylist()
    (1, ['bad_number'])
    """
    said = mapping_from(mapping)
    how = _How(as_table, kpi, timezone, currency, today, own_kpis, limits)
    if not is_big(path_or_bytes, limits):
        source, every = every_table(path_or_bytes, name, said, limits)
        return _read_tables(source, every, said, saved, how, watch)
    folder = new_folder()
    try:
        file = open_big(path_or_bytes, name, limits, folder, watch)
        every = read_large(file, said.options, limits, watch.part(0.0, 0.5))
        reading = _read_tables(every[0].source, every, said, saved, how, watch.part(0.5, 1.0))
    except BaseException:
        drop_folder(folder)
        raise
    reading.held_by(folder)
    return reading


@dataclass(frozen=True, slots=True)
class _How:
    """What was asked of a reading; see :func:`read`."""

    as_table: str | None
    kpi: str | None
    timezone: str
    currency: str
    today: date | None
    own_kpis: Mapping[str, Any] | None
    limits: Limits


def _read_tables(
    source: Source, every: list[Raw], said: FileMapping, saved: Saved, how: _How, watch: Watch
) -> Reading:
    """Read those tables of a file that are chosen, or known, into record tables."""
    tables = picked(source, every, said)
    if how.kpi is not None:
        return _observed(source, tables[0], how.kpi, said, how)
    whole, done = max(sum(raw.table.rows for raw in tables), 1), 0

    def one(raw: Raw, told: FileMapping) -> Reading:
        nonlocal done
        watch.check()
        mine = watch.part(min(done / whole, 1.0), min((done + raw.table.rows) / whole, 1.0))
        done += raw.table.rows
        if is_observations(raw, told, how.as_table, how.own_kpis):
            return _observed(source, raw, None, told, how)
        return _read_one(source, raw, told, how, mine if len(tables) > 1 else watch)

    if len(every) == 1:
        return one(tables[0], said)
    share_period(every)
    return read_all(source, tables, said, one, saved)


def _read_one(
    source: Source,
    raw: Raw,
    said: FileMapping,
    how: _How,
    watch: Watch,
) -> Reading:
    """Read one table of a file into record tables.

    Raises:
        UnknownTableError: no layout reads it. AskError: it can be read in two ways.
    """
    watch.check()
    layout, proposal = choose(raw, said, how.as_table)
    if layout is None:
        raise unknown(source, raw, proposal)
    complaints, today = complaints_of(source, raw, how.limits, how.currency), how.today
    zone = str(said.options.get("timezone") or how.timezone)
    if isinstance(raw.table, LargeTable):
        return read_one_in_parts(raw, layout, proposal, said, zone, today, how.limits, complaints, watch)
    columns, bad = typed_columns(raw, layout, said, zone, complaints, strict=True)
    if not raw.table.rows:
        complaints.no_rows()
    watch.tell(msg("Making records of {n} rows", n=raw.table.rows), 0.6)
    data = building.source_table(layout, columns, raw.table.lines, bad)
    options = options_of(raw, layout, said)
    ask_for_days(raw, layout, options, zone, today)
    built = building.run(layout, data, options, watch)
    about_built(complaints, built)
    about_dates(complaints, built, today)
    found = {
        table: rows for table, rows in built.tables.items() if rows.num_rows or table == layout.main_table
    }
    issues = complaints.issues()
    return Reading(
        inspection_of(source, raw, layout, proposal, issues),
        found,
        built.observations,
        quarantine_table(raw, complaints.cells()),
        issues,
        raw.table.rows + raw.table.wide_count,
        source.fingerprint,
    )


def _observed(
    source: Source,
    raw: Raw,
    kpi: str | None,
    said: FileMapping,
    how: _How,
) -> Reading:
    complaints = complaints_of(source, raw, how.limits, how.currency)
    raw = held_table(raw, how.limits)
    found = observe(raw, kpi, said, how.own_kpis, complaints, how.today)
    if not raw.table.rows:
        complaints.no_rows()
    issues = complaints.issues()
    inspection = inspection_of(source, raw, None, None, issues)
    inspection.table = "observations"
    return Reading(
        inspection,
        {},
        found,
        quarantine_table(raw, complaints.cells()),
        issues,
        raw.table.rows,
        source.fingerprint,
    )


__all__ = ["Inspection", "Reading", "inspect", "numbered_rows", "read", "rows"]
