"""The two sides of a comparison: every node's value over some days, or what the targets expect by one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Period, period_id
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.naming import name_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.judged.evaluation import Evaluated
from kpi_tree.workspace.judged.lens import Lens, known_at
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.trees import seen_through


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two values: ``actual``, or ``path`` for what a target expects; and its days."""

    kind: str
    span: Period
    value: float


@dataclass(frozen=True)
class State:
    """Every node's value over one span of days, all by the same day."""

    side: Side
    values: Mapping[str, float]
    days: int


def state_of(
    home: Home, plan: Plan, top: Node, period: Period, at: date, as_known: datetime | None = None
) -> State:
    """All values by the last day on which the node itself has one, as they were known at a moment."""
    evaluated = Evaluated(home, plan, period, min(at, period.last), None, as_known)
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


def path_state(home: Home, plan: Plan, top: Node, now: State, at: date, look: Lens) -> State:
    """What each node's path expects by the same day; one without a target as it was a year before."""
    through = now.side.span.last
    views = {view.id: view for view in seen_through(home, plan.id, at, look)}
    expected = {id_: due for id_, view in views.items() if (due := due_of(view, through)) is not None}
    if top.id not in expected:
        raise Refused(
            msg("{name} has no target for {day}.", name=name_of(top, catalogue_of(home)), day=through),
            place=top.id,
            remedy=msg("Set one, or compare with another period."),
        )
    earlier = _earlier(home, plan, top, now, at, known_at(home, look))
    values = {**(earlier.values if earlier else now.values), **expected}
    return State(Side("path", now.side.span, expected[top.id]), values, now.days)


def due_of(view: NodeView, day: date) -> float | None:
    """What a node's target expects by the end of a day; None where it has none."""
    if view.target is None or view.start is None:
        return None
    place = (day - view.start).days
    return view.points[place].expected if 0 <= place < len(view.points) else None


def _earlier(
    home: Home, plan: Plan, top: Node, now: State, at: date, as_known: datetime | None
) -> State | None:
    span = now.side.span
    for period in (span.same_last_year(), span.previous()):
        with suppress(Refused):
            return state_of(home, plan, top, period.head(min(now.days, period.days)), at, as_known)
    return None
