"""The quick way for large regular files: Arrow's parser, where it is sure to cut the cells as the
careful way does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from kpi_tree.ingest.cells.shapes import BoolArray
from kpi_tree.ingest.text.cellkind import cell_kind
from kpi_tree.ingest.text.dialect import Dialect
from kpi_tree.ingest.text.encoding import Encoding
from kpi_tree.ingest.text.outline import Outline
from kpi_tree.ingest.text.table import RawTable, unique_names

WORTH = 512 * 1024
"""Files below this size are read the careful way, which costs them nothing."""
CODED = pa.dictionary(pa.int32(), pa.string())
"""A column as its distinct texts, and which of them each row holds."""


def build_fast(data: bytes, encoding: Encoding, dialect: Dialect, outline: Outline) -> RawTable | None:
    """The rows below the header, read at once; None when anything about the file is irregular.

    Args:
        data: the whole file.
        encoding: its encoding; other than UTF-8 it is transcoded first.
        dialect: how its lines are cut.
        outline: where its header stands.

    >>> outline = Outline(["a", "b"], 1)
    >>> build_fast(b"a,b\\n1,2\\n", Encoding("utf-8"), Dialect(",", ""), outline).lines.tolist()
    [2]
    >>> build_fast(b"a,b\\n1\\n", Encoding("utf-8"), Dialect(",", ""), outline) is None
    True
    >>> [build_fast(data, Encoding("utf-8"), Dialect(",", ""), outline) is None
    ...  for data in (b"a,b\\n#1001,2\\n", b"a,b\\n# made by hand,\\n")]
    [False, True]
    """
    if not is_regular(dialect, outline):
        return None
    text = _utf8(data, encoding)
    if text is None:
        return None
    if text.endswith((b"\n\n", b"\n\r\n")):
        text = text.rstrip(b"\r\n") + b"\n"
    start = after(text, outline.last_line)
    return build_piece(text, start, outline.last_line + 1, dialect, outline)


def is_regular(dialect: Dialect, outline: Outline) -> bool:
    """Whether Arrow cuts lines of this dialect as the careful way does."""
    if len(dialect.delimiter) != 1 or ord(dialect.delimiter) > 126:
        return False
    odd = dialect.escape or dialect.wrapped or dialect.spaces or dialect.edged or dialect.lead
    if odd or dialect.quote not in ("", '"'):
        return False
    lines = any("\n" in name or "\r" in name for name in outline.header)  # its rows begin lines further down
    return outline.header_line > 0 and len(outline.header) > 1 and not lines


def build_piece(
    text: bytes, start: int, line: int, dialect: Dialect, outline: Outline, *, coded: bool = False
) -> RawTable | None:
    """Some rows of a table, from whole lines; None when anything about them is irregular.

    Args:
        text: UTF-8.
        start: where its first row begins; ``line`` is the number of that line in the file.
        coded: give each column as its distinct texts and which of them each row holds.
    """
    # Whether a sign occurs is known a hundred times sooner than how often.
    quoted = bool(dialect.quote) and b'"' in text
    if quoted and text.count(b'"') % 2:
        return None
    if b"\r" in text and text.count(b"\r") != text.count(b"\r\n"):
        return None
    if start >= len(text):
        return None
    if not quoted and (text.find(b"\n\n", start) >= 0 or text.find(b"\n\r\n", start) >= 0):
        return None  # an empty line: what stands below it may be another table
    columns = _parse(memoryview(text)[start:], dialect, len(outline.header), quoted=quoted, coded=coded)
    if columns is None:
        return None
    ends = text.count(b"\n", start) + (not text.endswith(b"\n"))
    plain = ends == len(columns[0])
    lines = np.arange(ends, dtype=np.int64) + line if plain else _lines(columns, line)
    if _last_line(columns, lines) != line - 1 + ends or _irregular(columns, outline):
        return None
    return RawTable(unique_names(outline.header), columns, lines)


def _utf8(data: bytes, encoding: Encoding) -> bytes | None:
    if encoding.name == "utf-8":
        return data[encoding.bom :] if encoding.bom else data
    try:
        return data[encoding.bom :].decode(encoding.name).encode()
    except UnicodeDecodeError:
        return None


def after(text: bytes, line: int) -> int:
    """Where the line after a line begins; the text's length when there is none."""
    at = 0
    for _ in range(line):
        at = text.find(b"\n", at) + 1
        if at == 0:
            return len(text)
    return at


