"""KPIs over periods, dimensions and filters: the composer that all numbers come through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from kpi_tree.catalogue import find_kpi
from kpi_tree.catalogue.expression import divide, parse
from kpi_tree.catalogue.model import STOCKS, Kpi, Measure
from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics.ask import Ask
from kpi_tree.metrics.engine import Engine
from kpi_tree.metrics.filters import Where, check_currency, check_dimensions, check_values, facts_of
from kpi_tree.metrics.grid import Array, Grid, combinations, lay_out
from kpi_tree.metrics.known import days_of, overlap_of
from kpi_tree.metrics.long import SEPARATOR, Scanned
from kpi_tree.metrics.notes import missing_tables, notes_of, unexplained
from kpi_tree.metrics.scan import scan_fact, scan_query, scan_stock
from kpi_tree.metrics.series import Series
from kpi_tree.metrics.spans import Span, make_span
from kpi_tree.metrics.tables import ranked_table
from kpi_tree.periods import Grain

NOBODY = "\x00"
"""A value that no record has in any dimension."""


def query(
    engine: Engine,
    kpis: Sequence[str],
    *,
    start: date,
    end: date,
    grain: Grain | str = Grain.DAY,
    by: Sequence[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
    with_tables: bool = False,
    keep_refusals: bool = False,
    aligned: bool = False,
) -> dict[str, Series]:
    """Values of KPIs over ``[start, end)``.

    Args:
        kpis: ids; measures that several share are computed once.
        grain: length of a period; a period that reaches over the span's edge holds its days in the span.
        by: dimensions to break down by; rows without a value stand under "(not set)".
        where: dimension → values to keep.
        with_tables: whether table KPIs bring their ranked table.
        keep_refusals: with several KPIs, one that cannot be given becomes a series of gaps with its
            ``refusal``, and the others are still answered.
        aligned: whether all KPIs answer for the same combinations of dimension values, and for
            :data:`NOBODY` beside them: what each says where it has no record. Whether a value of ``where``
            occurs at all is then not asked of each of them.

    Returns:
        One :class:`Series` a KPI id, in the order asked.

    Raises:
        NotFound: unknown KPI or dimension (the nearest is named).
        Refused: unknown dimension value, amounts in several currencies, a figure that the records cannot
            give (distinct visitors over days that came counted), a span without days.
    """
    span = make_span(start, end, Grain(grain), engine.calendar)
    ask = Ask(span, tuple(by), dict(where or {}))
    found = {kpi_id: find_kpi(kpi_id, engine.definitions.kpis) for kpi_id in dict.fromkeys(kpis)}
    refusals: dict[str, KpiTreeError] = {}
    currencies: dict[str, str | None] = {}
    for kpi_id, kpi in found.items():
        try:
            currencies[kpi_id] = _check(engine, kpi, ask, aligned)
        except KpiTreeError as error:
            if not keep_refusals:
                raise
            refusals[kpi_id] = error
    wanted = {k: v for k, v in found.items() if k not in refusals}
    scans = _scan(engine, wanted.values(), ask, refusals, keep_refusals)
    keys = combinations(scans) or ([""] if not ask.by else [])
    if aligned and ask.by:
        keys = sorted({*keys, SEPARATOR.join([NOBODY] * len(ask.by))})
    grids = {
        name: lay_out(engine.definitions.measures[name], scan, keys, span, days_of(engine, name))
        for name, scan in scans.items()
    }
    answers = {}
    for kpi_id, kpi in found.items():
        if kpi_id not in refusals:
            try:
                answers[kpi_id] = _series(engine, kpi, ask, grids, keys, currencies.get(kpi_id), aligned)
                if with_tables and kpi.table:
                    answers[kpi_id].table = ranked_table(engine, kpi, ask)
                continue
            except KpiTreeError as error:
                if not keep_refusals:
                    raise
                refusals[kpi_id] = error
        answers[kpi_id] = gaps(kpi, ask, refusals[kpi_id])
    return answers


def _check(engine: Engine, kpi: Kpi, ask: Ask, aligned: bool) -> str | None:
    check_dimensions(kpi, [*ask.by, *ask.where])
    for fact_name in facts_of(engine, kpi):
        engine.fact(fact_name)
    if not aligned:
        check_values(engine, kpi, ask.where)
    return check_currency(engine, kpi, ask.where, ask.days(), ask.by)


def _scan(
    engine: Engine, kpis: Iterable[Kpi], ask: Ask, refusals: dict[str, KpiTreeError], keep: bool
) -> dict[str, Scanned]:
    """Every measure the KPIs need, one scan a fact."""
    groups: dict[tuple[str, str], dict[str, Measure]] = {}
    users: dict[tuple[str, str], list[str]] = {}
    for kpi in kpis:
        for measure_name in kpi.measures():
            measure = engine.definitions.measures[measure_name]
            kind = "query" if measure.query else "stock" if measure.kind in STOCKS else "flow"
            group = (kind, measure.query or measure.fact)
            groups.setdefault(group, {})[measure_name] = measure
            users.setdefault(group, []).append(kpi.id)
    scans: dict[str, Scanned] = {}
    for (kind, source), measures in groups.items():
        wanted = list(measures.values())
        try:
            if kind == "query":
                scans.update(scan_query(engine, source, wanted, ask))
            elif kind == "stock":
                scans.update(scan_stock(engine, engine.fact(source), wanted, ask))
            else:
                scans.update(scan_fact(engine, engine.fact(source), wanted, ask))
        except KpiTreeError as error:
            if not keep:
                raise
            refusals.update(dict.fromkeys(users[kind, source], error))
    return scans


def _series(
    engine: Engine,
    kpi: Kpi,
    ask: Ask,
    grids: Mapping[str, Grid],
    keys: list[str],
    currency: str | None,
    aligned: bool,
) -> Series:
    own = {name: grids[name] for name in kpi.measures()}
    _refuse_guesses(kpi, own, ask)
    seen = np.zeros(len(keys), dtype=bool)
    for grid in own.values():
        seen |= grid.seen
    if not ask.by or aligned:
        seen[:] = True
    days = overlap_of(engine, kpi)
    money = kpi.unit == "money" or any(engine.definitions.measures[m].money for m in kpi.measures())
    series = Series(
        kpi.id,
        kpi.unit,
        ask.span.grain,
        _frame(kpi, own, ask, [k for k, s in zip(keys, seen, strict=True) if s], seen),
        by=ask.by,
        total=_total(kpi, own),
        data_from=days[0] if days else None,
        data_through=days[1] if days else None,
        currency=currency if money else None,
        calendar=ask.span.calendar,
    )
    if ask.by:
        series.totals = _totals(kpi, own, ask, [k for k, s in zip(keys, seen, strict=True) if s], seen)
    series.notes = notes_of(engine, kpi, ask, own)
    if series.total.get("value") is None and not missing_tables(engine, kpi):
        series.notes += unexplained(engine, kpi)
    return series


def _refuse_guesses(kpi: Kpi, grids: Mapping[str, Grid], ask: Ask) -> None:
    if any(grid.guessed for grid in grids.values()):
        raise Refused(
            msg(
                "{kpi} counts people, and days that came already counted cannot be put together.",
                kpi=kpi.id,
            ),
            place=ask.span.grain.value,
            remedy=msg("Ask by day without a breakdown, or load the single visits."),
        )


def _figures(kpi: Kpi, values: Mapping[str, Array], records: Array) -> dict[str, Array]:
    """Value, numerator, denominator, records and parts from the measures' arrays."""
    shape = records.shape
    numerator = np.broadcast_to(parse(kpi.numerator).evaluate(values), shape)
    if kpi.denominator is None:
        denominator, value = np.full(shape, np.nan), numerator
    else:
        denominator = np.broadcast_to(parse(kpi.denominator).evaluate(values), shape)
        value = divide(numerator, denominator)
    if kpi.fill == "none":
        value = np.where(records > 0, value, np.nan)
    figures = {"value": value, "numerator": numerator, "denominator": denominator, "records": records}
    for part, text in kpi.parts.items():
        figures[part] = np.broadcast_to(parse(text).evaluate(values), shape)
    return figures


