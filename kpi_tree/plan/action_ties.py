"""What ties actions to each other: which has to come first, and which rule each other out."""

from __future__ import annotations

from collections.abc import Iterable

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.model import Node, Plan


def refuse_ties(plan: Plan, node: Node, field: str, after: Iterable[str]) -> None:
    """Raises Refused for a new tie to itself, to what is no action, or that closes a circle of waiting.

    A tie that stood already stays allowed: what it names may have been taken out, and may come back. (Edits
    as such are not refused for it: between two whole plans there has to be a way, whatever they hold.)
    """
    for other in after:
        if other in getattr(node, field):
            continue
        if other == node.id:
            raise Refused(
                msg("{name} cannot be tied to itself.", name=node.name),
                place=node.name,
                remedy=msg("Name another action."),
            )
        known = plan.nodes.get(other)
        if known is None or known.kind != "action":
            raise Refused(
                msg("{name} is not an action of this plan.", name=known.name if known else other),
                place=node.name,
                remedy=did_you_mean(
                    other,
                    [one.id for one in plan.nodes.values() if one.kind == "action"],
                    msg("Name one of its actions."),
                ),
            )
        if field == "needs" and node.id in waits_for(plan, other):
            raise Refused(
                msg("{one} and {other} would wait for each other.", one=node.name, other=known.name),
                place=node.name,
                remedy=msg("Take one of the two away."),
            )


def waits_for(plan: Plan, action: str) -> set[str]:
    """Ids of all that an action has to wait for, directly or through others; those that are gone left out.

    >>> first, then = Node("a", "action", "A"), Node("b", "action", "B", needs=("a", "gone"))
    >>> waits_for(Plan("p", nodes={"a": first, "b": then}), "b")
    {'a'}
    """
    found: set[str] = set()
    pending = [action]
    while pending:
        node = plan.nodes.get(pending.pop())
        for other in node.needs if node else ():
            if other not in found and other in plan.nodes:
                found.add(other)
                pending.append(other)
    return found
