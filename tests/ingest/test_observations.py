"""Values of KPIs straight from a file, long and wide."""

# ruff: noqa: E501 - tables of cases read better unbroken
from __future__ import annotations

from datetime import date

import pytest

from kpi_tree.errors import KpiTreeError
from kpi_tree.ingest import read


def values(data: str, **how: object) -> list[tuple[object, ...]]:
    found = read(data.encode(), "values.csv", **how).observations  # type: ignore[arg-type]
    assert found is not None
    return [(r["kpi"], r["start"], r["grain"], r["value"]) for r in found.to_pylist()]


def test_long() -> None:
    done = read(
        b"KPI;Dato;Verdi;Butikk\nsales;2024-05-01;1 234,50;Oslo\nOrders;2024-05-02;7;Bergen\nnonsense;2024-05-02;7;\n",
        "v.csv",
    )
    assert done.observations is not None
    rows = done.observations.to_pylist()
    assert [(r["kpi"], r["start"], r["value"], r["butikk"], r["_row"]) for r in rows] == [
        ("sales", date(2024, 5, 1), 1234.5, "Oslo", 2),
        ("orders", date(2024, 5, 2), 7.0, "Bergen", 3),
    ]
    assert done.quarantine.column("reason").to_pylist() == ["unknown_kpi"]
    assert done.inspection.table == "observations"


def test_dates_across() -> None:
    assert values("KPI,2024-01,2024-02\nsales,100,120\norders,5,\n") == [
        ("sales", date(2024, 1, 1), "month", 100.0),
        ("orders", date(2024, 1, 1), "month", 5.0),
        ("sales", date(2024, 2, 1), "month", 120.0),
    ]


def test_dates_down() -> None:
    assert values("Week,sales,orders\n2024-W05,100,3\n2024-W06,50,2\n")[0] == (
        "sales",
        date(2024, 1, 29),
        "week",
        100.0,
    )


def test_one_kpi_by_option() -> None:
    assert values("Måned;Beløp\nmai 2024;1.234,50\n", kpi="sales") == [
        ("sales", date(2024, 5, 1), "month", 1234.5)
    ]


def test_a_percentage_without_its_sign_is_asked_about() -> None:
    data = "Date,Value\n2024-05-01,2.5\n2024-05-02,3.1\n"
    with pytest.raises(KpiTreeError, match="percent sign"):
        values(data, kpi="conversion_rate")
    assert values(data, kpi="conversion_rate", mapping={"options": {"percent": True}})[0][3] == 0.025
    assert values("Date,Value\n2024-05-01,2.5 %\n", kpi="conversion_rate")[0][3] == 0.025


def test_an_unknown_kpi_names_the_nearest() -> None:
    with pytest.raises(KpiTreeError, match="Did you mean sales"):
        values("Date,Value\n2024-05-01,2.5\n", kpi="salse")
