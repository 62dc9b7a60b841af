"""All KPIs by day and country beside SQL written by hand for each.

    python bench/metrics.py --lines 10000000 --sessions 10000000    # the benchmark: takes minutes
    python bench/metrics.py --small                                 # seconds; for CI; 1 if a figure differs

A shop of two years is made as Parquet batches in a temporary folder (removed at the end). Two programs of
their own then read the same files: the composer, and a list of queries by hand, one a KPI. Each prints its
wall time, processor time and the most memory it took. Every value of every KPI, day and country is compared.
Then a day is added, and the composer asked again.

Measured on two cores that others used too (processor seconds from nothing, by hand, ratio, composer's peak):
1 million of each 20.5, 28.1, 0.73, 0.5 GB; 3 million 54.2, 82.3, 0.66, 1.2 GB;
10 million 152.9, 264.8, 0.58, 2.8 GB. Each side was run by itself over the same files, without the comparison
of values at the end; the added day was read by hand only, and the last changes to the facts' queries are not
in these figures.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from large.by_hand import BY_HAND
from large.shop import END, START, last_day, make

from kpi_tree.catalogue import catalogue
from kpi_tree.metrics import NOT_SET, Engine, Kept, query
from kpi_tree.metrics.connection import Batch
from kpi_tree.periods import Calendar
from kpi_tree.records.room import roomy

AIM_RATIO, AIM_MEMORY = 1.0, 4096
DIMENSION = "country"
ZONE = "Europe/Oslo"

Active = dict[str, list[Batch]]
Answer = dict[str, pd.DataFrame]


class Clock:
    """Wall and processor seconds since it was made."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def seconds(self) -> tuple[float, float]:
        """Wall, processor."""
        return time.perf_counter() - self.wall, time.process_time() - self.cpu


def ask(engine: Engine, kpis: list[str]) -> Answer:
    """Every KPI by day and country."""
    found = query(engine, kpis, start=START, end=END, grain="day", by=[DIMENSION], keep_refusals=True)
    return {
        kpi: series.frame[["period", DIMENSION, "value"]].set_axis(["d", "c", "v"], axis=1)
        for kpi, series in found.items()
    }


def composer(folder: Path, active: Active, added: Active) -> tuple[dict[str, Any], Answer]:
    """The product: facts prepared, all KPIs at once; then again with a day more."""
    records, kept = folder / "records", Kept(folder / "cache")
    everything = [kpi.id for kpi in catalogue().values() if DIMENSION in kpi.dimensions]
    whole = {table: batches + added[table] for table, batches in active.items()}
    times: dict[str, Any] = {}
    clock = Clock()
    engine = Engine(records, active, Calendar(ZONE), kept=kept)
    ask(engine, list(BY_HAND))
    times["all, with the preparation"] = clock.seconds()
    clock = Clock()
    engine.cells.forget()
    ask(engine, list(BY_HAND))
    times["all, facts prepared"] = clock.seconds()
    clock = Clock()
    ask(engine, everything)
    times[f"all {len(everything)} of the catalogue, facts prepared"] = clock.seconds()
    clock = Clock()
    later = Engine(records, whole, Calendar(ZONE), kept=kept, before=engine)
    engine.close()
    answer = ask(later, list(BY_HAND))
    times["again after a day was added"] = clock.seconds()
    return times, answer


def by_hand(folder: Path, active: Active, added: Active) -> tuple[dict[str, Any], Answer]:
    """One query a KPI, straight on the files."""
    del folder
    times: dict[str, Any] = {}
    answer: Answer = {}
    with roomy() as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute(f"CREATE MACRO day(t) AS timezone('{ZONE}', t)::DATE")
        for table, batches in active.items():
            files = ", ".join(f"'{path}'" for _, _, path in batches + added[table])
            con.execute(f"CREATE VIEW {table} AS FROM read_parquet([{files}])")
        for kpi, sql in BY_HAND.items():
            clock = Clock()
            answer[kpi] = con.execute(sql).df()
            times[kpi] = clock.seconds()
    return times, answer


