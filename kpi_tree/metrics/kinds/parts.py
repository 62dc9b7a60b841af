"""What a definition adds to those that are there: a KPI, and the facts, queries and measures it needs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kpi_tree.catalogue.load import Definitions
from kpi_tree.catalogue.model import Fact, Kpi, Measure, Query
from kpi_tree.catalogue.own.aggregates import Term
from kpi_tree.catalogue.own.model import Rows, Side
from kpi_tree.metrics.sqltext import name


@dataclass
class Parts:
    """The additions of one definition."""

    facts: dict[str, Fact] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)

    def onto(self, base: Definitions, kpi: Kpi | None = None) -> Definitions:
        """The definitions with these beside them."""
        return replace(
            base,
            facts={**base.facts, **self.facts},
            queries={**base.queries, **self.queries},
            measures={**base.measures, **self.measures},
            kpis={**base.kpis, **({kpi.id: kpi} if kpi else {})},
        )


def by_content(prefix: str, sql: str) -> str:
    """A fact's name that says what is in it: changed by its definition it is another fact.

    >>> by_content("own_stock", "SELECT 1") == by_content("own_stock", "SELECT 2")
    False
    """
    return f"{prefix}_{hashlib.sha1(sql.encode(), usedforsecurity=False).hexdigest()[:10]}"


def fact_of(rows: Rows, parts: Parts) -> str:
    """The fact that holds the rows: the source's own, or one that is dated by another column."""
    source = rows.source
    if not rows.own_time:
        return source.name
    made = f"own_by_{rows.time}_{source.name}"
    column, kind = name(rows.time), source.columns[rows.time]
    at, day = {
        "instant": (f"local_time({column})", f"local_day({column})"),
        "local": (column, f"{column}::DATE"),
        "day": ("NULL::TIMESTAMP", column),
    }[kind]
    dated = f"{at} AS _at, {day} AS _day"
    kept = f"* REPLACE ({dated})" if source.time else f"*, {dated}"
    tab = "" if source.prepared else ", 0::TINYINT AS _tab"
    parts.facts[made] = Fact(
        made,
        tables=source.tables,
        uses=(source.name,) if source.prepared else (),
        sql=f"SELECT {kept}{tab} FROM {source.relation} WHERE {column} IS NOT NULL",
        dims=source.dims,
        aggregated=source.aggregated,
        hours=kind != "day",
    )
    return made


def measure_of(measure: str, term: Term, fact: str, where: str) -> Measure:
    """An aggregate as a measure of a fact; its own condition and that of the rows both hold."""
    tests = [f"({test})" for test in (where, term.where) if test]
    fill = "zero" if term.kind in ("sum", "count", "distinct") else "none"
    return Measure(
        measure,
        fact,
        kind=term.kind,  # type: ignore[arg-type]
        sql=term.sql,
        where=" AND ".join(tests),
        fill=fill,  # type: ignore[arg-type]
        at=term.at,
        money=term.money,
    )


def measures_of(side: Side, parts: Parts, pairwise: str = "") -> str:
    """A side's measures added; the arithmetic over their names.

    Args:
        pairwise: a further condition on the rows: that the other side has a value too.
    """
    fact = fact_of(side.rows, parts)
    where = " AND ".join(f"({test})" for test in (side.rows.where, pairwise) if test)
    for measure, term in side.value.terms.items():
        parts.measures[measure] = measure_of(measure, term, fact, where)
    return side.value.text


def given(side: Side) -> str:
    """That a row has a value on this side; empty where every row counts."""
    terms = list(side.value.terms.values())
    if not all(term.kind == "sum" for term in terms):
        return ""
    return " AND ".join(f"({term.sql}) IS NOT NULL" for term in terms)


def tables_of(rows: Mapping[str, Rows]) -> tuple[str, ...]:
    """The record tables of several relations, each once."""
    return tuple(dict.fromkeys(table for one in rows.values() for table in one.source.tables))
