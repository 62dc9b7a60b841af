"""Every line of a text with several tables is in one of them or told."""

from __future__ import annotations

import pytest

from kpi_tree.ingest import Limits
from kpi_tree.ingest.mapping import FileMapping
from kpi_tree.ingest.sections import every_table

WIDE = [
    "Order,Day,Quantity,Price,City,Visits",
    *(f"A{n},2024-05-0{n % 9 + 1},2,9.50,Oslo,{n}" for n in range(40)),
]
STOCK = ["SKU,Stock", *(f"SKU{n},{n * 3}" for n in range(28))]


@pytest.mark.parametrize("tables", [[WIDE, STOCK, WIDE], [STOCK, WIDE], [STOCK, STOCK[:9], WIDE]])
def test_a_narrow_table_above_a_wide_one_keeps_its_rows(tables: list[list[str]]) -> None:
    lines = [line for number, table in enumerate(tables) for line in ["", f"Title {number}", *table]]
    _, found = every_table("\n".join(lines).encode(), "a.csv", FileMapping(None), Limits())
    assert [raw.table.rows for raw in found] == [len(table) - 1 for table in tables]
    rows = {int(line) for raw in found for line in raw.table.lines}
    told = {line for raw in found for line, _ in raw.outline.preamble} | {
        raw.outline.header_line for raw in found
    }
    assert rows | told == {number for number, line in enumerate(lines, start=1) if line}
