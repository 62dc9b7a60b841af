"""Customer lifetime value: BG/NBD for how often, gamma-gamma for how much, by maximum likelihood.

The models are those of Fader, Hardie and Lee (2005) and of Fader and Hardie (2013). A customer is
described by repeat purchases ``x``, the time ``t_x`` of the last one and the time ``T`` observed, both
counted from the first purchase, in one and the same unit of time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Fit:
    """Parameters found, their log-likelihood, and the covariance of their logarithms."""

    params: tuple[float, ...]
    log_likelihood: float
    covariance: Array

    def draws(self, count: int, seed: int = 0) -> Array:
        """Parameter sets as likely as the data leave them, for intervals (rows: draws)."""
        noise = np.random.default_rng(seed).multivariate_normal(
            np.zeros(len(self.params)), self.covariance, size=count, check_valid="ignore"
        )
        return np.asarray(np.exp(np.log(self.params) + np.clip(noise, -2, 2)))


def fit_purchases(x: Array, t_x: Array, age: Array) -> Fit:
    """BG/NBD: ``(r, alpha, a, b)``; alpha is in the unit of time given.

    Raises:
        Refused: too few customers bought again for the four parameters to mean anything.
    """
    if len(x) < 20 or (x > 0).sum() < 10:
        raise Refused(
            msg("Too few customers have bought again to forecast what they will buy."),
            remedy=msg("Wait until at least 10 of 20 customers or more have a second order."),
        )
    scale = float(np.max(age)) / 10 or 1.0
    patterns, counts = np.unique(np.column_stack([x, t_x / scale, age / scale]), axis=0, return_counts=True)

    def loss(logs: Array) -> float:
        return -float(np.sum(counts * purchase_likelihood(np.exp(logs), *patterns.T)))

    best = _minimum(loss, [np.zeros(4), np.log([0.3, 1.0, 0.8, 2.5]), np.log([1.0, 3.0, 0.5, 5.0])])
    r, alpha, a, b = np.exp(best)
    covariance = _covariance(loss, best)
    log_likelihood = -loss(best) - float(np.sum(x)) * np.log(scale)
    return Fit((float(r), float(alpha * scale), float(a), float(b)), log_likelihood, covariance)


def purchase_likelihood(params: Array, x: Array, t_x: Array, age: Array) -> Array:
    """Log-likelihood of each customer under BG/NBD."""
    r, alpha, a, b = params
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    common = common + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    alive = -(r + x) * np.log(alpha + age)
    gone = np.where(
        x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x), -np.inf
    )
    return np.asarray(common + np.logaddexp(alive, gone))


def alive_chance(params: Array, x: Array, t_x: Array, age: Array) -> Array:
    """Chance that each customer still buys at all."""
    r, alpha, a, b = params
    odds = a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + t_x)) ** (r + x)
    return np.asarray(1 / (1 + np.where(x > 0, odds, 0.0)))


def expected_purchases(params: Array, time: float, x: Array, t_x: Array, age: Array) -> Array:
    """Purchases that each customer is expected to make in the next ``time``."""
    r, alpha, a, b = params
    a = a if abs(a - 1) > 1e-6 else 1 + 1e-6  # the formula has a removable gap at one
    series = hyp2f1(r + x, b + x, a + b + x - 1, time / (alpha + age + time))
    left = 1 - ((alpha + age) / (alpha + age + time)) ** (r + x) * series
    return np.asarray((a + b + x - 1) / (a - 1) * left * alive_chance(params, x, t_x, age))


def fit_amounts(x: Array, mean_amount: Array) -> Fit:
    """Gamma-gamma: ``(p, q, v)`` from customers with repeat purchases and a positive mean amount.

    Raises:
        Refused: there are too few of them.
    """
    keep = (x > 0) & (mean_amount > 0)
    if keep.sum() < 10:
        raise Refused(
            msg("Too few customers have bought again to forecast what they will spend."),
            remedy=msg("Wait until at least 10 customers have a second order with a profit."),
        )
    count, amount = x[keep], mean_amount[keep]
    scale = float(np.mean(amount))

    def loss(logs: Array) -> float:
        p, q, v = np.exp(logs)
        z = amount / scale
        likelihood = gammaln(p * count + q) - gammaln(p * count) - gammaln(q) + q * np.log(v)
        likelihood = likelihood + (p * count - 1) * np.log(z) + p * count * np.log(count)
        return -float(np.sum(likelihood - (p * count + q) * np.log(count * z + v)))

    best = _minimum(loss, [np.log([5.0, 4.0, 1.0]), np.log([2.0, 3.0, 2.0])])
    p, q, v = np.exp(best)
    shift = float(np.sum(np.log(scale) * np.ones_like(amount)))
    return Fit((float(p), float(q), float(v * scale)), -loss(best) - shift, _covariance(loss, best))


def expected_amount(params: Array, x: Array, mean_amount: Array) -> Array:
    """Amount that each customer's next purchase is expected to be worth."""
    p, q, v = params
    amount = np.where((x > 0) & (mean_amount > 0), mean_amount, 0.0)
    weight = np.where(amount > 0, x, 0.0)
    bottom = np.maximum(p * weight + q - 1, 1e-9)
    return np.asarray(p * (v + weight * amount) / bottom)


def _minimum(loss: Callable[[Array], float], starts: list[Array]) -> Array:
    def guarded(logs: Array) -> float:
        if np.any(np.abs(logs) > 12):
            return 1e12 + float(np.sum(logs**2))
        value = loss(logs)
        return value if np.isfinite(value) else 1e12

    options = {"maxiter": 4000, "xatol": 1e-7, "fatol": 1e-9}
    runs = [minimize(guarded, start, method="Nelder-Mead", options=options) for start in starts]
    best = min(runs, key=lambda run: float(run.fun))
    return np.asarray(minimize(guarded, best.x, method="Nelder-Mead", options=options).x)


def _covariance(loss: Callable[[Array], float], at: Array, step: float = 1e-3) -> Array:
    """Inverse of the curvature at the minimum, by central differences."""
    n = len(at)
    curve = np.zeros((n, n))
    unit = np.eye(n) * step
    for i in range(n):
        for j in range(i, n):
            corners = (
                loss(at + unit[i] + unit[j]) - loss(at + unit[i] - unit[j])
                - loss(at - unit[i] + unit[j]) + loss(at - unit[i] - unit[j])
            )  # fmt: skip
            curve[i, j] = curve[j, i] = corners / (4 * step * step)
    values, vectors = np.linalg.eigh(curve)
    return np.asarray(vectors @ np.diag(1 / np.maximum(values, 1e-3)) @ vectors.T)
