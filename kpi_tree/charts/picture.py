"""A chart as a picture, without a browser."""

from __future__ import annotations

from typing import Any

from kpi_tree.charts.frame import spec as specification
from kpi_tree.charts.frame import vega_locale
from kpi_tree.charts.palette import Palette

FONT = "Inter, Hiragino Sans, Yu Gothic UI, Noto Sans CJK JP, Noto Sans JP, sans-serif"


def chart_svg(chart: Any, *, lang: str, palette: Palette, width: int = 860, letters: bool = True) -> str:
    """An Altair chart as SVG on the palette's ground, ``width`` pixels wide, in a language's formats.

    Args:
        letters: whether it brings its font along (64 kB), so that it looks the same on every machine.
    """
    import vl_convert

    from kpi_tree.exchange.drawing import font_face, register_fonts

    register_fonts()  # or the axes leave room for the letters of another font
    spec = specification(chart) if hasattr(chart, "to_dict") else dict(chart)
    # On a page a chart is as wide as its place; on paper it has a width of its own.
    _sized(spec, width)
    spec["background"] = palette.ground
    spec["padding"] = 20
    spec.setdefault("config", {})["font"] = FONT
    words = vega_locale(lang)
    made = vl_convert.vegalite_to_svg(
        spec, format_locale=words["number"], time_format_locale=words["time"], allowed_base_urls=[]
    )
    if not letters:
        return str(made)
    return str(made).replace(">", f"><style>{font_face()}</style>", 1)


def _sized(part: Any, width: int) -> None:
    """Every ``width: container`` inside a chart as a number."""
    if isinstance(part, dict):
        if part.get("width") == "container":
            part["width"] = width
        for inner in part.values():
            _sized(inner, width)
    elif isinstance(part, list):
        for inner in part:
            _sized(inner, width)
