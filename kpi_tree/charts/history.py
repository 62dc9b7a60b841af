"""A KPI over time, and its parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import altair as alt

from kpi_tree.charts.frame import Rows, framed, value_format, values, whole_steps, x_axis, y_axis
from kpi_tree.charts.palette import LIGHT, Palette
from kpi_tree.i18n import format_value
from kpi_tree.periods import Period, label


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The texts of a chart, already in the reader's language.

    Attributes:
        title: the finding or the question. y: the value's name with its unit.
        value, target: names of the line and of the target in hints and legend.
        period: heading of the period in hints; share: of the share.
    """

    title: str
    y: str
    value: str
    target: str = ""
    period: str = ""
    share: str = ""
    subtitle: str = ""
    description: str = ""
    x: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One period's value; None is a gap.

    Attributes:
        partly: what to say of a period of which only a part is known ("not over yet"); empty for a whole one.
    """

    period: Period
    value: float | None
    partly: str = ""
    target: float | None = None


def history_chart(
    bars: Sequence[Bar],
    words: ChartWords,
    *,
    lang: str = "en",
    unit: str | None = None,
    currency: str | None = None,
    palette: Palette = LIGHT,
    flow: bool = True,
    height: int = 280,
) -> Any:
    """A KPI by period: bars for what adds up, a line for levels; gaps stay gaps.

    The target is a dashed line over each period that has one; a period that is known in part is pale with a
    dashed edge (or a hollow point) and named in its hint, so that it is not read as a drop.
    """
    rows = [_row(bar, lang, unit, currency) for bar in bars]
    largest = max((abs(bar.value) for bar in bars if bar.value is not None), default=0.0)
    first = min((bar.period.start for bar in bars), default=None)
    last = max((bar.period.end for bar in bars), default=None)
    if first is None or last is None:
        raise ValueError("a chart needs at least one period")
    x = x_axis(first, last, lang, words.x or None, palette)
    y = y_axis("value", unit, largest, words.y, palette, zero=flow)
    tips = _tips(words, any(bar.target is not None for bar in bars))
    base = alt.Chart(values(rows))
    drawn = _bars(base, x, y, tips, palette) if flow else _line(base, x, y, tips, palette)
    layers = [*drawn, *_targets(rows, x, y, words, palette)]
    return framed(
        alt.layer(*layers),
        title=words.title,
        subtitle=words.subtitle,
        description=words.description,
        lang=lang,
        palette=palette,
        height=height,
    )


def _row(bar: Bar, lang: str, unit: str | None, currency: str | None) -> dict[str, Any]:
    name = label(bar.period, lang)
    return {
        "day": bar.period.start.isoformat(),
        "end": bar.period.end.isoformat(),
        **_inset(bar.period),
        "zero": 0,
        "middle": (bar.period.start + timedelta(days=bar.period.days // 2)).isoformat(),
        "value": _number(bar.value),
        "target": _number(bar.target),
        "open": bool(bar.partly),
        "name": f"{name} ({bar.partly})" if bar.partly else name,
        "shown": format_value(bar.value, unit, lang, currency=currency),
        "wanted": format_value(bar.target, unit, lang, currency=currency),
    }


def _inset(period: Period) -> dict[str, str]:
    """From when to when a bar is drawn: a little less than its period, so that bars stand apart."""
    midnight = datetime.combine(period.start, time.min)
    length = timedelta(days=period.days)
    return {
        "left": f"{(midnight + length * 0.07).isoformat(timespec='seconds')}Z",
        "right": f"{(midnight + length * 0.93).isoformat(timespec='seconds')}Z",
    }


def _tips(words: ChartWords, targets: bool) -> list[alt.Tooltip]:
    tips = [alt.Tooltip("name:N", title=words.period or " "), alt.Tooltip("shown:N", title=words.value)]
    return [*tips, alt.Tooltip("wanted:N", title=words.target or " ")] if targets else tips


def _bars(base: alt.Chart, x: alt.X, y: alt.Y, tips: list[alt.Tooltip], palette: Palette) -> list[Any]:
    left = x.copy()
    left["shorthand"] = "left:T"
    bars = base.mark_rect(color=palette.actual, strokeWidth=1.2, stroke=palette.actual).encode(
        x=left,
        x2="right:T",
        y=y,
        y2="zero:Q",
        fillOpacity=alt.condition("datum.open", alt.value(0.2), alt.value(0.75)),
        strokeOpacity=alt.condition("datum.open", alt.value(1), alt.value(0)),
        strokeDash=alt.condition("datum.open", alt.value([3, 3]), alt.value([1, 0])),
        tooltip=tips,
    )
    return [bars.transform_filter("isValid(datum.value)")]


def _line(base: alt.Chart, x: alt.X, y: alt.Y, tips: list[alt.Tooltip], palette: Palette) -> list[Any]:
    middle = x.copy()
    middle["shorthand"] = "middle:T"
    line = base.mark_line(color=palette.actual, strokeWidth=2.4).encode(x=middle, y=y)
    points = base.mark_point(color=palette.actual, size=45, strokeWidth=2, opacity=1).encode(
        x=middle,
        y=y,
        fillOpacity=alt.condition("datum.open", alt.value(0), alt.value(1)),
        fill=alt.value(palette.actual),
        tooltip=tips,
    )
    return [line, points]


def _targets(rows: Rows, x: alt.X, y: alt.Y, words: ChartWords, palette: Palette) -> list[Any]:
    wanted = [row for row in rows if row["target"] is not None]
    if not wanted:
        return []
    place = y.copy()
    place["shorthand"] = "target:Q"
    rules = alt.Chart(values(wanted)).mark_rule(color=palette.target, strokeDash=[5, 4], strokeWidth=1.8)
    named = alt.Chart(values([{**wanted[-1], "label": words.target}])).mark_text(
        align="right", baseline="bottom", dy=-3, color=palette.target, fontSize=11
    )
    end = x.copy()
    end["shorthand"] = "end:T"
    return [rules.encode(x=x, x2="end:T", y=place), named.encode(x=end, y=place, text="label:N")]


def sparkline(
    actual: Sequence[float | None],
    path: Sequence[float | None] = (),
    *,
    palette: Palette = LIGHT,
    description: str = "",
    width: int = 120,
    height: int = 32,
) -> Any:
    """A line of a word's size, with the dashed path beside it; no axes, and gaps stay gaps."""
    rows: Rows = [
        {"at": at, "value": _number(value), "line": line}
        for line, series in (("p", path), ("a", actual))
        for at, value in enumerate(series)
    ]
    names = ["a", "p"]
    chart = (
        alt.Chart(values(rows))
        .mark_line(strokeWidth=1.6)
        .encode(
            x=alt.X("at:Q", axis=None, scale=alt.Scale(nice=False, zero=False)),
            y=alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, nice=False)),
            color=alt.Color(
                "line:N", scale=alt.Scale(domain=names, range=[palette.actual, palette.path]), legend=None
            ),
            strokeDash=alt.StrokeDash(
                "line:N", scale=alt.Scale(domain=names, range=[[1, 0], [3, 3]]), legend=None
            ),
        )
    )
    return (
        chart.properties(width=width, height=height, description=description)
        .configure(background="transparent", padding=2, autosize={"type": "none"})
        .configure_view(stroke=None)
    )


