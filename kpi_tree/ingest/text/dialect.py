"""Delimiter, quote and escape of a text table: the choice under which its cells look most like values."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, product

from kpi_tree.ingest.cells.dateshapes import date_shapes
from kpi_tree.ingest.cells.numbers import number_shape
from kpi_tree.ingest.cells.shapes import plain_text
from kpi_tree.ingest.text.quotes import around_words, closed, escaped, leads, single_quoted, stray

STAND_IN = "\ue001"
"""Takes the place of a delimiter of several characters while lines are split."""

_SINGLE = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 0.98, "^": 0.8, "~": 0.8, "\x1f": 0.9, "\x01": 0.9, ":": 0.55}
_MULTIPLE = ("||", ";;", "::", "~|~", "|~|", " | ", "##", "<>", "@@", "$$", "\t|\t", "^^", "~~")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How lines are cut into cells.

    Attributes:
        delimiter: one or more characters; empty when there is one column.
        quote: the quote character; empty when none is used.
        escape: a backslash where quotes are escaped by it; empty when they are doubled.
        wrapped: every line is quoted once more as a whole.
        spaces: cells stand apart by runs of blanks; ``gaps``: of two blanks or more.
        lead: blanks stand before cells, also before their quotes (``a, "b, c"``).
        edged: the delimiter also stands at both ends of a line, and blanks around it, as in Markdown.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    wrapped: bool = False
    spaces: bool = False
    gaps: bool = False
    edged: bool = False
    lead: bool = False


def split(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    """Cut lines into rows of cells; a quoted cell may span lines.

    >>> list(split(['a||"b||c"\\n'], Dialect("||")))
    [['a', 'b||c']]
    """
    if dialect.spaces:
        return (_by_blanks(line.strip(), dialect) for line in lines)
    if dialect.edged:
        return (_inside(row) for row in split(lines, replace(dialect, edged=False)))
    if dialect.wrapped:
        return _unwrapped(lines, dialect)
    several = len(dialect.delimiter) > 1
    source = (line.replace(dialect.delimiter, STAND_IN) for line in lines) if several else lines
    rows = csv.reader(
        source,
        delimiter=STAND_IN if several else dialect.delimiter or STAND_IN,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape or None,
        doublequote=not dialect.escape,
        skipinitialspace=dialect.lead,
    )
    if several:
        return ([cell.replace(STAND_IN, dialect.delimiter) for cell in row] for row in rows)
    return rows


_GAP = re.compile(r"\s{2,}")


def _by_blanks(line: str, dialect: Dialect) -> list[str]:
    if dialect.gaps:
        return _GAP.split(line)
    if dialect.quote and dialect.quote in line:
        apart = [line.replace("\t", " ")]
        return next(csv.reader(apart, delimiter=" ", quotechar=dialect.quote, skipinitialspace=True), [])
    return line.split()


def _inside(row: list[str]) -> list[str]:
    """The cells between the delimiters at both ends of a line, without the blanks around them."""
    framed = len(row) > 2 and not row[0].strip() and not row[-1].strip()
    return [cell.strip() for cell in (row[1:-1] if framed else row)]


def _unwrapped(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    inner = Dialect(dialect.delimiter, dialect.quote, dialect.escape)
    whole = csv.reader(lines, delimiter=STAND_IN, quotechar='"')
    for row in whole:
        yield next(split([row[0]], inner), []) if row else []


def find_dialect(sample: str) -> Dialect:
    """The dialect of a text table.

    Args:
        sample: its first lines, whole ones.

    >>> find_dialect("navn;pris\\nLampe;1,50\\nStol;2,75\\n").delimiter
    ';'
    >>> find_dialect("a\\tb\\n1\\t2\\n").delimiter, find_dialect("name\\nKari\\n").delimiter
    ('\\t', '')
    """
    lines = list(io.StringIO(sample, newline=""))
    lines = [line for line in lines if not line.lstrip().startswith(("#", "sep=", "SEP="))] or lines
    best, best_score = Dialect(""), 0.12
    for dialect in _candidates(sample, lines):
        score = _score(lines, dialect)
        if score > best_score + 1e-9:
            best, best_score = dialect, score
    first = next((line for line in lines if line.strip()), "")
    aligned = Dialect(" ", "", spaces=True, gaps=True)
    if best.delimiter and best.delimiter not in first and len(_GAP.split(first.strip())) > 2:
        best = aligned if _score(lines, aligned) > 0.9 else best
    if best.spaces:
        return best
    if best.delimiter:
        return replace(_quoteless(sample, best), edged=_edged(lines, best.delimiter))
    if _wrapped(lines):
        inner = find_dialect("\n".join(row[0] for row in csv.reader(lines, delimiter=STAND_IN) if row) + "\n")
        if inner.delimiter:
            return Dialect(inner.delimiter, inner.quote, inner.escape, wrapped=True)
    for gaps in (False, True):
        apart = Dialect(" ", "" if gaps else around_words(sample), spaces=True, gaps=gaps)
        if _score(lines, apart) > 0.9:
            return apart
    return _ragged(lines, '"' if '"' in sample else "") or Dialect("")


def _edged(lines: list[str], delimiter: str) -> bool:
    """Whether nearly every line with a bar begins and ends with one."""
    barred = [line.strip() for line in lines if "|" in line]
    framed = sum(line[0] == line[-1] == "|" and len(line) > 2 for line in barred)
    return delimiter.strip() == "|" and len(barred) > 1 and framed >= 0.9 * len(barred)


def _one_column(rows: list[list[str]], delimiter: str) -> bool:
    """Whether the delimiter stands inside the cells of one column: its name has none, and below it stand
    decimals (``1,5``) or words with a blank behind each sign (``Hansen, Kari``)."""
    if len(rows) < 3 or len(rows[0]) != 1 or any(len(row) < 2 for row in rows[1:]):
        return False
    if all(cell.startswith(" ") for row in rows[1:] for cell in row[1:]):
        return True
    return delimiter == "," and all(
        len(row) == 2 and bool(_WHOLE.match(row[0]) and row[1].isdigit()) for row in rows[1:]
    )


_WHOLE = re.compile(r"^\s*[-+]?[0-9][0-9 .]*$")


def _wrapped(lines: list[str]) -> bool:
    full = [line.strip() for line in lines if line.strip()]
    return len(full) > 1 and all(line[0] == line[-1] == '"' and len(line) > 1 for line in full)


def _quoteless(sample: str, dialect: Dialect) -> Dialect:
    """Say no quote when the file holds none at the start of a cell; it reads the same either way."""
    return dialect if not dialect.quote or dialect.quote in sample else Dialect(dialect.delimiter, '"')


def _candidates(sample: str, lines: list[str]) -> Iterator[Dialect]:
    full = [line for line in lines if line.strip()]
    quotes = ['"'] if '"' in sample else [""]
    if single_quoted(sample):
        quotes.append("'")
    if '"' in sample and stray(sample):
        quotes.append("")
    delimiters = [d for d in _SINGLE if d in sample and not (d == ":" and _mostly_clocks(sample))]
    delimiters += [d for d in _several_signs(full) if sum(d in line for line in full) > 0.7 * len(full)]
    for delimiter in delimiters:
        for quote in quotes:
            yield Dialect(delimiter, quote)
            escapes = ["", "\\"] if quote and escaped(sample, delimiter, quote) else [""]
            apart = quote == '"' and delimiter != "\t" and leads(sample, delimiter)
            for escape, lead in product(escapes, [False, True] if apart else [False]):
                if escape or lead:
                    yield Dialect(delimiter, quote, escape, lead=lead)


def _mostly_clocks(sample: str) -> bool:
    """Whether most colons stand in times (``06:30``) or addresses of pages."""
    inside = sum(found.group().count(":") for found in _CLOCK.finditer(sample))
    return 2 * inside > sample.count(":")


_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d\d(?::\d\d)?(?![\d:])|://")


def _ragged(lines: list[str], quote: str) -> Dialect | None:
    """A table of a few lines of other lengths than its header, whose every line holds the delimiter."""
    full = [line for line in lines if line.strip()]
    for sign in ",;\t|" if len(full) > 1 else "":
        names = full[0].strip().split(sign)
        plain = len(names) > 2 and all(name[:1].isalpha() and len(name) < 40 for name in names)
        if plain and all(sign in line for line in full) and len(set(names)) == len(names):
            return Dialect(sign, quote)
    return None


def _several_signs(lines: list[str]) -> list[str]:
    """Delimiters of several characters: the usual ones, and runs of signs in the first line."""
    runs = re.findall(r"[|;^~#@$<>*¦\t]{2,5}", lines[0]) if lines else []
    alone = [run for run in dict.fromkeys(runs) if run not in _MULTIPLE and not _inside_longer(run, lines)]
    return [*_MULTIPLE, *alone[:4]]


def _inside_longer(run: str, lines: list[str]) -> bool:
    """Whether a run of one sign only is that sign twice, with nothing between."""
    sign = run[0]
    rest = "".join(lines[:50]).replace(run, "")
    return len(set(run)) == 1 and sign in rest


def _score(lines: list[str], dialect: Dialect) -> float:
    lines = closed(lines, dialect.quote)
    try:
        rows = [row for row in split(lines, dialect) if row and any(cell.strip() for cell in row)][:400]
    except csv.Error:
        return 0.0
    widths = Counter(len(row) for row in rows)
    wide = [(n * math.sqrt(w), w) for w, n in widths.items() if w > 1]
    if not wide or _one_column(rows, dialect.delimiter):
        return 0.0
    one = _of_one_table(rows, dialect, max(wide)[1])
    return max(one, _of_several_tables(rows, dialect)) if len(widths) > 1 else one


def _of_one_table(rows: list[list[str]], dialect: Dialect, width: int) -> float:
    """How much the rows are one table of a width; others are ragged, and lone cells stand around it."""
    above = min(next(i for i, row in enumerate(rows) if len(row) == width), 40)
    same = [row for row in rows if len(row) == width]
    near = [row for row in rows if len(row) != width and len(row) > 1]
    table = same + near
    # What stands above the first row of a table is a preamble, however long; its last line may be a header.
    before = max(sum(len(row) == 1 for row in rows[:above]) - 1, 0) if len(same) > 2 else 0
    lone = len(rows) - len(table) - before
    consistency = len(same) / max(len(table) + 0.5 * lone + 0.1 * before, 1)
    score = _looks(same[1:] or same, dialect, consistency, width)
    return score * (1.0 if len(same) > 1 else 0.6)


def _of_several_tables(rows: list[list[str]], dialect: Dialect) -> float:
    """How much the rows are tables one below the other: runs of rows of one width, each with a header."""
    runs = [list(run) for _, run in groupby(rows, len)]
    tables = [run for run in runs if len(run[0]) > 1 and len(run) > 2]
    if len({len(run[0]) for run in tables}) < 2:
        return 0.0
    below = [row for run in tables for row in run[1:]]
    beside = sum(len(run) for run in runs if len(run[0]) > 1 and len(run) < 3)
    lone = sum(len(run) for run in runs if len(run[0]) == 1)
    # One table with ragged rows falls apart into many short runs; each costs as much as half a row of it.
    consistency = len(below) / (len(below) + 0.5 * len(tables) + beside + 0.3 * lone)
    return _looks(below, dialect, consistency, len(below[0]))


def _looks(rows: list[list[str]], dialect: Dialect, consistency: float, width: int) -> float:
    """How much rows look like a table's, whose cells are values and of which this share has its width."""
    cells = [cell for row in rows[:150] for cell in row][:6000]
    clean = sum(_clean(cell, dialect) for cell in cells) / max(len(cells), 1)
    prior = _SINGLE.get(dialect.delimiter, 1.02) * (0.97 if dialect.quote == "'" else 1.0)
    prior *= (1.03 if len(dialect.delimiter) > 1 or dialect.escape else 1.0) * (1.03 if dialect.lead else 1.0)
    return consistency**2 * clean**2 * prior * (1 + 0.06 * math.log2(width))


def _clean(cell: str, dialect: Dialect) -> float:
    text = cell.strip()
    if not text:
        return 0.85
    shape = re.sub(r"\d", "9", plain_text(text[:80]))
    return _clean_shape(shape, dialect.quote)


@lru_cache(maxsize=50_000)
def _clean_shape(shape: str, quote: str) -> float:
    if number_shape(shape) or date_shapes(shape):
        return 1.0
    score = 0.92
    if any(mark in shape for mark in ";\t|"):
        score -= 0.45
    if "," in shape and not re.search(r", ", shape):
        score -= 0.15
    if shape.count('"') % 2 or (shape.startswith('"') and quote != '"'):
        score -= 0.4
    if "\\" in shape and shape.endswith("\\"):
        score -= 0.5
    if re.match(r"^[ ,;:.]|.*[\\]\"", shape):
        score -= 0.3
    return score
