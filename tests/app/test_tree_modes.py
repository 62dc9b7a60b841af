"""The tree drawn as why and as what if: what the cards and lines carry, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.periods import Period
from kpi_tree.ui.tree.treemodes import explained_rows, supposed_rows
from kpi_tree.workspace import Asker, WhatIf
from kpi_tree.workspace.causes.explained import Explained, Part
from kpi_tree.workspace.causes.supposed import Moved
from kpi_tree.workspace.judged.sides import Side

SPAN, BEFORE = (Period(date(year, 1, 1), date(year, 2, 1)) for year in (2026, 2025))
CARDS: list[dict[str, Any]] = [
    {"id": "sales", "actual_text": "112"}, {"id": "orders", "actual_text": "12"}, {"id": "odd"},
]  # fmt: skip
LINES: list[dict[str, Any]] = [{"parent": "sales", "child": "orders"}, {"parent": "sales", "child": "value"},
                               {"parent": "sales", "child": "odd"}]  # fmt: skip


def part(name: str, value: float | None, **more: Any) -> Part:
    return Part(name, "sales", name, "", value, None, 10.0, 12.0, "count", leaf=True, **more)


def test_each_line_is_as_wide_as_what_came_along_it() -> None:
    parts = (part("orders", 20.0), part("value", -5.0), part("calendar_days", -3.0), part("none", None))
    found = Explained("sales", "Sales", "count", None, "up", Side("actual", BEFORE, 100.0),
                      Side("actual", SPAN, 112.0), parts, "shapley")  # fmt: skip
    cards, lines = explained_rows((CARDS, LINES), found)
    assert [(one.get("weight"), one.get("label"), one.get("way")) for one in lines] == [
        (1.0, "+20", "good"), (0.25, "−5", "bad"), (None, None, None),
    ]  # fmt: skip
    assert [one.get("change_text") for one in cards] == ["+12", "+20", None]
    assert CARDS[0] == {"id": "sales", "actual_text": "112"}, "what is kept for all readers stays as it was"


def test_a_card_shows_what_it_would_be_and_what_was_set_is_marked() -> None:
    moved = (Moved("orders", "Orders", "count", 10.0, 12.0, given=True),
             Moved("sales", "Sales", "count", 100.0, 120.0))  # fmt: skip
    found = WhatIf("sales", "Sales", "count", None, SPAN, 100.0, 120.0, (), (), moved)
    cards, lines = supposed_rows((CARDS, LINES), found)
    sales, orders, odd = cards
    assert (sales["actual_text"], sales["then_text"], sales["change_text"]) == ("120", "was 100", "+20.0%")
    assert "diff" not in sales
    assert orders["diff"] == "changed"
    assert odd == {"id": "odd"}
    assert lines is LINES


def test_a_tree_without_values_says_what_it_needs(empty_home: Path, opened: Callable[..., AppTest]) -> None:
    home = workspace.open_home(empty_home)
    workspace.new_plan(home, Asker("Kari", "owner"), template=None, name="Mine")
    for mode in ("why", "whatif"):
        page = opened("tree", mode=mode)
        assert any("needs a formula and a value" in one.value for one in page.caption)
