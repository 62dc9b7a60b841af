"""The size of an experiment against published figures and simulation."""

from __future__ import annotations

import numpy as np
import pytest

from kpi_tree.analysis.sample_size import sample_size
from kpi_tree.errors import Refused


@pytest.mark.parametrize(
    ("base", "other", "power", "units"),
    # Fleiss, Levin and Paik 2003, table A.4 less its continuity correction, recomputed by hand to the unit.
    [(0.60, 0.70, 0.80, 356), (0.25, 0.40, 0.90, 203), (0.10, 0.12, 0.80, 3841)],
)
def test_published_sizes_of_two_rates(base: float, other: float, power: float, units: int) -> None:
    assert sample_size(base, other - base, power=power).an_arm == units


def test_two_means() -> None:
    # d = 0.5 at 5 % and 80 %: 63 an arm by the normal approximation (64 by Student's t; Cohen 1988).
    assert sample_size(100.0, 5.0, spread=10.0).an_arm == 63


def test_the_power_is_what_was_asked() -> None:
    size = sample_size(0.03, 0.006, power=0.8)
    rng = np.random.default_rng(2)
    n = size.an_arm
    a, b = rng.binomial(n, 0.03, 4000), rng.binomial(n, 0.036, 4000)
    pooled = (a + b) / (2 * n)
    seen = np.abs(b - a) / n > 1.959964 * np.sqrt(2 * pooled * (1 - pooled) / n)
    assert seen.mean() == pytest.approx(0.8, abs=0.02)


def test_more_arms_need_more_in_each_and_whole_weeks_are_taken() -> None:
    two, three = sample_size(0.1, 0.02, daily=1000), sample_size(0.1, 0.02, arms=3, daily=1000)
    assert three.an_arm > two.an_arm
    assert two.units == 2 * two.an_arm
    assert two.days is not None
    assert two.days % 7 == 0
    assert (two.days - 7) * 1000 < two.units <= two.days * 1000
    assert sample_size(0.1, 0.02).days is None


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"base": 0.1, "effect": 0.0}, "no effect"),
        ({"base": 0.1, "effect": -0.1}, "between 0 and 100"),
        ({"base": 1.2, "effect": 0.1}, "between 0 and 100"),
        ({"base": 10.0, "effect": 1.0, "spread": 0.0}, "must differ"),
        ({"base": 0.1, "effect": 0.02, "power": 1.0}, "Level and power"),
        ({"base": 0.1, "effect": 0.02, "arms": 1}, "two arms"),
        ({"base": 0.0, "effect": 0.0}, "to start from is 0"),
        ({"base": 0.1, "effect": 0.02, "daily": -4.0}, "units a day"),
    ],
)
def test_what_cannot_be_planned(asked: dict[str, float], words: str) -> None:
    with pytest.raises(Refused, match=words):
        sample_size(**asked)  # type: ignore[arg-type]
