"""Lines of a table to nodes and edges; what cannot be used is left out and said, never silently."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from kpi_tree.errors import KpiTreeError
from kpi_tree.exchange.action_rows import FIELDS as ACTION_CELLS
from kpi_tree.exchange.action_rows import fill
from kpi_tree.exchange.table_cells import MARKS, field_of, is_action, number_in
from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue
from kpi_tree.periods import Calendar, Period, parse_shared_period
from kpi_tree.plan.field_readers import id_of
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import to_text, with_names
from kpi_tree.plan.goals.kpi_names import plain_text
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Edge, Node, Plan, Target
from kpi_tree.plan.naming import kpis_by_name, newly
from kpi_tree.plan.reading import NODE_FIELDS
from kpi_tree.plan.rules import find_cycle, path_words


@dataclass(frozen=True, slots=True)
class Line:
    """One node as a row says it: its level from 1, and the cells of the other columns by field."""

    row: int
    name: str
    level: int
    values: dict[str, str]
    heads: list[str]


class Builder:
    """Takes lines in reading order, parents before children."""

    def __init__(
        self,
        kpis: Collection[str],
        plan_id: str,
        period: Period | None,
        issues: list[Issue],
        calendar: Calendar,
    ) -> None:
        self.kpis, self.plan_id, self.period, self.issues = kpis, plan_id, period, issues
        self.calendar = calendar
        self.called = kpis_by_name(kpis)
        self.nodes: dict[str, Node] = {}
        self.links: dict[tuple[str, str], Edge] = {}
        self.targets: dict[str, Target] = {}
        self.marked: dict[str, list[tuple[str, str]]] = {}
        self.written: list[tuple[str, str, Line]] = []

    def plan(self, lines: list[Line]) -> Plan:
        """The plan. A second row at the top hangs below the goal, and an issue says so."""
        above: list[tuple[int, str]] = []
        for line in lines:
            while above and above[-1][0] >= line.level:
                above.pop()
            parent = above[-1][1] if above else None
            if parent is None and self.nodes:
                parent = next(iter(self.nodes))
                self.say(line, "", msg("A second goal: {name} now hangs below the first.", name=line.name),
                         msg("Indent it, or import it as a plan of its own."))  # fmt: skip
            node = self.node(line, parent)
            if parent is not None:
                self.join(line, parent, node)
            if self.nodes[node].kind != "action":
                above.append((line.level, node))
        self.formulas()
        return Plan(self.plan_id, nodes=self.nodes, links=self.links, targets=self.targets)

    def say(self, line: Line, column: str, message: Msg, remedy: Msg, value: str = "") -> None:
        """An issue about a row, or a cell of it."""
        place = f"row {line.row}, column {column}" if column else f"row {line.row}"
        self.issues.append(
            Issue(
                "warning", "table_cell", message, place, remedy, line.row, column or None, value[:200] or None
            )
        )

    def node(self, line: Line, parent: str | None) -> str:
        """One node with what its cells say."""
        said = line.values
        node_id = self.id(line)
        kind = "kgi" if parent is None else "action" if is_action(said.get("type", "")) else "kpi"
        fields: dict[str, Any] = {"kind": kind, "name": line.name, "order": float(len(self.nodes))}
        fields |= {"kpi": None if kind == "action" else self.measured(line, node_id)}
        for name in ("owner", "unit", "notes", "direction"):
            if said.get(name):
                fields |= self.read(line, name, said[name])
        if said.get("value"):
            fields |= {"assumption": self.number(line, "value", said["value"])}
        self.nodes[node_id] = Node(
            node_id, **{key: value for key, value in fields.items() if value is not None}
        )
        if kind == "action":
            cells = {name: said[name] for name in ACTION_CELLS if said.get(name)}
            self.nodes[node_id], issues = fill(self.nodes[node_id], cells, line.row)
            self.issues += issues
        if said.get("formula"):
            self.written.append((node_id, said["formula"], line))
        if said.get("target"):
            self.target(line, node_id)
        return node_id

    def measured(self, line: Line, node_id: str) -> str | None:
        """The KPI that a row names, by id or, where it says no id at all, by what the box is called."""
        said = line.values
        if not (said.get("kpi") or said.get("id") or said.get("value")):
            return newly(self.called.get(plain_text(line.name)), self.nodes.values())
        kpi = said.get("kpi", node_id)
        return kpi if kpi in self.kpis else None

    def id(self, line: Line) -> str:
        """The id that the row gives, where it is one and free; else one made from its name."""
        said = line.values.get("id", "")
        if said:
            try:
                id_of(said, "id")
            except KpiTreeError:
                said = ""
        return said if said and said not in self.nodes else id_from_name(said or line.name, self.nodes)

    def read(self, line: Line, field: str, text: str) -> dict[str, Any]:
        """A field through the reader that every plan file goes through."""
        try:
            return {field: NODE_FIELDS[field](text, field)}
        except KpiTreeError as error:
            self.say(line, self.column(line, field), error.message, error.remedy or msg("Correct it."), text)
            return {}

    def column(self, line: Line, field: str) -> str:
        """The heading of a field's column, as it stands in the file."""
        return next((head for head in line.heads if field_of(head) == field), field)

    def number(self, line: Line, field: str, text: str) -> float | None:
        """A number, with an issue where it is none or could be another."""
        value, doubtful = number_in(text)
        column = self.column(line, field)
        if value is None:
            self.say(
                line,
                column,
                msg("{value} is not a number.", value=text[:40]),
                msg("Write it like 1234.5."),
                text,
            )
        elif doubtful:
            self.say(line, column, msg("{value} was read as thousands, not as decimals.", value=text[:40]),
                     msg("If that is wrong, write it without a separator for thousands."), text)  # fmt: skip
        return value

    def target(self, line: Line, node: str) -> None:
        """A target, where its period is known."""
        value = self.number(line, "target", line.values["target"])
        period = self.period
        if said := line.values.get("period"):
            try:
                period = parse_shared_period(said, self.calendar)
            except KpiTreeError as error:
                self.say(
                    line, self.column(line, "period"), error.message, error.remedy or msg("Correct it."), said
                )
        if value is None:
            return
        if period is None:
            message = msg("The target of {name} has no period.", name=line.name)
            remedy = msg("Add a column Period, such as 2026-Q3, or set the target in the tree.")
            self.say(line, self.column(line, "target"), message, remedy)
            return
        name = f"t_{node}"[:80]
        self.targets[name] = Target(name, node, period, value)

    def join(self, line: Line, parent: str, node: str) -> None:
        """The edge to the parent: of a formula where an operator says so."""
        if self.nodes[node].kind == "action":
            self.links[parent, node] = Edge(parent, node, "supports", sign=1)
            return
        mark = MARKS.get(line.values.get("operator", ""))
        if mark:
            self.marked.setdefault(parent, []).append((mark, node))
        else:
            self.links[parent, node] = Edge(parent, node)

    def formulas(self) -> None:
        """Operators and written formulas; one that cannot be read, or closes a circle, is left out."""
        for parent, parts in self.marked.items():
            start = {"-": "-", "/": "1 / "}.get(parts[0][0], "")
            rest = "".join(f" {mark} {child}" for mark, child in parts[1:])
            self.nodes[parent] = replace(self.nodes[parent], formula=f"{start}{parts[0][1]}{rest}")
        for node, text, line in self.written:
            self.formula(node, text.removeprefix("=").strip(), line)
        plan = Plan("t", nodes=self.nodes)
        for parent, child in list(self.links):
            if child in plan.formula_children(parent):
                del self.links[parent, child]

    def formula(self, node: str, text: str, line: Line) -> None:
        """A written formula; names in it may be ids, or names of rows as they stand."""
        column = self.column(line, "formula")
        for one in sorted(self.nodes.values(), key=lambda one: -len(one.name)):
            if " " in one.name:
                text = re.sub(rf"(?<!\w){re.escape(one.name)}(?!\w)", one.id, text, flags=re.IGNORECASE)
        try:
            expr = parse(text)
        except FormulaError as error:
            self.say(line, column, error.message, error.remedy or msg("Correct it."), text)
            return
        by_name = {one.name.casefold(): one.id for one in self.nodes.values()}
        ids = {name: by_name.get(name.casefold(), name) for name in expr.names if name not in self.nodes}
        text = to_text(with_names(expr, ids)) if ids else text
        tried = {**self.nodes, node: replace(self.nodes[node], formula=text)}
        made = Plan("t", nodes=tried, links=self.links)
        if (circle := find_cycle(made)) is not None:
            self.say(line, column, msg("The formula closes a circle: {path}.", path=path_words(made, circle)),
                     msg("Take away one of these steps."), text)  # fmt: skip
            return
        self.nodes = tried
