"""Rows of several tables of a file put together, in memory or on disk as they come."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kpi_tree.ingest.stream.merging import Groups
from kpi_tree.records.parquet import Rows, RowsFile
from kpi_tree.records.room import LOADING, roomy
from kpi_tree.records.tables import HIDDEN, ROW, table

HELD = 300_000
"""Rows up to which tables are put together in memory."""


def are_many(parts: Sequence[Rows]) -> bool:
    """Whether rows are too many to be held."""
    return any(isinstance(part, RowsFile) for part in parts) and sum(part.num_rows for part in parts) > HELD


def below(parts: Sequence[Rows]) -> Rows:
    """The rows of some parts with the same columns, one below the other."""
    filled = [part for part in parts if part.num_rows]
    files = [part.path for part in filled if isinstance(part, RowsFile)]
    if not files or len(filled) == 1:
        return filled[0] if len(filled) == 1 else pa.concat_tables([_held(part) for part in parts])
    path = files[0].with_name(f"{files[0].stem}-all.parquet")
    with pq.ParquetWriter(path, pq.read_schema(files[0]), compression="zstd") as out:
        for part in filled:
            for batch in part.batches() if isinstance(part, RowsFile) else part.to_batches():
                out.write_batch(batch)
    return RowsFile(path, sum(part.num_rows for part in filled))


def _held(part: Rows) -> pa.Table:
    assert isinstance(part, pa.Table)
    return part


def one_of_each(name: str, parts: Sequence[Rows]) -> tuple[Rows, dict[str, Any] | None]:
    """The rows of a record table out of several tables of a file: what two of them say alike counts once.

    Returns:
        the rows, and a key of which two say different things; None where they agree.
    """
    keys = list(table(name).key)
    schema = next(pq.read_schema(part.path) for part in parts if isinstance(part, RowsFile))
    values = [column for column in schema.names if column != ROW and column not in HIDDEN]
    with roomy(LOADING) as con:
        con.execute("SET TimeZone = 'UTC'")
        for number, part in enumerate(parts):
            if isinstance(part, RowsFile):
                place = str(part.path).replace("'", "''")
                con.execute(f"CREATE VIEW part{number} AS SELECT * FROM read_parquet('{place}')")
            else:
                con.register(f"part{number}", part)
        union = " UNION ALL BY NAME ".join(f"SELECT * FROM part{number}" for number in range(len(parts)))
        con.execute(f"CREATE VIEW every AS {union}")
        by, said = _names(keys), f"hash({_names(values)})"
        found = con.execute(
            f"SELECT {by} FROM every GROUP BY {by} HAVING min({said}) <> max({said})"
            f" ORDER BY min({ROW}) LIMIT 1"  # the first of them, however many threads look
        )
        if twice := found.fetchall():
            return parts[0], dict(zip(keys, twice[0], strict=True))
        again = con.execute(f"SELECT {ROW} FROM every QUALIFY {ROW} > min({ROW}) OVER (PARTITION BY {by})")
        gone = again.fetchnumpy()[ROW]
    path = next(part.path for part in parts if isinstance(part, RowsFile)).with_name(f"{name}-all.parquet")
    return _written(path, schema, parts, np.asarray(gone)), None


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _written(path: Path, schema: pa.Schema, parts: Sequence[Rows], gone: Any) -> RowsFile:
    count = 0
    with Groups(path, schema) as out:
        for part in parts:
            for batch in part.batches() if isinstance(part, RowsFile) else part.to_batches():
                rows = pa.Table.from_batches([batch]).select(schema.names).cast(schema)
                kept = rows.filter(pa.array(~np.isin(np.asarray(batch.column(ROW)), gone)))
                count += kept.num_rows
                out.write(kept)
    return RowsFile(path, count)
