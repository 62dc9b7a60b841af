"""Tables of web pages, as shop systems and ERPs export them under the name .xls: one sheet, as Excel has it.

Tags are cut by hand: a page may be broken in every way, and no way of breaking it may cost more than its
length. Nothing is fetched, no script is run, no entity beyond those of HTML is known.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import unescape

from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.answers.refusing import too_many_parts
from kpi_tree.ingest.sheets.webtable import Page

_PLAIN = re.compile(r"<(/?)([a-zA-Z][\w:.-]*+)((?:[^<>\"']++|\"[^<>\"]*+\"|'[^<>']*+')*+)>([^<]*+)")
"""A tag without ``<`` and ``>`` in what it says, and the text behind it: nearly all of a page."""
_ODD = re.compile(r"<(/?)([a-zA-Z][\w:.-]*+)((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_BEGINS = re.compile(r"<(?=[a-zA-Z/!?])")
_LOOSE = re.compile(r"<(/?)([a-zA-Z][\w:.-]*+)([^>]*+)>")
_ATTRIBUTE = re.compile(r"([\w:.-]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?")
_MORE = r"(?:[^<>\"'&]++|\"[^<>\"&]*+\"|'[^<>'&]*+')*+>"
_INLINE = rf"</?(?i:b|i|u|em|strong|small|font|span|nobr|a)(?![\w:.-]){_MORE}"
_OPEN_CELL = rf"<[tT][dDhH](?![\w:.-]){_MORE}"
_ROW = re.compile(
    rf"<[tT][rR](?![\w:.-]){_MORE}\s*+(?:{_OPEN_CELL}(?:[^<]++|{_INLINE})*+(?:</[tT][dDhH]\s*+>\s*+)?+)++"
    r"(?:</[tT][rR]\s*+>\s*+|(?=<[tT][rR](?![\w:.-])))"
)
"""A row of nothing but cells of text, up to its end or to the next: nearly all rows that a system has
written."""
_CELL = re.compile(rf"{_OPEN_CELL}((?:[^<]++|{_INLINE})*+)")
_WITHIN = re.compile(_INLINE)
_TELLING = ("colspan", "rowspan", "x:num", "sdval", "hidden", "display", "visibility")
"""What tags say that makes more, or less, of a cell than its text."""
_LONGEST = 20_000
"""Characters of one tag."""
_PATIENCE = 500
"""Odd tags of a page that are looked at with care; a page of more is broken for a purpose."""
MOST_PARTS = 2000
"""Parts of a web archive: pages, and the pictures and styles that they show."""
_RAW = {"script", "style", "title", "textarea", "noscript", "xml", "template", "svg", "object"}
"""Elements whose content is no text of the page."""
_NAME = re.compile(r"<x:Name>([^<]{1,100})</x:Name>")
_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})</title>", re.IGNORECASE)

Token = tuple[str, str, str]
"""What it is (``text``, ``open``, ``close``, ``row``), the text or the tag's name, its attributes."""


def tokens(page: str, by_row: Callable[[], bool] = lambda: False) -> Iterator[Token]:
    """The texts and tags of a page, in their order; comments, scripts and styles are left out.

    Args:
        page: the page.
        by_row: whether the next row of a table may come whole, where it holds nothing but cells of text.

    >>> list(tokens("<td A=1>x &amp; y<!-- <td> --></td"))
    [('open', 'td', ' A=1'), ('text', 'x & y', ''), ('text', '</td', '')]
    """
    at, size, odd = 0, len(page), 0
    lower = page.lower()
    telling = [word for word in _TELLING if word in lower]
    del lower
    while at < size:
        start = page.find("<", at)
        if start != at:
            yield "text", unescape(page[at : start if start >= 0 else size]), ""
        if start < 0:
            return
        if page.startswith(("<tr", "<TR"), start) and by_row() and (row := _plain_row(page, start, telling)):
            yield "row", row, ""
            at = start + len(row)
            continue
        found = _PLAIN.match(page, start)
        if not found and page.startswith(("<!", "<?"), start):
            at = _behind(page, start)
            continue
        if not found and odd < _PATIENCE:
            odd += 1
            found = _ODD.match(page, start, start + _LONGEST) or _LOOSE.match(page, start, start + _LONGEST)
        if not found:
            following = _BEGINS.search(page, start + 1)
            at = following.start() if following else size
            yield "text", unescape(page[start:at]), ""
            continue
        name, at = found[2].lower(), found.end()
        yield ("close" if found[1] else "open"), name, found[3]
        if name in _RAW and not found[1] and not found[3].endswith("/"):
            at = _behind_raw(page, name, found.end(3) + 1)
        elif found.re is _PLAIN and found[4]:
            yield "text", unescape(found[4]), ""


