"""What a fact holds, as a short name: facts of equal signatures have equal rows.

A signature is made from everything that the rows follow from: the batches of every record table that is
read, how these tables are defined, the SQL with the shop's settings in it, and the time zone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import duckdb

from kpi_tree.catalogue.model import Fact
from kpi_tree.metrics.connection import Batch
from kpi_tree.metrics.raw import raw_names
from kpi_tree.metrics.settings import Settings
from kpi_tree.periods import Calendar
from kpi_tree.records.tables import Table

FORMAT = "7"
"""Raised when what is kept under a signature changes its shape."""


class Signatures:
    """The signatures at one data revision."""

    def __init__(
        self,
        tables: Mapping[str, Table],
        active: Mapping[str, Sequence[Batch]],
        calendar: Calendar,
        settings: Settings,
    ) -> None:
        self._tables, self._active, self._settings = tables, active, settings
        self._common = (FORMAT, duckdb.__version__, calendar.timezone)
        self._known: dict[str, str] = {}

    def table(self, table: str) -> str:
        """Signature of a record table over its active batches."""
        key = f"raw.{table}"
        if key not in self._known:
            of = self._tables.get(table)
            read = [self.batches(one) for one in (table, *([of.owner] if of and of.owner else ()))]
            self._known[key] = _short(self._common, table, *self._shape(table), read)
        return self._known[key]

    def batches(self, table: str) -> list[tuple[int, str, int]]:
        """A record table's active batches: sequence number, id, and size in bytes."""
        return [(seq, batch, _size(path)) for seq, batch, path in self._active.get(table, ())]

    def _shape(self, table: str) -> tuple[object, object]:
        found = self._tables.get(table)
        money = (self._settings.currency, sorted(self._settings.rates.items()))
        return found and (found.key, found.time, [(c.name, c.type) for c in found.columns.values()]), money

    def fact(self, fact: Fact, sql: str, uses: Sequence[str]) -> str:
        """Signature of a fact.

        Args:
            sql: its query, with the settings put in.
            uses: the signatures of the facts that the query reads.
        """
        if fact.name not in self._known:
            read = [self.table(table) for table in raw_names(sql)]
            self._known[fact.name] = _short(self._common, fact.name, sql, read, list(uses))
        return self._known[fact.name]

    def rest(self, fact: Fact, sql: str, uses: Sequence[str]) -> str:
        """Signature of all that a fact's rows follow from, apart from the batches.

        Args:
            uses: the same of the facts that its query reads.
        """
        read = [(table, *self._shape(table)) for table in raw_names(sql)]
        return _short(self._common, fact.name, sql, fact.renewed, read, list(uses))


def _size(path: object) -> int:
    try:
        return int(path.stat().st_size)  # type: ignore[attr-defined]
    except OSError:
        return -1


def _short(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]
