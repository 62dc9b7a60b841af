"""Actions along time: when each is done, when it works, what waits for what, and where today is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt

from kpi_tree.charts.frame import framed, values, x_axis
from kpi_tree.charts.history import ChartWords
from kpi_tree.charts.palette import LIGHT, Palette

ROW = 48
LONGEST = 340
"""Pixels of a name: as much as a phone has."""

STATES = ("planned", "doing", "done", "dropped")


@dataclass(frozen=True, slots=True)
class Span:
    """One action: the days of work, the days of its effect, and the ids of what it waits for.

    Attributes:
        name, state_words, hint: in words. state: one of :data:`STATES`.
        start, last: days of work, both within; works, works_last: days of the effect, None without a window.
    """

    id: str
    name: str
    state: str
    state_words: str
    start: date
    last: date
    works: date | None = None
    works_last: date | None = None
    due: date | None = None
    late: bool = False
    hint: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GanttWords:
    """The texts of the chart: what its marks are called."""

    work: str
    effect: str
    due: str
    today: str
    waits: str


def gantt_chart(
    spans: Sequence[Span],
    today: date,
    words: ChartWords,
    marks: GanttWords,
    *,
    lang: str = "en",
    palette: Palette = LIGHT,
) -> Any:
    """A row for each action, its name above: a bar of work, a thin one of effect, a diamond when due.

    A line leads from the end of what an action waits for to its start; a rule stands on today.
    """
    rows = [_row(n, one) for n, one in enumerate(spans)]
    days = [row[name] for row in rows for name in ("day", "end", "works", "works_end") if row[name]]
    first, last = min(min(days), today.isoformat()), max(max(days), today.isoformat())
    x = x_axis(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1), lang, None, palette)
    y = _place(rows)
    layers = [*_bars(rows, x, y, palette), *_waits(rows, spans, y, x, palette)]
    layers += [*_due(rows, x, y, palette), *_today(today, x, marks, palette), _names(rows, y, palette)]
    return framed(
        alt.layer(*layers), title=words.title, subtitle=words.subtitle, description=words.description,
        lang=lang, palette=palette, height=ROW * len(rows) + 40,
    )  # fmt: skip


def _hints() -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{name}:N", title=" ") for name in ("name", "state_words", "hint")]


def _bars(rows: Sequence[dict[str, Any]], x: alt.X, y: alt.Y, palette: Palette) -> list[Any]:
    """The days of work, and thin below them those of the effect."""
    tones = [palette.forecast, palette.actual, palette.good, palette.baseline]
    shade = alt.Color("state:N", scale=alt.Scale(domain=list(STATES), range=tones), legend=None)
    base = alt.Chart(values(list(rows))).encode(y=y, color=shade, tooltip=_hints())
    work = base.mark_bar(height=13, yOffset=5, cornerRadius=3).encode(x=x, x2="end:T")
    effect = (
        base.transform_filter("isValid(datum.works)")
        .mark_bar(height=4, yOffset=15, opacity=0.55, cornerRadius=2)
        .encode(x=alt.X("works:T", scale=x["scale"]), x2="works_end:T")
    )
    return [work, effect]


def _due(rows: Sequence[dict[str, Any]], x: alt.X, y: alt.Y, palette: Palette) -> list[Any]:
    """A diamond on each due day, of the colour of trouble where it has passed."""
    return [
        alt.Chart(values(list(rows)))
        .transform_filter("isValid(datum.due)")
        .mark_point(shape="diamond", yOffset=5, filled=True, size=95, opacity=1, strokeWidth=1)
        .encode(
            x=alt.X("due:T", scale=x["scale"]),
            y=y,
            color=alt.condition("datum.late", alt.value(palette.bad), alt.value(palette.text)),
            tooltip=_hints(),
        )
    ]


def _names(rows: Sequence[dict[str, Any]], y: alt.Y, palette: Palette) -> Any:
    return (
        alt.Chart(values(list(rows)))
        .mark_text(align="left", dy=-15, limit=LONGEST, fontSize=12, color=palette.text)
        .encode(x=alt.value(0), y=y, text="name:N", tooltip=_hints())
    )


def _row(place: int, one: Span) -> dict[str, Any]:
    def day(value: date | None, more: int = 0) -> str | None:
        return (value + timedelta(days=more)).isoformat() if value else None

    return {
        "row": str(place), "name": one.name, "state": one.state, "state_words": one.state_words,
        "hint": one.hint, "day": day(one.start), "end": day(one.last, 1), "works": day(one.works),
        "works_end": day(one.works_last, 1), "due": day(one.due), "late": one.late,
    }  # fmt: skip


def _place(rows: Sequence[dict[str, Any]]) -> alt.Y:
    """A row for each action; its name stands in it, above the bar, so that a phone has room for the days."""
    axis = alt.Axis(labels=False, domain=False, ticks=False, grid=False)
    return alt.Y("row:N", sort=[row["row"] for row in rows], title=None, axis=axis)


def _waits(
    rows: Sequence[dict[str, Any]], spans: Sequence[Span], y: alt.Y, x: alt.X, palette: Palette
) -> list[Any]:
    """A line for each dependency, from the end of the one to the start of the other."""
    place = {one.id: n for n, one in enumerate(spans)}
    lines = [
        {"line": f"{one.id} {other}", "step": step, "row": rows[n]["row"], "day": rows[n][at]}
        for one in spans
        for other in one.needs
        if other in place
        for step, (n, at) in enumerate(((place[other], "end"), (place[one.id], "day")))
    ]
    if not lines:
        return []
    return [
        alt.Chart(values(lines))
        .mark_line(strokeDash=[3, 3], strokeWidth=1.5, color=palette.muted, point=alt.OverlayMarkDef(size=18))
        .encode(x=alt.X("day:T", scale=x["scale"]), y=y, detail="line:N", order="step:Q")
    ]


def _today(today: date, x: alt.X, marks: GanttWords, palette: Palette) -> list[Any]:
    base = alt.Chart(values([{"day": today.isoformat(), "says": marks.today}])).encode(
        x=alt.X("day:T", scale=x["scale"])
    )
    return [
        base.mark_rule(color=palette.bad, strokeWidth=1.5),
        base.mark_text(align="left", dx=4, dy=-2, baseline="bottom", color=palette.bad, fontSize=11).encode(
            y=alt.value(0), text="says:N"
        ),
    ]
