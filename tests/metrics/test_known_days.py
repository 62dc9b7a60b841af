"""The days that a KPI's data know of, held against the days that it has figures for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kpi_tree.catalogue import catalogue
from kpi_tree.metrics import Engine, known_days, query
from kpi_tree.metrics.series import Series

from .shop import engine_of
from .test_incremental import SHOP, SHOP_SETTINGS

START, END = date(2025, 10, 1), date(2026, 7, 1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, dict[str, Series]]]:
    engine = engine_of(tmp_path_factory.mktemp("shop"), SHOP, settings=SHOP_SETTINGS)
    asked = {"start": START, "end": END, "grain": "day", "keep_refusals": True}
    yield engine, query(engine, list(catalogue()), **asked)  # type: ignore[arg-type]
    engine.close()


@pytest.mark.parametrize("kpi", catalogue())
def test_no_figure_lies_outside_the_days_that_are_known(
    shop: tuple[Engine, dict[str, Series]], kpi: str
) -> None:
    """By day, from the series itself: nothing before ``data_from``, nothing after ``data_through``."""
    engine, series = shop[0], shop[1][kpi]
    assert known_days(engine, [kpi])[kpi] == (series.data_from, series.data_through)
    assert series.data_from is not None
    assert series.data_through is not None
    days = series.frame.loc[series.frame["value"].notna(), "period"]
    assert START < series.data_from <= series.data_through < END
    if len(days):
        assert days.min().date() >= series.data_from
        assert days.max().date() <= series.data_through


def test_visits_that_go_on_without_their_pages_do_not_make_pages_known(tmp_path: Path) -> None:
    """Page views end on the 5th, visits on the 9th: what was seen is known through the 5th."""
    sessions = [
        {"session_id": f"s{day}", "started_at": f"2026-01-{day:02}T10:00:00+00:00", "page_views": 2}
        for day in range(1, 10)
    ]
    views = [
        {"view_id": f"v{day}", "session_id": f"s{day}", "viewed_at": f"2026-01-{day:02}T10:00:00+00:00",
         "page": "/blog/a", "page_type": "blog"}
        for day in range(3, 6)
    ]  # fmt: skip
    engine = engine_of(tmp_path, {"sessions": sessions, "page_views": views})
    found = query(
        engine, ["blog_traffic", "product_page_share"], start=date(2026, 1, 1), end=date(2026, 2, 1)
    )
    for series in found.values():
        assert (series.data_from, series.data_through) == (date(2026, 1, 3), date(2026, 1, 5))
    assert found["blog_traffic"].total["value"] == 3
    assert found["product_page_share"].total["value"] == 0
    engine.close()
