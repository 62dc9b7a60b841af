"""Forecasts of a formula node through its leaves: against the node's own methods, and by hand."""

from __future__ import annotations

import numpy as np

from kpi_tree.analysis.drivers import Drivers
from kpi_tree.analysis.forecast import forecast


def test_leaves_that_turn_at_different_times_are_better_forecast_apart() -> None:
    """One leaf swings by fortnights, the other by weeks: their product has no weekday of its own."""
    rng = np.random.default_rng(2)
    days = np.arange(700)
    visits = 200 * (1 + 0.4 * np.sin(2 * np.pi * days / 7)) * rng.normal(1, 0.02, days.size)
    rate = np.where(days < 630, 0.05, 0.08) * rng.normal(1, 0.02, days.size)
    drivers = Drivers({"visits": visits, "rate": rate}, lambda leaves: leaves["visits"] * leaves["rate"])
    made = forecast(visits * rate, 14, also={"drivers": drivers.candidate()})
    lines = {one.method: one for one in made.backtest.tried}
    assert "drivers" in lines
    assert lines["drivers"].mase <= lines["mean"].mase * 1.1
    asked = forecast(visits * rate, 14, also={"drivers": drivers.candidate()}, method="drivers")
    assert asked.method == "drivers"
    assert abs(asked.value.sum() / (visits[-14:] * rate[-14:]).sum() - 1) < 0.2


def test_leaves_that_end_later_are_cut_to_the_nodes_last_day() -> None:
    ramp = np.tile([1.0, 2, 3, 4, 5, 6, 7], 20)
    seen: list[float] = []

    def combine(leaves: dict[str, np.ndarray]) -> np.ndarray:
        seen.extend(leaves["a"].tolist())
        return leaves["a"]

    drivers = Drivers({"a": np.append(ramp, [99.0, 99.0])}, combine)
    np.testing.assert_allclose(drivers.candidate(2)(np.array([0]), 3)[0], [1, 2, 3], atol=1e-6)
    assert max(seen) < 8, "what came after the node's last day is not known to its leaves"


def test_a_leaf_with_too_little_history_leaves_the_candidate_out() -> None:
    node = np.random.default_rng(1).poisson(50, 300).astype(float)
    leaf = np.full(300, np.nan)
    leaf[-10:] = 5.0
    drivers = Drivers({"leaf": leaf}, lambda leaves: leaves["leaf"] * 10)
    made = forecast(node, 14, also={"drivers": drivers.candidate()})
    assert made.backtest is not None
    assert "drivers" not in {one.method for one in made.backtest.tried}


def test_the_same_leaf_is_forecast_once_for_several_nodes() -> None:
    drivers = Drivers({"a": np.arange(100.0)}, lambda leaves: leaves["a"])
    candidate = drivers.candidate()
    candidate(np.array([20, 10]), 5)
    candidate(np.array([20, 10]), 5)
    assert len(drivers.kept) == 1
