"""Why a node's value differs between two periods, or from its path: the drivers' exact shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from kpi_tree.analysis import kind_of
from kpi_tree.analysis.contribution import Branch, Share, explain
from kpi_tree.analysis.formula_split import METHODS, branch_of
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.periods import Period, period_id
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import with_names
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.nearest import nearest
from kpi_tree.store import Home
from kpi_tree.workspace.evaluation import Evaluated, direction_of, rollup_of, unit_of
from kpi_tree.workspace.explained import Explained, Part, Side
from kpi_tree.workspace.homes import current_settings
from kpi_tree.workspace.lens import Lens
from kpi_tree.workspace.naming import NodeName, name_of
from kpi_tree.workspace.nodeview import NodeView
from kpi_tree.workspace.own import catalogue_of
from kpi_tree.workspace.planning import plan as plan_of
from kpi_tree.workspace.rights import Asker, verb
from kpi_tree.workspace.trees import seen_through

DAYS = "calendar_days"
"""The driver that stands for periods of different length."""

BY_DAY = msg("The periods differ in length: amounts are compared a day; the days have a line of their own.")


@dataclass(frozen=True)
class State:
    """Every node's value over one span of days, all by the same day."""

    side: Side
    values: Mapping[str, float]
    days: int


@verb
def explain_change(
    home: Home,
    who: Asker,
    node: str,
    *,
    after: Period,
    before: Period | None = None,
    at: date,
    plan_id: str | None = None,
    method: str = "shapley",
    same_days: bool = False,
) -> Explained:
    """A node's difference between two periods, or from what its path expects, by what it is made of.

    Args:
        after, before: the periods; a period under way counts up to its last day with data. Without
            ``before`` the value is compared with the target's path on that day.
        at: the day looked at; data of later days are left out.
        same_days: while ``after`` is under way, take as many days of ``before``.
        method: ``shapley``, or ``lmdi`` for a product whose factors are all above zero.

    Raises:
        NotFound: there is no such node. Refused: a side has no value, or there is no target.
    """
    plan = plan_of(home, who, plan_id)
    top = find_node(plan, node)
    if method not in METHODS:
        raise Refused(
            msg("There is no method {name}.", name=method[:40]),
            place="method",
            remedy=msg("Choose one of {names}.", names=", ".join(METHODS)),
        )
    now = state_of(home, plan, top, after, at)
    if before is not None and same_days:
        before = as_long(before, after, now.days)
    then = _path_state(home, plan, top, now, at) if before is None else state_of(home, plan, top, before, at)
    return _explained(home, plan, top, then, now, method)


def find_node(plan: Plan, node: str) -> Node:
    """A node of a plan by its id, or by the KPI that it measures."""
    found = plan.nodes.get(node) or next((one for one in plan.nodes.values() if one.kpi == node), None)
    if found is None or found.kind == "action":
        near = nearest(node, [one.id for one in plan.nodes.values() if one.kind != "action"])
        raise NotFound(
            msg("There is no indicator {name} in the plan.", name=node[:80]),
            place=node[:80],
            remedy=msg("Did you mean {name}?", name=near)
            if near
            else msg("See the tree for its indicators."),
        )
    return found


def state_of(home: Home, plan: Plan, top: Node, period: Period, at: date) -> State:
    """All values by the last day on which the node itself has one."""
    evaluated = Evaluated(home, plan, period, min(at, period.last), None)
    seen = evaluated.seen(top)
    if seen.actual is None or seen.through is None or evaluated.result is None:
        raise no_value(name_of(top, catalogue_of(home)), period)
    last = period.elapsed(seen.through) - 1
    values = {id_: float(one.value[last]) for id_, one in evaluated.result.items()}
    values |= {id_: float(one.values[last]) for id_, one in evaluated.measured.items() if id_ not in values}
    span = period if last + 1 == period.days else period.head(last + 1)
    return State(Side("actual", span, values[top.id]), values, last + 1)


def as_long(before: Period, after: Period, days: int) -> Period:
    """The earlier period's first days, as many as the later one has run; all once that is over."""
    return before if days >= after.days else before.head(min(days, before.days))


def no_value(name: object, period: Period) -> Refused:
    """One side of the comparison is missing."""
    return Refused(
        msg("{name} has no value for {period}.", name=name, period=period),
        place=period_id(period),
        remedy=msg("Load data for it, or choose another period."),
    )


