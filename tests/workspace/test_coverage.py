"""What the actions are expected to bring of a goal's gap, by pencil."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
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
    # So far 20 orders of 100: 3 more bring 300, 10 more each bring 200, both together 23 x 110 - 2000.
    effects = {one.action.name: one.effect for one in found.brought}
    assert effects == {"More visits": pytest.approx(300), "Bundles": pytest.approx(200)}
    assert found.together == pytest.approx(530)
    assert found.share == pytest.approx(530 / 400)
    assert found.bare == ()


def test_a_driver_without_an_action_is_named(shop: Home, owner: Asker) -> None:
    workspace.add_action(shop, owner, "orders", "More visits")
    found = workspace.gap_coverage(shop, owner, "sales", at=AT)
    assert (found.together, found.share) == (None, None)
    assert [one for one, _ in found.bare] == ["aov"]
    assert found.to_dict()["actions"][0]["effect_on_goal"] is None
