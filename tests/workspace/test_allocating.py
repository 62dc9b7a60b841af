"""A target down the tree from real records, and the hand-shake over it, against a pencil's figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError, NotFound, Refused
from kpi_tree.plan.edits import apply_all
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home, plans
from kpi_tree.workspace import AllocationView, AskedView, Asker

Trade = Callable[..., dict[str, list[dict[str, Any]]]]
AT = date(2026, 2, 10)
FEBRUARY = {"start": "2026-02-01", "end": "2026-03-01"}


@pytest.fixture
def shop(home: Home, owner: Asker, put: Callable[..., Any], trade: Trade, small_plan: Plan) -> Home:
    """February 2025: 56 orders of 100; January 2026: 93 of 90. The target for February 2026 is 21 % more."""
    put(trade(date(2025, 2, 1), 28), "february.csv")
    put(trade(date(2026, 1, 1), 31, orders=3, price=90), "january.csv")
    edits = [
        {"op": "set_field", "node": "orders", "field": "owner", "after": "Maja"},
        {"op": "set_field", "node": "aov", "field": "owner", "after": "Sondre"},
        {"op": "set_target", "target": "goal", "after": {
            "id": "goal", "node": "sales", "period": FEBRUARY, "value": 6776.0, "baseline": 5600.0,
            "baseline_label": "same_period_last_year"}},
    ]  # fmt: skip
    workspace.edit_plan(home, owner, None, edits, base_revision=small_plan.revision)
    return home


def laid(home: Home, owner: Asker, **more: Any) -> AllocationView:
    return workspace.allocate(home, owner, "sales", at=AT, **more)


def required(view: AllocationView) -> dict[str, float]:
    return {one.id: one.required for one in view.nodes}


def test_a_fifth_more_than_last_year_is_a_tenth_more_of_each_and_both_are_looked_up(
    shop: Home, owner: Asker
) -> None:
    found = laid(shop, owner)
    assert found.feasible
    assert (found.base.start, found.base.end) == (date(2025, 2, 1), date(2025, 3, 1))
    assert required(found) == pytest.approx({"sales": 6776.0, "orders": 61.6, "aov": 110.0})
    orders, aov = (next(one for one in found.nodes if one.id == name) for name in ("orders", "aov"))
    assert orders.change == pytest.approx(0.1)
    assert orders.last_reached is not None
    assert orders.last_reached.start == date(2026, 1, 1)  # 93 orders
    assert (orders.ever_reached, aov.ever_reached, aov.last_reached) == (True, False, None)
    assert (aov.periods, aov.percentile_in_history) == (2, 1.0)
    assert [issue.code for issue in found.issues] == ["several"]
    assert {one["id"]: one["last_reached"] for one in found.to_dict("nb")["nodes"]}["orders"] == "2026-01"


def test_another_start_another_value_and_a_period_of_its_own(shop: Home, owner: Asker) -> None:
    found = laid(shop, owner, start_from="2026-01", locks={"aov": None})
    assert required(found) == pytest.approx({"sales": 6776.0, "orders": 6776 / 90, "aov": 90.0})
    typed = laid(shop, owner, target=11_200.0, period="2026-02", locks={"orders": 80.0})
    assert (typed.target, required(typed)["aov"]) == (None, pytest.approx(140.0))
    by_id = laid(shop, owner, target="goal", bounds={"orders": (None, 60.0)}, by="equal")
    assert required(by_id)["aov"] == pytest.approx(6776 / 60)


def test_what_is_out_of_reach_says_by_how_much_and_which_limit(shop: Home, owner: Asker) -> None:
    found = laid(shop, owner, bounds={"orders": (None, 60.0), "aov": (None, 105.0)})
    assert (found.feasible, found.reached) == (False, pytest.approx(6300.0))
    words = " ".join(str(issue.message) + " " + str(issue.remedy) for issue in found.issues).replace(
        "\xa0", " "
    )
    assert "NOK 6,300, not to NOK 6,776: NOK 476 apart" in words
    assert "Orders may not go above 60. It would have to be" in words
    assert {issue.code for issue in found.issues} == {"out_of_reach", "limit_high"}
    assert {one.id for one in found.nodes if one.in_the_way} == {"orders", "aov"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"locks": {"order": 3.0}}, "Did you mean orders"),
        ({"by": "luck"}, "strategy"),
        ({"locks": {"sales": 3.0}}, "cannot be locked"),
        ({"start_from": "2020-01"}, "no whole period"),
        ({"target": "nothing"}, "no such target"),
        ({"target": 5.0, "period": "soon"}, "soon"),
        ({"capacity": {"Nobody": 2.0}}, "owns no driver"),
        ({"effort": {"orders": 0.0}}, "above zero"),
        ({"bounds": {"orders": (5.0, 4.0)}}, "above the upper"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    shop: Home, owner: Asker, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(KpiTreeError, match=words):
        laid(shop, owner, **more)


def test_without_data_or_formula_it_says_what_is_missing(home: Home, owner: Asker, small_plan: Plan) -> None:
    with pytest.raises(Refused, match="no such target"):
        laid(home, owner)
    with pytest.raises(Refused, match="no whole period"):
        laid(home, owner, target=5.0, period="2026-02")
    with pytest.raises(NotFound, match="Did you mean sales"):
        workspace.allocate(home, owner, "salse", at=AT)
    assert small_plan.revision == 1


def test_a_tree_of_assumptions_starts_from_them(home: Home, owner: Asker, now: Any) -> None:
    nodes = [
        Node("profit", "kgi", "Profit", formula="sales - costs", unit="money"),
        Node("sales", "kpi", "Sales", unit="money", assumption=100.0),
        Node("costs", "kpi", "Costs", unit="money", direction="down", assumption=120.0),
    ]
    plans.create(home, Plan("p", "P", nodes={one.id: one for one in nodes}), who="Kari", now=now)
    found = workspace.allocate(home, owner, "profit", at=AT, target=2.0, period="2026-02")
    assert required(found) == pytest.approx({"profit": 2.0, "sales": 110.0, "costs": 108.0})
    assert found.nodes[1].ever_reached is None
    edit = {"op": "set_field", "node": "costs", "field": "assumption", "after": None}
    workspace.edit_plan(home, owner, None, [edit], base_revision=None)
    with pytest.raises(Refused, match="These have no value for February 2026: Costs"):
        workspace.allocate(home, owner, "profit", at=AT, target=2.0, period="2026-02")
    found = workspace.allocate(
        home, owner, "profit", at=AT, target=2.0, period="2026-02", locks={"costs": 100.0}
    )
    assert required(found)["sales"] == pytest.approx(102.0)


# --- the hand-shake ----------------------------------------------------------------------------------------


def test_asked_accepted_countered_taken_and_undone(shop: Home, owner: Asker) -> None:
    asked = workspace.ask_owners(shop, owner, laid(shop, owner))
    asked.sort(key=lambda one: one.owner)
    assert [(one.node, one.owner, one.state) for one in asked] == [
        ("orders", "Maja", "asked"),
        ("aov", "Sondre", "asked"),
    ]
    none_yet = workspace.promises(shop, owner, at=AT)
    assert (none_yet.reached, none_yet.gap) == pytest.approx((5600.0, 1176.0))
    views = {view.id: view for view in workspace.tree(shop, owner, at=AT)}
    assert views["orders"].target is None, "what nobody accepted is no target"

    with pytest.raises(Refused, match="asked of Maja, and you are Kari"):
        workspace.answer_asked(shop, owner, asked[0].id, "accept", today=AT)
    with pytest.raises(Refused, match="asked of Maja"):
        workspace.answer_asked(shop, owner, asked[0].id, "accept", for_owner="Sondre", today=AT)
    plan = workspace.answer_asked(shop, owner, asked[0].id, "accept", for_owner="maja", today=AT)
    answer = plan.targets[asked[0].id]
    assert (answer.answered_by, answer.answered_for) == ("Kari", "Maja")
    assert {view.id: view.target for view in workspace.tree(shop, owner, at=AT)}["orders"] == pytest.approx(
        61.6
    )
    sondre = Asker("Sondre", "editor")
    workspace.answer_asked(
        shop, sondre, asked[1].id, "counter", value=105.0, reason="No new prices", today=AT
    )
    found = workspace.promises(shop, owner, at=AT)
    assert found.reached == pytest.approx(61.6 * 100)
    assert found.offered == pytest.approx(61.6 * 105)
    assert found.gap == pytest.approx(616.0)
    words = str(found.words).replace("\xa0", " ")
    assert "reaches NOK 6,160 of NOK 6,776; NOK 616 is not promised by anyone" in words
    assert "NOK 6,468" in words

    workspace.answer_asked(shop, owner, asked[1].id, "accept", today=AT)
    assert workspace.promises(shop, owner, at=AT).reached == pytest.approx(6468.0)
    said = [str(word) for line in workspace.history(shop, owner) for word in line.words]
    assert any("accepted for Average order value" in one for one in said)
    assert any("No new prices" in one for one in said)
    for _ in range(3):
        workspace.undo(shop, owner)
    back = workspace.promises(shop, owner, at=AT)
    assert [one.state for one in back.asked] == ["asked", "asked"]
    assert workspace.check(shop, owner)["ok"]


def test_asking_again_changes_what_is_open_and_not_what_was_accepted(shop: Home, owner: Asker) -> None:
    def ask(**more: Any) -> list[AskedView]:
        made = workspace.ask_owners(shop, owner, laid(shop, owner, **more))
        return sorted(made, key=lambda one: one.owner)

    first = ask()
    workspace.answer_asked(shop, Asker("Maja", "editor"), first[0].id, "accept", today=AT)
    again = ask(locks={"orders": 61.6})
    assert [(one.id, one.state) for one in again] == [(first[0].id, "accepted"), (first[1].id, "asked")]
    other = ask(locks={"orders": 70.0})
    assert other[0].id != first[0].id, "an accepted target stands until the new one is accepted"
    assert other[1].id == first[1].id
    plan = workspace.answer_asked(shop, Asker("Maja", "editor"), other[0].id, "accept", today=AT)
    assert first[0].id not in plan.targets
    plan = workspace.answer_asked(shop, owner, other[1].id, "drop", today=AT)
    assert other[1].id not in plan.targets


@pytest.mark.parametrize(
    ("answer", "more", "words"),
    [
        ("maybe", {}, "not an answer"),
        ("counter", {}, "Which value"),
        ("counter", {"value": 5.0}, "Why"),
        ("counter", {"value": 61.6, "reason": "x"}, "that was asked"),
    ],
)
def test_answers_that_say_nothing_are_refused(
    shop: Home, owner: Asker, answer: str, more: dict[str, Any], words: str
) -> None:
    view = laid(shop, owner, locks={"orders": 61.6})
    asked = workspace.ask_owners(shop, owner, view, nodes=["orders"])
    with pytest.raises(Refused, match=words):
        workspace.answer_asked(shop, owner, asked[0].id, answer, today=AT, **more)
    with pytest.raises(NotFound, match="Nothing was asked"):
        workspace.answer_asked(shop, owner, "goal", "accept", today=AT)


def test_what_the_plan_says_people_can_carry_is_taken_and_may_be_overruled(shop: Home, owner: Asker) -> None:
    """Sales must grow by 21 %: in logarithms Maja's three quarters are 1.21 ** 0.75 of her orders."""
    edit = {"op": "set_plan", "field": "capacity", "after": [["Maja", 30], ["Sondre", 10], ["Eva", 99]]}
    workspace.edit_plan(shop, owner, None, [edit], base_revision=None)
    by_plan = required(laid(shop, owner, by="effort"))
    assert by_plan["orders"] == pytest.approx(56 * 1.21**0.75)
    assert by_plan["aov"] == pytest.approx(100 * 1.21**0.25)
    typed = required(laid(shop, owner, by="effort", capacity={"Maja": 1.0, "Sondre": 1.0}))
    assert typed["orders"] == pytest.approx(56 * 1.21**0.5)
    assert required(laid(shop, owner, by="proportional"))["orders"] == pytest.approx(56 * 1.21**0.5)


def test_nobody_is_asked_to_stand_still(shop: Home, owner: Asker) -> None:
    with pytest.raises(Refused, match="Nothing here has to move"):
        workspace.ask_owners(shop, owner, laid(shop, owner, target=5600.0))


def test_a_plan_with_what_was_asked_comes_back_from_its_file_and_its_nodes_from_an_undo(
    shop: Home, owner: Asker
) -> None:
    workspace.ask_owners(shop, owner, laid(shop, owner))
    plan = workspace.plan(shop, owner)
    assert Plan.from_dict(plan.to_dict()).targets == plan.targets
    workspace.edit_plan(
        shop, owner, None, [{"op": "remove_node", "node": "aov"}], base_revision=plan.revision
    )
    assert workspace.undo(shop, owner).targets == plan.targets
    assert apply_all(plan, []).targets == plan.targets
