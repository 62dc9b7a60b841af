"""Which columns of which record tables a KPI is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp

from kpi_tree.catalogue.load import Definitions
from kpi_tree.catalogue.model import Fact, Kpi
from kpi_tree.records.tables import Table

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ASKED_ELSEWHERE = frozenset({"currency"})
"""Not what a value is made from: the shop's settings name it where the records don't."""
_TEMPLATE = re.compile(r"\{[^}]*\}")


def columns_read(kpi: Kpi, base: Definitions, tables: Mapping[str, Table]) -> dict[str, frozenset[str]]:
    """Record table → its columns that a KPI's value depends on, followed through the facts by name.

    A column that only breaks the value down is not among them, nor one that a constant stands in for.
    Where a fact joins tables that share a column's name, the column is named for each of them.

    >>> from kpi_tree.catalogue import definitions, find_kpi
    >>> from kpi_tree.records.tables import tables
    >>> sorted(columns_read(find_kpi("chat_tickets"), definitions(), tables()))
    ['tickets']
    >>> read = columns_read(find_kpi("gross_sales"), definitions(), tables())
    >>> {"quantity", "unit_price"} <= read["order_lines"]
    True
    """
    found: dict[str, set[str]] = {}
    for name in kpi.measures():
        measure = base.measures[name]
        words = set(_WORD.findall(f"{measure.sql} {measure.where} {measure.aggregate}"))
        facts = [measure.fact]
        if measure.query:
            query = base.queries[measure.query]
            words |= set(_WORD.findall(_TEMPLATE.sub(" ", query.sql)))
            facts = [*facts, *query.facts]
        for fact in facts:
            for table, column in _through(base.facts[fact], frozenset(words), base, tables):
                found.setdefault(table, set()).add(column)
    return {table: frozenset(columns) for table, columns in found.items()}


def _through(
    fact: Fact, words: frozenset[str], base: Definitions, tables: Mapping[str, Table]
) -> Iterator[tuple[str, str]]:
    """The (table, column) pairs behind words that stand for columns of a fact."""
    if not fact.sql:
        raw, names = frozenset(fact.tables), words
    else:
        aliases, raw = _aliases(fact.sql)
        names = _closure(words, aliases)
    for table in raw & tables.keys():
        yield from ((table, column) for column in tables[table].columns if column in names - _ASKED_ELSEWHERE)
    for used in fact.uses:
        yield from _through(base.facts[used], names, base, tables)


def _closure(words: frozenset[str], aliases: Mapping[str, frozenset[str]]) -> frozenset[str]:
    seen: set[str] = set()
    waiting = list(words)
    while waiting:
        word = waiting.pop()
        if word not in seen:
            seen.add(word)
            waiting += aliases.get(word, ())
    return frozenset(seen)


_CHOICE = re.compile(r"\{coarsest [\w,]+\}")
"""Which of several reports of the same days counts: of the reports' own making, and no column of a file."""


@lru_cache(maxsize=256)
def _aliases(sql: str) -> tuple[Mapping[str, frozenset[str]], frozenset[str]]:
    """Output name → names of the columns in its expression; and the record tables read."""
    tree = sqlglot.parse_one(_CHOICE.sub("true", sql), dialect="duckdb")
    found: dict[str, set[str]] = {}
    defaulted: set[str] = set()
    for alias in tree.find_all(exp.Alias):
        if _has_default(alias.this):
            defaulted.add(alias.alias)
        columns = (column for column in alias.this.find_all(exp.Column) if not _has_default(column.parent))
        found.setdefault(alias.alias, set()).update(column.name for column in columns)
    raw = frozenset(table.name for table in tree.find_all(exp.Table) if table.db == "raw")
    found.update({name: set() for name in defaulted})
    return {name: frozenset(columns) for name, columns in found.items()}, raw


def _has_default(part: exp.Expression | None) -> bool:
    """Whether a constant stands in where this holds nothing: ``coalesce(discount, 0)``."""
    return isinstance(part, exp.Coalesce) and any(isinstance(one, exp.Literal) for one in part.expressions)
