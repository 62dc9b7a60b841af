"""Check-ins and comments on screen: written, next one open, changed, deleted, brought back, found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.ui.tree.cards import lately
from kpi_tree.workspace import Asker

ME = Asker("t", "owner")
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def _plan(folder: Path) -> workspace.Home:  # type: ignore[name-defined]
    home = workspace.open_home(folder)
    made = workspace.new_plan(home, ME, template=None, name="Sales", now=NOW)
    nodes = [
        {"id": "visits", "kind": "kpi", "name": "Visits", "owner": "Ola", "unit": "count"},
        {"id": "share", "kind": "kpi", "name": "Share", "owner": "Ola", "unit": "percent"},
        {"id": "price", "kind": "kpi", "name": "Price", "owner": "Kari"},
    ]
    edits = [{"op": "add_node", "after": node} for node in nodes]
    workspace.edit_plan(home, ME, made.id, edits, base_revision=None, now=NOW)
    return home


def _labels(page: AppTest) -> list[str]:
    return [box.label.split("**")[1] for box in page.expander if "**" in box.label]


def test_one_after_the_other_until_nothing_waits(empty_home: Path, opened: Callable[..., AppTest]) -> None:
    home = _plan(empty_home)
    page = opened("checkins", me="Ola")
    assert _labels(page) == ["Visits", "Share"], "only what is the reader's own"
    page.number_input(key="ci_value_visits").set_value(120)
    page.text_input(key="ci_changed_visits").set_value("More ads, @Kari <b>knows</b>")
    page.button(key="FormSubmitter:check_in_visits-Save").click().run()
    assert not page.exception
    assert _labels(page) == ["Share"], "the next one is open"
    page.number_input(key="ci_value_share").set_value(42)
    page.button(key="FormSubmitter:check_in_share-Save").click().run()
    assert _labels(page) == []
    share, visits = workspace.remarks(home, ME)
    assert (share.node, share.value, share.kind) == ("share", 0.42, "check_in"), "percent typed as percent"
    assert (visits.person, visits.value, visits.mentions) == ("Ola", 120, ("Kari",))
    assert any("\\<b\\>knows" in one.value for one in page.markdown), "letter by letter"


def test_text_alone_is_a_comment_and_nothing_at_all_is_refused(
    empty_home: Path, opened: Callable[..., AppTest]
) -> None:
    home = _plan(empty_home)
    page = opened("checkins", me="Kari")
    page.button(key="FormSubmitter:check_in_price-Save").click().run()
    assert any("needs a value" in one.value for one in page.error)
    page.text_input(key="ci_changed_price").set_value("A rival is cheaper")
    page.button(key="FormSubmitter:check_in_price-Save").click().run()
    (made,) = workspace.remarks(home, ME)
    assert (made.kind, made.said, made.person) == ("comment", "A rival is cheaper", "Kari")


def test_a_decision_is_marked_and_listed_by_itself(empty_home: Path, opened: Callable[..., AppTest]) -> None:
    home = _plan(empty_home)
    workspace.comment(home, ME, "price", "only noticed", now=NOW)
    page = opened("checkins", me="Kari")
    page.text_input(key="ci_changed_price").set_value("Prices stay")
    page.number_input(key="ci_value_price").set_value(9)
    page.toggle(key="ci_decided_price").set_value(True)
    page.button(key="FormSubmitter:check_in_price-Save").click().run()
    assert {(one.kind, one.said, one.value) for one in workspace.remarks(home, ME)} == {
        ("decision", "Prices stay", None), ("check_in", "", 9.0), ("comment", "only noticed", None)
    }  # fmt: skip
    page = opened("checkins", of="decisions")
    shown = " ".join(one.value for one in page.markdown)
    assert "Prices stay" in shown
    assert "only noticed" not in shown
    assert not page.exception


def test_what_is_refused_stays_as_it_was_typed_and_what_is_saved_goes(
    empty_home: Path, opened: Callable[..., AppTest]
) -> None:
    home = _plan(empty_home)
    page = opened("checkins", me="Kari")
    page.text_input(key="ci_next_price").set_value("Ask the supplier")
    page.toggle(key="ci_decided_price").set_value(True)
    page.button(key="FormSubmitter:check_in_price-Save").click().run()
    assert any("decision needs a text" in one.value for one in page.error)
    assert page.text_input(key="ci_next_price").value == "Ask the supplier"
    page.text_input(key="ci_changed_price").set_value("We change the supplier")
    page.button(key="FormSubmitter:check_in_price-Save").click().run()
    assert not page.exception
    (made,) = workspace.remarks(home, ME)
    assert (made.kind, made.said, made.next) == ("decision", "We change the supplier", "Ask the supplier")
    assert page.text_input(key="ci_next_price").value == ""
    assert page.text_input(key="ci_changed_price").value == ""
    assert page.toggle(key="ci_decided_price").value is False


def test_deleted_and_brought_back(empty_home: Path, opened: Callable[..., AppTest]) -> None:
    home = _plan(empty_home)
    made = workspace.comment(home, ME, "price", "mine", person="Kari", now=NOW)
    page = opened("checkins")
    page.button(key=f"remark_delete_{made.id}").click().run()
    assert workspace.remarks(home, ME) == []
    page.button(key="remark_back").click().run()
    assert [one.said for one in workspace.remarks(home, ME)] == ["mine"]
    assert not page.exception


def test_by_me_or_to_me(empty_home: Path, opened: Callable[..., AppTest]) -> None:
    home = _plan(empty_home)
    workspace.comment(home, ME, "price", "for @Ola", person="Kari", now=NOW)
    workspace.comment(home, ME, "price", "for nobody", person="Kari", now=NOW)

    def texts(**address: str) -> list[str]:
        page = opened("checkins", **address)
        return [one.value for one in page.markdown if one.value.startswith("for")]

    assert texts(me="Ola") == ["for nobody", "for @Ola".replace("@", "\\@")]
    assert texts(me="Ola", of="me") == ["for \\@Ola"]


@pytest.mark.parametrize("lang", ["en", "nb", "ja"])
def test_an_empty_home_says_what_to_do(empty_home: Path, opened: Callable[..., AppTest], lang: str) -> None:
    del empty_home
    assert not opened("checkins", lang=lang).exception


def test_a_card_counts_what_was_said_of_it_in_two_weeks(empty_home: Path) -> None:
    home = _plan(empty_home)
    at = NOW.date()
    for days, node in ((0, "price"), (13, "price"), (14, "price"), (1, "visits")):
        workspace.comment(home, ME, node, "said", day=at - timedelta(days), now=NOW)
    assert lately(workspace.remarks(home, ME), at) == {"price": 2, "visits": 1}
    assert lately(workspace.remarks(home, ME), at - timedelta(2)) == {"price": 2}, "of days that had come"
