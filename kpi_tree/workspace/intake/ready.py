"""What the data can answer today: for each KPI whether it has a value, and what it lacks where not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kpi_tree.catalogue import Definitions, Kpi
from kpi_tree.catalogue.reads import columns_read
from kpi_tree.i18n import Msg
from kpi_tree.metrics import Series
from kpi_tree.periods import Grain
from kpi_tree.records.filled import filled_columns
from kpi_tree.store import Home, observations
from kpi_tree.store import batches as kept
from kpi_tree.workspace.base.cache import READY, identity
from kpi_tree.workspace.base.homes import data_revision
from kpi_tree.workspace.base.own import definitions_of, tables_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.figuring.figures import known_span, series_for

NEWEST_DAYS = 92
"""Days that are looked at first: long enough for a month and more."""


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing of a record table: all of it, or columns that hold nothing."""

    table: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether a KPI has a value today.

    Attributes:
        lacks: what stands between it and a value; empty for one that has a value. A table that it could
            do without is named too, since only the person knows whether there is anything to load.
        reason: why it has none although nothing is missing (amounts in two currencies, say).
        data_from, data_through: the first and the last day that its data know of, where it has a value.
    """

    kpi: str
    answers: bool
    lacks: tuple[Lack, ...] = ()
    reason: Msg | None = None
    data_from: date | None = None
    data_through: date | None = None


@verb
def readiness(home: Home, who: Asker) -> Mapping[str, Ready]:  # noqa: ARG001
    """Every KPI of the home by id, with whether its data give it a value."""
    key = (identity(home), data_revision(home))
    return READY.get(key, lambda: _readiness(home))


def _readiness(home: Home) -> dict[str, Ready]:
    base = definitions_of(home)
    kpis = base.kpis
    filled = {
        table: filled_columns(path for _, _, path in files)
        for table, files in kept.active_files(home).items()
    }
    fed = observations.known(home)
    series = _newest_values(
        home, [name for name, kpi in kpis.items() if name in fed or _fed(kpi, base) & filled.keys()]
    )
    return {name: _ready(home, kpi, series.get(name), filled) for name, kpi in kpis.items()}


def _newest_values(home: Home, wanted: list[str]) -> dict[str, Series]:
    """Each KPI over the last days that any data know of; over all days for those without a value there."""
    known = known_span(home, wanted, None) if wanted else None
    if known is None:
        return {}
    last = known[1] + timedelta(days=1)
    found = series_for(
        home,
        wanted,
        start=last - timedelta(days=NEWEST_DAYS),
        end=last,
        grain=Grain.YEAR,
        keep_refusals=True,
    )
    rest = [name for name, one in found.items() if not _has_value(one)]
    if rest:
        whole = series_for(home, rest, grain=Grain.YEAR, keep_refusals=True)
        found = {**found, **{name: one for name, one in whole.items() if _has_value(one)}}
    return found


def _fed(kpi: Kpi, base: Definitions) -> set[str]:
    """The record tables that can give a KPI a value, those of days that come already counted too."""
    facts = [base.facts[base.measures[name].fact] for name in kpi.measures()]
    return {*kpi.tables, *(place.partition(".")[0] for fact in facts for place in fact.coverage)}


def _has_value(series: Series) -> bool:
    return series.total.get("value") is not None or bool(series.frame["value"].notna().any())


def _ready(home: Home, kpi: Kpi, series: Series | None, filled: Mapping[str, frozenset[str]]) -> Ready:
    if series is not None and _has_value(series):
        return Ready(kpi.id, True, data_from=series.data_from, data_through=series.data_through)
    lacks = tuple(_lacks(home, kpi, filled))
    reason = None
    if series is not None and not lacks:
        reason = series.refusal.message if series.refusal is not None else next(iter(series.notes), None)
    return Ready(kpi.id, False, lacks, reason)


def _lacks(home: Home, kpi: Kpi, filled: Mapping[str, frozenset[str]]) -> Iterator[Lack]:
    """Columns that hold nothing in any of the KPI's tables, then tables that are not there."""
    base = definitions_of(home)
    read = columns_read(kpi, base, tables_of(home)) if _fed(kpi, base) & filled.keys() else {}
    held = frozenset(column for table in read for column in filled.get(table, ()))
    for table, columns in sorted(read.items()):
        empty = columns - held
        if table in filled and empty:
            yield Lack(table, tuple(sorted(empty)))
    yield from (Lack(table) for table in kpi.tables if table not in filled)


def most_wanted_tables(ready: Mapping[str, Ready]) -> list[tuple[str, int]]:
    """The tables that would answer more, as (table, how many KPIs wait for it), the most first."""
    waiting = Counter(lack.table for each in ready.values() for lack in each.lacks)
    return sorted(waiting.items(), key=lambda pair: (-pair[1], pair[0]))
