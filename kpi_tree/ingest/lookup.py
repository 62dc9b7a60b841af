"""Back from a stored record to the very row of the file that it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.limits import LIMITS, Limits
from kpi_tree.ingest.mapping import mapping_from
from kpi_tree.ingest.reading import _open
from kpi_tree.ingest.text.outline import plain_cell


def rows_at(
    path_or_bytes: Path | str | bytes,
    name: str,
    lines: Sequence[int],
    *,
    mapping: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> list[list[str]]:
    """The header, then the rows that begin at these lines of the file (a record's ``_row``), in file order.

    >>> rows_at(b"a,b\\n1,2\\n3,4\\n", "x.csv", [3])
    [['a', 'b'], ['3', '4']]
    """
    _, raw = _open(path_or_bytes, name, mapping_from(mapping), limits)
    wanted = np.asarray(sorted(set(lines)), dtype=np.int64)
    where = np.flatnonzero(np.isin(np.asarray(raw.table.lines, dtype=np.int64), wanted))
    taken = [column.take(pa.array(where)).to_pylist() for column in raw.table.columns]
    body = [[plain_cell(cell) for cell in row] for row in zip(*taken, strict=True)]
    return [[plain_cell(cell) for cell in raw.outline.header], *body]
