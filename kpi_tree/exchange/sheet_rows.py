"""The sheets of boxes and of lines that a workbook writes, and reading them back onto the tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from kpi_tree.errors import KpiTreeError
from kpi_tree.exchange.edge_rows import tested_in
from kpi_tree.exchange.table_cells import clean, number_in
from kpi_tree.i18n import LANGUAGES, Msg, msg, translate
from kpi_tree.issues import Issue
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.plan.reading import NODE_FIELDS, edge_from_dict
from kpi_tree.plan.rules import path_between, refuse_cycle, refuse_ends

NODES: Mapping[str, Msg] = {
    "id": msg("Id"), "name": msg("Name"), "kind": msg("Kind"), "kpi": msg("KPI"), "formula": msg("Formula"),
    "unit": msg("Unit"), "direction": msg("Direction"), "low": msg("Lowest"), "high": msg("Highest"),
    "rollup": msg("Rollup"), "owner": msg("Owner"), "informed": msg("Informed"),
    "assumption": msg("Assumption"), "notes": msg("Notes"), "tags": msg("Tags"),
}  # fmt: skip
EDGES: Mapping[str, Msg] = {
    "parent": msg("Parent"), "child": msg("Child"), "parent_name": msg("Parent's name"),
    "child_name": msg("Child's name"), "kind": msg("Kind"), "operator": msg("Operator"), "sign": msg("Sign"),
    "strength": msg("Strength"), "lag": msg("Lag (days)"), "hypothesis": msg("Hypothesis"), "who": msg("Who"),
    "tested": msg("Experiments"),
}  # fmt: skip
"""Field → heading, in the order of the sheets."""

_TREE_SAYS = frozenset(("id", "name", "kind", "formula", "owner"))
"""What stands on the sheet that people read and change too: that one counts."""
_NUMBERS = ("low", "high", "assumption")
_LISTS = ("informed", "tags")
_BARE = Node("x")


def with_nodes(plan: Plan, rows: Sequence[Sequence[str]]) -> tuple[Plan, list[Issue]] | None:
    """The plan with its KPIs' further fields as the rows say; None where they are no sheet of KPIs.

    A value that cannot be read is left out and said; an id that is not in the plan is passed over.
    """
    head = _head(NODES, rows)
    if not {"id", "kpi", "rollup", "assumption"} <= set(head):
        return None
    nodes, issues = dict(plan.nodes), list[Issue]()
    for at, cells in _cells(rows, head):
        node = nodes.get(cells["id"])
        if node is None or node.kind == "action":
            continue
        values: dict[str, Any] = {}
        for name in head.keys() - _TREE_SAYS:
            text = cells.get(name, "")
            try:
                values[name] = NODE_FIELDS[name](_value(name, text), name) if text else getattr(_BARE, name)
            except KpiTreeError as error:
                issues.append(_issue(error, at, name, text))
        nodes[node.id] = replace(node, **values)
    return plan.with_(nodes=nodes), issues


def with_edges(plan: Plan, rows: Sequence[Sequence[str]]) -> tuple[Plan, list[Issue]] | None:
    """The plan with its lines as the rows say; None where they are no sheet of lines.

    The tree that people read holds each box once, below its first parent; here stand its other parents, what
    kind each line is, and what is believed of it. A box that was moved in the tree counts as it stands there,
    and one that the sheet of lines does not know hangs where the tree has it.
    """
    head = _head(EDGES, rows)
    if not {"parent", "child", "kind", "hypothesis"} <= set(head):
        return None
    said: dict[str, list[tuple[int, Edge]]] = {}
    issues: list[Issue] = []
    for at, cells in _cells(rows, head):
        if {cells.get("parent"), cells.get("child")} <= set(plan.nodes):
            try:
                said.setdefault(cells["child"], []).append((at, _edge(cells, at, issues)))
            except KpiTreeError as error:
                issues.append(_issue(error, at, "", ""))
    links = dict(plan.links)
    for child, lines in said.items():
        above = plan.parents(child)
        if above and not any(edge.parent in above for _, edge in lines):
            issues.append(_moved(plan.nodes[child], lines[0][0]))
            continue
        for parent in plan.parents(child):
            links.pop((parent, child), None)
        issues += _join(plan, links, lines)
    return plan.with_(links=links), issues


def _join(plan: Plan, links: dict[tuple[str, str], Edge], lines: Sequence[tuple[int, Edge]]) -> list[Issue]:
    """Each line put in; one that closes a circle, or joins what cannot be joined, is said and left out."""
    issues = []
    for at, edge in lines:
        made = plan.with_(links=links)
        derived = edge.child in made.formula_children(edge.parent)
        if derived and replace(edge, kind="formula") == Edge(*edge.key, "formula"):
            continue  # the formula makes it, and nothing more is said of it
        try:
            refuse_ends(plan.nodes[edge.parent], plan.nodes[edge.child], edge.kind)
            if not derived and (edge.parent == edge.child or path_between(made, edge.child, edge.parent)):
                refuse_cycle(made, edge.parent, [edge.child])
        except KpiTreeError as error:
            issues.append(_issue(error, at, "", ""))
            continue
        links[edge.key] = edge
    return issues


def _edge(cells: Mapping[str, str], at: int, issues: list[Issue]) -> Edge:
    """The line of a row, its fields through the readers of a plan file."""
    given: dict[str, Any] = {one.name: cells[one.name] for one in fields(Edge) if cells.get(one.name)}
    given.pop("tested", None)
    for name in ("sign", "lag"):
        if name in given:
            number, _ = number_in(given[name])
            given[name] = given[name] if number is None else int(number)
    tested, said = tested_in(cells.get("tested", ""), at)
    issues += said
    return replace(edge_from_dict(given, f"row {at}"), tested=tested)


def _head(columns: Mapping[str, Msg], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Field → column, by the headings in any of the languages."""
    words = {translate(word, lang).casefold(): name for name, word in columns.items() for lang in LANGUAGES}
    found: dict[str, int] = {}
    for at, cell in enumerate(rows[0] if rows else ()):
        name = words.get(" ".join(clean(cell).casefold().split()))
        if name is not None:
            found.setdefault(name, at)
    return found


def _cells(rows: Sequence[Sequence[str]], head: Mapping[str, int]) -> list[tuple[int, dict[str, str]]]:
    """Each row below the heading with its number: field → text."""
    return [
        (at, {name: clean(row[n]).strip() for name, n in head.items() if n < len(row)})
        for at, row in enumerate(rows[1:], 2)
    ]


def _value(name: str, text: str) -> Any:
    """A cell as the reader of a plan file takes it."""
    if name in _NUMBERS:
        number, _ = number_in(text)
        return text if number is None else number
    if name in _LISTS:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _issue(error: KpiTreeError, row: int, column: str, value: str) -> Issue:
    place = f"row {row}, column {column}" if column else f"row {row}"
    return Issue("warning", "table_cell", error.message, place, error.remedy or msg("Correct it."), row,
                 column or None, value[:200] or None)  # fmt: skip


def _moved(node: Node, row: int) -> Issue:
    text = msg("{name} stands elsewhere in the tree than among the lines; the tree counts.", name=node.name)
    remedy = msg("Change its line too where it is more than an influence.")
    return Issue("info", "line_moved", text, f"row {row}", remedy, row)
