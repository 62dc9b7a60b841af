"""A tree from a form that says only part of a plan, laid over the plan that it is to change."""

from __future__ import annotations

from dataclasses import fields, replace
from math import isclose
from typing import TypeVar

from kpi_tree.plan.model import Edge, Node, Plan, Target

_Part = TypeVar("_Part", Node, Edge)
_TOLD_BY_SHAPE = frozenset({"id", "kind", "name", "formula", "order", "parent", "child"})


def overlay(made: Plan, base: Plan) -> Plan:
    """The tree that was read, with all that its form has no place for, or left empty, as the plan has it.

    Shape, names and formulas are the read tree's. A box or line that stands in both keeps its notes, unit,
    evidence and whatever else was not said; a target for the same days gets the value that was read, and
    further targets of boxes that stay are kept.

    >>> base = Plan("p", "Shop", {"a": Node("a", "kgi", "A", owner="Kari", notes="Mine")}, notes="Read me")
    >>> made = overlay(Plan("q", nodes={"a": Node("a", "kgi", "Sales", owner="Ola")}), base)
    >>> made.id, made.name, made.notes, made.nodes["a"].name, made.nodes["a"].owner, made.nodes["a"].notes
    ('p', 'Shop', 'Read me', 'Sales', 'Ola', 'Mine')
    """
    nodes = {
        key: _filled(node, base.nodes[key], Node(key)) if key in base.nodes else node
        for key, node in made.nodes.items()
    }
    links = {
        key: _filled(edge, base.links[key], Edge(*key))
        if key in base.links and base.links[key].kind == edge.kind
        else edge
        for key, edge in made.links.items()
    }
    return base.with_(
        name=made.name or base.name, nodes=nodes, links=links, targets=_targets(made, base, set(nodes))
    )


def _filled(read: _Part, old: _Part, bare: _Part) -> _Part:
    left = {
        one.name: getattr(old, one.name)
        for one in fields(read)
        if one.name not in _TOLD_BY_SHAPE and getattr(read, one.name) == getattr(bare, one.name)
    }
    return replace(read, **left)


def _targets(made: Plan, base: Plan, nodes: set[str]) -> dict[str, Target]:
    found = {key: one for key, one in base.targets.items() if one.node in nodes}
    free = list(found.values())
    for key, one in made.targets.items():
        same = next((old for old in free if _about(old) == _about(one)), None)
        if same is None:
            fresh, number = key, 2
            while fresh in found:
                fresh, number = f"{key}_{number}", number + 1
            found[fresh] = replace(one, id=fresh)
        else:
            free.remove(same)
            near = isclose(same.value, one.value, rel_tol=1e-12)  # a spreadsheet keeps fifteen digits
            found[same.id] = same if near else replace(same, value=one.value)
    return found


def _about(target: Target) -> tuple[object, ...]:
    return target.node, target.period, target.kind, target.where