def _records(kpi: Kpi, grids: Mapping[str, Grid], which: str) -> Array:
    """Records behind a value: those of all its measures that are taken over different records."""
    names = parse(kpi.numerator).names or kpi.measures()
    arrays = [np.asarray(getattr(grids[name], which), dtype=np.float64) for name in names]
    most: Array = np.maximum.reduce(arrays)
    return most


def _frame(kpi: Kpi, grids: Mapping[str, Grid], ask: Ask, keys: list[str], seen: Array) -> pd.DataFrame:
    values = {name: grid.cells[:, seen.astype(bool)] for name, grid in grids.items()}
    records = _records(kpi, grids, "records")[:, seen.astype(bool)]
    figures = _figures(kpi, values, records)
    periods, combos = records.shape
    columns: dict[str, object] = {"period": np.repeat(ask.span.starts, combos)}
    columns.update(_dimensions(ask.by, keys, periods))
    columns.update({name: array.ravel() for name, array in figures.items()})
    columns["records"] = figures["records"].ravel().astype(np.int64)
    return pd.DataFrame(columns)


def _dimensions(by: Sequence[str], keys: list[str], times: int) -> dict[str, object]:
    parts = [key.split(SEPARATOR) for key in keys]
    return {
        dim: np.tile(np.array([part[i] for part in parts], dtype=object), times) for i, dim in enumerate(by)
    }


def _totals(kpi: Kpi, grids: Mapping[str, Grid], ask: Ask, keys: list[str], seen: Array) -> pd.DataFrame:
    values = {name: grid.whole[seen.astype(bool)] for name, grid in grids.items()}
    records = _records(kpi, grids, "whole_records")[seen.astype(bool)]
    figures = _figures(kpi, values, records)
    return pd.DataFrame({**_dimensions(ask.by, keys, 1), **figures})


def _total(kpi: Kpi, grids: Mapping[str, Grid]) -> dict[str, float | None]:
    values: dict[str, Array] = {
        name: np.array([np.nan if grid.total_guessed else grid.total]) for name, grid in grids.items()
    }
    records = np.atleast_1d(_records(kpi, grids, "total_records"))
    figures = _figures(kpi, values, records)
    return {name: _number(array) for name, array in figures.items()}


def _number(array: Array) -> float | None:
    value = float(np.ravel(array)[0])
    return None if np.isnan(value) else value


def gaps(kpi: Kpi, ask: Ask, refusal: KpiTreeError) -> Series:
    """A series without a value, and why it has none."""
    span: Span = ask.span
    nothing = np.full(len(span), np.nan)
    frame = pd.DataFrame(
        {
            "period": span.starts,
            "value": nothing,
            "numerator": nothing,
            "denominator": nothing,
            "records": np.zeros(len(span), dtype=np.int64),
        }
    )
    total: dict[str, float | None] = {"value": None, "numerator": None, "denominator": None, "records": 0.0}
    return Series(
        kpi.id,
        kpi.unit,
        span.grain,
        frame,
        total=total,
        notes=[refusal.message],
        refusal=refusal,
        calendar=span.calendar,
    )


__all__ = ["NOBODY", "Where", "gaps", "query"]
