"""Where the table stands in a file: lines before it, its header (one row or several), or that it has none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kpi_tree.ingest.cells.shapes import MACHINE
from kpi_tree.ingest.text.cellkind import LOOK, cell_kind, column_kind
from kpi_tree.ingest.text.headrows import has_row_names, is_upper, join_upper
from kpi_tree.ingest.text.lines import Row
from kpi_tree.ingest.text.numbernames import are_dates, has_corner, number_names
from kpi_tree.ingest.text.unitsrow import units_in


@dataclass(slots=True)
class Outline:
    """Where the table stands.

    Attributes:
        header: the header's cells; made up (``column 1`` ...) when the file has none.
        header_line: line of the header (its last row); 0 when there is none.
        preamble: rows before the header.
        hash_comments: lines that begin with ``#`` are comments.
        kinds: what most cells of each column are: ``n`` number, ``d`` date, ``t`` text, ``e`` empty.
        units: the unit of each column where a row of units stands below the header; ``units_line`` its line.
    """

    header: list[str]
    header_line: int
    preamble: list[Row] = field(default_factory=list)
    hash_comments: bool = False
    kinds: str = ""
    header_rows: int = 1
    units: list[str] = field(default_factory=list)
    units_line: int = 0

    @property
    def last_line(self) -> int:
        """The last line above the rows."""
        return max(self.header_line, self.units_line)


def find_outline(
    rows: Sequence[Row], known: Callable[[Sequence[str]], int], *, header: bool | None = None
) -> Outline:
    """Find the header among a file's first rows.

    Args:
        rows: the first rows with their lines; empty ones may be among them.
        known: how many of a row's cells are headers that a layout knows.
        header: False when the person said that there is none.

    >>> rows = [(1, ["Report"]), (2, []), (3, ["Dato", "Pris"]), (4, ["2024-01-01", "5"])]
    >>> found = find_outline(rows, lambda cells: 0)
    >>> found.header, found.header_line, len(found.preamble)
    (['Dato', 'Pris'], 3, 1)
    """
    full = [(line, _trim(cells)) for line, cells in rows if any(c.strip() for c in cells)]
    hashes = bool(full) and full[0][1][0].lstrip().startswith("#")
    table_rows = [row for row in full if not is_comment(row[1], hashes=hashes)]
    table_rows = [
        row for row in table_rows if not re.match(r"^sep=.?$", row[1][0], re.IGNORECASE)
    ] or table_rows
    if not table_rows:
        return Outline([], 0, list(full), hashes)
    at = -1 if header is False else _header_at(table_rows, known)
    if at >= 0:
        names = _with_nameless(rows, table_rows, at)
        beside = has_row_names(table_rows[at][1], [cells for _, cells in table_rows[at + 1 :]], known)
        table_rows[at] = (table_rows[at][0], ["", *table_rows[at][1]] if beside else names)
    if at < 0:
        width = _usual_width([cells for _, cells in table_rows])
        wide = {line for line, cells in rows if len(cells) >= width}  # those with empty cells at the end too
        skip = next((i for i, (line, _) in enumerate(table_rows) if line in wide), 0)
        line = table_rows[skip - 1][0] if skip else (full[0][0] - 1 if not hashes else table_rows[0][0] - 1)
        return Outline(
            [f"column {i + 1}" for i in range(width)],
            0 if not skip and not hashes else -line,
            [r for r in full if r[0] <= line],
            hashes,
            header_rows=0,
        )
    line, names = table_rows[at]
    units_line, units = _units_below(table_rows, at, names)
    if units:
        table_rows = [*table_rows[: at + 1], *table_rows[at + 2 :]]
    width = max(len(names), min(_usual_width([c for _, c in table_rows[at + 1 :]] or [names]), len(names)))
    names, rows_used = join_upper(table_rows, at, names)
    kinds = "".join(column_kind([c for _, c in table_rows[at + 1 :]], i) for i in range(width))
    first = table_rows[at - rows_used + 1][0]
    preamble = [row for row in full if row[0] < first]
    return Outline(names, line, preamble, hashes, kinds, rows_used, units, units_line)


def _with_nameless(rows: Sequence[Row], table_rows: list[Row], at: int) -> list[str]:
    """The header's cells with the empty ones at its end below which something stands."""
    line, names = table_rows[at]
    whole = next(cells for number, cells in rows if number == line)
    below = max((len(cells) for _, cells in table_rows[at + 1 :]), default=0)
    return [*names, *whole[len(names) : below]]


def _units_below(rows: Sequence[Row], at: int, names: list[str]) -> tuple[int, list[str]]:
    """Line and units of the row below the header, when it is a row of units."""
    units = units_in(names, rows[at + 1][1]) if at + 1 < len(rows) else None
    return (rows[at + 1][0], units) if units else (0, [])


_RULE = re.compile(r"^[|:+]*+[-=_]{2,}+[-=_|:+]*+$")
"""What draws a line across a table."""
_REMARK = re.compile(r"^-{2,}\s.*\S\s-{2,}$|^\([0-9]+ rows?(?: affected)?\)$", re.IGNORECASE)
"""``-- end --``, ``(120 rows affected)``."""
_ENDS = ("\x1a", "\ufffd")
"""The end that a DOS program writes, and half a character of UTF-16."""
_COMMENT = re.compile(r"^\s*#(?:[#\s=*!-]|$)")