MOSTLY = 0.6
"""A bar of more than this share of the longest holds its own words."""


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a dimension: name (plain text), value, and share of the whole where that has meaning."""

    name: str
    value: float | None
    share: float | None = None


def breakdown_bars(
    parts: Sequence[Part],
    words: ChartWords,
    *,
    lang: str = "en",
    unit: str | None = None,
    currency: str | None = None,
    palette: Palette = LIGHT,
) -> Any:
    """A KPI by the values of a dimension, in the order given, each bar with its number."""
    rows: Rows = [
        {
            "name": part.name[:80],
            "order": order,
            "value": _number(part.value),
            "tip": max(_number(part.value) or 0.0, 0.0),
            "shown": format_value(part.value, unit, lang, currency=currency),
            "share": format_value(part.share, "percent", lang),
        }
        for order, part in enumerate(parts)
    ]
    largest = max((abs(part.value) for part in parts if part.value is not None), default=0.0)
    tips = [alt.Tooltip("name:N", title=words.period or " "), alt.Tooltip("shown:N", title=words.value)]
    if any(part.share is not None for part in parts):
        tips.append(alt.Tooltip("share:N", title=words.share or " "))
    order = list(dict.fromkeys(row["name"] for row in rows))
    y = alt.Y("name:N", sort=order, title=None, scale=alt.Scale(padding=0)).axis(
        labelLimit=180, domain=False, ticks=False, labelColor=palette.text
    )
    base = alt.Chart(values(rows)).encode(y=y)
    x = alt.X("value:Q", title=words.y, scale=alt.Scale(zero=True, nice=True)).axis(
        format=value_format(unit, largest), tickCount=4, tickMinStep=whole_steps(unit),
        gridColor=palette.grid, domain=False, labelColor=palette.muted, titleColor=palette.muted,
    )  # fmt: skip
    tip = x.copy()
    tip["shorthand"] = "tip:Q"
    bars = base.mark_bar(color=palette.actual, opacity=0.8, height={"band": 0.6}).encode(x=x)
    # The whole line of a bar is pointed at: that of a small part is hard to hit.
    lines = base.mark_bar(opacity=0, height={"band": 1}).encode(
        x=alt.value(0), x2=alt.value("width"), tooltip=tips
    )
    # Beside its bar, or inside a long one: the words of the longest would run out of the picture.
    beside = base.mark_text(align="left", dx=4, color=palette.text, fontSize=11)
    inside = base.mark_text(align="right", dx=-6, color=palette.ground, fontSize=11, fontWeight="bold")
    texts = [
        mark.encode(x=tip, text="shown:N").transform_filter(f"{sign}(datum.tip > {largest * MOSTLY!r})")
        for mark, sign in ((beside, "!"), (inside, ""))
    ]
    return framed(
        alt.layer(bars, *texts, lines),
        title=words.title,
        subtitle=words.subtitle,
        description=words.description,
        lang=lang,
        palette=palette,
        height=30 * len(rows) + 110,
    )


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
