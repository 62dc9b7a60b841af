"""A/B readouts against scipy's own tests, published figures and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kpi_tree.analysis.arms import Arm, from_values
from kpi_tree.analysis.experiment import holm, readout, split_p
from kpi_tree.analysis.sequential import always_valid
from kpi_tree.errors import Refused

arms = st.tuples(st.integers(40, 5000), st.floats(0.2, 0.8)).map(lambda one: (one[0], round(one[0] * one[1])))


@given(arms, arms)
def test_the_score_test_is_the_chi_square_without_correction(first, second) -> None:
    found = readout(Arm("A", *first), Arm("B", *second))
    table = [[first[1], first[0] - first[1]], [second[1], second[0] - second[1]]]
    assert found.test == "score"
    assert found.p_value == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, abs=1e-9)
    # Interval and p-value never disagree about zero.
    assert (found.low <= 0 <= found.high) == (found.p_value >= 0.05 - 1e-9)
    assert found.low <= found.absolute <= found.high


def test_the_published_interval() -> None:
    # 56 of 70 against 48 of 80, score interval of Mee: 0.0533 to 0.3377 (Newcombe 1998, example a).
    found = readout(Arm("A", 80, 48), Arm("B", 70, 56))
    assert (round(found.low, 4), round(found.high, 4)) == (0.0533, 0.3377)


def test_nobody_converted_is_fishers_case() -> None:
    found = readout(Arm("A", 40, 0), Arm("B", 40, 6))
    assert found.test == "fisher"
    assert found.p_value == pytest.approx(2 * stats.hypergeom.sf(5, 80, 6, 40)), "both tails, alike here"
    assert found.relative is None
    assert 0 < found.low < found.absolute
    nothing = readout(Arm("A", 40, 0), Arm("B", 40, 0))
    assert nothing.p_value == 1
    assert nothing.low < 0 < nothing.high


@given(
    st.lists(st.floats(0, 100), min_size=3, max_size=40), st.lists(st.floats(0, 100), min_size=3, max_size=40)
)
def test_values_are_welchs(first: list[float], second: list[float]) -> None:
    if np.std(first) < 0.1 or np.std(second) < 0.1:
        return
    found = readout(from_values("A", first), from_values("B", second))
    theirs = stats.ttest_ind(second, first, equal_var=False)
    assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-9)
    ends = theirs.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((ends.low, ends.high), rel=1e-6, abs=1e-6)


def test_the_probability_to_be_better_against_draws() -> None:
    found = readout(Arm("A", 200, 20), Arm("B", 210, 30))
    rng = np.random.default_rng(1)
    drawn = (rng.beta(31, 181, 400_000) > rng.beta(21, 181, 400_000)).mean()
    assert found.better == pytest.approx(drawn, abs=0.004)


def test_the_units_needed_give_the_power_aimed_at() -> None:
    needed = readout(Arm("A", 1000, 100), Arm("B", 1000, 100), least=0.2).needed
    assert needed is not None
    rng = np.random.default_rng(1)
    a, b = rng.binomial(needed, 0.1, 4000), rng.binomial(needed, 0.12, 4000)
    pooled = (a + b) / (2 * needed)
    seen = np.abs(b - a) / needed / np.sqrt(pooled * (1 - pooled) * 2 / needed) > 1.96
    assert seen.mean() == pytest.approx(0.8, abs=0.06)
    again = readout(Arm("A", needed, needed // 10), Arm("B", needed, needed // 10), least=0.2)
    assert again.power == pytest.approx(0.8, abs=0.01)


def test_a_split_that_is_no_accident_and_several_questions() -> None:
    assert split_p([500, 500]) == 1
    assert split_p([900, 100], [0.9, 0.1]) == 1
    assert split_p([5000, 5400]) < 0.001
    assert holm([0.2]) == [0.2]


@pytest.mark.parametrize(("units", "total"), [(0, 0), (10, 11), (10, -1)])
def test_an_arm_that_cannot_be(units: int, total: int) -> None:
    with pytest.raises(Refused, match="arm B"):
        readout(Arm("A", 10, 1), Arm("B", units, total))


def test_where_the_two_seem_to_disagree_it_is_said() -> None:
    assert readout(Arm("A", 1000, 100), Arm("B", 1000, 122)).remark is not None
    assert readout(Arm("A", 1000, 100), Arm("B", 1000, 200)).remark is None


few = st.tuples(st.integers(0, 4), st.integers(5, 60))


@settings(max_examples=20)
@given(few, few, st.sampled_from([0.8, 0.9, 0.95]))
def test_the_exact_interval_and_p_value_never_disagree(first, second, level) -> None:
    found = readout(Arm("A", first[1], first[0]), Arm("B", second[1], second[0]), level=level)
    if found.test != "fisher":
        return
    table = [[first[0], first[1] - first[0]], [second[0], second[1] - second[0]]]
    assert found.p_value >= stats.fisher_exact(table).pvalue - 1e-12
    if abs(found.p_value - (1 - level)) > 1e-6:
        assert (found.low <= 1e-9 and found.high >= -1e-9) == (found.p_value > 1 - level)
    assert found.low - 1e-9 <= found.absolute <= found.high + 1e-9
    turned = readout(Arm("B", second[1], second[0]), Arm("A", first[1], first[0]), level=level)
    assert (turned.p_value, -turned.high, -turned.low) == pytest.approx(
        (found.p_value, found.low, found.high), abs=1e-6
    )


def test_looking_every_day_does_not_find_what_is_not_there() -> None:
    """Two arms without a difference, looked at on 40 days: the usual test errs far more often than 5 %."""
    rng = np.random.default_rng(11)
    tests, looks, day = 1000, 40, 100
    a, b = (rng.binomial(day, 0.1, (tests, looks)).cumsum(axis=1) for _ in range(2))
    units = day * np.arange(1, looks + 1)
    pooled = (a + b) / (2 * units)
    gap, variance = (b - a) / units, pooled * (1 - pooled) * 2 / units
    usual = (np.abs(gap) > 1.959964 * np.sqrt(variance)).any(axis=1)
    each = zip(gap.ravel().tolist(), variance.ravel().tolist(), strict=True)
    always = np.array([always_valid(one, of, 0.01, 0.95)[0] < 0.05 for one, of in each])
    assert always.reshape(tests, looks).any(axis=1).mean() <= 0.05
    assert usual.mean() > 0.2


@settings(max_examples=15)
@given(arms, arms)
def test_the_sequential_interval_and_p_value_never_disagree(first, second) -> None:
    found = readout(Arm("A", *first), Arm("B", *second), sequential=True)
    assert found.test == "sequential"
    assert found.low <= found.absolute <= found.high
    if abs(found.p_value - 0.05) > 1e-9:
        assert (found.low <= 0 <= found.high) == (found.p_value > 0.05)
    once = readout(Arm("A", *first), Arm("B", *second))
    assert found.high - found.low >= once.high - once.low - 1e-3, "the price of looking"


@pytest.mark.parametrize("values", [([50.0], [53.0]), ([50.0, 50.0], [53.0, 53.0])])
def test_values_that_do_not_differ_within_an_arm_prove_nothing(values) -> None:
    found = readout(from_values("A", values[0]), from_values("B", values[1]))
    assert np.isnan([found.p_value, found.low, found.high]).all()
    assert found.better == 0.5


def test_before_the_end_a_control_at_zero_and_arms_without_spread() -> None:
    found = readout(Arm("A", 1000, 0), Arm("B", 1000, 20), sequential=True)
    assert 0 < found.p_value <= 1
    assert found.low < found.absolute < found.high, "an interval, and no point"
    assert (found.low <= 0) == (found.p_value > 0.05)
    alike = readout(from_values("A", [5.0] * 9), from_values("B", [6.0] * 9), sequential=True)
    assert np.isnan([alike.p_value, alike.low, alike.high]).all(), "nothing says what chance brings"
