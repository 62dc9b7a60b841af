"""One plan over one period: every node to date, measured and computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np

from kpi_tree.i18n import Msg
from kpi_tree.metrics import Series
from kpi_tree.periods import Period
from kpi_tree.plan.evaluate import Evaluation, Program, compile_plan, evaluate
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.figuring.figures import Where, series_for
from kpi_tree.workspace.judged.todate import Floats, ToDate, arrays, to_date


@dataclass(frozen=True)
class Seen:
    """One node at the end of its data within a period.

    Attributes:
        actual: what counts, on ``through``; ``computed`` what its formula says on that day.
        gap: measured less computed, where there are both.
        path: to date by the end of each day; empty where the period has not begun.
        records: how many records stand behind ``actual``, where it is measured.
        until: where the period has no value, the last day of data before it.
    """

    actual: float | None
    computed: float | None
    gap: float | None
    path: Floats
    through: date | None
    first: date | None
    currency: str | None
    records: float | None
    notes: tuple[Msg, ...]
    until: date | None = None


NOTHING = Seen(None, None, None, np.empty(0), None, None, None, None, ())


class Evaluated:
    """A plan evaluated over the days of one period so far."""

    def __init__(
        self,
        home: Home,
        plan: Plan,
        period: Period,
        at: date,
        where: Where | None,
        as_known: datetime | None = None,
    ) -> None:
        self.plan, self.period, self.at = plan, period, at
        self.program: Program = compile_plan(plan)
        self.series: dict[str, Series] = {}
        self.measured: dict[str, ToDate] = {}
        self.result: Evaluation | None = None
        size = period.elapsed(at)
        if not size:
            return
        known = catalogue_of(home)
        wanted = [name for name in self.program.needed if name in known]
        if wanted:
            end = period.start + timedelta(days=size)
            self.series = series_for(
                home,
                wanted,
                start=period.start,
                end=end,
                where=where,
                keep_refusals=True,
                as_known=as_known,
            )
        self.measured = {
            name: to_date(one, period, at, known[name].rollup) for name, one in self.series.items()
        }
        self.result = evaluate(self.program, arrays(self.measured), periods=size)

    @cached_property
    def typed(self) -> frozenset[str]:
        """Nodes whose value is an assumption, or made of nothing else: no data go through any day."""
        assert self.result is not None
        names = [*self.program.outside, *(step.node for step in self.program.steps)]
        found: set[str] = set()
        for step in self.program.steps:
            source = self.result[step.node].source
            inputs = [names[place] for place in step.inputs]
            if source == "assumption" or (source == "computed" and inputs and found.issuperset(inputs)):
                found.add(step.node)
        return frozenset(found)

    def seen(self, node: Node) -> Seen:
        """What is known of a node."""
        if self.result is None or node.id not in self.result:
            return NOTHING
        found = self.result[node.id]
        last = _last(found.value)
        series = self.series.get(node.kpi or "")
        notes = tuple(series.notes) if series is not None else ()
        if last is None:
            return Seen(
                None,
                None,
                None,
                found.value,
                None,
                None,
                self._currency(node),
                None,
                notes,
                self._until(series),
            )
        own = self.measured.get(node.kpi or "")
        measured = found.source == "measured"
        # Between its ends a count of distinct people is not exact: only the value of the last day is.
        path = (
            found.value if not (measured and own is not None and not own.exact) else _only(found.value, last)
        )
        return Seen(
            actual=_number(found.value[last]),
            computed=None if found.computed is None else _number(found.computed[last]),
            gap=None if found.gap is None else _number(found.gap[last]),
            path=path,
            through=None if node.id in self.typed else self.period.start + timedelta(days=last),
            first=series.data_from if series is not None else None,
            currency=self._currency(node),
            records=series.total.get("records") if measured and series is not None else None,
            notes=notes,
        )

    def daily(self) -> dict[str, Floats]:
        """Every node's value of each day alone: the shape of a year ago."""
        if self.result is None:
            return {}
        found = evaluate(
            self.program, {name: one.daily for name, one in self.measured.items()}, periods=self.result.length
        )
        return {node: one.value for node, one in found.items()}

    def _until(self, series: Series | None) -> date | None:
        last = series.data_through if series is not None else None
        return last if last is not None and last < self.period.start else None

    def _currency(self, node: Node) -> str | None:
        own = self.series.get(node.kpi or "")
        if own is not None and own.currency:
            return own.currency
        names = {one.currency for one in self.series.values() if one.currency}
        return next(iter(names)) if len(names) == 1 else None


def _last(values: Floats) -> int | None:
    known = np.flatnonzero(np.isfinite(values))
    return int(known[-1]) if known.size else None


def _only(values: Floats, last: int) -> Floats:
    kept = np.full(len(values), np.nan)
    kept[last] = values[last]
    return kept


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
