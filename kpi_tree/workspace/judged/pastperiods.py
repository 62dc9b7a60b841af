"""What the nodes of a tree came to in earlier periods of the same length: what has ever been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from kpi_tree.metrics import Series
from kpi_tree.periods import Grain, Period
from kpi_tree.periods import grain_of as grain_of_period
from kpi_tree.plan.evaluate import compile_plan, evaluate
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.figuring.figures import known_span, series_for

LOOKED_BACK = {Grain.DAY: 56, Grain.WEEK: 53, Grain.MONTH: 36, Grain.QUARTER: 16, Grain.YEAR: 8}
"""How many earlier periods count as an indicator's past, by their length."""
ODD_ONES = 12
"""The same for spans that are no calendar period: each costs a query."""

FEW = 3
"""Periods of the same time of year that are enough to compare with; with fewer all periods are."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Past:
    """A tree over several whole periods.

    Attributes:
        periods: oldest first, all with data of something.
        values: node → a value a period, measured or by its formula; nan where there is none.
        computed: the same by the formula alone, for nodes that have one.
        outside: the same for the KPIs that formulas use and no node stands for.
        currency: of the amounts, where all agree.
    """

    periods: tuple[Period, ...]
    values: Mapping[str, Floats]
    computed: Mapping[str, Floats]
    outside: Mapping[str, Floats]
    currency: str | None = None

    def at(self, node: str, period: Period) -> float:
        """A node's, or outside KPI's, value of one of the periods; nan where there is none."""
        row = self.values.get(node, self.outside.get(node))
        return (
            float(row[self.periods.index(period)]) if row is not None and period in self.periods else np.nan
        )

    def season(self, base: Period) -> list[int]:
        """The places of the periods to compare one with: of the same time of year, where there are a few."""
        same = [n for n, one in enumerate(self.periods) if _same_season(one, base)]
        return same if len(same) >= FEW else list(range(len(self.periods)))


def _same_season(one: Period, other: Period) -> bool:
    away = (one.start - other.start).days % 365.2425
    return one.days > 27 and min(away, 365.2425 - away) < 5


def past_of(home: Home, plan: Plan, period: Period, at: date, also: Sequence[Period] = ()) -> Past:
    """The tree over the periods before one, as long as it, that are over by the end of a day.

    Args:
        also: further periods to evaluate; those that ended by then.

    A period counts for an indicator only where its data cover it whole.
    """
    program = compile_plan(plan)
    known = catalogue_of(home)
    wanted = [name for name in program.needed if name in known]
    span = known_span(home, wanted, None) if wanted else None
    periods = _before(period, at, span)
    periods += [one for one in also if one not in periods and one.last <= at]
    periods.sort()
    found = _series(home, wanted, periods) if wanted and periods else {}
    made = evaluate(program, {name: one for name, (one, _) in found.items()}, periods=len(periods))
    currencies = {each.currency for _, rows in found.values() for each in rows if each.currency}
    return Past(
        tuple(periods),
        {node: one.value for node, one in made.items()},
        {node: one.computed for node, one in made.items() if one.computed is not None},
        {name: found[name][0] for name in program.outside if name in found},
        next(iter(currencies)) if len(currencies) == 1 else None,
    )


def _before(period: Period, at: date, span: tuple[date, date] | None) -> list[Period]:
    """The periods before, newest first, within the days that data know of."""
    if span is None:
        return []
    grain = grain_of_period(period)
    most = LOOKED_BACK.get(grain, ODD_ONES) if grain else ODD_ONES
    found: list[Period] = []
    one = period.previous()
    while len(found) < most and one.start >= span[0]:
        if one.last <= min(at, span[1]):
            found.append(one)
        one = one.previous()
    return found


def _series(
    home: Home, wanted: Sequence[str], periods: Sequence[Period]
) -> dict[str, tuple[Floats, list[Series]]]:
    """KPI → its value of each period, and the series that these come from."""
    grains = {grain_of_period(one) for one in periods}
    (grain,) = grains if len(grains) == 1 else (None,)
    queries = [_one_query(home, wanted, periods, grain)] if grain else []
    if queries and queries[0] is not None:
        made = queries[0]
        return {name: (_whole(made[name], periods, _by_start(made[name])), [made[name]]) for name in wanted}
    several = [series_for(home, wanted, start=one.start, end=one.end, keep_refusals=True) for one in periods]
    found = {}
    for name in wanted:
        rows = [each[name] for each in several]
        totals = {one.start: row.total.get("value") for one, row in zip(periods, rows, strict=True)}
        found[name] = (_whole(rows[0], periods, totals), rows)
    return found


def _one_query(
    home: Home, wanted: Sequence[str], periods: Sequence[Period], grain: Grain
) -> dict[str, Series] | None:
    """All periods at once, where they are whole steps of the shop's calendar."""
    made = series_for(
        home, wanted, start=periods[0].start, end=periods[-1].end, grain=grain, keep_refusals=True
    )
    starts = {one.start for one in periods}
    fits = all(starts <= set(_by_start(made[name])) for name in wanted if made[name].refusal is None)
    return made if fits else None


def _by_start(series: Series) -> dict[date, float | None]:
    if series.frame.empty:
        return {}
    days = [getattr(day, "date", lambda day=day: day)() for day in series.frame["period"]]
    return dict(zip(days, series.frame["value"].tolist(), strict=True))


def _whole(series: Series, periods: Sequence[Period], values: Mapping[date, float | None]) -> Floats:
    """A value a period; nan where the data do not cover it from its first to its last day."""
    made = np.full(len(periods), np.nan)
    if series.data_from is None or series.data_through is None:
        return made
    for n, one in enumerate(periods):
        value = values.get(one.start)
        if value is not None and series.data_from <= one.start and one.last <= series.data_through:
            made[n] = value
    return made
