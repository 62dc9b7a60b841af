"""The same traffic reported twice, by channel and by country, counts once.

Rows of a report that comes counted say by what it is broken down. Where rows of one source and day come
from reports of different breakdowns, or a report of a whole month meets one by day, they are alternatives:
each tells all of it. Reports that count different things (page views by page, visits by channel) are none
of each other. A question uses one of them: the one that has the dimensions asked, else the coarsest.
The alternatives of a row stand in the row itself (``_alts``, null without any), so that the choice is made
row by row and follows from nothing but what is asked.
"""

# ruff: noqa: E501 - SQL reads better unbroken
from __future__ import annotations

import re
from collections.abc import Iterable

import duckdb

from kpi_tree.catalogue.model import Fact, Measure
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.records.tables import Table, segment_dims

NO_ALTERNATIVES = "NULL::VARCHAR AS _seg, NULL::VARCHAR[] AS _alts"
"""Columns of a relation whose rows never stand for one another."""
_LENGTH = 6
"""Digits of how many days a row covers beyond its first."""


def with_alternatives(con: duckdb.DuckDBPyConnection, table: Table, rows: str) -> str:
    """The rows of a by-day table with ``_seg``, what a row is broken down by, and ``_alts``, all that there
    is of its source and days.

    Args:
        rows: SQL of the rows with ``_by``, ``_through`` and ``_origin`` beside the table's columns.

    Returns:
        SQL; each alternative is ``<1 if it leaves days out><days beyond the first>|<dimensions>``.
    """
    dims = segment_dims(table)
    if not dims:
        return f"SELECT *, {NO_ALTERNATIVES} FROM ({rows})"
    marked = _marked(table, dims, rows)
    parts = ", ".join(["_source", *(name(key) for key in _sources(table))])
    kinds = f"SELECT {parts}, count(DISTINCT (_seg)) AS n FROM ({marked}) GROUP BY ALL HAVING n > 1"
    if not con.execute(f"SELECT count(*) FROM ({kinds})").fetchall()[0][0]:
        return f"SELECT * EXCLUDE (_source, _until, _length), NULL::VARCHAR[] AS _alts FROM ({marked})"
    return _with_clashes(table, marked, parts)


def _sources(table: Table) -> list[str]:
    """Columns of the key that name a source of their own, such as an advertising platform."""
    return [key for key in table.key if key != table.time and key not in segment_dims(table)]


def _counted(table: Table) -> list[str]:
    """Columns with what a report counts."""
    return [key for key, column in table.columns.items() if key not in table.key and column.type != "text"]


def _marked(table: Table, dims: tuple[str, ...], rows: str) -> str:
    """Rows with their breakdown; where a batch does not say it, the dimensions that it fills."""
    filled = ", ".join(
        f"CASE WHEN bool_or(coalesce({name(d)}, '') <> '') OVER (PARTITION BY _seq) THEN {literal(d)} END"
        for d in dims
    )
    day = name(str(table.time))
    length = f"lpad(greatest(datediff('day', {day}, coalesce(_through, {day})), 0)::VARCHAR, {_LENGTH}, '0')"
    return (
        f"SELECT * EXCLUDE (_by, _through, _origin), concat({length}, '|', coalesce(_by, concat_ws(',', {filled}))) AS _seg, "
        f"coalesce(_origin, '') AS _source, greatest(coalesce(_through, {day}), {day}) AS _until, {length} AS _length "
        f"FROM ({rows})"
    )


