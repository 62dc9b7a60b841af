"""What if some of the tree stood elsewhere: the new value, how sure, what matters most, what cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from kpi_tree.analysis.scenario import Ground, by_chance, in_bins, one_by_one
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import Grain, Period, period_of
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.program import compile_plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.base.naming import name_of
from kpi_tree.workspace.base.nodes import direction_of, find_node, unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.causes.scenario_flags import a_week, flags, name_in, unit_in, weeks_of
from kpi_tree.workspace.causes.supposed import Aimed, Change, Flag, Lever, Moved, WhatIf
from kpi_tree.workspace.drafting.aims import Look, looks
from kpi_tree.workspace.drafting.planning import plan as plan_of
from kpi_tree.workspace.judged.lens import Lens
from kpi_tree.workspace.judged.pastperiods import Past, past_of
from kpi_tree.workspace.judged.sides import due_of, state_of
from kpi_tree.workspace.judged.trees import seen_through

__all__ = ["Change", "Flag", "Lever", "Standing", "WhatIf", "standing_of", "whatif"]

NUDGE = 0.1
"""Each leaf is moved this share down and up to see what matters most."""


@dataclass(frozen=True)
class Standing:
    """A tree over some days, as scenarios start from it."""

    plan: Plan
    top: Node
    ground: Ground
    span: Period
    base: float
    days: int
    look: Look
    kpis: Mapping[str, Kpi]


@verb
def whatif(
    home: Home,
    who: Asker,
    node: str,
    changes: Mapping[str, Change],
    *,
    at: date,
    period: Period | None = None,
    samples: int = 0,
    seed: int = 1,
    plan_id: str | None = None,
) -> WhatIf:
    """A node's value if others below it had other values over the same days.

    Args:
        changes: node or KPI id → its change. period: the days; without it the node's own, up to its data.
        samples: draws from the leaves' own past around the scenario; 0 draws nothing.

    Raises:
        NotFound: an id that is not below the node. Refused: the node has no value or no formula; a relative
            change of a value that is not known.
    """
    at_stake = standing_of(home, who, node, at=at, period=period, plan_id=plan_id)
    plan, ground, top, kpis = at_stake.plan, at_stake.ground, at_stake.top, at_stake.kpis
    values = given_values(at_stake, changes)
    made = {name: float(np.asarray(value)) for name, value in ground.with_values(values).items()}
    week = period_of(at_stake.span.last, Grain.WEEK, calendar_of(current_settings(home)))
    past = past_of(home, plan, week, at)
    result = _number(made[top.id])
    found = WhatIf(
        node=top.id,
        name=name_of(top, kpis),
        unit=unit_of(top, kpis),
        currency=current_settings(home).currency or None,
        span=at_stake.span,
        base=at_stake.base,
        result=result,
        levers=tuple(_levers(at_stake, values, past)),
        flags=tuple(flags(plan, ground, made, values, past, at_stake.days, kpis)),
        moved=tuple(_moved(at_stake, made, values)),
        aimed=_aimed(home, at_stake, at) if samples else None,
        direction=direction_of(top, kpis),
    )
    return _drawn(found, at_stake, values, past, samples, seed) if samples else found


def standing_of(
    home: Home, who: Asker, node: str, *, at: date, period: Period | None, plan_id: str | None
) -> Standing:
    """What a scenario starts from: a node with a formula, over a period up to its data."""
    plan = plan_of(home, who, plan_id)
    top = find_node(plan, node)
    kpis = catalogue_of(home)
    if not plan.formula_children(top.id):
        raise Refused(
            msg("{name} has no formula, so nothing below moves it.", name=name_of(top, kpis)),
            place=top.id,
            remedy=msg("Give it a formula, or ask for a node above."),
        )
    look = looks(plan, at, calendar_of(current_settings(home)))[top.id]
    state = state_of(home, plan, top, period or look.period, at)
    ground = Ground(compile_plan(plan), state.values)
    return Standing(plan, top, ground, state.side.span, state.side.value, state.days, look, kpis)


def given_values(at_stake: Standing, changes: Mapping[str, Change]) -> dict[str, float]:
    """Node or outside KPI → the value that it is given."""
    plan, ground, kpis = at_stake.plan, at_stake.ground, at_stake.kpis
    below = names_below(plan, ground, at_stake.top.id)
    found = {}
    for asked, change in changes.items():
        name = refuse_stranger(plan, at_stake.top.id, asked, below, kpis)
        base = ground.base.get(name, np.nan)
        if change.relative and not np.isfinite(base):
            raise Refused(
                msg("{name} has no value that could change by a share.", name=name_in(plan, name, kpis)),
                place=asked[:80],
                remedy=msg("Give the value itself."),
            )
        found[name] = base * (1 + change.value) if change.relative else change.value
    return found


def refuse_stranger(plan: Plan, top: str, asked: str, below: list[str], kpis: Mapping[str, Kpi]) -> str:
    """The name that stands below a node, for an id of a node or of the KPI that it measures.

    Raises:
        NotFound: nothing of the kind stands there; the nearest is named.
    """
    name = asked if asked in below else plan.by_name_in_formula.get(asked, asked)
    if name in below:
        return name
    raise NotFound(
        msg("{name} does not stand below {top}.", name=asked[:80], top=name_in(plan, top, kpis)),
        place=asked[:80],
        remedy=did_you_mean(asked, below, _choices(below)),
    )


def _choices(below: list[str]) -> Msg:
    return msg("Choose one of {names}.", names=", ".join(below[:20]))


def names_below(plan: Plan, ground: Ground, top: str) -> list[str]:
    """All that the formulas under a node use, down to the leaves."""
    names = set(ground.leaves(top))
    pending = [top]
    while pending:
        for child in plan.formula_children(pending.pop()):
            if child not in names or plan.formula_children(child):
                names.add(child)
                pending.append(child)
    return sorted(names)


def _moved(at_stake: Standing, made: Mapping[str, float], values: Mapping[str, float]) -> Iterator[Moved]:
    for name, value in made.items():
        base = at_stake.ground.base.get(name, np.nan)
        if np.isfinite(base) and np.isfinite(value) and (name in values or value != base):
            unit = unit_in(at_stake.plan, name, at_stake.kpis)
            said = name_in(at_stake.plan, name, at_stake.kpis)
            yield Moved(name, said, unit, float(base), value, name in values)


def _levers(at_stake: Standing, values: Mapping[str, float], past: Past) -> list[Lever]:
    """What each leaf's move by a tenth does, the strongest first."""
    ground, plan, kpis = at_stake.ground, at_stake.plan, at_stake.kpis
    base = at_stake.base
    leaves = [leaf for leaf in ground.leaves(at_stake.top.id) if np.isfinite(ground.base.get(leaf, np.nan))]
    gains = one_by_one(ground, at_stake.top.id, leaves, (1 - NUDGE, 1 + NUDGE)) - base
    found = []
    for leaf, (down, up) in zip(leaves, gains, strict=True):
        known = np.isfinite(down) and np.isfinite(up) and base
        node, weeks = plan.nodes.get(leaf), weeks_of(past, leaf)
        scale = a_week(plan, leaf, kpis, at_stake.days)
        found.append(
            Lever(
                id=leaf,
                name=name_in(plan, leaf, kpis),
                down=_number(down),
                up=_number(up),
                elasticity=float((up - down) / (2 * NUDGE) / base) if known else None,
                unit=unit_in(plan, leaf, kpis),
                owner=node.owner if node else "",
                base=float(ground.base[leaf]),
                value=float(values.get(leaf, ground.base[leaf])),
                low=None if weeks is None else float(weeks.min()) / scale,
                high=None if weeks is None else float(weeks.max()) / scale,
            )
        )
    return sorted(found, key=lambda one: (-max(abs(one.up or 0), abs(one.down or 0)), one.id))


