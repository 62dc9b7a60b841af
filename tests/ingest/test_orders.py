"""The real order files: the gift shop's sales lines and a Shopify export, against SQL and sums written here by hand."""

# ruff: noqa: E501 - tables of cases read better unbroken
from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.compute as pc
import pytest

from kpi_tree.errors import Refused
from kpi_tree.ingest import inspect, read, rows
from kpi_tree.records.parquet import Rows, held
from kpi_tree.records.tables import WHOLE, arrow_schema

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
DAY = HEADER + (
    "539993,22386,JUMBO BAG,10,2011-01-04 10:00:00,1.95,13313.0,United Kingdom\n"
    "539993,22386,JUMBO BAG,10,2011-01-04 10:00:00,1.95,13313.0,United Kingdom\n"
    "539993,POST,POSTAGE,1,2011-01-04 10:00:00,18,13313.0,United Kingdom\n"
    "C539994,22386,JUMBO BAG,-2,2011-01-04 11:00:00,1.95,13313.0,United Kingdom\n"
    "539995,22139,?,-7,2011-01-04 12:00:00,0,,United Kingdom\n"
    "539996,22139,,5,2011-01-04 12:00:00,0,,United Kingdom\n"
    "A563185,B,Adjust bad debt,1,2011-01-04 14:50:00,-11062.06,,United Kingdom\n"
    "539997,22139,MUG,1,2011-01-04 12:30:00,2.5,,EIRE\n"
    "539997,22140,GIFT,1,2011-01-04 12:30:00,0,,EIRE\n"
)


def total(rows: Rows, sql: str) -> object:
    with duckdb.connect() as engine:
        engine.register("t", held(rows))
        return engine.sql(sql).fetchall()[0][0]


def test_sales_lines_go_where_they_belong() -> None:
    done = read(DAY.encode(), "day.csv")
    lines, orders, refunds = (done.tables[n] for n in ("order_lines", "orders", "refunds"))
    assert orders.column("order_id").to_pylist() == ["539993", "539997"]
    assert orders.column("customer_id").to_pylist() == ["13313", None]
    assert set(orders.column("currency").to_pylist()) == {"GBP"}
    assert lines.column("line_type").to_pylist() == [
        "product",
        "product",
        "shipping",
        "adjustment",
        "product",
        "product",
    ]
    assert lines.column("line_no").to_pylist() == [1, 2, 3, 1, 1, 2]
    assert lines.column("_row").to_pylist() == [2, 3, 4, 8, 9, 10]
    assert refunds.column("amount").to_pylist() == [Decimal("3.9000")]
    assert refunds.column("refund_id").to_pylist() == ["C539994"]
    reasons = dict(
        zip(
            done.quarantine.column("row").to_pylist(),
            done.quarantine.column("reason").to_pylist(),
            strict=True,
        )
    )
    assert reasons == {6: "stock_write_off", 7: "order_without_sale"}
    codes = {issue.code: issue.count for issue in done.issues}
    assert codes["exact_duplicates_kept"] == 1
    assert codes["lines_without_customer"] == 2
    assert codes["adjustments_not_counted"] == 1
    assert codes["postage_and_fees_are_sold_lines"] == 1
    for name, table in done.tables.items():
        assert [field for field in table.schema if field.name != WHOLE] == list(arrow_schema(name))


def test_instants_are_in_the_shops_zone() -> None:
    done = read(DAY.encode(), "day.csv", timezone="Europe/London")
    assert str(done.tables["orders"].column("ordered_at")[0].as_py()) == "2011-01-04 10:00:00+00:00"


