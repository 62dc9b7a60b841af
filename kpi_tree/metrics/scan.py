"""One scan a fact for all measures asked: SQL out, long rows of cells in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np

from kpi_tree.catalogue.model import STOCKS, Fact, Measure
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics.engine import NOT_SET, Engine
from kpi_tree.metrics.expand import expand
from kpi_tree.metrics.filters import Where, condition
from kpi_tree.metrics.spans import Span
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.periods import Grain

SEPARATOR = "\x1f"
OPENING = -1
"""Period number of what stood before the first period."""

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Rows = dict[str, np.ndarray[Any, Any]]
Texts = np.ndarray[tuple[int], np.dtype[np.object_]]


@dataclass
class Long:
    """Cells in long form: period number, combination of dimension values, value, records.

    Attributes:
        guessed: whether a cell would have to be guessed from rows that came counted by day.
    """

    p: Ints
    key: Texts
    value: Floats
    records: Floats
    guessed: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None


@dataclass
class Scanned:
    """A measure's cells, its figures for the whole span by combination, and its grand total."""

    cells: Long
    whole: Long | None = None
    grand: Long | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Ask:
    """What is asked of every measure: the span, the dimensions, the filter."""

    span: Span
    by: tuple[str, ...]
    where: Where

    def days(self, day: str = "_day") -> str:
        """SQL that keeps the days asked."""
        return f"{day} >= {literal(self.span.start)} AND {day} < {literal(self.span.end)}"


def aggregate(measure: Measure) -> str:
    """The SQL aggregate of a measure, without its condition.

    >>> aggregate(Measure("visitors", "visits", "distinct", "visitor_id"))
    'count(DISTINCT visitor_id)'
    """
    inner = measure.sql
    if measure.kind == "count":
        return f"count({inner})" if inner else "count(*)"
    if measure.kind == "distinct":
        return f"count(DISTINCT {inner})"
    if measure.kind == "median":
        return f"quantile_cont({inner}, 0.5)"
    if measure.kind == "quantile":
        return f"quantile_cont({inner}, {measure.at!r})"
    if measure.kind == "mean":
        return f"avg({inner})"
    return f"sum({inner})"


def _columns(measures: Sequence[Measure], fact: Fact) -> str:
    parts = ["count(*)::DOUBLE AS n"]
    if fact.aggregated and any(not m.additive and m.kind not in STOCKS for m in measures):
        parts.append("count(*) FILTER (WHERE _agg)::DOUBLE AS counted")
    for i, measure in enumerate(measures):
        only = f" FILTER (WHERE {measure.where})" if measure.where else ""
        parts.append(f"({aggregate(measure)}{only})::DOUBLE AS v{i}")
        if measure.where:
            parts.append(f"count(*){only}::DOUBLE AS n{i}")
        if measure.aggregate:
            parts.append(f"max({measure.aggregate}) FILTER (WHERE _agg)::DOUBLE AS g{i}")
    return ", ".join(parts)


def _dims(by: Iterable[str], known: Iterable[str]) -> list[str]:
    have = set(known)
    return [
        f"nullif({name(dim)}::VARCHAR, '') AS d{i}" if dim in have else f"NULL::VARCHAR AS d{i}"
        for i, dim in enumerate(by)
    ]


def scan_fact(engine: Engine, fact: Fact, measures: Sequence[Measure], ask: Ask) -> dict[str, Scanned]:
    """All flow measures of one fact in one scan; those that do not add up once more for the whole span."""
    if ask.span.grain is Grain.HOUR and not fact.hours:
        raise Refused(
            msg("{name} comes by day and has no hours.", name=fact.name),
            place="grain",
            remedy=msg("Choose day or a coarser grain."),
        )
    dims = _dims(ask.by, fact.dims)
    source = f"FROM facts.{name(fact.name)} WHERE {ask.days()} AND {condition(fact.dims, ask.where)}"
    keys = ", ".join(f"d{i}" for i in range(len(ask.by)))
    head = ", ".join([f"{ask.span.bucket()} AS p", *dims])
    groups = f"p, {keys}" if keys else "p"
    rows = _fetch(
        engine, f"SELECT {head}, {engine.settled(_columns(measures, fact))} {source} GROUP BY {groups}"
    )
    found = {m.name: Scanned(_long(rows, m, i, ask)) for i, m in enumerate(measures)}
    stubborn = [m for m in measures if not m.additive]
    if stubborn:
        sets = f"GROUPING SETS (({keys}), ())" if keys else "()"
        extra = ", ".join([*dims, f"grouping({keys}) AS level"]) if keys else "0 AS level"
        whole = _fetch(
            engine, f"SELECT {extra}, {engine.settled(_columns(stubborn, fact))} {source} GROUP BY {sets}"
        )
        grand = whole["level"] == (2 ** len(ask.by) - 1)
        for i, measure in enumerate(stubborn):
            found[measure.name].grand = _long(_pick(whole, grand), measure, i, ask, whole=True)
            found[measure.name].whole = (
                _long(_pick(whole, ~grand), measure, i, ask, whole=True) if keys else None
            )
    return found


