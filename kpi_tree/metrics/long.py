"""The rows of a scan as cells in long form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kpi_tree.catalogue.model import Measure
from kpi_tree.metrics.ask import Ask
from kpi_tree.metrics.cells import Rows
from kpi_tree.metrics.spans import Span

NOT_SET = "(not set)"
"""The group of rows without a value in a dimension."""
SEPARATOR = "\x1f"
OPENING = -1
"""Period number of what stood before the first period."""

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
Texts = np.ndarray[tuple[int], np.dtype[np.object_]]


@dataclass
class Long:
    """Cells in long form: period number, combination of dimension values, value, records.

    Attributes:
        guessed: whether a cell would have to be guessed from rows that came counted by day.
    """

    p: Ints
    key: Texts
    value: Floats
    records: Floats
    guessed: Mask | None = None


@dataclass
class Scanned:
    """A measure's cells, its figures for the whole span by combination, and its grand total."""

    cells: Long
    whole: Long | None = None
    grand: Long | None = None


def long(rows: Rows, measure: Measure, i: int, ask: Ask, *, whole: bool = False) -> Long:
    """The cells of one measure of a scan.

    Args:
        i: number of the measure in the scan: its columns are ``v<i>``, ``n<i>`` and ``g<i>``.
        whole: whether the rows are of the whole span, which then is period 0.
    """
    value = np.asarray(rows[f"v{i}"], dtype=np.float64)
    records = np.asarray(rows.get(f"n{i}", rows["n"]), dtype=np.float64)
    guessed = None
    if "counted" in rows and not measure.additive:
        value, guessed = _counted(rows, i, value)
    p = np.zeros(len(value), dtype=np.int64) if whole else _numbers(rows["p"], ask.span)
    return Long(p, keys_of(rows, len(ask.by)), value, records, guessed)


def _counted(rows: Rows, i: int, value: Floats) -> tuple[Floats, Mask]:
    """A cell of one row that came counted has that row's own figure; several cannot be put together."""
    counted = np.nan_to_num(rows["counted"])
    alone = (counted == 1) & (rows["n"] == 1)
    own = rows.get(f"g{i}")
    given = np.where(alone, own, np.nan) if own is not None else np.full(len(value), np.nan)
    value = np.where(counted > 0, given, value)
    return value, (counted > 0) & (~alone if own is not None else counted > 0)


def _numbers(starts: np.ndarray[Any, Any], span: Span) -> Ints:
    """Period numbers of period starts; what has none (it lies before) is the opening."""
    days = starts.astype("datetime64[s]")
    empty = np.isnat(days)
    found = np.searchsorted(span.starts, np.where(empty, span.starts[0], days))
    return np.where(empty, OPENING, found).astype(np.int64)


def keys_of(rows: Rows, dims: int) -> Texts:
    """The combination of dimension values of each row, as one text."""
    if dims == 0:
        return np.full(len(rows["n"]), "", dtype=object)
    columns = [_named(rows[f"d{i}"]) for i in range(dims)]
    if dims == 1:
        return columns[0]
    return np.array([SEPARATOR.join(parts) for parts in zip(*columns, strict=True)], dtype=object)


def _named(values: np.ndarray[Any, Any]) -> Texts:
    return np.array([NOT_SET if text in (None, "") else text for text in values], dtype=object)
