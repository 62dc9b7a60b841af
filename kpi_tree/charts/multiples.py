"""Small charts side by side: the same days, each on its own scale, and bullets of several KPIs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from kpi_tree.charts.frame import Rows, framed, values
from kpi_tree.charts.grid import SPARE, text_width
from kpi_tree.charts.history import ChartWords
from kpi_tree.charts.pace import Pace
from kpi_tree.charts.pace_data import PaceData, PaceWords
from kpi_tree.charts.pace_ground import numbers
from kpi_tree.charts.palette import LIGHT, Palette

ROW, MOST_ROOM = 44, 150
BEYOND = 1.3
"""Share of the goal at which a bullet's bar is cut."""


def small_chart(
    data: PaceData,
    words: PaceWords,
    *,
    lang: str = "en",
    unit: str | None = None,
    currency: str | None = None,
    palette: Palette = LIGHT,
    flow: bool = True,
    height: int = 110,
) -> Any:
    """A progress chart of a stamp's size: actual, path, forecast and target, its scale its own.

    The legend and the gaps are left to what stands around it.
    """
    draw = Pace(data, words, lang, unit, currency, palette, flow, height)
    for axis, count in ((draw.x, 3), (draw.y, 3)):
        axis["axis"]["tickCount"] = count
        axis["title"] = None
    lines = draw.lines()
    for channel in ("color", "strokeDash", "strokeWidth"):
        lines.encoding[channel]["legend"] = None
    aimed = numbers([data.target])
    goal = alt.Chart(values([{"value": aimed[0]}])).mark_rule(color=palette.target, strokeWidth=1.2)
    known = [] if draw.seen is None else [(draw.days[draw.seen].isoformat(), draw.actual[draw.seen])]
    end = alt.Chart(
        values([{"day": day, "value": value} for day, value in known] or [{"day": None, "value": None}])
    )
    dot = end.mark_point(filled=True, size=45, color=palette.actual, opacity=1).encode(x=draw.x, y=draw.y)
    return draw.framed([*draw.band(), goal.encode(y=draw.y), lines, dot, draw.hover()])


@dataclass(frozen=True, slots=True)
class Bullet:
    """One line of a bullet chart, in shares of its goal: 1 is the goal itself.

    Attributes:
        name: plain text. actual: where it is; expected: where it should be by now.
        lines: (name, share) of floor and stretch goal. mark: the status' sign, so that colour is not alone.
        good: whether it is on the good side; None where nobody can say. shown: its numbers in words.
    """

    name: str
    actual: float | None
    expected: float | None
    shown: str
    mark: str = ""
    status: str = ""
    good: bool | None = None
    lines: tuple[tuple[str, float], ...] = ()


def bullet_chart(
    bullets: Sequence[Bullet], words: ChartWords, *, lang: str = "en", palette: Palette = LIGHT
) -> Any:
    """A bar as far as each KPI is, a tick where it should be by now, and the goal as a line through all.

    ``words.value`` names the bar, ``words.share`` the tick, ``words.target`` the goal.
    """
    rows: Rows = [
        {
            "name": one.name[:80],
            "actual": None if one.actual is None else min(max(one.actual, 0.0), BEYOND),
            "expected": None if one.expected is None or not 0 <= one.expected <= BEYOND else one.expected,
            "zero": 0,
            "shown": one.shown,
            "label": f"{one.mark} {one.shown}".strip(),
            "status": one.status,
            "side": "rest" if one.good is None else "good" if one.good else "bad",
        }
        for one in bullets
    ]
    ends = [row[key] for row in rows for key in ("actual", "expected") if row[key] is not None]
    ends += [share for one in bullets for _, share in one.lines if 0 <= share <= BEYOND]
    top = max(1.08, *(end * 1.02 for end in ends)) if ends else 1.08
    width = min(MOST_ROOM, SPARE + max((text_width(one.name) for one in bullets), default=0))
    y = alt.Y(
        "name:N", sort=None, title=None,
        axis=alt.Axis(labelLimit=MOST_ROOM, minExtent=width, labelColor=palette.text, domain=False,
                      ticks=False),
    )  # fmt: skip
    scale = alt.Scale(domain=[0, top], nice=False)
    axis = alt.Axis(
        format=".0%", tickCount=5, labelColor=palette.muted, titleColor=palette.muted, gridColor=palette.grid,
        domain=False, ticks=False, labelOverlap="greedy",
    )  # fmt: skip
    shade = alt.Color(
        "side:N", legend=None,
        scale=alt.Scale(domain=["good", "bad", "rest"], range=[palette.good, palette.bad, palette.muted]),
    )  # fmt: skip
    hints = [alt.Tooltip("name:N", title=" "), alt.Tooltip("shown:N", title=words.value)]
    hints.append(alt.Tooltip("status:N", title=" "))
    base = alt.Chart(values(rows)).encode(y=y, tooltip=hints)
    bars = base.mark_bar(height=12, opacity=0.8, cornerRadiusEnd=2).encode(
        x=alt.X("zero:Q", scale=scale, title=words.y, axis=axis), x2="actual:Q", color=shade
    )
    ticks = base.mark_tick(color=palette.text, thickness=3, size=22).encode(
        x=alt.X("expected:Q", scale=scale)
    )
    text = base.mark_text(align="left", baseline="bottom", dx=2, dy=-9, color=palette.text, fontSize=11)
    goal = alt.Chart(values([{"goal": 1}])).mark_rule(color=palette.target, strokeWidth=1.6)
    layers = [
        bars,
        ticks,
        text.encode(x=alt.value(0), text="label:N"),
        goal.encode(x=alt.X("goal:Q", scale=scale)),
    ]
    further: Rows = [
        {"name": one.name[:80], "share": share, "line": name}
        for one in bullets
        for name, share in one.lines
        if 0 <= share <= top
    ]
    if further:
        marks = alt.Chart(values(further)).mark_tick(color=palette.muted, thickness=1.5, size=16)
        layers.append(
            marks.encode(y=y, x=alt.X("share:Q", scale=scale), tooltip=alt.Tooltip("line:N", title=" "))
        )
    return framed(
        alt.layer(*layers), title=words.title, subtitle=words.subtitle, description=words.description,
        lang=lang, palette=palette, height=ROW * len(rows) + 10,
    )  # fmt: skip
