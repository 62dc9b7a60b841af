"""What must be known of a whole text before its first row is cut: encoding, line ends, quotation marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import MEGABYTE, Limits
from kpi_tree.ingest.stream.file import BigFile
from kpi_tree.ingest.text.encoding import Encoding, detect_in
from kpi_tree.ingest.text.lines import LineLength, check_width
from kpi_tree.steps import Watch

CHUNK = 4 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look over a text found.

    Attributes:
        encoding: how its bytes are read.
        odd: quotation marks whose number is odd, so that one of them never closes.
        lone_returns: some lines end with a carriage return alone.
    """

    encoding: Encoding
    odd: frozenset[str]
    lone_returns: bool


def survey(file: BigFile, options: Mapping[str, Any], limits: Limits, watch: Watch) -> Survey:
    """Look over a text once.

    Raises:
        Refused: a line is too long, it has far too many columns, or it is no text.
    """
    size = min(CHUNK, limits.line_bytes)
    for start in chunks(file.path, limits.line_bytes):
        check_width(start, limits, file.name)
        break
    length = LineLength(limits, file.name)
    marks = {'"': 0, "'": 0}
    returns, pairs, before, done = 0, 0, b"", 0
    for chunk in chunks(file.path, size):
        length.take(chunk)
        for mark in marks:
            if mark.encode() in chunk:
                marks[mark] += chunk.count(mark.encode())
        if b"\r" in chunk or before == b"\r":
            returns += chunk.count(b"\r")
            pairs += chunk.count(b"\r\n") + (before == b"\r" and chunk[:1] == b"\n")
        before = chunk[-1:]
        done += len(chunk)
        watch.tell(msg("Looking over {file}", file=file.name), done / max(file.size, 1))

    def pieces() -> Iterator[bytes]:
        for chunk in chunks(file.path, CHUNK):
            watch.check()
            yield chunk

    said = options.get("encoding")
    encoding = Encoding(str(said)) if said else detect_in(pieces, file.name)
    return Survey(encoding, frozenset(m for m, count in marks.items() if count % 2), returns != pairs)


def chunks(path: Path, size: int, start: int = 0) -> Iterator[bytes]:
    """A file's bytes in pieces, from a place on."""
    with path.open("rb") as stream:
        stream.seek(start)
        while chunk := stream.read(size):
            yield chunk
