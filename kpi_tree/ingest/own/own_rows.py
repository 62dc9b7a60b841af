"""What a file brings to a table of the shop's own: which columns are read, what names a row, what to say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.files.source import Source
from kpi_tree.ingest.mapping.layout import Layout, Wanted, normal
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.issues import Issue
from kpi_tree.records.tables import ROW, ROW_KEY, Table

_READ_AS = {"seconds": "duration"}


def layout_of(raw: Raw, table: Table) -> Layout:
    """What is read from the file: each column under its header, or under its own name."""
    have = {normal(name): name for name in reversed(raw.table.names)}
    wanted: dict[str, Wanted] = {}
    for column in table.columns.values():
        header = have.get(normal(column.label)) or have.get(normal(column.name))
        if header is not None and column.name != ROW_KEY:
            kind = _READ_AS.get(column.unit or "", column.type) if column.type == "number" else column.type
            wanted[column.name] = Wanted(column.name, kind, (header,), required=column.required)
    needed = [name for name in (*table.key, table.time) if name and name != ROW_KEY and name not in wanted]
    if needed or not wanted:
        missing = table.columns[needed[0]] if needed else next(iter(table.columns.values()))
        raise Refused(
            msg("The file has no column {name}.", name=missing.label or missing.name),
            place=raw.source.name,
            remedy=msg("The table {table} needs it; its columns are: {names}.", table=table.name,
                       names=", ".join(one.label or one.name for one in table.columns.values())),
        )  # fmt: skip
    return Layout("", "", wanted, (), {table.name: ""})


def rows_of(
    table: Table,
    columns: Mapping[str, pa.Array],
    lines: npt.NDArray[np.int64],
    bad: npt.NDArray[np.bool_],
) -> pa.Table:
    """The rows that can be used, with a key of their own where the table has no other."""
    rows = pa.table({**columns, ROW: pa.array(lines)}).filter(pa.array(~bad))
    if ROW_KEY not in table.key:
        return rows
    return rows.append_column(ROW_KEY, _row_keys(rows))


def marks_of(rows: pa.Table) -> list[str]:
    """A mark for each row made of its content; ``_row``, the last column, does not count.

    >>> one, two = marks_of(pa.table({"a": ["x", "x"], "b": [1, 1], ROW: [7, 8]}))
    >>> one == two
    True
    """
    names = rows.column_names[:-1]
    texts = [rows.column(name).cast(pa.string()).fill_null("\0").to_pylist() for name in names]
    return [
        hashlib.md5("\x1f".join(row).encode(), usedforsecurity=False).hexdigest()
        for row in zip(*texts, strict=True)
    ]


def _row_keys(rows: pa.Table) -> pa.Array:
    """A name for each row made of its content, and its number among rows that say the very same."""
    seen: dict[str, int] = {}
    keys = []
    for mark in marks_of(rows):
        seen[mark] = seen.get(mark, 0) + 1
        keys.append(f"{mark}-{seen[mark]}")
    return pa.array(keys, pa.string())


def last_of_key(table: Table, rows: pa.Table) -> tuple[pa.Table, int]:
    """The last row of each key, and how many rows of the file gave way to a later one."""
    at = rows.append_column("_at", pa.array(np.arange(rows.num_rows)))
    last = at.group_by(list(table.key), use_threads=False).aggregate([("_at", "max")])
    kept = rows.take(np.sort(np.asarray(last.column("_at_max"))))
    return kept, rows.num_rows - kept.num_rows


def about_own(table: Table, raw: Raw, source: Source, replaced: int) -> Sequence[Issue]:
    """Columns that the table does not have, and rows that a later one of the same key replaced."""
    known = {normal(text) for column in table.columns.values() for text in (column.label, column.name)}
    found = []
    extra = [name for name in raw.table.names if normal(name) not in known]
    if extra:
        found.append(
            Issue(
                "warning", "further_columns",
                msg("The table {table} has no column {name}; it is not read.", table=table.name,
                    name=", ".join(extra[:8])),
                source.name, msg("Make a new table of the file to keep it."), count=len(extra),
            )
        )  # fmt: skip
    if replaced:
        key = ", ".join(table.columns[name].label or name for name in table.key)
        found.append(
            Issue(
                "warning", "repeated_keys",
                msg("{n} rows are replaced by a later row with the same {key}.", n=replaced, key=key),
                source.name, msg("Name further columns of the key when the table is made."), count=replaced,
            )
        )  # fmt: skip
    return found
