"""Laying a target down a tree: it is reached exactly within locks and bounds, or said what is in the way."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brute

from kpi_tree.allocation import STRATEGIES, Allocation, Driver, Limit, Task, allocate, best_of, standing
from kpi_tree.errors import Refused
from kpi_tree.plan.formula_parser import parse

amounts = st.one_of(st.just(0.0), st.floats(0.01, 1000), st.floats(-1000, -0.01))
above_zero = st.floats(0.5, 500)


def task(
    formulas: dict[str, str],
    bases: dict[str, Any],
    target: float,
    limits: dict[str, Limit] | None = None,
    by: Any = "proportional",
) -> Task:
    """A task whose last formula is the goal's; a bare number is a driver that never goes below zero."""
    drivers = {
        name: one if isinstance(one, Driver) else Driver(one, floor=0.0) for name, one in bases.items()
    }
    parsed = {name: parse(text) for name, text in formulas.items()}
    return Task(parsed, drivers, list(formulas)[-1], target, limits or {}, by)


def by_python(made: Task, values: dict[str, float], formulas: dict[str, str]) -> float:
    """The goal by Python's own arithmetic: nothing of ours."""
    known = {name: values[name] for name in made.drivers}
    for name, text in formulas.items():
        known[name] = eval(text, {"__builtins__": {}}, known)  # our own test's formula
    return float(known[made.root])


# --- random trees ------------------------------------------------------------------------------------------


@st.composite
def trees(draw: st.DrawFn, numbers: st.SearchStrategy[float]) -> tuple[dict[str, str], dict[str, float]]:
    """A tree of nested formulas, each name in one place."""
    bases: dict[str, float] = {}
    formulas: dict[str, str] = {}

    def name(depth: int) -> str:
        if depth == 0 or draw(st.integers(0, 2)) == 0:
            leaf = f"x{len(bases)}"
            bases[leaf] = draw(numbers)
            return leaf
        node = f"n{len(formulas) + len(bases)}_{depth}"
        text = expression(depth)
        formulas[node] = text
        return node

    def expression(depth: int) -> str:
        shape = draw(st.sampled_from(["a + b", "a - b", "a * b", "a / b", "a * b + c", "a - b / c"]))
        for letter in "abc":
            if letter in shape:
                shape = shape.replace(letter, f"<{name(depth - 1)}>")
        return shape.replace("<", "").replace(">", "")

    formulas["goal"] = expression(draw(st.integers(1, 3)))
    return formulas, bases


@given(trees(above_zero), st.floats(0.3, 3), st.sampled_from(STRATEGIES))
def test_what_is_laid_down_makes_the_target_again(
    tree: tuple[dict[str, str], dict[str, float]], growth: float, by: str
) -> None:
    formulas, bases = tree
    with np.errstate(all="ignore"):
        try:
            wanted = task(formulas, bases, 1.0, by=by)
        except Refused:
            assume(False)
    target = wanted.base["goal"] * growth
    assume(1e-6 < abs(target) < 1e12)
    wanted = task(formulas, bases, target, by=by)
    made = allocate(wanted)
    assert all(made.values[name] >= 0 for name in bases)
    if made.feasible:
        assert by_python(wanted, made.values, formulas) == pytest.approx(target, rel=1e-9)
    else:
        _no_chance_point_does_better(wanted, made)


@settings(max_examples=12)
@given(trees(amounts), amounts, st.sampled_from(STRATEGIES))
def test_with_zeros_and_negative_values_too(
    tree: tuple[dict[str, str], dict[str, float]], target: float, by: str
) -> None:
    formulas, bases = tree
    try:
        wanted = task(formulas, {name: Driver(one) for name, one in bases.items()}, target, by=by)
    except Refused:  # something is divided by zero to begin with
        return
    made = allocate(wanted)
    if made.feasible:
        size = max(abs(target), abs(wanted.base["goal"]))
        assert by_python(wanted, made.values, formulas) == pytest.approx(target, rel=1e-9, abs=1e-9 * size)


def _no_chance_point_does_better(wanted: Task, made: Allocation) -> None:
    chance = np.random.default_rng(1)
    for _ in range(50):
        values = {}
        for name, driver in wanted.drivers.items():
            low, high = wanted.ends(name)
            far = driver.base * float(np.exp(chance.normal(0, 2)))
            values[name] = min(max(far, low), high)
        found = wanted.forward(values)
        if math.isfinite(found["goal"]) and wanted.keeps(found):
            miss = abs(found["goal"] - wanted.target)
            assert miss >= abs(made.reached - wanted.target) * (1 - 1e-6) - 1e-9


bounds = st.tuples(above_zero, st.floats(0, 1), st.floats(1, 2), st.booleans())


