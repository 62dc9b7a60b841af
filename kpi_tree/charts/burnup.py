"""A burn-up: what has come in against the target as it was set and moved, and what the rest must bring."""

from __future__ import annotations

from typing import Any

import altair as alt

from kpi_tree.charts.frame import Rows, values
from kpi_tree.charts.pace import Pace
from kpi_tree.charts.pace_data import PaceData, PaceWords
from kpi_tree.charts.pace_ground import Layer
from kpi_tree.charts.palette import LIGHT, Palette


def burnup_chart(
    data: PaceData,
    words: PaceWords,
    *,
    lang: str = "en",
    unit: str | None = None,
    currency: str | None = None,
    palette: Palette = LIGHT,
    height: int = 320,
) -> Any:
    """What has come in as a filled area, the target as steps where it was moved, and two ways up to it.

    The pace line is the way from the first day, the needed one the way that is left from where the data end:
    the steeper it is beside the pace, the more the rest must bring.

    Args:
        data: ``scope`` holds (day, target from that day on); without it the target never moved.
    """
    draw = _BurnUp(data, words, lang, unit, currency, palette, True, height)
    today = draw.today()
    layers = [draw.area(), *draw.scope(), draw.lines(), *draw.needed(), *today, draw.hover(), *draw.marks()]
    return draw.framed(layers)


class _BurnUp(Pace):
    def area(self) -> Layer:
        """What has come in."""
        rows: Rows = [
            {"day": day.isoformat(), "value": value}
            for day, value in zip(self.days, self.actual, strict=True)
            if value is not None
        ]
        area = alt.Chart(values(rows or [{"day": self.first.isoformat(), "value": None}]))
        return area.mark_area(color=self.palette.actual, opacity=0.2).encode(x=self.x, y=self.y)

    def scope(self) -> list[Layer]:
        """The target as steps: from each day on what was to be reached, named at its last step."""
        moved = sorted(self.data.scope) or [(self.first, self.data.target)]
        began = [value for day, value in moved if day <= self.first][-1:] or [moved[0][1]]
        steps = [
            (self.first, began[0]),
            *((day, value) for day, value in moved if self.first < day <= self.last),
        ]
        rows: Rows = [
            {"day": day.isoformat(), "value": value} for day, value in [*steps, (self.last, steps[-1][1])]
        ]
        line = alt.Chart(values(rows)).mark_line(
            interpolate="step-after", color=self.palette.target, strokeWidth=1.8
        )
        text = f"{self.words.scope or self.words.target} {self.shown(steps[-1][1])}"
        named = alt.Chart(values([{"day": self.first.isoformat(), "value": steps[0][1], "label": text}]))
        words = named.mark_text(
            align="left", baseline="bottom", dx=2, dy=-4, color=self.palette.target, fontSize=11
        )
        return [line.encode(x=self.x, y=self.y), words.encode(x=self.x, y=self.y, text="label:N")]

    def needed(self) -> list[Layer]:
        """The straight way from where the data end up to the target, with what it asks."""
        if self.seen is None or self.seen == len(self.days) - 1 or not self.words.needed:
            return []
        start = self.actual[self.seen]
        rows: Rows = [
            {"day": self.days[self.seen].isoformat(), "value": start, "label": ""},
            {"day": self.last.isoformat(), "value": self.data.target, "label": self.words.needed},
        ]
        base = alt.Chart(values(rows))
        line = base.mark_line(color=self.palette.text, strokeDash=[1, 3], strokeWidth=2.2, strokeCap="round")
        label = base.mark_text(
            align="right",
            baseline="bottom",
            dx=-2,
            dy=-4,
            color=self.palette.text,
            fontSize=11,
            fontWeight="bold",
        )
        return [
            line.encode(x=self.x, y=self.y),
            label.encode(x=self.x, y=self.y, text="label:N"),
        ]
