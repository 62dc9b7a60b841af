"""Columns of a large file in which every cell can be read, as their profiles prove: they are done."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.convert import asked_as, convert, scale
from kpi_tree.ingest.cells.dateshapes import date_shapes
from kpi_tree.ingest.cells.shapes import Cells, IntArray
from kpi_tree.ingest.mapping.layout import Layout, Wanted, place
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.table.typed import context_for

_NUMBER = {
    "integer": re.compile(r"[-+]?9{1,13}"),
    "number": re.compile(r"[-+]?9{1,9}(?:[.,]9{1,4})?"),
}
_NUMBER["money"] = _NUMBER["quantity"] = _NUMBER["number"]
_DATES = ("instant", "local", "day")


def without_settled(raw: Raw, layout: Layout, said: FileMapping, zone: str) -> Layout:
    """A layout without the columns in which every cell will do.

    Args:
        raw: the table, its columns known by their profiles.
        zone: of times that carry none.
    """
    placed = place(layout, raw.table.names)
    clocks = {column.clock for column in raw.columns}

    def is_settled(wanted: Wanted, header: str | None) -> bool:
        column = raw.column(header) if header else None
        if column is None or header in clocks or column.clock:
            return False
        if not layout.vendor and asked_as(wanted.key, wanted.type, column) != wanted.type:
            return False
        if int(column.cells.counts.sum()) != raw.table.rows:
            return False  # of more kinds than a profile holds
        return _all_read(raw, column, wanted, said, zone)

    kept = {key: one for key, one in layout.columns.items() if not is_settled(one, placed.get(key))}
    return replace(layout, columns=kept)


def _all_read(raw: Raw, column: Column, wanted: Wanted, said: FileMapping, zone: str) -> bool:
    """Whether each text that stands for others is read, and by nothing but what they have in common."""
    shown = np.flatnonzero(column.cells.counts > 0)
    blank = column.blank[shown] if wanted.type != "text" else np.zeros(len(shown), bool)
    if not _alike(column, wanted.type, shown[~blank]):
        return False
    done = convert(_by_text(column), wanted.type, context_for(raw, wanted, said), zone, wanted.nulls)
    if done.readings or done.bad[shown].any():
        return False
    return not (wanted.required and np.asarray(done.values.is_null(), bool)[shown].any())


def _alike(column: Column, kind: str, texts: IntArray) -> bool:
    """Whether texts of one kind are all of this type or none: shapes of long or rounded numbers leave it to
    the single text."""
    if kind == "text":
        return True
    shapes = {column.cells.shapes[number] for number in column.cells.shape_of[texts].tolist()}
    if kind in _DATES:
        return all("9" in shape and date_shapes(shape) for shape in shapes)
    pattern = _NUMBER.get(kind)
    return pattern is not None and scale(column) == 1 and all(map(pattern.fullmatch, shapes))


def _by_text(column: Column) -> Column:
    """A column with a row for each text of its profile."""
    cells = column.cells
    each = np.arange(len(cells.texts))
    return replace(column, cells=Cells(cells.texts, each, cells.counts, cells.shape_of, cells.shapes))
