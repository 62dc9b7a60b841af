"""The hand-shake: what was asked of a driver's owner, what they said, and how far that carries the goal."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from kpi_tree.allocation import Task
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Period, period_id
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Plan, Target
from kpi_tree.store import Home
from kpi_tree.store import plans as kept
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import current_settings, moment
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.aims import in_order
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.targeting.allocatable import Wishes, ground_of
from kpi_tree.workspace.targeting.allocationstart import aimed_at, start_of
from kpi_tree.workspace.targeting.allocationview import AllocatedNode, AllocationView
from kpi_tree.workspace.targeting.promiseview import AskedView, Promises, asked_view, promise_words

ANSWERS = ("accept", "counter", "drop")


@verb
def promises(
    home: Home,
    who: Asker,  # noqa: ARG001
    node: str | None = None,
    *,
    plan_id: str | None = None,
    at: date,
    target: str | None = None,
) -> Promises:
    """What was asked of the owners below a node, what they said, and how far it carries the node's target.

    Args:
        node: id of a node with a formula; the KGI if not given.
        target: one of its targets; else the one that counts on the day.

    Raises:
        NotFound: no such plan or node.
        Refused: it has no target or no formula, or there are no data to start from.
    """
    plan = plan_cached(home, plan_id_of(home, plan_id))
    root = node or plan.root() or ""
    known = catalogue_of(home)
    aimed = aimed_at(home, plan, root, at, target, None)
    past, base = start_of(home, plan, root, aimed, at, None)
    ground = ground_of(plan, root, past, base, Wishes(), known)
    task = Task(ground.formulas, ground.drivers, root, aimed.value)
    asked = [one for one in asked_in(plan, aimed.period) if one.node in task.base and one.node != root]
    said = {one.node: one.value for one in asked if one.promise == "accepted"}
    offers = {
        one.node: one.counter for one in asked if one.promise == "countered" and one.counter is not None
    }
    reached = _with(task, said)
    offered = _with(task, {**said, **offers}) if offers else None
    currency = past.currency or current_settings(home).currency or None
    rising = aimed.value >= task.base[root]
    gap = aimed.value - reached if rising else reached - aimed.value
    return Promises(
        root, aimed.period, base, aimed.value, task.base[root], reached, offered, gap, currency,
        tuple(asked_view(plan, one, known) for one in asked),
        promise_words(plan, root, aimed.value, reached, offered, gap, currency, known),
    )  # fmt: skip


def asked_in(plan: Plan, period: Period) -> list[Target]:
    """Every target of a period that was laid upon somebody, in outline order."""
    order = {node: n for n, (node, _) in enumerate(in_order(plan))}
    found = [one for one in plan.targets.values() if one.promise is not None and one.period == period]
    return sorted(found, key=lambda one: (order.get(one.node, 0), one.in_force, one.id))


def _with(task: Task, said: Mapping[str, float]) -> float:
    """The goal with what people said for their nodes, whatever stands below these; all else where it was."""
    drivers = {name: said.get(name, one.base) for name, one in task.drivers.items()}
    return task.forward(drivers, {node: value for node, value in said.items() if node in task.formulas})[
        task.root
    ]


# --- asking ------------------------------------------------------------------------------------------------


@verb
def ask_owners(
    home: Home,
    who: Asker,
    allocation: AllocationView,
    *,
    nodes: Collection[str] | None = None,
    now: datetime | None = None,
    base_revision: int | None = None,
) -> list[AskedView]:
    """Ask the owners of drivers for what an allocation came to; one step of the plan, one to undo.

    Args:
        nodes: which of its nodes; every driver that has to move, if not given.

    Returns:
        What was asked. What an owner has accepted already at this very value is not asked again.

    Raises:
        Refused: nothing in it has to move.
    """
    rows = [one for one in allocation.nodes if _is_asked(one, allocation.node, nodes)]
    if not rows:
        raise Refused(
            msg("Nothing here has to move, so nobody is asked for anything."),
            place=allocation.node,
            remedy=msg("Choose the drivers to ask for, or another target."),
        )
    made: list[str] = []

    def draw_up(plan: Plan) -> list[dict[str, Any]]:
        made.clear()
        wanted = [_asked(plan, one, allocation) for one in rows]
        made.extend(one.id for one in wanted)
        return [{"op": "set_target", "target": one.id, "after": one.to_dict()} for one in wanted
                if plan.targets.get(one.id) != one]  # fmt: skip

    plan = kept.change(
        home,
        allocation.plan,
        draw_up,
        action="edit",
        who=who.name,
        now=moment(now),
        base_revision=base_revision,
    )
    return [asked_view(plan, plan.targets[name], catalogue_of(home)) for name in made]


def _is_asked(one: AllocatedNode, root: str, nodes: Collection[str] | None) -> bool:
    moves = not math.isclose(one.required, one.base, rel_tol=1e-9, abs_tol=1e-12)
    return one.id != root and moves and (one.driver if nodes is None else one.id in nodes)


def _asked(plan: Plan, one: AllocatedNode, allocation: AllocationView) -> Target:
    """The target as it is asked: the open one of this node and period with the new value, or a new one."""
    before = [each for each in asked_in(plan, allocation.period) if each.node == one.id]
    for each in before:
        if each.promise == "accepted" and math.isclose(each.value, one.required, rel_tol=1e-9):
            return each
    still_open = [each.id for each in before if not each.in_force]
    name = f"{one.id}_{period_id(allocation.period)}_asked".replace("-", "_").replace("..", "_").lower()
    above = plan.targets.get(allocation.target or "")
    return Target(
        id=still_open[-1] if still_open else id_from_name(name, plan.targets),
        node=one.id,
        period=Period(allocation.period.start, allocation.period.end),
        value=one.required,
        baseline=one.base,
        baseline_label=period_id(allocation.base),
        trajectory=above.trajectory if above and above.trajectory != "custom" else "linear",
        promise="asked",
        of=allocation.target,
    )


# --- answering ---------------------------------------------------------------------------------------------


@verb
def answer_asked(
    home: Home,
    who: Asker,
    target: str,
    answer: str,
    *,
    plan_id: str | None = None,
    value: float | None = None,
    reason: str = "",
    for_owner: str = "",
    today: date,
    now: datetime | None = None,
    base_revision: int | None = None,
) -> Plan:
    """Say what becomes of a target that was asked for.

    Args:
        target: its id.
        answer: ``accept`` it (or what was offered instead): from now on it is the node's target of that
            period. ``counter``: offer ``value`` for a ``reason``. ``drop``: ask no longer.
        for_owner: the owner in whose name somebody else answers; there is no sign-in that could tell, so it
            has to be said, and is kept beside who said it.

    Returns:
        The plan, one revision later.

    Raises:
        NotFound: no such target was asked for.
        Refused: a counter-offer without a value or a reason, or one that is what was asked; an answer of
            somebody who is not the owner and does not say for whom.
    """
    if answer not in ANSWERS:
        raise Refused(
            msg("{value} is not an answer.", value=answer[:40]),
            place="answer",
            remedy=msg("Choose one of {names}.", names=", ".join(ANSWERS)),
        )

    def draw_up(plan: Plan) -> list[dict[str, Any]]:
        one = _asked_for(plan, target)
        if answer == "drop":
            return [{"op": "remove_target", "target": one.id}]
        if answer == "counter":
            _refuse_empty_offer(one, value, reason)
        owner = plan.nodes[one.node].owner
        # An offer is the owner's word already: taking it is for whoever asked.
        stands_in = (
            "" if one.promise == "countered" and answer == "accept" else _stand_in(who, owner, for_owner)
        )
        said = replace(one, answered_by=who.name, answered_on=today, answered_for=stands_in)
        return _accepted(plan, said) if answer == "accept" else _countered(said, value, reason)

    return kept.change(
        home, plan_id_of(home, plan_id), draw_up, action="edit", who=who.name, now=moment(now),
        base_revision=base_revision,
    )  # fmt: skip


def _asked_for(plan: Plan, target: str) -> Target:
    """A target that was laid upon somebody. Raises NotFound where nothing was asked under that name."""
    one = plan.targets.get(target)
    if one is None or one.promise is None:
        raise NotFound(
            msg("Nothing was asked under the name {id}.", id=target[:80]),
            place=plan.name or plan.id,
            remedy=msg("List the promises to see what was asked."),
        )
    return one


def is_owner(name: str, owner: str) -> bool:
    """Whether a name is the owner's, however its letters are written; nobody's node is everybody's.

    >>> is_owner("kari ", "Kari"), is_owner("ola", "Kari"), is_owner("ola", "")
    (True, False, True)
    """
    return not owner.strip() or name.strip().casefold() == owner.strip().casefold()


def _stand_in(who: Asker, owner: str, for_owner: str) -> str:
    """The owner in whose name somebody else answers; empty where it is the owner. Refused where not said."""
    if is_owner(who.name, owner):
        return ""
    if for_owner and is_owner(for_owner, owner):
        return owner
    raise Refused(
        msg("This was asked of {owner}, and you are {who}.", owner=owner, who=who.name),
        place="for",
        remedy=msg("Confirm that you answer for {owner}.", owner=owner),
    )


def _accepted(plan: Plan, one: Target) -> list[dict[str, Any]]:
    """Accepted it is the node's target of the period, in place of any other."""
    value = one.value if one.counter is None else one.counter
    baseline = None if value == one.baseline else one.baseline  # to stay where it is has no way to measure
    made = replace(one, value=value, counter=None, promise="accepted", baseline=baseline)
    others = [each.id for each in plan.targets_of(one.node)
              if each.period == one.period and not each.where and each.id != one.id]  # fmt: skip
    gone = [{"op": "remove_target", "target": each} for each in others]
    return [*gone, {"op": "set_target", "target": one.id, "after": made.to_dict()}]


def _refuse_empty_offer(one: Target, value: float | None, reason: str) -> None:
    if value is None or not math.isfinite(value):
        raise Refused(msg("Which value is offered instead?"), place="value", remedy=msg("Give a number."))
    if not reason.strip():
        raise Refused(
            msg("Why is another value offered?"),
            place="reason",
            remedy=msg("Give the reason in a few words."),
        )
    if math.isclose(value, one.value, rel_tol=1e-12):
        raise Refused(
            msg("That is the value that was asked."),
            place="value",
            remedy=msg("Accept it, or offer another."),
        )


def _countered(one: Target, value: float | None, reason: str) -> list[dict[str, Any]]:
    made = replace(one, promise="countered", counter=value, reason=reason.strip())
    return [{"op": "set_target", "target": one.id, "after": made.to_dict()}]
