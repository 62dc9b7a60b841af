"""Single looks into a file: its column names, and the very row that a stored record came from."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.answers.limits import LIMITS, Limits
from kpi_tree.ingest.cells.shapes import IntArray
from kpi_tree.ingest.files.source import is_other_kind
from kpi_tree.ingest.mapping.evidence import sums_of_lines
from kpi_tree.ingest.mapping.guess import guessed
from kpi_tree.ingest.mapping.mapping import FileMapping, mapping_from, propose
from kpi_tree.ingest.sections import open_table, open_tables
from kpi_tree.ingest.stream.file import is_big
from kpi_tree.ingest.stream.near import rows_near
from kpi_tree.ingest.text.outline import plain_cell
from kpi_tree.ingest.text.table import RawTable

PEEK = 1 << 22
"""Bytes of a large text file in which its header is looked for."""
_GZIP = b"\x1f\x8b"
_WIDE_ENDS = {b"\xff\xfe": b"\n\0", b"\xfe\xff": b"\0\n"}
"""Mark of an encoding of two bytes a character → how its lines end."""


def headers(
    path_or_bytes: Path | str | bytes, name: str, *, section: Any = None, limits: Limits = LIMITS
) -> list[str]:
    """A file's column names as mappings name them, read without any hint but which of its tables is meant.

    >>> headers("Dato;Beløp\\n2024-05-01;12,50\\n".encode(), "a.csv")
    ['Dato', 'Beløp']
    """
    said = mapping_from({"options": {"section": section}})
    _, raw = open_table(beginning(path_or_bytes), name, said, limits)
    return list(raw.table.names)


def proposed_for(
    path_or_bytes: Path | str | bytes,
    name: str,
    table: str,
    options: Mapping[str, Any],
    *,
    limits: Limits = LIMITS,
) -> FileMapping:
    """How a file's columns would fill a table that somebody chose, as far as names and values tell.

    Args:
        table: a record table or one of ``COMPOSED``. options: what was said of the file so far.

    >>> found = proposed_for("Dato;Sum kr;Slag\\n2026-05-01;12,50;Porto\\n".encode(), "a.csv", "costs", {})
    >>> found.columns["Sum kr"], found.columns["Dato"]
    ('amount', 'incurred_on')
    """
    said = {key: value for key, value in options.items() if key not in ("layout", "values")}
    _, raw = open_table(beginning(path_or_bytes), name, mapping_from({"options": said}), limits)
    by_names = sums_of_lines(propose(raw.columns, table) or FileMapping(table), raw.columns)
    found = guessed(by_names, raw.columns)
    return found if found.table is not None else by_names


def beginning(source: Path | str | bytes) -> Path | str | bytes:
    """The first megabytes of a large text file, unpacked from gz, up to a line end; any other file as it is.

    >>> beginning(b"a,b\\n1,2\\n")
    b'a,b\\n1,2\\n'
    """
    with io.BytesIO(source) if isinstance(source, bytes) else Path(source).open("rb") as stream:
        start = stream.read(PEEK + 1)
        if start.startswith(_GZIP):
            stream.seek(0)
            try:
                with gzip.open(stream) as inner:
                    start = inner.read(PEEK + 1)
            except (OSError, EOFError, zlib.error):
                return source
    end = next((end for mark, end in _WIDE_ENDS.items() if start.startswith(mark)), b"\n")
    cut = start[: len(start) - len(start) % len(end)].rfind(end)
    if len(start) <= PEEK or is_other_kind(start[:8]) or cut < 0 or cut % len(end):
        return source
    return start[: cut + len(end)]


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
    if is_big(path_or_bytes, limits):
        near = rows_near(path_or_bytes, name, mapping_from(mapping), limits, lines)
        at = [np.flatnonzero(np.isin(table.lines, np.asarray(lines, np.int64))) for _, table in near]
        body = [row for (_, table), where in zip(near, at, strict=True) for row in _taken(table, where)]
        return [[plain_cell(cell) for cell in near[0][0]], *body]
    _, tables = open_tables(path_or_bytes, name, mapping_from(mapping), limits)
    wanted = np.asarray(sorted(set(lines)), dtype=np.int64)
    inside = [(raw, np.flatnonzero(np.isin(raw.table.lines, wanted))) for raw in tables]
    found = [(raw, where) for raw, where in inside if len(where)] or inside[:1]
    body = [row for raw, where in found for row in _taken(raw.table, where)]
    return [[plain_cell(cell) for cell in found[0][0].outline.header], *body]


def _taken(table: RawTable, where: IntArray) -> list[list[str]]:
    taken = [column.take(pa.array(where)).to_pylist() for column in table.columns]
    return [[plain_cell(cell) for cell in row] for row in zip(*taken, strict=True)]
