"""What each budget buys: the best plan's gain as a staircase over money, with the budget asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from kpi_tree.charts.frame import framed, value_format, values, y_axis
from kpi_tree.charts.history import ChartWords
from kpi_tree.charts.palette import LIGHT, Palette
from kpi_tree.charts.waterfall import Side

HEIGHT = 240


@dataclass(frozen=True, slots=True)
class Bought:
    """A step of the staircase: from this much money on, this much gain; ``hint`` names the actions."""

    cost: float
    gain: float
    shown: str
    hint: str


def spend_chart(
    steps: Sequence[Bought],
    budget: float | None,
    words: ChartWords,
    *,
    unit: str | None = None,
    lang: str = "en",
    palette: Palette = LIGHT,
) -> Any:
    """A staircase: nothing more is bought until the next better plan can be paid."""
    end = max([*(one.cost for one in steps), budget or 0.0]) * 1.05 or 1.0
    rows = [
        {"cost": one.cost, "gain": one.gain, "shown": one.shown, "hint": one.hint, "real": True}
        for one in steps
    ]
    rows.append({**rows[-1], "cost": end, "real": False})
    x = alt.X(
        "cost:Q",
        title=words.x,
        scale=alt.Scale(domain=[0, end], nice=False),
        axis=alt.Axis(
            format=value_format("money", end), grid=False, tickCount=5, labelColor=palette.muted,
            titleColor=palette.muted, domainColor=palette.grid, tickColor=palette.grid, labelOverlap="greedy",
        ),
    )  # fmt: skip
    y = y_axis("gain", unit, max(abs(one.gain) for one in steps), words.y, palette, zero=True)
    hints = [alt.Tooltip("hint:N", title=" "), alt.Tooltip("shown:N", title=words.value or " ")]
    base = alt.Chart(values(rows)).encode(x=x, y=y)
    layers = [
        base.mark_line(interpolate="step-after", color=palette.actual, strokeWidth=2),
        base.transform_filter("datum.real")
        .mark_point(filled=True, size=55, color=palette.actual, opacity=1)
        .encode(tooltip=hints),
    ]
    if budget is not None:
        layers += _budget(budget, end, words.target, x, palette)
    return framed(
        alt.layer(*layers), title=words.title, subtitle=words.subtitle, description=words.description,
        lang=lang, palette=palette, height=HEIGHT,
    )  # fmt: skip


def _budget(budget: float, end: float, says: str, x: alt.X, palette: Palette) -> list[Any]:
    """A line on the budget asked about, its name on the side where there is room."""
    mark = alt.Chart(values([{"cost": budget, "says": says}])).encode(x=alt.X("cost:Q", scale=x["scale"]))
    side: Side = "right" if budget > end * 0.6 else "left"
    name = mark.mark_text(
        align=side, dx=-5 if side == "right" else 5, baseline="top", color=palette.text, fontSize=11
    )
    return [
        mark.mark_rule(color=palette.target, strokeDash=[4, 3]),
        name.encode(y=alt.value(2), text="says:N"),
    ]
