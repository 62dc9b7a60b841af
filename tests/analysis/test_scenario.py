"""What if: against Python's own arithmetic, and chance against what is known of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.analysis.scenario import Ground, by_chance
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.program import compile_plan

NODES = {
    "sales": Node("sales", "kgi", formula="orders * value - returns"),
    "orders": Node("orders", formula="visits * rate"),
    **{name: Node(name) for name in ("value", "returns", "visits", "rate")},
}
GROUND = compile_plan(Plan("p", nodes=NODES))
amounts = st.floats(0.1, 1000)


@given(
    st.fixed_dictionaries(dict.fromkeys(("value", "returns", "visits", "rate"), amounts)),
    st.dictionaries(st.sampled_from(["value", "returns", "visits", "rate", "orders"]), amounts, min_size=1),
    st.floats(-50, 50),
    st.floats(-50, 50),
)
def test_what_stands_above_moves_by_what_its_formula_moves(base, changed, odd_sales, odd_orders) -> None:
    def tree(at: dict[str, float], fixed: float | None) -> tuple[float, float]:
        orders = at["visits"] * at["rate"] + odd_orders if fixed is None else fixed
        return orders * at["value"] - at["returns"] + odd_sales, orders

    sales, orders = tree(base, None)
    ground = Ground(GROUND, {**base, "sales": sales, "orders": orders})
    new, made = tree({**base, **changed}, changed.get("orders"))
    found = ground.with_values(changed)
    size = abs(new) + abs(sales) + 1
    assert float(found["sales"]) == pytest.approx(new, rel=1e-9, abs=1e-9 * size)
    assert float(found["orders"]) == pytest.approx(made, rel=1e-9, abs=1e-6)


def test_what_comes_on_top_adds_to_what_is_made_below() -> None:
    ground = Ground(
        GROUND, {"visits": 100.0, "rate": 0.1, "orders": 10.0, "value": 5.0, "returns": 0.0, "sales": 50.0}
    )
    found = ground.with_values({"visits": 200.0}, {"orders": 3.0, "value": 1.0})
    assert float(found["orders"]) == 23
    assert float(found["sales"]) == 23 * 6


def test_the_leaves_are_what_formulas_end_in() -> None:
    ground = Ground(GROUND, {})
    assert ground.leaves("sales") == ("rate", "returns", "value", "visits")
    assert ground.leaves("orders") == ("rate", "visits")
    assert ground.leaves("value") == ()


def test_a_past_without_chance_draws_nothing_but_itself() -> None:
    trend = np.linspace(100, 200, 60)[:, None] * np.array([[1.0, 3.0]])
    drawn = by_chance(trend, 4, 500, seed=3)
    assert drawn is not None
    assert np.abs(drawn - 1).max() < 0.05  # a straight trend is usual, not chance


def test_leaves_move_together_as_they_did() -> None:
    noise = np.random.default_rng(5).normal(1, 0.1, 100)
    drawn = by_chance(np.column_stack([noise * 50, (2 - noise) * 20]), 1, 2000, seed=7)
    assert drawn is not None
    assert np.corrcoef(drawn.T)[0, 1] < -0.9
    assert drawn.mean(axis=0) == pytest.approx([1, 1], abs=0.02)


def test_a_longer_span_evens_out_and_a_seed_repeats() -> None:
    weeks = np.random.default_rng(5).normal(100, 10, (104, 1))
    short, long = by_chance(weeks, 1, 4000, seed=1), by_chance(weeks, 16, 4000, seed=1)
    assert short is not None
    assert long is not None
    assert long.std() < short.std() / 2.5  # sixteen independent weeks: a quarter, and blocks of four
    assert np.array_equal(short, by_chance(weeks, 1, 4000, seed=1))


def test_too_little_history_draws_nothing() -> None:
    assert by_chance(np.ones((10, 2)), 4, 100, seed=1) is None
    gaps = np.full((60, 1), np.nan)
    assert by_chance(gaps, 4, 100, seed=1) is None
