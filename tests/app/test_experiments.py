"""The experiments page: a readout from records, still running, kept on a line; the next one planned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.workspace import Asker

ME = Asker("t", "owner")


@pytest.mark.usefixtures("shop")
def test_read_out_and_read_while_it_runs(opened: Callable[..., AppTest]) -> None:
    page = opened("experiments")
    names = page.selectbox(key="pick_experiment").options
    assert len(names) > 2
    once = next(one.value for one in page.markdown if "proven" in one.value or "beyond chance" in one.value)
    assert once
    assert any("Test" in one.value for one in page.get("html")) or page.dataframe
    page.toggle(key="experiment_early").set_value(True).run()
    assert not page.exception
    page = opened("experiments", experiment=names[0])
    assert page.selectbox(key="pick_experiment").value == names[0]


def test_an_answer_is_kept(own_shop: Path, opened: Callable[..., AppTest]) -> None:
    page = opened("experiments")
    button = next(one for one in page.button if one.label == "Keep it")
    button.click().run()
    assert not page.exception
    home = workspace.open_home(own_shop)
    assert [edge for edge in workspace.plan(home, ME).links.values() if edge.tested]


@pytest.mark.usefixtures("shop")
def test_the_next_one_from_the_shops_own_rate_and_from_one_of_ones_own(
    opened: Callable[..., AppTest],
) -> None:
    page = opened("experiments", view="plan")
    assert page.selectbox(key="plan_kpi").value == "conversion_rate"
    page = opened("experiments", view="plan", kpi="bounce_rate")
    assert page.selectbox(key="plan_kpi").value == "bounce_rate"
    page.selectbox(key="plan_kpi").set_value("own").run()
    page.number_input(key="plan_base").set_value(10.0)
    page.select_slider(key="plan_least").set_value(20).run()
    assert not page.exception
    assert any("3,841" in one.value for one in page.get("html")), (
        "the published size for 10 against 12 percent"
    )


@pytest.mark.parametrize("view", ["read", "plan"])
def test_an_empty_home_offers_a_file_and_a_rate(
    empty_home: Path, opened: Callable[..., AppTest], view: str
) -> None:
    del empty_home
    page = opened("experiments", view=view)
    assert not page.exception
    assert not page.error
