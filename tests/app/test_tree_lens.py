"""The tree page through a filter, a period, a comparison and as of other days; two states side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.plan.diff import compare
from kpi_tree.plan.edits import apply_all
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.ui.pieces import lensbar
from kpi_tree.ui.tree import diffview
from kpi_tree.workspace import Asker

OWNER = Asker("test", "owner")
Open = Callable[..., AppTest]
Unfold = Callable[[AppTest, str], None]


def words(app: AppTest) -> str:
    drawn = [  # the panel's head is one of our own
        f"{each.proto.json} {each.proto.bytes.decode()}" for each in app.get("bidi_component")
    ]
    return " ".join([*(str(each.value) for each in [*app.markdown, *app.caption, *app.error]), *drawn])


def button(app: AppTest, key: str) -> Any:
    return next(each for each in app.button if each.key == key)


@settings(max_examples=40)
@given(st.dictionaries(st.text("abc_", min_size=1), st.lists(st.text(min_size=1), min_size=1, unique=True)))
def test_any_filter_comes_back_from_the_address(where: dict[str, list[str]]) -> None:
    assert lensbar.read_where(lensbar.write_where(where)) == where


@pytest.mark.usefixtures("shop")
def test_a_filter_in_the_address_reaches_panel_and_table_and_a_click_takes_it_away(opened: Open) -> None:
    app = opened("tree", **{"as": "table", "where": "country:NO", "compare": "previous"})
    assert "for the whole shop" in words(app)
    shown = app.dataframe[0].value
    assert "Change" in shown.columns
    assert any("Not split by country" in status for status in shown["Status"])
    assert shown["Actual"].iloc[0] != opened("tree", **{"as": "table"}).dataframe[0].value["Actual"].iloc[0]
    button(app, "lens_off_country").click().run()
    assert not app.exception
    assert "where" not in app.query_params
    assert "for the whole shop" not in words(app)


@pytest.mark.usefixtures("shop")
def test_a_wrong_filter_or_period_says_so_and_can_be_taken_away(opened: Open) -> None:
    app = opened("tree", where="cuontry:NO", period="soon")
    assert "Did you mean country" in words(app)
    assert "soon is not a period" in words(app)
    button(app, "lens_off_cuontry").click().run()
    assert not app.error


@pytest.mark.usefixtures("shop")
def test_overview_and_kpi_page_look_through_the_same_filter(opened: Open) -> None:
    for page in ("overview", "kpi"):
        app = opened(page, where="country:NO", id="sales")
        assert "for the whole shop" in words(app), page
    app = opened("kpi", where="country:NO", id="email_click_rate")
    assert "Not split by country" in words(app)


@pytest.mark.usefixtures("empty_home")
def test_a_look_into_the_past_says_so_changes_nothing_and_leads_back(opened: Open) -> None:
    home = workspace.open_home()
    today = workspace.today_of(home)
    then = datetime.combine(today - timedelta(days=9), datetime.min.time(), UTC)
    plan = workspace.new_plan(home, OWNER, template="increase_sales", now=then)
    add = {"op": "add_node", "node": "late", "after": {"id": "late", "name": "Late one"}}
    workspace.edit_plan(home, OWNER, plan.id, [add], base_revision=plan.revision)
    past = (today - timedelta(days=3)).isoformat()
    app = opened("tree", structure=past, **{"as": "table"})
    assert "You look into the past" in words(app)
    assert not any("Late one" in name for name in app.dataframe[0].value["Indicator"])
    assert '"title":"Change"' not in words(app)
    button(app, "back_to_today").click().run()
    assert any("Late one" in name for name in app.dataframe[0].value["Indicator"])
    assert '"title":"Change"' in words(app)


@pytest.mark.usefixtures("empty_home")
def test_a_range_and_the_data_source_are_kept_from_the_panel(opened: Open, unfold: Unfold) -> None:
    home = workspace.open_home()
    plan = workspace.new_plan(home, OWNER, template="increase_sales")
    node = next(one for one in plan.nodes.values() if one.kpi == "conversion_rate")
    edit = {"op": "set_field", "node": node.id, "field": "direction", "after": "range"}
    workspace.edit_plan(home, OWNER, plan.id, [edit], base_revision=plan.revision)
    app = opened("tree", node=node.id)
    unfold(app, "panel_change")
    fields = {each.label: each for each in app.number_input}
    fields["Keep between"].set_value(4.0)
    fields["and"].set_value(2.0)
    next(each for each in app.button if each.label == "Save").click().run()
    assert "lower number first" in words(app)
    next(each for each in app.number_input if each.label == "Keep between").set_value(1.5)
    next(each for each in app.button if each.label == "Save").click().run()
    kept = workspace.plan(home, OWNER).nodes[node.id]
    assert [kept.low, kept.high] == pytest.approx([0.015, 0.02]), "typed in percent"
    assert kept.kpi == "conversion_rate"


def test_two_states_on_one_canvas_mark_what_came_went_changed_and_moved() -> None:
    def node(name: str, **more: Any) -> Node:
        return Node(name, name=name, **more)

    nodes = {n: node(n) for n in ("a", "b", "gone", "moved")} | {"root": Node("root", "kgi", "Root")}
    links = {("root", n): Edge("root", n) for n in ("a", "b", "gone")} | {("a", "moved"): Edge("a", "moved")}
    before = Plan("p", nodes=nodes, links=links)
    after = apply_all(
        before,
        [
            {"op": "remove_node", "node": "gone"},
            {"op": "add_node", "node": "new", "after": {"id": "new", "name": "new"},
             "edges": [{"parent": "root", "child": "new"}]},
            {"op": "move", "node": "moved", "after": {"parent": "b"}},
            {"op": "set_field", "node": "a", "field": "owner", "after": "Kari"},
        ],
    )  # fmt: skip
    found = compare(before, after)
    marks = {one: diffview.marks_of(one, before, after, found) for one in {*before.nodes, *after.nodes}}
    assert marks == {
        "root": [], "a": ["changed"], "b": [], "gone": ["removed"], "new": ["added"], "moved": ["moved"],
    }  # fmt: skip
    drawn = {(line["parent"], line["child"]): line["diff"] for line in diffview.lines(before, after, found)}
    assert drawn["root", "gone"] == "removed", "what went keeps its place in the drawing"
    assert (drawn["b", "moved"], drawn["a", "moved"]) == ("added", "removed")


def test_a_line_that_would_close_a_circle_is_not_drawn() -> None:
    nodes = {"root": Node("root", "kgi"), "a": Node("a"), "b": Node("b")}
    before = Plan("p", nodes=nodes, links={("root", "a"): Edge("root", "a"), ("a", "b"): Edge("a", "b")})
    after = Plan("p", nodes=nodes, links={("root", "b"): Edge("root", "b"), ("b", "a"): Edge("b", "a")})
    drawn = {
        (line["parent"], line["child"]) for line in diffview.lines(before, after, compare(before, after))
    }
    assert ("a", "b") not in drawn
    assert ("root", "a") in drawn


def test_a_day_names_a_state_of_the_plan(tmp_path: Path) -> None:
    home = workspace.open_home(tmp_path / "home")
    then, later = datetime(2026, 5, 1, 12, tzinfo=UTC), datetime(2026, 5, 9, 12, tzinfo=UTC)
    plan = workspace.new_plan(home, OWNER, template="increase_sales", now=then)
    add = {"op": "add_node", "node": "late", "after": {"id": "late", "name": "Late one"}}
    workspace.edit_plan(home, OWNER, plan.id, [add], base_revision=plan.revision, now=later)
    day = date(2026, 5, 8).isoformat()
    assert workspace.compare_plans(home, OWNER, day, "2026-05-09").added == ("late",)
    assert workspace.compare_plans(home, OWNER, f"{plan.id}@{day}", "@1").same
