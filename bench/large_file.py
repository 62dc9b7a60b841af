"""A large file through each way of reading it, beside plain passes over the same bytes.

    python bench/large_file.py                  # 2 GB of orders: takes minutes
    python bench/large_file.py --small          # 40 MB of each kind: 1 if memory or a count is wrong
    python bench/large_file.py --megabytes 87 --kinds orders quoted

Kinds: own order lines; sales lines with dates of ISO, and as spreadsheets write them; own lines with line
ends and quotation marks in cells; an export of orders as a vendor makes it; many columns of free text; values
of KPIs with the days down. Each way runs in a process of its
own, from the start of the program on; told are wall time, processor time, the most memory, and both times
against a loop of ``csv.reader`` that does nothing with the rows. The file, and all that is made of it, lies
in a temporary folder that is removed at the end.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MOST_MEMORY = 1000.0
"""Megabytes that reading a file may take, whatever its size."""
ORDERS = """
    540000 + i // 4 AS "Order number",
    strftime(TIMESTAMP '2024-01-01 08:00:00' + INTERVAL (i // 4 * 3) SECOND, '%Y-%m-%d %H:%M:%S')
        AS "Order date",
    'customer-' || hash(i // 4) % 90000 AS "Customer", 'SKU-' || hash(i) % 4000 AS "SKU",
    {name} AS "Product name", 1 + hash(i + 7) % 12 AS "Quantity",
    printf('%.2f', hash(i + 3) % 5000 / 100.0 + 0.5) AS "Unit price", 'NOK' AS "Currency",
    ['NO', 'SE', 'JP', 'DE'][CAST(1 + hash(i // 4) % 4 AS INTEGER)] AS "Country" """
NAME = "'A lamp of the kind ' || hash(i) % 4000"
BROKEN = (
    "CASE WHEN i % 20 = 0 THEN 'A \"lamp\",' || chr(10) || 'of the kind ' || hash(i) % 4000 ELSE "
    + NAME
    + " END"
)
SHOPIFY = """
    '#' || (1000 + i // 3) AS "Name", 'buyer' || hash(i // 3) % 90000 || '@example.com' AS "Email",
    CASE WHEN i % 3 = 0 THEN 'paid' END AS "Financial Status",
    CASE WHEN i % 3 = 0 THEN 'NOK' END AS "Currency",
    CASE WHEN i % 3 = 0 THEN printf('%.2f', hash(i) % 90000 / 100.0 + 9) END AS "Subtotal",
    CASE WHEN i % 3 = 0 THEN '49.00' END AS "Shipping", CASE WHEN i % 3 = 0 THEN '12.25' END AS "Taxes",
    CASE WHEN i % 3 = 0 THEN printf('%.2f', hash(i) % 90000 / 100.0 + 70) END AS "Total",
    strftime(TIMESTAMP '2024-01-01 08:00:00' + INTERVAL (i // 3 * 4) SECOND, '%Y-%m-%d %H:%M:%S +0100')
        AS "Created at",
    1 + hash(i + 7) % 5 AS "Lineitem quantity", 'A lamp of the kind ' || hash(i) % 4000 AS "Lineitem name",
    printf('%.2f', hash(i + 3) % 50000 / 100.0 + 0.5) AS "Lineitem price",
    'SKU-' || hash(i) % 4000 AS "Lineitem sku",
    CASE WHEN i % 3 = 0 THEN 'NO' END AS "Shipping Country", 'web' AS "Source" """
TEXTS = (
    ORDERS
    + """, md5(CAST(i AS VARCHAR)) AS "Session",
    'Storgata ' || hash(i // 4) % 400 || ', ' || hash(i // 4 + 1) % 9999 || ' Oslo' AS "Address",
    'note about ' || hash(i) % 100000 || ' and ' || hash(i + 2) % 1000 || ' things; call before' AS "Comment",
    'https://shop.example/p/' || hash(i + 5) % 80000 || '?ref=' || hash(i + 6) % 5000 AS "Landing page",
    'Kari Nordmann ' || hash(i // 4) % 90000 AS "Contact" """
)
LINES = """
    536365 + i // 4 AS "InvoiceNo", printf('8%04dA', i % 4000) AS "StockCode",
    'WHITE LAMP ' || i % 4000 AS "Description", 1 + hash(i + 7) % 20 AS "Quantity",
    strftime(TIMESTAMP '2010-12-01 08:00:00' + INTERVAL (i // 4 * 120) SECOND, '%Y-%m-%d %H:%M:%S')
        AS "InvoiceDate", printf('%.2f', hash(i + 3) % 900 / 100.0 + 0.5) AS "UnitPrice",
    17000 + hash(i // 4) % 900 AS "CustomerID", 'United Kingdom' AS "Country" """
RETAIL = """
    CASE WHEN i // 20 % 12 = 5 THEN 'C' ELSE '' END || (536365 + i // 20) AS "InvoiceNo",
    (20000 + hash(i) % 3800) || ['', 'A', 'B', ''][CAST(1 + hash(i) % 4 AS INTEGER)] AS "StockCode",
    CASE WHEN hash(i) % 90 = 1 THEN 'BOX, SET OF "6" LAMPS ' ELSE 'WHITE HANGING LAMP HOLDER ' END
        || hash(i) % 3800 AS "Description",
    CASE WHEN i // 20 % 12 = 5 THEN -1 ELSE 1 END * CAST(1 + hash(i + 7) % 24 AS INTEGER) AS "Quantity",
    strftime(TIMESTAMP '2010-12-01 08:26:00' + INTERVAL (i // 20 * 6) MINUTE, '%-m/%-d/%Y %-H:%M')
        AS "InvoiceDate", CAST(hash(i) % 1500 / 100.0 + 0.15 AS DECIMAL(8, 2)) AS "UnitPrice",
    CASE WHEN hash(i // 20) % 5 > 0 THEN 12346 + hash(i // 20) % 5900 END AS "CustomerID",
    ['United Kingdom', 'United Kingdom', 'France'][CAST(1 + hash(i // 20) % 3 AS INTEGER)] AS "Country" """
WIDE = "CAST(DATE '2000-01-01' + CAST(i AS INTEGER) AS VARCHAR) AS date, " + ", ".join(
    f"printf('%.2f', hash(i * 40 + {n}) % 100000 / 100.0) AS {name}"
    for n, name in enumerate(("sessions", "visitors", "orders", "sales", "returns", "gross_sales"))
)


@dataclass(frozen=True)
class Kind:
    """A kind of file: its columns as SQL over the row number ``i``, bytes of a row, a bound of its size."""

    columns: str
    row: int
    most: int = 1 << 30
    rows: int = 1 << 40


KINDS = {
    "orders": Kind(ORDERS.format(name=NAME), 90),
    "lines": Kind(LINES, 76),
    "retail": Kind(RETAIL, 82),
    "quoted": Kind(ORDERS.format(name=BROKEN), 97),
    "shopify": Kind(SHOPIFY, 120),
    "texts": Kind(TEXTS.format(name=NAME), 255),
    "values": Kind(WIDE, 60, most=1, rows=20_000),
}


def make(path: Path, megabytes: int, kind: str = "orders") -> int:
    """Write a file of a kind, orders of four lines each; returns how many rows."""
    of = KINDS[kind]
    rows = min(megabytes * 1_000_000 // of.row, of.rows)
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT {of.columns} FROM range({rows}) t(i)) TO '{path}' (HEADER)")
    return rows


def plain(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


def each_cell(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as stream:
        rows = filled = 0
        for row in csv.reader(stream):
            rows += 1
            for cell in row:
                filled += cell != ""
        return rows - 1


def by_name(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as stream:
        return sum(1 for _ in csv.DictReader(stream))


def by_pandas(path: Path) -> int:
    import pandas as pd

    return sum(len(part) for part in pd.read_csv(path, chunksize=100_000))


def by_arrow(path: Path) -> int:
    from pyarrow import csv as arrow

    options = arrow.ParseOptions(newlines_in_values=True)
    with arrow.open_csv(path, parse_options=options) as reader:
        return sum(batch.num_rows for batch in reader)


def duck(path: Path) -> int:
    with duckdb.connect() as con:
        con.execute("SET memory_limit = '400MB'")
        con.execute(
            f"COPY (FROM read_csv('{path}')) TO '{path.with_name('duck.parquet')}' (COMPRESSION zstd)"
        )
        return int(con.execute(f"SELECT count(*) FROM '{path.with_name('duck.parquet')}'").fetchall()[0][0])


def looked_at(path: Path) -> int:
    from kpi_tree.ingest import inspect

    return inspect(path, path.name).rows


def as_rows(path: Path) -> int:
    from kpi_tree.ingest import rows

    return sum(1 for _ in rows(path, path.name)) - 1


def loaded(path: Path, *, dry_run: bool = False) -> int:
    from kpi_tree import workspace

    home = workspace.open_home(path.with_name("dry" if dry_run else "home"))
    who = workspace.Asker("bench", "owner")
    return workspace.load_file(home, who, path, path.name, dry_run=dry_run).rows


def tried(path: Path) -> int:
    return loaded(path, dry_run=True)


WAYS: dict[str, Callable[[Path], int]] = {
    "csv.reader": plain, "each cell": each_cell, "csv.DictReader": by_name, "pandas": by_pandas,
    "pyarrow": by_arrow, "DuckDB": duck, "inspect": looked_at, "rows": as_rows,
    "dry run": tried, "load": loaded,
}  # fmt: skip

OTHERS = ("pandas", "pyarrow", "DuckDB")


@dataclass(frozen=True)
class Run:
    """One way, measured."""

    rows: int
    wall: float
    processor: float
    megabytes: float


def run(way: str, path: Path) -> Run:
    """One way in a process of its own."""
    start = time.monotonic()
    process = subprocess.Popen([sys.executable, __file__, "--one", way, str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{way} failed")
    wall = time.monotonic() - start
    return Run(int(said), wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=None)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--one", nargs=2, metavar=("WAY", "FILE"))
    given = parser.parse_args()
    if given.one:
        print(WAYS[given.one[0]](Path(given.one[1])))
        return 0
    kinds = given.kinds or (list(KINDS) if given.small else ["orders"])
    good = [compare(kind, 40 if given.small else given.megabytes, given.ways) for kind in kinds]
    return 0 if all(good) else 1


def compare(kind: str, megabytes: int, ways: list[str]) -> bool:
    """Measure a kind of file and print what was found; False when memory or a count is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}.csv"
        rows = make(path, megabytes, kind)
        print(f"{kind}: {path.stat().st_size / 1e6:,.0f} MB, {rows:,} rows")
        print(f"{'':>15} {'wall s':>8} {'cpu s':>8} {'MB':>6} {'against csv.reader: wall':>25} {'cpu':>6}")
        good, base = True, None
        for way in ways:
            done = run(way, path)
            base = base or done
            print(f"{way:>15} {done.wall:>8.1f} {done.processor:>8.1f} {done.megabytes:>6.0f}"
                  f" {done.wall / base.wall:>24.1f}× {done.processor / base.processor:>5.1f}×",
                  flush=True)  # fmt: skip
            good &= done.rows == rows and (way in OTHERS or done.megabytes < MOST_MEMORY)
        return good


if __name__ == "__main__":
    sys.exit(main())
