"""Why a node's value differs between two periods, or from its path: the drivers' exact shares."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np

from kpi_tree.analysis import kind_of
from kpi_tree.analysis.contribution import Branch, Share, explain, mean_of
from kpi_tree.analysis.formula_split import METHODS, branch_of
from kpi_tree.analysis.scenario import Ground
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, Quantity, msg
from kpi_tree.periods import Period
from kpi_tree.plan.formula_parser import FormulaError, parse
from kpi_tree.plan.formula_tree import with_names
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.program import Program, compile_plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.homes import current_settings
from kpi_tree.workspace.base.naming import NodeName, name_of
from kpi_tree.workspace.base.nodes import direction_of, find_node, rollup_of, unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.causes.explained import Explained, Part
from kpi_tree.workspace.causes.explaining_checks import checked, told_from_chance
from kpi_tree.workspace.causes.explaining_days import (
    BY_DAYS,
    STAGES,
    Calendars,
    calendar_part,
    calendars_of,
    restated,
)
from kpi_tree.workspace.judged.lens import Lens, known_at, plan_through
from kpi_tree.workspace.judged.sides import State, as_long, path_state, state_of


@verb
def explain_change(
    home: Home,
    who: Asker,  # noqa: ARG001
    node: str,
    *,
    after: Period,
    before: Period | None = None,
    at: date,
    plan_id: str | None = None,
    method: str = "shapley",
    same_days: bool = False,
    check: bool = True,
    lens: Lens | None = None,
) -> Explained:
    """A node's difference between two periods, or from what its path expects, by what it is made of.

    Args:
        after, before: the periods; a period under way counts up to its last day with data. Without
            ``before`` the value is compared with the target's path on that day.
        at: the day looked at; data of later days are left out.
        same_days: while ``after`` is under way, take as many days of ``before``.
        check: also whether the biggest cause stays the same beside other days, and what chance alone brings.
        method: ``shapley``, or ``lmdi`` for a product whose factors are all above zero.
        lens: its days: tree, targets and values as they were then. What a weekday or a holiday brings, and
            what is chance, is always judged by all that is known.

    Raises:
        NotFound: there is no such node. Refused: a side has no value, or there is no target.
    """
    look = Lens(as_known=lens.as_known, structure=lens.structure, targets=lens.targets) if lens else Lens()
    plan, known = plan_through(home, plan_id, look), known_at(home, look)
    top = find_node(plan, node)
    if method not in METHODS:
        raise Refused(
            msg("There is no method {name}.", name=method[:40]),
            place="method",
            remedy=msg("Choose one of {names}.", names=", ".join(METHODS)),
        )
    now = state_of(home, plan, top, after, at, known)
    if before is not None and same_days:
        before = as_long(before, after, now.days)
    if before is None:
        then = path_state(home, plan, top, now, at, look)
    else:
        then = state_of(home, plan, top, before, at, known)
    found = _explained(home, plan, top, then, now, method)
    if before is None or not check:
        return found

    def against(other: Period) -> Explained:
        earlier = state_of(home, plan, top, as_long(other, after, now.days), at, known)
        return _explained(home, plan, top, earlier, now, method)

    return told_from_chance(home, plan, checked(found, after, against), at)


def _explained(home: Home, plan: Plan, top: Node, then: State, now: State, method: str) -> Explained:
    kpis = catalogue_of(home)
    branches = _branches(plan, method, now.values)
    delta = now.side.value - then.side.value
    shares, more = _compared(home, plan, top, then, now, branches)
    parts = [
        _part_of(plan, one, then, now, kpis, one.id not in branches) for one in _with_shares(shares, delta)
    ]
    parts += [replace(one, share=one.value / delta if delta and one.value else None) for one in more]
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
        notes=tuple(_notes(top, branches, then, bool(more), shares)),
    )


def _with_shares(shares: list[Share], delta: float) -> Iterator[Share]:
    for one in shares:
        yield replace(one, share=None if one.value is None or not delta else one.value / delta)


def _compared(
    home: Home, plan: Plan, top: Node, then: State, now: State, branches: Mapping[str, Branch]
) -> tuple[list[Share], list[Part]]:
    """The drivers' parts and the calendar's, each worked out from both sides and the mean taken.

    Once the earlier side is restated to the later one's days, once the other way round: what is left then is
    the drivers', what the restating did the calendar's.
    """
    if then.side.kind == "path" or then.side.span == now.side.span:
        return explain(top.id, branches, then.values, now.values), []
    program = compile_plan(plan)
    spans = (then.side.span, now.side.span)
    leaves = Ground(program, now.values).leaves(top.id) or (top.id,)
    calendars = calendars_of(home, plan, leaves, spans, now.side.span.last, catalogue_of(home))
    old = _restated(plan, program, then.values, calendars, spans, leaves)
    new = _restated(plan, program, now.values, calendars, spans[::-1], leaves)
    more, id_ = [], top.id
    for stage, earlier, later in zip(STAGES, pairwise(old), pairwise(new), strict=True):
        value = (earlier[1][id_] - earlier[0][id_] + later[0][id_] - later[1][id_]) / 2
        if abs(value) > 1e-9 * max(abs(then.side.value), abs(now.side.value)):
            more.append(calendar_part(stage, id_, value, spans, calendars))
    if not more or id_ not in branches:
        rest = now.side.value - then.side.value - math.fsum(part.value or 0.0 for part in more)
        own = [Share(id_, id_, rest, None, unexplained=True)] if more else []
        return own or explain(id_, branches, then.values, now.values), more
    one, other = explain(id_, branches, old[-1], now.values), explain(id_, branches, then.values, new[-1])
    return mean_of(one, other), more


def _restated(
    plan: Plan, program: Program, values: Mapping[str, float], calendars: Calendars,
    spans: tuple[Period, Period], leaves: tuple[str, ...],
) -> list[Mapping[str, float]]:  # fmt: skip
    """The values as they are, then as over the other side's days, weekdays and holidays."""
    longer = calendars.flows(plan, spans[1].days / spans[0].days)
    found: list[Mapping[str, float]] = [values]
    for stage in STAGES:
        factors = {leaf: calendars.factor(leaf, *spans, stage) for leaf in leaves}
        found.append(restated(program, values, factors, longer))
    return found


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
        within=share.within,
        kind=kind_of(rollup_of(node, kpis) if node else kpi.rollup if kpi else None),
    )


def _notes(
    top: Node, branches: Mapping[str, Branch], then: State, calendar: bool, shares: list[Share]
) -> Iterator[Msg]:
    if top.id not in branches:
        yield msg("No formula stands here, so nothing below explains it.")
    if calendar:
        yield BY_DAYS
    off = max((one.within for one in shares), default=0.0)
    if off:
        yield msg(
            "One formula is too long to be split exactly: a part may be off by {value}; the sum is exact.",
            value=Quantity(off, unit_of(top)),
        )
    if then.side.kind == "path":
        yield msg("Drivers without a target are compared with the same days a year before.")


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
