# ruff: noqa: E501 (SQL reads better in one line)
"""A shop of so many order lines and sessions, made by SQL without a row passing through Python."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb

from kpi_tree.metrics.connection import Batch
from kpi_tree.metrics.raw import SQL_TYPES
from kpi_tree.records import ROW, table
from kpi_tree.records.room import roomy

START, END = date(2024, 1, 1), date(2026, 1, 1)
DAYS = (END - START).days
PARTS = 8
"""Batches of each table, each a quarter of a year, as an export of a quarter brings them."""

COUNTRY = "['NO', 'SE', 'DK', NULL][1 + (hash({0}) % 4)::INTEGER]"
HASHED = "(hash({0}) % {1})::BIGINT"


def columns(name: str, orders: int, sessions: int) -> tuple[int, dict[str, str]]:
    """How many rows a table has, and its columns as SQL over the row number ``i``."""

    def moment(i: str, rows: int) -> str:
        # In order of time, by day, within hours that belong to the same day in all of Europe.
        day = f"({i} * {DAYS} // {rows})"
        return f"TIMESTAMPTZ '{START} 06:00:00+00' + INTERVAL 1 MINUTE * ({day} * 1440 + (hash({i}) % 900)::BIGINT)"

    customers, visitors = max(orders // 3, 1), max(sessions // 2, 1)
    made = {
        "orders": (orders, {
            "order_id": "'o' || i", "ordered_at": moment("i", orders),
            "customer_id": f"CASE WHEN i % 20 > 0 THEN 'c' || {HASHED.format('i + 7', customers)} END",
            "status": "CASE WHEN i % 50 = 0 THEN 'cancelled' ELSE 'placed' END", "discount": "(i % 7)::DECIMAL(18,4)",
            "session_id": f"'s' || (i * {sessions} // {orders})", "country": COUNTRY.format("i"), "currency": "'NOK'",
        }),
        "order_lines": (orders * 3, {
            "order_id": "'o' || (i // 3)", "line_no": "i % 3", "ordered_at": moment("(i // 3)", orders),
            "product_id": f"'p' || {HASHED.format('i', 500)}", "quantity": "(1 + i % 3)::DECIMAL(18,4)",
            "unit_price": "(10 + hash(i) % 90)::DECIMAL(18,4)", "unit_cost": "(5 + hash(i) % 40)::DECIMAL(18,4)",
            "discount": "(i % 2)::DECIMAL(18,4)", "line_type": "CASE WHEN i % 40 = 0 THEN 'shipping' ELSE 'product' END",
            "currency": "'NOK'",
        }),
        "refunds": (orders // 20, {
            "refund_id": "'r' || i", "line_no": "1", "order_id": "'o' || (i * 20 + 3)",
            "refunded_at": f"least({moment('i', max(orders // 20, 1))} + INTERVAL 9 DAY, TIMESTAMPTZ '{END - timedelta(days=1)} 12:00:00+00')",
            "amount": "(1 + i % 30)::DECIMAL(18,4)", "quantity": "1::DECIMAL(18,4)", "unit_cost": "4::DECIMAL(18,4)",
            "currency": "'NOK'",
        }),
        "sessions": (sessions, {
            "session_id": "'s' || i", "started_at": moment("i", sessions),
            "visitor_id": f"'v' || {HASHED.format('i + 3', visitors)}", "page_views": "1 + (hash(i) % 5)::BIGINT",
            "duration_seconds": "(hash(i) % 400)::DOUBLE", "new_visitor": "hash(i) % 3 = 0", "country": COUNTRY.format("i"),
            "device": "['mobile', 'desktop', 'tablet'][1 + (hash(i) % 3)::INTEGER]",
            "source": "['google', 'mail', 'direct', 'partner'][1 + (hash(i + 1) % 4)::INTEGER]",
            "medium": "['cpc', 'organic', 'email'][1 + (hash(i + 2) % 3)::INTEGER]",
        }),
    }  # fmt: skip
    return made[name]


def write_rows(
    con: duckdb.DuckDBPyConnection, name: str, first: int, last: int, given: dict[str, str], path: Path
) -> None:
    """The rows ``first`` up to ``last`` of a table as one batch file."""
    picked = [
        f"({given[c.name]})::{SQL_TYPES[c.type]} AS {c.name}"
        if c.name in given
        else f"NULL::{SQL_TYPES[c.type]} AS {c.name}"
        for c in table(name).columns.values()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    con.execute(
        f"COPY (SELECT {', '.join(picked)}, (i - {first} + 1)::BIGINT AS {ROW} FROM range({first}, {last}) AS rows(i)) "
        f"TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
    )


def make(lines: int, sessions: int, folder: Path) -> dict[str, list[Batch]]:
    """The shop's batches, but for the last day, which comes as a batch of its own (see :func:`last_day`)."""
    active: dict[str, list[Batch]] = {}
    seq = 0
    with roomy() as con:
        con.execute("SET TimeZone = 'UTC'")
        for name in ("orders", "order_lines", "refunds", "sessions"):
            rows, given = columns(name, max(lines // 3, 1), sessions)
            until = rows - rows // DAYS
            for part in range(PARTS):
                seq += 1
                path = folder / name / f"b{seq}.parquet"
                write_rows(con, name, until * part // PARTS, until * (part + 1) // PARTS, given, path)
                active.setdefault(name, []).append((seq, f"b{seq}", path))
    return active


def last_day(lines: int, sessions: int, folder: Path) -> dict[str, list[Batch]]:
    """The rows of the last day, a batch a table."""
    added: dict[str, list[Batch]] = {}
    with roomy() as con:
        con.execute("SET TimeZone = 'UTC'")
        for seq, name in enumerate(("orders", "order_lines", "refunds", "sessions"), 1000):
            rows, given = columns(name, max(lines // 3, 1), sessions)
            path = folder / name / f"b{seq}.parquet"
            write_rows(con, name, rows - rows // DAYS, rows, given, path)
            added[name] = [(seq, f"b{seq}", path)]
    return added
