"""From one value to another, step by step: what each driver added or took away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from kpi_tree.charts.frame import framed, value_format, values
from kpi_tree.charts.grid import SPARE, text_width
from kpi_tree.charts.history import ChartWords
from kpi_tree.charts.palette import LIGHT, Palette

Side = Literal["left", "right", "center"]
ROW = 30
MOST_ROOM = 170
"""Pixels for the names of the rows."""


@dataclass(frozen=True, slots=True)
class Rise:
    """One line of a waterfall.

    Attributes:
        name: in words. value: what it adds; of the first and last line the whole.
        shown: the value as it is written. kind: ``whole``, ``good``, ``bad`` or ``rest``.
    """

    name: str
    value: float
    shown: str
    kind: str


def waterfall_chart(
    first: Rise,
    steps: Sequence[Rise],
    last: Rise,
    words: ChartWords,
    *,
    unit: str | None = None,
    lang: str = "en",
    palette: Palette = LIGHT,
) -> Any:
    """A line for each value from top to bottom; each step starts where the one before ended.

    The axis begins near the values, so that steps which are small beside them are seen; the first and the
    last line are marks on it and no bars, which would have to begin at zero.
    """
    lines = (first, *steps, last)
    ends = _ends(lines)
    lowest, highest = min(min(pair) for pair in ends), max(max(pair) for pair in ends)
    width = highest - lowest or abs(highest) or 1.0
    slack = width * 0.08
    rows = []
    for n, (one, (start, end)) in enumerate(zip(lines, ends, strict=True)):
        side, label = _label(min(start, end), max(start, end), lowest, width)
        rows.append(
            {"row": str(n), "name": one.name, "kind": one.kind, "shown": one.shown, "start": start,
             "end": end, "side": side, "label": label}
        )  # fmt: skip
    names = {str(n): one.name[:60] for n, one in enumerate(lines)}
    room = min(MOST_ROOM, SPARE + max(text_width(name) for name in names.values()))
    y = alt.Y(
        "row:N",
        sort=list(names),
        title=None,
        axis=alt.Axis(
            labelExpr=f"({_object(names)})[datum.value]",
            labelLimit=MOST_ROOM,
            minExtent=room,
            labelColor=palette.text,
            domain=False,
            ticks=False,
        ),
    )
    scale = alt.Scale(domain=[lowest - slack, highest + slack], nice=False, zero=False)
    x = alt.X(
        "start:Q",
        scale=scale,
        title=words.value,
        axis=alt.Axis(
            format=value_format(unit, max(abs(lowest), abs(highest))), tickCount=4, labelOverlap="greedy",
            labelSeparation=8, gridColor=palette.grid,
            labelColor=palette.muted, titleColor=palette.muted, domain=False, ticks=False,
        ),
    )  # fmt: skip
    shade = alt.Color(
        "kind:N",
        legend=None,
        scale=alt.Scale(
            domain=["whole", "good", "bad", "rest"],
            range=[palette.text, palette.good, palette.bad, palette.baseline],
        ),
    )
    hints = [alt.Tooltip("name:N", title=" "), alt.Tooltip("shown:N", title=words.value or " ")]
    base = alt.Chart(values(rows)).encode(y=y)
    bars = base.transform_filter("datum.kind != 'whole'").mark_bar(height=16, cornerRadius=2)
    marks = base.transform_filter("datum.kind == 'whole'").mark_tick(thickness=3, size=20)
    at = alt.X("label:Q", scale=scale)
    aligned: tuple[tuple[Side, int, str], ...] = (
        ("left", 7, palette.text),
        ("right", -7, palette.text),
        ("center", 0, palette.ground),
    )
    labels = [
        base.transform_filter(f"datum.side == '{side}'")
        .mark_text(align=side, dx=dx, fontSize=11, color=color)
        .encode(x=at, text="shown:N")
        for side, dx, color in aligned
    ]
    chart = alt.layer(
        bars.encode(x=x, x2="end:Q", color=shade, tooltip=hints),
        marks.encode(x=x, color=shade, tooltip=hints),
        *labels,
    )
    return framed(
        chart, title=words.title, subtitle=words.subtitle, description=words.description, lang=lang,
        palette=palette, height=ROW * len(rows) + 50,
    )  # fmt: skip


def _ends(lines: Sequence[Rise]) -> list[tuple[float, float]]:
    """Where each line starts and ends.

    >>> _ends([Rise("a", 5, "5", "whole"), Rise("b", -2, "-2", "bad"), Rise("c", 3, "3", "whole")])
    [(5, 5), (5, 3), (3, 3)]
    """
    found, at = [], 0.0
    for one in lines:
        start, at = (one.value, one.value) if one.kind == "whole" else (at, at + one.value)
        found.append((start, at))
    return found


def _label(near: float, far: float, lowest: float, width: float) -> tuple[Side, float]:
    """How a bar's label is aligned, and where: beside the bar where there is room, else within it.

    >>> _label(0, 10, 0, 100), _label(80, 90, 0, 100), _label(10, 90, 0, 100)
    (('left', 10), ('right', 80), ('center', 50.0))
    """
    if (far - lowest) / width <= 0.65:
        return "left", far
    if (near - lowest) / width >= 0.35:
        return "right", near
    return "center", (near + far) / 2


def _object(names: dict[str, str]) -> str:
    """A map as a Vega expression; names are text whatever they hold."""
    return json.dumps(names, ensure_ascii=False)
