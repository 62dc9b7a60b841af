"""Progress charts as specifications: steps, burn-up, small charts and bullets, and what is laid upon them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from kpi_tree.charts import (
    DARK,
    Bullet,
    ChartWords,
    Mark,
    PaceData,
    PaceWords,
    Step,
    bullet_chart,
    burnup_chart,
    pace_chart,
    small_chart,
    spec,
    steps_chart,
)
from kpi_tree.charts.frame import wrapped
from kpi_tree.periods import Period, parse_period, spine

MONTH = parse_period("2026-11")
WORDS = PaceWords(
    title="Sales: 50 below the path",
    y="Sales",
    actual="Actual",
    path="Path",
    target="Target",
    forecast="Forecast",
    baseline="Baseline",
    today="Data through 10 Nov",
    gap_now="−50",
    gap_end="−30",
    last_year="Last year",
    unfinished="not over yet",
    so_far="So far",
    scope="Target",
    needed="18 a day",
    description="Sales in words",
    lanes=(("event", "Events"), ("start", "Actions"), ("check_in", "Notes"), ("batch", "Files")),
)
DATA = PaceData(
    MONTH,
    actual=[10.0 * n for n in range(1, 11)],
    path=[15.0 * n for n in range(1, 31)],
    target=450.0,
    forecast=[100 + 16.0 * n for n in range(1, 21)],
    low=[100 + 14.0 * n for n in range(1, 21)],
    high=[100 + 18.0 * n for n in range(1, 21)],
    through=date(2026, 11, 10),
    good_now=False,
    good_end=False,
)
MARKS = (
    Mark("event", date(2026, 11, 27), date(2026, 12, 1), "Black Friday"),
    Mark("start", date(2026, 11, 4), date(2026, 11, 4), "Campaign", "begins"),
    Mark("due", date(2026, 12, 9), date(2026, 12, 9), "After the period"),
    Mark("check_in", date(2026, 11, 8), date(2026, 11, 8), "Kari", "slow week", value=90.0),
    Mark("check_in", date(2026, 11, 9), date(2026, 11, 9), "Ola", "typed too much", value=90_000.0),
    Mark("comment", date(2026, 11, 9), date(2026, 11, 9), "Ola", "<b>why?</b>"),
    Mark("batch", date(2026, 11, 9), date(2026, 11, 9), "2 files", "a.csv, b.csv"),
)


def rows(made: Any, *keys: str) -> list[dict[str, Any]]:
    """Every row of data with these columns."""

    def look(tree: Any) -> Iterator[dict[str, Any]]:
        if isinstance(tree, dict):
            if all(key in tree for key in keys):
                yield tree
            for value in tree.values():
                yield from look(value)
        elif isinstance(tree, list):
            for value in tree:
                yield from look(value)

    return list(look(made.get("datasets", made)))


def layers(made: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    return [layer for layer in made["layer"] if layer["mark"]["type"] == mark]


def steps_of(values: list[float | None]) -> list[Step]:
    weeks = [
        Period(max(one.start, MONTH.start), min(one.end, MONTH.end))
        for one in spine(MONTH.start, MONTH.end, "week")
    ]
    return [
        Step(
            week, value, 15.0 * week.days, 9.0 * week.days,
            forecast=16.0 * week.days if week.last > date(2026, 11, 10) else None,
            low=14.0 * week.days if week.last > date(2026, 11, 10) else None,
            high=18.0 * week.days if week.last > date(2026, 11, 10) else None,
            unfinished=week.contains(date(2026, 11, 10)),
        )
        for week, value in zip(weeks, values, strict=False)
    ]  # fmt: skip


STEPS = steps_of([10.0, 70.0, 20.0, None, None, None])


def test_what_happened_stands_in_lanes_above_and_hides_no_number() -> None:
    made = spec(pace_chart(replace(DATA, marks=MARKS), WORDS))
    signs = {row["name"]: row for row in rows(made, "mark", "when")}
    assert set(signs) == {"Black Friday", "Campaign", "Kari", "Ola", "2 files"}  # none from after the period
    assert signs["Black Friday"]["left"] == "2026-11-26T12:00:00Z"
    assert signs["Black Friday"]["right"] == "2026-11-30T00:00:00Z"  # it goes on, but the chart does not
    heights = {
        layer["encoding"]["y"]["value"]
        for layer in made["layer"]
        if isinstance(layer["encoding"].get("y", {}).get("value"), int | float)
        and layer["encoding"]["y"]["value"] < 0
    }
    assert len(heights) == 4
    assert made["config"]["legend"]["offset"] >= -min(heights)


def test_a_persons_value_stands_where_it_lies_and_presses_no_line_flat() -> None:
    made = spec(pace_chart(replace(DATA, marks=MARKS), WORDS))
    assert {(row["name"], row["value"]) for row in rows(made, "mark", "value")} == {("Kari", 90.0)}
    line = layers(made, "line")[0]
    assert line["encoding"]["y"]["scale"]["domain"][1] < 1000


def test_no_layer_is_drawn_without_data() -> None:
    bare = spec(pace_chart(DATA, WORDS))
    assert not any(word in json.dumps(bare) for word in ("Events", "Actions", "Notes", "Files", "Last year"))
    empty = spec(pace_chart(replace(DATA, last_year=[None] * 30), WORDS))
    assert "Last year" not in empty["layer"][2]["encoding"].get("color", {}).get("scale", {}).get(
        "domain", []
    )
    full = spec(pace_chart(replace(DATA, last_year=[9.0 * n for n in range(1, 31)]), WORDS))
    assert [row["value"] for row in rows(full, "line", "value") if row["line"] == "Last year"][-1] == 270.0


def test_milestones_and_where_it_should_be_by_now_are_points_on_the_path() -> None:
    stones = ((date(2026, 11, 10), 150.0), (date(2026, 12, 24), 999.0))
    made = spec(pace_chart(replace(DATA, milestones=stones), WORDS))
    square = [layer for layer in layers(made, "point") if layer["mark"].get("shape") == "square"]
    assert len(square) == 1
    assert "999" not in json.dumps(made["datasets"])  # beyond the period
    due = [row for row in rows(made, "name", "value") if row["name"] == WORDS.expected]
    assert [(row["day"], row["value"]) for row in due] == [("2026-11-10", 150.0)]


def test_steps_carry_the_numbers_given_and_the_unfinished_one_says_so() -> None:
    made = spec(steps_chart(STEPS, DATA, WORDS, unit="count"))
    drawn = dict(sorted((row["day"], row) for row in rows(made, "middle", "open")))
    assert [row["value"] for row in drawn.values()] == [step.value for step in STEPS]
    assert [row["expected"] for row in drawn.values()] == [step.expected for step in STEPS]
    assert [row["last_year"] for row in drawn.values()] == [step.last_year for step in STEPS]
    half = drawn["2026-11-09"]
    assert half["open"]
    assert half["name"].endswith("(not over yet)")
    assert (half["forecast"], half["low"], half["high"]) == (112.0, 98.0, 126.0)
    assert not drawn["2026-11-02"]["open"]
    assert [row["line"] for row in rows(made, "line")] == ["Actual", "Path", "Forecast", "Last year"]
    assert layers(made, "line")[0]["encoding"]["y"]["scale"]["domain"][0] == 0


def test_the_steps_of_a_level_name_both_gaps_and_where_the_period_stands() -> None:
    path = [0.02 + 0.0004 * n for n in range(30)]
    data = replace(DATA, actual=[0.021] * 10, path=path, target=0.032, forecast=[0.024] * 20, low=(), high=())
    weeks = [replace(step, value=value, expected=0.03, last_year=None, forecast=None, low=None, high=None)
             for step, value in zip(STEPS, [0.02, 0.022, 0.019, None, None, None], strict=False)]  # fmt: skip
    made = spec(steps_chart(weeks, data, WORDS, unit="percent", flow=False))
    gaps = {row["label"]: row for row in rows(made, "wanted")}
    assert gaps["−50"]["value"] == 0.021
    assert gaps["−50"]["wanted"] == pytest.approx(path[9])
    assert (gaps["−30"]["value"], gaps["−30"]["wanted"]) == (0.024, 0.032)
    assert [row["day"] for row in rows(made, "name", "value", "shown")] == ["2026-11-10"]
    assert layers(made, "line")[0]["encoding"]["y"]["scale"]["domain"][0] > 0  # a level needs no zero
    with pytest.raises(ValueError, match="at least one step"):
        steps_chart([], data, WORDS)


def test_a_burn_up_shows_the_target_as_it_was_moved_and_the_way_left() -> None:
    moved = ((date(2026, 10, 20), 400.0), (date(2026, 11, 6), 450.0))
    made = spec(burnup_chart(replace(DATA, scope=moved), WORDS))
    steps = next(layer for layer in layers(made, "line") if layer["mark"].get("interpolate") == "step-after")
    drawn = [(row["day"], row["value"]) for row in made["datasets"][steps["data"]["name"]]]
    assert drawn == [("2026-11-01", 400.0), ("2026-11-06", 450.0), ("2026-11-30", 450.0)]
    ends = [
        (row["day"], row["value"])
        for row in rows(made, "day", "value", "label")
        if row["label"] in ("", "18 a day")
    ]
    assert ends == [("2026-11-10", 100.0), ("2026-11-30", 450.0)]
    never = spec(burnup_chart(DATA, WORDS))
    steps = next(layer for layer in layers(never, "line") if layer["mark"].get("interpolate") == "step-after")
    assert {row["value"] for row in never["datasets"][steps["data"]["name"]]} == {450.0}


def test_small_charts_have_a_scale_of_their_own_and_no_words_in_them() -> None:
    big = spec(small_chart(replace(DATA, target=45_000.0), replace(WORDS, title="", today="")))
    small = spec(small_chart(DATA, replace(WORDS, title="", today="")))
    tops = [layers(made, "line")[0]["encoding"]["y"]["scale"]["domain"][1] for made in (big, small)]
    assert tops[0] > 45_000 > 1000 > tops[1]
    assert "title" not in small
    assert small["description"] == "Sales in words"
    without = spec(small_chart(replace(DATA, target=float("nan"), path=[None] * 30, forecast=()), WORDS))
    json.dumps(without, allow_nan=False)


def test_a_bullet_has_bar_tick_and_goal_and_says_its_status_in_words() -> None:
    bullets = [
        Bullet("Orders", 0.42, 0.48, "720 / 1,716", "At risk", good=False, lines=(("Floor", 0.9),)),
        Bullet("Value", 1.9, 1.0, "1 / 2", "Ahead", good=True),
        Bullet("No data", None, None, "–"),
    ]
    words = ChartWords("Against the target", "Share", "Now", target="Target", share="Expected")
    made = spec(bullet_chart(bullets, words))
    drawn = {row["name"]: row for row in rows(made, "actual", "expected")}
    assert (drawn["Orders"]["actual"], drawn["Orders"]["expected"]) == (0.42, 0.48)
    assert drawn["Orders"]["label"] == "At risk 720 / 1,716"
    assert drawn["Value"]["actual"] == 1.3  # cut, or one bar would press the others flat
    assert drawn["No data"]["actual"] is None
    assert [row["share"] for row in rows(made, "share", "line")] == [0.9]


def test_the_progress_charts_keep_the_rules_of_vega_lite() -> None:
    data = replace(DATA, marks=MARKS, last_year=[9.0 * n for n in range(1, 31)])
    words = ChartWords("Against the target", "Share", "Now")
    for chart in (
        pace_chart(data, WORDS, lang="nb"),
        steps_chart(STEPS, data, WORDS, lang="ja", palette=DARK),
        steps_chart(STEPS, data, WORDS, flow=False),
        burnup_chart(data, WORDS),
        small_chart(data, WORDS),
        bullet_chart([Bullet("a", 0.5, 0.6, "1 / 2")], words),
    ):
        assert chart.to_dict(validate=True)["$schema"]


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        ("Conversion rate: 0.50 points below the path, landing 0.44 points below the target", 46),
        ("コンバージョン率：目標ラインを0.50ポイント下回り、着地は目標を0.44ポイント下回る見込み", 46),
        ("Salg: NOK\N{NO-BREAK SPACE}68,1\N{NO-BREAK SPACE}k under banen", 46),
    ],
)
def test_a_heading_goes_on_in_the_next_line_where_a_phone_ends(text: str, longest: int) -> None:
    made = wrapped(text, longest)
    lines = [made] if isinstance(made, str) else made
    assert all(sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) <= longest + 2 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_days_beyond_a_leap_years_end_have_no_counterpart() -> None:
    leap = Period(date(2028, 1, 1), date(2029, 1, 1))
    data = replace(DATA, period=leap, path=[1.0] * 366, last_year=[2.0] * 365, marks=())
    made = spec(pace_chart(data, WORDS))
    earlier = [row["value"] for row in rows(made, "line", "value") if row["line"] == "Last year"]
    assert (len(earlier), earlier[-1], earlier[-2]) == (366, None, 2.0)
    assert timedelta(days=len(earlier)) == leap.end - leap.start
