"""Web pages, XML and other texts of programs that carry a table's name: which of them hold sheets, and the
rest refused with what they are."""

from __future__ import annotations

import codecs
import re

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import MEGABYTE
from kpi_tree.ingest.answers.refusing import refusal
from kpi_tree.ingest.files.kinds import refuse_text
from kpi_tree.ingest.text.encoding import detect

MARKUP_BYTES = 32 * MEGABYTE
"""The largest web page or XML workbook; its tags are several times its cells."""
PEEK = 8000
_HTML = re.compile(
    r"(?:<\?xml[^>]*+>\s*+)?+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|(?:html|head|table|meta|body|style|title|div|p|h\d|font|center)\b)",
    re.IGNORECASE | re.DOTALL,
)
_SPREADSHEET = re.compile(r"(?:<\?|<!--|<(?:\w+:)?Workbook\b)")
_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_MIME = re.compile(r"MIME-Version:.{0,2000}?multipart/related", re.IGNORECASE | re.DOTALL)
_KINDS = (
    (_HTML, "HTML"),
    (re.compile(r"<\?xml|<[a-z][\w.:-]*[ >]", re.IGNORECASE), "XML"),
)
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
_WIDER = {"iso-8859-1": "cp1252", "us-ascii": "cp1252", "shift_jis": "cp932", "gb2312": "gb18030"}
"""Encodings by the name that people give to a larger one."""
_STARTS = (b"<html", b"<tabl", b"<!doc", b"<head", b"<meta", b"<body", b"<?xml", b"mime-")


def begins_markup(start: bytes) -> bool:
    """Whether a file that begins so (8 bytes will do) may hold sheets in markup, which are held in memory.

    >>> begins_markup(b"<html xm"), begins_markup(b"<DATE>;<"), begins_markup(b"Ordrenr;")
    (True, False, False)
    """
    return start.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").replace(b"\0", b"").lower().startswith(_STARTS)


def markup_kind(data: bytes) -> str:
    """``html``, ``mhtml`` or ``xml`` for a text that is a workbook to a spreadsheet program; else empty.

    >>> markup_kind(b"<table><tr><td>1</td></tr></table>"), markup_kind(b"a,b"), markup_kind(b"<p>Log in</p>")
    ('html', '', '')
    """
    text = _beginning(data)
    if _MIME.match(text):
        return "mhtml"
    if _SPREADSHEET.match(text) and _NAMESPACE in text and re.search(r"<(?:\w+:)?Workbook\b", text):
        return "xml"
    if _HTML.match(text) and re.search(rb"<\0?t\0?a\0?b\0?l\0?e\0?[\s>]", data, re.IGNORECASE):
        return "html"
    return ""


def _beginning(data: bytes) -> str:
    start = bytes(data[:PEEK])
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if start.startswith(mark):
            return start.decode(name, "replace").lstrip("\ufeff \t\r\n")
    return start.replace(b"\0", b"").decode("latin-1").lstrip("ï»¿ \t\r\n")


def markup_text(data: bytes, place: str) -> str:
    """The text of a page or XML document: by its mark, as UTF-8 where it is that, else as it says itself.

    Raises:
        Refused: it is too large, or no text.

    >>> markup_text('<meta charset="windows-1252"><td>Blå'.encode("cp1252"), "a.xls")[-3:]
    'Blå'
    """
    if len(data) > MARKUP_BYTES:
        raise refusal(
            msg("The workbook or archive is larger than {n} megabytes.", n=MARKUP_BYTES // MEGABYTE),
            place,
            msg("Send its tables as CSV."),
        )
    found = _declared(data) or detect(data, place).name
    text = data.decode(found, "replace")
    return text.replace("\0", "").lstrip("\ufeff")


def _declared(data: bytes) -> str:
    """The encoding that a document without a mark names, when it is no other one at a glance."""
    said = _DECLARED.search(data[:PEEK])
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\0" in data[:200] or not said:
        return ""
    name = said[1].decode("ascii").lower()
    try:
        if not data.isascii():
            data.decode("utf-8")
            return "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        name = _WIDER.get(name, codecs.lookup(name).name)
        data.decode(name)
    except (LookupError, UnicodeDecodeError, ValueError):
        return ""
    return name


def refuse_markup(data: bytes, name: str) -> None:
    """Refuse a text file that is no table of lines.

    Args:
        data: the file, or its beginning.

    Raises:
        Refused: it is a web page, XML, JSON or a text document; many systems call such a file ``.xls``.

    >>> refuse_markup(b"<html><body>Please log in", "a.xls")
    Traceback (most recent call last):
    kpi_tree.errors.Refused: a.xls: This is a web page without a table, perhaps a page to sign in. Export the file again, or open it in a spreadsheet program and save it as XLSX or CSV.
    >>> refuse_markup(b"a,b\\n1,2\\n", "a.csv")
    """  # noqa: E501 - the message as it is shown
    start = _beginning(data)
    for pattern, kind in _KINDS:
        if pattern.match(start):
            raise _no_table(name) if kind == "HTML" else _other(kind, name)
    refuse_text(start, len(data), lambda: bytes(data).decode("utf-8", "replace"), name)


def _other(kind: str, name: str) -> Refused:
    return refusal(
        msg("This is {kind}, not a table of lines.", kind=kind),
        name,
        msg("Open it in a spreadsheet program and save it as XLSX or CSV."),
    )


def _no_table(name: str) -> Refused:
    return refusal(
        msg("This is a web page without a table, perhaps a page to sign in."),
        name,
        msg("Export the file again, or open it in a spreadsheet program and save it as XLSX or CSV."),
    )
