# ruff: noqa: E501 (markup, and rows of data, read better in one line)
"""Reports: every one runs, and what they show agrees with the figures asked directly."""

from __future__ import annotations

import io
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kpi_tree import workspace
from kpi_tree.catalogue import catalogue
from kpi_tree.errors import NotFound, Refused
from kpi_tree.exchange.sheets import Sheet, to_csv, to_html, to_md, to_xlsx
from kpi_tree.i18n import LANGUAGES, translate
from kpi_tree.periods import Calendar, Grain
from kpi_tree.reports import Answer, library
from kpi_tree.reports.files import to_file
from kpi_tree.reports.sets import SETS
from kpi_tree.reports.spans import Shown, shown
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

WHO = Asker("Kari", "viewer")
SPAN: dict[str, Any] = {"start": date(2026, 8, 1), "end": date(2026, 11, 1)}


def figures(answer: Answer, table: str) -> list[dict[str, Any]]:
    found = next(each for each in answer.tables if each.id == table)
    rows: list[dict[str, Any]] = found.to_dict()["rows"]
    return rows


def test_there_are_reports_for_every_kpi_and_every_question_of_the_seed() -> None:
    every = library()
    assert len(every) >= 100
    assert {f"{kpi}_over_time" for kpi in catalogue()} <= set(every)
    kinds = {report.kind for report in SETS}
    assert kinds == {"funnel", "cohorts", "segments", "side_by_side", "matrix", "scorecard", "ranked"}
    for report in SETS:
        for kpi in report.kpis:
            assert set(report.by) <= set(catalogue()[kpi].dimensions), (report.id, kpi)


def test_a_report_over_time_says_what_the_kpi_says(shop: Home) -> None:
    answer = workspace.report(shop, WHO, "sales_over_time", **SPAN, compare="previous")
    direct = workspace.kpi_values(shop, WHO, "sales", **SPAN, grain="month")
    before = workspace.kpi_values(
        shop, WHO, "sales", start=date(2026, 5, 1), end=date(2026, 8, 1), grain="month"
    )
    rows = figures(answer, "periods")
    assert [row["value"] for row in rows] == direct.frame["value"].tolist()
    assert [row["before"] for row in rows] == before.frame["value"].tolist()
    [total] = figures(answer, "total")
    assert (total["value"], total["before"]) == (direct.total["value"], before.total["value"])
    assert total["change"] == pytest.approx(total["value"] / total["before"] - 1)


def test_an_unfinished_month_is_compared_with_as_many_days(shop: Home) -> None:
    answer = workspace.report(shop, WHO, "orders_over_time", start=date(2026, 11, 1), compare="previous")
    assert answer.data_through is not None
    days = (answer.data_through - date(2026, 11, 1)).days + 1
    then = date(2026, 10, 1)
    direct = workspace.kpi_values(
        shop, WHO, "orders", start=then, end=then + timedelta(days=days), grain="month"
    )
    assert figures(answer, "total")[0]["before"] == direct.total["value"]


@pytest.mark.parametrize(
    ("grain", "start", "end", "back"),
    [
        (Grain.DAY, date(2026, 5, 4), date(2026, 5, 11), (date(2025, 5, 5), date(2025, 5, 12))),
        (Grain.WEEK, date(2026, 5, 4), date(2026, 5, 11), (date(2025, 5, 5), date(2025, 5, 12))),
        (Grain.MONTH, date(2024, 2, 1), date(2024, 3, 1), (date(2023, 2, 1), date(2023, 3, 1))),
        (Grain.MONTH, date(2026, 3, 1), date(2026, 3, 31), (date(2025, 3, 1), date(2025, 3, 31))),
    ],
)
def test_last_year_is_the_same_weekday_or_the_same_month(
    grain: Grain, start: date, end: date, back: tuple[date, date]
) -> None:
    then = Shown(start, end, grain, Calendar()).versus("last_year")
    assert then is not None
    assert (then.start, then.end) == back


def test_so_far_is_clamped_at_a_short_month() -> None:
    then = Shown(date(2026, 3, 1), date(2026, 3, 31), Grain.MONTH, Calendar()).versus("previous")
    assert then is not None
    assert (then.start, then.end) == (date(2026, 2, 1), date(2026, 3, 1))


def test_a_breakdown_adds_up_to_the_whole(shop: Home) -> None:
    answer = workspace.report(shop, WHO, "gross_sales_by_channel", **SPAN)
    whole = workspace.kpi_values(shop, WHO, "gross_sales", **SPAN, grain="month").total["value"]
    rows = figures(answer, "parts")
    assert sum(row["value"] for row in rows) == pytest.approx(whole)
    assert sum(row["share"] for row in rows) == pytest.approx(1)


def test_targets_of_the_plan_stand_beside_the_periods(shop: Home) -> None:
    plan = workspace.plan(shop, WHO)
    target = next(each for each in plan.targets.values() if plan.nodes[each.node].kpi == "sales")
    answer = workspace.report(
        shop, WHO, "sales_over_time", start=target.period.start, end=target.period.end, compare="target"
    )
    rows = figures(answer, "periods")
    assert all(row["target"] is not None for row in rows)
    assert all(row["difference"] == row["value"] - row["target"] for row in rows if row["value"] is not None)


