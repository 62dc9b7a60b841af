"""The best plan under a budget, against every subset put through the formula by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import translate
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace import Asker
from kpi_tree.workspace.acting.bestwords import best_words, next_words

AT = date(2026, 2, 10)
ORDERS, VALUE = 56, 100  # what February is foretold to end with

ACTIONS = {  # name: (kpi, effect, confidence, cost, hours, owner)
    "mail": ("orders", 6.0, 0.5, 300.0, 10.0, "Kari"),
    "ads": ("orders", 8.0, 0.9, 900.0, 5.0, "Ola"),
    "bundles": ("aov", 12.0, 0.8, 500.0, 30.0, "Kari"),
    "shipping": ("aov", 5.0, None, 0.0, 4.0, "Ola"),
    "search": ("orders", 2.0, 1.0, 200.0, 2.0, "Ola"),
}


@pytest.fixture
def shop(
    home: Home, put: Callable[..., Any], trade: Callable[..., Any], small_plan: Plan, owner: Asker
) -> Home:
    """Two orders of 100 a day; a goal for February; five actions planned."""
    put(trade(date(2025, 10, 1), 133))
    period = {"start": "2026-02-01", "end": "2026-03-01"}
    after = {"id": "t", "node": "sales", "period": period, "value": 6000.0}
    edit = {"op": "set_target", "target": "t", "after": after}
    workspace.edit_plan(home, owner, None, [edit], base_revision=small_plan.revision)
    for name, (kpi, effect, sure, cost, hours, who) in ACTIONS.items():
        workspace.add_action(
            home,
            owner,
            kpi,
            name,
            expected_effect=effect,
            confidence=sure,
            cost=cost,
            effort=hours,
            owner=who,
        )
    return home


def alone(name: str) -> float:
    kpi, effect, sure, *_ = ACTIONS[name]
    return effect * (1.0 if sure is None else sure) * (VALUE if kpi == "orders" else ORDERS)


def together(names: tuple[str, ...]) -> float:
    more = {"orders": 0.0, "aov": 0.0}
    for name in names:
        kpi, effect, sure, *_ = ACTIONS[name]
        more[kpi] += effect * (1.0 if sure is None else sure)
    return (ORDERS + more["orders"]) * (VALUE + more["aov"]) - ORDERS * VALUE


@pytest.mark.parametrize("budget", [0, 250, 700, 1000, 1500, 5000])
@pytest.mark.parametrize("hours", [None, 36])
def test_the_best_of_all_subsets(shop: Home, owner: Asker, budget: float, hours: float | None) -> None:
    found = workspace.best_actions(shop, owner, at=AT, budget=budget, capacity=hours)
    fitting = [
        names
        for n in range(len(ACTIONS) + 1)
        for names in combinations(ACTIONS, n)
        if sum(ACTIONS[one][3] for one in names) <= budget
        and (hours is None or sum(ACTIONS[one][4] for one in names) <= hours)
    ]
    best = max(fitting, key=lambda names: sum(map(alone, names)))
    assert {one.name for one in found.chosen} == set(best)
    assert found.gain == pytest.approx(sum(map(alone, best)))
    assert found.exact == pytest.approx(together(best))
    assert found.interaction == pytest.approx(together(best) - sum(map(alone, best)))
    assert found.cost == sum(ACTIONS[one][3] for one in best)
    gains = [one.gain for one in found.curve]
    assert gains == sorted(gains)
    assert found.next is None or found.next.gain > found.gain


def test_needs_and_exclusions_and_hours_of_one_owner(shop: Home, owner: Asker) -> None:
    workspace.change_action(shop, owner, "ads", needs=["mail"])
    workspace.change_action(shop, owner, "bundles", excludes=["shipping"])
    found = workspace.best_actions(shop, owner, at=AT, budget=1000)
    assert {one.id for one in found.chosen} == {"mail", "bundles", "search"}
    less = workspace.best_actions(shop, owner, at=AT, budget=1000, capacity_of={"Kari": 20})
    assert {one.id for one in less.chosen} == {"mail", "shipping", "search"}
    forced = workspace.best_actions(shop, owner, at=AT, budget=1300, must=["ads"])
    assert {"ads", "mail", "shipping"} <= {one.id for one in forced.chosen}


def test_what_is_under_way_is_kept_and_settles_needs(shop: Home, owner: Asker) -> None:
    workspace.change_action(shop, owner, "ads", needs=["mail"])
    workspace.change_action(shop, owner, "mail", state="doing")
    workspace.change_action(shop, owner, "search", excludes=["mail"])
    found = workspace.best_actions(shop, owner, at=AT, budget=900)
    assert [one.id for one in found.under_way] == ["mail"]
    assert {one.id for one in found.chosen} == {"ads", "shipping"}  # search is ruled out by what is done
    base, more = (ORDERS + 3) * VALUE, (ORDERS + 3 + 7.2) * (VALUE + 5)
    assert found.exact == pytest.approx(more - base)


def test_in_words(shop: Home, owner: Asker) -> None:
    found = workspace.best_actions(shop, owner, at=AT, budget=250)
    assert "2 actions" in translate(best_words(found), "en")
    said = translate(next_words(found), "en")
    assert "50.00 more would bring in mail instead of search" in said
    whole = workspace.best_actions(shop, owner, at=AT, budget=5000)
    assert "nothing more" in translate(next_words(whole), "en")
    assert "No budget" in translate(next_words(workspace.best_actions(shop, owner, at=AT)), "en")
    workspace.change_action(shop, owner, "mail", clear=["expected_effect"])
    workspace.change_action(shop, owner, "ads", clear=["cost"])
    notes = " ".join(
        translate(note, "en") for note in workspace.best_actions(shop, owner, at=AT, budget=1).notes
    )
    assert "no expected effect" in notes
    assert "counts as free: ads" in notes


def test_what_does_not_fit_is_said(shop: Home, owner: Asker) -> None:
    with pytest.raises(Refused, match="cost at least"):
        workspace.best_actions(shop, owner, at=AT, budget=800, must=["ads"])
    with pytest.raises(Refused, match="too few hours"):
        workspace.best_actions(shop, owner, at=AT, budget=900, capacity=3, must=["ads"])
    workspace.change_action(shop, owner, "ads", excludes=["mail"])
    with pytest.raises(Refused, match="cannot be taken together"):
        workspace.best_actions(shop, owner, at=AT, must=["ads", "mail"])
    with pytest.raises(Refused, match="below zero"):
        workspace.best_actions(shop, owner, at=AT, budget=-1)
    with pytest.raises(NotFound, match="Did you mean ads"):
        workspace.best_actions(shop, owner, at=AT, must=["adds"])


def test_what_leads_nowhere_is_named(shop: Home, owner: Asker) -> None:
    plan = workspace.plan(shop, owner)
    beside = {"id": "reach", "name": "Reach", "kpi": "sessions"}
    edge = {"parent": "orders", "child": "reach", "kind": "influence"}
    add = {"op": "add_node", "after": beside, "edges": [edge]}
    workspace.edit_plan(shop, owner, plan.id, [add], base_revision=plan.revision)
    workspace.add_action(shop, owner, "reach", "posts", expected_effect=500.0)
    workspace.change_action(shop, owner, "mail", start=date(2026, 4, 1), effect_days=10)
    found = workspace.best_actions(shop, owner, at=AT, budget=5000)
    notes = " ".join(translate(note, "en") for note in found.notes)
    assert "no formula joins to the goal: posts" in notes
    assert "outside the goal's period: mail" in notes
    assert {one.id for one in found.chosen} == {"ads", "bundles", "shipping", "search"}
