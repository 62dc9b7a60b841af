"""What an allocation is asked for: the value, its period, where it starts, and the person's wishes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from kpi_tree.allocation import STRATEGIES, By, Limit
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import Calendar, Period, parse_period
from kpi_tree.plan.model import Plan, Target
from kpi_tree.store import Home
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.drafting.aims import chosen_target
from kpi_tree.workspace.judged.pastperiods import Past, past_of
from kpi_tree.workspace.targeting.allocatable import Ground, Wishes


@dataclass(frozen=True, slots=True)
class Aimed:
    """What is to be laid down: a value for a period, and the target that says so, if one does."""

    value: float
    period: Period
    target: Target | None


def aimed_at(
    home: Home, plan: Plan, node: str, at: date, target: str | float | None, period: str | None
) -> Aimed:
    """What is to be laid down below a node, its period in the shop's calendar.

    Raises:
        NotFound: no such node.
        Refused: it has no such target.
    """
    _refuse_unknown(plan, node)
    calendar = calendar_of(current_settings(home))
    span = parse_period(period, calendar) if period else None
    aimed = _aimed(plan, node, at, target, span)
    return replace(aimed, period=Period(aimed.period.start, aimed.period.end, None, calendar))


def start_of(
    home: Home, plan: Plan, node: str, aimed: Aimed, at: date, start_from: str | None
) -> tuple[Past, Period]:
    """The earlier periods of what is below a node, and the one of them to start from.

    Raises:
        Refused: there are no data of a whole period.
    """
    given = _given_start(start_from, aimed.target, calendar_of(current_settings(home)))
    past = past_of(home, plan, aimed.period, at, also=[given] if given else [])
    return past, _base(past, plan, node, aimed.period, given, start_from is not None)


def _refuse_unknown(plan: Plan, node: str) -> None:
    if node not in plan.nodes or plan.nodes[node].kind == "action":
        raise NotFound(
            msg("No node has the id {id}.", id=node[:80]),
            place=plan.name or plan.id,
            remedy=did_you_mean(
                node,
                [one.id for one in plan.nodes.values() if one.kind != "action"],
                msg("Look at the tree for its nodes."),
            ),
        )


def _aimed(plan: Plan, node: str, at: date, target: str | float | None, span: Period | None) -> Aimed:
    if isinstance(target, int | float) and not isinstance(target, bool):
        if not math.isfinite(target):
            raise Refused(msg("A number is expected here."), place="target")
        counts = chosen_target(plan, node, at)
        if span is None and counts is None:
            raise Refused(
                msg("Which period is the value for?"),
                place="period",
                remedy=msg("Say it, such as 2026-Q4."),
            )
        return Aimed(float(target), span or _period(counts), None)
    found = [
        one for one in plan.targets_of(node) if one.id == target or (target is None and one.period == span)
    ]
    if target is None and span is None:
        counts = chosen_target(plan, node, at)
        found = [counts] if counts else []
    if not found:
        raise Refused(
            msg("{name} has no such target.", name=plan.nodes[node].name),
            place=node,
            remedy=msg("Set its target first, or give a value and a period."),
        )
    return Aimed(found[-1].value, found[-1].period, found[-1])


def _period(target: Target | None) -> Period:
    assert target is not None, "refused before"
    return target.period


def _given_start(start_from: str | None, target: Target | None, calendar: Calendar) -> Period | None:
    """The period to start from that somebody named: in this call, or as the target's baseline."""
    if start_from is not None:
        return parse_period(start_from, calendar)
    label = target.baseline_label if target is not None else ""
    if target is None or not label:
        return None
    if label == "previous_period":
        return target.period.previous()
    if label == "same_period_last_year":
        return target.period.same_last_year()
    try:
        return parse_period(label, calendar)
    except Refused:
        return None


def _base(past: Past, plan: Plan, node: str, period: Period, given: Period | None, asked: bool) -> Period:
    """The period to start from: the first of those wished for in which the node has a value."""
    wished = [given, period.same_last_year(), period.previous(), *reversed(past.periods)]
    if asked:
        wished = [given]
    for one in wished:
        if one is not None and one in past.periods and math.isfinite(past.at(node, one)):
            return one
    if not past.periods and not asked and _stands_on_assumptions(plan, node):
        return period
    raise Refused(
        msg("There is no whole period of data to start from."),
        place=str(given.start) if given and asked else node,
        remedy=msg("Load data of a whole earlier period, or name one that has them."),
    )


def _stands_on_assumptions(plan: Plan, node: str) -> bool:
    return any(plan.nodes[below].assumption is not None for below in plan.descendants(node))


