"""Why a number changed, through the workspace: by pencil on a small shop, and exact on the sample shop."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import translate
from kpi_tree.periods import parse_period
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace import Asker
from kpi_tree.workspace.judged.lens import Lens

AT = date(2026, 3, 1)


@pytest.fixture
def shop(home: Home, put: Callable[..., Any], trade: Callable[..., Any], small_plan: Plan) -> Home:
    """January: 2 orders of 100 a day; February: 3 of 120."""
    del small_plan
    put(trade(date(2026, 1, 1), 31), "january.csv")
    put(trade(date(2026, 2, 1), 28, orders=3, price=120), "february.csv")
    return home


def explained(home: Home, owner: Asker, node: str, after: str, before: str | None, **more: Any) -> Any:
    return workspace.explain_change(
        home, owner, node, after=parse_period(after), before=parse_period(before) if before else None,
        at=AT, **more,
    )  # fmt: skip


def test_by_pencil(shop: Home, owner: Asker) -> None:
    found = explained(shop, owner, "sales", "2026-02", "2026-01")
    a_day = {part.id: part.value for part in found.drivers}
    days = (31 + 28) / 2
    # A day: 2 x 100 = 200 became 3 x 120 = 360; the midpoints say 110 for orders and 50 for the value.
    assert a_day["orders"] == pytest.approx(1 * 110 * days)
    assert a_day["aov"] == pytest.approx(20 * 2.5 * days)
    assert a_day["calendar_days"] == pytest.approx(-3 * (200 + 360) / 2)
    assert sum(a_day.values()) == pytest.approx(found.delta)
    assert found.delta == 28 * 360 - 31 * 200
    assert found.unexplained == 0
    said = " ".join(translate(one, "en") for one in found.words())
    assert said.startswith("Sales: 10,080 in February 2026, 6,200 in January 2026: +3,880.")
    assert "Orders made +3,245 of it: 62 became 84." in said


def test_as_of_a_day_by_its_tree_and_what_was_known_then(shop: Home, owner: Asker, now: datetime) -> None:
    before = explained(shop, owner, "sales", "2026-02", "2026-01")
    later = now + timedelta(days=3)
    (wrong,) = (one for one in workspace.batches(shop, owner) if one.file == "february.csv")
    workspace.withdraw(shop, owner, wrong.batch, now=later)
    plan = workspace.plan(shop, owner)
    edit = {"op": "set_field", "node": "sales", "field": "formula", "after": None}
    workspace.edit_plan(shop, owner, plan.id, [edit], base_revision=plan.revision, now=later)
    with pytest.raises(Refused, match="no value"):
        explained(shop, owner, "sales", "2026-02", "2026-01")
    then = Lens(as_known=now.date(), structure=now.date(), targets=now.date())
    again = explained(shop, owner, "sales", "2026-02", "2026-01", lens=then, check=False)
    assert again.delta == before.delta
    assert {one.id for one in again.drivers} >= {"orders", "aov"}
    assert math.fsum(one.value for one in again.parts) == pytest.approx(before.delta)


def test_spans_of_one_length_have_no_line_for_days(shop: Home, owner: Asker) -> None:
    found = explained(shop, owner, "sales", "2026-02-01..2026-02-10", "2026-01-01..2026-01-10")
    assert {part.id: part.value for part in found.drivers} == pytest.approx({"orders": 1100, "aov": 500})
    short = explained(shop, owner, "sales", "2026-Q1", "2026-01", same_days=True)
    assert short.before.span == parse_period("2026-01")  # the quarter has run longer than the month


def test_by_segment_of_a_dimension(shop: Home, owner: Asker) -> None:
    found = workspace.explain_by(
        shop, owner, "sales", by="product", after=parse_period("2026-02"),
        before=parse_period("2026-01"), at=AT,
    )  # fmt: skip
    assert found.delta == 3880
    assert math.fsum(part.value for part in found.parts) == pytest.approx(3880)


def test_refusals_say_what_is_missing(shop: Home, owner: Asker) -> None:
    with pytest.raises(NotFound, match="no indicator salse"):
        explained(shop, owner, "salse", "2026-02", "2026-01")
    with pytest.raises(Refused, match="no value for January 2025"):
        explained(shop, owner, "sales", "2026-02", "2025-01")
    with pytest.raises(Refused, match="no target"):
        explained(shop, owner, "sales", "2026-02", None)
    with pytest.raises(Refused, match="no method"):
        explained(shop, owner, "sales", "2026-02", "2026-01", method="guess")


@pytest.fixture(scope="module")
def sample(sample_home: Path) -> Home:
    return workspace.open_home(sample_home)


@pytest.mark.parametrize("method", ["shapley", "lmdi"])
@pytest.mark.parametrize("spans", [("2026-Q3", "2026-Q2"), ("2026-10", "2025-10"), ("2026-06", "2026-05")])
def test_parts_add_up_on_the_sample_shop(
    sample: Home, owner: Asker, spans: tuple[str, str], method: str
) -> None:
    after, before = map(parse_period, spans)
    for node in ("sales", "orders", "conversion_rate", "average_order_value"):
        found = workspace.explain_change(
            sample, owner, node, after=after, before=before, at=date(2026, 11, 20), method=method
        )
        parts = [part.value for part in found.drivers]
        if parts or found.unexplained:
            whole = math.fsum([*parts, found.unexplained])
            assert whole == pytest.approx(found.delta, rel=1e-9, abs=1e-9 * abs(found.after.value))
            assert found.to_dict("ja")["text"]


def test_against_the_target_on_the_sample_shop(sample: Home, owner: Asker) -> None:
    at = workspace.today_of(sample)
    view = next(one for one in workspace.tree(sample, owner, at=at) if one.id == "sales")
    assert view.start is not None
    assert view.end is not None
    found = workspace.explain_change(
        sample, owner, "sales", after=parse_period(f"{view.start}..{view.data_through}"), at=at
    )
    assert found.before.value == pytest.approx(view.expected)
    whole = math.fsum([*(part.value for part in found.drivers), found.unexplained])
    assert whole == pytest.approx(view.actual - view.expected)


def test_segments_of_the_sample_shop_make_the_whole(sample: Home, owner: Asker) -> None:
    after, before, at = parse_period("2026-10"), parse_period("2026-09"), date(2026, 11, 20)
    for node, dim in (
        ("sales", "country"),
        ("conversion_rate", "device"),
        ("average_order_value", "country"),
    ):
        found = workspace.explain_by(sample, owner, node, by=dim, after=after, before=before, at=at)
        assert math.fsum(part.value for part in found.parts) == pytest.approx(found.delta, abs=1e-9)
