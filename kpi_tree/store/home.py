"""A home: the folder that is the whole state, and the way its database is opened.

Every call has a connection to itself: sessions never share a transaction. Those for reading are kept
open between calls (:mod:`kpi_tree.store.readers`). Writers start with ``BEGIN IMMEDIATE``, so two of them
wait for each other instead of failing half-way.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.store import schema
from kpi_tree.store.readers import Readers

BUSY_SECONDS = 30.0
NEEDED_BYTES = 1 << 18
"""Room that SQLite needs beside the database to write at all."""
DATABASE = "kpi_tree.db"


@dataclass(frozen=True)
class Home:
    """One home folder. Equal homes have the same path.

    Args:
        path: the folder, absolute.
        read_only: whether the folder cannot be written to; every write is then refused.
    """

    path: Path
    read_only: bool = field(default=False, compare=False)
    _readers: Readers = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_readers", Readers(self.database, partial(_connect, self.database)))

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / DATABASE

    @property
    def records(self) -> Path:
        """The folder of Parquet files, one folder a record table."""
        return self.path / "records"

    @property
    def files(self) -> Path:
        """The folder of the files as they were sent, named by their content."""
        return self.path / "files"

    @property
    def cache(self) -> Path:
        """The folder of what was computed once and can be computed again: safe to delete, not backed up."""
        return self.path / "cache"

    @property
    def backups(self) -> Path:
        """The folder of backups made before a change of version, and by hand."""
        return self.path / "backups"

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        create: bool = True,
        steps: Sequence[schema.Migration] = schema.MIGRATIONS,
    ) -> Home:
        """Open a home, make it when it isn't there, bring its database to this release's version.

        Raises:
            Refused: the folder cannot be made, the database is damaged or newer than this release.
        """
        folder = Path(path).expanduser().absolute()
        if not (folder / DATABASE).exists() and not create:
            raise Refused(
                msg("There is no home in this folder."),
                place=str(folder),
                remedy=msg("Choose another folder, or load the sample shop to make one."),
            )
        home = cls(folder, read_only=_made(folder))
        home._prepare(steps)
        return home

    def _prepare(self, steps: Sequence[schema.Migration]) -> None:
        if self.database.exists():
            self._refuse_damaged()
        if self.read_only:
            with self.read() as db:
                if schema.pending(db, steps):
                    raise Refused(
                        msg("This home is of an earlier release, and can only be read."),
                        place=str(self.path),
                        remedy=msg("Make the folder writable and open it once, or copy it to another place."),
                    )
            return
        with self._connected() as db:
            due, version = schema.pending(db, steps), schema.version_of(db)
            if not due:
                return
            if version:
                self._copy_before(db, version)
            db.execute("pragma journal_mode = wal")
            with _immediate(db):
                schema.migrate(db, steps)

    def _copy_before(self, db: Database, version: int) -> None:
        self.backups.mkdir(exist_ok=True)
        target = sqlite3.connect(self.backups / f"before-version-{version + 1}.db")
        try:
            db.conn.backup(target)
        finally:
            target.close()

    def _refuse_damaged(self) -> None:
        try:
            with self.read() as db:
                found = db.execute("pragma quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            found = str(error)
        if found != "ok":
            raise Refused(
                msg("The database is damaged and was not opened ({detail}).", detail=found.splitlines()[0]),
                place=str(self.database),
                remedy=self._what_now(),
            )

    def _what_now(self) -> Msg:
        kept = sorted(self.backups.glob("*"), key=lambda file: file.stat().st_mtime)
        if kept:
            return msg("Nothing was changed. The last backup is {file}; restore it.", file=str(kept[-1]))
        return msg("Nothing was changed. Restore a backup into another folder.")

    @contextmanager
    def _connected(self) -> Iterator[Database]:
        """A connection that may write, closed at the end."""
        db = _connect(self.database)
        try:
            # Replacing a row deletes one: the triggers that guard the journal must hear of it.
            for setting in ("recursive_triggers = on", "synchronous = full", "foreign_keys = on"):
                db.execute(f"pragma {setting}")
            yield db
        finally:
            db.conn.close()

    @contextmanager
    def read(self) -> Iterator[Database]:
        """A connection for reading; all reads in it see one state.

        On a full or read-only disk SQLite cannot make the files that it keeps beside the database; then
        the database is read alone, provided that no write waits in those files.
        """
        mark, db = (None, _connect(self.database, alone=True)) if self.read_only else self._readers.take()
        try:
            try:
                _begin_reading(db)
            except sqlite3.OperationalError as error:
                if self.read_only or not self._nothing_beside(error):
                    raise
                db.conn.close()
                mark, db = None, _connect(self.database, alone=True)
                _begin_reading(db)
            yield db
        except sqlite3.Error:
            mark = None  # one that failed is not used again
            raise
        finally:
            self._readers.give(mark, db)

    def close(self) -> None:
        """Let go of the database file; the next call opens it again."""
        self._readers.close()

    def _nothing_beside(self, error: sqlite3.OperationalError) -> bool:
        waiting = self.database.with_name(f"{DATABASE}-wal")
        no_room = _code(error) in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL)
        return no_room and (not waiting.exists() or waiting.stat().st_size == 0)

    @contextmanager
    def write(self) -> Iterator[Database]:
        """A connection in one transaction: all of what is done in it is kept, or none.

        Raises:
            Refused: when the home is read-only, the disk is full, or another writer held on too long.
        """
        if self.read_only:
            raise Refused(
                msg("This home can only be read."),
                place=str(self.path),
                remedy=msg("Make the folder writable, or copy it to another place."),
            )
        try:
            with self._connected() as db, _immediate(db):
                yield db
        except sqlite3.OperationalError as error:
            raise _refusal(error, self.database) from error


def _connect(file: Path, *, alone: bool = False) -> Database:
    """A connection; ``alone`` reads the database file by itself, beside which nothing is made."""
    uri = f"{file.as_uri()}?immutable=1" if alone else str(file)
    conn = sqlite3.connect(
        uri, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=alone
    )
    return Database(conn, execute_plugins=False, recursive_triggers=False)


def _begin_reading(db: Database) -> None:
    db.conn.execute("begin")
    db.conn.execute("select 1 from sqlite_master").fetchone()


@contextmanager
def _immediate(db: Database) -> Iterator[None]:
    db.execute("begin immediate")
    try:
        with db.atomic():  # a savepoint inside: sqlite-utils' own writes then never commit by themselves
            yield
        db.execute("commit")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("rollback")
        raise


def _made(folder: Path) -> bool:
    """Make the folder when it isn't there; whether it can only be read."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            msg("The home folder cannot be made: {reason}.", reason=error.strerror or str(error)),
            place=str(folder),
            remedy=msg("Choose another folder."),
        ) from error
    return not os.access(folder, os.W_OK)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _refusal(error: sqlite3.OperationalError, place: Path) -> Exception:
    code = _code(error)
    no_room = code == sqlite3.SQLITE_IOERR and shutil.disk_usage(place.parent).free < NEEDED_BYTES
    if code == sqlite3.SQLITE_FULL or no_room:
        return Refused(
            msg("The disk is full. Nothing was changed."),
            place=str(place),
            remedy=msg("Make room and try again; reading goes on meanwhile."),
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Refused(
            msg("Somebody else was writing for too long. Nothing was changed."),
            place=str(place),
            remedy=msg("Try again."),
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        return Refused(
            msg("The home cannot be written to ({detail}). Nothing was changed.", detail=str(error)),
            place=str(place),
            remedy=msg("Look at the disk and the folder's rights."),
        )
    return error
