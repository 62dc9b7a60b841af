"""Targets as rows of a table: the columns that a workbook writes, and reading them back onto a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kpi_tree.errors import KpiTreeError
from kpi_tree.exchange.table_cells import clean, number_in
from kpi_tree.i18n import LANGUAGES, Msg, msg, translate
from kpi_tree.issues import Issue
from kpi_tree.plan.model import Plan, Target
from kpi_tree.plan.reading import target_from_dict

COLUMNS: Mapping[str, Msg] = {
    "id": msg("Id"), "node": msg("Node"), "node_name": msg("Name"), "start": msg("From"),
    "last": msg("Through"), "kind": msg("Kind"), "baseline": msg("Baseline"), "value": msg("Value"),
    "low": msg("Lowest"), "high": msg("Highest"), "trajectory": msg("Path"), "events": msg("Known events"),
    "sentence": msg("Sentence"),
}  # fmt: skip
"""Field → heading, in the order of the sheet."""

_HEADS: Mapping[str, str] = {
    translate(heading, lang).casefold(): name for name, heading in COLUMNS.items() for lang in LANGUAGES
}
_BY_ITSELF = ("", "linear", "step", "last_year")
"""Paths that a sheet says in full; the others need weights or points, which it has no place for."""


def with_targets(plan: Plan, rows: Sequence[Sequence[str]]) -> tuple[Plan, list[Issue]] | None:
    """The plan with the targets of a sheet in place of its own; None where the rows are no sheet of targets.

    A row that cannot be read is left out and said; one of a node that is not here is passed over.
    """
    head = _head(rows[0]) if rows else {}
    if not {"id", "node", "start", "last", "value"} <= set(head):
        return None
    found: dict[str, Target] = {}
    issues: list[Issue] = []
    for at, row in enumerate(rows[1:], 2):
        cells = {name: clean(row[n]).strip() for name, n in head.items() if n < len(row)}
        if cells.get("node") not in plan.nodes:
            continue
        try:
            made = target_from_dict(_fields(cells), f"row {at}")
        except (KpiTreeError, ValueError) as error:
            said = error.message if isinstance(error, KpiTreeError) else msg("This is no day.")
            remedy = error.remedy if isinstance(error, KpiTreeError) else None
            issues.append(Issue("warning", "table_cell", said, f"row {at}", remedy or msg("Correct it."), at))
            continue
        found[made.id] = made
        if cells.get("trajectory", "") not in _BY_ITSELF:
            text = msg(
                "The path of the target of {name} is not in the sheet.", name=plan.nodes[made.node].name
            )
            remedy = msg("Only json and yaml hold it; here it runs straight.")
            issues.append(Issue("warning", "target_path", text, f"row {at}", remedy, at))
    return plan.with_(targets=found), issues


def _head(row: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        name = _HEADS.get(" ".join(clean(cell).casefold().split()))
        if name is not None:
            found.setdefault(name, at)
    return found


def _fields(cells: Mapping[str, str]) -> dict[str, Any]:
    """The cells of a row as the reader of a plan file takes them. Raises ValueError where a day is none."""
    last = date.fromisoformat(cells["last"][:10])
    made: dict[str, Any] = {
        "id": cells["id"],
        "node": cells["node"],
        "period": {"start": cells["start"][:10], "end": (last + timedelta(days=1)).isoformat()},
    }
    for name in ("value", "baseline", "low", "high"):
        if text := cells.get(name):
            number, _ = number_in(text)
            made[name] = text if number is None else number
    for name in ("kind", "sentence"):
        if text := cells.get(name):
            made[name] = text
    if (path := cells.get("trajectory", "")) in _BY_ITSELF and path:
        made["trajectory"] = path
    if cells.get("events") in ("1", "1.0"):
        made["events"] = True
    return made
