"""What kind of file these bytes are, by content and never by name, and what is inside a container."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import LIMITS, MEGABYTE, Limits
from kpi_tree.ingest.answers.refusing import damaged, refusal, too_large, unpacks_too_far
from kpi_tree.ingest.files.kinds import is_binary, refuse_binary, refuse_document, refuse_old_office
from kpi_tree.ingest.files.markup import begins_markup, markup_kind
from kpi_tree.ingest.files.oldxls import check_old
from kpi_tree.ingest.files.packed import check_entries, check_sheets, is_workbook
from kpi_tree.ingest.text.lines import LineLength

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_GZ = b"\x1f\x8b"
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError,
    ValueError,
)  # fmt: skip
START = 300
"""Bytes that tell what kind of file it is."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

__all__ = [
    "Source",
    "check_entries",
    "is_other_kind",
    "open_source",
    "refusal",
    "shown_name",
    "too_large",
    "unpacks_too_far",
]


@dataclass(slots=True)
class Source:
    """A file's table-bearing content.

    Attributes:
        kind: ``text``, ``workbook`` (also one written as a web page or XML) or ``zip``.
        data: the bytes (unpacked from gz).
        name: the name as it was sent, for messages only.
        fingerprint: SHA-256 of the bytes as they were sent.
        members: for ``zip``: entry name -> a function that unpacks it.
        ignored: for ``zip``: entries that a computer put there by itself.
        sizes: for ``zip``: bytes of each member, unpacked.
    """

    kind: str
    data: bytes
    name: str
    fingerprint: str
    members: dict[str, Callable[[], bytes]]
    ignored: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)


def open_source(path_or_bytes: Path | str | bytes, name: str, limits: Limits = LIMITS) -> Source:
    """Take in a file.

    Args:
        path_or_bytes: where it lies, or its content.
        name: its name as shown to people; never used as a path.

    Raises:
        Refused: empty, too large, a bomb, protected, or no table.

    >>> open_source(b"a,b\\n1,2\\n", "a.csv").kind
    'text'
    >>> open_source(b"", "a.csv")
    Traceback (most recent call last):
    kpi_tree.errors.Refused: a.csv: The file is empty. Choose a file with a header and at least one row.
    """
    name = shown_name(name)
    data = _take(path_or_bytes, name, limits)
    fingerprint = hashlib.sha256(data).hexdigest()
    if data[:2] == _GZ:
        data = _gunzip(data, name, limits)
        if data[:2] == _GZ:
            raise refusal(
                msg("The file is packed twice; what is packed inside it is not opened."),
                name,
                msg("Unpack it and send what it holds."),
            )
    if not data.strip(b"\r\n\t \xef\xbb\xbf\xff\xfe\0"):
        raise refusal(
            msg("The file is empty."), name, msg("Choose a file with a header and at least one row.")
        )
    if data[:4] in (_ZIP, _EMPTY_ZIP):
        return _zipped(data, name, fingerprint, limits)
    if data[:8] == _OLE:
        refuse_old_office(data, name)
        check_old(data, name, limits)
        return Source("workbook", data, name, fingerprint, {})
    refuse_binary(data[:START], name)
    if markup_kind(data):
        return Source("workbook", data, name, fingerprint, {})
    return Source("text", data, name, fingerprint, {})


def shown_name(name: str) -> str:
    """The last part of a file's name, cut; for messages only.

    >>> shown_name("C:\\\\x\\\\a.csv"), shown_name("")
    ('a.csv', 'file')
    """
    return PurePosixPath(name.replace("\\", "/")).name[:200] or "file"


def is_other_kind(start: bytes) -> bool:
    """Whether a file that begins so is no text: an archive, a workbook, a picture."""
    return start.startswith((_ZIP, _OLE)) or is_binary(start) or begins_markup(start)


def _take(path_or_bytes: Path | str | bytes, name: str, limits: Limits) -> bytes:
    if isinstance(path_or_bytes, bytes | bytearray | memoryview):
        data = bytes(path_or_bytes)
        _check_size(len(data), data[:START], name, limits)
        return data
    path = Path(path_or_bytes)
    if not path.is_file():
        raise refusal(msg("There is no such file."), name, msg("Check the name and the folder."))
    with path.open("rb") as stream:
        start = stream.read(START)
    _check_size(path.stat().st_size, start, name, limits)
    return path.read_bytes()


def _check_size(size: int, start: bytes, name: str, limits: Limits) -> None:
    """Refuse a file that is no table, or too large, before it is in memory."""
    refuse_binary(start, name)
    if size > limits.file_bytes:
        raise too_large(name, limits)
    if is_other_kind(start) and size > limits.held_bytes:
        raise refusal(
            msg("The workbook or archive is larger than {n} megabytes.", n=limits.held_bytes // MEGABYTE),
            name,
            msg("Send its tables as CSV."),
        )


def _gunzip(data: bytes, name: str, limits: Limits) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            return _bounded(stream.read, len(data), name, limits)
    except (OSError, EOFError, zlib.error) as fault:
        raise damaged(name) from fault


def _bounded(read: Callable[[int], bytes], packed: int, name: str, limits: Limits) -> bytes:
    """Unpack in pieces and stop at the limit, of all bytes or of a line of text."""
    parts, size, length = [], 0, LineLength(limits, name)
    while part := read(4 * MEGABYTE):
        size += len(part)
        if size > limits.unpacked_bytes or (size > 64 * MEGABYTE and size > packed * limits.ratio):
            raise unpacks_too_far(name, limits.unpacked_bytes, limits.ratio)
        parts.append(part)
        if not is_other_kind(parts[0][:8]):
            length.take(part)
    return b"".join(parts)


@contextmanager
def unpacked(name: str) -> Iterator[None]:
    """Whatever goes wrong while a ZIP is unpacked, as a refusal.

    Raises:
        Refused: it is damaged.

    >>> with unpacked("a.zip"):
    ...     raise zipfile.BadZipFile("Bad CRC-32")
    Traceback (most recent call last):
    kpi_tree.errors.Refused: a.zip: The packed file is damaged. Send it again.
    """
    try:
        yield
    except _BROKEN as fault:
        raise damaged(name) from fault


def _zipped(data: bytes, name: str, fingerprint: str, limits: Limits) -> Source:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        raise damaged(name) from fault
    check_entries(entries, name, limits)
    with unpacked(name):
        refuse_document(archive, name)
        workbook = is_workbook({entry.filename for entry in entries})
        if workbook:
            check_sheets(archive, entries, name, limits)
    if workbook:
        return Source("workbook", data, name, fingerprint, {})
    members: dict[str, Callable[[], bytes]] = {}
    ignored: list[str] = []
    sizes: dict[str, int] = {}
    for entry in entries:
        shown = PurePosixPath(entry.filename.replace("\\", "/")).name
        if not shown or shown.startswith(".") or "__MACOSX" in entry.filename:
            ignored.append(entry.filename)
        else:
            shown = shown if shown not in members else f"{shown} ({len(members)})"
            members[shown], sizes[shown] = _unpacker(archive, entry, name, limits), entry.file_size
    if not members:
        raise refusal(msg("The ZIP holds no file."), name, msg("Send the table itself."))
    return Source("zip", data, name, fingerprint, members, ignored, sizes)


def _unpacker(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: Limits
) -> Callable[[], bytes]:
    def unpack() -> bytes:
        with unpacked(name), archive.open(entry) as stream:
            return _bounded(stream.read, max(entry.compress_size, 1), name, limits)

    return unpack
