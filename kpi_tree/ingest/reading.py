"""Reading a file: from bytes to record tables, with every doubt as an issue and every bad row in
quarantine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kpi_tree.i18n import msg
from kpi_tree.ingest import build as building
from kpi_tree.ingest.about_records import about_built, about_dates
from kpi_tree.ingest.about_table import about_table
from kpi_tree.ingest.choosing import UnknownTableError, choose, is_observations, unknown
from kpi_tree.ingest.complaints import Complaints
from kpi_tree.ingest.inspection import Inspection, inspection_of
from kpi_tree.ingest.limits import LIMITS, Limits
from kpi_tree.ingest.mapping import FileMapping, mapping_from
from kpi_tree.ingest.observations import observe
from kpi_tree.ingest.options import ask_for_days, options_of
from kpi_tree.ingest.outcome import Reading
from kpi_tree.ingest.quarantine import quarantine_table
from kpi_tree.ingest.raw import Raw
from kpi_tree.ingest.sections import every_table, only_the_first, open_table, picked
from kpi_tree.ingest.several import (
    Saved,
    about_tables,
    described,
    nothing_saved,
    own_of,
    read_all,
    share_period,
)
from kpi_tree.ingest.source import Source
from kpi_tree.ingest.stream.file import is_big
from kpi_tree.ingest.stream.reading import inspect_large, read_file_in_parts, rows_in_parts
from kpi_tree.ingest.text.outline import plain_cell
from kpi_tree.ingest.text.table import as_rows
from kpi_tree.ingest.typed import typed_columns
from kpi_tree.steps import SILENT, Watch

ZONE = "Europe/Oslo"


def inspect(
    path_or_bytes: Path | str | bytes,
    name: str,
    *,
    mapping: Mapping[str, Any] | FileMapping | None = None,
    saved: Saved = nothing_saved,
    limits: Limits = LIMITS,
) -> Inspection:
    """Find out how a file is to be read.

    Args:
        path_or_bytes: where it lies, or its content.
        name: its name as shown to people.
        mapping: what a person has said about it (see :class:`~kpi_tree.ingest.mapping.FileMapping`).
        saved: finds the mapping that somebody saved for one of several tables of a file.

    Raises:
        Refused: it is no table, or too large; a file that is a table never is refused here.

    >>> inspect(b"Ordrenr;Dato;Antall;Pris\\n1;2024-05-01;2;99,50\\n", "ordre.csv").table
    'order_lines'
    """
    said = mapping_from(mapping)
    if is_big(path_or_bytes, limits):
        only_the_first(said, name)
        return inspect_large(path_or_bytes, name, said, ZONE, limits)
    source, every = every_table(path_or_bytes, name, said, limits)
    tables = picked(source, every, said)
    share_period(every)
    if len(every) == 1:
        return _inspected(source, tables[0], said, limits)
    parts = [(raw, _part(source, raw, said, saved, limits)) for raw in tables]
    read = [(raw, one) for raw, one in parts if one.table is not None and one.known]
    unread = [(raw, unknown(source, raw, one.mapping)) for raw, one in parts if not one.known]
    found = parts[0][1]
    found.issues = [issue for _, one in read for issue in one.issues]
    found.issues += about_tables(source, [raw for raw, _ in read], unread)
    others = [
        (raw, _part(source, raw, said, saved, limits))
        for raw in every
        if not any(raw is one for one in tables)
    ]
    found.sections = [
        described(raw, one.table if one.known else None, any(raw is each for each in tables))
        for raw, one in sorted([*parts, *others], key=lambda each: each[0].number)
    ]
    return found


def _part(source: Source, raw: Raw, said: FileMapping, saved: Saved, limits: Limits) -> Inspection:
    """What was found out about one of several tables, which may have a saved mapping of its own."""
    found = _inspected(source, raw, own_of(said, raw), limits)
    like = None if found.known else saved(raw.table.names)
    return found if like is None else _inspected(source, raw, like, limits)


def _inspected(source: Source, raw: Raw, said: FileMapping, limits: Limits) -> Inspection:
    """What was found out about one table of a file."""
    complaints = _complaints(source, raw, limits)
    if is_observations(raw.table.names, said, None, None):
        complaints.about_doubts(raw.columns)
        found = inspection_of(source, raw, None, None, complaints.issues())
        found.table, found.known = "observations", True
        return found
    try:
        layout, proposal = choose(raw, said, None)
    except UnknownTableError:
        if not raw.place:
            raise
        layout, proposal = None, None
    if layout is not None:
        typed_columns(raw, layout, said, ZONE, complaints, strict=False)
    else:
        complaints.about_doubts(raw.columns)
        complaints.unknown(raw, proposal)
    return inspection_of(source, raw, layout, proposal, complaints.issues())


def _complaints(source: Source, raw: Raw, limits: Limits) -> Complaints:
    where = f"{source.name}, {raw.place}" if raw.place else source.name
    complaints = Complaints(where, limits.shown)
    about_table(complaints, raw)
    complaints.take(raw.notes)
    return complaints


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
        only_the_first(mapping_from(mapping), name)
        yield from rows_in_parts(path_or_bytes, name, mapping_from(mapping), limits)
        return
    _, raw = open_table(path_or_bytes, name, mapping_from(mapping), limits)
    yield max(raw.outline.header_line, 0), [plain_cell(cell) for cell in raw.outline.header]
    for line, row in zip(raw.table.lines.tolist(), as_rows(raw.table), strict=True):
        yield line, [plain_cell(cell) for cell in row]


def read(
    path_or_bytes: Path | str | bytes,
    name: str,
    *,
    as_table: str | None = None,
    kpi: str | None = None,
    mapping: Mapping[str, Any] | FileMapping | None = None,
    timezone: str = ZONE,
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
    if is_big(path_or_bytes, limits):
        only_the_first(said, name)
        return read_file_in_parts(
            path_or_bytes, name, said, as_table=as_table, kpi=kpi, timezone=timezone, today=today,
            own_kpis=own_kpis, limits=limits, watch=watch,
        )  # fmt: skip
    source, every = every_table(path_or_bytes, name, said, limits)
    tables = picked(source, every, said)
    if kpi is not None:
        return _observed(source, tables[0], kpi, said, own_kpis, limits)

    def one(raw: Raw, told: FileMapping) -> Reading:
        watch.check()
        if is_observations(raw.table.names, told, as_table, own_kpis):
            return _observed(source, raw, None, told, own_kpis, limits)
        return _read_one(source, raw, told, as_table, timezone, today, limits, watch)

    if len(every) == 1:
        return one(tables[0], said)
    share_period(every)
    return read_all(source, tables, said, one, saved)


def _read_one(
    source: Source,
    raw: Raw,
    said: FileMapping,
    as_table: str | None,
    timezone: str,
    today: date | None,
    limits: Limits,
    watch: Watch,
) -> Reading:
    """Read one table of a file into record tables.

    Raises:
        UnknownTableError: no layout reads it. AskError: it can be read in two ways.
    """
    watch.check()
    layout, proposal = choose(raw, said, as_table)
    if layout is None:
        raise unknown(source, raw, proposal)
    complaints = _complaints(source, raw, limits)
    zone = str(said.options.get("timezone") or timezone)
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
    own: Mapping[str, Any] | None,
    limits: Limits,
) -> Reading:
    complaints = _complaints(source, raw, limits)
    found = observe(raw, kpi, said, own, complaints)
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
