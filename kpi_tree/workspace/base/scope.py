"""What somebody may fill who may not fill everything: record tables by name, and direct values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from kpi_tree import ingest
from kpi_tree.errors import Denied
from kpi_tree.i18n import msg
from kpi_tree.ingest.sections import sections_of
from kpi_tree.store.batches import Batch

VALUES = "values"
"""Stands for a KPI's values given directly, which fill no record table."""


def filled_by(reading: ingest.Reading) -> set[str]:
    """The tables that a file which was read would fill."""
    found = {name for name, rows in reading.tables.items() if rows.num_rows}
    if reading.observations is not None and reading.observations.num_rows:
        found.add(VALUES)
    return found


def filled_in(batch: Batch) -> set[str]:
    """The tables that a batch fills."""
    return {str(count["table"]) for count in batch.receipt.get("tables", ())} or {batch.main_table or VALUES}


def refuse_others(only: Collection[str] | None, filled: Iterable[str], place: str) -> None:
    """Let a file through whose every table is among those that may be filled; ``None`` lets all through.

    Raises:
        Denied: it would fill another one.

    >>> refuse_others(["orders"], ["orders"], "a.csv")
    """
    fills, may = sorted(set(filled)), sorted(only or ())
    if only is None or set(fills) <= set(may):
        return
    raise Denied(
        msg(
            "This file fills {names}; this token may fill {allowed} only. Nothing was kept.",
            names=", ".join(fills),
            allowed=", ".join(may),
        ),
        place=place,
        remedy=msg(
            "Make a token for {names} on the data page (Access), or by {command}.",
            names=", ".join(fills),
            command=" ".join(["token make NAME", *(f"--table {name}" for name in fills)]),
        ),
    )


def part_of(mapping: Mapping[str, Any] | str | None) -> str:
    """Which of a file's tables were chosen, in a word; another choice is another batch of the same file.

    >>> part_of({"options": {"section": [3, "2"]}}), part_of(None)
    ('2, 3', '')
    """
    options = mapping.get("options") if isinstance(mapping, Mapping) else None
    return ", ".join(sorted(sections_of(options))) if isinstance(options, Mapping) else ""
