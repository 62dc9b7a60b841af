"""A large file of orders through each way of reading it, beside plain passes over the same bytes.

    python bench/large_file.py                  # 2 GB: takes minutes
    python bench/large_file.py --small          # 40 MB: seconds; 1 if memory or a count is wrong

Each runs in a process of its own; told are wall time, processor time, the most memory, and processor time
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

BYTES_A_ROW = 96
MOST_MEMORY = 1000.0
"""Megabytes that reading a file may take, whatever its size."""
COLUMNS = """
    540000 + i // 4 AS "Order number",
    strftime(TIMESTAMP '2024-01-01 08:00:00' + INTERVAL (i // 4 * 3) SECOND, '%Y-%m-%d %H:%M:%S')
        AS "Order date",
    'customer-' || hash(i // 4) % 90000 AS "Customer", 'SKU-' || hash(i) % 4000 AS "SKU",
    'A lamp of the kind ' || hash(i) % 4000 AS "Product name", 1 + hash(i + 7) % 12 AS "Quantity",
    printf('%.2f', hash(i + 3) % 5000 / 100.0 + 0.5) AS "Unit price", 'NOK' AS "Currency",
    ['NO', 'SE', 'JP', 'DE'][CAST(1 + hash(i // 4) % 4 AS INTEGER)] AS "Country" """


def make(path: Path, megabytes: int) -> int:
    """Write orders of four lines each; returns how many lines."""
    rows = megabytes * 1_000_000 // BYTES_A_ROW
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT {COLUMNS} FROM range({rows}) t(i)) TO '{path}' (HEADER)")
    return rows


def plain(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


def by_name(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as stream:
        return sum(1 for _ in csv.DictReader(stream))


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


def loaded(path: Path) -> int:
    from kpi_tree import workspace

    home = workspace.open_home(path.with_name("home"))
    return workspace.load_file(home, workspace.Asker("bench", "owner"), path, path.name).rows


WAYS: dict[str, Callable[[Path], int]] = {
    "csv.reader": plain, "csv.DictReader": by_name, "DuckDB": duck, "inspect": looked_at, "rows": as_rows,
    "load": loaded,
}  # fmt: skip


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
    parser.add_argument("--one", nargs=2, metavar=("WAY", "FILE"))
    given = parser.parse_args()
    if given.one:
        print(WAYS[given.one[0]](Path(given.one[1])))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        rows = make(path, 40 if given.small else given.megabytes)
        print(f"{path.stat().st_size / 1e6:,.0f} MB, {rows:,} rows")
        print(f"{'':>15} {'wall s':>8} {'cpu s':>8} {'MB':>6} {'cpu against csv.reader':>24}")
        good, base = True, 0.0
        for way in WAYS:
            done = run(way, path)
            base = base or done.processor
            print(f"{way:>15} {done.wall:>8.1f} {done.processor:>8.1f} {done.megabytes:>6.0f}"
                  f" {done.processor / base:>23.1f}×")  # fmt: skip
            good &= done.rows == rows and (way == "DuckDB" or done.megabytes < MOST_MEMORY)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
