"""The first of several tables in a text, also where a wider one below it looks much more like a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from kpi_tree.ingest.text.begins import (
    begins_apart,
    begins_directly,
    names_in,
    rows_under,
    trimmed,
    values_under,
)
from kpi_tree.ingest.text.cellkind import cell_kind, column_kind
from kpi_tree.ingest.text.headrows import is_upper
from kpi_tree.ingest.text.lines import Row
from kpi_tree.ingest.text.outline import Outline, find_outline, is_comment

Known = Callable[[Sequence[str]], int]
LEAST_PAIRS = 4
"""Rows of a text and a number below which two columns may be a report's facts (``Store;12``), no table."""
MOST_FACTS = 12
"""Lines of two cells above a table that may be a report's facts; more of them are likely rows."""
LOOK = 30
"""Rows of a table that tell what its columns hold."""


def first_outline(
    rows: Sequence[Row], known: Known, *, header: bool | None = None, begins: int = 0
) -> Outline:
    """Where the first table of some rows stands; arguments as :func:`find_outline`.

    A narrow table above a wide one is no preamble of it: it has a header, values below it, and an empty line
    or a title before the next header, or the next is of another width. What stands in the tables below says
    nothing of the first one's columns.

    Args:
        begins: the line of its header, where that is known.

    >>> stock = [["SKU", "Stock", "Ordered"], ["A1", "5", "7"], ["A2", "6", "0"], []]
    >>> wide = [["Order", "Day", "Qty", "Price", "City"], ["1", "2024-05-01", "2", "9.5", "Oslo"]]
    >>> rows = list(enumerate([*stock, *wide, *wide[1:] * 5], start=1))
    >>> find_outline(rows, lambda cells: 0).header_line, first_outline(rows, lambda cells: 0).header_line
    (5, 1)
    """
    found = find_outline(rows, known, header=header)
    if header is False:
        return found
    starts = _starts(rows)
    for at, end in pairwise([*starts, len(rows)]):
        line = rows[at][0]
        if found.header_line and abs(found.header_line) < line and not begins:
            break
        if line == begins or (not begins and _is_table(rows[at:end], known)):
            above = find_outline(rows[:end], known)
            if above.header_line == line:
                return above
    after = next((at for at in starts if rows[at][0] > abs(found.header_line)), len(rows))
    alone = find_outline(rows[:after], known, header=header)
    return alone if alone.header_line == found.header_line else found


def _starts(rows: Sequence[Row]) -> list[int]:
    """The places of the rows with which tables begin, as far as their looks tell."""
    found: list[int] = []
    apart, table = True, None
    for at, (_, cells) in enumerate(rows):
        if not any(cell.strip() for cell in cells) or _is_lone(cells):
            apart = True
            continue
        names = names_in(cells)
        below = [under for _, under in rows[at + 1 : at + 1 + LOOK]] if names else []
        apart = apart or (at > 0 and bool(names) and is_upper(trimmed(rows[at - 1][1]), names))
        if names:
            if table is None or (apart and names == table.header):
                under = rows_under(names, below, 1) if apart else []
                begins = bool(under) and (bool(values_under(names, under[0])) or _are_texts(names, below))
            else:
                begins = (begins_apart if apart else begins_directly)(cells, below, table)
            if begins:
                found.append(at)
                table = Outline(names, 0, kinds=_kinds(names, below))
        apart = False
    return found


def _are_texts(names: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether rows below names, up to an empty line, fill as many columns, three or more, with texts."""
    end = next((i for i, cells in enumerate(below) if not any(cell.strip() for cell in cells)), 0)
    body = [trimmed(cells) for cells in below[:end]]
    return len(names) > 2 < len(body) and all(len(cells) == len(names) and all(cells) for cells in body)


def _kinds(names: Sequence[str], below: Sequence[Sequence[str]]) -> str:
    """What the columns below names hold, up to where another table may begin."""
    body = [list(cells) for cells in rows_under(names, below, LOOK)]
    end = next((i for i, cells in enumerate(body) if i and names_in(cells)), len(body))
    return "".join(column_kind(body[:end], i) for i in range(len(names)))


def rows_above(preamble: Sequence[Row]) -> list[int]:
    """Lines above a header that hold so much that they are likely rows of a table nobody found.

    >>> rows_above([(1, ["Report"]), (2, ["Store", "Oslo"]), (3, ["a", "b", "c"]), (4, ["d", "e", "f"])])
    [3, 4]
    >>> rows_above([(1, ["Report"]), (2, ["Store", "Oslo"]), (3, ["From", "2024-05-01"])])
    []
    """
    counts = [(line, sum(1 for cell in cells if cell.strip())) for line, cells in preamble]
    wide = [line for line, count in counts if count > 2]
    filled = [line for line, count in counts if count > 1]
    if len(filled) > MOST_FACTS:
        return filled
    return wide if len(wide) > 1 else []


def _is_lone(cells: Sequence[str]) -> bool:
    return sum(1 for cell in cells if cell.strip()) < 2 or is_comment(cells, hashes=False, most=2)


def _is_table(rows: Sequence[Row], known: Known) -> bool:
    """Whether rows below names are records: some column holds numbers or dates throughout.

    Two columns may be a report's facts: their labels are words, and none comes twice.
    """
    names = names_in(rows[0][1])
    if _are_texts(names, [cells for _, cells in rows[1:]]):
        return True
    body = [cells for _, cells in rows[1:] if not _is_lone(cells)]
    kinds = []
    for i in range(len(names)):
        seen = {cell_kind(cells[i]) for cells in body if i < len(cells)} - {"e"}
        kinds.append("n" if seen == {"n"} else "d" if seen and seen <= {"n", "d"} else "t")
    if known(names) > 1:
        return any(kind in "nd" for kind in kinds)
    if kinds[0] in "nd":
        return bool(body)
    if len(names) > 2:
        return any(kind in "nd" for kind in kinds) and (len(body) > 1 or (len(body) == 1 and len(names) > 3))
    labels = [cells[0].strip() for cells in body]
    facts = len(set(labels)) == len(labels) and not all(any(map(str.isdigit, label)) for label in labels)
    return kinds[1] in "nd" and len(body) > 1 and (not facts or len(body) >= LEAST_PAIRS)
