"""How long the sample shop takes: ``python bench/sample.py``. Budget: 4 s to make and write all of it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from kpi_tree.records import write
from kpi_tree.sample import generate, sample_plan

Made = TypeVar("Made")
TODAY = date(2026, 11, 22)


def timed(what: str, do: Callable[[], Made]) -> Made:
    """Run, print wall and processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = do()
    print(f"{what:<28}{time.perf_counter() - wall:6.2f} s wall {time.process_time() - cpu:6.2f} s processor")
    return made


def main() -> None:
    """Print the times and sizes."""
    shop = timed("generate, 1,096 days", lambda: generate(TODAY))
    with tempfile.TemporaryDirectory() as folder:
        paths = timed(
            "write all Parquet, synced",
            lambda: [write(name, rows, Path(folder) / f"{name}.parquet") for name, rows in shop.items()],
        )
        size = sum(path.stat().st_size for path in paths)
    timed("sample plan with targets", lambda: sample_plan(TODAY))
    print(f"{sum(rows.num_rows for rows in shop.values()):,} rows, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
