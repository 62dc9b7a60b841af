# ruff: noqa: E501
"""A real shop's year against SQL written by hand on the file itself, for each defensible revenue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.compute as pc
import pytest

from kpi_tree.metrics import Engine, query

from .shop import engine_of

YEAR: dict[str, Any] = {"start": date(2010, 12, 1), "end": date(2011, 12, 10)}
SOLD = "InvoiceNo[1] NOT IN ('C', 'A') AND Quantity > 0"
POSTAGE = "('POST', 'DOT', 'C2')"


@pytest.fixture(scope="module")
def raw(shared_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    path = shared_data / "online_retail" / "online_retail.parquet"
    con = duckdb.connect()
    con.execute(
        f"CREATE TABLE sheet AS SELECT *, row_number() OVER () AS rid, UnitPrice::DECIMAL(12,3) AS price, "
        f"timezone('Europe/London', InvoiceDate)::TIMESTAMPTZ AS moment FROM '{path}'"
    )
    yield con
    con.close()


@pytest.fixture(scope="module")
def engine(raw: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    number = "row_number() OVER (PARTITION BY InvoiceNo ORDER BY rid)"
    customer = "CustomerID::BIGINT::VARCHAR"
    lines = raw.sql(
        f"SELECT InvoiceNo AS order_id, {number} AS line_no, moment AS ordered_at, StockCode AS product_id, "
        f"Quantity AS quantity, price AS unit_price, 'GBP' AS currency, "
        f"CASE WHEN StockCode IN {POSTAGE} THEN 'shipping' ELSE 'product' END AS line_type FROM sheet WHERE {SOLD}"
    ).to_arrow_table()
    orders = raw.sql(
        f"SELECT InvoiceNo AS order_id, min(moment) AS ordered_at, max({customer}) AS customer_id, "
        f"max(Country) AS country, 'GBP' AS currency FROM sheet WHERE {SOLD} GROUP BY 1 HAVING max(price) > 0"
    ).to_arrow_table()
    lines = lines.filter(pc.is_in(lines["order_id"], orders["order_id"]))
    refunds = raw.sql(
        f"SELECT InvoiceNo AS refund_id, {number} AS line_no, moment AS refunded_at, {customer} AS customer_id, "
        f"StockCode AS product_id, -Quantity AS quantity, (-Quantity * price)::DECIMAL(18,3) AS amount, "
        f"Country AS country, 'GBP' AS currency FROM sheet WHERE InvoiceNo[1] = 'C'"
    ).to_arrow_table()
    shop = {"orders": orders, "order_lines": lines, "refunds": refunds}
    return engine_of(tmp_path_factory.mktemp("home"), shop, timezone="Europe/London")


def by_month(raw: duckdb.DuckDBPyConnection, what: str, where: str) -> list[float]:
    sql = f"SELECT ({what})::DOUBLE FROM sheet WHERE {where} GROUP BY date_trunc('month', InvoiceDate) ORDER BY 1"
    sql = sql.replace("ORDER BY 1", "ORDER BY date_trunc('month', InvoiceDate)")
    return [row[0] for row in raw.execute(sql).fetchall()]


@pytest.mark.parametrize(
    ("kpi", "where", "sql", "rows"),
    [
        ("gross_sales", {}, "sum(Quantity * price)", SOLD),
        ("gross_sales", {"line_type": ["product"]}, "sum(Quantity * price)", f"{SOLD} AND StockCode NOT IN {POSTAGE}"),
        ("returns", {}, "-sum(Quantity * price)", "InvoiceNo[1] = 'C'"),
        ("sales", {}, "sum(Quantity * price)", f"({SOLD}) OR InvoiceNo[1] = 'C'"),
        ("sales", {"country": ["Norway"]}, "sum(Quantity * price)",
         f"(({SOLD}) OR InvoiceNo[1] = 'C') AND Country = 'Norway'"),
        ("orders", {}, "count(DISTINCT InvoiceNo)",
         f"{SOLD} AND InvoiceNo IN (SELECT InvoiceNo FROM sheet WHERE {SOLD} GROUP BY 1 HAVING max(price) > 0)"),
    ],
)  # fmt: skip
def test_months_agree_with_sql_on_the_file(
    kpi: str, where: dict[str, list[str]], sql: str, rows: str, raw: duckdb.DuckDBPyConnection, engine: Engine
) -> None:
    found = query(engine, [kpi], **YEAR, grain="month", where=where)[kpi]
    wanted = by_month(raw, sql, rows)
    got = [value for value in found.frame["value"] if value != 0]
    assert got == pytest.approx([w for w in wanted if w != 0], abs=0.005)
    assert found.total["value"] == pytest.approx(sum(wanted), abs=0.005)


def test_first_orders_agree_with_sql_on_the_file(raw: duckdb.DuckDBPyConnection, engine: Engine) -> None:
    wanted = raw.execute(
        f"SELECT count(DISTINCT CustomerID) FROM sheet WHERE {SOLD} AND CustomerID IS NOT NULL "
        f"AND InvoiceNo IN (SELECT InvoiceNo FROM sheet WHERE {SOLD} GROUP BY 1 HAVING max(price) > 0)"
    ).fetchall()[0][0]
    found = query(
        engine, ["new_customer_orders", "returning_customer_orders", "orders"], **YEAR, grain="month"
    )
    assert found["new_customer_orders"].total["value"] == wanted
    parts = found["new_customer_orders"].frame
    split = parts["value"] + parts["unknown"] + found["returning_customer_orders"].frame["value"]
    assert split.tolist() == found["orders"].frame["value"].tolist()


def test_countries_add_up_to_the_whole(engine: Engine) -> None:
    series = query(engine, ["sales"], **YEAR, grain="year", by=["country"])["sales"]
    assert series.totals is not None
    assert series.totals["value"].sum() == pytest.approx(series.total["value"], abs=0.005)
    assert series.currency == "GBP"
