"""What cells look like, one by one and as a column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from kpi_tree.ingest.cells.dateshapes import date_shapes
from kpi_tree.ingest.cells.numbers import number_shape
from kpi_tree.ingest.cells.shapes import plain_text
from kpi_tree.ingest.cells.words import FALSE_WORDS, NULLS, TRUE_WORDS

LOOK = 80
"""Rows that tell what a column holds."""


def cell_kind(cell: str) -> str:
    """What one cell looks like: ``n`` number, ``d`` date, ``b`` yes or no, ``e`` empty, ``t`` text.

    >>> [cell_kind(text) for text in ("1 234,50", "3 May 2024", "ja", "-", "Lampe")]
    ['n', 'd', 'b', 'e', 't']
    """
    return _kind_of(cell[:100])


@lru_cache(maxsize=50_000)
def _kind_of(cell: str) -> str:
    """The same for the first characters of a cell; rows are looked at again for each that may be a header."""
    text = plain_text(cell)
    if text.lower() in NULLS:
        return "e"
    shape = re.sub(r"[0-9]", "9", text)
    if "9" in shape:
        if number_shape(shape):
            return "n"
        if date_shapes(shape) or re.match(r"^9{1,5}:99(:99)?$", shape):
            return "d"
    if text.lower() in (TRUE_WORDS | FALSE_WORDS) - {"0", "1"}:
        return "b"
    return "t"


def column_kind(rows: Sequence[list[str]], index: int) -> str:
    """What most cells of a column are; see :func:`cell_kind`.

    >>> column_kind([["a", "1"], ["b", "-"], ["c", "2"]], 1)
    'n'
    """
    kinds = [cell_kind(cells[index]) for cells in rows[:LOOK] if index < len(cells)]
    kinds = [kind for kind in kinds if kind != "e"]
    if not kinds:
        return "e"
    best = max(set(kinds), key=kinds.count)
    return best if kinds.count(best) >= 0.6 * len(kinds) else "t"
