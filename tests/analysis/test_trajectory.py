"""Paths: laws, and cases worked with a pencil."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.analysis import kind_of, plan_path, weekday_weights
from kpi_tree.errors import Refused
from kpi_tree.periods import Period, parse_period

START = date(2026, 1, 1)
periods = st.integers(1, 400).map(lambda n: Period(START, START + timedelta(days=n)))
amounts = st.floats(0.01, 1e9)
rollups = st.sampled_from(["sum", "ratio", "last"])
names = st.sampled_from(["linear", "step", "last_year", "weights", "custom"])


@given(periods, amounts, amounts, rollups, names, st.randoms(use_true_random=False))
def test_every_path_ends_at_the_target(period, target, baseline, rollup, name, random) -> None:
    last_year = [random.random() for _ in range(period.days)]
    path = plan_path(
        period, target, baseline=baseline, rollup=rollup, trajectory=name, last_year=last_year,
        weights=[1, 2, 3, 4, 5, 6, 7],
    )  # fmt: skip
    assert path.values.size == period.days
    assert path.values[-1] == target
    assert np.isfinite(path.values).all()
    if rollup == "sum":
        assert (np.diff(path.values) >= -1e-9 * target).all()


@given(periods, amounts, amounts)
def test_linear_paths_of_parts_add_up(period: Period, a: float, b: float) -> None:
    together = plan_path(period, a + b).values
    np.testing.assert_allclose(
        together, plan_path(period, a).values + plan_path(period, b).values, rtol=1e-12
    )


@given(amounts, st.lists(st.floats(0, 100), min_size=28, max_size=28).filter(lambda x: sum(x) > 1))
def test_last_years_shape_is_its_running_share(target: float, last_year: list[float]) -> None:
    path = plan_path(parse_period("2026-02"), target, trajectory="last_year", last_year=last_year)
    total = 0.0
    for day, value in enumerate(last_year):
        total += value
        assert path.values[day] == pytest.approx(target * total / sum(last_year), rel=1e-9)


def test_weekday_weights_by_pencil() -> None:
    week = parse_period("2026-W02")  # Monday 5 January
    path = plan_path(week, 80.0, trajectory="weights", weights=[1, 1, 1, 1, 1, 1, 2])
    assert path.values.tolist() == [10, 20, 30, 40, 50, 60, 80]
    sunday_first = Period(date(2026, 1, 4), date(2026, 1, 11))
    assert plan_path(sunday_first, 80.0, trajectory="weights", weights=[1, 1, 1, 1, 1, 1, 2]).values[0] == 20


def test_a_rate_climbs_from_its_baseline() -> None:
    ten = Period(date(2026, 1, 1), date(2026, 1, 11))
    path = plan_path(ten, 3.0, baseline=2.0, rollup="ratio")
    np.testing.assert_allclose(path.values, [2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7, 2.8, 2.9, 3.0])
    assert path.at(date(2025, 12, 31)) is None
    assert path.at(date(2026, 3, 1)) == 3.0
    assert set(plan_path(ten, 3.0, baseline=2.0, rollup="ratio", trajectory="step").values) == {3.0}


def test_a_rates_last_year_shape_follows_the_mean_so_far() -> None:
    four = Period(date(2026, 1, 1), date(2026, 1, 5))
    path = plan_path(four, 6.0, rollup="mean", trajectory="last_year", last_year=[1.0, 3.0, 2.0, 2.0])
    np.testing.assert_allclose(path.values, [3.0, 6.0, 6.0, 6.0])  # running means 1, 2, 2, 2


def test_a_stock_carries_its_last_level() -> None:
    five = Period(date(2026, 1, 1), date(2026, 1, 6))
    path = plan_path(five, 8.0, rollup="last", trajectory="last_year", last_year=[2.0, np.nan, 6.0, 5.0, 4.0])
    np.testing.assert_allclose(path.values, [4, 4, 12, 10, 8])


def test_without_last_year_the_line_is_straight_and_says_so() -> None:
    month = parse_period("2026-04")
    for known in (None, [], [np.nan] * 30, [0.0] * 30, [1.0] * 20 + [np.nan] * 10):
        path = plan_path(month, 30.0, trajectory="last_year", last_year=known)
        assert path.used == "linear"
        assert path.note is not None
        np.testing.assert_allclose(path.values, np.arange(1, 31))


def test_a_leap_day_stretches_last_year() -> None:
    path = plan_path(parse_period("2028-02"), 29.0, trajectory="last_year", last_year=[1.0] * 28)
    np.testing.assert_allclose(path.values, np.arange(1, 30), atol=0.05)


def test_custom_points_are_joined() -> None:
    ten = Period(date(2026, 1, 1), date(2026, 1, 11))
    path = plan_path(ten, 100.0, trajectory="custom", points=[(date(2026, 1, 5), 20.0)])
    np.testing.assert_allclose(path.values, [4, 8, 12, 16, 20, 36, 52, 68, 84, 100])


@pytest.mark.parametrize("weights", [[1, 2, 3], [0] * 7, [-1] * 7, [float("nan")] * 7])
def test_weights_that_say_nothing_are_refused(weights: list[float]) -> None:
    with pytest.raises(Refused, match="weights"):
        plan_path(parse_period("2026-04"), 30.0, trajectory="weights", weights=weights)


def test_an_unknown_trajectory_is_refused() -> None:
    with pytest.raises(Refused, match="spiral"):
        plan_path(parse_period("2026-04"), 30.0, trajectory="spiral")


@given(st.lists(st.floats(0, 100), min_size=14, max_size=70), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_weekday_weights_against_a_plain_loop(values: list[float], first: date) -> None:
    found = weekday_weights(values, first)
    means = []
    for weekday in range(7):
        mine = [v for i, v in enumerate(values) if (first + timedelta(days=i)).weekday() == weekday]
        means.append(sum(mine) / len(mine))
    expected = [m * 7 / sum(means) for m in means] if sum(means) > 0 else [1.0] * 7
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_too_short_a_history_weighs_all_days_alike() -> None:
    assert weekday_weights([5.0] * 13, START).tolist() == [1.0] * 7
    assert weekday_weights([], START).tolist() == [1.0] * 7


def test_every_rollup_has_a_kind() -> None:
    assert {kind_of(r) for r in ("sum", "distinct", "ratio", "mean", "median", "last", "table")} == {
        "flow", "rate", "stock",
    }  # fmt: skip
