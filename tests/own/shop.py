"""Awkward records drawn from a seed, and the engine over them together with a shop's own definitions."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from kpi_tree import records
from kpi_tree.catalogue import definitions
from kpi_tree.catalogue.own.text import entries_of
from kpi_tree.metrics import Engine
from kpi_tree.metrics.kinds import assemble
from kpi_tree.periods import Calendar
from kpi_tree.records.tables import Table

OSLO = ZoneInfo("Europe/Oslo")
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
Row = dict[str, Any]


def local_day(at: datetime) -> date:
    """The business day of an instant."""
    return at.astimezone(OSLO).date()


@dataclass
class Shop:
    """Records by table, as plain rows."""

    tables: Mapping[str, list[Row]]

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]


def draw(seed: int, size: int = 70) -> Shop:
    """Orders, sessions and stock counts with what goes wrong in real ones: no customer, no amount, empty
    texts, the last minutes of months, the same instant twice, items that move."""
    dice = random.Random(seed)
    # Midnight between two months in Oslo, and the hour that summer time takes away.
    edges = [datetime(2026, 1, 31, 22, 59, tzinfo=UTC), datetime(2026, 1, 31, 23, 0, tzinfo=UTC),
             datetime(2026, 2, 28, 23, 30, tzinfo=UTC), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)]  # fmt: skip

    def moment() -> datetime:
        if dice.random() < 0.15:
            return dice.choice(edges)
        return datetime(2026, 1, 1, 5, tzinfo=UTC) + timedelta(minutes=dice.randrange(88 * 24 * 60))

    sessions = [
        {
            "session_id": f"s{n}",
            "visitor_id": dice.choice(["v1", "v2", "v3", "v4", "v5", "", None]),
            "started_at": moment(),
            "device": dice.choice(["phone", "desk", None]),
            "channel": dice.choice(["mail", "ads", "", None]),
        }
        for n in range(size)
    ]
    orders = [
        {
            "order_id": f"o{n}",
            "ordered_at": moment(),
            "customer_id": dice.choice(["c1", "c2", "c3", "c4", "c5", "c6", "", None]),
            "session_id": dice.choice(["v1", "v2", "v3", "v4", None]),
            "status": dice.choice(["placed", "placed", "placed", "cancelled", "test"]),
            "total": dice.choice([None, 0, 12.5, 100, 99.99, 250.01]),
            "discount": dice.choice([None, 0, 5, 2.5]),
            "channel": dice.choice(["mail", "ads", "", None]),
            "device": dice.choice(["phone", "desk", None]),
        }
        for n in range(size)
    ]
    stock = [
        {
            "product_id": dice.choice(["p1", "p2", "p3"]),
            "location": dice.choice(["shop", "store"]),
            "counted_at": moment() + timedelta(seconds=n),
            "on_hand": dice.choice([0, 1, 7, 20]),
        }
        for n in range(size // 2)
    ]
    return Shop({"orders": orders, "sessions": sessions, "stock_levels": stock})


@contextmanager
def opened(
    folder: Path, shop: Shop, yaml: str, own_tables: Mapping[str, Table] | None = None
) -> Iterator[Engine]:
    """The engine over the records, with the definitions of a YAML text; any fault in them fails the test."""
    own = own_tables or {}
    active = {}
    for name, rows in shop.tables.items():
        table = own.get(name) or records.table(name)
        columns = list(dict.fromkeys(key for row in rows for key in row))
        data = pa.table({c: pa.array([row.get(c) for row in rows]) for c in columns})
        path = records.write(table, data, folder / name / "b1.parquet")
        active[name] = [(1, "b1", path)]
    entries, issues = entries_of(yaml)
    made = assemble(definitions(), entries, own, Calendar())
    faults = [f"{issue.place}: {issue.message}" for issue in [*issues, *made.issues]]
    assert not faults, faults
    engine = Engine(folder, active, Calendar(), extra_tables=own, definitions_=made.definitions)
    try:
        yield engine
    finally:
        engine.close()
