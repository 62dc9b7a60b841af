"""The whole tree through a filter, a period, a comparison, and as of other days: figures from a pencil."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Refused
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home, batches
from kpi_tree.workspace import Asker, NodeView
from kpi_tree.workspace.base.cache import SERIES, TREES

Trade = Callable[..., dict[str, list[dict[str, Any]]]]
DAY = date(2026, 2, 10)


def seen(home: Home, owner: Asker, at: date = DAY, **asked: Any) -> dict[str, NodeView]:
    return {view.id: view for view in workspace.tree(home, owner, at=at, **asked)}


def aim(node: str, value: float, period: tuple[str, str], key: str = "t1", **more: Any) -> dict[str, Any]:
    after = {
        "id": key,
        "node": node,
        "period": {"start": period[0], "end": period[1]},
        "value": value,
        **more,
    }
    return {"op": "set_target", "target": key, "after": after}


FEBRUARY, QUARTER = ("2026-02-01", "2026-03-01"), ("2026-01-01", "2026-04-01")


@pytest.fixture
def two_countries(put: Callable[..., Any], trade: Trade) -> None:
    """Two orders of 100 a day since January, one from Norway and one from Sweden."""
    rows = trade(date(2026, 1, 1), 41)
    for number, row in enumerate(rows["orders"]):
        row["country"] = "NO" if number % 2 else "SE"
    put(rows)


@pytest.mark.usefixtures("two_countries")
def test_a_target_for_the_whole_shop_judges_nothing_filtered(
    home: Home, owner: Asker, small_plan: Plan
) -> None:
    whole = aim("sales", 5600, FEBRUARY)
    workspace.edit_plan(home, owner, None, [whole], base_revision=small_plan.revision)
    assert seen(home, owner)["sales"].status is not None
    sales = seen(home, owner, where={"country": ["NO"]})["sales"]
    assert (sales.actual, sales.target, sales.status) == (1000.0, None, None)
    assert "for the whole shop" in str(sales.reason)
    assert sales.start == date(2026, 2, 1), "it is still looked at over the target's period"
    own = aim("sales", 2800, FEBRUARY, "t2", where=[["country", "NO"]])
    workspace.edit_plan(home, owner, None, [own], base_revision=small_plan.revision + 1)
    norway = seen(home, owner, where={"country": ["NO"]})["sales"]
    assert (norway.target, norway.expected, norway.status) == (2800.0, pytest.approx(1000.0), "on_track")
    assert seen(home, owner)["sales"].target == 5600.0
    assert seen(home, owner, where={"country": ["SE"]})["sales"].status is None


@pytest.mark.usefixtures("two_countries")
def test_what_is_not_split_says_so_and_shows_no_value(home: Home, owner: Asker, small_plan: Plan) -> None:
    nodes = [
        {"op": "add_node", "node": "rate", "after": {"id": "rate", "name": "Rate", "assumption": 0.5}},
        {"op": "add_node", "node": "ads", "after": {"id": "ads", "name": "Ads", "formula": "orders * rate"}},
    ]
    workspace.edit_plan(home, owner, None, nodes, base_revision=small_plan.revision)
    assert seen(home, owner)["ads"].actual == 10.0
    assert (seen(home, owner)["ads"].assumed, seen(home, owner)["rate"].source) == (True, "assumption")
    found = seen(home, owner, where={"country": ["NO"]})
    assert (found["rate"].actual, found["ads"].actual) == (None, None)
    assert "whole shop" in str(found["rate"].reason)
    assert "Rate" in str(found["ads"].reason)
    assert found["orders"].actual == 10.0
    dims = {one.name for one in workspace.tree_dimensions(home, owner)}
    assert "country" in dims
    assert workspace.tree_dimension_values(home, owner, "country") == ["NO", "SE"]


@pytest.mark.usefixtures("two_countries")
def test_one_period_for_all_nodes_and_what_it_is_compared_with(
    home: Home, owner: Asker, small_plan: Plan
) -> None:
    workspace.edit_plan(home, owner, None, [aim("sales", 5600, FEBRUARY)], base_revision=small_plan.revision)
    quarter = seen(home, owner, period="quarter")["sales"]
    assert (quarter.actual, quarter.period_id, quarter.status) == (8200.0, "2026-Q1", None)
    assert "February" in str(quarter.reason)
    assert seen(home, owner, period="2026-02")["sales"].target == 5600.0
    days = seen(home, owner, period="2026-02-03..2026-02-04")["orders"]
    assert days.actual == 4.0
    before = seen(home, owner, period="month", compare="previous")["sales"].compared
    assert before is not None
    assert (before.start, before.end, before.value) == (date(2026, 1, 1), date(2026, 1, 11), 2000.0)
    assert (before.change, before.good) == (0.0, None)
    january = seen(home, owner, period="2026-01", compare="last_year")["sales"].compared
    assert january is not None
    assert (january.value, january.change) == (None, None), "no value a year ago is no growth"
    with pytest.raises(Refused, match="comparison"):
        seen(home, owner, compare="last week")
    with pytest.raises(Refused, match="not a period"):
        seen(home, owner, period="soon")


def test_structure_targets_and_data_as_of_days_of_their_own(
    home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan, now: datetime
) -> None:
    first = put(trade(date(2026, 2, 1), 10))
    later = datetime(2026, 3, 5, 12, tzinfo=UTC)
    add = {"op": "add_node", "node": "new", "after": {"id": "new", "name": "New"}}
    workspace.edit_plan(
        home,
        owner,
        None,
        [add, aim("sales", 5600, FEBRUARY), aim("new", 1, FEBRUARY, "t2")],
        base_revision=small_plan.revision,
        now=later,
    )
    batches.withdraw(home, first.id, who=owner.name, now=later)
    assert (seen(home, owner)["sales"].actual, "new" in seen(home, owner)) == (None, True)
    then = now.date()
    assert seen(home, owner, as_known=then)["sales"].actual == 2000.0
    past = seen(home, owner, structure_as_of=then)
    assert ("new" in past, past["sales"].target) == (False, 5600.0)
    bare = seen(home, owner, targets_as_of=then)
    assert ("new" in bare, bare["sales"].target) == (True, None)


@pytest.mark.usefixtures("two_countries", "small_plan")
def test_the_same_lens_again_computes_nothing(home: Home, owner: Asker) -> None:
    asked: dict[str, Any] = {"where": {"country": ["NO"]}, "period": "quarter", "compare": "previous"}
    first = workspace.tree(home, owner, at=DAY, **asked)
    sizes = (len(SERIES), len(TREES))
    again = workspace.tree(home, owner, at=DAY, **asked)
    assert all(one is other for one, other in zip(first, again, strict=True))
    assert (len(SERIES), len(TREES)) == sizes


def test_typed_values_too_are_those_known_then(
    home: Home, owner: Asker, small_plan: Plan, now: datetime
) -> None:
    later = datetime(2026, 3, 5, 12, tzinfo=UTC)
    for text, moment in (("500", now), ("700", later)):
        workspace.load_file(
            home,
            owner,
            f"day,value\n2026-02-03,{text}\n".encode(),
            "typed.csv",
            kpi="gross_sales",
            now=moment,
        )
    assert small_plan.nodes["sales"].kpi == "gross_sales"
    assert seen(home, owner)["sales"].actual == 700.0
    assert seen(home, owner, as_known=now.date())["sales"].actual == 500.0
    assert seen(home, owner, as_known=date(2026, 1, 1))["sales"].actual is None
