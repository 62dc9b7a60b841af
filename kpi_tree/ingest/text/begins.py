"""Whether a table begins with a row: names over values, unlike the table that stands above it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kpi_tree.ingest.text.cellkind import cell_kind
from kpi_tree.ingest.text.outline import Outline, is_comment
from kpi_tree.ingest.text.unitsrow import units_in

_YEAR = re.compile(r"^(?:19|20)\d\d$")
_UNLIKE = ({"t", "n"}, {"t", "d"}, {"b", "n"}, {"b", "d"})
"""Kinds of a column that are not those of one thing."""


def trimmed(cells: Sequence[str]) -> list[str]:
    """A row without the empty cells at its end; at least one cell.

    >>> trimmed(["a", "", " "]), trimmed(["", ""])
    (['a'], [''])
    """
    end = len(cells)
    while end > 1 and not cells[end - 1].strip():
        end -= 1
    return list(cells[:end])


def names_in(cells: Sequence[str]) -> list[str]:
    """The names that a row is a header of, as far as the row alone says; empty when it is none.

    Texts, or one text (or an empty corner) and then days or years, as in tables with the periods across.

    >>> names_in(["SKU", "Stock", ""]), names_in(["A1", "5"]), names_in(["Store:", "Oslo"])
    (['SKU', 'Stock'], [], [])
    >>> names_in(["", "2023", "2024"]), names_in(["KPI", "2024-01-01", "2024-02-01"])
    (['', '2023', '2024'], ['KPI', '2024-01-01', '2024-02-01'])
    """
    names = [cell.strip() for cell in trimmed(cells)]
    if len(names) < 2 or names[0].endswith((":", "：")):
        return []
    kinds = [cell_kind(name) for name in names]
    if len({name.casefold() for name in names}) < 2 or kinds[0] not in "tbe":
        return []
    across = len(names) > 2 and all(
        kind == "d" or _YEAR.match(name) for kind, name in zip(kinds[1:], names[1:], strict=True)
    )
    texts = all(kind in "tb" and name for kind, name in zip(kinds[1:], names[1:], strict=True))
    if not (across or texts) or (not names[0] and len(names) < 3):
        return []
    return names


def values_under(names: Sequence[str], under: Sequence[str]) -> list[int]:
    """The columns in which a row holds a number or a day below a name; none when it is not the names' row.

    >>> values_under(["SKU", "Stock"], ["A1", "5"]), values_under(["SKU", "Stock"], ["A1", "5", "7"])
    ([1], [])
    """
    cells = trimmed(under)
    if len(cells) > len(names):
        return []
    kinds = [(cell_kind(name), cell_kind(cell)) for name, cell in zip(names, cells, strict=False)]
    return [
        i for i, (name, cell) in enumerate(kinds) if (name in "tb" and cell in "nd") or name + cell == "dn"
    ]


def rows_under(names: Sequence[str], below: Sequence[Sequence[str]], most: int = 3) -> list[Sequence[str]]:
    """The first rows below names that hold something and are neither comments nor units."""
    found: list[Sequence[str]] = []
    for cells in below:
        if not any(cell.strip() for cell in cells) or is_comment(cells, hashes=False, most=2):
            continue
        if found or units_in(names, cells) is None:
            found.append(cells)
        if len(found) == most:
            break
    return found


def looks_like_header(cells: Sequence[str], outline: Outline) -> bool:
    """Whether a row after an empty line begins another table: all names, where this table has numbers.

    >>> looks_like_header(["SKU", "Stock"], Outline(["Order", "Sum"], 1, kinds="tn"))
    True
    """
    names = trimmed(cells)
    if len(names) < 2 or not outline.kinds:
        return False
    kinds = [cell_kind(cell) for cell in names]
    if any(kind not in "tb" for kind in kinds):
        return False
    return any(kind in "nd" for kind in outline.kinds[: len(names)])


def begins_apart(cells: Sequence[str], below: Sequence[Sequence[str]], outline: Outline) -> bool:
    """Whether another table begins with a row that stands below an empty line or a title.

    Args:
        below: the rows that follow.
        outline: of the table above.

    >>> pairs = Outline(["SKU", "Name"], 1, kinds="tt")
    >>> begins_apart(["SKU", "Stock"], [["A1", "5"]], pairs)
    True
    >>> begins_apart(["B2", "Chair"], [["B3", "x"]], pairs)
    False
    """
    if looks_like_header(cells, outline):
        return True
    names = names_in(cells)
    rows = rows_under(names, below, 1)
    values = values_under(names, rows[0]) if names and rows else []
    if len(names) != len(trimmed(outline.header)):
        return bool(values)
    return any(outline.kinds[i : i + 1] not in ("n", "d") for i in values)


def begins_directly(cells: Sequence[str], below: Sequence[Sequence[str]], outline: Outline) -> bool:
    """The same for a row directly below the rows of the table above, where a text is more likely a slip.

    Rows below it must have its width, and numbers or days in the same columns. Where that is the width of the
    table above as well, they must be unlike its rows in some column, or a name of that table must come again.

    >>> orders = Outline(["Order", "Day", "Sum"], 1, kinds="tdn")
    >>> begins_directly(["SKU", "Stock"], [["A1", "5"], ["A2", "6"]], orders)
    True
    >>> begins_directly(["A9", "lost", "none"], [["A10", "2024-05-01", "6"]], orders)
    False
    >>> begins_directly(["Order", "Back", "Paid"], [["A10", "2024-05-01", "6"]], orders)
    True
    """
    names = names_in(cells)
    if not names or len({name.casefold() for name in names}) < len(names) or not outline.kinds:
        return False
    values: set[int] | None = None
    for row in rows_under(names, below):
        if len(trimmed(row)) != len(names) or not (mine := set(values_under(names, row))):
            break
        values = mine if values is None else values & mine
    if not values:
        return False
    typed = [i for i, kind in enumerate(outline.kinds[: len(names)]) if kind in "nd"]
    if any(cell_kind(names[i]) in "nd" for i in typed):
        return False
    if len(names) != len(trimmed(outline.header)):
        return bool(typed) or any(outline.kinds[i : i + 1] in ("t", "b") for i in values)
    again = any(
        name.casefold() == old.strip().casefold() for name, old in zip(names, outline.header, strict=False)
    )
    under = [cell_kind(cell) for cell in rows_under(names, below, 1)[0]]
    others = any({old, new} in _UNLIKE for old, new in zip(outline.kinds, under, strict=False))
    return bool(typed) and (again or others)
