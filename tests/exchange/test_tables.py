"""Trees written in spreadsheets: every way people show what hangs below what."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.errors import Refused
from kpi_tree.exchange.table_cells import number_in
from kpi_tree.exchange.tables import from_rows
from kpi_tree.exchange.workbook import TreeRow, to_workbook
from kpi_tree.periods import Period
from kpi_tree.plan.model import Plan

QUARTER = Period(date(2026, 7, 1), date(2026, 10, 1))
SAME = {"Sales": None, "Orders": "Sales", "Visits": "Orders", "Order value": "Sales"}
WAYS: dict[str, list[list[str]]] = {
    "cells": [["Sales", "", ""], ["", "Orders", ""], ["", "", "Visits"], ["", "Order value", ""]],
    "named levels": [["Level 1", "Level 2", "Level 3"], ["Sales"], ["", "Orders"], ["", "", "Visits"],
                     ["", "Order value"]],
    "paths": [["Level 1", "Level 2", "Level 3"], ["Sales", "Orders", "Visits"], ["Sales", "Order value", ""]],
    "numbers": [["Nivå", "Navn"], ["1", "Sales"], ["2", "Orders"], ["3", "Visits"], ["2", "Order value"]],
    "decimal": [["階層", "指標"], ["1", "Sales"], ["1.1", "Orders"], ["1.1.1", "Visits"],
                ["1.2", "Order value"]],
    "parents": [["Name", "Parent"], ["Visits", "Orders"], ["Sales", ""], ["Order value", "sales"],
                ["Orders", "Sales"]],
    "parent ids": [["Id", "Name", "Parent"], ["s", "Sales", ""], ["o", "Orders", "s"], ["v", "Visits", "o"],
                   ["a", "Order value", "s"]],
    "blanks": [["Name", "Owner"], ["Sales", ""], ["  Orders", ""], ["    Visits", ""], ["  Order value", ""]],
    "bullets": [["Name", "Owner"], ["- Sales", ""], ["  - Orders", ""], ["    * Visits", ""],
                ["  - Order value", ""]],
    "title above": [["Our tree", ""], ["", ""], ["Name", "Level"], ["Sales", "1"], ["Orders", "2"],
                    ["Visits", "3"],
                    ["Order value", "2"]],
}  # fmt: skip


def parents(plan: Plan) -> dict[str, str | None]:
    names = {node.id: node.name for node in plan.nodes.values()}
    above = {edge.child: names[edge.parent] for edge in plan.edges}
    return {node.name: above.get(node.id) for node in plan.nodes.values()}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_tree_in_every_shape(way: str) -> None:
    read = from_rows(WAYS[way])
    assert parents(read.plan) == SAME
    assert read.plan.nodes[str(read.plan.root())].name == "Sales"
    assert read.issues == ()


def test_the_other_columns_fill_the_nodes_in_three_languages() -> None:
    rows = [
        ["Nivå", "Indikator", "Eier", "Mål", "Periode", "Formel", "Enhet", "KPI", "Type"],
        ["1", "Salg", "Kari", "1 200 000", "2026-Q3", "=Ordrer * Snitt per ordre", "money", "sales", ""],
        ["2", "Ordrer", "Ola", "12,5", "", "", "count", "", ""],
        ["2", "Snitt per ordre", "", "", "", "", "", "", ""],
        ["3", "Nyhetsbrev", "", "", "", "", "", "", "tiltak"],
    ]
    read = from_rows(rows, kpis=["sales"], period=Period(date(2026, 1, 1), date(2026, 4, 1)))
    plan = read.plan
    assert plan.nodes["salg"].formula == "ordrer * snitt_per_ordre"
    assert (plan.nodes["salg"].owner, plan.nodes["salg"].unit, plan.nodes["salg"].kpi) == (
        "Kari",
        "money",
        "sales",
    )
    assert plan.nodes["nyhetsbrev"].kind == "action"
    assert plan.edge("snitt_per_ordre", "nyhetsbrev").kind == "supports"  # type: ignore[union-attr]
    aims = {target.node: (target.value, target.period.start) for target in plan.targets.values()}
    assert aims == {"salg": (1_200_000.0, date(2026, 7, 1)), "ordrer": (12.5, date(2026, 1, 1))}


def test_operators_beside_names_make_the_formula() -> None:
    rows = [["Name", "Level", "Operator"], ["Profit", "1", ""], ["Sales", "2", "+"], ["Costs", "2", "−"]]
    assert from_rows(rows).plan.nodes["profit"].formula == "sales - costs"


def test_what_cannot_be_used_is_said_with_row_and_column_and_the_rest_is_read() -> None:
    rows = [
        ["Name", "Level", "Target", "Formula", "Direction"],
        ["Sales", "1", "lots", "Orders *", "sideways"],
        ["Orders", "first", "1,200", "Sales + 1", ""],
        ["Another", "1", "", "", ""],
    ]
    read = from_rows(rows, period=QUARTER)
    said = {(issue.row, issue.column) for issue in read.issues}
    first = {(2, "Target"), (2, "Formula"), (2, "Direction")}
    assert said == first | {(3, "Level"), (3, "Target"), (3, "Formula"), (4, None)}
    assert set(read.plan.nodes) == {"sales", "orders", "another"}
    assert all(issue.remedy for issue in read.issues)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "empty"),
        ([["", " "]], "empty"),
        ([["Name", "Parent"], ["A", "B"], ["B", "A"]], "circle: A → B"),
        ([["Name", "Level"], ["", "1"]], "No names"),
    ],
)
def test_what_is_no_tree_is_refused_in_words(rows: list[list[str]], words: str) -> None:
    with pytest.raises(Refused, match=words):
        from_rows(rows)


@given(st.lists(st.lists(st.text(max_size=6), max_size=5), max_size=8))
@settings(max_examples=80)
def test_any_table_is_read_or_refused_never_half(rows: list[list[str]]) -> None:
    try:
        read = from_rows(rows, period=QUARTER)
    except Refused:
        return
    plan = read.plan
    assert sum(node.kind == "kgi" for node in plan.nodes.values()) == 1
    assert plan.tops() == [plan.root()]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_our_own_sheet_comes_back_as_the_same_tree(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 9))
    depths = [0]
    for _ in range(size - 1):
        depths.append(data.draw(st.integers(1, depths[-1] + 1)))
    rows = [["Indicator", "Level", "Status", "Owner", "Id"]]
    rows += [[f"KPI {n}", str(depth + 1), "", "", f"n{n}"] for n, depth in enumerate(depths)]
    plan = from_rows(rows).plan
    assert list(plan.nodes) == [f"n{n}" for n in range(size)]
    for n, depth in enumerate(depths[1:], 1):
        above = max(m for m in range(n) if depths[m] == depth - 1)
        assert plan.parents(f"n{n}") == [f"n{above}"]


@pytest.mark.parametrize(
    ("text", "value", "doubtful"),
    [
        ("1234.5", 1234.5, False), ("1 234,5", 1234.5, False), ("1,234.50", 1234.5, False),
        ("1.234.567", 1_234_567.0, False), ("12,5 %", 0.125, False), ("NOK 1.2M", 1.2e6, False),
        ("120万", 1.2e6, False), ("−5", -5.0, False), ("1,200", 1200.0, True), ("0,125", 0.125, False),
        ("", None, False), ("abc", None, False), ("1 of 2", None, False), ("1,2,3", None, False),
    ],
)  # fmt: skip
def test_numbers_as_people_type_them(text: str, value: float | None, doubtful: bool) -> None:
    assert number_in(text) == (value, doubtful)


def test_a_workbook_opens_in_two_readers_and_no_text_is_a_formula() -> None:
    import io

    import openpyxl
    from python_calamine import CalamineWorkbook

    plan = Plan("p", "Plan")
    row = TreeRow(
        "a", "=HYPERLINK(1)", 1, "at_risk", "At risk", "percent", None, 0.031, 0.034, owner="@x", reason="+1"
    )
    made = to_workbook(plan, [row], note="As of today", lang="ja")
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book.worksheets[0]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert all(cell.data_type in ("s", "n") for cell in cells)
    assert {cell.value for cell in cells} >= {"=HYPERLINK(1)", "@x", "+1", 0.031, 0.034}
    assert sheet["D5"].number_format == "0.0%"
    assert sheet.freeze_panes == "B5"
    assert sheet["A5"].alignment.indent == 1
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(made)).sheet_names) == 5
