"""An experiment planned from the shop's own rate, and its answer kept on a line of the tree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.analysis.sample_size import sample_size
from kpi_tree.errors import NotFound, Refused
from kpi_tree.plan.trial import judged_by_experiments
from kpi_tree.store import Home
from kpi_tree.workspace import Asker
from kpi_tree.workspace.acting.sizing import summary

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = date(2026, 5, 4)
BETTER = b"arm,units,conversions\nA,1000,100\nB,1000,150\n"


@pytest.fixture
def drawn(home: Home, owner: Asker) -> Home:
    """A plan with a line that somebody believes in."""
    made = workspace.new_plan(home, owner, template=None, name="Sales", now=NOW)
    edits = [
        {"op": "add_node", "after": {"id": "reviews", "name": "Reviews"}},
        {"op": "add_edge", "parent": "sales", "child": "reviews", "after": {"kind": "influence", "sign": 1}},
    ]
    workspace.edit_plan(home, owner, made.id, edits, base_revision=None, now=NOW)
    return home


def test_an_answer_is_kept_and_the_same_experiment_gives_way(drawn: Home, owner: Asker) -> None:
    read = workspace.experiment(drawn, owner, "reviews", file=BETTER)
    workspace.keep_answer(drawn, owner, "sales", "reviews", read, on=DAY, now=NOW)
    workspace.keep_answer(drawn, owner, "sales", "reviews", read, on=date(2026, 5, 5), now=NOW)
    (kept,) = workspace.plan(drawn, owner).links["sales", "reviews"].tested
    assert (kept.name, kept.on) == ("reviews", date(2026, 5, 5))
    assert kept.effect == pytest.approx(0.5)
    assert 0 < kept.low < 0.5 < kept.high
    assert judged_by_experiments([kept], 1) == "supported"
    assert judged_by_experiments([kept], -1) == "against"
    workspace.undo(drawn, owner, None, now=NOW)
    assert workspace.plan(drawn, owner).links["sales", "reviews"].tested[0].on == DAY
    assert workspace.check(drawn, owner)["ok"]


def test_no_line_and_nothing_to_be_relative_to(drawn: Home, owner: Asker) -> None:
    read = workspace.experiment(drawn, owner, "x", file=BETTER)
    with pytest.raises(NotFound, match="no line"):
        workspace.keep_answer(drawn, owner, "reviews", "sales", read, on=DAY, now=NOW)
    nothing = workspace.experiment(drawn, owner, "x", file=b"arm,units,conversions\nA,50,0\nB,50,9\n")
    with pytest.raises(Refused, match="control shows nothing"):
        workspace.keep_answer(drawn, owner, "sales", "reviews", nothing, on=DAY, now=NOW)


def test_the_answer_in_a_sentence(home: Home, owner: Asker) -> None:
    def said(file: bytes, control: str = "A") -> str:
        return str(summary(workspace.experiment(home, owner, "x", file=file, control=control)))

    assert said(BETTER) == "B is better than A, beyond chance."
    assert said(BETTER, "B") == "A is worse than B, beyond chance."
    assert said(b"arm,units,conversions\nA,1000,100\nB,1000,103\n").startswith("Nothing is proven")


def test_read_at_any_time_is_less_sharp(home: Home, owner: Asker) -> None:
    once = workspace.experiment(home, owner, "x", file=BETTER).questions[0].found
    any_time = workspace.experiment(home, owner, "x", file=BETTER, sequential=True).questions[0].found
    assert any_time.test == "sequential"
    assert any_time.p_value > once.p_value
    assert any_time.low < once.low


def test_planned_from_the_shops_own_rate(home: Home, owner: Asker, put: Callable[..., Any]) -> None:
    sessions = [
        {"session_id": f"{day}-{n}", "visitor_id": f"{day}-{n}", "device": "mobile" if n < 5 else "desktop",
         "started_at": datetime(2026, 2, day, 10, tzinfo=UTC)}
        for day in range(10, 20)
        for n in range(50)
    ]  # fmt: skip
    put({"sessions": sessions})
    size = workspace.plan_experiment(home, owner, at=date(2026, 2, 20), kpi="mobile_share", effect=0.2)
    assert size.base == pytest.approx(0.1)
    assert size.an_arm == sample_size(0.1, 0.02).an_arm
    assert size.days == sample_size(0.1, 0.02, daily=50).days


def test_what_cannot_be_planned_from(home: Home, owner: Asker) -> None:
    for asked, words in (
        ({}, "start from"),
        ({"kpi": "sales"}, "share in percent"),
        ({"kpi": "conversion_rate"}, "no data"),
    ):
        with pytest.raises(Refused, match=words):
            workspace.plan_experiment(home, owner, at=DAY, **asked)
    with pytest.raises(NotFound):
        workspace.plan_experiment(home, owner, at=DAY, kpi="conversion")
