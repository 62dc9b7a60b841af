"""Holidays, campaigns and closures: learned from the days of the same name before."""

from __future__ import annotations

import numpy as np
import pytest

from kpi_tree.analysis.forecast import forecast
from kpi_tree.analysis.known_days import KnownDay, free

WEEK = np.array([10.0, 12.0, 11.0, 13.0, 20.0, 30.0, 5.0])


def trade(weeks: int, sales: dict[int, float]) -> np.ndarray:
    """Even weeks; ``sales`` multiplies single days, counted from the end (-1 the last)."""
    daily = np.tile(WEEK, weeks)
    for step, factor in sales.items():
        daily[step] *= factor
    return daily


def test_a_sale_seen_four_times_is_expected_again() -> None:
    past = [-300, -220, -140, -60]
    daily = trade(60, dict.fromkeys(past, 3.0))
    days = [*(KnownDay(step, "Sale") for step in past), KnownDay(4, "Sale")]
    plain, told = forecast(daily, 10), forecast(daily, 10, days=days)
    assert told.days == ("Sale",)
    # Four days out of an effect of two more: shrunk by 4 / 4.5.
    assert told.value[4] == pytest.approx(WEEK[4] * (1 + 2 * 4 / 4.5), rel=0.02)
    assert plain.value[4] == pytest.approx(WEEK[4], rel=0.05)
    others = [step for step in range(10) if step != 4]
    np.testing.assert_allclose(told.value[others], WEEK[np.array(others) % 7], rtol=0.02)
    assert told.low is not None
    assert told.low[4] > plain.value[4], "its interval goes with it"


def test_a_day_closed_each_year_is_closed_again_and_is_no_weak_day_of_the_past() -> None:
    daily = trade(110, {-364: 0.0, -728: 0.0})
    days = [KnownDay(-364, "Christmas"), KnownDay(-728, "Christmas"), KnownDay(0, "Christmas")]
    freed = free(daily, days, 7)
    assert np.isnan(freed.history[[-364, -728]]).all()
    assert freed.factors.tolist() == [0, 1, 1, 1, 1, 1, 1]
    made = forecast(daily, 7, days=days)
    assert made.value[0] == 0
    assert made.paths[:, 0].max() == 0


def test_a_day_never_seen_has_the_weight_that_a_person_gave_it() -> None:
    daily = trade(30, {})
    assert free(daily, [KnownDay(1, "Sale", 2.5)], 3).factors.tolist() == [1.0, 2.5, 1.0]
    assert free(daily, [KnownDay(1, "Sale")], 3).factors.tolist() == [1.0, 1.0, 1.0]
    assert free(daily, [KnownDay(1, "Moving", 0.0)], 3).factors.tolist() == [1.0, 0.0, 1.0]


def test_what_history_says_counts_more_than_a_persons_word() -> None:
    past = [-70, -63, -140, -133]
    daily = trade(40, dict.fromkeys(past, 2.0))
    days = [*(KnownDay(step, "Sale", 5.0) for step in past), KnownDay(2, "Sale", 5.0)]
    assert free(daily, days, 3).factors[2] == pytest.approx(1 + 4 / 4.5)


def test_a_holiday_that_made_no_clear_difference_changes_nothing() -> None:
    rng = np.random.default_rng(3)
    daily = rng.poisson(np.tile(WEEK, 60)).astype(float)
    days = [KnownDay(-100, "Some day"), KnownDay(3, "Some day")]
    freed = free(daily, days, 7)
    np.testing.assert_array_equal(freed.history, daily)
    assert freed.names == ()


def test_negative_values_are_left_alone() -> None:
    daily = np.tile([-1.0, 2, 3, 4, 5, 6, 7], 20)
    np.testing.assert_array_equal(
        free(daily, [KnownDay(-3, "a"), KnownDay(1, "a", 2.0)], 4).factors, np.ones(4)
    )


def test_shares_stay_below_one_on_a_strong_day() -> None:
    daily = np.tile([0.5, 0.6, 0.7, 0.6, 0.5, 0.6, 0.7], 30)
    past = [-21, -42, -63]
    daily[past] = 0.98
    made = forecast(daily, 7, share=True, days=[*(KnownDay(p, "Gala") for p in past), KnownDay(2, "Gala")])
    assert made.value.max() <= 1
    assert made.paths.max() <= 1
