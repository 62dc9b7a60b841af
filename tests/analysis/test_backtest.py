"""Methods tried on earlier days: closed forms, known processes, and what the chooser takes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from kpi_tree.analysis.autoregression import autoregression
from kpi_tree.analysis.backtest import Roughly, coverage, spread, trial
from kpi_tree.analysis.forecast import draw, forecast
from kpi_tree.analysis.holt_winters import holt_winters
from kpi_tree.analysis.intermittent import is_intermittent, now_and_then
from kpi_tree.analysis.methods import CHOICES, NAMES, runs
from kpi_tree.analysis.smoothing import naive
from kpi_tree.i18n import translate

WEEK = np.array([10.0, 12.0, 11.0, 13.0, 20.0, 30.0, 5.0])


def autoregressive(days: int, seed: int, share: float = 0.7, level: float = 100.0) -> np.ndarray:
    """A level that each day keeps a share of yesterday's distance to, and unit shocks."""
    rng = np.random.default_rng(seed)
    away = np.zeros(days)
    for day in range(1, days):
        away[day] = share * away[day - 1] + rng.normal()
    return level + away


def test_seasonal_naive_by_hand() -> None:
    """The mean of each weekday over the last four weeks, and nothing older."""
    weeks = np.array([WEEK * factor for factor in (9, 1, 2, 3, 4)]).ravel()
    np.testing.assert_allclose(naive(weeks[None, :], 10)[0], (WEEK * 2.5)[np.arange(10) % 7])
    months = np.arange(1.0, 25.0)
    np.testing.assert_allclose(naive(months[None, :], 3, season=12)[0], [13, 14, 15])


def test_autoregression_finds_the_share_that_a_day_keeps() -> None:
    """One step after a shock of ten the forecast is seven above the level, then 4.9."""
    series = np.append(autoregressive(1500, 4), 110.0)
    made = autoregression(series, np.array([series.size]), 3)[0]
    np.testing.assert_allclose(made - 100, [7.0, 4.9, 3.43], atol=0.9)


def test_the_doubt_of_an_ar1_process_is_the_closed_form() -> None:
    """Variance h days ahead is (1 - a^2h) / (1 - a^2) for unit shocks; that of sums has covariances too."""
    share = 0.7
    series = autoregressive(LONG, 1, share)
    made = forecast(series, 14, samples=4000, method="arima")
    spread_then = made.paths.std(axis=0)
    wanted = np.sqrt((1 - share ** (2 * np.arange(1, 15))) / (1 - share**2))
    assert abs(spread_then[-7:].mean() / wanted[-7:].mean() - 1) < 0.25
    assert spread_then[0] < spread_then[-1]
    lone = np.sqrt((spread_then**2).sum())
    assert made.paths.sum(axis=1).std() > 1.4 * lone, "days that err together make a total's doubt larger"


LONG = 784


def test_holt_winters_follows_a_step_and_knows_only_its_past() -> None:
    series = np.concatenate([np.tile(WEEK, 20), np.tile(WEEK + 50, 20)])
    origins = np.array([140, 280])
    before, after = holt_winters(series, origins, 7)
    np.testing.assert_allclose(before, WEEK, atol=1e-6)
    np.testing.assert_allclose(after, WEEK + 50, atol=2.0)
    changed = series.copy()
    changed[140:] = -999.0
    np.testing.assert_array_equal(holt_winters(changed, origins[:1], 7)[0], before)


@pytest.mark.parametrize("name", [name for name in CHOICES if name not in ("drivers", "now_and_then")])
def test_no_method_sees_what_comes_after(name: str) -> None:
    rng = np.random.default_rng(3)
    series = rng.poisson(np.tile(WEEK, 40)).astype(float)
    other = series.copy()
    other[200:] = rng.poisson(500, size=other.size - 200)
    origins = np.array([120, 200])
    one, two = runs(series, origins, 10)[name], runs(other, origins, 10)[name]
    np.testing.assert_allclose(one, two, rtol=1e-9)


@pytest.mark.parametrize("name", [name for name in CHOICES if name not in ("drivers", "now_and_then")])
def test_ten_times_as_much_is_forecast_ten_times_as_high(name: str) -> None:
    series = np.random.default_rng(5).poisson(np.tile(WEEK, 60)).astype(float)
    one, ten = forecast(series, 20, method=name), forecast(series * 10, 20, method=name)
    np.testing.assert_allclose(ten.value, one.value * 10, rtol=1e-6)
    assert one.low is not None
    assert ten.low is not None
    np.testing.assert_allclose(ten.low, one.low * 10, rtol=1e-6, atol=1e-9)


def test_intervals_of_higher_levels_hold_those_of_lower_ones() -> None:
    series = np.random.default_rng(6).poisson(np.tile(WEEK, 60)).astype(float)
    made = [forecast(series, 20, level=level) for level in (0.5, 0.8, 0.95)]
    for narrow, wide in pairwise(made):
        assert (wide.low <= narrow.low).all()
        assert (wide.high >= narrow.high).all()


def test_the_chooser_takes_another_method_only_where_it_is_clearly_better() -> None:
    noise = np.random.default_rng(7).normal(100, 10, 400)
    found = trial(noise, 14).report
    lines = {one.method: one for one in found.tried}
    assert found.chosen == "mean" or lines[found.chosen].mase < lines["mean"].mase
    pure = np.tile(WEEK, 60)
    found = trial(pure, 14)
    assert found.report.best.mase < 1e-6
    kept = autoregressive(784, 8, share=0.95)
    lines = {one.method: one for one in trial(kept, 7).report.tried}
    assert lines["arima"].mase < lines["naive"].mase


