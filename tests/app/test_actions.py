"""The actions page: moved, filtered, added from a suggestion, refused and undone; its five views."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.errors import Conflict
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.ui.actions import actionboard
from kpi_tree.ui.actions.board import Move, component
from kpi_tree.ui.shell.changes import Outcome
from kpi_tree.workspace import Asker

OWNER = Asker("Owner", "owner")
Opened = Callable[..., AppTest]


def plan(home: Path) -> Plan:
    return workspace.plan(Home.open(home / "home" if (home / "home").exists() else home), OWNER)


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption, *app.header))


def test_without_a_plan_it_says_what_to_do(empty_home: Path, opened: Opened) -> None:
    del empty_home
    assert "There is no plan yet" in texts(opened("actions"))


def test_the_board_and_a_card_that_somebody_else_has_moved(shop: Path, opened: Opened) -> None:
    """What the browser does with the cards is tested in tests/browser/test_board.py."""
    app = opened("actions")
    assert "The open actions are expected to bring" in texts(app)
    drawn, led_to, words = (
        plan(shop),
        Outcome(),
        {"planned": "Planned", "doing": "Being done", "done": "Done"},
    )
    session: Any = None  # nothing is changed, so nothing of it is needed
    actionboard.move(session, drawn, Move("move", "act_fast", "doing", "done"), led_to, words)
    assert isinstance(led_to.refused, Conflict)
    assert (led_to.refused.mine, led_to.refused.theirs) == ("Done", "Planned")
    again = Outcome()
    actionboard.move(session, drawn, Move("move", "act_fast", "doing", "planned"), again, words)
    assert again == Outcome()  # it is where it was to go


def test_what_a_browser_sends_counts_once() -> None:
    heard = component._Heard()
    said = {"source": "b", "moves": [{"seq": 1, "kind": "move", "card": "a", "was": "x", "to": "y"}]}
    assert heard.take(said, ("x", "y")) == [Move("move", "a", "x", "y")]
    more = {
        "source": "b",
        "moves": [*said["moves"], {"seq": 2, "kind": "open", "card": "a"}, {"seq": "3"}, 4],
    }
    assert heard.take(more, ("x", "y")) == [Move("open", "a")]
    assert [heard.take(bad, ("x", "y")) for bad in (None, [], {"moves": 1})] == [[], [], []]


def test_added_from_a_suggestion_with_the_experience_of_its_kind(own_shop: Path, opened: Opened) -> None:
    app = opened("actions", action="new", kpi="sessions")
    before = set(plan(own_shop).nodes)
    suggested = next(one for one in app.button if "campaign" in one.label and one.key.startswith("suggest_"))
    suggested.click().run()
    field = {one.label: one for one in (*app.text_input, *app.number_input, *app.selectbox)}
    assert field["What is to be done?"].value.startswith("Run a campaign")
    assert field["Kind"].value == "campaign"
    field["Expected effect (number)"].set_value(2000.0).run()
    field = {one.label: one for one in app.number_input}
    field["Confidence (%)"].set_value(70.0).run()
    assert "of what was expected" in texts(app)
    app.button(key="action_save").click().run()
    assert not app.exception
    now = plan(own_shop)
    (made,) = set(now.nodes) - before
    assert now.parents(made) == ["sessions"]
    node = now.nodes[made]
    assert (node.expected_effect, node.confidence, node.action_kind) == (2000.0, 0.7, "campaign")


def test_a_form_that_cannot_be_saved_keeps_what_was_typed(own_shop: Path, opened: Opened) -> None:
    app = opened("actions", action="act_fast")
    links = next(one for one in app.text_area if one.label == "Links")
    links.set_value("javascript:alert(1)").run()
    next(one for one in app.button if one.label == "Save").click().run()
    assert "not a web address" in "\n".join(one.value for one in app.error)
    assert next(one for one in app.text_area if one.label == "Links").value == "javascript:alert(1)"
    assert plan(own_shop).nodes["act_fast"].links == ()


def test_the_other_views(shop: Path, opened: Opened) -> None:
    del shop
    app = opened("actions", **{"as": "list", "owner": "Maja Lunde", "action": "nothing"})
    assert "There is no action" in texts(app)
    assert set(app.dataframe[0].value["Owner"]) == {"Maja Lunde"}
    for view, words in (("timeline", "Thick bar"), ("score", "Hit rate")):
        app.query_params["as"] = view
        assert words in texts(app.run())
        assert not app.exception
    assert app.dataframe[0].value["Measured"].iloc[0] >= 1
    for name, value in (("as", "budget"), ("budget", "60000"), ("hours", "120")):
        app.query_params[name] = value
    assert "3 actions for NOK" in texts(app.run()).replace("\\", "")
    assert app.dataframe[0].value["Chosen"].sum() == 3