def scan_stock(engine: Engine, fact: Fact, measures: Sequence[Measure], ask: Ask) -> dict[str, Scanned]:
    """Changes of level by period, with what stood before the first one under the period -1."""
    if ask.span.grain is Grain.HOUR:
        raise Refused(
            msg("{name} is a level at the end of a day and has no hours.", name=fact.name),
            place="grain",
            remedy=msg("Choose day or a coarser grain."),
        )
    covered = engine.coverage(fact.name)
    end = ask.span.end if covered is None else min(ask.span.end, covered[1] + timedelta(days=1))
    start = literal(ask.span.start)
    bucket = f"CASE WHEN _day >= {start} THEN {ask.span.bucket()} END AS p"
    head = ", ".join([bucket, *_dims(ask.by, fact.dims)])
    keys = ", ".join(["p", *(f"d{i}" for i in range(len(ask.by)))])
    rows = _fetch(
        engine,
        f"SELECT {head}, {engine.settled(_columns(measures, fact))} FROM facts.{name(fact.name)} "
        f"WHERE _day < {literal(end)} AND {condition(fact.dims, ask.where)} GROUP BY {keys}",
    )
    return {m.name: Scanned(_long(rows, m, i, ask)) for i, m in enumerate(measures)}


def scan_query(engine: Engine, query_name: str, measures: Sequence[Measure], ask: Ask) -> dict[str, Scanned]:
    """A query that meets the spine itself, run by period, by combination, and for the whole span."""
    query = engine.definitions.queries[query_name]
    if ask.span.grain is Grain.HOUR and ("{in " not in query.sql or "{before " in query.sql):
        raise Refused(
            msg("{name} compares whole days and has no hours.", name=query_name),
            place="grain",
            remedy=msg("Choose day or a coarser grain."),
        )
    through = None
    for fact_name in query.facts:
        engine.fact(fact_name)
        covered = engine.coverage(fact_name)
        through = covered[1] if covered and (through is None or covered[1] > through) else through
    columns = ", ".join(f"({m.sql})::DOUBLE AS v{i}" for i, m in enumerate(measures))

    def run(by: tuple[str, ...], whole: bool) -> Rows:
        body = expand(engine.settled(query.sql), query.dims, Ask(ask.span, by, ask.where), whole=whole)
        keys = "".join(f", d{i}" for i in range(len(by)))
        spine = ask.span.relation(through, whole=whole)
        picked = f"SELECT p{keys}, n::DOUBLE AS n, {columns} FROM answer"
        return _fetch(engine, f"WITH {spine}, answer AS ({body}) {picked}")

    rows = run(ask.by, False)
    whole = run(ask.by, True) if ask.by else None
    grand = run((), True)
    bare = Ask(ask.span, (), ask.where)
    return {
        m.name: Scanned(
            _long(rows, m, i, ask, numbered=True),
            _long(whole, m, i, ask, whole=True) if whole else None,
            _long(grand, m, i, bare, whole=True),
        )
        for i, m in enumerate(measures)
    }


def _fetch(engine: Engine, sql: str) -> Rows:
    table = engine.arrow(sql)
    return {column: table.column(column).to_numpy(zero_copy_only=False) for column in table.column_names}


def _pick(rows: Rows, keep: np.ndarray[Any, Any]) -> Rows:
    return {column: values[keep] for column, values in rows.items()}


def _long(
    rows: Rows,
    measure: Measure,
    i: int,
    ask: Ask,
    *,
    whole: bool = False,
    numbered: bool = False,
) -> Long:
    value = np.asarray(rows[f"v{i}"], dtype=np.float64)
    records = np.asarray(rows.get(f"n{i}", rows["n"]), dtype=np.float64)
    guessed = None
    if "counted" in rows and not measure.additive:
        value, guessed = _counted(rows, i, value)
    count = len(value)
    if whole:
        p = np.zeros(count, dtype=np.int64)
    elif numbered:
        p = rows["p"].astype(np.int64)
    else:
        p = _numbers(rows["p"], ask.span)
    return Long(p, _keys(rows, len(ask.by), count), value, records, guessed)


def _counted(
    rows: Rows,
    i: int,
    value: Floats,
) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """A cell of one row that came counted has that row's own figure; several cannot be put together."""
    counted = np.nan_to_num(rows["counted"])
    alone = (counted == 1) & (rows["n"] == 1)
    own = rows.get(f"g{i}")
    given = np.where(alone, own, np.nan) if own is not None else np.full(len(value), np.nan)
    value = np.where(counted > 0, given, value)
    return value, (counted > 0) & (~alone if own is not None else counted > 0)


def _numbers(starts: np.ndarray[Any, Any], span: Span) -> Ints:
    """Period numbers of period starts; what has none (it lies before) is the opening."""
    days = starts.astype("datetime64[s]")
    empty = np.isnat(days)
    found = np.searchsorted(span.starts, np.where(empty, span.starts[0], days))
    return np.where(empty, OPENING, found).astype(np.int64)


def _keys(rows: Rows, dims: int, count: int) -> Texts:
    if dims == 0:
        return np.full(count, "", dtype=object)
    columns = [
        np.array([NOT_SET if text in (None, "") else text for text in rows[f"d{i}"]], dtype=object)
        for i in range(dims)
    ]
    if dims == 1:
        return columns[0]
    return np.array([SEPARATOR.join(parts) for parts in zip(*columns, strict=True)], dtype=object)
