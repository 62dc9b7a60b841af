"""The same traffic reported twice, by channel and by country, counts once.

Rows of a report that comes counted say by what it is broken down. Where rows of one source and day come
from reports of different breakdowns, or a report of a whole month meets one by day, they are alternatives:
each tells all of it. Reports that count different things (page views by page, visits by channel) are none
of each other. A measure uses one of them: one that counts what it needs, then one that has the dimensions
asked, then one that leaves no day out, then the shortest, then the coarsest. Of reports of rolling days
("the last 28 days", once a week) those count that do not overlap, from the first on.
The alternatives of a row stand in the row itself (``_alts``, null without any), so that the choice is made
row by row and follows from nothing but what is asked.
"""

# ruff: noqa: E501 - SQL reads better unbroken
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from kpi_tree.catalogue.model import Fact, Measure
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.records.tables import Table, segment_dims

NO_ALTERNATIVES = "NULL::VARCHAR AS _seg, NULL::VARCHAR[] AS _alts, '' AS _origin, NULL::DATE AS _until"
"""Columns of a relation whose rows never stand for one another."""
_LENGTH = 6
"""Digits of how many days a row covers beyond its first."""
_DIMS, _COUNTS = 4, 5
"""Which part of an alternative holds its dimensions and what it counts; those before them rank it."""


def with_alternatives(con: duckdb.DuckDBPyConnection, table: Table, rows: str) -> str:
    """The rows of a by-day table with ``_seg``, what a row tells, and ``_alts``, all that there is of its
    source and days; with ``_until``, the last day it tells of, and ``_origin``, which is never null.

    Args:
        rows: SQL of the rows with ``_by``, ``_through`` and ``_origin`` beside the table's columns.

    Returns:
        SQL; the first two are of the form ``<1 if it does not fill a longer one>|<days beyond the first>|
        <number of dimensions>|<dimensions>|<columns it counts>|<first day, of several>``; a row that never
        counts has an empty list of alternatives.
    """
    dims = segment_dims(table)
    if not dims:
        return f"SELECT * EXCLUDE (_origin), {NO_ALTERNATIVES} FROM ({rows})"
    marked = _marked(table, dims, rows)
    keys = ["_origin", *(name(key) for key in _sources(table))]
    parts, day = ", ".join(keys), name(str(table.time))
    kinds = f"SELECT DISTINCT {parts}, {day}, _until, _seg FROM ({marked})"
    rolling = f"SELECT *, lag(_until) OVER (PARTITION BY {parts}, _seg ORDER BY {day}) >= {day} AS meets FROM ({kinds})"
    several = (
        f"SELECT {parts} FROM ({rolling}) GROUP BY ALL HAVING count(DISTINCT _seg) > 1 OR bool_or(meets)"
    )
    if not con.execute(f"SELECT count(*) FROM ({several})").fetchall()[0][0]:
        return f"SELECT * EXCLUDE (_length), NULL::VARCHAR[] AS _alts FROM ({marked})"
    return _with_clashes(table, marked, keys)


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
    by = f"coalesce(_by, concat_ws(',', {filled}))"
    depth = f"lpad((length({by}) - length(replace({by}, ',', '')) + ({by} <> '')::INTEGER)::VARCHAR, 2, '0')"
    return (
        f"SELECT * EXCLUDE (_by, _through, _origin), concat({length}, '|', {depth}, '|', {by}) AS _seg, "
        f"coalesce(_origin, '') AS _origin, greatest(coalesce(_through, {day}), {day}) AS _until, {length} AS _length "
        f"FROM ({rows})"
    )


