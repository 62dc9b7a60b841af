"""Difference in differences on series whose true effect is known."""

from __future__ import annotations

import numpy as np
import pytest

from kpi_tree.analysis.control import difference

WEEK = np.array([1.2, 1.0, 0.9, 1.0, 1.1, 0.7, 0.6])
BEFORE, DAYS = 140, 28


def walk(rng: np.random.Generator, size: int, sd: float, stay: float = 0.4) -> np.ndarray:
    """Noise that lingers from day to day."""
    made = np.zeros(size)
    for n in range(1, size):
        made[n] = stay * made[n - 1] + rng.normal(0, sd)
    return made


def shop(rng: np.random.Generator, effect: float) -> tuple[np.ndarray, np.ndarray]:
    """A treated and a control segment under one common course that drops by a third in the window."""
    size = BEFORE + DAYS
    common = WEEK[np.arange(size) % 7] * (1 + walk(rng, size, 0.03))
    common[BEFORE:] *= 0.67
    after = np.r_[np.zeros(BEFORE), np.full(DAYS, effect / DAYS)]
    return 100 * common + walk(rng, size, 3) + after, 40 * common + walk(rng, size, 2)


def test_unbiased_where_before_and_after_is_not_and_the_interval_holds_what_it_says() -> None:
    truth = 300.0
    found, plainly = [], []
    for seed in range(150):
        treated, control = shop(np.random.default_rng(seed), truth)
        one = difference(treated, control, DAYS, "flow", level=0.8)
        assert one is not None
        found.append(one)
        plainly.append(treated[BEFORE:].sum() - treated[:BEFORE].mean() * DAYS)
    assert np.mean([one.measured for one in found]) == pytest.approx(truth, abs=30)
    assert np.mean(plainly) < -400  # the common shock would have been laid at the action's door
    held = np.mean([one.low <= truth <= one.high for one in found])
    assert 0.72 <= held <= 0.92
    assert np.mean([one.parallel for one in found]) > 0.95


def test_a_rate_is_compared_by_its_distance() -> None:
    rng = np.random.default_rng(3)
    held, measured = [], []
    for _ in range(100):
        size = BEFORE + DAYS
        common = 0.03 + walk(rng, size, 0.002)
        treated = common + 0.01 + walk(rng, size, 0.001)
        control = common + walk(rng, size, 0.001)
        treated[BEFORE:] += 0.002
        one = difference(treated, control, DAYS, "rate", level=0.8)
        assert one is not None
        held.append(one.low <= 0.002 <= one.high)
        measured.append(one.measured)
    assert np.mean(measured) == pytest.approx(0.002, abs=0.0001)
    assert 0.7 <= np.mean(held) <= 0.92


def test_segments_that_had_begun_to_part_are_told() -> None:
    rng = np.random.default_rng(5)
    treated, control = shop(rng, 0)
    treated[BEFORE - DAYS :] *= 1.5
    one = difference(treated, control, DAYS, "flow")
    assert one is not None
    assert not one.parallel


def test_too_little_to_compare() -> None:
    flat = np.full(40, 5.0)
    assert difference(flat, flat, 14, "flow") is None
    assert difference(np.full(60, 5.0), np.zeros(60), 14, "flow") is None
    assert difference(np.full(60, 5.0), np.full(60, np.nan), 14, "flow") is None
