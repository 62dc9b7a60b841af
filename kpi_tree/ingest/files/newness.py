"""When a file was exported or saved, as far as it says so itself: in a line above its table, or in what a
workbook or an archive keeps of its own making."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from kpi_tree.ingest.cells.dates import read_dates
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.text.lines import Row

_EXPORTED = re.compile(
    r"^(?:.{0,40}?\b)?(?:exported|downloaded|generated|printed|export(?:ed)? date|date exported|export time|"
    r"date of export|report (?:date|run|created|time)|run (?:date|on)|created on|as (?:of|at)|data as of|"
    r"eksportert|eksportdato|generert|lastet ned|utskriftsdato|rapportdato|kjørt|exporterad|exportdatum|"
    r"genererad|nedladdad|utskriven|exportiert|erstellt|generiert|heruntergeladen|gedruckt|stand|"
    r"export[ée]e?|g[ée]n[ée]r[ée]e?|date d['’]export(?:ation)?|téléchargée?|エクスポート日時?|出力日時?|"
    r"作成日時?|ダウンロード日時?|出力時刻|抽出日時?)"
    r"(?:\s+(?:on|at|the|am|vom|den|per|le|dato|date|time))*\s*[:：,]?\s*(.{6,60})$",
    re.IGNORECASE,
)
_CORE = "docProps/core.xml"
_META = "meta.xml"
_SAVED = re.compile(rb"<(?:dcterms:modified|dc:date)[^>]*>\s*([0-9T:.+Z-]{10,40})\s*<")
_FIRST_YEAR = 1990
"""A year before this stands where nobody set the clock: archives without times say 1980."""
_HEAD = 65_536


def exported_in(preamble: Sequence[Row]) -> datetime | None:
    """The moment of export that the lines above a table state; without an offset as it is written.

    None where none does, where two differ, and where it can be read two ways.

    >>> exported_in([(1, ["Orders"]), (2, ["Exported on:", "2026-03-31 10:00"])])
    datetime.datetime(2026, 3, 31, 10, 0)
    >>> exported_in([(1, ["Generert 31.03.2026 10:15"])]), exported_in([(1, ["Exported: 03/04/2026"])])
    (datetime.datetime(2026, 3, 31, 10, 15), None)
    """
    found = set()
    for _, cells in preamble:
        line = " ".join(cell.strip() for cell in cells if cell.strip()).lstrip("# ").strip()
        stated = _EXPORTED.search(line) if len(line) < 160 else None
        if stated and (at := _moment(stated.group(1))):
            found.add(at)
    return found.pop() if len(found) == 1 else None


def _moment(text: str) -> datetime | None:
    read = read_dates(cells_of(pa.array([text.strip(' ()（）"')])))
    if not read.ok[0]:
        return None
    at: datetime = read.micros[0].astype("M8[us]").astype(object)
    zoned = bool(read.zoned if isinstance(read.zoned, bool) else read.zoned[0])
    return at.replace(tzinfo=UTC) if zoned else at


def saved_at(content: Path | bytes, zone: str) -> datetime | None:
    """The moment that a workbook, a ZIP or a gz says it was saved; None where it says none.

    Args:
        zone: the clock of the times inside a ZIP, which know no zone.

    >>> saved_at(b"a,b\\n1,2\\n", "UTC") is None
    True
    """
    try:
        with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as stream:
            start = stream.read(8)
            if start[:2] == b"\x1f\x8b":
                return _likely(datetime.fromtimestamp(struct.unpack("<I", start[4:8])[0], UTC))
            if start[:4] != b"PK\x03\x04":
                return None
            with zipfile.ZipFile(stream) as archive:
                return _of_archive(archive, zone)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, struct.error):
        return None  # what is wrong with it, reading it has told


def _of_archive(archive: zipfile.ZipFile, zone: str) -> datetime | None:
    names = set(archive.namelist())
    inside = next((name for name in (_CORE, _META) if name in names), None)
    if inside is not None:
        with archive.open(inside) as stream:
            told = _SAVED.search(stream.read(_HEAD))
        if told is None:
            return None
        at = datetime.fromisoformat(told.group(1).decode())
        return _likely(at if at.tzinfo else at.replace(tzinfo=UTC))
    if "[Content_Types].xml" in names:
        return None  # a workbook that does not say; its entries bear any time
    times = [_likely(datetime(*entry.date_time, tzinfo=ZoneInfo(zone))) for entry in archive.infolist()]
    return max((at for at in times if at is not None), default=None)


def _likely(at: datetime) -> datetime | None:
    return at.astimezone(UTC) if at.year >= _FIRST_YEAR else None
