"""Large facts brought up to date: after a batch only the rows that it can have changed are made again.

A fact that says so (:class:`kpi_tree.catalogue.model.Renewal`) is kept as two files: the *base*, made in
full once, and a *patch* with the rows that are different by now and the numbers of the rows of the base that
they stand for. Patches never build on each other: each is made against the base and holds all that
happened since, so that nothing has to be added up in order.

Whatever is not plainly a batch more (a withdrawn batch, another definition, a first link that moved) makes
the fact anew in full. So does a patch that has grown to a tenth of its base.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from kpi_tree.catalogue.model import Fact, Renewal
from kpi_tree.metrics.connection import Batch
from kpi_tree.metrics.kept import Kept
from kpi_tree.metrics.raw import raw_names, rows_of, twice_of
from kpi_tree.metrics.settings import Settings
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.records.tables import Table

MOST_TOUCHED = 0.1
"""A patch for more keys than this share of the rows of its base is not worth it: all is made anew."""


@dataclass(frozen=True)
class State:
    """What a fact's rows follow from, in parts: which of them moved says whether a patch will do.

    Attributes:
        rest: signature of all but the batches (SQL, settings, tables, time zone).
        batches: record table → its batches as ``[sequence, id, bytes]``.
        uses: other facts → their signatures.
        same: what the fact's ``same`` query answers.
    """

    rest: str
    batches: Mapping[str, Sequence[Sequence[Any]]]
    uses: Mapping[str, str]
    same: str

    def text(self) -> str:
        """As it is written into a base."""
        return json.dumps([self.rest, self.batches, self.uses, self.same])

    @staticmethod
    def read(text: str) -> State:
        """From the text of a base."""
        return State(*json.loads(text))

    def added(self, base: State) -> dict[str, set[int]] | None:
        """Each table's batches that came since the base; None where anything else moved.

        >>> one = State("r", {"orders": [[1, "a", 9]]}, {}, "")
        >>> State("r", {"orders": [[1, "a", 9], [2, "b", 5]]}, {}, "").added(one)
        {'orders': {2}}
        >>> one.added(State("r", {"orders": [[2, "b", 5]]}, {}, "")) is None
        True
        """
        if (self.rest, self.same, self.uses.keys()) != (base.rest, base.same, base.uses.keys()):
            return None
        found: dict[str, set[int]] = {}
        for table in {**base.batches, **self.batches}:
            mine, theirs = ({tuple(one) for one in part.batches.get(table, ())} for part in (self, base))
            if theirs - mine:
                return None
            found[table] = {seq for seq, *_ in mine - theirs}
        return found


class Renewing:
    """One try to make a fact from an earlier state of it.

    Args:
        con: the open connection; the views ``raw.<table>`` that the fact reads are made, and what it uses.
        query: the fact's query with the settings put in.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        kept: Kept,
        fact: Fact,
        query: str,
        tables: Mapping[str, Table],
        active: Mapping[str, tuple[Batch, ...]],
        settings: Settings,
    ) -> None:
        assert fact.renewed is not None
        self._con, self._kept, self._fact, self._query = con, kept, fact, query
        self._how: Renewal = fact.renewed
        self._tables, self._active, self._settings = tables, active, settings
        self._touched = f"files.{name('touched_' + fact.name)}"

    def same(self) -> str:
        """What the ``same`` query answers now."""
        return repr(self._con.execute(self._how.same).fetchall())

    def patch(self, signature: str, state: State, size: int) -> bool:
        """Make ``facts.<fact>`` from a base and a patch; False where there is no base that will do."""
        for base, told in self._kept.bases(self._con, self._fact.name):
            was = State.read(told)
            added = state.added(was)
            # A base that is gone or damaged by now is no reason to fail: all can be made from the batches.
            with suppress(duckdb.IOException, duckdb.InvalidInputException):
                if added is not None and self._mark_touched(added, was, state) and self._is_worth_it(base):
                    notes = {"base": base.name}
                    return self._kept.make(
                        self._con, self._fact.name, signature, self._patch(base), size, notes
                    )
        return False

    def _is_worth_it(self, base: Path) -> bool:
        rows = f"SELECT count(*) FROM read_parquet({literal(str(base))})"
        found = self._con.execute(f"SELECT (SELECT count(*) FROM {self._touched}), ({rows})").fetchall()
        touched, there = found[0]
        return bool(touched <= MOST_TOUCHED * there)

    def _mark_touched(self, added: Mapping[str, set[int]], was: State, state: State) -> bool:
        """Fill the table of the keys whose rows may be others; False where an earlier state is not known."""
        parts = []
        for table in added:
            parts.append(
                f"{name('changed_' + table)} AS NOT MATERIALIZED ({self._rows_sent(table, added[table])})"
            )
        for fact, then in was.uses.items():
            if (source := self._rows_changed(fact, then, state.uses[fact])) is None:
                return False
            parts.append(f"{name('changed_' + fact)} AS ({source})")
        keys = f"SELECT DISTINCT {name(self._how.by)} AS key FROM ({self._how.touched})"
        self._con.execute(
            f"CREATE OR REPLACE TABLE {self._touched} AS WITH {', '.join(parts)} "
            f"SELECT key FROM ({keys}) WHERE key IS NOT NULL"
        )
        return True

    def _rows_sent(self, table: str, added: set[int]) -> str:
        """SQL of every version, in any batch, of the records that the batches added bring."""
        made, paths = self._tables[table], self._active.get(table, ())
        new = [str(path) for seq, _, path in paths if seq in added]
        if not new:
            return f"SELECT * FROM raw.{name(table)} WHERE false"
        keys = f"hash({', '.join(name(key) for key in made.key)})"
        every = _reading([str(path) for _, _, path in paths])
        # Only keys that come twice can have another version; mostly there are none, and nothing else is read.
        twice = f"SELECT h FROM {twice_of(table)} WHERE h IN (SELECT {keys} FROM {_reading(new)})"
        return f"SELECT * FROM {_reading(new)} UNION ALL SELECT * FROM {every} WHERE {keys} IN ({twice})"

    def _rows_changed(self, fact: str, then: str, now: str) -> str | None:
        """SQL of the rows of a fact that are in one of two states only; None where the old one is gone."""
        if then == now:
            return f"SELECT * FROM facts.{name(fact)} WHERE false"
        old, new = self._kept.source(self._con, fact, then), f"(FROM facts.{name(fact)})"
        if old is None:
            return None
        hashed = "hash(*COLUMNS(* EXCLUDE (_seq, _row))) AS _hash"
        return " UNION ALL BY NAME ".join(
            f"SELECT * FROM (SELECT *, {hashed} FROM {one}) "
            f"ANTI JOIN (SELECT {hashed} FROM {other}) USING (_hash)"
            for one, other in ((old, new), (new, old))
        )

    def _patch(self, base: Path) -> str:
        """SQL of the patch: the rows of the touched keys as they are now, and the numbers of those before."""
        key, keys = name(self._how.by), f"(SELECT key FROM {self._touched})"
        source, _, alias = self._how.rows.partition(" AS ")
        (table,) = raw_names(source)
        of = self._tables[table]
        mine, owners = (self._active.get(one, ()) for one in (table, of.owner))
        few = rows_of(self._con, of, mine, self._settings, owners, f"{key} IN {keys}")
        narrow = f"({few}) AS {alias}"
        rows = self._query.replace(self._how.rows, narrow)
        before = f"read_parquet({literal(str(base))}, file_row_number = true)"
        gone = f"SELECT file_row_number AS _gone FROM {before} WHERE {key} IS NULL OR {key} IN {keys}"
        return f"SELECT *, NULL::BIGINT AS _gone FROM ({rows}) UNION ALL BY NAME {gone}"


def _reading(paths: Sequence[str]) -> str:
    return f"read_parquet([{', '.join(literal(path) for path in paths)}], union_by_name = true)"
