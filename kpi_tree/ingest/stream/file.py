"""Which files are read in pieces, and what is read of them: a text file, or the one inside a gz or ZIP."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import MEGABYTE, Limits
from kpi_tree.ingest.files.kinds import refuse_binary
from kpi_tree.ingest.files.markup import refuse_markup
from kpi_tree.ingest.files.members import is_no_table
from kpi_tree.ingest.files.source import (
    START,
    check_entries,
    is_other_kind,
    refusal,
    shown_name,
    too_large,
    unpacks_too_far,
)
from kpi_tree.ingest.text.lines import LineLength, check_lines
from kpi_tree.steps import Watch

CHUNK = 4 * MEGABYTE
UNPACKED = 128 * MEGABYTE
"""What is made of a text up to this size is laid down as it is: the system still holds it when it is read."""


@dataclass(frozen=True, slots=True)
class BigFile:
    """A text file to be read in pieces.

    Attributes:
        path: where its plain text lies; ``size`` in bytes.
        name: as shown to people; ``fingerprint`` the SHA-256 of the file as it was sent.
        member: its name inside a ZIP; ``beside`` are those of what else lies there and is no table.
        folder: a folder for what lies between the passes; whoever made the file drops it.
    """

    path: Path
    size: int
    name: str
    fingerprint: str
    folder: Path
    member: str | None = None
    beside: tuple[str, ...] = ()

    @property
    def packing(self) -> pa.ipc.IpcWriteOptions:
        """How rows are laid down between the passes: packed where there are too many to stay in memory."""
        return pa.ipc.IpcWriteOptions(compression="lz4" if self.size > UNPACKED else None)


def is_big(path_or_bytes: Path | str | bytes, limits: Limits) -> bool:
    """Whether a file's text is more than is held in memory at once.

    Any fault is left to whoever reads it as a small one.
    """
    try:
        with _opened(path_or_bytes) as stream:
            start = stream.read(8)
            stream.seek(0)
            if start[:2] == b"\x1f\x8b":
                with gzip.open(stream) as inner:
                    return _longer(inner.read, limits.whole_bytes) and not is_other_kind(_start(stream))
            if start[:4] == b"PK\x03\x04":
                entry = _only_entry(zipfile.ZipFile(stream))
                return entry is not None and entry.file_size > limits.whole_bytes
            size = stream.seek(0, io.SEEK_END)
            return limits.whole_bytes < size <= limits.file_bytes and not is_other_kind(start)
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False


def _opened(path_or_bytes: Path | str | bytes) -> IO[bytes]:
    if isinstance(path_or_bytes, bytes):
        return io.BytesIO(path_or_bytes)
    return Path(path_or_bytes).open("rb")


def _longer(read: Callable[[int], bytes], limit: int) -> bool:
    size = 0
    while part := read(CHUNK):
        size += len(part)
        if size > limit:
            return True
    return False


def _start(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    with gzip.open(stream) as inner:
        return inner.read(8)


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [
        entry
        for entry in archive.infolist()
        if not entry.is_dir() and not shown_name(entry.filename).startswith(".")
        and "__MACOSX" not in entry.filename
    ]  # fmt: skip


def _only_entry(archive: zipfile.ZipFile) -> zipfile.ZipInfo | None:
    """The one table of a ZIP that holds no other."""
    entries = [entry for entry in _entries(archive) if not is_no_table(entry.filename)]
    if len(entries) != 1 or entries[0].flag_bits & 1:
        return None
    with archive.open(entries[0]) as stream:
        return None if is_other_kind(stream.read(8)) else entries[0]


def open_big(
    path_or_bytes: Path | str | bytes, name: str, limits: Limits, folder: Path, watch: Watch
) -> BigFile:
    """Take in a file that :func:`is_big`, its text unpacked into ``folder`` where it is packed.

    Raises:
        Refused: too large, a bomb, or the disk is full. Cancelled: it was stopped.
    """
    name = shown_name(name)
    with _opened(path_or_bytes) as stream:
        if not is_other_kind(stream.read(8)):
            _check_beginning(stream, name, limits)
        stream.seek(0)
        fingerprint = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
        packed = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        start = stream.read(4)
        stream.seek(0)
        if packed > limits.file_bytes:
            raise too_large(name, limits)
        target, member, beside = folder / "text", None, list[str]()
        try:
            if start[:2] == b"\x1f\x8b":
                with gzip.open(stream) as inner:
                    _unpack(inner, target, packed, name, limits, watch)
            elif start == b"PK\x03\x04":
                archive = zipfile.ZipFile(stream)
                entry = _only_entry(archive)
                assert entry is not None
                check_entries([entry], name, limits, limits.file_bytes)
                member = shown_name(entry.filename)
                beside = [shown_name(one.filename) for one in _entries(archive) if one is not entry]
                with archive.open(entry) as inside:
                    _unpack(inside, target, max(entry.compress_size, 1), name, limits, watch)
            elif isinstance(path_or_bytes, bytes):
                target.write_bytes(path_or_bytes)
            else:
                target = Path(path_or_bytes)
        except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, NotImplementedError) as fault:
            raise refusal(msg("The packed file is damaged."), name, msg("Send it again.")) from fault
        except OSError as fault:
            raise no_room(fault, name) from fault
    return BigFile(target, target.stat().st_size, name, fingerprint, folder, member, tuple(beside))


def _check_beginning(stream: IO[bytes], name: str, limits: Limits) -> None:
    """Refuse a text without the end of a line before anything is done with all of it."""
    stream.seek(0)
    start = stream.read(2 * limits.line_bytes)
    if start[:2] != b"\x1f\x8b":
        _refuse_other(start, name)
        check_lines(start, limits, name)


def _refuse_other(start: bytes, name: str) -> None:
    """Refuse what is no table of lines, as it is refused where it is small."""
    refuse_binary(start[:START], name)
    refuse_markup(start, name)


def _unpack(
    inner: IO[bytes] | gzip.GzipFile, target: Path, packed: int, name: str, limits: Limits, watch: Watch
) -> None:
    size, length = 0, LineLength(limits, name)
    with target.open("wb") as out:
        while part := inner.read(CHUNK):
            watch.tell(msg("Unpacking {file}", file=name))
            if not size:
                _refuse_other(part, name)
            size += len(part)
            if size > limits.file_bytes or (size > 64 * MEGABYTE and size > packed * limits.ratio):
                raise unpacks_too_far(name, limits.file_bytes, limits.ratio)
            length.take(part)
            out.write(part)


def no_room(fault: OSError, place: str) -> Refused:
    """The refusal when the disk for temporary files gives out."""
    return refusal(
        msg(
            "There is no room for what lies between reading and keeping: {reason}.",
            reason=fault.strerror or str(fault),
        ),
        place,
        msg("Make room in the machine's folder for temporary files, or set TMPDIR to another."),
    )
