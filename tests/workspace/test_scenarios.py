"""What if, through the workspace: by pencil, and what is refused or flagged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import translate
from kpi_tree.periods import parse_period
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, Change

AT = date(2026, 3, 1)


@pytest.fixture
def shop(home: Home, put: Callable[..., Any], trade: Callable[..., Any], small_plan: Plan) -> Home:
    """Half a year of 2 orders of 100 a day."""
    del small_plan
    put(trade(date(2025, 9, 1), 181))
    return home


def scenario(home: Home, owner: Asker, changes: dict[str, Change], **more: Any) -> Any:
    return workspace.whatif(home, owner, "sales", changes, at=AT, period=parse_period("2026-02"), **more)


def test_by_pencil(shop: Home, owner: Asker) -> None:
    found = scenario(shop, owner, {"orders": Change(0.1, relative=True), "aov": Change(110)})
    assert found.base == 28 * 200
    assert found.result == pytest.approx(28 * 2 * 1.1 * 110)
    lever = {one.id: one for one in found.levers}
    assert lever["orders"].up == pytest.approx(560)
    assert lever["orders"].elasticity == pytest.approx(1)
    assert found.to_dict()["change"] == pytest.approx(found.result - 5600)


def test_a_catalogue_id_names_the_node_that_measures_it(shop: Home, owner: Asker) -> None:
    found = scenario(shop, owner, {"average_order_value": Change(120)})
    assert found.result == pytest.approx(28 * 2 * 120)


def test_what_never_was_and_what_cannot_be(shop: Home, owner: Asker) -> None:
    flags = {one.id: one for one in scenario(shop, owner, {"orders": Change(400)}).flags}
    assert flags["orders"].kind == "outside_history"
    assert "100 a week is more than any of the last" in translate(flags["orders"].message, "en")
    flags = {one.id: one for one in scenario(shop, owner, {"orders": Change(-5)}).flags}
    assert flags["orders"].kind == "impossible"
    assert scenario(shop, owner, {"orders": Change(56)}).flags == ()


def test_chance_around_a_scenario(shop: Home, owner: Asker) -> None:
    found = scenario(shop, owner, {"orders": Change(60)}, samples=500)
    assert found.p10 == found.p90 == pytest.approx(60 * 100)  # every week was the same
    short = workspace.whatif(shop, owner, "sales", {"orders": Change(60)}, at=date(2025, 10, 15), samples=100)
    assert short.p50 is None
    assert "Too little history" in translate(short.withheld, "en")


def test_refusals(shop: Home, owner: Asker) -> None:
    with pytest.raises(NotFound, match="Did you mean orders"):
        scenario(shop, owner, {"order": Change(1)})
    with pytest.raises(NotFound, match="Choose one of aov, orders"):
        scenario(shop, owner, {"bounce_rate": Change(1)})
    with pytest.raises(Refused, match="no formula"):
        workspace.whatif(shop, owner, "orders", {"aov": Change(1)}, at=AT)
