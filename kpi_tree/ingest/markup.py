"""Web pages and data of programs that carry a table's name: refused with what they are."""

from __future__ import annotations

import re

from kpi_tree.i18n import msg
from kpi_tree.ingest.source import refusal

_KINDS = (
    (re.compile(rb"^(?:<!doctype html|<html|<head|<table|<meta|<body)", re.IGNORECASE), "HTML"),
    (re.compile(rb"^<\?xml|^<[a-z][\w.:-]*[ >]", re.IGNORECASE), "XML"),
    (re.compile(rb"^(?:\[\s*)?\{\s*\"[^\"]*\"\s*:"), "JSON"),
    (re.compile(rb"^\{\\rtf"), "RTF"),
)


def refuse_markup(data: bytes, name: str) -> None:
    """Refuse a text file that is no table of lines.

    Args:
        data: the file, or its beginning.

    Raises:
        Refused: it is a web page, XML, JSON or a text document; many systems call such a file ``.xls``.

    >>> refuse_markup(b"<html><table>", "a.xls")
    Traceback (most recent call last):
    kpi_tree.errors.Refused: a.xls: This is HTML, not a table of lines. Open it in a spreadsheet program and save it as XLSX or CSV.
    >>> refuse_markup(b"a,b\\n1,2\\n", "a.csv")
    """  # noqa: E501 - the message as it is shown
    start = bytes(data[:2000]).lstrip(b"\xef\xbb\xbf \t\r\n")[:1000]
    for pattern, kind in _KINDS:
        if pattern.match(start):
            raise refusal(
                msg("This is {kind}, not a table of lines.", kind=kind),
                name,
                msg("Open it in a spreadsheet program and save it as XLSX or CSV."),
            )