def test_a_method_may_be_asked_for() -> None:
    series = np.random.default_rng(9).poisson(np.tile(WEEK, 30)).astype(float)
    for name in ("naive", "ets", "theta"):
        made = forecast(series, 14, method=name)
        assert made.method == name
        assert made.backtest is not None
        assert made.backtest.best.method == name


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_eight_of_ten_outcomes_lie_within_the_interval(share: float) -> None:
    """Known processes, each with its own shocks: single days and totals."""
    days, totals = [], []
    for seed in range(30):
        series = autoregressive(500, seed, share, level=60.0) + np.tile(WEEK, 72)[:500]
        made = forecast(series[:472], 28)
        assert made.low is not None
        assert made.high is not None
        came = series[472:]
        days.append(((made.low <= came) & (came <= made.high)).mean())
        low, high = np.quantile(made.paths.sum(axis=1), (0.1, 0.9))
        totals.append(low <= came.sum() <= high)
    assert 0.75 <= np.mean(days) <= 0.88
    assert 0.70 <= np.mean(totals) <= 0.95


def test_coverage_leaves_each_origin_out() -> None:
    rng = np.random.default_rng(2)
    for level in (0.5, 0.8, 0.95):
        errors = rng.normal(size=(30, 5))
        totals = np.abs(errors.sum(axis=1))
        held = 0
        for place, total in enumerate(totals):
            others = np.delete(totals, place)
            held += total <= np.quantile(others, min(level * (1 + 1 / others.size), 1.0)) + 1e-12
        assert coverage(errors, level) == pytest.approx(held / 30)


def test_drawn_paths_are_whole_past_paths_either_way_up() -> None:
    errors = np.array([[1.0, 2.0, 3.0], [0.5, 0.5, 0.5]])
    drawn = draw(errors, 3, 200, np.random.default_rng(0))
    known = {tuple(sign * row) for row in errors for sign in (1, -1)}
    assert {tuple(row) for row in drawn.round(9).tolist()} <= {tuple(row) for row in known}
    wider = draw(errors, 3, 200, np.random.default_rng(0), wider=2.0)
    np.testing.assert_allclose(wider.mean(axis=1), 2 * drawn.mean(axis=1))
    np.testing.assert_allclose(
        wider - wider.mean(axis=1, keepdims=True), drawn - drawn.mean(axis=1, keepdims=True)
    )


def test_origins_keep_to_todays_weekday_where_there_is_room() -> None:
    for size, horizon in ((784, 30), (373, 28), (373, 41)):
        origins, ahead = spread(size, horizon)
        assert {(size - origin) % 7 for origin in origins} == {0}
        assert origins[-1] + ahead <= size
        assert origins[0] >= size // 8
    assert spread(30, 20)[0].size == 0


def test_demand_now_and_then() -> None:
    """A tenth of the days sell five: half a piece a day, whatever the day."""
    rng = np.random.default_rng(1)
    series = np.where(rng.random(600) < 0.1, 5.0, 0.0)
    assert is_intermittent(series)
    made = now_and_then(series, np.array([600]), 5)[0]
    assert made[0] == made[-1]
    assert abs(made[0] - 0.5) < 0.25
    found = forecast(series, 28)
    assert "now_and_then" in {one.method for one in found.backtest.tried}
    assert found.low.min() >= 0


def test_a_series_that_stopped_says_so() -> None:
    series = np.concatenate([np.tile(WEEK, 30), np.zeros(70)])
    made = forecast(series, 14)
    assert (made.method, made.value.tolist()) == ("stopped", [0.0] * 14)
    assert str(made.withheld).startswith("The last 70 days are all zero.")
    assert made.low is None
    every_year = np.concatenate([np.tile(WEEK, 4), np.zeros(336), np.tile(WEEK, 4), np.zeros(300)])
    assert forecast(every_year, 14).method != "stopped", "it was so a year ago too"


def test_weekdays_that_are_always_closed_stay_closed_in_every_path() -> None:
    open_days = np.random.default_rng(4).poisson(np.tile(WEEK, 50)).astype(float)
    open_days[6::7] = 0.0
    made = forecast(open_days, 14)
    closed = [step for step in range(14) if (350 + step) % 7 == 6]
    assert made.paths[:, closed].max() == 0
    assert made.value[closed].tolist() == [0.0, 0.0]
    assert made.value.min() >= 0


def test_shares_end_at_one_and_gaps_are_no_zeros() -> None:
    full = np.ones(200)
    full[::9] = 0.98
    made = forecast(full, 20, share=True)
    assert made.paths.max() <= 1
    assert made.value.max() <= 1
    series = np.tile(WEEK, 40)
    series[10:20] = np.nan
    series[200:203] = np.nan
    np.testing.assert_allclose(forecast(series, 7).value, WEEK, rtol=1e-6)


def test_the_error_is_said_in_words() -> None:
    series = np.random.default_rng(11).poisson(np.tile(WEEK, 60)).astype(float)
    made = forecast(series, 28)
    assert made.backtest is not None
    off = Roughly(made.backtest.best.off).in_language("en")
    months = round(made.backtest.days / 30.4)
    assert translate(made.backtest.words(), "en") == (
        f"Tried on the last {months} months, 28 days at a time, it was off by about {off} on average."
    )
    assert {one["method"] for one in made.backtest.to_dict()["tried"]} <= set(NAMES)
