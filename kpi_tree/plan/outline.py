"""A tree as indented text: paste it, edit it, copy it out.

One line a node, children indented below it::

    Sales [sales] @Kari !1200000
      * Orders [orders]
        ~ Visits = 12000
      * Order value [average_order_value] = 500
      | Returns [returns]
      > Newsletter campaign @Ola

``* / + -`` before a child make it a part of its parent's formula, ``~`` an influence (``~+`` and ``~-`` say
which way), ``|`` a guardrail, ``>`` an action; nothing before it is an influence, unless a written formula
uses it. ``[id]`` is the node's id or the KPI it measures, ``@name`` its owner (``@"Two Words"``),
``!number`` a target, ``= number`` an assumption, ``:= formula`` a formula that the marks cannot say. A line
that only repeats an ``[id]`` draws a second line to that node.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Period
from kpi_tree.plan.diff import diff
from kpi_tree.plan.edits import Edit
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import RESERVED, Name, Neg, Number, Product, Sum, number_text
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Edge, EdgeKind, Node, NodeKind, Plan, Target
from kpi_tree.plan.reading import MAX_ID, MAX_NAME
from kpi_tree.plan.rules import find_cycle, path_words

OPERATORS = "*/+-"
MAX_LINES = 5000
_SAME = {"×": "*", "÷": "/", "−": "-", "·": "*", "x ": "* "}
_KIND: Mapping[str, EdgeKind] = {"~": "influence", "|": "guardrail", ">": "supports", ".": "formula"}
_MARK = re.compile(r"(?P<mark>~[+-]?|[*/+\-|>.×÷−·])\s+")
_PARTS = re.compile(
    r'\s*(?:\[(?P<id>[^\]\n]*)\]|@(?:"(?P<quoted>[^"\n]*)"|(?P<owner>[^\s@!\[=]+))|!(?P<target>[-+]?[\d.,]+(?:[eE][-+]?\d+)?%?)(?=\s|$)'
    r"|:=\s*(?P<formula>[^\n]+)|=\s*(?P<assumption>[-+]?[\d.,]+(?:[eE][-+]?\d+)?%?)(?=\s|$))"
)
_TAIL = re.compile(r"\s(?=\[|@|![-+\d]|:=|=\s*[-+\d])")


@dataclass
class _Line:
    """One line as read."""

    number: int
    indent: int
    mark: str
    name: str
    id: str = ""
    owner: str = ""
    target: float | None = None
    assumption: float | None = None
    formula: str = ""

    @property
    def place(self) -> str:
        return f"{self.number}: {self.name[:40]}"


def from_outline(
    text: str,
    *,
    base: Plan | None = None,
    kpis: Collection[str] = (),
    period: Period | None = None,
    plan_id: str = "outline",
) -> Plan:
    """Reads an outline into a plan.

    Args:
        text: the outline.
        base: a plan it was made from: what the outline does not say (notes, units, other targets) stays.
        kpis: catalogue ids: an ``[id]`` among them is what a new node measures.
        period: the period of a ``!target``; without it a target is refused.
        plan_id: id of the plan where there is no base.

    Raises:
        Refused: with the line's number, what is wrong and what to do. Nothing is half-read.

    >>> plan = from_outline("Sales @Kari\\n  * Orders\\n  * Order value = 500")
    >>> plan.nodes["sales"].formula, plan.nodes["order_value"].assumption, plan.nodes["sales"].owner
    ('orders * order_value', 500.0, 'Kari')
    """
    lines = _lines(text)
    return _Reader(lines, base or Plan(plan_id), frozenset(kpis), period).plan()


def outline_edits(
    plan: Plan, text: str, *, kpis: Collection[str] = (), period: Period | None = None
) -> list[Edit]:
    """Edits that make a plan what an edited outline of it says. Raises as :func:`from_outline` does."""
    return diff(plan, from_outline(text, base=plan, kpis=kpis, period=period))


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    if text.count("\n") > MAX_LINES:
        raise Refused(
            msg("The outline has {n} lines; the limit is {limit}.", n=text.count("\n"), limit=MAX_LINES),
            remedy=msg("Split it into several plans."),
        )
    for number, raw in enumerate(text.expandtabs(4).splitlines(), 1):
        line = raw.replace("\u3000", "  ").rstrip()
        if not line.strip() or line.strip().startswith("# "):
            continue
        found.append(_line(number, line))
    if not found:
        raise Refused(msg("The outline is empty."), remedy=msg("Write one KPI a line, parts indented below."))
    marks = [line.mark for line in found]
    if "-" in marks and set(marks) <= {"-", ""}:  # a plain list: nothing is ever only subtracted
        found = [replace(line, mark="") for line in found]
    return found


def _line(number: int, line: str) -> _Line:
    body = line.lstrip()
    indent = len(line) - len(body)
    mark = ""
    if match := _MARK.match(body):
        mark = _SAME.get(match["mark"], match["mark"])
        body = body[match.end() :]
    tail = _TAIL.search(f" {body}")
    at = tail.start() if tail else len(body)
    made = _Line(number, indent, mark, _unsafe(body[:at].strip()))
    _read_tail(made, body[at:])
    if len(made.name) > MAX_NAME:
        raise Refused(
            msg("The name is {n} characters long; the limit is {limit}.", n=len(made.name), limit=MAX_NAME),
            place=made.place,
            remedy=msg("Shorten it."),
        )
    if not made.name and not made.id:
        raise Refused(
            msg("Line {line} has no name.", line=number), place=str(number), remedy=msg("Write one.")
        )
    return made


def _read_tail(line: _Line, tail: str) -> None:
    at = 0
    while at < len(tail) and tail[at:].strip():
        match = _PARTS.match(tail, at)
        if match is None or match.end() == at:
            raise Refused(
                msg(
                    "Line {line} cannot be read from {text} on.",
                    line=line.number,
                    text=tail[at:].strip()[:30],
                ),
                place=line.place,
                remedy=msg("After the name: [id], @owner, !target, = assumption or := formula."),
            )
        at = match.end()
        if match["id"] is not None:
            line.id = match["id"].strip()
        line.owner = match["quoted"] or match["owner"] or line.owner
        if match["target"]:
            line.target = _number(match["target"], line)
        if match["assumption"]:
            line.assumption = _number(match["assumption"], line)
        line.formula = (match["formula"] or line.formula).strip()


def _number(text: str, line: _Line) -> float:
    plain, share = (text[:-1], 100.0) if text.endswith("%") else (text, 1.0)
    plain = plain.replace(",", "") if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", plain) else plain
    try:
        return float(plain.replace(",", ".")) / share
    except ValueError:
        raise Refused(
            msg("{text} is not a number.", text=text[:30]),
            place=line.place,
            remedy=msg("Write it as 1234.5 or 3%."),
        ) from None


class _Reader:
    """Lines to nodes and edges."""

    def __init__(self, lines: list[_Line], base: Plan, kpis: frozenset[str], period: Period | None) -> None:
        self.lines, self.base, self.kpis, self.period = lines, base, kpis, period
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
            node = self.node(line, parent)
            if parent is not None:
                self.join(line, parent, node)
            stack.append((line.indent, node))
        for node, text in self.formulas().items():
            self.nodes[node] = replace(self.nodes[node], formula=text)
        self.drop_parts()
        kept = {key: target for key, target in self.base.targets.items() if target.node in self.nodes}
        made = self.base.with_(nodes=self.nodes, links=self.links, targets={**kept, **self.targets})
        if (circle := find_cycle(made)) is not None:
            raise Refused(
                msg("The outline runs in a circle: {path}.", path=path_words(made, circle)),
                place=path_words(made, circle[:1]),
                remedy=msg("Take away one of these steps."),
            )
        return made

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
                try:
                    parse(text)
                except FormulaError as error:
                    raise Refused(
                        error.message, place=f"{self.nodes[node].name} := {error.place}", remedy=error.remedy
                    ) from None
            found[node] = text
        return found

    def node(self, line: _Line, parent: str | None) -> str:
        """The node of a line: one that stands already, or a new one."""
        known = self.known(line)
        if known is not None and known in self.nodes:
            self.refuse_second(line, known)
            return known
        node_id = known or self.new_id(line)
        old = self.base.nodes.get(node_id)
        top: NodeKind = "kgi" if parent is None and not self.has_root() else "kpi"
        kind: NodeKind = "action" if line.mark == ">" else top
        made = old or Node(node_id, kpi=line.id if line.id in self.kpis else None)
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
        if line.formula:
            self.written[node_id] = line.formula
        if line.target is not None:
            self.target(line, node_id)
        return node_id

    def has_root(self) -> bool:
        return any(node.kind == "kgi" for node in self.nodes.values())

    def known(self, line: _Line) -> str | None:
        """The node that a line's id, or without one its name, stands for."""
        if line.id:
            if line.id in self.nodes or line.id in self.base.nodes:
                return line.id
            return next(
                (node.id for node in self.nodes.values() if node.kpi == line.id and not line.name), None
            )
        named = [node.id for node in self.base.nodes.values() if node.name == line.name]
        return named[0] if len(named) == 1 and named[0] not in self.nodes else None

    def refuse_second(self, line: _Line, node: str) -> None:
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

    def new_id(self, line: _Line) -> str:
        taken = {*self.nodes, *self.base.nodes}
        if not line.id:
            return id_from_name(line.name, taken)
        if not re.fullmatch(r"[a-z][a-z0-9_]*", line.id) or line.id in RESERVED or len(line.id) > MAX_ID:
            raise Refused(
                msg("{value} is not an id.", value=line.id[:40]),
                place=line.place,
                remedy=msg("Use small letters a to z, digits and underscores, a letter first."),
            )
        return line.id

    def target(self, line: _Line, node: str) -> None:
        targets = self.base.targets_of(node) if node in self.base.nodes else []
        same = [each for each in targets if self.period is None or each.period == self.period]
        if same:
            self.targets[same[0].id] = replace(same[0], value=line.target or 0.0)
            return
        if self.period is None:
            raise Refused(
                msg("The target on line {line} needs a period.", line=line.number),
                place=line.place,
                remedy=msg("Choose the period of the targets first."),
            )
        key = id_from_name(f"{node}_target", self.base.targets)
        self.targets[key] = Target(key, node, self.period, line.target or 0.0)

    def join(self, line: _Line, parent: str, child: str) -> None:
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