@dataclass(frozen=True, slots=True)
class _Kinds:
    """SQL about the kinds of rows: what tells the same days of a source, broken down alike.

    Attributes:
        keys: columns that name a source. day: the column of the first day.
    """

    keys: Sequence[str]
    day: str

    def all(self, alias: str) -> str:
        """What names a kind."""
        return ", ".join(f"{alias}.{column}" for column in [*self.keys, self.day, "_until", "_seg"])

    def same(self, left: str, right: str, *more: str) -> str:
        """That two are of one source, and agree in further columns."""
        return " AND ".join(f"{left}.{c} IS NOT DISTINCT FROM {right}.{c}" for c in [*self.keys, *more])

    def equal(self, left: str, right: str) -> str:
        return self.same(left, right, self.day, "_until", "_seg")

    def meet(self, left: str, right: str) -> str:
        """That two are of one source and have days in common."""
        days = f"{right}.{self.day} <= {left}._until AND {right}._until >= {left}.{self.day}"
        return f"{self.same(left, right)} AND {days}"


_SHARED = "list_has_any(a._counts, b._counts)"


def _with_clashes(table: Table, marked: str, keys: list[str]) -> str:
    kinds = _Kinds(keys, name(str(table.time)))
    counts = ", ".join(
        f"CASE WHEN bool_or({name(c)} IS NOT NULL) THEN {literal(c)} END" for c in _counted(table)
    )
    return f"""
        WITH RECURSIVE marked AS MATERIALIZED ({marked}),
        kinds AS MATERIALIZED (
            SELECT {kinds.all("m")}, _length, string_split(concat_ws(',', {counts}), ',') AS _counts
            FROM marked AS m GROUP BY ALL
        ),
        {_live(kinds)}, {_flawed(kinds)},
        told AS MATERIALIZED (
            SELECT l.*, concat((f._seg IS NOT NULL)::INTEGER, '|', l._seg, '|', array_to_string(l._counts, ','), '|',
                CASE WHEN l._length::INTEGER > 0 THEN l.{kinds.day} END) AS entry
            FROM live AS l LEFT JOIN flawed AS f ON {kinds.equal("l", "f")}
        ),
        clashes AS (
            SELECT {kinds.all("a")}, a.entry, list(DISTINCT b.entry ORDER BY b.entry) AS _alts
            FROM told AS a JOIN told AS b ON {kinds.meet("a", "b")} AND (a.entry = b.entry OR {_SHARED})
            GROUP BY ALL HAVING count(*) > 1
            UNION ALL
            SELECT {kinds.all("k")}, '', [] FROM kinds AS k ANTI JOIN live AS l ON {kinds.equal("k", "l")}
        )
        SELECT r.* EXCLUDE (_length) REPLACE (coalesce(c.entry, r._seg) AS _seg), c._alts
        FROM marked AS r LEFT JOIN clashes AS c ON {kinds.equal("r", "c")}
    """


def _live(kinds: _Kinds) -> str:
    """Of reports of rolling days those that begin behind the end of the one before; and all of single days."""
    day = kinds.day
    return f"""
        chain AS (
            SELECT {", ".join(kinds.keys)}, _seg, _counts, min({day}) AS {day}, min(_until) AS _until FROM kinds
            GROUP BY ALL HAVING min(_length)::INTEGER > 0
            UNION ALL
            SELECT {", ".join(f"c.{key}" for key in kinds.keys)}, c._seg, c._counts, min(k.{day}), min(k._until)
            FROM chain AS c JOIN kinds AS k ON {kinds.same("c", "k", "_seg", "_counts")} AND k.{day} > c._until
            GROUP BY ALL
        ),
        live AS MATERIALIZED (
            SELECT * FROM kinds WHERE _length::INTEGER = 0
            UNION ALL
            SELECT k.* FROM kinds AS k JOIN chain AS c ON {kinds.same("k", "c", "_seg", "_counts", day)}
        )"""


