"""Two shares of conversions: the score test and its interval, and Fisher's exact test where they are few."""

from __future__ import annotations

import math
from statistics import NormalDist

from kpi_tree.analysis.arms import Arm

SMALL = 5.0
"""Expected conversions below which the normal approximation is not used."""


def proportions(a: Arm, b: Arm, level: float) -> tuple[float, str, float, float]:
    """The score test of two proportions, and the interval of all differences it accepts (Mee 1984)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    low, high = _bound(a, b, z, -1.0), _bound(a, b, z, 1.0)
    p_value = _two_sided(_score(a, b, 0.0))
    if fewest(a, b) >= SMALL:
        return p_value, "score", low, high
    from scipy import stats  # a second to load, and seldom needed

    # Too few for the normal curve: Fisher's exact test must refuse too, else the interval reaches to 0.
    table = [[a.total, a.units - a.total], [b.total, b.units - b.total]]
    p_value = max(p_value, float(stats.fisher_exact(table)[1]))
    if p_value > 1 - level:
        low, high = min(low, 0.0), max(high, 0.0)
    return p_value, "fisher", low, high


def fewest(a: Arm, b: Arm) -> float:
    """The smallest count of conversions, or of units without one, that is expected of an arm."""
    pooled = (a.total + b.total) / (a.units + b.units)
    return min(a.units, b.units) * min(pooled, 1 - pooled)


def _score(a: Arm, b: Arm, difference: float) -> float:
    """How many standard errors the arms are from a difference, its variance fitted under that difference."""
    rate = _restricted(a, b, difference)
    variance = rate * (1 - rate) / a.units + (rate + difference) * (1 - rate - difference) / b.units
    gap = b.mean - a.mean - difference
    if variance <= 0:
        return 0.0 if abs(gap) < 1e-15 else math.copysign(math.inf, gap)
    return gap / math.sqrt(variance)


def _restricted(a: Arm, b: Arm, difference: float) -> float:
    """The likeliest rate of ``a`` if ``b``'s is that much more."""
    low, high = max(0.0, -difference), min(1.0, 1.0 - difference)

    def slope(p: float) -> float:
        q = p + difference
        return (
            _over(a.total, p)
            - _over(a.units - a.total, 1 - p)
            + _over(b.total, q)
            - _over(b.units - b.total, 1 - q)
        )

    for _ in range(60):  # the slope falls from +inf to -inf: halving finds its zero to the last bit
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return (low + high) / 2


def _over(count: float, share: float) -> float:
    return 0.0 if not count else count / share if share > 0 else math.inf


def _bound(a: Arm, b: Arm, z: float, side: float) -> float:
    """The farthest difference on one side that the score test does not refuse."""
    near, far = b.mean - a.mean, side
    for _ in range(60):
        middle = (near + far) / 2
        near, far = (middle, far) if abs(_score(a, b, middle)) <= z else (near, middle)
    return (near + far) / 2


def _two_sided(score: float) -> float:
    """The chance of a standard score at least as far from 0."""
    return math.erfc(abs(score) / math.sqrt(2))
