"""What the progress charts share: axes with known ends, level lines whose words hide nothing, signs above."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import altair as alt

from kpi_tree.charts.frame import Rows, framed, values, x_axis, y_axis
from kpi_tree.charts.grid import text_width
from kpi_tree.charts.pace_data import Numbers, PaceData, PaceWords
from kpi_tree.charts.pace_marks import mark_layers, near_enough, room, shown_marks
from kpi_tree.charts.palette import Palette
from kpi_tree.charts.places import LINE, NARROW, Box, label_places, nice_range
from kpi_tree.i18n import format_value

Layer = Any
"""One layer of an Altair chart; its own types change with every wrapping."""
DASHES = {"actual": [1, 0], "path": [5, 4], "forecast": [2, 3], "last_year": [1, 0]}
WIDTHS = {"actual": 2.6, "path": 1.8, "forecast": 2.2, "last_year": 1.2}
DOT = 5
"""Pixels between two dots of a line, where words look for room."""
RIGHT = 0.6
"""Share of the width from which on words stand on the left of their day."""
TICKS = 46
"""Pixels that the numbers of an axis take."""


class Ground:
    """The axes of a progress chart and what stands on all of them.

    Args:
        first, last: the days along the axis. drawn: every value on the chart.
        flow: whether values count up from zero, so that the axis starts there.
        curve: the lines drawn, each as (day, value), which the words must not hide.
    """

    def __init__(
        self,
        data: PaceData,
        words: PaceWords,
        *,
        lang: str,
        unit: str | None,
        currency: str | None,
        palette: Palette,
        flow: bool,
        height: int,
        first: date,
        last: date,
        drawn: Iterable[float | None],
        curve: Iterable[Iterable[tuple[date, float | None]]] = (),
        people: bool = True,
        levels: bool = True,
    ) -> None:
        self.data, self.words, self.palette = data, words, palette
        self.lang, self.unit, self.currency, self.height = lang, unit, currency, height
        self.first, self.last = first, last
        self.taken: list[Box] = []
        self.signs = shown_marks(data.marks, first, last)
        every = numbers([*drawn, *(self._levels() if levels else ())])
        known = [value for value in every if value is not None] or [0.0]
        low, high = min([*known, 0.0] if flow else known), max(known)
        said = near_enough(self.signs.marks, low, high) if people else []
        self.range = nice_range(min([low, *said]), max([high, *said]))
        self.x = x_axis(first, last, lang, words.x or None, palette)
        self.y = self._axis()
        self.curve = self._dots(curve)

    def _axis(self) -> alt.Y:
        low, high = self.range
        y = y_axis("value", self.unit, max(abs(low), abs(high)), self.words.y, self.palette, zero=False)
        y["scale"] = alt.Scale(domain=[low, high], nice=False, zero=False)
        if wide := room(self.signs, self.words.lanes):
            y["axis"]["minExtent"] = max(wide - 16, TICKS)
        return y

    def _levels(self) -> list[float | None]:
        return [self.data.target, self.data.baseline, *(value for _, value in self.data.lines)]

    def field(self, name: str, axis: alt.Y | alt.X | None = None) -> Any:
        """The value axis, or another one, on another column."""
        made = (axis if axis is not None else self.y).copy()
        made["shorthand"] = f"{name}:{'T' if axis is not None else 'Q'}"
        return made

    def shown(self, value: float | None) -> str:
        """A value as text in the reader's language."""
        return format_value(value, self.unit, self.lang, currency=self.currency)

    def up(self, value: float) -> float:
        """How many pixels above the bottom of the chart a value is drawn."""
        low, high = self.range
        return self.height * (value - low) / (high - low)

    def across(self, day: date) -> float:
        """Share of the chart's width that lies before a day."""
        return (day - self.first).days / max((self.last - self.first).days, 1)

    def _dots(self, curves: Iterable[Iterable[tuple[date, float | None]]]) -> list[tuple[float, float]]:
        """The lines as dots close together: share of the width, pixels above the bottom."""
        found = []
        for curve in curves:
            known = [(self.across(day), self.up(value)) for day, value in curve if value is not None]
            for (left, low), (right, high) in pairwise(known):
                pieces = max(1, math.ceil(max(abs(right - left) * NARROW, abs(high - low)) / DOT))
                found += [
                    (left + (right - left) * n / pieces, low + (high - low) * n / pieces)
                    for n in range(pieces)
                ]
            found += known[-1:]
        return found

    def levels(self) -> list[Layer]:
        """Target, baseline and further goal lines, each named where the words hide nothing."""
        wanted = [(self.words.target, self.data.target, self.palette.target, [1, 0])]
        if self.data.baseline is not None and self.words.baseline:
            wanted.append((self.words.baseline, self.data.baseline, self.palette.baseline, [2, 3]))
        wanted += [(name, value, self.palette.muted, [6, 3]) for name, value in self.data.lines]
        labels = [f"{name} {self.shown(value)}" for name, value, _, _ in wanted]
        places = label_places(
            [(self.up(line[1]), text_width(label)) for line, label in zip(wanted, labels, strict=True)],
            self.curve,
            self.taken,
        )
        layers = []
        for (_, value, colour, dash), label, place in zip(wanted, labels, places, strict=True):
            # A quiet line may be pale, its words may not.
            text = self.palette.target if colour == self.palette.target else self.palette.muted
            day = self.last if place.right else self.first + (self.last - self.first) * place.at
            base = alt.Chart(values([{"value": value, "label": label, "day": day.isoformat()}]))
            layers.append(base.mark_rule(color=colour, strokeDash=dash, strokeWidth=1.2).encode(y=self.y))
            layers += self.text(
                base, self.y, text, align="right" if place.right else "left", baseline="bottom",
                dy=-place.up, dx=-2 if place.right else 2, fontSize=11,
            )  # fmt: skip
        return layers

    def text(self, base: Any, y: Any, colour: str, **more: Any) -> list[Layer]:
        """Words in the chart, on a rim of the ground's colour, so that a line behind them stays apart."""
        made = []
        for rim in (True, False):
            look = {"stroke": self.palette.ground, "strokeWidth": 3, "opacity": 0.8} if rim else {}
            mark = base.mark_text(color=self.palette.ground if rim else colour, **look, **more)
            made.append(mark.encode(x=self.x, y=y, text="label:N"))
        return made

    def data_end(self, day: date, *, bars: bool = False) -> list[Layer]:
        """Where the data end in a period that is not over, so that what follows is not read as a drop."""
        base = alt.Chart(values([{"day": day.isoformat(), "label": self.words.today}]))
        right = self.across(day) > 0.5
        at, share = self.across(day), min((text_width(self.words.today) + 8) / NARROW, 1.0)
        left = at - share if right else at
        low, high = (Box(left, left + share, up, up + LINE + 4) for up in (0.0, self.height - LINE - 4.0))
        above = bars or sum(low.holds(*dot) for dot in self.curve) > sum(
            high.holds(*dot) for dot in self.curve
        )
        self.taken.append(high if above else low)
        rule = base.mark_rule(color=self.palette.muted, strokeWidth=1, opacity=0.5).encode(x=self.x)
        words = self.text(
            base, alt.value(0 if above else "height"), self.palette.muted,
            align="right" if right else "left", baseline="top" if above else "bottom",
            dx=-4 if right else 4, dy=4 if above else -4, fontSize=11,
        )  # fmt: skip
        return [rule, *words]

    def milestones(self) -> list[Layer]:
        """The points of a path drawn by hand: hollow squares on it."""
        rows: Rows = [
            {"day": day.isoformat(), "value": value, "label": self.shown(value)}
            for day, value in self.data.milestones
            if self.first <= day <= self.last
        ]
        if not rows:
            return []
        mark = alt.Chart(values(rows)).mark_point(
            shape="square", size=60, strokeWidth=1.8, color=self.palette.path, opacity=1, filled=False
        )
        return [mark.encode(x=self.x, y=self.y)]

    def gap(
        self, day: date, value: float | None, wanted: float | None, words: str, good: bool | None
    ) -> list[Layer]:
        """The distance between two values of a day as a bar, with its words where there is room."""
        if value is None or wanted is None:
            return []
        colour = self.palette.muted if good is None else self.palette.good if good else self.palette.bad
        row: dict[str, Any] = {
            "day": day.isoformat(),
            "value": value,
            "wanted": wanted,
            "upper": max(value, wanted),
            "lower": min(value, wanted),
            "label": words,
        }
        base = alt.Chart(values([row]))
        # A rising line leaves room above on its left and below on its right: there the words stand.
        left = self.across(day) > RIGHT
        at, share = self.across(day), text_width(words) * 1.15 / NARROW
        begin = at - share if left else at
        over, under = self.up(row["upper"]) + 6, self.up(row["lower"]) - 6 - LINE
        boxes = {
            up: Box(begin, begin + share, edge, edge + LINE) for up, edge in ((True, over), (False, under))
        }
        above = min(boxes, key=lambda up: (self._hidden(boxes[up]), up != left))
        self.taken.append(boxes[above])
        rule = base.mark_rule(color=colour, strokeWidth=3, opacity=0.85)
        text = self.text(
            base, self.field("upper" if above else "lower"), colour, align="right" if left else "left",
            baseline="bottom" if above else "top", dx=0 if day == self.last else -8 if left else 8,
            dy=-6 if above else 6, fontSize=12, fontWeight="bold",
        )  # fmt: skip
        return [rule.encode(x=self.x, y=self.y, y2="wanted:Q"), *text]

    def _hidden(self, box: Box) -> int:
        """How much words there would hide: other words most, then level lines, at the bottom nothing fits."""
        words = sum(box.meets(other) for other in self.taken)
        levels = [value for value in self._levels() if value is not None]
        lines = sum(box.low < self.up(value) < box.high for value in levels)
        return 100 * words + 10 * lines + (1000 if box.low < 0 else 0)

    def under_pointer(self, rows: Rows, tips: Sequence[alt.Tooltip]) -> Layer:
        """A line under the pointer, at the nearest of some days, with its hints."""
        near = alt.selection_point(
            name="near", nearest=True, on="pointerover", clear="pointerout", fields=["day"], empty=False
        )
        base = alt.Chart(values(rows)).encode(x=self.x)
        return (
            base.mark_rule(color=self.palette.muted)
            .encode(opacity=alt.condition(near, alt.value(0.6), alt.value(0)), tooltip=list(tips))
            .add_params(near)
        )

    def marks(self) -> list[Layer]:
        """The lanes above the chart, and people's own values in it."""
        low, high = self.range
        fits = {value for value in near_enough(self.signs.marks, low, high) if low <= value <= high}
        return mark_layers(
            self.signs, self.words.lanes, self.first, self.last, self.x, self.y, self.lang, self.palette, fits
        )

    def legend(self, names: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Colour, dash and width of the named lines: the legend is of the colour, the others repeat it.

        Args:
            names: (line as :data:`DASHES` has it, its name), those that are drawn.
        """
        domain = [name for _, name in names]
        colours = [getattr(self.palette, line) for line, _ in names]
        return {
            "color": alt.Color(
                "line:N", scale=alt.Scale(domain=domain, range=colours), sort=None, title=None
            ),
            "strokeDash": alt.StrokeDash(
                "line:N",
                scale=alt.Scale(domain=domain, range=[DASHES[line] for line, _ in names]),
                title=None,
            ),
            "strokeWidth": alt.StrokeWidth(
                "line:N",
                scale=alt.Scale(domain=domain, range=[WIDTHS[line] for line, _ in names]),
                title=None,
            ),
        }

    def framed(self, layers: Sequence[Layer]) -> Any:
        """The chart with title, alt text and room for the lanes."""
        return framed(
            alt.layer(*layers),
            title=self.words.title,
            subtitle=self.words.subtitle,
            description=self.words.description,
            lang=self.lang,
            palette=self.palette,
            height=self.height,
            above=self.signs.height,
        )


def numbers(series: Numbers) -> list[float | None]:
    """A series with None for everything that is no number."""
    return [None if value is None or not math.isfinite(value) else float(value) for value in series]


def filled(series: Numbers, length: int) -> list[float | None]:
    """A series of a given length; None where it has ended."""
    known = numbers(series)[:length]
    return known + [None] * (length - len(known))


def days_of(first: date, count: int) -> list[date]:
    """So many days from a first one."""
    return [first + timedelta(days=n) for n in range(count)]
