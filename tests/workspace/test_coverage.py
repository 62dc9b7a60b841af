"""What the actions are expected to bring of a goal's gap, by pencil."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

AT = date(2026, 2, 10)


@pytest.fixture
def shop(
    home: Home, put: Callable[..., Any], trade: Callable[..., Any], small_plan: Plan, owner: Asker
) -> Home:
    """Two orders of 100 a day since October; the goal of February is 6,000, 5,600 are foretold."""
    put(trade(date(2025, 10, 1), 133))
    period = {"start": "2026-02-01", "end": "2026-03-01"}
    after = {"id": "t", "node": "sales", "period": period, "value": 6000.0}
    edit = {"op": "set_target", "target": "t", "after": after}
    workspace.edit_plan(home, owner, None, [edit], base_revision=small_plan.revision)
    return home


def test_each_effect_is_put_through_the_formula(shop: Home, owner: Asker) -> None:
    workspace.add_action(shop, owner, "orders", "More visits", expected_effect=3.0, state="doing")
    workspace.add_action(shop, owner, "aov", "Bundles", expected_effect=10.0)
    workspace.add_action(shop, owner, "aov", "Old", expected_effect=99.0, state="done")
    found = workspace.gap_coverage(shop, owner, "sales", at=AT)
    assert found.gap == pytest.approx(400)
    # 56 orders of 100 are foretold: 3 more bring 300, 10 more on each bring 560, not the 200 of the 20 orders
    # so far; both together 59 x 110 - 5600.
    effects = {one.action.name: one.effect for one in found.brought}
    assert effects == {"More visits": pytest.approx(300), "Bundles": pytest.approx(560)}
    assert found.together == pytest.approx(890)
    assert found.share == pytest.approx(890 / 400)
    assert found.bare == ()


def test_a_rate_counts_over_the_whole_period_as_days_added_up_one_by_one(shop: Home, owner: Asker) -> None:
    """Independent of the formulas: the shop of each day of February, with and without the action."""
    start, days = date(2026, 2, 15), 10
    fields = {"start": start, "effect_days": days, "effect_course": "lasting", "confidence": 0.5}
    workspace.add_action(shop, owner, "aov", "Bundles", expected_effect=10.0, **fields)
    found = workspace.gap_coverage(shop, owner, "sales", at=AT)
    money = 0.0
    for n in range(28):
        day = date(2026, 2, 1) + timedelta(days=n)
        working = day >= start  # it lasts beyond its window
        money += 2 * (10.0 if working else 0.0)
    (one,) = found.brought
    assert one.part == pytest.approx(14 / 28)
    assert one.effect == pytest.approx(money)
    assert found.together == pytest.approx(money)
    assert found.likely == pytest.approx(money / 2)


def test_only_what_is_left_of_the_period_counts(shop: Home, owner: Asker) -> None:
    last = {"start": date(2026, 2, 1), "effect_days": 28, "state": "doing"}
    workspace.add_action(shop, owner, "orders", "Since the first", expected_effect=28.0, **last)
    late = {"start": date(2026, 2, 1), "effect_days": 28}
    workspace.add_action(shop, owner, "orders", "Not begun yet", expected_effect=28.0, **late)
    over = {"start": date(2026, 3, 5), "effect_days": 28}
    workspace.add_action(shop, owner, "orders", "Next month", expected_effect=28.0, **over)
    found = workspace.gap_coverage(shop, owner, "sales", at=AT)
    parts = {one.action.name: one.part for one in found.brought}
    # Ten days have gone and are in the figures; what is not begun begins on the 11th at the earliest.
    assert parts == {
        "Since the first": pytest.approx(18 / 28),
        "Not begun yet": pytest.approx(18 / 28),
        "Next month": 0.0,
    }


def test_a_driver_without_an_action_is_named(shop: Home, owner: Asker) -> None:
    workspace.add_action(shop, owner, "orders", "More visits")
    found = workspace.gap_coverage(shop, owner, "sales", at=AT)
    assert (found.together, found.share) == (None, None)
    assert [one for one, _ in found.bare] == ["aov"]
    assert found.to_dict()["actions"][0]["effect_on_goal"] is None
