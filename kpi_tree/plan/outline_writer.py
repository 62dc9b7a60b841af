"""A plan written as the lines of an outline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kpi_tree.errors import KpiTreeError
from kpi_tree.periods import Period, parse_period, period_id
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import Name, Neg, Number, Product, Sum
from kpi_tree.plan.model import Plan
from kpi_tree.plan.outline_lines import safe
from kpi_tree.plan.outline_values import write_fields, write_number
from kpi_tree.plan.targets import Target


class Writer:
    """Nodes to lines, each node in full where it first stands."""

    def __init__(self, plan: Plan, ids: bool) -> None:
        self.plan, self.ids = plan, ids
        self.done: set[str] = set()

    def lines(self) -> list[str]:
        made: list[str] = []
        kinds = {node: ">" if self.plan.nodes[node].kind == "action" else "" for node in self.plan.tops()}
        pending = [(node, mark, 0) for node, mark in reversed(kinds.items())]
        while pending:
            node, mark, depth = pending.pop()
            first = node not in self.done
            self.done.add(node)
            marks = self.marks(node)
            made.append(
                "  " * depth + (f"{mark} " if mark else "") + self.words(node, first, marks is not None)
            )
            if first:
                for child in reversed(self.children(node, marks or {})):
                    pending.append((child, self.mark(node, child, marks or {}), depth + 1))
        return made

    def children(self, node: str, marks: Mapping[str, str]) -> list[str]:
        """Children as they are written: the formula's parts in the formula's order, then the others."""
        drawn = [
            child
            for child in self.plan.below(node)
            if child not in marks and ((node, child) in self.plan.links or self.is_first_place(node, child))
        ]
        return [*marks, *drawn]

    def is_first_place(self, node: str, child: str) -> bool:
        """A part of a formula written out still has to stand somewhere: below its first parent."""
        parents = self.plan.parents(child)
        return parents[0] == node

    def mark(self, parent: str, child: str, marks: Mapping[str, str]) -> str:
        if child in marks:
            return marks[child]
        edge = self.plan.links.get((parent, child))
        if edge is None:
            return ""  # a part of a formula that is written out
        if edge.kind == "influence":
            return {1: "~+", -1: "~-"}.get(edge.sign, "~")
        return {"guardrail": "|", "supports": ">", "formula": "."}[edge.kind]

    def marks(self, node: str) -> dict[str, str] | None:
        """child → mark, where marks say the whole formula; else ``None``."""
        text = self.plan.nodes[node].formula
        if not text:
            return None
        try:
            expr = parse(text)
        except FormulaError:
            return None
        terms: list[tuple[str, Any]]
        if isinstance(expr, Sum):
            terms = list(expr.terms)
            if isinstance(terms[0][1], Neg):
                terms[0] = ("-", terms[0][1].operand)
        elif isinstance(expr, Product):
            terms = list(expr.factors)
            if terms[0][1] == Number(1.0) and terms[1][0] == "/":
                terms = terms[1:]
        else:
            terms = [("+", expr)]
        names = [part.id for _, part in terms if isinstance(part, Name)]
        known = self.plan.by_name_in_formula
        same = len(names) == len(terms) == len(set(names)) and all(known.get(name) == name for name in names)
        return {part.id: mark for mark, part in terms} if same else None

    def words(self, node_id: str, first: bool, marked: bool) -> str:
        node = self.plan.nodes[node_id]
        if not first:
            return f"[{node_id}]"
        words = [safe(node.name, action=node.kind == "action")]
        if self.ids:
            words.append(f"[{node_id}]")
        if node.owner:
            words.append(
                f"@{node.owner}"
                if re.fullmatch(r"[^\s@!\[=\"\uff01-\uff5e]+", node.owner)
                else f'@"{_unquoted(node.owner)}"'
            )
        words += [_target(one) for one in written_targets(self.plan, node_id)]
        words += write_fields(node) if node.kind == "action" else []
        if node.assumption is not None:
            words.append(f"= {write_number(node.assumption)}")
        if node.formula and not marked:
            words.append(f":= {node.formula}")
        return " ".join(words)


def written_targets(plan: Plan, node: str) -> list[Target]:
    """A node's targets that an outline has a place for: in force, and for the whole shop.

    What it has no place for (a part of the shop, a wish, a path, a start) stays in the plan that the outline
    was made from, and in the plan file.
    """
    return [one for one in [*plan.targets_of(node), *plan.lines_of(node)] if not one.where]


def left_out(plan: Plan) -> list[Target]:
    """Targets that an outline says nothing of, or not all: only the plan file carries them whole."""
    found = []
    for one in plan.targets.values():
        told = Target(one.id, one.node, one.period, one.value, kind=one.kind, low=one.low, high=one.high)
        if replace(one, sentence="") != told:
            found.append(one)
    return found


def _target(target: Target) -> str:
    said = write_number(target.value)
    if target.low is not None and target.high is not None:
        said = f"{write_number(target.low)}..{write_number(target.high)}"
    kind = "" if target.kind == "goal" else f":{target.kind}"
    return f"!{said}:{period_text(target.period)}{kind}"


def period_text(period: Period) -> str:
    """Its short name where anybody reads the same days from it (not where the shop's year starts in July)."""
    short = period_id(period)
    try:
        if parse_period(short) == period:
            return short
    except KpiTreeError:
        pass
    return f"{period.start.isoformat()}..{period.last.isoformat()}"


def _unquoted(text: str) -> str:
    return text.replace('"', "”")
