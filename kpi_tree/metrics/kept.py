"""Facts kept on disk from one process to the next, each under its signature.

What lies here can be made again at any time from the batches: it is never the source of truth. A fact is
one Parquet file, written beside its place, synced and renamed, and never changed afterwards, so that other
processes can read it meanwhile and a killed one leaves nothing that could be mistaken for it. The folder is
bounded: what was used longest ago leaves first.

Parquet rather than DuckDB's own format: it is read as fast, and written in three fifths of the time.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import duckdb

from kpi_tree.metrics.sqltext import literal, name

WORTHWHILE = 256 << 10
"""Bytes of batches from which on a fact is kept: smaller ones are made as fast as they are opened."""
STORED = "FORMAT parquet, COMPRESSION lz4_raw, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1000"
"""How a fact is written: a dictionary of very many values costs more than it saves."""
MOST_BYTES = 6 << 30
"""Most that the folder holds."""
MOST_VERSIONS = 3
"""Most states of one fact: the present one, and those before that an undo or a look back may ask for."""
SPARE_BYTES = 1 << 30
"""Room that the disk must have left for anything to be kept: the journal needs it more."""
FORGOTTEN_SECONDS = 3600
"""Age from which on an unfinished file is the leftover of a killed process."""

Spans = Mapping[str, tuple[date, date] | None]


class Kept:
    """One home's folder of kept facts.

    Args:
        folder: where they lie; made when it is first written to.
        writes: whether new ones are added (not by a dry run, nor in a home that can only be read).
    """

    def __init__(self, folder: Path, *, writes: bool = True) -> None:
        self.folder, self.writes = folder.absolute(), writes
        self._stands_on: dict[Path, Path] = {}  # patch → its base

    def has(self, fact: str, signature: str) -> bool:
        """Whether a fact is there."""
        path = self._path(fact, signature)
        return path.is_file() and self._stands_on.get(path, path).is_file()

    def open(self, con: duckdb.DuckDBPyConnection, fact: str, signature: str) -> bool:
        """Make ``facts.<fact>`` from its file; whether there is one that can be read."""
        rows = self.source(con, fact, signature)
        if rows is not None:
            _view(con, fact, rows)
        return rows is not None

    def source(self, con: duckdb.DuckDBPyConnection, fact: str, signature: str) -> str | None:
        """SQL of a fact's rows, if it is there: those of its base that still hold, and those of its patch."""
        path = self._path(fact, signature)
        if not path.is_file():
            return None
        try:
            return self._source(con, path)
        except duckdb.Error:  # damaged: made again from the batches
            _remove(self._stands_on.pop(path, path))
            _remove(path)
            return None

    def _source(self, con: duckdb.DuckDBPyConnection, path: Path) -> str | None:
        rows = f"read_parquet({literal(str(path))})"
        on = _note(con, path, "base")
        if on is not None:
            base = self.folder / on
            if not base.is_file():
                return None
            self._stands_on[path] = base
            _used(base)
            before = f"read_parquet({literal(str(base))}, file_row_number = true)"
            gone = f"(SELECT _gone AS file_row_number FROM {rows} WHERE _gone IS NOT NULL)"
            rows = (
                f"(SELECT * EXCLUDE (file_row_number) FROM {before} ANTI JOIN {gone} USING (file_row_number) "
                f"UNION ALL BY NAME SELECT * EXCLUDE (_gone) FROM {rows} WHERE _gone IS NULL)"
            )
        con.execute(f"DESCRIBE FROM {rows}")
        _used(path)
        return rows

    def bases(self, con: duckdb.DuckDBPyConnection, fact: str) -> Iterator[tuple[Path, str]]:
        """The files of a fact that a patch can be made against, newest first; what each was made from."""
        found = sorted(self.folder.glob(f"{fact}-*.parquet"), key=_written, reverse=True)
        for path in found:
            with suppress(duckdb.Error):
                if (state := _note(con, path, "state")) is not None:
                    yield path, state

    def takes(self, size: int) -> bool:
        """Whether a fact made from so many bytes of batches is kept."""
        return self.writes and size >= WORTHWHILE and self._has_room(size)

    def make(
        self,
        con: duckdb.DuckDBPyConnection,
        fact: str,
        signature: str,
        query: str,
        size: int,
        notes: Mapping[str, str] | None = None,
    ) -> bool:
        """Run a fact's query into a file and make ``facts.<fact>`` from it; False where it is not kept.

        Args:
            size: bytes of the batches that the query reads.
            notes: written into the file: ``state``, what a base was made from, or ``base``, the name of the
                file that a patch stands on.
        """
        if not self.takes(size):
            return False
        path = self._path(fact, signature)
        part = _beside(path)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            noted = ", ".join(f"{key}: {literal(value)}" for key, value in (notes or {}).items())
            stored = f"{STORED}, KV_METADATA {{{noted}}}" if noted else STORED
            place = f"{literal(str(part))} ({stored})"
            con.execute(f"COPY ({_storable(con, query)}) TO {place}")
            _sync(part)
            _put(part, path)
            rows = self._source(con, path)
            if rows is None:
                return False
            _view(con, fact, rows)
        except (OSError, duckdb.IOException):
            return False
        finally:
            _remove(part)
        self._sweep()
        return True

    def spans(self, table: str, signature: str) -> dict[str, tuple[date, date] | None]:
        """First and last day of each time column of a record table, as far as it was kept."""
        try:
            found = json.loads(self._spans_path(table, signature).read_text(encoding="utf-8"))
            return {
                place: (date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days else None
                for place, days in found.items()
            }
        except (OSError, ValueError, TypeError, AttributeError, IndexError):
            return {}

    def keep_spans(self, table: str, signature: str, spans: Spans) -> None:
        """Keep them; a failure costs time and nothing else."""
        if not self.writes or not self._has_room(0):
            return
        path = self._spans_path(table, signature)
        part = _beside(path)
        known = {place: days and [day.isoformat() for day in days] for place, days in spans.items()}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(known), encoding="utf-8")
            part.replace(path)
        except OSError:
            _remove(part)

    def _path(self, fact: str, signature: str) -> Path:
        return self.folder / f"{fact}-{signature}.parquet"

    def _spans_path(self, table: str, signature: str) -> Path:
        return self.folder / f"{table}-{signature}.json"

    def _has_room(self, size: int) -> bool:
        there = next((place for place in (self.folder, *self.folder.parents) if place.exists()), None)
        return there is not None and shutil.disk_usage(there).free > SPARE_BYTES + 4 * size

    def _sweep(self) -> None:
        """Take away what is of no use any more: old states, leftovers, and what is over the bound."""
        with suppress(OSError):
            found = sorted(
                ((path.stat(), path) for path in self.folder.iterdir()), key=lambda one: -one[0].st_mtime
            )
            whole, versions = 0, dict[str, int]()
            for stat, path in found:
                fact = path.name.rpartition("-")[0]
                versions[path.suffix + fact] = versions.get(path.suffix + fact, 0) + 1
                whole += stat.st_size
                if path.suffix == ".part":
                    gone = time.time() - stat.st_mtime > FORGOTTEN_SECONDS
                else:
                    gone = whole > MOST_BYTES or versions[path.suffix + fact] > MOST_VERSIONS
                if gone:
                    path.unlink(missing_ok=True)


