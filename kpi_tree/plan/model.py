"""What we want: a tree of indicators and actions, its edges and its targets. Nothing here changes in place.

A plan stores its nodes, its *links* (edges a person drew) and its targets. The edges that a formula makes are
not stored: they follow from the formula, so the two can never disagree. ``Plan.edges`` and ``Plan.graph``
show both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from kpi_tree.plan.action_fields import ACTION_FIELDS, ACTION_STATES, ActionFields, ActionState
from kpi_tree.plan.edges import EDGE_KINDS, STRENGTHS, Edge, EdgeKind
from kpi_tree.plan.formula_parser import FormulaError, names_in
from kpi_tree.plan.targets import SAID_STATUSES, TARGET_KINDS, Event, Override, Target, compact, plain

if TYPE_CHECKING:
    import networkx as nx

NodeKind = Literal["kgi", "kpi", "action"]

NODE_KINDS: tuple[NodeKind, ...] = ("kgi", "kpi", "action")
DIRECTIONS = ("up", "down", "range")
ROLLUPS = ("sum", "ratio", "distinct", "last", "mean", "median", "table")


@dataclass(frozen=True)
class Node(ActionFields):
    """One box of the tree.

    Attributes:
        id: stable name in files, formulas and addresses: ``[a-z][a-z0-9_]*``.
        kind: ``kgi`` the root goal, ``kpi`` an indicator below it, ``action`` something a person does.
        name: free text, shown as text and never as markup.
        kpi: catalogue id that it measures; ``None`` where it is computed or assumed only.
        formula: how its value follows from others; names are node ids or catalogue ids.
        unit: ``money percent count ratio points seconds minutes hours days`` or a pint unit text.
        direction: which way is better; ``range`` means between ``low`` and ``high``.
        rollup: how a longer period's value is formed.
        assumption: a typed value that stands in while there is no data.

    What only an action has stands in :class:`kpi_tree.plan.action_fields.ActionFields`.
    """

    id: str
    kind: NodeKind = "kpi"
    name: str = ""
    kpi: str | None = None
    formula: str | None = None
    unit: str | None = None
    direction: str | None = None
    rollup: str | None = None
    low: float | None = None
    high: float | None = None
    owner: str = ""
    informed: tuple[str, ...] = ()
    notes: str = ""
    order: float = 0.0
    assumption: float | None = None
    tags: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; fields at their default are left out, an action's own stand last."""
        made = compact(self, _NODE_DEFAULT, always=("id", "kind", "name"))
        return {name: made.pop(name) for name in list(made) if name not in ACTION_FIELDS} | made


_NODE_DEFAULT = Node("x")


HEAD_FIELDS = ("notes", "language", "events", "capacity", "capacity_unit")
"""What a plan says of itself, beside its id, its name and its revision."""


