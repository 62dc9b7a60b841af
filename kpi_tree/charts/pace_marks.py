"""What happened or will: events, actions, remarks and batches as signs in lanes above a chart.

The lanes lie outside the lines, so that no sign hides a number; a person's own value stands where it lies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt

from kpi_tree.charts.frame import Rows, values
from kpi_tree.charts.grid import text_width
from kpi_tree.charts.pace_data import Mark
from kpi_tree.charts.palette import Palette
from kpi_tree.i18n import format_date

LANE, CLEAR = 16, 6
"""Height of a lane in pixels; between the lowest one and the chart."""
LANES = (("event",), ("start", "due"), ("check_in", "comment", "decision"), ("batch",))
"""Which kinds of marks share a lane, from the lowest up."""
SHAPES = {
    "event": "square",
    "start": "triangle-right",
    "due": "triangle-left",
    "check_in": "diamond",
    "comment": "circle",
    "decision": "cross",
    "batch": "stroke",
}
NEAR = 0.5
"""How far beyond the numbers a person's value may lie, as a share of their range, and still be drawn."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The marks that fall into a chart's days, each kind in its lane from the bottom up."""

    lanes: tuple[tuple[str, tuple[Mark, ...]], ...]

    @property
    def height(self) -> int:
        """Pixels that the lanes take above the chart."""
        return LANE * len(self.lanes) + CLEAR if self.lanes else 0

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All of them."""
        return tuple(mark for _, marks in self.lanes for mark in marks)


def shown_marks(marks: Iterable[Mark], first: date, last: date) -> Shown:
    """The marks between two days, in lanes; a lane without any takes no room.

    >>> sale = Mark("event", date(2026, 11, 27), date(2026, 11, 30), "Sale")
    >>> [name for name, _ in shown_marks([sale], date(2026, 11, 1), date(2026, 11, 30)).lanes]
    ['event']
    """
    inside = [one for one in marks if one.first <= last and one.last >= first]
    lanes = []
    for kinds in LANES:
        of_lane = tuple(one for one in inside if one.kind in kinds)
        if of_lane:
            lanes.append((kinds[0], of_lane))
    return Shown(tuple(lanes))


def room(shown: Shown, names: Sequence[tuple[str, str]]) -> int:
    """Pixels left of the chart that the lanes' names take."""
    known = dict(names)
    return max((text_width(known.get(kind, "")) for kind, _ in shown.lanes), default=0)


def mark_layers(
    shown: Shown,
    names: Sequence[tuple[str, str]],
    first: date,
    last: date,
    x: alt.X,
    y: alt.Y,
    lang: str,
    palette: Palette,
    fits: Collection[float] = (),
) -> list[Any]:
    """The lanes' signs with their names, pale bands for events, and people's own values.

    Args:
        names: (first kind of a lane, its name). first, last: the days along the axis.
        fits: people's values that lie within the axis.
    """
    known = dict(names)
    layers: list[Any] = []
    for place, (lane, marks) in enumerate(shown.lanes):
        height = alt.value(-CLEAR - LANE * place - LANE / 2)
        rows = [_row(one, first, last, lang) for one in marks]
        base = alt.Chart(values(rows))
        tips = [alt.Tooltip("when:N", title=" "), alt.Tooltip("name:N", title=known.get(lane) or " ")]
        if any(row["words"] for row in rows):
            tips.append(alt.Tooltip("words:N", title=" "))
        if lane == "event":
            layers += _bands(base, x, height, tips, palette)
        else:
            layers.append(_signs(base, x, height, tips, palette, quiet=lane == "batch"))
        if known.get(lane):
            title = alt.Chart(values([{"label": known[lane]}])).mark_text(
                align="right", baseline="middle", dx=-6, color=palette.muted, fontSize=10
            )
            layers.append(title.encode(x=alt.value(0), y=height, text="label:N"))
    said = [_row(one, first, last, lang) | {"value": one.value} for one in shown.marks if one.value in fits]
    if said:
        layers.append(_said(said, x, y, palette))
    return layers


def near_enough(marks: Iterable[Mark], low: float, high: float) -> list[float]:
    """The people's values that do not lie so far off that they would press the lines flat.

    >>> day = date(2026, 1, 1)
    >>> near_enough([Mark("check_in", day, day, "a", value=v) for v in (12.0, 900.0)], 0.0, 10.0)
    [12.0]
    """
    slack = (high - low) * NEAR
    return [one.value for one in marks if one.value is not None and low - slack <= one.value <= high + slack]


def _row(mark: Mark, first: date, last: date, lang: str) -> dict[str, Any]:
    when = format_date(mark.first, lang)
    if mark.last != mark.first:
        when = f"{when} – {format_date(mark.last, lang)}"
    begin, end = max(mark.first, first), min(mark.last, last)
    return {
        "day": (mark.last if mark.kind == "due" else begin).isoformat(),
        "left": _half(begin, first, -1),
        "right": _half(end, last, 1),
        "when": when,
        "name": mark.name,
        "words": mark.words,
        "mark": mark.kind,
    }


def _half(day: date, end: date, way: int) -> str:
    """Half a day before or after, but not beyond the chart's end."""
    return (
        f"{day.isoformat()}T00:00:00Z"
        if day == end
        else (f"{(day - timedelta(days=1) if way < 0 else day).isoformat()}T12:00:00Z")
    )


def _bands(base: alt.Chart, x: alt.X, height: Any, tips: list[Any], palette: Palette) -> list[Any]:
    left = x.copy()
    left["shorthand"] = "left:T"
    band = base.mark_rect(color=palette.muted, opacity=0.09).encode(x=left, x2="right:T")
    sign = base.mark_rule(color=palette.muted, strokeWidth=7, strokeCap="round", opacity=0.75)
    return [band, sign.encode(x=left, x2="right:T", y=height, tooltip=tips)]


def _signs(base: alt.Chart, x: alt.X, height: Any, tips: list[Any], palette: Palette, *, quiet: bool) -> Any:
    shapes = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    mark = base.mark_point(
        filled=not quiet,
        size=70,
        color=palette.muted if quiet else palette.text,
        opacity=0.55 if quiet else 0.9,
        angle=90 if quiet else 0,
        strokeWidth=2 if quiet else 0,
    )
    return mark.encode(x=x, y=height, shape=alt.Shape("mark:N", scale=shapes, legend=None), tooltip=tips)


def _said(rows: Rows, x: alt.X, y: alt.Y, palette: Palette) -> Any:
    """A person's own value: a hollow diamond where it lies."""
    tips = [alt.Tooltip("when:N", title=" "), alt.Tooltip("name:N", title=" ")]
    tips.append(alt.Tooltip("words:N", title=" "))
    return (
        alt.Chart(values(rows))
        .mark_point(shape="diamond", size=110, strokeWidth=2, color=palette.text, opacity=1, filled=False)
        .encode(x=x, y=y, tooltip=tips)
    )