def _storable(con: duckdb.DuckDBPyConnection, query: str) -> str:
    """A query with its 128-bit integers, which Parquet would round, as decimals of as many digits."""
    wide = [column for column, kind, *_ in con.execute(f"DESCRIBE {query}").fetchall() if kind == "HUGEINT"]
    if not wide:
        return query
    cast = ", ".join(f"{name(column)}::DECIMAL(38,0) AS {name(column)}" for column in wide)
    return f"SELECT * REPLACE ({cast}) FROM ({query})"


def _view(con: duckdb.DuckDBPyConnection, fact: str, rows: str) -> None:
    con.execute(f"CREATE VIEW facts.{name(fact)} AS FROM {rows}")


def _note(con: duckdb.DuckDBPyConnection, path: Path, key: str) -> str | None:
    """What a file says about itself under a key."""
    sql = f"SELECT value FROM parquet_kv_metadata({literal(str(path))}) WHERE key = {literal(key)}::BLOB"
    found = con.execute(sql).fetchone()
    return bytes(found[0]).decode() if found else None


def _used(path: Path) -> None:
    with suppress(OSError):
        os.utime(path)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")


def _put(part: Path, path: Path) -> None:
    """Give a finished file its name; one that another program finished first, and may be reading, stays."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return
    except OSError:  # a disk without hard links
        part.replace(path)


def _sync(path: Path) -> None:
    with path.open("rb") as written:
        os.fsync(written.fileno())


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
