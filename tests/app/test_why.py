"""Why a number moved, on the page of a KPI."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.workspace import Asker, Change


@pytest.mark.usefixtures("shop")
def test_compared_with_last_year_with_the_target_and_by_country(opened: Callable[..., AppTest]) -> None:
    page = opened("kpi", id="sales")
    assert "Why it moved" in [one.value for one in page.header]
    assert _a_year_before(_paragraph(page))
    page = opened("kpi", id="sales", why="target")
    assert "where the path expects" in _paragraph(page)
    page = opened("kpi", id="sales", split="country")
    assert "NO made" in _paragraph(page)


def test_nothing_to_explain_on_an_empty_home(empty_home: Path, opened: Callable[..., AppTest]) -> None:
    del empty_home
    page = opened("kpi", id="sales")
    assert "Why it moved" not in [one.value for one in page.header]


def _a_year_before(words: str) -> bool:
    """Early in January the days that are told of lie in the year that has just ended."""
    year = workspace.today_of(workspace.open_home()).year
    return any(str(before) in words for before in (year - 1, year - 2))


def _paragraph(page: AppTest) -> str:
    return next(one.value for one in page.markdown if " made " in one.value)


def test_what_if_moves_and_starts_over(shop: Path, opened: Callable[..., AppTest]) -> None:
    home = workspace.open_home(shop)
    views = workspace.tree(home, Asker("Kari", "owner"), at=workspace.today_of(home))
    (rate,) = [one.actual * 100 for one in views if one.id == "conversion_rate" and one.actual]
    page = opened("kpi", id="sales")
    assert not page.slider, "a closed box is not worked out"
    page.session_state["whatif_sales"] = True
    page.run()
    (slider,) = [one for one in page.slider if one.label == "Conversion rate"]
    slider.set_value(10).run()
    assert not page.exception
    assert _lever(page) == (10, pytest.approx(rate * 1.1, abs=0.001))
    assert page.query_params["set"] == "conversion_rate:+10%"
    for opened_again in (False, True):
        page.session_state["whatif_sales"] = opened_again
        page.run()
    assert _lever(page) == (10, pytest.approx(rate * 1.1, abs=0.001))
    assert not page.button(key="whatif_reset").disabled
    page.button(key="whatif_reset").click().run()
    assert _lever(page) == (0, pytest.approx(rate, abs=0.001))
    (box,) = [one for one in page.number_input if one.key.startswith("whatif_sales_conversion_rate_value")]
    box.set_value(3.0).run()
    assert _lever(page) == (round((3 / rate - 1) * 100), 3.0)
    assert not page.exception


def _lever(page: AppTest) -> tuple[int, float]:
    (slider,) = [one for one in page.slider if one.label == "Conversion rate"]
    (box,) = [one for one in page.number_input if one.key.startswith("whatif_sales_conversion_rate_value")]
    return slider.value, box.value


def test_a_scenario_is_saved_deleted_and_brought_back(own_shop: Path, opened: Callable[..., AppTest]) -> None:
    home = workspace.open_home(own_shop)
    owner = Asker("Kari", "owner")
    workspace.save_scenario(home, owner, "More visits", "sales", {"sessions": Change(0.2, relative=True)})
    page = opened("kpi", id="sales", scenario="more_visits")
    (slider,) = [one for one in page.slider if one.label == "Site traffic"]
    assert slider.value == 20
    page.button(key="scenario_delete").click().run()
    assert workspace.scenario_list(home, owner) == []
    page.button(key="scenario_back").click().run()
    assert [one.name for one in workspace.scenario_list(home, owner)] == ["More visits"]
    assert not page.exception
    page = opened("kpi", id="sales", scenario="no_such_one")
    assert any("no scenario" in one.value for one in page.warning)


@pytest.mark.usefixtures("shop")
def test_the_few_segments_that_tell_most(opened: Callable[..., AppTest]) -> None:
    page = opened("kpi", id="sales", split="segments", why="previous")
    assert any("being" in one.value and "of the whole" in one.value for one in page.markdown)


@pytest.mark.usefixtures("shop")
def test_the_tree_says_why_and_what_if(opened: Callable[..., AppTest]) -> None:
    page = opened("tree", why="last_year")
    assert any("made" in one.value and _a_year_before(one.value) for one in page.markdown)
    page = opened("tree", set="conversion_rate:+10%")
    (slider,) = page.slider
    assert slider.label == "Average order value"  # the strongest, until a card is chosen
    page = opened("tree", set="conversion_rate:+10%", node="conversion_rate")
    assert page.slider[0].value == 10
