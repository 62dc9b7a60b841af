"""Figures: the catalogue, a KPI's values, and the records behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import pandas as pd

from kpi_tree import metrics
from kpi_tree.catalogue import CATEGORIES, Kpi, catalogue, find_kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics import Engine, Series
from kpi_tree.periods import Grain
from kpi_tree.store import Home, observations
from kpi_tree.store import batches as kept
from kpi_tree.workspace.cache import ENGINES, SERIES, identity
from kpi_tree.workspace.homes import calendar_of, current_settings, data_revision
from kpi_tree.workspace.measured import series_of
from kpi_tree.workspace.planning import end_of
from kpi_tree.workspace.rights import Asker, verb

Where = Mapping[str, Sequence[str]]
SOME_DAY = date(2000, 1, 1)
MAX_LIMIT = 100_000


def engine_of(home: Home, revision: int | None = None, as_known: datetime | None = None) -> Engine:
    """The engine over the active batches at a data revision; kept for the process, safe for threads.

    Args:
        as_known: a moment in the past: over the batches that were active then.
    """
    key = (identity(home), data_revision(home) if revision is None else revision, as_known)

    def make() -> Engine:
        chosen = current_settings(home)
        return Engine(
            home.records,
            kept.active_files(home, at=as_known),
            calendar_of(chosen),
            metrics.Settings(currency=chosen.currency or None),
        )

    return ENGINES.get(key, make)


def frozen(where: Where | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A filter as a key: the same whatever order its dimensions came in."""
    return tuple(sorted((name, tuple(values)) for name, values in (where or {}).items()))


@verb
def kpis(home: Home, who: Asker, *, category: str | None = None) -> list[Kpi]:  # noqa: ARG001
    """The catalogue, of one category if asked.

    Raises:
        Refused: there is no such category.
    """
    if category is not None and category not in CATEGORIES:
        raise Refused(
            msg("There is no such category."),
            place=category[:80],
            remedy=msg("The categories are: {names}.", names=", ".join(CATEGORIES)),
        )
    return [kpi for kpi in catalogue().values() if category in (None, kpi.category)]


@verb
def kpi_values(
    home: Home,
    who: Asker,  # noqa: ARG001
    kpi: str,
    *,
    start: date | None = None,
    end: date | None = None,
    grain: Grain | str | None = None,
    by: Sequence[str] = (),
    where: Where | None = None,
    as_known: date | datetime | None = None,
) -> Series:
    """A KPI's values over ``[start, end)``; without them over all days its data know of.

    Args:
        as_known: with the data as known at a moment, or at the end of a business day: batches loaded later
            do not count, and those withdrawn later still do.

    The series is shared between callers: do not change it.

    Raises:
        NotFound: unknown KPI or dimension, the nearest named.
        Refused: unknown dimension value, amounts in several currencies, a span without days.
    """
    return series_for(
        home, [kpi], start=start, end=end, grain=grain, by=by, where=where, as_known=end_of(home, as_known)
    )[kpi]


def series_for(
    home: Home,
    wanted: Sequence[str],
    *,
    start: date | None = None,
    end: date | None = None,
    grain: Grain | str | None = None,
    by: Sequence[str] = (),
    where: Where | None = None,
    keep_refusals: bool = False,
    as_known: datetime | None = None,
) -> dict[str, Series]:
    """Several KPIs at once, each from its records, or from its observations where it has no records."""
    step = grain_of(grain)
    revision = data_revision(home)
    if start is None or end is None:
        first, last = _known_span(home, wanted, as_known)
        start, end = start or first, end or last + timedelta(days=1)
    asked = (tuple(wanted), start, end, step, tuple(by), frozen(where), keep_refusals)
    key = (identity(home), revision, as_known, asked)

    def make() -> dict[str, Series]:
        engine = engine_of(home, revision, as_known)
        return _computed(home, engine, wanted, start, end, step, by, where, keep_refusals)

    return SERIES.get(key, make)


def grain_of(grain: Grain | str | None) -> Grain:
    """A grain by its name; days if none is given.

    Raises:
        Refused: there is no such grain.
    """
    try:
        return Grain(grain or "day")
    except ValueError:
        raise Refused(
            msg("{value} is not a length of period.", value=str(grain)[:40]),
            place="grain",
            remedy=msg("Choose one of {names}.", names=", ".join(Grain)),
        ) from None


def _computed(
    home: Home,
    engine: Engine,
    wanted: Sequence[str],
    start: date,
    end: date,
    grain: Grain,
    by: Sequence[str],
    where: Where | None,
    keep_refusals: bool,
) -> dict[str, Series]:
    typed = observed_kpis(home, engine, wanted)
    asked = [name for name in wanted if name not in typed]
    found = metrics.query(
        engine, asked, start=start, end=end, grain=grain, by=by, where=where, with_tables=not keep_refusals,
        keep_refusals=keep_refusals,
    ) if asked else {}  # fmt: skip
    for name in typed:
        found[name] = series_of(
            find_kpi(name), observations.of(home, name), start, end, grain, by, where, engine.calendar
        )
    return {name: found[name] for name in wanted}


def observed_kpis(home: Home, engine: Engine, wanted: Sequence[str]) -> set[str]:
    """Those of the KPIs asked that only observations speak of: none of their record tables is loaded."""
    known = observations.known(home)
    return {
        name
        for name in wanted
        if name in known
        and name in catalogue()
        and not any(engine.has(table) for table in find_kpi(name).tables)
    }


def _known_span(home: Home, wanted: Sequence[str], as_known: datetime | None) -> tuple[date, date]:
    """First and last day that any of the KPIs' data know of."""
    day = SOME_DAY
    end = day + timedelta(days=1)
    found = series_for(home, wanted, start=day, end=end, keep_refusals=len(wanted) > 1, as_known=as_known)
    spans = [(one.data_from, one.data_through) for one in found.values()]
    firsts = [first for first, _ in spans if first is not None]
    lasts = [last for _, last in spans if last is not None]
    return (min(firsts), max(lasts)) if firsts and lasts else (day, day)


@verb
def kpi_records(
    home: Home,
    who: Asker,  # noqa: ARG001
    kpi: str,
    *,
    start: date,
    end: date,
    where: Where | None = None,
    limit: int = 1000,
) -> pd.DataFrame:
    """The records behind a KPI's value: its columns, ``_batch``, ``_file`` and ``_row`` (row in that file).

    Raises:
        NotFound: unknown KPI or dimension.
        Refused: unknown dimension value.
    """
    engine = engine_of(home)
    files = {batch.id: batch.file for batch in kept.all_batches(home)}
    if observed_kpis(home, engine, [kpi]):
        rows = [
            {"_measure": kpi, "_batch": one.batch, "period": one.start, "value": one.value, **one.dimensions}
            | {"_row": one.row}
            for one in observations.of(home, kpi)
            if start <= one.start < end
        ]
        frame = pd.DataFrame(rows)
    else:
        frame = metrics.records(engine, kpi, start=start, end=end, where=where, limit=min(limit, MAX_LIMIT))
    if "_batch" in frame:
        frame.insert(2, "_file", frame["_batch"].map(files))
    return frame.head(limit)
