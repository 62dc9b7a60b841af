"""Every report of the library runs once; those that share a question share its scan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from kpi_tree import metrics, reports, workspace
from kpi_tree.catalogue import catalogue
from kpi_tree.i18n import LANGUAGES
from kpi_tree.metrics import Engine, Series
from kpi_tree.periods import Grain, Period
from kpi_tree.records.tables import column_label
from kpi_tree.reports import Answer, Report
from kpi_tree.reports.spans import Shown
from kpi_tree.store import Home
from kpi_tree.workspace import Asker
from kpi_tree.workspace.figuring.figures import engine_of

from .conftest import TODAY

WHO = Asker("Kari", "viewer")
START, END = date(2026, 8, 1), date(2026, 11, 1)
WITHOUT = {"affiliate_performance"}
"""Without a single order in these days in a tenth of the shop."""
COMPOSED = {"matrix", "scorecard", "side_by_side", "funnel", "cohorts", "segments", "ranked"}


def groups() -> dict[str, list[Report]]:
    """The reports by what they ask: one KPI over time, by a dimension, or something of their own."""
    found: dict[str, list[Report]] = defaultdict(list)
    for report in reports.library().values():
        found["composed" if report.kind in COMPOSED else "_".join((report.kind, *report.by))].append(report)
    return found


GROUPS = groups()


@dataclass
class Together:
    """Figures of all KPIs of a group, asked of the engine in one query."""

    home: Home
    kpis: tuple[str, ...]
    currency: str | None = "NOK"
    asked: dict[Any, dict[str, Series]] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return engine_of(self.home)

    def known(self, kpis: Sequence[str]) -> tuple[date, date] | None:  # noqa: ARG002
        return START, date(2026, 11, 21)

    def series(
        self, kpis: Sequence[str], shown: Shown, by: Sequence[str], where: Mapping[str, Sequence[str]],
        *, ranked: bool = False,  # noqa: ARG002
    ) -> dict[str, Series]:  # fmt: skip
        key = (shown.start, shown.end, shown.grain, tuple(by))
        if key not in self.asked:
            self.asked[key] = metrics.query(
                self.engine, self.kpis, start=shown.start, end=shown.end, grain=shown.grain, by=by,
                where=where, keep_refusals=True,
            )  # fmt: skip
        return {kpi: self.asked[key][kpi] for kpi in kpis}

    def target(self, kpi: str, period: Period) -> float | None:  # noqa: ARG002
        return None


def whole(answer: Answer) -> dict[str, Any]:
    """The answer as JSON: it has tables, and each row has a cell for each column."""
    document = answer.to_dict("nb")
    assert document["tables"], answer.report.id
    for table in document["tables"]:
        names = {column["id"] for column in table["columns"]}
        assert len(names) == len(table["columns"]), answer.report.id
        assert all(set(row) == names for row in table["rows"]), answer.report.id
    return document


@pytest.mark.parametrize("group", sorted(set(GROUPS) - {"composed"}))
def test_every_report_on_one_kpi_runs(shop: Home, group: str) -> None:
    kpis = tuple(dict.fromkeys(kpi for report in GROUPS[group] for kpi in report.kpis))
    source = Together(shop, kpis)
    for report in GROUPS[group]:
        answer = reports.run(report, source, today=TODAY, start=START, end=END, compare="none")
        whole(answer)
        assert not answer.empty or report.kpis[0] in WITHOUT, (report.id, list(map(str, answer.notes)))


@pytest.mark.parametrize("report_id", sorted(report.id for report in GROUPS["composed"]))
def test_every_composed_report_runs(shop: Home, report_id: str) -> None:
    answer = workspace.report(shop, WHO, report_id, start=START, end=END, compare="none")
    whole(answer)
    assert not answer.empty, (report_id, [str(note) for note in answer.notes])


def test_the_whole_library_is_among_them() -> None:
    assert sum(map(len, GROUPS.values())) == len(reports.library()) >= 700
    assert "customer_lifetime_value_list" in {report.id for report in GROUPS["composed"]}


@pytest.fixture(scope="module")
def placed(rows: dict[str, pa.Table]) -> pd.DataFrame:
    """Orders placed, with their local time: the second computation starts from the rows themselves."""
    frame = rows["orders"].to_pandas()
    frame = frame[frame["status"].fillna("placed") == "placed"].copy()
    frame["at"] = frame["ordered_at"].dt.tz_convert("Europe/Oslo")
    frame["day"] = frame["at"].dt.date
    return frame.sort_values(["ordered_at", "order_id"])


def within(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[(frame["day"] >= START) & (frame["day"] < END)]


def table_of(shop: Home, report_id: str, table: str, **more: Any) -> list[dict[str, Any]]:
    answer = workspace.report(shop, WHO, report_id, start=START, end=END, **more)
    found = next(each for each in answer.tables if each.id == table)
    rows: list[dict[str, Any]] = found.to_dict()["rows"]
    return rows


def test_orders_by_month_against_pandas(shop: Home, placed: pd.DataFrame) -> None:
    ours = [row["value"] for row in table_of(shop, "orders_over_time", "periods", grain=Grain.MONTH)]
    assert ours == within(placed).groupby(within(placed)["at"].dt.month).size().tolist()


def test_the_week_against_pandas(shop: Home, placed: pd.DataFrame) -> None:
    found = within(placed)
    theirs = found.groupby([found["at"].dt.isocalendar().day, found["at"].dt.hour]).size()
    rows = table_of(shop, "orders_by_weekday_and_hour", "week")
    ours = {(day + 1, hour): row[f"h{hour:02}"] for day, row in enumerate(rows) for hour in range(24)}
    assert {key: n for key, n in ours.items() if n} == theirs.to_dict()


def test_channels_against_pandas(shop: Home, rows: dict[str, pa.Table], placed: pd.DataFrame) -> None:
    sessions = rows["sessions"].to_pandas()
    sessions["day"] = sessions["started_at"].dt.tz_convert("Europe/Oslo").dt.date
    found = table_of(shop, "channel_table", "parts")
    ours = {row["channel"]: (row["sessions"], row["orders"] or 0) for row in found}
    visits, orders = within(sessions).groupby("channel").size(), within(placed).groupby("channel").size()
    assert ours == {name: (visits[name], orders.get(name, 0)) for name in visits.index}


def test_cohorts_against_pandas(shop: Home, placed: pd.DataFrame) -> None:
    known = placed[placed["customer_id"].fillna("") != ""]
    month = known["at"].dt.tz_localize(None).dt.to_period("M")
    first = month.groupby(known["customer_id"]).transform("min")
    ours = table_of(shop, "cohort_retention", "counts")
    for row, cohort in zip(ours, pd.period_range("2026-08", "2026-10", freq="M"), strict=True):
        members = known[first == cohort]
        assert row["size"] == members["customer_id"].nunique()
        for later in range(3):
            if cohort + later < pd.Period("2026-11"):
                again = members[month[members.index] == cohort + later]["customer_id"].nunique()
                assert row[f"p{later}"] == again


def test_segments_hold_every_customer_once(shop: Home, placed: pd.DataFrame) -> None:
    rows = table_of(shop, "customer_segments", "segments")
    known = within(placed)[within(placed)["customer_id"].fillna("") != ""]
    assert sum(row["customers"] for row in rows) == known["customer_id"].nunique()
    assert sum(row["orders"] for row in rows) == len(known)


def test_weekdays_stand_in_their_order(shop: Home, placed: pd.DataFrame) -> None:
    rows = table_of(shop, "orders_by_weekday", "parts")
    assert [row["value"] for row in rows] == within(placed).groupby(
        within(placed)["at"].dt.day_of_week
    ).size().tolist()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_dimension_has_a_name(lang: str) -> None:
    dims = {dim for kpi in catalogue().values() for dim in kpi.dimensions}
    names = {dim: column_label("orders", dim, lang) for dim in dims}
    if lang != "en":
        english = {dim for dim in dims if names[dim] == dim.replace("_", " ").capitalize()}
        assert not english & {"weekday", "hour", "customer_type", "visitor_type", "product", "project"}
    assert not [dim for dim in dims if "_" in names[dim]]
