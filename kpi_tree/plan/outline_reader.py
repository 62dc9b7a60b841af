"""The lines of an outline made into a plan: nodes, lines between them, formulas and targets."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Period
from kpi_tree.plan.field_readers import MAX_ID
from kpi_tree.plan.formula_names import with_ids
from kpi_tree.plan.formula_parser import FormulaError, names_in, parse
from kpi_tree.plan.formula_tree import RESERVED
from kpi_tree.plan.goals.kpi_names import plain_text
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Edge, EdgeKind, Node, NodeKind, Plan, Target
from kpi_tree.plan.naming import kpis_by_name, newly
from kpi_tree.plan.outline_lines import OPERATORS, Line, Wanted
from kpi_tree.plan.outline_values import FIELDS, read_fields
from kpi_tree.plan.outline_writer import written_targets
from kpi_tree.plan.rules import find_cycle, path_words

_KIND: Mapping[str, EdgeKind] = {"~": "influence", "|": "guardrail", ">": "supports", ".": "formula"}


class Reader:
    """Lines to nodes and edges."""

    def __init__(self, lines: list[Line], base: Plan, kpis: Collection[str], period: Period | None) -> None:
        self.lines, self.base, self.kpis, self.period = lines, base, frozenset(kpis), period
        self.called = kpis_by_name(kpis)
        self.nodes: dict[str, Node] = {}
        self.links: dict[tuple[str, str], Edge] = {}
        self.targets: dict[str, Target] = {}
        self.parts: dict[str, list[tuple[str, str]]] = {}
        self.written: dict[str, str] = {}
        self.unmarked: set[tuple[str, str]] = set()

    def plan(self) -> Plan:
        stack: list[tuple[int, str]] = []
        for line in self.lines:
            while stack and stack[-1][0] >= line.indent:
                stack.pop()
            parent = stack[-1][1] if stack else None
            self.refuse_circle(line, [node for _, node in stack])
            node = self.node(line, parent)
            if parent is not None:
                self.join(line, parent, node)
            stack.append((line.indent, node))
        for node, text in self.formulas().items():
            self.nodes[node] = replace(self.nodes[node], formula=text)
        self.drop_parts()
        made = self.base.with_(
            nodes=self.nodes, links=self.links, targets={**self.kept_targets(), **self.targets}
        )
        if (circle := find_cycle(made)) is not None:
            raise Refused(
                msg("The outline runs in a circle: {path}.", path=path_words(made, circle)),
                place=path_words(made, circle[:1]),
                remedy=msg("Take away one of these steps."),
            )
        return made

    def kept_targets(self) -> dict[str, Target]:
        """The plan's own targets that stay: those that an outline has no place for, and all of them where
        this is no outline of the plan (it begins without one of its ids)."""
        own = bool(self.lines) and self.lines[0].id in self.base.nodes
        gone = {one.id for node in self.nodes if own for one in written_targets(self.base, node)}
        return {
            key: one
            for key, one in self.base.targets.items()
            if one.node in self.nodes and (key not in gone or key in self.targets)
        }

    def refuse_circle(self, line: Line, above: list[str]) -> None:
        """A name that stands above itself, both times without an id."""
        if line.id or not line.name:
            return
        for at, node in enumerate(above):
            if self.nodes[node].name == line.name:
                names = [*(self.nodes[one].name for one in above[at:]), line.name]
                raise Refused(
                    msg("The outline runs in a circle: {path}.", path=" → ".join(names)),
                    place=line.place,
                    remedy=msg("Take away one of these steps."),
                )

    def drop_parts(self) -> None:
        """An unmarked child that a written formula uses is its part, and needs no line of its own."""
        plan = Plan("o", nodes=self.nodes)
        for parent, child in self.unmarked:
            if child in plan.formula_children(parent):
                del self.links[parent, child]

    def formulas(self) -> dict[str, str | None]:
        """What the marks say of each node, where no formula is written out."""
        found: dict[str, str | None] = {}
        for node in self.nodes:
            text = self.written.get(node)
            if text is None and node in self.parts:
                first = self.parts[node][0][0]
                start = {"-": "-", "/": "1 / "}.get(first, "")
                text = start + " ".join(
                    f"{mark} {child}" if at else child for at, (mark, child) in enumerate(self.parts[node])
                )
            if text is not None:
                text = self.in_ids(text)
                try:
                    parse(text)
                except FormulaError as error:
                    raise Refused(
                        error.message, place=f"{self.nodes[node].name} := {error.place}", remedy=error.remedy
                    ) from None
            found[node] = text
        return found

    def in_ids(self, text: str) -> str:
        """A formula typed with the names of the outline, with their ids; what reads as ids already stays."""
        measured = {node.kpi for node in self.nodes.values() if node.kpi}
        with suppress(FormulaError):
            if all(name in self.nodes or name in measured or name in self.kpis for name in names_in(text)):
                return text
        return with_ids(
            text, {**dict.fromkeys(measured, ""), **{one.id: one.name for one in self.nodes.values()}}
        )

    def node(self, line: Line, parent: str | None) -> str:
        """The node of a line: one that stands already, or a new one."""
        known = self.known(line)
        if known is not None and known in self.nodes:
            self.refuse_second(line, known)
            return known
        measured = self.measured(line)
        node_id = known or self.new_id(line, measured)
        top: NodeKind = "kgi" if parent is None and not self.has_root() else "kpi"
        kind: NodeKind = "action" if line.mark == ">" else top
        old = self.base.nodes.get(node_id)
        made = old or Node(node_id, kpi=measured)
        if made.kpi is None and line.id in self.kpis:
            made = replace(made, kpi=line.id)
        self.nodes[node_id] = replace(
            made,
            kind=kind,
            name=line.name or made.name or node_id,
            owner=line.owner,
            assumption=line.assumption,
            order=float(len(self.nodes)),
            formula=None,
        )
        if kind == "action":
            self.nodes[node_id] = replace(self.nodes[node_id], **self.action_fields(line))
        if line.formula:
            self.written[node_id] = line.formula
        for wanted in line.targets:
            self.target(line, node_id, wanted)
        return node_id

    def measured(self, line: Line) -> str | None:
        """The KPI that a new line measures: what its id says, else what it is called if it says no number."""
        if line.id or line.mark == ">" or line.assumption is not None:
            return line.id if line.id in self.kpis else None
        taken = (*self.nodes.values(), *self.base.nodes.values())
        return newly(self.called.get(plain_text(line.name)), taken)

    def action_fields(self, line: Line) -> dict[str, Any]:
        """What the line says of an action; what it leaves out is empty, if any line says such things.

        An outline of an older day, or one typed without them, takes no day and no cost away.
        """
        said = read_fields(line.fields, line.place)
        return {**dict.fromkeys(FIELDS.values()), **said} if any(one.fields for one in self.lines) else said

    def has_root(self) -> bool:
        return any(node.kind == "kgi" for node in self.nodes.values())

    def known(self, line: Line) -> str | None:
        """The node that a line's id, or without one its name, stands for."""
        if line.id:
            if line.id in self.nodes or line.id in self.base.nodes:
                return line.id
            return next(
                (node.id for node in self.nodes.values() if node.kpi == line.id and not line.name), None
            )
        named = [node.id for node in self.base.nodes.values() if node.name == line.name]
        return named[0] if len(named) == 1 and named[0] not in self.nodes else None

    def refuse_second(self, line: Line, node: str) -> None:
        if line.owner or line.targets or line.formula or line.fields or line.assumption is not None:
            raise Refused(
                msg(
                    "{name} stands further up already, with all that is said of it.",
                    name=self.nodes[node].name,
                ),
                place=line.place,
                remedy=msg("Write it there; here only [{id}].", id=node),
            )
        if line.name and line.name != self.nodes[node].name:
            raise Refused(
                msg(
                    "The id {id} stands for two names: {one} and {other}.",
                    id=node,
                    one=self.nodes[node].name,
                    other=line.name,
                ),
                place=line.place,
                remedy=msg("Give one of them another id."),
            )

    def new_id(self, line: Line, measured: str | None) -> str:
        taken = {*self.nodes, *self.base.nodes}
        if not line.id:
            return measured if measured and measured not in taken else id_from_name(line.name, taken)
        if not re.fullmatch(r"[a-z][a-z0-9_]*", line.id) or line.id in RESERVED or len(line.id) > MAX_ID:
            raise Refused(
                msg("{value} is not an id.", value=line.id[:40]),
                place=line.place,
                remedy=msg("Use small letters a to z, digits and underscores, a letter first."),
            )
        return line.id

    def usual_period(self) -> Period | None:
        """The period of a target that says none: the goal's own, else the first that the outline writes."""
        if self.period is not None:
            return self.period
        root = self.base.root()
        own = self.base.targets_of(root) if root else []
        said = (wanted.period for line in self.lines for wanted in line.targets if wanted.period)
        return own[-1].period if own else next(said, None)

    def target(self, line: Line, node: str, wanted: Wanted) -> None:
        asked = wanted.period or self.period
        for each in written_targets(self.base, node) if node in self.base.nodes else []:
            fits = each.kind == wanted.kind and (asked is None or each.period == asked)
            if fits and each.id not in self.targets:
                self.targets[each.id] = wanted.on(each)
                return
        period = asked or self.usual_period()
        if period is None:
            raise Refused(
                msg("The target on line {line} needs a period.", line=line.number),
                place=line.place,
                remedy=msg(
                    "Write it after the number, as {example}; once is enough.", example="!1200:2026-Q3"
                ),
            )
        key = id_from_name(f"{node}_target", {**self.base.targets, **self.targets})
        self.targets[key] = wanted.on(Target(key, node, period, wanted.value, kind=wanted.kind))

    def join(self, line: Line, parent: str, child: str) -> None:
        if self.nodes[parent].kind == "action":
            raise Refused(
                msg("Nothing hangs below an action."), place=line.place, remedy=msg("Indent the line less.")
            )
        if line.mark in OPERATORS and line.mark:
            self.parts.setdefault(parent, []).append((line.mark, child))
            stored = self.base.links.get((parent, child))
            if stored is not None:
                self.links[parent, child] = stored
            return
        if (parent, child) in self.links or parent == child:
            raise Refused(
                msg(
                    "{child} stands twice below {parent}.",
                    child=self.nodes[child].name,
                    parent=self.nodes[parent].name,
                ),
                place=line.place,
                remedy=msg("Keep one of them."),
            )
        if self.nodes[child].kind == "kgi":
            raise Refused(
                msg("The root goal cannot hang below another node."),
                place=line.place,
                remedy=msg("Take the line out."),
            )
        if not line.mark and (parent, child) not in self.base.links:
            self.unmarked.add((parent, child))
        kind: EdgeKind = (
            "supports" if self.nodes[child].kind == "action" else _KIND.get(line.mark[:1], "influence")
        )
        old = self.base.links.get((parent, child))
        sign = {"~+": 1, "~-": -1}.get(line.mark)
        made = replace(old, kind=kind) if old is not None else Edge(parent, child, kind)
        if sign is not None or (old is not None and kind == "influence"):
            made = replace(made, sign=sign or 0)
        self.links[parent, child] = made
