"""A workbook with several tables on the data page: shown, one left out, one said to be something."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import openpyxl  # type: ignore[import-untyped]
import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.ui.shell.start import OWNER

Open = Callable[..., AppTest]


def book() -> bytes:
    made = openpyxl.Workbook()
    orders = made.active
    assert orders is not None
    orders.title = "Ordrer"
    for row in (["Ordrenr", "Ordredato", "Varenr", "Antall", "Pris"], [1, date(2026, 4, 1), "A", 2, 99.5]):
        orders.append(row)
    stock = made.create_sheet("Lager")
    for row in (["SKU", "Dato", "På lager"], ["A", date(2026, 4, 30), 7], ["B", date(2026, 4, 30), 9]):
        stock.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def press(app: AppTest, label: str) -> None:
    next(each for each in app.button if each.label == label).click().run()
    assert not app.exception


@pytest.mark.usefixtures("empty_home")
def test_the_tables_of_a_workbook_are_shown_and_each_finds_its_place(opened: Open) -> None:
    app, content = opened("data"), book()
    app.file_uploader[0].upload("bok.xlsx", content).run()
    assert not app.error
    assert any(each.label == "1 of its 2 tables are read" for each in app.expander)
    assert any("**Lager** · 2 rows · not read" in each.value for each in app.markdown)
    press(app, "Say what it holds")
    boxes = {each.label.replace("\\", ""): each.value for each in app.selectbox}
    assert (boxes["SKU"], boxes["Dato"], boxes["På lager"]) == ("product_id", "counted_at", "on_hand")
    next(each for each in app.text_input if each.label == "Remember this as").set_value("Lager").run()
    press(app, "Read it so")
    assert any(each.label == "2 of its 2 tables are read" for each in app.expander)
    app.checkbox[0].uncheck().run()
    assert any(each.label == "1 of its 2 tables are read" for each in app.expander)
    press(app, "Load this file")
    home = workspace.open_home()
    [batch] = workspace.batches(home, OWNER)
    assert [(one.table, one.accepted) for one in batch.tables] == [("stock_levels", 2)]
    app.file_uploader[0].upload("bok.xlsx", content).run()
    assert any("loaded already" in each.value for each in app.info)
