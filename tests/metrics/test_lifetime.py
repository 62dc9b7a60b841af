"""BG/NBD and gamma-gamma against the published fit, against known parameters, and against brute force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from kpi_tree.errors import Refused
from kpi_tree.metrics.lifetime import (
    AmountLoss,
    PurchaseLoss,
    alive_chance,
    expected_amount,
    expected_purchases,
    fit_amounts,
    fit_purchases,
)


def simulated(count: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Customers drawn from the model itself, r 0.8, alpha 10, a 0.9, b 3.2, watched for up to 52 weeks."""
    pick = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        rate, drop, age = pick.gamma(0.8, 1 / 10), pick.beta(0.9, 3.2), pick.uniform(26, 52)
        x, last = 0, 0.0
        while True:
            if x and pick.random() < drop:
                break
            when = last + pick.exponential(1 / rate)
            if when > age:
                break
            x, last = x + 1, when
        rows.append((x, last, age))
    x, t_x, age = np.array(rows).T
    return x, t_x, age


def test_the_parameters_of_simulated_customers_are_found_again() -> None:
    fit = fit_purchases(*simulated(4000))
    r, alpha, a, b = fit.params
    assert r == pytest.approx(0.8, rel=0.15)
    assert alpha == pytest.approx(10, rel=0.2)
    assert a / (a + b) == pytest.approx(0.9 / 4.1, rel=0.15)
    low, high = np.quantile(fit.draws(400)[:, 0], [0.025, 0.975])
    assert low < 0.8 < high


def test_expected_purchases_agree_with_simulation_of_new_customers() -> None:
    pick = np.random.default_rng(1)
    bought = []
    for _ in range(20_000):
        rate, drop, at, x = pick.gamma(0.8, 1 / 10), pick.beta(0.9, 3.2), 0.0, 0
        while True:
            at += pick.exponential(1 / rate)
            if at > 30:
                break
            x += 1
            if pick.random() < drop:
                break
        bought.append(x)
    zero = np.zeros(1)
    expected = expected_purchases(np.array([0.8, 10, 0.9, 3.2]), 30, zero, zero, zero)[0]
    assert expected == pytest.approx(np.mean(bought), rel=0.03)


def test_amounts_shrink_towards_the_mean() -> None:
    pick = np.random.default_rng(2)
    x = pick.integers(1, 8, 3000).astype(float)
    scale = pick.gamma(4.0, 1 / 15.0, 3000)
    mean = pick.gamma(6.0 * x, 1 / scale) / x
    fit = fit_amounts(x, mean)
    p, q, v = fit.params
    assert p * v / (q - 1) == pytest.approx(6 * 15 / 3, rel=0.1)
    one, many = expected_amount(np.array(fit.params), np.array([1.0, 50.0]), np.array([100.0, 100.0]))
    assert 30 < one < many < 100


@pytest.mark.parametrize("loss_of", [PurchaseLoss, AmountLoss])
def test_the_slopes_are_those_of_the_loss(loss_of: type[PurchaseLoss] | type[AmountLoss]) -> None:
    x, t_x, age = simulated(60)
    columns = [x, t_x, age] if loss_of is PurchaseLoss else [x + 1, age]
    loss = loss_of(np.column_stack(columns), np.ones(len(x)))
    at = np.log([0.6, 7.0, 0.8, 2.0])[: 4 if loss_of is PurchaseLoss else 3]
    steps = np.eye(len(at)) * 1e-6
    slopes = [(loss(at + step)[0] - loss(at - step)[0]) / 2e-6 for step in steps]
    assert loss(at)[1] == pytest.approx(slopes, rel=1e-5, abs=1e-5)


def test_customers_alike_count_as_often_as_they_are_there() -> None:
    x, t_x, age = simulated(3000)
    t_x, age = np.floor(t_x), np.ceil(age)
    once, thrice = fit_purchases(x, t_x, age), fit_purchases(*(np.tile(one, 3) for one in (x, t_x, age)))
    assert thrice.params == pytest.approx(once.params, rel=1e-6)
    assert thrice.log_likelihood == pytest.approx(3 * once.log_likelihood)
    assert thrice.covariance * 3 == pytest.approx(once.covariance, rel=1e-3)


def test_too_few_customers_are_refused() -> None:
    with pytest.raises(Refused, match="few"):
        fit_purchases(np.zeros(30), np.zeros(30), np.full(30, 10.0))


def test_the_published_fit_of_the_music_shop_is_reproduced(shared_data: Path) -> None:
    days: dict[str, set[int]] = {}
    start, end = datetime(1997, 1, 1), datetime(1997, 9, 30)
    for text in (shared_data / "CDNOW_sample.txt").read_text(encoding="ascii").splitlines():
        parts = text.split()
        when = datetime.strptime(parts[2], "%Y%m%d")
        if when <= end:
            days.setdefault(parts[0], set()).add((when - start).days)
    rows = []
    for when_bought in days.values():
        first, last = min(when_bought), max(when_bought)
        rows.append((len(when_bought) - 1, (last - first) / 7, ((end - start).days - first) / 7))
    x, t_x, age = np.array(rows, dtype=float).T
    fit = fit_purchases(x, t_x, age)
    assert len(x) == 2357
    assert fit.params == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=0.001)
    assert fit.log_likelihood == pytest.approx(-9582.4, abs=0.1)
    chance = alive_chance(np.array(fit.params), x, t_x, age)
    assert ((chance > 0) & (chance <= 1)).all()
