"""A Mermaid flowchart as a tree: ours comes back whole, others as far as they can be read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.exchange.diagrams import DRAWN, TAKEN
from kpi_tree.i18n import msg
from kpi_tree.plan.field_readers import MAX_NAME
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Edge, EdgeKind, Node, NodeKind, Plan
from kpi_tree.plan.reading import EDGE_FIELDS, NODE_FIELDS, read_field
from kpi_tree.plan.rules import find_cycle, path_words

MOST_LINES = 50_000
_HEAD = re.compile(r"(?:flowchart|graph)(?:\s+(?:TD|TB|BT|LR|RL))?\s*(?:;|$)", re.IGNORECASE)
_ID = r"\w+(?:-\w+)*"
_BRACKETS = (
    (r"\(\[", r"\]\)"), (r"\(\(", r"\)\)"), (r"\[\[", r"\]\]"), (r"\[\(", r"\)\]"), (r"\[/", r"/\]"),
    (r"\{\{", r"\}\}"), (r"\[", r"\]"), (r"\(", r"\)"), (r"\{", r"\}"), (">", r"\]"),
)  # fmt: skip
_SHAPES: dict[int, NodeKind] = {1: "kgi", len(_BRACKETS): "action"}
_TEXT = "|".join(rf'{left}(?P<t{at}>"[^"]*"|[^"].*?){right}' for at, (left, right) in enumerate(_BRACKETS, 1))
_NODE = re.compile(rf"\s*(?P<id>{_ID})(?:{_TEXT})?(?::::\w+)?")
_ARROW = re.compile(
    r"\s*(?:(?:--|-\.|==)\s+(?P<said>[^|>]+?)\s+)?(?P<arrow>-?\.+->|-{2,}>|={2,}>|--x|--o|-{3,})"
    r"\s*(?:\|(?P<label>[^|]*)\|)?"
)
_IGNORED = re.compile(
    r"\s*(?:%%|(?:classDef|class|style|linkStyle|click|subgraph|end|direction|accTitle|accDescr)\b|$)"
)
_FORMULA = re.compile(rf"\s*%%\s*(?P<id>{_ID})\s*:=(?P<text>.+)")
_MORE = re.compile(rf"\s*%%\s*(?P<id>{_ID})(?:\s+>\s+(?P<child>{_ID}))?\s+=\s+(?P<text>\{{.*\}})\s*$")
_SIGNS = {"×": "*", "*": "*", "x": "*", "÷": "/", "/": "/", "+": "+", "−": "-", "-": "-", "=": "+"}


def is_mermaid(text: str) -> bool:
    """Whether a text says that it is a flowchart; a KPI called *Graph views* does not.

    >>> is_mermaid("flowchart LR\\n a --> b"), is_mermaid("Graph views\\n  Visits")
    (True, False)
    """
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith(("%%", "---", "```"))), "")
    drawn = re.match(r"(?:flowchart|graph)\b", first, re.IGNORECASE) and re.search(r"-->|-\.->|==>|---", text)
    return _HEAD.match(first) is not None or (drawn is not None and not first.endswith("]"))


def from_mermaid(text: str, plan_id: str = "mermaid") -> Plan:
    """Reads a Mermaid flowchart whose arrows run from parent to child; styles are passed over.

    A solid arrow labelled ``×``, ``÷``, ``+`` or ``−`` makes the child a part of the parent's formula. What
    :func:`kpi_tree.exchange.to_mermaid` put into comments is read too.

    Raises:
        Refused: it is no flowchart, a line cannot be read, or it runs in a circle; with the line.

    >>> plan = from_mermaid("flowchart TD\\n a[Sales] -->|×| b[Orders]\\n a -->|×| c[Value]")
    >>> plan.nodes["a"].formula, plan.root()
    ('b * c', 'a')
    """
    lines = [line for line in text.splitlines() if not line.startswith("```")]
    start = next((at for at, line in enumerate(lines) if _HEAD.match(line.strip())), None)
    if start is None:
        raise Refused(
            msg("This is not a Mermaid flowchart."), remedy=msg("Its first line says flowchart TD.")
        )
    if len(lines) > MOST_LINES:
        raise Refused(
            msg("The diagram has {n} lines; the limit is {limit}.", n=len(lines), limit=MOST_LINES),
            remedy=msg("Split it into several plans."),
        )
    reader = _Reader()
    lines[start] = _HEAD.sub("", lines[start].strip(), count=1)
    for number, line in enumerate(lines[start:], start + 1):
        if formula := _FORMULA.match(line):
            reader.formulas[formula["id"]] = formula["text"].strip()
        elif more := _MORE.match(line):
            reader.more[more["id"], more["child"] or ""] = (number, more["text"])
        elif not _IGNORED.match(line):
            for statement in _statements(line):
                reader.statement(statement, number)
    return reader.plan(plan_id)


def _statements(line: str) -> list[str]:
    """The statements of a line; a semicolon inside quotes is text."""
    return [part for part in re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", line) if part.strip()]


class _Reader:
    """Statements to nodes and edges; ids that are not ours get one of ours."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.nodes: dict[str, Node] = {}
        self.edges: list[tuple[str, str, EdgeKind, str]] = []
        self.formulas: dict[str, str] = {}
        self.more: dict[tuple[str, str], tuple[int, str]] = {}

    def statement(self, text: str, line: int) -> None:
        """One chain of nodes and arrows; ``a & b`` stands for both."""
        at, before = 0, list[str]()
        kind, label = None, ""
        while True:
            group, at = self.group(text, at, line)
            if kind is not None:
                self.edges += [(parent, child, kind, label) for parent in before for child in group]
            if not text[at:].strip():
                return
            arrow = _ARROW.match(text, at)
            if arrow is None:
                raise self.wrong(text, line)
            at, before, kind = arrow.end(), group, _kind(arrow["arrow"])
            label = (arrow["label"] or arrow["said"] or "").strip().strip('"')

    def group(self, text: str, at: int, line: int) -> tuple[list[str], int]:
        """The nodes that begin here, joined by ``&``, and where they end."""
        found: list[str] = []
        while True:
            match = _NODE.match(text, at)
            if match is None:
                raise self.wrong(text, line)
            found.append(self.node(match))
            more = re.compile(r"\s*&").match(text, match.end())
            if more is None:
                return found, match.end()
            at = more.end()

    def wrong(self, text: str, line: int) -> Refused:
        return Refused(
            msg("Line {line} of the diagram cannot be read.", line=line),
            place=text.strip()[:60],
            remedy=msg('Write it as a["Sales"] --> b["Orders"].'),
        )

    def node(self, match: re.Match[str]) -> str:
        written = _own(match["id"])
        node = self.ids.get(written)
        if node is None:
            fits = re.fullmatch(r"[a-z][a-z0-9_]*", written) and id_from_name(written, ()) == written
            node = written if fits and written not in self.nodes else id_from_name(written, self.nodes)
            self.ids[written] = node
            self.nodes[node] = Node(node, name=written, order=float(len(self.nodes)))
        shape = next((n for n in range(1, len(_BRACKETS) + 1) if match[f"t{n}"] is not None), 0)
        if shape:
            self.labels[node] = match[f"t{shape}"].strip().strip('"')
            self.nodes[node] = replace(self.nodes[node], kind=_SHAPES.get(shape, "kpi"))
        return node

    def plan(self, plan_id: str) -> Plan:
        if not self.nodes:
            raise Refused(
                msg("The diagram has no nodes."), remedy=msg('Write it as a["Sales"] --> b["Orders"].')
            )
        said = self.said()
        self.name_all({ends[0]: values for ends, values in said if not ends[1]})
        self.one_root()
        links, plain = self.join()
        self.write_formulas()
        made = Plan(plan_id, nodes=self.nodes, links=links)
        for parent, child in plain:  # an arrow that only draws a part of a written formula
            if child in made.formula_children(parent):
                links.pop((parent, child), None)
        for (parent, child), values in said:
            drawn = links.get((parent, child))
            if drawn is not None:
                links[parent, child] = replace(drawn, **values | {"kind": drawn.kind, "sign": drawn.sign})
            elif child in made.formula_children(parent):
                links[parent, child] = Edge(parent, child, **values)
        made = made.with_(links=links)
        if (circle := find_cycle(made)) is not None:
            raise Refused(
                msg("The diagram runs in a circle: {path}.", path=path_words(made, circle)),
                remedy=msg("Take away one of these steps."),
            )
        return made

    def name_all(self, told: Mapping[str, Mapping[str, Any]]) -> None:
        """Labels to names; where a comment says more of a node, only its label's first line is the name."""
        for node, label in self.labels.items():
            first = re.split(r"<br\s*/?>", label)[0] if node in told else re.sub(r"<br\s*/?>", " ", label)
            name = _letters(first).strip()
            if len(name) > MAX_NAME:
                raise Refused(
                    msg(
                        "The name is {n} characters long; the limit is {limit}.", n=len(name), limit=MAX_NAME
                    ),
                    place=node,
                    remedy=msg("Shorten it."),
                )
            self.nodes[node] = replace(self.nodes[node], name=name or self.nodes[node].name)
        for node, values in told.items():
            self.nodes[node] = replace(self.nodes[node], **values)

    def said(self) -> list[tuple[tuple[str, str], dict[str, Any]]]:
        """What comments say of nodes and, with a child, of lines: (parent, child) and the fields read."""
        found = []
        for (written, below), (number, text) in self.more.items():
            node, child = self.ids.get(_own(written)), self.ids.get(_own(below), "")
            if node is not None and (child or not below):
                found.append(((node, child), _fields(text, EDGE_FIELDS if below else NODE_FIELDS, number)))
        return found

    def join(self) -> tuple[dict[tuple[str, str], Edge], list[tuple[str, str]]]:
        """The lines, and those among them that are solid and bare; signs become formulas on the way."""
        parts: dict[str, list[tuple[str, str]]] = {}
        links: dict[tuple[str, str], Edge] = {}
        plain: list[tuple[str, str]] = []
        for parent, child, kind, label in self.edges:
            mark = _SIGNS.get(label)
            sign = {"+": 1, "-": -1, "−": -1}.get(label, 0)
            if self.nodes[child].kind == "action":
                links[parent, child] = Edge(parent, child, "supports", sign=sign)
            elif kind == "formula" and mark:
                parts.setdefault(parent, []).append((mark, child))
            else:
                if kind == "formula":
                    plain.append((parent, child))
                kind = "influence" if kind in ("formula", "supports") else kind
                links[parent, child] = Edge(parent, child, kind, sign=sign)
        for parent, marked in parts.items():
            start = {"-": "-", "/": "1 / "}.get(marked[0][0], "")
            rest = "".join(f" {mark} {child}" for mark, child in marked[1:])
            self.nodes[parent] = replace(self.nodes[parent], formula=f"{start}{marked[0][1]}{rest}")
        return links, plain

    def write_formulas(self) -> None:
        """Formulas that stand beside the drawing, in a comment, say more than the labels can."""
        for written, text in self.formulas.items():
            node = self.ids.get(_own(written))
            if node is not None:
                try:
                    parse(text)
                except FormulaError as error:
                    raise Refused(
                        error.message, place=f"{self.nodes[node].name} := {error.place}", remedy=error.remedy
                    ) from None
                self.nodes[node] = replace(self.nodes[node], formula=text)

    def one_root(self) -> None:
        """The goal is the node drawn as one, else the first that hangs below nothing."""
        below = {child for _, child, _, _ in self.edges}
        drawn = [node.id for node in self.nodes.values() if node.kind == "kgi" and node.id not in below]
        free = [node.id for node in self.nodes.values() if node.id not in below and node.kind != "action"]
        root = next(iter(drawn or free), None)
        for node in list(self.nodes.values()):
            if node.id == root:
                self.nodes[node.id] = replace(node, kind="kgi")
            elif node.kind == "kgi":
                self.nodes[node.id] = replace(node, kind="kpi")


