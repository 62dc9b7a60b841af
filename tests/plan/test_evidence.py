"""Evidence for an influence: finds what is there, at its lag, and keeps quiet otherwise."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

import numpy as np
import pytest

from kpi_tree.plan.evidence import evidence


def walk(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.normal(size=n).cumsum()


@pytest.mark.parametrize("lag", [0, 1, 3])
@pytest.mark.parametrize("way", [1, -1])
def test_an_influence_is_found_at_its_lag(lag: int, way: int) -> None:
    rng = np.random.default_rng(lag)
    child = walk(rng, 150)
    parent = way * 3 * np.r_[np.zeros(lag), child[: len(child) - lag]] + rng.normal(size=150) * 0.5
    found = evidence(child, parent, sign=way)
    assert (found.state, found.lag) == ("supported", lag)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.correlation <= found.high
    assert evidence(child, parent, sign=-way).state == "against"


def test_chance_is_seldom_taken_for_support() -> None:
    rng = np.random.default_rng(5)
    states = [evidence(walk(rng, 120), walk(rng, 120)).state for _ in range(100)]
    assert states.count("supported") <= 18  # a tenth is expected at level 0.9


def test_a_shared_season_is_no_influence() -> None:
    rng = np.random.default_rng(6)
    season = np.tile([5.0, 1, 0, 0, 1, 9, 12], 30)
    hits = 0
    for _ in range(40):
        child, parent = (season + rng.normal(size=210) for _ in range(2))
        assert evidence(child, parent).state == "supported", (
            "without the correction the season is taken for it"
        )
        hits += evidence(child, parent, season=7).state == "supported"
    assert hits <= 8


def test_what_all_of_the_shop_shares_is_no_influence() -> None:
    """A week's pattern that grows with the year, days shut, a sale of three days: each in both alike."""
    rng = np.random.default_rng(9)
    day = np.arange(364)
    week = 100 + 10 * np.tile([5.0, 1, 0, 0, 1, 9, 12], 52)
    growth = (1 + 0.4 * np.cos(2 * np.pi * day / 365)) * np.exp(day / 500)
    shut = np.where(np.isin(day, [0, 1, 100, 101, 102, 140, 150, 350, 358, 359]), 0.0, 1.0)
    sale = np.where(np.isin(day, [325, 326, 327]), 3.0, 1.0)
    for shared in (growth * week, shut * 100.0, sale * 100.0):
        states = [
            evidence(*(shared * np.exp(0.1 * rng.normal(size=364)) for _ in "xy"), season=7).state
            for _ in range(15)
        ]
        assert states.count("supported") <= 5


def test_too_little_history_says_so() -> None:
    rng = np.random.default_rng(7)
    child = walk(rng, 12)
    found = evidence(child, child * 2)
    assert found.state == "too_little"
    assert "Too little history: 11 changes, at least 20 are needed." in str(found.reason)
    assert evidence(walk(rng, 24), walk(rng, 24), season=12).state == "too_little"
    assert "lean on each other or hardly differ" in str(evidence(np.ones(61), walk(rng, 61)).reason)


def test_gaps_constants_and_nothing() -> None:
    rng = np.random.default_rng(8)
    child = walk(rng, 80)
    gappy = child.copy()
    gappy[::9] = np.nan
    assert evidence(gappy, child * 2).state == "supported"
    assert evidence(np.ones(80), child).state == "too_little"
    assert evidence([], []).state == "too_little"
    assert evidence([1.0], [2.0]).state == "too_little"


def by_scipy(child: np.ndarray, parent: np.ndarray, season: int, most: int) -> tuple[int, float]:
    """The best lag and its correlation another way: day by day, and the ranks by scipy."""
    from scipy.stats import spearmanr

    def without_season(values: np.ndarray) -> list[float]:
        changes = [float(np.log(later / earlier)) for earlier, later in pairwise(values)]
        return [
            change - median(changes[at] for at in range(here % season, len(changes), season)
                            if abs(at - here) <= 4 * season)
            for here, change in enumerate(changes)
        ]  # fmt: skip

    x, y = without_season(child), without_season(parent)
    found = [(lag, float(spearmanr(x[: len(x) - lag], y[lag:]).statistic)) for lag in range(most + 1)]
    return max(found, key=lambda pair: abs(pair[1]))


@pytest.mark.parametrize("seed", range(4))
def test_lag_and_correlation_agree_with_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lag = seed % 4
    week = np.tile([5.0, 1, 0, 0, 1, 9, 12], 52) + 200
    child = week + walk(rng, 364)
    parent = 2 * week + 0.6 * np.r_[np.zeros(lag), child[: 364 - lag]] + rng.normal(size=364)
    found = evidence(child, parent, max_lag=5, season=7)
    best, r = by_scipy(child, parent, 7, 5)
    assert found.lag == best == lag
    assert found.correlation == pytest.approx(r, abs=1e-9)
    assert found.n == 363 - lag
