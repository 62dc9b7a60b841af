"""Single looks into a file: its column names, and the very row that a stored record came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.cells.shapes import IntArray
from kpi_tree.ingest.limits import LIMITS, Limits
from kpi_tree.ingest.mapping import mapping_from
from kpi_tree.ingest.raw import Raw
from kpi_tree.ingest.sections import open_table, open_tables
from kpi_tree.ingest.text.outline import plain_cell

PEEK = 1 << 22
"""Bytes of a large text file in which its header is looked for."""
_PACKED = (b"PK", b"\xd0\xcf", b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff")


def headers(path_or_bytes: Path | str | bytes, name: str, *, limits: Limits = LIMITS) -> list[str]:
    """A file's column names as mappings name them, read without any hint.

    >>> headers("Dato;Beløp\\n2024-05-01;12,50\\n".encode(), "a.csv")
    ['Dato', 'Beløp']
    """
    _, raw = open_table(beginning(path_or_bytes), name, mapping_from(None), limits)
    return list(raw.table.names)


def beginning(source: Path | str | bytes) -> Path | str | bytes:
    """The first megabytes of a large plain text file, up to a line end; any other file as it is."""
    if isinstance(source, bytes):
        start, size = source[: PEEK + 1], len(source)
    else:
        with Path(source).open("rb") as file:
            start, size = file.read(PEEK + 1), Path(source).stat().st_size
    cut = start.rfind(b"\n")
    if size <= PEEK or start.startswith(_PACKED) or cut < 0:
        return source
    return start[: cut + 1]


def rows_at(
    path_or_bytes: Path | str | bytes,
    name: str,
    lines: Sequence[int],
    *,
    mapping: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> list[list[str]]:
    """The header, then the rows that begin at these lines of the file (a record's ``_row``), in file order.

    The header is that of the first table that holds one of them.

    >>> rows_at(b"a,b\\n1,2\\n3,4\\n", "x.csv", [3])
    [['a', 'b'], ['3', '4']]
    """
    _, tables = open_tables(path_or_bytes, name, mapping_from(mapping), limits)
    wanted = np.asarray(sorted(set(lines)), dtype=np.int64)
    inside = [(raw, np.flatnonzero(np.isin(raw.table.lines, wanted))) for raw in tables]
    found = [(raw, where) for raw, where in inside if len(where)] or inside[:1]
    body = [row for raw, where in found for row in _taken(raw, where)]
    return [[plain_cell(cell) for cell in found[0][0].outline.header], *body]


def _taken(raw: Raw, where: IntArray) -> list[list[str]]:
    taken = [column.take(pa.array(where)).to_pylist() for column in raw.table.columns]
    return [[plain_cell(cell) for cell in row] for row in zip(*taken, strict=True)]
