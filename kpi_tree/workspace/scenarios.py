"""What if some of the tree stood elsewhere: the new value, how sure, what matters most, what cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from kpi_tree.analysis import kind_of
from kpi_tree.analysis.scenario import Ground, by_chance
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import InLanguage, Msg, Quantity, msg, translate
from kpi_tree.periods import Grain, Period, period_of
from kpi_tree.plan.model import Plan
from kpi_tree.plan.nearest import nearest
from kpi_tree.plan.program import compile_plan
from kpi_tree.store import Home
from kpi_tree.workspace.aims import looks
from kpi_tree.workspace.evaluation import rollup_of, unit_of
from kpi_tree.workspace.explaining import find_node, state_of
from kpi_tree.workspace.homes import calendar_of, current_settings
from kpi_tree.workspace.naming import NodeName, name_of
from kpi_tree.workspace.nodeview import plain
from kpi_tree.workspace.own import catalogue_of
from kpi_tree.workspace.pastperiods import Past, past_of
from kpi_tree.workspace.planning import plan as plan_of
from kpi_tree.workspace.rights import Asker, verb

NUDGE = 0.1
"""Each leaf is moved this share down and up to see what matters most."""


@dataclass(frozen=True, slots=True)
class Change:
    """One node's new value: itself, or so many times more or less (``0.1`` is ten percent more)."""

    value: float
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Lever:
    """What a leaf's move by :data:`NUDGE` does to the top; ``elasticity`` in percent for a percent."""

    id: str
    name: str | InLanguage
    down: float | None
    up: float | None
    elasticity: float | None


@dataclass(frozen=True, slots=True)
class Flag:
    """A value of a scenario that has never been (``outside_history``) or cannot be (``impossible``)."""

    id: str
    kind: str
    message: Msg


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A scenario beside what is; amounts in the top's unit over ``span``."""

    node: str
    name: str | InLanguage
    unit: str | None
    currency: str | None
    span: Period
    base: float
    result: float | None
    levers: tuple[Lever, ...]
    flags: tuple[Flag, ...]
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    samples: int = 0
    withheld: Msg | None = None

    @property
    def change(self) -> float | None:
        """Result less base."""
        return None if self.result is None else self.result - self.base

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "node": self.node,
            "unit": self.unit,
            "period": {"start": self.span.start.isoformat(), "end": self.span.end.isoformat()},
            "base": plain(self.base),
            "result": plain(self.result),
            "change": plain(self.change),
            "sensitivity": [
                {"id": one.id, "name": _said(one.name, lang), "down": plain(one.down), "up": plain(one.up),
                 "elasticity": plain(one.elasticity)}
                for one in self.levers
            ],
            "distribution": {
                "p10": plain(self.p10), "p50": plain(self.p50), "p90": plain(self.p90),
                "samples": self.samples,
                "withheld": translate(self.withheld, lang) if self.withheld else None,
            },
            "flags": [
                {"id": one.id, "kind": one.kind, "message": translate(one.message, lang)}
                for one in self.flags
            ],
        }  # fmt: skip


def _said(name: str | InLanguage, lang: str) -> str:
    return name if isinstance(name, str) else name.in_language(lang)


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
    plan = plan_of(home, who, plan_id)
    top = find_node(plan, node)
    kpis = catalogue_of(home)
    if not plan.formula_children(top.id):
        raise Refused(
            msg("{name} has no formula, so nothing below moves it.", name=name_of(top, kpis)),
            place=top.id,
            remedy=msg("Give it a formula, or ask for a node above."),
        )
    calendar = calendar_of(current_settings(home))
    span = period or looks(plan, at, calendar)[top.id].period
    state = state_of(home, plan, top, span, at)
    ground = Ground(compile_plan(plan), state.values)
    values = _set(plan, ground, top.id, changes, kpis)
    made = {name: float(np.asarray(value)) for name, value in ground.with_values(values).items()}
    week = period_of(state.side.span.last, Grain.WEEK, calendar)
    past = past_of(home, plan, week, at)
    found = WhatIf(
        node=top.id,
        name=name_of(top, kpis),
        unit=unit_of(top, kpis),
        currency=current_settings(home).currency or None,
        span=state.side.span,
        base=state.side.value,
        result=_number(made[top.id]),
        levers=tuple(_levers(plan, ground, top.id, kpis)),
        flags=tuple(_flags(plan, ground, made, values, past, state.days, kpis)),
    )
    return _drawn(found, plan, ground, top.id, values, past, state.days, samples, seed) if samples else found


def _set(
    plan: Plan, ground: Ground, top: str, changes: Mapping[str, Change], kpis: Mapping[str, Kpi]
) -> dict[str, float]:
    """Node or outside KPI → its new value."""
    below = _below(plan, ground, top)
    found = {}
    for asked, change in changes.items():
        name = asked if asked in below else plan.by_name_in_formula.get(asked, asked)
        if name not in below:
            near = nearest(asked, below)
            raise NotFound(
                msg("{name} does not stand below {top}.", name=asked[:80], top=_name(plan, top, kpis)),
                place=asked[:80],
                remedy=msg("Did you mean {name}?", name=near) if near else _choices(below),
            )
        base = ground.base.get(name, np.nan)
        if change.relative and not np.isfinite(base):
            raise Refused(
                msg("{name} has no value that could change by a share.", name=_name(plan, name, kpis)),
                place=asked[:80],
                remedy=msg("Give the value itself."),
            )
        found[name] = base * (1 + change.value) if change.relative else change.value
    return found


