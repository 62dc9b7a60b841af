"""How far an explanation carries: whether other days say the same, and what is no more than chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date

from kpi_tree.analysis.scenario import spread
from kpi_tree.errors import KpiTreeError
from kpi_tree.periods import Grain, Period, period_of
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.causes.explained import Check, Explained, Part
from kpi_tree.workspace.causes.scenario_flags import weeks_of
from kpi_tree.workspace.judged.pastperiods import Past, past_of

SURE = 1.96 * math.sqrt(2)
"""Spreads that two spans differ by in one case of twenty, by chance alone."""


def checked(found: Explained, after: Period, against: Callable[[Period], Explained]) -> Explained:
    """The explanation with what the biggest cause would be beside other days.

    Args:
        against: explains the same value against another period; may refuse.
    """
    top = next((part for part in found.drivers if not part.calendar and part.value), None)
    if top is None:
        return found
    checks = []
    for other in _others(found, after):
        with suppress(KpiTreeError):
            made = against(other)
            first = next((part for part in made.drivers if not part.calendar and part.value), None)
            checks.append(_check(made, first, top))
    return replace(found, checks=tuple(checks))


def _others(found: Explained, after: Period) -> Iterator[Period]:
    """The period before and the one a year earlier, whichever it was not compared with."""
    for other in (after.previous(), after.same_last_year()):
        if not (other.start <= found.before.span.start < other.end):
            yield other


def _check(made: Explained, first: Part | None, top: Part) -> Check:
    if first is None or first.value is None:
        return Check(made.before.span, made.delta, None, "", 0.0, same=False)
    return Check(made.before.span, made.delta, first.id, first.name, first.value, same=first.id == top.id)


def told_from_chance(home: Home, plan: Plan, found: Explained, at: date) -> Explained:
    """The explanation with what changed no more than two such spans differ by chance."""
    week = period_of(found.after.span.last, Grain.WEEK, calendar_of(current_settings(home)))
    past = past_of(home, plan, week, min(at, found.after.span.last))
    days = math.sqrt(found.before.span.days * found.after.span.days)

    def by_chance(name: str, before: float | None, after: float | None) -> bool | None:
        if before is None or after is None or not before:
            return None
        usual = _spread(past, name, days)
        return None if usual is None else abs(after / before - 1) <= SURE * usual

    parts = tuple(
        part if part.calendar or part.unexplained
        else replace(part, noise=by_chance(part.id, *_alike(part, found)))
        for part in found.parts
    )  # fmt: skip
    calendar = math.fsum(part.value or 0.0 for part in parts if part.calendar)
    return replace(
        found, parts=parts, noise=by_chance(found.node, found.before.value + calendar, found.after.value)
    )


def _alike(part: Part, found: Explained) -> tuple[float | None, float | None]:
    """Both sides of a driver over as many days."""
    if part.before is None or part.kind != "flow":
        return part.before, part.after
    return part.before * found.after.span.days / found.before.span.days, part.after


def _spread(past: Past, name: str, days: float) -> float | None:
    weeks = weeks_of(past, name)
    return None if weeks is None else spread(weeks, days / 7)
