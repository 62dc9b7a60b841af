"""Looking before the end: a test that stays true however often, and whenever, one looks.

The mixture sequential probability ratio test for a difference of means (Robbins 1970; Johari, Koomen,
Pekelis and Walsh 2017, "Peeking at A/B tests"): the likelihood ratio of the difference seen, averaged over a
normal distribution of true effects around 0, against no difference. Its inverse is a p-value that may be
read at any time; the differences it does not refuse are the interval.
"""

from __future__ import annotations

import math


def always_valid(gap: float, variance: float, scale: float, level: float) -> tuple[float, float, float]:
    """P-value, and the ends of the interval of a difference, valid at any time one looks.

    Args:
        gap: the difference seen. variance: of that difference (the sum of both arms' ``variance / units``).
        scale: how large true effects are, as a standard deviation; decides when the test is strongest, not
            whether it is true. level: of the interval.

    Returns:
        nan for all three where chance is not known (no variance, no scale) and the arms differ.

    >>> p, low, high = always_valid(0.03, 0.0001, 0.02, 0.95)
    >>> round(p, 3), round(low, 4), round(high, 4)
    (0.061, -0.0008, 0.0608)
    """
    if not (variance > 0 and scale > 0 and math.isfinite(variance)):
        return (1.0, gap, gap) if not gap else (math.nan, math.nan, math.nan)
    both = variance + scale**2
    log_ratio = 0.5 * math.log(variance / both) + gap**2 * scale**2 / (2 * variance * both)
    reach = math.sqrt(variance * both / scale**2 * (math.log(both / variance) - 2 * math.log(1 - level)))
    return min(1.0, math.exp(-log_ratio)), gap - reach, gap + reach
