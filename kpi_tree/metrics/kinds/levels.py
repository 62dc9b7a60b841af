# ruff: noqa: E501 (SQL reads better in one line)
"""Levels: the last known one of each item carried on, then added up; or the average over the days.

A level is kept as its changes, so that any period, filter and breakdown adds up. An item that moves (from
one shop to another) takes its level with it.
"""

from __future__ import annotations

from kpi_tree.catalogue.model import Fact, Measure, Query
from kpi_tree.catalogue.own.model import Stock
from kpi_tree.metrics.kinds.parts import Parts, by_content
from kpi_tree.metrics.kinds.relations import day_of, moment_of, relation
from kpi_tree.metrics.sqltext import name


def leveled(kpi_id: str, how: Stock) -> Parts:
    """The changes of level as a fact, and one measure ``own_<id>`` of it."""
    source = how.rows.source
    sql = _changes(how, [dim for dim in source.dims if dim not in how.per])
    changes = by_content(f"own_{kpi_id}_levels", sql)
    fact = Fact(
        changes,
        tables=source.tables,
        uses=(source.name,) if source.prepared else (),
        sql=sql,
        dims=source.dims,
        hours=False,
    )
    measure = f"own_{kpi_id}"
    if how.at == "average":
        query = Query(measure, (changes,), _average(changes), source.dims)
        made = Measure(measure, changes, kind="query", sql="v", query=measure, fill="none", money=how.money)
        return Parts({changes: fact}, {measure: query}, {measure: made})
    kind = "closing" if how.at == "closing" else "opening"
    made = Measure(measure, changes, kind=kind, sql="_change", fill="carry", money=how.money)  # type: ignore[arg-type]
    return Parts({changes: fact}, {}, {measure: made})


def _changes(how: Stock, moving: list[str]) -> str:
    """Two rows where an item moved: what it takes from where it was, and what it brings."""
    items = ", ".join(name(column) for column in how.per)
    now = (
        f"struct_pack({', '.join(f'm{i} := {name(dim)}' for i, dim in enumerate(moving))})" if moving else "0"
    )
    back = ", ".join(f"was.m{i} AS {name(dim)}" for i, dim in enumerate(moving))
    replaced = f" REPLACE ({back})" if moving else ""
    return f"""
        WITH counted AS (
          SELECT * REPLACE ({day_of(how.rows)} AS _day), {moment_of(how.rows)} AS own_t, ({how.level})::DOUBLE AS own_level
          FROM ({relation(how.rows)})
        ),
        followed AS (
          SELECT *, lag(own_level) OVER item AS before, lag({now}) OVER item AS was, {now} AS is_now
          FROM counted WHERE own_level IS NOT NULL AND own_t IS NOT NULL
          WINDOW item AS (PARTITION BY {items} ORDER BY own_t, _seq, _row)
        )
        SELECT * EXCLUDE (own_t, own_level, before, was, is_now),
               CASE WHEN before IS NULL THEN own_level WHEN was IS NOT DISTINCT FROM is_now THEN own_level - before
                    ELSE own_level END AS _change
        FROM followed
        UNION ALL BY NAME
        SELECT * EXCLUDE (own_t, own_level, before, was, is_now){replaced}, -before AS _change
        FROM followed WHERE before IS NOT NULL AND was IS DISTINCT FROM is_now"""


def _average(changes: str) -> str:
    """The level of each day of the period, averaged over the days known; each change counts from its day on."""
    return f"""
        WITH known AS (SELECT min(_day) AS first_day FROM facts.{name(changes)}),
        days AS (
          SELECT p, greatest(p_start, first_day) AS begins, least(p_end, data_through + 1)::DATE AS ends
          FROM spine, known WHERE p_start <= data_through AND p_end > first_day
        ),
        daily AS (
          SELECT f._day AS _day{{dims f}}, sum(f._change) AS change, count(*) AS n
          FROM facts.{name(changes)} AS f WHERE {{where f}} GROUP BY ALL
        )
        SELECT s.p{{keys}}, sum(d.n) AS n,
               sum(d.change * (s.ends - greatest(d._day, s.begins))) / any_value(s.ends - s.begins) AS v
        FROM days AS s JOIN daily AS d ON d._day < s.ends GROUP BY s.p{{keys}}"""
