"""What the records of each row of a file are beside what is known: new, changed, or known as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

UNCHANGED, CHANGED, NEW = 0, 1, 2
STRETCH = 1 << 20
"""Rows of a file whose marks are held together."""

IntArray = npt.NDArray[np.int64] | npt.NDArray[np.int32]
KindArray = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Comparison:
    """The outcome, row by row.

    Attributes:
        rows: the file row each record comes from.
        kinds: for each record ``UNCHANGED`` (known and the same), ``CHANGED`` (known under its key,
            another value now) or ``NEW``.
        first, last: the first and last business day the records speak of, where the table has a time.
    """

    rows: IntArray
    kinds: KindArray
    first: date | None
    last: date | None

    def count(self, kind: int) -> int:
        """How many records are of a kind."""
        return int((self.kinds == kind).sum())


def by_file_row(parts: Sequence[Comparison]) -> tuple[int, int, int]:
    """(new, changed, unchanged) in rows of the file: a row counts as the most that any record of it is.

    >>> one = Comparison(np.array([1, 2]), np.array([2, 0], dtype=np.int8), None, None)
    >>> two = Comparison(np.array([2]), np.array([1], dtype=np.int8), None, None)
    >>> by_file_row([one, two])
    (1, 1, 0)
    """
    marks = FileRows(parts)
    return marks.count(NEW), marks.count(CHANGED), marks.count(UNCHANGED)


class FileRows:
    """What the records of each row of a file are at most; one byte a row, held a stretch at a time.

    >>> marks = FileRows([Comparison(np.array([7, 7]), np.array([0, 2], dtype=np.int8), None, None)])
    >>> marks.count(NEW), marks.holds(np.array([6, 7])).tolist()
    (1, [False, True])
    >>> far = Comparison(np.array([1, 10**15]), np.array([2, 2], dtype=np.int8), None, None)
    >>> FileRows([far]).count(NEW)
    2
    """

    def __init__(self, parts: Sequence[Comparison] = ()) -> None:
        self._stretches: dict[int, KindArray] = {}
        for part in parts:
            self.take(part.rows, part.kinds)

    def take(self, rows: IntArray, kinds: KindArray) -> None:
        """Mark the file rows of some records."""
        for start in range(0, len(rows), STRETCH):
            self._put(rows[start : start + STRETCH], kinds[start : start + STRETCH])

    def _put(self, rows: IntArray, kinds: KindArray) -> None:
        if not len(rows):
            return
        where = rows // STRETCH
        # Only the stretches that hold a row: those of a file's next table begin ten thousand stretches later.
        for number in set(where[np.flatnonzero(np.diff(where, prepend=-1))].tolist()):
            if number not in self._stretches:
                self._stretches[number] = np.zeros(STRETCH, np.int8)
            marks = self._stretches[number]
            here = where == number
            for kind in (UNCHANGED, CHANGED, NEW):
                at = rows[here & (kinds == kind)] % STRETCH
                marks[at] = np.maximum(marks[at], kind + 1)

    def count(self, kind: int) -> int:
        """How many rows are of a kind."""
        return sum(int((marks == kind + 1).sum()) for marks in self._stretches.values())

    def holds(self, rows: IntArray) -> npt.NDArray[np.bool_]:
        """Which of some rows have a record."""
        found = np.zeros(len(rows), bool)
        where = rows // STRETCH
        for number, marks in self._stretches.items():
            here = where == number
            found[here] = marks[rows[here] % STRETCH] > 0
        return found
