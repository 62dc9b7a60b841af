"""Several plans in one home: made, copied, put away, brought back; nothing of them is ever lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

OWNER = Asker("Kari", "owner")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def two(home: Home) -> Home:
    workspace.new_plan(home, OWNER, template="increase_sales", now=NOW)
    workspace.new_plan(home, OWNER, template=None, name="Happier customers", now=NOW)
    return home


def test_a_plan_of_one_box_carries_its_name_and_its_goal(two: Home) -> None:
    plan = workspace.plan(two, OWNER, "happier_customers")
    (goal,) = plan.nodes.values()
    assert (plan.name, goal.name, goal.kind, plan.revision) == (*["Happier customers"] * 2, "kgi", 1)
    with pytest.raises(Refused, match="needs a name"):
        workspace.new_plan(two, OWNER, template=None, name="  ")


@pytest.mark.parametrize(("said", "kpi"), [
    ("Sales", "sales"), ("Increase sales 10% next quarter", "sales"),
    ("転換率", "conversion_rate"), ("Joy", None),
])  # fmt: skip
def test_the_goal_of_a_plan_measures_the_kpi_that_is_meant(two: Home, said: str, kpi: str | None) -> None:
    made = workspace.new_plan(two, OWNER, template=None, name=said, now=NOW)
    assert (made.name, made.nodes[str(made.root())].kpi) == (said, kpi)


def test_the_list_says_what_each_plan_holds(two: Home) -> None:
    found = workspace.plan_list(two, OWNER)
    assert [(one.id, one.nodes, one.away) for one in found] == [
        ("increase_sales", len(workspace.plan(two, OWNER).nodes), False),
        ("happier_customers", 1, False),
    ]
    assert {one.who for one in found} == {"Kari"}


def test_a_copy_goes_its_own_way(two: Home) -> None:
    copy = workspace.copy_plan(two, OWNER, "increase_sales", lang="nb", now=NOW)
    assert copy.nodes == workspace.plan(two, OWNER, "increase_sales").nodes
    edit = {"op": "remove_node", "node": copy.children("sales")[0]}
    workspace.edit_plan(two, OWNER, copy.id, [edit], base_revision=1, now=NOW)
    assert workspace.plan(two, OWNER, "increase_sales").revision == 1
    assert len(workspace.history(two, OWNER, copy.id)) == 2


def test_a_deleted_plan_is_out_of_sight_whole_and_comes_back_to_its_place(two: Home) -> None:
    before = workspace.plan(two, OWNER, "increase_sales")
    seen = workspace.plan_revision(two)
    workspace.put_plan_away(two, OWNER, "increase_sales", now=NOW)
    assert workspace.plan_revision(two) > seen, "other screens hear of it"
    assert list(workspace.plan_names(two)) == ["happier_customers"]
    assert workspace.plan(two, OWNER).id == "happier_customers"
    assert [one.id for one in workspace.plan_list(two, OWNER) if one.away] == ["increase_sales"]
    again = workspace.new_plan(two, OWNER, template="increase_sales", now=NOW)
    assert again.id == "increase_sales_2", "its id stays taken"
    assert workspace.check(two, OWNER)["ok"]
    workspace.bring_plan_back(two, OWNER, "increase_sales", now=NOW)
    assert next(iter(workspace.plan_names(two))) == "increase_sales"
    assert workspace.plan(two, OWNER, "increase_sales") == before
    with pytest.raises(NotFound):
        workspace.bring_plan_back(two, OWNER, "increase_sales")


def test_with_every_plan_deleted_the_home_has_none(two: Home) -> None:
    for plan_id in workspace.plan_names(two):
        workspace.put_plan_away(two, OWNER, plan_id, now=NOW)
    assert workspace.plans(two, OWNER) == []
    with pytest.raises(NotFound, match="no plan here yet"):
        workspace.plan(two, OWNER)
    with pytest.raises(NotFound, match="Did you mean"):
        workspace.bring_plan_back(two, OWNER, "happier_customer")


def test_a_plan_file_of_a_deleted_plan_makes_a_new_one(two: Home) -> None:
    text = workspace.export_plan(two, OWNER, "increase_sales")
    workspace.put_plan_away(two, OWNER, "increase_sales", now=NOW)
    assert workspace.import_plan(two, OWNER, text, now=NOW).id == "increase_sales_2"
    read = workspace.read_plan(two, OWNER, text.encode(), "plan.json")
    assert workspace.take_plan(two, OWNER, read.plan, now=NOW).id == "increase_sales_3"
