"""A message in the forms that people and programs read. Names of people go in as text, never as markup."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kpi_tree.i18n import msg, translate

MOST_LINES = 20
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>])")
_SLACK_MARKS = re.compile(r"([*_~`])")
SHAPES: Mapping[str, str] = {
    "ahead": "▲", "on_track": "●", "achieved": "★", "at_risk": "◆", "achieved_at_cost": "◆", "off_track": "▼",
    "missed": "✕", "stale": "◌", "no_data": "–", "too_early": "…",
}  # fmt: skip
"""A shape beside each status, for those who see no colour, and for plain text."""
TONES: Mapping[str, str] = {
    "ahead": "good", "on_track": "good", "achieved": "good", "at_risk": "warn", "achieved_at_cost": "warn",
    "off_track": "bad", "missed": "bad",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to tell: what it is about, what is so, and why; ``link`` leads to its page."""

    title: str
    text: str
    status: str = ""
    node: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out, in one language.

    Args:
        key: the same for the same message, however often it is tried. at: when it happened, for people.
        page: HTML of its own for e-mail, with ``pictures`` by content id (PNG); without it one is made.
    """

    key: str
    title: str
    lines: tuple[Line, ...] = ()
    note: str = ""
    at: str = ""
    link: str = ""
    lang: str = "en"
    page: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def more(self) -> str:
        """What is said of the lines that are too many to show."""
        left = len(self.lines) - MOST_LINES
        return translate(msg("{n} more in the app.", n=left), self.lang) if left > 0 else ""

    @property
    def text(self) -> str:
        """Plain text."""
        parts = [self.title, ""]
        for line in self.lines[:MOST_LINES]:
            shape = SHAPES.get(line.status, "")
            parts += [f"{shape} {line.title}".strip(), line.text, *([line.link] if line.link else []), ""]
        return (
            "\n".join([*parts, *(part for part in (self.more, self.note, self.link) if part)]).strip() + "\n"
        )

    def to_json(self) -> dict[str, Any]:
        """For programs of the shop's own."""
        return {
            "event": "kpi_tree.alert",
            "id": self.key,
            "title": self.title,
            "at": self.at,
            "note": self.note,
            "link": self.link,
            "lines": [
                {
                    "node": one.node,
                    "title": one.title,
                    "text": one.text,
                    "status": one.status,
                    "link": one.link,
                }
                for one in self.lines
            ],
        }

    def to_slack(self) -> dict[str, Any]:
        """For a Slack webhook: blocks, and a text for the notification."""
        blocks: list[dict[str, Any]] = [_slack(f"*{_slack_text(self.title)}*")]
        for line in self.lines[:MOST_LINES]:
            name = f"*{_slack_text(line.title)}*"
            if line.link:
                name = f"<{line.link}|{_slack_text(line.title)}>"
            blocks.append(_slack(f"{SHAPES.get(line.status, '')} {name}\n{_slack_text(line.text)}".strip()))
        ends = [_slack_text(part) for part in (self.more, self.note) if part]
        ends += [f"<{self.link}|KPI Tree>"] if self.link else []
        if ends:
            blocks.append(
                {"type": "context", "elements": [{"type": "mrkdwn", "text": " · ".join(ends)[:2900]}]}
            )
        return {"text": _slack_text(self.title), "blocks": blocks}

    def to_teams(self) -> dict[str, Any]:
        """For a Teams workflow: an adaptive card."""
        body: list[dict[str, Any]] = [_block(_marked(self.title), weight="Bolder", size="Medium")]
        for line in self.lines[:MOST_LINES]:
            shape = SHAPES.get(line.status, "")
            tone = {"good": "Good", "warn": "Warning", "bad": "Attention"}.get(
                TONES.get(line.status, ""), "Default"
            )
            body.append(_block(f"{shape} {_marked(line.title)}".strip(), weight="Bolder", color=tone))
            body.append(_block(_marked(line.text), spacing="None"))
        body += [_block(_marked(part), isSubtle=True) for part in (self.more, self.note) if part]
        card: dict[str, Any] = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": body,
        }
        if self.link:
            open_it = translate(msg("Open in KPI Tree"), self.lang)
            card["actions"] = [{"type": "Action.OpenUrl", "title": open_it, "url": self.link}]
        kind = "application/vnd.microsoft.card.adaptive"
        return {
            "type": "message",
            "attachments": [{"contentType": kind, "contentUrl": None, "content": card}],
        }

    def to_html(self) -> str:
        """For e-mail: light and dark, no picture from elsewhere, nothing that runs."""
        rows = "".join(_row(line) for line in self.lines[:MOST_LINES])
        ends = "".join(f'<p class="dull">{html.escape(part)}</p>' for part in (self.more, self.note) if part)
        open_it = html.escape(translate(msg("Open in KPI Tree"), self.lang))
        link = f'<p><a href="{html.escape(self.link, quote=True)}">{open_it}</a></p>' if self.link else ""
        title = html.escape(self.title)
        return html_page(title, f"<h1>{title}</h1>{rows}{ends}{link}", self.lang)


STYLE = (
    ":root{color-scheme:light dark}body{margin:0;padding:24px 12px;background:#f3f5f8;color:#1c2430;"
    "font:15px/1.5 Inter,'Hiragino Sans','Yu Gothic UI','Noto Sans CJK JP',system-ui,sans-serif;"
    "font-variant-numeric:tabular-nums}"
    ".card{max-width:640px;margin:0 auto;background:#fff;border:1px solid #e3e7ed;border-radius:10px;"
    "padding:20px 24px}"
    "h1{font-size:19px;line-height:1.3;margin:0 0 12px}h2{font-size:15px;margin:22px 0 6px}p{margin:4px 0}"
    ".item{border-top:1px solid #e3e7ed;padding:10px 0}.item b{overflow-wrap:anywhere}"
    ".dull{color:#525c6a;font-size:13px}a{color:#4353c4}.good{color:#17623d}.warn{color:#8a4d05}.bad{color:#9b2530}"
    "@media(prefers-color-scheme:dark){body{background:#12161d;color:#e4e8ee}"
    ".card{background:#1b212b;border-color:#2e3643}.item{border-color:#2e3643}.dull{color:#aab4c2}a{color:#9da8ff}"
    ".good{color:#7fd8aa}.warn{color:#f0b878}.bad{color:#f4989e}}"
)


def html_page(title: str, body: str, lang: str, more_style: str = "") -> str:
    """A page around a body; ``title`` and ``body`` are HTML already."""
    return (
        f'<!doctype html>\n<html lang="{html.escape(lang, quote=True)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="supported-color-schemes" content="light dark">'
        f"<title>{title}</title><style>{STYLE}{more_style}</style></head>"
        f'<body><div class="card">{body}</div></body></html>\n'
    )


def _row(line: Line) -> str:
    name = html.escape(line.title)
    if line.link:
        name = f'<a href="{html.escape(line.link, quote=True)}">{name}</a>'
    shape = SHAPES.get(line.status, "")
    mark = f'<span class="{TONES.get(line.status, "dull")}">{shape}</span> ' if shape else ""
    return f'<div class="item"><b>{mark}{name}</b><p>{html.escape(line.text)}</p></div>'


def _slack(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:2900]}}


def _slack_text(text: str) -> str:
    """A text in which Slack finds no link, no mention and no markup: a joiner keeps a mark from its word."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SLACK_MARKS.sub("\\1\u2060", safe)


def _marked(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)


def _block(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, **more}
