"""What a careful colleague would say about a tree: each remark with its remedy, and a fix if there is one."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue, Level
from kpi_tree.plan import rules
from kpi_tree.plan.edits import Edit
from kpi_tree.plan.goals.kpi_names import plain_text, stem
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.nearest import nearest
from kpi_tree.plan.rollup_check import check_rollup
from kpi_tree.plan.unit_check import check_node

MAX_CHILDREN = 7
MAX_LEVELS = 5
MAX_KEY_KPIS = 3

# What is known only after the fact; all others can be seen coming.
LAGGING = frozenset(
    [
        "sales",
        "gross_sales",
        "gross_profit",
        "average_margin",
        "cogs",
        "market_share",
        "customer_lifetime_value",
        "ltv",
        "retention_rate",
        "churn_rate",
        "good_customers",
        "new_to_repeat_sales_ratio",
        "project_roi",
        "blended_roas",
        "roas",
        "nps",
        "csat",
        "returning_customer_orders",
        "orders",
        "returns",
        "revenue_per_visitor",
        "cost_variance",
    ]
)


class LintKpi(Protocol):
    """What is asked of a catalogue entry here."""

    @property
    def rollup(self) -> str:
        """How a longer period's value is formed."""

    @property
    def unit(self) -> str:
        """Its unit; what it counts where the program does not know better."""

    @property
    def guardrail(self) -> str | None:
        """The KPI that must not get worse while this one is pushed."""

    @property
    def name(self) -> Mapping[str, str]:
        """Its name in each language."""


@dataclass(frozen=True)
class Remark:
    """One finding.

    Attributes:
        issue: what is the matter, where (a node id), and the remedy.
        why: why it matters.
        fix: edits that mend it with one click; empty where a person has to think.
    """

    issue: Issue
    why: Msg
    fix: tuple[Edit, ...] = ()

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON, texts in the language asked."""
        from kpi_tree.i18n import translate

        return {**self.issue.to_dict(lang), "why": translate(self.why, lang), "fix": list(self.fix)}


_WHY: Mapping[str, Msg] = {
    "orphan": msg("What hangs nowhere serves no goal that anyone can see."),
    "two_roots": msg("One tree answers to one goal."),
    "no_root": msg("Without a goal nobody can say what the rest is for."),
    "cycle": msg("A number that depends on itself has no value."),
    "bad_formula": msg("A formula that cannot be read gives no number."),
    "unknown_name": msg("A formula gives no value while one of its parts is missing."),
    "unknown_kpi": msg("What the catalogue does not know is never measured."),
    "wrong_edge": msg("The kind of a line says how its two ends belong together."),
    "unit_clash": msg("Adding unlike things gives a number that means nothing."),
    "unit_size": msg("Adding minutes to hours gives a number that means nothing."),
    "unit_result": msg("A number under the wrong unit is read wrongly."),
    "not_in_formula": msg("A part that the formula leaves out changes nothing above it."),
    "no_lever": msg("A number that nobody can act on can only be watched."),
    "only_lagging": msg("What is known only afterwards comes too late to steer by."),
    "no_guardrail": msg("What is pushed alone is often pushed at the cost of something else."),
    "no_owner": msg("What is everybody's is nobody's."),
    "near_duplicate": msg("Two names for one thing end in two numbers for it."),
    "no_data": msg("A KPI without data is never more than a wish."),
    "no_baseline": msg("Without a start there is no way to say how far it is."),
    "too_many_children": msg("More than seven at a time is more than people keep in mind."),
    "too_deep": msg("Each further level is one step further from what people do."),
    "too_many_key_kpis": msg("Where everything is important, nothing is."),
}
_ROLLUP_WHY = msg("A value formed the wrong way over time is a wrong number with the right name.")


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

    >>> plan = Plan("p", nodes={"a": Node("a", "kgi", "Sales"), "b": Node("b", name="Orders")})
    >>> [remark.issue.code for remark in lint(plan) if remark.fix]
    ['orphan']
    """
    known = catalogue or {}
    found: list[Remark] = []
    for issue in rules.check(plan, frozenset(known) if catalogue is not None else None):
        found.append(Remark(issue, _WHY[issue.code], _rule_fix(plan, issue, known)))
    if not any(remark.issue.code == "cycle" for remark in found):
        found += _shape(plan)
        found += _branches(plan)
    found += _duplicates(plan)
    found += _targets(plan)
    for node in plan.nodes.values():
        found += _node(plan, node, known, with_data, lang)
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda remark: order[remark.issue.level])


