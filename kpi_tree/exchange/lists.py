"""A tree as a list: a Markdown outline (both ways) and a CSV of its edges."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from typing import Any

from kpi_tree.exchange.edge_rows import ABOUT, COLUMNS, FORMULA_START, tested_text
from kpi_tree.periods import DEFAULT_CALENDAR, Calendar, Period
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.outline import from_outline, to_outline

_BULLET = re.compile(r"^(?P<indent>\s*)(?:[-*+]|\d+[.)])\s+(?P<rest>.*)$")
_SIGNS = {"*": "×", "/": "÷", "+": "＋", "-": "−"}
_MARKS = {"×": "*", "÷": "/", "＋": "+", "−": "-"}
_ESCAPES = re.compile(r"\\([\\`*_{}\[\]<>()#+\-.!|&×÷＋−])")


def to_markdown(plan: Plan) -> str:
    r"""A Markdown list: a title, a bullet a node, operators as signs after the bullet.

    >>> from kpi_tree.plan.model import Node
    >>> sales, orders = Node("a", "kgi", "A", formula="b"), Node("b", name="B_1")
    >>> print(to_markdown(Plan("p", "Shop", {"a": sales, "b": orders})))
    # Shop
    <BLANKLINE>
    - A \[a\]
      - ＋ B\_1 \[b\]
    <BLANKLINE>
    """
    lines = [f"# {_escaped(plan.name or plan.id)}", ""]
    for line in to_outline(plan).splitlines():
        body = line.lstrip()
        indent = line[: len(line) - len(body)]
        mark, _, rest = body.partition(" ")
        if mark in _SIGNS and rest:
            body = f"{_SIGNS[mark]} {_escaped(rest)}"
        else:
            body = _escaped(body)
        lines.append(f"{indent}- {body}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Markdown's own signs as text, so that a name with markup stays a name wherever the list is shown."""
    return re.sub(r"([\\`*_{}\[\]<>#|&]|^[×÷＋−])", r"\\\1", text)


def from_markdown(
    text: str,
    *,
    kpis: Collection[str] = (),
    plan_id: str = "markdown",
    base: Plan | None = None,
    period: Period | None = None,
    calendar: Calendar = DEFAULT_CALENDAR,
) -> Plan:
    """Reads a Markdown list, of ours or any other: bullets become nodes, a first heading the plan's name.

    ``period``: of the targets that say none; ``calendar``: the one in which ``FY2027-Q1`` is meant.

    Raises Refused as :func:`kpi_tree.plan.outline.from_outline` does.
    """
    title = ""
    lines = []
    for line in text.splitlines():
        heading = re.match(r"#+\s+(.*)", line)
        if heading:
            title = title or _ESCAPES.sub(r"\1", heading[1].strip())
            lines.append("")
            continue
        match = _BULLET.match(line)
        if match is None:
            lines.append("" if not line.strip() or not lines else line)
            continue
        rest = match["rest"]
        sign, _, body = rest.partition(" ")
        mark = f"{_MARKS[sign]} " if sign in _MARKS and body else ""
        lines.append(f"{match['indent']}{mark}{_ESCAPES.sub(lambda found: found[1], body if mark else rest)}")
    made = from_outline(
        "\n".join(lines), kpis=kpis, plan_id=plan_id, base=base, period=period, calendar=calendar
    )
    own = base is not None and title == (base.name or base.id)
    return made.with_(name=title[:200]) if title and not own else made


def to_edge_csv(plan: Plan) -> str:
    """A CSV with a row an edge: both ends with their names, kind, operator, sign, strength, lag, hypothesis,
    the formula that makes it, who thinks so and what experiments found; then the child's owner and notes and,
    of an action, its state, days, costs and all else it says, in the child's first row. A box without a line
    has a row without a parent.

    Texts that a spreadsheet would take for a formula are led by an apostrophe.
    """
    from kpi_tree.exchange.diagrams import operator

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *ABOUT))
    told: set[str] = set()
    joined = {end for edge in plan.edges for end in edge.key}
    alone = [plan.nodes[node] for node in plan.tops() if node not in joined]
    goal = [node for node in alone if node.kind == "kgi"]
    writer.writerows(_row_alone(node) for node in goal)
    for edge in sorted(plan.edges, key=lambda one: (plan.nodes[one.child].order, one.child)):
        row = [
            edge.parent,
            edge.child,
            plan.nodes[edge.parent].name,
            plan.nodes[edge.child].name,
            edge.kind,
            operator(plan, edge.parent, edge.child) if edge.derived else "",
            edge.sign or "",
            edge.strength or "",
            "" if edge.lag is None else edge.lag,
            edge.hypothesis,
            (plan.nodes[edge.parent].formula or "") if edge.derived else "",
            edge.who,
            tested_text(edge.tested),
        ]
        child = {} if edge.child in told else plan.nodes[edge.child].to_dict()
        told.add(edge.child)
        row += [_cell(child.get(name)) for name in ABOUT]
        writer.writerow([_harmless(cell) if isinstance(cell, str) else cell for cell in row])
    writer.writerows(_row_alone(node) for node in alone if node not in goal)
    return out.getvalue()


def _row_alone(node: Node) -> list[Any]:
    """The row of a box that hangs below nothing and has nothing below it."""
    said = node.to_dict()
    ends = ["", node.id, "", node.name, "supports" if node.kind == "action" else ""]
    row = [*ends, *[""] * (len(COLUMNS) - len(ends)), *(_cell(said.get(name)) for name in ABOUT)]
    return [_harmless(cell) if isinstance(cell, str) else cell for cell in row]


def _cell(value: Any) -> Any:
    """A field as one cell: a list with commas between its parts, nothing as nothing."""
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else value


def _harmless(text: str) -> str:
    return f"'{text}" if re.match(FORMULA_START, text) else text
