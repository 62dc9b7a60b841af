"""Targets of a shop: several a KPI, their versions, the next period, a person's word, and late data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from kpi_tree import workspace
from kpi_tree.errors import Conflict, NotFound, Refused
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home, batches
from kpi_tree.store.files import sha256_of
from kpi_tree.workspace import Asker, NodeView
from kpi_tree.workspace.judged.othertargets import other_targets

AT = date(2026, 2, 10)
Trade = Callable[..., dict[str, list[dict[str, Any]]]]


@pytest.fixture
def shop(home: Home, put: Callable[..., Any], trade: Trade, small_plan: Plan) -> Home:
    """200 a day in 2 orders of 100, from January 2025 through 10 February 2026."""
    assert small_plan.targets == {}
    put(trade(date(2025, 1, 1), 406))
    return home


def view(home: Home, owner: Asker, node: str = "sales", at: date = AT, **more: Any) -> NodeView:
    return next(one for one in workspace.tree(home, owner, at=at, **more) if one.id == node)


def aim(home: Home, owner: Asker, node: str = "sales", **fields: Any) -> Plan:
    said = {"period": "2026-02", "today": AT, **fields}
    return workspace.set_target(home, owner, node, **said)


def test_the_goal_rules_the_verdict_and_the_other_lines_are_met_or_not(shop: Home, owner: Asker) -> None:
    """2,000 by 10 February: the goal of 6,000 expects 2,143, the floor of 5,000 1,786, the stretch 2,500."""
    aim(shop, owner, value=6000.0, baseline="same_period_last_year")
    aim(shop, owner, value=5000.0, kind="floor")
    aim(shop, owner, value=7000.0, kind="stretch")
    found = view(shop, owner)
    assert (found.target, found.baseline, found.status) == (6000.0, 5600.0, "at_risk")
    assert [(line.kind, line.met) for line in found.lines] == [("floor", True), ("stretch", False)]
    assert [line.expected for line in found.lines] == pytest.approx([5000 * 10 / 28, 2500.0])
    assert found.target_id == "sales_2026_02"


@pytest.mark.parametrize(
    ("node", "fields", "status", "said"),
    [
        ("sales", {"value": 5000.0, "kind": "floor"}, "on_track", "the floor holds: NOK 2,000"),
        ("sales", {"value": 6000.0, "kind": "floor"}, "at_risk", "the floor is broken: NOK 2,000"),
        ("sales", {"value": 9000.0, "kind": "floor"}, "off_track", "the floor is broken: NOK 2,000"),
        ("sales", {"value": 5700.0, "kind": "floor"}, "at_risk", "the floor is broken"),  # 98 % is no floor
        (
            "aov",
            {"value": 99.0, "kind": "floor"},
            "on_track",
            "NOK 100 by 10 Feb 2026, where NOK 99.00 is due",
        ),
        ("aov", {"low": 80.0, "high": 90.0, "kind": "guardrail"}, "off_track", "the guardrail is broken"),
        ("sales", {"value": 7000.0, "kind": "stretch"}, None, "Only a stretch goal"),
        ("sales", {"value": 6200.0, "kind": "floor", "period": "2026-01"}, "achieved", "the floor holds"),
    ],
)
def test_without_a_goal_the_floor_or_guardrail_is_judged(
    shop: Home, owner: Asker, node: str, fields: dict[str, Any], status: str | None, said: str
) -> None:
    """2,000 by 10 February; it is held or broken: never ahead, and 98 % of a floor is not on track."""
    aim(shop, owner, node, **fields)
    found = view(shop, owner, node)
    reason = str(found.reason).replace("\xa0", " ")
    assert (found.status, said in reason) == (status, True), reason
    if status:
        assert (found.target_kind, found.lines) == (fields["kind"], ())
        assert [one.node for one in workspace.stakes(shop, owner, "aov", at=AT)] == (
            [node] if status in ("at_risk", "off_track") and node != "aov" else []
        )


def test_every_goal_that_has_begun_is_judged_once(shop: Home, owner: Asker) -> None:
    """January brought 6,200; the goal of the month stands beside the one of the quarter."""
    for period, value in (("2026-02", 5600.0), ("2026-Q1", 18000.0), ("2026-01", 6000.0), ("2026-03", 1.0)):
        aim(shop, owner, period=period, value=value)
    plan, shown = workspace.plan(shop, owner), {view(shop, owner).target_id}
    found = other_targets(shop, plan, AT, shown)
    assert {key: one.status for key, one in found.items()} == {
        "sales_2026_01": "achieved",
        "sales_2026_q1": "on_track",
    }


def test_a_range_is_kept_by_being_inside_it(shop: Home, owner: Asker) -> None:
    made = aim(shop, owner, "aov", low=90.0, high=110.0)
    [target] = made.targets_of("aov")
    assert (target.value, target.is_range) == (100.0, True)
    assert view(shop, owner, "aov").status == "on_track"
    aim(shop, owner, "aov", target=target.id, low=110.0, high=130.0)
    found = view(shop, owner, "aov")
    assert found.status == "off_track", "half the width of the range outside it"
    assert "below the range from" in str(found.reason)
    for low, high in ((5.0, None), (9.0, 8.0)):
        with pytest.raises(Refused):
            aim(shop, owner, "aov", low=low, high=high)


def test_a_guardrail_with_a_limit_of_its_own_makes_the_goal_achieved_at_a_cost(
    shop: Home, owner: Asker, small_plan: Plan
) -> None:
    """Orders guard sales: at least 60 in January; 62 came. At least 70: broken, at a cost."""
    node = {"id": "guard", "name": "Orders kept", "kpi": "orders"}
    edge = {"parent": "sales", "child": "guard", "kind": "guardrail"}
    edits = [{"op": "add_node", "node": "guard", "after": node, "edges": [edge]}]
    workspace.edit_plan(shop, owner, "shop", edits, base_revision=small_plan.revision)
    aim(shop, owner, value=6000.0, period="2026-01")
    plan = aim(shop, owner, "guard", value=60.0, kind="guardrail", period="2026-01")
    after = date(2026, 2, 2)
    assert view(shop, owner, at=after, period="2026-01").status == "achieved"
    line = plan.lines_of("guard")[0]
    aim(shop, owner, "guard", target=line.id, value=70.0, period="2026-01", why="More was promised")
    found = view(shop, owner, at=after, period="2026-01")
    assert found.status == "achieved_at_cost"
    assert "Orders kept" in str(found.reason)


def test_a_change_is_of_a_baseline_and_a_loss_of_ten_percent_more_is_smaller(
    shop: Home, owner: Asker
) -> None:
    made = aim(shop, owner, baseline="same_period_last_year", change=0.1, change_kind="percent")
    assert made.targets_of("sales")[0].value == pytest.approx(6160.0)
    made = aim(shop, owner, "aov", baseline=-100.0, change=0.1, change_kind="percent")
    assert made.targets_of("aov")[0].value == pytest.approx(-90.0)
    with pytest.raises(Refused, match="no way to go"):
        aim(shop, owner, "orders", baseline=0.0, change=0.1)
    with pytest.raises(Refused, match="needs a baseline"):
        aim(shop, owner, "orders", change=0.1)
    with pytest.raises(Refused, match="no whole data"):
        aim(shop, owner, "orders", value=5.0, baseline="same_period_last_year", period="2025-02")


def test_paths_by_weekday_and_by_known_events(shop: Home, owner: Asker) -> None:
    """February 2026 begins on a Sunday; a closed Sunday brings nothing. A sale of two days counts triple."""
    weekdays = [1, 1, 1, 1, 1, 1, 0]
    aim(shop, owner, value=2400.0, trajectory="weights", weekdays=weekdays)
    points = {point.day: point.expected for point in view(shop, owner).points}
    assert points[date(2026, 2, 1)] == 0.0
    assert points[date(2026, 2, 7)] == pytest.approx(600.0), "six of 24 open days"
    event = {"name": "Sale", "start": "2026-02-02", "end": "2026-02-04", "weight": 3}
    edit = {"op": "set_plan", "field": "events", "after": [event]}
    workspace.edit_plan(shop, owner, "shop", [edit], base_revision=None)
    assert view(shop, owner).points[6].expected == pytest.approx(600.0), "it does not ask for events"
    aim(shop, owner, target="sales_2026_02", events=True)
    assert view(shop, owner).points[6].expected == pytest.approx(2400 * 10 / 28)
    usual = workspace.usual_weights(shop, owner, "sales", at=AT)
    assert usual.weekdays == (1.0,) * 7
    assert usual.months == (1.0,) * 12


def test_the_next_period_takes_its_baseline_anew(shop: Home, owner: Asker) -> None:
    """March 2025 had 31 days: 6,200, and 10 % more is 6,820; the floor stays at five sixths of the goal."""
    aim(shop, owner, baseline="same_period_last_year", change=0.1, change_kind="percent")
    aim(shop, owner, value=5133.333333333333, kind="floor")
    made = workspace.copy_target(shop, owner, "sales_2026_02", today=AT, why="As agreed")
    goal, floor = made.targets["sales_2026_03"], made.targets["sales_2026_03_floor"]
    assert (goal.baseline, goal.value, goal.change) == (6200.0, pytest.approx(6820.0), 0.1)
    assert (goal.period.start, goal.period.end) == (date(2026, 3, 1), date(2026, 4, 1))
    assert floor.value == pytest.approx(6820 * 5133.333333333333 / 6160)
    with pytest.raises(Refused, match="already"):
        workspace.copy_target(shop, owner, "sales_2026_02", today=AT)
    again = workspace.copy_target(shop, owner, "sales_2026_03", keep="value", today=AT)
    assert again.targets["sales_2026_04"].value == pytest.approx(6820.0)
    assert again.targets["sales_2026_04"].baseline == 6000.0
    assert len(workspace.undo(shop, owner).targets) == 4


def test_every_version_says_who_when_and_why_and_comes_back(shop: Home, owner: Asker) -> None:
    aim(shop, owner, value=6000.0)
    aim(shop, owner, target="sales_2026_02", value=6500.0, why="The board wants more")
    workspace.drop_target(shop, owner, "sales_2026_02", why="Given up")
    found = workspace.target_versions(shop, owner, "sales_2026_02")
    assert [(one.revision, one.why, one.target.value if one.target else None) for one in found] == [
        (4, "Given up", None),
        (3, "The board wants more", 6500.0),
        (2, "", 6000.0),
    ]
    assert {one.who for one in found} == {"Kari"}
    back = workspace.restore_target(shop, owner, "sales_2026_02", 3, why="Not given up after all")
    assert back.targets["sales_2026_02"].value == 6500.0
    said = [str(word) for line in workspace.history(shop, owner) for word in line.words]
    assert any("Reason: The board wants more" in words for words in said)
    with pytest.raises(Refused, match="like that already"):
        workspace.restore_target(shop, owner, "sales_2026_02", 3)
    with pytest.raises(Refused, match="no version"):
        workspace.restore_target(shop, owner, "sales_2026_02", 4)
    with pytest.raises(NotFound):
        workspace.target_versions(shop, owner, "nothing")
    assert workspace.check(shop, owner)["ok"]


def test_two_people_at_one_target_are_told(shop: Home, owner: Asker) -> None:
    seen = aim(shop, owner, value=6000.0).revision
    aim(shop, owner, target="sales_2026_02", value=6500.0)
    with pytest.raises(Conflict):
        aim(shop, owner, target="sales_2026_02", value=7000.0, base_revision=seen)


def test_a_word_on_the_status_stands_beside_the_computed_one_until_its_day(shop: Home, owner: Asker) -> None:
    aim(shop, owner, value=7000.0)
    computed = view(shop, owner).status
    until = AT + timedelta(days=7)
    workspace.say_status(
        shop, owner, "sales_2026_02", "on_track", reason="A large order is signed", until=until, today=AT
    )
    found = view(shop, owner)
    assert (found.status, found.said.status if found.said else None) == (computed, "on_track")
    told = found.to_dict()["override"]
    assert (told["who"], told["reason"], told["until"]) == (
        "Kari",
        "A large order is signed",
        until.isoformat(),
    )
    assert view(shop, owner, at=until).said is not None
    assert view(shop, owner, at=until + timedelta(days=1)).said is None
    assert view(shop, owner, at=AT - timedelta(days=1)).said is None
    for bad in ({"reason": ""}, {"until": AT - timedelta(days=1)}, {"status": "stale"}):
        more = {"status": "ahead", "reason": "x", "until": until, **bad}
        with pytest.raises(Refused):
            workspace.say_status(shop, owner, "sales_2026_02", more.pop("status"), **more, today=AT)
    workspace.say_status(shop, owner, "sales_2026_02", None, today=AT)
    assert view(shop, owner).said is None


def test_a_fiscal_year_begins_where_the_shop_says(shop: Home, owner: Asker) -> None:
    """The year 2026 begins on 1 April 2025 and ends on 31 March 2026: 316 days by 10 February."""
    workspace.change_settings(shop, owner, fiscal_start_month=4)
    made = aim(shop, owner, period="2026", value=73_000.0)
    [target] = made.targets_of("sales")
    assert (target.period.start, target.period.last) == (date(2025, 4, 1), date(2026, 3, 31))
    assert view(shop, owner).expected == pytest.approx(73_000 * 316 / 365)
    quarter = aim(shop, owner, "orders", period="2026-Q4", value=100.0).targets_of("orders")[0]
    assert (quarter.period.start, quarter.period.last) == (date(2026, 1, 1), date(2026, 3, 31))
    copied = workspace.copy_target(shop, owner, quarter.id, keep="value", today=AT)
    assert copied.targets_of("orders")[-1].period.last == date(2026, 6, 30)


@pytest.mark.usefixtures("small_plan")
@pytest.mark.parametrize(
    ("day", "inside", "outside"),
    [
        (
            date(2026, 3, 29),
            ["2026-03-28T23:00", "2026-03-29T21:59"],
            ["2026-03-28T22:59", "2026-03-29T22:00"],
        ),
        (
            date(2026, 10, 25),
            ["2026-10-24T22:00", "2026-10-25T22:59"],
            ["2026-10-24T21:59", "2026-10-25T23:00"],
        ),
    ],
)
def test_a_day_of_23_or_25_hours_holds_its_own_orders(
    home: Home, owner: Asker, put: Callable[..., Any], day: date, inside: list[str], outside: list[str]
) -> None:
    """Clocks in Oslo go forward on 29 March (22:59 UTC is still the 28th) and back on 25 October 2026."""
    rows = [
        {"order_id": f"o{n}", "ordered_at": datetime.fromisoformat(f"{text}+00:00"), "customer_id": "c",
         "currency": "NOK"}
        for n, text in enumerate(inside + outside)
    ]  # fmt: skip
    put({"orders": rows})
    end = day + timedelta(days=1)
    aim(home, owner, "orders", period=f"{day}..{day}", value=2.0)
    found = view(home, owner, "orders", at=end)
    assert (found.actual, found.status) == (2.0, "achieved")


@pytest.mark.usefixtures("small_plan")
def test_late_data_change_yesterdays_verdict_and_what_was_known_then_stays_known(
    home: Home, owner: Asker, trade: Trade
) -> None:
    """1,000 of 2,000 due by 10 February; two orders a day more arrive on the 12th and make it 2,000."""

    def load(rows: dict[str, list[dict[str, Any]]], name: str, at: datetime) -> None:
        content = repr(rows).encode()
        made = {table: pa.Table.from_pylist(part) for table, part in rows.items()}
        incoming = batches.Incoming(name, content, sha256_of(content), made, counts={"rows": 1})
        batches.add(home, incoming, who="Kari", now=at)

    first = date(2026, 2, 1)
    load(trade(first, 10, orders=1), "early.csv", datetime(2026, 2, 10, 20, tzinfo=UTC))
    aim(home, owner, value=5600.0)
    before = view(home, owner)
    assert (before.actual, before.status) == (1000.0, "off_track")
    load(trade(first, 10, orders=2), "late.csv", datetime(2026, 2, 12, 8, tzinfo=UTC))
    now = view(home, owner)
    assert (now.actual, now.status) == (2000.0, "on_track")
    then = view(home, owner, as_known=date(2026, 2, 11))
    assert (then.actual, then.status) == (1000.0, "off_track")