def is_comment(cells: Sequence[str], *, hashes: bool, most: int = 3) -> bool:
    """Whether a row is a comment.

    Args:
        hashes: the file begins with one, so that ``#`` needs nothing behind it.
        most: cells that a comment may fill, by delimiters inside it.

    >>> is_comment(["# made by hand", ""], hashes=False), is_comment(["#1001", ""], hashes=False)
    (True, False)
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if filled and all(_RULE.match(cell) for cell in filled):
        return len(filled) > 1 or len(filled[0]) > 3
    lone = len(filled) == 1
    if _COMMENT.match(cells[0]):
        return len(filled) <= most and (lone or cells[0].strip() != "#")
    return lone and (
        filled[0] in _ENDS or bool(_REMARK.match(filled[0])) or (hashes and filled[0].startswith("#"))
    )


def _trim(cells: list[str]) -> list[str]:
    end = len(cells)
    while end > 1 and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _usual_width(rows: list[list[str]]) -> int:
    widths = [len(cells) for cells in rows]
    return max(set(widths), key=lambda w: (widths.count(w) * w, w))


def _header_at(rows: list[Row], known: Callable[[Sequence[str]], int]) -> int:
    """Position of the header row; -1 when there is none."""
    usual = _usual_width([cells for _, cells in rows])
    units = {i for i in range(1, min(len(rows), LOOK)) if units_in(rows[i - 1][1], rows[i][1])}
    scores = []
    for i, (_, cells) in enumerate(rows[:LOOK]):
        below = [c for _, c in rows[i + 1 + (i + 1 in units) : i + 31]]
        above = [c for _, c in rows[:i]]
        score = _header_score(cells, above, below, usual, known(cells), only=len(rows) == 1)
        scores.append(0.0 if i in units else score)
        if score and are_dates(cells):
            break  # what stands below dates are their values, whatever the row's name is
    for i, (_, cells) in enumerate(rows[: len(scores) - 1]):
        if scores[i + 1] and is_upper(cells, rows[i + 1][1]):
            scores[i] = 0.0
    best = max(scores, default=0.0)
    # Of several tables in a file the first is read: a later header must be much better to win.
    return next((i for i, score in enumerate(scores) if score and score >= 0.7 * best), -1)


def _header_score(
    cells: list[str], above: list[list[str]], below: list[list[str]], usual: int, familiar: int, *, only: bool
) -> float:
    """How much a row is a header: by its looks, and by how many of its cells are known names."""
    share = familiar / max(len(cells), 1)
    known_well = (familiar >= 2 and share >= 0.5) or familiar >= 4
    # A few rows below more of the same width have no header of their own.
    late = sum(len(row) >= usual for row in above) > sum(len(row) >= usual for row in below) and below
    looks = 0.0 if late else _header_looks(cells, below, usual, only=only, familiar=bool(familiar))
    bonus = 0.8 * share + 0.05 * min(familiar, 20)
    return max(looks, 0.7 if known_well else 0.0) + (bonus if looks or known_well else 0.0)


def _header_looks(
    cells: list[str], below: list[list[str]], usual: int, *, only: bool, familiar: bool
) -> float:
    filled = [cell for cell in cells if cell.strip()]
    kinds = [cell_kind(cell) for cell in cells]
    named = kinds.count("t") + kinds.count("b")
    width, corner = len(cells), has_corner(cells, below)
    if not (named or corner) or width < min(usual, 2) or max(map(len, filled)) > 250:
        return 0.0
    if not below:
        return (0.6 if only else 0.2) if named == len(cells) and (familiar or width > 1) else 0.0
    if width < usual * 0.6 or len(filled) + corner < usual * 0.6:
        return 0.0
    contrast, same, numbers = _contrast(cells, kinds, below, corner=corner)
    if same and not contrast:
        return 0.0
    fits = sum(len(row) <= width + 1 and len(row) >= min(width, usual) * 0.5 for row in below) / len(below)
    distinct = len({cell.strip().lower() for cell in filled}) / len(filled)
    texts = (named + (0.9 if corner or kinds[0] == "t" else 0.5) * numbers) / max(len(filled), 1)
    return fits * distinct * texts * (0.8 + min(contrast, 4) * 0.25 - same * 0.3)


def _contrast(
    cells: list[str], kinds: list[str], below: list[list[str]], *, corner: bool
) -> tuple[int, int, int]:
    """Columns where the row is text and what stands below is not; where both are alike; numbers or dates
    as names."""
    contrast = same = named = 0
    names = number_names(cells, below, corner=corner) if corner or kinds[0] == "t" else set()
    for i, kind in enumerate(kinds):
        lower = column_kind(below, i)
        if kind in "tb" and lower in "nd":
            contrast += 1
        elif lower == "n" and (kind == "d" or (kind == "n" and i in names)):
            named += 1
        elif kind in "nd" and lower in "nd":
            same += 1
        elif kind == "t" and lower == "b":
            contrast += 1
    return contrast, same, named


def plain_cell(cell: str) -> str:
    """A cell as ``rows`` writes it: without the mark of a workbook's number.

    >>> plain_cell("\\ue00012.5")
    '12.5'
    """
    return cell[1:] if cell.startswith(MACHINE) else cell
