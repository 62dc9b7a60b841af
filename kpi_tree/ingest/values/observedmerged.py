"""What merged cells leave behind in a file of KPI values: a name in the first row of a block, none below."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from kpi_tree.i18n import msg, nmsg
from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.values.dimensions import dimension_named
from kpi_tree.ingest.values.observed import DATE_HEADERS, KPI_HEADERS


def filled_down(raw: Raw, complaints: Complaints) -> list[Column]:
    """A file's columns, with what merged cells have left empty filled from above.

    A KPI or a date is filled where each row stays the only one of its kind; a store and the like, which may
    be left empty for all of them, only where every block lists the same.
    """
    keys = [column for column in raw.columns if _is_key(column)]
    found = list(raw.columns)
    for column in keys:
        others = [one for one in keys if one is not column]
        empty = column.blank[column.cells.index]
        if (
            not others
            or not empty.any()
            or empty[0]
            or any(one.blank[one.cells.index].any() for one in others)
        ):
            continue
        block = np.cumsum(~empty) - 1
        names = _rows(others)
        each = [names[block == number] for number in range(int(block[-1]) + 1)]
        same = len(each) > 1 and len(each[0]) > 1 and all(np.array_equal(one, each[0]) for one in each)
        once = all(len(set(one.tolist())) == len(one) for one in each)
        required = normal(column.name) in KPI_HEADERS | DATE_HEADERS
        if not (same or (required and once)):
            _tell_of_all(raw, complaints, column, empty)
            continue
        found[found.index(column)] = _filled(column, np.flatnonzero(~empty)[block])
        complaints.say(
            "info",
            "filled_down",
            msg("Empty cells of the column {name} count as the cell above them.", name=column.name),
            row=int(raw.table.lines[np.flatnonzero(empty)[0]]),
            column=column.name,
            count=int(empty.sum()),
        )
    return found


def _tell_of_all(
    raw: Raw, complaints: Complaints, column: Column, empty: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> None:
    """Rows without a store and the like, beside rows with one."""
    if normal(column.name) in KPI_HEADERS | DATE_HEADERS:
        return
    count = int(empty.sum())
    complaints.say(
        "warning",
        "rows_of_all",
        nmsg(
            "{n} row names no {name}: it counts for all of them together.",
            "{n} rows name no {name}: they count for all of them together.",
            count,
            name=column.name,
        ),
        row=int(raw.table.lines[np.flatnonzero(empty)[0]]),
        column=column.name,
        count=count,
        remedy=msg("If the cells were merged with those above, fill them and load the file again."),
    )


def _is_key(column: Column) -> bool:
    return bool(normal(column.name) in KPI_HEADERS | DATE_HEADERS or dimension_named(column.name))


def _rows(columns: list[Column]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """One number a row, the same for rows whose cells are the same in all columns."""
    whole = np.stack([column.cells.index for column in columns])
    return np.asarray(np.unique(whole, axis=1, return_inverse=True)[1], np.int64).reshape(-1)


def _filled(column: Column, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Column:
    texts = column.cells.texts.take(pa.array(column.cells.index[rows]))
    return replace(column, cells=cells_of(texts), blank=np.zeros(0, bool))
