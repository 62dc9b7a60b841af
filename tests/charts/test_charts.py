"""Charts as specifications: what is drawn, in whose words and formats, and with which gaps."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.charts import (
    DARK,
    LIGHT,
    Bar,
    ChartWords,
    PaceData,
    PaceWords,
    Part,
    breakdown_bars,
    grid_chart,
    history_chart,
    pace_chart,
    palette_for,
    point_of,
    sparkline,
    spec,
    vega_locale,
)
from kpi_tree.charts.places import LINE, NARROW, Box, label_places
from kpi_tree.periods import Period, parse_period, spine

MONTH = parse_period("2026-11")
WORDS = PaceWords(
    title="Sales are behind",
    y="Sales so far (NOK)",
    actual="Actual",
    path="Path",
    target="Target",
    forecast="Forecast",
    baseline="October",
    interval="80% interval",
    today="Data to 10 Nov",
    gap_now="50 behind",
    gap_end="20 short",
    description="Sales against the path to the target in November",
)
DATA = PaceData(
    MONTH,
    actual=[10.0 * n for n in range(1, 11)],
    path=[15.0 * n for n in range(1, 31)],
    target=450.0,
    baseline=400.0,
    forecast=[100 + 16.0 * n for n in range(1, 21)],
    low=[100 + 14.0 * n for n in range(1, 21)],
    high=[100 + 18.0 * n for n in range(1, 21)],
    through=date(2026, 11, 10),
    good_now=False,
    good_end=False,
)
CHART_WORDS = ChartWords("Orders by month", "Orders", "Orders", "Target")


def texts(tree: Any) -> Iterator[Any]:
    if isinstance(tree, dict):
        for value in tree.values():
            yield from texts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from texts(value)
    else:
        yield tree


def marks(made: dict[str, Any]) -> list[str]:
    found = []
    for layer in made.get("layer", [made]):
        found += marks(layer) if "layer" in layer else [layer["mark"]["type"]]
    return found


def rows_with(made: dict[str, Any], *keys: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def look(tree: Any) -> None:
        if isinstance(tree, dict):
            if all(key in tree for key in keys):
                found.append(tree)
            for value in tree.values():
                look(value)
        elif isinstance(tree, list):
            for value in tree:
                look(value)

    look(made)
    return found


def test_the_pace_chart_has_lines_band_rules_and_names_both_gaps() -> None:
    made = spec(pace_chart(DATA, WORDS, unit="money", currency="NOK"))
    assert {"line", "area", "rule", "text", "point"} <= set(marks(made))
    said = set(map(str, texts(made)))
    assert {
        "50 behind",
        "20 short",
        "Data to 10 Nov",
        "Sales so far (NOK)",
        "Actual",
        "Path",
        "Forecast",
    } <= said
    assert "Target NOK\N{NO-BREAK SPACE}450" in said
    assert made["description"] == WORDS.description
    assert made["config"]["background"] == "transparent"


def test_the_lines_carry_the_numbers_given() -> None:
    lines = rows_with(spec(pace_chart(DATA, WORDS)), "line", "value")
    actual = [row["value"] for row in lines if row["line"] == "Actual"]
    assert actual == [*DATA.actual, *[None] * 20]
    assert [row["value"] for row in lines if row["line"] == "Path"] == list(DATA.path)
    forecast = [(row["day"], row["value"]) for row in lines if row["line"] == "Forecast"]
    assert forecast[0] == ("2026-11-10", 100.0)  # it goes on from the last value seen
    assert forecast[-1] == ("2026-11-30", 420.0)


def test_without_forecast_or_data_it_is_still_a_chart() -> None:
    empty = PaceData(MONTH, [], [15.0 * n for n in range(1, 31)], 450.0)
    made = spec(pace_chart(empty, WORDS))
    assert "area" not in marks(made)
    assert "50 behind" not in set(map(str, texts(made)))


def test_no_number_is_nan_in_json() -> None:
    holes = PaceData(MONTH, [1.0, float("nan"), 3.0], [float("nan")] * 30, 450.0)
    json.dumps(spec(pace_chart(holes, WORDS)), allow_nan=False)
    bars = [Bar(MONTH, float("nan")), Bar(MONTH.next(), 2.0)]
    json.dumps(spec(history_chart(bars, CHART_WORDS)), allow_nan=False)
    json.dumps(spec(sparkline([1.0, float("nan"), None])), allow_nan=False)
    json.dumps(spec(breakdown_bars([Part("a", None)], CHART_WORDS)), allow_nan=False)


@pytest.mark.parametrize("flow", [True, False])
def test_history_keeps_gaps_and_marks_the_unfinished(flow: bool) -> None:
    periods = spine(date(2026, 1, 1), date(2026, 5, 1), "month")
    bars = [
        Bar(p, v, "not over yet" if n == 3 else "", 5.0)
        for n, (p, v) in enumerate(zip(periods, [1.0, None, 3.0, 0.5], strict=True))
    ]
    made = spec(history_chart(bars, CHART_WORDS, flow=flow))
    rows = rows_with(made, "shown", "open", "value")
    assert [row["value"] for row in rows[:4]] == [1.0, None, 3.0, 0.5]
    assert [row["open"] for row in rows[:4]] == [False, False, False, True]
    assert rows[3]["name"] == "April 2026 (not over yet)"
    assert rows[1]["shown"] == "–"
    assert ("rect" in marks(made)) is flow
    assert ("line" in marks(made)) is not flow


def test_a_history_without_periods_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="period"):
        history_chart([], CHART_WORDS)


@pytest.mark.parametrize(
    ("lang", "decimal", "month", "shown"),
    [("en", ".", "May", "NOK\N{NO-BREAK SPACE}1,500"),
     ("nb", ",", "mai", "1\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}kr"),
     ("ja", ".", "5月", "NOK\N{NO-BREAK SPACE}1,500")],
)  # fmt: skip
def test_numbers_and_dates_are_the_readers(lang: str, decimal: str, month: str, shown: str) -> None:
    made = spec(history_chart([Bar(MONTH, 1500.0)], CHART_WORDS, lang=lang, unit="money", currency="NOK"))
    locale = made["config"]["locale"]
    assert locale == vega_locale(lang)
    assert locale["number"]["decimal"] == decimal
    assert locale["time"]["shortMonths"][4] == month
    assert len(locale["time"]["days"]) == len(locale["time"]["shortDays"]) == 7
    assert shown in set(map(str, texts(made)))


def test_days_are_drawn_without_a_clock() -> None:
    made = spec(pace_chart(DATA, WORDS))
    scales = [x["scale"] for layer in made["layer"] if (x := layer.get("encoding", {}).get("x"))]
    assert scales
    assert all(scale["type"] == "utc" for scale in scales)


def test_field_names_are_ours_and_texts_stay_texts() -> None:
    nasty = ["<script>alert(1)</script>", "a.b[0]", "__proto__", "line:N", "datum['x']", "x" * 10_000]
    made = spec(breakdown_bars([Part(name, 1.0, 0.1) for name in nasty], CHART_WORDS))
    names = [row["name"] for row in rows_with(made, "name", "shown")]
    assert names == [name[:80] for name in nasty]
    fields = {x["field"] for x in rows_with(made, "field", "type")}
    assert fields <= {"name", "value", "shown", "share", "order", "tip"}


def test_a_breakdown_keeps_the_order_given() -> None:
    made = spec(breakdown_bars([Part("b", 1.0), Part("a", 3.0), Part("(not set)", None)], CHART_WORDS))
    assert [row["name"] for row in rows_with(made, "name", "shown")] == ["b", "a", "(not set)"]


def test_palettes_can_be_read_on_their_background() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(one: str, other: str) -> float:
        bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
        return (bright + 0.05) / (dark + 0.05)

    for palette, ground in ((LIGHT, "#ffffff"), (DARK, "#12161d")):
        for colour in (palette.text, palette.muted, palette.target, palette.good, palette.bad):
            assert contrast(colour, ground) >= 4.5
        for colour in (palette.actual, palette.path, palette.last_year, *palette.series):
            assert contrast(colour, ground) >= 3
    assert palette_for(True) is DARK


@settings(max_examples=5)
@given(st.integers(1, 400), st.integers(0, 400), st.floats(-1e6, 1e9))
def test_any_period_is_drawn_by_the_rules_of_vega_lite(days: int, known: int, target: float) -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=days))
    path = np.linspace(0, target, days).tolist()
    made = pace_chart(PaceData(period, path[: min(known, days)], path, target), WORDS, unit="money")
    assert made.to_dict(validate=True)["layer"]


def test_every_chart_keeps_the_rules_of_vega_lite() -> None:
    charts = [
        pace_chart(DATA, WORDS, lang="ja", palette=DARK),
        history_chart([Bar(MONTH, 1.0, "not over yet", 2.0)], CHART_WORDS),
        history_chart([Bar(MONTH, 1.0, "not over yet", 2.0)], CHART_WORDS, flow=False),
        sparkline([1.0, None, 2.0], [1.0, 1.5, 2.0]),
        breakdown_bars([Part("a", 1.0, 0.5)], CHART_WORDS),
    ]
    for chart in charts:
        assert chart.to_dict(validate=True)["$schema"]


def test_drawing_is_quick() -> None:
    began = time.process_time()
    for _ in range(3):
        spec(pace_chart(DATA, WORDS))
    # A bound for a busy machine; alone it is a tenth of a second, and the page keeps the specification.
    assert (time.process_time() - began) / 3 < 1


@given(
    st.lists(st.tuples(st.floats(20, 280), st.integers(40, 140)), min_size=1, max_size=4),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 300)), max_size=40),
)
def test_words_of_level_lines_never_cover_each_other(
    lines: list[tuple[float, int]], points: list[tuple[float, float]]
) -> None:
    boxes = [
        Box(place.at, place.at + width / NARROW, height + place.up, height + place.up + LINE)
        for place, (height, width) in zip(label_places(lines, points), lines, strict=True)
    ]
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))


def test_the_goals_label_goes_where_no_number_is() -> None:
    """Above its line on the left and below it on the right run the numbers: two places are left."""
    days = [0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0]
    high = [(day, 108.0 if day < 0.5 else 92.0) for day in days]
    place = label_places([(100.0, 90)], high)[0]
    box = Box(place.at, place.at + 90 / NARROW, 100 + place.up, 100 + place.up + LINE)
    assert not any(box.holds(*point) for point in high)


def test_a_baseline_close_to_the_target_is_named_apart_from_it() -> None:
    def places(baseline: float) -> list[tuple[str, float]]:
        made = spec(pace_chart(replace(DATA, baseline=baseline), WORDS))
        words = [layer["mark"] for layer in made["layer"] if layer["mark"].get("fontSize") == 11]
        return [(mark["align"], mark["dy"]) for mark in words if mark.get("dx") in (2, -2)]

    target, *_, baseline = places(200.0)
    assert target == baseline  # far apart: both in the usual place
    target, *_, baseline = places(445.0)
    assert target != baseline


def test_a_point_of_a_time_axis_is_a_day_again() -> None:
    assert point_of({"day": 1772323200000, "end": "2026-04-01", "order": 3}) == {
        "day": "2026-03-01", "end": "2026-04-01", "order": 3,
    }  # fmt: skip


@pytest.mark.parametrize(("unit", "step"), [("count", 1), ("money", None)])
def test_what_is_counted_has_no_halves_on_its_axis(unit: str, step: int | None) -> None:
    made = spec(history_chart([Bar(MONTH, 2.0)], CHART_WORDS, unit=unit))
    assert made["layer"][0]["encoding"]["y"]["axis"].get("tickMinStep") == step


def test_parts_stand_in_the_order_given_and_long_bars_hold_their_words() -> None:
    made = spec(breakdown_bars([Part("b", 10.0), Part("a", 9.0), Part("c", 1.0)], CHART_WORDS))
    assert made["layer"][0]["encoding"]["y"]["sort"] == ["b", "a", "c"]
    inside = [layer["transform"][0]["filter"] for layer in made["layer"] if layer["mark"]["type"] == "text"]
    assert inside == ["!(datum.tip > 6.0)", "(datum.tip > 6.0)"]


def test_few_columns_of_a_grid_show_their_numbers() -> None:
    few = [("mobile", str(column), 0.5) for column in range(5)]
    many = [("mobile", str(column), 0.5) for column in range(12)]
    assert "text" in marks(spec(grid_chart(few, CHART_WORDS, unit="percent")))
    assert marks(spec(grid_chart(many, CHART_WORDS, unit="percent"))) == ["rect"]
