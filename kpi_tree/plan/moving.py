"""Hanging a node elsewhere, and what that does to the formula it leaves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Literal

from kpi_tree.errors import Conflict, Refused
from kpi_tree.i18n import msg
from kpi_tree.plan import rules
from kpi_tree.plan.field_readers import number_of
from kpi_tree.plan.formula_parser import parse
from kpi_tree.plan.formula_tree import Call, Expr, Name, Neg, Number, Percent, Product, Sum, to_text
from kpi_tree.plan.model import Edge, Plan
from kpi_tree.plan.reading import NODE_FIELDS, edge_from_dict, read_field


def without(expr: Expr, names: Collection[str]) -> Expr | None:
    """The formula with some names taken out, ``None`` where nothing is left.

    >>> to_text(without(parse("a * b / c + d"), {"a", "d"}))
    'b / c'
    >>> to_text(without(parse("a / b"), {"a"}))
    '1 / b'
    """
    match expr:
        case Name(name):
            return None if name in names else expr
        case Neg(operand) | Percent(operand):
            left = without(operand, names)
            return None if left is None else type(expr)(left)
        case Sum(terms):
            return _fewer_terms(
                [(sign, part) for sign, term in terms if (part := without(term, names)) is not None]
            )
        case Product(factors):
            return _fewer_factors(
                [(op, part) for op, term in factors if (part := without(term, names)) is not None]
            )
        case Call(function, arguments):
            kept = tuple(part for term in arguments if (part := without(term, names)) is not None)
            return Call(function, kept) if kept and (function != "lag" or len(kept) == 2) else None
    return expr


def _fewer_terms(terms: list[tuple[Literal["+", "-"], Expr]]) -> Expr | None:
    if not terms:
        return None
    sign, first = terms[0]
    terms[0] = ("+", Neg(first) if sign == "-" else first)
    return terms[0][1] if len(terms) == 1 else Sum(tuple(terms))


def _fewer_factors(factors: list[tuple[Literal["*", "/"], Expr]]) -> Expr | None:
    if not factors:
        return None
    if factors[0][0] == "/":
        factors.insert(0, ("*", Number(1.0)))
    return factors[0][1] if len(factors) == 1 else Product(tuple(factors))


def formula_without(plan: Plan, parent: str, child: str) -> str | None:
    """The parent's formula after the child has left it, as text; ``None`` where no name is left."""
    text = plan.nodes[parent].formula
    if not text:
        return None
    expr = parse(text)
    gone = {name for name in expr.names if plan.by_name_in_formula.get(name) == child}
    left = without(expr, gone)
    return to_text(left) if left is not None and left.names else None


def prepare_move(plan: Plan, edit: Mapping[str, Any]) -> dict[str, Any]:
    """A move with all that undoing it needs: the edge it had, and the formulas it changes.

    Raises Refused (a circle, a wrong parent) or Conflict (it hangs elsewhere by now).
    """
    node = str(edit.get("node"))
    rules.refuse_unknown_node(plan, node)
    given = edit.get("after")
    if not isinstance(given, Mapping):
        raise Refused(msg("A move needs the new parent."), place=node, remedy=msg("Give it under after."))
    new = None if given.get("parent") is None else str(given["parent"])
    if new is not None:
        rules.refuse_unknown_node(plan, new)
    old = _old_parent(plan, node, edit.get("before"))
    if new is not None and new != old and plan.edge(new, node) is not None:
        new = None  # it hangs there already: all that is left of the move is leaving the old parent
    order = number_of(given.get("order", plan.nodes[node].order), node)
    before = {
        "parent": old,
        "order": plan.nodes[node].order,
        "edge": _stored(plan, old, node) if old != new else None,
        "formulas": {},
    }
    after: dict[str, Any] = {"parent": new, "order": order, "edge": None, "formulas": {}}
    if old != new or "formulas" in given:
        after["formulas"] = _formulas(plan, node, old, given)
        before["formulas"] = {parent: plan.nodes[parent].formula for parent in after["formulas"]}
        after["edge"] = _edge(plan, node, old, new, given)
    made = {"op": "move", "node": node, "before": before, "after": after}
    _check(plan, made)
    return made


def _old_parent(plan: Plan, node: str, before: Any) -> str | None:
    parents = plan.parents(node)
    if not isinstance(before, Mapping) or "parent" not in before:
        return parents[0] if parents else None
    old = before["parent"]
    if old is not None and old not in parents:  # none: it hangs below one more parent from now on
        raise Conflict(
            msg("{node} hangs elsewhere by now.", node=rules.name_of(plan, node)),
            mine=old,
            theirs=parents[0] if parents else None,
            place=node,
            remedy=msg("Look at the tree and move it again."),
        )
    return None if old is None else str(old)


def _stored(plan: Plan, parent: str | None, node: str) -> dict[str, Any] | None:
    edge = plan.links.get((parent, node)) if parent is not None else None
    return edge.to_dict() if edge else None


def _formulas(plan: Plan, node: str, old: str | None, given: Mapping[str, Any]) -> dict[str, str | None]:
    if isinstance(given.get("formulas"), Mapping):  # an undo brings the former text back
        told = {
            str(parent): read_field(NODE_FIELDS, "formula", text, str(parent))
            for parent, text in given["formulas"].items()
        }
        for parent, text in told.items():
            rules.refuse_unknown_node(plan, parent)
            if text:
                parse(text)
        return told
    edge = plan.edge(old, node) if old is not None else None
    if old is None or edge is None or not edge.derived:
        return {}
    return {old: formula_without(plan, old, node)}


def _edge(
    plan: Plan, node: str, old: str | None, new: str | None, given: Mapping[str, Any]
) -> dict[str, Any] | None:
    if "edge" in given:
        return edge_from_dict(given["edge"], node).to_dict() if given["edge"] else None
    if new is None or plan.edge(new, node) is not None:
        return None
    kept = plan.links.get((old, node)) if old is not None else None
    kind = "supports" if plan.nodes[node].kind == "action" else "influence"
    edge = replace(kept, parent=new, derived=False) if kept else Edge(new, node, kind)  # type: ignore[arg-type]
    if edge.kind == "formula":
        edge = replace(edge, kind="influence")
    return edge.to_dict()


def _check(plan: Plan, edit: Mapping[str, Any]) -> None:
    moved = moved_plan(plan, edit)
    edge = edit["after"]["edge"]
    if edge:
        rules.refuse_ends(plan.nodes[edge["parent"]], plan.nodes[edge["child"]], edge["kind"])
    rules.refuse_new_circle(plan, moved, edit["node"])


def moved_plan(plan: Plan, edit: Mapping[str, Any]) -> Plan:
    """The plan after a prepared move."""
    node, before, after = edit["node"], edit["before"], edit["after"]
    links = {
        key: edge for key, edge in plan.links.items() if not before["edge"] or key != (before["parent"], node)
    }
    if after["edge"]:
        edge = edge_from_dict(after["edge"])
        links[edge.key] = edge
    nodes = dict(plan.nodes)
    nodes[node] = replace(nodes[node], order=after["order"])
    for parent, text in after["formulas"].items():
        nodes[parent] = replace(nodes[parent], formula=text)
    return plan.with_(nodes=nodes, links=links)
