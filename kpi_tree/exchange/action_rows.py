"""Actions as rows of a table: the columns that a workbook writes, and reading them back onto a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kpi_tree.errors import KpiTreeError
from kpi_tree.exchange.table_cells import clean, number_in
from kpi_tree.i18n import LANGUAGES, Msg, msg, translate
from kpi_tree.issues import Issue
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.reading import NODE_FIELDS

COLUMNS: Mapping[str, Msg] = {
    "id": msg("Id"), "name": msg("Name"), "supports": msg("Supports"), "state": msg("State"),
    "owner": msg("Owner"), "start": msg("Start"), "due": msg("Due"),
    "expected_effect": msg("Expected effect"), "confidence": msg("Confidence"),
    "effect_delay": msg("Days until it shows"), "effect_days": msg("Days in the window"),
    "effect_course": msg("Course"), "cost": msg("Cost"), "effort": msg("Hours"),
    "action_kind": msg("Kind"), "needs": msg("Needs"), "excludes": msg("Rules out"),
    "control": msg("Segment to compare with"), "experiment": msg("Experiment"), "links": msg("Links"),
    "notes": msg("Notes"),
}  # fmt: skip
"""Field → heading, in the order of the sheet."""

FIELDS = tuple(name for name in COLUMNS if name not in ("id", "name", "supports"))
LISTS = ("needs", "excludes", "links")
NUMBERS = ("expected_effect", "confidence", "effect_delay", "effect_days", "cost", "effort")
_HEADS: Mapping[str, str] = {
    translate(heading, lang).casefold(): name for name, heading in COLUMNS.items() for lang in LANGUAGES
}


def head_of(row: Sequence[str]) -> dict[str, int] | None:
    """Field → column, where a row is the heading of a sheet of actions: an id and what only actions have.

    >>> head_of(["Id", "Name", "State", "Due", "Expected effect"])["due"]
    3
    >>> head_of(["Indicator", "Owner"]) is None
    True
    """
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        name = _HEADS.get(" ".join(clean(cell).casefold().split()))
        if name is not None:
            found.setdefault(name, at)
    return found if "id" in found and "state" in found and "expected_effect" in found else None


def with_actions(plan: Plan, rows: Sequence[Sequence[str]]) -> tuple[Plan, list[Issue]] | None:
    """The plan with its actions' fields as the rows say; None where they are no sheet of actions.

    A value that cannot be read is left out and said; an id that is no action of the plan is passed over.
    """
    if not rows or (head := head_of(rows[0])) is None:
        return None
    nodes, issues = dict(plan.nodes), []
    for at, row in enumerate(rows[1:], 2):
        cells = {name: clean(row[n]).strip() for name, n in head.items() if n < len(row)}
        node = nodes.get(cells.get("id", ""))
        if node is not None and node.kind == "action":
            made, said = fill(node, {name: cells[name] for name in FIELDS if cells.get(name)}, at)
            nodes[node.id] = made
            issues += said
    return plan.with_(nodes=nodes), issues


def fill(node: Node, cells: Mapping[str, str], row: int) -> tuple[Node, list[Issue]]:
    """An action with what the cells of its row say, and what of it could not be read."""
    values: dict[str, Any] = {}
    issues: list[Issue] = []
    for name, text in cells.items():
        try:
            values[name] = NODE_FIELDS[name](_value(name, text), name)
        except KpiTreeError as error:
            issues.append(
                Issue("warning", "table_cell", error.message, f"row {row}, column {name}",
                      error.remedy or msg("Correct it."), row, name, text[:200])
            )  # fmt: skip
    return replace(node, **values), issues


def _value(name: str, text: str) -> Any:
    """A cell as the reader of a plan file takes it."""
    if name in NUMBERS:
        value, _ = number_in(text)
        return text if value is None else value
    if name in LISTS:
        return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
    if name in ("start", "due"):
        return text[:10]
    return text.casefold() if name in ("state", "effect_course") else text
