"""A node's steps against sums worked out day by day, its last year, and what is foretold of each step."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from kpi_tree import workspace
from kpi_tree.store import Home
from kpi_tree.ui.shell.start import OWNER
from kpi_tree.workspace import Lens, NodeView
from kpi_tree.workspace.judged.progressing import StepView, last_year, steps

Shop = tuple[Home, date, dict[str, NodeView]]


@pytest.fixture(scope="module")
def shop(sample_home: Path) -> Shop:
    home = workspace.open_home(sample_home)
    at = workspace.today_of(home)
    return home, at, {view.id: view for view in workspace.tree(home, OWNER, at=at)}


def made(shop: Shop, node: str) -> tuple[StepView, ...]:
    home, at, views = shop
    return steps(home, workspace.plan(home, OWNER), views[node], at, Lens())


def daily(shop: Shop, kpi: str, first: date, end: date) -> tuple[float, float, float]:
    """Sum of the days, of their numerators and of their denominators."""
    frame = workspace.kpi_values(shop[0], OWNER, kpi, start=first, end=end).frame
    return tuple(
        float(np.nansum(frame[name].astype(float))) for name in ("value", "numerator", "denominator")
    )  # type: ignore[return-value]


def test_what_adds_up_adds_up_step_by_step(shop: Shop) -> None:
    view, found = shop[2]["sales"], made(shop, "sales")
    for step in [one for one in found if one.value is not None and not one.unfinished][::5]:
        by_day = daily(shop, "sales", step.period.start, step.period.end)[0]
        assert step.value == pytest.approx(by_day, rel=1e-9)
    inside = [one for one in found if not one.before]
    assert sum(one.value or 0.0 for one in inside) == pytest.approx(view.actual)
    assert sum(one.expected or 0.0 for one in inside) == pytest.approx(view.target)
    assert view.outlook is not None
    whole = sum((one.value if one.forecast is None else one.forecast) or 0.0 for one in inside)
    assert whole == pytest.approx(view.outlook.value)
    assert [one.unfinished for one in inside].count(True) <= 1
    assert (inside[0].period.start, inside[-1].period.end) == (view.start, view.end)


def test_a_rate_is_formed_anew_for_each_step(shop: Shop) -> None:
    found = [one for one in made(shop, "conversion_rate") if one.value is not None and not one.unfinished]
    assert len(found) > 15  # the period so far, and as long before it
    for step in found[::6]:
        _, above, below = daily(shop, "conversion_rate", step.period.start, step.period.end)
        assert step.value == pytest.approx(above / below)
        assert step.last_year is not None
        a_year = timedelta(days=364)
        _, above, below = daily(shop, "conversion_rate", step.period.start - a_year, step.period.end - a_year)
        assert step.last_year == pytest.approx(above / below)


def test_the_year_before_runs_beside_the_period_day_by_day(shop: Shop) -> None:
    home, _, views = shop
    view = views["sales"]
    assert view.start is not None
    assert view.end is not None
    found = last_year(home, workspace.plan(home, OWNER), view, Lens())
    first = view.start.replace(year=view.start.year - 1)
    for days in (1, 40, len(found)):
        by_day = daily(shop, "sales", first, first + timedelta(days=days))[0]
        assert found[days - 1] == pytest.approx(by_day)


def test_before_there_were_data_there_is_neither_history_nor_a_zero(shop: Shop) -> None:
    home, at, _ = shop
    known = workspace.kpi_values(home, OWNER, "sales").data_from
    assert known is not None
    early = known + timedelta(days=50)
    plan = workspace.plan(home, OWNER)
    views = workspace.tree(home, OWNER, at=early, period="month")
    view = next(one for one in views if one.id == "sales")
    found = steps(home, plan, view, early, Lens(period="month"))
    assert found
    assert all(one.last_year is None for one in found)
    assert all(one.value is None for one in found if one.period.start > early)
    assert min(one.period.start for one in found if one.value is not None) >= known - timedelta(days=31)
    assert not last_year(home, plan, view, Lens())
    assert at > early
