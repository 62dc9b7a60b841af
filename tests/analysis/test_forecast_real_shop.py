"""A real shop's days, where its file stands beside the checkout: how often the interval held."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from kpi_tree.analysis.forecast import forecast

WANTED = ("sum(Quantity * UnitPrice)", "count(distinct InvoiceNo)", "count(*)")


@pytest.fixture(scope="module")
def real_days(shared_data: Path) -> list[np.ndarray]:
    """Revenue, orders and lines of every day; closed days are zero, the half day at the end is left out."""
    file = shared_data / "online_retail" / "online_retail.parquet"
    if not file.is_file():
        pytest.skip("the real shop's file is not there")
    rows = (
        duckdb.connect()
        .from_parquet(str(file))
        .filter("Quantity > 0 and UnitPrice > 0")
        .aggregate(f"InvoiceDate::date d, {', '.join(WANTED)}")
        .order("d")
        .fetchall()[:-1]
    )
    first: date = rows[0][0]
    values = np.zeros((len(WANTED), (rows[-1][0] - first).days + 1))
    for day, *found in rows:
        values[:, (day - first) // timedelta(days=1)] = [float(value) for value in found]
    return list(values)


def test_the_interval_holds_on_a_real_shop(real_days: list[np.ndarray]) -> None:
    held, totals = [], []
    for series in real_days:
        for origin in np.linspace(series.size * 0.45, series.size - 28, 8).astype(int):
            made, came = forecast(series[:origin], 28), series[origin : origin + 28]
            assert made.low is not None
            assert made.high is not None
            shut = (made.high == 0) & (came == 0)
            held.append(((made.low <= came) & (came <= made.high))[~shut].mean())
            low, high = np.quantile(made.paths.sum(axis=1), (0.1, 0.9))
            totals.append(low <= came.sum() <= high)
    assert 0.75 <= np.mean(held) <= 0.88
    assert 0.65 <= np.mean(totals) <= 0.97, "24 totals of one shop's year say little more"


def test_the_day_it_is_closed_is_seen(real_days: list[np.ndarray]) -> None:
    made = forecast(real_days[1], 14)
    assert (made.value == 0).sum() == 2
    assert made.paths[:, made.value == 0].max() == 0
