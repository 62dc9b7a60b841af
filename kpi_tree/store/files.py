"""Files of a home: written whole and synced, or absent; and the lock that tells imports from leftovers."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.records.parquet import Rows, RowsFile
from kpi_tree.steps import SILENT, Watch
from kpi_tree.store.home import Home

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: leftovers then stay until nobody imports
    fcntl = None  # type: ignore[assignment]

LOCK = ".importing"
COUNTING = ".counting"
CHUNK = 1 << 20


def sha256_of(source: Path | bytes) -> str:
    """The content's SHA-256 in hex.

    >>> sha256_of(b"")[:8]
    'e3b0c442'
    """
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep(source: Path | bytes, target: Path, watch: Watch = SILENT) -> Path:
    """Copy content to its place in the home, on disk when this returns; a file that is there stays.

    Raises:
        Refused: the disk is full or cannot be written to.
        Cancelled: it was stopped.
    """
    if target.exists():
        return target
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as out:
            if isinstance(source, bytes):
                out.write(source)
            else:
                with source.open("rb") as stream:
                    while piece := stream.read(CHUNK):
                        watch.check()
                        out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise refusal(error, target) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return target


def keep_table(data: Rows, target: Path) -> Path:
    """The same for a table as Parquet (the quarantine)."""
    if isinstance(data, RowsFile):
        return keep(data.path, target)
    out = io.BytesIO()
    pq.write_table(data, out, compression="zstd")
    return keep(out.getvalue(), target)


def refusal(error: OSError, place: Path) -> Refused:
    """What an operating system's error means to a person."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    why = error.strerror or str(error)
    return Refused(
        msg("The disk is full. Nothing was changed.")
        if full
        else msg("The file cannot be written: {reason}. Nothing was changed.", reason=why),
        place=str(place.parent),
        remedy=msg("Make room and try again; reading goes on meanwhile.")
        if full
        else msg("Look at the disk and the folder's rights."),
    )


def sync_folder(folder: Path) -> None:
    """Make a rename last (POSIX)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def importing(home: Home) -> Iterator[None]:
    """Held while an import writes files that no transaction names yet; many may hold it."""
    if fcntl is None:  # pragma: no cover
        yield
        return
    with (home.path / LOCK).open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


@contextmanager
def one_at_a_time(home: Home, watch: Watch = SILENT) -> Iterator[None]:
    """Held while a file is compared with what is known and kept: its counts then stay true.

    Reading the file comes before, so only the short part of an import waits for another.

    Raises:
        Cancelled: it was stopped while it waited.
    """
    if fcntl is None or home.read_only:  # pragma: no cover
        yield
        return
    with (home.path / COUNTING).open("a") as handle:
        while not _locked(handle.fileno()):
            watch.check()
            time.sleep(0.02)
        yield


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def nobody_imports(home: Home) -> Iterator[bool]:
    """Whether no import is under way anywhere; while it is held none can begin.

    A killed process lets go of its lock, so its leftovers can be told from work in progress.
    """
    if fcntl is None or home.read_only:
        yield False
        return
    with (home.path / LOCK).open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
