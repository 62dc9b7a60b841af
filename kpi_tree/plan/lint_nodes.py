"""What is to be said about single nodes of a tree."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.plan import rules
from kpi_tree.plan.edits import Edit
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import Number, Product, to_text
from kpi_tree.plan.lint_actions import of_action
from kpi_tree.plan.lint_parts import could_be_formula
from kpi_tree.plan.lint_words import (
    ADD_LEVER,
    HANG_IT,
    LOAD_IT,
    LOAD_LATER,
    NAME_GUARD,
    NAME_OWNER,
    ROLLUP_WHY,
    USE_IT,
    WHY,
    LintKpi,
    Remark,
    remark,
)
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.rollup_check import check_rollup
from kpi_tree.plan.sense_check import check_sense, share_of_rest
from kpi_tree.plan.unit_check import check_node, result_size


def of_node(
    plan: Plan, node: Node, known: Mapping[str, LintKpi], with_data: Collection[str] | None, lang: str
) -> Iterator[Remark]:
    """Every remark about one node. Arguments as :func:`kpi_tree.plan.lint.lint` takes them."""
    if node.kind != "kgi" and not plan.parents(node.id):
        yield _orphan(plan, node)
    if node.kind == "action":
        yield from of_action(plan, node)
        return
    if not node.owner:
        yield _no_owner(node.id, node.name)
    if node.formula:
        for issue in check_node(plan, node, known):
            yield Remark(issue, WHY[issue.code], _unit_fix(plan, node, known, issue))
    for issue in check_rollup(plan, node, known):
        yield Remark(issue, ROLLUP_WHY, _rollup_fix(node, known, issue))
    if node.formula:
        for issue in _sense(node.formula):
            yield Remark(replace(issue, place=node.id), WHY[issue.code], _sense_fix(node, issue))
    yield from _formula_parts(plan, node)
    yield from could_be_formula(plan, node, known, lang)
    guards = _is_guardrail(plan, node)  # what guards another KPI is not pushed itself
    if _is_leaf(plan, node) and not guards:
        yield _no_lever(node.id, node.name)
    pushed = not guards and (node.kind == "kgi" or plan.targets_of(node.id))
    if pushed and not plan.children(node.id, "guardrail"):
        yield _guardrail(plan, node, known, lang)
    if with_data is not None and not node.formula and not (node.id in with_data or node.kpi in with_data):
        assumed = node.assumption is not None and math.isfinite(node.assumption)
        yield _no_data(node.id, node.name, assumed)


# A tree is looked through after every edit, and one node of it has changed: what is said of the rest is kept.
_kept = lru_cache(maxsize=10_000)


@_kept
def _sense(formula: str) -> tuple[Issue, ...]:
    try:
        return tuple(check_sense(parse(formula), ""))
    except FormulaError:
        return ()


@_kept
def _no_owner(node: str, name: str) -> Remark:
    return remark("info", "no_owner", msg("{node} has no owner.", node=name), node, NAME_OWNER)


@_kept
def _no_lever(node: str, name: str) -> Remark:
    text = msg("Nothing below {node} says what anyone can do about it.", node=name)
    return remark("info", "no_lever", text, node, ADD_LEVER)


def _orphan(plan: Plan, node: Node) -> Remark:
    root = plan.root()
    kind = "supports" if node.kind == "action" else "influence"
    fix: tuple[Edit, ...] = ()
    if root is not None:
        fix = ({"op": "add_edge", "parent": root, "child": node.id, "after": {"kind": kind}},)
    return remark(
        "warning",
        "orphan",
        msg("{node} hangs below nothing.", node=node.name),
        node.id,
        HANG_IT,
        fix,
    )


def _rollup_fix(node: Node, known: Mapping[str, LintKpi], issue: Issue) -> tuple[Edit, ...]:
    entry = known.get(node.kpi or "")
    if node.rollup and entry and entry.rollup != node.rollup:
        return ({"op": "set_field", "node": node.id, "field": "rollup", "after": None},)
    if issue.code == "rollup_last":  # made of levels: itself a level
        return ({"op": "set_field", "node": node.id, "field": "rollup", "after": "last"},)
    return ()


def _unit_fix(plan: Plan, node: Node, known: Mapping[str, LintKpi], issue: Issue) -> tuple[Edit, ...]:
    """Minutes that stand where hours are meant: the formula times what lies between them."""
    size = result_size(plan, node, known) if issue.code == "unit_result" else None
    if size is None:
        return ()
    number = Number(float(f"{max(size, 1 / size):.12g}"))
    whole = Product((("*", parse(node.formula or "")), ("*" if size >= 1 else "/", number)))
    return ({"op": "set_field", "node": node.id, "field": "formula", "after": to_text(whole)},)


def _sense_fix(node: Node, issue: Issue) -> tuple[Edit, ...]:
    meant = share_of_rest(parse(node.formula or "")) if issue.code == "percent_added" else None
    if meant is None:
        return ()
    return ({"op": "set_field", "node": node.id, "field": "formula", "after": to_text(meant)},)


def _formula_parts(plan: Plan, node: Node) -> Iterator[Remark]:
    """A child drawn as a part of a formula that does not use it."""
    for child in plan.below(node.id):
        edge = plan.edge(node.id, child)
        if edge is not None and edge.kind == "formula" and not edge.derived:
            influence: Edit = {
                "op": "set_field",
                "edge": [node.id, child],
                "field": "kind",
                "after": "influence",
            }
            yield remark(
                "warning",
                "not_in_formula",
                msg(
                    "{child} is drawn as a part of {node}, but its formula does not use it.",
                    child=plan.nodes[child].name,
                    node=node.name,
                ),
                node.id,
                USE_IT,
                (influence,),
            )


def _is_leaf(plan: Plan, node: Node) -> bool:
    """Whether nothing makes or moves it; what was dropped moves nothing."""
    return not any(
        counts(plan, node.id, child) and plan.nodes[child].state != "dropped" for child in plan.below(node.id)
    )


def counts(plan: Plan, parent: str, child: str) -> bool:
    """Whether an edge says what makes or moves the parent, and not what must not suffer for it."""
    edge = plan.edge(parent, child)
    return edge is not None and edge.kind != "guardrail"


def _is_guardrail(plan: Plan, node: Node) -> bool:
    return any(not counts(plan, parent, node.id) for parent in plan.parents(node.id))


def _guardrail(plan: Plan, node: Node, known: Mapping[str, LintKpi], lang: str) -> Remark:
    entry = known.get(node.kpi or "")
    guard = entry.guardrail if entry else None
    remedy = NAME_GUARD
    fix: tuple[Edit, ...] = ()
    if guard is not None and guard in known:
        name = known[guard].name.get(lang) or known[guard].name["en"]
        remedy = msg("Add {guard}, which must not get worse meanwhile.", guard=name)
        fix = _guardrail_edits(plan, node, guard, name)
    return remark(
        "warning", "no_guardrail", msg("{node} has no guardrail.", node=node.name), node.id, remedy, fix
    )


def _guardrail_edits(plan: Plan, node: Node, guard: str, name: str) -> tuple[Edit, ...]:
    there = plan.by_name_in_formula.get(guard)
    if there is None and guard not in plan.nodes:
        edge = {"parent": node.id, "child": guard, "kind": "guardrail"}
        return ({"op": "add_node", "after": {"id": guard, "name": name, "kpi": guard}, "edges": [edge]},)
    if there is None or plan.nodes[there].kind == "kgi" or plan.edge(node.id, there) is not None:
        return ()
    if there == node.id or rules.path_between(plan, there, node.id) is not None:
        return ()
    return ({"op": "add_edge", "parent": node.id, "child": there, "after": {"kind": "guardrail"}},)


@_kept
def _no_data(node: str, name: str, assumed: bool) -> Remark:
    if assumed:
        return remark("info", "no_data", msg("{node} stands on an assumption.", node=name), node, LOAD_LATER)
    return remark("warning", "no_data", msg("{node} has no data.", node=name), node, LOAD_IT)
