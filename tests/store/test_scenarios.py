"""Scenarios that are kept: put, replaced, deleted, proved by ``check``."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kpi_tree.errors import Conflict
from kpi_tree.store import Home, scenarios
from kpi_tree.store import check as checking

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ONE = {"plan": "p", "name": "More visits", "node": "sales", "spec": {"changes": {"visits": [0.1, True]}}}


def put(home: Home, kept: dict | None, name: str = "more_visits", **more: int | None) -> bool:
    return scenarios.put(home, name, kept, who="Kari", now=NOW, action="save", **more)


def test_what_is_put_is_there_and_the_same_again_changes_nothing(home: Home) -> None:
    assert put(home, ONE)
    assert not put(home, ONE)
    (found,) = scenarios.scenarios(home, "p")
    assert (found.name, found.node, found.spec, found.who) == ("More visits", "sales", ONE["spec"], "Kari")
    assert scenarios.scenarios(home, "other") == []
    assert scenarios.revision(home) == found.revision == 1
    assert checking.run(home).ok


def test_a_deleted_one_is_known_and_comes_back(home: Home) -> None:
    put(home, ONE)
    put(home, None)
    assert scenarios.scenarios(home) == []
    assert scenarios.deleted(home, "more_visits") == ONE
    put(home, ONE)
    assert scenarios.deleted(home, "more_visits") is None
    assert scenarios.taken_ids(home) == {"more_visits"}
    assert checking.run(home).ok


def test_one_that_changed_meanwhile_is_not_overwritten(home: Home) -> None:
    put(home, ONE)
    put(home, {**ONE, "name": "Fewer visits"})
    with pytest.raises(Conflict, match="Kari"):
        put(home, {**ONE, "name": "Other"}, based_on=1)
    assert scenarios.scenarios(home)[0].name == "Fewer visits"


def test_check_names_a_row_that_was_changed_by_hand(home: Home) -> None:
    put(home, ONE)
    with home.write() as db:
        db.execute("update scenarios set name = 'Mine'")
    problems = checking.run(home).problems
    assert [(one.code, one.place) for one in problems] == [("scenario_differs", "more_visits")]