@given(st.lists(bounds, min_size=2, max_size=5), st.floats(0.2, 4), st.sampled_from(["+", "*"]),
       st.sampled_from(STRATEGIES))  # fmt: skip
def test_no_limit_is_crossed_and_what_can_be_reached_is(
    given_: list[tuple[float, float, float, bool]], growth: float, sign: str, by: str
) -> None:
    names = [f"x{n}" for n in range(len(given_))]
    bases = {name: one[0] for name, one in zip(names, given_, strict=True)}
    limits = {
        name: Limit(lock=base * high) if locked else Limit(low=base * low, high=base * high)
        for name, (base, low, high, locked) in zip(names, given_, strict=True)
    }
    join = sum if sign == "+" else math.prod
    lowest = join(limits[name].ends[0] for name in names)
    highest = join(limits[name].ends[1] for name in names)
    target = join(bases.values()) * growth
    made = allocate(task({"goal": f" {sign} ".join(names)}, bases, target, limits, by))
    for name in names:
        low, high = limits[name].ends
        assert low * (1 - 1e-12) <= made.values[name] <= high * (1 + 1e-12)
    inside = lowest * (1 - 1e-12) <= target <= highest * (1 + 1e-12)
    assert made.feasible == inside or math.isclose(made.reached, target, rel_tol=1e-8)
    if not made.feasible:
        assert made.reached == pytest.approx(highest if target > highest else lowest, rel=1e-9)
        assert made.conflicts


# --- worked by hand ----------------------------------------------------------------------------------------

SALES = {"orders": "sessions * conversion", "sales": "orders * order_value"}
NOW = {"sessions": 50_000.0, "conversion": 0.03, "order_value": 900.0}  # sales 1,350,000


def test_sales_grow_by_a_tenth_and_each_factor_by_its_third_of_the_log_growth() -> None:
    made = allocate(task(SALES, NOW, 1_485_000.0))
    third = 1.1 ** (1 / 3)  # 1.032280...
    assert third == pytest.approx(1.0322801154563672)
    assert made.values["sessions"] == pytest.approx(50_000 * third)
    assert made.values["conversion"] == pytest.approx(0.03 * third)
    assert made.values["order_value"] == pytest.approx(900 * third)
    assert made.values["orders"] == pytest.approx(1500 * third**2)
    assert made.method == "tree"
    assert made.several


def test_equal_gives_every_part_of_a_formula_the_same_growth() -> None:
    made = allocate(task(SALES, NOW, 1_485_000.0, by="equal"))
    half = 1.1**0.5
    assert made.values["orders"] == pytest.approx(1500 * half)
    assert made.values["sessions"] == pytest.approx(50_000 * half**0.5)


def test_channels_that_add_up_grow_by_their_level_or_by_the_same_amount() -> None:
    channels = {"sales": "search + mail + shop"}
    now = {"search": 100.0, "mail": 50.0, "shop": 0.0}
    by_level = allocate(task(channels, now, 180.0)).values
    assert (by_level["search"], by_level["mail"], by_level["shop"]) == pytest.approx((120.0, 60.0, 0.0))
    same = allocate(task(channels, now, 180.0, by="equal")).values
    assert (same["search"], same["mail"], same["shop"]) == pytest.approx((110.0, 60.0, 10.0))


def test_a_ratio_asks_nobody_for_worse() -> None:
    ratio = {"conversion": "orders / sessions"}
    now = {"orders": Driver(100.0, floor=0.0, better=1), "sessions": Driver(5000.0, floor=0.0, better=1)}
    made = allocate(task(ratio, now, 0.025)).values
    assert (made["orders"], made["sessions"]) == pytest.approx((125.0, 5000.0))
    held = allocate(task(ratio, now, 0.025, {"orders": Limit(high=110.0)})).values
    assert (held["orders"], held["sessions"]) == pytest.approx((110.0, 4400.0))  # nothing else is left
    either = allocate(task(ratio, {"orders": 100.0, "sessions": 5000.0}, 0.025)).values
    assert either["orders"] / 100 == pytest.approx(5000 / either["sessions"]) == pytest.approx(1.25**0.5)


def test_what_is_taken_away_helps_by_falling() -> None:
    made = allocate(task({"sales": "sold - returns"}, {"sold": 100.0, "returns": 50.0}, 80.0)).values
    assert (made["sold"], made["returns"]) == pytest.approx((120.0, 40.0))


