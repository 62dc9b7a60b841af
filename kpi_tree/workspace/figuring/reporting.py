"""Reports: the list, one of them run, and any KPI by any dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from kpi_tree import metrics
from kpi_tree import reports as prebuilt
from kpi_tree.analysis import kind_of
from kpi_tree.catalogue import find_kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics import Engine, Series
from kpi_tree.metrics.filters import check_dimensions
from kpi_tree.periods import Grain, Period
from kpi_tree.plan.model import Plan, Target
from kpi_tree.reports import Answer, Drill, Report
from kpi_tree.reports.spans import Shown
from kpi_tree.store import Home
from kpi_tree.store import plans as kept_plans
from kpi_tree.workspace.base.cache import REPORTS, identity, plan_cached
from kpi_tree.workspace.base.homes import current_settings, data_revision, plan_revision, today_of
from kpi_tree.workspace.base.own import catalogue_of, own_kpis_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.paths import path_of
from kpi_tree.workspace.figuring.figures import (
    MAX_LIMIT,
    Where,
    engine_of,
    frozen,
    grain_of,
    known_span,
    kpi_records,
    series_for,
    with_files,
)


@dataclass(frozen=True)
class _Figures:
    """The workspace as a source of figures: cached series, observations, and the plan's targets."""

    home: Home
    revision: int

    @property
    def engine(self) -> Engine:
        return engine_of(self.home, self.revision)

    @property
    def currency(self) -> str | None:
        return current_settings(self.home).currency or None

    def known(self, kpis: Sequence[str]) -> tuple[date, date] | None:
        return known_span(self.home, kpis, None)

    def series(
        self,
        kpis: Sequence[str],
        shown: Shown,
        by: Sequence[str],
        where: Mapping[str, Sequence[str]],
        *,
        ranked: bool = False,
    ) -> dict[str, Series]:
        # Ranked tables may hold models that take long: only the report that shows one asks for it.
        found = series_for(
            self.home, kpis, start=shown.start, end=shown.end, grain=shown.grain, by=by, where=where,
            keep_refusals=not ranked,
        )  # fmt: skip
        refusal = found[kpis[0]].refusal if len(kpis) == 1 else None
        if refusal is not None:
            raise refusal
        return found

    def target(self, kpi: str, period: Period) -> float | None:
        """The targets' own path over the period: what it adds for a flow, where it should end for a level."""
        names = kept_plans.names(self.home)
        if not names:
            return None
        plan = plan_cached(self.home, names[0][0])
        days = sorted(_targets(plan, kpi), key=lambda target: target.period.days)
        for target in days:  # the shortest period that holds all these days says it best
            if target.period.start <= period.start and period.end <= target.period.end:
                return self._part(plan, kpi, target, period)
        if kind_of(find_kpi(kpi, catalogue_of(self.home)).rollup) == "flow":
            parts = [t for t in days if period.start <= t.period.start and t.period.end <= period.end]
            if parts and sum(t.period.days for t in parts) == period.days:
                return sum(target.value for target in parts)
        return None

    def _part(self, plan: Plan, kpi: str, target: Target, period: Period) -> float | None:
        rollup = find_kpi(kpi, catalogue_of(self.home)).rollup
        shape = self._last_year(kpi, target) if target.trajectory == "last_year" else None
        path = path_of(target, target.period, rollup, plan.events, shape)
        end = path.at(period.last)
        if kind_of(rollup) != "flow" or end is None:
            return end
        return end - (path.at(period.start - timedelta(days=1)) or 0.0)

    def _last_year(self, kpi: str, target: Target) -> list[float]:
        then = target.period.same_last_year()
        found = series_for(self.home, [kpi], start=then.start, end=then.end, grain=Grain.DAY)
        return [float(value) for value in found[kpi].frame["value"]]


def _targets(plan: Plan, kpi: str) -> list[Target]:
    nodes = [node.id for node in plan.nodes.values() if kpi in (node.kpi, node.id) and node.kind != "action"]
    return [target for node in nodes for target in plan.targets_of(node)]


@verb
def reports(
    home: Home,
    who: Asker,  # noqa: ARG001
    *,
    search: str = "",
    category: str | None = None,
) -> list[Report]:
    """The prebuilt reports, those that hold every word searched for in any of the languages.

    Raises:
        Refused: there is no such category.
    """
    return prebuilt.search(search, category, own_kpis_of(home).values())


