"""What all charts share: the reader's number and date formats, axes, title, alt text."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

import altair as alt
import pandas as pd
from babel import Locale
from babel.dates import get_day_names, get_month_names

from kpi_tree.charts.palette import Palette
from kpi_tree.i18n.formats import MINUS, locale_of

Rows = list[dict[str, Any]]

FONT_SIZE = 12
TITLE_WIDE, SUBTITLE_WIDE = 46, 48
"""Letters that a line of a heading holds at 390 pixels."""
NEVER_FIRST = "、。，．）」』％・ー"
"""Full-width letters that no line begins with."""

# Ten years of days are more than the 5,000 rows Altair allows unasked, and are still a small chart.
alt.data_transformers.disable_max_rows()


@cache
def vega_locale(lang: str) -> dict[str, Any]:
    """Vega's number and time locale for one of our languages, from Babel.

    >>> vega_locale("nb")["number"]["decimal"], vega_locale("nb")["time"]["shortMonths"][4]
    (',', 'mai')
    >>> vega_locale("ja")["time"]["days"][0]
    '日曜日'
    """
    locale = Locale.parse(locale_of(lang))
    symbols = locale.number_symbols["latn"]
    days = get_day_names("wide", locale=locale)
    short_days = get_day_names("abbreviated", locale=locale)
    months = get_month_names("wide", locale=locale)
    short_months = get_month_names("abbreviated", locale=locale)
    from_sunday = [6, 0, 1, 2, 3, 4, 5]
    return {
        "number": {
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": ["", ""],
            "percent": "\N{NO-BREAK SPACE}%" if lang == "nb" else "%",
            "minus": MINUS,
        },
        "time": {
            "dateTime": "%x %X",
            "date": {"nb": "%d.%m.%Y", "ja": "%Y/%m/%d"}.get(lang, "%d/%m/%Y"),
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [days[day] for day in from_sunday],
            "shortDays": [short_days[day] for day in from_sunday],
            "months": [months[month] for month in range(1, 13)],
            "shortMonths": [short_months[month].rstrip(".") for month in range(1, 13)],
        },
    }


def date_format(first: date, last: date, lang: str) -> str:
    """How the days along an axis are written: with the year where there is more than one in sight.

    >>> date_format(date(2026, 1, 1), date(2026, 3, 31), "nb")
    '%-d. %b'
    """
    days = (last - first).days
    if days > 200:
        return {"ja": "%Y年%-m月"}.get(lang, "%b %Y")
    if first.year != last.year:
        return {"nb": "%-d. %b %y", "ja": "%Y/%-m/%-d"}.get(lang, "%-d %b %y")
    return {"nb": "%-d. %b", "ja": "%-m月%-d日"}.get(lang, "%-d %b")


def value_format(unit: str | None, largest: float) -> str:
    """A d3 number format for an axis in this unit; separators come from the locale.

    >>> value_format("percent", 0.03), value_format("money", 120_000), value_format("ratio", 2.5)
    ('.1%', ',.0f', ',.2~f')
    """
    size = abs(largest)
    if unit == "percent":
        return ".2%" if size < 0.01 else ".1%" if size < 0.2 else ".0%"
    if size >= 1e7:
        return "~s"
    return ",.0f" if unit == "count" or size >= 100 else ",.2~f"


def whole_steps(unit: str | None) -> Any:
    """The least step of an axis: things that are counted have no halves, which would read 0, 1, 1, 2."""
    return 1 if unit == "count" else alt.Undefined


def x_axis(first: date, last: date, lang: str, title: str | None, palette: Palette) -> alt.X:
    """A time axis in days, with no clock: days are days wherever the reader is."""
    return alt.X(
        "day:T",
        title=title,
        scale=alt.Scale(type="utc", nice=False, domain=[first.isoformat(), last.isoformat()]),
        axis=alt.Axis(
            format=date_format(first, last, lang),
            grid=False,
            labelOverlap="greedy",
            labelFlush=True,
            labelSeparation=8,
            tickCount=6,
            labelColor=palette.muted,
            titleColor=palette.muted,
            domainColor=palette.grid,
            tickColor=palette.grid,
        ),
    )


def y_axis(
    field: str, unit: str | None, largest: float, title: str, palette: Palette, *, zero: bool
) -> alt.Y:
    """A value axis with its unit in the title."""
    return alt.Y(
        f"{field}:Q",
        title=title,
        scale=alt.Scale(zero=zero, nice=True),
        axis=alt.Axis(
            format=value_format(unit, largest),
            tickCount=5,
            tickMinStep=whole_steps(unit),
            labelColor=palette.muted,
            titleColor=palette.muted,
            gridColor=palette.grid,
            domain=False,
            ticks=False,
        ),
    )


def framed(
    chart: Any,
    *,
    title: str | list[str],
    subtitle: str | list[str],
    description: str,
    lang: str,
    palette: Palette,
    height: int,
    above: int = 0,
) -> Any:
    """A chart with title, alt text, size, no background, and the reader's formats.

    A title that is longer than a phone is wide goes on in the next line; ``above`` are pixels between the
    legend and the chart that something of the chart's own takes.
    """
    # Without a title none is asked for: an empty one would still take its room.
    heading: dict[str, Any] = {}
    if title:
        heading["title"] = alt.TitleParams(
            wrapped(title, TITLE_WIDE),
            subtitle=wrapped(subtitle, SUBTITLE_WIDE) if subtitle else alt.Undefined,
            anchor="start",
            frame="bounds",
            color=palette.text,
            subtitleColor=palette.muted,
            fontSize=14,
            subtitleFontSize=FONT_SIZE,
            offset=10,
        )
    # One config in one go: every further call would copy the whole chart.
    return chart.properties(
        width="container",
        height=height,
        description=description or (title if isinstance(title, str) else " ".join(title)),
        config=alt.Config(
            background="transparent",
            locale=vega_locale(lang),
            view=alt.ViewConfig(stroke=None),
            legend=alt.LegendConfig(
                labelColor=palette.muted,
                orient="top",
                title=None,
                labelLimit=260,
                symbolSize=400,
                offset=12 + above,
                # On a phone the names go on in a second line.
                columns=alt.ExprRef("width < 420 ? 2 : 0"),
            ),
            axis=alt.AxisConfig(labelFontSize=11, titleFontSize=11, titleFontWeight="normal"),
        ),
        **heading,
    )


def wrapped(text: str | list[str], wide: int) -> str | list[str]:
    """A heading in lines that a phone can show; one that fits is left as it is.

    Args:
        wide: letters of a line; full-width ones take two places.

    >>> wrapped("Sales: NOK 12K below the path", 60)
    'Sales: NOK 12K below the path'
    >>> wrapped("Sales: NOK 12K below the path", 16)
    ['Sales: NOK 12K', 'below the path']
    >>> wrapped("売上高は目標の道より下", 12)
    ['売上高は目標', 'の道より下']
    """
    lines = [text] if isinstance(text, str) else text
    made = [part for line in lines for part in _balanced(line, wide)]
    return made[0] if len(made) == 1 else made


def _balanced(text: str, wide: int) -> list[str]:
    """One text in as few lines as it takes, all about as long: no word is left alone in the last."""
    made = _lines(text, wide)
    for narrower in range(wide - 1, wide // 2, -1):
        tried = _lines(text, narrower)
        if len(made) == 1 or len(tried) > len(made):
            break
        made = tried
    return made


def _lines(text: str, wide: int) -> list[str]:
    """One text in lines; broken between words, within them only where a word is longer than a line."""
    pieces, made, room = re.findall(r"[\u2e80-\uffef]|[^ \t\n\u2e80-\uffef]+|[ \t\n]+", text), [""], wide
    for piece in pieces:
        size = sum(2 if "\u2e80" <= letter <= "\uffef" else 1 for letter in piece)
        if size > room and made[-1].strip() and piece not in NEVER_FIRST:
            made.append("")
            room = wide
        made[-1] += piece
        room -= size
    return [line.strip(" \t\n") for line in made]


def values(rows: Rows) -> Any:
    """The rows of a layer; None stays a gap.

    A frame, because Altair copies and checks rows of dicts one by one at every wrapping: a chart of a
    year would take a second.
    """
    return pd.DataFrame(rows)


def spec(chart: Any) -> dict[str, Any]:
    """The chart as a Vega-Lite specification, to be kept by revision and drawn without Altair.

    Not checked against the schema here: that takes as long as all the rest, and the tests do it.
    """
    made: dict[str, Any] = chart.to_dict(validate=False)
    return made
