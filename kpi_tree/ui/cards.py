"""What the canvas shows on each card and line, in the reader's language. Plain texts, never markup."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import Expr, Product, Sum
from kpi_tree.plan.model import Plan
from kpi_tree.ui import parts
from kpi_tree.ui.overview import age
from kpi_tree.ui.progress import shares
from kpi_tree.ui.text import number
from kpi_tree.workspace import NodeView

SIGNS = {"*": "×", "/": "÷", "+": "+", "-": "−"}


def cards(plan: Plan, views: Sequence[NodeView], at: date) -> list[dict[str, Any]]:
    """One card a node."""
    return [_card(plan, view, at) for view in views]


def _card(plan: Plan, view: NodeView, at: date) -> dict[str, Any]:
    node = plan.nodes.get(view.id)
    far = shares(view)
    measured = view.kind != "action"
    return {
        "id": view.id,
        "name": view.name,
        "kind": view.kind,
        "owner": view.owner,
        "unit": view.unit,
        "actual": view.actual,
        "actual_text": number(view.actual, view.unit, view.currency, compact=True),
        "target_text": number(view.target, view.unit, view.currency, compact=True) if view.target else "",
        "status": view.status or "",
        "status_text": parts.status_word(view.status),
        "attainment": far.done,
        "expected_share": far.expected,
        "spark": [point.value for point in view.points],
        "spark_path": [point.expected for point in view.points] if view.target is not None else [],
        "freshness_text": age(view.data_through, at) if measured and view.data_through else "",
        "formula": view.formula,
        "order": node.order if node else 0,
        "stale": view.stale,
        "assumption": bool(node and node.assumption is not None and view.actual is None),
        "state": node.state if node else None,
    }


def lines(plan: Plan) -> list[dict[str, Any]]:
    """One line an edge, with the sign that stands between a formula's children."""
    found = []
    for edge in plan.edges:
        sign = operator(plan, edge.parent, edge.child) if edge.kind == "formula" else ""
        found.append(
            {
                "parent": edge.parent,
                "child": edge.child,
                "kind": edge.kind,
                "operator": sign,
                "sign": edge.sign,
            }
        )
    return found


def operator(plan: Plan, parent: str, child: str) -> str:
    """``× ÷ + −`` where the parent's formula is a plain sum or product of its children, else empty."""
    text = plan.nodes[parent].formula
    try:
        formula = parse(text) if text else None
    except FormulaError:
        return ""
    return SIGNS.get(_sign(formula, {child, plan.nodes[child].kpi}) or "", "") if formula else ""


def _sign(formula: Expr, wanted: Collection[str | None]) -> str | None:
    """The sign right before the name; one that comes first in its product has the sign before the product."""
    pairs: tuple[tuple[str, Expr], ...] = ()
    if isinstance(formula, Sum):
        pairs = formula.terms
    elif isinstance(formula, Product):
        pairs = formula.factors
    for sign, part in pairs:
        if set(wanted).isdisjoint(part.names):
            continue
        first = part.names[0] in wanted
        return sign if first else _sign(part, wanted) or sign
    return None
