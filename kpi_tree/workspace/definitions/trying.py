"""Definitions that are not kept: whether they run at all, and what they would give over the records."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from kpi_tree import metrics
from kpi_tree.catalogue import Definitions, definitions
from kpi_tree.catalogue.own.faults import Fault
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import Msg
from kpi_tree.issues import Issue
from kpi_tree.metrics.kinds import with_tables
from kpi_tree.periods import Calendar, Grain, period_of
from kpi_tree.records.tables import Table
from kpi_tree.store import Home
from kpi_tree.workspace.base.cache import Lru
from kpi_tree.workspace.figuring.figures import engine_of, grain_of
from kpi_tree.workspace.figuring.observed import others_of

PERIODS = 12
SOME_DAY, ANOTHER_DAY = date(2000, 1, 1), date(2000, 1, 2)
EMPTY = Lru(2)
"""Engines over no records at all, by the tables of the shop's own."""
_TRYING = threading.Lock()


def failing(
    made: Definitions, wanted: Iterable[str], own_tables: Mapping[str, Table], calendar: Calendar
) -> list[Issue]:
    """What fails even where there is no record: each KPI asked once, whole and in parts."""
    key = (calendar, tuple(sorted((name, repr(table)) for name, table in own_tables.items())))
    engine = EMPTY.get(key, lambda: _empty(own_tables, calendar)).over(made)
    issues = []
    for name in wanted:
        try:
            for by in ((), made.kpis[name].dimensions[:3]):
                metrics.query(engine, [name], start=SOME_DAY, end=ANOTHER_DAY, grain="month", by=by)
        except KpiTreeError as error:
            issues.append(Fault("does_not_run", error.message, error.remedy).at(name))
    return issues


def _empty(own_tables: Mapping[str, Table], calendar: Calendar) -> metrics.Engine:
    with tempfile.TemporaryDirectory() as folder:
        base = with_tables(definitions(), own_tables)
        return metrics.Engine(Path(folder), {}, calendar, extra_tables=own_tables, definitions_=base)


def trial(
    home: Home,
    made: Definitions,
    kpi: str,
    start: date | None,
    end: date | None,
    grain: str,
    by: Sequence[str],
) -> tuple[metrics.Series | None, Msg | None]:
    """The values of one KPI of the definitions over the records, or why there are none."""
    live = engine_of(home)
    engine = live.over(made)
    others = others_of(home, engine)
    with _TRYING:  # what is made only for a trial goes with it
        try:
            step = grain_of(grain)
            if start is None or end is None:
                start, end = _last_periods(engine, kpi, step, others)
            found = metrics.query(engine, [kpi], start=start, end=end, grain=step, by=by, others=others)
            return found[kpi], None
        except KpiTreeError as error:
            return None, error.message
        finally:
            engine.facts.forget(made.facts.keys() - live.definitions.facts.keys())


def _last_periods(
    engine: metrics.Engine, kpi: str, grain: Grain, others: metrics.Others
) -> tuple[date, date]:
    """The last periods that the KPI's data know of; some days where it has none."""
    found = metrics.query(engine, [kpi], start=SOME_DAY, end=ANOTHER_DAY, grain="month", others=others)[kpi]
    last = found.data_through or SOME_DAY
    period = period_of(last, grain if grain is not Grain.HOUR else Grain.DAY, engine.calendar)
    first = period
    for _ in range(PERIODS - 1):
        first = first.previous()
    start = max(first.start, found.data_from or first.start)
    return (start if start < period.end else first.start), period.end  # what looks back knows nothing yet
