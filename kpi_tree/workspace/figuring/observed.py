"""KPIs whose figures were typed in or uploaded as such: no record speaks of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from kpi_tree import metrics
from kpi_tree.catalogue import find_kpi
from kpi_tree.errors import KpiTreeError
from kpi_tree.metrics import Engine, Series
from kpi_tree.periods import Calendar, Grain
from kpi_tree.store import Home, observations
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.figuring.measured_series import series_of

Where = Mapping[str, Sequence[str]]


def observed_kpis(
    home: Home, engine: Engine, wanted: Sequence[str], as_known: datetime | None = None
) -> set[str]:
    """Those of the KPIs asked that only observations speak of: none of their record tables is loaded."""
    known, every = observations.known(home, as_known), engine.definitions.kpis
    return {
        name
        for name in wanted
        if name in known and name in every and not any(engine.has(table) for table in every[name].tables)
    }


def others_of(home: Home, engine: Engine, as_known: datetime | None = None) -> metrics.Others:
    """Figures of KPIs that only observations speak of, for KPIs that are made from them."""

    def given(
        name: str, start: date, end: date, grain: Grain, by: Sequence[str], where: Where
    ) -> Series | None:
        if not observed_kpis(home, engine, [name], as_known):
            return None
        kpi = find_kpi(name, engine.definitions.kpis)
        known = observations.of(home, name, as_known)
        return series_of(kpi, known, start, end, grain, by, where, engine.calendar, at_end=True)

    return given


def typed_series(
    home: Home,
    name: str,
    start: date,
    end: date,
    grain: Grain,
    by: Sequence[str],
    where: Where | None,
    calendar: Calendar,
    keep_refusals: bool,
    as_known: datetime | None = None,
) -> Series:
    """A KPI's series from its observations; with ``keep_refusals`` gaps and the reason where it has none."""
    kpi, known = find_kpi(name, catalogue_of(home)), observations.of(home, name, as_known)
    try:
        return series_of(kpi, known, start, end, grain, by, where, calendar, at_end=keep_refusals)
    except KpiTreeError as error:
        if not keep_refusals:
            raise
        gaps = series_of(kpi, [], start, end, grain, (), None, calendar)
        gaps.refusal, gaps.notes = error, [error.message]
        return gaps
