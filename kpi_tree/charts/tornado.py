"""What matters most: each driver moved down and up, the strongest on top; and scenarios side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from kpi_tree.charts.frame import framed, value_format, values
from kpi_tree.charts.grid import SPARE, text_width
from kpi_tree.charts.history import ChartWords
from kpi_tree.charts.palette import LIGHT, Palette

ROW = 28
MOST_ROOM = 180
"""Pixels for the names of the rows."""


@dataclass(frozen=True, slots=True)
class Swing:
    """One driver: what less of it and what more of it does, and how both are written."""

    name: str
    down: float
    up: float
    down_shown: str
    up_shown: str


def tornado_chart(
    swings: Sequence[Swing],
    words: ChartWords,
    less: str,
    more: str,
    *,
    unit: str | None = None,
    lang: str = "en",
    palette: Palette = LIGHT,
) -> Any:
    """A pair of bars from zero for each driver, in the order given.

    Args:
        less, more: what the two colours say, for the legend.
    """
    rows = [
        {"row": str(n), "name": one.name, "way": way, "value": value, "shown": shown}
        for n, one in enumerate(swings)
        for way, value, shown in ((less, one.down, one.down_shown), (more, one.up, one.up_shown))
    ]
    largest = max((abs(float(str(row["value"]))) for row in rows), default=1.0) or 1.0
    shade = alt.Color(
        "way:N",
        legend=alt.Legend(orient="top", symbolSize=90, symbolType="square"),
        sort=[less, more],
        scale=alt.Scale(domain=[less, more], range=[palette.baseline, palette.actual]),
    )
    x = _x(words.value, unit, [-largest * 1.05, largest * 1.05], palette)
    hints = [alt.Tooltip("name:N", title=" "), alt.Tooltip("way:N", title=" "),
             alt.Tooltip("shown:N", title=words.value or " ")]  # fmt: skip
    base = alt.Chart(values(rows)).encode(y=_y([one.name for one in swings], palette))
    chart = alt.layer(
        base.mark_bar(height=14, cornerRadius=2).encode(x=x, color=shade, tooltip=hints),
        alt.Chart(values([{"zero": 0}])).mark_rule(color=palette.muted).encode(x="zero:Q"),
    )
    return framed(
        chart, title=words.title, subtitle=words.subtitle, description=words.description, lang=lang,
        palette=palette, height=ROW * len(swings) + 80,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stand:
    """One scenario, or what is: its value, and between which two it lies by chance, if known."""

    name: str
    value: float
    shown: str
    low: float | None = None
    high: float | None = None
    now: bool = False


def beside_chart(
    stands: Sequence[Stand],
    words: ChartWords,
    *,
    goal: float | None = None,
    unit: str | None = None,
    lang: str = "en",
    palette: Palette = LIGHT,
) -> Any:
    """A point a scenario with the range of chance behind it, what is on top; the target as a line."""
    rows = [
        {"row": str(n), "name": one.name, "value": one.value, "shown": one.shown,
         "low": one.value if one.low is None else one.low,
         "high": one.value if one.high is None else one.high, "kind": "now" if one.now else "then"}
        for n, one in enumerate(stands)
    ]  # fmt: skip
    ends = [float(str(row[name])) for row in rows for name in ("value", "low", "high")]
    ends += [goal] if goal is not None else []
    slack = (max(ends) - min(ends) or abs(max(ends)) or 1.0) * 0.12
    x = _x(words.value, unit, [min(ends) - slack, max(ends) + slack], palette)
    hints = [alt.Tooltip("name:N", title=" "), alt.Tooltip("shown:N", title=words.value or " ")]
    base = alt.Chart(values(rows)).encode(y=_y([one.name for one in stands], palette))
    shade = alt.Color(
        "kind:N", legend=None,
        scale=alt.Scale(domain=["now", "then"], range=[palette.baseline, palette.actual]),
    )  # fmt: skip
    at = alt.X("value:Q", scale=x["scale"])
    layers = [
        base.mark_bar(height=6, opacity=0.35, cornerRadius=3)
        .encode(x=alt.X("low:Q", scale=x["scale"], title=words.value, axis=x["axis"]), x2="high:Q",
                color=shade),
        base.mark_point(filled=True, size=90, opacity=1).encode(x=at, color=shade, tooltip=hints),
        base.mark_text(align="center", dy=-12, fontSize=11, color=palette.text).encode(x=at, text="shown:N"),
    ]  # fmt: skip
    if goal is not None:
        layers += _goal(goal, words.target, x["scale"], palette)
    return framed(
        alt.layer(*layers), title=words.title, subtitle=words.subtitle, description=words.description,
        lang=lang, palette=palette, height=44 * len(rows) + 60,
    )  # fmt: skip


def _goal(goal: float, says: str, scale: alt.Scale, palette: Palette) -> list[Any]:
    """A dashed line at the target, its words above."""
    mark = alt.Chart(values([{"goal": goal, "says": says}])).encode(x=alt.X("goal:Q", scale=scale))
    return [
        mark.mark_rule(color=palette.target, strokeDash=[5, 4]),
        mark.mark_text(align="center", fontSize=11, color=palette.target).encode(
            y=alt.value(-8), text="says:N"
        ),
    ]


def _x(title: str, unit: str | None, ends: list[float], palette: Palette) -> alt.X:
    return alt.X(
        "value:Q",
        title=title,
        scale=alt.Scale(domain=ends, nice=False, zero=False),
        axis=alt.Axis(
            format=value_format(unit, max(map(abs, ends))), tickCount=4, labelOverlap="greedy",
            labelSeparation=8, gridColor=palette.grid, labelColor=palette.muted, titleColor=palette.muted,
            domain=False, ticks=False,
        ),
    )  # fmt: skip


def _y(names: Sequence[str], palette: Palette) -> alt.Y:
    """A row for each name in the order given; two of one name are two rows."""
    rows = {str(n): name[:60] for n, name in enumerate(names)}
    room = min(MOST_ROOM, SPARE + max((text_width(name) for name in rows.values()), default=0))
    return alt.Y(
        "row:N",
        sort=list(rows),
        title=None,
        axis=alt.Axis(
            labelExpr=f"({json.dumps(rows, ensure_ascii=False)})[datum.value]", labelLimit=MOST_ROOM,
            minExtent=room, labelColor=palette.text, domain=False, ticks=False,
        ),
    )  # fmt: skip
