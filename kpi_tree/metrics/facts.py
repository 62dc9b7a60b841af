"""Facts: the relations that measures are taken over, each made when it is first asked for."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

import duckdb

from kpi_tree.catalogue.load import Definitions, fact_of_table
from kpi_tree.catalogue.model import Fact
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics.cells import EVER, Marks
from kpi_tree.metrics.connection import Batch
from kpi_tree.metrics.kept import Kept
from kpi_tree.metrics.raw import make_view, raw_names
from kpi_tree.metrics.renewed import Renewing, State
from kpi_tree.metrics.segments import coarsest
from kpi_tree.metrics.settings import Settings
from kpi_tree.metrics.signatures import Signatures
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.periods import Calendar
from kpi_tree.records.room import within_room
from kpi_tree.records.tables import MARKETS, Table

T = TypeVar("T")
Days = tuple[date, date] | None
COARSEST = re.compile(r"\{coarsest ([\w,]+)\}")
"""In a fact's SQL: of rows of another fact that stand for one another, those that count something."""
NO_DAY = EVER.astype(object)
"""The day that marks of records without one stand under."""


class Facts:
    """The facts of one engine. Safe for threads.

    Args:
        con: an open connection with the schemas ``raw``, ``facts`` and ``files``.
        kept: the folder of facts kept on disk, if there is one.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        definitions: Definitions,
        tables: Mapping[str, Table],
        active: Mapping[str, tuple[Batch, ...]],
        calendar: Calendar,
        settings: Settings,
        kept: Kept | None,
    ) -> None:
        self._con, self._definitions, self._tables = con, definitions, tables
        self._active, self._settings, self._kept = active, settings, kept
        self._signatures = Signatures(tables, active, calendar, settings)
        self._made: set[str] = set()
        self._opened: set[str] = set()
        self._spans: dict[str, dict[str, Days]] = {}
        self._lock = threading.RLock()

    def defined(self, fact_name: str) -> Fact:
        """A fact's definition.

        Raises:
            Refused: there is neither a fact nor a record table of that name.
        """
        found = self._definitions.facts.get(fact_name)
        if found is not None:
            return found
        if fact_name in self._tables:
            return fact_of_table(self._tables[fact_name])
        raise Refused(msg("There is no table {name} to compute from.", name=fact_name))

    def learn(self, more: Mapping[str, Fact]) -> None:
        """Know further facts; what one name says never changes."""
        with self._lock:
            facts = {**self._definitions.facts, **more}
            self._definitions = replace(self._definitions, facts=facts)

    def forget(self, names: Iterable[str]) -> None:
        """Give the room of some facts back; asked for again, they are made again."""
        with self._lock:
            for fact_name in self._made.intersection(names) - self._opened:
                self._con.execute(f"DROP TABLE facts.{name(fact_name)}")
                self._made.discard(fact_name)

    def made(self, fact_name: str, *, keep: bool = True) -> Fact:
        """A fact, its relation ``facts.<name>`` made if it is not there yet.

        Args:
            keep: whether it may be kept on disk, where there is a folder for that.
        """
        fact = self.defined(fact_name)
        with self._lock:
            if fact_name not in self._made:
                self._make(fact, keep=keep)
                self._made.add(fact_name)
        return fact

    def _make(self, fact: Fact, *, keep: bool) -> None:
        signature, kept = self.signature(fact.name), self._kept if keep else None
        if kept is not None and kept.open(self._con, fact.name, signature):
            self._opened.add(fact.name)
            return
        for other in fact.uses:
            self.made(other, keep=keep)
        query = self._query(fact)
        self.need(query)
        with within_room():
            if kept and self._put_by(kept, fact, signature, query):
                self._opened.add(fact.name)
            else:
                self._con.execute(f"CREATE TABLE facts.{name(fact.name)} AS {query}")

    def _put_by(self, kept: Kept, fact: Fact, signature: str, query: str) -> bool:
        """Keep a fact on disk: what changed since it was kept last, or all of it; whether it is kept."""
        size = self._bytes(fact)
        if fact.renewed is None or not kept.takes(size):
            return kept.make(self._con, fact.name, signature, query, size)
        renewing = Renewing(self._con, kept, fact, query, self._tables, self._active, self._settings)
        state = State(
            self._rest(fact),
            {table: self._signatures.batches(table) for table in raw_names(query)},
            {other: self.signature(other) for other in fact.uses},
            renewing.same(),
        )
        if renewing.patch(signature, state, size):
            return True
        return kept.make(self._con, fact.name, signature, query, size, {"state": state.text()})

    def _rest(self, fact: Fact) -> str:
        uses = [self._rest(self.defined(other)) for other in fact.uses]
        return self._signatures.rest(fact, self._query(fact), uses)

    def run(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Run one statement on a cursor of its own."""
        return self._mending(lambda: self._con.cursor().execute(sql))

    def arrow(self, sql: str) -> Any:
        """The answer of a query as an Arrow table."""
        return self._mending(lambda: self._con.cursor().sql(sql).to_arrow_table())

    def _mending(self, ask: Callable[[], T]) -> T:
        """What is kept may be taken away while it is in use (its folder is bounded, and safe to delete)."""
        try:
            return ask()
        except duckdb.Error:
            if not self._mend():
                raise
            return ask()

    def _mend(self) -> bool:
        """Make again the facts whose files are gone; whether there are any."""
        with self._lock:
            gone = [
                one for one in self._opened if self._kept and not self._kept.has(one, self.signature(one))
            ]
            for fact_name in gone:
                self._con.execute(f"DROP VIEW facts.{name(fact_name)}")
            self._made -= set(gone)
            self._opened -= set(gone)
            for fact_name in gone:
                self.made(fact_name, keep=False)
            return bool(gone)

    def need(self, sql: str) -> None:
        """Make the views ``raw.<table>`` that a query names and that are not there yet."""
        with self._lock:
            for table in raw_names(sql):
                if table in self._tables and f"raw.{table}" not in self._made:
                    with within_room():
                        of = self._tables[table]
                        mine, owners = (self._active.get(one, ()) for one in (table, of.owner))
                        make_view(self._con, of, mine, self._settings, owners)
                    self._made.add(f"raw.{table}")

    def _query(self, fact: Fact) -> str:
        if fact.sql:
            sql = self._settings.settled(fact.sql).replace("{markets}", ", ".join(map(literal, MARKETS)))
            return COARSEST.sub(lambda of: coarsest(of.group(1)), sql)
        return f"SELECT *, 0::TINYINT AS _tab FROM raw.{name(fact.tables[0])}"

    def _bytes(self, fact: Fact) -> int:
        """Size of the batches that a fact is made from."""
        return sum(
            path.stat().st_size for table in self._read(fact) for _, _, path in self._active.get(table, ())
        )

    def tables_of(self, fact_name: str) -> set[str]:
        """The record tables that a fact is made from, by itself or through others."""
        return self._read(self.defined(fact_name))

    def _read(self, fact: Fact) -> set[str]:
        through = (table for other in fact.uses for table in self._read(self.defined(other)))
        return {*raw_names(self._query(fact)), *through}

    def signature(self, fact_name: str) -> str:
        """What a fact holds, as a short name: where it is the same, so are the rows."""
        fact = self.defined(fact_name)
        return self._signatures.fact(fact, self._query(fact), [self.signature(one) for one in fact.uses])

    def told(self, fact_name: str) -> tuple[str, ...]:
        """The signatures of all that a fact's coverage follows from."""
        tables = (place.partition(".")[0] for place in self.defined(fact_name).coverage)
        return (self.signature(fact_name), *(self._signatures.table(table) for table in tables))

    def coverage(self, fact_name: str) -> Days:
        """First and last business day that a fact knows of; None where it has no rows."""
        fact = self.defined(fact_name)
        if fact.needs and not any(table in self._active for table in fact.needs):
            return None
        if not fact.coverage:
            self.made(fact_name)
            first, last = self._one(f"SELECT min(_day), max(_day) FROM facts.{name(fact_name)}")
            return (first, last) if first is not None else None
        spans = [
            self._span(table, column)
            for table, _, column in (place.partition(".") for place in fact.coverage)
            if table in self._active
        ]
        known = [span for span in spans if span is not None]
        return (min(a for a, _ in known), max(b for _, b in known)) if known else None

    def span(self, table: str) -> Days:
        """First and last business day of a record table; None where nothing was loaded into it."""
        return self._span(table, "") if table in self._active else None

    def _span(self, table: str, column: str) -> Days:
        """First and last day of a record table, or of one of its columns."""
        with self._lock:
            signature = self._signatures.table(table)
            if table not in self._spans:
                self._spans[table] = self._kept.spans(table, signature) if self._kept else {}
            known = self._spans[table]
            if column not in known:
                self.need(f"raw.{table}")
                first, last = self._one(self._ends(table, column or str(self._tables[table].time)))
                known[column] = (first, last) if first is not None else None
                if self._kept is not None:
                    self._kept.keep_spans(table, signature, known)
            return known[column]

    def _ends(self, table: str, column: str) -> str:
        """SQL of the first and the last business day of a column of times or days.

        Instants are turned into days only near both ends: for all of them it takes longer than to read them.
        """
        rows, time = f"raw.{name(table)}", name(column)
        if self._tables[table].columns[column].type != "instant":
            return f"SELECT min({time}), max({time}) FROM {rows}"
        some = f"min({time}) + INTERVAL 2 DAY AS early, max({time}) - INTERVAL 2 DAY AS late"
        ends = f"SELECT {some} FROM {rows}"
        day = f"local_day({time})"
        return f"SELECT min({day}), max({day}) FROM {rows}, ({ends}) WHERE {time} <= early OR {time} >= late"

    def columns(self, fact_name: str) -> list[str]:
        """Column names of a fact's relation."""
        self.made(fact_name)
        rows = self.run(f"DESCRIBE facts.{name(fact_name)}").fetchall()
        return [row[0] for row in rows]

    def marks(self, fact_name: str) -> Marks:
        """A fact's days and what the rows of each add up to, apart from which file they came from."""
        columns = [name(c) for c in self.columns(fact_name) if c not in ("_seq", "_row")]
        later = {name(c) for c in self.defined(fact_name).unsettled}
        settled = [column for column in columns if column not in later]
        sums = [f"sum(hash({', '.join(some)}))" for some in ((columns, settled) if later else (columns,))]
        sql = (
            f"SELECT coalesce(_day, {literal(NO_DAY)}) AS d, count(*), {', '.join(sums)} "
            f"FROM facts.{name(fact_name)} GROUP BY d"
        )
        with within_room():
            rows = self.run(sql).fetchall()
        # The count stands above the sum of 64-bit hashes of as many rows as there can be.
        marks = {day: [(count << 128) + int(one) for one in found] for day, count, *found in rows}
        return Marks({day: (found[0], found[-1]) for day, found in marks.items()})

    def _one(self, sql: str) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self.run(sql).fetchall()[0]
        return row
