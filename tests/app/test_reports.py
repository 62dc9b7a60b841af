# ruff: noqa: E501 (an address reads better in one line)
"""The page of the reports, run without a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

Open = Callable[..., AppTest]


@pytest.mark.usefixtures("shop")
def test_the_list_is_searched_and_opens_reports(opened: Open) -> None:
    app = opened("reports", q="salg")
    assert not app.error
    assert any("sales" in link.label.lower() for link in app.page_link)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    "name", ["sales_over_time", "orders_by_channel", "purchase_funnel", "cohort_retention", "service_desk",
             "orders_by_weekday_and_hour", "customer_segments", "stock_run_out", "purchase_funnel_by_device"]
)  # fmt: skip
def test_each_kind_of_report_is_shown(opened: Open, name: str) -> None:
    app = opened("reports", id=name)
    assert not app.error
    assert app.dataframe
    assert [each.label for each in app.get("download_button")][:3] == ["CSV", "Excel", "HTML"]


@pytest.mark.usefixtures("shop")
def test_a_link_restores_the_view(opened: Open) -> None:
    app = opened(
        "reports", id="orders_over_time", grain="week", compare="previous", **{"from": "2026-09-07"}, fav="orders_over_time"
    )  # fmt: skip
    assert not app.error
    assert app.date_input[0].value.isoformat() == "2026-09-07"
    assert "Before" in app.dataframe[0].value.columns
    assert any(button.label == "Remove from favourites" for button in app.button)


@pytest.mark.usefixtures("shop")
def test_the_explorer_breaks_down_by_several_dimensions(opened: Open) -> None:
    app = opened("reports", view="explore", kpi="orders", by="device,channel")
    assert not app.error
    assert len(app.dataframe[0].value.columns) >= 3


@pytest.mark.usefixtures("shop")
def test_what_cannot_be_shown_is_said(opened: Open) -> None:
    assert opened("reports", id="salse_over_time").error
    assert opened("reports", id="orders_over_time", where="device:moble").error


@pytest.mark.usefixtures("empty_home")
def test_an_empty_home_says_what_to_do(opened: Open) -> None:
    app = opened("reports", id="sales_over_time")
    assert not app.error


@pytest.mark.usefixtures("shop")
def test_a_link_restores_the_cell_and_its_records(opened: Open) -> None:
    app = opened("reports", id="purchase_funnel", group="step:cart", rows="2026-09-01..2026-09-30")
    assert not app.error
    assert any("Put it in the cart" in text.value for text in app.markdown)
    assert "_batch" in app.dataframe[-1].value.columns or "Batch" in app.dataframe[-1].value.columns
    close = next(button for button in app.button if button.key == "records_close")
    close.click().run()
    assert "rows" not in app.query_params
    assert "id" in app.query_params


@pytest.mark.usefixtures("shop")
def test_a_cell_that_cannot_be_is_refused_in_words(opened: Open) -> None:
    app = opened("reports", id="purchase_funnel", group="step:moon", rows="2026-09-01..2026-09-30")
    assert any("no such group" in error.value for error in app.error)
    assert not app.exception