def _choices(below: list[str]) -> Msg:
    return msg("Choose one of {names}.", names=", ".join(below[:20]))


def _below(plan: Plan, ground: Ground, top: str) -> list[str]:
    """All that the formulas under a node use, down to the leaves."""
    names = set(ground.leaves(top))
    pending = [top]
    while pending:
        for child in plan.formula_children(pending.pop()):
            if child not in names or plan.formula_children(child):
                names.add(child)
                pending.append(child)
    return sorted(names)


def _name(plan: Plan, name: str, kpis: Mapping[str, Kpi]) -> NodeName:
    node = plan.nodes.get(name)
    if node is not None:
        return name_of(node, kpis)
    kpi = kpis.get(name)
    return NodeName(name, kpi.name if kpi else {})


def _levers(plan: Plan, ground: Ground, top: str, kpis: Mapping[str, Kpi]) -> list[Lever]:
    """What each leaf's move by a tenth does, the strongest first."""
    base = ground.base[top]
    found = []
    for leaf in ground.leaves(top):
        value = ground.base.get(leaf, np.nan)
        if not np.isfinite(value):
            continue
        moved = ground.with_values({leaf: np.array([value * (1 - NUDGE), value * (1 + NUDGE)])})[top] - base
        down, up = _number(moved[0]), _number(moved[1])
        both = up is not None and down is not None and base
        elasticity = (
            (up - down) / (2 * NUDGE) / base if both and up is not None and down is not None else None
        )
        found.append(Lever(leaf, _name(plan, leaf, kpis), down, up, elasticity))
    return sorted(found, key=lambda one: (-max(abs(one.up or 0), abs(one.down or 0)), one.id))


def _flags(
    plan: Plan,
    ground: Ground,
    made: Mapping[str, float],
    values: Mapping[str, float],
    past: Past,
    days: int,
    kpis: Mapping[str, Kpi],
) -> Iterator[Flag]:
    """What cannot be, and what has never been, of the nodes that are not as they were."""
    for name, value in made.items():
        if not np.isfinite(value) or (name not in values and value == ground.base.get(name)):
            continue
        node, kpi = plan.nodes.get(name), kpis.get(name)
        unit = unit_of(node, kpis) if node else kpi.unit if kpi else None
        rollup = rollup_of(node, kpis) if node else kpi.rollup if kpi else "sum"
        said = _name(plan, name, kpis)
        own = kpis.get((node.kpi if node else name) or "")
        if (impossible := _impossible(value, unit, own)) is not None:
            limit = Quantity(impossible, unit)
            yield Flag(name, "impossible", msg("{name} cannot be {value}: its limit is {limit}.", name=said,
                                               value=Quantity(value, unit), limit=limit))  # fmt: skip
            continue
        history = past.values.get(name, past.outside.get(name))
        if name in values and history is not None:
            yield from _never(
                name, said, value, unit, history, 7 / days if kind_of(rollup) == "flow" else 1.0
            )


def _impossible(value: float, unit: str | None, kpi: Kpi | None) -> float | None:
    """The limit that a value breaks: what is sane for its KPI, no share above one, no count below zero."""
    low, high = kpi.range if kpi is not None else (0.0 if unit == "count" else None, None)
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else None


def _never(
    name: str, said: NodeName, value: float, unit: str | None, history: Any, scale: float
) -> Iterator[Flag]:
    """A week like this was never seen."""
    known = history[np.isfinite(history)]
    if len(known) < 8:
        return
    a_week = value * scale
    low, high = float(known.min()), float(known.max())
    if low <= a_week <= high:
        return
    limit = high if a_week > high else low
    parts = {"name": said, "value": Quantity(a_week, unit), "n": len(known), "limit": Quantity(limit, unit)}
    words = (
        msg("{name}: {value} a week is more than any of the last {n} weeks had ({limit}).", **parts)
        if a_week > high
        else msg("{name}: {value} a week is less than any of the last {n} weeks had ({limit}).", **parts)
    )
    yield Flag(name, "outside_history", words)


def _drawn(
    found: WhatIf,
    plan: Plan,
    ground: Ground,
    top: str,
    values: Mapping[str, float],
    past: Past,
    days: int,
    samples: int,
    seed: int,
) -> WhatIf:
    """The scenario with the leaves scattered around it as they were in the past."""
    leaves = [
        name for name in ground.leaves(top)
        if name in (past.values if name in plan.nodes else past.outside)
        and np.isfinite(values.get(name, ground.base.get(name, np.nan)))
    ]  # fmt: skip
    rows = [past.values[name] if name in plan.nodes else past.outside[name] for name in leaves]
    factors = by_chance(np.column_stack(rows), days / 7, samples, seed) if leaves else None
    if factors is None:
        return replace(found, withheld=msg("Too little history to say how far chance would carry it."))
    centre = {name: values.get(name, ground.base[name]) for name in leaves}
    drawn = {name: centre[name] * factors[:, n] for n, name in enumerate(leaves)}
    results = np.asarray(ground.with_values({**values, **drawn})[top])
    results = results[np.isfinite(results)]
    if not results.size:
        return found
    p10, p50, p90 = (float(one) for one in np.quantile(results, (0.1, 0.5, 0.9)))
    return replace(found, p10=p10, p50=p50, p90=p90, samples=int(results.size))


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
