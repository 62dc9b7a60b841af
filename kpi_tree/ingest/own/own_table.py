"""Reading a file into a table of the shop's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpi_tree.i18n import msg
from kpi_tree.ingest.about_table import about_table
from kpi_tree.ingest.answers.limits import LIMITS, Limits
from kpi_tree.ingest.inspection import inspection_of
from kpi_tree.ingest.mapping.mapping import FileMapping, mapping_from
from kpi_tree.ingest.own.own_design import Design, design
from kpi_tree.ingest.own.own_large import read_own_in_parts
from kpi_tree.ingest.own.own_rows import about_own, last_of_key, layout_of, rows_of
from kpi_tree.ingest.reading import Reading
from kpi_tree.ingest.sections import open_table
from kpi_tree.ingest.stream.file import is_big, open_big
from kpi_tree.ingest.stream.table import open_large
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.quarantine import quarantine_table
from kpi_tree.ingest.table.typed import typed_columns
from kpi_tree.records.leftovers import folder_of_own
from kpi_tree.records.parquet import conform
from kpi_tree.records.tables import Table
from kpi_tree.steps import SILENT, Watch

ZONE = "Europe/Oslo"


@dataclass(frozen=True, slots=True)
class Wish:
    """A table that a person asks for: its name, and what they said of it."""

    name: str
    key: tuple[str, ...] = ()
    time: str | None = None


def design_of(
    path_or_bytes: Path | str | bytes,
    name: str,
    wish: Wish,
    *,
    mapping: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> Design:
    """The table that a file would make.

    Raises:
        Refused: the file is no table, has no header, or lacks a column that was named.

    >>> file = b"Dag;Butikk;Besok\\n2026-01-02;Oslo;12\\n2026-01-02;Bergen;7\\n"
    >>> made = design_of(file, "a.csv", Wish("visits"))
    >>> made.table.key, made.table.time, [column.type for column in made.table.columns.values()]
    (('dag', 'butikk'), 'dag', ['day', 'text', 'integer'])
    """
    said = _options_only(mapping)
    if is_big(path_or_bytes, limits):
        with folder_of_own() as folder:
            file = open_big(path_or_bytes, name, limits, folder, SILENT)
            return design(open_large(file, said, limits, SILENT), wish.name, key=wish.key, time=wish.time)
    _, raw = open_table(path_or_bytes, name, said, limits)
    return design(raw, wish.name, key=wish.key, time=wish.time)


def read_own(
    path_or_bytes: Path | str | bytes,
    name: str,
    table: Table,
    *,
    mapping: Mapping[str, Any] | None = None,
    timezone: str = ZONE,
    limits: Limits = LIMITS,
    watch: Watch = SILENT,
) -> Reading:
    """Read a file into one of the shop's own tables, by its headers.

    Args:
        mapping: options of how the file is read (date order, decimal sign ...).
        timezone: zone of times that carry none.

    Raises:
        Refused: a column of the key or the time is not there, or cells can be read in two ways.
    """
    said = _options_only(mapping)
    zone = str(said.options.get("timezone") or timezone)
    if is_big(path_or_bytes, limits):
        return read_own_in_parts(path_or_bytes, name, table, said, zone, limits, watch)
    source, raw = open_table(path_or_bytes, name, said, limits)
    watch.check()
    complaints = Complaints(source.name, limits.shown)
    about_table(complaints, raw)
    layout = layout_of(raw, table)
    columns, bad = typed_columns(raw, layout, said, zone, complaints, strict=True)
    if not raw.table.rows:
        complaints.no_rows()
    watch.tell(msg("Making records of {n} rows", n=raw.table.rows), 0.6)
    rows = rows_of(table, columns, raw.table.lines, bad)
    kept, replaced = last_of_key(table, rows)
    issues = [*complaints.issues(), *about_own(table, raw, source, replaced)]
    inspection = inspection_of(source, raw, None, None, issues)
    inspection.table, inspection.known = table.name, True
    return Reading(
        inspection,
        {table.name: conform(table, kept)},
        None,
        quarantine_table(raw, complaints.cells()),
        issues,
        raw.table.rows + raw.table.wide_count,
        source.fingerprint,
    )


def _options_only(mapping: Mapping[str, Any] | None) -> FileMapping:
    """Only how the file is read: its columns are those of the table."""
    return mapping_from({"options": dict((mapping or {}).get("options") or {})})
