"""Where chance would carry a value: how many draws lie where, with its likely ends and the target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from kpi_tree.charts.frame import framed, value_format, values
from kpi_tree.charts.history import ChartWords
from kpi_tree.charts.palette import LIGHT, Palette

HEIGHT = 170
Mark = tuple[float, str]
"""A value on the axis, and what stands at it."""


def density_chart(
    bins: Sequence[tuple[float, float, int]],
    marks: Sequence[Mark],
    words: ChartWords,
    *,
    goal: Mark | None = None,
    reached: str = "",
    unit: str | None = None,
    lang: str = "en",
    palette: Palette = LIGHT,
) -> Any:
    """A bar a step; what reaches the goal is full, what does not is pale.

    Args:
        bins: (from, to, draws). marks: p10, p50 and p90 in words.
        goal: the target. reached: ``up`` where more reaches it, ``down`` where less does, else neither.
    """
    whole = sum(n for _, _, n in bins) or 1
    rows = [
        {"low": low, "high": high, "share": n / whole, "hit": _hit((low + high) / 2, goal, reached)}
        for low, high, n in bins
    ]
    ends = [bins[0][0], bins[-1][1], *((goal[0],) if goal else ())]
    x, y = _axes(ends, unit, words, palette)
    scale = x["scale"]
    bars = (
        alt.Chart(values(rows))
        .mark_bar(binSpacing=0.5, color=palette.actual)
        .encode(x=x, x2="high:Q", y=y, opacity=alt.condition("datum.hit", alt.value(0.9), alt.value(0.35)))
    )
    lines = alt.Chart(values([{"at": at, "says": says} for at, says in marks])).encode(
        x=alt.X("at:Q", scale=scale)
    )
    layers = [
        bars,
        lines.mark_rule(color=palette.muted, strokeDash=[2, 3]),
        lines.mark_text(fontSize=11, color=palette.text, align="center").encode(
            y=alt.value(-8), text="says:N"
        ),
    ]
    if goal is not None:
        layers += _goal(goal, (min(ends) + max(ends)) / 2, scale, palette)
    return framed(
        alt.layer(*layers), title=words.title, subtitle=words.subtitle, description=words.description,
        lang=lang, palette=palette, height=HEIGHT,
    )  # fmt: skip


def _goal(goal: Mark, middle: float, scale: alt.Scale, palette: Palette) -> list[Any]:
    """A line at the target, its words on the side that has room."""
    aim = alt.Chart(values([{"at": goal[0], "says": goal[1]}])).encode(x=alt.X("at:Q", scale=scale))
    right = goal[0] > middle
    side: Any = "right" if right else "left"
    return [
        aim.mark_rule(color=palette.target, strokeWidth=2),
        aim.mark_text(align=side, dx=-6 if right else 6, fontSize=11, color=palette.target).encode(
            y=alt.value(8), text="says:N"
        ),
    ]


def _axes(
    ends: Sequence[float], unit: str | None, words: ChartWords, palette: Palette
) -> tuple[alt.X, alt.Y]:
    slack = (max(ends) - min(ends) or abs(max(ends)) or 1.0) * 0.04
    scale = alt.Scale(domain=[min(ends) - slack, max(ends) + slack], nice=False, zero=False)
    axis = alt.Axis(
        format=value_format(unit, max(map(abs, ends))), tickCount=5, grid=False, labelOverlap="greedy",
        labelColor=palette.muted, titleColor=palette.muted, domainColor=palette.grid, tickColor=palette.grid,
    )  # fmt: skip
    y = alt.Y(
        "share:Q",
        title=words.y,
        axis=alt.Axis(format=".0%", tickCount=3, gridColor=palette.grid, labelColor=palette.muted,
                      titleColor=palette.muted, domain=False, ticks=False),
    )  # fmt: skip
    return alt.X("low:Q", bin="binned", title=words.value, scale=scale, axis=axis), y


def _hit(at: float, goal: Mark | None, reached: str) -> bool:
    if goal is None or not reached:
        return True
    return at >= goal[0] if reached == "up" else at <= goal[0]
