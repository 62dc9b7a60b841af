"""What the calendar made of a difference: how many days, which weekdays, which of them holidays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from kpi_tree.analysis import kind_of
from kpi_tree.analysis.daykinds import DayKinds, day_kinds
from kpi_tree.analysis.scenario import Ground
from kpi_tree.catalogue import Kpi
from kpi_tree.i18n import Msg, msg
from kpi_tree.periods import Period
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.program import Program
from kpi_tree.store import Home
from kpi_tree.workspace.base.holiday import countries_of, public_holidays
from kpi_tree.workspace.base.homes import current_settings
from kpi_tree.workspace.base.nodes import rollup_of
from kpi_tree.workspace.causes.explained import Part
from kpi_tree.workspace.judged.futures import histories

DAYS, WEEKDAYS, HOLIDAYS = "calendar_days", "calendar_weekdays", "calendar_holidays"
"""The drivers that stand for the calendar."""

STAGES = (DAYS, WEEKDAYS, HOLIDAYS)


BY_DAYS = msg(
    "The periods do not have the same days: what these made has lines of its own, and the rest is "
    "compared over the same days."
)


@dataclass(frozen=True)
class Calendars:
    """How the leaves of a tree answer to the calendar.

    Attributes:
        kinds: leaf → how it is formed over days. worth: leaf → what its days are worth, where that is known.
    """

    kinds: Mapping[str, str]
    worth: Mapping[str, DayKinds]
    holidays: frozenset[date]
    known: Mapping[str, Kpi]

    def flows(self, plan: Plan, by: float) -> dict[str, float]:
        """Node → what its unexplained part is multiplied by: that of an amount grows with the days."""
        return {
            node.id: by for node in plan.nodes.values()
            if node.kind != "action" and by != 1.0 and kind_of(rollup_of(node, self.known)) == "flow"
        }  # fmt: skip

    def factor(self, leaf: str, span: Period, other: Period, stage: str) -> float:
        """What a leaf's value over one span is multiplied by, to be as over the days of another one."""
        kind = self.kinds.get(leaf, "flow")
        if kind not in ("flow", "rate"):
            return 1.0
        days = other.days / span.days
        known = self.worth.get(leaf)
        if stage != DAYS and known is not None:
            old, new = (known.worth(one, with_holidays=stage == HOLIDAYS) for one in (span, other))
            if old > 0 and new > 0:
                return new / old if kind == "flow" else new / old / days
        return days if kind == "flow" else 1.0


def calendars_of(
    home: Home, plan: Plan, leaves: tuple[str, ...], spans: tuple[Period, Period], at: date,
    kpis: Mapping[str, Kpi],
) -> Calendars:  # fmt: skip
    """The calendar of the leaves; what their days are worth only where the two spans differ in them."""
    kinds = {leaf: _kind(plan, leaf, kpis) for leaf in leaves}
    holidays = _holidays(home, spans)
    if _same_days(spans, holidays):
        return Calendars(kinds, {}, holidays, kpis)
    outside = {leaf: Node(leaf, kpi=leaf) for leaf in leaves if leaf not in plan.nodes}
    whole = plan.with_(nodes={**plan.nodes, **outside}) if outside else plan
    nodes = [whole.nodes[leaf] for leaf in leaves if kinds[leaf] in ("flow", "rate")]
    known = histories(home, whole, nodes, at, None)
    worth = {}
    for leaf, days in known.items():
        found = day_kinds(days.values, days.last, holidays) if days.adds_up or kinds[leaf] == "rate" else None
        if found is not None:
            worth[leaf] = found
    return Calendars(kinds, worth, holidays, kpis)


def _holidays(home: Home, spans: tuple[Period, Period]) -> frozenset[date]:
    """The public holidays of the shop's countries over both spans and the history that they are judged by."""
    first = min(span.start for span in spans).year - 1
    last = max(span.last for span in spans).year
    return frozenset(
        day
        for country in countries_of(current_settings(home))
        for year in range(first, last + 1)
        for day, _ in public_holidays(country, year)
    )


def _kind(plan: Plan, leaf: str, kpis: Mapping[str, Kpi]) -> str:
    node, kpi = plan.nodes.get(leaf), kpis.get(leaf)
    return str(kind_of(rollup_of(node, kpis) if node else kpi.rollup if kpi else None))


def _same_days(spans: tuple[Period, Period], holidays: frozenset[date]) -> bool:
    """Whether both have every weekday and as many holidays equally often: then no day is worth more."""
    one, other = (_counts(span, holidays) for span in spans)
    return one == other


def _counts(span: Period, holidays: frozenset[date]) -> tuple[int, ...]:
    whole, rest = divmod(span.days, 7)
    counts = [whole + ((day - span.start.weekday()) % 7 < rest) for day in range(7)]
    return (*counts, holidays_in(span, holidays))


def holidays_in(span: Period, holidays: frozenset[date]) -> int:
    """How many of the holidays lie in a span."""
    return sum(span.start <= day < span.end for day in holidays)


def restated(
    program: Program, values: Mapping[str, float], factors: Mapping[str, float], days: Mapping[str, float]
) -> dict[str, float]:
    """Every node with its leaves so many times as large, the formulas above following.

    Args:
        factors: leaf → factor. days: node → what is done to the part that its formula does not explain.
    """
    changed = {leaf: values[leaf] * by for leaf, by in factors.items() if leaf in values}
    made = Ground(program, values).with_values(changed, _rests(program, values, days))
    return {name: float(np.asarray(value)) for name, value in made.items()}


def _rests(program: Program, values: Mapping[str, float], days: Mapping[str, float]) -> dict[str, float]:
    """What the unexplained part of each measured node grows by; nothing where formulas explain all."""
    names = [*program.outside, *(step.node for step in program.steps)]
    rows = [np.asarray(values.get(name, np.nan), dtype=np.float64) for name in names]
    found = {}
    with np.errstate(all="ignore"):
        for step in program.steps:
            by = days.get(step.node, 1.0)
            if step.run is None or by == 1.0 or step.node not in values:
                continue
            rest = values[step.node] - float(step.run(rows))
            if np.isfinite(rest) and abs(rest) > 1e-12 * abs(values[step.node]):
                found[step.node] = rest * (by - 1.0)
    return found


def calendar_part(
    stage: str, node: str, value: float, spans: tuple[Period, Period], calendars: Calendars
) -> Part:
    """The line of one calendar effect, its counts of both sides beside it."""
    then, now = spans
    if stage == DAYS:
        return _part(stage, node, msg("Number of days"), value, then.days, now.days)
    if stage == WEEKDAYS:
        return replace(_part(stage, node, msg("Which weekdays"), value, 0, 0), before=None, after=None)
    counts = (holidays_in(then, calendars.holidays), holidays_in(now, calendars.holidays))
    return _part(stage, node, msg("Public holidays"), value, *counts)


def _part(stage: str, node: str, name: Msg, value: float, before: int, after: int) -> Part:
    return Part(stage, node, name, "", value, None, float(before), float(after), "count", leaf=True)
