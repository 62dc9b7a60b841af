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
    rows, weight = _compressed(x, t_x / scale, age / scale)
    starts = [np.zeros(4), np.log([0.3, 1.0, 0.8, 2.5]), np.log([1.0, 3.0, 0.5, 5.0])]
    best, least, covariance = _minimum(PurchaseLoss, rows, weight, starts)
    r, alpha, a, b = np.exp(best)
    log_likelihood = -least - float(np.sum(x)) * np.log(scale)
    return Fit((float(r), float(alpha * scale), float(a), float(b)), log_likelihood, covariance)


class PurchaseLoss:
    """Minus the log-likelihood of BG/NBD, and its gradient, over the logarithms of r, alpha, a and b.

    The terms that only the number of purchases matters to are taken once for each number.

    Args:
        rows: purchases, time of the last one and age, one row for all customers of the same three.
        weight: how many customers each row stands for.
    """

    def __init__(self, rows: Array, weight: Array) -> None:
        self.x, self.t_x, self.age = rows.T
        self.weight = weight
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
            _dot(count, digamma(r + k) - digamma(r) + np.log(alpha)), count.sum() * r / alpha,
            _dot(count, both), _dot(count, both + digamma(b + k) - digamma(b)),
        ])  # fmt: skip
        total, parts = self._alive_or_gone(r, alpha, a, b)
        gradient = (slopes + parts) * np.array([r, alpha, a, b])
        return -(_dot(count, by_number) + total), -gradient

    def _alive_or_gone(self, r: float, alpha: float, a: float, b: float) -> tuple[float, Array]:
        """The logarithm of the chance to be alive or gone, summed, and its slopes."""
        until, since = np.log(alpha + self.age), np.log(alpha + self.t_x)
        before = b + np.maximum(self.x, 1) - 1
        odds = np.where(self.again, np.log(a / before) + (r + self.x) * (until - since), -np.inf)
        gone = expit(odds) * self.weight
        alive = self.weight - gone
        total = _dot(self.weight, np.logaddexp(0.0, odds) - (r + self.x) * until)
        times = alive / (alpha + self.age) + gone / (alpha + self.t_x)
        slopes = np.array([
            -_dot(alive, until) - _dot(gone, since), -_dot(r + self.x, times),
            gone.sum() / a, -(gone / before).sum(),
        ])  # fmt: skip
        return total, slopes


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
    rows, weight = _compressed(x[keep], mean_amount[keep] / scale)
    starts = [np.log([5.0, 4.0, 1.0]), np.log([2.0, 3.0, 2.0])]
    best, least, covariance = _minimum(AmountLoss, rows, weight, starts)
    p, q, v = np.exp(best)
    log_likelihood = -least - float(keep.sum()) * np.log(scale)
    return Fit((float(p), float(q), float(v * scale)), log_likelihood, covariance)


class AmountLoss:
    """Minus the log-likelihood of gamma-gamma, and its gradient, over the logarithms of p, q and v.

    Args:
        rows: purchases and their mean amount, one row for all customers of the same two.
        weight: how many customers each row stands for.
    """

    def __init__(self, rows: Array, weight: Array) -> None:
        self.x, amounts = rows.T
        self.weight = weight
        self.spent = self.x * amounts
        self.logs = _dot(self.weight * self.x, np.log(self.spent))
        self.fixed = _dot(self.weight, np.log(amounts))
        self.numbers, self.customers = _counted(self.x, self.weight)

    def __call__(self, logs: Array) -> tuple[float, Array]:
        """Loss and gradient (3) at the logarithms of the parameters."""
        p, q, v = np.exp(logs)
        k, count = self.numbers, self.customers
        by_number = gammaln(p * k + q) - gammaln(p * k) - gammaln(q) + q * np.log(v)
        shape, whole = p * self.x + q, np.log(self.spent + v)
        total = _dot(count, by_number) + p * self.logs - self.fixed - _dot(self.weight * shape, whole)
        grown = digamma(p * k + q)
        slopes = np.array([
            _dot(count * k, grown - digamma(p * k)) + self.logs - _dot(self.weight * self.x, whole),
            _dot(count, grown - digamma(q) + np.log(v)) - _dot(self.weight, whole),
            count.sum() * q / v - _dot(self.weight * shape, 1 / (self.spent + v)),
        ])  # fmt: skip
        return -total, -slopes * np.array([p, q, v])


def expected_amount(params: Array, x: Array, mean_amount: Array) -> Array:
    """Amount that each customer's next purchase is expected to be worth."""
    p, q, v = params
    amount = np.where((x > 0) & (mean_amount > 0), mean_amount, 0.0)
    weight = np.where(amount > 0, x, 0.0)
    bottom = np.maximum(p * weight + q - 1, 1e-9)
    return np.asarray(p * (v + weight * amount) / bottom)


def _dot(left: Array, right: Array) -> float:
    """The sum of products; ``@`` would start threads that take longer to meet than the sum takes."""
    return float(np.sum(left * right))


def _compressed(*columns: Array) -> tuple[Array, Array]:
    """The customers' different rows of figures, and how many customers have each."""
    rows, counts = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    return np.asarray(rows), np.asarray(counts, dtype=np.float64)


def _counted(x: Array, weight: Array) -> tuple[Array, Array]:
    """The numbers of purchases there are, and how many customers have each."""
    numbers, places = np.unique(x, return_inverse=True)
    return numbers, np.asarray(np.bincount(places.ravel(), weights=weight), dtype=np.float64)


Loss = Callable[[Array], tuple[float, Array]]
FARTHEST = 12.0
"""Logarithms of parameters are looked for between minus this and this."""
ENOUGH = 4000
"""Rows that are enough to see which of several starts leads to the least loss, and roughly where."""


def _minimum(
    loss_of: Callable[[Array, Array], Loss], rows: Array, weight: Array, starts: list[Array]
) -> tuple[Array, float, Array]:
    """Where a loss is least, the loss there, and the inverse of its curvature."""
    every = 1 + len(rows) // ENOUGH
    few = loss_of(rows[::every], weight[::every]) if every > 1 else loss_of(rows, weight)
    roughly = min((_descend(few, start, 1e-9) for start in starts), key=lambda at: few(at)[0])
    loss = loss_of(rows, weight)
    best = _descend(loss, roughly, 1e-13)
    inverse = _inverse(_curvature(loss, best))
    nearer = best - inverse @ loss(best)[1]  # one of Newton's steps brings the last digits
    if loss(nearer)[0] < loss(best)[0]:
        best = nearer
    return best, loss(best)[0], inverse


def _descend(loss: Loss, start: Array, precision: float) -> Array:
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-FARTHEST, FARTHEST)] * len(start),
        options={"ftol": precision, "gtol": 1e-9},
    )
    return np.asarray(found.x)


def _curvature(loss: Loss, at: Array, step: float = 1e-5) -> Array:
    """Second derivatives, by central differences of the gradient."""
    unit = np.eye(len(at)) * step
    rows = [(loss(at + one)[1] - loss(at - one)[1]) / (2 * step) for one in unit]
    return np.asarray((np.array(rows) + np.array(rows).T) / 2)


def _inverse(curve: Array) -> Array:
    """The inverse of a curvature; what the data say nothing about is bounded."""
    values, vectors = np.linalg.eigh(curve)
    return np.asarray(vectors @ np.diag(1 / np.maximum(values, 1e-3)) @ vectors.T)
