"""From a goal back to a driver, and from a scenario to the owners of its drivers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np

from kpi_tree.allocation.search import crossings
from kpi_tree.analysis import kind_of
from kpi_tree.errors import Refused
from kpi_tree.i18n import InLanguage, Msg, msg, translate
from kpi_tree.periods import Grain, Period, period_of
from kpi_tree.store import Home
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.base.nodes import rollup_of, unit_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import plain
from kpi_tree.workspace.causes.scenario_flags import flags, name_in, unit_in
from kpi_tree.workspace.causes.scenarios import Standing, given_values, standing_of
from kpi_tree.workspace.causes.supposed import Change, Flag, said_name
from kpi_tree.workspace.judged.lens import Lens
from kpi_tree.workspace.judged.pastperiods import past_of
from kpi_tree.workspace.judged.sides import due_of
from kpi_tree.workspace.judged.trees import seen_through
from kpi_tree.workspace.targeting.allocationview import AllocatedNode, AllocationView
from kpi_tree.workspace.targeting.promiseview import AskedView
from kpi_tree.workspace.targeting.promising import ask_owners

FARTHEST = 1e4
"""How many times its own size a driver is looked for in either direction."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What one driver would have to be for a node to be at a value, everything else as it stands.

    Attributes:
        leaf, name, unit: the driver. goal: the node's value asked for. base: the driver's value now.
        value: what it would have to be; None where no value of it does. others: further ones that do.
        flags: whether that has ever been, and can be.
    """

    leaf: str
    name: str | InLanguage
    unit: str | None
    goal: float
    base: float
    value: float | None
    others: tuple[float, ...]
    flags: tuple[Flag, ...]
    why_not: Msg | None = None

    @property
    def change(self) -> float | None:
        """Relative; None from zero."""
        return None if self.value is None or not self.base else self.value / self.base - 1

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.leaf,
            "name": said_name(self.name, lang),
            "unit": self.unit,
            "goal": plain(self.goal),
            "base": plain(self.base),
            "value": plain(self.value),
            "change": plain(self.change),
            "others": [plain(one) for one in self.others],
            "flags": [{"kind": one.kind, "message": translate(one.message, lang)} for one in self.flags],
            "why_not": translate(self.why_not, lang) if self.why_not else None,
        }


@verb
def seek_value(
    home: Home,
    who: Asker,
    node: str,
    leaf: str,
    *,
    at: date,
    goal: float | None = None,
    changes: Mapping[str, Change] | None = None,
    period: Period | None = None,
    plan_id: str | None = None,
) -> Sought:
    """What a driver would have to be for a node to be at a value, by a search that tries both directions.

    Args:
        leaf: what may move. goal: the node's value; without it what its target expects by the same day.
        changes: what else is supposed meanwhile.

    Raises:
        NotFound: the driver does not stand below the node. Refused: the node has no formula, value or target.
    """
    start = standing_of(home, who, node, at=at, period=period, plan_id=plan_id)
    (name,) = given_values(start, {leaf: Change(0.0)})
    fixed = {key: one for key, one in given_values(start, changes or {}).items() if key != name}
    wanted = _goal(home, start, at) if goal is None else goal
    if not math.isfinite(wanted):
        raise Refused(msg("A number is expected here."), place="goal")
    base = float(start.ground.base.get(name, math.nan))
    size = abs(base) if math.isfinite(base) and base else 1.0
    scale = abs(wanted) or abs(start.base) or 1.0

    def miss(step: float) -> float:
        value = (0.0 if math.isnan(base) else base) + step * size
        made = start.ground.with_values({**fixed, name: value})[start.top.id]
        return (float(np.asarray(made)) - wanted) / scale

    found = sorted((base + step * size for step in crossings(miss, -FARTHEST, FARTHEST)),
                   key=lambda value: abs(value - base))  # fmt: skip
    value = found[0] if found else None
    return Sought(
        leaf=name,
        name=name_in(start.plan, name, start.kpis),
        unit=unit_in(start.plan, name, start.kpis),
        goal=wanted,
        base=base,
        value=value,
        others=tuple(found[1:]),
        flags=_flags(home, start, {**fixed, name: value}, at) if value is not None else (),
        why_not=None if found else msg("No value of it alone gets there."),
    )


def _goal(home: Home, start: Standing, at: date) -> float:
    target = start.look.target
    if target is not None and start.span == target.period:
        return target.value
    views = seen_through(home, start.plan.id, at, Lens())
    view = next((one for one in views if one.id == start.top.id), None)
    due = due_of(view, start.span.last) if view is not None else None
    if due is None:
        raise Refused(
            msg("{name} has no target for {day}.", name=name_in(start.plan, start.top.id, start.kpis),
                day=start.span.last),
            place=start.top.id,
            remedy=msg("Say which value it should have."),
        )  # fmt: skip
    return due


def _flags(home: Home, start: Standing, values: Mapping[str, float], at: date) -> tuple[Flag, ...]:
    week = period_of(start.span.last, Grain.WEEK, calendar_of(current_settings(home)))
    made = {name: float(np.asarray(one)) for name, one in start.ground.with_values(values).items()}
    past = past_of(home, start.plan, week, at)
    return tuple(flags(start.plan, start.ground, made, values, past, start.days, start.kpis))


@verb
def propose_scenario(
    home: Home,
    who: Asker,
    node: str,
    changes: Mapping[str, Change],
    *,
    at: date,
    period: Period | None = None,
    plan_id: str | None = None,
    now: datetime | None = None,
    base_revision: int | None = None,
) -> list[AskedView]:
    """Ask the owners of a scenario's drivers for the values it supposes, as promises they can answer.

    They are asked for the period of the node's target (else ``period``). What adds up over days is carried to
    the length of that period; a rate or a level is asked for as it stands in the scenario.

    Raises:
        Refused: there is no target and no period to ask for, or nothing has to move.
    """
    start = standing_of(home, who, node, at=at, period=period, plan_id=plan_id)
    values = given_values(start, changes)
    target = start.look.target
    wanted = target.period if target is not None else period
    if wanted is None:
        raise Refused(
            msg("Which period is it for?"),
            place="period",
            remedy=msg("Set a target on {name}, or say the period.",
                       name=name_in(start.plan, start.top.id, start.kpis)),
        )  # fmt: skip
    rows = tuple(
        _row(start, name, value, wanted.days / start.days)
        for name, value in values.items()
        if name in start.plan.nodes and math.isfinite(start.ground.base.get(name, math.nan))
    )
    made = AllocationView(
        node=start.top.id, plan=start.plan.id, target=target.id if target else None,
        value=target.value if target else math.nan, period=wanted, base=replace(start.span, grain=None),
        by="scenario", feasible=True, reached=math.nan, method="scenario", several=False,
        rule=msg("As the scenario supposes."), currency=current_settings(home).currency or None, nodes=rows,
        issues=(),
    )  # fmt: skip
    return ask_owners(home, who, made, nodes=list(values), now=now, base_revision=base_revision)


def _row(start: Standing, name: str, value: float, longer: float) -> AllocatedNode:
    """One driver over the period that is asked for."""
    node = start.plan.nodes[name]
    rollup = rollup_of(node, start.kpis)
    times = longer if kind_of(rollup) == "flow" else 1.0
    base = float(start.ground.base[name]) * times
    return AllocatedNode(
        id=name, name=node.name, owner=node.owner, depth=1, unit=unit_of(node, start.kpis), rollup=rollup,
        driver=True, base=base, required=value * times, change=value * times / base - 1 if base else None,
        percentile_in_history=None, ever_reached=None, last_reached=None, periods=0,
    )  # fmt: skip
