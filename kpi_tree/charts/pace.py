"""Actual against the path to the target: solid what was measured, dashed what is expected or likely."""

from __future__ import annotations

from typing import Any

import altair as alt

from kpi_tree.charts.frame import Rows, values
from kpi_tree.charts.pace_data import PaceData, PaceWords
from kpi_tree.charts.pace_ground import Ground, Layer, days_of, filled, numbers
from kpi_tree.charts.palette import LIGHT, Palette
from kpi_tree.i18n import format_date


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
    """The chart of actual against the path to the target, each day with the value to date.

    Args:
        unit, currency: how values are written in hints and along the axis.
        flow: whether values count up from zero, so that the axis starts there.

    Returns:
        an Altair chart; :func:`kpi_tree.charts.spec` turns it into a dict.
    """
    draw = Pace(data, words, lang, unit, currency, palette, flow, height)
    today, gaps = draw.today(), draw.gaps()
    layers = [*draw.band(), *draw.levels(), draw.lines(), *draw.milestones(), *today, *gaps]
    return draw.framed([*layers, draw.hover(), *draw.marks()])


class Pace(Ground):
    """The values to date of every day of a period, with what is expected and what is likely."""

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
        self.days = days_of(data.period.start, data.period.days)
        self.actual = filled(data.actual, len(self.days))
        self.path = filled(data.path, len(self.days))
        self.last_year = filled(data.last_year, len(self.days)) if data.last_year else []
        known = [place for place, value in enumerate(self.actual) if value is not None]
        self.seen = known[-1] if known else None
        self.data = data
        ahead = numbers(data.forecast)
        super().__init__(
            data, words, lang=lang, unit=unit, currency=currency, palette=palette, flow=flow, height=height,
            first=data.period.start, last=data.period.last,
            drawn=[
                *self.actual, *self.path, *self.last_year, *ahead, *numbers(data.low), *numbers(data.high),
                *(value for _, value in data.scope),
            ],
            curve=[
                *(zip(self.days, line, strict=False) for line in (self.actual, self.path, self.last_year)),
                [(self.days[place], value) for place, value in zip(self.ahead(), ahead, strict=False)],
            ],
        )  # fmt: skip

    def ahead(self) -> list[int]:
        """Places of the days that the forecast speaks of."""
        first = 0 if self.seen is None else self.seen + 1
        return list(range(first, min(first + len(self.data.forecast), len(self.days))))

    def band(self) -> list[Layer]:
        """The interval of the forecast, from the last value seen."""
        if not self.data.low or not self.data.high:
            return []
        rows: Rows = [
            {"day": self.days[place].isoformat(), "low": low, "high": high, "name": self.words.interval}
            for place, low, high in zip(
                self.ahead(), numbers(self.data.low), numbers(self.data.high), strict=False
            )
            if low is not None and high is not None
        ]
        if self.seen is not None:
            start = self.actual[self.seen]
            rows.insert(0, {"day": self.days[self.seen].isoformat(), "low": start, "high": start})
        return [
            alt.Chart(values(rows))
            .mark_area(color=self.palette.forecast, opacity=0.22)
            .encode(x=self.x, y=self.field("low"), y2="high:Q")
        ]

    def lines(self) -> Layer:
        """Actual, path, forecast and last year's line, told apart by colour and by dash."""
        named = [("actual", self.words.actual, self.actual), ("path", self.words.path, self.path)]
        if self.words.last_year and any(value is not None for value in self.last_year):
            named.append(("last_year", self.words.last_year, self.last_year))
        rows: Rows = [
            self._row(place, value, name)
            # What matters most is drawn last, on top.
            for _, name, series in reversed(named)
            for place, value in enumerate(series)
        ]
        names = [(line, name) for line, name, _ in named]
        if self.ahead() and self.words.forecast:
            if self.seen is not None:
                rows.append(self._row(self.seen, self.actual[self.seen], self.words.forecast))
            rows += [
                self._row(place, value, self.words.forecast)
                for place, value in zip(self.ahead(), numbers(self.data.forecast), strict=False)
            ]
            names.insert(2, ("forecast", self.words.forecast))
        return (
            alt.Chart(values(rows))
            .mark_line(interpolate="linear", strokeCap="butt")
            .encode(x=self.x, y=self.y, **self.legend(names))
        )

    def _row(self, place: int, value: float | None, line: str) -> dict[str, Any]:
        return {"day": self.days[place].isoformat(), "value": value, "line": line}

    def today(self) -> list[Layer]:
        """Where the data end in a period that is not over, so that what follows is not read as a drop."""
        if self.seen is None or self.seen == len(self.days) - 1:
            return []
        day = self.days[self.seen]
        point = alt.Chart(values([{"day": day.isoformat(), "value": self.actual[self.seen]}]))
        dot = point.mark_point(filled=True, size=55, color=self.palette.actual, opacity=1)
        layers = [*self.data_end(day), dot.encode(x=self.x, y=self.y)]
        expected = self.path[self.seen]
        if expected is not None:
            due: Rows = [{"day": day.isoformat(), "value": expected, "name": self.words.expected}]
            hollow = alt.Chart(values(due)).mark_point(
                filled=False, size=60, strokeWidth=2, color=self.palette.path, opacity=1
            )
            layers.append(hollow.encode(x=self.x, y=self.y))
        return layers

    def gaps(self) -> list[Layer]:
        """Now against where it should be, and landing against the goal, each with its words."""
        layers: list[Layer] = []
        if self.seen is not None and self.words.gap_now:
            actual, path = self.actual[self.seen], self.path[self.seen]
            layers += self.gap(self.days[self.seen], actual, path, self.words.gap_now, self.data.good_now)
        forecast = [value for value in numbers(self.data.forecast) if value is not None]
        if forecast and self.words.gap_end:
            end = self.data.period.last
            layers += self.gap(end, forecast[-1], self.data.target, self.words.gap_end, self.data.good_end)
        return layers

    def hover(self) -> Layer:
        """A line under the pointer with the day's numbers."""
        ahead = dict(zip(self.ahead(), numbers(self.data.forecast), strict=False))
        rows: Rows = []
        for place, day in enumerate(self.days):
            row = {
                "day": day.isoformat(),
                "when": format_date(day, self.lang),
                "a": self.shown(self.actual[place]),
                "p": self.shown(self.path[place]),
            }
            if ahead:
                row["f"] = self.shown(ahead.get(place))
            if self.last_year:
                row["l"] = self.shown(self.last_year[place])
            rows.append(row)
        tips = [alt.Tooltip("when:N", title=" "), alt.Tooltip("a:N", title=self.words.actual)]
        tips.append(alt.Tooltip("p:N", title=self.words.path))
        if ahead:
            tips.append(alt.Tooltip("f:N", title=self.words.forecast or " "))
        if self.last_year:
            tips.append(alt.Tooltip("l:N", title=self.words.last_year or " "))
        return self.under_pointer(rows, tips)