SIDES: dict[str, Callable[[Path, Active, Active], tuple[dict[str, Any], Answer]]] = {
    "composer": composer,
    "by hand": by_hand,
}


def run_side(side: str, folder: Path) -> None:
    """In a process of its own: times and memory on standard output, the values into a file."""
    active, added = pickle.loads((folder / "active.pickle").read_bytes())
    times, answer = SIDES[side](folder, active, added)
    (folder / f"{side}.pickle").write_bytes(pickle.dumps(answer))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"times": times, "peak": peak}))


def start_side(side: str, folder: Path) -> tuple[dict[str, Any], Answer]:
    """Run a side and read what it found."""
    command = [sys.executable, __file__, "--side", side, "--folder", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, env=os.environ)
    return json.loads(done.stdout), pickle.loads((folder / f"{side}.pickle").read_bytes())


def differing(mine: pd.DataFrame, theirs: pd.DataFrame) -> int:
    """Cells that have another value on each side; only one of them fills in zeros."""

    def cells(frame: pd.DataFrame) -> pd.Series:
        place = frame["c"].astype(object).where(frame["c"].notna(), NOT_SET)
        values = pd.to_numeric(frame["v"], errors="coerce").astype(float)
        return pd.Series(values.to_numpy(), index=[pd.to_datetime(frame["d"]), place])

    one, other = cells(mine).align(cells(theirs))
    close = np.isclose(one.fillna(0.0), other.fillna(0.0), rtol=1e-9, atol=1e-6)
    return int((~close).sum())


def report(mine: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Print both sides; whether the aims are met."""
    hand = np.array(list(theirs["times"].values())).sum(axis=0)
    print(f"{'':52}{'wall s':>9}{'processor s':>13}{'ratio':>8}")
    print(f"{f'{len(BY_HAND)} queries by hand, one by one':52}{hand[0]:9.2f}{hand[1]:13.2f}{1:8.2f}")
    for what, (wall, cpu) in mine["times"].items():
        print(f"{what:52}{wall:9.2f}{cpu:13.2f}{cpu / hand[1]:8.2f}")
    print(f"peak memory: composer {mine['peak']:,.0f} MB, by hand {theirs['peak']:,.0f} MB")
    slowest = sorted(theirs["times"].items(), key=lambda one: -one[1][1])[:3]
    print("slowest by hand: " + ", ".join(f"{kpi} {cpu:.2f} s" for kpi, (_, cpu) in slowest))
    whole = mine["times"]["all, with the preparation"][1] / hand[1]
    return bool(whole < AIM_RATIO and mine["peak"] < AIM_MEMORY)


def main() -> int:
    """Print the table; 1 where a figure differs."""
    options = argparse.ArgumentParser(description="All KPIs by day and country, beside SQL by hand.")
    options.add_argument("--lines", type=int, default=1_000_000)
    options.add_argument("--sessions", type=int, default=1_000_000)
    options.add_argument("--small", action="store_true", help="30,000 of each")
    options.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.side:
        run_side(given.side, given.folder)
        return 0
    lines, sessions = (30_000, 30_000) if given.small else (given.lines, given.sessions)
    with tempfile.TemporaryDirectory(prefix="kpi_bench_") as place:
        folder = Path(place)
        clock = Clock()
        shop = make(lines, sessions, folder / "records"), last_day(lines, sessions, folder / "records")
        (folder / "active.pickle").write_bytes(pickle.dumps(shop))
        print(f"{lines:,} order lines, {sessions:,} sessions, two years; made in {clock.seconds()[0]:.1f} s")
        (mine, found), (theirs, wanted) = (start_side(side, folder) for side in SIDES)
        met = report(mine, theirs)
        print(f"aims (ratio below {AIM_RATIO}, below {AIM_MEMORY:,} MB): {'met' if met else 'not met'}")
        wrong = {kpi: differing(found[kpi], wanted[kpi]) for kpi in BY_HAND}
        for kpi, cells in wrong.items():
            if cells:
                print(f"{kpi}: {cells} cells differ")
    return 1 if any(wrong.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
