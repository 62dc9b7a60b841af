"""What a card and a line of the drawn tree show, in one language. Plain texts, never markup."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from kpi_tree.analysis.verdict import STATUS_NAMES
from kpi_tree.i18n import (
    Quantity,
    apart,
    format_apart,
    format_change,
    format_date,
    format_value,
    msg,
    nmsg,
    translate,
)
from kpi_tree.i18n.formats import NO_VALUE
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import Expr, Product, Sum
from kpi_tree.plan.model import Plan
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.shares import shares

SIGNS = {"*": "×", "/": "÷", "+": "+", "-": "−"}


def cards(plan: Plan, views: Sequence[NodeView], at: date, lang: str = "en") -> list[dict[str, Any]]:
    """One card a node, its numbers and words in a language.

    Args:
        views: the tree as evaluated, in the order that the cards get.
        at: the day looked at; freshness is told from it.
    """
    return [_card(plan, view, at, lang) for view in views]


def _card(plan: Plan, view: NodeView, at: date, lang: str) -> dict[str, Any]:
    node = plan.nodes.get(view.id)

    def short(value: float | None) -> str:
        return format_value(value, view.unit, lang, currency=view.currency, compact=True)

    def number(value: float | None, beside: float | None) -> str:
        if beside is None or short(value) != short(beside):
            return short(value)
        return format_apart(value, beside, view.unit, lang, currency=view.currency)

    far = shares(view)
    measured = view.kind != "action"
    return {
        "id": view.id,
        "name": view.name,
        "kind": view.kind,
        "owner": view.owner,
        "unit": view.unit,
        "actual": view.actual,
        "actual_text": number(view.actual, view.target),
        "target_text": _aimed_at(view, short, number),
        **_then(view, lang),
        "status": view.status or "",
        "status_text": translate(view.withheld or STATUS_NAMES.get(view.status or "", ""), lang),
        **_said(view, lang),
        "attainment": far.done,
        "expected_share": far.expected,
        "spark": [point.value for point in view.points],
        "spark_path": [point.expected for point in view.points] if view.target is not None else [],
        "freshness_text": age(view.data_through, at, lang) if measured and view.data_through else "",
        "formula": view.formula,
        "order": node.order if node else 0,
        "stale": view.stale,
        "source_text": " ".join(translate(one, lang) for one in view.troubles),
        "assumption": view.assumed,
        "state": node.state if node else None,
    }


def _said(view: NodeView, lang: str) -> dict[str, str]:
    """A person's word on the status, which stands beside the computed one."""
    return {"said": view.said.status, "said_text": said_words(view, lang)} if view.said else {}


def said_words(view: NodeView, lang: str = "en") -> str:
    """Whose word on the status it is, until when it holds, and why; empty where nobody said one.

    >>> from kpi_tree.plan.model import Override
    >>> word = Override("on_track", "We know.", "Kari", date(2026, 5, 1), date(2026, 5, 9))
    >>> said_words(NodeView("sales", "Sales", "kgi", said=word)), said_words(NodeView("b", "B", "kpi"))
    ('Kari says: On track, until 9 May 2026. We know.', '')
    """
    said = view.said
    if said is None:
        return ""
    words = msg(
        "{who} says: {status}, until {day}. {reason}",
        who=said.who or translate(msg("Somebody"), lang),
        status=translate(STATUS_NAMES.get(said.status, said.status), lang),
        day=format_date(said.until, lang),
        reason=said.reason,
    )
    return translate(words, lang)


def _aimed_at(view: NodeView, short: Callable[[float | None], str], number: Callable[..., str]) -> str:
    """The value to reach, zero too, or the two ends to keep within."""
    if view.ends is not None:
        return " – ".join(map(short, view.ends))
    return number(view.target, view.actual) if view.target is not None else ""


def _then(view: NodeView, lang: str) -> dict[str, str]:
    """What the value is compared with, where that is no target: "was 1.2M" and "+4.2%"."""
    then = view.compared
    if then is None:
        return {}
    # Beside the value on the same card, the currency need not be said twice.
    unit = "count" if view.unit == "money" else view.unit
    was = format_value(then.value, unit, lang, compact=True)
    return {
        "then_text": translate(msg("was {value}", value=was), lang),
        "change_text": change_words(view, lang),
    }


def change_words(view: NodeView, lang: str = "en") -> str:
    """How far the value is from the one compared with: points for a percentage, else a relative change."""
    then = view.compared
    if then is None or then.difference is None:
        return NO_VALUE
    if view.unit == "percent":
        return Quantity(then.difference, apart(view.unit), signed=True).in_language(lang)
    return format_change(then.change, lang)


def age(last: date, today: date, lang: str = "en") -> str:
    """How long ago a day was, in words.

    >>> age(date(2026, 5, 1), date(2026, 5, 4))
    '3 days ago'
    """
    days = (today - last).days
    if days <= 0:
        return translate(msg("today"), lang)
    if days == 1:
        return translate(msg("yesterday"), lang)
    return translate(nmsg("{n} day ago", "{n} days ago", days), lang)


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
