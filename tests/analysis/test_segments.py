"""The smallest set of segments, against planted causes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.analysis.segments import Cell, smallest_set

COUNTRIES, DEVICES = ("DK", "FI", "NO", "SE"), ("desktop", "mobile", "tablet")


def planted(cause: dict[str, str], fall: float, seed: int) -> tuple[dict, float]:
    """A shop of countries and devices in which what fits ``cause`` falls; the rest wavers a little."""
    chance = np.random.default_rng(seed)
    both: dict[tuple[str, ...], Cell] = {}
    for country in COUNTRIES:
        for device in DEVICES:
            before = float(chance.uniform(500, 1500))
            hit = all({"country": country, "device": device}[dim] == value for dim, value in cause.items())
            after = before * (1 - fall if hit else 1 + chance.normal(0, 0.005))
            both[(country, device)] = Cell(after - before, before, after)
    cells = {("country", "device"): both}
    for place, dim in enumerate(("country", "device")):
        one: dict[tuple[str, ...], Cell] = {}
        for key, cell in both.items():
            old = one.get((key[place],), Cell(0, 0, 0))
            one[(key[place],)] = Cell(
                old.value + cell.value, old.before + cell.before, old.after + cell.after
            )
        cells[(dim,)] = one
    return cells, sum(cell.value for cell in both.values())


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from(COUNTRIES), st.sampled_from(DEVICES))
def test_the_planted_cause_is_found_at_its_own_level(seed: int, country: str, device: str) -> None:
    for cause in ({"country": country}, {"device": device}, {"country": country, "device": device}):
        cells, delta = planted(cause, 0.4, seed)
        found = smallest_set(cells, delta)
        assert found, cause
        assert found[0].dims == tuple(cause), cause
        assert found[0].keys == (tuple(cause.values()),)
        assert 0.7 <= found[0].share <= 1.3


def test_a_change_that_is_spread_as_the_whole_has_no_set() -> None:
    rows = {(name,): Cell(-10.0, 100.0, 90.0) for name in COUNTRIES}
    assert smallest_set({("country",): rows}, -40.0) == []


def test_a_set_that_makes_the_change_by_accident_is_none() -> None:
    rows = {("a",): Cell(-100, 500, 400), ("b",): Cell(95, 500, 595), ("c",): Cell(-5, 20, 15)}
    assert smallest_set({("x",): rows}, -10.0) == []


def test_no_change_has_no_set() -> None:
    assert smallest_set({("x",): {("a",): Cell(0, 1, 1)}}, 0.0) == []
