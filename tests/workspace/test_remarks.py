"""Check-ins and comments: written, changed, deleted, brought back; who is due; proved by ``check``."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Conflict, NotFound, Refused
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

OWNER = Asker("Kari", "owner")
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = date(2026, 5, 4)


@pytest.fixture
def shop(home: Home) -> Home:
    """A plan of two drivers with owners, and an action somebody is at."""
    made = workspace.new_plan(home, OWNER, template=None, name="Sales", now=NOW)
    nodes = [
        {"id": "orders", "kind": "kpi", "name": "Number of transactions", "kpi": "orders", "owner": "Ola"},
        {"id": "share", "kind": "kpi", "name": "Share", "unit": "percent", "owner": "Kari Nordmann"},
        {"id": "mail", "kind": "action", "name": "Mail", "owner": "Ola", "state": "doing"},
        {"id": "later", "kind": "action", "name": "Later", "owner": "Ola", "state": "planned"},
    ]
    edits = [{"op": "add_node", "after": node} for node in nodes]
    workspace.edit_plan(home, OWNER, made.id, edits, base_revision=None, now=NOW)
    return home


def test_a_check_in_says_value_confidence_what_changed_and_what_next(shop: Home) -> None:
    workspace.check_in(
        shop, OWNER, "orders", value=40, confidence="low", changed="Fewer visits; @ola knows why",
        next_step="Ask @Kari Nordmann", now=NOW,
    )  # fmt: skip
    (found,) = workspace.remarks(shop, OWNER)
    assert (found.node, found.value, found.confidence, found.day) == ("orders", 40, "low", DAY)
    assert found.mentions == ("Ola", "Kari Nordmann"), "as the plan writes them"
    assert found.person == "Kari", "who asks, where nobody else is named"
    assert found.to_dict("nb")["name"] == "Antall transaksjoner", "the KPI's own name follows the reader"


def test_the_computed_tree_does_not_change(shop: Home) -> None:
    before = workspace.tree(shop, OWNER, at=DAY)
    workspace.check_in(shop, OWNER, "orders", value=1e9, confidence="high", counts=False, now=NOW)
    assert workspace.tree(shop, OWNER, at=DAY) == before


def test_remarks_are_found_by_box_person_and_days(shop: Home) -> None:
    workspace.comment(shop, OWNER, "orders", "one @Per", day=DAY - timedelta(9), now=NOW)
    workspace.comment(shop, OWNER, "Share", "two", person="Per", now=NOW)
    workspace.comment(shop, OWNER, "mail", "three", now=NOW)

    def said(**asked: object) -> list[str]:
        return [one.said for one in workspace.remarks(shop, OWNER, **asked)]  # type: ignore[arg-type]

    assert said() == ["three", "two", "one @Per"], "the latest day first, then the latest written"
    assert said(node="share") == ["two"]
    assert said(person="per") == ["two", "one @Per"], "what they wrote, and what speaks to them"
    assert said(since=DAY - timedelta(8)) == ["three", "two"]
    assert said(until=DAY - timedelta(1)) == ["one @Per"]


def test_a_change_keeps_its_place_and_is_not_overwritten(shop: Home) -> None:
    made = workspace.comment(shop, OWNER, "orders", "one", now=NOW)
    changed = workspace.change_remark(shop, OWNER, made.id, said="two @Ola", based_on=made.revision, now=NOW)
    assert (changed.id, changed.said, changed.mentions) == (made.id, "two @Ola", ("Ola",))
    with pytest.raises(Conflict) as caught:
        workspace.change_remark(shop, OWNER, made.id, said="mine", based_on=made.revision, now=NOW)
    assert caught.value.theirs == "two @Ola"
    assert [one.said for one in workspace.remarks(shop, OWNER)] == ["two @Ola"]


def test_a_decision_is_found_by_itself_and_a_comment_can_become_one(shop: Home) -> None:
    workspace.check_in(shop, OWNER, "orders", value=1, now=NOW)
    noticed = workspace.comment(shop, OWNER, "orders", "too dear", now=NOW)
    decided = workspace.comment(
        shop, OWNER, "share", "free freight", decision=True, next_step="ask @Ola", now=NOW
    )
    assert (decided.kind, decided.next, decided.mentions) == ("decision", "ask @Ola", ("Ola",))
    found = workspace.remarks(shop, OWNER, kind="decision")
    assert [one.said for one in found] == ["free freight"]
    workspace.change_remark(shop, OWNER, noticed.id, kind="decision", now=NOW)
    assert len(workspace.remarks(shop, OWNER, kind="decision")) == 2
    with pytest.raises(Refused, match="Only a comment"):
        workspace.change_remark(shop, OWNER, "r1", kind="decision", now=NOW)
    with pytest.raises(Refused, match="decision needs a text"):
        workspace.comment(shop, OWNER, "share", " ", decision=True, now=NOW)
    assert workspace.check(shop, OWNER)["ok"], "journal and table agree"


def test_a_deleted_one_comes_back_as_it_was(shop: Home) -> None:
    made = workspace.check_in(shop, OWNER, "share", value=0.4, now=NOW)
    workspace.delete_remark(shop, OWNER, made.id, now=NOW)
    assert workspace.remarks(shop, OWNER) == []
    with pytest.raises(NotFound):
        workspace.delete_remark(shop, OWNER, made.id, now=NOW)
    back = workspace.bring_back_remark(shop, OWNER, made.id, now=NOW)
    assert dataclasses.replace(back, revision=made.revision) == made
    with pytest.raises(NotFound):
        workspace.bring_back_remark(shop, OWNER, made.id, now=NOW)
    assert workspace.comment(shop, OWNER, "share", "x", now=NOW).id != made.id, "no id twice"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "needs a value"),
        ({"confidence": "sure"}, "no such confidence"),
        ({"value": float("nan")}, "no number"),
        ({"changed": "x" * 2001}, "longer than"),
        ({"value": 1.0, "day": DAY + timedelta(1)}, "still to come"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    shop: Home, fields: dict[str, object], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        workspace.check_in(shop, OWNER, "orders", now=NOW, **fields)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="needs a text"):
        workspace.comment(shop, OWNER, "orders", "  ", now=NOW)
    with pytest.raises(NotFound, match="box ordrs"):
        workspace.comment(shop, OWNER, "ordrs", "x", now=NOW)
    assert workspace.remarks(shop, OWNER) == []


def test_what_is_due_is_what_was_silent_for_a_week(shop: Home) -> None:
    def due(at: date = DAY, person: str | None = None) -> list[tuple[str, int | None]]:
        return [(one.node, one.days) for one in workspace.check_ins_due(shop, OWNER, at=at, person=person)]

    assert due() == [("orders", None), ("share", None), ("mail", None)], "not what is only planned"
    workspace.check_in(shop, OWNER, "orders", value=1, now=NOW)
    workspace.check_in(shop, OWNER, "mail", value=0.5, day=DAY - timedelta(3), now=NOW)
    workspace.comment(shop, OWNER, "share", "a comment is no check-in", now=NOW)
    assert due() == [("share", None)]
    assert due(DAY + timedelta(6)) == [("share", None), ("mail", 9)]
    assert due(DAY + timedelta(7)) == [("share", None), ("mail", 10), ("orders", 7)]
    assert due(DAY + timedelta(7), "OLA") == [("mail", 10), ("orders", 7)]
    assert due(DAY - timedelta(2)) == [("orders", None), ("share", None), ("mail", 1)][:2], "as of then"


def test_check_finds_a_remark_changed_by_hand(shop: Home) -> None:
    workspace.comment(shop, OWNER, "orders", "said", now=NOW)
    assert workspace.check(shop, OWNER)["ok"]
    with sqlite3.connect(shop.database) as conn:
        conn.execute("update remarks set said = 'never said'")
    conn.close()
    found = workspace.check(shop, OWNER)
    assert [one["code"] for one in found["problems"]] == ["remark_differs"]


def value_of(home: Home, day: date) -> float | None:
    frame = workspace.kpi_values(home, OWNER, "orders", start=day, end=day + timedelta(days=1)).frame
    return next(iter(frame["value"].dropna().tolist()), None)


def test_a_value_counts_where_no_data_speak_of_the_kpi(shop: Home, put: Callable[..., Any]) -> None:
    said = workspace.check_in(shop, OWNER, "orders", value=41, person="Ola/B", now=NOW)
    assert value_of(shop, DAY) == 41
    (batch,) = workspace.batches(shop, OWNER)
    assert batch.file == f"check-in {said.id} Ola B"
    assert [one.counts for one in workspace.remarks(shop, OWNER)] == [True]
    workspace.change_remark(shop, OWNER, said.id, value=43, now=NOW)
    assert value_of(shop, DAY) == 43
    workspace.delete_remark(shop, OWNER, said.id, now=NOW)
    assert value_of(shop, DAY) is None
    workspace.bring_back_remark(shop, OWNER, said.id, now=NOW)
    assert value_of(shop, DAY) == 43
    workspace.check_in(shop, OWNER, "share", value=0.4, now=NOW)  # no KPI of the catalogue: a remark
    workspace.check_in(shop, OWNER, "mail", value=0.5, now=NOW)  # the share of an action that is done
    at = datetime(2026, 5, 4, 9, tzinfo=UTC)
    put({"orders": [{"order_id": "1", "ordered_at": at, "currency": "NOK"}]})
    workspace.check_in(shop, OWNER, "orders", value=99, now=NOW)
    assert value_of(shop, DAY) == 1, "what was measured"
    assert [one.counts for one in workspace.remarks(shop, OWNER, node="orders")] == [False, True]
    assert workspace.check(shop, OWNER)["problems"] == []


def test_a_file_that_is_called_like_a_check_in_is_a_file(shop: Home) -> None:
    sent = b"date,value\n2026-05-02,7\n"
    receipt = workspace.load_file(shop, OWNER, sent, "check-in r1 Ola.csv", kpi="orders", now=NOW)
    said = workspace.check_in(shop, OWNER, "orders", value=41, person="Ola", now=NOW)
    assert [one.counts for one in workspace.remarks(shop, OWNER)] == [False], "a file speaks of it"
    workspace.delete_remark(shop, OWNER, said.id, now=NOW)
    assert workspace.batch(shop, OWNER, receipt.batch).status == "active"
