"""Actions measured against a segment and by an experiment, and the score that keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import translate
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

AT = date(2026, 3, 1)
FEBRUARY = {"start": date(2026, 2, 1), "effect_days": 28, "state": "done"}


def sold(first: date, days: int, country: str, many: Callable[[int], int]) -> dict[str, list[dict[str, Any]]]:
    """So many orders of 100 on each day in a country."""
    placed, lines = [], []
    for n in range(days):
        at = datetime.combine(first + timedelta(days=n), time(10), UTC)
        for number in range(many(n)):
            order = f"{country}{at:%Y%m%d}-{number}"
            placed.append({"order_id": order, "ordered_at": at, "country": country, "currency": "NOK"})
            line = {"order_id": order, "line_no": 1, "ordered_at": at, "quantity": "1", "unit_price": "100"}
            lines.append({**line, "product_id": "P1", "currency": "NOK"})
    return {"orders": placed, "order_lines": lines}


@pytest.fixture
def shop(home: Home, put: Callable[..., Any], small_plan: Plan) -> Home:
    """Norway gains two orders a day in February, while both countries lose half of theirs at once."""
    del small_plan
    rng = np.random.default_rng(4)
    noise = rng.integers(-1, 2, 200)
    before = (date(2026, 2, 1) - date(2025, 10, 1)).days
    put(sold(date(2025, 10, 1), before, "NO", lambda n: 10 + int(noise[n])), "no.csv")
    put(sold(date(2025, 10, 1), before, "SE", lambda n: 6 + int(noise[n + 50])), "se.csv")
    put(sold(date(2026, 2, 1), 28, "NO", lambda n: 5 + 2 + int(noise[n])), "no2.csv")
    put(sold(date(2026, 2, 1), 28, "SE", lambda _: 3), "se2.csv")
    return home


def add(home: Home, owner: Asker, name: str, **fields: Any) -> str:
    workspace.add_action(home, owner, "orders", name, **fields)
    return next(one.id for one in workspace.actions(home, owner, at=AT) if one.name == name)


def test_a_common_shock_falls_out_against_a_segment(shop: Home, owner: Asker) -> None:
    made = add(shop, owner, "One-page checkout", control="country=SE", expected_effect=56.0, **FEBRUARY)
    found = workspace.measure_action(shop, owner, made, at=AT)
    assert (found.method, found.verdict) == ("control", "confirmed")
    assert found.measured == pytest.approx(56, abs=20)
    assert found.low <= 56 <= found.high
    assert "outside SE" in translate(found.reason, "en")
    plainly = workspace.measure_action(shop, owner, made, at=AT, method="forecast")
    assert plainly.method == "forecast"
    assert plainly.measured < 0  # the shock is laid at its door


def test_by_its_experiment(shop: Home, owner: Asker, put: Callable[..., Any]) -> None:
    at = datetime(2026, 2, 2, 9, tzinfo=UTC)
    rows = [
        {"experiment": "exp", "unit_id": f"{arm}{n}", "arm": arm, "exposed_at": at,
         "converted": n < (200 if arm == "b" else 100)}
        for arm in "ab" for n in range(1000)
    ]  # fmt: skip
    put({"exposures": rows}, "exp.csv")
    made = add(shop, owner, "New button", experiment="exp", expected_effect=80.0, **FEBRUARY)
    found = workspace.measure_action(shop, owner, made, at=AT)
    assert (found.method, found.verdict) == ("experiment", "confirmed")
    assert found.measured == pytest.approx(100)  # orders that the thousand who saw it placed more
    with pytest.raises(Refused, match="no segment"):
        workspace.measure_action(shop, owner, made, at=AT, method="control")


def test_a_segment_that_is_not_there(shop: Home, owner: Asker) -> None:
    made = add(shop, owner, "Elsewhere", control="country=DK", **FEBRUARY)
    with pytest.raises(NotFound, match="DK"):
        workspace.measure_action(shop, owner, made, at=AT)
    with pytest.raises(Refused, match="not a segment"):
        workspace.change_action(shop, owner, made, control="Sweden")


def test_the_score_by_kind(shop: Home, owner: Asker) -> None:
    add(shop, owner, "One-page checkout", control="country=SE", expected_effect=112.0, action_kind="checkout",
        **FEBRUARY)  # fmt: skip
    add(shop, owner, "Dropped", expected_effect=5.0, action_kind="mail", **{**FEBRUARY, "state": "dropped"})
    add(shop, owner, "Later", start=date(2026, 4, 1), expected_effect=5.0, action_kind="mail")
    add(shop, owner, "Some day", expected_effect=5.0, action_kind="mail")
    found = workspace.action_scores(shop, owner, at=AT)
    kinds = {one.kind: one for one in found.scores}
    checkout = kinds["checkout"]
    assert (checkout.judged, checkout.confirmed, checkout.hit_rate) == (1, 1, 1.0)
    assert checkout.ratio == pytest.approx(0.5, abs=0.2)
    assert checkout.factor == pytest.approx((checkout.ratio + 4) / 5)
    assert (kinds["mail"].judged, kinds["mail"].not_delivered) == (0, 1)
    assert found.factor("mail") is found.scores[0]  # no case of its own: as all actions did
    why = {one.action.name: one for one in found.bets}
    assert "no start" in translate(why["Some day"].why, "en")
    assert why["Later"].effect.verdict == "too_early"
    assert found.to_dict("en")["scores"][0]["kind"] is None
