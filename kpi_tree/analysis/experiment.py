"""A/B readouts: how far apart two arms are, how sure that is, and whether the split itself can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from kpi_tree.analysis.arms import Arm
from kpi_tree.analysis.proportions import SMALL, fewest, proportions
from kpi_tree.analysis.sequential import always_valid
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg

SRM = 0.001
"""Below this the counts of the arms are no accident of the split."""

NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Readout:
    """Arm ``b`` against arm ``a``.

    Attributes:
        absolute: b less a; low, high: its interval at ``level``. relative: absolute ÷ a; None where a is 0.
        p_value: two-sided, by the same test as the interval. test: ``score`` (proportions), ``fisher`` (few
            conversions: exact), ``welch`` (values), ``sequential`` (either, read at any time).
        better: probability that b is the better one, from flat priors.
        power: chance to see ``least`` (a share of a) with so many units. needed: units an arm for ``aimed``.
    """

    a: Arm
    b: Arm
    absolute: float
    relative: float | None
    low: float
    high: float
    level: float
    p_value: float
    test: str
    better: float
    least: float
    power: float | None
    needed: int | None
    aimed: float

    @property
    def remark(self) -> Msg | None:
        """Where p-value and probability seem to say different things."""
        if self.test == "sequential" and self.a.squares is None and fewest(self.a, self.b) < SMALL:
            return msg("Too few conversions to say anything before the end.")
        sure = max(self.better, 1 - self.better)
        if self.p_value >= 1 - self.level and sure >= 0.9:
            return msg(
                "Probably better is not proven: without a true difference such a gap is seen too often."
            )
        return None


def readout(
    a: Arm, b: Arm, *, level: float = 0.95, least: float = 0.1, aimed: float = 0.8, sequential: bool = False
) -> Readout:
    """Reads two arms of an experiment.

    Args:
        level: of the interval. least: the relative effect that would matter. aimed: power wanted for it.
        sequential: whether one looks before the end, or more than once; the answer is then true at any time,
            and less sharp than one look at the end would be.

    Raises:
        Refused: an arm without units, or more conversions than units.

    >>> found = readout(Arm("A", 1000, 100), Arm("B", 1000, 130))
    >>> round(found.absolute, 3), round(found.p_value, 4), found.test, round(found.better, 3)
    (0.03, 0.0355, 'score', 0.982)
    """
    for arm in (a, b):
        _check(arm)
    values = a.squares is not None
    if sequential:
        p_value, test, low, high = _any_time(a, b, level, least)
    else:
        p_value, test, low, high = _welch(a, b, level) if values else proportions(a, b, level)
    absolute = b.mean - a.mean
    power, needed = _power(a, b, least * abs(a.mean), level, aimed)
    return Readout(
        a, b, absolute, absolute / a.mean if a.mean else None, low, high, level, p_value, test,
        _better(a, b), least, power, needed, aimed,
    )  # fmt: skip


def _check(arm: Arm) -> None:
    if arm.units < 1:
        raise Refused(
            msg("The arm {name} has nobody in it.", name=arm.name),
            place=arm.name,
            remedy=msg("Leave it out, or give who was exposed to it."),
        )
    if arm.squares is None and not 0 <= arm.total <= arm.units:
        raise Refused(
            msg("The arm {name} has {n} conversions of {units} units.", name=arm.name, n=arm.total,
                units=arm.units),
            place=arm.name,
            remedy=msg("Count each unit once: a unit converts or does not."),
        )  # fmt: skip


def _any_time(a: Arm, b: Arm, level: float, least: float) -> tuple[float, str, float, float]:
    """The sequential test; while there are too few conversions it says nothing at all."""
    if a.squares is None and fewest(a, b) < SMALL:
        return 1.0, "sequential", -1.0, 1.0
    pooled = (a.total + b.total) / (a.units + b.units)
    if a.squares is None:
        variance = pooled * (1 - pooled) * (1 / a.units + 1 / b.units)
    else:
        variance = a.variance / a.units + b.variance / b.units
    # A control at 0 has no share of itself that would matter: then of what both arms show.
    scale = least * (abs(a.mean) or abs(pooled))
    p_value, low, high = always_valid(b.mean - a.mean, variance, scale, level)
    return p_value, "sequential", low, high


def _welch(a: Arm, b: Arm, level: float) -> tuple[float, str, float, float]:
    """Welch's t-test and its interval (variances need not be equal)."""
    from scipy import special

    parts = [arm.variance / arm.units for arm in (a, b)]
    error = math.sqrt(sum(parts))
    gap = b.mean - a.mean
    if not error or not math.isfinite(error):
        # One unit an arm, or all alike: nothing says how far apart chance brings them.
        return (1.0, "welch", gap, gap) if not gap else (math.nan, "welch", math.nan, math.nan)
    freedom = sum(parts) ** 2 / sum(
        part**2 / (arm.units - 1) for part, arm in zip(parts, (a, b), strict=True)
    )
    reach = float(special.stdtrit(freedom, (1 + level) / 2)) * error
    p_value = 2 * float(special.stdtr(freedom, -abs(gap) / error))
    return p_value, "welch", gap - reach, gap + reach


def _better(a: Arm, b: Arm) -> float:
    """P(b better than a), flat priors: rates by their Beta distributions, values by their normal means."""
    from scipy import special

    if a.squares is not None:
        error = math.sqrt(a.variance / a.units + b.variance / b.units)
        return NORMAL.cdf((b.mean - a.mean) / error) if error > 0 else 0.5
    one, other = ((arm.total + 1, arm.units - arm.total + 1) for arm in (a, b))
    # A mean over even steps of b's own distribution: exact to about 1e-6, and free of chance.
    steps = (np.arange(20_000) + 0.5) / 20_000
    return float(special.betainc(*one, special.betaincinv(*other, steps)).mean())


def _power(a: Arm, b: Arm, effect: float, level: float, aimed: float) -> tuple[float | None, int | None]:
    """Chance to see an effect with these units, and the units an arm that give the chance aimed at."""
    spread = (a.variance + b.variance) / 2
    if not effect or not spread or not math.isfinite(spread):
        return None, None
    z = NORMAL.inv_cdf((1 + level) / 2)
    error = math.sqrt(spread / a.units + spread / b.units)
    power = NORMAL.cdf(effect / error - z) + NORMAL.cdf(-z - effect / error)
    needed = 2 * spread * (z + NORMAL.inv_cdf(aimed)) ** 2 / effect**2
    return power, math.ceil(needed)


def split_p(units: Sequence[int], shares: Sequence[float] | None = None) -> float:
    """How likely a split as uneven as this is by chance (chi-square); below 0.001 something is wrong.

    >>> round(split_p([5000, 5100]), 3), split_p([5000, 5600]) < SRM
    (0.32, True)
    """
    from scipy import special

    total = sum(units)
    wanted = (
        [total / len(units)] * len(units) if shares is None else [total * one / sum(shares) for one in shares]
    )
    distance = sum((seen - meant) ** 2 / meant for seen, meant in zip(units, wanted, strict=True))
    return float(special.chdtrc(len(units) - 1, distance))


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values that stand for several questions asked at once (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda n: p_values[n])
    found, worst = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, p_values[place] * (len(p_values) - rank)))
        found[place] = worst
    return found
