"""The first of several tables in a text, also where a wider one below it looks much more like a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kpi_tree.ingest.text.lines import Row
from kpi_tree.ingest.text.outline import Outline, cell_kind, find_outline, is_comment, looks_like_header

Known = Callable[[Sequence[str]], int]
LEAST_PAIRS = 4
"""Rows of a text and a number below which two columns may be a report's facts (``Store;12``), no table."""
MOST_FACTS = 12
"""Lines of two cells above a table that may be a report's facts; more of them are likely rows."""


def first_outline(rows: Sequence[Row], known: Known, *, header: bool | None = None) -> Outline:
    """Where the first table of some rows stands; arguments as :func:`find_outline`.

    A narrow table above a wide one is no preamble of it: it has a header, values below it, and an empty line
    or a title before the next header.

    >>> stock = [["SKU", "Stock", "Ordered"], ["A1", "5", "7"], ["A2", "6", "0"], []]
    >>> wide = [["Order", "Day", "Qty", "Price", "City"], ["1", "2024-05-01", "2", "9.5", "Oslo"]]
    >>> rows = list(enumerate([*stock, *wide, *wide[1:] * 5], start=1))
    >>> find_outline(rows, lambda cells: 0).header_line, first_outline(rows, lambda cells: 0).header_line
    (5, 1)
    """
    found = find_outline(rows, known, header=header)
    if header is False or found.header_line <= 0 or len(found.preamble) < 2:
        return found
    first = found.header_line - found.header_rows + 1
    below = [(line, _trimmed(cells)) for line, cells in rows if line >= first and any(map(str.strip, cells))]
    full = [*((line, _trimmed(cells)) for line, cells in found.preamble), *below[:2]]
    for at in range(len(found.preamble) - 1):
        if _stands_apart(full, at) and (end := _end_of_table(full, at, known)):
            above = find_outline([row for row in rows if row[0] < full[end][0]], known)
            following = next((cells for _, cells in full[end + 1 :]), [])
            if above.header_line == full[at][0] and (
                looks_like_header(full[end][1], above)
                or is_narrower(full[end][1], following, len(above.header))
            ):
                return above
    return found


def is_narrower(cells: Sequence[str], under: Sequence[str], width: int) -> bool:
    """Whether a row begins a narrower table: names above a row of the same width that holds numbers.

    >>> is_narrower(["SKU", "Stock", ""], ["A1", "5"], 3), is_narrower(["SKU", "Stock"], ["A1", "5"], 2)
    (True, False)
    """
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not 2 <= len(names) < width or len(under) < len(names) or any(under[len(names) :]):
        return False
    kinds = [cell_kind(cell) for cell in under[: len(names)]]
    named = all(name and cell_kind(name) in "tb" for name in names)
    return named and kinds[0] in "td" and any(kind in "nd" for kind in kinds)


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


def _trimmed(cells: Sequence[str]) -> list[str]:
    found = list(cells)
    while len(found) > 1 and not found[-1].strip():
        found.pop()
    return found


def _is_lone(cells: Sequence[str]) -> bool:
    return sum(1 for cell in cells if cell.strip()) < 2 or is_comment(cells, hashes=False, most=2)


def _stands_apart(full: Sequence[Row], at: int) -> bool:
    """Whether a row is the first, or below an empty line or a title."""
    return at == 0 or full[at][0] > full[at - 1][0] + 1 or _is_lone(full[at - 1][1])


def _is_names(cells: Sequence[str]) -> bool:
    names = [cell.strip() for cell in cells]
    return (
        len(names) > 1
        and all(name and cell_kind(name) in "tb" and name[-1] not in ":：" for name in names)
        and len({name.casefold() for name in names}) == len(names)
    )


def _end_of_table(full: Sequence[Row], at: int, known: Known) -> int:
    """The place of the header below the table that begins with a row; 0 where none does."""
    names = full[at][1]
    if not _is_names(names):
        return 0
    body: list[list[str]] = []
    for place in range(at + 1, len(full)):
        cells = full[place][1]
        if body and _stands_apart(full, place) and _is_names(cells):
            return place if _is_table(names, body, known) else 0
        if len(cells) > len(names):
            return 0
        if not _is_lone(cells):
            body.append(cells)
    return 0


def _is_table(names: list[str], body: list[list[str]], known: Known) -> bool:
    """Whether rows below names are records: some column holds numbers or dates throughout."""
    kinds = []
    for i in range(len(names)):
        seen = {cell_kind(cells[i]) for cells in body if i < len(cells)} - {"e"}
        kinds.append("n" if seen == {"n"} else "d" if seen and seen <= {"n", "d"} else "t")
    if len(names) > 2 or kinds[0] in "nd":
        return any(kind in "nd" for kind in kinds) and (len(body) > 1 or known(names) > 1)
    return kinds[1] == "n" and (len(body) >= LEAST_PAIRS or known(names) > 1)
