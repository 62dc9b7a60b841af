"""Lists from elsewhere as the lines of an outline: Word, Excel, Markdown, numbered chapters, trees of files.

What is taken away here is dress: bullets, numbers, boxes to tick, quotes round a cell, stars round a word. A
name that really begins so is written with a backslash before it (:func:`dressed`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_BOX = "│├└─┌┬╰╭┃┣┗━"
_BULLET = re.compile(r"(?:[•◦▪▫‣⁃●○■□◆◇►▶➢➤→–—]|->)\s+(?=\S)|・\s*(?=\S)")
_HEADING = re.compile(r"(?P<signs>#{1,6})\s+(?=\S)")
_NUMBER = re.compile(r"(?:(?P<number>\d{1,3}(?:\.\d{1,3})*)(?P<sign>[.)]?)|[a-z]\))\s+(?=\S)")
_TICK = re.compile(r"\[(?P<tick>[ xX✓✔])\]\s+(?=[^\s@!=\[])")
_STRESSED = re.compile(r"(?P<sign>\*\*|__|`|\*|_)(?P<text>[^\s*_`](?:[^*_`]*[^\s*_`])?)(?P=sign)(?=\s|$)")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"\s*$')
COMMENT = "# "


@dataclass(frozen=True)
class Plain:
    """A line without its dress.

    Attributes:
        number: of the line in the text. indent: how far in it stands; headings stand left of all lists.
        text: the rest, from its operator or its name on.
    """

    number: int
    indent: int
    text: str


def plain_lines(text: str) -> list[Plain]:
    """The lines of a text that say something, without bullets, numbers and the like.

    >>> [(line.indent, line.text) for line in plain_lines("1. Sales\\n1.1 Orders\\n1.2 Order value")]
    [(0, 'Sales'), (2, 'Orders'), (2, 'Order value')]
    >>> [line.text for line in plain_lines("Sales\\n├── Orders\\n└── **Value**")]
    ['Sales', 'Orders', '**Value**']
    """
    found: list[Plain] = []
    for number, raw in enumerate(text.lstrip("\ufeff").expandtabs(4).splitlines(), 1):
        clear = re.sub(rf"^[\s{_BOX}]+", lambda lead: re.sub(rf"[{_BOX}]", " ", lead[0]), raw)
        body = clear.lstrip()
        indent = len(clear[: len(clear) - len(body)].replace("\u3000", "  "))
        body = body.rstrip()
        if quoted := _QUOTED.match(body):
            inner = quoted[1].replace('""', '"')
            indent, body = indent + len(inner) - len(inner.lstrip()), inner.strip()
        if body:
            found.append(Plain(number, indent, body))
    return _without_numbers([_without_bullet(line) for line in _headings(found)])


def _headings(lines: list[Plain]) -> list[Plain]:
    """Headings of several levels are the upper boxes of the tree; a lone ``# ...`` is a comment."""
    if not any(line.text.startswith("##") and _HEADING.match(line.text) for line in lines):
        return [line for line in lines if not line.text.startswith(COMMENT)]
    made = []
    for line in lines:
        match = _HEADING.match(line.text)
        made.append(
            replace(line, indent=len(match["signs"]) - 10, text=line.text[match.end() :]) if match else line
        )
    return made


def _without_bullet(line: Plain) -> Plain:
    match = _BULLET.match(line.text)
    if match is None:
        return line
    # A dash that a word processor made longer may still be a minus among other signs.
    dash = "- " if match[0][0] in "–—" else ""
    return replace(line, text=dash + line.text[match.end() :])


def _without_numbers(lines: list[Plain]) -> list[Plain]:
    """Numbers before the lines go, where every line has one (the first may stand without, as a title)."""
    found = [_NUMBER.match(line.text) for line in lines]
    deep = any(match and "." in (match["number"] or "") for match in found)
    counted = [bool(match and (match["number"] is None or match["sign"] or deep)) for match in found]
    if len(lines) < 2 or not all(counted[1:]):
        return lines
    flat = len({line.indent for line in lines}) == 1
    made = []
    for line, match, counts in zip(lines, found, counted, strict=True):
        if match is None or not counts:
            made.append(line)
            continue
        dots = (match["number"] or "").count(".") + (not counted[0])
        made.append(
            Plain(line.number, line.indent + (2 * dots if deep and flat else 0), line.text[match.end() :])
        )
    return made


def without_dress(name: str) -> tuple[str, bool | None]:
    """What stands after the operator without a box to tick and without stress, and whether it was ticked.

    >>> without_dress("[x] **Newsletter** @Ola"), without_dress("Orders")
    (('Newsletter @Ola', True), ('Orders', None))
    """
    ticked = None
    if tick := _TICK.match(name):
        name, ticked = name[tick.end() :], tick["tick"] != " "
    if stressed := _STRESSED.match(name):
        name = stressed["text"] + name[stressed.end() :]
    return name, ticked


def dressed(name: str) -> bool:
    """Whether a name begins with what would be taken for dress, and so needs a backslash before it.

    >>> dressed("1. quarter"), dressed("**bold**"), dressed("Orders")
    (True, True, False)
    """
    patterns = (_BULLET, _HEADING, _NUMBER, _TICK, _STRESSED, _QUOTED)
    return name[:1] in (*_BOX, "\ufeff") or any(pattern.match(name) for pattern in patterns)
