"""The tables that a definition may speak of: record tables, the shop's own, and the prepared relations."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from kpi_tree.catalogue.check import UNITS
from kpi_tree.catalogue.load import Definitions, definitions, fact_of_table
from kpi_tree.catalogue.model import Fact
from kpi_tree.catalogue.own.model import Source
from kpi_tree.metrics.engine import Engine
from kpi_tree.metrics.sqltext import name
from kpi_tree.records.tables import ROW_KEY, Table

_TYPES: Mapping[str, str] = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "DATE": "day",
    "TIMESTAMP": "local",
    "TIMESTAMP WITH TIME ZONE": "instant",
    "DOUBLE": "number",
    "FLOAT": "number",
}
_COUNTS = ("units", "quantity", "n", "products", "change")
"""Exact numbers of a prepared relation that are no amounts of money."""


class Sources(Mapping[str, Source]):
    """Every table by name; a prepared relation is looked at when it is first asked for.

    Args:
        base: definitions whose facts are the prepared relations.
        tables: the record tables, the shop's own among them.
    """

    def __init__(self, base: Definitions, tables: Mapping[str, Table]) -> None:
        self._tables = tables
        self._prepared = {fact.name: fact for fact in base.facts.values() if fact.sql and _offered(fact)}

    def __getitem__(self, key: str) -> Source:
        if key in self._tables:
            return _of_table(self._tables[key])
        return _of_fact(self._prepared[key], _prepared_columns(key))

    def __iter__(self) -> Iterator[str]:
        yield from self._tables
        yield from (fact for fact in self._prepared if fact not in self._tables)

    def __len__(self) -> int:
        return len({*self._tables, *self._prepared})


def _offered(fact: Fact) -> bool:
    """Changes of a level are ours alone: added up they are no figure that means anything."""
    return not fact.name.endswith("_changes") and not fact.name.startswith("own_")


def fact_of_own(table: Table) -> Fact:
    """A table as a relation; a key that was only made up is nothing to break down by."""
    fact = fact_of_table(table)
    return replace(fact, dims=tuple(dim for dim in fact.dims if dim != ROW_KEY))


def _of_table(table: Table) -> Source:
    return Source(
        name=table.name,
        relation=f"raw.{name(table.name)}",
        columns={column.name: column.type for column in table.columns.values()},
        time=table.time,
        tables=(table.name,),
        dims=fact_of_own(table).dims,
        values={column.name: column.values for column in table.columns.values() if column.values},
        units={
            column.name: column.unit
            for column in table.columns.values()
            if column.unit in UNITS and column.unit != "money"
        },
    )


def _of_fact(fact: Fact, columns: Mapping[str, str]) -> Source:
    return Source(
        name=fact.name,
        relation=f"facts.{name(fact.name)}",
        columns=columns,
        time="_day",
        tables=fact.tables,
        dims=fact.dims,
        prepared=True,
        aggregated=fact.aggregated,
    )


@lru_cache(maxsize=128)
def _prepared_columns(fact: str) -> Mapping[str, str]:
    """Column → type of a built-in prepared relation, looked at over no records at all."""
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder), {}, definitions_=definitions())
        try:
            engine.fact(fact)
            rows = engine.run(f"DESCRIBE facts.{name(fact)}").fetchall()
        finally:
            engine.close()
    money = "currency" in {row[0] for row in rows}
    return {
        row[0]: _type(row[0], row[1], money=money) for row in rows if row[0] == "_day" or row[0][0] != "_"
    }


def _type(column: str, kind: str, *, money: bool) -> str:
    if kind.startswith("DECIMAL"):
        return "money" if money and column not in _COUNTS else "quantity"
    if kind.endswith("INT") or kind in ("INTEGER", "HUGEINT"):
        return "integer"
    return _TYPES.get(kind, "text")
