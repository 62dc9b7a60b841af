"""What a gesture did to formulas, said beside the button that takes it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, t
from kpi_tree.ui.shell.words import node_name
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.documents.treefiles import readable_formula

MOST = 3
"""So many formulas are told one by one."""


@dataclass
class Parted:
    """The nodes whose formulas gestures have changed and no run has told of yet.

    Args:
        nodes: in the order of the gestures. ``had``: the nodes that had a value before.
    """

    nodes: dict[str, None] = field(default_factory=dict)
    had: set[str] = field(default_factory=set)

    def note(self, before: Plan, after: Plan, views: Collection[NodeView]) -> None:
        """Take over what one gesture changed; ``views`` are of the tree as it was.

        >>> from kpi_tree.plan.model import Node
        >>> old = Plan("p", nodes={"a": Node("a", formula="b * c"), "b": Node("b"), "c": Node("c")})
        >>> made = Parted()
        >>> made.note(old, old.with_(nodes={"a": Node("a", formula="c"), "c": Node("c")}), [])
        >>> list(made.nodes)
        ['a']
        """
        for name, node in after.nodes.items():
            if name in before.nodes and before.nodes[name].formula != node.formula:
                self.nodes[name] = None
        if self.nodes:
            self.had |= {view.id for view in views if view.actual is not None}

    def clear(self) -> None:
        """It was told, or taken back."""
        self.nodes.clear()
        self.had.clear()

    def words(self, session: Session, plan: Plan, views: Sequence[NodeView]) -> str:
        """Each formula as it reads now, and what has no value any more; empty where none changed."""
        changed = [name for name in self.nodes if name in plan.nodes]
        said = [_now(session, plan, name) for name in changed[:MOST]]
        if len(changed) > MOST:
            said.append(t("Formulas changed besides: {n}.", n=len(changed) - MOST))
        gone = [view for view in views if view.id in self.had and view.actual is None]
        lost = [view.named(current_language()) for view in gone]
        if changed and lost:
            more = f" + {len(lost) - MOST}" if len(lost) > MOST else ""
            said.append(t("Without a value now: {names}.", names=", ".join(lost[:MOST]) + more))
        return " ".join(said)


def _now(session: Session, plan: Plan, name: str) -> str:
    node = plan.nodes[name]
    if not node.formula:
        return t("{name} has no formula any more.", name=node_name(node))
    formula = readable_formula(session.home, plan, node, current_language())
    return t("{name} is now computed as {formula}.", name=node_name(node), formula=formula)
