"""The sample shop, made once for all of its tests, and a way to ask it in SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from kpi_tree.sample import generate

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def shop() -> Mapping[str, pa.Table]:
    return generate(TODAY)


@pytest.fixture(scope="session")
def ask(shop: Mapping[str, pa.Table]) -> Callable[[str], list[tuple[Any, ...]]]:
    """Rows of a query over the record tables; local(x) is an instant's wall time in the shop."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'Europe/Oslo'")
    con.execute("CREATE MACRO local_day(x) AS CAST(timezone('Europe/Oslo', x) AS DATE)")
    for name, rows in shop.items():
        con.register(f"{name}_rows", rows)
        con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM {name}_rows')

    def run(sql: str) -> list[tuple[Any, ...]]:
        # Through Arrow: fetchall would ask for pytz to show an instant.
        return [tuple(row.values()) for row in con.sql(sql).to_arrow_table().to_pylist()]

    return run
