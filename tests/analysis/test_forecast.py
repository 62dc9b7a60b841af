"""Forecasts: what must hold exactly, and how often the interval holds on series made for the purpose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.analysis.forecast import Forecast, forecast, to_rows
from kpi_tree.analysis.landing import fan, landing
from kpi_tree.analysis.smoothing import predict, weekday_pattern

WEEK = [10.0, 12.0, 11.0, 13.0, 20.0, 30.0, 5.0]


def noisy(days: int, seed: int, growth: float = 0.0) -> np.ndarray:
    """A shop's days: a weekday shape, doubt that lasts (AR 0.8), counts."""
    rng = np.random.default_rng(seed)
    level = np.zeros(days)
    for day in range(1, days):
        level[day] = 0.8 * level[day - 1] + rng.normal(0, 0.08)
    week = np.array(WEEK)[np.arange(days) % 7] * 8
    return rng.poisson(week * np.exp(level + growth * np.arange(days))).astype(float)


@given(
    st.lists(st.floats(1, 1000), min_size=7, max_size=7),
    st.integers(4, 30),
    st.integers(1, 40),
    st.integers(0, 6),
)
def test_a_pure_week_is_repeated(week: list[float], weeks: int, horizon: int, cut: int) -> None:
    daily = (week * (weeks + 1))[: weeks * 7 + cut]
    made = forecast(daily, horizon)
    expected = [week[(len(daily) + day) % 7] for day in range(horizon)]
    np.testing.assert_allclose(made.value, expected, rtol=1e-6)


def test_a_straight_rise_goes_on_but_not_for_ever() -> None:
    made = forecast(np.arange(100.0, 200.0), 60).value
    assert made[0] > 185
    assert np.diff(made)[0] >= np.diff(made)[-1] > -1e-9


def test_closed_sundays_stay_closed() -> None:
    made = forecast([5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 0.0] * 10, 14).value
    assert made[6] == made[13] == 0
    np.testing.assert_allclose(made[:6], 5.0)


def test_gaps_are_no_zeros() -> None:
    daily = np.array(WEEK * 12)
    daily[[3, 17, 40, 41, 42]] = np.nan
    np.testing.assert_allclose(forecast(daily, 7).value, WEEK, rtol=0.02)


