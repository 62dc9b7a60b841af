"""What a careful colleague would say about a tree: each remark with its remedy, and a fix if there is one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kpi_tree.errors import KpiTreeError
from kpi_tree.issues import Issue
from kpi_tree.nearest import nearest
from kpi_tree.plan import rules
from kpi_tree.plan.edits import Edit, prepare
from kpi_tree.plan.formula_parser import parse
from kpi_tree.plan.formula_tree import to_text, with_names
from kpi_tree.plan.lint_nodes import of_node
from kpi_tree.plan.lint_shape import branches, duplicates, shape, targets
from kpi_tree.plan.lint_words import WHY, LintKpi, Remark
from kpi_tree.plan.model import Node, Plan

__all__ = ["LintKpi", "Remark", "lint"]


def lint(
    plan: Plan,
    catalogue: Mapping[str, LintKpi] | None = None,
    with_data: Collection[str] | None = None,
    lang: str = "en",
) -> list[Remark]:
    """Every remark about a plan, errors first; of each level first what one click mends.

    Args:
        plan: any plan, also one that breaks a rule.
        catalogue: KPI id → entry; without it what needs the catalogue is left out.
        with_data: node ids and catalogue ids that have values; without it data is not asked about.
        lang: the language of names that a fix would bring in.

    >>> from kpi_tree.plan.model import Node
    >>> plan = Plan("p", nodes={"a": Node("a", "kgi", "Sales"), "b": Node("b", name="Orders")})
    >>> [remark.issue.code for remark in lint(plan) if remark.fix]
    ['orphan']
    """
    known = catalogue or {}
    found: list[Remark] = []
    for issue in rules.check(plan, frozenset(known) if catalogue is not None else None):
        found.append(Remark(issue, WHY[issue.code], _rule_fix(plan, issue, known)))
    if not any(remark.issue.code == "cycle" for remark in found):
        found += shape(plan)
        found += branches(plan)
    found += duplicates(plan)
    found += targets(plan)
    for node in plan.nodes.values():
        found += of_node(plan, node, known, with_data, lang)
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda remark: (order[remark.issue.level], not remark.fix))


def _rule_fix(plan: Plan, issue: Issue, known: Mapping[str, LintKpi]) -> tuple[Edit, ...]:
    """A mend for what :mod:`rules` reports, where only one thing can be meant."""
    node = plan.nodes.get(issue.place)
    if node is None:
        return ()
    match issue.code:
        case "two_roots" if not plan.parents(node.id):
            return (_set(node, "kind", "kpi"),)
        case "no_root" if node.kind == "kpi":
            return (_set(node, "kind", "kgi"),)
        case "unknown_kpi" if close := nearest(node.kpi or "", known):
            return (_set(node, "kpi", close),)
        case "unknown_name":
            return _renamed(plan, node, known)
        case "wrong_edge":
            return _right_kind(plan, node)
    return ()


def _set(node: Node, field: str, after: str) -> Edit:
    return {"op": "set_field", "node": node.id, "field": field, "after": after}


def _renamed(plan: Plan, node: Node, known: Mapping[str, LintKpi]) -> tuple[Edit, ...]:
    """The formula with the names that nobody knows as the nearest ones, if that closes no circle."""
    inside = plan.by_name_in_formula
    expr = parse(node.formula or "")
    strange = [name for name in expr.names if name not in inside and name not in known]
    meant = {name: nearest(name, [*inside, *known]) for name in strange}
    if not strange or not all(meant.values()):
        return ()
    fixed = _set(node, "formula", to_text(with_names(expr, {old: str(new) for old, new in meant.items()})))
    try:
        prepare(plan, fixed)
    except KpiTreeError:
        return ()
    return (fixed,)


def _right_kind(plan: Plan, child: Node) -> tuple[Edit, ...]:
    """The kind that a drawn line to a node may have: an action supports, all else influences."""
    kind = "supports" if child.kind == "action" else "influence"
    return tuple(
        {"op": "set_field", "edge": [parent, child.id], "field": "kind", "after": kind}
        for parent in plan.parents(child.id)
        if (parent, child.id) in plan.links
        and plan.nodes[parent].kind != "action"
        and child.kind != "kgi"
        and (plan.links[parent, child.id].kind == "supports") != (kind == "supports")
    )
