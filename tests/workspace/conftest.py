"""A home with a small shop in it whose every figure can be worked out with a pencil."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home, batches, plans
from kpi_tree.store.files import sha256_of
from kpi_tree.workspace import Asker

Put = Callable[..., batches.Batch]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home.open(tmp_path / "home")


@pytest.fixture
def owner() -> Asker:
    """Somebody who may do everything."""
    return Asker("Kari", "owner")


@pytest.fixture
def now() -> datetime:
    """The moment of every test."""
    return datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def put(home: Home, now: datetime) -> Put:
    """Keeps rows as a batch without a file reader in between: ``put({"orders": [...]})``."""

    def keep(tables: Mapping[str, Sequence[Mapping[str, Any]]], name: str = "test.csv") -> batches.Batch:
        content = repr(tables).encode()
        made = {table: pa.Table.from_pylist([dict(row) for row in rows]) for table, rows in tables.items()}
        incoming = batches.Incoming(name, content, sha256_of(content), made, counts={"rows": 1})
        return batches.add(home, incoming, who="Kari", now=now)[0]

    return keep


def _trade(first: date, days: int, orders: int = 2, price: int = 100) -> dict[str, list[dict[str, Any]]]:
    placed, lines = [], []
    for n in range(days):
        at = datetime.combine(first + timedelta(days=n), time(10), UTC)
        for number in range(orders):
            order = f"{at:%Y%m%d}-{number}"
            placed.append(
                {"order_id": order, "ordered_at": at, "customer_id": f"c{number}", "currency": "NOK"}
            )
            line = {
                "order_id": order,
                "line_no": 1,
                "ordered_at": at,
                "quantity": "1",
                "unit_price": str(price),
            }
            lines.append({**line, "product_id": "P1", "currency": "NOK"})
    return {"orders": placed, "order_lines": lines}


@pytest.fixture
def trade() -> Callable[..., dict[str, list[dict[str, Any]]]]:
    """Rows of a shop that sells the same every day: ``trade(first, days, orders=2, price=100)``."""
    return _trade


@pytest.fixture
def small_plan(home: Home, now: datetime) -> Plan:
    """Sales = orders × average order value, each measured too."""
    nodes = [
        Node("sales", "kgi", "Sales", kpi="gross_sales", formula="orders * aov", unit="money"),
        Node("orders", "kpi", "Orders", kpi="orders"),
        Node("aov", "kpi", "Average order value", kpi="average_order_value"),
    ]
    made = Plan("shop", "Shop", nodes={node.id: node for node in nodes})
    return plans.create(home, made, who="Kari", now=now)