def wishes_of(
    plan: Plan, root: str, period: Period, past: Past, base: Period, by: str,
    locks: Mapping[str, float | None] | None, bounds: Mapping[str, tuple[float | None, float | None]] | None,
    effort: Mapping[str, float] | None, capacity: Mapping[str, float] | None,
) -> Wishes:  # fmt: skip
    """A person's wishes, checked: strategy, locks and bounds, effort and capacity.

    Raises:
        Refused: there is no such strategy, or the target itself is locked.
    """
    if by not in STRATEGIES:
        raise Refused(
            msg("There is no strategy {name}.", name=by[:40]),
            place="by",
            remedy=msg("Choose one of {names}.", names=", ".join(STRATEGIES)),
        )
    limits = {name: Limit(low, high) for name, (low, high) in (bounds or {}).items()}
    for name, value in (locks or {}).items():
        limits[name] = Limit(lock=_kept(plan, name, period, past, base) if value is None else value)
    if root in limits:
        raise Refused(
            msg("The target itself cannot be locked or bounded."), place=root, remedy=msg("Leave it out.")
        )
    for name, amount in {**(effort or {}), **(capacity or {})}.items():
        if not 0 < amount < math.inf:
            raise Refused(msg("Effort and capacity must be above zero."), place=name)
    chosen: By = next(name for name in STRATEGIES if name == by)
    return Wishes(chosen, limits, effort or {}, capacity or {})


def _kept(plan: Plan, node: str, period: Period, past: Past, base: Period) -> float:
    """What a node is kept at where no value is said: its own target of the period, else where it starts."""
    own = [one for one in plan.targets_of(node) if one.period == period and not one.where]
    if own:
        return own[-1].value
    value = past.at(node, base)
    if math.isfinite(value):
        return value
    assumed = plan.nodes[node].assumption if node in plan.nodes else None
    if assumed is None:
        raise Refused(
            msg("{name} has no value of its own to be kept at.", name=node[:80]),
            place=node[:80],
            remedy=msg("Say the value."),
        )
    return assumed


def owners_below(plan: Plan, root: str) -> list[str]:
    """Who owns a driver that a node is made of by formulas, each once.

    >>> from kpi_tree.plan.model import Node
    >>> nodes = {"a": Node("a", formula="b + c"), "b": Node("b", owner="Kari"), "c": Node("c", owner="Ola")}
    >>> owners_below(Plan("p", nodes={**nodes, "d": Node("d", owner="Eva")}), "a")
    ['Kari', 'Ola']
    """
    found: dict[str, None] = {}
    pending, seen = list(plan.formula_children(root)), {root}
    while pending:
        node = pending.pop(0)
        if node not in seen:
            seen.add(node)
            parts = plan.formula_children(node)
            if not parts:
                found.setdefault(plan.nodes[node].owner)
            pending.extend(parts)
    return [owner for owner in found if owner]


def kept_capacity(plan: Plan, root: str) -> dict[str, float]:
    """What the plan says that the owners below a node can carry.

    Somebody of whom it says nothing carries as much as the others on average; one who can carry nothing gets
    next to nothing, and only where nobody else can.

    >>> from kpi_tree.plan.model import Node
    >>> nodes = {"a": Node("a", formula="b + c"), "b": Node("b", owner="Kari"), "c": Node("c", owner="Ola")}
    >>> kept_capacity(Plan("p", nodes=nodes, capacity=(("Kari", 20.0), ("Eva", 5.0))), "a")
    {'Kari': 20.0, 'Ola': 20.0}
    """
    said = dict(plan.capacity)
    owners = owners_below(plan, root)
    here = {owner: said[owner] for owner in owners if owner in said}
    if not any(here.values()):
        return {}
    usual = sum(here.values()) / len(here)
    least = max(here.values()) * 1e-9
    return {owner: max(here.get(owner, usual), least) for owner in owners}


def refuse_strangers(plan: Plan, wishes: Wishes, ground: Ground) -> None:
    """Refuse wishes for what is not below the target. Raises NotFound, naming the nearest."""
    here = [name for name in (*ground.formulas, *ground.drivers) if name in plan.nodes]
    for name in (*wishes.limits, *wishes.effort):
        if name not in here:
            raise NotFound(
                msg("{name} is not a driver of this target.", name=name[:80]),
                place=name[:80],
                remedy=did_you_mean(name, here, msg("Choose one of: {names}.", names=", ".join(here))),
            )
    owners = {plan.nodes[name].owner for name in here}
    for name in wishes.capacity:
        if name not in owners:
            raise NotFound(
                msg("{name} owns no driver of this target.", name=name[:80]),
                place=name[:80],
                remedy=msg("Choose one of: {names}.", names=", ".join(sorted(filter(None, owners)))),
            )
