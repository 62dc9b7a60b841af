"""Tornado, density and scenarios side by side: valid charts that say what they were given."""

from __future__ import annotations

import pytest

from kpi_tree.charts import ChartWords, Stand, Swing, beside_chart, density_chart, spec, tornado_chart

WORDS = ChartWords(title="", y="Share of draws", value="Sales (NOK)", target="Target")


def rows_of(chart: object) -> list[dict]:
    chart.to_dict(validate=True)  # type: ignore[attr-defined]
    return [row for rows in spec(chart)["datasets"].values() for row in rows]


def test_a_tornado_has_two_bars_a_driver_in_the_order_given() -> None:
    swings = [Swing("Visits", -10, 10, "−10", "+10"), Swing("Visits", -2, 3, "−2", "+3")]
    rows = [row for row in rows_of(tornado_chart(swings, WORDS, "less", "more")) if "way" in row]
    assert [(row["row"], row["way"], row["value"]) for row in rows] == [
        ("0", "less", -10), ("0", "more", 10), ("1", "less", -2), ("1", "more", 3),
    ]  # fmt: skip


def test_a_density_tells_what_reaches_the_goal() -> None:
    bins = [(0.0, 10.0, 30), (10.0, 20.0, 60), (20.0, 30.0, 10)]
    for way, hits in (("up", [False, True, True]), ("down", [True, False, False]), ("", [True] * 3)):
        rows = rows_of(density_chart(bins, [(15.0, "Middle")], WORDS, goal=(12.0, "Target"), reached=way))
        bars = [row for row in rows if "share" in row]
        assert [row["hit"] for row in bars] == hits
        assert sum(row["share"] for row in bars) == pytest.approx(1)


def test_scenarios_stand_side_by_side_with_their_ranges() -> None:
    stands = [Stand("Now", 100, "100", now=True), Stand("'+alert(1)+\"", 120, "120", 110, 130)]
    rows = [row for row in rows_of(beside_chart(stands, WORDS, goal=125.0)) if "low" in row]
    assert [(row["low"], row["value"], row["high"], row["kind"]) for row in rows] == [
        (100, 100, 100, "now"), (110, 120, 130, "then"),
    ]  # fmt: skip


def test_all_draws_alike_are_one_bar() -> None:
    assert rows_of(density_chart([(5.0, 5.0, 100)], [], WORDS))
