"""A watched folder: its complete files, oldest first, each copied out whole before anything reads it."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.sources.bounds import Bounds, Fetched

CHUNK = 1 << 20
UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".swp", ".lock")


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it lay in the folder at a moment."""

    name: str
    bytes: int
    changed_ns: int

    def same_as(self, other: Seen | None) -> bool:
        """Whether nothing was written to it between the two looks."""
        return other is not None and (self.name, self.bytes, self.changed_ns) == (
            other.name,
            other.bytes,
            other.changed_ns,
        )


def allowed(folder: Path | str, roots: Iterable[Path]) -> Path:
    """The folder with every link on its way resolved, if it may be watched.

    Args:
        roots: folders that may be watched with all below them; none at all lets any folder in (the command
            line, whose user reads the disk anyway).

    Raises:
        Refused: it is not there, is no folder, or lies outside of ``roots``.
    """
    given = Path(folder).expanduser()
    try:
        found = given.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise Refused(
            msg("There is no such folder on this machine."),
            place=str(folder)[:200],
            remedy=msg("Make the folder, or correct its name."),
        ) from error
    if not found.is_dir():
        raise Refused(msg("This is not a folder."), place=str(folder)[:200], remedy=msg("Name a folder."))
    known = [root.expanduser().resolve() for root in roots]
    if known and not any(found == root or found.is_relative_to(root) for root in known):
        raise Refused(
            msg("This folder may not be watched from here."),
            place=str(folder)[:200],
            remedy=msg(
                "Use a folder below {folders}, or let the person who runs the server add it to {setting}.",
                folders=", ".join(str(root) for root in known),
                setting="KPI_TREE_FOLDERS",
            ),
        )
    return found


def look(folder: Path, pattern: str = "*") -> list[Seen]:
    """The plain files that suit a pattern, the one changed longest ago first. Links are passed over.

    Raises:
        Refused: the folder is gone, is another one by now, or cannot be read.
    """
    try:
        if folder.resolve(strict=True) != folder:
            raise Refused(
                msg("The folder is now a link to another place."),
                place=str(folder),
                remedy=msg("Set the source to the folder itself."),
            )
        with os.scandir(folder) as entries:
            found = [_seen(entry) for entry in entries if _wanted(entry, pattern)]
    except OSError as error:
        raise Refused(
            msg("The folder cannot be read: {reason}.", reason=error.strerror or str(error)),
            place=str(folder),
            remedy=msg("Look whether it is there, and at its rights."),
        ) from error
    return sorted(found, key=lambda one: (one.changed_ns, one.name))


def _wanted(entry: os.DirEntry[str], pattern: str) -> bool:
    name = entry.name
    if name.startswith((".", "~$")) or name.lower().endswith(UNFINISHED):
        return False
    return entry.is_file(follow_symlinks=False) and fnmatch.fnmatch(name.lower(), pattern.lower())


def _seen(entry: os.DirEntry[str]) -> Seen:
    state = entry.stat(follow_symlinks=False)
    return Seen(entry.name, state.st_size, state.st_mtime_ns)


def settled(
    now_seen: Seen, before: Seen | None, seen_at: datetime | None, now: datetime, wait: float
) -> bool:
    """Whether a file is complete: not written to for ``wait`` seconds, by its own time or by two looks.

    >>> from datetime import UTC
    >>> at = datetime(2026, 5, 4, tzinfo=UTC)
    >>> settled(Seen("a", 1, int(at.timestamp() - 60) * 10**9), None, None, at, 10)
    True
    """
    if now.timestamp() - now_seen.changed_ns / 1e9 >= wait:
        return True
    return seen_at is not None and now_seen.same_as(before) and (now - seen_at).total_seconds() >= wait


def take(folder: Path, seen: Seen, target: Path, bounds: Bounds) -> Fetched:
    """Copy a file out of the folder; what is handed back is one state of it, whole.

    Raises:
        Refused: it is too large, was written to meanwhile, or cannot be read.
    """
    if seen.bytes > bounds.folder_bytes:
        raise Refused(
            msg("The file has {found} MB; the limit is {limit} MB.",
                found=round(seen.bytes / 1024 / 1024), limit=bounds.folder_bytes // 1024 // 1024),
            place=seen.name,
            remedy=msg("Split it, or load it from the command line."),
        )  # fmt: skip
    try:
        digest = _copy(folder / seen.name, target, seen.bytes)
        state = os.lstat(folder / seen.name)
    except OSError as error:
        raise Refused(
            msg("The file cannot be read: {reason}.", reason=error.strerror or str(error)),
            place=seen.name,
            remedy=msg("Look at its rights; it is tried again with the next run."),
        ) from error
    after = Seen(seen.name, state.st_size, state.st_mtime_ns)
    if not seen.same_as(after) or digest is None:
        raise Refused(
            msg("The file was written to while it was read."),
            place=seen.name,
            remedy=msg("Nothing needs doing: it is tried again with the next run."),
        )
    return Fetched(seen.name, target, digest)


def _copy(source: Path, target: Path, size: int) -> str | None:
    """The content's hash; None when it is not of the size that was seen."""
    handle = os.open(source, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as stream, target.open("wb") as out:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        digest, length = hashlib.sha256(), 0
        while block := stream.read(CHUNK):
            length += len(block)
            if length > size:
                return None
            digest.update(block)
            out.write(block)
    return digest.hexdigest() if length == size else None
