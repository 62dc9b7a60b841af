"""Rows set apart, with the reason and all their cells, so that they can be corrected and loaded again."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.complaints import Cell
from kpi_tree.ingest.raw import Raw
from kpi_tree.ingest.text.outline import plain_cell

SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("cells", pa.string()),
    ]
)


def quarantine_table(raw: Raw, found: list[Cell]) -> pa.Table:
    """One row for each row of the file that is not used: its line, first bad column, value, reason,
    cells as JSON."""
    if not found:
        return SCHEMA.empty_table()
    lines = np.concatenate([cell.lines for cell in found])
    columns = [cell.column for cell in found for _ in cell.lines]
    values = [plain_cell(value or "") for cell in found for value in cell.values or [""] * len(cell.lines)]
    codes = [cell.code for cell in found for _ in cell.lines]
    _, first = np.unique(lines, return_index=True)
    wide = dict(raw.table.wide)
    cells = _json(raw, lines[first], wide)
    return pa.table(
        [
            lines[first],
            [columns[i] for i in first],
            [values[i] for i in first],
            [codes[i] for i in first],
            cells,
        ],
        schema=SCHEMA,
    )


def _json(raw: Raw, lines: np.ndarray, wide: dict[int, list[str]]) -> list[str]:
    names = raw.table.names
    where = np.searchsorted(raw.table.lines, lines)
    where = np.clip(where, 0, max(raw.table.rows - 1, 0))
    inside = np.array(
        [raw.table.rows > 0 and raw.table.lines[w] == line for w, line in zip(where, lines, strict=True)],
        bool,
    )
    taken = [column.take(pa.array(where[inside])).to_pylist() for column in raw.table.columns]
    rows = iter(zip(*taken, strict=True)) if taken else iter(())
    out = []
    for line, known in zip(lines, inside, strict=True):
        cells = list(next(rows)) if known else wide.get(int(line), [])
        keys = names + [f"column {i + 1}" for i in range(len(names), len(cells))]
        out.append(
            json.dumps({k: plain_cell(c) for k, c in zip(keys, cells, strict=False)}, ensure_ascii=False)
        )
    return out
