"""From a cell of a report to its records: they are those that the number was made from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from kpi_tree import reports, workspace
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, translate
from kpi_tree.periods import Period
from kpi_tree.reports import Answer, Drill
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

WHO = Asker("Kari", "viewer")
SPAN: dict[str, Any] = {"start": date(2026, 8, 1), "end": date(2026, 11, 1)}


def cell(answer: Answer, table: str, row: int, column: str) -> Any:
    found = next(each for each in answer.tables if each.id == table)
    return found.to_dict()["rows"][row][column]


def behind(shop: Home, answer: Answer, table: str, row: int, column: str) -> pd.DataFrame:
    found = reports.drill(answer, table, row, column)
    assert isinstance(found, Drill), found
    return workspace.report_records(shop, WHO, found, where=answer.where, limit=100_000)


@pytest.mark.parametrize(
    ("report_id", "table", "column", "key"),
    [
        ("orders_over_time", "periods", "value", "order_id"),
        ("orders_by_channel", "parts", "value", "order_id"),
        ("orders_by_weekday", "parts", "value", "order_id"),
        ("orders_by_weekday_and_hour", "week", "h12", "order_id"),
        ("channel_table", "parts", "orders", "order_id"),
        ("channel_table", "total", "sessions", "session_id"),
        ("new_against_repeat_customers", "pairs", "new", "order_id"),
        ("shop_at_a_glance", "figures", "value", "order_id"),
        ("shop_at_a_glance", "figures", "before", "order_id"),
        ("purchase_funnel", "steps", "visits", "session_id"),
        ("purchase_funnel_by_device", "steps", "visits", "session_id"),
        ("form_funnel_by_form", "steps", "visits", "session_id"),
        ("customer_segments", "segments", "orders", "order_id"),
        ("cohort_retention", "counts", "p0", "customer_id"),
        ("cohort_retention", "counts", "p1", "customer_id"),
    ],
)
def test_as_many_records_as_the_number_says(
    shop: Home, report_id: str, table: str, column: str, key: str
) -> None:
    answer = workspace.report(shop, WHO, report_id, **SPAN)
    found = behind(shop, answer, table, 0, column)
    assert found[key].nunique() == cell(answer, table, 0, column) > 0
    assert {"_batch", "_file", "_row"} <= set(found.columns)


def test_before_is_of_the_days_before(shop: Home) -> None:
    answer = workspace.report(shop, WHO, "orders_over_time", **SPAN, compare="previous")
    found = behind(shop, answer, "periods", 1, "before")
    assert len(found) == cell(answer, "periods", 1, "before")
    assert set(pd.to_datetime(found["_day"]).dt.month) == {6}


def test_what_has_no_records_says_why(shop: Home) -> None:
    over = workspace.report(shop, WHO, "sales_over_time", **SPAN, compare="target")
    why = reports.drill(over, "periods", 2, "target")
    assert isinstance(why, Msg)
    heat = workspace.report(shop, WHO, "orders_by_weekday_and_hour", **SPAN)
    label = reports.drill(heat, "week", 0, "weekday")
    assert isinstance(label, Msg)
    assert "number" in translate(label, "en")
    pairs = workspace.report(shop, WHO, "product_affinity_list", **SPAN)
    column = next(each.id for each in pairs.tables[0].columns if each.role == "value")
    assert isinstance(reports.drill(pairs, "list", 0, column), Msg)


@pytest.mark.parametrize("group", ["step:moon", "segment:", "cohort:2026-13-01..x", "nothing"])
def test_a_group_out_of_an_address_is_refused_in_words(shop: Home, group: str) -> None:
    asked = Drill("", Period(SPAN["start"], SPAN["end"]), group=group)
    with pytest.raises(Refused, match="group"):
        workspace.report_records(shop, WHO, asked)


@pytest.mark.parametrize(
    ("report_id", "point", "place"),
    [
        ("orders_over_time", {"day": "2026-09-01"}, ("periods", 1, "value")),
        ("orders_by_channel", {"order": 2}, ("parts", 2, "value")),
        ("orders_by_weekday_and_hour", {"at": 25}, ("week", 1, "h01")),
        ("purchase_funnel_by_device", {"at": 6}, ("steps", 6, "of_first")),
        ("purchase_funnel", {"order": 3}, ("steps", 3, "visits")),
        ("orders_by_channel", {"order": 10_000}, None),
        ("orders_over_time", {"day": "1999-01-01"}, None),
    ],
)
def test_a_mark_of_the_chart_is_a_cell(
    shop: Home, report_id: str, point: dict[str, Any], place: tuple[str, int, str] | None
) -> None:
    assert reports.at_point(workspace.report(shop, WHO, report_id, **SPAN), point) == place


def test_every_figure_of_a_table_can_be_chosen(shop: Home) -> None:
    answer = workspace.report(shop, WHO, "channel_table", **SPAN)
    table = answer.tables[0]
    cells = reports.cells_of(answer, table)
    assert len(cells) == sum(value is not None for row in table.rows for value in row[1:])