def _path_state(home: Home, plan: Plan, top: Node, now: State, at: date) -> State:
    """What each node's path expects by the same day; one without a target as it was a year before."""
    through = now.side.span.last
    views = {view.id: view for view in seen_through(home, plan.id, at, Lens())}
    expected = {id_: due for id_, view in views.items() if (due := _due(view, through)) is not None}
    if top.id not in expected:
        raise Refused(
            msg("{name} has no target for {day}.", name=name_of(top, catalogue_of(home)), day=through),
            place=top.id,
            remedy=msg("Set one, or compare with another period."),
        )
    earlier = _earlier(home, plan, top, now, at)
    values = {**(earlier.values if earlier else now.values), **expected}
    return State(Side("path", now.side.span, expected[top.id]), values, now.days)


def _due(view: NodeView, day: date) -> float | None:
    if view.target is None or view.start is None:
        return None
    place = (day - view.start).days
    return view.points[place].expected if 0 <= place < len(view.points) else None


def _earlier(home: Home, plan: Plan, top: Node, now: State, at: date) -> State | None:
    span = now.side.span
    for period in (span.same_last_year(), span.previous()):
        with suppress(Refused):
            return state_of(home, plan, top, period.head(min(now.days, period.days)), at)
    return None


def _explained(home: Home, plan: Plan, top: Node, then: State, now: State, method: str) -> Explained:
    kpis = catalogue_of(home)
    delta = now.side.value - then.side.value
    scaled = then.days != now.days and kind_of(rollup_of(top, kpis)) == "flow"
    old, new = (_per_day(plan, state, kpis) if scaled else state.values for state in (then, now))
    days = (then.days + now.days) / 2 if scaled else 1.0
    branches = _branches(plan, method, new)
    parts = []
    for one in explain(top.id, branches, old, new):
        value = None if one.value is None else one.value * days
        whole = replace(one, value=value, share=None if value is None or not delta else value / delta)
        parts.append(_part_of(plan, whole, then, now, kpis, one.id not in branches))
    if scaled:
        value = (now.days - then.days) * (then.side.value / then.days + now.side.value / now.days) / 2
        more = days_part(top.id, value, then.days, now.days)
        parts.append(replace(more, share=value / delta if delta else None))
    return Explained(
        node=top.id,
        name=name_of(top, kpis),
        unit=unit_of(top, kpis),
        currency=current_settings(home).currency or None,
        direction=direction_of(top, kpis),
        before=then.side,
        after=now.side,
        parts=tuple(parts),
        method=method,
        notes=tuple(_notes(top, branches, then, scaled)),
    )


def _branches(plan: Plan, method: str, values: Mapping[str, float]) -> dict[str, Branch]:
    """Node → its formula over node ids; a node whose formula cannot be read is a leaf."""
    ids = plan.by_name_in_formula
    found = {}
    for node in plan.nodes.values():
        if node.formula and node.kind != "action":
            with suppress(FormulaError):
                branch = branch_of(with_names(parse(node.formula), ids), method)
                if branch.children and all(name in values for name in branch.children):
                    found[node.id] = branch
    return found


def _per_day(plan: Plan, state: State, kpis: Mapping[str, Kpi]) -> dict[str, float]:
    """The values of what adds up over days as an average a day; a rate or a level as it is."""

    def flows(name: str) -> bool:
        node = plan.nodes.get(name)
        kpi = kpis.get(name)
        return kind_of(rollup_of(node, kpis) if node else kpi.rollup if kpi else None) == "flow"

    return {name: value / state.days if flows(name) else value for name, value in state.values.items()}


def _part_of(plan: Plan, share: Share, then: State, now: State, kpis: Mapping[str, Kpi], leaf: bool) -> Part:
    node = plan.nodes.get(share.id)
    kpi = kpis.get(share.id)
    return Part(
        id=share.id,
        parent=share.parent,
        name=name_of(node, kpis) if node else NodeName(share.id, kpi.name) if kpi else share.id,
        owner=node.owner if node else "",
        value=share.value,
        share=share.share,
        before=_number(then.values.get(share.id)),
        after=_number(now.values.get(share.id)),
        unit=unit_of(node, kpis) if node else kpi.unit if kpi else None,
        unexplained=share.unexplained,
        leaf=leaf and not share.unexplained,
    )


def days_part(node: str, value: float, before: int, after: int) -> Part:
    """What more or fewer days brought at the average of both sides."""
    name = msg("Number of days")
    return Part(DAYS, node, name, "", value, None, float(before), float(after), "count", leaf=True)


def _notes(top: Node, branches: Mapping[str, Branch], then: State, scaled: bool) -> Iterator[Msg]:
    if top.id not in branches:
        yield msg("No formula stands here, so nothing below explains it.")
    if scaled:
        yield msg(
            "The periods differ in length: amounts are compared by day, and the days stand on their own line."
        )
    if then.side.kind == "path":
        yield msg("Drivers without a target are compared with the same days a year before.")


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