def to_outline(plan: Plan, *, ids: bool = True) -> str:
    """A plan as an outline; reading it back with the plan as base gives the same plan.

    Args:
        ids: whether every line carries its id; without them names must be unique to be read back.
    """
    return "\n".join(_Writer(plan, ids).lines()) + "\n"


class _Writer:
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
        words = [_safe(node.name)]
        if self.ids:
            words.append(f"[{node_id}]")
        if node.owner:
            words.append(
                f"@{node.owner}"
                if re.fullmatch(r"[^\s@!\[=\"]+", node.owner)
                else f'@"{_unquoted(node.owner)}"'
            )
        targets = self.plan.targets_of(node_id)
        if targets:
            words.append(f"!{_signed(targets[0].value)}")
        if node.assumption is not None:
            words.append(f"= {_signed(node.assumption)}")
        if node.formula and not marked:
            words.append(f":= {node.formula}")
        return " ".join(words)


def _signed(value: float) -> str:
    return f"-{number_text(-value)}" if value < 0 else number_text(value)


def _unquoted(text: str) -> str:
    return text.replace('"', "”")


_OPENS = r"(?:\[|@|![-+\d]|:=|=\s*[-+\d])"


def _safe(name: str) -> str:
    """A name that is read as a name: a backslash before what would open a tail, a mark or a comment."""
    made = re.sub(rf"(^|\s)(?=\\*{_OPENS})", r"\1\\", name)
    return f"\\{made}" if _MARK.match(made.lstrip("\\")) or made.lstrip("\\").startswith("# ") else made


def _unsafe(name: str) -> str:
    """The name that :func:`_safe` wrote."""
    plain = re.sub(rf"(^|\s)\\(?=\\*{_OPENS})", r"\1", name)
    bare = plain.lstrip("\\")
    return plain[1:] if plain != bare and (_MARK.match(bare) or bare.startswith("# ")) else plain
