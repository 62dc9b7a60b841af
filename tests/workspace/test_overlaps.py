"""Exports that overlap: numbers of two shops are kept apart, an older export after a newer one is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

HEAD = "Name,Created at,Cancelled at,Currency,Subtotal,Lineitem quantity,Lineitem name,Lineitem price\n"


def export(*orders: tuple[int, str, str]) -> bytes:
    """A shop's orders: number, day, day of its cancellation."""
    rows = (f"#{n},{day} 10:00:00 +0200,{gone},NOK,50,1,Mug,50\n" for n, day, gone in orders)
    return (HEAD + "".join(rows)).encode()


APRIL = [(1001, "2026-01-02", ""), (1002, "2026-01-03", ""), (1003, "2026-01-04", "")]
OTHER = [(1001, "2026-02-02", ""), (1002, "2026-02-03", ""), (1003, "2026-02-04", "")]


def test_two_shops_with_the_same_numbers(home: Home, owner: Asker, now: datetime) -> None:
    def load(content: bytes, name: str, **options: Any) -> workspace.Receipt:
        said = {"options": options} if options else None
        return workspace.load_file(home, owner, content, name, mapping=said, now=now)

    load(export(*APRIL), "a.csv")
    with pytest.raises(AskError, match="3 of 3 order numbers") as asked:
        load(export(*OTHER), "b.csv")
    assert asked.value.option == "shop"
    assert load(export(*OTHER), "b.csv", shop="B").accepted == 3
    again = load(export(*OTHER[:2], (1003, "2026-02-04", "2026-02-05 10:00:00 +0200")), "b2.csv", shop="B")
    assert (again.accepted, again.changed, again.unchanged) == (0, 1, 2)
    assert load(export(*OTHER[:2]), "c.csv", shop="same").changed == 2


def test_one_order_of_another_date_is_told(home: Home, owner: Asker, now: datetime) -> None:
    workspace.load_file(home, owner, export(*APRIL), "a.csv", now=now)
    done = workspace.load_file(home, owner, export(*APRIL[:2], OTHER[2]), "b.csv", now=now)
    assert [issue.code for issue in done.issues if issue.level == "warning"] == ["redated"]


def test_an_older_export_after_a_newer_one(home: Home, owner: Asker, now: datetime) -> None:
    cancelled = (1001, "2026-01-02", "2026-01-09 10:00:00 +0200")
    newer = export(cancelled, *APRIL[1:], (1004, "2026-01-20", ""))
    workspace.load_file(home, owner, newer, "new.csv", now=now)
    old = workspace.load_file(home, owner, export(*APRIL), "old.csv", now=now)
    warned = [str(issue.message) for issue in old.issues if issue.code == "older_export"]
    assert [word for word in warned if "new.csv (batch #1)" in word] == warned != []
    later = workspace.load_file(
        home, owner, export(cancelled, (1005, "2026-01-21", "")), "later.csv", now=now
    )
    assert not [issue for issue in later.issues if issue.code == "older_export"]