def _flawed(kinds: _Kinds) -> str:
    """What leaves out days of a longer report or reaches beyond its ends (weeks beside months), and what meets
    the same longer one: that one counts then."""
    day, length = kinds.day, f"[1:{_LENGTH}]"
    inside = f"datediff('day', greatest(a.{day}, b.{day}), least(a._until, b._until)) + 1"
    return f"""
        gaps AS (
            SELECT {kinds.all("a")}, b._seg AS finer
            FROM live AS a JOIN live AS b ON {kinds.meet("a", "b")} AND {_SHARED} AND a._length > b._length
            GROUP BY ALL HAVING sum({inside}) < datediff('day', a.{day}, a._until) + 1
                OR bool_or(b.{day} < a.{day} OR b._until > a._until)
        ),
        flawed AS (
            SELECT DISTINCT {kinds.all("b")} FROM gaps AS a
            JOIN live AS b ON {kinds.meet("a", "b")} AND b._seg = a.finer
            UNION
            SELECT {kinds.all("b")} FROM flawed AS f
            JOIN live AS a ON {kinds.meet("f", "a")} AND a._seg{length} > f._seg{length}
            JOIN live AS b ON {kinds.meet("a", "b")} AND b._seg = f._seg AND {_SHARED}
        )"""


def one_of_each(fact: Fact, asked: Iterable[str], alias: str = "", *, counts: Iterable[str] = ()) -> str:
    """SQL that keeps, of rows that stand for one another, those that answer a question.

    Args:
        fact: the fact whose rows are asked.
        asked: the dimensions that the question names, in its breakdown, its filter and its measure.
        counts: the columns of the by-day table that it needs.

    >>> one_of_each(Fact("orders", ("orders",)), ["country"])
    'true'
    """
    if not fact.segmented:
        return "true"

    def lacks(part: int, wanted: Iterable[str]) -> list[str]:
        has = f"concat(',', split_part(s, '|', {part}), ',')"
        return [f"(NOT contains({has}, {literal(f',{one},')}))::INTEGER" for one in sorted(set(wanted))]

    ranks = [lacks(_COUNTS, counts), lacks(_DIMS, set(asked) & set(fact.dims))]
    ahead = [f"lpad(({' + '.join(each)})::VARCHAR, 2, '0')" for each in ranks if each]
    own = f"{alias}." if alias else ""
    best = f"{own}_alts"
    if ahead:
        best = f"list_transform({best}, lambda s: concat({', '.join(ahead)}, s))"
    return f"({own}_alts IS NULL OR {own}_seg = list_min({best})[{2 * len(ahead) + 1}:])"


def coarsest(counts: str) -> str:
    """SQL that keeps, of rows that stand for one another, those of the coarsest report that counts something.

    Args:
        counts: columns of the by-day table, a comma between; ``{coarsest gross_sales}`` in a fact's SQL.
    """
    return one_of_each(Fact("", (), segmented=True), (), counts=counts.split(","))


def named_in(fact: Fact, measure: Measure) -> frozenset[str]:
    """Dimensions that a measure itself looks at."""
    return frozenset(_words(measure) & set(fact.dims)) if fact.segmented else frozenset()


def needed_by(fact: Fact, text: str, differing: Iterable[str]) -> frozenset[str]:
    """Columns of the by-day table that some SQL over a fact looks at, of those that not every report counts.

    >>> needed_by(Fact("visits", (), segmented=True, counts={"n": ("sessions",)}), "sum(n)", ["sessions", "visitors"])
    frozenset({'sessions'})
    """
    found = set(re.findall(r"\w+", text))
    return frozenset({one for word in found for one in fact.counts.get(word, (word,))} & set(differing))


def text_of(measure: Measure) -> str:
    """All SQL of a measure."""
    return f"{measure.sql} {measure.where} {measure.aggregate}"


def _words(measure: Measure) -> set[str]:
    return set(re.findall(r"\w+", text_of(measure)))


def differing(alternatives: Iterable[list[str]]) -> frozenset[str]:
    """Columns that some reports of the same days count and others do not.

    >>> sorted(differing([["0|000000|01|channel|sessions,visitors|", "0|000000|01|page|page_views,visitors|"]]))
    ['page_views', 'sessions']
    """
    found: set[str] = set()
    for entries in alternatives:
        counted = [set(entry.split("|")[_COUNTS - 1].split(",")) for entry in entries]
        found |= set().union(*counted) - set(counted[0]).intersection(*counted) if counted else set()
    return frozenset(found - {""})
