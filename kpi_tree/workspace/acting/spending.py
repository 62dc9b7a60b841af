"""The best plan under a budget: which open actions to take, and what a little more would buy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from kpi_tree.analysis.budget import Candidate, Chosen, Limits, best, curve, next_step
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, Quantity, msg, nmsg
from kpi_tree.periods import Period
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace.acting.bestplan import BestPlan, Option, Step
from kpi_tree.workspace.acting.coverage import effects, open_below
from kpi_tree.workspace.acting.ledger import ActionView, action_of
from kpi_tree.workspace.acting.levels import Whole, whole_period
from kpi_tree.workspace.base.homes import current_settings
from kpi_tree.workspace.base.naming import name_of
from kpi_tree.workspace.base.nodes import find_node
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan as plan_of
from kpi_tree.workspace.judged.lens import Lens
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.trees import seen_through

LEAST = 1e-9
"""So that a free action is left out as well where nothing asks for it."""


@verb
def best_actions(
    home: Home,
    who: Asker,
    *,
    at: date,
    node: str | None = None,
    budget: float | None = None,
    capacity: float | None = None,
    capacity_of: Mapping[str, float] | None = None,
    must: Sequence[str] = (),
    plan_id: str | None = None,
) -> BestPlan:
    """The planned actions to take for the highest expected effect on a goal.

    Args:
        node: the goal; without it the plan's KGI. budget: money; capacity: hours in all;
            capacity_of: hours of single owners, beside those that the plan itself states. None has no bound.
        must: ids of actions that have to be in.

    Raises:
        NotFound: no such node or action. Refused: no goal, a bound below zero, a node without a value, or
            what must be in does not fit: why is said.
    """
    plan = plan_of(home, who, plan_id)
    top = find_node(plan, node or _root(plan))
    limits = _limits(plan, budget, capacity, capacity_of or {})
    view = next(one for one in seen_through(home, plan.id, at, Lens()) if one.id == top.id)
    wanted = {action_of(plan, name).id for name in must}
    return _chosen(home, who, plan, view, at, limits, wanted)


def _chosen(
    home: Home, who: Asker, plan: Plan, view: NodeView, at: date, limits: Limits, wanted: set[str]
) -> BestPlan:
    assert view.start is not None
    assert view.end is not None
    top = plan.nodes[view.id]
    whole = whole_period(home, plan, top, Period(view.start, view.end), at)
    gains = effects(whole, top.id, -1.0 if view.direction == "down" else 1.0, at, likely=True)
    open_ones = open_below(home, who, plan, top.id, at)
    under_way = [one for one in open_ones if one.state == "doing"]
    waiting = [one for one in open_ones if one.state == "planned"]
    single = {one.id: gains([one]) for one in waiting}
    candidates = _candidates(plan, waiting, single, wanted)
    found = best(candidates, limits)
    if found is None:
        raise _does_not_fit(plan, candidates, limits, wanted, _currency(home))
    taken = [one for one in waiting if one.id in found.ids]
    together = (gains([*under_way, *taken]) or 0.0) - (gains(under_way) or 0.0)
    step = next_step(candidates, limits, found.gain) if limits.budget is not None else None
    return BestPlan(
        top.id, name_of(top, catalogue_of(home)), view.unit, view.currency, whole.period, limits.budget,
        tuple(_options(waiting, single, found)), tuple(under_way), found.gain, together, found.cost,
        found.hours, tuple(_point(one) for one in curve(candidates, limits)),
        _point(step) if step is not None else None,
        tuple(_notes(plan, waiting, whole, top.id, at)),
    )  # fmt: skip


def _currency(home: Home) -> str | None:
    return current_settings(home).currency or None


def _root(plan: Plan) -> str:
    root = plan.root()
    if root is None:
        raise Refused(msg("The plan has no goal to work towards."), place=plan.id, remedy=msg("Add a KGI."))
    return root


def _limits(
    plan: Plan, budget: float | None, capacity: float | None, capacity_of: Mapping[str, float]
) -> Limits:
    own = dict(plan.capacity) if plan.capacity_unit == "hours" else {}
    for value, place in [
        (budget, "budget"),
        (capacity, "capacity"),
        *((v, k) for k, v in capacity_of.items()),
    ]:
        if value is not None and not value >= 0:
            raise Refused(
                msg("A budget or a capacity cannot be below zero."),
                place=place,
                remedy=msg("Write 0 or more."),
            )
    return Limits(budget, capacity, {**own, **capacity_of})


def _candidates(
    plan: Plan, waiting: Sequence[ActionView], gains: Mapping[str, float | None], must: Iterable[str]
) -> list[Candidate]:
    """What can be chosen; ties to what is done or under way are settled, those to what was dropped bar it."""
    settled = {node.id for node in plan.nodes.values() if node.state in ("doing", "done")}
    barred = {one.id for one in waiting if set(one.excludes) & settled}
    barred |= {name for one in settled for name in plan.nodes[one].excludes}
    known = {one.id for one in waiting}
    return [
        Candidate(
            one.id, gains[one.id] or 0.0, one.cost or 0.0, one.effort or 0.0, one.owner,
            tuple(name for name in one.needs if name not in settled and name in plan.nodes)
            + ((BARRED,) if one.id in barred else ()),
            tuple(name for name in one.excludes if name in known), one.id in must,
        )
        for one in waiting
    ]  # fmt: skip


BARRED = "\0"
"""Stands among the needs of what is ruled out: no action has this id, so nothing can meet it."""


def _options(
    waiting: Sequence[ActionView], gains: Mapping[str, float | None], found: Chosen
) -> Iterator[Option]:
    for one in sorted(waiting, key=lambda one: (-(gains[one.id] or 0.0), one.id)):
        yield Option(one, gains[one.id], one.id in found.ids)


def _point(step: Chosen) -> Step:
    return Step(step.cost, step.gain, step.ids)


def _does_not_fit(
    plan: Plan, candidates: Sequence[Candidate], limits: Limits, must: Iterable[str], currency: str | None
) -> Refused:
    """Why what must be in does not fit: what it rules out or lacks, else hours, else money."""
    names = ", ".join(plan.nodes[name].name for name in sorted(must))
    if best(candidates, Limits()) is None:
        return Refused(
            msg("These cannot be taken together: {names}.", names=names),
            place="must",
            remedy=msg("One rules another out, or needs an action that is not planned."),
        )
    free = best([_costed(one) for one in candidates], Limits(None, limits.hours, limits.hours_of))
    if free is None:
        return Refused(
            msg("There are too few hours for {names}.", names=names),
            place="capacity",
            remedy=msg("Give more hours, or let one of them wait."),
        )
    least = Quantity(free.cost, "money", currency)
    return Refused(
        msg("{names} and what they need cost at least {least}.", names=names, least=least),
        place="budget",
        remedy=msg("Raise the budget, or let one of them wait."),
    )


def _costed(one: Candidate) -> Candidate:
    """The same action judged by its cost alone: the best set is then the cheapest that holds what must be."""
    return Candidate(
        one.id, -one.cost - LEAST, one.cost, one.hours, one.owner, one.needs, one.excludes, one.must
    )


def _notes(plan: Plan, waiting: Sequence[ActionView], whole: Whole, top: str, at: date) -> Iterator[Msg]:
    """Why some actions count as they do: what they leave unsaid, and where they lead nowhere."""
    if whole.rest is None:
        yield msg("The goal's period has its figures already: nothing can be added to it.")
        return
    outside = [
        one for one in waiting if one.expected is not None and whole.moved(top, {one.kpi: 1e-6}) is None
    ]
    if outside:
        yield nmsg(
            "{n} action moves a KPI that no formula joins to the goal: {names}.",
            "{n} actions move a KPI that no formula joins to the goal: {names}.",
            len(outside),
            names=_names(outside),
        )
    later = [one for one in waiting if one.window is not None and not whole.part(one, at)]
    if later:
        yield nmsg(
            "{n} action works only outside the goal's period: {names}.",
            "{n} actions work only outside the goal's period: {names}.",
            len(later),
            names=_names(later),
        )
    yield from _unsaid(plan, waiting)


def _unsaid(plan: Plan, waiting: Sequence[ActionView]) -> Iterator[Msg]:
    """What some actions leave unsaid, and how they are counted for it."""
    silent = [one for one in waiting if one.expected is None]
    if silent:
        yield nmsg(
            "{n} action says no expected effect and is never chosen for its own sake: {names}.",
            "{n} actions say no expected effect and are never chosen for their own sake: {names}.",
            len(silent),
            names=_names(silent),
        )
    free = [one for one in waiting if one.cost is None and one.expected is not None]
    if free:
        yield nmsg(
            "{n} action says no cost and counts as free: {names}.",
            "{n} actions say no cost and count as free: {names}.",
            len(free),
            names=_names(free),
        )
    sure = [one for one in waiting if one.confidence is None and one.expected is not None]
    if sure:
        yield nmsg(
            "{n} action says no confidence and counts in full: {names}.",
            "{n} actions say no confidence and count in full: {names}.",
            len(sure),
            names=_names(sure),
        )
    gone = [one for one in waiting if any(name not in plan.nodes for name in one.needs)]
    if gone:
        yield msg("No longer in the plan, so not waited for: what {names} needs.", names=_names(gone))


def _names(found: Sequence[ActionView]) -> str:
    return ", ".join(one.name for one in found[:6]) + (" …" if len(found) > 6 else "")
