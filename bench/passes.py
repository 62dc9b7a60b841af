"""What reading a file costs against one plain pass over its text: whole programs, from start to end.

Used by ``python bench/ingest.py``. The pass is a loop of ``csv.reader`` that touches each cell; beside
it stand a pass that also types and stores, DuckDB from CSV to Parquet, and ``inspect``, ``rows`` and
``load`` of the command line, each into an empty home. What each takes for ten rows of the file is told too:
that much is the start of the program, and is part of all that is told of the whole file but for the last
column. Times of the processor are those of all cores together; ``cores`` says how many were at work on the
average, which means something only where nothing else is running.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.large_file import ROOT, make

SIZES: Mapping[str, int] = {"lines": 55, "orders": 58, "retail": 9, "shopify": 20}
"""Kind of file -> megabytes."""
WAYS = ("inspect", "rows", "load")
PASS = """
import csv, sys
size = 0
for row in csv.reader(open(sys.argv[1], newline="", encoding="utf-8")):
    for cell in row:
        size += len(cell)
"""
STORED = """
import csv, itertools, sqlite3, sys
from datetime import datetime
def kind(cells):
    for read in (int, float, lambda cell: datetime.fromisoformat(cell.removesuffix(" UTC")).isoformat()):
        try:
            [read(cell) for cell in cells if cell]
            return read
        except ValueError:
            pass
    return str
rows = csv.reader(open(sys.argv[1], newline="", encoding="utf-8"))
header = next(rows)
head = list(itertools.islice(rows, 1000))
kinds = [kind(column) for column in zip(*head)]
def typed(row):
    read = []
    for as_, cell in zip(kinds, row):
        try:
            read.append(as_(cell) if cell else None)
        except ValueError:
            read.append(cell)
    return read
home = sqlite3.connect(sys.argv[2])
home.execute(f"CREATE TABLE records ({', '.join(f'c{n}' for n in range(len(header)))})")
put = f"INSERT INTO records VALUES ({', '.join('?' * len(header))})"
home.executemany(put, map(typed, itertools.chain(head, rows)))
home.commit()
"""
"""One streaming pass that does what a load is for, as one would write it: each cell as what it is, kept."""
DUCKDB = """
import duckdb, sys
duckdb.sql(f"COPY (FROM read_csv('{sys.argv[1]}', sample_size=-1)) TO '{sys.argv[2]}' (FORMAT parquet)")
"""
"""The quickest CSV reader we know, types by the whole file: no place of a bad cell, no keys, no totals."""
PEERS = {"pass, typed, stored": STORED, "duckdb to parquet": DUCKDB}


@dataclass(frozen=True)
class Run:
    """What one program took: seconds of wall and of processor, megabytes at most."""

    wall: float
    processor: float
    megabytes: float


LAUNCH = """
import json, os, subprocess, sys, time
start = time.monotonic()
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
process = subprocess.Popen([sys.executable, *sys.argv[1:]], **quiet)
_, status, used = os.wait4(process.pid, 0)
wall = time.monotonic() - start
print(json.dumps([status, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
"""Starts a program out of a small process: what is told of its memory is never less than its parent's."""


def run(command: Sequence[str]) -> Run:
    """Run a program to its end.

    Raises:
        SystemExit: it failed.
    """
    # Compiled modules may be kept, as they are for whoever has started the program before.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    launch = [sys.executable, "-S", "-c", LAUNCH, *command]
    told = subprocess.run(launch, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True).stdout
    status, *took = json.loads(told)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return Run(*took)


def once(path: Path) -> dict[str, Run]:
    """The pass, its peers, and our commands, over one file."""
    found = {"csv pass": run(["-c", PASS, str(path)])}
    for peer, code in PEERS.items():
        with tempfile.TemporaryDirectory() as folder:
            found[peer] = run(["-c", code, str(path), str(Path(folder) / "kept")])
    for way in WAYS:
        with tempfile.TemporaryDirectory() as home:
            found[way] = run(["-m", "kpi_tree", way, str(path), "--home", home])
    return found


def quickest(path: Path, times: int) -> dict[str, Run]:
    """The same some times over; of each way the times that took least."""
    every = [once(path) for _ in range(times)]
    return {
        way: Run(
            min(each[way].wall for each in every),
            min(each[way].processor for each in every),
            max(each[way].megabytes for each in every),
        )
        for way in every[0]
    }


def passes(sizes: Mapping[str, int], times: int = 1) -> None:
    """Measure kinds of files and print what was found.

    Args:
        sizes: kind (see :mod:`bench.large_file`) -> megabytes.
        times: how often; the least counts.
    """
    head = f"{'wall s':>8} {'cpu s':>8} {'cores':>6} {'MB':>6} {'against the pass: wall':>23} {'cpu':>6}"
    print(f"{'':>24} {head} {'cpu without the start':>22}")
    start: dict[str, float] = {}
    for number, (kind, megabytes) in enumerate(sizes.items()):
        with tempfile.TemporaryDirectory() as folder:
            path, few = Path(folder) / f"{kind}.csv", Path(folder) / "few.csv"
            rows = make(path, megabytes, kind)
            print(f"{kind}: {path.stat().st_size / 1e6:,.1f} MB, {rows:,} rows")
            ways = quickest(path, times)
            if not number:
                with path.open("rb") as stream:
                    few.write_bytes(b"".join(islice(stream, 11)))
                for way, took in quickest(few, times).items():
                    ways[f"{way}, 10 rows"], start[way] = took, took.processor
        base = ways["csv pass"]
        for way, took in ways.items():
            against = f"{took.wall / base.wall:>22.2f}× {took.processor / base.processor:>5.2f}×"
            rest = (
                (took.processor - start[way]) / (base.processor - start["csv pass"]) if way in start else None
            )
            print(
                f"{way:>24} {took.wall:>8.2f} {took.processor:>8.2f} {took.processor / took.wall:>6.1f}"
                f" {took.megabytes:>6.0f} {against} {'' if rest is None else f'{rest:>21.2f}×'}",
                flush=True,
            )