def _parse(
    body: memoryview, dialect: Dialect, width: int, *, quoted: bool, coded: bool
) -> list[pa.ChunkedArray] | None:
    """The columns of some lines; looking for quotation marks takes half as long again."""
    names = [f"f{i}" for i in range(width)]
    # Coded columns have one dictionary each: the text is then one block.
    block, kind = (len(body) + 1, CODED) if coded else (8 << 20, pa.string())
    try:
        found = csv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            csv.ReadOptions(column_names=names, block_size=block),
            csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char='"' if quoted else False,
                double_quote=quoted,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
            ),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, kind), strings_can_be_null=False, check_utf8=True
            ),
        )
    except pa.ArrowInvalid:
        return None
    return list(found.columns)


def _where(column: pa.ChunkedArray, test: Callable[[pa.StringArray], pa.BooleanArray]) -> BoolArray:
    """The rows whose text passes a test; of a coded column each distinct text is tested once."""
    found = [np.zeros(0, bool)]
    for chunk in column.chunks:
        if pa.types.is_string(chunk.type):
            found.append(np.asarray(test(chunk), bool))
            continue
        passed = np.asarray(test(chunk.dictionary), bool)
        none = not passed.any()
        found.append(np.zeros(len(chunk), bool) if none else passed[np.asarray(chunk.indices)])
    return np.concatenate(found)


def _lines(columns: list[pa.ChunkedArray], first: int) -> npt.NDArray[np.int64]:
    rows = len(columns[0])
    extra = np.zeros(rows + 1, np.int64)
    for column in columns:
        broken = np.flatnonzero(_where(column, lambda texts: pc.match_substring(texts, "\n")))
        if len(broken):
            texts = column.take(pa.array(broken)).cast(pa.string())
            extra[broken + 1] += np.asarray(pc.count_substring(texts, "\n"), np.int64)
    return np.arange(rows, dtype=np.int64) + first + np.cumsum(extra)[:-1]


def _last_line(columns: list[pa.ChunkedArray], lines: npt.NDArray[np.int64]) -> int:
    if not len(lines):
        return -1
    breaks = sum((column[-1].as_py() or "").count("\n") for column in columns)
    return int(lines[-1]) + breaks


def _irregular(columns: list[pa.ChunkedArray], outline: Outline) -> bool:
    """Blank rows, comments, lines drawn across or the header again: the careful way sorts them out. So does
    text after a closing quote. ``#1001`` names an order, unless such lines are known to be comments."""
    mark = r"#" if outline.hash_comments else r"#(?:[#\s=*!-]|$)"
    comment = rf"^\s*(?:{mark}|[|:+]*[-=_]{{2,}}[-=_|:+]*\s*$)|^\s*[\x0c\x1a]|^\x0c"

    # A new page has the lines above the header again.
    above = [cells[0] for _, cells in outline.preamble if sum(map(bool, cells)) > 1]
    again = pa.array([outline.header[0], *filter(None, above)])

    def odd(texts: pa.StringArray) -> pa.BooleanArray:
        marked = pc.or_(pc.match_substring_regex(texts, comment), pc.starts_with(texts, "\ufeff"))
        return pc.or_(pc.is_in(texts, value_set=again), marked)

    if _where(columns[0], odd).any() or _worded(columns, outline):
        return True
    lone = np.ones(len(columns[0]), bool)
    for column in columns[1:]:
        if not lone.any():
            return False
        lone &= _where(column, _blank)
    if len(columns) > 2 or not set("nd") & set(outline.kinds):
        return bool(lone.any())  # perhaps a title, and a header below it
    return bool(lone[-1:].any() or (lone & _where(columns[0], _blank)).any())


def _worded(columns: list[pa.ChunkedArray], outline: Outline) -> bool:
    """Whether a row holds words wherever numbers or days are expected: it may be another table's header."""
    typed = [i for i, kind in enumerate(outline.kinds[: len(columns)]) if kind in "nd"]
    if not typed:
        return False
    words, empty = (
        _where(columns[typed[0]], _words),
        _where(columns[typed[0]], lambda cell: pc.equal(cell, "")),
    )
    for i, column in enumerate(columns):
        if not words.any() and not empty.any():
            return False
        if i != typed[0] and empty.any():
            empty &= ~_where(column, lambda texts: pc.match_substring_regex(texts, r"\p{Nd}"))
        if i in typed[1:] and words.any():
            words &= _where(column, lambda texts: pc.match_substring_regex(texts, r"\pL"))
    return bool(words.any() or empty.any())


def _words(texts: pa.StringArray) -> pa.BooleanArray:
    """Texts without a digit that do not stand for an empty cell."""
    found = np.asarray(pc.match_substring_regex(texts, r"^[^\p{Nd}]+$"), bool)
    at = np.flatnonzero(found)
    if len(at):
        found[at] = [cell_kind(text) in "tb" for text in texts.take(pa.array(at)).to_pylist()]
    return pa.array(found)


def _blank(texts: pa.StringArray) -> pa.BooleanArray:
    return pc.equal(pc.utf8_trim_whitespace(texts), "")
