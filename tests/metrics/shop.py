"""Small shops made by hand for the metric tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from kpi_tree.metrics import Engine, Settings
from kpi_tree.periods import Calendar
from kpi_tree.records import arrow_schema, table, write

Rows = Sequence[Mapping[str, Any]]


def arrow(name: str, rows: Rows) -> pa.Table:
    """Rows as dicts in the types of a record table."""
    schema = arrow_schema(name)
    used = [field for field in schema if any(field.name in row for row in rows)]
    columns = {}
    for field in used:
        values = [row.get(field.name) for row in rows]
        texts = all(isinstance(v, str) or v is None for v in values)
        plain = pa.array(values, pa.string()) if texts else pa.array(values)
        columns[field.name] = plain
    assert all(name_ in schema.names for row in rows for name_ in row), rows
    return pa.table(columns)


def engine_of(
    folder: Path,
    shop: Mapping[str, Rows | pa.Table | Sequence[Rows]],
    *,
    timezone: str = "Europe/Oslo",
    week_start: int = 0,
    fiscal_start_month: int = 1,
    settings: Settings | None = None,
) -> Engine:
    """An engine over one batch a table (or several, where the rows are a list of lists)."""
    active: dict[str, list[tuple[int, str, Path]]] = {}
    seq = 0
    for name, given in shop.items():
        table(name)
        batches = (
            [given]
            if isinstance(given, pa.Table) or not given or isinstance(given[0], Mapping)
            else list(given)
        )
        for rows in batches:
            seq += 1
            data = rows if isinstance(rows, pa.Table) else arrow(name, rows)  # type: ignore[arg-type]
            path = write(name, data, folder / name / f"b{seq}.parquet")
            active.setdefault(name, []).append((seq, f"b{seq}", path))
    return Engine(folder, active, Calendar(timezone, week_start, fiscal_start_month), settings)
