# ruff: noqa: E501 (an encoding reads better in one line)
"""A value for each row and column, as colour: cohorts, weekday by hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from kpi_tree.charts.frame import framed, values
from kpi_tree.charts.history import ChartWords
from kpi_tree.charts.palette import LIGHT, Palette
from kpi_tree.i18n import format_value

FULL_WIDTH = 0x2E7F
FEW = 6
SPARE = 14
"""Pixels more than a name seems to take: the reader's own fonts may be wider."""
MOST_ROOM = 140
"""Pixels for the names of the rows."""


def text_width(text: str) -> int:
    """About how many pixels a name takes at the size of axis words; full-width letters take two places.

    >>> text_width("Monday"), text_width("月曜日")
    (39, 36)
    """
    return round(sum(12 if ord(letter) > FULL_WIDTH else 6.5 for letter in text))


def grid_chart(
    rows: Sequence[tuple[str, str, float | None]],
    words: ChartWords,
    *,
    lang: str = "en",
    unit: str | None = None,
    currency: str | None = None,
    palette: Palette = LIGHT,
) -> Any:
    """One cell for each (row, column, value), in the order given; the stronger the colour the more.

    ``words.period`` heads the row, ``words.x`` the column, ``words.value`` the value in hints. Gaps stay empty.
    Each cell carries its place among the rows as ``at``, for a click.
    """
    cells = [
        {"row": row[:60], "column": column[:40], "value": value, "at": at, "shown": format_value(value, unit, lang, currency=currency)}
        for at, (row, column, value) in enumerate(rows)
        if value is not None and math.isfinite(value)
    ]  # fmt: skip
    down, across = list(dict.fromkeys(row for row, _, _ in rows)), list(dict.fromkeys(c for _, c, _ in rows))
    axis: dict[str, Any] = {
        "labelColor": palette.muted,
        "titleColor": palette.muted,
        "domain": False,
        "ticks": False,
    }
    room = min(MOST_ROOM, SPARE + max((text_width(row[:60]) for row in down), default=0))
    base = alt.Chart(values(cells)).encode(
        x=alt.X(
            "column:N",
            sort=across,
            title=words.x or None,
            axis=alt.Axis(labelAngle=0, labelOverlap=True, **axis),
        ),
        y=alt.Y("row:N", sort=down, title=None, axis=alt.Axis(labelLimit=MOST_ROOM, minExtent=room, **axis)),
    )
    chart: Any = (
        base.mark_rect(cornerRadius=2)
        .encode(
            color=alt.Color("value:Q", legend=None, scale=alt.Scale(range=[palette.grid, palette.actual], zero=True)),
            tooltip=[
                alt.Tooltip("row:N", title=words.period or " "),
                alt.Tooltip("column:N", title=words.x or " "),
                alt.Tooltip("shown:N", title=words.value),
            ],
        )
    )  # fmt: skip
    if 0 < len(across) <= FEW:  # few enough for the numbers to stand in their cells, on a telephone too
        half = (
            max((value for _, _, value in rows if value is not None and math.isfinite(value)), default=0.0)
            / 2
        )
        words_on = alt.condition(
            f"datum.value > {half!r}", alt.value(palette.ground), alt.value(palette.text)
        )
        chart = alt.layer(chart, base.mark_text(fontSize=11).encode(text="shown:N", color=words_on))
    return framed(
        chart, title=words.title, subtitle=words.subtitle, description=words.description, lang=lang,
        palette=palette, height=26 * len(down) + 80,
    )  # fmt: skip
