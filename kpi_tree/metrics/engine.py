"""DuckDB over the active batches: one row a key, the last batch in line wins, only our own files readable."""

from __future__ import annotations

import copy
import threading
import weakref
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from kpi_tree.catalogue.load import Definitions, definitions
from kpi_tree.catalogue.model import Fact
from kpi_tree.metrics.cells import Cells, Marks
from kpi_tree.metrics.connection import Batch, connect, lock_down
from kpi_tree.metrics.facts import Facts
from kpi_tree.metrics.kept import Kept
from kpi_tree.metrics.long import NOT_SET
from kpi_tree.metrics.segments import differing, needed_by
from kpi_tree.metrics.settings import Settings
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.periods import DEFAULT_CALENDAR, Calendar
from kpi_tree.records.leftovers import drop_folder
from kpi_tree.records.room import spill_folder, within_room
from kpi_tree.records.tables import Table, tables

__all__ = ["NOT_SET", "Batch", "Engine", "Settings"]


class Engine:
    """Answers queries over the record batches that are active at one data revision.

    Args:
        home_records: folder that all batch files lie in.
        active: record table → its batches in any order: of one record the one with the highest number counts.
        calendar: the shop's time zone, week start and fiscal year.
        settings: see :class:`Settings`.
        extra_tables: tables of the shop's own, by name.
        memory_limit: DuckDB's limit, such as ``"2GB"``; see :mod:`kpi_tree.records.room` for what it is else.
        kept: folder of facts kept on disk; without it every fact is made anew in memory.
        before: the engine of an earlier data revision of the same shop, whose results are taken over where
            no record of theirs changed.

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
        kept: Kept | None = None,
        before: Engine | None = None,
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
        self._memory: dict[Any, Any] = {}
        self._whole: Engine | None = None
        spill = spill_folder()
        self._tidy = weakref.finalize(self, drop_folder, spill)
        self._con = connect(memory_limit, spill)
        self._macros()
        lock_down(self._con, home_records, self.active, kept.folder if kept else None)
        self.facts = Facts(
            self._con, self.definitions, self.tables, self.active, calendar, self.settings, kept
        )
        self.cells = Cells()
        if before is not None and before.calendar == calendar:
            self._take_over(before)

    def _take_over(self, before: Engine) -> None:
        """What an earlier engine knew of facts that are the same now, and the cells that still hold."""
        there = self.definitions.facts.keys() & before.definitions.facts.keys()
        for fact, signatures in before.cells.facts().items():
            now, then = self.facts.signature(fact) if fact in there else None, before.facts.signature(fact)
            if now != then and then in signatures:
                before.marks(fact)
        self.cells = Cells(before.cells)
        with before._lock:
            known = dict(before._memory)
        for (kind, fact, *more), value in known.items():
            if fact in there:
                mine, theirs = (
                    (one.told(fact) if kind == "coverage" else one.signature(fact))
                    for one in (self.facts, before.facts)
                )
                if mine == theirs:
                    self._memory[(kind, fact, *more)] = value

    def over(self, definitions_: Definitions) -> Engine:
        """The same records under other definitions: all that is made of them already is shared.

        Facts of one name must say the same in both; those of a shop's own KPIs are named by their content.
        """
        other = copy.copy(self)
        other.definitions = definitions_
        other._whole = self  # what it shares goes when this one goes
        self.facts.learn(definitions_.facts)
        return other

    def reads(self, other: Mapping[str, Sequence[Batch]], *more: object) -> bool:
        """Whether it stands on the same batches, calendar, settings and tables."""
        batches = {table: tuple(sorted(found, key=lambda b: b[0])) for table, found in other.items() if found}
        return (batches, *more) == (self.active, self.calendar, self.settings, self.tables)

    def close(self) -> None:
        """Give the memory back, and take away what was spilled."""
        self._con.close()
        self._tidy()

    def has(self, table: str) -> bool:
        """Whether any batch brings rows to the table."""
        return table in self.active

    def run(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Run one statement of ours on a cursor of its own."""
        return self.facts.run(sql)

    def arrow(self, sql: str) -> Any:
        """The answer of a query of ours as an Arrow table."""
        with within_room():
            return self.facts.arrow(sql)

    def remember(self, key: tuple[str, ...], make: Any) -> Any:
        """A value computed once for the life of the engine (its data never changes).

        Args:
            key: what kind of value, and the fact that it follows from; then whatever else it depends on.
        """
        with self._lock:
            if key not in self._memory:
                self._memory[key] = make()
            return self._memory[key]

    def fact(self, fact_name: str) -> Fact:
        """A fact, its relation ``facts.<name>`` made if it is not there yet."""
        return self.facts.made(fact_name)

    def need(self, sql: str) -> None:
        """Make the views ``raw.<table>`` that a query names and that are not there yet."""
        self.facts.need(sql)

    def marks(self, fact_name: str) -> Marks:
        """A fact's days, and for each a number that its rows add up to."""
        return self.cells.mark(
            fact_name, self.facts.signature(fact_name), lambda: self.facts.marks(fact_name)
        )

    def settled(self, sql: str) -> str:
        """The settings that a definition names, put in as numbers."""
        return self.settings.settled(sql)

    def columns(self, fact_name: str) -> list[str]:
        """Column names of a fact's relation."""
        found: list[str] = self.remember(("columns", fact_name), lambda: self.facts.columns(fact_name))
        return found

    def coverage(self, fact_name: str) -> tuple[date, date] | None:
        """First and last business day that a fact knows of; None where it has no rows."""
        found: tuple[date, date] | None = self.remember(
            ("coverage", fact_name), lambda: self.facts.coverage(fact_name)
        )
        return found

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

    def needed(self, fact: Fact, text: str) -> frozenset[str]:
        """What some SQL over a fact needs, of what not all reports that stand for one another count."""
        if not fact.segmented:
            return frozenset()
        found: frozenset[str] = self.remember(("differing", fact.name), lambda: self._differing(fact))
        return needed_by(fact, text, found)

    def _differing(self, fact: Fact) -> frozenset[str]:
        self.fact(fact.name)
        rows = self.run(f"SELECT DISTINCT _alts FROM facts.{name(fact.name)} WHERE _alts IS NOT NULL")
        return differing(entries for (entries,) in rows.fetchall())

    def _macros(self) -> None:
        zone = literal(self.calendar.timezone)
        self._con.execute(f"CREATE MACRO local_time(t) AS timezone({zone}, t)")
        self._con.execute(f"CREATE MACRO local_day(t) AS timezone({zone}, t)::DATE")
        self._con.execute("CREATE SCHEMA raw; CREATE SCHEMA facts; CREATE SCHEMA files")
