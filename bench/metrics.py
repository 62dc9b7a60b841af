# ruff: noqa: E501
"""How fast the composer is beside SQL written by hand for each KPI, and what memory it takes.

    python bench/metrics.py --lines 1000000 --sessions 1000000
    python bench/metrics.py --lines 20000 --sessions 20000 --check     # small sizes, fails where figures differ

Both sides read the same Parquet batches and answer daily series over two years. The hand-written side may
use the same precomputed first orders; the composer's preparation (once a data revision) is shown apart.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from kpi_tree.catalogue import catalogue
from kpi_tree.metrics import Engine, query
from kpi_tree.periods import Calendar
from kpi_tree.records import write

START, END = date(2024, 1, 1), date(2026, 1, 1)
DAYS = (END - START).days
FIRST = (
    "gross_sales", "discounts", "returns", "sales", "orders", "average_order_value", "items_per_order",
    "new_customer_orders", "returning_customer_orders", "sessions", "conversion_rate", "revenue_per_visitor",
    "bounce_rate",
)  # fmt: skip

ORDERS = "(SELECT * FROM 'orders' WHERE status = 'placed')"
LINES = f"(SELECT l.* FROM 'order_lines' l JOIN {ORDERS} o USING (order_id) WHERE line_type <> 'adjustment')"
NTH = f"(SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at, order_id) nth FROM {ORDERS} WHERE customer_id IS NOT NULL)"
GROSS = f"SELECT day(ordered_at) d, sum(quantity * unit_price) v FROM {LINES} GROUP BY d"
RETURNS = "SELECT day(refunded_at) d, sum(amount) v FROM 'refunds' GROUP BY d"
DISCOUNTS = (
    f"SELECT d, sum(v) v FROM (SELECT day(ordered_at) d, sum(discount) v FROM {LINES} GROUP BY d UNION ALL "
    f"SELECT day(ordered_at) d, sum(discount) v FROM {ORDERS} GROUP BY d) GROUP BY d"
)
NET = f"SELECT g.d, g.v - coalesce(x.v, 0) - coalesce(r.v, 0) v FROM ({GROSS}) g LEFT JOIN ({DISCOUNTS}) x USING (d) LEFT JOIN ({RETURNS}) r USING (d)"
COUNT = f"SELECT day(ordered_at) d, count(*) v FROM {ORDERS} GROUP BY d"
BUYERS = f"(SELECT DISTINCT session_id FROM {ORDERS})"
BY_HAND = {
    "gross_sales": GROSS,
    "discounts": DISCOUNTS,
    "returns": RETURNS,
    "sales": NET,
    "orders": COUNT,
    "average_order_value": f"SELECT g.d, (g.v - coalesce(x.v, 0)) / o.v v FROM ({GROSS}) g LEFT JOIN ({DISCOUNTS}) x USING (d) JOIN ({COUNT}) o USING (d)",
    "items_per_order": f"SELECT o.d, q.v / o.v v FROM (SELECT day(ordered_at) d, sum(quantity) v FROM {LINES} GROUP BY d) q JOIN ({COUNT}) o USING (d)",
    "new_customer_orders": f"SELECT day(ordered_at) d, count(*) v FROM {NTH} WHERE nth = 1 GROUP BY d",
    "returning_customer_orders": f"SELECT day(ordered_at) d, count(*) v FROM {NTH} WHERE nth > 1 GROUP BY d",
    "sessions": "SELECT day(started_at) d, count(*) v FROM 'sessions' GROUP BY d",
    "conversion_rate": f"SELECT day(started_at) d, count(b.session_id) / count(*) v FROM 'sessions' s LEFT JOIN {BUYERS} b USING (session_id) GROUP BY d",
    "revenue_per_visitor": f"SELECT n.d, n.v / u.v v FROM ({NET}) n JOIN (SELECT day(started_at) d, count(DISTINCT visitor_id) v FROM 'sessions' GROUP BY d) u USING (d)",
    "bounce_rate": "SELECT day(started_at) d, avg((page_views = 1)::INT) v FROM 'sessions' GROUP BY d",
}


def made(lines: int, sessions: int, folder: Path) -> dict[str, list[tuple[int, str, Path]]]:
    """A shop of so many order lines and sessions, as batches."""
    con = duckdb.connect()
    orders = max(lines // 3, 1)
    # Noon to noon in UTC, so that the business day is the same in every zone near it.
    moment = f"TIMESTAMPTZ '2024-01-01 08:00:00+00' + INTERVAL 1 MINUTE * (1440 * (i % {DAYS}) + i % 600)"
    picked = {
        "orders": f"SELECT 'o' || i AS order_id, {moment} AS ordered_at, 'c' || (hash(i) % {max(orders // 3, 1)}) AS customer_id, "
        f"CASE WHEN i % 50 = 0 THEN 'cancelled' ELSE 'placed' END AS status, (i % 7)::DECIMAL(18,4) AS discount, "
        f"'s' || (i * 7 % {sessions}) AS session_id, ['NO','SE','DK'][1 + i % 3] AS country, 'NOK' AS currency "
        f"FROM range({orders}) t(i)",
        "order_lines": f"SELECT 'o' || (i // 3) AS order_id, i % 3 AS line_no, "
        f"{moment.replace('i %', '(i // 3) %')} AS ordered_at, 'p' || (hash(i) % 500) AS product_id, "
        f"(1 + i % 3)::DECIMAL(18,4) AS quantity, (10 + i % 90)::DECIMAL(18,4) AS unit_price, "
        f"(i % 2)::DECIMAL(18,4) AS discount, 'product' AS line_type, 'NOK' AS currency FROM range({orders * 3}) t(i)",
        "refunds": f"SELECT 'r' || i AS refund_id, 1 AS line_no, 'o' || i AS order_id, {moment} AS refunded_at, "
        f"5::DECIMAL(18,4) AS amount, 'NOK' AS currency FROM range(0, {orders}, 20) t(i)",
        "sessions": f"SELECT 's' || i AS session_id, 'v' || (hash(i) % {max(sessions // 2, 1)}) AS visitor_id, {moment} AS started_at, "
        f"1 + hash(i) % 5 AS page_views, (i % 400)::DOUBLE AS duration_seconds, i % 3 = 0 AS new_visitor, "
        f"['NO','SE','DK'][1 + i % 3] AS country FROM range({sessions}) t(i)",
    }
    active = {}
    for seq, (table, sql) in enumerate(picked.items(), 1):
        rows: pa.Table = con.sql(sql.replace("hash(i) % 5 AS", "(hash(i) % 5)::BIGINT AS")).to_arrow_table()
        active[table] = [(seq, f"b{seq}", write(table, rows, folder / table / f"b{seq}.parquet"))]
    con.close()
    return active


def by_hand(active: dict[str, list[tuple[int, str, Path]]]) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds and sum of the daily values of each KPI, one query each on the files."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("CREATE MACRO day(t) AS timezone('Europe/Oslo', t)::DATE")
    for table, batches in active.items():
        con.execute(f"CREATE TABLE {table} AS FROM read_parquet('{batches[0][2]}')")
    seconds, sums = {}, {}
    for kpi, sql in BY_HAND.items():
        for table in active:
            sql = sql.replace(f"'{table}'", table)
        began = time.perf_counter()
        rows = con.execute(sql).fetchnumpy()
        seconds[kpi] = time.perf_counter() - began
        sums[kpi] = float(np.nansum(np.asarray(rows["v"], dtype=float)))
    return seconds, sums


def main() -> int:
    """Print the table; 1 where a figure differs by more than rounding."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=1_000_000)
    options.add_argument("--sessions", type=int, default=1_000_000)
    options.add_argument(
        "--all", action="store_true", help="also every KPI of the catalogue by one dimension"
    )
    options.add_argument("--check", action="store_true", help="fail where a figure differs")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        active = made(given.lines, given.sessions, Path(folder))
        began = time.perf_counter()
        engine = Engine(Path(folder), active, Calendar("Europe/Oslo"))
        query(engine, FIRST, start=START, end=START.replace(day=2), grain="day")
        prepared = time.perf_counter() - began
        hand, sums = by_hand(active)
        print(
            f"{given.lines:,} order lines, {given.sessions:,} sessions, {DAYS} days; prepared once in {prepared:.2f} s"
        )
        wrong = 0
        for kpi in FIRST:
            began = time.perf_counter()
            frame = query(engine, [kpi], start=START, end=END, grain="day")[kpi].frame
            took = time.perf_counter() - began
            same = abs(float(frame["value"].sum()) - sums[kpi]) <= 1e-6 * max(1.0, abs(sums[kpi]))
            wrong += not same
            note = "" if same else f"   differs: {frame['value'].sum()} against {sums[kpi]}"
            print(
                f"{kpi:28} {took * 1000:8.0f} ms   by hand {hand[kpi] * 1000:8.0f} ms   ratio {took / hand[kpi]:5.2f}{note}"
            )
        began = time.perf_counter()
        query(engine, FIRST, start=START, end=END, grain="day")
        took = time.perf_counter() - began
        every = sum(hand.values())
        print(
            f"{'all 13 at once':28} {took * 1000:8.0f} ms   by hand {every * 1000:8.0f} ms   ratio {took / every:5.2f}"
        )
        print(
            f"{'  with the preparation':28} {(took + prepared) * 1000:8.0f} ms   ratio {(took + prepared) / every:5.2f}"
        )
        if given.all:
            for dims in ((), ("country",)):
                fit = [k.id for k in catalogue().values() if set(dims) <= set(k.dimensions)]
                began = time.perf_counter()
                query(engine, fit, start=START, end=END, grain="day", by=dims, keep_refusals=True)
                print(f"{len(fit)} KPIs daily by {list(dims)}: {time.perf_counter() - began:.2f} s")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 1 if wrong and given.check else 0


if __name__ == "__main__":
    sys.exit(main())
