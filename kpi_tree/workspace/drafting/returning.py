"""A table that came out of a plan and comes back: only what was changed in it changes the plan."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from kpi_tree.catalogue import Kpi
from kpi_tree.exchange.action_rows import with_actions
from kpi_tree.exchange.lists import to_edge_csv
from kpi_tree.exchange.sheet_rows import with_edges, with_nodes
from kpi_tree.exchange.tables import TableReading, from_rows
from kpi_tree.exchange.target_rows import with_targets
from kpi_tree.exchange.workbook import further_sheets
from kpi_tree.issues import Issue
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.merging import merged, same_number
from kpi_tree.plan.model import Plan, Target
from kpi_tree.workspace.base.naming import own_names
from kpi_tree.workspace.drafting.aims import in_order

Rows = Sequence[Sequence[str]]
Reader = Callable[[Plan, Rows], tuple[Plan, list[Issue]] | None]
READERS: tuple[Reader, ...] = (with_nodes, with_edges, with_actions, with_targets)
"""What reads the sheets that follow the tree, each only its own."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """A table as read, which of :data:`READERS` found a sheet behind it, and the targets beside its boxes."""

    reading: TableReading
    found: frozenset[Reader] = frozenset()
    aims: Sequence[Target] = ()


def onto(read: Sheets, base: Plan, kpis: Mapping[str, Kpi]) -> Plan:
    """The plan with what was changed in a table of it.

    Args:
        read: the table; one from elsewhere counts as far as its columns go.
        kpis: the catalogue, for names in the language that the table was written in.
    """
    seen = _shown(base, read, kpis)
    made = read.reading.plan
    if with_targets not in read.found:  # a value beside a box says less than a target is
        made, seen = made.with_(targets=base.targets), seen.with_(targets=base.targets)
    return _aimed(merged(base, seen, _named_as_here(made, base, kpis)), base, read.aims)


def _aimed(made: Plan, base: Plan, aims: Sequence[Target]) -> Plan:
    """The plan with the targets that were typed beside its boxes, where they are not what they were."""
    targets = dict(made.targets)
    for aim in aims:
        here = [
            one for one in (*base.targets_of(aim.node), *base.lines_of(aim.node)) if one.period == aim.period
        ]
        if any(same_number(one.value, aim.value) for one in here):
            continue
        old = targets.get(here[0].id) if here else None
        if old is not None:
            targets[old.id] = replace(old, value=aim.value)
        elif not here and aim.node in made.nodes:
            key = id_from_name(aim.id, targets)
            targets[key] = replace(aim, id=key)
    return made.with_(targets=targets)


def _named_as_here(made: Plan, base: Plan, kpis: Mapping[str, Kpi]) -> Plan:
    """Boxes that carry their own name in another language, with the one that the plan gives them."""
    nodes = dict(made.nodes)
    for key, node in made.nodes.items():
        here = base.nodes.get(key)
        if here is not None and node.name in own_names(here, kpis).values():
            nodes[key] = replace(node, name=here.name)
    return made.with_(nodes=nodes)


def _shown(base: Plan, read: Sheets, kpis: Collection[str]) -> Plan:
    """What a table with the same columns and the same sheets says of the plan as it stands."""
    columns = read.reading.columns
    if read.reading.shape == "lines":
        head, *rows = csv.reader(io.StringIO(to_edge_csv(base), newline=""))
        kept = [at for at, name in enumerate(head) if name in columns]
        return from_rows([[row[at] for at in kept] for row in [head, *rows]], kpis=kpis).plan
    shown = from_rows(_tree_rows(base, columns), kpis=kpis).plan
    for rows in further_sheets(base):
        for reader in read.found:
            if made := reader(shown, rows):
                shown = made[0]
    return shown


def _tree_rows(plan: Plan, columns: Collection[str]) -> Rows:
    """The tree as rows under the headings of the fields asked for; a level says what hangs below what."""
    head = ["name", "level", "id", *(name for name in _CELLS if name in columns)]
    rows = [head]
    for key, depth in in_order(plan):
        node = plan.nodes[key]
        said = [_CELLS[name](plan, key) for name in head[3:]]
        rows.append([node.name or key, str(depth + 1), key, *said])
    return rows


def _text(value: object) -> str:
    return "" if value is None else str(value)


_CELLS: Mapping[str, Callable[[Plan, str], str]] = {
    "owner": lambda plan, key: plan.nodes[key].owner,
    "type": lambda plan, key: "action" if plan.nodes[key].kind == "action" else "kpi",
    "formula": lambda plan, key: _text(plan.nodes[key].formula),
    "unit": lambda plan, key: _text(plan.nodes[key].unit),
    "notes": lambda plan, key: plan.nodes[key].notes,
    "direction": lambda plan, key: _text(plan.nodes[key].direction),
    "kpi": lambda plan, key: _text(plan.nodes[key].kpi),
    "value": lambda plan, key: _text(plan.nodes[key].assumption),
    "state": lambda plan, key: _text(plan.nodes[key].state),
    "start": lambda plan, key: _text(plan.nodes[key].start),
    "due": lambda plan, key: _text(plan.nodes[key].due),
    "expected_effect": lambda plan, key: _text(plan.nodes[key].expected_effect),
    "confidence": lambda plan, key: _text(plan.nodes[key].confidence),
    "cost": lambda plan, key: _text(plan.nodes[key].cost),
    "effort": lambda plan, key: _text(plan.nodes[key].effort),
}
"""Field of a column → what it says of a box."""