def test_headroom_goes_the_same_share_of_the_way_to_the_best() -> None:
    drivers = {"a": Driver(10.0, best_up=20.0), "b": Driver(10.0, best_up=11.0), "c": Driver(10.0)}
    made = allocate(task({"goal": "a + b + c"}, drivers, 35.5, by="headroom")).values
    assert (made["a"], made["b"], made["c"]) == pytest.approx((15.0, 10.5, 10.0))
    none = allocate(task({"goal": "a + b"}, {"a": Driver(10.0), "b": Driver(30.0)}, 44.0, by="headroom"))
    assert none.values["a"] == pytest.approx(11.0)
    assert none.notes


def test_effort_moves_the_hard_one_less() -> None:
    drivers = {"a": Driver(100.0), "b": Driver(100.0, weight=0.25)}
    made = allocate(task({"goal": "a + b"}, drivers, 210.0, by="effort")).values
    assert (made["a"], made["b"]) == pytest.approx((108.0, 102.0))
    made = allocate(task({"goal": "a * b"}, drivers, 12_100.0, by="effort")).values
    assert math.log(made["a"] / 100) == pytest.approx(4 * math.log(made["b"] / 100))


@pytest.mark.parametrize(
    ("formula", "now", "target", "wanted"),
    [
        ("a - b", {"a": Driver(10.0), "b": Driver(30.0)}, -10.0, {"a": 12.5, "b": 22.5}),  # less of a loss
        ("a * b", {"a": Driver(0.0), "b": 10.0}, 50.0, {"a": 5.0, "b": 10.0}),  # from zero
        ("a * b", {"a": Driver(-5.0), "b": 10.0}, 20.0, {"a": 2.0, "b": 10.0}),  # to the other sign
        ("a + b", {"a": 60.0, "b": 40.0}, 100.0, {"a": 60.0, "b": 40.0}),  # met already
        ("a + b", {"a": 60.0, "b": 40.0}, 50.0, {"a": 30.0, "b": 20.0}),  # a goal that goes down
        ("a / b", {"a": 10.0, "b": 2.0}, 0.0, {"a": 0.0, "b": 2.0}),  # to zero
        ("max(a, b)", {"a": 3.0, "b": 5.0}, 6.0, {"a": 3.0, "b": 6.0}),
        ("min(a, b)", {"a": 3.0, "b": 5.0}, 6.0, {"a": 6.0, "b": 6.0}),
        ("mean(a, b)", {"a": 10.0, "b": 30.0}, 22.0, {"a": 11.0, "b": 33.0}),
        ("a * 10% + 3 * b", {"a": 100.0, "b": 10.0}, 44.0, {"a": 110.0, "b": 11.0}),
    ],
)  # fmt: skip
def test_the_cases_people_get_wrong(
    formula: str, now: dict[str, Any], target: float, wanted: dict[str, float]
) -> None:
    made = allocate(task({"goal": formula}, now, target))
    assert made.feasible
    assert made.reached == pytest.approx(target)
    assert {name: made.values[name] for name in now} == pytest.approx(wanted)


# --- what stands in the way --------------------------------------------------------------------------------


def test_each_limit_in_the_way_says_what_it_would_have_to_be() -> None:
    made = allocate(
        task({"sales": "sold - returns"}, {"sold": 100.0, "returns": 50.0}, 80.0,
             {"sold": Limit(high=105.0), "returns": Limit(low=30.0)})
    )  # fmt: skip
    assert not made.feasible
    assert made.reached == 75.0
    found = {(one.node, one.kind, one.value): one.needed for one in made.conflicts}
    assert found == pytest.approx({("sold", "high", 105.0): 110.0, ("returns", "low", 30.0): 25.0})


def test_a_limit_on_a_node_between_counts_and_is_named() -> None:
    made = allocate(
        task(SALES, NOW, 1_485_000.0, {"orders": Limit(high=1550.0), "order_value": Limit(lock=900.0)})
    )
    assert made.reached == pytest.approx(1550 * 900)
    needed = {one.node: one.needed for one in made.conflicts}
    assert needed == {"orders": pytest.approx(1650.0), "order_value": pytest.approx(1_485_000 / 1550)}


def test_a_lock_that_its_own_parts_cannot_make_is_named() -> None:
    limits = {"orders": Limit(lock=2000.0), "sessions": Limit(lock=50_000.0), "conversion": Limit(high=0.035)}
    made = allocate(task(SALES, NOW, 1_800_000.0, limits))
    assert not made.feasible
    assert (made.conflicts[0].node, made.conflicts[0].value) == ("orders", 2000.0)
    assert made.conflicts[0].needed == pytest.approx(1750.0)


def test_what_can_never_be_is_named_as_such() -> None:
    drivers = {"visits": Driver(100.0, floor=0.0), "rate": Driver(0.5, floor=0.0, ceiling=1.0)}
    made = allocate(task({"goal": "visits * rate"}, drivers, 150.0, {"visits": Limit(high=120.0)}))
    assert made.reached == pytest.approx(120.0)
    assert {one.node: one.own for one in made.conflicts} == {"visits": True, "rate": False}


