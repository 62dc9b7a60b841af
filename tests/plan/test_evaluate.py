"""The tree over all periods: measured beside computed, order, reuse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.errors import Refused
from kpi_tree.plan.evaluate import compile_plan, evaluate
from kpi_tree.plan.model import Node, Plan


def plan_of(*nodes: Node) -> Plan:
    return Plan("p", nodes={node.id: node for node in nodes})


SHOP = plan_of(
    Node("sales", "kgi", formula="orders * aov", kpi="sales"),
    Node("orders", formula="visits * conversion_rate"),
    Node("aov", assumption=500.0),
    Node("visits", kpi="sessions"),
    Node("campaign", "action"),
)


def test_measured_and_computed_stand_side_by_side_with_their_gap() -> None:
    found = evaluate(
        SHOP,
        {"sessions": [100, 200, np.nan], "conversion_rate": [0.02, 0.03, 0.03], "sales": [1100, 2900, 10]},
    )
    assert found["orders"].value.tolist()[:2] == [2, 6]
    assert found["sales"].source == "measured"
    assert found["sales"].gap is not None
    assert found["sales"].gap.tolist()[:2] == [100, -100]
    assert np.isnan(found["sales"].gap[2])
    assert found["aov"].source == "assumption"
    assert found["aov"].assumed
    assert not found["orders"].assumed
    assert "campaign" not in found


def test_what_a_plan_needs_from_the_data() -> None:
    program = compile_plan(SHOP)
    assert set(program.needed) == {"sales", "sessions", "conversion_rate"}
    assert program.outside == ("conversion_rate",)


def test_without_data_an_assumption_carries_up_and_says_so() -> None:
    plan = plan_of(
        Node("a", "kgi", formula="b * c"), Node("b", assumption=3.0), Node("c", assumption=2.0), Node("d")
    )
    found = evaluate(plan, {}, periods=2)
    assert found["a"].value.tolist() == [6, 6]
    assert found["a"].assumed
    assert found["d"].source == "none"


def test_an_unreadable_formula_computes_nothing() -> None:
    found = evaluate(plan_of(Node("a", "kgi", formula="b *"), Node("b")), {"b": [1.0]})
    assert found["a"].source == "none"


def test_series_of_different_length_and_circles_are_refused() -> None:
    with pytest.raises(Refused, match="different lengths"):
        evaluate(SHOP, {"sessions": [1, 2], "sales": [1]})
    with pytest.raises(Refused, match="a → b → a"):
        evaluate(plan_of(Node("a", formula="b"), Node("b", formula="a")), {"x": [1]})


def test_a_very_deep_tree() -> None:
    nodes = [Node(f"n{at}", formula=f"n{at + 1} + 1") for at in range(3000)]
    found = evaluate(plan_of(*nodes, Node("n3000")), {"n3000": [0.0]})
    assert found["n0"].value.tolist() == [3000]


@settings(max_examples=20)
@given(st.data())
def test_only_what_changed_is_computed_again_and_the_answer_is_the_same(data: st.DataObject) -> None:
    nodes = {f"n{at}": Node(f"n{at}") for at in range(12)}
    for at in range(6):
        below = [f"n{number}" for number in range(at + 1, 12)]
        parts = data.draw(st.lists(st.sampled_from(below), min_size=1, max_size=3))
        nodes[f"n{at}"] = Node(f"n{at}", formula=" + ".join(parts))
    plan = Plan("p", nodes=nodes)
    series = {f"n{at}": np.arange(4.0) + at for at in range(6, 12)}
    first = evaluate(plan, series)
    again = evaluate(plan, series, before=first)
    assert again.reused == 12
    changed = data.draw(st.sampled_from(sorted(series)))
    series = {**series, changed: series[changed] * 2}
    partly = evaluate(plan, series, before=again)
    whole = evaluate(plan, series)
    above = {changed, *plan.ancestors(changed)}
    assert partly.reused == 12 - len(above)
    for node in nodes:
        assert partly[node].value.tolist() == whole[node].value.tolist()


def test_after_an_edit_of_a_formula_only_what_stands_above_it_is_computed_again() -> None:
    series = {"d": np.array([1.0, 2.0]), "e": np.array([3.0, 4.0])}
    nodes = [Node("a", "kgi", formula="b + c"), Node("c", formula="d * 2"), Node("d"), Node("e")]
    first = evaluate(plan_of(*nodes, Node("b", formula="d + e")), series)
    second = evaluate(plan_of(*nodes, Node("b", formula="d - e")), series, before=first)
    assert second.reused == 3
    assert second["c"].value is first["c"].value
    assert second["a"].value.tolist() == [-2 + 2, -2 + 4]
    grown = plan_of(*nodes, Node("b", formula="d - e * foreign"), Node("x", assumption=1.0))
    third = evaluate(grown, series, before=second)
    assert third["b"].source == "computed"
    assert np.isnan(third["b"].value).all()
    assert third["x"].value.tolist() == [1, 1]
    assert third["c"].value is first["c"].value
    assert evaluate(grown, series, before=third).reused == 6, "also what has no value"


def test_a_result_stays_what_it_was_when_it_is_computed_again() -> None:
    """Steps are done in the memory of their result, never in that of an input."""
    inputs = {name: np.arange(1.0, 4.0) for name in "bcde"}
    formulas = {"a": "b + c - d + e", "same": "b", "r": "b * c / d / e"}
    plan = plan_of(*(Node(name, formula=text) for name, text in formulas.items()), *map(Node, "bcde"))
    found = evaluate(plan, inputs)
    kept = found["a"].value.copy(), found["r"].value.copy()
    assert found["a"].value.tolist() == [2, 4, 6]
    assert found["r"].value.tolist() == [1, 1, 1]
    evaluate(plan, {**inputs, "e": np.zeros(3)}, before=found)
    assert found["a"].value.tolist() == kept[0].tolist()
    assert found["r"].value.tolist() == kept[1].tolist()
    assert all(values.tolist() == [1, 2, 3] for values in inputs.values())


IMPOSSIBLE: dict[str, list[float | None]] = {
    "b / c": [0.5, None],
    "d / (b / c)": [2.0, None],
    "b * big * big": [None, None],
    "-(c - 2)": [0.0, 2.0],
}


@pytest.mark.parametrize(("formula", "wanted"), IMPOSSIBLE.items())
def test_endless_and_impossible_values_are_no_value(formula: str, wanted: list[float | None]) -> None:
    plan = plan_of(Node("a", "kgi", formula=formula), Node("b"), Node("c"), Node("d"), Node("big"))
    found = evaluate(plan, {"b": [1, 1], "c": [2, 0], "d": [1, 1], "big": [1e300, 1e300]})
    assert [None if np.isnan(one) else one for one in found["a"].value] == wanted
