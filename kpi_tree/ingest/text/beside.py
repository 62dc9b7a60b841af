"""Tables that stand side by side with an empty column between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from kpi_tree.ingest.cells.shapes import BoolArray
from kpi_tree.ingest.text.outline import Outline
from kpi_tree.ingest.text.table import RawTable, unique_names

PART = 10_000_000_000
"""Lines of the second of several tables that share lines are numbered from here on, those of the third
from twice as much: a record's row number names its table too."""


def split_beside(outline: Outline, table: RawTable) -> Iterator[tuple[Outline, RawTable]]:
    """The tables of a table: itself, or those that stand left and right of empty columns.

    An empty column alone does not tell two tables apart, many exports have one. The header must name the
    same thing on both sides, or one side must end before the other.

    >>> import numpy as np, pyarrow as pa
    >>> names = ["Day", "Sales", "", "Day", "Visits"]
    >>> cells = [["1", "2"], ["5", "6"], ["", ""], ["1", ""], ["7", ""]]
    >>> table = RawTable(unique_names(names), [pa.chunked_array([c]) for c in cells], np.array([2, 3]))
    >>> [(found.names, found.rows) for _, found in split_beside(Outline(names, 1), table)]
    [(['Day', 'Sales'], 2), (['Day', 'Visits'], 1)]
    """
    groups = _groups(outline, lambda i: _empty(table, i)) if table.rows else []
    if len(groups) < 2 or not (_named_twice(outline, groups) or _uneven(table, groups)):
        yield outline, table
        return
    for columns in groups:
        header = [outline.header[i] for i in columns]
        preamble = [(line, [cells[i] for i in columns if i < len(cells)]) for line, cells in outline.preamble]
        preamble = [(line, cells) for line, cells in preamble if any(cell.strip() for cell in cells)]
        kinds = "".join(outline.kinds[i] for i in columns) if len(outline.kinds) > columns[-1] else ""
        units = [outline.units[i] for i in columns] if outline.units else []
        cut = RawTable(unique_names(header), [table.columns[i] for i in columns], table.lines)
        cut.keep(_filled(table, columns))
        yield replace(outline, header=header, preamble=preamble, kinds=kinds, units=units), cut


def are_beside(outline: Outline, empty: Sequence[bool]) -> bool:
    """Whether a header names the same thing on both sides of an empty column, as tables side by side do.

    Args:
        empty: of each column, whether no row holds anything in it.

    >>> are_beside(Outline(["Day", "Sales", "", "Day", "Visits"], 1), [False, False, True, False, False])
    True
    """
    groups = _groups(outline, lambda i: empty[i])
    return len(groups) > 1 and _named_twice(outline, groups)


def _groups(outline: Outline, empty: Callable[[int], bool]) -> list[list[int]]:
    """Runs of columns between those that have neither a name nor a cell; each of two columns or more."""
    if not any(not name.strip() for name in outline.header[1:-1]):
        return []
    groups: list[list[int]] = [[]]
    for i, name in enumerate(outline.header):
        if name.strip() or not empty(i):
            groups[-1].append(i)
        elif groups[-1]:
            groups.append([])
    groups = [group for group in groups if group]
    return groups if all(len(group) > 1 for group in groups) else []


def _empty(table: RawTable, column: int) -> bool:
    return not pc.any(pc.not_equal(pc.utf8_trim_whitespace(table.columns[column]), "")).as_py()


def _filled(table: RawTable, columns: list[int]) -> BoolArray:
    """Rows that hold something in any of these columns."""
    found = np.zeros(table.rows, bool)
    for i in columns:
        found |= np.asarray(pc.not_equal(pc.utf8_trim_whitespace(table.columns[i]), ""), bool)
    return found


def _named_twice(outline: Outline, groups: list[list[int]]) -> bool:
    named = [{outline.header[i].strip().casefold() for i in group} for group in groups]
    return any(named[i] & named[j] for i in range(len(named)) for j in range(i))


def _uneven(table: RawTable, groups: list[list[int]]) -> bool:
    """One side ends before the other: rows that only the other has, at the end and nowhere else."""
    filled = [_filled(table, group) for group in groups]
    ends = [int(np.flatnonzero(one).max(initial=-1)) for one in filled]
    whole = all(bool(one[: end + 1].all()) for one, end in zip(filled, ends, strict=True))
    return whole and len(set(ends)) > 1
