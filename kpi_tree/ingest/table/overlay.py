"""Corrected rows laid over a file: it is read as if they had stood in it, every other cell as it is.

A corrected row is read together with its whole file, because one row alone says too little: which way
its dates go, which number its line has within its order, what the order's first line told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.text.table import RawTable


def overlay(table: RawTable, corrections: Mapping[int, Sequence[str]]) -> None:
    """Put rows in place of those of the same line; lines that were too wide to be read come in.

    Args:
        table: changed in place; its cells count as empty where a correction has fewer.
        corrections: line of the file -> the row's cells, in the order of the columns.
    """
    if not corrections:
        return
    rows = {int(line): list(cells) for line, cells in corrections.items()}
    lines = np.array(sorted(rows), dtype=np.int64)
    kept = ~np.isin(np.asarray(table.lines, dtype=np.int64), lines)
    every = np.concatenate([np.asarray(table.lines, dtype=np.int64)[kept], lines])
    order = np.argsort(every, kind="stable")
    mask, place = pa.array(kept), pa.array(order)
    for i, column in enumerate(table.columns):
        texts = [rows[int(line)][i] if i < len(rows[int(line)]) else "" for line in lines]
        fresh = pa.chunked_array([pa.array(texts, type=column.type)])
        joined = pa.chunked_array([*column.filter(mask).chunks, *fresh.chunks], type=column.type)
        table.columns[i] = joined.take(place)
    table.lines = every[order]
    wide = [row for row in table.wide if row[0] not in rows]
    table.wide_count -= len(table.wide) - len(wide)
    table.wide = wide
