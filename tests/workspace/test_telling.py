"""The past in the reader's language: names, values, units; also of what is gone."""

from __future__ import annotations

from kpi_tree import workspace
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

OWNER = Asker("Kari", "owner")


def said(home: Home, lang: str) -> list[str]:
    return [word for line in workspace.history(home, OWNER) for word in line.to_dict(lang)["changes"]]


def test_history_follows_the_reader(home: Home) -> None:
    plan = workspace.new_plan(home, OWNER, template="increase_sales")
    edits = [
        {"op": "set_field", "node": "sessions", "field": "direction", "after": "down"},
        {"op": "set_field", "node": "conversion_rate", "field": "assumption", "after": 0.031},
        {"op": "set_field", "node": "orders", "field": "formula", "after": "sessions * 2"},
        {"op": "remove_node", "node": "items_per_order"},
        {"op": "add_node", "after": {"id": "own", "name": "Word of mouth"}},
    ]
    workspace.edit_plan(home, OWNER, plan.id, edits, base_revision=plan.revision)
    kpis = workspace.catalogue_of(home)
    for lang in ("nb", "ja"):
        words = said(home, lang)
        names = {kpi: kpis[kpi].text("name", lang) for kpi in ("sessions", "orders", "items_per_order")}
        assert names["sessions"] in words[0]
        assert f"{names['sessions']} × 2" in words[2]
        assert names["items_per_order"] in words[3], "also of what is gone"
        assert "Word of mouth" in words[4], "a typed name stays"
        assert "sessions" not in " ".join(words)
    assert "3,1" in said(home, "nb")[1]
    assert "%" in said(home, "nb")[1]


def test_remarks_name_boxes_in_the_readers_language(home: Home) -> None:
    plan = workspace.new_plan(home, OWNER, template="increase_sales", lang="en")
    name = workspace.catalogue_of(home)["returns"].text("name", "ja")
    found = workspace.lint_plan(home, OWNER, plan.id, with_data=set(), lang="ja")
    assert any(name in str(remark.issue.message) for remark in found if remark.issue.place == "returns")
    assert workspace.plan(home, OWNER).nodes["returns"].name != name, "what is kept stays as it is"
