"""A node's progress beyond its verdict: its steps by day, week or month, last year, and what is to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from kpi_tree.analysis import kind_of, landing
from kpi_tree.analysis.forecast import Forecast
from kpi_tree.analysis.trajectory import Kind
from kpi_tree.metrics import Series
from kpi_tree.periods import Grain, Period, spine
from kpi_tree.plan.evaluate import compile_plan, evaluate
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.base.nodes import rollup_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.figuring.figures import series_for
from kpi_tree.workspace.judged.evaluation import Evaluated
from kpi_tree.workspace.judged.futures import Days, histories
from kpi_tree.workspace.judged.lens import Lens, known_at
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.outlook import ahead

SAME_WEEKDAY = 364
"""Days back to the same weekday of the year before."""
MOST_DAYS, MOST_WEEKS = 45, 190
"""Days of a period that are shown one by one, and by weeks; a longer one goes by months."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One day, week or month of a node, cut at the ends of its period.

    Attributes:
        value: over its days so far; None where the data know nothing of them.
        expected: what the path to the target expects of it: its own part of what adds up, else the level by
            its end. last_year: over the same days a year before, week by week on the same weekdays.
        forecast, low, high: what the whole step is likely to come to, of one that is not over.
        unfinished: whether data go to its midst. before: whether it lies before the period.
    """

    period: Period
    value: float | None
    expected: float | None = None
    last_year: float | None = None
    forecast: float | None = None
    low: float | None = None
    high: float | None = None
    unfinished: bool = False
    before: bool = False


def step_grain(period: Period) -> Grain:
    """The steps that a period is shown in: about a dozen to some forty of them.

    >>> from kpi_tree.periods import parse_period
    >>> [str(step_grain(parse_period(one))) for one in ("2026-05", "2026-Q3", "2026")]
    ['day', 'week', 'month']
    """
    return Grain.DAY if period.days <= MOST_DAYS else Grain.WEEK if period.days <= MOST_WEEKS else Grain.MONTH


def last_year(home: Home, plan: Plan, view: NodeView, lens: Lens) -> tuple[float | None, ...]:
    """The value to date by the end of each day of the same period a year before; empty where none is known.

    The n-th day stands beside the n-th: a leap year's last day has no counterpart.
    """
    node, period = plan.nodes.get(view.id), _period(home, view)
    if node is None or period is None:
        return ()
    before = period.same_last_year()
    seen = Evaluated(home, plan, before, before.last, lens.filters, known_at(home, lens)).seen(node)
    if seen.actual is None:
        return ()
    return tuple(float(value) if np.isfinite(value) else None for value in seen.path[: period.days])


def steps(
    home: Home, plan: Plan, view: NodeView, at: date, lens: Lens, *, earlier: bool = True
) -> tuple[StepView, ...]:
    """A node's period step by step, with as long a time before it.

    Each step is formed anew from its own records or formula: distinct people and medians are exact.

    Args:
        earlier: whether last year's values come along.
    """
    node, period = plan.nodes.get(view.id), _period(home, view)
    if node is None or period is None:
        return ()
    made = _Steps(home, plan, node, view, period, at, lens)
    grain = step_grain(period)
    history = period.previous()
    cuts = [
        *_cut(spine(history.start, period.start, grain, period.calendar), history),
        *_cut(spine(period.start, period.end, grain, period.calendar), period),
    ]
    now = {**made.values(history, grain), **made.values(period, grain)}
    then = made.values_last_year(cuts, history.start, period.end, grain) if earlier else {}
    known = [cut for cut in cuts if now.get(cut) is not None]
    if not known:
        return ()
    foretold = made.foretold([cut for cut in cuts if cut.start >= period.start], now)
    return tuple(
        replace(
            foretold.get(cut, StepView(cut, now.get(cut))),
            expected=made.expected(cut),
            last_year=then.get(cut),
            unfinished=now.get(cut) is not None and made.through is not None and cut.last > made.through,
            before=cut.start < period.start,
        )
        for cut in cuts
        # What lies before the first value known is no history.
        if cut.start >= min(known[0].start, period.start)
    )


def _period(home: Home, view: NodeView) -> Period | None:
    if view.start is None or view.end is None:
        return None
    return Period(view.start, view.end, calendar=calendar_of(current_settings(home)))


def _cut(whole: list[Period], within: Period) -> list[Period]:
    """The steps without their days outside a period."""
    return [Period(max(one.start, within.start), min(one.end, within.end)) for one in whole]


class _Steps:
    """A node's values step by step."""

    def __init__(
        self, home: Home, plan: Plan, node: Node, view: NodeView, period: Period, at: date, lens: Lens
    ) -> None:
        self.home, self.plan, self.node, self.view, self.period = home, plan, node, view, period
        self.at, self.lens, self.through = at, lens, view.data_through
        self.kpis = catalogue_of(home)
        self.kind: Kind = kind_of(rollup_of(node, self.kpis))
        self.measured = view.source == "measured" and node.kpi in self.kpis

    def values(self, span: Period, grain: Grain) -> dict[Period, float | None]:
        """Step → value over the days of a span that the data know of; the steps cut at its ends."""
        last = min(span.last, self.through or self.at, self.at)
        if last < span.start:
            return {}
        found = self._values(span.start, last + timedelta(days=1), grain)
        cuts = _cut(spine(span.start, span.end, grain, self.period.calendar), span)
        return dict(zip(cuts, found, strict=False))

    def values_last_year(
        self, cuts: list[Period], start: date, end: date, grain: Grain
    ) -> dict[Period, float | None]:
        """Step → value over the same days a year before."""
        if grain is Grain.MONTH:
            span = Period(start, end, calendar=self.period.calendar).same_last_year()
            whole = self._values(span.start, span.end, grain)
            return dict(zip(cuts, whole, strict=True)) if len(whole) == len(cuts) else {}
        found: dict[Period, float | None] = {}
        for span in (Period(start, self.period.start), Period(self.period.start, end)):
            first, last = (day - timedelta(days=SAME_WEEKDAY) for day in (span.start, span.end))
            inside = [cut for cut in cuts if span.start <= cut.start < span.end]
            found |= dict(zip(inside, self._values(first, last, grain), strict=False))
        return found

    def _values(self, start: date, end: date, grain: Grain) -> list[float | None]:
        wanted = [self.node.kpi or ""] if self.measured else list(compile_plan(self.plan).needed)
        asked = [name for name in wanted if name in self.kpis]
        series = series_for(
            self.home, asked, start=start, end=end, grain=grain, where=self.lens.filters,
            keep_refusals=True, as_known=known_at(self.home, self.lens),
        ) if asked else {}  # fmt: skip
        cuts = _cut(spine(start, end, grain, self.period.calendar), Period(start, end))
        arrays = {name: _known(one, cuts) for name, one in series.items()}
        if self.measured:
            value = arrays.get(self.node.kpi or "")
        else:
            result = evaluate(self.plan, arrays, periods=len(cuts))
            value = result[self.node.id].value if self.node.id in result else None
        if value is None:
            return [None] * len(cuts)
        return [float(one) if np.isfinite(one) else None for one in value]

    def expected(self, cut: Period) -> float | None:
        """What the path expects of a step: its own part of what adds up, else the level by its end."""
        points = self.view.points
        first = (cut.start - self.period.start).days
        if first < 0 or first + cut.days > len(points):
            return None
        end = points[first + cut.days - 1].expected
        if self.kind != "flow" or end is None:
            return end
        begin = points[first - 1].expected if first else 0.0
        return None if begin is None else end - begin

    def foretold(self, cuts: list[Period], now: dict[Period, float | None]) -> dict[Period, StepView]:
        """The steps that are not over with what they are likely to come to."""
        seen = self.view.outlook
        if seen is None or seen.value is None:
            return {}
        days = histories(
            self.home, self.plan, [self.node], self.at, self.lens.filters,
            known_at(self.home, self.lens), drivers=True,
        ).get(self.node.id)  # fmt: skip
        if days is None or not np.isfinite(days.values).any():
            return {}
        made, first = self._ahead(days)
        if not made.value.size:
            return {}
        return {cut: self._likely(made, first, cut, now.get(cut)) for cut in cuts if cut.last >= first}

    def _ahead(self, days: Days) -> tuple[Forecast, date]:
        """The forecast of the days to the period's end, as the verdict has it, and its first day."""
        quiet = len(days.values) - 1 - int(np.flatnonzero(np.isfinite(days.values))[-1])
        until = days.last - timedelta(days=quiet)
        values = days.values[: len(days.values) - quiet]
        adds_up = days.adds_up or self.kind != "flow"
        made = ahead(values, until, self.period.end, adds_up, around=days.around)
        return made, until + timedelta(days=1)

    def _likely(self, made: Forecast, first: date, cut: Period, value: float | None) -> StepView:
        begin = max((cut.start - first).days, 0)
        end = (cut.end - first).days
        part = replace(made, value=made.value[begin:end], paths=made.paths[:, begin:end])
        elapsed = max((first - cut.start).days, 0)
        so_far = value if elapsed else None
        found = landing(part, kind=self.kind, actual=so_far, elapsed=elapsed if so_far is not None else 0)
        return StepView(cut, value, forecast=found.value, low=found.low, high=found.high)


def _known(series: Series, cuts: list[Period]) -> np.ndarray:
    """A series' values, less the steps that its data know nothing of: there a zero would be no zero."""
    values = series.frame["value"].to_numpy(dtype=np.float64)[: len(cuts)]
    first, last = series.data_from, series.data_through
    if first is None or last is None:
        return np.full(len(values), np.nan)
    inside = [first <= cut.last and cut.start <= last for cut in cuts[: len(values)]]
    return np.where(inside, values, np.nan)
