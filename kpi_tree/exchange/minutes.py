"""A meeting as a page: opens from a disk, asks nothing of any network, light and dark, prints on A4.

It stands on the digest's parts (:mod:`kpi_tree.exchange.weekly`) and adds tables, quotes and paper.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from kpi_tree.alerts.messages import html_page
from kpi_tree.exchange.drawing import font_face
from kpi_tree.exchange.weekly import (
    STYLE,
    Entry,
    Pictures,
    Section,
    Weekly,
    goal_html,
    section_html,
    shut_in,
    status_html,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``value`` is the number behind ``text``, for programs that read the page.

    ``below`` is a second, quiet line; ``depth`` moves a name in; ``status`` puts its shape before the text.
    """

    text: str
    value: float | None = None
    number: bool = False
    status: str = ""
    below: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; the last column takes the room that is left where ``wide``."""

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said: about what, who and when, the words, and what comes next with its label."""

    about: str
    by: str
    text: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the meeting.

    Attributes:
        key: which section it belongs to. words: paragraphs.
        picture: name of a picture; narrow: of the one for a phone. alt: the picture in words.
        broad: whether the picture gets a page of paper on its side.
        empty: said where there is nothing else.
    """

    key: str
    title: str
    words: Sequence[str] = ()
    picture: str = ""
    narrow: str = ""
    alt: str = ""
    broad: bool = False
    table: Table | None = None
    quotes: Sequence[Quote] = ()
    entries: Sequence[Entry] = ()
    note: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """A meeting, all texts in one language and plain.

    Attributes:
        top: title, goal, verdict and chart, as the digest has them. facts: pairs of a label and a text.
        note: what a reader has to know of how the page was made.
    """

    top: Weekly
    facts: Sequence[tuple[str, str]] = ()
    parts: Sequence[Part] = ()
    note: str = ""


def to_minutes(minutes: Minutes, pictures: Pictures) -> str:
    """The page as HTML.

    >>> made = to_minutes(Minutes(Weekly("<Shop>", "7 May"), [("Plan", "</style><b>")]), Pictures())
    >>> "<Shop>" in made, "</style><b>" in made, "http" in made.replace("http-equiv", "")
    (False, False, False)
    """
    top = minutes.top
    facts = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd>{html.escape(text)}</dd></div>"
        for label, text in minutes.facts
    )
    note = f'<p class="note">{html.escape(minutes.note)}</p>' if minutes.note else ""
    goal = f'<section class="goal">{goal_html(top, pictures)}</section>' if top.goal else ""
    body = [
        f'<header><h1>{html.escape(top.title)}</h1><dl class="facts">{facts}</dl>{note}</header>{goal}',
        f"<p>{html.escape(top.empty)}</p>" if top.empty else "",
        *(_part(part, pictures) for part in minutes.parts),
        f'<p class="dull end">{html.escape(top.note)}</p>' if top.note else "",
    ]
    style = f"{STYLE}{_style()}{_on_paper(top.title, top.days)}{font_face()}"
    return shut_in(html_page(html.escape(f"{top.title} · {top.days}"), "".join(body), top.lang, style))


def _part(part: Part, pictures: Pictures) -> str:
    """One part: what is said, the picture, the table, what people said, the lines."""
    inside = "".join(f"<p>{html.escape(one)}</p>" for one in part.words)
    inside += _picture(part, pictures)
    inside += _table(part.table) if part.table is not None and part.table.rows else ""
    inside += "".join(_quote(one) for one in part.quotes)
    inside += section_html(Section("", part.entries), pictures) if part.entries else ""
    if not inside:
        inside = f'<p class="dull">{html.escape(part.empty)}</p>'
    more = f'<p class="dull">{html.escape(part.note)}</p>' if part.note else ""
    look = "part broad" if part.broad else "part"
    title = f"<h2>{html.escape(part.title)}</h2>"
    return f'<section class="{look}" data-part="{part.key}">{title}{inside}{more}</section>'


def _picture(part: Part, pictures: Pictures) -> str:
    shown = pictures.shown(part.picture, part.alt)
    if not part.narrow:
        return shown
    return f'<div class="far">{shown}</div><div class="near">{pictures.shown(part.narrow, part.alt)}</div>'


def _table(table: Table) -> str:
    numbers = [any(row[place].number for row in table.rows) for place in range(len(table.head))]
    marks = [' class="n"' if number else "" for number in numbers]
    head = "".join(
        f"<th{mark}>{html.escape(name)}</th>" for name, mark in zip(table.head, marks, strict=True)
    )
    rows = "".join(
        f"<tr>{''.join(_cell(cell, label) for cell, label in zip(row, table.head, strict=True))}</tr>"
        for row in table.rows
    )
    look = "figures wide" if table.wide else "figures"
    return f'<table class="{look}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _cell(cell: Cell, label: str) -> str:
    text = html.escape(cell.text)
    if cell.value is not None:
        text = f'<data value="{float(cell.value)!r}">{text}</data>'
    if cell.status:
        text = status_html(cell.status, cell.text)
    if cell.below:
        text += f'<span class="below">{html.escape(cell.below)}</span>'
    look = " ".join(
        name
        for name, given in (
            ("n", cell.number),
            (f"in{min(cell.depth, 6)}", cell.depth),
            ("no", not cell.text),
        )
        if given
    )
    return f'<td class="{look}" data-label="{html.escape(label, quote=True)}">{text}</td>'


def _quote(quote: Quote) -> str:
    text = f'<p class="text">{html.escape(quote.text)}</p>' if quote.text else ""
    following = f'<p class="text dull">{html.escape(quote.next)}</p>' if quote.next else ""
    head = f'<b>{html.escape(quote.about)}</b> <span class="dull">{html.escape(quote.by)}</span>'
    return f'<div class="item quote">{head}{text}{following}</div>'


@cache
def _style() -> str:
    return (resources.files("kpi_tree") / "exchange" / "minutes.css").read_text("utf-8")


def _on_paper(title: str, day: str) -> str:
    """What stands on every sheet: the title and the day above, the page's number below."""
    font = "font:9pt Inter,sans-serif;color:#525c6a"
    return (
        f"@page{{size:A4;margin:18mm 14mm 16mm;@top-left{{content:{_css(title)};{font}}}"
        f"@top-right{{content:{_css(day)};{font}}}"
        f"@bottom-right{{content:counter(page) ' / ' counter(pages);{font}}}}}"
        "@page:first{margin-top:14mm;@top-left{content:none}@top-right{content:none}}"
        "@page broad{size:A4 landscape}"
    )


def _css(text: str) -> str:
    """A text as a string of a style sheet, in which no letter of it can end anything.

    >>> _css('a"</b')
    '"a\\\\22 \\\\3c \\\\2f b"'
    """
    return '"' + "".join(one if one.isalnum() and one.isascii() else f"\\{ord(one):x} " for one in text) + '"'
