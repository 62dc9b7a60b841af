"""What a careful colleague would say about a tree: each remark with its remedy, and a fix if there is one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kpi_tree.issues import Issue
from kpi_tree.plan import rules
from kpi_tree.plan.edits import Edit
from kpi_tree.plan.lint_nodes import of_node
from kpi_tree.plan.lint_shape import branches, duplicates, shape, targets
from kpi_tree.plan.lint_words import WHY, LintKpi, Remark
from kpi_tree.plan.model import Plan
from kpi_tree.plan.nearest import nearest

__all__ = ["LintKpi", "Remark", "lint"]


def lint(
    plan: Plan,
    catalogue: Mapping[str, LintKpi] | None = None,
    with_data: Collection[str] | None = None,
    lang: str = "en",
) -> list[Remark]:
    """Every remark about a plan, errors first.

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
    return sorted(found, key=lambda remark: order[remark.issue.level])


def _rule_fix(plan: Plan, issue: Issue, known: Mapping[str, LintKpi]) -> tuple[Edit, ...]:
    """A mend for what :mod:`rules` reports, where only one thing can be meant."""
    node = plan.nodes.get(issue.place)
    if node is None:
        return ()
    if issue.code == "two_roots":
        return ({"op": "set_field", "node": node.id, "field": "kind", "after": "kpi"},)
    if issue.code == "no_root":
        return (
            ({"op": "set_field", "node": node.id, "field": "kind", "after": "kgi"},)
            if node.kind == "kpi"
            else ()
        )
    if issue.code == "unknown_kpi" and node.kpi:
        close = nearest(node.kpi, known)
        return ({"op": "set_field", "node": node.id, "field": "kpi", "after": close},) if close else ()
    return ()
