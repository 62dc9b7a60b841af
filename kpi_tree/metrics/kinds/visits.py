# ruff: noqa: E501 (SQL reads better in one line)
"""Conversion within a window: visits that something followed, by the same person, with the same properties.

Dated by the visit. What follows belongs to the latest visit before it, up to and with the last instant of
the window; a visit counts whether anything followed or not.
"""

from __future__ import annotations

from kpi_tree.catalogue.model import Fact, Measure
from kpi_tree.catalogue.own.model import Conversion, Rows
from kpi_tree.metrics.kinds.parts import Parts, by_content
from kpi_tree.metrics.kinds.relations import day_of, local_of, moment_of, relation


def followed(kpi_id: str, how: Conversion) -> Parts:
    """Visits as a fact with how many conversions each had, and the measures over it."""
    source, other = how.visits.source, how.conversions.source
    sql = _sql(how)
    fact = by_content(f"own_{kpi_id}_visits", sql)
    visits = Fact(
        fact,
        tables=tuple(dict.fromkeys((*source.tables, *other.tables))),
        uses=tuple(dict.fromkeys(one.name for one in (source, other) if one.prepared)),
        sql=sql,
        dims=source.dims,
        coverage=source.tables[:1] if not source.prepared and not how.visits.own_time else (),
        hours=source.columns[how.visits.time] != "day",
    )
    all_of_them = Measure(f"own_{kpi_id}_visits", fact, kind="count", fill="zero")
    converted = Measure(f"own_{kpi_id}_done", fact, kind="count", where="_events > 0", fill="zero")
    if how.count == "events":
        converted = Measure(f"own_{kpi_id}_done", fact, sql="_events", fill="zero")
    return Parts({fact: visits}, {}, {one.name: one for one in (all_of_them, converted)})


def _sql(how: Conversion) -> str:
    days = not (_timed(how.visits) and _timed(how.conversions))
    alike = _same_clock(how)
    count, unit = how.window
    reach = f"INTERVAL {count} {unit.upper()}"
    keys = [f"k{i}" for i in range(len(how.keys))]
    mine = ", ".join(f"{sql} AS k{i}" for i, (sql, _) in enumerate(how.keys))
    theirs = ", ".join(f"{sql} AS k{i}" for i, (_, sql) in enumerate(how.keys))
    known = " AND ".join(f"{key} IS NOT NULL AND {key}::VARCHAR <> ''" for key in keys)
    on = " AND ".join(f"c.{key} = l.{key}" for key in keys)
    return f"""
        WITH visits AS (
          SELECT * REPLACE ({local_of(how.visits)} AS _at, {day_of(how.visits)} AS _day),
                 {_moment(how.visits, days, alike)} AS own_t, {mine}, row_number() OVER (ORDER BY _seq, _row) AS own_id
          FROM ({relation(how.visits)}) WHERE {day_of(how.visits)} IS NOT NULL
        ),
        latest AS (
          SELECT {", ".join(keys)}, own_t, max(own_id) AS own_id FROM visits WHERE {known} GROUP BY ALL
        ),
        conversions AS (
          SELECT {_moment(how.conversions, days, alike)} AS own_t, {theirs} FROM ({relation(how.conversions)})
        ),
        followed AS (
          SELECT l.own_id, count(*) AS events FROM conversions AS c
          ASOF JOIN latest AS l ON {on} AND c.own_t >= l.own_t
          WHERE c.own_t <= l.own_t + {reach} GROUP BY l.own_id
        )
        SELECT v.* EXCLUDE (own_t, own_id, {", ".join(keys)}), coalesce(f.events, 0) AS _events
        FROM visits AS v LEFT JOIN followed AS f USING (own_id)"""


def _timed(rows: Rows) -> bool:
    return rows.source.columns[rows.time] != "day" or (rows.source.prepared and rows.time == "_day")


def _same_clock(how: Conversion) -> bool:
    """Whether both are instants; else both are read on the shop's clock."""
    return all(rows.source.columns[rows.time] == "instant" for rows in (how.visits, how.conversions))


def _moment(rows: Rows, days: bool, alike: bool) -> str:
    if days:
        return day_of(rows)
    return moment_of(rows) if alike else f"coalesce({local_of(rows)}, ({day_of(rows)})::TIMESTAMP)"
