"""A row of a file with the rows beside it, as they stand there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.limits import LIMITS, Limits
from kpi_tree.ingest.mapping import mapping_from
from kpi_tree.ingest.sections import open_table
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
    _, raw = open_table(path_or_bytes, name, mapping_from(mapping), limits)
    lines = np.asarray(raw.table.lines, dtype=np.int64)
    at = int(np.searchsorted(lines, line))
    where = np.arange(max(at - around, 0), min(at + around + 1, len(lines)))
    taken = [column.take(pa.array(where)).to_pylist() for column in raw.table.columns]
    rows = [[plain_cell(cell) for cell in row] for row in zip(*taken, strict=True)]
    return list(raw.table.names), list(zip(lines[where].tolist(), rows, strict=True))
