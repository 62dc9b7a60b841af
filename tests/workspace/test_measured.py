"""Values that were typed in or uploaded as such: in their own period, never spread, never mixed."""

from __future__ import annotations

from datetime import date

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace import Asker
from kpi_tree.workspace.figuring.figures import known_span

MONTHS = b"KPI,Month,Value\norders,2026-01,1000\norders,2026-02,2000\n"
YEAR = {"start": date(2026, 1, 1), "end": date(2027, 1, 1)}


def test_monthly_values_add_up_to_the_year_and_leave_gaps(home: Home, owner: Asker) -> None:
    receipt = workspace.load_file(home, owner, MONTHS, "orders.csv")
    assert (receipt.accepted, receipt.rejected) == (2, 0)
    series = workspace.kpi_values(home, owner, "orders", **YEAR, grain="month")
    values = series.frame["value"].tolist()
    assert values[:2] == [1000.0, 2000.0]
    assert all(value != value for value in values[2:]), "a month without a value is a gap, not a zero"
    assert series.total["value"] == 3000.0
    assert (series.data_from, series.data_through) == (date(2026, 1, 1), date(2026, 2, 28))
    assert any("2" in str(note) for note in series.notes)


def test_a_value_of_a_month_is_not_spread_over_its_days(home: Home, owner: Asker) -> None:
    workspace.load_file(home, owner, MONTHS, "orders.csv")
    with pytest.raises(Refused, match="by month only"):
        workspace.kpi_values(home, owner, "orders", **YEAR, grain="day")
    with pytest.raises(NotFound, match="no dimension"):
        workspace.kpi_values(home, owner, "orders", **YEAR, grain="month", by=["country"])


def test_of_longer_and_shorter_periods_each_day_counts_once(home: Home, owner: Asker) -> None:
    """Months first, their quarter from another file later, days of one of them from a third."""
    workspace.load_file(home, owner, MONTHS, "orders.csv")
    workspace.load_file(home, owner, b"KPI,Quarter,Value\norders,2026-Q1,4500\n", "quarter.csv")
    days = b"KPI,Date,Value\norders,2026-02-03,20\norders,2026-02-04,30\norders,2026-04-01,7\n"
    workspace.load_file(home, owner, days, "days.csv")

    def told(grain: str, start: date = YEAR["start"], end: date = YEAR["end"]) -> tuple[list[float], float]:
        found = workspace.kpi_values(home, owner, "orders", start=start, end=end, grain=grain)
        return [value for value in found.frame["value"] if value == value], found.total["value"]

    assert told("year") == ([4507.0], 4507.0), "the quarter's own value, and what lies beyond it"
    assert told("quarter") == ([4500.0, 7.0], 4507.0)
    assert told("month") == ([1000.0, 2000.0, 7.0], 4507.0), "inside it the months, not their days"
    february = (date(2026, 2, 1), date(2026, 3, 1))
    assert told("month", *february) == ([2000.0], 2000.0)
    assert told("day", *february) == ([20.0, 30.0], 2000.0), "a part of its days is not the month"
    records = workspace.kpi_records(home, owner, "orders", **YEAR)
    assert records["value"].tolist() == [4500.0, 7.0], "the rows behind the figure add up to it"


@pytest.mark.usefixtures("small_plan")
def test_a_month_counts_in_the_tree_from_its_last_day(home: Home, owner: Asker) -> None:
    workspace.load_file(home, owner, MONTHS, "orders.csv")

    def orders(day: int) -> float | None:
        views = workspace.tree(home, owner, at=date(2026, 2, day))
        return next(view.actual for view in views if view.id == "orders")

    assert (orders(27), orders(28)) == (None, 2000.0)


def test_a_corrected_value_wins_and_withdrawing_it_brings_the_first_back(home: Home, owner: Asker) -> None:
    workspace.load_file(home, owner, MONTHS, "orders.csv")
    fixed = workspace.load_file(home, owner, MONTHS.replace(b"2000", b"2500"), "again.csv")
    assert (fixed.accepted, fixed.changed, fixed.unchanged) == (0, 1, 1)
    assert workspace.kpi_values(home, owner, "orders", **YEAR, grain="year").total["value"] == 3500.0
    workspace.withdraw(home, owner, fixed.batch or "")
    assert workspace.kpi_values(home, owner, "orders", **YEAR, grain="year").total["value"] == 3000.0
    rows = workspace.kpi_records(home, owner, "orders", **YEAR)
    assert rows[["_file", "value"]].to_dict("records") == [
        {"_file": "orders.csv", "value": 1000.0},
        {"_file": "orders.csv", "value": 2000.0},
    ]


def test_several_typed_kpis_have_the_days_they_were_typed_for(home: Home, owner: Asker) -> None:
    both = MONTHS + b"sessions,2026-02,9000\nsessions,2026-03,9000\n"
    workspace.load_file(home, owner, both, "both.csv")
    assert known_span(home, ["orders", "sessions"], None) == (date(2026, 1, 1), date(2026, 3, 31))
    assert known_span(home, ["orders"], None) == (date(2026, 1, 1), date(2026, 2, 28))


def test_without_any_data_there_are_no_rows(home: Home, owner: Asker, small_plan: Plan) -> None:
    series = workspace.kpi_values(home, owner, "orders")
    assert len(series.frame) == 0
    assert series.notes
    assert small_plan.revision == 1


@pytest.mark.parametrize(
    ("head", "cell", "wanted"),
    [
        ("Sales (NOK)", "5", 5.0),
        ("Sales", "kr 5", 5.0),
        ("Sales (TEUR)", "5", 57_500.0),
        ("Sales", "$5", None),
    ],
)
def test_amounts_are_the_shops_or_converted_by_its_rate_or_refused(
    home: Home, owner: Asker, head: str, cell: str, wanted: float | None
) -> None:
    workspace.change_settings(home, owner, currency="NOK", rates={"EUR": 11.5})
    file = f"Date,{head}\n2026-01-01,{cell}\n".encode()
    if wanted is None:
        with pytest.raises(Refused, match="in \\$, and this shop counts in NOK"):
            workspace.load_file(home, owner, file, "sales.csv")
        return
    workspace.load_file(home, owner, file, "sales.csv")
    series = workspace.kpi_values(
        home, owner, "sales", start=date(2026, 1, 1), end=date(2026, 1, 2), grain="day"
    )
    assert series.total["value"] == wanted
