"""Actual against the path to the target: solid what was measured, dashed what is expected or likely."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import altair as alt

from kpi_tree.charts.frame import Rows, framed, values, x_axis, y_axis
from kpi_tree.charts.pace_data import Numbers, PaceData, PaceWords
from kpi_tree.charts.palette import LIGHT, Palette
from kpi_tree.charts.places import label_offsets
from kpi_tree.i18n import format_date, format_value

ROUNDED = 0.9
"""Share of the height that the values take: the axis goes on to a round number."""
Layer = Any
"""One layer of an Altair chart; its own types change with every wrapping."""


def pace_chart(
    data: PaceData,
    words: PaceWords,
    *,
    lang: str = "en",
    unit: str | None = None,
    currency: str | None = None,
    palette: Palette = LIGHT,
    flow: bool = True,
    height: int = 320,
) -> Any:
    """The chart of actual against the path to the target.

    Args:
        unit, currency: how values are written in hints and along the axis.
        flow: whether values count up from zero, so that the axis starts there.

    Returns:
        an Altair chart; :func:`kpi_tree.charts.spec` turns it into a dict.
    """
    draw = _Pace(data, words, lang, unit, currency, palette, flow, height)
    layers = [*draw.band(), *draw.levels(), draw.lines(), *draw.today(), *draw.gaps(), draw.hover()]
    return framed(
        alt.layer(*layers),
        title=words.title,
        subtitle=words.subtitle,
        description=words.description,
        lang=lang,
        palette=palette,
        height=height,
    )


class _Pace:
    def __init__(
        self,
        data: PaceData,
        words: PaceWords,
        lang: str,
        unit: str | None,
        currency: str | None,
        palette: Palette,
        flow: bool,
        height: int,
    ) -> None:
        self.data, self.words, self.palette = data, words, palette
        self.lang, self.unit, self.currency = lang, unit, currency
        self.days = [data.period.start + timedelta(days=n) for n in range(data.period.days)]
        self.actual = _filled(data.actual, len(self.days))
        self.path = _filled(data.path, len(self.days))
        known = [place for place, value in enumerate(self.actual) if value is not None]
        self.last = known[-1] if known else None
        self.x = x_axis(data.period.start, data.period.last, lang, words.x or None, palette)
        drawn = self._drawn()
        self.height = height
        self.range = min([*drawn, 0.0] if flow else drawn), max(drawn)
        self.y = y_axis("value", unit, max(map(abs, drawn)), words.y, palette, zero=flow)

    def _drawn(self) -> list[float]:
        """Every value on the chart."""
        data = self.data
        every = [
            *self.actual,
            *self.path,
            *_numbers(data.low),
            *_numbers(data.high),
            data.target,
            data.baseline,
        ]
        every += [value for _, value in data.lines]
        return [value for value in every if value is not None]

    def shown(self, value: float | None) -> str:
        """A value as text in the reader's language."""
        return format_value(value, self.unit, self.lang, currency=self.currency)

    def forecast_days(self) -> list[int]:
        """Places of the days that the forecast speaks of."""
        first = 0 if self.last is None else self.last + 1
        return list(range(first, min(first + len(self.data.forecast), len(self.days))))

    def band(self) -> list[Layer]:
        """The interval of the forecast, from the last value seen."""
        if not self.data.low or not self.data.high:
            return []
        rows: Rows = [
            {"day": self.days[place].isoformat(), "low": low, "high": high, "name": self.words.interval}
            for place, low, high in zip(
                self.forecast_days(), _numbers(self.data.low), _numbers(self.data.high), strict=False
            )
            if low is not None and high is not None
        ]
        if self.last is not None:
            start = self.actual[self.last]
            rows.insert(0, {"day": self.days[self.last].isoformat(), "low": start, "high": start})
        return [
            alt.Chart(values(rows))
            .mark_area(color=self.palette.forecast, opacity=0.22)
            .encode(x=self.x, y=alt.Y("low:Q", title=self.words.y), y2="high:Q")
        ]

    def levels(self) -> list[Layer]:
        """Target, baseline and further goal lines, each named at its line."""
        wanted = [(self.words.target, self.data.target, self.palette.target, [1, 0])]
        if self.data.baseline is not None and self.words.baseline:
            wanted.append((self.words.baseline, self.data.baseline, self.palette.baseline, [2, 3]))
        wanted += [(name, value, self.palette.muted, [6, 3]) for name, value in self.data.lines]
        layers = []
        offsets = label_offsets([self._height(value) for _, value, _, _ in wanted])
        for (name, value, colour, dash), offset in zip(wanted, offsets, strict=True):
            # A quiet line may be pale, its words may not.
            text = self.palette.target if colour == self.palette.target else self.palette.muted
            label = f"{name} {self.shown(value)}"
            base = alt.Chart(values([{"value": value, "label": label, "day": self.days[0].isoformat()}]))
            layers.append(base.mark_rule(color=colour, strokeDash=dash, strokeWidth=1.2).encode(y=self.y))
            words = base.mark_text(align="left", baseline="bottom", dy=-offset, dx=2, color=text, fontSize=11)
            layers.append(words.encode(x=self.x, y=self.y, text="label:N"))
        return layers

    def _height(self, value: float) -> float:
        """About how many pixels above the bottom of the chart a value is drawn."""
        low, high = self.range
        return self.height * ROUNDED * (value - low) / (high - low) if high > low else 0.0

    def lines(self) -> Layer:
        """Actual, path and forecast, told apart by colour and by dash."""
        rows: Rows = [
            {"day": day.isoformat(), "value": value, "line": name}
            for name, series in ((self.words.path, self.path), (self.words.actual, self.actual))
            for day, value in zip(self.days, series, strict=True)
        ]
        names = [self.words.actual, self.words.path]
        colours, dashes, widths = [self.palette.actual, self.palette.path], [[1, 0], [5, 4]], [2.6, 1.8]
        ahead = self.forecast_days()
        if ahead and self.words.forecast:
            if self.last is not None:
                rows.append(self._row(self.last, self.actual[self.last], self.words.forecast))
            forecast = _numbers(self.data.forecast)
            rows += [
                self._row(place, value, self.words.forecast)
                for place, value in zip(ahead, forecast, strict=False)
            ]
            names.append(self.words.forecast)
            colours.append(self.palette.forecast)
            dashes.append([2, 3])
            widths.append(2.2)
        # The legend is of the colour; dash and width repeat it for those who see no colour.
        return (
            alt.Chart(values(rows))
            .mark_line(interpolate="linear", strokeCap="butt")
            .encode(
                x=self.x,
                y=self.y,
                color=alt.Color(
                    "line:N", scale=alt.Scale(domain=names, range=colours), sort=None, title=None
                ),
                strokeDash=alt.StrokeDash("line:N", scale=alt.Scale(domain=names, range=dashes), title=None),
                strokeWidth=alt.StrokeWidth(
                    "line:N", scale=alt.Scale(domain=names, range=widths), title=None
                ),
            )
        )

    def _row(self, place: int, value: float | None, line: str) -> dict[str, Any]:
        return {"day": self.days[place].isoformat(), "value": value, "line": line}

    def today(self) -> list[Layer]:
        """Where the data ends in a period that is not over: so that what follows is not read as a drop."""
        if self.last is None or self.last == len(self.days) - 1:
            return []
        day = self.days[self.last].isoformat()
        rule = alt.Chart(values([{"day": day, "label": self.words.today}]))
        point = alt.Chart(values([{"day": day, "value": self.actual[self.last]}]))
        right = self.last > len(self.days) / 2
        return [
            rule.mark_rule(color=self.palette.muted, strokeWidth=1, opacity=0.5).encode(x=self.x),
            rule.mark_text(
                align="right" if right else "left",
                baseline="bottom",
                dx=-4 if right else 4,
                dy=-4,
                color=self.palette.muted,
                fontSize=11,
            ).encode(x=self.x, y=alt.value("height"), text="label:N"),
            point.mark_point(filled=True, size=55, color=self.palette.actual, opacity=1).encode(
                x=self.x, y=self.y
            ),
        ]

    def gaps(self) -> list[Layer]:
        """Now against where it should be, and landing against the goal, each with its words."""
        layers: list[Layer] = []
        if self.last is not None and self.words.gap_now:
            layers += self._gap(
                self.last,
                self.actual[self.last],
                self.path[self.last],
                self.words.gap_now,
                self.data.good_now,
            )
        forecast = [value for value in _numbers(self.data.forecast) if value is not None]
        if forecast and self.words.gap_end:
            place = len(self.days) - 1
            layers += self._gap(place, forecast[-1], self.data.target, self.words.gap_end, self.data.good_end)
        return layers

    def _gap(
        self, place: int, value: float | None, wanted: float | None, words: str, good: bool | None
    ) -> list[Layer]:
        if value is None or wanted is None:
            return []
        colour = self.palette.muted if good is None else self.palette.good if good else self.palette.bad
        row = {
            "day": self.days[place].isoformat(),
            "value": value,
            "wanted": wanted,
            "upper": max(value, wanted),
            "lower": min(value, wanted),
            "label": words,
        }
        base = alt.Chart(values([row]))
        # A rising line leaves room above on its left and below on its right: there the words stand.
        above = place > len(self.days) * 0.6
        return [
            base.mark_rule(color=colour, strokeWidth=3, opacity=0.85).encode(
                x=self.x, y=self.y, y2="wanted:Q"
            ),
            base.mark_text(
                align="right" if above else "left",
                baseline="bottom" if above else "top",
                dx=0 if place == len(self.days) - 1 else -8 if above else 8,
                dy=-6 if above else 6,
                color=colour,
                fontSize=12,
                fontWeight="bold",
            ).encode(
                x=self.x, y=alt.Y("upper:Q" if above else "lower:Q", title=self.words.y), text="label:N"
            ),
        ]

    def hover(self) -> Layer:
        """A line under the pointer with the day's numbers."""
        rows: Rows = []
        ahead = dict(zip(self.forecast_days(), _numbers(self.data.forecast), strict=False))
        for place, day in enumerate(self.days):
            row = {
                "day": day.isoformat(),
                "when": format_date(day, self.lang),
                "a": self.shown(self.actual[place]),
                "p": self.shown(self.path[place]),
            }
            if ahead:
                row["f"] = self.shown(ahead.get(place))
            rows.append(row)
        tips = [alt.Tooltip("when:N", title=" "), alt.Tooltip("a:N", title=self.words.actual)]
        tips.append(alt.Tooltip("p:N", title=self.words.path))
        if ahead:
            tips.append(alt.Tooltip("f:N", title=self.words.forecast or " "))
        near = alt.selection_point(
            name="near", nearest=True, on="pointerover", clear="pointerout", fields=["day"], empty=False
        )
        base = alt.Chart(values(rows)).encode(x=self.x)
        return (
            base.mark_rule(color=self.palette.muted)
            .encode(opacity=alt.condition(near, alt.value(0.6), alt.value(0)), tooltip=tips)
            .add_params(near)
        )


def _numbers(series: Numbers) -> list[float | None]:
    return [None if value is None or not math.isfinite(value) else float(value) for value in series]


def _filled(series: Numbers, length: int) -> list[float | None]:
    known = _numbers(series)[:length]
    return known + [None] * (length - len(known))
