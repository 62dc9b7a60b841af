"""Effects with their intervals beside "no difference": one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from kpi_tree.charts.frame import framed, value_format, values
from kpi_tree.charts.grid import SPARE, text_width
from kpi_tree.charts.history import ChartWords
from kpi_tree.charts.palette import LIGHT, Palette

ROW, MOST_ROOM = 38, 200


@dataclass(frozen=True, slots=True)
class Reach:
    """An effect from ``low`` over ``middle`` to ``high``, as shares; ``shown`` is how it is written."""

    name: str
    low: float
    middle: float
    high: float
    shown: str

    @property
    def kind(self) -> str:
        """``good`` or ``bad`` where the interval leaves 0 out, else ``rest``."""
        return "good" if self.low > 0 else "bad" if self.high < 0 else "rest"


def intervals_chart(
    lines: Sequence[Reach], words: ChartWords, *, lang: str = "en", palette: Palette = LIGHT
) -> Any:
    """A dot with its interval for each effect; 0 is a rule from top to bottom."""
    rows = [
        {"name": one.name, "low": one.low, "middle": one.middle, "high": one.high, "kind": one.kind,
         "shown": one.shown}
        for one in lines
    ]  # fmt: skip
    ends = [end for one in lines for end in (one.low, one.high)]
    lowest, highest = min(0.0, *ends), max(0.0, *ends)
    slack = (highest - lowest or 1.0) * 0.08
    room = min(MOST_ROOM, SPARE + max(text_width(one.name) for one in lines))
    y = alt.Y(
        "name:N", sort=None, title=None,
        axis=alt.Axis(
            labelLimit=MOST_ROOM, minExtent=room, labelColor=palette.text, domain=False, ticks=False
        ),
    )  # fmt: skip
    scale = alt.Scale(domain=[lowest - slack, highest + slack], nice=False, zero=False)
    axis = alt.Axis(
        format=value_format("percent", max(abs(lowest), abs(highest))), tickCount=5, labelOverlap="greedy",
        gridColor=palette.grid, labelColor=palette.muted, titleColor=palette.muted, domain=False, ticks=False,
    )  # fmt: skip
    shade = alt.Color(
        "kind:N", legend=None,
        scale=alt.Scale(domain=["good", "bad", "rest"], range=[palette.good, palette.bad, palette.muted]),
    )  # fmt: skip
    hints = [alt.Tooltip("name:N", title=" "), alt.Tooltip("shown:N", title=words.value or " ")]
    base = alt.Chart(values(rows)).encode(y=y, tooltip=hints)
    reach = base.mark_bar(height=5, cornerRadius=2, opacity=0.55).encode(
        x=alt.X("low:Q", scale=scale, title=words.value, axis=axis), x2="high:Q", color=shade
    )
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X("middle:Q", scale=scale), color=shade
    )
    zero = alt.Chart(values([{"at": 0}])).mark_rule(color=palette.text, strokeDash=[4, 3]).encode(
        x=alt.X("at:Q", scale=scale)
    )  # fmt: skip
    return framed(
        alt.layer(zero, reach, dots), title=words.title, subtitle=words.subtitle,
        description=words.description, lang=lang, palette=palette, height=ROW * len(rows) + 50,
    )  # fmt: skip
