"""Why a number moved, on the page of a KPI."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest


@pytest.mark.usefixtures("shop")
def test_compared_with_last_year_with_the_target_and_by_country(opened: Callable[..., AppTest]) -> None:
    page = opened("kpi", id="sales")
    assert "Why it moved" in [one.value for one in page.subheader]
    assert _paragraph(page).count("2025")
    page = opened("kpi", id="sales", why="target")
    assert "where the path expects" in _paragraph(page)
    page = opened("kpi", id="sales", split="country")
    assert "NO made" in _paragraph(page)


def test_nothing_to_explain_on_an_empty_home(empty_home: Path, opened: Callable[..., AppTest]) -> None:
    del empty_home
    page = opened("kpi", id="sales")
    assert "Why it moved" not in [one.value for one in page.subheader]


def _paragraph(page: AppTest) -> str:
    return next(one.value for one in page.markdown if " made " in one.value)


@pytest.mark.usefixtures("shop")
def test_what_if_moves_and_starts_over(opened: Callable[..., AppTest]) -> None:
    page = opened("kpi", id="sales")
    (slider,) = [one for one in page.slider if one.key == "whatif_sales_conversion_rate"]
    slider.set_value(10).run()
    assert not page.exception
    assert page.slider(key="whatif_sales_conversion_rate").value == 10
    assert not page.button(key="whatif_reset").disabled
    page.button(key="whatif_reset").click().run()
    assert page.slider(key="whatif_sales_conversion_rate").value == 0
    assert not page.exception
