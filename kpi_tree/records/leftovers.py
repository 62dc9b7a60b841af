"""Folders for temporary files, each held by the process that made it; those of processes that were
killed are taken away by the next one."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: leftovers then stay until the system clears them
    fcntl = None  # type: ignore[assignment]

PREFIX = "kpi_tree_"
OWNER = ".owner"
OLD = 3600.0
"""Seconds after which a folder that nobody ever held is left over too."""

_held: dict[Path, int] = {}
_makers: dict[Path, int] = {}
"""Which process made a folder: at its end, however it was interrupted, it takes away what is still there."""


def new_folder() -> Path:
    """A new folder, readable by nobody else, held until :func:`drop_folder` or the end of the process."""
    _sweep_once(os.getpid())
    while True:
        folder = Path(tempfile.gettempdir()) / f"{PREFIX}{secrets.token_hex(8)}"
        _makers[folder] = os.getpid()  # before it is there: Ctrl-C may come between any two lines
        folder.mkdir(mode=0o700)
        handle = os.open(folder / OWNER, os.O_RDWR | os.O_CREAT, 0o600)
        # Somebody who sweeps may have been quicker than our lock; then the folder is theirs to remove.
        if _lock(handle) and (folder / OWNER).exists():
            _held[folder] = handle
            return folder
        os.close(handle)
        del _makers[folder]


def drop_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, and let go of it."""
    shutil.rmtree(folder, ignore_errors=True)
    handle = _held.pop(folder, None)
    if handle is not None:
        os.close(handle)
    _makers.pop(folder, None)


@atexit.register
def _drop_what_is_left() -> None:
    for folder in [folder for folder, maker in _makers.items() if maker == os.getpid()]:
        drop_folder(folder)


@contextmanager
def folder_of_own() -> Iterator[Path]:
    """A new folder that is gone at the end."""
    folder = new_folder()
    try:
        yield folder
    finally:
        drop_folder(folder)


def sweep() -> list[Path]:
    """Remove the folders whose makers are gone; returns those removed."""
    removed = []
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if folder not in _held and folder.lstat().st_uid == os.getuid() and _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)
                removed.append(folder)
        except (OSError, AttributeError):
            continue  # another process was quicker, or there are no user numbers here
    return removed


@lru_cache(maxsize=1)
def _sweep_once(process: int) -> None:  # noqa: ARG001 - once a process: a fork begins anew
    sweep()


def _is_left(folder: Path) -> bool:
    if fcntl is None or not folder.is_dir() or folder.is_symlink():
        return False
    if not (folder / OWNER).exists():
        return time.time() - folder.stat().st_mtime > OLD
    handle = os.open(folder / OWNER, os.O_RDWR)
    try:
        return _lock(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Take a lock that ends with its process, however that ends; whether nobody else has it."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
