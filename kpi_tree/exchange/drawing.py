"""The tree as a picture: SVG by the canvas' own drawing code, PNG from that.

There is one layout and one way to draw a card. The browser runs it on the page; here the same files run in an
embedded engine (V8), so that a picture from the command line is the one on the screen.
"""

from __future__ import annotations

import base64
import json
import math
import re
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from kpi_tree.errors import Refused
from kpi_tree.exchange.bundle import bundle
from kpi_tree.exchange.canvas_words import canvas_texts
from kpi_tree.exchange.themes import THEMES
from kpi_tree.i18n import msg

Orientation = Literal["lr", "td", "list"]
Density = Literal["full", "compact"]
Theme = Literal["light", "dark"]
MAX_CARDS = 5_000
MAX_SIDE = 16_000
MAX_PIXELS = 60_000_000
SECONDS = 60.0
MEMORY = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn: cards and lines as the canvas takes them, and the words above them."""

    views: Sequence[Mapping[str, Any]]
    edges: Sequence[Mapping[str, Any]]
    title: str = ""
    note: str = ""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Look:
    """How it is drawn: ``lr`` left to right, ``td`` top down or ``list``; ``levels`` open, else all."""

    orientation: Orientation = "lr"
    density: Density = "full"
    theme: Theme = "light"
    levels: int | None = None


def to_svg(drawing: Drawing, look: Look | None = None, *, letters: bool = True) -> str:
    """The tree as an SVG picture. Texts of people are text in it, never markup.

    Args:
        letters: whether it brings its font along (64 kB), so that it looks the same on every machine.

    Raises:
        Refused: there is nothing to draw, or more than fits a picture.

    >>> picture = to_svg(Drawing([{"id": "a", "name": "<b>Sales</b>", "kind": "kgi"}], []))
    >>> picture[:4], "&lt;b&gt;Sales" in picture
    ('<svg', True)
    """
    look = look or Look()
    body = {**_body(drawing, look), "face": font_face() if letters else ""}
    return _run("pictureOf", body)


def boxes(drawing: Drawing, look: Look | None = None) -> list[dict[str, Any]]:
    """Where each open card stands: ``id x y w h full chips``, in pixels of the picture at scale 1."""
    found: list[dict[str, Any]] = json.loads(_run("placesText", _body(drawing, look or Look())))
    return found


def to_png(svg: str, scale: float = 2.0) -> bytes:
    """An SVG picture as PNG, ``scale`` pixels for each of its units (less where it would not fit).

    Raises:
        Refused: it holds Japanese, Chinese or Korean letters and this machine has no font for them.
    """
    import vl_convert

    if _CJK.search(svg) and not _has_cjk():
        raise Refused(
            msg("This machine has no font for the letters of some names, so the picture would have holes."),
            remedy=msg("Install one (such as Noto Sans CJK), or save the picture as SVG."),
        )
    register_fonts()
    return bytes(vl_convert.svg_to_png(_with_cjk_fonts(svg), scale=_fitting(svg, scale)))


def _body(drawing: Drawing, look: Look) -> dict[str, Any]:
    if not drawing.views:
        raise Refused(msg("The plan is empty."), remedy=msg("Add a goal first."))
    if len(drawing.views) > MAX_CARDS:
        raise Refused(
            msg("The tree has {n} boxes; a picture holds {limit}.", n=len(drawing.views), limit=MAX_CARDS),
            remedy=msg("Save it as a page (HTML) or as a table instead."),
        )
    return {
        "views": list(drawing.views),
        "edges": list(drawing.edges),
        "texts": canvas_texts(drawing.lang),
        "lang": drawing.lang,
        "title": drawing.title,
        "note": drawing.note,
        "orientation": look.orientation,
        "density": look.density,
        "levels": look.levels,
        "theme": dict(THEMES[look.theme]),
    }


def _run(name: str, body: Mapping[str, Any]) -> str:
    """One function of the canvas on data, in an engine of its own that is gone afterwards."""
    # In a thread of its own: the engine takes no time limit where an event loop runs.
    with ThreadPoolExecutor(1, "drawing") as alone:
        return alone.submit(_run_here, name, body).result()


def _run_here(name: str, body: Mapping[str, Any]) -> str:
    from py_mini_racer import MiniRacer

    with MiniRacer() as engine:
        engine.eval(bundle("picture.js"), timeout_sec=SECONDS, max_memory=MEMORY)
        given = json.dumps(json.dumps(body, ensure_ascii=True, allow_nan=False, default=str))
        return str(engine.eval(f"KT.{name}(JSON.parse({given}))", timeout_sec=SECONDS, max_memory=MEMORY))


@cache
def font_face() -> str:
    """CSS that carries Inter inside the picture, so that it looks the same on a machine without it."""
    folder = resources.files("kpi_tree") / "ui" / "fonts"
    data = base64.b64encode((folder / "inter-latin-wght-normal.woff2").read_bytes()).decode()
    source = f'url("data:font/woff2;base64,{data}") format("woff2")'
    return f"@font-face{{font-family:Inter;font-weight:100 900;src:{source}}}"


_fonts = threading.Lock()


@cache
def register_fonts() -> None:
    """Make our letters known to the renderer of pictures and charts."""
    import vl_convert

    with _fonts, resources.as_file(resources.files("kpi_tree") / "exchange" / "fonts") as folder:
        vl_convert.register_font_directory(str(folder))


def _fitting(svg: str, scale: float) -> float:
    """The scale, or the largest at which the picture stays within what viewers open."""
    head = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg[:1000])
    if head is None:
        return scale
    wide, high = float(head[1]), float(head[2])
    return min(scale, MAX_SIDE / max(wide, high), math.sqrt(MAX_PIXELS / (wide * high)))


_CJK = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3\uff00-\uff60]")
_TEXT = re.compile(r"<text\b([^>]*)>([^<]*)</text>")
_FAMILY = re.compile(r"\s*font-family=(?:\"[^\"]*\"|'[^']*')")
_CJK_FONTS = (
    "Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic, Meiryo, IPAexGothic, Inter, sans-serif"
)


def _with_cjk_fonts(svg: str) -> str:
    """Words with Japanese letters set in a sans-serif that has them.

    The renderer takes the first family of a list that is there, and for letters it lacks any font at all.
    """

    def dressed(found: re.Match[str]) -> str:
        if not _CJK.search(found[2]):
            return found[0]
        return f'<text{_FAMILY.sub("", found[1])} font-family="{_CJK_FONTS}">{found[2]}</text>'

    return _TEXT.sub(dressed, svg)


@cache
def _has_cjk() -> bool:
    """Whether a Japanese letter leaves a mark: a font that lacks it draws nothing."""
    import vl_convert

    sheet = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'
    letter = '<text x="2" y="16" font-size="14" font-family="sans-serif">売</text>'
    return bool(vl_convert.svg_to_png(sheet.format(letter)) != vl_convert.svg_to_png(sheet.format("")))
