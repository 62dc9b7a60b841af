"""A row of a file with the rows beside it, as they stand there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.answers.limits import LIMITS, Limits
from kpi_tree.ingest.mapping.mapping import mapping_from
from kpi_tree.ingest.sections import open_tables
from kpi_tree.ingest.stream.file import is_big
from kpi_tree.ingest.stream.near import rows_near
from kpi_tree.ingest.text.outline import plain_cell


def rows_around(
    path_or_bytes: Path | str | bytes,
    name: str,
    line: int,
    *,
    around: int = 3,
    mapping: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The column names, and the row that begins at a line with its neighbours, each with its own line.

    Args:
        line: a record's ``_row``. When no row begins there, the nearest rows are shown.
        around: how many rows before it and after it.

    >>> rows_around(b"a,b\\n1,2\\n3,4\\n5,6\\n", "x.csv", 3, around=1)
    (['a', 'b'], [(2, ['1', '2']), (3, ['3', '4']), (4, ['5', '6'])])
    """
    if is_big(path_or_bytes, limits):
        near = rows_near(path_or_bytes, name, mapping_from(mapping), limits, [line], around)
        table = near[0][1]
    else:
        tables = open_tables(path_or_bytes, name, mapping_from(mapping), limits)[1]
        # Every table of the file counts its lines in a range of its own.
        table = next((raw.table for raw in tables if line in raw.table.lines), tables[0].table)
    lines = np.asarray(table.lines, dtype=np.int64)
    at = int(np.searchsorted(lines, line))
    where = np.arange(max(at - around, 0), min(at + around + 1, len(lines)))
    taken = [column.take(pa.array(where)).to_pylist() for column in table.columns]
    rows = [[plain_cell(cell) for cell in row] for row in zip(*taken, strict=True)]
    return list(table.names), list(zip(lines[where].tolist(), rows, strict=True))