def _with_clashes(table: Table, marked: str, parts: str) -> str:
    day, keys = name(str(table.time)), parts.split(", ")
    same = " AND ".join(f"a.{key} IS NOT DISTINCT FROM b.{key}" for key in keys)
    same = f"{same} AND (a._counts & b._counts) <> 0"
    counts = " | ".join(
        f"(bool_or({name(column)} IS NOT NULL)::BIGINT << {place})"
        for place, column in enumerate(_counted(table))
    )
    row = " AND ".join(f"r.{key} IS NOT DISTINCT FROM c.{key}" for key in [*keys, day, "_until", "_seg"])
    of_a = ", ".join(f"a.{key}" for key in [*keys, day, "_until", "_seg"])
    overlap = f"b.{day} <= a._until AND b._until >= a.{day}"
    return f"""
        WITH marked AS MATERIALIZED ({marked}),
        kinds AS MATERIALIZED (
            SELECT {parts}, {day}, _until, _seg, _length, {counts} AS _counts FROM marked GROUP BY ALL
        ),
        -- reports of several days, and which finer ones leave some of these days out
        gaps AS (
            SELECT {of_a}, a._counts, b._seg AS finer
            FROM kinds AS a JOIN kinds AS b ON {same} AND a._length > b._length AND {overlap}
            GROUP BY ALL HAVING sum(datediff('day', greatest(a.{day}, b.{day}), least(a._until, b._until)) + 1)
                < datediff('day', a.{day}, a._until) + 1
        ),
        flawed AS (
            SELECT DISTINCT {", ".join(f"b.{key}" for key in [*keys, day, "_until", "_seg"])}
            FROM gaps AS a JOIN kinds AS b ON {same} AND b._seg = a.finer AND {overlap}
        ),
        told AS (
            SELECT k.*, f._seg IS NOT NULL AS flawed FROM kinds AS k
            LEFT JOIN flawed AS f ON {row.replace("r.", "k.").replace("c.", "f.")}
        ),
        pairs AS (
            SELECT {of_a}, b._seg AS other, max(b.flawed) AS flawed
            FROM told AS a JOIN told AS b ON {same} AND {overlap} GROUP BY ALL
        ),
        clashes AS (
            SELECT {", ".join([*keys, day, "_until", "_seg"])}, list(concat(flawed::INTEGER, other) ORDER BY other) AS _alts
            FROM pairs GROUP BY ALL HAVING count(*) > 1
        )
        SELECT r.* EXCLUDE (_source, _until, _length), c._alts FROM marked AS r LEFT JOIN clashes AS c ON {row}
    """


def one_of_each(fact: Fact, asked: Iterable[str], alias: str = "") -> str:
    """SQL that keeps, of rows that stand for one another, those that answer a question.

    Args:
        fact: the fact whose rows are asked.
        asked: the dimensions that the question names, in its breakdown, its filter and its measure.

    >>> one_of_each(Fact("orders", ("orders",)), ["country"])
    'true'
    """
    if not fact.segmented:
        return "true"
    wanted = sorted(set(asked) & set(fact.dims))
    lacks = " + ".join(
        f"(NOT contains(concat(',', s[{_LENGTH + 3}:], ','), {literal(f',{d},')}))::INTEGER" for d in wanted
    )
    depth = f"lpad((length(s) - length(replace(s, ',', '')) + (length(s) > {_LENGTH + 2})::INTEGER)::VARCHAR, 2, '0')"
    score = f"concat(lpad(({lacks or '0'})::VARCHAR, 2, '0'), s[1:{_LENGTH + 1}], {depth}, s)"
    own = f"{alias}." if alias else ""
    best = f"list_min(list_transform({own}_alts, lambda s: {score}))"
    return f"({own}_alts IS NULL OR {own}_seg = {best}[{_LENGTH + 7}:])"


COARSEST = one_of_each(Fact("", (), segmented=True), ())
"""Keeps, of rows that stand for one another, those of the coarsest report; ``{coarsest}`` in a fact's SQL."""


def named_in(fact: Fact, measure: Measure) -> frozenset[str]:
    """Dimensions that a measure itself looks at."""
    if not fact.segmented:
        return frozenset()
    words = set(re.findall(r"\w+", f"{measure.sql} {measure.where} {measure.aggregate}"))
    return frozenset(words & set(fact.dims))
