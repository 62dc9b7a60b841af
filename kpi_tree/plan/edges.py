"""A line of the tree between two boxes: what moves, guards or supports what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from kpi_tree.plan.targets import compact
from kpi_tree.plan.trial import Trial

EdgeKind = Literal["formula", "influence", "guardrail", "supports"]

EDGE_KINDS: tuple[EdgeKind, ...] = ("formula", "influence", "guardrail", "supports")
STRENGTHS = ("weak", "medium", "strong")


@dataclass(frozen=True)
class Edge:
    """A line of the tree from parent to child: the child moves, guards or supports the parent.

    Attributes:
        sign: +1 where a rise of the child raises the parent, -1 where it lowers it, 0 unknown.
        strength: ``weak medium strong`` or ``None``.
        lag: periods of one day until the effect shows, or ``None``.
        hypothesis: why the person believes it. ``who``: whose belief it is.
        tested: what experiments found of it.
        derived: true where the parent's formula makes the edge; such an edge is not stored.
    """

    parent: str
    child: str
    kind: EdgeKind = "influence"
    sign: int = 0
    strength: str | None = None
    lag: int | None = None
    hypothesis: str = ""
    who: str = ""
    tested: tuple[Trial, ...] = ()
    derived: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Parent and child: at most one edge joins two nodes."""
        return (self.parent, self.child)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; fields at their default are left out."""
        return compact(self, _EDGE_DEFAULT, always=("parent", "child", "kind"))


_EDGE_DEFAULT = Edge("x", "y")
