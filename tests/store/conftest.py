"""A fresh home, and a small batch to put into it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from kpi_tree.store import Home
from kpi_tree.store.batches import Incoming
from kpi_tree.store.files import sha256_of
from kpi_tree.store.observations import table_of


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home.open(tmp_path / "home")


@pytest.fixture
def incoming() -> Callable[..., Incoming]:
    """Makes small files of market sizes: ``incoming(content, rows, first month)``."""
    return _incoming


def _incoming(content: bytes = b"a", rows: int = 3, first: int = 1) -> Incoming:
    months = [date(2000 + n // 12, n % 12 + 1, 1) for n in range(first, first + rows)]
    table = pa.table({"market": ["no"] * rows, "month": months, "value": ["5"] * rows})
    return Incoming(
        file="market.csv",
        source=content,
        sha256=sha256_of(content),
        tables={"market_size": table},
        quarantine=pa.table({"row": [9], "reason": ["bad"]}),
        measured=table_of([{"kpi": "sales", "start": date(2026, 1, 1), "grain": "day", "value": 3.5}]),
        counts={"rows": rows + 1, "accepted": rows, "rejected": 1},
        main_table="market_size",
    )