def test_real_days_read(shared_data: Path) -> None:
    """Every fifth by itself; what a shop joins is read in the test of the whole year."""
    days = sorted((shared_data / "online_retail" / "by-day").glob("*.csv"))
    assert len(days) == 75
    for day in days[::5]:
        done = read(day, day.name, timezone="Europe/London")
        expected = duckdb.sql(
            f"SELECT count(DISTINCT InvoiceNo) FILTER (WHERE InvoiceNo[1] NOT IN ('C', 'A') AND Quantity > 0 AND UnitPrice > 0),"
            f" coalesce(sum(-Quantity * UnitPrice::DECIMAL(18,4)) FILTER (WHERE InvoiceNo[1] = 'C'), 0)"
            f" FROM read_csv('{day}', types={{'InvoiceNo': 'VARCHAR', 'UnitPrice': 'DECIMAL(18,4)'}})"
        ).fetchall()[0]
        amount = pc.sum(done.tables["refunds"].column("amount")).as_py() if "refunds" in done.tables else 0
        assert (done.tables["orders"].num_rows, amount or 0) == expected, day.name
        assert done.inspection.layout == "online_retail"


def test_the_whole_year_as_one_file(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "online_retail" / "online_retail.parquet"
    path = tmp_path / "year.csv"
    duckdb.sql(f"COPY (FROM '{source}') TO '{path}' (HEADER)")
    done = read(path, path.name, timezone="Europe/London")
    assert done.rows == 541_909
    gross = total(
        done.tables["order_lines"], "SELECT sum(quantity * unit_price) FROM t WHERE line_type <> 'adjustment'"
    )
    by_hand = duckdb.sql(
        f"SELECT sum(Quantity * UnitPrice::DECIMAL(18,4)) FROM '{source}' WHERE Quantity > 0 AND InvoiceNo[1] NOT IN ('C', 'A')"
    ).fetchall()[0][0]
    assert gross == by_hand
    back = total(done.tables["refunds"], "SELECT sum(amount) FROM t")
    assert (
        back
        == duckdb.sql(
            f"SELECT sum(-Quantity * UnitPrice::DECIMAL(18,4)) FROM '{source}' WHERE InvoiceNo[1] = 'C'"
        ).fetchall()[0][0]
    )


def test_shopify_agrees_with_what_it_holds(shared_data: Path) -> None:
    path = shared_data / "vendor" / "shopify_orders_export.csv"
    expected = json.loads((path.parent / "expected.json").read_text())[path.name]
    done = read(path, path.name, timezone="Europe/Oslo")
    orders, lines, refunds = (done.tables[n] for n in ("orders", "order_lines", "refunds"))
    placed = orders.filter(pc.equal(orders.column("status"), "placed"))
    assert orders.num_rows == expected["orders"]
    assert placed.num_rows == expected["orders_not_cancelled"]
    with duckdb.connect() as engine:
        engine.register("o", orders)
        engine.register("l", lines)
        found = engine.sql(
            "SELECT sum(quantity)::DOUBLE, sum(quantity * unit_price)::DOUBLE FROM l JOIN o USING (order_id) WHERE status = 'placed'"
        ).fetchall()[0]
        months = dict(
            engine.sql(
                "SELECT strftime(ordered_at AT TIME ZONE 'Europe/Oslo', '%Y-%m') m, count(*) FROM o WHERE status = 'placed' GROUP BY m"
            ).fetchall()
        )
        utc = dict(
            engine.sql(
                "SELECT strftime(ordered_at AT TIME ZONE 'UTC', '%Y-%m') m, count(*) FROM o WHERE status = 'placed' GROUP BY m"
            ).fetchall()
        )
    assert found == (expected["units_not_cancelled"], expected["gross_sales_not_cancelled"])
    assert months == expected["orders_by_month_shop_time"]
    assert utc == expected["orders_by_month_utc"]
    assert float(pc.sum(placed.column("discount")).as_py()) == expected["discounts_not_cancelled"]
    assert float(pc.sum(placed.column("total")).as_py()) == expected["total_not_cancelled"]
    assert float(pc.sum(refunds.column("amount")).as_py()) == expected["refunds"]
    assert (
        len(set(placed.column("customer_id").to_pylist()) - {None})
        >= expected["distinct_emails_not_cancelled"]
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "Ordrenr;Ordredato;Kundenr;Varenr;Varenavn;Antall;Enhetspris;Rabatt;Land",
            "1001;31.05.2024;00123;A-1;Blå krus;2;1 249,50;10,00;Norge",
        ),
        (
            "注文番号,注文日,顧客番号,商品番号,商品名,数量,単価,割引,国",
            '1001,2024年5月31日,00123,A-1,マグ,2,"1,249.50",10.00,日本',
        ),
        (
            "Order number\tOrder date\tCustomer\tSKU\tProduct name\tQty\tUnit price\tDiscount\tCountry",
            "1001\t2024-05-31\t00123\tA-1\tMug\t2\t1,249.50\t10.00\tUK",
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp932"])
def test_an_order_table_in_three_languages(header: str, row: str, encoding: str) -> None:
    text = f"{header}\r\n{row}\r\n"
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("the encoding has no such letters")
    done = read(data, "orders.csv", timezone="Europe/Oslo")
    line = done.tables["order_lines"].to_pylist()[0]
    assert line["order_id"] == "1001"
    assert line["quantity"] == Decimal(2)
    assert line["unit_price"] == Decimal("1249.5")
    assert line["discount"] == Decimal(10)
    order = done.tables["orders"].to_pylist()[0]
    assert order["customer_id"] == "00123"
    assert str(order["ordered_at"]) == "2024-05-30 22:00:00+00:00"


def test_rows_are_as_they_stand() -> None:
    found = list(rows(b'Navn;Pris\r\n Lampe ;"1;50"\r\n', "a.csv"))
    assert found == [["Navn", "Pris"], [" Lampe ", "1;50"]]


def test_forty_thousand_bad_cells_are_one_issue() -> None:
    text = "Order number,Order date,Quantity,Unit price\n" + "".join(
        f"{i},2024-05-{i % 28 + 1:02},{'bad' + str(i) if i % 5 else 2},9.50\n" for i in range(50_000)
    )
    done = read(text.encode(), "big.csv")
    bad = [issue for issue in done.issues if issue.code == "bad_number"]
    assert len(bad) == 1
    assert (bad[0].count, bad[0].row, bad[0].column, bad[0].value) == (40_000, 3, "Quantity", "bad1")
    assert done.quarantine.num_rows == 40_000
    assert done.tables["order_lines"].num_rows == 10_000
    assert json.loads(done.quarantine.column("cells")[0].as_py())["Quantity"] == "bad1"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
        (bytes(range(256)) * 20, "not a text table"),
        (b"fruit,colour\napple,red\npear,green\n", "No known layout"),
        (b"1,2,3\n4,5,6\n7,8,9\n", "no header"),
        (b"Order number,Order date,Quantity,Unit price\n1,03/04/2024,1,2.50\n", "two ways"),
    ],
)
def test_refusals_say_what_and_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        read(data, "file.csv")
    assert words in str(refused.value)
    assert refused.value.place.startswith("file.csv")
    assert refused.value.remedy is not None