@verb
def report(
    home: Home,
    who: Asker,  # noqa: ARG001
    report_id: str,
    *,
    start: date | None = None,
    end: date | None = None,
    grain: Grain | str | None = None,
    where: Where | None = None,
    compare: str | None = None,
) -> Answer:
    """A prebuilt report over ``[start, end)``, no later than its data; without them over the usual span.

    Args:
        grain: length of a period; ``compare``: none, previous, last_year or target. Without them the
            report's own.

    Raises:
        NotFound: no such report, or a dimension its KPI does not have.
        Refused: unknown grain, comparison or dimension value; a span without days; several currencies.
    """
    return _run(home, prebuilt.find(report_id, own_kpis_of(home).values()), start, end, grain, where, compare)


@verb
def export_report(
    home: Home,
    who: Asker,  # noqa: ARG001
    report_id: str,
    *,
    form: str,
    start: date | None = None,
    end: date | None = None,
    grain: Grain | str | None = None,
    where: Where | None = None,
    compare: str | None = None,
    theme: str = "light",
    lang: str = "en",
) -> bytes:
    """A prebuilt report as a file: ``csv xlsx html md json``, and its chart as ``svg`` or ``png``.

    Raises:
        NotFound, Refused: as :func:`report`; no such form, a picture of a report without a chart.
    """
    from kpi_tree.reports.files import check_form, to_file

    check_form(form)
    found = prebuilt.find(report_id, own_kpis_of(home).values())
    answer = _run(home, found, start, end, grain, where, compare)
    return to_file(answer, form, lang, dark=theme == "dark")


@verb
def explore(
    home: Home,
    who: Asker,  # noqa: ARG001
    kpi: str,
    *,
    by: Sequence[str] = (),
    start: date | None = None,
    end: date | None = None,
    grain: Grain | str | None = None,
    where: Where | None = None,
    compare: str | None = None,
) -> Answer:
    """Any KPI, over time or by any of its dimensions, filtered.

    Raises:
        NotFound: unknown KPI or dimension, the nearest named. Refused: as :func:`report`.
    """
    found = find_kpi(kpi, catalogue_of(home))
    check_dimensions(found, [*by, *(where or {})])
    made = prebuilt.breakdown(found, *by) if by else prebuilt.over_time(found)
    return _run(home, made, start, end, grain, where, compare)


@verb
def report_records(
    home: Home,
    who: Asker,
    asked: Drill,
    *,
    where: Where | None = None,
    limit: int = 1000,
) -> pd.DataFrame:
    """The records behind one cell of a report (:func:`kpi_tree.reports.drill` says which).

    Args:
        where: the report's own filter.

    Returns:
        As :func:`kpi_records`: columns of the records, ``_batch``, ``_file`` and ``_row``.

    Raises:
        NotFound: unknown KPI or dimension. Refused: unknown dimension value, or no such group.
    """
    period, only = asked.period, {**(where or {}), **{name: [value] for name, value in asked.part}}
    if not asked.group:
        return kpi_records(home, who, asked.kpi, start=period.start, end=period.end, where=only, limit=limit)
    return with_files(home, _group(engine_of(home), asked, dict(where or {}), min(limit, MAX_LIMIT)))


def _group(engine: Engine, asked: Drill, where: Where, limit: int) -> pd.DataFrame:
    name, _, value = asked.group.partition(":")
    first, _, last = value.partition("..")
    if name == "cohort" and (cohort := _days(first, last)) is not None:
        return metrics.cohort_orders(engine, cohort, asked.period, where=where, limit=limit)
    if name == "segment" and value in metrics.SEGMENTS:
        return metrics.segment_orders(engine, value, asked.period, where=where, limit=limit)
    if name == "step" and value in (*metrics.PURCHASE_STEPS, *metrics.FORM_STEPS):
        part = asked.part[0] if asked.part else None
        return metrics.funnel_visits(
            engine, value, start=asked.period.start, end=asked.period.end, part=part, where=where, limit=limit
        )
    raise Refused(
        msg("There is no such group of records."),
        place=asked.group[:80],
        remedy=msg("Pick a number in the report."),
    )


def _days(first: str, last: str) -> Period | None:
    try:
        return Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
    except (ValueError, Refused):
        return None


def _run(
    home: Home,
    found: Report,
    start: date | None,
    end: date | None,
    grain: Grain | str | None,
    where: Where | None,
    compare: str | None,
) -> Answer:
    step = grain_of(grain) if grain else None
    revision, today = data_revision(home), today_of(home)
    aims = plan_revision(home) if kept_plans.names(home) else 0
    key = (identity(home), revision, aims, today, found.id, start, end, step, frozen(where), compare)
    return REPORTS.get(
        key,
        lambda: prebuilt.run(
            found, _Figures(home, revision), today=today, start=start, end=end, grain=step, where=where,
            compare=compare,
        ),
    )  # fmt: skip
