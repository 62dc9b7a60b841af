"""Files that are no table, by what stands in them: what they are, and the way to the table they may hold."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from functools import lru_cache

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.answers.refusing import locked, refusal

_EXPORT, _UNPACK, _TABLE, _SHEET, _MAIL = "export", "unpack", "copy", "spreadsheet", "attachment"
_REMEDIES: dict[str, Callable[[], Msg]] = {
    _EXPORT: lambda: msg("Export the table as CSV or XLSX."),
    _UNPACK: lambda: msg("Unpack it and send what it holds."),
    _TABLE: lambda: msg("Copy its table into a spreadsheet program and save it as XLSX or CSV."),
    _SHEET: lambda: msg("Open it in a spreadsheet program and save it as XLSX or CSV."),
    _MAIL: lambda: msg("Save the table that is attached to it, and send that."),
}

_BINARY: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"%PDF", "PDF", _EXPORT),
    (0, b"\x89PNG", "PNG", _EXPORT),
    (0, b"\xff\xd8\xff", "JPEG", _EXPORT),
    (0, b"GIF8", "GIF", _EXPORT),
    (0, b"II*\0", "TIFF", _EXPORT),
    (0, b"MM\0*", "TIFF", _EXPORT),
    (4, b"ftyphe", "HEIC", _EXPORT),
    (4, b"ftypmif1", "HEIC", _EXPORT),
    (4, b"ftyp", "MP4", _EXPORT),
    (0, b"RIFF", "RIFF", _EXPORT),
    (0, b"OggS", "Ogg", _EXPORT),
    (0, b"Rar!", "RAR", _UNPACK),
    (0, b"7z\xbc\xaf", "7-Zip", _UNPACK),
    (4, b"1AY&", "bzip2", _UNPACK),
    (0, b"\xfd7zXZ", "xz", _UNPACK),
    (0, b"\x5d\0\0\x80\0", "LZMA", _UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "zstd", _UNPACK),
    (0, b"\x04\x22\x4d\x18", "LZ4", _UNPACK),
    (0, b"\x1f\x9d", "compress", _UNPACK),
    (257, b"ustar", "TAR", _UNPACK),
    (0, b"PAR1\x15", "Parquet", _EXPORT),
    (0, b"ARROW1\0", "Arrow", _EXPORT),
    (0, b"SQLite f", "SQLite", _EXPORT),
    (4, b"Standard Jet DB", "Access", _EXPORT),
    (4, b"Standard ACE DB", "Access", _EXPORT),
    (0, b"bplist0", "plist", _EXPORT),
    (0, b"\x7fELF", "ELF", _EXPORT),
    (0, b"MZ\x90", "EXE", _EXPORT),
)
"""Where they say it, what they say, what they are, what helps; no bare letters that may begin a header."""

_HEADS = r"(?:[A-Za-z][\w-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)"
_SQL = (
    r"(?:\s|--[^\n]*\n|/\*.{0,2000}?\*/;?)*"
    r"(?:INSERT\s+INTO|CREATE\s+(?:TABLE|DATABASE)|DROP\s+TABLE|LOCK\s+TABLES|BEGIN\s+TRANSACTION|PRAGMA\s|SET\s+[@\w]+\s*=)"
)
_TEXTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"\{\\rtf"), "RTF", _SHEET),
    (re.compile(r"TABLE\r?\n0,1\r?\n"), "DIF", _SHEET),
    (re.compile(r"ID;P[^\r\n]*\r?\n(?s:.*\n)?C;(?:[FX-Y]\d*;?)+"), "SYLK", _SHEET),
    (re.compile(r"BEGIN:VCALENDAR\s"), "ICS", _EXPORT),
    (re.compile(r"BEGIN:VCARD\s"), "VCF", _EXPORT),
    (re.compile(r"%!PS"), "PostScript", _EXPORT),
    (re.compile(r"-----BEGIN [A-Z ]+-----\s"), "PEM", _EXPORT),
    (re.compile(r"\[InternetShortcut\]\s"), "URL", _EXPORT),
    (re.compile(r"version https://git-lfs\.github\.com/spec/"), "Git LFS", _EXPORT),
    (re.compile(_SQL), "SQL", _EXPORT),
)
_MAIL_HEAD = re.compile(rf"{_HEADS}{{2,200}}")
_MAILED = re.compile(r"^(?:Received|Return-Path|MIME-Version|Message-ID):", re.MULTILINE | re.IGNORECASE)
_WRITTEN = re.compile(r"^(?:From|Subject):", re.MULTILINE | re.IGNORECASE)
_JSON = re.compile(
    r"(?:\[\s*)*(?:\{\s*(?:\"[^\"]*\"\s*:|\}\s*[,\]]|\}?\s*$)|\[\s*(?:\"|[\[{]\s*[\[{\"\d\]}-]|$))"
)
_LIST = re.compile(r"\[\s*(?:[-\d]|null|true|false|\])")
MOST_JSON = 1_000_000
"""Bytes of a list of bare numbers that are looked at whole, to tell it from a header such as ``[1]``."""

_OPENED = {
    "application/epub+zip": ("EPUB", _TABLE),
    "application/vnd.oasis.opendocument.text": ("ODT", _TABLE),
    "application/vnd.oasis.opendocument.presentation": ("ODP", _TABLE),
    "application/vnd.oasis.opendocument.graphics": ("ODG", _TABLE),
}
_OLE = ((b"WordDocument", "DOC"), (b"PowerPoint Document", "PPT"), (b"__substg1.0_", "MSG"))


def refuse_binary(start: bytes, name: str) -> None:
    """Refuse a file that is no text, no workbook and no ZIP.

    Args:
        start: how it begins; 300 bytes tell all kinds, 8 the most.

    Raises:
        Refused: with what it is.

    >>> refuse_binary(b"a,b", "a.csv")
    >>> refuse_binary(b"7z\\xbc\\xaf", "a.csv")
    Traceback (most recent call last):
    kpi_tree.errors.Refused: a.csv: This is a file of the kind 7-Zip, not a table. Unpack it and send what it holds.
    """  # noqa: E501 - the message as it is shown
    found = _binary(start)
    if found:
        raise other_kind(*found, name)


def is_binary(start: bytes) -> bool:
    """Whether a file that begins so is one that :func:`refuse_binary` refuses.

    >>> is_binary(b"%PDF-1.7"), is_binary(b"a,b")
    (True, False)
    """
    return _binary(start) is not None


def _binary(start: bytes) -> tuple[str, str] | None:
    return next((found[2:] for found in _BINARY if start.startswith(found[1], found[0])), None)


def other_kind(kind: str, remedy: str, name: str) -> Refused:
    """The refusal of a file of a kind that is no table."""
    return refusal(
        msg("This is a file of the kind {kind}, not a table.", kind=kind), name, _REMEDIES[remedy]()
    )


def refuse_text(start: str, size: int, whole: Callable[[], str], name: str) -> None:
    """Refuse a text of some other program that is no table of lines.

    Args:
        start: its first characters; ``size`` how long all of it is, ``whole`` gives it.

    Raises:
        Refused: with what it is.

    >>> refuse_text("From;To\\n1;2\\n", 12, lambda: "", "a.csv")
    >>> refuse_text("MIME-Version: 1.0\\nFrom: a@b.no\\n\\nHi", 40, lambda: "", "a.csv")
    Traceback (most recent call last):
    kpi_tree.errors.Refused: a.csv: This is a mail, not a table. Save the table that is attached to it, and send that.
    """  # noqa: E501 - the message as it is shown
    if _is_json(start, size, whole):
        raise refusal(msg("This is {kind}, not a table of lines.", kind="JSON"), name, _REMEDIES[_SHEET]())
    for pattern, kind, remedy in _TEXTS:
        if pattern.match(start):
            raise other_kind(kind, remedy, name)
    head = _MAIL_HEAD.match(start)
    if head and _MAILED.search(head[0]) and _WRITTEN.search(head[0]):
        raise refusal(msg("This is a mail, not a table."), name, _REMEDIES[_MAIL]())


def _is_json(start: str, size: int, whole: Callable[[], str]) -> bool:
    if _JSON.match(start):
        return True
    if not _LIST.match(start) or size > MOST_JSON:
        return False
    try:
        json.loads(whole())
    except (ValueError, RecursionError):
        return False
    return True


def refuse_document(archive: zipfile.ZipFile, place: str) -> None:
    """Refuse a ZIP that is a document or program, with the way out of it.

    Raises:
        Refused: with what it is.
    """
    names = set(archive.NameToInfo)
    if "xl/workbook.bin" in names:
        raise refusal(
            msg("This is a binary workbook (XLSB)."),
            place,
            msg("Open it in Excel, choose Save as, and save it as XLSX."),
        )
    if any(name.endswith(("Index/Document.iwa", "Index.zip")) for name in names):
        raise refusal(
            msg("This is a document of Numbers or Pages."),
            place,
            msg("Open it, choose Export to, and save it as Excel or CSV."),
        )
    for folder, kind in (("word/", "DOCX"), ("ppt/", "PPTX")):
        if "[Content_Types].xml" in names and any(name.startswith(folder) for name in names):
            raise other_kind(kind, _TABLE, place)
    if _peek(archive, "META-INF/manifest.xml", 1_000_000).find(b"encryption-data") >= 0:
        raise locked(place)
    opened = _OPENED.get(_peek(archive, "mimetype", 100).decode("latin-1").strip())
    if opened:
        raise other_kind(*opened, place)
    if "META-INF/MANIFEST.MF" in names and any(name.endswith((".class", ".dex")) for name in names):
        raise other_kind("JAR", _EXPORT, place)
    if "AndroidManifest.xml" in names:
        raise other_kind("APK", _EXPORT, place)


def _peek(archive: zipfile.ZipFile, entry: str, size: int) -> bytes:
    if entry not in archive.NameToInfo:
        return b""
    with archive.open(entry) as stream:
        return stream.read(size)


def refuse_old_office(data: bytes, name: str) -> None:
    """Refuse a container of old Office programs (OLE) that holds a letter or a mail, no workbook.

    Raises:
        Refused: with what it is.
    """
    if _wide(b"Workbook") in data or _wide(b"Book") in data or _wide(b"EncryptedPackage") in data:
        return
    for stream, kind in _OLE:
        if _wide(stream) in data:
            raise other_kind(kind, _TABLE if kind != "MSG" else _MAIL, name)


@lru_cache(maxsize=16)
def _wide(text: bytes) -> bytes:
    return text.decode("ascii").encode("utf-16-le")
