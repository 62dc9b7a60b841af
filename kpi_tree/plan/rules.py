"""What no tree may be: cyclic, two-rooted, hung up the wrong way. Every edit asks here first."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.formula_parser import FormulaError, names_in
from kpi_tree.plan.model import Edge, Node, Plan


def name_of(plan: Plan, node: str) -> str:
    """A node's name as a person knows it, its id where it has none."""
    found = plan.nodes.get(node)
    return found.name or node if found else node


def path_words(plan: Plan, path: Iterable[str]) -> str:
    """A chain of nodes in names: ``Sales → Orders → Sales``."""
    return " → ".join(name_of(plan, node) for node in path)


def find_cycle(plan: Plan) -> list[str] | None:
    """Some circle of the plan, first node repeated at its end, or ``None``."""
    state: dict[str, int] = {}
    for start in plan.nodes:
        trail: list[tuple[str, int]] = [(start, 0)] if start not in state else []
        while trail:
            node, step = trail[-1]
            state[node] = 1
            below = plan.below(node)
            if step == len(below):
                state[node] = 2
                trail.pop()
                continue
            trail[-1] = (node, step + 1)
            child = below[step]
            if state.get(child) == 1:
                ring = [seen for seen, _ in trail]
                return [*ring[ring.index(child) :], child]
            if child not in state:
                trail.append((child, 0))
    return None


def path_between(plan: Plan, above: str, below: str) -> list[str] | None:
    """The shortest way down from one node to another, both ends included, or ``None``."""
    came: dict[str, str | None] = {above: None}
    pending = [above]
    for node in pending:
        if node == below:
            path: list[str] = []
            at: str | None = node
            while at is not None:
                path.append(at)
                at = came[at]
            return path[::-1]
        for child in plan.children(node):
            if child not in came:
                came[child] = node
                pending.append(child)
    return None


def refuse_cycle(plan: Plan, parent: str, children: Iterable[str]) -> None:
    """Raises Refused, with the circle in names, if a new child already stands above the parent."""
    for child in children:
        if child != parent and _leads_nowhere(plan, child):
            continue
        path = [parent] if child == parent else path_between(plan, child, parent)
        if path is not None:
            circle = [parent, *path] if child != parent else [parent, parent]
            raise Refused(
                msg("That would make a circle: {path}.", path=path_words(plan, circle)),
                place=name_of(plan, parent),
                remedy=msg("Take away one of these steps first, or use another KPI."),
            )


def refuse_new_circle(before: Plan, after: Plan, node: str) -> None:
    """Raises Refused if the edges that ``after`` gained close a circle or join wrong kinds."""
    if not _may_gain(before, after, node):
        return
    if _only_below(before, after, node):
        for child in after.formula_children(node):
            refuse_ends(after.nodes[node], after.nodes[child], "formula")
        return
    if node not in before.nodes and _leads_nowhere(after, node):
        if {node, after.nodes[node].kpi} & after.names_used:  # drawn lines have been looked at, one by one
            for parent in after.parents(node, "formula"):
                refuse_ends(after.nodes[parent], after.nodes[node], "formula")
        return
    gained = [edge for edge in after.edges if before.edge(*edge.key) is None]
    circle = find_cycle(after) if gained else None
    if circle is not None:
        raise Refused(
            msg("That would make a circle: {path}.", path=path_words(after, circle)),
            place=name_of(after, node),
            remedy=msg("Take away one of these steps first, or use another KPI."),
        )
    for edge in gained:
        refuse_ends(after.nodes[edge.parent], after.nodes[edge.child], edge.kind)


def _may_gain(before: Plan, after: Plan, node: str) -> bool:
    """Whether a change of one node can have brought edges: cheap to ask, and mostly it has not."""
    old, new = before.nodes.get(node), after.nodes.get(node)
    if before.links is not after.links and dict(before.links) != dict(after.links):
        return True
    if new is not None and new.formula and (old is None or old.formula != new.formula):
        return True
    if old is not None and new is not None and (old.kpi, old.kind) == (new.kpi, new.kind):
        return False
    names = {node, old.kpi if old else None, new.kpi if new else None}
    return bool(names & after.names_used) or (old is None and bool(new and new.formula))


def _only_below(before: Plan, after: Plan, node: str) -> bool:
    """Whether a node is new and nothing leads to it, so that it cannot stand on a circle."""
    new = after.nodes.get(node)
    if node in before.nodes or new is None or {node, new.kpi} & after.names_used:
        return False
    return all(child != node for _, child in after.links)


def _leads_nowhere(plan: Plan, node: str) -> bool:
    """Whether a node has nothing below it, so that no circle goes through it; cheap to ask."""
    found = plan.nodes.get(node)
    return found is not None and not found.formula and all(parent != node for parent, _ in plan.links)


