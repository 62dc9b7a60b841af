"""Figures: the catalogue, a KPI's values, and the records behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd

from kpi_tree import metrics
from kpi_tree.catalogue import CATEGORIES, OWN, Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics import Engine, Series
from kpi_tree.periods import Grain
from kpi_tree.store import Home, observations
from kpi_tree.store import batches as kept
from kpi_tree.workspace.base.cache import ENGINES, SERIES, identity
from kpi_tree.workspace.base.homes import calendar_of, current_settings, data_revision, end_of
from kpi_tree.workspace.base.own import catalogue_of, definitions_of, own_tables_of, tables_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.figuring.lengths import once
from kpi_tree.workspace.figuring.observed import observed_kpis, others_of, typed_series
from kpi_tree.workspace.figuring.troubles import told, troubles

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
        chosen, active = current_settings(home), kept.active_files(home, at=as_known)
        calendar = calendar_of(chosen)
        settings = metrics.Settings(currency=chosen.currency or None, rates=dict(chosen.rates))
        before = ENGINES.newest(lambda other: other[0] == key[0]) if as_known is None else None
        if before is not None and before.reads(active, calendar, settings, tables_of(home)):
            other: Engine = before.over(definitions_of(home))  # only what the shop defines is another
            return other
        return Engine(
            home.records,
            active,
            calendar,
            settings,
            extra_tables=own_tables_of(home),
            definitions_=definitions_of(home),
            kept=kept_facts(home),
            before=before,
        )

    return ENGINES.get(key, make)


def kept_facts(home: Home, *, writes: bool = True) -> metrics.Kept:
    """The folder of facts kept between processes; see :mod:`kpi_tree.metrics.kept`."""
    return metrics.Kept(home.cache / "facts", writes=writes and not home.read_only)


def frozen(where: Where | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A filter as a key: the same whatever order its dimensions came in."""
    return tuple(sorted((name, tuple(values)) for name, values in (where or {}).items()))


@verb
def kpis(home: Home, who: Asker, *, category: str | None = None) -> list[Kpi]:  # noqa: ARG001
    """The catalogue with the shop's own KPIs, of one category if asked.

    Raises:
        Refused: there is no such category.
    """
    if category is not None and category not in (*CATEGORIES, OWN):
        raise Refused(
            msg("There is no such category."),
            place=category[:80],
            remedy=msg("The categories are: {names}.", names=", ".join((*CATEGORIES, OWN))),
        )
    return [kpi for kpi in catalogue_of(home).values() if category in (None, kpi.category)]


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
        known = known_span(home, wanted, as_known)
        if known is None and start is None and end is None:
            return _without_rows(home, wanted, by, where, keep_refusals, as_known)
        first, last = known or (start or end or SOME_DAY, end or start or SOME_DAY)
        start, end = start or min(first, end or first), end or max(last, start or last) + timedelta(days=1)
        if start == end:
            start -= timedelta(days=1)
    asked = (tuple(wanted), start, end, step, tuple(by), frozen(where), keep_refusals)
    key = (identity(home), revision, as_known, asked)

    def make() -> dict[str, Series]:
        engine = engine_of(home, revision, as_known)
        found = _computed(home, engine, wanted, start, end, step, by, where, keep_refusals, as_known)
        _tell_troubles(home, found)
        return found

    return SERIES.get(key, make)


def _tell_troubles(home: Home, found: Mapping[str, Series]) -> None:
    """A KPI whose source fails says so, wherever it is shown."""
    known, late = catalogue_of(home), troubles(home)
    for name, series in found.items() if late else ():
        series.notes = [*series.notes, *told(late, known.get(name))]


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
    as_known: datetime | None = None,
) -> dict[str, Series]:
    typed = observed_kpis(home, engine, wanted, as_known)
    asked = [name for name in wanted if name not in typed]
    found = metrics.query(
        engine, asked, start=start, end=end, grain=grain, by=by, where=where, with_tables=not keep_refusals,
        keep_refusals=keep_refusals, others=others_of(home, engine, as_known),
    ) if asked else {}  # fmt: skip
    for name in typed:
        found[name] = typed_series(
            home, name, start, end, grain, by, where, engine.calendar, keep_refusals, as_known
        )
    return {name: found[name] for name in wanted}


def known_span(home: Home, wanted: Sequence[str], as_known: datetime | None) -> tuple[date, date] | None:
    """First and last day that any of the KPIs' data know of; ``None`` without any data."""
    engine = engine_of(home, as_known=as_known)
    typed = observed_kpis(home, engine, wanted, as_known)
    every = engine.definitions.kpis
    plain = [name for name in wanted if name in every and every[name].recipe is None and name not in typed]
    days = [one for one in metrics.known_days(engine, plain).values() if one is not None]
    if rest := [name for name in wanted if name not in plain]:
        # Typed values tell of no day after those that are asked for: ask for one after they end.
        heard = observations.known(home, as_known)
        end = max((last for _, last in heard.values()), default=SOME_DAY) + timedelta(days=367)
        start, refusals = end - timedelta(days=1), len(wanted) > 1
        found = series_for(home, rest, start=start, end=end, keep_refusals=refusals, as_known=as_known)
        days += [
            (heard[name][0] if name in typed else one.data_from, one.data_through)
            for name, one in found.items()
            if one.data_from is not None and one.data_through is not None
        ]
    return (min(first for first, _ in days), max(last for _, last in days)) if days else None


def _without_rows(
    home: Home,
    wanted: Sequence[str],
    by: Sequence[str],
    where: Where | None,
    keep_refusals: bool,
    as_known: datetime | None,
) -> dict[str, Series]:
    """What is asked without a span while there are no data: no rows, and notes on what is missing."""
    end = SOME_DAY + timedelta(days=1)
    found = series_for(
        home,
        wanted,
        start=SOME_DAY,
        end=end,
        by=by,
        where=where,
        keep_refusals=keep_refusals,
        as_known=as_known,
    )
    return {name: replace(one, frame=one.frame.iloc[:0]) for name, one in found.items()}


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
    if observed_kpis(home, engine, [kpi]):
        rows = [
            {"_measure": kpi, "_batch": one.batch, "period": one.start, "value": one.value, **one.dimensions}
            | {"_row": one.row}
            for one in once(
                [one for one in observations.of(home, kpi) if start <= one.start < end],
                engine.calendar,
                end=end,
            )
        ]
        frame = pd.DataFrame(rows)
    else:
        frame = metrics.records(engine, kpi, start=start, end=end, where=where, limit=min(limit, MAX_LIMIT))
    return with_files(home, frame).head(limit)


def with_files(home: Home, frame: pd.DataFrame) -> pd.DataFrame:
    """Records with ``_batch``, and beside it the name of its file as ``_file``."""
    if "_batch" in frame:
        files = {batch.id: batch.file for batch in kept.all_batches(home)}
        frame.insert(2, "_file", frame["_batch"].map(files))
    return frame
