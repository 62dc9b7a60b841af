"""What is to be said about the shape of a tree: width, depth, branches, names and targets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kpi_tree.i18n import msg
from kpi_tree.plan import rules
from kpi_tree.plan.goals.kpi_names import plain_text, stem
from kpi_tree.plan.lint_nodes import counts
from kpi_tree.plan.lint_words import GROUP_THEM, KEEP_ONE, Remark, remark
from kpi_tree.plan.model import Node, Plan

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


def shape(plan: Plan) -> Iterator[Remark]:
    """Nodes with too many right below them, and a tree too deep to be kept in mind."""
    for node in plan.nodes.values():
        count = sum(plan.nodes[child].kind != "action" for child in plan.below(node.id))
        if count > MAX_CHILDREN:
            yield remark(
                "info",
                "too_many_children",
                msg("{node} has {n} KPIs right below it.", node=node.name, n=count),
                node.id,
                GROUP_THEM,
            )
    levels = _levels(plan)
    deepest = max(levels, key=lambda node: levels[node], default=None)
    if deepest is not None and levels[deepest] > MAX_LEVELS:
        yield remark(
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


def branches(plan: Plan) -> Iterator[Remark]:
    """Branches right below the goal in which nothing can be seen coming."""
    root = plan.root()
    for child in plan.below(root) if root is not None else ():
        if plan.nodes[child].kind == "action" or not counts(plan, root or "", child):
            continue
        branch = [plan.nodes[node] for node in (child, *plan.descendants(child))]
        if all(_lags(node) for node in branch):
            yield remark(
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
    """A name as its words without endings, sorted: "Site visits" and "Visits, site" are the same.

    Where one thing is set against another their order counts: orders per visit are no visits per order.
    """
    words = [stem(word) for word in re.findall(r"[^\W_]+|[/%]", plain_text(name))]
    return "|".join(words if _AGAINST & set(words) else sorted(set(words)))


_AGAINST = frozenset(
    ("/", "per", "to", "of", "til", "av", "pr", "mot", "vs", "after", "before", "etter", "før")
)


def duplicates(plan: Plan) -> Iterator[Remark]:
    """Nodes that stand for the same thing, by their KPI or by the words of their names."""
    seen: dict[str, Node] = {}
    for node in plan.nodes.values():
        if node.kind == "action":
            continue
        words = _bare_words(node.name)
        keys = {f"kpi:{node.kpi}" if node.kpi else "", f"name:{words}" if words else ""} - {""}
        for key in sorted(keys):
            other = seen.setdefault(key, node)
            if other is not node:
                yield remark(
                    "warning",
                    "near_duplicate",
                    msg("{node} and {other} look like the same thing.", node=node.name, other=other.name),
                    node.id,
                    KEEP_ONE,
                )
                break


def targets(plan: Plan) -> Iterator[Remark]:
    """Targets that nobody can measure the way to, and more of them than anybody can follow."""
    standing = [target for target in plan.targets.values() if target.in_force]
    for target in standing:
        if target.baseline is None and target.kind in ("goal", "stretch"):  # a floor is kept, not reached
            yield remark(
                "warning",
                "no_baseline",
                msg("The target of {node} has no baseline.", node=rules.name_of(plan, target.node)),
                target.node,
                msg("Say where it starts: last period, the same period last year, or a number."),
            )
    aimed = {target.node for target in standing if target.kind == "goal"} - {plan.root()}
    if len(aimed) > MAX_KEY_KPIS:
        yield remark(
            "info",
            "too_many_key_kpis",
            msg("{n} KPIs have a target of their own beside the goal.", n=len(aimed)),
            plan.root() or next(iter(aimed)),
            msg("Choose the three that matter most."),
        )
