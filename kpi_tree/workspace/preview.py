"""How a file's first rows would be read by a mapping, and which KPIs it would feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kpi_tree.catalogue import Kpi
from kpi_tree.ingest.lookup import beginning
from kpi_tree.store import Home
from kpi_tree.workspace.inbox import Said, read_file
from kpi_tree.workspace.own import catalogue_of
from kpi_tree.workspace.rights import Asker, verb


@dataclass(frozen=True, slots=True)
class Preview:
    """The first records by table, how many rows cannot be used, and the ids of the KPIs that gain."""

    tables: Mapping[str, list[dict[str, Any]]]
    set_aside: int
    kpis: tuple[str, ...]


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
    return Preview(shown, reading.quarantine.num_rows, fed_by(set(reading.tables), catalogue_of(home)))


def fed_by(tables: set[str], known: Mapping[str, Kpi]) -> tuple[str, ...]:
    """Those of the known KPIs that are made from any of these tables; those that need no other first."""
    fed = [kpi for kpi in known.values() if tables & set(kpi.tables)]
    return tuple(kpi.id for kpi in sorted(fed, key=lambda kpi: not set(kpi.tables) <= tables))
