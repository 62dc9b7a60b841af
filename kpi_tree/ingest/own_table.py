"""Reading a file into a table of the shop's own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.about_table import about_table
from kpi_tree.ingest.complaints import Complaints
from kpi_tree.ingest.inspection import inspection_of
from kpi_tree.ingest.layout import Layout, Wanted, normal
from kpi_tree.ingest.limits import LIMITS, Limits
from kpi_tree.ingest.mapping import FileMapping, mapping_from
from kpi_tree.ingest.own_design import Design, design
from kpi_tree.ingest.quarantine import quarantine_table
from kpi_tree.ingest.raw import Raw
from kpi_tree.ingest.reading import Reading
from kpi_tree.ingest.sections import open_table
from kpi_tree.ingest.source import Source
from kpi_tree.ingest.typed import typed_columns
from kpi_tree.issues import Issue
from kpi_tree.records.parquet import conform
from kpi_tree.records.tables import ROW, ROW_KEY, Table
from kpi_tree.steps import SILENT, Watch

ZONE = "Europe/Oslo"
_READ_AS = {"seconds": "duration"}


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
    _, raw = open_table(path_or_bytes, name, _options_only(mapping), limits)
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
    source, raw = open_table(path_or_bytes, name, said, limits)
    watch.check()
    complaints = Complaints(source.name, limits.shown)
    about_table(complaints, raw)
    layout = _layout(raw, table)
    zone = str(said.options.get("timezone") or timezone)
    columns, bad = typed_columns(raw, layout, said, zone, complaints, strict=True)
    if not raw.table.rows:
        complaints.no_rows()
    watch.tell(msg("Making records of {n} rows", n=raw.table.rows), 0.6)
    rows = _rows(table, columns, raw.table.lines, bad)
    kept, replaced = _last_of_key(table, rows)
    issues = [*complaints.issues(), *_about(table, raw, source, replaced)]
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


def _layout(raw: Raw, table: Table) -> Layout:
    """What is read from the file: each column under its header, or under its own name."""
    have = {normal(name): name for name in reversed(raw.table.names)}
    wanted: dict[str, Wanted] = {}
    for column in table.columns.values():
        header = have.get(normal(column.label)) or have.get(normal(column.name))
        if header is not None and column.name != ROW_KEY:
            kind = _READ_AS.get(column.unit or "", column.type) if column.type == "number" else column.type
            wanted[column.name] = Wanted(column.name, kind, (header,), required=column.required)
    needed = [name for name in (*table.key, table.time) if name and name != ROW_KEY and name not in wanted]
    if needed or not wanted:
        missing = table.columns[needed[0]] if needed else next(iter(table.columns.values()))
        raise Refused(
            msg("The file has no column {name}.", name=missing.label or missing.name),
            place=raw.source.name,
            remedy=msg("The table {table} needs it; its columns are: {names}.", table=table.name,
                       names=", ".join(one.label or one.name for one in table.columns.values())),
        )  # fmt: skip
    return Layout("", "", wanted, (), {table.name: ""})


def _rows(
    table: Table,
    columns: Mapping[str, pa.Array],
    lines: npt.NDArray[np.int64],
    bad: npt.NDArray[np.bool_],
) -> pa.Table:
    rows = pa.table({**columns, ROW: pa.array(lines)}).filter(pa.array(~bad))
    if ROW_KEY not in table.key:
        return rows
    return rows.append_column(ROW_KEY, _row_keys(rows))


def _row_keys(rows: pa.Table) -> pa.Array:
    """A name for each row made of its content, and its number among rows that say the very same."""
    names = rows.column_names[:-1]
    texts = [rows.column(name).cast(pa.string()).fill_null("\0").to_pylist() for name in names]
    seen: dict[str, int] = {}
    keys = []
    for row in zip(*texts, strict=True):
        mark = hashlib.md5("\x1f".join(row).encode(), usedforsecurity=False).hexdigest()
        seen[mark] = seen.get(mark, 0) + 1
        keys.append(f"{mark}-{seen[mark]}")
    return pa.array(keys, pa.string())


def _last_of_key(table: Table, rows: pa.Table) -> tuple[pa.Table, int]:
    """The last row of each key, and how many rows of the file gave way to a later one."""
    at = rows.append_column("_at", pa.array(np.arange(rows.num_rows)))
    last = at.group_by(list(table.key), use_threads=False).aggregate([("_at", "max")])
    kept = rows.take(np.sort(np.asarray(last.column("_at_max"))))
    return kept, rows.num_rows - kept.num_rows


def _about(table: Table, raw: Raw, source: Source, replaced: int) -> Sequence[Issue]:
    """Columns that the table does not have, and rows that a later one of the same key replaced."""
    known = {normal(text) for column in table.columns.values() for text in (column.label, column.name)}
    found = []
    extra = [name for name in raw.table.names if normal(name) not in known]
    if extra:
        found.append(
            Issue(
                "warning", "further_columns",
                msg("The table {table} has no column {name}; it is not read.", table=table.name,
                    name=", ".join(extra[:8])),
                source.name, msg("Make a new table of the file to keep it."), count=len(extra),
            )
        )  # fmt: skip
    if replaced:
        key = ", ".join(table.columns[name].label or name for name in table.key)
        found.append(
            Issue(
                "warning", "repeated_keys",
                msg("{n} rows are replaced by a later row with the same {key}.", n=replaced, key=key),
                source.name, msg("Name further columns of the key when the table is made."), count=replaced,
            )
        )  # fmt: skip
    return found
