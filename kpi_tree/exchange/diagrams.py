"""A tree as a diagram's text: Mermaid and Graphviz DOT. :mod:`kpi_tree.exchange.mermaid` reads the first."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from kpi_tree.i18n import format_date, translate
from kpi_tree.plan.edit_values import choice_words
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import Name, Product, Sum
from kpi_tree.plan.model import Edge, EdgeKind, Node, NodeKind, Plan

ARROWS: dict[EdgeKind, str] = {"formula": "-->", "influence": "-.->", "guardrail": "--x", "supports": "==>"}
_SHAPES: dict[NodeKind, tuple[str, str]] = {"kgi": ("([", "])"), "kpi": ("[", "]"), "action": (">", "]")}
TAKEN = frozenset(
    ("end", "graph", "flowchart", "subgraph", "style", "class", "click", "default", "href", "call",
     "interpolate", "constructor")
)  # fmt: skip
"""Words of Mermaid's own: an id that is one of them gets an underscore behind it."""
DRAWN = frozenset(("id", "kind", "name", "formula", "order"))
"""What the drawing itself says of a node; all else stands in a comment."""


def to_mermaid(plan: Plan, *, direction: str = "TD", lang: str = "en") -> str:
    """A Mermaid flowchart: formulas solid, influences dotted with their sign, guardrails crossed.

    Below a name stand the owner and, of an action, its state and its last day. What a drawing has no place
    for (units, notes, costs, hypotheses) is in comments, which :func:`kpi_tree.exchange.from_mermaid` reads.

    Args:
        direction: ``TD`` top-down or ``LR`` left-right.
        lang: language of states and days.

    >>> sales, orders = Node("a", "kgi", "A", formula="b", unit="money"), Node("b", name="<B>", owner="Kari")
    >>> print(to_mermaid(Plan("p", nodes={"a": sales, "b": orders})))
    flowchart TD
      a(["A"])
      b["#lt;B#gt;<br/>Kari"]
      a -->|=| b
      %% a := b
      %% a = {"unit": "money"}
      %% b = {"owner": "Kari"}
    <BLANKLINE>
    """
    lines = [f"flowchart {direction}"]
    nodes = sorted(plan.nodes.values(), key=lambda node: (node.order, node.id))
    for node in nodes:
        left, right = _SHAPES[node.kind]
        label = "<br/>".join(_escaped(line) for line in [node.name or node.id, *_beside(node, lang)])
        lines.append(f'  {_safe_id(node.id)}{left}"{label}"{right}')
    for edge in plan.edges:
        lines.append(f"  {_ends(edge)[0]} {ARROWS[edge.kind]}{_label(plan, edge)} {_ends(edge)[1]}")
    lines += [f"  %% {_safe_id(node.id)} := {node.formula}" for node in nodes if node.formula]
    for node in nodes:
        lines += _comment(_safe_id(node.id), node.to_dict(), DRAWN)
    as_formula = {edge.key for edge in plan.edges if edge.derived}
    for link in plan.links.values():
        shown = ("parent", "child") if link.key in as_formula else ("parent", "child", "kind", "sign")
        lines += _comment(" > ".join(_ends(link)), link.to_dict(), shown)
    return "\n".join(lines) + "\n"


def _comment(head: str, said: dict[str, Any], shown: Collection[str]) -> list[str]:
    more = {name: value for name, value in said.items() if name not in shown}
    text = json.dumps(more, ensure_ascii=False).replace(
        "%{", "%\\u007b"
    )  # %%{ opens a directive of Mermaid's
    return [f"  %% {head} = {text}"] if more else []


def _beside(node: Node, lang: str) -> list[str]:
    """What stands below a name: who, and of an action how far it is and until when."""
    state = [translate(choice_words("state", node.state), lang)] if node.state else []
    day = [format_date(node.due, lang)] if node.due else []
    found = [part for part in (*state, node.owner, *day) if part]
    return [" · ".join(found)] if found else []


def _ends(edge: Edge) -> tuple[str, str]:
    return _safe_id(edge.parent), _safe_id(edge.child)


def _safe_id(node: str) -> str:
    return f"{node}_" if node in TAKEN else node


def _escaped(text: str) -> str:
    """Letters that Mermaid or a browser gives a meaning, as Mermaid writes them."""
    named = {"&": "#amp;", "<": "#lt;", ">": "#gt;", '"': "#quot;", "\n": " "}
    return "".join(named.get(char) or (f"#{ord(char)};" if char in "#`%$\\~*_'" else char) for char in text)


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


def to_dot(plan: Plan, *, lang: str = "en") -> str:
    """A Graphviz graph with the same meaning; notes and hypotheses are what a pointer on it shows.

    >>> print(to_dot(Plan("p", nodes={"a": Node("a", "kgi", "A", owner="Kari")})))
    digraph plan {
      rankdir=TB;
      node [fontname="sans-serif"];
      "a" [label="A\\nKari", shape=doubleoctagon];
    }
    <BLANKLINE>
    """
    styles = {"formula": "solid", "influence": "dashed", "guardrail": "dotted", "supports": "bold"}
    shapes = {"kgi": "doubleoctagon", "kpi": "box", "action": "cds"}
    lines = ["digraph plan {", "  rankdir=TB;", '  node [fontname="sans-serif"];']
    for node in plan.nodes.values():
        label = _quoted(node.name or node.id, *_beside(node, lang))
        told = f", tooltip={_quoted(*node.notes.splitlines())}" if node.notes else ""
        lines.append(f"  {_quoted(node.id)} [label={label}, shape={shapes[node.kind]}{told}];")
    for edge in plan.edges:
        label = _label(plan, edge).strip("|")
        more = f", label={_quoted(label)}" if label else ""
        more += f", tooltip={_quoted(edge.hypothesis)}" if edge.hypothesis else ""
        lines.append(f"  {_quoted(edge.parent)} -> {_quoted(edge.child)} [style={styles[edge.kind]}{more}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(*lines: str) -> str:
    """Lines as one text of DOT; what looks like an entity of HTML stays the letters that it is."""
    plain = [line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") for line in lines]
    return '"' + "\\n".join(_ENTITY.sub("&amp;", line) for line in plain) + '"'


_ENTITY = re.compile(r"&(?=#?\w+;)")