# --- by search ---------------------------------------------------------------------------------------------


def test_a_driver_that_feeds_two_parents_is_found_by_search() -> None:
    formulas = {"orders": "visits * rate", "goal": "orders * value - visits * cost"}
    now = {"visits": 100.0, "rate": 0.5, "value": 10.0, "cost": 1.0}
    wanted = task(formulas, now, 500.0)
    made = allocate(wanted)
    assert made.feasible
    assert made.method == "solver"
    assert made.several
    assert by_python(wanted, made.values, formulas) == pytest.approx(500.0, rel=1e-9)


def test_the_search_agrees_with_brute_force() -> None:
    """Share of a whole whose part stands above and below: the smallest moves, against a fine grid."""
    wanted = task({"goal": "a / (a + b)"}, {"a": 10.0, "b": 90.0}, 0.2)
    made = allocate(wanted)
    size = ((made.values["a"] - 10) / 10) ** 2 + ((made.values["b"] - 90) / 90) ** 2

    def cost(a: np.ndarray) -> float:  # b follows from a: b = a (1 - 0.2) / 0.2
        one = float(np.atleast_1d(a)[0])
        return ((one - 10) / 10) ** 2 + ((4 * one - 90) / 90) ** 2

    best = float(np.atleast_1d(brute(cost, ((1.0, 60.0),), Ns=2000))[0])
    assert made.values["a"] == pytest.approx(best, rel=1e-4)
    assert size <= cost(np.array([best])) * (1 + 1e-9)


def test_several_answers_of_one_driver_are_said_and_the_nearest_taken() -> None:
    made = allocate(task({"goal": "a * a"}, {"a": Driver(3.0)}, 16.0))
    assert made.values["a"] == pytest.approx(4.0)
    assert made.others == pytest.approx((-4.0,))
    assert made.several


def test_a_search_that_finds_none_says_so() -> None:
    made = allocate(task({"goal": "a / (a + b)"}, {"a": 10.0, "b": 90.0}, 1.2))
    assert not made.feasible
    assert made.reached == pytest.approx(1.0, abs=1e-3)
    assert "no values" in str(made.notes[0])
    assert [one.node for one in made.conflicts] == ["b"]


def test_a_node_between_locked_holds_in_a_search_too() -> None:
    formulas = {"orders": "visits * rate", "goal": "orders * value - visits * cost"}
    now = {"visits": 100.0, "rate": 0.5, "value": 10.0, "cost": 1.0}
    made = allocate(task(formulas, now, 500.0, {"orders": Limit(lock=52.0)}))
    assert made.feasible
    assert made.values["orders"] == pytest.approx(52.0, rel=1e-8)


# --- refusals and the past ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "limits", "words"),
    [
        ({"a": Driver(1.0)}, {"a": Limit(low=2.0, high=1.0)}, "above the upper"),
        ({"a": Driver(1.0, weight=0.0)}, {}, "Effort"),
        ({"a": Driver(math.nan)}, {}, "no value to start"),
    ],
)
def test_what_makes_no_sense_is_refused(now: dict[str, Any], limits: dict[str, Limit], words: str) -> None:
    with pytest.raises(Refused, match=words):
        task({"goal": "2 * a"}, now, 2.0, limits)


def test_everything_locked_is_either_there_or_in_the_way() -> None:
    there = allocate(
        task({"goal": "a + b"}, {"a": 1.0, "b": 2.0}, 3.0, {"a": Limit(lock=1.0), "b": Limit(lock=2.0)})
    )
    assert there.feasible
    away = allocate(
        task({"goal": "a + b"}, {"a": 1.0, "b": 2.0}, 4.0, {"a": Limit(lock=1.0), "b": Limit(lock=2.0)})
    )
    assert not away.feasible
    assert {one.node: one.needed for one in away.conflicts} == {
        "a": pytest.approx(2.0),
        "b": pytest.approx(3.0),
    }


def test_a_value_is_looked_up_in_the_past_in_the_direction_it_moves() -> None:
    past = [8.0, 13.0, math.nan, 11.0, 9.0]
    up = standing(12.0, 10.0, past)
    assert (up.percentile, up.last_reached, up.ever, up.periods) == (0.75, 1, True, 4)
    assert standing(14.0, 10.0, past).ever is False
    assert standing(8.5, 10.0, past).last_reached == 0
    assert standing(1.0, 2.0, []).ever is None
    assert best_of(past, share=1.0) == (8.0, 13.0)
