"""A workbook brings boxes and lines back whole: second parents, kinds of lines, beliefs, further fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from kpi_tree import workspace
from kpi_tree.exchange.sheet_rows import with_edges, with_nodes
from kpi_tree.exchange.workbook import TreeRow, to_workbook
from kpi_tree.i18n import LANGUAGES
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, read_plan
from tests.plan.strategies import plans

ME = Asker("Kari", "owner")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.open(tmp_path_factory.mktemp("sheets"))


def rows_of(plan: Plan) -> list[TreeRow]:
    """The sheet that people read: each box once, below its first parent."""
    rows: list[TreeRow] = []
    waiting = [(top, 0) for top in plan.tops()]
    while waiting:
        node, depth = waiting.pop()
        one = plan.nodes[node]
        rows.append(TreeRow(node, one.name, depth, kind=one.kind, formula=one.formula or "", owner=one.owner))
        below = [child for child in plan.children(node) if plan.parents(child)[0] == node]
        waiting += [(child, depth + 1) for child in reversed(below)]
    return rows


def back(home: Home, plan: Plan, lang: str = "en") -> Plan:
    return read_plan(home, ME, to_workbook(plan, rows_of(plan), lang=lang), "tree.xlsx").plan


@given(plans())
@settings(max_examples=12, deadline=None)
def test_any_tree_comes_back_with_all_its_lines(home: Home, plan: Plan) -> None:
    assume(len(plan.tops()) == 1)
    plan = plan.with_(targets={})
    made = back(home, plan)
    assert {edge.key: edge for edge in made.edges} == {edge.key: edge for edge in plan.edges}
    assert {key: replace(node, order=0.0) for key, node in made.nodes.items()} == {
        key: replace(node, order=0.0) for key, node in plan.nodes.items()
    }


FULL = Plan(
    "p", "Plan",
    nodes={"sales": Node("sales", "kgi", "Sales", formula="orders * value", kpi="sales", unit="money"),
           "orders": Node("orders", name="Orders", informed=("Kari", "Ola Nordmann"), tags=("a", "b"),
                          notes="Two\nlines", direction="range", low=-0.5, high=12.25, rollup="sum"),
           "value": Node("value", name="Value", assumption=1234.5),
           "visits": Node("visits", name="Visits", unit="count")},
    links={("orders", "visits"): Edge("orders", "visits", "influence", -1, "weak", 3, "=Because", "Kari"),
           ("sales", "visits"): Edge("sales", "visits", "guardrail"),
           ("sales", "orders"): Edge("sales", "orders", "formula", hypothesis="Said of a formula's line")},
)  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_comes_back_in_every_language(home: Home, lang: str) -> None:
    made = back(home, FULL, lang)
    assert made.links == FULL.links
    for key, node in FULL.nodes.items():
        assert replace(made.nodes[key], order=0.0) == node


def test_what_cannot_be_read_is_said_and_a_box_that_was_moved_stays_where_the_tree_has_it() -> None:
    head = ["Parent", "Child", "Kind", "Hypothesis", "Sign"]
    rows = [
        head,
        ["orders", "visits", "guardrail", "", "5"],
        ["visits", "sales", "influence", "", ""],
        ["value", "visits", "influence", "So", "1"],
        ["nowhere", "visits", "influence", "", ""],
    ]
    found = with_edges(FULL, rows)
    assert found is not None
    plan, issues = found
    assert set(plan.links) >= {
        ("sales", "visits"),
        ("orders", "visits"),
    }  # as the tree has it: moved from value
    assert [issue.code for issue in issues] == ["table_cell", "line_moved", "table_cell"]
    read = with_nodes(FULL, [["Id", "KPI", "Rollup", "Assumption"], ["value", "", "sometimes", "many"]])
    assert read is not None
    assert {issue.column for issue in read[1]} == {"rollup", "assumption"}
    assert with_nodes(FULL, [["Name", "Owner"]]) is None
    assert with_edges(FULL, []) is None


def test_the_file_that_leaves_the_app_comes_back(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    plan = workspace.new_plan(home, ME, template="online_shop")
    book = workspace.export_tree(home, ME, plan.id, form="xlsx", at=date(2026, 5, 1), lang="nb")
    read = workspace.read_plan(home, ME, book, "tree.xlsx")
    assert read.plan.links == plan.links
    assert not read.issues