def _remark(level: Level, code: str, text: Msg, node: str, remedy: Msg, fix: tuple[Edit, ...] = ()) -> Remark:
    return Remark(Issue(level, code, text, place=node, remedy=remedy), _WHY[code], fix)


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


def _node(
    plan: Plan, node: Node, known: Mapping[str, LintKpi], with_data: Collection[str] | None, lang: str
) -> Iterator[Remark]:
    if node.kind != "kgi" and not plan.parents(node.id):
        yield _orphan(plan, node)
    if not node.owner and node.kind != "action":
        yield _remark(
            "info",
            "no_owner",
            msg("{node} has no owner.", node=node.name),
            node.id,
            msg("Say who answers for it."),
        )
    if node.kind == "action":
        return
    for issue in check_node(plan, node, known):
        yield Remark(issue, _WHY[issue.code])
    for issue in check_rollup(plan, node, known):
        yield Remark(issue, _ROLLUP_WHY, _rollup_fix(node, known))
    yield from _formula_parts(plan, node)
    if _is_leaf(plan, node) and not _is_guardrail(plan, node):
        yield _remark(
            "info",
            "no_lever",
            msg("Nothing below {node} says what anyone can do about it.", node=node.name),
            node.id,
            msg("Hang an action below it, or break it down further."),
        )
    if (node.kind == "kgi" or plan.targets_of(node.id)) and not plan.children(node.id, "guardrail"):
        yield _guardrail(plan, node, known, lang)
    if with_data is not None and not node.formula and not (node.id in with_data or node.kpi in with_data):
        yield _no_data(node)


def _orphan(plan: Plan, node: Node) -> Remark:
    root = plan.root()
    kind = "supports" if node.kind == "action" else "influence"
    fix: tuple[Edit, ...] = ()
    if root is not None:
        fix = ({"op": "add_edge", "parent": root, "child": node.id, "after": {"kind": kind}},)
    return _remark(
        "warning",
        "orphan",
        msg("{node} hangs below nothing.", node=node.name),
        node.id,
        msg("Hang it below what it moves, or take it out."),
        fix,
    )


def _rollup_fix(node: Node, known: Mapping[str, LintKpi]) -> tuple[Edit, ...]:
    entry = known.get(node.kpi or "")
    if node.rollup and entry and entry.rollup != node.rollup:
        return ({"op": "set_field", "node": node.id, "field": "rollup", "after": None},)
    return ()


def _formula_parts(plan: Plan, node: Node) -> Iterator[Remark]:
    """A child drawn as a part of a formula that does not use it."""
    for child in plan.children(node.id, "formula"):
        edge = plan.edge(node.id, child)
        if edge is not None and not edge.derived:
            influence: Edit = {
                "op": "set_field",
                "edge": [node.id, child],
                "field": "kind",
                "after": "influence",
            }
            yield _remark(
                "warning",
                "not_in_formula",
                msg(
                    "{child} is drawn as a part of {node}, but its formula does not use it.",
                    child=plan.nodes[child].name,
                    node=node.name,
                ),
                node.id,
                msg("Put it into the formula, or make the line an influence."),
                (influence,),
            )


def _is_leaf(plan: Plan, node: Node) -> bool:
    return not any(
        plan.edge(node.id, child) and _counts(plan, node.id, child) for child in plan.below(node.id)
    )


def _counts(plan: Plan, parent: str, child: str) -> bool:
    edge = plan.edge(parent, child)
    return edge is not None and edge.kind != "guardrail"


def _is_guardrail(plan: Plan, node: Node) -> bool:
    return any(
        plan.edge(parent, node.id) and not _counts(plan, parent, node.id) for parent in plan.parents(node.id)
    )