def test_an_ambiguous_date_is_settled_by_an_option() -> None:
    data = b"Order number,Order date,Quantity,Unit price\n1,03/04/2024,1,2.50\n"
    for order, day in (("dmy", "2024-04-03"), ("mdy", "2024-03-04")):
        done = read(data, "file.csv", mapping={"options": {"date_order": order}}, timezone="UTC")
        assert str(done.tables["orders"].column("ordered_at")[0].as_py())[:10] == day
    issue = next(i for i in inspect(data, "file.csv").issues if i.code == "ambiguous_date")
    assert "2024-04-03" in str(issue.message)
    assert "2024-03-04" in str(issue.message)


def test_a_mapping_by_hand() -> None:
    data = b"A;B;C\nx1;2024-01-05;7,5\n"
    mapping = {
        "table": "costs",
        "columns": {"A": "kind", "B": "incurred_on", "C": "amount"},
        "options": {"currency": "NOK"},
    }
    done = read(data, "costs.csv", mapping=mapping)
    row = done.tables["costs"].to_pylist()[0]
    assert (row["kind"], str(row["incurred_on"]), row["amount"], row["currency"]) == (
        "x1",
        "2024-01-05",
        Decimal("7.5"),
        "NOK",
    )
    again = read(data, "costs.csv", mapping=mapping)
    assert again.tables["costs"].column("cost_id") == done.tables["costs"].column("cost_id")
