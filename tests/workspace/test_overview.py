"""What a driver's miss costs the goal, and what changed since a visit: by pencil."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree import workspace
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home, visits
from kpi_tree.workspace import Asker

AT = date(2026, 2, 14)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
MONTH = {"start": "2026-02-01", "end": "2026-03-01"}


def target(node: str, value: float, period: dict[str, str] = MONTH, **more: Any) -> dict[str, Any]:
    after = {
        "id": f"t_{node}",
        "node": node,
        "period": period,
        "value": value,
        "trajectory": "linear",
        **more,
    }
    return {"op": "set_target", "target": f"t_{node}", "after": after}


@pytest.fixture
def shop(
    home: Home, put: Callable[..., Any], trade: Callable[..., Any], small_plan: Plan, owner: Asker
) -> Home:
    """Two orders of 100 a day: half of February is over, 28 orders and 2,800 came in."""
    put(trade(date(2025, 10, 1), 137))
    mood = {"id": "mood", "kind": "kpi", "name": "Mood", "kpi": "orders"}
    edits = [
        target("sales", 8000.0),
        target("orders", 64.0),
        target("aov", 120.0, baseline=90.0),
        {
            "op": "add_node",
            "after": mood,
            "edges": [{"parent": "sales", "child": "mood", "kind": "influence"}],
        },
        target("mood", 64.0),
    ]
    before = NOW - timedelta(days=20)
    workspace.edit_plan(home, owner, None, edits, base_revision=small_plan.revision, now=before)
    return home


def test_a_miss_is_carried_up_through_the_formula(shop: Home, owner: Asker) -> None:
    found = {one.node: one for one in workspace.stakes(shop, owner, at=AT)}
    assert list(found) == ["orders", "aov", "mood"]
    # 32 orders are expected by the 14th where 28 came: 4 of 100 each.
    assert found["orders"].cost == pytest.approx(400)
    # The path of the value goes from 90 to 120: 105 by the 14th, where it is 100, on 28 orders.
    assert found["aov"].cost == pytest.approx(5 * 28)
    assert found["mood"].cost is None
    assert "No formula" in str(found["mood"].why)
    assert [one.cost for one in workspace.stakes(shop, owner, at=AT)] == [
        pytest.approx(400),
        pytest.approx(140),
        None,
    ]


def test_a_shorter_period_counts_its_own_days_only(shop: Home, owner: Asker) -> None:
    plan = workspace.plan(shop, owner)
    week = {"start": "2026-02-09", "end": "2026-02-16"}
    workspace.edit_plan(shop, owner, None, [target("orders", 28.0, week)], base_revision=plan.revision)
    found = {one.node: one for one in workspace.stakes(shop, owner, at=AT)}
    # Six of seven days: 24 expected, 12 came; the week lies within the month whole.
    assert found["orders"].cost == pytest.approx(1200)
    assert found["orders"].part


def test_what_stands_as_its_children_do_does_not_ask_twice(shop: Home, owner: Asker) -> None:
    plan = workspace.plan(shop, owner)
    after = {"id": "half", "kind": "kpi", "name": "Half", "formula": "mood", "unit": "count"}
    edges = [{"parent": "sales", "child": "half", "kind": "influence"}]
    edit = {"op": "add_node", "after": after, "edges": edges}
    workspace.edit_plan(shop, owner, None, [edit], base_revision=plan.revision)
    views = {view.id: view.status for view in workspace.tree(shop, owner, at=AT)}
    assert views["half"] == views["mood"] != "on_track"
    assert "half" not in {one.node for one in workspace.stakes(shop, owner, at=AT)}


@given(st.floats(1, 100), st.floats(1, 100), st.floats(0.2, 0.9), st.floats(0.2, 0.9))
def test_the_cost_is_the_goal_worked_out_anew_with_the_driver_on_its_path(
    orders: float, value: float, one: float, other: float
) -> None:
    """Held against the plain product, for a tree of one product."""
    from kpi_tree.analysis.scenario import Ground
    from kpi_tree.plan.program import compile_plan
    from kpi_tree.workspace.judged.nodeview import NodeView
    from kpi_tree.workspace.targeting.atstake import _stake

    plan = Plan(
        "p",
        nodes={"s": Node("s", "kgi", formula="o * v"), "o": Node("o"), "v": Node("v")},
    )
    span = {"start": date(2026, 2, 1), "end": date(2026, 3, 1)}
    now = {"o": orders * one, "v": value * other}
    ground = Ground(compile_plan(plan), {**now, "s": now["o"] * now["v"]})
    goal = NodeView("s", "S", "kgi", direction="up", actual=now["o"] * now["v"], **span)
    for name, due in (("o", orders), ("v", value)):
        view = NodeView(
            name,
            name,
            "kpi",
            actual=now[name],
            expected=due,
            target=due,
            status="off_track",
            rollup="sum",
            **span,
        )
        whole = due * (now["v"] if name == "o" else now["o"])
        found = _stake(plan, ground, goal, view)
        assert found.cost == pytest.approx(whole - now["o"] * now["v"])


def since(shop: Home, owner: Asker, at: datetime, browser: str = "b1") -> Any:
    return workspace.since_last_visit(shop, owner, browser, at=AT, now=at)


def test_what_changed_since_the_last_visit_of_this_browser(shop: Home, owner: Asker) -> None:
    workspace.add_action(shop, owner, "orders", "Call them", state="doing", now=NOW - timedelta(days=9))
    assert since(shop, owner, NOW - timedelta(days=7)) is None, "the first visit"
    assert since(shop, owner, NOW - timedelta(days=7) + timedelta(minutes=10)) is None, "still the first one"
    day = timedelta(days=1)
    workspace.change_action(shop, owner, "call_them", state="done", now=NOW - 2 * day)
    loaded = workspace.load_file(shop, owner, _orders(60), "more.csv", as_table="orders", now=NOW - 2 * day)
    found = since(shop, owner, NOW)
    assert found.since == NOW - timedelta(days=7) + timedelta(minutes=10)
    assert [one.id for one in found.closed] == ["call_them"]
    assert [one.batch for one in found.loaded] == [loaded.batch]
    assert {one.node: one.after for one in found.turned}["orders"] == "achieved"
    assert len(found.edits) == 1
    assert since(shop, owner, NOW, "b2") is None, "another browser has its own visits"
    again = since(shop, owner, NOW + timedelta(minutes=20))
    assert again.closed == found.closed, "a reload loses nothing of it"
    assert since(shop, owner, NOW + day).nothing
    workspace.withdraw(shop, owner, str(loaded.batch), now=NOW + day)
    later = since(shop, owner, NOW + 2 * day)
    assert {one.node: one.before for one in later.turned}["orders"] == "achieved"
    assert later.loaded == ()


def _orders(n: int) -> bytes:
    rows = "".join(f"x{one},2026-02-10T10:00:00Z,c{one},NOK\n" for one in range(n))
    return f"order_id,ordered_at,customer_id,currency\n{rows}".encode()


def test_without_a_number_nothing_is_kept(shop: Home, owner: Asker) -> None:
    assert since(shop, owner, NOW, "") is None
    with shop.read() as db:
        assert db.execute("select count(*) from visits").fetchone()[0] == 0


def test_a_reload_within_a_visit_writes_nothing(shop: Home) -> None:
    visits.note(shop, "b", "shop", {"status": {}}, now=NOW)
    before = shop.database.with_name("kpi_tree.db-wal").stat().st_size
    visits.note(shop, "b", "shop", {"status": {}}, now=NOW + timedelta(minutes=1))
    assert shop.database.with_name("kpi_tree.db-wal").stat().st_size == before


def test_the_digest_says_where_the_goal_stands_and_runs_nothing(shop: Home, owner: Asker) -> None:
    plan = workspace.plan(shop, owner)
    edit = {"op": "set_field", "node": "orders", "field": "name", "after": "<img src=x onerror=alert(1)>"}
    workspace.edit_plan(shop, owner, None, [edit], base_revision=plan.revision)
    page = workspace.digest(shop, owner, at=AT, now=NOW, lang="nb").decode()
    assert '<html lang="nb">' in page
    assert "<img" not in page
    assert "default-src 'none'" in page
    assert "2\xa0800" in page
    assert page.count("<svg") == 2 * 4, "the goal's path and a line for each of three, light and dark"
