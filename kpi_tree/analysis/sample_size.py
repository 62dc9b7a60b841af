"""Before an experiment: how many units it needs, and how long that takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg

WEEK = 7


@dataclass(frozen=True, slots=True)
class Size:
    """What an experiment needs.

    Attributes:
        base: rate or mean of the control; effect: the difference to be seen, absolute.
        an_arm, units: units in each arm, in all arms. days: until so many were exposed, in whole weeks, so
            that every weekday counts as often; None where the units a day are not known.
        level, power: of the interval; chance to see the effect if it is there.
    """

    base: float
    effect: float
    an_arm: int
    units: int
    days: int | None
    level: float
    power: float
    arms: int


def sample_size(
    base: float,
    effect: float,
    *,
    spread: float | None = None,
    level: float = 0.95,
    power: float = 0.8,
    arms: int = 2,
    daily: float | None = None,
) -> Size:
    """The units that show an effect of this size.

    Two rates by the usual formula without continuity correction (Fleiss, Levin and Paik 2003, 4.14); two
    means of standard deviation ``spread`` by ``2 (z + z)² spread² / effect²``. With more than two arms each
    is compared with the first, and the level is shared among the comparisons (Bonferroni).

    Args:
        base: the control's rate (0 to 1) or mean. effect: absolute difference, either way.
        spread: standard deviation of one unit's value; None for rates. daily: units a day for the whole test.

    Raises:
        Refused: no effect, a rate outside 0 to 1, a level or power outside its bounds, no units a day.

    >>> sample_size(0.10, 0.02).an_arm, sample_size(0.10, 0.02, daily=500).days
    (3841, 21)
    """
    _check(base, effect, spread, level, power, arms)
    if daily is not None and not (math.isfinite(daily) and daily > 0):
        raise Refused(
            msg("The units a day must be above zero."),
            place="daily",
            remedy=msg("Say how many take part a day."),
        )
    z = NormalDist().inv_cdf(1 - (1 - level) / 2 / (arms - 1))
    reach = NormalDist().inv_cdf(power)
    if spread is None:
        other = base + effect
        mean = (base + other) / 2
        root = z * math.sqrt(2 * mean * (1 - mean)) + reach * math.sqrt(
            base * (1 - base) + other * (1 - other)
        )
        found = (root / effect) ** 2
    else:
        found = 2 * ((z + reach) * spread / effect) ** 2
    an_arm = max(2, math.ceil(found))
    units = an_arm * arms
    days = math.ceil(units / daily / WEEK) * WEEK if daily else None
    return Size(base, effect, an_arm, units, days, level, power, arms)


def _check(base: float, effect: float, spread: float | None, level: float, power: float, arms: int) -> None:
    if spread is None and base == 0:
        raise Refused(
            msg("The rate to start from is 0, so a share of it is no effect."),
            place="base",
            remedy=msg("Give the rate that is usual, such as 3%."),
        )
    if not effect or not math.isfinite(effect):
        raise Refused(
            msg("There is no effect to look for."), place="effect", remedy=msg("Say how much would matter.")
        )
    if spread is None and not (0 < base < 1 and 0 < base + effect < 1):
        raise Refused(
            msg("A rate lies between 0 and 100 %, before the effect and with it."),
            place="base",
            remedy=msg("Give a smaller effect, or another rate to start from."),
        )
    if spread is not None and not spread > 0:
        raise Refused(
            msg("The values of units must differ."), place="spread", remedy=msg("Give their spread.")
        )
    if not 0.5 <= level < 1 or not 0.5 <= power < 1:
        raise Refused(
            msg("Level and power lie between 50 % and 100 %."),
            place="level",
            remedy=msg("95 % and 80 % are usual."),
        )
    if arms < 2:
        raise Refused(
            msg("An experiment needs two arms; there is {n} here.", n=arms), place="arms",
            remedy=msg("Count the control too."),
        )  # fmt: skip
