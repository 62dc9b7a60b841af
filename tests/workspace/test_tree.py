"""The evaluated tree against figures worked out with a pencil."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound
from kpi_tree.i18n import translate
from kpi_tree.periods import parse_period
from kpi_tree.plan.model import Edge, Node, Plan, Target
from kpi_tree.store import Home, batches
from kpi_tree.store import plans as kept_plans
from kpi_tree.workspace import Asker, NodeView

Trade = Callable[..., dict[str, list[dict[str, Any]]]]


def _target(value: float, baseline: float | None = None, **more: Any) -> dict[str, Any]:
    period = {"start": "2026-02-01", "end": "2026-03-01"}
    after = {"id": "t1", "node": "sales", "period": period, "value": value, "baseline": baseline, **more}
    return {"op": "set_target", "target": "t1", "after": after}


def _by_id(views: list[NodeView]) -> dict[str, NodeView]:
    return {view.id: view for view in views}


def test_a_target_halfway_through_its_month(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan
) -> None:
    """Two orders of 100 a day since January; the goal for February is 5,600, so 14 days are due 2,800."""
    put(trade(date(2026, 1, 1), 45))
    workspace.edit_plan(home, owner, None, [_target(5600.0, 5000.0)], base_revision=small_plan.revision)
    found = _by_id(workspace.tree(home, owner, at=date(2026, 2, 14)))
    sales = found["sales"]
    assert (sales.actual, sales.expected, sales.pace) == (2800.0, pytest.approx(2800.0), pytest.approx(1.0))
    assert (sales.status, sales.target, sales.baseline, sales.currency) == ("on_track", 5600.0, 5000.0, "NOK")
    assert (sales.computed, sales.parent_gap) == (pytest.approx(2800.0), pytest.approx(0.0, abs=1e-9))
    assert sales.data_through == date(2026, 2, 14)
    assert (found["orders"].actual, found["aov"].actual) == (28.0, 100.0)
    assert found["orders"].start == date(2026, 2, 1), (
        "a child without a target is seen over its parent's period"
    )
    assert found["orders"].status is None
    assert len(sales.points) == 28
    assert (sales.points[13].value, sales.points[14].value) == (2800.0, None)
    assert sales.points[27].expected == 5600.0
    assert "2,800" in str(sales.reason)


def test_old_data_are_stale_and_no_data_are_no_data(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan
) -> None:
    workspace.edit_plan(home, owner, None, [_target(5600.0, 5000.0)], base_revision=small_plan.revision)
    assert {view.status for view in workspace.tree(home, owner, at=date(2026, 2, 14))} == {"no_data"}
    put(trade(date(2026, 1, 30), 2))
    begun = workspace.tree(home, owner, at=date(2026, 2, 1))
    assert {view.status for view in begun if view.target is not None} == {"too_early"}, "nothing is due yet"
    put(trade(date(2026, 2, 1), 7))
    views = _by_id(workspace.tree(home, owner, at=date(2026, 2, 20)))
    assert (views["sales"].status, views["sales"].stale, views["orders"].status) == ("stale", True, "stale")
    assert views["sales"].actual == 1400.0, "what is known stays on the card"


def test_the_day_looked_at_hides_later_data(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan
) -> None:
    put(trade(date(2026, 2, 1), 28))
    workspace.edit_plan(home, owner, None, [_target(4000.0, 1000.0)], base_revision=small_plan.revision)
    early = _by_id(workspace.tree(home, owner, at=date(2026, 2, 3)))["sales"]
    assert (early.actual, early.status) == (600.0, "too_early")
    done = _by_id(workspace.tree(home, owner, at=date(2026, 3, 1)))["sales"]
    assert (done.actual, done.status) == (5600.0, "achieved")


@pytest.mark.usefixtures("small_plan")
def test_a_filter_reaches_the_whole_tree_and_a_wrong_one_says_so(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade
) -> None:
    rows = trade(date(2026, 2, 1), 10)
    for number, row in enumerate(rows["orders"]):
        row["country"] = "NO" if number % 2 else "SE"
    put(rows)
    found = _by_id(workspace.tree(home, owner, at=date(2026, 2, 10), where={"country": ["NO"]}))
    assert (found["sales"].actual, found["orders"].actual) == (1000.0, 10.0)
    with pytest.raises(NotFound, match="XX"):
        workspace.tree(home, owner, at=date(2026, 2, 10), where={"country": ["XX"]})
    with pytest.raises(NotFound, match="Did you mean country"):
        workspace.tree(home, owner, at=date(2026, 2, 10), where={"cuontry": ["NO"]})


def test_a_tree_seen_again_is_the_very_same(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan, now: datetime
) -> None:
    put(trade(date(2026, 2, 1), 3))
    first = workspace.tree(home, owner, at=date(2026, 2, 3))
    again = workspace.tree(home, owner, at=date(2026, 2, 3))
    assert all(a is b for a, b in zip(first, again, strict=True))
    edit = {"op": "set_field", "node": "orders", "field": "name", "after": "Ordre"}
    workspace.edit_plan(home, owner, None, [edit], base_revision=small_plan.revision, now=now)
    assert _by_id(workspace.tree(home, owner, at=date(2026, 2, 3)))["orders"].name == "Ordre"


@pytest.mark.usefixtures("small_plan")
def test_withdrawing_a_batch_brings_the_former_figures_back(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, now: datetime
) -> None:
    put(trade(date(2026, 2, 1), 10))
    before = [view.to_dict() for view in workspace.tree(home, owner, at=date(2026, 2, 10))]
    dearer = put(trade(date(2026, 2, 5), 3, price=250))
    assert _by_id(workspace.tree(home, owner, at=date(2026, 2, 10)))["sales"].actual == 2900.0
    batches.withdraw(home, dearer.id, who=owner.name, now=now)
    assert [view.to_dict() for view in workspace.tree(home, owner, at=date(2026, 2, 10))] == before


def test_what_rests_on_assumptions_only_has_no_verdict(home: Home, owner: Asker, now: datetime) -> None:
    nodes = [
        Node("sales", "kgi", "Sales", formula="orders * value", unit="money"),
        Node("orders", "kpi", "Orders", unit="count", assumption=100.0),
        Node("value", "kpi", "Value", unit="money", assumption=50.0),
    ]
    period = parse_period("2026-Q1")
    targets = {
        name: Target(name, node, period, value)
        for name, node, value in (("a", "sales", 900.0), ("b", "orders", 9.0))
    }
    made = Plan("typed", "Typed", nodes={one.id: one for one in nodes}, targets=targets)
    kept_plans.create(home, made, who="Kari", now=now)
    found = _by_id(workspace.tree(home, owner, "typed", at=date(2026, 2, 20)))
    assert found["sales"].actual == 5000
    for name in ("sales", "orders"):
        assert (found[name].status, found[name].assumed) == ("no_data", True)
        assert "assumptions only" in translate(found[name].reason, "en")


def test_evidence_of_an_influence_also_for_what_is_computed(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, now: datetime
) -> None:
    """Each day's orders change as a coin falls; what is computed of them follows, what is assumed cannot."""
    days = [
        trade(date(2025, 9, 1) + timedelta(days=n), 1, orders=2 + (n * n + n // 3) % 5) for n in range(90)
    ]
    put({name: [row for day in days for row in day[name]] for name in days[0]})
    nodes = [
        Node("goal", "kgi", "Goal", formula="double + 1"),
        Node("double", name="Double", formula="orders * 2"),
        Node("orders", name="Orders", kpi="orders"),
        Node("mood", name="Mood", assumption=3.0),
    ]
    links = [Edge("goal", "orders", sign=1), Edge("goal", "mood")]
    plan = Plan("p", "P", nodes={one.id: one for one in nodes}, links={one.key: one for one in links})
    kept_plans.create(home, plan, who="Kari", now=now)
    ask = partial(workspace.influence_evidence, home, owner, "goal", at=date(2025, 11, 29))
    found = ask("orders")
    assert (found.state, found.lag, found.n) == ("supported", 0, 88)
    assert found.correlation == pytest.approx(1, abs=0.01)
    assert (ask("mood").state, ask("mood").n) == ("too_little", 0)
