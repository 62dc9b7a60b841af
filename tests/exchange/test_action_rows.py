"""An action's fields out to files and back again, in every form that has a place for them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Refused
from kpi_tree.exchange.tables import from_rows
from kpi_tree.i18n import LANGUAGES, translate
from kpi_tree.plan.diff import diff
from kpi_tree.plan.edit_values import Words
from kpi_tree.plan.edit_words import describe
from kpi_tree.plan.edits import apply_all
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.plan.planfile import FORMAT, from_json, to_json
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

FIRST = Node("first", "action", "First this", owner="Ola", state="done", start=date(2026, 1, 5))
ACTION = Node(
    "mail", "action", "Two letters, a week", owner="Kari", notes="=now()", start=date(2026, 2, 2),
    due=date(2026, 2, 20), state="doing", expected_effect=0.0025, cost=12500.5, effort=24.0, effect_delay=3,
    effect_days=28, effect_course="lasting", confidence=0.65, links=("https://a.example/x", "http://b.example"),
    action_kind="mail", needs=("first",), excludes=("gone",), control="country=SE", experiment="exp 1",
)  # fmt: skip
PLAN = Plan(
    "p", "Plan",
    nodes={"sales": Node("sales", "kgi", "Sales", formula="orders"), "orders": Node("orders", name="Orders"),
           "mail": ACTION, "first": FIRST},
    links={("orders", "mail"): Edge("orders", "mail", "supports"),
           ("orders", "first"): Edge("orders", "first", "supports")},
)  # fmt: skip


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_the_plan_file_keeps_every_field(tmp_path: Path, form: str) -> None:
    home, who = Home.open(tmp_path / "home"), Asker("Kari", "owner")
    made = workspace.import_plan(home, who, to_json(PLAN))
    assert made.nodes["mail"] == ACTION
    again = workspace.read_plan(
        home, who, workspace.export_plan(home, who, made.id, form=form).encode(), f"plan.{form}"
    ).plan
    assert dict(again.nodes) == dict(PLAN.nodes)


def test_what_is_not_said_is_not_written() -> None:
    assert set(Node("a", "action", "A").to_dict()) == {"id", "kind", "name"}
    old = '{"format": "FORMAT", "version": 1, "id": "p", "nodes": [{"id": "a", "kind": "action"}]}'
    assert from_json(old.replace("FORMAT", FORMAT)).nodes["a"].links == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_workbook_brings_the_actions_back(tmp_path: Path, lang: str) -> None:
    home, who = Home.open(tmp_path / "home"), Asker("Kari", "owner")
    made = workspace.import_plan(home, who, to_json(PLAN))
    book = workspace.export_tree(home, who, made.id, form="xlsx", at=date(2026, 2, 10), lang=lang)
    read = workspace.read_plan(home, who, book, "tree.xlsx")
    found = read.plan.nodes["mail"]
    for name in ("start", "due", "state", "expected_effect", "cost", "effort", "effect_delay", "effect_days",
                 "effect_course", "confidence", "links", "action_kind", "needs", "excludes", "control",
                 "experiment", "owner"):  # fmt: skip
        assert getattr(found, name) == getattr(ACTION, name), name
    assert not [issue for issue in read.issues if issue.code == "table_cell"]


def test_a_list_of_actions_in_a_table() -> None:
    rows = [
        ["Name", "Level", "Type", "Due", "Cost", "Confidence", "Expected effect"],
        ["Sales", "1", "", "", "", "", ""],
        ["Letters", "2", "action", "2026-03-01", "1 200", "60 %", "-3.5"],
        ["Pages", "2", "action", "soon", "", "160 %", ""],
    ]
    read = from_rows(rows)
    letters = read.plan.nodes["letters"]
    assert (letters.due, letters.cost, letters.confidence) == (date(2026, 3, 1), 1200, 0.6)
    assert letters.expected_effect == -3.5
    assert [(issue.row, issue.column) for issue in read.issues] == [(4, "due"), (4, "confidence")]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("confidence", 70, "share from 0 to 1"),
        ("cost", -1, "below zero"),
        ("effect_days", 0, "1 to 731"),
        ("links", ["javascript:alert(1)"], "not a web address"),
        ("links", ["https://"], "not a web address"),
        ("control", "Sweden", "not a segment"),
        ("effect_course", "rising", "one of"),
    ],
)
def test_what_cannot_be_is_refused(field: str, value: object, words: str) -> None:
    with pytest.raises(Refused, match=words):
        apply_all(PLAN, [{"op": "set_field", "node": "mail", "field": field, "after": value}])


def test_ties_that_cannot_be_are_refused_and_lead_nowhere_astray(tmp_path: Path) -> None:
    home, who = Home.open(tmp_path / "home"), Asker("Kari", "owner")
    workspace.import_plan(home, who, to_json(PLAN))
    with pytest.raises(Refused, match="wait for each other"):
        workspace.change_action(home, who, "first", needs=["mail"])
    with pytest.raises(Refused, match="itself"):
        workspace.change_action(home, who, "mail", needs=["mail"])
    with pytest.raises(Refused, match="not an action"):
        workspace.change_action(home, who, "mail", excludes=["sales"])
    workspace.change_action(home, who, "mail", excludes=["gone", "first"])  # what stood may stay


def test_the_history_says_it_in_words() -> None:
    words = Words({"mail": "Letters", "first": "First this"})
    change = {"op": "set_field", "node": "mail", "field": "confidence", "before": 0.5, "after": 0.65}
    assert translate(describe(change, words), "en") == "Confidence of Letters: 65.0% (was 50.0%)."
    change = {"op": "set_field", "node": "mail", "field": "needs", "before": [], "after": ["first"]}
    assert "First this" in translate(describe(change, words), "en")


def test_a_difference_of_plans_carries_the_fields() -> None:
    bare = PLAN.with_(nodes={**PLAN.nodes, "mail": Node("mail", "action", ACTION.name)})
    assert apply_all(bare, diff(bare, PLAN)).nodes["mail"] == ACTION
