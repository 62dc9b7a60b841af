"""Laying a target upon drivers: it is reached exactly, within locks and bounds, or said not to be."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpi_tree.analysis.allocation import Driver, allocate
from kpi_tree.errors import Refused

numbers = st.floats(1, 1000)


def sales(v: dict[str, float]) -> float:
    return v["sessions"] * v["rate"] * v["value"] - v["returns"]


def drivers() -> dict[str, Driver]:
    now = {"sessions": 1000.0, "rate": 0.02, "value": 500.0, "returns": 1000.0}
    return {name: Driver(amount) for name, amount in now.items()}


@given(numbers, numbers, numbers, st.floats(0.3, 3), st.sampled_from(["proportional", "effort"]))
def test_the_target_is_reached_exactly(a: float, b: float, c: float, growth: float, by) -> None:
    wanted = {"a": Driver(a), "b": Driver(b, effort=3.0), "c": Driver(c)}
    now = a * b + c
    made = allocate(lambda v: v["a"] * v["b"] + v["c"], wanted, now * growth, by=by)
    assert made.feasible
    assert made.reached == pytest.approx(now * growth, rel=1e-9)


def test_proportional_moves_every_helping_driver_by_one_percentage() -> None:
    made = allocate(sales, drivers(), 10_000.0)  # from 9,000
    changes = {name: found.change for name, found in made.drivers.items()}
    step = changes["sessions"]
    assert changes == pytest.approx({"sessions": step, "rate": step, "value": step, "returns": -step})
    assert 10_000 * (1 + step) ** 3 - 1000 * (1 - step) == pytest.approx(10_000)


def test_a_lower_target_moves_the_other_way() -> None:
    made = allocate(sales, drivers(), 8_000.0)
    assert made.drivers["sessions"].change < 0 < made.drivers["returns"].change
    assert made.reached == pytest.approx(8_000)


def test_effort_moves_the_hard_one_less() -> None:
    hard = {"a": Driver(100.0), "b": Driver(100.0, effort=4.0)}
    made = allocate(lambda v: v["a"] + v["b"], hard, 210.0, by="effort")
    assert made.drivers["a"].required == pytest.approx(108)
    assert made.drivers["b"].required == pytest.approx(102)


def test_headroom_goes_the_same_share_of_the_way_to_the_best() -> None:
    wanted = {"a": Driver(10.0, history=[8, 20, 12]), "b": Driver(10.0, history=[5, 11]), "c": Driver(10.0)}
    made = allocate(lambda v: sum(v.values()), wanted, 35.5, by="headroom")
    assert made.drivers["a"].required == pytest.approx(15)
    assert made.drivers["b"].required == pytest.approx(10.5)
    assert made.drivers["c"].required == 10
    assert made.drivers["a"].ever_reached
    assert made.drivers["a"].percentile_in_history == pytest.approx(2 / 3)


def test_locks_and_bounds_hold_and_the_others_go_on() -> None:
    wanted = {"a": Driver(100.0, lock=90.0), "b": Driver(100.0, high=105.0), "c": Driver(100.0)}
    made = allocate(lambda v: sum(v.values()), wanted, 330.0)
    values = {name: found.required for name, found in made.drivers.items()}
    assert values == pytest.approx({"a": 90, "b": 105, "c": 135})
    assert made.drivers["b"].at_bound
    assert not made.drivers["c"].at_bound


def test_what_cannot_be_reached_is_said_with_the_best_there_is() -> None:
    wanted = {"a": Driver(100.0, high=110.0), "b": Driver(100.0, lock=100.0)}
    made = allocate(lambda v: v["a"] + v["b"], wanted, 300.0)
    assert not made.feasible
    assert made.reached == pytest.approx(210)
    assert "not to 300" in str(made.issues[0])


def test_never_seen_before_is_said() -> None:
    made = allocate(lambda v: v["a"], {"a": Driver(10.0, history=[8.0, 9.0, 12.0])}, 15.0)
    assert made.drivers["a"].ever_reached is False
    assert made.drivers["a"].percentile_in_history == 1.0


@given(st.lists(st.tuples(numbers, st.floats(0, 500), st.floats(0, 500)), min_size=1, max_size=5), numbers)
def test_no_bound_is_ever_crossed(given_drivers: list, target: float) -> None:
    wanted = {
        f"x{n}": Driver(base, low=max(base - below, 0.0), high=base + above)
        for n, (base, below, above) in enumerate(given_drivers)
    }
    assume(math.isfinite(target))
    made = allocate(lambda v: sum(v.values()), wanted, target)
    for name, found in made.drivers.items():
        assert wanted[name].low <= found.required <= wanted[name].high
    if not made.feasible:
        ends = [sum(d.low for d in wanted.values()), sum(d.high for d in wanted.values())]
        assert target < ends[0] + 1e-6 * ends[0] or target > ends[1] - 1e-6 * ends[1]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [({"a": Driver(1.0, lock=1.0)}, "locked"), ({"a": Driver(1.0, low=2.0, high=1.0)}, "above the upper"),
     ({"a": Driver(1.0, effort=0.0)}, "Effort"), ({"a": Driver(float("nan"))}, "no value")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(wanted: dict[str, Driver], words: str) -> None:
    with pytest.raises(Refused, match=words):
        allocate(lambda v: v["a"], wanted, 2.0)