def refuse_ends(parent: Node, child: Node, kind: str) -> None:
    """Raises Refused if an edge of this kind cannot join these two kinds of node."""
    why: Msg | None = None
    if child.kind == "kgi":
        why = msg("The root goal cannot hang below another node.")
    elif parent.kind == "action":
        why = msg("Nothing hangs below an action.")
    elif kind == "supports" and child.kind != "action":
        why = msg("Only an action supports a KPI.")
    elif kind != "supports" and child.kind == "action":
        why = msg("An action hangs below a KPI by a line of the kind supports.")
    if why is not None:
        raise Refused(
            why, place=f"{parent.name} → {child.name}", remedy=msg("Choose another parent or another kind.")
        )


def refuse_second_root(plan: Plan, node: Node) -> None:
    """Raises Refused if the plan has another root goal already, or this one hangs below something."""
    root = plan.root()
    if node.kind != "kgi":
        return
    if root is not None and root != node.id:
        raise Refused(
            msg("The tree already has a root goal: {name}.", name=name_of(plan, root)),
            place=node.name,
            remedy=msg("Make this a KPI, or start another plan for it."),
        )
    if node.id in plan.nodes and plan.parents(node.id):
        raise Refused(
            msg("The root goal cannot hang below another node."),
            place=node.name,
            remedy=msg("Take it away from {name} first.", name=name_of(plan, plan.parents(node.id)[0])),
        )


def refuse_unknown_node(plan: Plan, node: str) -> None:
    """Raises Refused, naming the nearest, if the plan has no such node."""
    if node not in plan.nodes:
        raise Refused(
            msg("No node has the id {id}.", id=node[:80]),
            place=plan.name or plan.id,
            remedy=did_you_mean(node, plan.nodes, msg("Look at the tree for its nodes.")),
        )


def check(plan: Plan, catalogue: Collection[str] | None = None) -> list[Issue]:
    """All that is wrong with a plan as a whole.

    Args:
        plan: any plan, also one read from a file.
        catalogue: the catalogue's ids; ``None`` leaves out what needs it.

    Returns:
        Issues of level ``error`` (the plan cannot be used as it is) and ``warning``.
    """
    found: list[Issue] = []
    if (circle := find_cycle(plan)) is not None:
        found.append(
            Issue(
                "error",
                "cycle",
                msg("The tree runs in a circle: {path}.", path=path_words(plan, circle)),
                place=circle[0],
                remedy=msg("Take away one of these steps."),
            )
        )
    found += _check_roots(plan)
    for edge in plan.edges:
        found += _check_edge(plan, edge)
    for node in plan.nodes.values():
        found += _check_formula(plan, node, catalogue)
        found += _check_kpi(node, catalogue)
    return found


def _check_roots(plan: Plan) -> list[Issue]:
    roots = [node for node in plan.nodes.values() if node.kind == "kgi"]
    if len(roots) > 1:
        names = ", ".join(node.name for node in roots)
        return [
            Issue(
                "error",
                "two_roots",
                msg("The tree has {n} root goals: {names}.", n=len(roots), names=names),
                place=roots[1].id,
                remedy=msg("Keep one; make the others KPIs or plans of their own."),
            )
        ]
    if not roots and plan.nodes:
        first = plan.tops()[0] if plan.tops() else ""
        return [
            Issue(
                "warning",
                "no_root",
                msg("The tree has no root goal."),
                place=first,
                remedy=msg("Say which node is the goal that all others serve."),
            )
        ]
    return []


def _check_edge(plan: Plan, edge: Edge) -> list[Issue]:
    try:
        refuse_ends(plan.nodes[edge.parent], plan.nodes[edge.child], edge.kind)
    except Refused as refusal:
        return [Issue("error", "wrong_edge", refusal.message, place=edge.child, remedy=refusal.remedy)]
    return []


def _check_formula(plan: Plan, node: Node, catalogue: Collection[str] | None) -> list[Issue]:
    if not node.formula:
        return []
    try:
        names = names_in(node.formula)
    except FormulaError as error:
        return [
            Issue(
                "error",
                "bad_formula",
                error.message,
                place=node.id,
                remedy=error.remedy,
                value=node.formula[:200],
            )
        ]
    if catalogue is None:
        return []
    inside = plan.by_name_in_formula
    found = []
    for name in names:
        if name not in inside and name not in catalogue:
            found.append(
                Issue(
                    "error",
                    "unknown_name",
                    msg(
                        "The formula of {node} uses {name}, which is not in the tree.",
                        node=node.name,
                        name=name,
                    ),
                    place=node.id,
                    remedy=did_you_mean(name, [*inside, *catalogue], msg("Add it to the tree.")),
                    value=node.formula[:200],
                )
            )
    return found


def _check_kpi(node: Node, catalogue: Collection[str] | None) -> list[Issue]:
    if catalogue is None or node.kpi is None or node.kpi in catalogue:
        return []
    return [
        Issue(
            "error",
            "unknown_kpi",
            msg("{node} measures {kpi}, which is not in the catalogue.", node=node.name, kpi=node.kpi),
            place=node.id,
            remedy=did_you_mean(node.kpi, catalogue, msg("Choose a KPI from the catalogue.")),
        )
    ]
