"""Contributions against the definition: the mean over every order in which the drivers could have changed."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.analysis.contribution import Branch, explain, lmdi, mix_and_rate, shapley
from kpi_tree.analysis.formula_split import branch_of
from kpi_tree.errors import Refused
from kpi_tree.plan.formula import parse
from kpi_tree.plan.formula_values import evaluate

FORMULAS = [
    "a + b - c",
    "a * b * c",
    "a * b / c",
    "(a - b) * c",
    "a / (b + c)",
    "a * 2 + b / c",
    "min(a, b) + c",
]
numbers = st.floats(0.5, 100)
states = st.fixed_dictionaries({"a": numbers, "b": numbers, "c": numbers})


def by_every_order(text: str, before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """The definition, one order at a time, with Python's own arithmetic."""
    found = dict.fromkeys(before, 0.0)
    orders = list(permutations(before))
    for order in orders:
        state = dict(before)
        for name in order:
            old = eval(text, {"min": min}, state)
            state[name] = after[name]
            found[name] += (eval(text, {"min": min}, state) - old) / len(orders)
    return found


def of(text: str):
    expr = parse(text)
    return lambda values: evaluate(expr, values)


@given(st.sampled_from(FORMULAS), states, states)
def test_shapley_is_the_mean_over_every_order(text: str, before: dict, after: dict) -> None:
    found = shapley(of(text), before, after)
    expected = by_every_order(text, before, after)
    size = max(1.0, *(abs(x) for x in expected.values()))
    for name in before:
        assert found[name] == pytest.approx(expected[name], rel=1e-7, abs=1e-9 * size)
    change = eval(text, {"min": min}, dict(after)) - eval(text, {"min": min}, dict(before))
    assert sum(found.values()) == pytest.approx(change, rel=1e-7, abs=1e-9 * size)


def test_two_factors_are_the_midpoint_rule() -> None:
    found = shapley(of("a * b"), {"a": 100.0, "b": 3.0}, {"a": 120.0, "b": 2.0})
    assert found == {"a": pytest.approx(20 * 2.5), "b": pytest.approx(-1 * 110)}


def test_what_did_not_change_contributes_nothing() -> None:
    assert shapley(of("a * b"), {"a": 2.0, "b": 3.0}, {"a": 2.0, "b": 4.0})["a"] == 0


def test_a_zero_denominator_on_the_way_is_no_value() -> None:
    found = shapley(of("a / b"), {"a": 1.0, "b": 0.0}, {"a": 2.0, "b": 4.0})
    assert all(value != value for value in found.values())


def test_too_many_drivers_at_once_are_refused() -> None:
    names = {f"x{n}": float(n) for n in range(30)}
    with pytest.raises(Refused, match="30 drivers"):
        shapley(lambda v: sum(v.values()), names, {name: value + 1 for name, value in names.items()})


@given(st.lists(numbers, min_size=8, max_size=8))
def test_what_stands_under_a_node_adds_up_to_it(x: list[float]) -> None:
    leaves = [
        dict(zip(("sessions", "rate", "value", "returns"), part, strict=True)) for part in (x[:4], x[4:])
    ]
    for leaf in leaves:
        leaf["orders"] = leaf["sessions"] * leaf["rate"]
        leaf["gross"] = leaf["orders"] * leaf["value"]
        leaf["sales"] = leaf["gross"] - leaf["returns"] + 1.0  # one that no formula explains, in both
    leaves[1]["sales"] += 0.5  # and a half more in the second
    branches = {
        "sales": Branch(("gross", "returns"), of("gross - returns")),
        "gross": Branch(("orders", "value"), of("orders * value")),
        "orders": Branch(("sessions", "rate"), of("sessions * rate")),
    }
    found = explain("sales", branches, *leaves)
    total = leaves[1]["sales"] - leaves[0]["sales"]
    values = {share.id: share.value for share in found if not share.unexplained}
    size = max(abs(v) for leaf in leaves for v in leaf.values())
    rest = [share for share in found if share.unexplained]
    assert [share.parent for share in rest] == ["sales"]
    assert rest[0].value == pytest.approx(0.5, abs=1e-9 * size)
    assert values["gross"] + values["returns"] + rest[0].value == pytest.approx(total, abs=1e-9 * size)
    assert values["orders"] + values["value"] == pytest.approx(values["gross"], abs=1e-8 * size)
    assert values["sessions"] + values["rate"] == pytest.approx(values["orders"], abs=1e-7 * size)


