"""Which columns hold anything, told by what Parquet files say of themselves: no row is read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq


def filled_columns(paths: Iterable[Path]) -> frozenset[str]:
    """The columns with a value in at least one row of one of the files; all of a file without counts.

    >>> import tempfile, pyarrow as pa
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.parquet"
    ...     pq.write_table(pa.table({"a": [1, None], "b": pa.nulls(2, pa.string())}), path)
    ...     sorted(filled_columns([path]))
    ['a']
    """
    found: set[str] = set()
    for path in paths:
        about = pq.read_metadata(path)
        for number in range(about.num_row_groups):
            group = about.row_group(number)
            for at in range(group.num_columns):
                column = group.column(at)
                counts = column.statistics
                if counts is None or not counts.has_null_count or counts.null_count < group.num_rows:
                    found.add(column.path_in_schema)
    return frozenset(found)
