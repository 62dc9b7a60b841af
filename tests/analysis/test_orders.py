"""The mean over every order without walking them, against walking them; invariances; worked examples."""

from __future__ import annotations

import math
import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.analysis.contribution import explain, mix_and_rate
from kpi_tree.analysis.formula_split import branch_of
from kpi_tree.analysis.orders import estimated, shared_out
from kpi_tree.plan.formula import parse
from kpi_tree.plan.formula_values import evaluate

NAMES = "abcdefgh"
numbers = st.one_of(st.floats(0.5, 50), st.sampled_from([1.0, 2.0]))
states = st.fixed_dictionaries(dict.fromkeys(NAMES, numbers))


def walked(text: str, before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """The definition: every order, Python's own arithmetic."""
    names = [name for name in before if before[name] != after[name]]
    formula = eval(f"lambda {','.join(before)}: {text}", {"min": min, "max": max})
    value = []  # of every set of names that have changed, the set as bits
    for bits in range(1 << len(names)):
        value.append(formula(**before | {name: after[name] for n, name in enumerate(names) if bits >> n & 1}))
    found = dict.fromkeys(before, 0.0)
    for order in permutations(range(len(names))):
        bits = 0
        for n in order:
            found[names[n]] += value[bits | 1 << n] - value[bits]
            bits |= 1 << n
    return {name: value / math.factorial(len(names)) for name, value in found.items()}


def test_eight_factors_by_all_40320_orders() -> None:
    before = dict(zip(NAMES, (10, 0.05, 80, 1.2, 3, 0.9, 2, 7), strict=True))
    after = dict(zip(NAMES, (12, 0.04, 95, 1.1, 4, 0.8, 3, 6), strict=True))
    text = "a * b * c * d / e * (f + g) - h"
    made = shared_out(parse(text), before, after)
    assert made.within == 0
    assert made.values == pytest.approx(walked(text, before, after), rel=1e-9)


@given(
    st.sampled_from([
        "a * b * c * d", "a / b / c", "a / (b + c)", "(a + b) * (c - d) / (a + d)",
        "min(a, b * c) + max(c, d)", "a * (b + c * (d + a))", "-(a - b) * 10% * c",
        "mean(a, b, c) / d", "a * a / b",
    ]),
    states, states,
)  # fmt: skip
def test_any_formula_is_the_mean_over_every_order(text: str, before: dict, after: dict) -> None:
    names = parse(text).names
    old, new = ({name: state[name] for name in names} for state in (before, after))
    python = text.replace("10%", "0.1").replace("mean(a, b, c)", "((a + b + c) / 3)")
    expected = walked(python, old, new)
    size = 1 + max(map(abs, expected.values()))
    assert shared_out(parse(text), old, new).values == pytest.approx(expected, rel=1e-8, abs=1e-9 * size)


@settings(max_examples=20)
@given(st.integers(20, 90), st.randoms(use_true_random=False))
def test_a_long_product_adds_up(count: int, chance: random.Random) -> None:
    names = [f"n{i}" for i in range(count)]
    text = "".join(f" {chance.choice('*/')} {name}" for name in names).strip(" */")
    old, new = ({name: chance.uniform(0.8, 1.25) for name in names} for _ in range(2))
    made = shared_out(parse(text), old, new)
    change = float(evaluate(parse(text), new) - evaluate(parse(text), old))
    assert made.within == 0
    size = max(abs(change), *map(abs, made.values.values()))
    assert math.fsum(made.values.values()) == pytest.approx(change, rel=1e-9, abs=1e-9 * size)


def test_a_long_sum_that_is_divided_by_is_estimated_within_what_it_says() -> None:
    names = [f"n{i}" for i in range(14)]
    old, new = dict.fromkeys(names, 1.0), {name: 1 + i / 10 for i, name in enumerate(names)}
    text = f"t / ({' + '.join(names)})"
    made = shared_out(parse(text), {"t": 50.0, **old}, {"t": 60.0, **new})
    assert made.within > 0
    some = names[-8:]
    fewer = [{"t": t, "rest": sum(s[n] for n in names[:6]), **{n: s[n] for n in some}}
             for t, s in ((50.0, old), (60.0, new))]  # fmt: skip
    exact = shared_out(parse(f"t / (rest + {' + '.join(some)})"), *fewer)
    assert made.values["t"] == pytest.approx(exact.values["t"], abs=2 * made.within + 0.02)
    assert math.fsum(made.values.values()) == pytest.approx(60 / sum(new.values()) - 50 / 14, rel=1e-9)
    again = estimated(parse(text), {"t": 50.0, **old}, {"t": 60.0, **new})
    assert again == made, "the same orders every time"


def test_an_estimate_covers_the_exact_value() -> None:
    text = "a * b / (c + d) + min(e, f)"
    chance = random.Random(2)
    for _ in range(20):
        old, new = ({name: chance.uniform(1, 9) for name in "abcdef"} for _ in range(2))
        exact, rough = shared_out(parse(text), old, new), estimated(parse(text), old, new, 4000)
        off = max(abs(exact.values[name] - rough.values[name]) for name in "abcdef")
        assert off <= rough.within * 1.5


def test_a_zero_that_is_divided_by_on_the_way_is_no_value() -> None:
    made = shared_out(parse("a / b * c"), {"a": 1, "b": 0, "c": 3}, {"a": 2, "b": 1, "c": 3})
    assert math.isnan(made.values["a"])
    assert made.values["c"] == 0


# --- invariances -------------------------------------------------------------------------------------------


@given(states, states, st.floats(0.01, 1000))
def test_units_and_order_do_not_matter(before: dict, after: dict, factor: float) -> None:
    one = shared_out(parse("a * b - c / d"), *({n: s[n] for n in "abcd"} for s in (before, after))).values
    turned = shared_out(
        parse("-(c / d) + b * a"), *({n: s[n] for n in "dcba"} for s in (before, after))
    ).values
    size = max(map(abs, one.values())) + 1
    assert turned == pytest.approx(one, rel=1e-9, abs=1e-9 * size)
    # b in a smaller unit: the formula divides by the factor, the parts stay.
    old, new = ({**{n: s[n] for n in "abcd"}, "b": s["b"] * factor} for s in (before, after))
    rescaled = shared_out(parse(f"a * b / {factor!r} - c / d"), old, new).values
    assert rescaled == pytest.approx(one, rel=1e-8, abs=1e-8 * size)


@given(states, states)
def test_a_node_split_in_two_keeps_the_others_parts(before: dict, after: dict) -> None:
    """``a`` as the sum of two halves: they share its part equally, b and c keep theirs."""
    whole = shared_out(parse("a * b + c"), *({n: s[n] for n in "abc"} for s in (before, after))).values
    halves = [{"x": s["a"] / 2, "y": s["a"] / 2, "b": s["b"], "c": s["c"]} for s in (before, after)]
    branches = {"top": branch_of(parse("a * b + c")), "a": branch_of(parse("x + y"))}
    full = [
        {**h, "a": s["a"], "top": s["a"] * s["b"] + s["c"]}
        for h, s in zip(halves, (before, after), strict=True)
    ]
    found = {one.id: one.value for one in explain("top", branches, *full) if not one.unexplained}
    size = max(abs(v) for v in whole.values()) + 1
    for name in "abc":
        assert found[name] == pytest.approx(whole[name], rel=1e-9, abs=1e-9 * size)
    assert found["x"] == pytest.approx(whole["a"] / 2, abs=1e-9 * size)


# --- random trees ------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.randoms(use_true_random=False), st.integers(5, 60))
def test_what_stands_under_a_random_tree_adds_up(chance: random.Random, count: int) -> None:
    below: dict[str, list[str]] = {"n0": []}
    for i in range(1, count):
        below[f"n{i}"] = []
        below[chance.choice([name for name in below if name != f"n{i}"])].append(f"n{i}")
    branches, texts = {}, {}
    for name, kids in below.items():
        if kids:
            texts[name] = kids[0] + "".join(f" {chance.choice('+-*/')} {kid}" for kid in kids[1:])
            branches[name] = branch_of(parse(texts[name]))
    sides = []
    for _ in range(2):
        values = {name: chance.uniform(0.9, 1.2) for name, kids in below.items() if not kids}
        for name in reversed(list(below)):  # a child always comes after its parent
            if name in texts:
                made = float(evaluate(parse(texts[name]), {k: values[k] for k in below[name]}))
                values[name] = made + chance.choice([0.0, 0.01])  # measured a little off its formula
        sides.append(values)
    if any(not math.isfinite(v) or abs(v) > 1e6 for s in sides for v in s.values()):
        return
    found = explain("n0", branches, *sides)
    leaves = [one.value for one in found if one.unexplained or one.id not in branches]
    delta = sides[1]["n0"] - sides[0]["n0"]
    if any(value is None for value in leaves):
        return
    size = max(abs(delta), *(abs(value) for value in leaves))
    assert math.fsum(leaves) == pytest.approx(delta, rel=1e-9, abs=1e-9 * size)


# --- worked examples from the literature -------------------------------------------------------------------


def test_price_volume_of_a_textbook() -> None:
    """Price and volume variance, the joint effect halved between them: the midpoint rule of Bennet (1920).

    Budget 1,000 units at 10.00, actual 1,100 at 9.50: revenue 10,000 and 10,450. Price (9.50 - 10) x 1,050
    = -525, volume 100 x 9.75 = 975.
    """
    made = shared_out(parse("volume * price"), {"volume": 1000, "price": 10}, {"volume": 1100, "price": 9.5})
    assert made.values == pytest.approx({"price": -525, "volume": 975})


def test_logarithms_as_ang_works_them_out() -> None:
    """Ang (2005), "The LMDI approach to decomposition analysis: a practical guide": the weight is the
    logarithmic mean L(a, b) = (a - b) / ln(a / b), so that factors that grow by the same ratio get the same
    part and nothing is left over."""
    split = branch_of(parse("activity * structure * intensity"), "lmdi").split
    assert split is not None
    old = {"activity": 100.0, "structure": 0.4, "intensity": 2.0}
    new = {"activity": 150.0, "structure": 0.5, "intensity": 1.6}
    mean = (120 - 80) / math.log(120 / 80)
    expected = {name: mean * math.log(new[name] / old[name]) for name in old}
    assert split(old, new).values == pytest.approx(expected)
    assert sum(expected.values()) == pytest.approx(40)
    assert expected["structure"] == pytest.approx(-expected["intensity"])  # x 1.25 and x 0.8


def test_berkeleys_admissions_as_mix() -> None:
    """Bickel, Hammel and O'Connell (1975), "Sex bias in graduate admissions: data from Berkeley", the six
    largest departments: men were admitted more often as a whole, and hardly more in the departments
    themselves. From men to women the rate falls by 14 points, and mix makes more than all of it."""
    men = [(512, 825), (353, 560), (120, 325), (138, 417), (53, 191), (22, 373)]
    women = [(89, 108), (17, 25), (202, 593), (131, 375), (94, 393), (24, 341)]
    found = mix_and_rate(list("ABCDEF"), men, women)
    assert found is not None
    mix, rate = sum(one.mix for one in found), sum(one.rate for one in found)
    whole = 557 / 1835 - 1198 / 2691
    assert mix + rate == pytest.approx(whole)
    assert whole == pytest.approx(-0.1416, abs=1e-4)
    assert mix < whole, "mix took away more than the whole difference"
    assert rate > 0, "in the departments themselves women did better on the whole"
