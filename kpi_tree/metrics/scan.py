"""One scan a fact for all measures asked: SQL out, long rows of cells in.

Periods that were scanned before, and whose rows are still the same, are not scanned again (see ``cells``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np

from kpi_tree.catalogue.model import STOCKS, Fact, Measure, Query
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics.ask import Ask, runs
from kpi_tree.metrics.cells import Mask, Periods, Rows
from kpi_tree.metrics.engine import Engine
from kpi_tree.metrics.expand import expand
from kpi_tree.metrics.filters import condition
from kpi_tree.metrics.long import Scanned, long
from kpi_tree.metrics.segments import named_in, one_of_each, text_of
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.periods import Grain
from kpi_tree.records.tables import table_label

Needs = tuple[frozenset[str], frozenset[str]]
"""Dimensions that a measure itself looks at, and what it counts of what not all reports count."""


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
    if measure.kind in ("min", "max"):
        return f"{measure.kind}({inner})"
    return f"sum({inner})"


def _source(engine: Engine, fact: Fact) -> str:
    """What people call the records that a fact is made from."""
    own = engine.tables.get(fact.tables[0]) if fact.tables else None
    return table_label(own.name) if own is not None else fact.name


def _columns(engine: Engine, measures: Sequence[Measure], fact: Fact) -> str:
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
    return engine.settled(", ".join(parts))


def scan_fact(engine: Engine, fact: Fact, measures: Sequence[Measure], ask: Ask) -> dict[str, Scanned]:
    """All flow measures of one fact in one scan; those that do not add up once more for the whole span."""
    if ask.span.grain is Grain.HOUR and not fact.hours:
        raise Refused(
            msg("{name} comes by day and has no hours.", name=_source(engine, fact)),
            place="grain",
            remedy=msg("Choose day or a coarser grain."),
        )
    found: dict[str, Scanned] = {}
    for needs, some in _alike(engine, fact, measures).items():
        found.update(_scan_alike(engine, fact, some, ask, needs))
    return found


def _alike(engine: Engine, fact: Fact, measures: Sequence[Measure]) -> dict[Needs, list[Measure]]:
    """Measures by what decides which reports are used for them."""
    groups: dict[Needs, list[Measure]] = {}
    for measure in measures:
        needs = (named_in(fact, measure), engine.needed(fact, text_of(measure)))
        groups.setdefault(needs, []).append(measure)
    return groups


def _scan_alike(
    engine: Engine, fact: Fact, measures: Sequence[Measure], ask: Ask, needs: Needs
) -> dict[str, Scanned]:
    test = _test(fact, ask, needs)
    rows = _by_period(engine, fact, _columns(engine, measures, fact), ask, ask.periods(), test)
    found = {m.name: Scanned(long(rows, m, i, ask)) for i, m in enumerate(measures)}
    stubborn = [m for m in measures if not m.additive]
    if stubborn:
        whole = _for_the_span(engine, fact, _columns(engine, stubborn, fact), ask, test)
        grand = whole["level"] == (2 ** len(ask.by) - 1)
        for i, measure in enumerate(stubborn):
            found[measure.name].grand = long(_pick(whole, grand), measure, i, ask, whole=True)
            if ask.by:
                found[measure.name].whole = long(_pick(whole, ~grand), measure, i, ask, whole=True)
    return found


def _test(fact: Fact, ask: Ask, needs: Needs = (frozenset(), frozenset())) -> str:
    """SQL of the rows asked for, each amount told once."""
    kept = condition(fact.dims, ask.where)
    named, counts = needs
    one = one_of_each(fact, [*ask.by, *ask.where, *named], counts=counts)
    return f"{kept} AND {one}" if fact.segmented else kept


def _by_period(engine: Engine, fact: Fact, columns: str, ask: Ask, periods: Periods, test: str) -> Rows:
    """Cells by period and combination of dimension values."""
    head = ", ".join([f"{ask.span.bucket()} AS p", *ask.dims(fact.dims)])

    def scan(missing: Mask) -> Rows:
        days = runs(periods.pick(missing))
        source = f"FROM facts.{name(fact.name)} WHERE {days} AND {test}"
        return _fetch(engine, f"SELECT {head}, {columns} {source} GROUP BY {', '.join(['p', *ask.keys])}")

    if ask.span.grain is Grain.HOUR:  # rows without a time of day have a day and no hour
        return scan(np.ones(len(periods.starts), dtype=bool))
    return _kept(engine, (fact.name,), ("cells", head, columns, test), periods, scan)


def _for_the_span(engine: Engine, fact: Fact, columns: str, ask: Ask, test: str) -> Rows:
    """Cells of the whole span, by combination of dimension values and over all of them."""
    keys = ", ".join(ask.keys)
    sets = f"GROUPING SETS (({keys}), ())" if keys else "()"
    head = ", ".join([*ask.dims(fact.dims), f"grouping({keys}) AS level"]) if keys else "0 AS level"
    source = f"FROM facts.{name(fact.name)} WHERE {ask.days()} AND {test}"
    start = f"{literal(ask.span.start)} AS p"
    sql = f"SELECT {start}, {head}, {columns} {source} GROUP BY {sets}"
    return _kept(engine, (fact.name,), sql, ask.whole(), lambda _: _fetch(engine, sql))


def scan_stock(engine: Engine, fact: Fact, measures: Sequence[Measure], ask: Ask) -> dict[str, Scanned]:
    """Changes of level by period, with what stood before the first one under the period -1."""
    if ask.span.grain is Grain.HOUR:
        raise Refused(
            msg("{name} is a level at the end of a day and has no hours.", name=_source(engine, fact)),
            place="grain",
            remedy=msg("Choose day or a coarser grain."),
        )
    covered = engine.coverage(fact.name)
    end = ask.span.end if covered is None else min(ask.span.end, covered[1] + timedelta(days=1))
    columns = _columns(engine, measures, fact)
    before = _opening(engine, fact, columns, ask, end)
    changes = _by_period(engine, fact, columns, ask, ask.periods(end), _test(fact, ask))
    rows = {column: np.concatenate([before[column], changes[column]]) for column in changes}
    return {m.name: Scanned(long(rows, m, i, ask)) for i, m in enumerate(measures)}


def _opening(engine: Engine, fact: Fact, columns: str, ask: Ask, end: date) -> Rows:
    """What stood before the span; no row where nothing did."""
    head = ", ".join([f"{literal(ask.span.start)} AS p", *ask.dims(fact.dims)])
    ended = f"_day < {literal(min(ask.span.start, end))}"
    test = f"{ended} AND {condition(fact.dims, ask.where)}"
    groups = f"GROUP BY {', '.join(['p', *ask.keys])}"
    sql = f"SELECT {head}, {columns} FROM facts.{name(fact.name)} WHERE {test} {groups}"
    rows = _kept(engine, (fact.name,), sql, ask.opening(end), lambda _: _fetch(engine, sql))
    return {**rows, "p": np.full(len(rows["p"]), np.datetime64("NaT", "s"))}


def count_rows(engine: Engine, fact: Fact, ask: Ask) -> int:
    """How many rows of a fact lie in the span and filter asked."""
    start = f"{literal(ask.span.start)} AS p"
    test = f"{ask.days()} AND {condition(fact.dims, ask.where)}"
    sql = f"SELECT {start}, count(*)::DOUBLE AS n FROM facts.{name(fact.name)} WHERE {test}"
    return int(_kept(engine, (fact.name,), sql, ask.whole(), lambda _: _fetch(engine, sql))["n"].sum())


def scan_query(engine: Engine, query_name: str, measures: Sequence[Measure], ask: Ask) -> dict[str, Scanned]:
    """A query that meets the spine itself, run by period, by combination, and for the whole span."""
    query = engine.definitions.queries[query_name]
    if ask.span.grain is Grain.HOUR and ("{in " not in query.sql or "{before " in query.sql):
        raise Refused(
            msg(
                "{name} compares whole days and has no hours.",
                name=_source(engine, engine.facts.defined(query.facts[0])),
            ),
            place="grain",
            remedy=msg("Choose day or a coarser grain."),
        )
    columns = ", ".join(f"({m.sql})::DOUBLE AS v{i}" for i, m in enumerate(measures))
    bare = Ask(ask.span, (), ask.where)
    rows = _answer(engine, query, columns, ask, whole=False)
    whole = _answer(engine, query, columns, ask, whole=True) if ask.by else None
    grand = _answer(engine, query, columns, bare, whole=True)
    return {
        m.name: Scanned(
            long(rows, m, i, ask),
            long(whole, m, i, ask, whole=True) if whole else None,
            long(grand, m, i, bare, whole=True),
        )
        for i, m in enumerate(measures)
    }


def _answer(engine: Engine, query: Query, columns: str, ask: Ask, *, whole: bool) -> Rows:
    through = None
    for fact_name in query.facts:
        engine.fact(fact_name)
        covered = engine.coverage(fact_name)
        through = covered[1] if covered and (through is None or covered[1] > through) else through
    picked = f"SELECT {', '.join(['p', *ask.keys])}, n::DOUBLE AS n, {columns} FROM answer"

    def run(part: Ask) -> Rows:
        body = expand(engine.settled(query.sql), query.dims, part, whole=whole)
        spine = part.span.relation(through, whole=whole)
        rows = _fetch(engine, f"WITH {spine}, answer AS ({body}) {picked}", numbered=True)
        return {**rows, "p": part.span.starts[rows["p"].astype(np.int64)].astype("datetime64[s]")}

    if query.reach == "history" or ask.span.grain is Grain.HOUR:
        return run(ask)
    back = query.reach == "before"
    told = through if "data_through" in query.sql else None
    key = (query.name, whole, ask.span.grain, *ask.dims(query.dims), columns, told)
    key = (*key, engine.settled(query.sql), condition(query.dims, ask.where))
    if whole:
        return _kept(engine, query.facts, (*key, ask.days()), ask.whole(back=back), lambda _: run(ask))
    periods = ask.periods(back=back)
    return _kept(engine, query.facts, key, periods, lambda missing: run(ask.part(missing)))


def _kept(
    engine: Engine, facts: Sequence[str], key: object, periods: Periods, scan: Callable[[Mask], Rows]
) -> Rows:
    signatures = {fact: engine.facts.signature(fact) for fact in facts}
    said = str(key)
    settled = not any(column in said for fact in facts for column in engine.facts.defined(fact).unsettled)
    return engine.cells.rows((tuple(facts), key), periods, signatures, engine.marks, scan, settled=settled)


def _fetch(engine: Engine, sql: str, *, numbered: bool = False) -> Rows:
    table = engine.arrow(sql)
    rows = {column: table.column(column).to_numpy(zero_copy_only=False) for column in table.column_names}
    return rows if numbered else {**rows, "p": rows["p"].astype("datetime64[s]")}


def _pick(rows: Rows, keep: Mask) -> Rows:
    return {column: values[keep] for column, values in rows.items()}
