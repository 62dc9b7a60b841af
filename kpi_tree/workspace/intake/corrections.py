"""Corrected rows as they are kept: a small CSV, line of the file first, that belongs to the file's batch."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from kpi_tree.store import Home
from kpi_tree.store import batches as kept

MENDS = "mends"
"""In a receipt: the batch whose rows this one corrects; ``mended`` are their lines."""


def encoded(batch_id: str, names: Sequence[str], rows: Mapping[int, Sequence[str]]) -> bytes:
    """Corrected rows as the file that is kept for them. The batch stands in it: files are told by content.

    >>> encoded("b7", ["a", "b"], {3: ["x", "1,5"]})
    b'line of b7,a,b\\r\\n3,x,"1,5"\\r\\n'
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([f"line of {batch_id}", *names])
    writer.writerows([line, *rows[line]] for line in sorted(rows))
    return out.getvalue().encode()


def decoded(content: bytes) -> tuple[list[str], dict[int, list[str]]]:
    """Column names and rows by line; the inverse of :func:`encoded`.

    >>> decoded(b'line of b7,a,b\\r\\n3,x,"1,5"\\r\\n')
    (['a', 'b'], {3: ['x', '1,5']})
    """
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return header[1:], {int(line): cells for line, *cells in rows}


def corrections_in(home: Home, batch: kept.Batch) -> dict[int, list[str]]:
    """The rows that a batch of corrections holds."""
    return decoded(kept.source_file(home, batch.id).read_bytes())[1]


def standing(home: Home, batch_id: str) -> dict[int, list[str]]:
    """Every correction of a batch's rows that counts now; a later one of the same row wins."""
    found: dict[int, list[str]] = {}
    for mend in kept.mends(home, batch_id):
        if mend.status == "active":
            found |= corrections_in(home, mend)
    return found


def solved(home: Home, batch_id: str) -> set[int]:
    """Lines of a batch's file that have left its quarantine."""
    return {
        int(line)
        for mend in kept.mends(home, batch_id)
        if mend.status == "active"
        for line in mend.receipt.get("mended", ())
    }


def root_of(home: Home, batch: kept.Batch) -> kept.Batch:
    """The batch that a correction belongs to; any other batch is its own."""
    parent = batch.receipt.get(MENDS)
    return kept.get(home, parent) if parent else batch