def test_explorer_takes_any_dimensions_and_filters(shop: Home) -> None:
    answer = workspace.explore(shop, WHO, "orders", by=["device", "channel"], **SPAN)
    rows = figures(answer, "parts")
    device = rows[0]["device"]
    alone = workspace.explore(shop, WHO, "orders", by=["channel"], **SPAN, where={"device": [device]})
    assert sum(row["value"] for row in figures(alone, "parts")) == sum(
        row["value"] for row in rows if row["device"] == device
    )
    with pytest.raises(NotFound, match="device"):
        workspace.explore(shop, WHO, "orders", by=["devise"])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"compare": "last_week"}, "comparison"), ({"grain": "hour"}, "hours"), ({"grain": "eon"}, "length"),
     ({"start": date(2026, 5, 2), "end": date(2026, 5, 1)}, "ends"), ({"where": {"device": ["moble"]}}, "mobile")],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_words(shop: Home, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        workspace.report(shop, WHO, "orders_over_time", **wrong)


def test_an_unknown_report_names_the_nearest(shop: Home) -> None:
    with pytest.raises(NotFound, match="sales_over_time"):
        workspace.report(shop, WHO, "sales_over_tim")


def test_reports_are_found_in_any_language(shop: Home) -> None:
    ids = {report.id for report in workspace.reports(shop, WHO, search="salg")}
    assert "sales_over_time" in ids
    assert ids < set(library())
    assert {r.category for r in workspace.reports(shop, WHO, category="service")} == {"service"}


def test_an_empty_home_has_reports_without_rows(tmp_path: Any) -> None:
    home = Home.open(tmp_path / "home")
    answer = workspace.report(home, WHO, "sales_over_time")
    assert answer.empty
    assert translate(answer.notes[0], "en") == "No data are loaded for this report yet."
    for form in ("csv", "xlsx", "html", "md"):
        assert isinstance(to_file(answer, form), bytes)


HOSTILE = Sheet(
    "=cmd()",
    ("=a", "n"),
    (("=1+1", -5.0), ("+2", 0.25), ("-3", None), ("@x", 1.0), ("\tx", 2.0), ("<b>|", 3.0)),
)


def test_texts_that_look_like_formulas_are_texts_and_numbers_are_numbers() -> None:
    lines = to_csv(HOSTILE).decode("utf-8-sig").split("\r\n")
    assert lines[:5] == ["'=a,n", "'=1+1,-5", "+2,0.25", "-3,", "'@x,1"]
    page = openpyxl.load_workbook(io.BytesIO(to_xlsx([HOSTILE]))).worksheets[0]
    assert [cell.data_type for cell in page["A"]] == ["s"] * 7
    assert [cell.value for cell in page["B"]] == ["n", -5, 0.25, None, 1, 2, 3]
    shown_cells = [[str(cell) for cell in row] for row in HOSTILE.rows]
    assert b"<b>" not in to_html("<b>", [HOSTILE], [shown_cells], "en")
    assert b"\\<b\\>\\|" in to_md("x", [HOSTILE], [shown_cells])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_files_hold_every_row(shop: Home, lang: str) -> None:
    answer = workspace.report(shop, WHO, "channel_table", **SPAN)
    rows = len(figures(answer, "parts"))
    assert len(to_file(answer, "csv", lang).decode("utf-8-sig").strip().split("\r\n")) == rows + 1
    assert to_file(answer, "md", lang).decode().count("\n| ") >= rows + 1
    assert openpyxl.load_workbook(io.BytesIO(to_file(answer, "xlsx", lang))).worksheets[0].max_row == rows + 1


def test_the_usual_span_ends_with_the_data() -> None:
    found = shown(None, None, Grain.MONTH, date(2026, 11, 20), Calendar())
    assert (found.start, found.end) == (date(2025, 12, 1), date(2026, 11, 21))


def test_the_sample_shop_answers_every_kpi(shop: Home) -> None:
    ready = workspace.readiness(shop, WHO)
    assert [name for name, each in ready.items() if not each.answers] == []


def test_a_ranked_list_is_drawn_by_what_it_is_ranked_by_with_names_for_codes(shop: Home) -> None:
    pytest.importorskip("altair")
    from kpi_tree.charts import palette_for
    from kpi_tree.reports.drawing import report_chart

    stock = workspace.report(shop, WHO, "stock_run_out")
    assert stock.chart is not None
    assert stock.chart.values == ("days",)
    days = [row["days"] for row in figures(stock, "list") if row["days"] is not None]
    assert days == sorted(days)
    parts = workspace.report(shop, WHO, "day_parts_list")
    assert {row["weekday"] for row in figures(parts, "list")} <= {
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    }
    assert all(str(row["hour"]).endswith(":00") for row in figures(parts, "list"))
    drawn = str(
        report_chart(
            workspace.report(shop, WHO, "product_affinity_list"), "en", palette_for(dark=False)
        ).to_dict()
    )
    first = figures(workspace.report(shop, WHO, "product_affinity_list"), "list")[0]
    assert f"{first['name_a']} · {first['name_b']}" in drawn


def test_days_are_days_and_numbers_numbers_in_a_workbook(shop: Home) -> None:
    answer = workspace.report(shop, WHO, "orders_over_time", grain="day", **SPAN)
    page = openpyxl.load_workbook(io.BytesIO(to_file(answer, "xlsx", "ja"))).worksheets[0]
    first = next(page.iter_rows(min_row=2, max_row=2))
    assert first[0].value.date() == date(2026, 8, 1)
    assert isinstance(first[1].value, int | float)
    assert to_file(answer, "csv", "nb").decode("utf-8-sig").splitlines()[1].startswith("2026-08-01,")


def test_a_ranked_list_is_the_first_thing_asked_of_a_home(shop: Home, tmp_path: Path) -> None:
    """Whatever facts its query names are made for it, not left over from another question."""
    shutil.copytree(shop.path, tmp_path / "cold", ignore=shutil.ignore_patterns("cache"))
    answer = workspace.report(workspace.open_home(tmp_path / "cold"), WHO, "customer_lifetime_value_list")
    assert not answer.empty
