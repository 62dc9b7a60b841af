"""Looking at a file: how it is to be read, what it holds, and every doubt, without making records."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kpi_tree.ingest.about_table import about_table
from kpi_tree.ingest.answers.limits import LIMITS, Limits
from kpi_tree.ingest.choosing import UnknownTableError, choose, is_observations, unknown
from kpi_tree.ingest.files.source import Source
from kpi_tree.ingest.inspection import Inspection, inspection_of
from kpi_tree.ingest.mapping.mapping import FileMapping, mapping_from
from kpi_tree.ingest.sections import every_table, picked
from kpi_tree.ingest.several import (
    Saved,
    about_tables,
    described,
    nothing_saved,
    own_of,
    share_period,
)
from kpi_tree.ingest.stream.file import is_big, open_big
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.stream.reading import look_over
from kpi_tree.ingest.stream.table import read_large
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.table.typed import typed_columns
from kpi_tree.records.leftovers import folder_of_own
from kpi_tree.steps import SILENT

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
        mapping: what a person has said about it (see :class:`~kpi_tree.ingest.mapping.mapping.FileMapping`).
        saved: finds the mapping that somebody saved for one of several tables of a file.

    Raises:
        Refused: it is no table, or too large; a file that is a table never is refused here.

    >>> inspect(b"Ordrenr;Dato;Antall;Pris\\n1;2024-05-01;2;99,50\\n", "ordre.csv").table
    'order_lines'
    """
    said = mapping_from(mapping)
    if is_big(path_or_bytes, limits):
        with folder_of_own() as folder:
            file = open_big(path_or_bytes, name, limits, folder, SILENT)
            every = read_large(file, said.options, limits, SILENT)
            return _inspect(every[0].source, every, said, saved, limits)
    source, every = every_table(path_or_bytes, name, said, limits)
    return _inspect(source, every, said, saved, limits)


def _inspect(source: Source, every: list[Raw], said: FileMapping, saved: Saved, limits: Limits) -> Inspection:
    """What was found out about all tables of a file."""
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
    complaints = complaints_of(source, raw, limits)
    if is_observations(raw, said, None, None):
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
        if isinstance(raw.table, LargeTable):
            look_over(raw, layout, said, ZONE, limits, complaints)
        else:
            typed_columns(raw, layout, said, ZONE, complaints, strict=False)
    else:
        complaints.about_doubts(raw.columns)
        complaints.unknown(raw, proposal)
    return inspection_of(source, raw, layout, proposal, complaints.issues())


def complaints_of(source: Source, raw: Raw, limits: Limits, currency: str = "") -> Complaints:
    """What there is to say of a table before a cell of it is read."""
    where = f"{source.name}, {raw.place}" if raw.place else source.name
    complaints = Complaints(where, limits.shown, currency)
    about_table(complaints, raw)
    complaints.take(raw.notes)
    return complaints
