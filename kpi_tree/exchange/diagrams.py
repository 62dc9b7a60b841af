"""A tree as a diagram's text: Mermaid (both ways) and Graphviz DOT."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.field_readers import MAX_NAME
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import Name, Product, Sum
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Edge, EdgeKind, Node, NodeKind, Plan
from kpi_tree.plan.rules import find_cycle, path_words

_ARROWS: dict[EdgeKind, str] = {"formula": "-->", "influence": "-.->", "guardrail": "--x", "supports": "==>"}
_KINDS: dict[str, EdgeKind] = {arrow: kind for kind, arrow in _ARROWS.items()} | {
    "---": "influence",
    "--o": "guardrail",
}
_SHAPES: dict[NodeKind, tuple[str, str]] = {"kgi": ("([", "])"), "kpi": ("[", "]"), "action": (">", "]")}
_LINE = 5000


def to_mermaid(plan: Plan, *, direction: str = "TD") -> str:
    """A Mermaid flowchart: formulas solid, influences dotted with their sign, guardrails crossed.

    Args:
        direction: ``TD`` top-down or ``LR`` left-right.

    >>> sales, orders = Node("a", "kgi", "A", formula="b"), Node("b", name="<B>")
    >>> print(to_mermaid(Plan("p", nodes={"a": sales, "b": orders})))
    flowchart TD
      a(["A"])
      b["&lt;B&gt;"]
      a -->|=| b
      %% a := b
    <BLANKLINE>
    """
    lines = [f"flowchart {direction}"]
    for node in plan.nodes.values():
        left, right = _SHAPES[node.kind]
        lines.append(f'  {_safe_id(node.id)}{left}"{_escaped(node.name or node.id)}"{right}')
    for edge in plan.edges:
        lines.append(
            f"  {_safe_id(edge.parent)} {_ARROWS[edge.kind]}{_label(plan, edge)} {_safe_id(edge.child)}"
        )
    for node in plan.nodes.values():
        if node.formula:
            lines.append(f"  %% {_safe_id(node.id)} := {node.formula}")
    return "\n".join(lines) + "\n"


_TAKEN = frozenset(("end", "graph", "flowchart", "subgraph", "style", "class", "click", "default"))
"""Words of Mermaid's own: an id that is one of them gets an underscore behind it."""


def _safe_id(node: str) -> str:
    return f"{node}_" if node in _TAKEN else node


def _escaped(text: str) -> str:
    return html.escape(text, quote=True).replace("\n", " ").replace("`", "&#96;")


def _label(plan: Plan, edge: Edge) -> str:
    if edge.derived:
        return f"|{operator(plan, edge.parent, edge.child)}|"
    return {1: "|+|", -1: "|-|"}.get(edge.sign, "")


def operator(plan: Plan, parent: str, child: str) -> str:
    """How a child stands in its parent's formula: ``× ÷ + −``, ``=`` alone, else ``f``."""
    try:
        expr = parse(plan.nodes[parent].formula or "")
    except FormulaError:
        return "f"
    known = plan.by_name_in_formula
    parts: list[tuple[str, object]] = [("=", expr)]
    if isinstance(expr, Sum):
        parts = [({"+": "+", "-": "−"}[sign], part) for sign, part in expr.terms]
    elif isinstance(expr, Product):
        parts = [({"*": "×", "/": "÷"}[op], part) for op, part in expr.factors]
    signs = [sign for sign, part in parts if isinstance(part, Name) and known.get(part.id) == child]
    return signs[0] if len(signs) == 1 else "f"


