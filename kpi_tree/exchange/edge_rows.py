"""A list of lines (one row from parent to child) as a tree: our own edge list, and others like it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.exchange.action_rows import FIELDS, fill
from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.plan.formula_parser import parse
from kpi_tree.plan.goals.kpi_names import plain_text
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import EDGE_KINDS, STRENGTHS, Edge, EdgeKind, Node, Plan
from kpi_tree.plan.naming import kpis_by_name, newly
from kpi_tree.plan.rules import path_between, refuse_cycle, refuse_ends
from kpi_tree.plan.trial import Trial, trial_from

COLUMNS = (
    "parent", "child", "parent_name", "child_name", "kind", "operator", "sign", "strength", "lag",
    "hypothesis", "formula", "who", "tested",
)  # fmt: skip
"""The columns of our own list that are about the line; only the first two have to be there."""

ABOUT = tuple(FIELDS)
"""Further columns, about the child: its owner, its notes, and all that an action has."""

_HEADS: Mapping[str, str] = {
    "forelder": "parent", "overordnet": "parent", "親": "parent", "from": "parent", "source": "parent",
    "barn": "child", "underordnet": "child", "子": "child", "to": "child", "target": "child",
}  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_]*\Z")
FORMULA_START = r"'*[=+\-@\t\r\n\0＝＋－＠]"
"""What a spreadsheet takes for a formula, and such a text guarded already."""
_GUARDED = re.compile(f"'(?={FORMULA_START})")
_SIGNS = {"×": "*", "x": "*", "*": "*", "÷": "/", "/": "/", "+": "+", "−": "-", "-": "-"}


def head_of(row: Sequence[str]) -> dict[str, int]:
    """Column → its number, where a row is the heading of a list of lines; else nothing.

    >>> head_of(["Forelder", "Barn"]), head_of(["parent", "name"])
    ({'parent': 0, 'child': 1}, {})
    """
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        name = cell.strip().casefold().replace(" ", "_")
        name = _HEADS.get(name, name)
        if name in COLUMNS or name in ABOUT:
            found.setdefault(name, at)
    return found if {"parent", "child"} <= set(found) else {}


@dataclass
class _Tree:
    """What the rows have said so far."""

    kpis: Collection[str]
    names: Mapping[str, str]
    ids: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    links: dict[tuple[str, str], Edge] = field(default_factory=dict)
    signs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    about: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def node(self, said: str, name: str) -> str:
        """The id of an end; a node for it where there is none yet."""
        if said not in self.ids:
            own = _ID.match(said) is not None and said not in self.nodes
            made = said if own else id_from_name(said, self.nodes)
            self.ids[said] = made
            kpi = made if made in self.kpis else None if own else self.called(said)
            self.nodes[made] = Node(made, "kpi", name or said, kpi=kpi, order=float(len(self.nodes)))
        return self.ids[said]

    def called(self, name: str) -> str | None:
        """The KPI that a box is called like, if no other measures it."""
        return newly(self.names.get(plain_text(name)), self.nodes.values())

    def skip(self, at: int, error: KpiTreeError) -> None:
        """A row that cannot be a line of a tree: said, and left out."""
        self.issues.append(Issue("warning", "line_left_out", error.message, f"row {at}", error.remedy))


def from_edge_rows(
    rows: Sequence[tuple[int, Sequence[str]]],
    head: Mapping[str, int],
    *,
    kpis: Collection[str] = (),
    plan_id: str = "table",
) -> tuple[Plan, tuple[Issue, ...]]:
    """Reads a tree from rows below a heading that :func:`head_of` knows.

    Args:
        rows: with their numbers, for messages.

    Returns:
        The plan, and what was left out: a line that closes a circle or joins what cannot be joined.

    Raises:
        Refused: no row names a box.

    >>> plan, _ = from_edge_rows([(2, ["Sales", "Orders"])], {"parent": 0, "child": 1})
    >>> plan.root(), plan.children("sales")
    ('sales', ['orders'])
    """
    tree = _Tree(kpis, kpis_by_name(kpis))
    read = list(_read(rows, head, tree))
    if not tree.nodes:
        raise Refused(
            msg("No row has a parent and a child."),
            remedy=msg("Fill in both columns, one row for each line of the tree."),
        )
    for _, edge in read:
        if edge.kind == "supports":
            tree.nodes[edge.child] = _as_action(tree.nodes[edge.child])
    for place, (child, (at, cells)) in enumerate(tree.about.items(), 1):
        made, said = fill(tree.nodes[child], cells, at)
        tree.nodes[child] = replace(made, order=float(place))  # siblings as their rows follow one another
        tree.issues += said
    below = {edge.child for _, edge in read}
    above = {edge.parent for _, edge in read} or set(
        tree.nodes
    )  # a box alone is the goal where nothing else is
    free = (node for node in tree.nodes.values() if node.id in above - below and node.kind == "kpi")
    top = next(free, None)
    if top is not None:
        tree.nodes[top.id] = replace(top, kind="kgi")
    for at, edge in read:
        _join(tree, at, edge)
    return _with_formulas(tree, plan_id), tuple(tree.issues)


def _as_action(node: Node) -> Node:
    return replace(node, kind="action", state="planned", kpi=None)


def _read(
    rows: Sequence[tuple[int, Sequence[str]]], head: Mapping[str, int], tree: _Tree
) -> Iterator[tuple[int, Edge]]:
    for at, row in rows:
        cells = {name: _cell(row, column) for name, column in head.items()}
        if not cells["child"]:
            continue
        if not cells["parent"]:  # a box that hangs below nothing
            alone = tree.node(cells["child"], cells.get("child_name", ""))
            if cells.get("kind") == "supports":
                tree.nodes[alone] = _as_action(tree.nodes[alone])
            tree.about.setdefault(alone, (at, {name: cells[name] for name in ABOUT if cells.get(name)}))
            continue
        parent = tree.node(cells["parent"], cells.get("parent_name", ""))
        child = tree.node(cells["child"], cells.get("child_name", ""))
        tree.about.setdefault(child, (at, {name: cells[name] for name in ABOUT if cells.get(name)}))
        kind = cells.get("kind", "")
        made: EdgeKind = kind if kind in EDGE_KINDS else "influence"
        operator = _SIGNS.get(cells.get("operator", ""))
        if operator and made in ("formula", "influence"):
            tree.signs.setdefault(parent, []).append((operator, child))
        if cells.get("formula"):
            tree.formulas[parent] = cells["formula"]
        strength = cells.get("strength", "")
        tested, said = tested_in(cells.get("tested", ""), at)
        tree.issues += said
        yield (
            at,
            Edge(
                parent,
                child,
                made,
                sign=_number(cells.get("sign", "")) or 0,
                strength=strength if strength in STRENGTHS else None,
                lag=_number(cells.get("lag", "")),
                hypothesis=cells.get("hypothesis", ""),
                who=cells.get("who", ""),
                tested=tested,
            ),
        )


def tested_text(tested: Sequence[Trial]) -> str:
    """What experiments found of a line, as one cell; :func:`from_edge_rows` reads it back."""
    return json.dumps([one.to_dict() for one in tested], ensure_ascii=False) if tested else ""


def tested_in(text: str, at: int) -> tuple[tuple[Trial, ...], list[Issue]]:
    """The experiments of a cell in row ``at``; what cannot be read is said, and the line stays.

    >>> tested_in("", 2)
    ((), [])
    """
    if not text:
        return (), []
    place = f"row {at}: tested"
    message, remedy = msg("The experiments of this line cannot be read."), None
    try:
        found = json.loads(text)
        return tuple(trial_from(one, place) for one in (found if isinstance(found, list) else [found])), []
    except KpiTreeError as error:
        message, remedy = error.message, error.remedy
    except ValueError:
        remedy = msg("Leave the cell as it was written, or empty.")
    return (), [Issue("warning", "experiments_left_out", message, place, remedy)]


def _cell(row: Sequence[str], column: int) -> str:
    text = row[column].strip() if column < len(row) else ""
    return _GUARDED.sub("", text, count=1) if text.startswith("'") else text


def _number(text: str) -> int | None:
    with suppress(ValueError):
        return int(text)
    return None


def _join(tree: _Tree, at: int, edge: Edge) -> None:
    plan = Plan("t", nodes=tree.nodes, links=tree.links)
    try:
        refuse_ends(tree.nodes[edge.parent], tree.nodes[edge.child], edge.kind)
        if edge.parent == edge.child or path_between(plan, edge.child, edge.parent) is not None:
            refuse_cycle(plan, edge.parent, [edge.child])
    except KpiTreeError as error:
        tree.skip(at, error)
        return
    tree.links[edge.key] = edge


def _with_formulas(tree: _Tree, plan_id: str) -> Plan:
    """The plan with its formulas, given or made of the signs; a line that one makes is not drawn too."""
    for node, signs in tree.signs.items():
        if node not in tree.formulas:
            joined = signs[0][1] + "".join(f" {sign} {child}" for sign, child in signs[1:])
            tree.formulas[node] = joined
    for node, text in tree.formulas.items():
        with suppress(KpiTreeError):
            parse(text)
            tree.nodes[node] = replace(tree.nodes[node], formula=text)
    plan = Plan(plan_id, nodes=tree.nodes)
    made = {(node, child) for node in tree.nodes for child in plan.formula_children(node)}
    drawn = {
        key: edge
        for key, edge in tree.links.items()
        if key not in made or replace(edge, kind="formula") != Edge(*key, "formula")
    }
    return plan.with_(links=drawn)
