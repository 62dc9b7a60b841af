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
from scipy.special import digamma, expit, gammaln, hyp2f1

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
    loss = PurchaseLoss(x, t_x / scale, age / scale)
    best, covariance = _minimum(
        loss, [np.zeros(4), np.log([0.3, 1.0, 0.8, 2.5]), np.log([1.0, 3.0, 0.5, 5.0])]
    )
    r, alpha, a, b = np.exp(best)
    log_likelihood = -loss(best)[0] - float(np.sum(x)) * np.log(scale)
    return Fit((float(r), float(alpha * scale), float(a), float(b)), log_likelihood, covariance)


class PurchaseLoss:
    """Minus the log-likelihood of BG/NBD, and its gradient, over the logarithms of r, alpha, a and b.

    Customers of the same three figures are counted and not repeated, and the terms that only the number of
    purchases matters to are taken once for each number.
    """

    def __init__(self, x: Array, t_x: Array, age: Array) -> None:
        rows, counts = np.unique(np.column_stack([x, t_x, age]), axis=0, return_counts=True)
        self.x, self.t_x, self.age = rows.T
        self.weight = counts.astype(np.float64)
        self.again = self.x > 0
        self.numbers, self.customers = _counted(self.x, self.weight)

    def __call__(self, logs: Array) -> tuple[float, Array]:
        """Loss and gradient (4) at the logarithms of the parameters."""
        r, alpha, a, b = np.exp(logs)
        k, count = self.numbers, self.customers
        by_number = gammaln(r + k) - gammaln(r) + r * np.log(alpha)
        by_number = by_number + gammaln(a + b) + gammaln(b + k) - gammaln(b) - gammaln(a + b + k)
        both = digamma(a + b) - digamma(a + b + k)
        slopes = np.array([
            count @ (digamma(r + k) - digamma(r) + np.log(alpha)), count.sum() * r / alpha,
            count @ both, count @ (both + digamma(b + k) - digamma(b)),
        ])  # fmt: skip
        total, parts = self._alive_or_gone(r, alpha, a, b)
        gradient = (slopes + parts) * np.array([r, alpha, a, b])
        return -float(count @ by_number + total), -gradient

    def _alive_or_gone(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Array]:
        """The logarithm of the chance to be alive or gone, summed, and its slopes."""
        until, since = np.log(alpha + self.age), np.log(alpha + self.t_x)
        before = b + np.maximum(self.x, 1) - 1
        odds = np.where(self.again, np.log(a / before) + (r + self.x) * (until - since), -np.inf)
        gone = expit(odds) * self.weight
        alive = self.weight - gone
        total = -(self.weight * (r + self.x)) @ until + self.weight @ np.logaddexp(0.0, odds)
        times = alive / (alpha + self.age) + gone / (alpha + self.t_x)
        slopes = np.array([
            -alive @ until - gone @ since, -(r + self.x) @ times, gone.sum() / a, -(gone / before).sum()
        ])  # fmt: skip
        return float(total), slopes


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
    scale = float(np.mean(mean_amount[keep]))
    loss = AmountLoss(x[keep], mean_amount[keep] / scale)
    best, covariance = _minimum(loss, [np.log([5.0, 4.0, 1.0]), np.log([2.0, 3.0, 2.0])])
    p, q, v = np.exp(best)
    log_likelihood = -loss(best)[0] - float(keep.sum()) * np.log(scale)
    return Fit((float(p), float(q), float(v * scale)), log_likelihood, covariance)


class AmountLoss:
    """Minus the log-likelihood of gamma-gamma, and its gradient, over the logarithms of p, q and v."""

    def __init__(self, x: Array, amount: Array) -> None:
        rows, counts = np.unique(np.column_stack([x, amount]), axis=0, return_counts=True)
        self.x, amounts = rows.T
        self.weight = counts.astype(np.float64)
        self.spent = self.x * amounts
        self.logs = self.weight * np.log(self.spent)
        self.fixed = float(self.weight @ np.log(amounts))
        self.numbers, self.customers = _counted(self.x, self.weight)

    def __call__(self, logs: Array) -> tuple[float, Array]:
        """Loss and gradient (3) at the logarithms of the parameters."""
        p, q, v = np.exp(logs)
        k, count = self.numbers, self.customers
        by_number = gammaln(p * k + q) - gammaln(p * k) - gammaln(q) + q * np.log(v)
        shape, whole = p * self.x + q, np.log(self.spent + v)
        total = count @ by_number + p * (self.x @ self.logs) - self.fixed - (self.weight * shape) @ whole
        grown = digamma(p * k + q)
        slopes = np.array([
            (count * k) @ (grown - digamma(p * k)) + self.x @ self.logs - (self.weight * self.x) @ whole,
            count @ (grown - digamma(q) + np.log(v)) - self.weight @ whole,
            count.sum() * q / v - (self.weight * shape) @ (1 / (self.spent + v)),
        ])  # fmt: skip
        return -float(total), -slopes * np.array([p, q, v])


def expected_amount(params: Array, x: Array, mean_amount: Array) -> Array:
    """Amount that each customer's next purchase is expected to be worth."""
    p, q, v = params
    amount = np.where((x > 0) & (mean_amount > 0), mean_amount, 0.0)
    weight = np.where(amount > 0, x, 0.0)
    bottom = np.maximum(p * weight + q - 1, 1e-9)
    return np.asarray(p * (v + weight * amount) / bottom)


def _counted(x: Array, weight: Array) -> tuple[Array, Array]:
    """The numbers of purchases there are, and how many customers have each."""
    numbers, places = np.unique(x, return_inverse=True)
    return numbers, np.bincount(places.ravel(), weights=weight)


Loss = Callable[[Array], tuple[float, Array]]
FARTHEST = 12.0
"""Logarithms of parameters are looked for between minus this and this."""


def _minimum(loss: Loss, starts: list[Array]) -> tuple[Array, Array]:
    """Where a loss is least, by its gradient from several starts, and the inverse of its curvature there."""
    bounds = [(-FARTHEST, FARTHEST)] * len(starts[0])
    options = {"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-7}
    runs = [
        minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options) for start in starts
    ]
    best = np.asarray(min(runs, key=lambda run: float(run.fun)).x)
    for _ in range(20):  # Newton's steps: the last digits, which a search by function values cannot see
        curve = _curvature(loss, best)
        step = _inverse(curve) @ loss(best)[1]
        there = np.clip(best - step, -FARTHEST, FARTHEST)
        if not loss(there)[0] < loss(best)[0]:
            break
        best = there
        if np.abs(step).max() < 1e-10:
            break
    return best, _inverse(_curvature(loss, best))


def _curvature(loss: Loss, at: Array, step: float = 1e-5) -> Array:
    """Second derivatives, by central differences of the gradient."""
    unit = np.eye(len(at)) * step
    rows = [(loss(at + one)[1] - loss(at - one)[1]) / (2 * step) for one in unit]
    return np.asarray((np.array(rows) + np.array(rows).T) / 2)


def _inverse(curve: Array) -> Array:
    """The inverse of a curvature; what the data say nothing about is bounded."""
    values, vectors = np.linalg.eigh(curve)
    return np.asarray(vectors @ np.diag(1 / np.maximum(values, 1e-3)) @ vectors.T)