def to_dot(plan: Plan) -> str:
    """A Graphviz graph with the same meaning."""
    styles = {"formula": "solid", "influence": "dashed", "guardrail": "dotted", "supports": "bold"}
    shapes = {"kgi": "doubleoctagon", "kpi": "box", "action": "cds"}
    lines = ["digraph plan {", "  rankdir=TB;", '  node [fontname="sans-serif"];']
    for node in plan.nodes.values():
        lines.append(
            f"  {_quoted(node.id)} [label={_quoted(node.name or node.id)}, shape={shapes[node.kind]}];"
        )
    for edge in plan.edges:
        label = _label(plan, edge).strip("|")
        more = f", label={_quoted(label)}" if label else ""
        lines.append(f"  {_quoted(edge.parent)} -> {_quoted(edge.child)} [style={styles[edge.kind]}{more}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


_HEAD = re.compile(r"(?:flowchart|graph)(?:\s+(?:TD|TB|BT|LR|RL))?\s*;?$", re.IGNORECASE)
_ID = r"[\w-]+"
_TEXT = (
    r"(?:\(\[(?P<{0}1>.*?)\]\)|\(\((?P<{0}2>.*?)\)\)|\[(?P<{0}3>.*?)\]|\((?P<{0}4>.*?)\)"
    r"|\{{(?P<{0}5>.*?)\}}|>(?P<{0}6>.*?)\])"
)
_NODE = re.compile(rf"\s*(?P<id>{_ID}){_TEXT.format('t')}?")
_ARROW = re.compile(r"\s*(?P<arrow>-\.->|-->|==>|--x|--o|---)\s*(?:\|(?P<label>[^|]*)\|)?")
_IGNORED = re.compile(
    r"\s*(?:%%|classDef\b|class\b|style\b|linkStyle\b|click\b|subgraph\b|end\b|direction\b|$)"
)


_FORMULA = re.compile(rf"\s*%%\s*(?P<id>{_ID})\s*:=(?P<text>.+)")


def from_mermaid(text: str, plan_id: str = "mermaid") -> Plan:
    """Reads a Mermaid flowchart whose arrows run from parent to child; styles are passed over.

    A solid arrow labelled ``×``, ``÷``, ``+`` or ``−`` makes the child a part of the parent's formula.

    Raises:
        Refused: it is no flowchart, a line cannot be read, or it runs in a circle; with the line.

    >>> plan = from_mermaid("flowchart TD\\n a[Sales] -->|×| b[Orders]\\n a -->|×| c[Value]")
    >>> plan.nodes["a"].formula, plan.root()
    ('b * c', 'a')
    """
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if _HEAD.match(line.strip())), None)
    if start is None:
        raise Refused(
            msg("This is not a Mermaid flowchart."), remedy=msg("Its first line says flowchart TD.")
        )
    if len(lines) > _LINE:
        raise Refused(msg("The diagram has {n} lines; the limit is {limit}.", n=len(lines), limit=_LINE))
    reader = _Reader()
    for number, line in enumerate(lines[start + 1 :], start + 2):
        if formula := _FORMULA.match(line):
            reader.formulas[formula["id"]] = formula["text"].strip()
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
        self.nodes: dict[str, Node] = {}
        self.edges: list[tuple[str, str, EdgeKind, str]] = []
        self.formulas: dict[str, str] = {}

    def statement(self, text: str, line: int) -> None:
        at, before, arrow = 0, None, None
        while at < len(text.rstrip()):
            match = _NODE.match(text, at)
            if match is None or (before is not None and arrow is None):
                raise self.wrong(text, line)
            node = self.node(match)
            if before is not None and arrow is not None:
                self.edges.append(
                    (before, node, _KINDS[arrow["arrow"]], (arrow["label"] or "").strip().strip('"'))
                )
            at, before = match.end(), node
            arrow = _ARROW.match(text, at)
            if arrow is None and text[at:].strip():
                raise self.wrong(text, line)
            at = arrow.end() if arrow else at
        if arrow is not None:
            raise self.wrong(text, line)

    def wrong(self, text: str, line: int) -> Refused:
        return Refused(
            msg("Line {line} of the diagram cannot be read.", line=line),
            place=text.strip()[:60],
            remedy=msg('Write it as a["Sales"] --> b["Orders"].'),
        )

    def node(self, match: re.Match[str]) -> str:
        written = match["id"]
        written = written[:-1] if written[:-1] in _TAKEN else written
        node = self.ids.get(written)
        if node is None:
            fits = re.fullmatch(r"[a-z][a-z0-9_]*", written) and id_from_name(written, ()) == written
            node = written if fits and written not in self.nodes else id_from_name(written, self.nodes)
            self.ids[written] = node
            self.nodes[node] = Node(node, name=written)
        label = next((match[f"t{n}"] for n in range(1, 7) if match[f"t{n}"] is not None), None)
        if label is not None:
            kind: NodeKind = (
                "action" if match["t6"] is not None else "kgi" if match["t1"] is not None else "kpi"
            )
            name = " ".join(html.unescape(re.sub(r"<br\s*/?>", " ", label.strip().strip('"'))).split())
            if len(name) > MAX_NAME:
                raise Refused(
                    msg(
                        "The name is {n} characters long; the limit is {limit}.", n=len(name), limit=MAX_NAME
                    ),
                    place=node,
                    remedy=msg("Shorten it."),
                )
            self.nodes[node] = replace(self.nodes[node], name=name or written, kind=kind)
        return node

    def plan(self, plan_id: str) -> Plan:
        if not self.nodes:
            raise Refused(
                msg("The diagram has no nodes."), remedy=msg('Write it as a["Sales"] --> b["Orders"].')
            )
        self.one_root()
        parts: dict[str, list[tuple[str, str]]] = {}
        links: dict[tuple[str, str], Edge] = {}
        plain: list[tuple[str, str]] = []
        for parent, child, kind, label in self.edges:
            mark = {
                "×": "*",
                "*": "*",
                "x": "*",
                "÷": "/",
                "/": "/",
                "+": "+",
                "−": "-",
                "-": "-",
                "=": "+",
            }.get(label)
            if self.nodes[child].kind == "action":
                links[parent, child] = Edge(parent, child, "supports")
            elif kind == "formula" and mark:
                parts.setdefault(parent, []).append((mark, child))
            else:
                if kind == "formula":
                    plain.append((parent, child))
                kind = "influence" if kind in ("formula", "supports") else kind
                links[parent, child] = Edge(
                    parent, child, kind, sign={"+": 1, "-": -1, "−": -1}.get(label, 0)
                )
        for parent, marked in parts.items():
            start = {"-": "-", "/": "1 / "}.get(marked[0][0], "")
            rest = "".join(f" {mark} {child}" for mark, child in marked[1:])
            self.nodes[parent] = replace(self.nodes[parent], formula=f"{start}{marked[0][1]}{rest}")
        self.write_formulas()
        made = Plan(plan_id, nodes=self.nodes, links=links)
        for parent, child in plain:  # an arrow that only draws a part of a written formula
            if child in made.formula_children(parent):
                links.pop((parent, child), None)
        made = made.with_(links=links)
        if (circle := find_cycle(made)) is not None:
            raise Refused(
                msg("The diagram runs in a circle: {path}.", path=path_words(made, circle)),
                remedy=msg("Take away one of these steps."),
            )
        return made

    def write_formulas(self) -> None:
        """Formulas that stand beside the drawing, in a comment, say more than the labels can."""
        for written, text in self.formulas.items():
            node = self.ids.get(written[:-1] if written[:-1] in _TAKEN else written)
            if node is not None:
                parse(text)
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