def _guardrail(plan: Plan, node: Node, known: Mapping[str, LintKpi], lang: str) -> Remark:
    entry = known.get(node.kpi or "")
    guard = entry.guardrail if entry else None
    remedy = msg("Name a KPI that must not get worse meanwhile.")
    fix: tuple[Edit, ...] = ()
    if guard is not None and guard in known:
        name = known[guard].name.get(lang) or known[guard].name["en"]
        remedy = msg("Add {guard}, which must not get worse meanwhile.", guard=name)
        fix = _guardrail_edits(plan, node, guard, name)
    return _remark(
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


def _no_data(node: Node) -> Remark:
    if node.assumption is not None and math.isfinite(node.assumption):
        return _remark(
            "info",
            "no_data",
            msg("{node} stands on an assumption.", node=node.name),
            node.id,
            msg("Load its data when there is some."),
        )
    return _remark(
        "warning",
        "no_data",
        msg("{node} has no data.", node=node.name),
        node.id,
        msg("Load its data, type a value as an assumption, or give it a formula."),
    )


def _shape(plan: Plan) -> Iterator[Remark]:
    for node in plan.nodes.values():
        count = sum(plan.nodes[child].kind != "action" for child in plan.below(node.id))
        if count > MAX_CHILDREN:
            yield _remark(
                "info",
                "too_many_children",
                msg("{node} has {n} KPIs right below it.", node=node.name, n=count),
                node.id,
                msg("Group them under two or three."),
            )
    levels = _levels(plan)
    deepest = max(levels, key=lambda node: levels[node], default=None)
    if deepest is not None and levels[deepest] > MAX_LEVELS:
        yield _remark(
            "info",
            "too_deep",
            msg("The tree is {n} levels deep at {node}.", n=levels[deepest], node=plan.nodes[deepest].name),
            deepest,
            msg("Make a plan of its own of the lower part."),
        )


def _levels(plan: Plan) -> dict[str, int]:
    """Levels of KPIs above each KPI, itself counted."""
    levels: dict[str, int] = {}
    waiting = {node: len(plan.parents(node)) for node in plan.nodes}
    ready = [node for node, count in waiting.items() if not count]
    for node in ready:  # grows while it is read: each node once its parents have been
        level = levels.setdefault(node, 1)
        for child in plan.below(node):
            levels[child] = max(levels.get(child, 1), level + 1)
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    return {node: level for node, level in levels.items() if plan.nodes[node].kind != "action"}


def _branches(plan: Plan) -> Iterator[Remark]:
    """Branches right below the goal in which nothing can be seen coming."""
    root = plan.root()
    for child in plan.below(root) if root is not None else ():
        if plan.nodes[child].kind == "action" or not _counts(plan, root or "", child):
            continue
        branch = [plan.nodes[node] for node in (child, *plan.descendants(child))]
        if all(_lags(node) for node in branch):
            yield _remark(
                "info",
                "only_lagging",
                msg("All of {node} is known only afterwards.", node=plan.nodes[child].name),
                child,
                msg("Add something below it that moves first, or an action."),
            )


def _lags(node: Node) -> bool:
    if "leading" in node.tags or node.kind == "action":
        return False
    return "lagging" in node.tags or (node.kpi or node.id) in LAGGING


@lru_cache(maxsize=20_000)
def _bare_words(name: str) -> str:
    """A name as its words without endings, sorted: "Site visits" and "Visits, site" are the same."""
    return "|".join(sorted({stem(word) for word in plain_text(name).split()}))


def _duplicates(plan: Plan) -> Iterator[Remark]:
    seen: dict[str, Node] = {}
    for node in plan.nodes.values():
        if node.kind == "action":
            continue
        words = _bare_words(node.name)
        for key in {f"kpi:{node.kpi}" if node.kpi else "", f"name:{words}"} - {""}:
            other = seen.setdefault(key, node)
            if other is not node:
                yield _remark(
                    "warning",
                    "near_duplicate",
                    msg("{node} and {other} look like the same thing.", node=node.name, other=other.name),
                    node.id,
                    msg("Keep one and draw a second line to it."),
                )
                break


def _targets(plan: Plan) -> Iterator[Remark]:
    for target in plan.targets.values():
        if target.baseline is None:
            yield _remark(
                "warning",
                "no_baseline",
                msg("The target of {node} has no baseline.", node=rules.name_of(plan, target.node)),
                target.node,
                msg("Say where it starts: last period, the same period last year, or a number."),
            )
    aimed = {target.node for target in plan.targets.values()} - {plan.root()}
    if len(aimed) > MAX_KEY_KPIS:
        yield _remark(
            "info",
            "too_many_key_kpis",
            msg("{n} KPIs have a target of their own beside the goal.", n=len(aimed)),
            plan.root() or next(iter(aimed)),
            msg("Choose the three that matter most."),
        )
