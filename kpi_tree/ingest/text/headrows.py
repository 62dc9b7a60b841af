"""Rows of group names above a header, and names of rows beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kpi_tree.ingest.cells.words import is_total_label, months
from kpi_tree.ingest.text.cellkind import cell_kind, column_kind
from kpi_tree.ingest.text.lines import Row

MOST = 3
"""Rows of group names above a header."""
_YEAR = re.compile(r"^(?:19|20)[0-9]{2}$")
_PART_OF_YEAR = re.compile(
    r"^(?:q|k|kv|t|w|v|wk|week|uke|uge|vecka|kw|woche|semaine|第)?\.? ?"
    r"[0-9]{1,2}\.? ?(?:月|週|kvartal|quartal|四半期)?$",
    re.IGNORECASE,
)


def is_upper(cells: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row with gaps holds the names of groups of the names below it.

    >>> is_upper(["", "2024", "", "2025"], ["Store", "Q1", "Q2", "Q1", "Q2"])
    True
    """
    gaps = len([cell for cell in cells if not cell.strip()])
    repeated = len({cell.strip().lower() for cell in below}) < len(below)
    return (
        gaps > 0
        and repeated
        and len(below) > len(cells) - gaps
        and all(cell_kind(cell) in "tbe" for cell in below)
    )


def join_upper(rows: Sequence[Row], at: int, names: Sequence[str]) -> tuple[list[str], int]:
    """Join the rows of group names above a header to its names: ``2024`` over ``Q1`` makes ``2024 Q1``.

    Args:
        at: the header's place among the rows.

    Returns:
        The names, and how many rows they were made of.

    >>> rows = [(1, ["", "2024", "", "2025"]), (2, ["Store", "Q1", "Q2", "Q1", "Q2"])]
    >>> join_upper(rows, 1, rows[1][1])
    (['Store', '2024 Q1', '2024 Q2', '2025 Q1', '2025 Q2'], 2)
    """
    joined, used = [name.strip() for name in names], 1
    while used <= min(at, MOST):
        line, upper = rows[at - used]
        repeated = len(set(filter(None, joined))) < len([name for name in joined if name])
        further = used > 1 and _are_groups(upper, rows[at - used + 1][1])
        years = used == 1 and _are_years(upper, joined)
        few = len([c for c in upper if c.strip()]) < 2 and not years
        if line != rows[at][0] - used or few or not (repeated or further or years):
            break
        joined, used = _under(upper, joined), used + 1
    return (list(names), 1) if used == 1 else (joined, used)


def _are_years(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a row holds years, and the row below it their months, weeks or quarters.

    >>> _are_years(["KPI", "2024", "", "2025"], ["", "nov", "des", "jan"])
    True
    >>> _are_years(["", "2024"], ["KPI", "Q1 2024"]), _are_years(["", "2024", ""], ["", "Oslo", "Bergen"])
    (False, False)
    """
    years = [cell.strip() for cell in upper[1:] if cell.strip()]
    below = [cell.strip() for cell in lower[1:]]
    corner = not (upper[0].strip() and lower[0].strip())
    if not corner or not years or not upper[1].strip() or not all(map(_YEAR.match, years)):
        return False
    parts = [bool(_PART_OF_YEAR.match(cell)) or cell.lower().rstrip(".") in months() for cell in below]
    return any(parts) and all(part or is_total_label(cell) for part, cell in zip(parts, below, strict=True))


def _are_groups(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a row holds names of groups right of an empty corner, each of which begins where one of the
    groups below it does."""
    filled = [cell.strip() for cell in upper if cell.strip()]
    begins = {i for i, cell in enumerate(lower) if cell.strip()}
    if not {i for i, cell in enumerate(upper) if cell.strip()} <= begins:
        return False
    return not upper[0].strip() and all(cell_kind(cell) in "tb" or _YEAR.match(cell) for cell in filled)


def _under(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    joined, group = [], ""
    for i, name in enumerate(lower):
        group = upper[i].strip() if i < len(upper) and upper[i].strip() else group
        joined.append(name if name == group else f"{group} {name}".strip())  # merged over both rows
    return joined


_DAYS = re.compile(
    r"(?:^|[\W_])(?:date|dato|datum|day|dag|tag|jour|fecha|data|datetime|time|month|week)$|日付?$", re.I
)
_NUMBERS = re.compile(
    r"(?:^|[\W_])(?:price|pris|preis|prix|precio|prijs|sum|summe|summa|beløp|belopp|betrag|montant|importe|bedrag|"
    r"amount|qty|quantity|antall|antal|anzahl|menge|aantal|cantidad|total|sales|revenue|count|value|cost|rate)$"
    r"|金額|数量|価格|売上|金额|价格",
    re.I,
)
_COUNTER = re.compile(
    r"^(?:#|(?:\w*[\W_])?(?:id|nr|no|num|number|nummer|index|idx|row|rank|line|pos)\.?)$", re.I
)


def has_row_names(
    names: Sequence[str], below: Sequence[Sequence[str]], known: Callable[[Sequence[str]], int]
) -> bool:
    """Whether each row begins with its own name, or number, for which the header has none, as R writes them.

    Args:
        below: rows under the header. known: how many of some names a layout knows.

    >>> rows = [["1", "Lamp", "12.5"], ["2", "Chair", "7.5"]]
    >>> has_row_names(["name", "price"], rows, lambda names: 0)
    True
    >>> has_row_names(["no", "name"], rows, lambda names: 0)  # a last column without a name
    False
    """
    rows = [list(cells) for cells in below if len(cells) > 1]
    if len(rows) < 2 or any(len(cells) != len(names) + 1 or not cells[-1].strip() for cells in rows):
        return False
    first = [cells[0].strip() for cells in rows]
    if not all(first) or len(set(first)) < len(first) or not all(name.strip() for name in names):
        return False
    kinds = [column_kind(rows, i) for i in range(len(names) + 1)]
    counted = first in ([str(n) for n in range(start, start + len(first))] for start in (0, 1))
    if not counted and (kinds[0] != "t" or any(kind not in "nd" for kind in kinds[1:])):
        return False
    here, beside = (sum(map(_clash, names, shown)) for shown in (kinds, kinds[1:]))
    if here == beside:
        return not known(names[:1]) and not _COUNTER.match(names[0].strip())
    return counted and beside < here


def _clash(name: str, kind: str) -> bool:
    """Whether a column cannot be what its name says."""
    if _DAYS.search(name.strip()):
        return kind != "d" and kind != "e"
    return bool(_NUMBERS.search(name.strip())) and kind in "td"
