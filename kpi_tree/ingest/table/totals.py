"""Rows that are no records: totals, subtotals, footers. By their label, or by being the sum of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.shapes import BoolArray, cells_of
from kpi_tree.ingest.cells.words import is_sure_total_label, is_total_label
from kpi_tree.ingest.table.labels import LABELS, labels_among, taxes_below
from kpi_tree.ingest.text.table import RawTable

EDGE = 6
"""Rows at either end that are checked for being the sum of the rest."""


@dataclass(slots=True)
class LeftOut:
    """Lines of rows that were left out, by why."""

    totals: list[int] = field(default_factory=list)
    footers: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Whole:
    """What must be known of a whole table to judge some of its rows.

    Attributes:
        rows: how many it has.
        filled: for each column the share of rows that hold something.
        total: the sum of a column of numbers over all rows, by its position.
    """

    rows: int
    filled: Sequence[float]
    total: Callable[[int], float]


def leave_out(table: RawTable, columns: list[Column]) -> LeftOut:
    """Take total and footer rows out of a table.

    Args:
        table: the table; its rows are dropped in place.
        columns: its columns as :func:`kpi_tree.ingest.cells.columns.look` saw them, in order.
    """
    filled = [float((~c.blank)[c.cells.index].mean()) if table.rows else 0.0 for c in columns]
    whole = Whole(table.rows, filled, lambda i: float(_floats(columns[i]).sum()))
    total, foot = no_records(table, columns, whole)
    gone = LeftOut(table.lines[total].tolist(), table.lines[foot].tolist())
    table.keep(~(foot | total))
    return gone


def no_records(table: RawTable, columns: list[Column], whole: Whole) -> tuple[BoolArray, BoolArray]:
    """Which rows are totals, and which are footers.

    Args:
        table: some rows of the whole, among them its first 200 and its last 30, in order.
        columns: their columns.
    """
    none = np.zeros(table.rows, bool)
    if table.rows < 2 or not columns:
        return none, none
    foot = _footers(table, columns)
    numeric = [i for i, c in enumerate(columns) if c.kind in ("integer", "number") and c.numbers is not None]
    texts = [i for i, c in enumerate(columns) if c.kind in ("text", "date", "datetime", "empty")]
    total = _labelled(table, columns, numeric, whole)
    if numeric:
        if table.rows == whole.rows:
            total |= _blocks(table, columns, numeric, texts, foot | total)
        total |= _sums(table, columns, numeric, texts, foot | total, whole)
    total |= taxes_below(columns, total)
    total &= ~foot
    return (total, foot) if int((foot | total).sum()) < whole.rows else (none, none)


def _filled(table: RawTable, start: int, count: int) -> npt.NDArray[np.int64]:
    """How many cells of each row hold something."""
    size = max(min(count, table.rows - start), 0)
    found = np.zeros(size, np.int64)
    for column in table.columns:
        found += np.asarray(pc.not_equal(pc.utf8_trim_whitespace(column.slice(start, size)), ""), bool)
    return found


def _footers(table: RawTable, columns: list[Column]) -> BoolArray:
    """Lone cells of text at the end of a table with three columns or more."""
    mask = np.zeros(table.rows, bool)
    if len(columns) < 3:
        return mask
    typed = [i for i, c in enumerate(columns) if c.kind in ("integer", "number", "date", "datetime")]
    last = table.rows
    start = max(last - 30, 0)
    filled = _filled(table, start, last - start)
    usual = int(np.median(_filled(table, 0, min(last, 200))))
    if usual < 3 or not typed:
        return mask
    for i in range(last - 1, start - 1, -1):
        first = (table.columns[0][i].as_py() or "").strip()
        lone = filled[i - start] == 1 and bool(first)
        if not lone or is_total_label(first) or _is_value(columns[0], i):
            break
        mask[i] = True
    return mask


def _is_value(column: Column, row: int) -> bool:
    text = int(column.cells.index[row])
    if column.kind in ("integer", "number") and column.numbers is not None:
        return bool(column.numbers.ok[text])
    if column.kind in ("date", "datetime") and column.dates is not None:
        return bool(column.dates.ok[text])
    return False


def _labelled(table: RawTable, columns: list[Column], numeric: list[int], whole: Whole) -> BoolArray:
    """Rows whose first filled cell is a word for a total, while their other words are missing or dashes."""
    mask = np.zeros(table.rows, bool)
    label_columns = [i for i in range(min(len(columns), LABELS)) if i not in numeric] or [0]
    for i in label_columns:
        cells = columns[i].cells if len(columns[i].cells.index) == table.rows else cells_of(table.columns[i])
        labels = labels_among(cells)
        if not labels.any():
            continue
        for row in np.flatnonzero(labels[cells.index]):
            text = cells.texts[int(cells.index[row])].as_py()
            if _blank_elsewhere(table, columns, numeric, int(row), i, whole, sure=is_sure_total_label(text)):
                mask[row] = True
    return mask if mask.sum() <= max(3, whole.rows * 0.5) else np.zeros(table.rows, bool)


def _blank_elsewhere(
    table: RawTable,
    columns: list[Column],
    numeric: list[int],
    row: int,
    label: int,
    whole: Whole,
    *,
    sure: bool,
) -> bool:
    """A total names nothing else: its other text and date cells are mostly blank, unlike other rows'."""
    others = [
        i for i, c in enumerate(columns) if i not in numeric and i != label and c.kind not in ("empty",)
    ]
    if not others:
        none = np.zeros(table.rows, bool)
        empty = all(columns[i].blank[int(columns[i].cells.index[row])] for i in numeric)
        return sure or (
            _is_edge(table, row)
            and (
                empty
                or _is_sum(columns, numeric, row, none, whole, mean=True)
                or (table.rows == whole.rows and row > 1 and _tops(columns, numeric, row))
            )
        )
    if sure and _is_sum(columns, numeric, row, np.zeros(table.rows, bool), whole):
        return True
    blank = 0
    for i in others:
        index = int(columns[i].cells.index[row])
        blank += bool(columns[i].blank[index]) or _same_in_all(columns[i])
    dated = [i for i in others if columns[i].kind in ("date", "datetime")]
    if any(not columns[i].blank[int(columns[i].cells.index[row])] for i in dated):
        return False
    return blank == len(others) or (sure and blank >= len(others) / 2)


