"""A workbook brings every target back with its own days, kind and ends."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpi_tree import workspace
from kpi_tree.exchange.target_rows import with_targets
from kpi_tree.i18n import LANGUAGES
from kpi_tree.periods import parse_period
from kpi_tree.plan.model import Node, Plan, Target
from kpi_tree.plan.planfile import to_json
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

PLAN = Plan(
    "shop", "Shop", {"sales": Node("sales", "kgi", "Sales")},
    targets={one.id: one for one in (
        Target("t", "sales", parse_period("2026-Q3"), 120.0, baseline=100.0, trajectory="step"),
        Target("u", "sales", parse_period("2026-Q4"), 150.5, events=True),
        Target("f", "sales", parse_period("2026-Q4"), 140.0, kind="floor"),
        Target("g", "sales", parse_period("2026-11"), 4.0, kind="guardrail", low=3.0, high=5.0),
    )},
)  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_workbook_brings_the_targets_back(tmp_path: Path, lang: str) -> None:
    home, who = Home.open(tmp_path / "home"), Asker("Kari", "owner")
    made = workspace.import_plan(home, who, to_json(PLAN))
    book = workspace.export_tree(home, who, made.id, form="xlsx", at=date(2026, 11, 22), lang=lang)
    read = workspace.read_plan(home, who, book, "tree.xlsx", today=date(2026, 11, 22))
    assert dict(read.plan.targets) == dict(PLAN.targets)
    assert not read.issues


def test_a_row_that_cannot_be_read_is_said_and_a_bent_path_too() -> None:
    rows = [
        ["Id", "Node", "From", "Through", "Value", "Path"],
        ["a", "sales", "soon", "2026-12-31", "5", ""],
        ["b", "sales", "2026-10-01", "2026-12-31", "many", ""],
        ["c", "sales", "2026-10-01", "2026-12-31", "7", "weights"],
        ["d", "elsewhere", "2026-10-01", "2026-12-31", "7", ""],
    ]
    found = with_targets(PLAN, rows)
    assert found is not None
    assert {key: one.value for key, one in found[0].targets.items()} == {"c": 7.0}
    assert [(issue.code, issue.place) for issue in found[1]] == [
        ("table_cell", "row 2"), ("table_cell", "row 3"), ("target_path", "row 4")
    ]  # fmt: skip
    assert with_targets(PLAN, [["Name", "Owner"]]) is None
