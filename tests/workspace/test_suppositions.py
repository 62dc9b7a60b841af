"""Kept scenarios, goal seek, and a scenario sent to owners: by pencil on a small shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Conflict, NotFound, Refused
from kpi_tree.i18n import translate
from kpi_tree.periods import parse_period
from kpi_tree.plan.model import Plan, Target
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, Change

AT = date(2026, 2, 28)
MORE = {"orders": Change(0.1, relative=True)}
FEBRUARY = parse_period("2026-02")


@pytest.fixture
def shop(home: Home, put: Callable[..., Any], trade: Callable[..., Any], small_plan: Plan) -> Home:
    """Half a year of 2 orders of 100 a day."""
    del small_plan
    put(trade(date(2025, 9, 1), 181))
    return home


def test_save_list_rename_delete_and_bring_back(shop: Home, owner: Asker) -> None:
    made = workspace.save_scenario(shop, owner, "  More   orders ", "sales", MORE, period="2026-02")
    assert (made.id, made.name, made.changes, made.period) == ("more_orders", "More orders", MORE, "2026-02")
    assert workspace.scenario_list(shop, owner) == [made]
    again = workspace.save_scenario(shop, owner, "more orders", "sales", {"aov": Change(120)})
    assert (again.id, again.changes) == ("more_orders", {"aov": Change(120.0)})
    renamed = workspace.rename_scenario(shop, owner, "more_orders", "Dearer")
    assert (renamed.id, renamed.name) == ("more_orders", "Dearer")
    workspace.delete_scenario(shop, owner, "dearer")
    assert workspace.scenario_list(shop, owner) == []
    assert workspace.bring_scenario_back(shop, owner, "more_orders").name == "Dearer"
    assert workspace.check(shop, owner)["ok"]


def test_what_cannot_be_kept_is_refused(shop: Home, owner: Asker) -> None:
    with pytest.raises(NotFound, match="Did you mean orders"):
        workspace.save_scenario(shop, owner, "Typo", "sales", {"order": Change(1)})
    with pytest.raises(Refused, match="Nothing is changed"):
        workspace.save_scenario(shop, owner, "Empty", "sales", {})
    with pytest.raises(Refused, match="needs a name"):
        workspace.save_scenario(shop, owner, " ", "sales", MORE)
    with pytest.raises(Refused, match="number is expected"):
        workspace.save_scenario(shop, owner, "Odd", "sales", {"orders": Change(float("nan"))})
    workspace.save_scenario(shop, owner, "One", "sales", MORE)
    workspace.save_scenario(shop, owner, "Two", "sales", MORE)
    with pytest.raises(Refused, match="There is a scenario one already"):
        workspace.rename_scenario(shop, owner, "Two", "one")
    with pytest.raises(NotFound, match="Did you mean"):
        workspace.delete_scenario(shop, owner, "Tvo")
    with pytest.raises(Conflict):
        workspace.save_scenario(
            shop, owner, "One", "sales", {"aov": Change(1.0)}, scenario="one", base_revision=99
        )


def test_side_by_side_and_one_whose_driver_is_gone(shop: Home, owner: Asker) -> None:
    workspace.save_scenario(shop, owner, "A", "sales", MORE, period="2026-02")
    workspace.save_scenario(shop, owner, "B", "sales", {"aov": Change(150)}, period="2026-02")
    first, second = workspace.compare_scenarios(shop, owner, ["A", "B"], at=AT)
    assert first.found is not None
    assert second.found is not None
    assert (first.found.change, second.found.change) == pytest.approx((560, 2800))
    plan = workspace.plan(shop, owner)
    top = plan.nodes["sales"]
    workspace.edit_plan(
        shop, owner, plan.id,
        [{"op": "set_field", "node": "sales", "field": "formula", "before": top.formula,
          "after": "orders * 2"}],
        base_revision=plan.revision,
    )  # fmt: skip
    (gone,) = workspace.compare_scenarios(shop, owner, ["B"], at=AT)
    assert gone.found is None
    assert "does not stand below" in translate(gone.problem, "en")


def test_what_a_driver_would_have_to_be(shop: Home, owner: Asker) -> None:
    found = workspace.seek_value(shop, owner, "sales", "orders", goal=7000, at=AT, period=FEBRUARY)
    assert (found.base, found.value) == pytest.approx((56, 70))
    both = workspace.seek_value(
        shop, owner, "sales", "orders", goal=7000, at=AT, period=FEBRUARY, changes={"aov": Change(125)}
    )
    assert both.value == pytest.approx(56)
    with pytest.raises(Refused, match="no target"):
        workspace.seek_value(shop, owner, "sales", "orders", at=AT, period=FEBRUARY)
    nowhere = workspace.seek_value(
        shop, owner, "sales", "orders", goal=7000, at=AT, period=FEBRUARY, changes={"aov": Change(0)}
    )
    assert nowhere.value is None
    assert "No value of it alone" in nowhere.to_dict()["why_not"]


@pytest.fixture
def aimed(shop: Home, owner: Asker) -> Home:
    """The same shop, sales meant to reach 30,000 in the first quarter."""
    plan = workspace.plan(shop, owner)
    target = Target("q1", "sales", parse_period("2026-Q1"), 30_000.0)
    workspace.edit_plan(
        shop, owner, plan.id, [{"op": "set_target", "target": "q1", "after": target.to_dict()}],
        base_revision=plan.revision,
    )  # fmt: skip
    return shop


def test_a_scenario_is_sent_to_the_owners_as_promises(aimed: Home, owner: Asker) -> None:
    changes = {"orders": Change(0.5, relative=True), "aov": Change(110)}
    asked = {one.node: one for one in workspace.propose_scenario(aimed, owner, "sales", changes, at=AT)}
    # 59 of the quarter's 90 days have run: 118 orders so far, half as many again, over 90 days.
    assert asked["orders"].asked == pytest.approx(118 * 1.5 * 90 / 59)
    assert asked["aov"].asked == pytest.approx(110)
    plan = workspace.plan(aimed, owner)
    assert {one.promise for one in plan.targets.values() if one.node in asked} == {"asked"}
    workspace.undo(aimed, owner)
    assert set(workspace.plan(aimed, owner).targets) == {"q1"}


def test_the_chance_of_the_target(aimed: Home, owner: Asker) -> None:
    plain, better = (
        workspace.whatif(aimed, owner, "sales", changes, at=AT, samples=300)
        for changes in ({}, {"orders": Change(1.0, relative=True)})
    )
    assert plain.aimed is not None
    assert better.aimed is not None
    assert plain.aimed.kind == "path"
    assert (plain.aimed.chance, better.aimed.chance) == (0, 1)
    assert sum(n for _, _, n in plain.bins) == plain.samples == 300
    assert {one.id for one in better.moved} == {"orders", "sales"}
