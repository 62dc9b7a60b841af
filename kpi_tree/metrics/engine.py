"""DuckDB over the active batches: one row a key, the newest batch wins, only our own files readable."""

from __future__ import annotations

import shutil
import threading
import weakref
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from kpi_tree.catalogue.load import Definitions, definitions
from kpi_tree.catalogue.model import Fact
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics.connection import Batch, connect, lock_down
from kpi_tree.metrics.raw import make_view, raw_names
from kpi_tree.metrics.settings import Settings
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.periods import DEFAULT_CALENDAR, Calendar
from kpi_tree.records.room import spill_folder, within_room
from kpi_tree.records.tables import Table, tables

NOT_SET = "(not set)"
"""The group of rows without a value in a dimension."""


class Engine:
    """Answers queries over the record batches that are active at one data revision.

    Args:
        home_records: folder that all batch files lie in.
        active: record table → its batches, oldest first or in any order (the sequence number decides).
        calendar: the shop's time zone, week start and fiscal year.
        settings: see :class:`Settings`.
        extra_tables: tables of the shop's own, by name.
        memory_limit: DuckDB's limit, such as ``"2GB"``; see :mod:`kpi_tree.records.room` for what it is else.

    An engine never changes: new batches mean a new engine. It may be used from several threads.
    """

    def __init__(
        self,
        home_records: Path,
        active: Mapping[str, Sequence[Batch]],
        calendar: Calendar = DEFAULT_CALENDAR,
        settings: Settings | None = None,
        *,
        extra_tables: Mapping[str, Table] | None = None,
        definitions_: Definitions | None = None,
        memory_limit: str | None = None,
    ) -> None:
        self.calendar = calendar
        self.settings = settings or Settings()
        self.definitions = definitions_ or definitions()
        self.tables: Mapping[str, Table] = {**tables(), **(extra_tables or {})}
        self.batches: dict[int, str] = {seq: batch for found in active.values() for seq, batch, _ in found}
        self.active = {
            table: tuple(sorted(found, key=lambda b: b[0])) for table, found in active.items() if found
        }
        self._lock = threading.RLock()
        self._made: set[str] = set()
        self._memory: dict[Any, Any] = {}
        spill = spill_folder()
        self._tidy = weakref.finalize(self, shutil.rmtree, spill, ignore_errors=True)
        self._con = connect(memory_limit, spill)
        self._macros()
        lock_down(self._con, home_records, self.active)

    def close(self) -> None:
        """Give the memory back, and take away what was spilled."""
        self._con.close()
        self._tidy()

    def has(self, table: str) -> bool:
        """Whether any batch brings rows to the table."""
        return table in self.active

    def run(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Run one statement of ours on a cursor of its own."""
        return self._con.cursor().execute(sql)

    def arrow(self, sql: str) -> Any:
        """The answer of a query of ours as an Arrow table."""
        with within_room():
            return self._con.cursor().sql(sql).to_arrow_table()

    def remember(self, key: Any, make: Any) -> Any:
        """A value computed once for the life of the engine (its data never changes)."""
        with self._lock:
            if key not in self._memory:
                self._memory[key] = make()
            return self._memory[key]

    def fact(self, fact_name: str) -> Fact:
        """A fact, its relation ``facts.<name>`` made if it is not there yet."""
        fact = self.definitions.facts.get(fact_name) or self._own_fact(fact_name)
        with self._lock:
            if fact_name not in self._made:
                for other in fact.uses:
                    self.fact(other)
                query = self.settled(fact.sql) if fact.sql else _plain(fact)
                self.need(query)
                with within_room():
                    self._con.execute(f"CREATE TABLE facts.{name(fact_name)} AS {query}")
                self._made.add(fact_name)
        return fact

    def _own_fact(self, fact_name: str) -> Fact:
        from kpi_tree.catalogue.load import fact_of_table

        if fact_name in self.tables:
            return fact_of_table(self.tables[fact_name])
        raise Refused(msg("There is no table {name} to compute from.", name=fact_name))

    def settled(self, sql: str) -> str:
        """The settings that a definition names, put in as numbers."""
        return self.settings.settled(sql)

    def columns(self, fact_name: str) -> list[str]:
        """Column names of a fact's relation."""
        self.fact(fact_name)
        found: list[str] = self.remember(
            ("columns", fact_name),
            lambda: [row[0] for row in self.run(f"DESCRIBE facts.{name(fact_name)}").fetchall()],
        )
        return found

    def coverage(self, fact_name: str) -> tuple[date, date] | None:
        """First and last business day that a fact knows of; None where it has no rows."""
        found: tuple[date, date] | None = self.remember(
            ("coverage", fact_name), lambda: self._coverage(fact_name)
        )
        return found

    def _coverage(self, fact_name: str) -> tuple[date, date] | None:
        fact = self.fact(fact_name)
        if not fact.coverage:
            sources = [f"SELECT min(_day) AS a, max(_day) AS b FROM facts.{name(fact_name)}"]
        else:
            sources = [self._span_of(place) for place in fact.coverage if self.has(place.partition(".")[0])]
        if not sources:
            return None
        self.need(" ".join(sources))
        first, last = self.run(f"SELECT min(a), max(b) FROM ({' UNION ALL '.join(sources)})").fetchall()[0]
        return (first, last) if first is not None else None

    def _span_of(self, place: str) -> str:
        table, _, column = place.partition(".")
        day = "_day"
        if column:
            instant = self.tables[table].columns[column].type == "instant"
            day = f"local_day({name(column)})" if instant else name(column)
        return f"SELECT min({day}) AS a, max({day}) AS b FROM raw.{name(table)}"

    def values(self, fact_name: str, dim: str) -> frozenset[str]:
        """Every value a dimension has in a fact, over the whole history."""
        self.fact(fact_name)
        found: frozenset[str] = self.remember(
            ("values", fact_name, dim),
            lambda: frozenset(
                NOT_SET if value in (None, "") else str(value)
                for (value,) in self.run(
                    f"SELECT DISTINCT {name(dim)}::VARCHAR FROM facts.{name(fact_name)}"
                ).fetchall()
            ),
        )
        return found

    def _macros(self) -> None:
        zone = literal(self.calendar.timezone)
        self._con.execute(f"CREATE MACRO local_time(t) AS timezone({zone}, t)")
        self._con.execute(f"CREATE MACRO local_day(t) AS timezone({zone}, t)::DATE")
        self._con.execute("CREATE SCHEMA raw; CREATE SCHEMA facts; CREATE SCHEMA files")

    def need(self, sql: str) -> None:
        """Make the views ``raw.<table>`` that a query names and that are not there yet."""
        with self._lock:
            for table_name in raw_names(sql):
                if table_name in self.tables and f"raw.{table_name}" not in self._made:
                    batches = self.active.get(table_name, ())
                    with within_room():
                        make_view(self._con, self.tables[table_name], batches, self.settings)
                    self._made.add(f"raw.{table_name}")


def _plain(fact: Fact) -> str:
    return f"SELECT *, 0::TINYINT AS _tab FROM raw.{name(fact.tables[0])}"
