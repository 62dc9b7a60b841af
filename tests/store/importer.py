"""Loads one batch after another into a home until somebody stops it; says each one it has kept."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pyarrow as pa

from kpi_tree import clock
from kpi_tree.store import Home, batches
from kpi_tree.store.files import sha256_of
from kpi_tree.store.observations import table_of

ROWS = 20_000
DAY = date(2026, 1, 1)


def main(folder: str, name: str) -> None:
    """Import for ever; each line printed is a batch that must survive whatever comes."""
    home = Home.open(Path(folder))
    months = pa.array([date(1900 + n // 12 % 100, n % 12 + 1, 1) for n in range(ROWS)])
    markets = pa.array([f"{name}-{n}" for n in range(ROWS)])
    print("ready", flush=True)
    for number in range(10_000):
        content = f"{name} {number}".encode()
        incoming = batches.Incoming(
            file=f"{name}-{number}.csv",
            source=content,
            sha256=sha256_of(content),
            tables={"market_size": pa.table({"market": markets, "month": months, "value": ["1"] * ROWS})},
            measured=table_of(
                {
                    "kpi": "sales",
                    "start": DAY,
                    "grain": "day",
                    "dimensions": {"n": f"{name}{number}.{n}"},
                }
                for n in range(500)
            ),
            counts={"rows": ROWS, "accepted": ROWS},
            main_table="market_size",
        )
        batch, _ = batches.add(home, incoming, who=name, now=clock.now())
        print(batch.id, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