def test_a_share_of_no_change_is_no_value() -> None:
    branch = {"t": Branch(("a", "b"), of("a + b"))}
    found = explain("t", branch, {"t": 5.0, "a": 2.0, "b": 3.0}, {"t": 5.0, "a": 3.0, "b": 2.0})
    assert [(s.value, s.share) for s in found] == [(1.0, None), (-1.0, None)]


@given(
    st.fixed_dictionaries({"a": numbers, "b": numbers}), st.fixed_dictionaries({"a": numbers, "b": numbers})
)
def test_lmdi_adds_up(before: dict, after: dict) -> None:
    found = lmdi(before, after)
    change = after["a"] * after["b"] - before["a"] * before["b"]
    assert sum(found.values()) == pytest.approx(change, rel=1e-6, abs=1e-6)
    assert lmdi({"a": 0.0}, {"a": 1.0}) is None


pairs = st.lists(
    st.tuples(st.floats(0, 50), st.one_of(st.just(0.0), st.floats(1, 100))), min_size=3, max_size=3
)


@given(pairs, pairs)
def test_mix_and_rate_add_up_to_the_ratios_change(before: list, after: list) -> None:
    before, after = ([(n if d else 0.0, d) for n, d in state] for state in (before, after))
    found = mix_and_rate(["a", "b", "c"], before, after)
    wholes = [(sum(n for n, _ in state), sum(d for _, d in state)) for state in (before, after)]
    if not all(d for _, d in wholes):
        assert found is None
        return
    change = wholes[1][0] / wholes[1][1] - wholes[0][0] / wholes[0][1]
    assert sum(part.mix + part.rate for part in found) == pytest.approx(change, rel=1e-7, abs=1e-9)


def test_a_better_mix_with_no_better_rate_is_all_mix() -> None:
    found = mix_and_rate(["a", "b"], [(1, 10), (4, 10)], [(1, 10), (8, 20)])
    assert [part.rate for part in found] == [0, 0]
    assert sum(part.mix for part in found) == pytest.approx(9 / 30 - 5 / 20)


@given(states, states, st.sampled_from([*FORMULAS, "-(a * b) + c / b - (a - c)", "a * b - (c - a) * 2"]))
def test_term_by_term_is_the_same_as_every_order(before, after, text) -> None:
    names = parse(text).names
    old, new = ({name: state[name] for name in names} for state in (before, after))
    split = branch_of(parse(text)).split
    assert split is not None
    expected = by_every_order(text, old, new)
    size = max(map(abs, expected.values()), default=0) + 1
    assert split(old, new).values == pytest.approx(expected, rel=1e-9, abs=1e-9 * size)


def test_a_long_sum_is_split_at_once() -> None:
    names = [f"n{i}" for i in range(200)]
    split = branch_of(parse(" + ".join(names))).split
    assert split is not None
    before, after = dict.fromkeys(names, 1.0), {name: float(i) for i, name in enumerate(names)}
    assert split(before, after).values == {name: float(i - 1) for i, name in enumerate(names)}


def test_logarithms_where_a_term_is_a_product_of_amounts() -> None:
    split = branch_of(parse("a * b / c - d"), "lmdi").split
    assert split is not None
    old, new = {"a": 10.0, "b": 5.0, "c": 2.0, "d": 1.0}, {"a": 12.0, "b": 6.0, "c": 3.0, "d": 0.0}
    parts = split(old, new).values
    assert parts["d"] == 1.0
    assert sum(parts.values()) == pytest.approx((12 * 6 / 3) - (10 * 5 / 2 - 1))
    assert parts["a"] == pytest.approx(parts["b"])  # both grew by the same factor
    nothing = split({**old, "a": 0.0}, new).values  # no logarithm of zero: the mean of all orders instead
    assert sum(nothing.values()) == pytest.approx(24 - (-1))
