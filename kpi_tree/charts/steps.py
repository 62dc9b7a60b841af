"""A KPI by day, week or month against what its path expects of each: bars for what adds up, else a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import altair as alt

from kpi_tree.charts.frame import Rows, values
from kpi_tree.charts.pace_data import PaceData, PaceWords, Step
from kpi_tree.charts.pace_ground import Ground, Layer, days_of, filled, numbers
from kpi_tree.charts.palette import LIGHT, Palette
from kpi_tree.periods import Period, label

EDGE = 0.07
"""Share of a step that is left free on each side of its bar."""


def steps_chart(
    steps: Sequence[Step],
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
    """A KPI step by step: history, the steps so far, what each should bring, and what is likely to come.

    A step that is not over is pale with a dashed edge and says so; what is likely of it stands around it.
    For a level the value of the whole period to date is marked where the data end, with both gaps.

    Args:
        data: its target, lines, marks and values to date. flow: whether days add up.

    Raises:
        ValueError: no steps.
    """
    if not steps:
        raise ValueError("a chart needs at least one step")
    draw = (
        _Flow(steps, data, words, lang, unit, currency, palette, height)
        if flow
        else _Level(steps, data, words, lang, unit, currency, palette, height)
    )
    return draw.framed(draw.layers())


class _Steps(Ground):
    flow = True

    def __init__(
        self,
        steps: Sequence[Step],
        data: PaceData,
        words: PaceWords,
        lang: str,
        unit: str | None,
        currency: str | None,
        palette: Palette,
        height: int,
    ) -> None:
        self.steps = list(steps)
        several = [
            [getattr(step, name) for step in steps]
            for name in ("value", "expected", "last_year", "forecast", "low", "high")
        ]
        middles = [step.period.start + timedelta(days=step.period.days // 2) for step in steps]
        drawn = [value for line in several for value in line]
        curve = [list(zip(middles, numbers(line), strict=True)) for line in several[:4]]
        super().__init__(
            data, words, lang=lang, unit=unit, currency=currency, palette=palette, flow=self.flow,
            height=height, first=steps[0].period.start, last=steps[-1].period.end, drawn=numbers(drawn),
            curve=curve, people=not self.flow, levels=not self.flow,
        )  # fmt: skip

    def rows(self) -> Rows:
        """One row a step with its hints."""
        return [self._row(step) for step in self.steps]

    def _row(self, step: Step) -> dict[str, Any]:
        value, expected, last_year, forecast, low, high = numbers(
            (step.value, step.expected, step.last_year, step.forecast, step.low, step.high)
        )
        name = label(step.period, self.lang)
        if step.unfinished and self.words.unfinished:
            name = f"{name} ({self.words.unfinished})"
        likely = self.shown(forecast)
        if low is not None and high is not None:
            likely = f"{likely} ({self.shown(low)} – {self.shown(high)})"
        return {
            "day": step.period.start.isoformat(),
            "end": step.period.end.isoformat(),
            **_inset(step.period),
            "middle": _middle(step.period),
            "zero": 0,
            "value": value,
            "expected": expected,
            "last_year": last_year,
            "forecast": forecast,
            "low": low,
            "high": high,
            "open": step.unfinished,
            "before": step.before,
            "name": name,
            "a": self.shown(value),
            "p": self.shown(expected),
            "l": self.shown(last_year),
            "f": likely if forecast is not None else "–",
        }

    def has(self, column: str) -> bool:
        """Whether any step has a value there."""
        return any(row[column] is not None for row in self.rows())

    def named(self) -> list[tuple[str, str]]:
        """The lines that are drawn, by their names."""
        found = [("actual", self.words.actual)]
        found += [("path", self.words.path)] if self.has("expected") else []
        found += [("forecast", self.words.forecast)] if self.has("forecast") else []
        found += [("last_year", self.words.last_year)] if self.has("last_year") else []
        return [(line, name) for line, name in found if name]

    def names(self) -> Layer:
        """The legend: of lines, with their dashes, whatever the marks are; it draws nothing itself."""
        named = self.named()
        rows: Rows = [{"day": self.first.isoformat(), "value": None, "line": name} for _, name in named]
        return alt.Chart(values(rows)).mark_line().encode(x=self.x, y=self.y, **self.legend(named))

    def tips(self) -> list[alt.Tooltip]:
        """A step's hints: its name and each of its numbers."""
        found = [alt.Tooltip("name:N", title=self.words.period or " ")]
        keys = {"actual": "a", "path": "p", "forecast": "f", "last_year": "l"}
        return found + [alt.Tooltip(f"{keys[line]}:N", title=name) for line, name in self.named()]

    def start(self) -> list[Layer]:
        """Where the period begins, if something before it is shown."""
        if not self.steps[0].before:
            return []
        rule = alt.Chart(values([{"day": self.data.period.start.isoformat()}]))
        return [rule.mark_rule(color=self.palette.grid, strokeWidth=2).encode(x=self.x)]

    def end(self) -> list[Layer]:
        """Where the data end, unless the period is over."""
        through = self.data.through
        if through is None or not self.first <= through < self.data.period.last:
            return []
        return self.data_end(through + timedelta(days=1), bars=self.flow)

    def earlier(self, base: Any) -> list[Layer]:
        """Last year's values as a thin line."""
        if ("last_year", self.words.last_year) not in self.named():
            return []
        line = base.mark_line(
            color=self.palette.last_year, strokeWidth=1.2, point={"size": 14, "color": self.palette.last_year}
        )
        return [line.encode(x=self.field("middle", self.x), y=self.field("last_year"))]


