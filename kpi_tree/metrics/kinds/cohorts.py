# ruff: noqa: E501 (SQL reads better in one line)
"""Cohorts: members by their first row, and what became of them within some days.

Dated by that first row. A member of whom the data do not know all those days yet is left out, and counted
apart as left out: not known yet is not 0.
"""

from __future__ import annotations

from dataclasses import replace

from kpi_tree.catalogue.model import Fact, Measure
from kpi_tree.catalogue.own.aggregates import Term
from kpi_tree.catalogue.own.model import Cohort
from kpi_tree.metrics.kinds.parts import Parts, by_content
from kpi_tree.metrics.kinds.relations import day_of, local_of, moment_of, relation

KNOWN = "_known"


def members(kpi_id: str, how: Cohort) -> Parts:
    """Members as a fact with what they came to, and the measures over it."""
    source = how.rows.source
    sql = _sql(how)
    fact = by_content(f"own_{kpi_id}_members", sql)
    made = Fact(
        fact,
        tables=source.tables,
        uses=(source.name,) if source.prepared else (),
        sql=sql,
        dims=source.dims,
        coverage=source.tables[:1] if not source.prepared and not how.rows.own_time else (),
        hours=False,
    )
    of = f"own_{kpi_id}"
    found = [
        Measure(f"{of}_members", fact, kind="count", where=KNOWN),
        Measure(f"{of}_back", fact, kind="count", where=f"{KNOWN} AND _back"),
        Measure(f"{of}_left_out", fact, kind="count", where=f"NOT {KNOWN}"),
    ]
    for at, (measure, term) in enumerate((how.value.terms if how.value else {}).items()):
        found.append(Measure(measure, fact, sql=f"_value{at}", where=KNOWN, money=term.money))
    return Parts({fact: made}, {}, {one.name: one for one in found})


def _sql(how: Cohort) -> str:
    terms = list((how.value.terms if how.value else {}).values())
    values = "".join(f", {_value(term)} AS _value{at}" for at, term in enumerate(terms))
    shown = "".join(f", l._value{at}" for at in range(len(terms)))
    return f"""
        WITH kept AS (
          SELECT * REPLACE ({local_of(how.rows)} AS _at, {day_of(how.rows)} AS _day),
                 {moment_of(how.rows)} AS own_t, {how.entity} AS own_e
          FROM ({relation(how.rows)}) WHERE {day_of(how.rows)} IS NOT NULL
        ),
        known AS (SELECT * FROM kept WHERE own_e IS NOT NULL AND own_e::VARCHAR <> ''),
        firsts AS (
          SELECT * FROM known QUALIFY row_number() OVER (PARTITION BY own_e ORDER BY own_t, _seq, _row) = 1
        ),
        through AS (SELECT max({day_of(how.rows)}) AS last_day FROM ({relation(replace(how.rows, where=""))})),
        later AS (
          SELECT own_e, bool_or(own_t > first_t) AS back{values}
          FROM known JOIN (SELECT own_e AS first_e, own_t AS first_t, _day AS first_day FROM firsts)
            ON own_e = first_e AND _day <= first_day + {how.days}
          GROUP BY own_e
        )
        SELECT f.* EXCLUDE (own_t, own_e), l.back AS _back{shown},
               f._day + {how.days} <= t.last_day AS _known
        FROM firsts AS f JOIN later AS l USING (own_e), through AS t"""


def _value(term: Term) -> str:
    """What a member came to; the columns of a value are those of the member's own rows."""
    only = f" FILTER (WHERE {term.where})" if term.where else ""
    return f"coalesce({'sum' if term.kind == 'sum' else 'count'}({term.sql or '*'}){only}, 0)"
