"""The best set of actions under a budget, against every subset there is."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.analysis.budget import Candidate, Chosen, Limits, best, by_steps, curve, next_step

NAMES = [f"a{n}" for n in range(8)]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Candidate], Limits]:
    size = draw(st.integers(1, len(NAMES)))
    names = NAMES[:size]
    some = st.lists(st.sampled_from([*names, "elsewhere"]), max_size=1).map(tuple)
    made = [
        Candidate(
            name, float(draw(st.integers(-20, 100))), float(draw(st.integers(0, 30))),
            float(draw(st.integers(0, 20))), draw(st.sampled_from(["Kari", "Ola"])), draw(some), draw(some),
            draw(st.sampled_from([False] * 9 + [True])),
        )
        for name in names
    ]  # fmt: skip
    money = st.none() | st.integers(0, 120).map(float)
    limits = Limits(draw(money), draw(money), draw(st.sampled_from([{}, {"Kari": 15.0}])))
    return made, limits


def fits(ones: tuple[Candidate, ...], every: list[Candidate], limits: Limits) -> bool:
    ids = {one.id for one in ones}
    spent = {who: sum(one.hours for one in ones if one.owner == who) for who in ("Kari", "Ola")}
    return (
        all(one.id in ids for one in every if one.must)
        and all(set(one.needs) <= ids for one in ones)
        and not any(set(one.excludes) - {one.id} & ids for one in ones)
        and (limits.budget is None or sum(one.cost for one in ones) <= limits.budget)
        and (limits.hours is None or sum(spent.values()) <= limits.hours)
        and all(spent[who] <= most for who, most in limits.hours_of.items())
    )


def every_subset(every: list[Candidate], limits: Limits) -> list[tuple[float, float]]:
    """Gain and cost of each set that fits."""
    subsets = (ones for n in range(len(every) + 1) for ones in combinations(every, n))
    return [
        (sum(one.gain for one in ones), sum(one.cost for one in ones))
        for ones in subsets
        if fits(ones, every, limits)
    ]


@settings(max_examples=25, deadline=None)
@given(cases())
def test_as_good_as_the_best_of_all_subsets_and_as_cheap(case: tuple[list[Candidate], Limits]) -> None:
    every, limits = case
    sets = every_subset(every, limits)
    found = best(every, limits)
    if not sets:
        assert found is None
        return
    assert found is not None
    most = max(gain for gain, _ in sets)
    assert found.gain == pytest.approx(most)
    assert found.cost == pytest.approx(min(cost for gain, cost in sets if gain == most))
    assert fits(tuple(one for one in every if one.id in found.ids), every, limits)


@settings(max_examples=25, deadline=None)
@given(cases())
def test_the_curve_is_the_best_gain_for_every_budget(case: tuple[list[Candidate], Limits]) -> None:
    every, limits = case
    every = every[:6]
    unbound = Limits(None, limits.hours, limits.hours_of)
    sets = every_subset(every, unbound)
    rising: list[tuple[float, float]] = []
    for gain, cost in sorted(sets, key=lambda one: (one[1], -one[0])):
        if not rising or gain > rising[-1][1]:
            rising.append((cost, gain))
    for way in (curve, by_steps):
        found = [(one.cost, one.gain) for one in way(every, limits)]
        assert len(found) == len(rising)
        assert sum(found, ()) == pytest.approx(sum(rising, ()))


def test_the_next_action_in() -> None:
    every = [Candidate("a", 10, 6), Candidate("b", 9, 5), Candidate("c", 30, 50)]
    now = best(every, Limits(budget=6))
    assert now == Chosen(("a",), 10, 6, 0)
    step = next_step(every, Limits(budget=6), now.gain)
    assert step is not None
    assert (step.ids, step.cost, step.gain) == (("a", "b"), 11, 19)
    assert next_step(every, Limits(), 49) is None


def test_nothing_to_choose_from() -> None:
    assert best([], Limits(budget=5)) == Chosen((), 0, 0, 0)
    assert curve([], Limits()) == [Chosen((), 0, 0, 0)]
    assert best([Candidate("a", 1, 5, must=True)], Limits(budget=4)) is None


def test_the_solver_keeps_its_words_to_itself(capfd: pytest.CaptureFixture[str]) -> None:
    """HiGHS prints a line for some of these, which would stand before the document of ``--json``."""
    rng = np.random.default_rng(1)
    every = [
        Candidate(
            f"a{n}", float(rng.lognormal(8, 1)), float(rng.integers(1, 100) * 500), float(rng.integers(1, 80))
        )
        for n in range(20)
    ]
    found = by_steps(every, Limits(None, sum(one.hours for one in every) * 0.4))
    assert len(found) > 20
    assert capfd.readouterr().out == ""
    print("still here")
    assert capfd.readouterr().out == "still here\n"
