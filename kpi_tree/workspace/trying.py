"""Values of a definition that is not kept, over the records that are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kpi_tree import metrics
from kpi_tree.catalogue import Definitions
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import Msg
from kpi_tree.periods import Grain, period_of
from kpi_tree.store import Home, journal
from kpi_tree.store import batches as kept
from kpi_tree.workspace.cache import Lru, identity
from kpi_tree.workspace.figures import engine_of, grain_of, kept_facts, others_of
from kpi_tree.workspace.homes import calendar_of, current_settings, data_revision
from kpi_tree.workspace.own import own_tables_of

PERIODS = 12
TRIALS = Lru(2)
"""Engines over definitions that are being written: the last ones only."""


def trial(
    home: Home,
    made: Definitions,
    spec: Mapping[str, Any],
    kpi: str,
    start: date | None,
    end: date | None,
    grain: str,
    by: Sequence[str],
) -> tuple[metrics.Series | None, Msg | None]:
    """The values of one KPI of the definitions, or why there are none."""
    key = (identity(home), data_revision(home), journal.canonical(spec))
    engine = TRIALS.get(key, lambda: _engine(home, made))
    others = others_of(home, engine)
    try:
        step = grain_of(grain)
        if start is None or end is None:
            start, end = _last_periods(engine, kpi, step, others)
        return metrics.query(
            engine, [kpi], start=start, end=end, grain=step, by=by, others=others
        )[kpi], None  # fmt: skip
    except KpiTreeError as error:
        return None, error.message


def _engine(home: Home, made: Definitions) -> metrics.Engine:
    chosen = current_settings(home)
    return metrics.Engine(
        home.records,
        kept.active_files(home),
        calendar_of(chosen),
        metrics.Settings(currency=chosen.currency or None, rates=dict(chosen.rates)),
        extra_tables=own_tables_of(home),
        definitions_=made,
        kept=kept_facts(home, writes=False),
        before=engine_of(home),
    )


def _last_periods(engine: metrics.Engine, kpi: str, grain: Grain, others: Any) -> tuple[date, date]:
    """The last periods that the KPI's data know of; some days where it has none."""
    someday = date(2000, 1, 1)
    found = metrics.query(
        engine, [kpi], start=someday, end=someday + timedelta(days=1), grain="month", others=others
    )[kpi]
    last = found.data_through or someday
    period = period_of(last, grain if grain is not Grain.HOUR else Grain.DAY, engine.calendar)
    first = period
    for _ in range(PERIODS - 1):
        first = first.previous()
    begin = max(first.start, found.data_from) if found.data_from else first.start
    return begin, period.end
