"""Backups: the whole home in one file, consistent while people write, and proven when it comes back.

A backup is a ZIP of the database (copied by SQLite's own backup, so never half a write), every file
that it names, and a manifest with the SHA-256 of each.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.store import check as checking
from kpi_tree.store import files, journal, schema
from kpi_tree.store.home import DATABASE, Home

MANIFEST = "manifest.json"
FORMAT = "kpi-tree backup"
MAX_MEMBERS = 1_000_000
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    path: Path
    at: str
    files: int
    bytes: int
    counts: dict[str, int]


def write(home: Home, target: Path, *, now: datetime) -> Backup:
    """Write the home to one file; it is there whole, or not at all.

    Raises:
        Refused: the place cannot be written to, or a file of the home is gone or changed.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            database = Path(folder) / DATABASE
            _copy_database(home, database)
            manifest = {"format": FORMAT, "at": journal.instant(now), **_counts(database)}
            with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED, allowZip64=True) as out:
                manifest["files"] = dict([_put(out, database, DATABASE)])
                for name, sha256 in _named(database):
                    _, found = _put(out, home.path / name, name)
                    if found != sha256:
                        raise Refused(
                            msg("A file of the home is not what it was when it was loaded."),
                            place=name,
                            remedy=msg("Run check, and restore the backup before."),
                        )
                    manifest["files"][name] = found
                out.writestr(MANIFEST, json.dumps(manifest, indent=1))
        with part.open("rb+") as done:
            os.fsync(done.fileno())
        part.replace(target)
        files.sync_folder(target.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise files.refusal(error, target) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Backup(target, manifest["at"], len(manifest["files"]), target.stat().st_size, manifest["counts"])


def _copy_database(home: Home, target: Path) -> None:
    with home.read() as db:
        db.conn.rollback()
        copy = sqlite3.connect(target)
        try:
            db.conn.backup(copy)
            copy.execute("pragma journal_mode = delete")
        finally:
            copy.close()


def _counts(database: Path) -> dict[str, Any]:
    with _opened(database) as conn:
        names = ("journal", "plans", "batches", "observations")
        counts = {name: conn.execute(f"select count(*) from {name}").fetchone()[0] for name in names}
        return {"schema": conn.execute("pragma user_version").fetchone()[0], "counts": counts}


def _named(database: Path) -> list[tuple[str, str]]:
    with _opened(database) as conn:
        found = conn.execute("select path, sha256 from batch_files order by path").fetchall()
        sources = conn.execute("select distinct sha256 from batches order by sha256").fetchall()
    return [*found, *((f"files/{sha256}", sha256) for (sha256,) in sources)]


@contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(database)
    try:
        yield conn
    finally:
        conn.close()


def _put(out: zipfile.ZipFile, source: Path, name: str) -> tuple[str, str]:
    digest = hashlib.sha256()
    with source.open("rb") as stream, out.open(name, "w", force_zip64=True) as member:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            member.write(chunk)
    return name, digest.hexdigest()


def read(source: Path, folder: Path, *, force: bool = False, now: datetime) -> Home:
    """Bring a home back from a backup: all of it, proven, or nothing.

    Args:
        folder: where the home shall be.
        force: replace a home that is there; it is kept beside it under another name.

    Raises:
        Refused: not a backup, damaged, of a newer release; or there is a home already.
    """
    target = folder.expanduser().absolute()
    if target.exists() and any(target.iterdir()) and not force:
        raise Refused(
            msg("There is something in this folder already."),
            place=str(target),
            remedy=msg("Choose another folder, or force it: what is there is then kept beside the new home."),
        )
    fresh = target.with_name(f".{target.name}.restoring")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(parents=True)
        _unpack(source, fresh)
        found = checking.run(Home.open(fresh, create=False), clean=False)
        if not found.ok:
            raise Refused(found.problems[0].message, place=f"{source}: {found.problems[0].place}")
        if target.exists():
            stamp = journal.instant(now).replace(":", "").replace("-", "")[:15]
            target.replace(target.with_name(f"{target.name}.before-{stamp}"))
        fresh.replace(target)
    except OSError as error:
        raise files.refusal(error, target) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Home.open(target, create=False)


def _unpack(source: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            wanted: dict[str, str] = manifest["files"]
            if manifest["format"] != FORMAT or len(wanted) > MAX_MEMBERS:
                raise KeyError(FORMAT)
            _refuse_newer(source, int(manifest["schema"]))
            for name, sha256 in wanted.items():
                _take(archive, name, sha256, folder, source)
    except FileNotFoundError as error:
        raise Refused(
            msg("There is no such file."), place=str(source), remedy=msg("Look at its name.")
        ) from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise Refused(
            msg("This is not a whole backup of a home."),
            place=str(source),
            remedy=msg("Choose another backup."),
        ) from error


def _refuse_newer(source: Path, version: int) -> None:
    if version > len(schema.MIGRATIONS):
        raise Refused(
            msg("The backup was made by a newer release (version {n}).", n=version),
            place=str(source),
            remedy=msg("Update the program first."),
        )


def _take(archive: zipfile.ZipFile, name: str, sha256: str, folder: Path, source: Path) -> None:
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith(("/", "\\")) or ":" in name:
        raise KeyError(name)
    target, digest = folder.joinpath(*parts), hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as member, target.open("wb") as out:
        while chunk := member.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != sha256:
        raise Refused(
            msg("A file in the backup was changed."),
            place=f"{source}: {name}",
            remedy=msg("Choose another backup."),
        )
