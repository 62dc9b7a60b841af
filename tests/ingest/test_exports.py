"""Exports as shops bring them, small: what each gives was worked out before the program was asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from kpi_tree.ingest import Reading, read
from kpi_tree.ingest.layout import layouts
from kpi_tree.records.tables import MARKETS


def load(text: str, name: str = "a.csv", zone: str = "UTC", **options: Any) -> Reading:
    mapping = {"options": options} if options else None
    return read(text.encode(), name, mapping=mapping, today=date(2026, 11, 1), timezone=zone)


def ask(done: Reading, sql: str) -> Any:
    with duckdb.connect() as engine:
        for name, table in done.tables.items():
            engine.register(name, table)
        found = engine.sql(sql).fetchall()
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found


def test_marketplaces_are_known_as_such() -> None:
    """What a marketplace sells has a channel that the sums know (records/tables.py)."""
    for layout in (one for one in layouts().values() if one.sales == "market"):
        assert any(f"'{market}' AS channel" in layout.tables[str(layout.main_table)] for market in MARKETS)


@pytest.mark.parametrize("cell", ["83", "83.0", "1:23", "01:23", "0:01:23", "00:01:23", "1m 23s"])
def test_how_long_visits_take(cell: str) -> None:
    head = '"Day","Sessions","Sessions with cart additions","Average session duration"\n'
    done = load(f'{head}"2026-05-01","10","2","{cell}"\n"2026-05-02","5","1","0:00:40"\n')
    assert ask(done, "SELECT sum(duration_seconds) FROM traffic_daily") == 1030
