"""The tree page's tools: fields with their checks, remarks, outline, history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.plan.model import Plan
from kpi_tree.workspace import Asker

OWNER = Asker("test", "owner")
Open = Callable[..., AppTest]
Unfold = Callable[[AppTest, str], None]


@pytest.fixture
def plan(empty_home: Any) -> Plan:  # noqa: ARG001
    """A plan from a template in the empty home."""
    return workspace.new_plan(workspace.open_home(), OWNER, template="increase_sales")


def standing() -> Plan:
    return workspace.plan(workspace.open_home(), OWNER)


def field(app: AppTest, kind: str, label: str) -> Any:
    return next(each for each in app.get(kind) if each.label == label)


def click(app: AppTest, label: str) -> None:
    next(each for each in app.button if each.label == label).click().run()
    assert not app.exception


def test_a_formula_is_checked_while_typed_and_saved_with_the_rest(
    opened: Open, plan: Plan, unfold: Unfold
) -> None:
    app = opened("tree")
    unfold(app, "panel_change")
    field(app, "text_input", "Formula").set_value("orders *").run()
    assert any("ends after" in each.value for each in app.error)
    field(app, "text_input", "Formula").set_value("orders + average_order_value").run()
    assert any("cannot be added" in each.value for each in app.warning)
    field(app, "text_input", "Formula").set_value("orders * average_order_value").run()
    field(app, "text_input", "People informed").set_value("Ola, Per")
    click(app, "Save")
    node = standing().nodes[plan.root() or ""]
    assert (node.informed, node.formula) == (("Ola", "Per"), "orders * average_order_value")


def test_a_draft_outlives_a_conflict_and_can_win(opened: Open, plan: Plan, unfold: Unfold) -> None:
    app, root = opened("tree"), plan.root() or ""
    unfold(app, "panel_change")
    theirs = {"op": "set_field", "node": root, "field": "owner", "after": "Theirs"}
    workspace.edit_plan(workspace.open_home(), OWNER, plan.id, [theirs], base_revision=plan.revision)
    field(app, "text_input", "Owner").set_value("Mine")
    click(app, "Save")
    assert standing().nodes[root].owner == "Theirs"
    assert field(app, "text_input", "Owner").value == "Mine"
    assert any("Theirs" in each.value for each in app.warning)
    click(app, "Save mine over it")
    assert standing().nodes[root].owner == "Mine"


def test_what_was_typed_waits_while_another_card_is_looked_at(
    opened: Open, plan: Plan, unfold: Unfold
) -> None:
    app, root = opened("tree"), plan.root() or ""
    other = plan.children(root)[0]
    unfold(app, "panel_change")

    def look_at(node: str) -> None:
        app.query_params["node"] = node
        app.run()

    field(app, "text_input", "Owner").set_value("Mine").run()
    look_at(other)
    assert field(app, "text_input", "Owner").value == ""
    field(app, "text_area", "Notes").set_value("Of the other").run()
    theirs = {"op": "set_field", "node": root, "field": "owner", "after": "Theirs"}
    workspace.edit_plan(workspace.open_home(), OWNER, plan.id, [theirs], base_revision=plan.revision)
    app.button(key=f"unsaved_{root}").click().run()  # said beside the other card's form
    assert field(app, "text_input", "Owner").value == "Mine"
    assert any("Theirs" in each.value for each in app.warning)
    click(app, "Take theirs")
    assert field(app, "text_input", "Owner").value == "Theirs"
    app.switch_page("../../pages/goals.py").run()  # another page forgets nothing
    app.switch_page("../../pages/tree.py")
    look_at(root)
    click(app, "Discard")  # of the other card
    look_at(other)
    assert field(app, "text_area", "Notes").value == ""
    assert standing().nodes[other] == plan.nodes[other]


def test_a_remark_is_mended_with_one_click(opened: Open, plan: Plan, unfold: Unfold) -> None:
    loose = {"op": "add_node", "after": {"id": "loose", "name": "Loose"}}
    workspace.edit_plan(workspace.open_home(), OWNER, plan.id, [loose], base_revision=plan.revision)
    app = opened("tree")
    unfold(app, "lint")
    click(app, "Mend it")
    assert standing().parents("loose") == [plan.root()]


def test_an_outline_is_previewed_then_saved(opened: Open, plan: Plan) -> None:
    app = opened("tree", **{"as": "outline"})
    text = app.text_area[0].value
    app.text_area[0].set_value(text + "  ~ Word of mouth = 12 @Kari\n").run()
    assert any("Word of mouth" in each.value and "Added" in each.value for each in app.markdown)
    assert standing().revision == plan.revision
    app.text_area[0].set_value(text + "          ~ [nobody\n    !").run()
    assert app.error
    assert standing().revision == plan.revision
    app.text_area[0].set_value(text + "  ~ Word of mouth = 12 @Kari\n").run()
    click(app, "Save these changes")
    made = next(node for node in standing().nodes.values() if node.name == "Word of mouth")
    assert (made.owner, made.assumption) == ("Kari", 12)


def test_history_names_states_and_goes_back(opened: Open, plan: Plan) -> None:
    home, root = workspace.open_home(), plan.root() or ""
    workspace.take_snapshot(home, OWNER, "before summer")
    edit = {"op": "set_field", "node": root, "field": "owner", "after": "Kari"}
    workspace.edit_plan(home, OWNER, plan.id, [edit], base_revision=plan.revision)
    app = opened("tree", **{"as": "history"})
    said = " ".join(each.value for each in [*app.markdown, *app.caption])
    assert "before summer" in said
    assert "Kari" in said
    click(app, "Go back to this")
    assert standing().nodes[root].owner == plan.nodes[root].owner


def test_edits_of_one_person_in_one_go_are_told_together() -> None:
    from kpi_tree.ui.tree.timeline import grouped
    from kpi_tree.workspace import JournalLine

    said = [
        ("Ola", "edit", 0),
        ("Kari", "edit", 1),
        ("Kari", "edit", 2),
        ("Kari", "edit", 40),
        ("Kari", "undo", 41),
    ]
    start = datetime(2026, 3, 4, 12, tzinfo=UTC)
    lines = [
        JournalLine(9 - at, start - timedelta(minutes=ago), who, action, ())
        for at, (who, action, ago) in enumerate(said)
    ]
    assert [[line.revision for line in group] for group in grouped(lines)] == [[9], [8, 7], [6], [5]]
    assert [[line.revision for line in group] for group in grouped(lines, {7})] == [[9], [8], [7], [6], [5]]
    found = grouped([lines[1], replace(lines[2], revision=3)])
    assert [len(group) for group in found] == [1, 1], "what lies between was filtered out"


def test_a_template_names_the_tables_and_columns_that_are_not_here(plan: Plan) -> None:  # noqa: ARG001
    from kpi_tree.ui.pieces.templateview import missing_of
    from kpi_tree.workspace.intake.ready import Lack, Ready

    found = workspace.templates(workspace.open_home(), OWNER)
    one = next(each for each in found if each.id == "increase_conversion")
    asked = {need.kpi: need.tables for need in one.needs}
    assert asked["cart_completion_rate"] == ("sessions", "cart_events")
    ready = {kpi: Ready(kpi, True) for kpi in asked if kpi}
    assert missing_of(one, ready, ()) == {}, "what has a value lacks nothing"
    lack = Lack("sessions", ("session_id",))
    ready["cart_completion_rate"] = Ready("cart_completion_rate", False, (lack,))
    assert missing_of(one, ready, {"sessions"}) == {"cart_events": (), "sessions": ("session_id",)}


def test_the_templates_say_what_data_they_need(plan: Plan, alone: Open) -> None:  # noqa: ARG001
    def script() -> None:
        from kpi_tree import workspace
        from kpi_tree.ui.shell.session import open_session
        from kpi_tree.ui.tree import templatelist

        session = open_session(None)
        templatelist.listing(session, workspace.plan(session.home, session.who))

    app = alone(script)
    assert len(app.expander) >= 10
    app.button(key="template_save").click().run()
    assert any(one.own for one in workspace.templates(workspace.open_home(), OWNER))


def test_a_formula_may_be_typed_in_names_and_a_beginning_is_completed_by_a_click(
    opened: Open, plan: Plan, unfold: Unfold
) -> None:
    app = opened("tree")
    unfold(app, "panel_change")
    names = {node.id: node.name for node in plan.nodes.values()}
    typed = f"{names['orders'].upper()} * aver"
    field(app, "text_input", "Formula").set_value(typed).run()
    click(app, names["average_order_value"].replace(".", "\\."))
    assert field(app, "text_input", "Formula").value == "orders * average_order_value"
    click(app, "Save")
    assert standing().nodes[plan.root() or ""].formula == "orders * average_order_value"


def test_a_draft_of_one_plan_is_not_in_another(opened: Open, plan: Plan, unfold: Unfold) -> None:
    home = workspace.open_home()
    other = workspace.copy_plan(home, OWNER, plan.id, name="Other")
    app = opened("tree")
    unfold(app, "panel_change")
    field(app, "text_input", "Owner").set_value("Mine").run()
    app.query_params["plan"] = other.id
    app.run()
    assert field(app, "text_input", "Owner").value == ""
    assert [each.value for each in app.title] == ["Other"]
