"""A goal becomes a target with a baseline from the data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

TODAY = date(2026, 2, 10)
Trade = Callable[..., dict[str, list[dict[str, Any]]]]


def test_ten_percent_next_quarter_against_the_latest_whole_quarter(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan
) -> None:
    """200 a day in the fourth quarter of 2025 are 18,400; ten percent more is 20,240."""
    put(trade(date(2025, 10, 1), 132))
    understood = workspace.goal(home, owner, "Increase gross sales 10% next quarter", on=TODAY)
    made = workspace.set_goal(home, owner, understood, today=TODAY, baseline="previous_period")
    [target] = made.targets_of("sales")
    assert (target.baseline, target.baseline_label) == (18400.0, "2025-Q4")
    assert target.value == pytest.approx(20240.0)
    assert (target.period.start, target.period.end) == (date(2026, 4, 1), date(2026, 7, 1))
    assert made.revision == small_plan.revision + 1
    view = workspace.tree(home, owner, at=TODAY)[0]
    assert (view.status, view.target) == ("too_early", pytest.approx(20240.0))
    assert workspace.undo(home, owner).targets == {}


def test_the_same_goal_again_replaces_its_target(
    home: Home, owner: Asker, small_plan: Plan, now: datetime
) -> None:
    understood = workspace.goal(home, owner, "Increase gross sales 10% next quarter", on=TODAY)
    for number in (100.0, 200.0):
        made = workspace.set_goal(
            home, owner, understood, today=TODAY, baseline="number", baseline_value=number, now=now
        )
    assert small_plan.targets == {}
    assert [target.value for target in made.targets_of("sales")] == [pytest.approx(220.0)]


def test_without_data_the_baseline_is_asked_for_and_nothing_is_made(home: Home, owner: Asker) -> None:
    understood = workspace.goal(home, owner, "Increase sales 10% next quarter", on=TODAY)
    with pytest.raises(Refused, match="no whole data of sales"):
        workspace.set_goal(home, owner, understood, today=TODAY)
    assert workspace.plans(home, owner) == []


def test_the_first_goal_in_an_empty_home_makes_its_plan(home: Home, owner: Asker) -> None:
    understood = workspace.goal(home, owner, "Increase orders to 500 next quarter", on=TODAY)
    made = workspace.set_goal(home, owner, understood, today=TODAY)
    assert made.root() == "orders"
    assert [target.value for target in made.targets.values()] == [500.0]


def test_a_kpi_that_the_plan_does_not_have_joins_it(home: Home, owner: Asker, small_plan: Plan) -> None:
    understood = workspace.goal(home, owner, "Increase items per order to 3 next quarter", on=TODAY)
    made = workspace.set_goal(home, owner, understood, today=TODAY)
    assert made.nodes["items_per_order"].kpi == "items_per_order"
    assert "items_per_order" in made.children("sales")
    assert workspace.undo(home, owner).nodes.keys() == small_plan.nodes.keys()


def test_wrong_answers_are_refused_by_name(home: Home, owner: Asker, small_plan: Plan) -> None:
    understood = workspace.goal(home, owner, "Increase sales 10% next quarter", on=TODAY)
    with pytest.raises(Refused, match="no field colour"):
        workspace.set_goal(home, owner, understood, today=TODAY, colour="red")
    with pytest.raises(NotFound, match="salse"):
        workspace.set_goal(home, owner, understood, today=TODAY, kpi="salse")
    with pytest.raises(Refused, match="not a baseline"):
        workspace.set_goal(home, owner, understood, today=TODAY, baseline="yesterday")
    assert workspace.plan(home, owner) == small_plan
