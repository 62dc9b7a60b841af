"""Numbers for rows that say the same in a column, so that a layout's SQL need not sort for them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells.shapes import BoolArray
from kpi_tree.ingest.mapping.layout import Layout


def numbered(layout: Layout, rows: pa.Table) -> pa.Table:
    """Rows with what ``Layout.numbered`` and ``Layout.anew`` promise; an engine would sort for it, and joins
    by numbers sooner than by texts.

    >>> layout = Layout("a", "", {}, (), {}, numbered="order", anew=("total",))
    >>> rows = pa.table({"order": ["x", "x", "y", "x"], "total": [5, None, 7, 5], "_row": [2, 3, 4, 5]})
    >>> numbered(layout, rows).select(["_of", "_nth", "_again"]).to_pydict()
    {'_of': [0, 0, 2, 1], '_nth': [1, 2, 1, 1], '_again': [True, True, False, False]}
    """
    if not layout.numbered:
        return rows
    codes = np.zeros(rows.num_rows, np.int32)
    if layout.numbered in rows.column_names:
        values = rows.column(layout.numbered).combine_chunks()
        codes = np.asarray(pc.dictionary_encode(values, null_encoding="encode").indices)
    # Values are coded in the order of their first row: where equals stand together nothing moves.
    order = np.lexsort((np.asarray(rows.column("_row")), codes))
    changes = np.diff(codes[order], prepend=-1) != 0
    begins = changes | _filled(layout, rows)[order]
    number = np.cumsum(begins, dtype=np.int64) - 1
    place = np.arange(1, len(order) + 1) - np.flatnonzero(begins)[number]
    last = number[np.append(changes[1:], True)[: len(order)]]  # of each value
    found = {"_of": number.astype(np.int32), "_nth": place}
    if layout.anew:
        found["_again"] = number < last[np.cumsum(changes) - 1]
    for name, sorted_values in found.items():
        back = np.empty_like(sorted_values)
        back[order] = sorted_values
        rows = rows.append_column(name, pa.array(back))
    return rows


def _filled(layout: Layout, rows: pa.Table) -> BoolArray:
    """Rows with something in one of the columns with which a group begins anew."""
    found = np.zeros(rows.num_rows, bool)
    for name in layout.anew:
        if name in rows.column_names:
            found |= np.asarray(rows.column(name).is_valid(), bool)
    return found
