"""The weekly digest as a page: opens from a disk or in a mail, asks nothing of any network, prints on A4."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpi_tree.alerts.messages import SHAPES, TONES, html_page


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a status with its shape, a name, what stands to the right, a text below, a picture's name.

    ``plain``: the title is a sentence and no name.
    """

    title: str
    text: str = ""
    right: str = ""
    status: str = ""
    status_word: str = ""
    link: str = ""
    picture: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines; ``empty`` is said where there are none."""

    title: str
    entries: Sequence[Entry] = ()
    empty: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Weekly:
    """A digest, all texts in one language and plain.

    Attributes:
        value, target: of the goal. sentences: its verdict, outlook and what is needed.
        chart: name of the picture of the goal's path; ``chart_alt`` says it in words.
    """

    title: str
    days: str
    goal: str = ""
    value: str = ""
    target: str = ""
    status: str = ""
    status_word: str = ""
    sentences: Sequence[str] = ()
    chart: str = ""
    chart_alt: str = ""
    sections: Sequence[Section] = ()
    note: str = ""
    link: str = ""
    link_word: str = ""
    lang: str = "en"
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures by name: SVG for a page of its own, ``light`` and ``dark``; in a mail they are parts of it."""

    light: Mapping[str, str] = field(default_factory=dict)
    dark: Mapping[str, str] = field(default_factory=dict)
    in_mail: bool = False

    def shown(self, name: str, alt: str) -> str:
        """A picture as HTML; nothing where there is none."""
        said = html.escape(alt, quote=True)
        if not name:
            return ""
        if self.in_mail:
            return f'<img class="pic" src="cid:{name}" alt="{said}">'
        if name not in self.light:
            return ""
        both = (
            f'<span class="on-light">{self.light[name]}</span><span class="on-dark">{self.dark[name]}</span>'
        )
        return f'<div class="pic" role="img" aria-label="{said}">{both}</div>'


def to_weekly(week: Weekly, pictures: Pictures) -> str:
    """The page as HTML.

    >>> made = to_weekly(Weekly("<Shop>", "1–7 May"), Pictures())
    >>> "&lt;Shop&gt;" in made, "<Shop>" in made, "http:" in made
    (True, False, False)
    """
    parts = [f'<h1>{html.escape(week.title)}</h1><p class="dull">{html.escape(week.days)}</p>']
    if week.goal:
        parts.append(goal_html(week, pictures))
    if week.empty:
        parts.append(f"<p>{html.escape(week.empty)}</p>")
    parts += [section_html(section, pictures) for section in week.sections]
    if week.link:
        parts.append(
            f'<p><a href="{html.escape(week.link, quote=True)}">{html.escape(week.link_word)}</a></p>'
        )
    parts.append(f'<p class="dull">{html.escape(week.note)}</p>')
    made = html_page(html.escape(f"{week.title} · {week.days}"), "".join(parts), week.lang, STYLE)
    return made if pictures.in_mail else shut_in(made)


def shut_in(page: str) -> str:
    """The page with a rule for browsers: nothing runs in it, and nothing comes from elsewhere.

    >>> "default-src 'none'" in shut_in("<title>A</title>")
    True
    """
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}; form-action \'none\'">'
    return page.replace("<title>", f"{head}<title>", 1)


def goal_html(week: Weekly, pictures: Pictures) -> str:
    """The goal: its value against the target, the verdict, what is said of it, the chart."""
    against = f' <span class="against">/ {html.escape(week.target)}</span>' if week.target else ""
    said = "".join(f"<p>{html.escape(one)}</p>" for one in week.sentences)
    return (
        f'<p class="name">{html.escape(week.goal)}</p><p class="big">{html.escape(week.value)}{against}</p>'
        f"<p>{status_html(week.status, week.status_word)}</p>{said}"
        f"{pictures.shown(week.chart, week.chart_alt)}"
    )


def section_html(section: Section, pictures: Pictures) -> str:
    """A heading with its lines, or what is said where there are none."""
    rows = "".join(_entry(entry, pictures) for entry in section.entries)
    if not rows:
        rows = f'<p class="dull">{html.escape(section.empty)}</p>'
    more = f'<p class="dull">{html.escape(section.more)}</p>' if section.more else ""
    title = f"<h2>{html.escape(section.title)}</h2>" if section.title else ""
    return f"<section>{title}{rows}{more}</section>"


def _entry(entry: Entry, pictures: Pictures) -> str:
    name = html.escape(entry.title)
    if entry.link:
        name = f'<a href="{html.escape(entry.link, quote=True)}">{name}</a>'
    head = name if entry.plain else f"<b>{name}</b>"
    right = f'<td class="right">{html.escape(entry.right)}</td>' if entry.right else ""
    picture = pictures.shown(entry.picture, entry.title)
    drawn = f'<td class="spark">{picture}</td>' if picture else ""
    status = f" {status_html(entry.status, entry.status_word)}" if entry.status_word else ""
    text = f'<p class="dull">{html.escape(entry.text)}</p>' if entry.text else ""
    return (
        f'<div class="item"><table role="presentation"><tr><td>{head}{status}</td>{drawn}{right}</tr>'
        f"</table>{text}</div>"
    )


def status_html(status: str, word: str) -> str:
    """A status: colour, shape and word."""
    tone = TONES.get(status, "dull")
    return f'<span class="{tone}">{SHAPES.get(status, "")} {html.escape(word)}</span>' if word else ""


STYLE = (
    ".card{max-width:720px}.name{font-weight:600;margin-top:14px}.big{font-size:30px;font-weight:650;line-height:1.2}"
    ".against{font-size:17px;font-weight:450;opacity:.7}table{width:100%;border-collapse:collapse}td{padding:0;"
    "vertical-align:middle}.right{text-align:right;white-space:nowrap;padding-left:12px;width:1%}"
    ".spark{width:130px;padding-left:10px}.spark .pic{margin:0}.pic{margin:12px 0;max-width:100%}"
    ".pic svg,img.pic{max-width:100%;height:auto;display:block}img.pic{background:#fff;border-radius:6px}"
    ".on-dark{display:none}"
    "@media screen and (prefers-color-scheme:dark){.on-dark{display:block}.on-light{display:none}}"
    "@page{size:A4;margin:14mm}@media print{body{background:#fff;color:#1c2430;padding:0}"
    ".card{background:#fff;border:0;padding:0;max-width:none}.item,section>h2{break-inside:avoid}"
    "h2{break-after:avoid}.dull{color:#525c6a}a{color:#1c2430;text-decoration:none}.good{color:#17623d}"
    ".warn{color:#8a4d05}.bad{color:#9b2530}.item{border-color:#e3e7ed}.on-dark{display:none}"
    ".on-light{display:block}}"
)