def _aimed(home: Home, at_stake: Standing, at: date) -> Aimed | None:
    """The target over its whole period, or what it expects by the last of the days."""
    target = at_stake.look.target
    if target is None or at_stake.span.start != target.period.start:
        return None
    if at_stake.span.end == target.period.end:
        return Aimed("target", target.value)
    views = seen_through(home, at_stake.plan.id, at, Lens())
    view = next((one for one in views if one.id == at_stake.top.id), None)
    due = due_of(view, at_stake.span.last) if view else None
    return None if due is None else Aimed("path", due)


def _drawn(
    found: WhatIf, at_stake: Standing, values: Mapping[str, float], past: Past, samples: int, seed: int
) -> WhatIf:
    """The scenario with the leaves scattered around it as they were in the past."""
    ground, plan = at_stake.ground, at_stake.plan
    # What the person fixed above a leaf hides the leaf; a fixed leaf still scatters around its new value.
    leaves = [
        name for name in ground.leaves(at_stake.top.id)
        if name in (past.values if name in plan.nodes else past.outside)
        and np.isfinite(values.get(name, ground.base.get(name, np.nan)))
    ]  # fmt: skip
    rows = [past.values[name] if name in plan.nodes else past.outside[name] for name in leaves]
    factors = by_chance(np.column_stack(rows), at_stake.days / 7, samples, seed) if leaves else None
    if factors is None:
        return replace(found, withheld=msg("Too little history to say how far chance would carry it."))
    centre = {name: values.get(name, ground.base[name]) for name in leaves}
    drawn = {name: centre[name] * factors[:, n] for n, name in enumerate(leaves)}
    results = np.asarray(ground.with_values({**values, **drawn})[at_stake.top.id])
    results = results[np.isfinite(results)]
    if not results.size:
        return found
    p10, p50, p90 = (float(one) for one in np.quantile(results, (0.1, 0.5, 0.9)))
    aimed = found.aimed
    if aimed is not None and found.direction != "range":
        reached = results >= aimed.value if found.direction == "up" else results <= aimed.value
        aimed = replace(aimed, chance=float(reached.mean()))
    return replace(
        found, p10=p10, p50=p50, p90=p90, samples=int(results.size), bins=in_bins(results), aimed=aimed
    )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
