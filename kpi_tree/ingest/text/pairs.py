"""Reports of one thing as lines of name and value: turned into a table of one row, or one for each part."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.text.lines import Row
from kpi_tree.ingest.text.outline import Outline
from kpi_tree.ingest.text.table import RawTable, unique_names

LEAST = 4
"""Known names below which lines of two cells are no report."""
_WITH_SHARE = re.compile(r"^([0-9][0-9.,\s]*?)\s*\([0-9.,\s]+%\)$")


def pairs(rows: Sequence[Row], known: Callable[[Sequence[str]], bool]) -> tuple[Outline, RawTable] | None:
    """The name and value lines at the start of a file as a table; None where it does not begin so.

    A name that comes again begins another row, which keeps what stood above the first of its kind.
    ``8 (0.5%)`` counts as 8.

    Args:
        rows: the first rows of the file with their lines.
        known: whether names (without their colon) are those of a report that some layout knows.

    >>> rows = [(1, ["Report"]), (2, ["Title:", "May"]), (3, ["Sent:", "9"]), (4, ["Opens:", "3 (33%)"]),
    ...     (5, ["Clicks:", "1"]), (6, []), (7, ["URL", "Clicks", "Unique"])]
    >>> outline, table = pairs(rows, lambda names: "Opens" in names)
    >>> outline.header, [column.to_pylist() for column in table.columns]
    (['Title', 'Sent', 'Opens', 'Clicks'], [['May'], ['9'], ['3'], ['1']])
    """
    records: list[dict[str, str]] = []
    lines: list[int] = []
    taken: list[Row] = []
    for line, cells in rows:
        filled = [cell.strip() for cell in cells]
        if len([cell for cell in filled if cell]) > 2:
            break
        taken.append((line, cells))
        if len(filled) < 2 or not filled[0].endswith((":", "：")):
            continue
        name = filled[0].rstrip(":： ")
        if not records or name in records[-1]:
            before = records[-1] if records else {}
            records.append(
                {key: before[key] for key in list(before)[: list(before).index(name)]} if before else {}
            )
            lines.append(line)
        records[-1][name] = _WITH_SHARE.sub(r"\1", filled[1])
    names = list(dict.fromkeys(name for record in records for name in record))
    if len(names) < LEAST or not known(names):
        return None
    columns = [
        pa.chunked_array([[record.get(name, "") for record in records]], pa.string()) for name in names
    ]
    table = RawTable(unique_names(names), columns, np.array(lines, np.int64))
    if len(taken) < len(rows):
        table.rest = iter(rows[len(taken) :])
    return Outline(names, 0, [], header_rows=0), table
