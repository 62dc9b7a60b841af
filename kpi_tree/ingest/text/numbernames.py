"""Columns that are named by numbers: years, days of a month, the steps of a scale."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kpi_tree.ingest.cells.shapes import MACHINE
from kpi_tree.ingest.text.cellkind import cell_kind

LEAST = 3
"""Rows below a row with an empty corner that tell that the corner is one."""
STEPS = 6
"""Numbers that rise from cell to cell and are taken for the steps of a scale."""
_SHORT = re.compile(r"(19|20)\d\d|\d{1,2}")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


def has_corner(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row names all columns but the one with the names of the rows: its first cell alone is empty,
    and no row's below it is.

    >>> has_corner(["", "16.5", "17"], [["71", "0", "1"], ["70", "0", "2"], ["69", "1", "0"]])
    True
    >>> has_corner(["", "16.5"], [["71", "0"], ["", "0"], ["69", "1"]])
    False
    >>> has_corner(["", "2024-01", "2024-02"], [["Oslo", "5", "6"]])  # months are no values
    True
    """
    rest = [cell.strip() for cell in cells[1:]]
    named = bool(rest) and all(rest) and len(set(rest)) == len(rest) and not cells[0].strip()
    least = 1 if are_dates(cells) else LEAST
    return named and len(below) >= least and all(row[0].strip() for row in below)


def are_dates(cells: Sequence[str]) -> bool:
    """Whether a row with an empty corner names all other columns by dates.

    >>> are_dates(["", "2024-01", "2024-02"]), are_dates(["Oslo", "2024-01"])
    (True, False)
    """
    return len(cells) > 1 and not cells[0].strip() and all(cell_kind(cell) == "d" for cell in cells[1:])


def number_names(cells: Sequence[str], below: Sequence[Sequence[str]], *, corner: bool) -> set[int]:
    """Places of the cells whose numbers may be names, where the first cell is a name or an empty corner.

    >>> number_names(["City", "2024", "12.5"], [], corner=False)
    {1}
    >>> scale = ["Turbine", "0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]
    >>> sorted(number_names(scale, [["A", "0", "0", "7", "9", "9", "9"]], corner=False))
    [1, 2, 3, 4, 5, 6]
    """
    plain = [cell.lstrip(MACHINE).strip() for cell in cells]
    if corner or (_rises(plain) and not any(_rises([cell.strip() for cell in row]) for row in below)):
        return set(range(1, len(cells)))
    return {i for i, cell in enumerate(plain) if _SHORT.fullmatch(cell)}


def _rises(cells: Sequence[str]) -> bool:
    """Whether all cells but the first are numbers, each larger than the one before."""
    if len(cells) <= STEPS or not all(_NUMBER.fullmatch(cell) for cell in cells[1:]):
        return False
    return all(float(one) < float(other) for one, other in pairwise(cells[1:]))
