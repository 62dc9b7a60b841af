"""Where a node lands: forecasts in the tree, and of an indicator by itself, against plain arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.periods import parse_period
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, NodeView
from kpi_tree.workspace.base.holiday import Unlike, countries_of
from kpi_tree.workspace.judged.futures import kpi_forecast
from kpi_tree.workspace.judged.outlook import Aimed, look_ahead

Trade = Callable[..., dict[str, list[dict[str, Any]]]]


def _aim(home: Home, owner: Asker, plan: Plan, value: float, node: str = "sales") -> None:
    period = {"start": "2026-02-01", "end": "2026-03-01"}
    after = {"id": "t1", "node": node, "period": period, "value": value, "baseline": value * 0.9}
    edit = {"op": "set_target", "target": "t1", "after": after}
    workspace.edit_plan(home, owner, None, [edit], base_revision=plan.revision)


def _sales(views: list[NodeView]) -> NodeView:
    return next(view for view in views if view.id == "sales")


def test_even_trade_lands_on_its_own_sum(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan
) -> None:
    """200 a day since December; 14 days of February are known, so 28 x 200 is where it lands."""
    put(trade(date(2025, 12, 1), 76))
    _aim(home, owner, small_plan, 5500.0)
    seen = _sales(workspace.tree(home, owner, at=date(2026, 2, 14))).outlook
    assert seen is not None
    assert seen.value == pytest.approx(5600.0)
    assert (seen.first, len(seen.path), seen.history) == (date(2026, 2, 15), 14, 76)
    assert seen.path[0] == pytest.approx(3000.0)
    assert seen.path[-1] == pytest.approx(5600.0)
    assert seen.probability is not None
    assert seen.probability > 0.99


def test_what_the_day_looked_at_hides_does_not_reach_the_forecast(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan
) -> None:
    put(trade(date(2025, 12, 1), 76))
    _aim(home, owner, small_plan, 5500.0)
    before = _sales(workspace.tree(home, owner, at=date(2026, 2, 14))).outlook
    put(trade(date(2026, 2, 15), 10, orders=9), name="later.csv")
    assert _sales(workspace.tree(home, owner, at=date(2026, 2, 14))).outlook == before
    now = _sales(workspace.tree(home, owner, at=date(2026, 2, 24))).outlook
    assert now is not None
    assert before is not None
    assert now.value is not None
    assert now.value > (before.value or 0)


def test_too_little_history_is_said_instead_of_a_number(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan
) -> None:
    put(trade(date(2026, 2, 1), 10))
    _aim(home, owner, small_plan, 5500.0)
    found = _sales(workspace.tree(home, owner, at=date(2026, 2, 10))).to_dict()
    assert (found["forecast"]["value"], found["probability"]) == (None, None)
    assert found["forecast"]["withheld"] == "Only 10 days have a value; a forecast needs 28."


def test_no_target_or_a_period_that_is_over_has_no_forecast(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan
) -> None:
    put(trade(date(2025, 12, 1), 90))
    _aim(home, owner, small_plan, 5500.0)
    views = workspace.tree(home, owner, at=date(2026, 2, 14))
    assert [view.id for view in views if view.outlook is not None] == ["sales"]
    assert _sales(workspace.tree(home, owner, at=date(2026, 3, 1))).outlook is None


def test_a_period_to_come_leaves_the_days_before_it_out() -> None:
    aimed = Aimed(parse_period("2026-02"), "sum", target=280.0)
    found = look_ahead(np.full(120, 10.0), date(2026, 1, 20), aimed, None)
    assert found is not None
    assert (found.value, found.first, len(found.path)) == (pytest.approx(280.0), date(2026, 2, 1), 28)


def test_days_without_a_value_at_the_end_do_not_shift_the_forecast() -> None:
    """A rate has no value on days without visits: what follows still starts after the last day of data."""
    week = np.array([0.1, 0.2, 0.1, 0.2, 0.1, 0.5, 0.5])
    daily = np.tile(week, 12)
    daily[-2:] = np.nan
    aimed = Aimed(parse_period("2026-02"), "ratio", target=0.2)
    found = look_ahead(daily, date(2026, 2, 22), aimed, 0.2)
    assert found is not None
    assert (found.first, len(found.path)) == (date(2026, 2, 23), 6)


def test_people_counted_once_are_not_added_up() -> None:
    aimed = Aimed(parse_period("2026-02"), "distinct", target=280.0, adds_up=False)
    found = look_ahead(np.full(120, 10.0), date(2026, 2, 10), aimed, 70.0)
    assert found is not None
    assert found.value is None
    assert "same people" in str(found.withheld)


@pytest.mark.usefixtures("small_plan")
def test_an_indicator_by_itself(home: Home, owner: Asker, put: Callable[..., Any], trade: Trade) -> None:
    put(trade(date(2025, 12, 1), 76))
    found = kpi_forecast(home, owner, "sales", end=date(2026, 2, 22), at=date(2026, 2, 20))
    assert [row["period"] for row in found["rows"]] == [f"2026-02-{n}" for n in range(15, 22)]
    assert found["total"]["value"] == pytest.approx(1400.0)
    assert found["history"] == 76
    trial = found["backtest"]
    assert trial["origins"] >= 8
    assert {"method", "name", "mase", "error", "coverage"} == set(trial["tried"][0])
    assert trial["words"].startswith("Tried on the last ")
    asked = kpi_forecast(
        home, owner, "sales", end=date(2026, 2, 22), at=date(2026, 2, 20), method="naive", lang="en"
    )
    assert asked["method"] == "Seasonal naive"
    assert asked["total"]["value"] == pytest.approx(1400.0)
    with pytest.raises(Refused, match="data go through"):
        kpi_forecast(home, owner, "sales", end=date(2026, 2, 15), at=date(2026, 2, 20))
    with pytest.raises(Refused, match="between"):
        kpi_forecast(home, owner, "sales", end=date(2026, 2, 22), at=date(2026, 2, 20), level=2)
    with pytest.raises(Refused, match="no such method"):
        kpi_forecast(home, owner, "sales", end=date(2026, 2, 22), at=date(2026, 2, 20), method="crystal ball")
    with pytest.raises(NotFound):
        kpi_forecast(home, owner, "slaes", end=date(2026, 2, 22), at=date(2026, 2, 20))


def test_the_tree_says_how_far_its_forecasts_were_off(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan
) -> None:
    put(trade(date(2025, 10, 1), 140))
    _aim(home, owner, small_plan, 5500.0)
    view = _sales(workspace.tree(home, owner, at=date(2026, 2, 14)))
    assert view.outlook is not None
    assert view.outlook.backtest is not None
    tried = {one.method for one in view.outlook.backtest.tried}
    assert "drivers" in tried, "orders x value, pushed through the formula"
    found = view.to_dict()["forecast"]
    assert found["error"] == pytest.approx(0.0, abs=1e-6)
    assert found["tried"].startswith("Tried on the last ")
    assert found["method"]


def test_a_campaign_of_the_plan_is_counted_in(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan
) -> None:
    """200 a day, a closed day and one of three times as much in the fortnight to come."""
    put(trade(date(2025, 12, 1), 76))
    _aim(home, owner, small_plan, 5500.0)
    events = [
        {"name": "Stocktaking", "start": "2026-02-16", "end": "2026-02-17", "weight": 0},
        {"name": "Winter sale", "start": "2026-02-20", "end": "2026-02-21", "weight": 3},
    ]
    revision = workspace.plan(home, owner).revision
    edit = {"op": "set_plan", "field": "events", "before": [], "after": events}
    workspace.edit_plan(home, owner, None, [edit], base_revision=revision)
    seen = _sales(workspace.tree(home, owner, at=date(2026, 2, 14))).outlook
    assert seen is not None
    assert seen.value == pytest.approx(5600.0 - 200 + 400)
    assert seen.days == ("Stocktaking", "Winter sale")
    steps = np.diff([2800.0, *seen.path])
    assert steps[1] == pytest.approx(0.0)
    assert steps[5] == pytest.approx(600.0)


def test_holidays_are_those_of_the_shops_country(home: Home, owner: Asker) -> None:
    settings = workspace.settings(home, owner)
    assert countries_of(settings) == ("NO",)
    assert countries_of(workspace.change_settings(home, owner, country="GB,DE")) == ("GB", "DE")
    unlike = Unlike(("NO",))
    days = unlike.days(date(2025, 5, 1), date(2026, 5, 10), date(2026, 5, 20))
    named = {(day.step, day.name) for day in days}
    assert (6, "NO Constitution Day") in named, "17 May is the seventh day after the tenth"
    assert (6 - 365, "NO Constitution Day") in named
    assert Unlike(countries_of(workspace.change_settings(home, owner, country="none"))).countries == ()
    with pytest.raises(Refused, match="not a country"):
        workspace.change_settings(home, owner, country="Narnia")
