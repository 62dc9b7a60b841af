"""The tree as a page of its own: opens from a disk, asks nothing of any network, prints.

The canvas in it is the app's own (``kpi_tree/ui/tree/canvas``), its modules joined into one script that the
page's policy lets in by its hash. All texts of people travel as data and are put on screen as text.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpi_tree.exchange.bundle import asset, bundle
from kpi_tree.exchange.canvas_words import canvas_texts
from kpi_tree.exchange.drawing import Drawing, Look, font_face, to_svg
from kpi_tree.exchange.themes import DARK, LIGHT, css_variables
from kpi_tree.i18n import msg, translate

Details = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Page:
    """A drawing with what the panel says of each node: pairs of a label and a text."""

    drawing: Drawing
    details: Details = field(default_factory=dict)


def to_page(page: Page) -> bytes:
    """The page as UTF-8: pan, zoom, search, open and close branches, and a panel with each node's facts.

    Raises:
        Refused: as :func:`kpi_tree.exchange.drawing.to_svg`.

    >>> made = to_page(Page(Drawing([{"id": "a", "name": "</script><b>", "kind": "kgi"}], []))).decode()
    >>> "default-src 'none'" in made, "</script><b>" in made
    (True, False)
    """
    drawing = page.drawing
    script = bundle("alone.js") + 'KT.start(JSON.parse(document.getElementById("data").textContent));\n'
    mark = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{mark}'; style-src 'unsafe-inline'; img-src data: blob:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )
    paper = to_svg(drawing, Look(), letters=False)
    title = html.escape(drawing.title or translate(msg("KPI tree"), drawing.lang))
    shut = html.escape(translate(msg("Close"), drawing.lang), quote=True)
    return (
        f'<!doctype html>\n<html lang="{html.escape(drawing.lang, quote=True)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{title}</title><style>{_style()}</style></head><body>"
        f"<header><h1>{title}</h1><p>{html.escape(drawing.note)}</p></header>"
        f'<main><div id="canvas"></div><aside id="panel" hidden><div><h2></h2><button type="button" '
        f'aria-label="{shut}" title="{shut}">✕</button></div><dl></dl></aside></main>'
        f'<div id="paper">{paper}</div>'
        f'<template id="canvas-style"><style>{asset("canvas.css")}{_CANVAS}</style></template>'
        "<noscript><style>main{display:none}#paper{display:block}</style></noscript>"
        f'<script id="data" type="application/json">{_data(page)}</script>'
        f"<script>{script}</script></body></html>\n"
    ).encode()


def _data(page: Page) -> str:
    """The data as JSON in which nothing ends the element that holds it."""
    drawing = page.drawing
    body = {
        "stamp": "",
        "key": hashlib.sha256(f"{drawing.title}{drawing.note}".encode()).hexdigest()[:12],
        "selection": None,
        "ack": None,
        "texts": canvas_texts(drawing.lang) | {"menu_open": translate(msg("Show its facts"), drawing.lang)},
        "lang": drawing.lang,
        "height": None,
        "editable": False,
        "title": drawing.title,
        "note": drawing.note,
        "face": font_face(),
        "views": list(drawing.views),
        "edges": list(drawing.edges),
        "details": {node: [list(pair) for pair in pairs] for node, pairs in page.details.items()},
    }
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


_CANVAS = ".kt{height:100%!important;border:0;border-radius:0}"


def _style() -> str:
    font = "Inter,'Hiragino Sans','Yu Gothic UI','Noto Sans CJK JP','Noto Sans JP',system-ui,sans-serif"
    light, dark = css_variables(LIGHT), css_variables(DARK)
    return (
        f"{font_face()}:root{{color-scheme:light dark;--st-font:{font};--st-base-radius:8px;{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-paper]){{{dark}}}}}"
        "*{box-sizing:border-box}html,body{height:100%;margin:0}"
        "body{display:flex;flex-direction:column;font:15px/1.45 var(--st-font);color:var(--st-text-color);"
        "background:var(--st-background-color)}"
        "header{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 14px;padding:12px 16px}"
        "h1{font-size:1.15rem;font-weight:650;margin:0;overflow-wrap:anywhere}"
        "header p{margin:0;opacity:.7;font-size:.88rem}"
        "main{flex:1;min-height:0;display:flex;position:relative;border-top:1px solid #8883}"
        "#canvas{flex:1;min-width:0}"
        "#panel{flex:none;width:340px;overflow:auto;padding:14px 18px;border-left:1px solid #8883;"
        "background:var(--st-background-color)}#panel[hidden]{display:none}"
        "#panel div{display:flex;justify-content:space-between;gap:10px;align-items:start}"
        "#panel button{font:inherit;flex:none;width:34px;height:34px;border:0;border-radius:6px;"
        "background:none;color:inherit;cursor:pointer}"
        "#panel button:hover{background:var(--st-secondary-background-color)}"
        "h2{font-size:1.05rem;margin:.3rem 0;overflow-wrap:anywhere}dl{margin:0}dt{font-size:.8rem;"
        "opacity:.7;margin-top:.7rem}dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}"
        "#paper{display:none}#paper svg{width:100%;height:auto;max-height:100%}"
        "@media(max-width:640px){#panel{position:absolute;inset:auto 0 0;width:auto;max-height:55%;"
        "border-left:0;border-top:1px solid #8883;box-shadow:0 -6px 20px #0003}}"
        "@page{size:landscape;margin:10mm}@media print{html,body{height:auto;background:#fff;color:#000}"
        "main,header{display:none}#paper{display:block}#paper svg{max-height:185mm}"
        "#paper svg>rect:first-of-type{fill:#fff}}"
    )
