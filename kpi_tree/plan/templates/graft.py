"""A tree hung below a node of another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import to_text, with_names
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.plan.rules import refuse_cycle, refuse_unknown_node


def graft(plan: Plan, other: Plan, under: str) -> Plan:
    """A plan with another tree below one of its nodes.

    A KPI that stands in both stands once: what hangs below it in the other tree is added to the one that is
    here, and what is here stays as it is. Ids that mean something else here get a number, in formulas too.
    Targets of the other tree stay out.

    Raises:
        Refused: there is no such node; an action cannot have KPIs below it; a circle would close.

    >>> from kpi_tree.plan.model import Plan, Node
    >>> here = Plan("p", nodes={"a": Node("a", "kgi", "A"), "b": Node("b", name="B")})
    >>> there = Plan("q", nodes={"b": Node("b", "kgi", "Other", formula="c"), "c": Node("c", name="C")})
    >>> made = graft(here, there, "a")
    >>> made.children("a"), made.nodes["other"].formula
    (['other'], 'c')
    """
    refuse_unknown_node(plan, under)
    if plan.nodes[under].kind == "action":
        raise Refused(
            msg("An action has no KPIs below it."),
            place=plan.nodes[under].name,
            remedy=msg("Choose the KPI that it moves."),
        )
    ids = _new_ids(plan, other)
    nodes, links = dict(plan.nodes), dict(plan.links)
    last = max((node.order for node in nodes.values()), default=0.0)
    for at, node in enumerate(other.nodes.values(), 1):
        if ids[node.id] not in plan.nodes:
            nodes[ids[node.id]] = _moved(node, ids, last + at)
    made = plan.with_(nodes=nodes)
    tops = [Edge(under, ids[top]) for top in other.tops() if ids[top] != under]
    for edge in (
        *(replace(e, parent=ids[e.parent], child=ids[e.child]) for e in other.links.values()),
        *tops,
    ):
        if edge.key not in links and edge.child not in made.formula_children(edge.parent):
            refuse_cycle(made.with_(links=links), edge.parent, [edge.child])
            links[edge.key] = edge
    return made.with_(links=links)


def instead(plan: Plan, other: Plan) -> Plan:
    """Another tree in a plan's place, under the plan's own id.

    Where the other tree has no targets (an outline, a template), those of KPIs that stay are kept; another
    state of the same plan is taken as it is.

    >>> from kpi_tree.plan.model import Plan, Node
    >>> instead(Plan("p", revision=3), Plan("q", nodes={"a": Node("a", "kgi", "A")})).id
    'p'
    """
    kept = {key: one for key, one in plan.targets.items() if one.node in other.nodes}
    return other.with_(
        id=plan.id,
        revision=plan.revision,
        name=other.name or plan.name,
        targets=other.targets or ({} if other.id == plan.id else kept),
    )


def _new_ids(plan: Plan, other: Plan) -> dict[str, str]:
    """What each node of the other tree is called here."""
    by_kpi = {node.kpi: node.id for node in plan.nodes.values() if node.kpi and node.kind != "action"}
    ids: dict[str, str] = {}
    taken = {*plan.nodes}
    for node in other.nodes.values():
        here = by_kpi.get(node.kpi) if node.kpi else None
        if here is None:
            free = node.id not in taken
            here = node.id if free else id_from_name(node.name or node.id, taken)
        ids[node.id] = here
        taken.add(here)
    return ids


def _moved(node: Node, ids: Mapping[str, str], order: float) -> Node:
    kind = "kpi" if node.kind == "kgi" else node.kind
    formula = _renamed(node.formula, ids) if node.formula else None
    return replace(node, id=ids[node.id], kind=kind, formula=formula, order=order)


def _renamed(text: str, ids: Mapping[str, str]) -> str:
    """A formula with its names changed; one that cannot be read stays as it is."""
    try:
        expr = parse(text)
    except FormulaError:
        return text
    if all(ids.get(name, name) == name for name in expr.names):
        return text
    return to_text(with_names(expr, ids))