class _Flow(_Steps):
    """What adds up: bars, each with the piece of the path that it should reach."""

    def layers(self) -> list[Layer]:
        rows = self.rows()
        base = alt.Chart(values(rows))
        left = {"x": self.field("left", self.x), "x2": "right:T"}
        layers = [self.names(), *self.start()]
        if self.has("forecast"):
            likely = alt.Chart(values([row for row in rows if row["forecast"] is not None]))
            layers.append(
                likely.mark_rect(
                    fill=self.palette.forecast, fillOpacity=0.14, stroke=self.palette.forecast,
                    strokeDash=[2, 3], strokeWidth=1.4,
                ).encode(**left, y=self.field("forecast"), y2="zero:Q", tooltip=self.tips())
            )  # fmt: skip
            layers.append(
                likely.mark_rule(color=self.palette.forecast, strokeWidth=2, opacity=0.7).encode(
                    x=self.field("middle", self.x), y=self.field("low"), y2="high:Q"
                )
            )
        layers.append(self._bars(base, left))
        if self.has("expected"):
            due = alt.Chart(values([row for row in rows if row["expected"] is not None]))
            layers.append(
                due.mark_rule(color=self.palette.path, strokeDash=[5, 3], strokeWidth=2).encode(
                    **left, y=self.field("expected")
                )
            )
        return [*layers, *self.earlier(base), *self.end(), *self.marks()]

    def _bars(self, base: Any, left: dict[str, Any]) -> Layer:
        pale = alt.condition("datum.open || datum.before", alt.value(0.28), alt.value(0.78))
        bars = base.mark_rect(color=self.palette.actual, stroke=self.palette.actual, strokeWidth=1.2)
        return bars.encode(
            **left,
            y=self.y,
            y2="zero:Q",
            fillOpacity=pale,
            strokeOpacity=alt.condition("datum.open", alt.value(1), alt.value(0)),
            strokeDash=alt.condition("datum.open", alt.value([3, 3]), alt.value([1, 0])),
            tooltip=self.tips(),
        ).transform_filter("isValid(datum.value)")


class _Level(_Steps):
    """A rate or a level: a line with points, its path, and where the whole period stands."""

    flow = False

    def layers(self) -> list[Layer]:
        base = alt.Chart(values(self.rows()))
        middle = self.field("middle", self.x)
        layers = [self.names(), *self.start(), *self._ahead(base, middle), *self._path(), *self.earlier(base)]
        layers.append(base.mark_line(color=self.palette.actual, strokeWidth=2.4).encode(x=middle, y=self.y))
        layers.append(
            base.mark_point(color=self.palette.actual, size=45, strokeWidth=2, opacity=1).encode(
                x=middle,
                y=self.y,
                fillOpacity=alt.condition("datum.open", alt.value(0), alt.value(1)),
                fill=alt.value(self.palette.actual),
                tooltip=self.tips(),
            )
        )
        stand, end = self._stand(), self.end()
        return [*layers, *self.levels(), *self.milestones(), *end, *stand, *self.marks()]

    def _ahead(self, base: Any, middle: Any) -> list[Layer]:
        if not self.has("forecast"):
            return []
        band = base.mark_area(color=self.palette.forecast, opacity=0.22)
        line = base.mark_line(color=self.palette.forecast, strokeDash=[2, 3], strokeWidth=2.2)
        return [
            band.encode(x=middle, y=self.field("low"), y2="high:Q"),
            line.encode(x=middle, y=self.field("forecast")),
        ]

    def _path(self) -> list[Layer]:
        path = filled(self.data.path, self.data.period.days)
        days = days_of(self.data.period.start, self.data.period.days)
        rows: Rows = [
            {"day": day.isoformat(), "value": value}
            for day, value in zip(days, path, strict=True)
            if value is not None
        ]
        if not rows or not self.has("expected"):
            return []
        line = alt.Chart(values(rows)).mark_line(
            color=self.palette.path, strokeDash=[5, 4], strokeWidth=1.8, strokeCap="butt"
        )
        return [line.encode(x=self.x, y=self.y)]

    def _stand(self) -> list[Layer]:
        """The period's value to date where the data end, with its gap; and the landing's gap."""
        actual = filled(self.data.actual, self.data.period.days)
        path = filled(self.data.path, self.data.period.days)
        known = [place for place, value in enumerate(actual) if value is not None]
        layers: list[Layer] = []
        if known:
            day = days_of(self.data.period.start, self.data.period.days)[known[-1]]
            row = {"day": day.isoformat(), "value": actual[known[-1]], "name": self.words.so_far}
            row["shown"] = self.shown(actual[known[-1]])
            layers += self.gap(
                day, actual[known[-1]], path[known[-1]], self.words.gap_now, self.data.good_now
            )
            hints = [alt.Tooltip("shown:N", title=self.words.so_far or " ")]
            mark = alt.Chart(values([row])).mark_point(
                shape="triangle-up", size=120, filled=True, color=self.palette.actual, opacity=1
            )
            layers.append(mark.encode(x=self.x, y=self.y, tooltip=hints))
        ends = [value for value in numbers(self.data.forecast) if value is not None]
        if ends and self.words.gap_end:
            layers += self.gap(self.last, ends[-1], self.data.target, self.words.gap_end, self.data.good_end)
        return layers


def _inset(period: Period) -> dict[str, str]:
    """From when to when a bar is drawn: a little less than its step, so that bars stand apart."""
    midnight = datetime.combine(period.start, time.min)
    length = timedelta(days=period.days)
    return {
        "left": f"{(midnight + length * EDGE).isoformat(timespec='seconds')}Z",
        "right": f"{(midnight + length * (1 - EDGE)).isoformat(timespec='seconds')}Z",
    }


def _middle(period: Period) -> str:
    midnight = datetime.combine(period.start, time.min)
    return f"{(midnight + timedelta(days=period.days) / 2).isoformat(timespec='seconds')}Z"
