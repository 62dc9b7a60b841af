"""The ledger of actions: kept in the plan, measured against what the days before foretold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import translate
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

AT = date(2026, 3, 1)


@pytest.fixture
def shop(home: Home, put: Callable[..., Any], trade: Callable[..., Any], small_plan: Plan) -> Home:
    """Two orders of 100 a day from October to January, three a day in February."""
    del small_plan
    put(trade(date(2025, 10, 1), 123), "before.csv")
    put(trade(date(2026, 2, 1), 28, orders=3), "after.csv")
    return home


def add(home: Home, owner: Asker, kpi: str = "orders", **fields: Any) -> str:
    before = {one.id for one in workspace.actions(home, owner, at=AT)}
    workspace.add_action(home, owner, kpi, "New checkout", **fields)
    (made,) = [one.id for one in workspace.actions(home, owner, at=AT) if one.id not in before]
    return made


FEBRUARY = {"start": date(2026, 2, 1), "due": date(2026, 2, 28), "state": "done"}


def test_measured_against_the_days_before(shop: Home, owner: Asker) -> None:
    found = workspace.measure_action(shop, owner, add(shop, owner, **FEBRUARY), at=AT)
    # Two a day, every day, foretells 56 without a doubt; 84 came.
    assert (found.actual, found.without, found.measured) == pytest.approx((84, 56, 28))
    assert found.low <= found.measured <= found.high
    assert found.verdict == "confirmed"
    assert "28" in translate(found.reason, "en")


def test_no_effect_and_the_other_way(shop: Home, owner: Asker) -> None:
    january = {"start": date(2026, 1, 1), "due": date(2026, 1, 28), "state": "done"}
    assert workspace.measure_action(shop, owner, add(shop, owner, **january), at=AT).verdict == "no_effect"
    plan = workspace.plan(shop, owner)
    edit = {"op": "set_field", "node": "orders", "field": "direction", "after": "down"}
    workspace.edit_plan(shop, owner, plan.id, [edit], base_revision=plan.revision)
    down = workspace.measure_action(shop, owner, add(shop, owner, **FEBRUARY), at=AT)
    assert down.verdict == "opposite"


def test_not_delivered_and_too_early(shop: Home, owner: Asker) -> None:
    planned = add(shop, owner, **{**FEBRUARY, "state": "planned"})
    assert workspace.measure_action(shop, owner, planned, at=AT).verdict == "not_delivered"
    running = add(shop, owner, start=date(2026, 2, 20), due=date(2026, 3, 20), state="doing")
    found = workspace.measure_action(shop, owner, running, at=AT)
    assert found.verdict == "too_early"
    assert "28 Feb 2026" in translate(found.reason, "en")
    at_once = add(shop, owner, start=date(2025, 10, 3), due=date(2025, 10, 30), state="done")
    assert workspace.measure_action(shop, owner, at_once, at=AT).verdict == "too_early"  # no days before it


def test_actions_of_the_same_days_are_named(shop: Home, owner: Asker) -> None:
    first = add(shop, owner, **FEBRUARY)
    add(shop, owner, **FEBRUARY)
    (note,) = workspace.measure_action(shop, owner, first, at=AT).notes
    assert "cannot be told apart" in translate(note, "en")


def test_kept_in_the_plan_changed_and_undone(shop: Home, owner: Asker) -> None:
    made = add(shop, owner, "average_order_value", due=date(2026, 2, 10), expected_effect=12.5)
    (view,) = workspace.actions(shop, owner, at=AT)
    assert (view.kpi, view.expected, view.state, view.late) == ("aov", 12.5, "planned", True)
    workspace.change_action(shop, owner, made, state="done", owner="Ola")
    (view,) = workspace.actions(shop, owner, at=AT)
    assert (view.state, view.owner, view.late) == ("done", "Ola", False)
    workspace.undo(shop, owner)
    assert workspace.actions(shop, owner, at=AT)[0].state == "planned"


def test_refusals(shop: Home, owner: Asker) -> None:
    made = add(shop, owner, state="done")
    with pytest.raises(Refused, match="no start"):
        workspace.measure_action(shop, owner, made, at=AT)
    with pytest.raises(NotFound, match="Did you mean new_checkout"):
        workspace.measure_action(shop, owner, "new_chekout", at=AT)
    with pytest.raises(Refused, match="needs a name"):
        workspace.add_action(shop, owner, "orders", "  ")
    with pytest.raises(Refused, match="Nothing to change"):
        workspace.change_action(shop, owner, made)
    with pytest.raises(NotFound):
        workspace.add_action(shop, owner, "nothing", "Do it")
