"""Days that stand for "not known", and days far away from all others of their column."""

from __future__ import annotations

import numpy as np

from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.shapes import BoolArray, IntArray

PLACEHOLDERS = np.array(
    [
        "1900-01-01", "1900-01-02", "1901-01-01", "1904-01-01", "1970-01-01", "1980-01-01", "2099-12-31",
        "2100-01-01", "2199-12-31", "2200-12-31",
    ],
    "M8[D]",
).astype(np.int64)  # fmt: skip
"""Days that programs write where they know none, as days since 1970."""
FAR_DAYS = 12 * 365
GAP_DAYS = 5 * 365
FAR_SHARE = 0.02
"""Days are far from the rest when no more than this share of the rows, but always a single one, lies more
than ``FAR_DAYS`` from the middle, with a gap of ``GAP_DAYS`` between."""


def odd_texts(column: Column) -> tuple[BoolArray, BoolArray]:
    """Which texts of a column of dates are placeholders, and which are far from all the others.

    >>> import pyarrow as pa
    >>> from kpi_tree.ingest.cells.columns import Context, look
    >>> days = ["2024-05-01", "2024-05-02", "1900-01-01", "2024-05-03"]
    >>> found = look("Dato", pa.chunked_array([days]), Context())
    >>> [mask.tolist() for mask in odd_texts(found)]
    [[False, False, True, False], [False, False, False, False]]
    """
    dates, cells = column.dates, column.cells
    none = np.zeros(len(cells.texts), bool)
    if column.kind not in ("date", "datetime") or dates is None:
        return none, none
    usable = dates.ok & ~column.blank
    days = np.where(usable, dates.micros // 86_400_000_000, 0)
    held = usable & np.isin(days, PLACEHOLDERS)
    rest = usable & ~held
    if not rest.any():
        return (held, none) if held.any() and not bool(usable.all()) else (none, none)
    if bool(np.isin(days[rest].min() - 1, PLACEHOLDERS)):
        held &= days > days[rest].min()  # days that go on from one are days like others
    return held, _far(days, rest, np.maximum(cells.counts, 1))


def _far(days: IntArray, usable: BoolArray, counts: IntArray) -> BoolArray:
    none = np.zeros(len(days), bool)
    where = np.flatnonzero(usable)
    order = where[np.argsort(days[where], kind="stable")]
    rows = np.cumsum(counts[order])
    middle = days[order[int(np.searchsorted(rows, rows[-1] / 2))]]
    far = usable & (np.abs(days - middle) > FAR_DAYS)
    near = usable & ~far
    if not far.any() or int(counts[usable].sum()) < 3:
        return none
    low, high = days[near].min(), days[near].max()
    far &= (days < low - GAP_DAYS) | (days > high + GAP_DAYS)
    few = int(counts[far].sum()) <= max(1, FAR_SHARE * int(counts[usable].sum()))
    return far if few else none