def _kind(arrow: str) -> EdgeKind:
    """What an arrow means, however long it is drawn."""
    if arrow.endswith(("x", "o")):
        return "guardrail"
    if "." in arrow or arrow.endswith("-"):
        return "influence"
    return "supports" if arrow.startswith("=") else "formula"


def _own(written: str) -> str:
    """An id without the underscore that keeps it apart from a word of Mermaid's."""
    bare = written.removesuffix("_")
    return bare if bare in TAKEN else written


def _letters(text: str) -> str:
    """A label's text: Mermaid's codes (``#quot;``, ``#35;``) and a browser's (``&quot;``) as letters."""
    return html.unescape(re.sub(r"&?#(\d+|[A-Za-z]\w*);", _code, text))


def _code(match: re.Match[str]) -> str:
    return f"&#{match[1]};" if match[1].isdigit() else f"&{match[1]};"


def _fields(text: str, readers: Mapping[str, Any], line: int) -> dict[str, Any]:
    """The fields of a comment. Raises Refused with its line."""
    try:
        said = json.loads(text)
    except ValueError:
        raise Refused(
            msg("Line {line} of the diagram cannot be read.", line=line),
            place=text[:60],
            remedy=msg("Take the line out, or export the diagram again."),
        ) from None
    return {
        name: read_field(readers, name, value, f"line {line}")
        for name, value in said.items()
        if name not in (*DRAWN, "parent", "child") or (name == "kind" and readers is EDGE_FIELDS)
    }