def test_last_years_season_is_seen_with_two_years() -> None:
    days = np.arange(364 * 2 + 130)
    season = np.where((days % 364) // 28 == 5, 300.0, 100.0)  # one loud month a year
    made = forecast(season, 60).value
    assert made[20:30].mean() > 180
    assert made[45:].mean() < 130


@pytest.mark.parametrize("days", [0, 1, 27])
def test_too_little_history_is_withheld_in_words(days: int) -> None:
    made = forecast([5.0] * days, 30)
    assert made.value.size == 0
    assert made.withheld is not None
    assert str(days) in str(made.withheld)
    assert landing(made, kind="flow", actual=5.0, elapsed=3).value is None


def test_a_period_that_is_over_lands_where_it_is() -> None:
    assert landing(forecast([5.0] * 60, 0), kind="flow", actual=99.0, elapsed=90).value == 99.0


def test_a_short_history_has_a_forecast_but_no_interval() -> None:
    made = forecast(noisy(32, 1), 30)
    assert made.value.size == 30
    assert made.low is None
    assert made.withheld is not None
    assert landing(made, kind="flow", actual=5.0, elapsed=3, target=10.0).probability is None


def test_the_same_seed_draws_the_same_paths() -> None:
    daily = noisy(200, 3)
    one, two, other = forecast(daily, 20, seed=4), forecast(daily, 20, seed=4), forecast(daily, 20, seed=5)
    np.testing.assert_array_equal(one.paths, two.paths)
    assert not np.array_equal(one.paths, other.paths)
    np.testing.assert_array_equal(one.value, other.value)


def test_the_interval_holds_about_as_often_as_it_says() -> None:
    held_days, held_totals = [], []
    for seed in range(60):
        daily = noisy(230, seed)
        made = forecast(daily[:200], 30, level=0.8)
        end = landing(made, kind="flow", actual=0.0, elapsed=0)
        assert made.low is not None
        assert made.high is not None
        held_days.append(((made.low <= daily[200:]) & (daily[200:] <= made.high)).mean())
        held_totals.append(end.low <= daily[200:].sum() <= end.high)
    assert 0.75 <= np.mean(held_days) <= 0.95
    assert 0.70 <= np.mean(held_totals) <= 0.97


def test_a_totals_interval_is_not_the_sum_of_daily_bounds() -> None:
    made = forecast(noisy(300, 9), 28)
    end = landing(made, kind="flow", actual=0.0, elapsed=0)
    assert end.high - end.low < made.high.sum() - made.low.sum()


def test_less_than_two_years_of_history_is_widened() -> None:
    daily = noisy(300, 2)
    assert forecast(daily, 40).widened
    assert not forecast(noisy(740, 2), 40).widened


def test_doubt_grows_with_the_distance() -> None:
    made = forecast(noisy(120, 5), 70)
    width = made.high - made.low
    assert width[-14:].mean() > width[:14].mean()


def test_beats_repeating_last_week() -> None:
    scores = [forecast(noisy(300, seed), 14).backtest.best.mase for seed in range(10)]
    assert np.mean(scores) < 1


def test_counts_never_fall_below_zero_nor_shares_above_one() -> None:
    rng = np.random.default_rng(0)
    assert forecast(rng.poisson(0.5, 120).astype(float), 30).paths.min() >= 0
    shares = np.clip(rng.normal(0.97, 0.03, 120), 0, 1)
    assert forecast(shares, 30).paths.max() <= 1


@given(st.lists(st.floats(0, 2000), min_size=2, max_size=6))
def test_a_higher_target_is_never_likelier(targets: list[float]) -> None:
    chances = [LANDING(target) for target in sorted(targets)]
    assert chances == sorted(chances, reverse=True)
    assert all(0 < chance < 1 for chance in chances)


MADE: Forecast = forecast(noisy(150, 8), 10)


def LANDING(target: float) -> float:  # noqa: N802
    found = landing(MADE, kind="flow", actual=300.0, elapsed=20, target=target).probability
    assert found is not None
    return found


def test_landings_by_plain_arithmetic() -> None:
    value, paths = MADE.value.tolist(), MADE.paths.tolist()
    flow = landing(MADE, kind="flow", actual=300.0, elapsed=20, target=1000.0)
    assert flow.value == pytest.approx(300 + sum(value))
    reached = sum(1 for path in paths if 300 + sum(path) >= 1000)
    assert flow.probability == pytest.approx((reached + 0.5) / (len(paths) + 1))
    rate = landing(MADE, kind="rate", actual=90.0, elapsed=20)
    assert rate.value == pytest.approx((90 * 20 + sum(value)) / 30)
    assert landing(MADE, kind="stock", actual=90.0, elapsed=20).value == pytest.approx(value[-1])
    down = landing(MADE, kind="flow", actual=300.0, elapsed=20, target=1000.0, direction="down")
    kept = sum(1 for path in paths if 300 + sum(path) <= 1000)
    assert down.probability == pytest.approx((kept + 0.5) / (len(paths) + 1))


def test_many_series_at_once_are_each_their_own() -> None:
    rows = np.stack([noisy(150, seed) for seed in range(5)])
    together = predict(rows, 10)
    for row, made in zip(rows, together, strict=True):
        np.testing.assert_allclose(predict(row[None, :], 10)[0], made)


@given(st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), max_size=120), st.integers(1, 50))
def test_any_series_is_answered(daily: list[float], horizon: int) -> None:
    made = forecast(daily, horizon)
    assert made.value.size in (0, horizon)
    assert np.isfinite(made.value).all()
    assert len(to_rows(made)) == made.value.size


def test_the_weekday_pattern_by_hand() -> None:
    pattern = weekday_pattern(np.array([WEEK * 4]))[0]
    np.testing.assert_allclose(pattern, np.array(WEEK) / (sum(WEEK) / 7))


@pytest.mark.parametrize("kind", ["flow", "rate", "stock"])
def test_a_fan_ends_where_the_period_lands(kind) -> None:
    landed = landing(MADE, kind=kind, actual=90.0, elapsed=20)
    days = fan(MADE, kind=kind, actual=90.0, elapsed=20)
    assert days.value.size == MADE.value.size
    assert days.value[-1] == pytest.approx(landed.value)
    assert days.low[-1] == pytest.approx(landed.low)
    assert days.high[-1] == pytest.approx(landed.high)
    assert (days.low <= days.high).all()


def test_a_fan_of_nothing_is_empty() -> None:
    assert fan(forecast([1.0] * 5, 9), kind="flow", actual=1.0, elapsed=1).value.size == 0
    assert fan(forecast(noisy(32, 1), 30), kind="flow", actual=1.0, elapsed=1).low.size == 0