@dataclass(frozen=True)
class Plan:
    """A tree with its targets. Make a changed one with :func:`kpi_tree.plan.edits.apply`.

    Attributes:
        events: campaigns, closures and the like that are known beforehand.
        capacity: (owner, how much they can carry), in ``capacity_unit``: ``hours``, ``points`` or none.

    >>> sales, orders = Node("sales", "kgi", formula="orders * value"), Node("orders")
    >>> plan = Plan("shop", nodes={"sales": sales, "orders": orders})
    >>> [(edge.parent, edge.child, edge.kind) for edge in plan.edges]
    [('sales', 'orders', 'formula')]
    """

    id: str
    name: str = ""
    nodes: Mapping[str, Node] = field(default_factory=dict)
    links: Mapping[tuple[str, str], Edge] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    revision: int = 0
    notes: str = ""
    language: str = "en"
    events: tuple[Event, ...] = ()
    capacity: tuple[tuple[str, float], ...] = ()
    capacity_unit: str = ""

    def __post_init__(self) -> None:
        for name in ("nodes", "links", "targets"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __getstate__(self) -> dict[str, Any]:
        """Plain dicts, so that a cache can pickle the plan."""
        kept = ("id", "name", "revision", *HEAD_FIELDS)
        return {name: getattr(self, name) for name in kept} | {
            name: dict(getattr(self, name)) for name in ("nodes", "links", "targets")
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    def with_(self, **changes: Any) -> Plan:
        """The same plan with some fields replaced."""
        return replace(self, **changes)

    @cached_property
    def by_name_in_formula(self) -> Mapping[str, str]:
        """What a name in a formula stands for: a node id, or the one node that measures a catalogue id."""
        owners: dict[str, str] = {}
        for node in self.nodes.values():
            if node.kpi and node.kind != "action":
                owners[node.kpi] = "" if node.kpi in owners else node.id
        names = {kpi: node for kpi, node in owners.items() if node}
        names.update({node.id: node.id for node in self.nodes.values() if node.kind != "action"})
        return names

    def formula_children(self, node: str) -> tuple[str, ...]:
        """Ids of the nodes that a node's formula uses; empty where there is none or it cannot be read."""
        text = self.nodes[node].formula
        if not text:
            return ()
        try:
            names = names_in(text)
        except FormulaError:
            return ()
        known = self.by_name_in_formula
        return tuple(dict.fromkeys(known[name] for name in names if name in known))

    @cached_property
    def names_used(self) -> frozenset[str]:
        """Every name that some formula uses."""
        found: set[str] = set()
        for node in self.nodes.values():
            if node.formula:
                with suppress(FormulaError):
                    found.update(names_in(node.formula))
        return frozenset(found)

    @cached_property
    def _edges(self) -> Mapping[tuple[str, str], Edge]:
        found = dict(self.links)
        for node in self.nodes:
            for child in self.formula_children(node):
                stored = found.get((node, child))
                if stored is None:
                    found[node, child] = Edge(node, child, "formula", derived=True)
                else:
                    found[node, child] = replace(stored, kind="formula", derived=True)
        return found

    @property
    def edges(self) -> list[Edge]:
        """Every edge, drawn or made by a formula."""
        return list(self._edges.values())

    def edge(self, parent: str, child: str) -> Edge | None:
        """The edge between two nodes, if there is one."""
        return self._edges.get((parent, child))

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """The plan as NetworkX: nodes carry ``data=Node``, edges ``data=Edge``. Do not change it."""
        import networkx as nx  # takes a quarter of a second, and few ask for it

        made: nx.DiGraph[str] = nx.DiGraph()
        made.add_nodes_from((node.id, {"data": node}) for node in self.nodes.values())
        made.add_edges_from((edge.parent, edge.child, {"data": edge}) for edge in self.edges)
        return made

    @cached_property
    def _below(self) -> Mapping[str, list[str]]:
        below: dict[str, list[str]] = {node: [] for node in self.nodes}
        for parent, child in self._edges:
            below[parent].append(child)
        for found in below.values():
            found.sort(key=lambda child: (self.nodes[child].order, child))
        return below

    @cached_property
    def _above(self) -> Mapping[str, list[str]]:
        above: dict[str, list[str]] = {node: [] for node in self.nodes}
        for parent, child in self._edges:
            above[child].append(parent)
        return above

    def below(self, node: str) -> Sequence[str]:
        """Ids right below a node in their order, without a copy."""
        return self._below[node]

    def root(self) -> str | None:
        """Id of the KGI, or ``None`` in a plan that has none yet."""
        return next((node.id for node in self.nodes.values() if node.kind == "kgi"), None)

    def children(self, node: str, kind: EdgeKind | None = None) -> list[str]:
        """Ids right below a node in their order, over edges of one kind or all."""
        return [child for child in self._below[node] if kind is None or self._edges[node, child].kind == kind]

    def parents(self, node: str, kind: EdgeKind | None = None) -> list[str]:
        """Ids right above a node, over edges of one kind or all."""
        return [above for above in self._above[node] if kind is None or self._edges[above, node].kind == kind]

    def descendants(self, node: str) -> list[str]:
        """Ids below a node at any depth, each once, nearest first."""
        return _reach(node, self._below)

    def ancestors(self, node: str) -> list[str]:
        """Ids above a node at any height, each once, nearest first."""
        return _reach(node, self._above)

    def tops(self) -> list[str]:
        """Ids without a parent: the KGI first, then what hangs loose, in order."""
        loose = [node for node in self.nodes.values() if not self._above[node.id]]
        return [node.id for node in sorted(loose, key=lambda node: (node.kind != "kgi", node.order, node.id))]

    def targets_of(self, node: str) -> list[Target]:
        """A node's goals that are in force, earliest period first: those that a verdict is made from."""
        return self._in_force(node, ("goal",))

    def lines_of(self, node: str) -> list[Target]:
        """A node's floors, stretches and guardrails in force, earliest period first."""
        return self._in_force(node, ("floor", "stretch", "guardrail"))

    @cached_property
    def _standing(self) -> Mapping[str, list[Target]]:
        found: dict[str, list[Target]] = {}
        for one in self.targets.values():
            if one.in_force:
                found.setdefault(one.node, []).append(one)
        for standing in found.values():
            standing.sort(key=lambda target: (target.period.start, target.period.end, target.id))
        return found

    def _in_force(self, node: str, kinds: tuple[str, ...]) -> list[Target]:
        return [one for one in self._standing.get(node, ()) if one.kind in kinds]

    def to_dict(self) -> dict[str, Any]:
        """JSON-able: ``id name revision nodes edges targets`` and, beside them, ``actions``."""
        from kpi_tree.plan.reading import plan_to_dict

        return plan_to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Plan:
        """Reads what :meth:`to_dict` wrote. Raises Refused with the place of what is wrong."""
        from kpi_tree.plan.reading import plan_from_dict

        return plan_from_dict(data)


def _reach(start: str, steps: Mapping[str, Iterable[str]]) -> list[str]:
    found: dict[str, None] = {}
    pending = list(steps[start])
    while pending:
        node = pending.pop(0)
        if node not in found:
            found[node] = None
            pending.extend(steps[node])
    return list(found)


__all__ = [
    "ACTION_STATES", "DIRECTIONS", "EDGE_KINDS", "HEAD_FIELDS", "NODE_KINDS", "ROLLUPS", "SAID_STATUSES",
    "STRENGTHS", "TARGET_KINDS", "ActionState", "Edge", "EdgeKind", "Event", "Node", "NodeKind", "Override",
    "Plan", "Target", "compact", "plain",
]  # fmt: skip