def _plain_row(page: str, start: int, telling: Sequence[str]) -> str:
    """A row of a table that is nothing but cells of text, with the blanks behind it; empty if it is more."""
    found = _ROW.match(page, start)
    if not found:
        return ""
    row = found[0]
    lower = row.lower() if telling else ""
    return "" if any(word in lower for word in telling) else row


def cells_of_row(row: str) -> list[str]:
    """The texts of the cells of a row that :func:`tokens` gave whole.

    >>> cells_of_row("<tr><td>1 &amp; 2</td><th class='a'>\\n<b>x</b>  y</tr>")
    ['1 & 2', 'x y']
    """
    cells = _CELL.findall(row)
    if "&" in row:
        cells = ["".join(map(unescape, _WITHIN.split(cell))) for cell in cells]
    else:
        cells = [_WITHIN.sub("", cell) if "<" in cell else cell for cell in cells]
    return [" ".join(cell.split()) for cell in cells]


def _behind_raw(page: str, name: str, start: int) -> int:
    """Where an element ends whose content is no text; one that never ends is as long as the page."""
    end = re.compile(f"</{name}", re.IGNORECASE).search(page, start)
    return end.start() if end else len(page)


def _behind(page: str, start: int) -> int:
    """Where the page goes on after a comment or declaration; one that never ends is as long as the page."""
    if page.startswith("<!--", start):
        end, mark = page.find("-->", start + 4), 3
    else:
        end, mark = page.find(">", start), 1
    return end + mark if end >= 0 else len(page)


@lru_cache(maxsize=4096)
def attributes(text: str) -> Mapping[str, str]:
    """The attributes of a tag, names in lower case; cells of a page have the same again and again.

    >>> attributes(' ColSpan=2 x:num="1.5" hidden')
    {'colspan': '2', 'x:num': '1.5', 'hidden': ''}
    """
    return {
        found[1].lower(): unescape(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(text[:_LONGEST])
    }


def page_sheet(text: str, place: str, limits: Limits) -> tuple[str, list[list[str]]]:
    """The name and rows of the one sheet that a page is: its tables one below the other, empty rows between.

    Args:
        text: the page.
        place: the file's name, for messages.

    Raises:
        Refused: its cells span far more than they fill.

    >>> from kpi_tree.ingest.answers.limits import LIMITS
    >>> page_sheet("<h1>Sales</h1><table><tr><th>Day<th>Sold<tr><td>1.2.2024<td>5</table>", "a.xls", LIMITS)
    ('', [['Sales'], [], ['Day', 'Sold'], ['1.2.2024', '5']])
    """
    page = Page(place, limits)
    for kind, what, more in tokens(text, page.takes_rows):
        if kind == "row":
            page.row(cells_of_row(what))
        elif kind == "text":
            page.text(what)
        elif kind == "open":
            page.open(what, attributes(more) if more else {})
        else:
            page.close(what)
    named = _NAME.search(text) or _TITLE.search(text)
    return " ".join(unescape(named[1]).split()) if named else "", page.end()


def archived_pages(data: bytes, place: str) -> list[bytes]:
    """The pages of a web archive (MHTML), which several systems call a workbook.

    Raises:
        Refused: it holds nothing but parts.

    >>> archived_pages(b"MIME-Version: 1.0\\nContent-Type: multipart/related; boundary=x\\n\\n--x\\n"
    ...     b"Content-Type: text/html\\n\\n<table></table>\\n--x--\\n", "a.xls")
    [b'<table></table>']
    """
    parts = data.lower().count(b"\ncontent-type:")
    if parts > MOST_PARTS:
        raise too_many_parts(place, parts, MOST_PARTS)
    mail = email.message_from_bytes(data, policy=email.policy.compat32)
    found = [
        part for part in mail.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")
    ]
    pages = [part.get_payload(decode=True) for part in found]
    return [page for page in pages if isinstance(page, bytes) and b"<table" in page.lower()]
