"""A look at a file before anything is kept: what it is, what loading it would do, how a mapping reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kpi_tree import ingest
from kpi_tree.errors import Cancelled, KpiTreeError
from kpi_tree.ingest.lookup import beginning, proposed_for
from kpi_tree.ingest.mapping.mapping import check_table
from kpi_tree.ingest.table.quarantine import faults_of
from kpi_tree.steps import Cancel, Progress
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import Receipt
from kpi_tree.workspace.intake.filereading import Said, read_file
from kpi_tree.workspace.intake.inbox import inspect_file, load_file

MOST = 20_000
"""Rows whose bad cells a preview counts."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first records by table, how many cells cannot be used, and the ids of the KPIs that gain."""

    tables: Mapping[str, list[dict[str, Any]]]
    set_aside: int
    kpis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What reading a file found, and what loading it would do, or why it cannot be loaded as it is."""

    inspection: ingest.Inspection | None
    receipt: Receipt | None
    error: KpiTreeError | None = None


def look_into(
    home: Home,
    who: Asker,
    source: Path | bytes,
    name: str,
    *,
    how: Mapping[str, Any],
    now: datetime | None = None,
    progress: Progress | None = None,
    cancelled: Cancel | None = None,
) -> Look:
    """A dry run, and what the beginning of the file shows of its columns; a file that is there is not read.

    Args:
        how: what was said about the file: ``as_table``, ``kpi``, ``mapping``, as ``load_file`` takes them.

    Raises:
        Cancelled: it was stopped. Any other refusal is part of what is handed back.
    """
    receipt, refused = None, None
    try:
        receipt = load_file(
            home, who, source, name, dry_run=True, now=now, progress=progress, cancelled=cancelled, **how
        )
    except Cancelled:
        raise
    except KpiTreeError as error:
        refused = error
    if receipt is not None and receipt.repeated and not _has_several(home, receipt):
        return Look(None, receipt)
    try:
        inspection = inspect_file(home, who, beginning(source), name, mapping=how.get("mapping"))
    except KpiTreeError as error:
        return Look(None, receipt, refused or (None if receipt else error))
    return Look(inspection, receipt, refused)


def _has_several(home: Home, receipt: Receipt) -> bool:
    """Whether a file that is there already holds several tables, of which some may not be read yet."""
    said = kept.get(home, str(receipt.batch)).receipt
    told = {issue["code"] for issue in said.get("issues", ())}
    return bool(said.get("part")) or bool(told & {"sections", "further_tables"})


@verb
def preview_file(
    home: Home,
    who: Asker,  # noqa: ARG001
    source: Path | str | bytes,
    name: str,
    *,
    as_table: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    limit: int = 5,
    now: datetime | None = None,
) -> Preview:
    """Read the beginning of a file without keeping anything.

    Raises:
        Refused: it cannot be read so, with the reason.
    """
    start = beginning(source)
    part = start if isinstance(start, bytes) else Path(start)
    reading = read_file(home, part, name, Said(as_table, None, mapping, None), now)
    shown = {
        table: [
            {key: value for key, value in row.items() if not key.startswith("_")}
            for row in rows.slice(0, limit).to_pylist()
        ]
        for table, rows in reading.tables.items()
    }
    bad = sum(len(faults_of(row)) for row in reading.quarantine.slice(0, MOST).to_pylist())
    return Preview(shown, bad, fed_by(home, set(reading.tables)))


@verb
def propose_mapping(
    home: Home,  # noqa: ARG001
    who: Asker,  # noqa: ARG001
    source: Path | str | bytes,
    name: str,
    table: str,
    *,
    options: Mapping[str, Any] | None = None,
) -> ingest.FileMapping:
    """How a file's columns would fill a table, with how sure each guess is.

    Args:
        table: a record table, or a kind of file that fills two.
        options: what was said of the file so far, such as which of its tables is meant.

    Raises:
        Refused: there is no such table, or the file cannot be read at all.
    """
    check_table(table, name)
    return proposed_for(source, name, table, options or {})


def fed_by(home: Home, tables: set[str]) -> tuple[str, ...]:
    """The KPIs that are made from any of these tables; those that need no other first."""
    fed = [kpi for kpi in catalogue_of(home).values() if tables & set(kpi.tables)]
    return tuple(kpi.id for kpi in sorted(fed, key=lambda kpi: not set(kpi.tables) <= tables))