def _tops(columns: list[Column], numeric: list[int], row: int) -> bool:
    """Whether the numbers of a row are the sums of all those above it."""
    return _adds_up([_floats(columns[i]) for i in numeric], row, 0, np.ones(row, bool))


def _same_in_all(column: Column) -> bool:
    return int((~column.blank).sum()) == 1


def _is_edge(table: RawTable, row: int) -> bool:
    return row < 1 or row >= table.rows - EDGE


def _sums(
    table: RawTable,
    columns: list[Column],
    numeric: list[int],
    texts: list[int],
    drop: BoolArray,
    whole: Whole,
) -> BoolArray:
    """Rows at an end, without a name, whose numbers are the sums of all the others'."""
    mask = np.zeros(table.rows, bool)
    if table.rows < 3:
        return mask
    named = [i for i in texts if whole.filled[i] > 0.5]
    for row in [*range(min(1, table.rows)), *range(max(table.rows - 3, 1), table.rows)]:
        if drop[row]:
            continue
        missing = [i for i in named if columns[i].blank[int(columns[i].cells.index[row])]]
        if not missing and named:
            continue
        if _is_sum(columns, numeric, row, drop | mask, whole):
            mask[row] = True
    return mask


def _blocks(
    table: RawTable, columns: list[Column], numeric: list[int], texts: list[int], drop: BoolArray
) -> BoolArray:
    """Rows without any name whose every number is the sum of the rows since the one before: subtotals, where
    all such rows of the table are."""
    none = np.zeros(table.rows, bool)
    named = np.zeros(table.rows, bool)
    for i in texts:
        named |= ~columns[i].blank[columns[i].cells.index]
    bare = np.flatnonzero(~named & ~drop)
    if not texts or len(bare) < 2 or bare[0] < 2:
        return none
    values = [_floats(columns[i]) for i in numeric]
    found, start = none.copy(), 0
    for row in bare.tolist():
        inside = named[start:row] & ~drop[start:row]
        every = named[:row] & ~drop[:row]
        if not (_adds_up(values, row, start, inside) or _adds_up(values, row, 0, every)):
            return none
        found[row] = True
        start = row + 1
    return found


def _adds_up(values: list[npt.NDArray[np.float64]], row: int, start: int, inside: BoolArray) -> bool:
    """Whether the numbers of a row are the sums of some rows above it."""
    given = [column for column in values if column[row]]
    sums = [float(column[start:row][inside].sum()) for column in given]
    return bool(given) and all(
        abs(total - column[row]) <= _rounding(column, row) for total, column in zip(sums, given, strict=True)
    )


def _is_sum(
    columns: list[Column], numeric: list[int], row: int, drop: BoolArray, whole: Whole, *, mean: bool = False
) -> bool:
    """Whether the numbers of a row are the sums of all the others', or (``mean``) their means as far as they
    are written."""
    agree = 0
    count = whole.rows - int(drop.sum()) - 1
    for i in numeric:
        values = _floats(columns[i])
        mine = values[row]
        if mine:
            rest = whole.total(i) - values[drop].sum() - mine
            agree += abs(rest - mine) <= _rounding(values, row) or (
                mean and count > 1 and abs(rest / count - mine) <= 0.0051
            )
    return agree >= 2 or (agree == 1 and len(numeric) == 1 and count >= 2)


def _rounding(values: npt.NDArray[np.float64], row: int) -> float:
    """How far a sum may be from the number of a row; in a column of tiny numbers less than in others."""
    return 1e-6 * max(abs(float(values[row])), min(float(np.abs(values).max()), 1.0))


def _floats(column: Column) -> npt.NDArray[np.float64]:
    assert column.numbers is not None
    return np.asarray(column.numbers.floats()[column.cells.index], np.float64)
