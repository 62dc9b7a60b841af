"""What the data can answer today, against homes whose every table is known."""

from __future__ import annotations

from datetime import UTC, datetime

from kpi_tree import workspace
from kpi_tree.catalogue import catalogue
from kpi_tree.store import Home
from kpi_tree.workspace import Asker
from kpi_tree.workspace.intake.ready import Lack, most_wanted_tables
from tests.workspace.conftest import Put

AT = datetime(2026, 2, 3, 10, tzinfo=UTC)
LINE = {
    "order_id": "A", "line_no": 1, "ordered_at": AT, "quantity": "2", "unit_price": "50", "currency": "NOK",
}  # fmt: skip


def test_an_empty_home_answers_nothing_and_names_every_table(home: Home, owner: Asker) -> None:
    ready = workspace.readiness(home, owner)
    assert ready.keys() == catalogue().keys()
    assert not any(each.answers for each in ready.values())
    assert all(lack.columns == () for each in ready.values() for lack in each.lacks)
    for name, kpi in catalogue().items():
        assert {lack.table for lack in ready[name].lacks} == set(kpi.tables)


def test_what_has_a_value_answers_and_what_has_none_says_which_column_is_empty(
    home: Home, owner: Asker, put: Put
) -> None:
    put({"order_lines": [LINE]})
    ready = workspace.readiness(home, owner)
    values = {name for name, each in ready.items() if each.answers}
    assert {"gross_sales", "orders", "average_order_value"} <= values
    assert ready["gross_sales"].data_through == AT.date()
    assert ready["chat_tickets"].lacks == (Lack("tickets"),)
    assert Lack("order_lines", ("unit_cost",)) in ready["cogs"].lacks
    assert Lack("order_lines", ("product_id",)) in ready["product_affinity"].lacks
    for name in values:  # nothing is said to answer that a person would find empty
        series = workspace.kpi_values(home, owner, name)
        assert series.frame["value"].notna().any(), name


def test_a_column_that_gets_filled_is_no_longer_missing(home: Home, owner: Asker, put: Put) -> None:
    put({"order_lines": [LINE]}, "one.csv")
    put({"order_lines": [{**LINE, "order_id": "B", "unit_cost": "20"}]}, "two.csv")
    cogs = workspace.readiness(home, owner)["cogs"]
    assert cogs.answers or all("unit_cost" not in lack.columns for lack in cogs.lacks)


def test_the_tables_that_most_wait_for_come_first(home: Home, owner: Asker, put: Put) -> None:
    put({"order_lines": [LINE]})
    wanted = most_wanted_tables(workspace.readiness(home, owner))
    assert [count for _, count in wanted] == sorted((count for _, count in wanted), reverse=True)
    assert "sessions" in [name for name, _ in wanted[:3]]
